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
//
// A hop to each element of a list leads to a tree of objects, most of which are leaves: their own lists are empty. Those that the guards
// leave out are passed by in the same way.

// stair is what a clause that a climb passes by asks first: that a field of the object equals a field of another argument, or a literal; or
// that some element of a list passes tests that are about other arguments.
type stair struct {
	field   Cell // of the object
	of      int16
	other   Cell // the field of argument of; NoName for the literal
	literal Cell
	some    *code.Scan // the tests of elements; nil for a comparison
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
	if h.Then != int(e.pred)-1 || !e.again(p, h) {
		return
	}
	e.climbs = in.A
	k := slices.Index(p.checked, int(h.From))
	if k < 0 || e.keys[k].Tag() != code.HOST {
		return
	}
	e.shape = e.keys[k].Index()
	scans := 0
	for _, n := range e.found[:len(e.found)-1] {
		s, able := g.stair(n, h.From)
		if s.some != nil {
			scans++
		}
		if !able || len(e.stairs) == maxStairs || scans > 1 {
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
	if len(tests) == 0 {
		return stair{}, false
	}
	t := &tests[0]
	l, of := g.argument(t.L)
	if t.Kind == code.TestSome && of == object {
		return stair{field: l, some: t.Scan}, !slices.ContainsFunc(t.Scan.Tests, func(s code.ScanTest) bool { return s.Reg == object })
	}
	if t.Kind != code.TestEqual {
		return stair{}, false
	}
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
	if h.List != code.NoName || from.Tag() != code.HOST || !m.mayClimb() {
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
	if same && !watched && shape == e.shape {
		x = m.climbStairs(e, x)
	}
	m.x[h.From] = m.hostCell(x, shape)
	if !same || watched {
		return climbedOff
	}
	return climbed
}

// mayClimb reports whether the calls of a step are within what is not tested at every call.
func (m *Machine) mayClimb() bool { return m.depth < m.maxDepth && m.calls+2 < m.nextCheck }

// climbStairs climbs on from an object of the shape as long as nothing but loads takes it. It returns the object that it came to.
func (m *Machine) climbStairs(e *selection, x any) any {
	var steps [maxStairs]step
	if !m.prepareSteps(&steps, e, x) {
		return x
	}
	hop := m.hopSlot(e.climbs, e.shape) // that of the hop to x, which is from an object of the same shape
	for m.mayClimb() && m.pass(&steps, e, x) {
		at, able := hop.owner.Target(x)
		if !able {
			break
		}
		next, found := hop.value.Target.Load(at.Field(&hop.way))
		if !found {
			break
		}
		x = next
		m.calls += 2
		m.depth++
	}
	return x
}

// passLeaves returns the first element of a list, from i on, of which it is not certain that the call for it fails: because guards leave out
// all clauses but the one that hops, and there is nothing to hop to.
func (m *Machine) passLeaves(h *code.Hop, e *selection, l *hostList, i int) int {
	if len(e.stairs) == 0 || m.depth >= m.maxDepth || l.elem == nil || l.elem.Kind != PlanPointer || l.elem.Shape != e.shape {
		return i
	}
	var steps [maxStairs]step
	var list step
	for prepared := false; i < l.items.Len() && m.calls+1 < m.nextCheck; i++ {
		x, found := l.elem.Target.Load(l.items.At(i))
		if !found {
			break
		}
		if !prepared {
			if !m.prepareSteps(&steps, e, x) || !list.find(m, x, e.shape, h.List) || list.value.Kind != PlanList {
				break
			}
			prepared = true
		}
		at, able := list.at(x)
		if !able {
			break
		}
		if below := at.Slice(list.value.Items); below.Len() > 0 || !m.pass(&steps, e, x) {
			break
		}
		m.calls++
	}
	return i
}

// step is a stair for objects of one shape: where the field lies, and what it is compared with.
type step struct {
	fieldSlot
	n    int64
	text string
}

// find finds the field of objects like x. It reports false if there is none.
func (s *step) find(m *Machine, x any, shape int, field Cell) bool {
	f := m.fieldSlot(x, shape, field)
	if f == nil {
		return false
	}
	s.fieldSlot = *f
	return true
}

// at returns where the field of an object lies. It is not able to for an object of another type.
func (f *fieldSlot) at(x any) (at access.Place, able bool) {
	if at, able = f.owner.Target(x); able {
		at = at.Field(&f.way)
	}
	return at, able
}

// prepareSteps prepares to climb stairs from an object like x. It reports false where there are none, or where that takes more than a look.
func (m *Machine) prepareSteps(steps *[maxStairs]step, e *selection, x any) bool {
	for i := range e.stairs {
		if !m.prepareStep(&steps[i], &e.stairs[i], x, e.shape) {
			return false
		}
	}
	return len(e.stairs) > 0 && m.merges
}

func (m *Machine) prepareStep(s *step, t *stair, x any, shape int) bool {
	if !s.find(m, x, shape, t.field) {
		return false
	}
	if t.some != nil {
		m.probes.prepare(t.some, 0)
		return m.without&Scans == 0 && s.value.Kind == PlanList && s.value.Elem.Kind != PlanNone
	}
	if s.value.Kind != PlanInt && s.value.Kind != PlanString {
		return false
	}
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

// pass reports whether all clauses that ask something of an object certainly fail.
func (m *Machine) pass(steps *[maxStairs]step, e *selection, x any) bool {
	for i := range e.stairs {
		s := &steps[i]
		at, able := s.at(x)
		if !able {
			return false
		}
		switch s.value.Kind {
		case PlanInt:
			if at.Int(s.value.Number) == s.n {
				return false
			}
		case PlanString:
			if different, sure := compareTexts(at.String(), code.Neq, s.text); !sure || different != ok {
				return false
			}
		default:
			l := hostList{elem: s.value.Elem, items: at.Slice(s.value.Items)}
			if n := l.items.Len(); n > maxGuarded || m.firstMatch(&m.probes, &l, 0, n) < n {
				return false
			}
		}
	}
	return true
}
