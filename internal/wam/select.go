package wam

import (
	"math"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// callAndReturn is a call that goes on behind it.
func (m *Machine) callAndReturn(in *code.Instr) status {
	m.cp = m.p
	m.depth = int(m.st[m.e+envDepth])
	return m.call(int(in.Imm))
}

// call calls a predicate with the arguments in X. The caller has set the continuation.
func (m *Machine) call(n int) status {
	m.depth++
	m.calls++
	if m.depth > m.maxDepth || m.calls >= m.nextCheck {
		if s := m.checkCall(); s != ok {
			return s
		}
	}
	p := &m.snap.preds[n]
	if m.plain && !(m.failed.on && p.classed) && m.shortWay(&p.short) {
		return ok
	}
	return m.callAny(n, p)
}

// callAny is call for what has no short way, and for what may have failed before.
func (m *Machine) callAny(n int, p *predInfo) status {
	if m.failed.on && p.classed {
		if m.failedBefore(n, p.pred.Arity) {
			if m.trace != nil {
				m.tellCall(p.pred)
			}
			return fail
		}
		if m.plain && m.shortWay(&p.short) {
			return ok
		}
	}
	if m.trace != nil {
		m.tellCall(p.pred)
	}
	if p.facts != nil {
		return m.callFacts(n, p)
	}
	if m.without&CompiledHeads == 0 {
		if p.recalls && !m.selective(p) {
			if e, known := m.recall(n, p); known {
				return m.callPicked(n, p, e)
			} else if e != nil {
				return m.callPure(n, p.pred, p, e)
			}
		}
		switch m.pure(p) {
		case pureHeads:
			return m.callPure(n, p.pred, p, nil)
		case pureFields:
			return m.callFields(n, p.pred, p)
		}
	}
	return m.callGeneral(n, p.pred, p)
}

// checkEvery is the number of calls between two looks at the clock and the context.
const checkEvery = 1024

// checkCall tests what is not tested at every call, and sets when to come back.
func (m *Machine) checkCall() status {
	if m.depth > m.maxDepth {
		return m.throw(diag.New(diag.StackOverflow, diag.Span{}, "the query recurses deeper than its limit of %d calls", m.limits.Depth))
	}
	if m.limits.Steps > 0 && m.calls > m.limits.Steps {
		return m.throw(diag.New(diag.QueryTimeout, diag.Span{}, "the query makes more than %d calls, its limit of steps", m.limits.Steps))
	}
	if m.calls == failuresFrom {
		m.startFailures()
		m.scheduleCheck()
		return ok
	}
	m.scheduleCheck()
	if s := m.check(); s != ok {
		return s
	}
	return m.makeRoom()
}

// scheduleCheck sets the number of calls at which budgets are looked at next.
func (m *Machine) scheduleCheck() {
	m.nextCheck = m.calls - m.calls%checkEvery + checkEvery
	if m.calls < failuresFrom {
		m.nextCheck = failuresFrom
	}
	if m.limits.Steps > 0 {
		m.nextCheck = min(m.nextCheck, m.limits.Steps+1)
	}
}

// purity tells how the clauses of a call can be selected.
type purity uint8

const (
	impure     purity = iota
	pureFields        // as compiled, once the fields that patterns want are read in place
	pureHeads         // as compiled
)

// pure reports whether the heads of all clauses can be run as compiled, without testing them all first: no question to the
// host can come from them, and no constraint can wake. (A class test of an unbound variable makes a constraint, which
// nothing can tell from making it twice.) Arguments are dereferenced in place.
func (m *Machine) pure(p *predInfo) purity {
	result := pureHeads
	bound, constrained := true, false
	for k, i := range p.checked {
		c := m.x[i]
		if c.Tag() == code.REF {
			c = m.deref(c)
			m.x[i] = c
		}
		mode := p.modes[k]
		switch c.Tag() {
		case code.REF:
			if mode&code.ModeFields != 0 {
				return impure
			}
			if m.att != 0 && m.constrained(c) {
				if mode != code.ModeClass || constrained || !m.decidesClasses(c) {
					return impure
				}
				constrained = true
			}
			bound = false
			continue
		case code.HOST:
			if mode&^(code.ModeClass|code.ModeFields) != 0 || m.shapeOf(c) == 0 {
				return impure
			}
			if mode&code.ModeFields != 0 {
				result = pureFields
			}
			continue
		case code.LST, code.CLIST, code.SLICE, code.DICT:
			if mode&code.ModeDeep != 0 && (m.att != 0 || m.hasHosts()) {
				return impure
			}
			if c.Tag() == code.LST && m.h[c.Index()] == code.ListEnd {
				bound = false
			}
		}
		if mode&(code.ModeFields|code.ModeHost) != 0 {
			return impure
		}
	}
	m.allBound = bound
	return result
}

// hasHosts reports whether a host object can be inside a list or dictionary of this query.
func (m *Machine) hasHosts() bool {
	return len(m.hosts) > 0 || m.mixed || m.prog.HostData || m.query != nil && m.query.HostData
}

// callPure selects clauses by index and quick tests and runs compiled heads. A call that only one clause can match leaves no
// choice point. What is selected is remembered in e, if there is one.
func (m *Machine) callPure(n int, pr *code.Pred, p *predInfo, e *selection) status {
	cand := p.all
	if p.switchOn >= 0 && m.without&Indexes == 0 {
		c := m.x[p.switchOn]
		t := c.Tag()
		if t == code.LST && m.h[c.Index()] != code.ListEnd {
			t = code.CLIST // a pair for certain, so no empty list
		}
		if cand = p.byTag[t]; len(cand) == 1 && e == nil {
			m.b0 = len(m.ch)
			m.enter(pr.Clauses[cand[0]])
			return ok
		}
	}
	if len(cand) == 1 && e == nil {
		if !m.quick(pr.Clauses[cand[0]]) {
			return fail
		}
		m.b0 = len(m.ch)
		m.enterTested(pr.Clauses[cand[0]], m.allBound)
		return ok
	}
	var g *guards
	if p.index != nil {
		if g = m.guardsOf(p); g != nil && g.selective && e == nil {
			if s, done := m.callIndexed(n, p, g); done {
				return s
			}
			if p.recalls {
				var known bool
				if e, known = m.recall(n, p); known {
					return m.callPicked(n, p, e)
				}
			}
		}
	}
	cand = m.byLiteral(p, cand)
	if g != nil && len(g.indexes) > 0 && !p.dynamic && len(cand) > minIndexed {
		m.beginGuards(g)
		if list, ix := m.byField(g, math.MaxFloat64); ix != nil && len(list) < len(cand) {
			if e != nil { // what this call selects depends on more than the keys
				e.long = true
				m.allBound = m.allBound && m.unknown.arg < 0
			}
			cand, e = list, nil
		}
	}
	if e != nil {
		if m.pick(e, pr, p, cand) {
			return m.callPicked(n, p, e)
		}
	}
	if p.dynamic && len(cand) > 1 {
		return m.callSorted(n, pr, p, cand)
	}
	return m.callFirst(chClause, n, p, cand, len(m.cs))
}

// callFirst enters the first of some clauses in calling order that can match, and leaves a choice point if another can. Base is
// where the candidate stack ends without them.
func (m *Machine) callFirst(kind choiceKind, n int, p *predInfo, cand []int32, base int) status {
	var g *guards
	if len(cand) > 1 {
		if g = m.guardsOf(p); g != nil {
			m.beginGuards(g)
		}
	}
	first := m.nextMatch(p.pred, g, kind, cand, 0)
	if first < 0 {
		return m.failing()
	}
	whole := m.holdsWhole(g)
	m.b0 = len(m.ch)
	if first+1 < len(cand) {
		m.lookAhead(g)
		if second := m.nextMatch(p.pred, g, kind, cand, first+1); second >= 0 {
			arity := p.pred.Arity
			m.push(choice{kind: kind, assign: m.allBound, pred: int32(n), cand: cand, cbase: int32(base), nargs: int16(arity), pos: int32(second), b0: int32(m.b0), args: m.saveArgs(arity)})
		}
	}
	m.enterTested(p.pred.Clauses[cand[first]], m.allBound)
	if whole {
		m.p = m.cp
	}
	return ok
}

// holdsWhole reports whether the guards of the clause that nextMatch came to are all there is of it, so that it need not run.
func (m *Machine) holdsWhole(g *guards) bool {
	return g != nil && m.guard.whole && m.allBound && !m.watched
}

// callOwned is callFirst for candidates that quick tests have admitted, on the candidate stack from base on.
func (m *Machine) callOwned(n int, p *predInfo, base int) status {
	at := len(m.ch)
	s := m.callFirst(chPicked, n, p, m.cs[base:], base)
	if len(m.ch) == at { // no choice point keeps the list
		m.cs = m.cs[:base]
	}
	return s
}

// enter goes to the head of a clause.
func (m *Machine) enter(cl *code.Clause) {
	m.p = cl.Head()
	if m.trace != nil {
		m.tellEnter(cl)
	}
}

// enterTested goes to a clause that the quick tests admit. Where all arguments that were tested are bound, its head need not
// make the same tests again.
func (m *Machine) enterTested(cl *code.Clause, bound bool) {
	m.enter(cl)
	if bound {
		m.p += int(cl.Tests)
	}
}

// nextMatch returns the index of the next candidate, from i on, that neither quick tests nor guards exclude, or -1.
func (m *Machine) nextMatch(pr *code.Pred, g *guards, kind choiceKind, cand []int32, i int) int {
	from := i
	for ; i < len(cand); i++ {
		n := cand[i]
		if (kind == chPicked || m.quick(pr.Clauses[n])) && (g == nil || !m.excluded(g, n)) {
			m.tried(i + 1 - from)
			return i
		}
		if m.interrupted(i) {
			return -1
		}
	}
	m.tried(i - from)
	return -1
}

// quick tests the arguments against what is known of a clause's head.
func (m *Machine) quick(cl *code.Clause) bool {
	for i := range cl.Quick {
		q := &cl.Quick[i]
		c := m.x[q.Arg]
		t := c.Tag()
		if t == code.REF {
			if c = m.deref(c); c.Tag() == code.REF {
				if m.att != 0 && m.constrained(c) && !m.quickClass(c, q) {
					return false
				}
				continue
			}
			t = c.Tag()
		}
		switch q.Kind {
		case code.QuickConst:
			if c == q.Cell && t != code.FLT {
				continue
			}
			if isNumber(t) && isNumber(q.Cell.Tag()) && m.numbersEqual(c, q.Cell) {
				continue
			}
			if t == code.STR && q.Cell.Tag() == code.ATOM && m.sameText(c, q.Cell) {
				continue
			}
			if t == code.HOST || t == code.LST && m.h[c.Index()] == code.ListEnd {
				continue
			}
			return false
		case code.QuickAnyList:
			if !isList(t) && t != code.HOST {
				return false
			}
		case code.QuickList:
			if t != code.LST && t != code.CLIST && t != code.SLICE && t != code.HOST {
				return false
			}
		case code.QuickDict:
			if t != code.DICT && t != code.HOST {
				return false
			}
		case code.QuickClass:
			if t == code.HOST && m.shapeOf(c) == 0 {
				continue
			}
			if m.isClass(c, int(q.N)) != ok {
				return false
			}
		case code.QuickUnion:
			if t == code.HOST && m.shapeOf(c) == 0 {
				continue
			}
			if m.isUnion(c, int(q.N)) != ok {
				return false
			}
		}
	}
	return true
}

// nextClause goes on with a choice point of callFirst.
func (m *Machine) nextClause(c *choice) status {
	m.restoreArgs(c)
	p := &m.snap.preds[c.pred]
	m.b0 = int(c.b0)
	i, tested := int(c.pos), c.assign
	g := m.guardsOf(p)
	if g != nil {
		m.beginGuards(g)
		if !m.steady() {
			i = m.nextMatch(p.pred, g, c.kind, c.cand, i)
			if i < 0 {
				m.pop()
				return m.failing()
			}
			m.lookAhead(g)
		}
	}
	now := c.cand[i]
	if next := m.nextMatch(p.pred, g, c.kind, c.cand, i+1); next >= 0 {
		c.pos = int32(next)
	} else {
		m.pop()
	}
	m.enterTested(p.pred.Clauses[now], tested)
	return ok
}
