package parser

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/diag"
)

// corpusError is the place and kind of an error in a case.
type corpusError struct {
	Kind string `json:"kind"`
	At   []int  `json:"at"`
}

// corpusSource is one source of a case's policy.
type corpusSource struct {
	Name string `json:"name"`
	Src  string `json:"src"`
}

// corpusPolicy is a single text or a list of named ones.
type corpusPolicy []corpusSource

func (p *corpusPolicy) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*p = corpusPolicy{{Src: text}}
		return nil
	}
	return json.Unmarshal(data, (*[]corpusSource)(p))
}

// corpusCase is what a case of the conformance corpora says about parsing.
type corpusCase struct {
	ID        string       `json:"id"`
	Policy    corpusPolicy `json:"policy"`
	Query     *string      `json:"query"`
	LoadError *corpusError `json:"load_error"`
	Error     *corpusError `json:"error"`
}

// corpora returns the cases of all corpora.
func corpora(tb testing.TB) []corpusCase {
	tb.Helper()
	paths, err := filepath.Glob("../../testdata/conformance/*.jsonl")
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no corpora found: %v", err)
	}
	var cases []corpusCase
	for _, path := range paths {
		if strings.HasPrefix(filepath.Base(path), "deviations") {
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			tb.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			var c corpusCase
			if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
				tb.Fatalf("%s: %v", path, err)
			}
			cases = append(cases, c)
		}
		if err := errors.Join(lines.Err(), f.Close()); err != nil {
			tb.Fatal(err)
		}
	}
	return cases
}

// outcome puts an error as kind and place.
func outcome(err error) corpusError {
	if err == nil {
		return corpusError{Kind: "none"}
	}
	d, ok := err.(*diag.Error)
	if !ok {
		return corpusError{Kind: err.Error()}
	}
	pos := d.Span.Position()
	return corpusError{Kind: string(d.Kind), At: []int{pos.Line, pos.Column}}
}

// wanted is what parsing should come to: an expected error that is no parse error means that the text parses.
func wanted(e *corpusError) corpusError {
	if e == nil || !strings.HasPrefix(e.Kind, "ParseError::") {
		return corpusError{Kind: "none"}
	}
	return *e
}

func (e corpusError) equal(f corpusError) bool {
	return e.Kind == f.Kind && len(e.At) == len(f.At) && (len(e.At) < 2 || e.At[0] == f.At[0] && e.At[1] == f.At[1])
}

// TestCorporaParseAsExpected holds the parser against every text of the conformance corpora.
func TestCorporaParseAsExpected(t *testing.T) {
	for _, c := range corpora(t) {
		got := corpusError{Kind: "none"}
		for _, src := range c.Policy {
			if _, err := Policy(diag.NewSource(src.Name, src.Src)); err != nil && got.Kind == "none" {
				got = outcome(err)
			}
		}
		// Another error may come before a parse error of a later source.
		hidden := c.LoadError != nil && wanted(c.LoadError).Kind == "none" && len(c.Policy) > 1
		if want := wanted(c.LoadError); !got.equal(want) && !hidden {
			t.Errorf("%s: policy: got %v, want %v", c.ID, got, want)
		}
		if c.Query == nil || c.LoadError != nil {
			continue
		}
		_, err := Query(diag.NewSource("", *c.Query))
		if got, want := outcome(err), wanted(c.Error); !got.equal(want) {
			t.Errorf("%s: query %q: got %v, want %v", c.ID, *c.Query, got, want)
		}
	}
}
