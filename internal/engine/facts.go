package engine

import (
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/check"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/lexer"
	"github.com/goso-project/goso/internal/parser"
	"github.com/goso-project/goso/internal/roles"
)

// fewFacts is the number of facts from which a table of them is smaller and faster than code.
const fewFacts = 16

// maxColumns bounds the parameters of a table: those of a rule are bounded, too.
const maxColumns = 1 << 12

// tables collects the facts of a load by predicate. What is no table in the end is dissolved: read once more, as rules.
type tables struct {
	seed     *code.Program // has numbers for some strings and constants; may be nil
	literals *code.Program // numbers strings and constants; nil until there is a fact
	byKey    map[predicate]*code.Facts
	order    []*code.Facts // by first fact
	last     *code.Facts
	cells    []code.Cell
}

// tableOf returns the predicate of a table.
func tableOf(f *code.Facts) predicate { return predicate{f.Name, len(f.Columns)} }

// take adds a fact, as parser.PolicyFacts wants it.
func (t *tables) take(f *parser.Fact) bool {
	if len(f.Params) > maxColumns {
		return false
	}
	facts := t.last
	if facts == nil || facts.Name != f.Name || len(facts.Columns) != len(f.Params) {
		facts = t.table(predicate{f.Name, len(f.Params)})
	}
	t.cells = t.cells[:0]
	for i := range f.Params {
		t.cells = append(t.cells, t.cell(&f.Params[i]))
	}
	facts.Add(f.Source, f.Start, t.cells)
	return true
}

func (t *tables) table(key predicate) *code.Facts {
	if t.byKey == nil {
		t.byKey, t.literals = map[predicate]*code.Facts{}, code.NewProgram(0)
		if t.seed != nil {
			t.literals = t.seed.Literals()
		}
	}
	facts := t.byKey[key]
	if facts == nil {
		facts = &code.Facts{Name: key.name, Columns: make([][]code.Cell, key.arity)}
		t.byKey[key] = facts
		t.order = append(t.order, facts)
	}
	t.last = facts
	return facts
}

func (t *tables) cell(l *parser.Literal) code.Cell {
	switch l.Kind {
	case lexer.String:
		return code.Make(code.ATOM, t.literals.AddAtom(strings.ToValidUTF8(l.Text, "\uFFFD")))
	case lexer.Bool:
		return code.MakeBool(l.Bool)
	case lexer.Float:
		return code.Make(code.FLT, code.PoolBit|t.boxed(code.FloatBits(l.Float)))
	}
	if code.FitsInline(l.Int) {
		return code.MakeInt(l.Int)
	}
	return code.Make(code.BIG, code.PoolBit|t.boxed(code.Cell(l.Int)))
}

func (t *tables) boxed(word code.Cell) int {
	t.literals.Pool = append(t.literals.Pool, word)
	return len(t.literals.Pool) - 1
}

// list returns the tables that are left.
func (t *tables) list() []*code.Facts { return t.order }

// drop takes out the tables for which it returns true.
func (t *tables) drop(out func(*code.Facts) bool) (dropped []*code.Facts) {
	t.order = slices.DeleteFunc(t.order, func(f *code.Facts) bool {
		if !out(f) {
			return false
		}
		dropped = append(dropped, f)
		return true
	})
	if len(t.order) == 0 {
		t.literals = nil
	}
	return dropped
}

// settleFacts dissolves tables that are small, or that share their name with other rules, once all sources are read.
func (l *loader) settleFacts(from int) {
	if from == 0 {
		from = fewFacts
	}
	for _, f := range l.facts.order {
		l.defined[f.Name] = true
	}
	l.dissolve(l.facts.drop(func(f *code.Facts) bool { return f.Len() < from || roles.Concerns(f.Name) }))
	l.dissolveMixed()
}

// dissolveMixed dissolves tables that share their name with other rules.
func (l *loader) dissolveMixed() {
	if len(l.facts.order) == 0 {
		return
	}
	l.dissolve(l.facts.drop(func(f *code.Facts) bool { return l.has(f.Name, len(f.Columns)) }))
}

// sourceNumbers numbers sources in the order of loading.
func sourceNumbers(sources []*diag.Source) map[*diag.Source]int {
	numbers := make(map[*diag.Source]int, len(sources))
	for i, src := range sources {
		numbers[src] = i
	}
	return numbers
}

// dissolve turns tables into rules among the others.
func (l *loader) dissolve(tables []*code.Facts) {
	if len(tables) == 0 {
		return
	}
	numbers := sourceNumbers(l.state.sources)
	var rd parser.Reader
	for _, f := range tables {
		for row := range f.Len() {
			r := ruleOf(&rd, f, row)
			l.rules.written = append(l.rules.written, l.written(r, numbers[r.At.Source]))
			rd.Rewind()
		}
	}
	slices.SortFunc(l.rules.written, func(a, b writtenRule) int { return a.place().compare(b.place()) })
}

// merger puts facts among rules as written in the sources.
type merger struct{ numbers map[*diag.Source]int }

func (m merger) place(r *ast.Rule) sourcePlace {
	return sourcePlace{m.numbers[r.NameAt.Source], r.NameAt.Start}
}

// rules returns the facts of tables in order.
func (m merger) rules(tables []*code.Facts) (facts []*ast.Rule) {
	var rd parser.Reader
	for _, f := range tables {
		for row := range f.Len() {
			facts = append(facts, ruleOf(&rd, f, row))
		}
	}
	slices.SortFunc(facts, func(a, b *ast.Rule) int { return m.place(a).compare(m.place(b)) })
	return facts
}

// merge returns rules with facts among them. The first n rules are in order, what follows stays behind all.
func (m merger) merge(rules []*ast.Rule, n int, facts []*ast.Rule) []*ast.Rule {
	out := make([]*ast.Rule, 0, len(rules)+len(facts))
	for _, r := range rules[:n] {
		for len(facts) > 0 && m.place(facts[0]).compare(m.place(r)) < 0 {
			out, facts = append(out, facts[0]), facts[1:]
		}
		out = append(out, r)
	}
	return append(append(out, facts...), rules[n:]...)
}

// ruleOf returns a fact as the parser reads it.
func ruleOf(rd *parser.Reader, f *code.Facts, row int) *ast.Rule {
	at := f.Place(row)
	r, _ := rd.RuleAt(at.Source, at.Start) // no error: it has been read before
	return r
}

// checkFacts compares the facts of tables with the rule types of their names, as long as they stand before a place.
func (l *loader) checkFacts(types *check.Types, before sourcePlace) (first *diag.Error) {
	if len(l.facts.order) == 0 {
		return nil
	}
	var rd parser.Reader
	for _, f := range l.facts.order {
		if types.AnyMatch(f.Name, len(f.Columns)) {
			continue
		}
		for row := range f.Len() {
			at := f.Place(row)
			here := sourcePlace{slices.Index(l.state.sources, at.Source), at.Start}
			if here.compare(before) >= 0 {
				break
			}
			e := types.Check(&l.world, ruleOf(&rd, f, row))
			rd.Rewind()
			if e != nil {
				first, before = e, here
				break
			}
		}
	}
	return first
}

// names returns the names of all rules in order, each fact of a table standing for all.
func (l *loader) names() (names []string) {
	type first struct {
		name string
		at   sourcePlace
	}
	var firsts []first
	for _, w := range l.rules.written {
		firsts = append(firsts, first{l.rules.preds[w.pred].name, w.place()})
	}
	numbers := sourceNumbers(l.state.sources)
	for _, f := range l.facts.order {
		at := f.Place(0)
		firsts = append(firsts, first{f.Name, sourcePlace{numbers[at.Source], at.Start}})
	}
	slices.SortFunc(firsts, func(a, b first) int { return a.at.compare(b.at) })
	for _, f := range firsts {
		names = append(names, f.name)
	}
	for _, r := range l.rules.generated {
		names = append(names, r.Name)
	}
	return names
}

// Len returns the number of rules, facts included.
func (p *Policy) Len() int {
	n := p.rules.len()
	for _, f := range p.Facts {
		n += f.Len()
	}
	return n
}

// All returns all rules: those of the sources in order, then the generated ones.
func (p *Policy) All() []*ast.Rule {
	m := merger{sourceNumbers(p.loaded.sources)}
	return m.merge(p.Rules(), len(p.rules.written), m.rules(p.Facts))
}

// Sources returns the sources the policy was loaded from.
func (p *Policy) Sources() []*diag.Source { return p.loaded.sources }
