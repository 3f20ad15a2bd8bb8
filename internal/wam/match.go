package wam

import (
	"github.com/goso-project/goso/internal/code"
)

// Numbers of the built-in classes in Snapshot.builtin.
const (
	clsBoolean = iota
	clsInteger
	clsFloat
	clsString
	clsList
	clsDictionary
)

// builtinClass returns the class number of a value that is no host object.
func (m *Machine) builtinClass(t code.Tag) int {
	b := &m.snap.builtin
	switch t {
	case code.INT, code.BIG:
		return b[clsInteger]
	case code.FLT:
		return b[clsFloat]
	case code.ATOM, code.STR:
		return b[clsString]
	case code.BOOL:
		return b[clsBoolean]
	case code.NIL, code.LST, code.CLIST, code.SLICE:
		return b[clsList]
	}
	return b[clsDictionary]
}

// shapeOf returns the shape of a host object, 0 if it has none.
func (m *Machine) shapeOf(c Cell) int {
	i := c.Index()
	if i&code.PoolBit != 0 {
		return m.snap.Constants[i&^code.PoolBit].Shape()
	}
	return int(m.shapes[i])
}

// isClass tests a bound value; host objects without a shape never come here.
func (m *Machine) isClass(c Cell, class int) status {
	if c.Tag() == code.HOST {
		return holds(m.hasClass(m.shapeOf(c), class))
	}
	return holds(m.builtinClass(c.Tag()) == class)
}

// headClass tests an argument of a compiled head; an unbound one gets a constraint.
func (m *Machine) headClass(c Cell, class int) status {
	if c.Tag() == code.REF {
		if c = m.deref(c); c.Tag() == code.REF {
			return m.constrainClass(c, class, m.p-1)
		}
	}
	return m.isClass(c, class)
}

func (m *Machine) headUnion(c Cell, union int) status {
	if c = m.deref(c); c.Tag() == code.REF {
		return m.matchUnion(c, union)
	}
	return m.isUnion(c, union)
}

func (m *Machine) isUnion(c Cell, union int) status {
	if c.Tag() == code.HOST {
		shape := m.shapeOf(c)
		return holds(shape < len(m.snap.unions) && m.snap.unions[shape]>>union&1 != 0)
	}
	for _, n := range m.prog.Unions[union] {
		if m.isClass(c, n) == ok {
			return ok
		}
	}
	return fail
}

// matchClass is "x matches C" at an address.
func (m *Machine) matchClass(v Cell, class, pc int) status {
	c := m.deref(v)
	if c.Tag() == code.REF {
		return m.constrainClass(c, class, pc)
	}
	return m.testClass(c, class, pc)
}

// start0 begins work whose items the caller has put down.
func (m *Machine) start0() status {
	m.steps = 0
	return m.runWork()
}

// matchUse is "x matches pattern": the pattern's variables are gathered on the heap.
func (m *Machine) matchUse(v Cell, u *code.MatchUse) status {
	m.freshRegs(u.Regs, u.First)
	base := len(m.h)
	for _, r := range u.Regs {
		m.h = append(m.h, m.get(r))
	}
	m.work = append(m.work, item{kind: wMatch, a: v, pat: u.Pattern, base: base})
	return m.start0()
}

// matchStep does the first step of matching a value with a pattern and leaves the rest as work.
func (m *Machine) matchStep(it item) status {
	c := m.deref(it.a)
	p := it.pat
	switch p.Kind {
	case code.PTerm, code.PVar:
		m.work = append(m.work, item{kind: wUnify, a: c, b: m.build(p.Term, it.base, nil)})
		return ok
	case code.PUnion:
		if c.Tag() == code.REF {
			return m.matchUnion(c, p.Class)
		}
		return m.testUnion(c, p.Class)
	case code.PClass:
		m.pushFields(c, it)
		if c.Tag() == code.REF {
			return m.constrainClass(c, p.Class, m.patternPC(it))
		}
		return m.testClass(c, p.Class, m.patternPC(it))
	case code.PDict:
		m.pushFields(c, it)
		return ok
	}
	return m.matchList(c, it)
}

// patternPC returns the address that stands for the pattern of an item: its parameter, or the instruction that matches.
func (m *Machine) patternPC(it item) int {
	if it.at != 0 {
		return int(it.at)
	}
	return m.p - 1
}

// pushFields leaves the fields as work, the first (in descending order of keys) on top.
func (m *Machine) pushFields(c Cell, it item) {
	for i := len(it.pat.Fields) - 1; i >= 0; i-- {
		m.work = append(m.work, item{kind: wField, at: it.at, a: c, pat: it.pat, base: it.base, n: i})
	}
}

// testClass tests the class of a bound value; a host object without a shape is a question for the host.
func (m *Machine) testClass(c Cell, class, pc int) status {
	if c.Tag() == code.HOST && m.shapeOf(c) == 0 {
		m.ev = Event{Kind: EventIsa, Recv: m.valueOf(c), Name: m.className(class), PC: pc}
		m.pend = pending{kind: pdWorkBool}
		return stop
	}
	return m.isClass(c, class)
}

func (m *Machine) testUnion(c Cell, union int) status {
	if c.Tag() == code.HOST && m.shapeOf(c) == 0 {
		return fail // members are registered classes, and their instances have shapes
	}
	return m.isUnion(c, union)
}

// matchList matches a list element by element; an unbound variable becomes a list of fresh variables first.
func (m *Machine) matchList(c Cell, it item) status {
	p := it.pat
	items := make([]Cell, len(p.Items))
	tail := code.EmptyLst
	if p.Rest != nil {
		tail = m.build(p.Rest, it.base, nil)
	}
	for i := len(items) - 1; i >= 0; i-- {
		items[i] = m.newVar()
		tail = m.cons(items[i], tail)
	}
	for i := len(items) - 1; i >= 0; i-- {
		m.work = append(m.work, item{kind: wMatch, at: it.at, a: items[i], pat: p.Items[i], base: it.base})
	}
	m.work = append(m.work, item{kind: wUnify, a: c, b: tail})
	return ok
}

// fieldStep looks up one field of a value for a pattern.
func (m *Machine) fieldStep(it item) status {
	c := m.deref(it.a)
	f := &it.pat.Fields[it.n]
	switch c.Tag() {
	case code.DICT:
		v, found := m.dictGet(c, f.Atom)
		if !found {
			return fail
		}
		m.work = append(m.work, item{kind: wMatch, at: it.at, a: v, pat: f.Pattern, base: it.base})
		return ok
	case code.REF:
		var t Cell
		switch f.Pattern.Kind {
		case code.PTerm, code.PVar:
			t = m.build(f.Pattern.Term, it.base, nil)
		default:
			t = m.newVar()
			m.work = append(m.work, item{kind: wMatch, at: it.at, a: t, pat: f.Pattern, base: it.base})
		}
		return m.constrain(code.Dot, m.patternPC(it), t, c, f.Atom)
	}
	if c.Tag() == code.HOST {
		if v, found := m.readField(c, f.Atom); found {
			m.work = append(m.work, item{kind: wMatch, at: it.at, a: v, pat: f.Pattern, base: it.base})
			return ok
		}
	}
	m.ev = Event{Kind: EventLookup, Recv: m.valueOf(c), Name: f.Key, Pattern: true, PC: m.patternPC(it)}
	m.pend = pending{kind: pdField, it: item{at: it.at, pat: f.Pattern, base: it.base}}
	return stop
}
