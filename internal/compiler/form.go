package compiler

import (
	"slices"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/slab"
)

// Form is the code of rules that differ in nothing but strings, integers and the classes of parameters, with blanks in the place of
// those. Policies of thousands of rules have few forms, and filling in a form takes a fraction of the time that compiling a rule does.
//
// What a literal is worth never decides how a rule is compiled, only whether it is a string or an integer that fits a cell. Nor
// does it matter which class a parameter must belong to, as long as it is a registered one.
type Form struct {
	pred   *code.Pred
	clause *code.Clause
	// Addresses in these count from the head of the clause; Start and End of places are numbers of tokens.
	instrs []code.Instr
	marks  []code.Mark
	params []code.Mark

	jumps                       []int // instructions that name an address
	inInstrs, inParams, inQuick []blank
	inSpecs                     []blank // parameters with a class that is a blank

	// Lists of constants in the body: their words in the pool, and the instructions that name one.
	pool   []code.Cell
	inPool []blank
	lists  []listUse
}

// listUse is an instruction that names a list of constants, by the address of its first word.
type listUse struct{ at, list int }

// blank is a place for a literal.
type blank struct{ at, literal int }

// Written is a rule as it is written: its source, the offsets of its tokens, and its literals.
type Written struct {
	Source       *diag.Source
	Starts, Ends []int32
	Literals     []Literal
}

// Literal is what may differ between rules of one form.
type Literal struct {
	Start int32 // offset in the source
	Kind  LiteralKind
	Text  string
	Int   int64
	Class *code.Pattern // what Compiler.Class returned
}

// LiteralKind is the kind of a literal.
type LiteralKind uint8

// The kinds of literals. A class is the name of one that a parameter must belong to, and no more.
const (
	StringLiteral LiteralKind = iota
	IntLiteral
	ClassLiteral
)

// Class reports whether a name is that of a class that may be a literal of a form: registered, and no union. The pattern is nil if no
// rule has mentioned it so far.
func (c *Compiler) Class(name string) (p *code.Pattern, ok bool) {
	if p = c.clause.made.plain[name]; p != nil {
		return p, p.Kind == code.PClass && p.Class < len(c.clause.env.ClassNames) // registered classes have the first numbers
	}
	return nil, c.clause.isClassName(name) && name != "Actor" && name != "Resource"
}

// firstBlank is the number of an atom or class that no policy is large enough to have. Blanks are such, those of integers are atoms, too.
const firstBlank = 1 << 30

// blankOf returns the number of the literal that a cell is a blank for.
func blankOf(k code.Cell) (literal int, ok bool) {
	return k.Index() - firstBlank, k.Tag() == code.ATOM && k.Index() >= firstBlank
}

// blanks are the literals of a rule that is compiled into a form.
type blanks struct {
	literals []Literal
	used     []bool
}

// blank returns the blank for a string or integer of the rule, if this is to be a form.
func (c *clause) blank(t ast.Term) (code.Cell, bool) {
	n, ok := c.blankAt(t.Span())
	return code.Make(code.ATOM, n), ok
}

// blankAt returns the number of the blank for the literal at a place, if this is to be a form.
func (c *clause) blankAt(at diag.Span) (n int, ok bool) {
	if c.blanks == nil {
		return 0, false
	}
	start := int32(at.Start)
	i := slices.IndexFunc(c.blanks.literals, func(l Literal) bool { return l.Start == start })
	if i < 0 {
		return 0, false
	}
	c.blanks.used[i] = true
	return firstBlank + i, true
}

// blankClass returns the blank for the class of a parameter, if this is to be a form.
func (c *clause) blankClass(class *ast.Class) (p *code.Pattern, ok bool) {
	n, ok := c.blankAt(class.TagAt)
	if !ok {
		return nil, false
	}
	c.plainClass(class.Tag) // so that patterns are numbered as in a program without forms
	return &code.Pattern{Kind: code.PClass, Class: n}, true
}

// Form compiles a rewritten rule into a form, and nothing into the program. It is nil if the rule has none: if something of it
// depends on more than the kinds of its literals, or belongs to it alone.
func (c *Compiler) Form(r *ast.Rule, w *Written) *Form {
	p := c.clause.prog
	pr := c.pred(r.Name, len(r.Params))
	before, tables, sends, pool := sizesOf(p), tablesOf(p), len(p.Sends), len(p.Pool)
	c.clause.reset(r.Name)
	c.clause.blanks = &blanks{w.Literals, make([]bool, len(w.Literals))}
	err := c.clause.rule(pr, r)
	used := c.clause.blanks.used
	c.clause.blanks = nil

	var f *Form
	if err == nil && tables == tablesOf(p) && !slices.Contains(used, false) {
		f = newForm(p, pr, before, pool, w)
	}
	pr.Clauses = pr.Clauses[:len(pr.Clauses)-1]
	p.Instrs, p.Marks, p.ParamMarks = p.Instrs[:before.instrs], p.Marks[:before.marks], p.ParamMarks[:before.paramMarks]
	p.Pool = p.Pool[:pool]
	if f == nil {
		p.Templates, p.Matches, p.Scans = p.Templates[:tables.templates], p.Matches[:tables.matches], p.Scans[:tables.scans]
		p.Hops, p.Sends = p.Hops[:tables.hops], p.Sends[:sends]
	}
	return f
}

// tables are the lengths of lists whose entries belong to one instruction each, and may hold literals.
type tables struct{ templates, matches, scans, hops int }

func tablesOf(p *code.Program) tables {
	return tables{len(p.Templates), len(p.Matches), len(p.Scans), len(p.Hops)}
}

// newForm makes a form of the last clause of a predicate, whose code is what has been added to the program; nil if it cannot.
func newForm(p *code.Program, pr *code.Pred, before sizes, pool int, w *Written) *Form {
	f := &Form{pred: pr, clause: pr.Clauses[len(pr.Clauses)-1]}
	if !f.takePool(p.Pool[pool:]) {
		return nil
	}
	head := f.clause.Head()
	f.instrs = slices.Clone(p.Instrs[before.instrs:])
	for i := range f.instrs {
		in := &f.instrs[i]
		if in.Op.Takes('L') {
			in.Imm -= uint64(head)
			f.jumps = append(f.jumps, i)
		}
		if n, ok := blankOf(code.Cell(in.Imm)); ok && in.Op.Takes('K') {
			f.inInstrs = append(f.inInstrs, blank{i, n})
		} else if in.Op == code.OpIsClass && in.Imm >= firstBlank {
			f.inInstrs = append(f.inInstrs, blank{i, int(in.Imm - firstBlank)})
		} else if at, ok := inPool(code.Cell(in.Imm), pool); ok && in.Op.Takes('K') {
			if code.Cell(in.Imm).Tag() != code.CLIST {
				return nil
			}
			f.lists = append(f.lists, listUse{i, at})
		}
	}
	for i, param := range f.clause.Params {
		if s := param.Spec; s != nil {
			if len(s.Fields) > 0 || s.Kind != code.PClass && s.Kind != code.PUnion {
				return nil
			}
			if s.Class >= firstBlank {
				f.inSpecs = append(f.inSpecs, blank{i, s.Class - firstBlank})
			}
		}
		switch param.Term.Kind {
		case code.TVar:
		case code.TConst:
			if _, ok := inPool(param.Term.Cell, pool); ok {
				return nil
			}
			if n, ok := blankOf(param.Term.Cell); ok {
				f.inParams = append(f.inParams, blank{i, n})
			}
		default:
			return nil
		}
	}
	for i, q := range f.clause.Quick {
		if n, ok := blankOf(q.Cell); ok {
			f.inQuick = append(f.inQuick, blank{i, n})
		} else if q.Kind == code.QuickClass && q.N >= firstBlank {
			f.inQuick = append(f.inQuick, blank{i, int(q.N - firstBlank)})
		}
	}
	var known bool
	if f.marks, known = tokensOf(p.Marks[before.marks:], head, w); !known {
		return nil
	}
	if f.params, known = tokensOf(p.ParamMarks[before.paramMarks:], 0, w); !known {
		return nil
	}
	return f
}

// takePool keeps the words that a rule has added to the pool. It is false if there are others than elements of flat lists.
func (f *Form) takePool(words []code.Cell) bool {
	f.pool = slices.Clone(words)
	for i, k := range words {
		if n, ok := blankOf(k); ok {
			f.inPool = append(f.inPool, blank{i, n})
		} else if k != code.ListEnd && k.Tag() != code.BOOL {
			return false
		}
	}
	return true
}

// inPool returns where in the pool behind an address the words of a constant are.
func inPool(k code.Cell, pool int) (at int, ok bool) {
	switch k.Tag() {
	case code.CLIST, code.DICT, code.FLT, code.BIG:
		at = k.Index()&^code.PoolBit - pool
		return at, at >= 0
	}
	return 0, false
}

// tokensOf returns places of a rule by the numbers of the tokens where they begin and end, and relative to an address.
func tokensOf(marks []code.Mark, head int, w *Written) (out []code.Mark, known bool) {
	for _, m := range marks {
		start, starts := slices.BinarySearch(w.Starts, m.Start)
		end, ends := slices.BinarySearch(w.Ends, m.End)
		if !starts || !ends {
			return nil, false
		}
		out = append(out, code.Mark{PC: m.PC - int32(head), Start: int32(start), End: int32(end)})
	}
	return out, true
}

// Fill compiles a rule of a form. It is false, and nothing is done, if a literal does not fit.
func (c *Compiler) Fill(f *Form, w *Written) bool {
	cells := c.cells[:0]
	for i := range w.Literals {
		if l := &w.Literals[i]; l.Kind == IntLiteral && !code.FitsInline(l.Int) {
			return false
		}
	}
	for i := range w.Literals {
		cells = append(cells, c.clause.literalCell(&w.Literals[i]))
	}
	c.cells = cells
	c.begin()

	p, made := c.clause.prog, c.clause.made
	head := len(p.Instrs)
	p.Instrs = slab.AppendAll(p.Instrs, f.instrs)
	instrs := p.Instrs[head:]
	for _, i := range f.jumps {
		instrs[i].Imm += uint64(head)
	}
	for _, b := range f.inInstrs {
		instrs[b.at].Imm = uint64(cells[b.literal])
	}
	pool := len(p.Pool)
	p.Pool = slab.AppendAll(p.Pool, f.pool)
	for _, b := range f.inPool {
		p.Pool[pool+b.at] = cells[b.literal]
	}
	for _, l := range f.lists {
		instrs[l.at].Imm = uint64(code.Make(code.CLIST, pool+l.list))
	}

	cl := made.clauses.Put(*f.clause)
	cl.Index = int32(len(f.pred.Clauses))
	cl.NameAt = p.NewMark(head, diag.Span{Source: w.Source, Start: int(w.Starts[0]), End: int(w.Ends[0])}, f.pred.Name)
	cl.Body += int32(head - f.clause.Head())
	f.pred.Clauses = slab.Append(f.pred.Clauses, cl)
	place := func(m code.Mark, pc int) code.Mark {
		return code.Mark{PC: m.PC + int32(pc), Start: w.Starts[m.Start], End: w.Ends[m.End], Origin: cl.NameAt.Origin}
	}
	for _, m := range f.marks {
		p.Marks = slab.Append(p.Marks, place(m, head))
	}
	cl.Params = made.params.List(f.clause.Params...)
	for _, b := range f.inParams {
		cl.Params[b.at].Term = c.clause.constant(cells[b.literal])
	}
	for _, b := range f.inSpecs {
		cl.Params[b.at].Spec = w.Literals[b.literal].Class
	}
	marks := f.params
	for i := range cl.Params {
		if cl.Params[i].At != 0 {
			at := int32(code.ParamBase + len(p.ParamMarks))
			p.ParamMarks = slab.Append(p.ParamMarks, place(code.Mark{PC: at, Start: marks[0].Start, End: marks[0].End}, 0))
			cl.Params[i].At, marks = at, marks[1:]
		}
	}
	cl.Quick = made.quicks.List(f.clause.Quick...)
	for _, b := range f.inQuick {
		if q := &cl.Quick[b.at]; q.Kind == code.QuickClass {
			q.N = int32(cells[b.literal])
		} else {
			q.Cell = cells[b.literal]
		}
	}
	return true
}

// literalCell returns what stands for a literal in code: its cell, or the number of a class.
func (c *clause) literalCell(l *Literal) code.Cell {
	switch l.Kind {
	case StringLiteral:
		return c.text(l.Text)
	case IntLiteral:
		return code.MakeInt(l.Int)
	}
	if l.Class == nil {
		l.Class = c.plainClass(l.Text)
	}
	return code.Cell(l.Class.Class)
}
