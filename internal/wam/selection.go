package wam

import "github.com/goso-project/goso/internal/code"

// A machine remembers which clauses its calls selected. What callPure selects, and in which order, depends only on the
// predicate and on a key for each argument that its clauses look at: the class of an object, the kind of another value,
// and the value itself where clauses compare it with literals. The memory is the machine's own, so that no cache line is
// shared; it holds for one snapshot.
//
// A variable of which constraints say one class has that class as its key (unknown.go).

const (
	selections    = 128 // a power of two
	selectionKeys = 6   // predicates that look at more arguments are not remembered
	maxSelected   = 32  // nor are longer lists
)

type selection struct {
	pred    int32   // number of the predicate plus one, 0 for an empty entry
	long    bool    // too many clauses match, or their order depends on more than the keys
	closure int32   // what the call leads to by renamings, as a number plus one, 0 if by none
	tests   bool    // some of the clauses found have guards
	climbs  int16   // the last clause found calls the predicate again, for the object that a hop leads to: its number plus one; else 0
	stairs  []stair // what the others ask of the object, if that can be told without their guards
	shape   int     // of the object
	index   int32   // of the entry
	ticket  uint64  // tells it from what the entry was before
	keys    [selectionKeys]Cell
	found   []int32 // clauses that match, in calling order
	code    []int32 // where to enter each: behind those tests of its head that all calls with these keys pass
}

// kindKey is the key of a value of which only the kind counts.
func kindKey(t code.Tag) Cell { return code.Make(code.END, int(t)) }

// recall returns the entry for a call, and whether it holds what the call selects; nil if the call cannot be remembered, because
// its selection depends on more than keys can say or is too long. Arguments are dereferenced in place.
func (m *Machine) recall(n int, p *predInfo) (e *selection, known bool) {
	bound := true
	m.unknown.arg, m.unknown.met = -1, false
	h := uint64(n+1) * 0x9E3779B97F4A7C15
	for k, i := range p.checked {
		c := m.x[i]
		t := c.Tag()
		if t == code.REF {
			c = m.deref(c)
			m.x[i] = c
			t = c.Tag()
		}
		mode := p.modes[k]
		key := kindKey(t)
		switch {
		case t == code.HOST:
			shape := m.shapeOf(c)
			if mode&^code.ModeClass != 0 || shape == 0 {
				return nil, false
			}
			key = code.Make(code.HOST, shape)
		case t == code.REF:
			if mode&code.ModeFields != 0 {
				return nil, false
			}
			key = 0
			if m.att != 0 && m.constrained(c) {
				var able bool
				if key, able = m.unknownKey(c, i, mode); !able {
					return nil, false
				}
			}
		case mode&(code.ModeFields|code.ModeHost) != 0:
			return nil, false
		case t >= code.LST:
			if mode&code.ModeDeep != 0 && (m.att != 0 || m.hasHosts()) || t == code.LST && m.h[c.Index()] == code.ListEnd {
				return nil, false
			}
		case mode&code.ModeLiteral != 0:
			var fine bool
			if key, fine = m.literalKey(c, p); !fine {
				return nil, false
			}
		}
		bound = bound && key != 0
		m.callKeys[k] = key
		h = (h ^ uint64(key)) * 0x9E3779B97F4A7C15
	}
	m.allBound = bound
	if m.without&Selections != 0 {
		return nil, false
	}
	if m.selections == nil {
		m.selections = make([]selection, selections)
		for i := range m.selections {
			m.selections[i].index = int32(i)
		}
	}
	e = &m.selections[h>>40&(selections-1)]
	if e.pred == int32(n)+1 {
		for k := range p.checked {
			if e.keys[k] != m.callKeys[k] {
				m.forget(e, n)
				return e, false
			}
		}
		if e.long {
			return nil, false
		}
		return e, true
	}
	m.forget(e, n)
	return e, false
}

// forget makes an entry one for another call.
func (m *Machine) forget(e *selection, n int) {
	m.tickets++
	e.ticket = m.tickets
	e.pred, e.keys, e.found, e.code, e.long, e.tests = int32(n)+1, m.callKeys, e.found[:0], e.code[:0], false, false
	e.closure, e.climbs, e.stairs = 0, 0, e.stairs[:0]
}

// literalKey returns the key of an atomic value that clauses compare with literals.
func (m *Machine) literalKey(c Cell, p *predInfo) (Cell, bool) {
	switch t := c.Tag(); t {
	case code.ATOM, code.BOOL, code.NIL:
		return c, true
	case code.INT:
		for _, k := range p.ints {
			if k == c {
				return c, true
			}
		}
		return kindKey(t), !p.manyInts
	case code.STR:
		if a := m.prog.Atom(m.strs[c.Index()]); a >= 0 {
			return code.Make(code.ATOM, a), true
		}
		return kindKey(t), true // no clause names it
	}
	return 0, false
}

// callPicked calls the clauses of a selection.
func (m *Machine) callPicked(n int, p *predInfo, e *selection) status {
	if len(e.found) == 0 {
		return fail
	}
	if e.closure != 0 && m.closed {
		if c := m.snap.closure(e.closure); m.depth+c.depth <= m.maxDepth {
			return m.callClosure(n, p.pred.Arity, c)
		}
	}
	if m.trace != nil || e.tests && len(e.found) > 1 {
		return m.callTested(n, p, e)
	}
	m.b0 = len(m.ch)
	if len(e.code) > 1 {
		// The choice point needs a list of its own: the entry may be reused before it is done.
		base := len(m.cs)
		m.cs = append(m.cs, e.code[1:]...)
		arity := p.pred.Arity
		m.push(choice{kind: chCode, cand: m.cs[base:], cbase: int32(base), nargs: int16(arity), b0: int32(m.b0), args: m.saveArgs(arity)})
	}
	m.p = int(e.code[0])
	return ok
}

// nextCode goes on with a choice point of callPicked.
func (m *Machine) nextCode(c *choice) status {
	m.restoreArgs(c)
	m.b0 = int(c.b0)
	m.p = int(c.cand[c.pos])
	if c.pos++; int(c.pos) == len(c.cand) {
		m.pop()
	}
	return ok
}

// callTested is callPicked for clauses with guards, or under a tracer.
func (m *Machine) callTested(n int, p *predInfo, e *selection) status {
	var g *guards
	if len(e.found) > 1 {
		g = m.guardsOf(p)
	}
	for {
		if g != nil {
			m.beginGuards(g)
		}
		first := m.nextMatch(p.pred, g, chPicked, e.found, 0)
		if first < 0 {
			return m.failing()
		}
		whole := m.holdsWhole(g)
		m.lookAhead(g)
		m.b0 = len(m.ch)
		if second := m.nextMatch(p.pred, g, chPicked, e.found, first+1); second >= 0 {
			base := len(m.cs)
			m.cs = append(m.cs, e.found[second:]...)
			arity := p.pred.Arity
			m.push(choice{kind: chPicked, assign: m.allBound, pred: int32(n), cand: m.cs[base:], cbase: int32(base), nargs: int16(arity), b0: int32(m.b0), args: m.saveArgs(arity)})
		} else if e.climbs != 0 && first == len(e.found)-1 && m.hops {
			switch m.climb(p, e) {
			case climbed:
				continue
			case climbedOff:
				return m.callAny(n, p)
			case climbedOut:
				return m.failing()
			}
		}
		switch {
		case m.trace != nil:
			m.enter(p.pred.Clauses[e.found[first]])
		case whole:
			m.p = m.cp
		default:
			m.p = int(e.code[first])
			if first == len(e.found)-1 && e.climbs != 0 && m.hops {
				m.picked = e // for the hop that comes next
			}
		}
		return ok
	}
}

// pick selects the clauses for a call among candidates and fills an entry with them. It reports false where the selection is
// too long, or it or its order depends on more than the keys.
func (m *Machine) pick(e *selection, pr *code.Pred, p *predInfo, cand []int32) bool {
	if !m.unknown.suits(m, pr, cand) {
		e.long, m.allBound = true, false
		return false
	}
	exact := true
	m.tried(len(cand))
	for _, i := range cand {
		if cl := pr.Clauses[i]; m.quick(cl) {
			if len(e.found) == maxSelected {
				e.long = true
				return false
			}
			e.found = append(e.found, i)
			exact = exact && cl.Exact
		}
	}
	if p.dynamic && len(e.found) > 2 && !exact {
		e.long = true
		return false
	}
	if p.dynamic {
		m.sort(pr, e.found, m.x)
	}
	g := m.guardsOf(p)
	if m.err != nil { // the query ended meanwhile: nothing is known of guards
		e.pred = 0
	}
	for _, i := range e.found {
		e.tests = e.tests || g != nil && len(g.Bodies[i]) > 0
		at := pr.Clauses[i].NameAt.PC
		if m.allBound {
			at += pr.Clauses[i].Tests
		}
		e.code = append(e.code, at)
	}
	e.closure = m.closureOf(p, e)
	if len(e.code) > 1 && m.allBound {
		m.initClimb(p, e, g)
	}
	return true
}
