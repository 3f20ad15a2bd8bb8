package wam

import (
	"github.com/goso-project/goso/internal/code"
)

// A constraint is a record on the heap:
//
//	word 0   operator, flag settled, number of arguments
//	word 1   address of the instruction it came from
//	word 2…  arguments
//
// A group is the conjunction that a set of variables shares: word 0 is the group it was merged into, 0 for none; word 1
// the store, a record of a count and constraints in order. Stores are never changed: adding makes a new one, and the
// group's word is trailed. The cell of a constrained variable is ATT with the address of its group.

const (
	conSettled = 1 << 8 // no longer to be shown or run
	conNargs   = 16     // shift of the number of arguments
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

// find returns the group that stands for a merged one.
func (m *Machine) find(g int) int {
	for m.h[g] != 0 {
		g = int(m.h[g])
	}
	return g
}

// groupOf returns the group of a constrained variable.
func (m *Machine) groupOf(addr int) int { return m.find(m.h[addr].Index()) }

// store returns the constraints of a group.
func (m *Machine) store(g int) []Cell {
	s := int(m.h[g+1])
	if s == 0 {
		return nil
	}
	n := int(m.h[s])
	return m.h[s+1 : s+1+n]
}

// attach makes a variable constrained, with a group of its own if it has none.
func (m *Machine) attach(addr int) int {
	if m.h[addr].Tag() == code.ATT {
		return m.groupOf(addr)
	}
	g := len(m.h)
	m.h = append(m.h, 0, 0)
	if addr < m.hb {
		m.tr = append(m.tr, Cell(addr)<<2|Cell(m.h[addr].Tag()&1))
	}
	m.h[addr] = code.Make(code.ATT, g)
	link := len(m.h)
	m.h = append(m.h, Cell(addr), Cell(m.att))
	m.att = link
	return g
}

// constrain adds a constraint to the store of its variables.
func (m *Machine) constrain(op code.Operator, pc int, args ...Cell) status {
	vars := m.varsOf(nil, args...)
	if m.err != nil {
		return stop
	}
	return m.add(m.record(op, pc, args...), vars)
}

// varsOf appends the unbound variables of terms in order of first appearance.
func (m *Machine) varsOf(vars []int, terms ...Cell) []int {
	for _, t := range terms {
		m.walk(t, func(x Cell) bool {
			if x.Tag() == code.REF {
				vars = appendNew(vars, x.Index())
			}
			return true
		})
	}
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
	var groups []int
	for _, v := range vars {
		groups = appendNew(groups, m.attach(v))
	}
	if len(groups) == 0 {
		return ok
	}
	var cons []Cell
	dup := false
	for _, g := range groups {
		for _, x := range m.store(g) {
			if m.settled(int(x)) {
				continue
			}
			dup = dup || m.sameConstraint(int(x), c)
			cons = append(cons, x)
		}
	}
	if !dup {
		cons = append(cons, Cell(c))
	}
	m.setStore(groups, cons)
	return m.spend(1 + len(cons)/16)
}

// join makes the variables that a constraint of the store has come to mention, because one of its own was bound to a term
// with variables, share its conjunction.
func (m *Machine) join(c int) status {
	vars := m.varsOf(nil, m.conArgs(c)...)
	if m.err != nil {
		return stop
	}
	var groups []int
	for _, v := range vars {
		groups = appendNew(groups, m.attach(v))
	}
	if len(groups) < 2 {
		if len(groups) == 1 && !containsCell(m.store(groups[0]), Cell(c)) {
			m.setStore(groups, append(append([]Cell(nil), m.store(groups[0])...), Cell(c)))
		}
		return ok
	}
	var cons []Cell
	for _, g := range groups {
		for _, x := range m.store(g) {
			if !m.settled(int(x)) && !containsCell(cons, x) {
				cons = append(cons, x)
			}
		}
	}
	if !containsCell(cons, Cell(c)) {
		cons = append(cons, Cell(c))
	}
	m.setStore(groups, cons)
	return m.spend(1 + len(cons)/16)
}

// setStore makes the groups one, with the given constraints.
func (m *Machine) setStore(groups []int, cons []Cell) {
	s := len(m.h)
	m.h = append(m.h, Cell(len(cons)))
	m.h = append(m.h, cons...)
	root := groups[0]
	for _, g := range groups[1:] {
		m.setField(g, Cell(root))
	}
	m.setField(root+1, Cell(s))
}

// sameConstraint reports whether two constraints are structurally equal.
func (m *Machine) sameConstraint(a, b int) bool {
	if m.conOp(a) != m.conOp(b) || m.conOp(a) == code.Nand {
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
	m.setStore([]int{left, other}, cons)
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
	return m.record(m.conOp(c), int(m.h[c+1]), args...)
}

// Kinds of wake continuations: what runs after a constraint. Each is a record; word 0 is the kind.
const (
	kWoken  = iota // run a constraint of the store; word 1 the constraint, 2 the next
	kGoal          // run a constraint as a new goal; likewise
	kAssert        // add the negation of a solution; likewise
	kEnd           // go back: 1 address, 2 outer continuation, 3 number of items, then five words each
	kNotEnd        // the goals of a negation have a solution
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
		m.h = append(m.h, Cell(it.kind), it.a, it.b, id, Cell(it.base)|Cell(it.n)<<32)
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
		it := item{kind: itemKind(w[0]), a: w[1], b: w[2], base: int(w[4] & (1<<32 - 1)), n: int(w[4] >> 32)}
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
	for _, w := range m.wakes {
		for _, x := range m.store(m.find(w.group)) {
			c := int(x)
			if m.settled(c) || !m.concerns(c, w.addr) {
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
			if !containsCell(cons, x) {
				cons = append(cons, x)
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

func containsCell(list []Cell, c Cell) bool {
	for _, x := range list {
		if x == c {
			return true
		}
	}
	return false
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
		return !comparable || ordered && decide(op, order)
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
		return m.notEnd()
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
		return m.matchClass(a, int(args[1].Int()))
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
		return m.matchClass(args[0], int(args[1].Int()))
	case code.Nand:
		return m.negateAgain(c)
	case code.Eq, code.Neq, code.Lt, code.Leq, code.Gt, code.Geq:
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
