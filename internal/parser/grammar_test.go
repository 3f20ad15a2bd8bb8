package parser

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goso-project/goso/internal/diag"
	"golang.org/x/exp/ebnf"
)

const grammarFile = "../../docs/grammar.ebnf"

// loadGrammar reads the documented grammar and verifies that it is whole.
func loadGrammar(tb testing.TB) ebnf.Grammar {
	tb.Helper()
	f, err := os.Open(grammarFile)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	g, err := ebnf.Parse(grammarFile, f)
	if err != nil {
		tb.Fatal(err)
	}
	if err := ebnf.Verify(g, "Source"); err != nil {
		tb.Fatal(err)
	}
	return g
}

// sentences makes random sentences of a grammar.
type sentences struct {
	grammar ebnf.Grammar
	cost    map[string]int // least depth of productions below a production
	rand    *rand.Rand
	out     strings.Builder
}

const unreachable = 1 << 20

// keywords are the identifiers that are none.
var keywords = map[string]bool{
	"type": true, "cut": true, "debug": true, "print": true, "in": true, "forall": true, "if": true, "and": true, "or": true,
	"not": true, "new": true, "matches": true, "mod": true, "rem": true, "isa": true, "true": true, "false": true,
	"inf": true, "nan": true,
}

func newSentences(g ebnf.Grammar) *sentences {
	s := &sentences{grammar: g, cost: map[string]int{}}
	for name := range g {
		s.cost[name] = unreachable
	}
	for changed := true; changed; {
		changed = false
		for name, prod := range g {
			if c := s.costOf(prod.Expr) + 1; c < s.cost[name] {
				s.cost[name], changed = c, true
			}
		}
	}
	return s
}

func (s *sentences) costOf(x ebnf.Expression) int {
	switch x := x.(type) {
	case ebnf.Alternative:
		least := unreachable
		for _, alternative := range x {
			least = min(least, s.costOf(alternative))
		}
		return least
	case ebnf.Sequence:
		most := 0
		for _, part := range x {
			most = max(most, s.costOf(part))
		}
		return most
	case *ebnf.Name:
		return s.cost[x.String]
	case *ebnf.Group:
		return s.costOf(x.Body)
	}
	return 0 // tokens, ranges, and what may be left out
}

// make returns a random sentence of a production with about the given depth.
func (s *sentences) make(production string, depth int, r *rand.Rand) string {
	s.rand = r
	s.out.Reset()
	s.write(&ebnf.Name{String: production}, depth, false)
	return s.out.String()
}

// write writes a random text for x; token says that x is part of one token.
func (s *sentences) write(x ebnf.Expression, depth int, token bool) {
	switch x := x.(type) {
	case ebnf.Alternative:
		fits := slices.Clone(x)
		if depth <= 0 {
			least := s.costOf(x)
			fits = slices.DeleteFunc(fits, func(a ebnf.Expression) bool { return s.costOf(a) > least })
		}
		s.write(fits[s.rand.IntN(len(fits))], depth, token)
	case ebnf.Sequence:
		for _, part := range x {
			s.write(part, depth, token)
		}
	case *ebnf.Name:
		lexical := x.String[0] >= 'a' && x.String[0] <= 'z'
		if lexical && !token {
			s.space()
		}
		start := s.out.Len()
		s.write(s.grammar[x.String].Expr, depth-1, lexical)
		if x.String == "identifier" && keywords[s.out.String()[start:]] {
			s.out.WriteByte('_')
		}
	case *ebnf.Token:
		if !token {
			s.space()
		}
		s.out.WriteString(x.String)
	case *ebnf.Range:
		begin, _ := utf8.DecodeRuneInString(x.Begin.String)
		end, _ := utf8.DecodeRuneInString(x.End.String)
		if end > 0x3ff && s.rand.IntN(20) > 0 {
			end = max(begin, 0x3ff) // mostly characters one can read
		}
		s.out.WriteRune(begin + s.rand.Int32N(end-begin+1))
	case *ebnf.Group:
		s.write(x.Body, depth, token)
	case *ebnf.Option:
		if s.again(depth) {
			s.write(x.Body, depth, token)
		}
	case *ebnf.Repetition:
		for s.again(depth) {
			s.write(x.Body, depth, token)
		}
	default:
		panic(fmt.Sprintf("no such expression in EBNF: %T", x))
	}
}

func (s *sentences) again(depth int) bool { return depth > 0 && s.rand.IntN(4) == 0 }

func (s *sentences) space() {
	s.out.WriteString([]string{" ", " ", " ", " ", "\n", "\t", "\r\n", " # c;(\n", "  "}[s.rand.IntN(9)])
}

// grammatical holds for the errors that a sentence of the grammar may have: those the grammar's comments name.
func grammatical(err error) bool {
	return err == nil || errors.Is(err, diag.WrongValueType) || errors.Is(err, diag.DuplicateKey)
}

// TestSentencesOfGrammarParse makes random sentences of docs/grammar.ebnf, which the parser must accept up to kinds and
// keys. What parses must read back from its printed form.
func TestSentencesOfGrammarParse(t *testing.T) {
	s := newSentences(loadGrammar(t))
	r := rand.New(rand.NewPCG(1, 2))
	parsed := 0
	for range 20_000 {
		depth := 8 + r.IntN(24)
		query := s.make("Query", depth, r)
		_, err := Query(diag.NewSource("", query))
		if !grammatical(err) {
			t.Fatalf("query %q: %v", query, err)
		}
		if err == nil {
			parsed++
		}
		checkQueryReadsBack(t, query)
		policy := s.make([]string{"Policy", "Line", "Line", "Block"}[r.IntN(4)], depth, r)
		_, err = Policy(diag.NewSource("", policy))
		if !grammatical(err) {
			t.Fatalf("policy %q: %v", policy, err)
		}
		if err == nil {
			parsed++
		}
		checkPolicyReadsBack(t, policy)
		if t.Failed() {
			return
		}
	}
	if parsed < 10_000 {
		t.Errorf("only %d sentences parse: the sentences test too little", parsed)
	}
}
