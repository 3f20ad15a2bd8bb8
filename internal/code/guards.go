package code

import (
	"maps"
	"slices"
)

// Guards are tests of a predicate's clauses that can be made before a clause is entered, because they only look at arguments
// and at fields of them: the literals that patterns of the head want of fields, and the conditions a body begins with. A
// clause of which a test certainly fails cannot have a result; whatever is not certain is left to the clause's own code. Tests stand
// in the order in which the code makes them, so that whoever stops at the first uncertain one hides no error of it.
type Guards struct {
	// Fields are the fields that tests read, each once.
	Fields []FieldRef
	// Lists are the constant lists that tests look into.
	Lists []Cell
	// Heads[i] are the tests of the patterns of clause i, Bodies[i] those of its body. Known[i] is set where Heads[i] decides
	// all that the clause's patterns ask, Whole[i] where Bodies[i] is all that the clause does behind its head: where its head is known to
	// match arguments that are bound, and the tests hold, the call has this result.
	Heads, Bodies [][]Test
	Known, Whole  []bool
}

// FieldRef is a field of an argument, or of a field that stands before it.
type FieldRef struct {
	Of  Operand // FromArg or FromField
	Key Cell    // an atom
}

// Operand says where a test finds a value.
type Operand struct {
	From Source
	N    int16 // of an argument, or in Fields
}

// Source is a kind of place for values.
type Source uint8

// The sources. FromNowhere is that of a value no test can have.
const (
	FromNowhere Source = iota
	FromArg
	FromField
	FromConst
	FromHop // the object that a hop leads to
)

// Test is one test. L is an argument or a field; R may be a constant, which is then in Const.
type Test struct {
	Kind  TestKind
	Op    Operator // TestOrder: the comparison
	L, R  Operand
	Const Cell
	Scan  *Scan // TestSome: of the elements of L; its registers are arguments
}

// TestKind is the kind of a test.
type TestKind uint8

// The kinds of tests.
const (
	TestRead   TestKind = iota // L can be read
	TestEqual                  // L unifies with R
	TestOrder                  // L compares with R
	TestTrue                   // L holds as a condition
	TestSome                   // some element of L passes Scan
	TestMember                 // L is an element of the constant list Const, which is Lists[R.N]
)

// Bounds of what the guards of a predicate read and look into; tests of more are left out.
const (
	maxGuardFields = 16
	maxGuardLists  = 1 << 12
)

// Guards works out the guards of a predicate of a policy, nil if no clause has any. It asks interrupted at each clause whether to
// give up, and then returns nil too.
func (p *Program) Guards(pr *Pred, interrupted func(clause int) bool) *Guards {
	n := len(pr.Clauses)
	g := &Guards{Heads: make([][]Test, n), Bodies: make([][]Test, n), Known: make([]bool, n), Whole: make([]bool, n)}
	r := guardReader{p: p, g: g, fields: map[FieldRef]int{}, regs: map[int16]symbol{}}
	some := false
	for i, cl := range pr.Clauses {
		if interrupted(i) {
			return nil
		}
		n := len(r.tests)
		g.Known[i] = r.head(cl)
		g.Heads[i] = r.since(n)
		n = len(r.tests)
		g.Whole[i] = r.body(cl, pr.Arity)
		g.Bodies[i] = r.since(n)
		some = some || len(g.Heads[i]) > 0 || len(g.Bodies[i]) > 0
	}
	if !some {
		return nil
	}
	return g
}

// guardReader finds tests by following the code of a clause with symbolic values in its registers.
type guardReader struct {
	p      *Program
	g      *Guards
	fields map[FieldRef]int

	regs  map[int16]symbol
	tests []Test    // of all clauses so far
	reads []Operand // fields whose reading is no test yet
}

// symbol is what is known of a register: an operand, and the constant if it is one.
type symbol struct {
	Operand
	k Cell
}

// field returns the operand for a field, false if there are too many.
func (r *guardReader) field(of Operand, key Cell) (Operand, bool) {
	f := FieldRef{of, key}
	i, found := r.fields[f]
	if !found {
		if i = len(r.g.Fields); i == maxGuardFields {
			return Operand{}, false
		}
		r.fields[f] = i
		r.g.Fields = append(r.g.Fields, f)
	}
	return Operand{FromField, int16(i)}, true
}

// IsPlain reports whether equality with a constant is decided by the two values alone, without the host or a list's elements.
func (c Cell) IsPlain() bool {
	switch c.Tag() {
	case ATOM, STR, INT, BIG, FLT, BOOL:
		return true
	}
	return false
}

func (p *Pattern) isLiteral() bool {
	return p.Kind == PTerm && p.Term.Kind == TConst && p.Term.Cell.IsPlain()
}

// OnlyLiterals reports whether all that a class or dictionary pattern asks of fields is that they equal literals.
func (p *Pattern) OnlyLiterals() bool {
	return !slices.ContainsFunc(p.Fields, func(f FieldPattern) bool { return !f.Pattern.isLiteral() })
}

// head adds the tests of a clause's patterns in the order in which they are made: from left to right, and in each from the last
// key to the first. It is false if they ask more than that fields equal literals.
func (r *guardReader) head(cl *Clause) bool {
	for i := range cl.Params {
		s := cl.Params[i].Spec
		if s == nil || !s.looksInside() {
			continue
		}
		if s.Kind != PClass && s.Kind != PDict {
			return false
		}
		for _, f := range s.Fields {
			if !f.Pattern.isLiteral() {
				return false
			}
			field, fits := r.field(Operand{FromArg, int16(i)}, f.Atom)
			if !fits {
				return false
			}
			r.tests = append(r.tests, Test{Kind: TestEqual, L: field, R: Operand{From: FromConst}, Const: f.Pattern.Term.Cell})
		}
	}
	return true
}

// body adds the tests that a clause's code makes before it does anything else. It reports whether the code does nothing else.
func (r *guardReader) body(cl *Clause, arity int) (whole bool) {
	clear(r.regs)
	r.reads = r.reads[:0]
	for i := range arity {
		r.regs[int16(i)] = symbol{Operand: Operand{FromArg, int16(i)}}
	}
	pc := cl.Head() - r.p.Base
	for pc < len(r.p.Instrs) && r.step(&r.p.Instrs[pc], pc < int(cl.Body)-r.p.Base) {
		pc++
	}
	return cl.Exact && pc < len(r.p.Instrs) && r.p.Instrs[pc].Op == OpProceed && len(r.reads) == 0
}

// since returns the tests added after the first n.
func (r *guardReader) since(n int) []Test {
	if n == len(r.tests) {
		return nil
	}
	return slices.Clip(r.tests[n:])
}

// step follows an instruction; the result is false where nothing further on can be a guard.
func (r *guardReader) step(in *Instr, head bool) bool {
	switch in.Op {
	case OpGetConst, OpIsClass, OpIsUnion:
		return head // known of a clause before its guards are tested
	case OpAllocate, OpDealloc:
	case OpMove, OpPutArg:
		r.regs[in.B] = r.regs[in.A]
	case OpPutConst:
		r.regs[in.B] = symbol{Operand{From: FromConst}, Cell(in.Imm)}
	case OpPutFresh, OpLevel, OpLevel0:
		delete(r.regs, in.A)
	case OpGetVal, OpUnify:
		return r.test(TestEqual, 0, r.regs[in.A], r.regs[in.B])
	case OpUnifyConst:
		return r.test(TestEqual, 0, r.regs[in.A], symbol{Operand{From: FromConst}, Cell(in.Imm)})
	case OpCmp:
		return r.test(TestOrder, Operator(in.F), r.regs[in.A], r.regs[in.B])
	case OpCmpK:
		return r.test(TestOrder, Operator(in.F), r.regs[in.A], symbol{Operand{From: FromConst}, Cell(in.Imm)})
	case OpCond:
		a := r.regs[in.A]
		if a.From != FromArg && a.From != FromField {
			return false
		}
		r.add(Test{Kind: TestTrue, L: a.Operand})
	case OpDot:
		a := r.regs[in.A]
		if a.From != FromArg && a.From != FromField || Cell(in.Imm).Tag() != ATOM {
			return false
		}
		f, fits := r.field(a.Operand, Cell(in.Imm))
		if !fits {
			return false
		}
		if in.F == 0 || in.F == DotClass {
			return r.test(TestEqual, 0, symbol{Operand: f}, r.regs[in.C])
		}
		r.regs[in.C] = symbol{Operand: f}
		r.reads = append(r.reads, f)
	case OpIn:
		if list := r.regs[in.B]; in.F == 0 && list.From == FromConst && list.k.Tag() == CLIST {
			return r.member(r.regs[in.A], list.k)
		}
		if list := r.regs[in.B]; list.From == FromField && r.g.Fields[list.N].Of.From == FromArg && in.Imm != 0 {
			if s := r.scan(r.p.Scans[in.Imm-1]); s != nil {
				r.add(Test{Kind: TestSome, L: list.Operand, Scan: s})
			}
		}
		return false
	default:
		return false
	}
	return true
}

// scan returns the tests of a scan, up to the first that is not about arguments and constants only, for use before the clause has
// been entered; nil if no comparison is among them.
func (r *guardReader) scan(s *Scan) *Scan {
	out := &Scan{}
	compares := false
	for _, t := range s.Tests {
		if t.Reg != NoReg {
			switch v := r.regs[t.Reg]; {
			case v.From == FromArg:
				t.Reg = v.N
			case v.From == FromConst && t.Key == NoName && v.k.IsPlain():
				t.Reg, t.Const = NoReg, v.k
			default:
				if !compares {
					return nil
				}
				return out
			}
		}
		out.Tests = append(out.Tests, t)
		compares = compares || t.Op == ScanCompare || t.Op == ScanTrue
	}
	if !compares {
		return nil
	}
	return out
}

// test adds a comparison of two symbols, the constant on the right.
func (r *guardReader) test(kind TestKind, op Operator, a, b symbol) bool {
	if a.From == FromConst {
		a, b, op = b, a, op.Mirror()
	}
	if a.From != FromArg && a.From != FromField || b.From == FromNowhere || b.From == FromConst && !b.k.IsPlain() {
		return false
	}
	r.add(Test{Kind: kind, Op: op, L: a.Operand, R: b.Operand, Const: b.k})
	return true
}

// member adds the test whether a symbol is in a constant list. Elements that equal it more than once make several results, but what follows is the
// same for all.
func (r *guardReader) member(item symbol, list Cell) bool {
	if item.From != FromArg && item.From != FromField || len(r.g.Lists) == maxGuardLists {
		return false
	}
	r.add(Test{Kind: TestMember, L: item.Operand, R: Operand{FromConst, int16(len(r.g.Lists))}, Const: list})
	r.g.Lists = append(r.g.Lists, list)
	maps.DeleteFunc(r.regs, func(reg int16, _ symbol) bool { return reg >= 0 }) // as behind a call
	return true
}

// add adds a test, and before it the reading of fields that it is not about.
func (r *guardReader) add(t Test) {
	for _, f := range r.reads {
		if !r.leadsTo(f, t.L) && !r.leadsTo(f, t.R) {
			r.tests = append(r.tests, Test{Kind: TestRead, L: f})
		}
	}
	r.reads = r.reads[:0]
	r.tests = append(r.tests, t)
}

// leadsTo reports whether reading an operand takes reading a field.
func (r *guardReader) leadsTo(field, o Operand) bool {
	for o.From == FromField {
		if o == field {
			return true
		}
		o = r.g.Fields[o.N].Of
	}
	return false
}
