package wam

import (
	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/code"
)

// A head such as has_relation(p: Folder, "parent", f: Folder) if p = f.Parent, called with p unbound, would put a constraint
// on p that the first condition of the body wakes at once. The compiler marks both, and the machine tests the value that is
// looked up before p gets it. Whatever is not as simple as that makes the constraint after all, before the look-up is made.

// classLater is a class test that is left to the next dot if the argument is unbound.
func (m *Machine) classLater(in *code.Instr) status {
	m.later = 0
	c := m.deref(m.x[in.A])
	if m.without&Shortcuts == 0 && !m.watched && c.Tag() == code.REF && !m.constrained(c) {
		m.later, m.laterPC = int(in.Imm)+1, m.p-1
		return ok
	}
	return m.headClass(c, int(in.Imm))
}

// dotClass is dot for a parameter whose class may be left to test. Where more than a look is
// needed, or the rest of the head has given the parameter a value, the test comes first and the instruction is run again.
func (m *Machine) dotClass(in *code.Instr) status {
	if m.later == 0 {
		unify := *in
		unify.F = 0
		return m.dot(&unify)
	}
	class := m.later - 1
	m.later = 0
	t := m.deref(m.get(in.C))
	if t.Tag() != code.REF {
		m.p--
		return m.testClass(t, class, m.laterPC)
	}
	if at, p := m.placeOf(m.get(in.A), Cell(in.Imm)); p != nil && p.Kind == PlanPointer && p.Shape != 0 && m.trace == nil && !m.constrained(t) {
		return m.bindPointer(t, p, at, class)
	}
	if c := m.deref(m.get(in.A)); c.Tag() == code.HOST && !m.constrained(t) {
		if v, found := m.readField(c, Cell(in.Imm)); found && (v.Tag() != code.HOST || m.shapeOf(v) != 0) {
			if m.isClass(v, class) != ok {
				return fail
			}
			m.bind(t.Index(), v)
			return ok
		}
	}
	m.p--
	return m.constrainClass(t, class, m.laterPC)
}

// bindPointer binds a variable to the object that a pointer leads to, if that is of a class.
func (m *Machine) bindPointer(t Cell, p *Plan, at access.Place, class int) status {
	x, found := p.Target.Load(at)
	shape := p.Shape
	if !found {
		shape = p.Nil
	}
	if !m.hasClass(shape, class) {
		return fail
	}
	m.bind(t.Index(), m.hostCell(x, shape))
	return ok
}
