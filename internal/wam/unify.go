package wam

import "github.com/goso-project/goso/internal/code"

// itemKind tells what a work item asks for.
type itemKind uint8

const (
	wUnify  itemKind = iota // unify a and b
	wTail                   // unify a and b, the tails of lists whose lengths were compared
	wMatch                  // match a with a pattern
	wField                  // look up a field of a and match it with a pattern
	wTested                 // the head of a candidate has been tested: it applies
	wEnter                  // the head of a candidate has been run: enter its body
)

// item is one piece of pending work of a general unification, match or head. The list of items is the machine's own
// stack, so that a question to the host, or a constraint that wakes, can come between any two.
type item struct {
	kind itemKind
	at   int32 // wMatch, wField: the address that stands for the parameter of the pattern, 0 in a body
	a, b Cell
	pat  *code.Pattern
	base int // where the pattern's variables are on the heap
	n    int // wField: which field; wEnter: predicate and clause
}

// itemWords is the size of an item in words, for the budget.
const itemWords = 6

// unify unifies two terms, and goes on with the next instruction when it is done. What needs no more than a look is decided here.
func (m *Machine) unify(a, b Cell) status {
	a, b = m.deref(a), m.deref(b)
	if a.Tag() == code.REF && b.Tag() != code.REF {
		if addr := a.Index(); m.h[addr].Tag() != code.ATT {
			m.bind(addr, b)
			return ok
		}
	} else if b.Tag() == code.REF && a.Tag() != code.REF {
		if addr := b.Index(); m.h[addr].Tag() != code.ATT {
			m.bind(addr, a)
			return ok
		}
	} else if a == b && a.Tag() <= code.INT || a == b && a.Tag() >= code.ATOM && a.Tag() <= code.NIL {
		return ok
	} else if a.Tag() == b.Tag() && (a.Tag() == code.INT || a.Tag() == code.ATOM) {
		return fail
	} else if isText(a.Tag()) && isText(b.Tag()) {
		return holds(m.sameText(a, b))
	}
	m.work = append(m.work, item{kind: wUnify, a: a, b: b})
	return m.start0()
}

// runWork does pending work until there is none, something fails, or the machine must stop.
func (m *Machine) runWork() status {
	for {
		if len(m.wakes) > 0 {
			return m.interrupt()
		}
		n := len(m.work) - 1
		if n < 0 {
			return ok
		}
		it := m.work[n]
		m.work = m.work[:n]
		var s status
		switch it.kind {
		case wUnify, wTail:
			s = m.unifyStep(it)
		case wMatch:
			s = m.matchStep(it)
		case wField:
			s = m.fieldStep(it)
		case wTested:
			return m.tested()
		case wEnter:
			return m.entered(it)
		}
		if s != ok {
			return s
		}
		if s = m.tick(); s != ok {
			return s
		}
		if m.steps++; m.steps > maxSteps {
			return m.tooDeep("one unification or match takes more than %d steps: its terms are cyclic or share too much", maxSteps)
		}
		if len(m.work)*itemWords > m.limits.Stack && m.limits.Stack >= 0 {
			return m.tooDeep("one unification or match has more than %d parts pending", len(m.work))
		}
	}
}

// maxSteps bounds the steps of work between two instructions: more than any term within the heap budget that is not
// cyclic or exponentially shared needs, and about a second.
const maxSteps = 16 << 20

func (m *Machine) unifyStep(it item) status {
	a, b := m.deref(it.a), m.deref(it.b)
	at, bt := a.Tag(), b.Tag()
	switch {
	case at == code.REF && bt == code.REF:
		return m.alias(a, b)
	case at == code.REF:
		m.bind(a.Index(), b)
		return ok
	case bt == code.REF:
		m.bind(b.Index(), a)
		return ok
	case at == code.HOST || bt == code.HOST:
		if a == b {
			return ok
		}
		return m.ask("Eq", a, b, pdWorkBool)
	case isNumber(at) && isNumber(bt):
		return holds(m.numbersEqual(a, b))
	case isText(at) && isText(bt):
		return holds(m.sameText(a, b))
	case at == code.BOOL && bt == code.BOOL:
		return holds(a == b)
	case isList(at) && isList(bt):
		return m.unifyLists(a, b, it.kind == wTail)
	case at == code.DICT && bt == code.DICT:
		return m.unifyDicts(a, b)
	}
	return fail
}

func holds(b bool) status {
	if b {
		return ok
	}
	return fail
}

// alias makes two variables one. The younger refers to the older, so that no reference dangles after backtracking.
func (m *Machine) alias(a, b Cell) status {
	if a == b {
		return ok
	}
	switch ac, bc := m.constrained(a), m.constrained(b); {
	case ac && bc:
		return m.equate(a, b)
	case ac:
		m.bind(b.Index(), a)
		return ok
	case bc:
		m.bind(a.Index(), b)
		return ok
	}
	if a.Index() < b.Index() {
		a, b = b, a
	}
	m.bind(a.Index(), b)
	m.touch(b)
	return ok
}

// unifyLists compares lengths before elements, so that lists of different lengths fail without a question to the host.
func (m *Machine) unifyLists(a, b Cell, tail bool) status {
	if !tail {
		n, aClosed := m.listLength(a)
		k, bClosed := m.listLength(b)
		m.steps += n + k
		if m.err != nil {
			return stop
		}
		if aClosed && n < k || bClosed && k < n {
			return fail
		}
	}
	a, b = m.listCell(a), m.listCell(b)
	if !isList(a.Tag()) || !isList(b.Tag()) { // an open list: one of any length
		if a.Tag() != code.REF && !isList(a.Tag()) || b.Tag() != code.REF && !isList(b.Tag()) {
			return fail
		}
		m.work = append(m.work, item{kind: wUnify, a: a, b: b})
		return ok
	}
	ah, atl, aok, err := m.headTail(a)
	if err != nil {
		return m.throw(err)
	}
	bh, btl, bok, err := m.headTail(b)
	if err != nil {
		return m.throw(err)
	}
	if !aok || !bok {
		return holds(aok == bok)
	}
	if atl != code.EmptyLst || btl != code.EmptyLst {
		m.work = append(m.work, item{kind: wTail, a: atl, b: btl})
	}
	m.work = append(m.work, item{kind: wUnify, a: ah, b: bh})
	return ok
}

// unifyDicts compares the keys, then leaves the values to be unified in descending order of keys.
func (m *Machine) unifyDicts(a, b Cell) status {
	n := m.dictSize(a)
	if n != m.dictSize(b) {
		return fail
	}
	for i := range n {
		if !m.sameText(m.dictKey(a, i), m.dictKey(b, i)) {
			return fail
		}
	}
	for i := range n {
		m.work = append(m.work, item{kind: wUnify, a: m.dictValue(a, i), b: m.dictValue(b, i)})
	}
	return ok
}

// getConst unifies an argument with a constant of a compiled head.
func (m *Machine) getConst(in *code.Instr) status {
	c, k := m.x[in.A], Cell(in.Imm)
	if c.Tag() == code.REF {
		if c = m.deref(c); c.Tag() == code.REF {
			if m.h[c.Index()].Tag() == code.ATT {
				return m.unify(c, k)
			}
			m.bind(c.Index(), k)
			return ok
		}
	}
	if c == k && c.Tag() != code.FLT {
		return ok
	}
	if c.Tag() == k.Tag() && c.Tag() >= code.ATOM && c.Tag() <= code.NIL || c.Tag() == code.INT && k.Tag() == code.INT {
		return fail
	}
	return m.unify(c, k)
}

// getList takes a list argument apart, or makes one of fresh variables. Here a pair of two values is taken apart; openPair does the
// rest. Mostly the list is copied, which the next instruction does at once.
func (m *Machine) getList(in *code.Instr) status {
	c := m.x[in.A]
	if c.Tag() == code.REF {
		c = m.deref(c)
	}
	i := c.Index()
	if c.Tag() != code.LST || !m.h[i].IsValue() || !m.h[i+1].IsValue() {
		return m.openPair(in, c)
	}
	head, tail := m.h[i], m.h[i+1]
	m.set(in.B, head)
	m.set(in.C, tail)
	if next := m.following(); next.Op == code.OpGetListVal {
		m.p++
		return m.getListVal(next)
	}
	return ok
}

// openPair is getList for a dereferenced argument that is not just a pair of values.
func (m *Machine) openPair(in *code.Instr, c Cell) status {
	if m.onlyRest(c) {
		if c = m.listCell(c); m.onlyRest(c) {
			return m.tooDeep("a list is its own rest")
		}
	}
	switch c.Tag() {
	case code.LST:
		i := c.Index()
		m.set(in.B, m.read(m.part(i)))
		m.set(in.C, m.read(m.part(i+1)))
		return ok
	case code.REF:
		i := len(m.h)
		m.h = append(m.h, code.Make(code.REF, i), code.Make(code.Tag(in.F), i+1)) // REF is 0 and ALI 1
		m.set(in.B, code.Make(code.REF, i))
		m.set(in.C, code.Make(code.REF, i+1))
		return m.give(c, code.Make(code.LST, i))
	}
	h, t, found, err := m.headTail(c)
	if err != nil {
		return m.throw(err)
	}
	if !found {
		return fail
	}
	m.set(in.B, h)
	m.set(in.C, t)
	return ok
}

// give binds an unbound variable to a new structure.
func (m *Machine) give(v, c Cell) status {
	if m.h[v.Index()].Tag() == code.ATT {
		return m.unify(v, c)
	}
	m.bind(v.Index(), c)
	return ok
}

// read takes a part of a structure into a clause's variable: an untouched variable is touched by that.
func (m *Machine) read(c Cell) Cell {
	if c.Tag() == code.REF {
		if c = m.deref(c); c.Tag() == code.REF {
			m.touch(c)
		}
	}
	return c
}

// getListVal is getList for a list whose head is known. Here an unbound variable is bound to a new pair; openPairVal does the rest.
func (m *Machine) getListVal(in *code.Instr) status {
	c := m.x[in.A]
	if c.Tag() == code.REF {
		c = m.deref(c)
	}
	addr := c.Index()
	if c.Tag() != code.REF || m.h[addr].Tag() == code.ATT {
		return m.openPairVal(in, c)
	}
	i := len(m.h)
	m.h = append(m.h, m.get(in.B), code.Make(code.Tag(in.F), i+1)) // REF is 0 and ALI 1
	m.set(in.C, code.Make(code.REF, i+1))
	if addr < m.hb {
		m.trail(addr)
	}
	m.h[addr] = code.Make(code.LST, i)
	if next := m.following(); next.Op == code.OpExecute {
		m.copyPairs(int(next.Imm))
		m.p++
		return m.call(int(next.Imm))
	}
	return ok
}

// openPairVal is getListVal for a dereferenced argument that has a value or constraints.
func (m *Machine) openPairVal(in *code.Instr, c Cell) status {
	if m.onlyRest(c) {
		c = m.listCell(c)
	}
	if c.Tag() == code.REF {
		i := len(m.h)
		m.h = append(m.h, m.get(in.B), code.Make(code.Tag(in.F), i+1))
		m.set(in.C, code.Make(code.REF, i+1))
		return m.give(c, code.Make(code.LST, i))
	}
	h, t, found, err := m.headTail(c)
	if err != nil {
		return m.throw(err)
	}
	if !found {
		return fail
	}
	m.set(in.C, m.read(t))
	return m.unify(h, m.get(in.B))
}
