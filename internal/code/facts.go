package code

import (
	"fmt"
	"sort"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/slab"
)

// Facts are the rules of a predicate of which each is a fact with plain literals: strings, numbers and booleans. They have no
// code, but a column of cells for each parameter. They are immutable.
type Facts struct {
	Name    string
	Columns [][]Cell // by parameter; all of one length
	// Starts are the offsets of the facts in their sources, Runs the sources.
	Starts []int32
	Runs   []FactRun
	// Base is the address that stands for the first fact; the others follow.
	Base int
}

// FactRun says that the facts from a row on, up to the next run's, come from a source.
type FactRun struct {
	Row    int
	Source *diag.Source
}

// FactBase is where the addresses begin that stand for facts; those of parameters follow.
const FactBase = 1 << 28

// Len returns the number of facts.
func (f *Facts) Len() int { return len(f.Starts) }

// Add appends a fact, whose name stands at an offset of a source. It is for those who build the facts.
func (f *Facts) Add(src *diag.Source, start int, cells []Cell) {
	if n := len(f.Runs); n == 0 || f.Runs[n-1].Source != src {
		f.Runs = append(f.Runs, FactRun{Row: len(f.Starts), Source: src})
	}
	f.Starts = slab.Append(f.Starts, offset(start))
	for i, c := range cells {
		f.Columns[i] = slab.Append(f.Columns[i], c)
	}
}

// Place returns the place of the name of a fact.
func (f *Facts) Place(row int) diag.Span {
	run := sort.Search(len(f.Runs), func(i int) bool { return f.Runs[i].Row > row }) - 1
	start := int(f.Starts[row])
	return diag.Span{Source: f.Runs[run].Source, Start: start, End: start + len(f.Name)}
}

// AddFacts makes facts the rules of a predicate. Their cells are constants of p.
func (p *Program) AddFacts(facts *Facts) {
	f := *facts
	f.Base = FactBase
	if n := len(p.facts); n > 0 {
		f.Base = p.facts[n-1].Base + p.facts[n-1].Len()
	}
	p.facts = append(p.facts, &f)
	pr, _ := p.AddPred(f.Name, len(f.Columns))
	pr.Facts = &f
	for i := range pr.Params {
		pr.Params[i] = ModeLiteral
	}
	p.MaxX = max(p.MaxX, pr.Arity)
}

// factPlace returns the place of an address that stands for a fact.
func (p *Program) factPlace(pc int) (SpanEntry, bool) {
	i := sort.Search(len(p.facts), func(i int) bool { return p.facts[i].Base > pc }) - 1
	if i < 0 || pc-p.facts[i].Base >= p.facts[i].Len() {
		return SpanEntry{}, false
	}
	f := p.facts[i]
	return SpanEntry{PC: pc, Span: f.Place(pc - f.Base), Rule: f.Name}, true
}

// facts checks the columns of a predicate.
func (v *verifier) facts(pr *Pred) {
	f := pr.Facts
	if len(f.Columns) != pr.Arity || len(pr.Clauses) > 0 || pr.Arity > v.p.MaxX || f.Len() > 0 && (len(f.Runs) == 0 || f.Runs[0].Row != 0) {
		v.failf("%s/%d: facts of %d columns, beside %d clauses", pr.Name, pr.Arity, len(f.Columns), len(pr.Clauses))
		return
	}
	for i, column := range f.Columns {
		if len(column) != f.Len() {
			v.failf("%s/%d: %d facts, %d of them with parameter %d", pr.Name, pr.Arity, f.Len(), len(column), i+1)
			return
		}
		for row, c := range column {
			switch c.Tag() {
			case ATOM, INT, BIG, FLT, BOOL:
				if c.Tag() != INT && c.Tag() != BOOL {
					v.constant(c, fmt.Sprintf("%s/%d, fact %d", pr.Name, pr.Arity, row+1), 0)
				}
			default:
				v.failf("%s/%d, fact %d: parameter %d is no plain literal", pr.Name, pr.Arity, row+1, i+1)
			}
			if v.err != nil {
				return
			}
		}
	}
}

// facts lists the facts of a predicate.
func (l *lister) facts(f *Facts) {
	for row := range f.Len() {
		fmt.Fprintf(l.b, "  fact %d", row+1)
		if pos := f.Place(row).Position(); pos.Line > 0 {
			fmt.Fprintf(l.b, " at line %d, column %d", pos.Line, pos.Column)
		}
		l.b.WriteString("  ")
		for i, column := range f.Columns {
			if i > 0 {
				l.b.WriteString(", ")
			}
			l.b.WriteString(l.cell(column[row]))
		}
		l.b.WriteByte('\n')
	}
}
