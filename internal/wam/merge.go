package wam

import (
	"cmp"
	"strings"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/code"
)

// dotMerged is a dot with the comparison that it is merged with (code.Program.MergeReads). What can be compared where it lies
// is, and the comparison is behind; all else is left to the instructions one by one.
func (m *Machine) dotMerged(in *code.Instr) status {
	if m.merges {
		if s, known := m.merged(in); known {
			m.p += int(in.B)
			return s
		}
	}
	return m.dot(in)
}

// merged makes the comparison of a dot; false where that takes more than a look.
func (m *Machine) merged(in *code.Instr) (s status, known bool) {
	at, p := m.fieldOf(in)
	if p == nil {
		return fail, false
	}
	compare := m.instr(m.p + int(in.B) - 1)
	if compare.Op == code.OpIn {
		return m.mergedIn(in, compare, at, p)
	}
	o := m.otherSide(in, compare)
	if o.plan != nil && o.plan.Kind != p.Kind {
		return fail, false
	}
	switch p.Kind {
	case PlanInt:
		n, found := o.int()
		return holds(decide(o.by, cmp.Compare(at.Int(p.Number), n))), found
	case PlanString:
		if text, found := m.sideText(&o); found {
			return compareTexts(at.String(), o.by, text)
		}
	}
	return fail, false
}

// side is what a field is compared with: another field, or a cell.
type side struct {
	by   code.Operator
	plan *Plan // nil for a cell
	at   access.Place
	cell Cell
}

// otherSide returns what the field of a dot is compared with, for the field on the left of the operator.
func (m *Machine) otherSide(in, compare *code.Instr) side {
	o := side{by: code.Eq}
	switch compare.Op {
	case code.OpDot:
		o.at, o.plan = m.fieldOf(compare)
		return o
	case code.OpCmpK, code.OpUnifyConst:
		if o.cell = Cell(compare.Imm); compare.Op == code.OpCmpK {
			o.by = code.Operator(compare.F)
		}
		return o
	case code.OpCmp:
		o.by = code.Operator(compare.F)
	}
	reg := compare.B
	if compare.A != in.C {
		reg, o.by = compare.A, o.by.Mirror()
	}
	if in.B == 2 {
		o.at, o.plan = m.fieldOf(m.instr(m.p))
	} else {
		o.cell = m.deref(m.get(reg))
	}
	return o
}

// int returns an integer; false for any other value.
func (o *side) int() (int64, bool) {
	if o.plan != nil {
		return o.at.Int(o.plan.Number), true
	}
	return o.cell.Int(), o.cell.Tag() == code.INT
}

// sideText returns a string as the host or the machine has it; false for any other value.
func (m *Machine) sideText(o *side) (string, bool) {
	if o.plan != nil {
		return o.at.String(), true
	}
	if isText(o.cell.Tag()) {
		return m.text(o.cell), true
	}
	return "", false
}

// mergedIn is "in" for an item that occurs in a list of a field once, or not at all. The field of the dot is either.
func (m *Machine) mergedIn(in, op *code.Instr, at access.Place, p *Plan) (s status, known bool) {
	item := side{at: at, plan: p}
	if op.B == in.C {
		item = m.otherSide(in, op)
	} else if in.B == 2 {
		at, p = m.fieldOf(m.instr(m.p))
	} else {
		return fail, false
	}
	if p == nil || p.Kind != PlanList || item.plan != nil && item.plan.Kind != p.Elem.Kind {
		return fail, false
	}
	list := at.Slice(p.Items)
	if list.Len() > code.MaxSlice {
		return fail, false
	}
	switch p.Elem.Kind {
	case PlanInt:
		if n, found := item.int(); found {
			i := list.IndexInt(p.Elem.Number, n, 0)
			return holds(i >= 0), i < 0 || list.IndexInt(p.Elem.Number, n, i+1) < 0
		}
	case PlanString:
		if text, found := m.sideText(&item); found && plainText(text) {
			i := list.IndexString(text, 0)
			return holds(i >= 0), i < 0 || list.IndexString(text, i+1) < 0
		}
	}
	return fail, false
}

// fieldOf returns where the field lies that a dot reads, with its plan, nil if it cannot be read in place.
func (m *Machine) fieldOf(in *code.Instr) (access.Place, *Plan) {
	return m.placeOf(m.get(in.A), Cell(in.Imm))
}

// placeOf returns where a field lies, with its plan, nil if it cannot be read in place.
func (m *Machine) placeOf(c, key Cell) (access.Place, *Plan) {
	if c.Tag() == code.REF {
		c = m.deref(c)
	}
	if c.Tag() != code.HOST {
		return access.Place{}, nil
	}
	object, shape := m.object(c)
	return m.fieldAt(object, shape, key)
}

// compareTexts compares strings as the host has them. What is no UTF-8 becomes another string: different ones may be the same then, but
// not if one of them is plain.
func compareTexts(a string, by code.Operator, b string) (status, bool) {
	if by > code.Neq {
		return holds(decide(by, strings.Compare(a, b))), plainText(a) && plainText(b)
	}
	same := a == b
	return holds(same == (by == code.Eq)), same || plainText(b) || plainText(a)
}
