package repl

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// statements reads all statements of a text.
func statements(text string) []string {
	l := New(Config{In: strings.NewReader(text), Out: io.Discard, Err: io.Discard})
	var all []string
	for {
		s, err := l.read()
		if s != "" {
			all = append(all, s)
		}
		if err != nil {
			return all
		}
	}
}

func TestStatementsGoOnUntilTheyAreComplete(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"one a line", "x = 1\ny = 2\n", []string{"x = 1", "y = 2"}},
		{"the last without a line break", "x = 1\ny = 2", []string{"x = 1", "y = 2"}},
		{"open brackets", "x = [1,\n 2]\ny = 2\n", []string{"x = [1,\n 2]", "y = 2"}},
		{"a block", "resource Repo {\n  roles = [\"a\"];\n}\nx = 1\n", []string{"resource Repo {\n  roles = [\"a\"];\n}", "x = 1"}},
		{"a rule of several lines", "f(x) if\n  x = 1 and\n  x > 0;\nf(1)\n", []string{"f(x) if\n  x = 1 and\n  x > 0;", "f(1)"}},
		{"brackets in strings and comments", "x = \"(\\\"(\"  # ((\ny = 2\n", []string{"x = \"(\\\"(\"  # ((", "y = 2"}},
		{"an empty line ends an unfinished one", "f(x,\n\nx = 1\n", []string{"f(x,", "x = 1"}},
		{"too many brackets end at once", "f(1))\nx = 1\n", []string{"f(1))", "x = 1"}},
		{"commands are one line", ":load (\nx = 1\n", []string{":load (", "x = 1"}},
		{"empty lines", "\n  \n\nx = 1\n\n", []string{"x = 1"}},
		{"an error that more text cannot mend", "x = = 1\ny = 2\n", []string{"x = = 1", "y = 2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, statements(tt.text)); diff != "" {
				t.Errorf("statements (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStatementsAreToldApart(t *testing.T) {
	tests := []struct {
		text    string
		rules   bool
		queries []string
		err     string
	}{
		{text: "f(1)", queries: []string{"f(1)"}},
		{text: "f(1);", rules: true},
		{text: "x = 1;", queries: []string{"x = 1"}},
		{text: "x = {a: 1}", queries: []string{"x = {a: 1}"}},
		{text: "f(x) if x = 1;", rules: true},
		{text: "f(1); g(2); ?= f(1);", rules: true, queries: []string{"f(1)"}},
		{text: "?= x = 1;", queries: []string{"x = 1"}},
		{text: "actor User {}", rules: true},
		{text: "type f(x);", rules: true},
		{text: "f(x) if g(y,;", err: "did not expect to find the token ';'"},
		{text: "f(x) if g(y", err: "hit the end of the file unexpectedly"},
		{text: "x = 3$", err: "'$' is not a valid character"},
	}
	for _, tt := range tests {
		got := classify(tt.text)
		if got.rules != tt.rules || !cmp.Equal(got.queries, tt.queries) {
			t.Errorf("%s: rules %v, queries %q", tt.text, got.rules, got.queries)
		}
		if (got.err != nil) != (tt.err != "") || got.err != nil && !strings.Contains(got.err.Error(), tt.err) {
			t.Errorf("%s: error %v, want one with %q", tt.text, got.err, tt.err)
		}
	}
}

func TestReadingReportsABrokenInput(t *testing.T) {
	broken := errors.New("broken")
	l := New(Config{In: io.MultiReader(strings.NewReader("x ="), errReader{broken}), Out: io.Discard, Err: io.Discard})
	if text, err := l.read(); text != "x =" || !errors.Is(err, broken) {
		t.Errorf("read %q, %v", text, err)
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }
