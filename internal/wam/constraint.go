package wam

import (
	"slices"

	"github.com/goso-project/goso/internal/code"
)

// A constraint is a record on the heap:
//
//	word 0   operator, flags, number of arguments
//	word 1   address of the instruction it came from
//	word 2…  arguments
//
// Variables that constraints mention together share a group (store.go). The cell of a constrained variable is ATT with the address of
// its group.

const (
	conSettled = 1 << 8 // no longer to be shown or run
	conNargs   = 16     // shift of the number of arguments

	// What a comparison stands for that a negation made. "!=" is not enough, since "=" tells true from 1, and "==" does not; nor is
	// ">=" for what is not less, since there are values without an order, such as NaN.
	conNotUnify = 1 << 9  // not "="
	conNotEq    = 1 << 10 // not "=="
	conNotOrder = 1 << 11 // not the opposite order
	conOrigin   = conNotUnify | conNotEq | conNotOrder
)

// wake is a constrained variable that has just been given a value.
type wake struct {
	addr  int
	group int
}

func (m *Machine) conOp(c int) code.Operator { return code.Operator(m.h[c] & 0xff) }

func (m *Machine) conArgs(c int) []Cell {
	n := int(m.h[c] >> conNargs)
	return m.h[c+2 : c+2+n]
}

func (m *Machine) settled(c int) bool { return m.h[c]&conSettled != 0 }

// settle marks a constraint as decided.
func (m *Machine) settle(c int) {
	if !m.settled(c) {
		m.setField(c, m.h[c]|conSettled)
	}
}

func (m *Machine) record(op code.Operator, pc int, args ...Cell) int {
	c := len(m.h)
	m.h = append(m.h, Cell(op)|Cell(len(args))<<conNargs, Cell(pc))
	m.h = append(m.h, args...)
	return c
}

// recordLike makes a constraint of the same sort with other arguments.
func (m *Machine) recordLike(c int, args ...Cell) int {
	like := m.record(m.conOp(c), int(m.h[c+1]), args...)
	m.h[like] |= m.h[c] & conOrigin
	return like
}

// inverse makes the constraint that a comparison does not hold.
func (m *Machine) inverse(op code.Operator, pc int, args ...Cell) int {
	c := m.record(op.Inverse(), pc, args...)
	switch op {
	case code.Unify:
		m.h[c] |= conNotUnify
	case code.Eq:
		m.h[c] |= conNotEq
	case code.Lt, code.Leq, code.Gt, code.Geq:
		m.h[c] |= conNotOrder
	}
	return c
}

// constrain adds a constraint to the store of its variables.
func (m *Machine) constrain(op code.Operator, pc int, args ...Cell) status {
	m.scratch = m.varsOf(m.scratch[:0], args...)
	if m.err != nil {
		return stop
	}
	return m.add(m.record(op, pc, args...), m.scratch)
}

// varsOf appends the unbound variables of terms in order of first appearance.
func (m *Machine) varsOf(vars []int, terms ...Cell) []int {
	for _, t := range terms {
		switch t = m.deref(t); t.Tag() {
		case code.REF:
			vars = appendNew(vars, t.Index())
		case code.LST, code.DICT:
			vars = m.varsIn(vars, t)
		}
	}
	return vars
}

// varsIn is varsOf for a term with parts.
func (m *Machine) varsIn(vars []int, t Cell) []int {
	m.walk(t, func(x Cell) bool {
		if x.Tag() == code.REF {
			vars = appendNew(vars, x.Index())
		}
		return true
	})
	return vars
}

func appendNew(list []int, x int) []int {
	for _, y := range list {
		if x == y {
			return list
		}
	}
	return append(list, x)
}

// add puts a constraint into the store of its variables, merging their groups: the constraints of the first variable come
// first. An equal one that is there already is enough.
func (m *Machine) add(c int, vars []int) status {
	if len(vars) == 0 {
		return ok
	}
	first := false // whether no other constraint mentions some variable of this one
	for _, v := range vars {
		first = first || m.h[v].Tag() != code.ATT
	}
	g, copied := m.merge(vars)
	if first || !m.hasConstraint(g, c) {
		m.put(g, c)
	}
	return m.spend(1 + copied/16)
}

// join makes the variables that a constraint of the store has come to mention, because one of its own was bound to a term
// with variables, share its conjunction.
func (m *Machine) join(c int) status {
	m.scratch = m.varsOf(m.scratch[:0], m.conArgs(c)...)
	if m.err != nil {
		return stop
	}
	if len(m.scratch) == 0 {
		return ok
	}
	g, copied := m.merge(m.scratch)
	if i := slices.Index(m.store(g), Cell(c)); i < 0 {
		m.put(g, c)
	} else {
		m.index(g, i) // its arguments are others now
	}
	return m.spend(1 + copied/16)
}

// sameConstraint reports whether two constraints are structurally equal.
func (m *Machine) sameConstraint(a, b int) bool {
	if m.conOp(a) != m.conOp(b) || (m.h[a]^m.h[b])&conOrigin != 0 || m.conOp(a) == code.Nand {
		return a == b
	}
	x, y := m.conArgs(a), m.conArgs(b)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		p, q := m.deref(x[i]), m.deref(y[i])
		if p == q {
			continue
		}
		if !m.ground(p) || !m.ground(q) || !m.equalGround(p, q) {
			return false
		}
	}
	return true
}

// equate unifies two constrained variables: they stay two, joined by a constraint. The right one's constraints are
// rewritten to the left one and checked against it.
func (m *Machine) equate(a, b Cell) status {
	pc := m.p - 1
	if m.groupOf(a.Index()) == m.groupOf(b.Index()) {
		return m.constrain(code.Unify, pc, a, b)
	}
	right := append([]Cell(nil), m.store(m.groupOf(b.Index()))...)
	left, other := m.groupOf(a.Index()), m.groupOf(b.Index())
	cons := append([]Cell(nil), m.store(left)...)
	cons = append(cons, Cell(m.record(code.Unify, pc, a, b)))
	goals := 0
	for _, x := range right {
		if m.settled(int(x)) {
			continue
		}
		y := m.rewritten(int(x), b, a)
		if m.conOp(y) == code.Isa {
			goals = m.pushK(kGoal, y, goals)
			continue
		}
		cons = append(cons, Cell(y))
	}
	m.setField(other, Cell(left))
	m.newStore(left, cons)
	if goals != 0 {
		m.runGoals(m.reverseK(goals))
	}
	return ok
}

// rewritten returns a copy of a constraint with one variable put for another.
func (m *Machine) rewritten(c int, from, to Cell) int {
	args := append([]Cell(nil), m.conArgs(c)...)
	changed := false
	if m.conOp(c) != code.Nand {
		for i, x := range args {
			if m.deref(x) == from {
				args[i], changed = to, true
			}
		}
	}
	if !changed {
		return c
	}
	return m.recordLike(c, args...)
}

// Kinds of wake continuations: what runs after a constraint. Each is a record; word 0 is the kind.
const (
	kWoken  = iota // run a constraint of the store; word 1 the constraint, 2 the next
	kGoal          // run a constraint as a new goal; likewise
	kAssert        // add the negation of a solution; likewise
	kEnd           // go back: 1 address, 2 outer continuation, 3 number of items, then five words each
	kNotEnd        // the goals of a negation have a solution; word 1 the address that the negation comes from
)

func (m *Machine) pushK(kind int, c, next int) int {
	k := len(m.h)
	m.h = append(m.h, Cell(kind), Cell(c), Cell(next))
	return k
}

// reverseK turns a list of continuations round.
func (m *Machine) reverseK(k int) int {
	out := 0
	for k != 0 {
		next := int(m.h[k+2])
		m.h[k+2] = Cell(out)
		out, k = k, next
	}
	return out
}

// runGoals interrupts what runs, for a list of continuations made by pushK; afterwards it goes on.
func (m *Machine) runGoals(first int) {
	end := m.saveWork()
	k := first
	for m.h[k+2] != 0 {
		k = int(m.h[k+2])
	}
	m.h[k+2] = Cell(end)
	m.wk = first
	m.p = code.PCWakeNext
}

// saveWork puts the pending work, the next address and the outer continuation into a record.
func (m *Machine) saveWork() int {
	k := len(m.h)
	m.h = append(m.h, kEnd, Cell(m.p), Cell(m.wk), Cell(len(m.work)))
	for _, it := range m.work {
		id := Cell(0)
		if it.pat != nil {
			id = Cell(it.pat.ID) + 1
		}
		m.h = append(m.h, Cell(it.kind)|Cell(it.at)<<8, it.a, it.b, id, Cell(it.base)|Cell(it.n)<<32)
	}
	m.work = m.work[:0]
	return k
}

// patternOf returns the pattern of a number.
func (m *Machine) patternOf(id int) *code.Pattern {
	if id >= code.QueryBase {
		return m.query.Patterns[id-code.QueryBase]
	}
	return m.prog.Patterns[id]
}

// restoreWork is the inverse of saveWork.
func (m *Machine) restoreWork(k int) {
	m.p = int(m.h[k+1])
	m.wk = int(m.h[k+2])
	n := int(m.h[k+3])
	m.work = m.work[:0]
	for i := range n {
		w := m.h[k+4+5*i : k+9+5*i]
		it := item{kind: itemKind(w[0]), at: int32(w[0] >> 8), a: w[1], b: w[2], base: int(w[4] & (1<<32 - 1)), n: int(w[4] >> 32)}
		if w[3] != 0 {
			it.pat = m.patternOf(int(w[3]) - 1)
		}
		m.work = append(m.work, it)
	}
}

// interrupt runs the constraints of variables that have just been bound, before the pending work goes on. First all that
// can be decided by looking are: one that cannot hold fails before any other is run.
func (m *Machine) interrupt() status {
	var cons []Cell
	for _, w := range m.wakes {
		for _, x := range m.store(m.find(w.group)) {
			if c := int(x); !m.settled(c) && !m.possible(c) {
				return fail
			}
		}
	}
	var again map[Cell]bool // what has been met; one variable meets each of its constraints once
	if len(m.wakes) > 1 {
		again = map[Cell]bool{}
	}
	for _, w := range m.wakes {
		for _, x := range m.store(m.find(w.group)) {
			c := int(x)
			if again[x] || m.settled(c) || !m.concerns(c, w.addr) {
				continue
			}
			if len(cons) == 0 && m.conOp(c) == code.Isa { // nothing has to run before it, and it may need no question
				if done, holds := m.classNow(c); done {
					if !holds {
						return fail
					}
					continue
				}
			}
			if m.plainlyHolds(c) {
				m.settle(c)
				continue
			}
			cons = append(cons, x)
			if again != nil {
				again[x] = true
			}
		}
	}
	m.wakes = m.wakes[:0]
	if len(cons) == 0 {
		return m.runWork()
	}
	k := 0
	for i := len(cons) - 1; i >= 0; i-- {
		k = m.pushK(kWoken, int(cons[i]), k)
	}
	m.runGoals(k)
	return ok
}

// plainlyHolds reports whether a possible constraint says that two strings or integers are, or are not, equal: then it holds, and running
// it would change nothing.
func (m *Machine) plainlyHolds(c int) bool {
	if op := m.conOp(c); op != code.Neq && op != code.Eq || m.h[c]&conNotEq != 0 {
		return false
	}
	for _, a := range m.conArgs(c) {
		switch m.deref(a).Tag() {
		case code.INT, code.ATOM, code.STR:
		default:
			return false
		}
	}
	return true
}

// classNow decides a class constraint that needs no question.
func (m *Machine) classNow(c int) (done, holds bool) {
	args := m.conArgs(c)
	v := m.deref(args[0])
	if v.Tag() == code.REF || v.Tag() == code.HOST && m.shapeOf(v) == 0 {
		return false, false
	}
	m.settle(c)
	return true, m.isClass(v, int(args[1].Int())) == ok
}

// concerns reports whether a constraint mentions the variable at an address, which is bound now.
func (m *Machine) concerns(c, addr int) bool {
	ref := code.Make(code.REF, addr)
	for _, a := range m.conArgs(c) {
		if a == ref {
			return true
		}
		switch m.deref(a).Tag() {
		case code.LST, code.DICT:
			return true
		}
	}
	return false
}

// possible decides comparisons of ground terms without error or question; what it cannot decide is possible.
func (m *Machine) possible(c int) bool {
	op := m.conOp(c)
	switch op {
	case code.Unify, code.Eq, code.Neq:
		args := m.conArgs(c)
		a, b := m.deref(args[0]), m.deref(args[1])
		if !m.ground(a) || !m.ground(b) {
			return true
		}
		return m.equalGround(a, b) == (op != code.Neq)
	case code.Lt, code.Leq, code.Gt, code.Geq:
		args := m.conArgs(c)
		a, b := m.deref(args[0]), m.deref(args[1])
		if a.Tag() == code.REF || b.Tag() == code.REF {
			return true
		}
		order, ordered, comparable := m.order(a, b)
		if !ordered {
			return !comparable || m.h[c]&conNotOrder != 0
		}
		return decide(op, order)
	case code.Dot: // a field of a number, string or list differs from every value
		args := m.conArgs(c)
		switch obj := m.deref(args[1]); obj.Tag() {
		case code.REF, code.HOST, code.DICT:
		default:
			return !m.ground(obj) || !m.ground(args[0])
		}
	}
	return true
}

// wakeNext runs the next continuation.
func (m *Machine) wakeNext() status {
	k := m.wk
	m.p = code.PCWakeNext
	switch m.h[k] {
	case kEnd:
		m.restoreWork(k)
		return m.start0()
	case kNotEnd:
		return m.notEnd(int(m.h[k+1]))
	}
	c := int(m.h[k+1])
	kind := m.h[k]
	m.wk = int(m.h[k+2])
	switch kind {
	case kWoken:
		if m.settled(c) {
			return ok
		}
		return m.runWoken(c)
	case kGoal:
		return m.runGoal(c)
	}
	return m.assert(c)
}

// runWoken runs a constraint of the store again, now that one of its variables is bound. What still cannot be decided
// stays where it is.
func (m *Machine) runWoken(c int) status {
	args := m.conArgs(c)
	pc := int(m.h[c+1])
	a := m.deref(args[0])
	switch op := m.conOp(c); op {
	case code.Unify:
		if a.Tag() == code.REF && m.deref(args[1]).Tag() == code.REF {
			return m.join(c)
		}
		m.settle(c)
		return m.unify(a, args[1])
	case code.Dot:
		obj, key := m.deref(args[1]), m.deref(args[2])
		if obj.Tag() == code.REF {
			return m.join(c)
		}
		t := args[0]
		m.settle(c)
		return m.lookupKey(obj, key, t, pc)
	case code.In:
		coll := m.deref(args[1])
		if coll.Tag() == code.REF {
			return m.join(c)
		}
		item := args[0]
		m.settle(c)
		return m.member(item, coll, pc)
	case code.Isa:
		if a.Tag() == code.REF {
			return ok
		}
		m.settle(c)
		return m.matchClass(a, int(args[1].Int()), pc)
	case code.Nand:
		m.settle(c)
		return m.negateAgain(c)
	case code.Eq, code.Neq, code.Lt, code.Leq, code.Gt, code.Geq:
		if a.Tag() == code.REF || m.deref(args[1]).Tag() == code.REF {
			return m.join(c)
		}
		return m.compare(op, a, args[1], c, pc)
	default:
		b, r := m.deref(args[1]), args[2]
		if a.Tag() == code.REF || b.Tag() == code.REF {
			return m.join(c)
		}
		m.settle(c)
		v, err := m.compute(op, a, b, pc)
		if err != nil {
			return m.throw(err)
		}
		return m.unify(r, v)
	}
}

// runGoal runs a constraint as if it had just been met.
func (m *Machine) runGoal(c int) status {
	args := m.conArgs(c)
	pc := int(m.h[c+1])
	switch op := m.conOp(c); op {
	case code.Unify:
		return m.unify(args[0], args[1])
	case code.Dot:
		return m.lookupKey(m.deref(args[1]), m.deref(args[2]), args[0], pc)
	case code.In:
		return m.member(args[0], m.deref(args[1]), pc)
	case code.Isa:
		return m.matchClass(args[0], int(args[1].Int()), pc)
	case code.Nand:
		return m.negateAgain(c)
	case code.Eq, code.Neq, code.Lt, code.Leq, code.Gt, code.Geq:
		switch m.h[c] & conOrigin {
		case conNotUnify:
			return m.compareInverse(code.Unify, args[0], args[1], pc)
		case conNotOrder:
			return m.compareInverse(op.Inverse(), args[0], args[1], pc)
		}
		return m.compare(op, args[0], args[1], 0, pc)
	default:
		a, b, r := m.deref(args[0]), m.deref(args[1]), args[2]
		if a.Tag() == code.REF || b.Tag() == code.REF {
			return m.constrain(op, pc, a, b, r)
		}
		v, err := m.compute(op, a, b, pc)
		if err != nil {
			return m.throw(err)
		}
		return m.unify(r, v)
	}
}
