package parser

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/diag"
)

// parseError is what an error says besides its place.
type parseError struct {
	Kind                        diag.Kind
	At                          diag.Position
	Token, Char, Expected, Term string
}

func TestErrorsOfQueries(t *testing.T) {
	for _, tt := range []struct {
		text     string
		want     parseError
		fragment string
	}{
		{"x = ", parseError{Kind: diag.UnrecognizedEOF, At: diag.Position{Line: 1, Column: 4}},
			"hit the end of the file unexpectedly. Did you forget a semi-colon"},
		{"", parseError{Kind: diag.UnrecognizedEOF, At: diag.Position{Line: 1, Column: 1}}, "expression"},
		{" # c", parseError{Kind: diag.UnrecognizedEOF, At: diag.Position{Line: 1, Column: 1}}, "expression"},
		{"x = 1 # c\n ", parseError{Kind: "none"}, ""},
		{"x = (1 # c\n ", parseError{Kind: diag.UnrecognizedEOF, At: diag.Position{Line: 1, Column: 7}}, "')'"},
		{"f(x);", parseError{Kind: diag.UnrecognizedToken, At: diag.Position{Line: 1, Column: 5}, Token: ";"},
			"did not expect to find the token ';'; expected an operator or the end of the text"},
		{`x "a\"b"`, parseError{Kind: diag.UnrecognizedToken, At: diag.Position{Line: 1, Column: 3}, Token: `a"b`}, "did not expect to find the token"},
		{"x = if", parseError{Kind: diag.UnrecognizedToken, At: diag.Position{Line: 1, Column: 5}, Token: "if"}, "expected an expression"},
		{"x cut", parseError{Kind: diag.ReservedWord, At: diag.Position{Line: 1, Column: 3}, Token: "cut"}, "cut is a reserved word"},
		{"x debug", parseError{Kind: diag.ReservedWord, At: diag.Position{Line: 1, Column: 3}, Token: "debug"}, "reserved word"},
		{"x new", parseError{Kind: diag.ReservedWord, At: diag.Position{Line: 1, Column: 3}, Token: "new"}, "reserved word"},
		{"not in", parseError{Kind: diag.UnrecognizedEOF, At: diag.Position{Line: 1, Column: 7}}, "'('"},
		{"(in)", parseError{Kind: diag.UnrecognizedToken, At: diag.Position{Line: 1, Column: 4}, Token: ")"}, "'('"},
		{"x = in", parseError{Kind: diag.UnrecognizedEOF, At: diag.Position{Line: 1, Column: 7}}, "'('"},
		{"x matches in", parseError{Kind: diag.ReservedWord, At: diag.Position{Line: 1, Column: 11}, Token: "in"}, "expected a pattern"},
		{"x = 9223372036854775808", parseError{Kind: diag.IntegerOverflow, At: diag.Position{Line: 1, Column: 5}, Token: "9223372036854775808"},
			"caused an integer overflow"},
		{"x = -9223372036854775808", parseError{Kind: diag.IntegerOverflow, At: diag.Position{Line: 1, Column: 6}, Token: "9223372036854775808"},
			"caused an integer overflow"},
		{"x = 1e5+3", parseError{Kind: diag.InvalidFloat, At: diag.Position{Line: 1, Column: 5}, Token: "1e5+3"}, "1e5"},
		{"x & y", parseError{Kind: diag.InvalidTokenCharacter, At: diag.Position{Line: 1, Column: 3}, Char: "&"}, "is not a valid character"},
		{"é = 'y'", parseError{Kind: diag.InvalidTokenCharacter, At: diag.Position{Line: 1, Column: 5}, Char: "'"}, "double quotes"},
		{"x = f(1, y)", parseError{Kind: diag.WrongValueType, At: diag.Position{Line: 1, Column: 5}, Expected: "value", Term: "f(1, y)"}, "rules have no result"},
		{"x = (y = \"a\")", parseError{Kind: diag.WrongValueType, At: diag.Position{Line: 1, Column: 6}, Expected: "value", Term: `y = "a"`}, "expected a value"},
		{"x and {b: 2, a: 1.0}", parseError{Kind: diag.WrongValueType, At: diag.Position{Line: 1, Column: 7}, Expected: "logical expression", Term: "{a: 1, b: 2}"},
			"expected a logical expression"},
		{"{a: 1, b: 2, b: 3}", parseError{Kind: diag.DuplicateKey, At: diag.Position{Line: 1, Column: 2}, Token: "b"}, "duplicate key: b"},
		{"x matches C{a, a}", parseError{Kind: diag.DuplicateKey, At: diag.Position{Line: 1, Column: 13}, Token: "a"}, "duplicate key: a"},
		{"-x", parseError{Kind: diag.UnrecognizedToken, At: diag.Position{Line: 1, Column: 2}, Token: "x"}, "subtract it from 0"},
		{"x.(1)", parseError{Kind: diag.UnrecognizedToken, At: diag.Position{Line: 1, Column: 4}, Token: "1"}, "a variable or a string"},
	} {
		_, err := Query(diag.NewSource("", tt.text))
		if err == nil {
			if tt.want.Kind != "none" {
				t.Errorf("%q: no error", tt.text)
			}
			continue
		}
		d := err.(*diag.Error)
		got := parseError{Kind: d.Kind, At: d.Span.Position(), Token: d.Token, Char: d.Char, Expected: d.Expected, Term: d.Term}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
		if !strings.Contains(d.Message, tt.fragment) {
			t.Errorf("%q: message %q does not contain %q", tt.text, d.Message, tt.fragment)
		}
	}
}

// TestErrorsComeInOrder: what precedes a malformed or unexpected token is checked first, if the token may follow it.
func TestErrorsComeInOrder(t *testing.T) {
	for _, tt := range []struct {
		text   string
		kind   diag.Kind
		column int
	}{
		{"1 and @", diag.WrongValueType, 1},
		{"1 and ;", diag.WrongValueType, 1},
		{"1 @", diag.InvalidTokenCharacter, 3},
		{"x = f(1) ]", diag.UnrecognizedToken, 10},
		{"x = f(1) and @", diag.WrongValueType, 5},
		{"x = f(1) @", diag.InvalidTokenCharacter, 10},
		{"f(1).@", diag.WrongValueType, 1},
		{"[f(1), @", diag.WrongValueType, 2},
		{"[f(1) @", diag.InvalidTokenCharacter, 7},
		{"{a: 1, a: 2, @", diag.DuplicateKey, 2},
		{"{a: 1, a: 2 @", diag.InvalidTokenCharacter, 13},
		{"{a: 1, a: f(1)}", diag.WrongValueType, 11},
		{"{a: 1, a: 2, b: f(1)}", diag.DuplicateKey, 2},
		{"f(a: 1, a: 2, @", diag.DuplicateKey, 3},
		{"(1 or 2) = x", diag.WrongValueType, 2},
		{"forall(1, x", diag.WrongValueType, 8},
		{"forall(1", diag.UnrecognizedEOF, 9},
		{"x := f(1) = 99999999999999999999", diag.WrongValueType, 6},
		{"x := y = z", diag.WrongValueType, 1},
		{"x y 99999999999999999999", diag.UnrecognizedToken, 3},
	} {
		_, err := Query(diag.NewSource("", tt.text))
		if err == nil {
			t.Errorf("%q: no error", tt.text)
			continue
		}
		d := err.(*diag.Error)
		if at := d.Span.Position().Column; d.Kind != tt.kind || at != tt.column {
			t.Errorf("%q: got %s at %d, want %s at %d", tt.text, d.Kind, at, tt.kind, tt.column)
		}
	}
}

// TestErrorsOfPolicies covers what only policies have.
func TestErrorsOfPolicies(t *testing.T) {
	for _, tt := range []struct {
		text         string
		kind         diag.Kind
		line, column int
	}{
		{"f", diag.UnrecognizedEOF, 1, 2},
		{"f;", diag.UnrecognizedToken, 1, 2},
		{"f(1)\n\n", diag.UnrecognizedEOF, 1, 5},
		{"f(1) g(99999999999999999999);", diag.UnrecognizedToken, 1, 6},
		{"f(in);", diag.UnrecognizedToken, 1, 5},
		{"f(not);", diag.UnrecognizedToken, 1, 3},
		{"f(debug);", diag.UnrecognizedToken, 1, 8},
		{"f(x < 1);", diag.UnrecognizedToken, 1, 5},
		{"f(g(x));", diag.WrongValueType, 1, 3},
		{"f(1,);", diag.UnrecognizedToken, 1, 5},
		{"type f(x) if x;", diag.UnrecognizedToken, 1, 11},
		{"type if(x);", diag.UnrecognizedToken, 1, 6},
		{"?= ;", diag.UnrecognizedToken, 1, 4},
		{"1;", diag.UnrecognizedToken, 1, 1},
		{"actor U {};", diag.UnrecognizedToken, 1, 11},
		{"a U { roles = {x: 1}; }", diag.UnrecognizedToken, 1, 19},
		{"a U { roles = {x: A, x: B}; }", diag.DuplicateKey, 1, 16},
		{"a U { roles = {if}; }", diag.UnrecognizedToken, 1, 18},
		{"a U { roles = x; }", diag.UnrecognizedToken, 1, 15},
		{"a U { \"a\" if \"b\" on c; }", diag.UnrecognizedToken, 1, 21},
		{"a U { f(x); }", diag.UnrecognizedToken, 1, 8},
		{"a U { ; }", diag.UnrecognizedToken, 1, 7},
		{"a U {", diag.UnrecognizedEOF, 1, 6},
	} {
		_, err := Policy(diag.NewSource("p.polar", tt.text))
		if err == nil {
			t.Errorf("%q: no error", tt.text)
			continue
		}
		d := err.(*diag.Error)
		if at := d.Span.Position(); d.Kind != tt.kind || at != (diag.Position{Line: tt.line, Column: tt.column}) {
			t.Errorf("%q: got %s at %v, want %s at %d:%d", tt.text, d.Kind, at, tt.kind, tt.line, tt.column)
		}
	}
}

func TestDuplicateKeyNamesBothPlaces(t *testing.T) {
	_, err := Query(diag.NewSource("", "x = {a: 1, b: 2, b: 3}"))
	related := err.(*diag.Error).Related
	if len(related) != 1 || related[0].Span.Position().Column != 18 {
		t.Errorf("related places: %v, want the second b at column 18", related)
	}
}

func TestMessagesStayShort(t *testing.T) {
	for _, text := range []string{
		"x = f(" + strings.Repeat("1, ", 100_000) + "1)",
		"x " + strings.Repeat("y", 1<<20),
		"x \"" + strings.Repeat("é", 1<<20) + "\"",
		"{" + strings.Repeat("k", 1<<20) + ": 1, " + strings.Repeat("k", 1<<20) + ": 1}",
		"x = 1 " + strings.Repeat("9", 1<<20),
		"x = " + strings.Repeat("y", 1<<20) + "::",
	} {
		_, err := Query(diag.NewSource("", text))
		if d := err.(*diag.Error); len(d.Message) > 1000 || len(d.Error()) > 2000 {
			t.Errorf("%.20q…: the message has %d bytes", text, len(d.Message))
		}
	}
}
