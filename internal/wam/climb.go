package wam

import (
	"slices"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/code"
)

// A clause may hop (hop.go) to call its own predicate again with nothing changed but the object:
//
//	has_role(user: User, "viewer", folder: Folder) if folder.OwnerId = user.Id;
//	has_role(actor: Actor, "viewer", folder: Folder) if
//	  has_relation(parent, "parent", folder) and has_role(actor, "viewer", parent);
//
// As long as the objects are of one shape, each such call selects the clauses that the one before did. Where guards leave out all but this
// clause, the machine climbs from object to object and tests the guards of each, without going through the calls. Where each guard compares a
// field of the object with what is the same at each step, the climb is a loop of a few loads.
//
// Calls and their depth are counted as if they were made.

// stair is what a clause that a climb passes by asks first: that a field of the object equals a field of another argument, or a literal.
type stair struct {
	field   Cell // of the object
	of      int16
	other   Cell // the field of argument of; NoName for the literal
	literal Cell
}

// maxStairs bounds the clauses that a climb passes by.
const maxStairs = 4

// initClimb finds out whether the last clause of a selection is one to climb by.
func (m *Machine) initClimb(p *predInfo, e *selection, g *guards) {
	in := &m.code[e.code[len(e.code)-1]]
	if in.Op != code.OpAllocate || in.A == 0 || g == nil {
		return
	}
	h := m.prog.Hops[in.A-1]
	if h.List != code.NoName || h.Then != int(e.pred)-1 || !e.again(p, h) {
		return
	}
	e.climbs = in.A
	for _, n := range e.found[:len(e.found)-1] {
		s, able := g.stair(n, h.From)
		if !able || len(e.stairs) == maxStairs {
			e.stairs = e.stairs[:0]
			return
		}
		e.stairs = append(e.stairs, s)
	}
}

// again reports whether the last call of a hop differs from the calls of a selection in the object alone.
func (e *selection) again(p *predInfo, h *code.Hop) bool {
	moves := false
	for i := range h.Last {
		a := &h.Last[i]
		switch k := slices.Index(p.checked, int(a.To)); {
		case a.From == code.FromHop && a.To == h.From:
			moves = true
		case a.From != code.FromConst || k < 0 || e.keys[k] != a.Const:
			return false
		}
	}
	return moves
}

// stair returns what a clause asks first of an argument, if that is all that has to be known to pass it by.
func (g *guards) stair(n int32, object int16) (stair, bool) {
	tests := g.Bodies[n]
	for len(tests) > 1 && tests[0].Kind == code.TestRead && (tests[0].L == tests[1].L || tests[0].L == tests[1].R) {
		tests = tests[1:] // what is compared next is read in any case
	}
	if len(tests) == 0 || tests[0].Kind != code.TestEqual {
		return stair{}, false
	}
	t := &tests[0]
	l, of := g.argument(t.L)
	r, with := g.argument(t.R)
	switch {
	case of == object && t.R.From == code.FromConst:
		return stair{field: l, other: code.NoName, literal: t.Const}, true
	case of == object && with >= 0 && with != object:
		return stair{field: l, of: with, other: r}, true
	case with == object && of >= 0 && of != object:
		return stair{field: r, of: of, other: l}, true
	}
	return stair{}, false
}

// argument returns the name of a field with the argument that has it, which is -1 for what is no field of an argument.
func (g *guards) argument(o code.Operand) (field Cell, of int16) {
	if o.From != code.FromField || g.Fields[o.N].Of.From != code.FromArg {
		return 0, -1
	}
	return g.Fields[o.N].Key, g.Fields[o.N].Of.N
}

// ascent is what came of an attempt to climb.
type ascent uint8

const (
	grounded   ascent = iota // nothing has been done: the clause's code has to run
	climbed                  // the argument is another object, of the same shape
	climbedOff               // it is one of another shape, or the call may have failed before
	climbedOut               // there is no object of the class asked for
)

// climb makes hops from the object, of which it is known that a selection leaves no clause but the last. At least one is made.
func (m *Machine) climb(p *predInfo, e *selection) ascent {
	h := m.prog.Hops[e.climbs-1]
	from := m.deref(m.x[h.From])
	if from.Tag() != code.HOST || !m.mayClimb() {
		return grounded
	}
	x, shape, able := m.hopObject(h, e.climbs)
	switch {
	case m.err != nil:
		return climbedOut
	case !able:
		return grounded
	case shape < 0:
		m.calls++
		return climbedOut
	}
	m.calls += 2
	m.depth++
	same, watched := shape == m.shapeOf(from), m.failed.on && p.classed && len(m.ch) != 1
	if same && !watched && len(e.stairs) > 0 && m.merges {
		x = m.climbStairs(h, e, x, shape)
	}
	m.x[h.From] = m.hostCell(x, shape)
	if !same || watched {
		return climbedOff
	}
	return climbed
}

// mayClimb reports whether the calls of a step are within what is not tested at every call.
func (m *Machine) mayClimb() bool { return m.depth < m.maxDepth && m.calls+2 < m.nextCheck }

// climbStairs climbs on from an object as long as nothing but loads takes it. It returns the object that it came to.
func (m *Machine) climbStairs(h *code.Hop, e *selection, x any, shape int) any {
	var steps [maxStairs]step
	for i := range e.stairs {
		if !m.prepareStep(&steps[i], &e.stairs[i], x, shape) {
			return x
		}
	}
	hop := m.hopSlot(e.climbs, shape) // that of the hop to x, which is from an object of the same shape
	for m.mayClimb() {
		for i := range e.stairs {
			if !steps[i].passes(x) {
				return x
			}
		}
		at, able := hop.owner.Target(x)
		if !able {
			return x
		}
		next, found := hop.value.Target.Load(at.Field(&hop.way))
		if !found {
			return x
		}
		x = next
		m.calls += 2
		m.depth++
	}
	return x
}

// step is a stair for objects of one shape: where the field lies, and what it is compared with.
type step struct {
	owner access.Type
	way   access.Field
	value *Plan
	n     int64
	text  string
}

// prepareStep prepares to compare the field of objects like x. It reports false where that takes more than a look.
func (m *Machine) prepareStep(s *step, t *stair, x any, shape int) bool {
	f := m.fieldSlot(x, shape, t.field)
	if f == nil || f.value.Kind != PlanInt && f.value.Kind != PlanString {
		return false
	}
	s.owner, s.way, s.value = f.owner, f.way, f.value
	if t.other == code.NoName {
		switch {
		case s.value.Kind == PlanInt && t.literal.Tag() == code.INT:
			s.n = t.literal.Int()
		case s.value.Kind == PlanString && t.literal.Tag() == code.ATOM:
			s.text = m.prog.Atoms[t.literal.Index()]
		default:
			return false
		}
		return true
	}
	at, p := m.placeOf(m.x[t.of], t.other)
	switch {
	case p == nil || p.Kind != s.value.Kind:
		return false
	case p.Kind == PlanInt:
		s.n = at.Int(p.Number)
	default:
		s.text = at.String()
	}
	return true
}

// passes reports whether the field of an object certainly differs.
func (s *step) passes(x any) bool {
	at, able := s.owner.Target(x)
	if !able {
		return false
	}
	at = at.Field(&s.way)
	if s.value.Kind == PlanInt {
		return at.Int(s.value.Number) != s.n
	}
	different, sure := compareTexts(at.String(), code.Neq, s.text)
	return sure && different == ok
}
