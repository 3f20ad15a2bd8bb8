package wam

import (
	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/code"
)

// A clause that goes from an argument to another object and ends with a call about that (code.Hop) needs none of its instructions
// if the object is an element of a list that can be read in place. Nor does it if the object is what a plain field of the argument holds:
// the rule between then has one clause for the argument's class, which reads the field,
//
//	has_relation(parent: Folder, "parent", folder: Folder) if parent = folder.Parent;
//
// The machine reads the field, counts the call that it has not made, and makes the last call. Which field that is depends on the hop and on the
// shape of the argument alone, and is remembered by both. Whatever is not as simple as that is left to the clause's code.

// hopSlot remembers what a hop leads to from a shape.
type hopSlot struct {
	hop     int16 // number plus one
	able    bool  // by a field that is a pointer
	fits    bool  // of the class that the rule asks for
	nilFits bool  // and nil is, too
	from    int   // the shape
	owner   access.Type
	way     access.Field
	value   *Plan
}

const (
	hopBits  = 6
	hopSlots = 1 << hopBits
)

// hop is an allocate of a clause that is a hop.
func (m *Machine) hop(in *code.Instr) status {
	if m.hops {
		h := m.prog.Hops[in.A-1]
		if h.List != code.NoName {
			e := m.picked
			m.picked = nil
			if s, done := m.hopEach(h, in.A, e); done {
				return s
			}
		} else if m.depth < m.maxDepth && m.calls+1 < m.nextCheck {
			if s, done := m.hopTo(h, in.A); done {
				return s
			}
		}
	}
	m.allocate(int(in.Imm))
	m.keepArgs()
	return ok
}

// hopTo makes a hop by a rule. It reports false, and has done nothing, where that takes more than a look.
func (m *Machine) hopTo(h *code.Hop, number int16) (s status, done bool) {
	x, shape, done := m.hopObject(h, number)
	if !done {
		return stop, m.err != nil
	}
	m.calls++
	if shape < 0 {
		return fail, true
	}
	return m.arrive(h, m.hostCell(x, shape)), true
}

// hopEach makes a hop to the first element of a list, of those that do not certainly fail. It reports false, and has done nothing, for a list that
// cannot be read in place. E is what was selected to make it, if that is known.
func (m *Machine) hopEach(h *code.Hop, number int16, e *selection) (s status, done bool) {
	at, p := m.placeOf(m.x[h.From], h.List)
	if p == nil || p.Kind != PlanList {
		return ok, false
	}
	l := hostList{elem: p.Elem, items: at.Slice(p.Items)}
	n, i := l.items.Len(), 0
	if n > code.MaxSlice {
		return ok, false
	}
	c := choice{kind: chHop, nargs: int16(h.Arity), pos: int32(number)}
	if e != nil && e.climbs == number {
		i = m.passLeaves(h, e, &l, 0)
		c.b, c.b2 = Cell(e.ticket), e.index
	}
	if i == n {
		return fail, true
	}
	if i+1 < n {
		m.addList(l)
		c.args = m.saveArgs(h.Arity)
		c.a = code.MakeSlice(len(m.seqs)-1, i+1)
		m.push(c)
	}
	return m.hopElement(h, &l, i), true
}

// nextHop goes on with a choice point of hopEach.
func (m *Machine) nextHop(c *choice) status {
	m.restoreArgs(c)
	n, i := c.a.Slice()
	h, l := m.prog.Hops[c.pos-1], &m.seqs[n]
	if e := m.selectionOf(c); e != nil {
		i = m.passLeaves(h, e, l, i)
	}
	switch size := l.size(); {
	case i == size:
		m.pop()
		return fail
	case i+1 < size:
		c.a = code.MakeSlice(n, i+1)
	default:
		m.pop()
	}
	return m.hopElement(h, l, i)
}

// selectionOf returns what was selected to make the hop of a choice point, nil if that is not known any more.
func (m *Machine) selectionOf(c *choice) *selection {
	if c.b == 0 {
		return nil
	}
	if e := &m.selections[c.b2]; e.ticket == uint64(c.b) {
		return e
	}
	return nil
}

// hopElement makes a hop to an element of a list.
func (m *Machine) hopElement(h *code.Hop, l *hostList, i int) status {
	c, err := m.elementAt(l, i)
	if err != nil {
		return m.throw(err)
	}
	return m.arrive(h, c)
}

// arrive makes the last call of a hop.
func (m *Machine) arrive(h *code.Hop, object Cell) status {
	for i := range h.Last {
		switch a := &h.Last[i]; a.From {
		case code.FromHop:
			m.x[a.To] = object
		case code.FromConst:
			m.x[a.To] = a.Const
		default:
			m.x[a.To] = m.x[a.N]
		}
	}
	return m.call(h.Then)
}

// hopObject returns what a hop leads to, with its shape, which is -1 if that is not of the class that the rule between asks for. It is not
// able where the rule has to be called.
func (m *Machine) hopObject(h *code.Hop, number int16) (x any, shape int, able bool) {
	c := m.x[h.From]
	if c.Tag() == code.REF {
		c = m.deref(c)
	}
	if c.Tag() != code.HOST {
		return nil, 0, false
	}
	object, shape := m.object(c)
	s := m.hopSlot(number, shape)
	if s.hop != number || s.from != shape {
		m.findHop(s, h, number, c)
	}
	if !s.able {
		return nil, 0, false
	}
	at, able := s.owner.Target(object)
	if !able {
		return nil, 0, false
	}
	x, found := s.value.Target.Load(at.Field(&s.way))
	shape, fits := s.value.Shape, s.fits
	if !found {
		shape, fits = s.value.Nil, s.nilFits
	}
	if !fits {
		shape = -1
	}
	return x, shape, true
}

// hopSlot returns where the field of a hop is remembered, if it is.
func (m *Machine) hopSlot(number int16, shape int) *hopSlot {
	if m.hopped == nil {
		m.hopped = new([hopSlots]hopSlot)
	}
	return &m.hopped[(uint64(number)^uint64(shape)<<32)*0x9E3779B97F4A7C15>>(64-hopBits)]
}

// findHop finds what a hop leads to from an object.
func (m *Machine) findHop(s *hopSlot, h *code.Hop, number int16, from Cell) {
	object, shape := m.object(from)
	*s = hopSlot{hop: number, from: shape}
	key, class := m.hopField(h, from)
	if m.err != nil { // the query ended meanwhile
		s.hop = 0
		return
	}
	if key == 0 {
		return
	}
	f := m.fieldSlot(object, shape, key)
	if f == nil || f.value.Kind != PlanPointer || f.value.Shape == 0 {
		return
	}
	s.able, s.owner, s.way, s.value = true, f.owner, f.way, f.value
	s.fits = class < 0 || m.hasClass(f.value.Shape, class)
	s.nilFits = class < 0 || m.hasClass(f.value.Nil, class)
}

// hopField returns the field that a hop from an object reads, 0 if it does more, and the class that it asks for, -1 for none.
func (m *Machine) hopField(h *code.Hop, object Cell) (key Cell, class int) {
	if m.shapeOf(object) == 0 {
		return 0, -1
	}
	p := &m.snap.preds[h.Pred]
	for k, pos := range p.checked {
		plain := code.ModeClass
		if h.Args[pos].From == code.FromConst {
			plain |= code.ModeLiteral | code.ModeList | code.ModeDeep
		}
		if p.modes[k]&^plain != 0 {
			return 0, -1
		}
	}
	top, args := len(m.h), m.saveArgs(len(h.Args))
	var of, to int16
	for i := range h.Args {
		switch a := &h.Args[i]; a.From {
		case code.FromHop:
			to, m.x[a.To] = a.To, m.newVar()
		case code.FromConst:
			m.x[a.To] = a.Const
		default:
			of, m.x[a.To] = a.To, object
		}
	}
	list, able := m.selected(p)
	copy(m.x, m.as[args:])
	m.as, m.h = m.as[:args], m.h[:top]
	if !able || len(list) != 1 {
		return 0, -1
	}
	return m.fieldRule(p.pred.Clauses[list[0]], of, to)
}

// fieldRule returns the field that a clause reads of one argument to say what another, unbound, is, and the class that it asks of that, -1
// for none. The key is 0 if the clause is any other.
func (m *Machine) fieldRule(cl *code.Clause, of, to int16) (key Cell, class int) {
	class = -1
	for pc := cl.Head(); pc < int(cl.Body); pc++ {
		switch in := &m.code[pc]; {
		case in.Op == code.OpIsClass && in.A == to && in.F != 0:
			class = int(in.Imm)
		case in.Op != code.OpGetConst && in.Op != code.OpIsClass && in.Op != code.OpIsUnion || in.A == to:
			return 0, -1
		}
	}
	read, end := &m.code[cl.Body], &m.code[cl.Body+1]
	if !cl.Exact || read.Op != code.OpDot || read.A != of || read.C != to || read.F == 1 || Cell(read.Imm).Tag() != code.ATOM || end.Op != code.OpProceed {
		return 0, -1
	}
	return Cell(read.Imm), class
}
