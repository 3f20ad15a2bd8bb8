package engine

import (
	"hash/maphash"
	"slices"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/compiler"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/lexer"
)

// Large policies are made by programs, or by people who copy: most of their rules differ in nothing but strings, numbers and the
// classes of parameters. Such rules have one form. The first of a form is parsed, checked and compiled as any rule; once there is a second, its code is kept with
// blanks for the literals (compiler.Form), and all others are only read as tokens, to be compared and to fill in the blanks.

const (
	defaultFormsFrom = 4 // rules of a predicate below which it is not worth while
	// After so many rules, or one eighth of all if that is less, only one in formsRarely is looked at unless one in formsUseful was of
	// a form that had been seen before.
	formsTried      = 256
	formsTriedFirst = 8 // however few there are
	formsUseful     = 4
	formsRarely     = 16
)

// forms are the forms of the rules of one load. It is for one goroutine.
type forms struct {
	compiler *compiler.Compiler
	rules    *rules
	worth    []bool // predicates with rules enough
	eager    bool   // every form is kept at once
	seed     maphash.Seed
	known    map[uint64]*form // by hash of the tokens; nil for a form that has been seen once

	scanner *lexer.Scanner
	source  *diag.Source // of the scanner

	// The rule that fill has read last, by its number, and what was found of it.
	read    int
	hash    uint64
	found   *form        // the form of the rule, nil if it has no code
	kinds   []lexer.Kind // of its tokens; anyClass for a class that may be another one in the next rule
	written compiler.Written

	patience     int // rules to be read before it is asked whether that is worth while
	tried, again int // rules read, and those of them whose form was known
}

// form is what rules of one form have in common: their predicate and tokens. Code is nil if they must be compiled one by one.
type form struct {
	hash  uint64
	pred  int32
	kinds []lexer.Kind
	texts []string // of the tokens whose text must be the same
	code  *compiler.Form
}

// anyClass is the kind of a token that is a literal of kind compiler.ClassLiteral: no token has it.
const anyClass = lexer.Invalid

// mustBeSame reports whether tokens of a kind differ in their text, and rules of one form must have the same.
func mustBeSame(k lexer.Kind) bool {
	return !k.Fixed() && k != lexer.String && k != lexer.Int && k != anyClass
}

// formsOf returns what looks for the forms of rules, until the next call, nil if no predicate has from rules. Checks say which rules need
// none but of themselves; nil if all.
func (w *workshop) formsOf(c *compiler.Compiler, rs *rules, from int, checks *inspection) *forms {
	if from == 0 {
		from = defaultFormsFrom
	}
	worth, rules := predicatesOf(rs, from, checks)
	if rules == 0 {
		return nil
	}
	patience := min(max(rules/8, formsTriedFirst), formsTried)
	f := &w.forms
	if f.known == nil || len(f.known) > maxTable {
		f.known = map[uint64]*form{}
	}
	clear(f.known)
	*f = forms{compiler: c, rules: rs, eager: from == 1, seed: maphash.MakeSeed(), known: f.known, read: -1, worth: worth, patience: patience,
		kinds: f.kinds[:0], written: f.written}
	return f
}

// predicatesOf tells which predicates have so many rules that forms are worth while, and how many rules those have in all.
func predicatesOf(rs *rules, from int, checks *inspection) (worth []bool, rules int) {
	if len(rs.written) < from {
		return nil, 0
	}
	counts := make([]int, len(rs.preds))
	for i := range rs.written {
		counts[rs.written[i].pred]++
	}
	worth = make([]bool, len(counts))
	for pred, n := range counts {
		if n >= from && (checks == nil || checks.free[pred]) {
			worth[pred] = true
			rules += n
		}
	}
	return worth, rules
}

// fill compiles a rule whose form is known. It is false if the rule must be looked at as a whole.
func (f *forms) fill(i int) bool {
	if f == nil || !f.scan(i) {
		return false
	}
	return f.found != nil && f.compiler.Fill(f.found.code, &f.written)
}

// learn notes the form of a rule that has been looked at. It is true if the rule has been compiled.
func (f *forms) learn(i int, r *ast.Rule) bool {
	if f == nil || f.read != i {
		return false
	}
	fm, seen := f.known[f.hash]
	if fm != nil {
		return false // the rule is another one of the same hash, or does not fit
	}
	if !seen && !f.eager {
		f.known[f.hash] = nil
		return false
	}
	fm = &form{hash: f.hash, pred: f.rules.written[i].pred, code: f.compiler.Form(r, &f.written)}
	f.known[f.hash] = fm
	if fm.code == nil {
		return false
	}
	fm.kinds = slices.Clone(f.kinds)
	for k, kind := range f.kinds {
		if mustBeSame(kind) {
			fm.texts = append(fm.texts, f.text(k))
		}
	}
	return f.compiler.Fill(fm.code, &f.written)
}

// scan reads a rule as tokens. It is false if that is not worth while, or the rule is none that could have a form.
func (f *forms) scan(i int) bool {
	f.read = -1
	w := f.rules.written[i]
	if !f.worth[w.pred] {
		return false
	}
	if f.tried >= f.patience && f.again*formsUseful < f.tried && i%formsRarely != 0 && !f.eager {
		return false
	}
	if src := f.rules.sources[w.source]; f.source != src {
		f.source, f.scanner = src, lexer.NewScanner(src)
	}
	f.scanner.Seek(int(w.start))
	out := &f.written
	*out = compiler.Written{Source: f.source, Starts: out.Starts[:0], Ends: out.Ends[:0], Literals: out.Literals[:0]}
	f.kinds = f.kinds[:0]
	var kinds lexer.Set
	var t lexer.Token
	var head headReader
	for end := int32(0); end < w.end; {
		if f.scanner.Scan(&t) != nil || t.Kind == lexer.EOF {
			return false
		}
		end = int32(t.End)
		if head.behindClass(t.Kind) {
			f.takeClass(len(f.kinds) - 1)
		}
		f.kinds, out.Starts, out.Ends = append(f.kinds, t.Kind), append(out.Starts, int32(t.Start)), append(out.Ends, end)
		kinds |= lexer.Of(t.Kind)
		switch t.Kind {
		case lexer.String:
			out.Literals = append(out.Literals, compiler.Literal{Start: int32(t.Start), Kind: compiler.StringLiteral, Text: t.Text})
		case lexer.Int:
			out.Literals = append(out.Literals, compiler.Literal{Start: int32(t.Start), Kind: compiler.IntLiteral, Int: t.Int})
		}
		if end >= w.end && (end > w.end || t.Kind != lexer.Semicolon) {
			return false
		}
	}
	if kinds.Has(lexer.And) && kinds.Has(lexer.Or) {
		return false // whether there is a warning depends on blanks and comments
	}
	f.read = i
	f.tried++
	f.find(w.pred)
	return true
}

// find looks for the form of the rule read last. Mostly it is that of the one before.
func (f *forms) find(pred int32) {
	if f.found != nil && f.has(f.found, pred) {
		f.hash = f.found.hash
		f.again++
		return
	}
	f.hash, f.found = f.hashTokens(pred), nil
	fm, seen := f.known[f.hash]
	if seen {
		f.again++
	}
	if fm != nil && fm.code != nil && f.has(fm, pred) {
		f.found = fm
	}
}

// text returns a token of the rule read last as it is written.
func (f *forms) text(k int) string {
	return f.source.Text[f.written.Starts[k]:f.written.Ends[k]]
}

// hashTokens returns the hash of the form of a predicate's rule that has been read.
func (f *forms) hashTokens(pred int32) uint64 {
	hash := uint64(pred)
	for k, kind := range f.kinds {
		hash = (hash ^ uint64(kind)) * 0x9E3779B97F4A7C15
		if mustBeSame(kind) {
			hash ^= maphash.String(f.seed, f.text(k))
		}
	}
	return hash
}

// takeClass makes a literal of a token, the name of a parameter's class. Unregistered classes and unions are part of the form.
func (f *forms) takeClass(k int) {
	name := f.text(k)
	if class, ok := f.compiler.Class(name); ok {
		f.written.Literals = append(f.written.Literals, compiler.Literal{Start: f.written.Starts[k], Kind: compiler.ClassLiteral, Text: name, Class: class})
		f.kinds[k] = anyClass
	}
}

// headReader follows the tokens of a rule's head to find the classes of its parameters.
type headReader struct {
	depth        int // of brackets
	over         bool
	before, last lexer.Kind
}

// behindClass takes the next token. It reports whether the one before it is all that a parameter has behind its colon, and a name.
func (h *headReader) behindClass(k lexer.Kind) (found bool) {
	if h.over {
		return false
	}
	found = h.depth == 1 && h.before == lexer.Colon && h.last == lexer.Ident && (k == lexer.Comma || k == lexer.RParen)
	switch k {
	case lexer.LParen, lexer.LBracket, lexer.LBrace:
		h.depth++
	case lexer.RParen, lexer.RBracket, lexer.RBrace:
		h.depth--
		h.over = h.depth == 0
	}
	h.before, h.last = h.last, k
	return found
}

// has reports whether the rule read last, one of a predicate, has a form.
func (f *forms) has(fm *form, pred int32) bool {
	if fm.pred != pred || !slices.Equal(f.kinds, fm.kinds) {
		return false
	}
	texts := fm.texts
	for k, kind := range f.kinds {
		if !mustBeSame(kind) {
			continue
		}
		if f.text(k) != texts[0] {
			return false
		}
		texts = texts[1:]
	}
	return true
}
