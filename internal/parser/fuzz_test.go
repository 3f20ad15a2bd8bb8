package parser

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

// FuzzParser gives the parser any text, as a policy and as a query. Errors have a kind and a place, what parses reads
// back from its printed form, and recovering agrees with stopping at the first error.
func FuzzParser(f *testing.F) {
	for _, c := range corpora(f) {
		for _, src := range c.Policy {
			f.Add(src.Src)
		}
		if c.Query != nil {
			f.Add(*c.Query)
		}
	}
	s := newSentences(loadGrammar(f))
	for seed := range uint64(200) {
		f.Add(s.make([]string{"Query", "Line"}[seed%2], 20, rand.New(rand.NewPCG(seed, 0))))
	}
	f.Fuzz(checkAnyText)
}

// FuzzGrammar makes a sentence of the documented grammar from a seed, which the parser must accept up to kinds and
// keys.
func FuzzGrammar(f *testing.F) {
	s := newSentences(loadGrammar(f))
	f.Add(uint64(1), uint8(20))
	f.Fuzz(func(t *testing.T, seed uint64, depth uint8) {
		r := rand.New(rand.NewPCG(seed, 1))
		query := s.make("Query", int(depth%64), r)
		if _, err := Query(diag.NewSource("", query)); !grammatical(err) {
			t.Errorf("query %q: %v", query, err)
		}
		policy := s.make("Line", int(depth%64), r)
		if _, err := Policy(diag.NewSource("", policy)); !grammatical(err) {
			t.Errorf("policy %q: %v", policy, err)
		}
		checkAnyText(t, query)
		checkAnyText(t, policy)
	})
}

// checkAnyText checks what holds for every text.
func checkAnyText(t *testing.T, text string) {
	term, err := Query(diag.NewSource("", text))
	if err != nil {
		checkError(t, text, err)
	} else {
		checkSpans(t, term)
	}
	checkQueryReadsBack(t, text)

	src := diag.NewSource("", text)
	file, err := Policy(src)
	all, errs := PolicyAll(src)
	if err != nil {
		checkError(t, text, err)
		if len(errs) == 0 || errs[0].Kind != err.(*diag.Error).Kind || errs[0].Span != err.(*diag.Error).Span {
			t.Errorf("policy %q: first error %v, but recovering finds %v", text, err, errs)
		}
	} else if len(errs) > 0 || !ast.EqualFiles(file, all) {
		t.Errorf("policy %q: no error, but recovering finds %v or another tree", text, errs)
	}
	for i, err := range errs {
		checkError(t, text, err)
		if i > 0 && err.Span.Start < errs[i-1].Span.Start {
			t.Errorf("policy %q: errors out of order: %v", text, errs)
		}
	}
	for _, item := range all.Items {
		checkSpans(t, item)
	}
	checkPolicyReadsBack(t, text)
}

// checkError checks that an error is a parse error with a place in the text and a message.
func checkError(t *testing.T, text string, err error) {
	t.Helper()
	var d *diag.Error
	if !errors.As(err, &d) || !strings.HasPrefix(string(d.Kind), "ParseError::") || d.Message == "" {
		t.Errorf("%q: error %v", text, err)
		return
	}
	if at := d.Span; !at.IsValid() || at.Start < 0 || at.Start > at.End || at.End > len(text) {
		t.Errorf("%q: error at %d-%d: %v", text, at.Start, at.End, err)
	}
}

// checkSpans checks that nodes lie within those above them.
func checkSpans(t *testing.T, n ast.Node) {
	t.Helper()
	outer := n.Span()
	if outer.Start >= outer.End {
		t.Errorf("%q: empty span %d-%d", outer.Source.Text, outer.Start, outer.End)
	}
	ast.Walk(n, func(part ast.Node) bool {
		if part == n {
			return true
		}
		if inner := part.Span(); inner.Start < outer.Start || inner.End > outer.End {
			t.Errorf("%q: %q is not within %q", outer.Source.Text, inner.Text(), outer.Text())
		}
		checkSpans(t, part)
		return false
	})
}
