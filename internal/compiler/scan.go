package compiler

import "github.com/goso-project/goso/internal/code"

// scans finds, for each "in" of the code from an address on, what the instructions behind it ask of the elements. Up to the
// first instruction that is no plain read, move or comparison they are all that happens to an element, so that one which
// must fail there can be skipped. The instructions themselves are left as they are.
func (c *clause) scans(from int) {
	for i := from - c.prog.Base; i < len(c.prog.Instrs); i++ {
		in := &c.prog.Instrs[i]
		if in.Op != code.OpIn || in.F == 0 {
			continue
		}
		s := scanner{item: in.A, holds: map[int16]operand{}}
		end := 0 // behind the last comparison
		for k := i + 1; k < len(c.prog.Instrs); k++ {
			n := s.last
			more := s.step(&c.prog.Instrs[k])
			if s.last > n {
				end = k + 1
			}
			if !more {
				break
			}
		}
		if tests := s.used(); tests != nil {
			scan := &code.Scan{Tests: tests}
			if base := c.prog.Base; c.prog.OnlyTests(base+i+1, base+end, c.pc()) {
				scan.Skip = end - i - 1
			}
			c.prog.Scans = append(c.prog.Scans, scan)
			in.Imm = uint64(len(c.prog.Scans))
		}
	}
}

// operand is what is known of a register behind an "in".
type operand struct {
	kind operandKind
	reg  int16     // of onReg
	name code.Cell // the field, code.NoName for the thing itself
	cell code.Cell // of onConst
}

type operandKind uint8

const (
	onOther operandKind = iota // not the same for all elements, or not known
	onItem                     // the element or a field of it
	onReg                      // what a slot holds, or a field of that
	onConst
)

type scanner struct {
	item  int16
	holds map[int16]operand
	reads []operand // that no test stands for yet
	tests []code.ScanTest
	last  int // number of tests up to the last comparison
}

// used returns the tests up to the last comparison: reads behind it tell elements apart no more.
func (s *scanner) used() []code.ScanTest {
	if s.last == 0 {
		return nil
	}
	return s.tests[:s.last]
}

func (s *scanner) get(r int16) operand {
	if o, known := s.holds[r]; known {
		return o
	}
	switch {
	case r == s.item:
		return operand{kind: onItem, name: code.NoName}
	case r < 0:
		return operand{kind: onReg, reg: r, name: code.NoName}
	}
	return operand{}
}

// step follows one instruction. It is false where what happens can no longer be told.
func (s *scanner) step(in *code.Instr) bool {
	switch in.Op {
	case code.OpDot:
		o := s.get(in.A)
		if o.kind != onItem && o.kind != onReg || o.name != code.NoName {
			return false
		}
		o.name = code.Cell(in.Imm)
		s.reads = append(s.reads, o)
		if in.F == 0 {
			return s.compare(o, code.Unify, s.get(in.C))
		}
		s.holds[in.C] = o
		return in.F == 1
	case code.OpPutArg, code.OpMove:
		s.holds[in.B] = s.get(in.A)
		return true
	case code.OpPutConst:
		s.holds[in.B] = operand{kind: onConst, cell: code.Cell(in.Imm)}
		return true
	case code.OpUnify:
		return s.compare(s.get(in.A), code.Unify, s.get(in.B))
	case code.OpUnifyConst:
		return s.compare(s.get(in.A), code.Unify, operand{kind: onConst, cell: code.Cell(in.Imm)})
	case code.OpCmp:
		return s.compare(s.get(in.A), code.Operator(in.F), s.get(in.B))
	case code.OpCmpK:
		return s.compare(s.get(in.A), code.Operator(in.F), operand{kind: onConst, cell: code.Cell(in.Imm)})
	case code.OpCond:
		o := s.get(in.A)
		return o.kind == onItem && s.add(code.ScanTest{Op: code.ScanTrue, Field: o.name}, o, o)
	}
	return false
}

// compare notes a comparison of an element with something else.
func (s *scanner) compare(a operand, by code.Operator, b operand) bool {
	if b.kind == onItem {
		a, b, by = b, a, mirror(by)
	}
	if a.kind != onItem || b.kind != onReg && b.kind != onConst {
		return false
	}
	t := code.ScanTest{By: by, Field: a.name, Reg: b.reg, Key: b.name}
	if b.kind == onConst {
		t.Const, t.Reg, t.Key = b.cell, code.NoReg, code.NoName
	}
	return s.add(t, a, b)
}

// add adds a test that reads its operands, behind the reads that come before it.
func (s *scanner) add(t code.ScanTest, a, b operand) bool {
	for _, o := range s.reads {
		switch {
		case o == a || o == b:
		case o.kind == onItem:
			s.tests = append(s.tests, code.ScanTest{Op: code.ScanReadField, Field: o.name, Reg: code.NoReg, Const: code.True, Key: code.NoName})
		default:
			s.tests = append(s.tests, code.ScanTest{Op: code.ScanReadKey, Field: code.NoName, Reg: o.reg, Key: o.name})
		}
	}
	s.reads = s.reads[:0]
	if t.Op == code.ScanTrue {
		t.Reg, t.Const, t.Key = code.NoReg, code.True, code.NoName
	}
	if len(s.tests) >= code.MaxTests {
		return false
	}
	s.tests = append(s.tests, t)
	s.last = len(s.tests)
	return true
}

// mirror returns the comparison with its operands exchanged.
func mirror(o code.Operator) code.Operator {
	switch o {
	case code.Lt:
		return code.Gt
	case code.Leq:
		return code.Geq
	case code.Gt:
		return code.Lt
	case code.Geq:
		return code.Leq
	}
	return o
}
