package code

import (
	"fmt"
	"strings"
)

// Scan says what the conditions behind an instruction "in" ask of each element, as far as that can be told without running
// them: an element that fails a test need not be looked at further. The conditions stay in the code, and decide.
type Scan struct {
	Tests []ScanTest // in the order of the conditions
	// Skip is how many instructions behind the "in" hold, and are of no further use, for an element that passes all tests.
	Skip int
}

// ScanTest is one thing that happens to each element: a comparison of the element, or of a field of it, with something that is
// the same for all elements.
type ScanTest struct {
	Op    ScanOp
	By    Operator // ScanCompare: Unify, or a comparison
	Field Cell     // name of the element's field, NoName for the element itself
	// The other operand: a constant, or what a slot of the environment holds, or a field of that.
	Const Cell
	Reg   int16 // NoReg: Const
	Key   Cell  // name of the field of Reg, NoName for Reg itself
}

// ScanOp is the kind of a ScanTest.
type ScanOp uint8

// The kinds of tests. Reads are those that no comparison stands for; they count because they may fail or be errors.
const (
	ScanCompare   ScanOp = iota // the operands must compare by By
	ScanTrue                    // the element or field must be true
	ScanReadField               // Field of the element is read
	ScanReadKey                 // Key of Reg is read
)

// NoName stands for no field. No string has this cell.
const NoName = ListEnd

// MaxTests bounds the tests of a scan.
const MaxTests = 4

// scan lists the tests of an "in".
func (l *lister) scan(s *Scan) string {
	var tests []string
	for i := range s.Tests {
		t := &s.Tests[i]
		item := "item" + l.part(t.Field)
		other := l.cell(t.Const)
		if t.Reg != NoReg {
			other = reg(t.Reg) + l.part(t.Key)
		}
		switch t.Op {
		case ScanCompare:
			tests = append(tests, item+" "+t.By.Text()+" "+other)
		case ScanTrue, ScanReadField:
			tests = append(tests, item)
		case ScanReadKey:
			tests = append(tests, other)
		}
	}
	text := "where " + strings.Join(tests, " and ")
	if s.Skip > 0 {
		text += fmt.Sprintf(", for the next %d", s.Skip)
	}
	return text
}

func (l *lister) part(name Cell) string {
	if name == NoName {
		return ""
	}
	return "." + strings.Trim(l.cell(name), `"`)
}

// scan checks the tests of an "in".
func (f *flow) scan(pc int, s *Scan) {
	if s.Skip < 0 || pc+1+s.Skip > f.to || s.Skip > 0 && !f.v.p.OnlyTests(pc+1, pc+1+s.Skip, f.to) {
		f.failf(pc, "a scan that skips %d instructions", s.Skip)
		return
	}
	text := func(c Cell) bool { return c.Tag() == ATOM || c.Tag() == STR }
	for i := range s.Tests {
		t := &s.Tests[i]
		if len(s.Tests) > MaxTests || t.Op > ScanReadKey || t.Op == ScanCompare && t.By != Unify && (t.By < Eq || t.By > Geq) {
			f.failf(pc, "a scan of %d tests, of kind %d by %s", len(s.Tests), t.Op, t.By)
			return
		}
		for _, name := range []Cell{t.Field, t.Key} {
			if name != NoName && !text(name) {
				f.failf(pc, "a field has no name")
				return
			}
			if name != NoName {
				f.v.constant(name, f.where, 0)
			}
		}
		switch {
		case t.Reg == NoReg:
			f.v.constant(t.Const, f.where, 0)
		case t.Reg >= 0:
			f.failf(pc, "a scan reads %s, which alternatives do not restore", reg(t.Reg))
		default:
			f.read(pc, t.Reg, 'r')
		}
	}
}
