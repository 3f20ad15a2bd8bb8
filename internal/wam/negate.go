package wam

import (
	"slices"

	"github.com/goso-project/goso/internal/code"
)

// Negation. A barrier choice point goes on behind "not" when the goal has no more results. A result that says nothing
// about any variable that was touched or constrained before the negation began makes it fail. Any other is kept as a
// record NAND(conditions), copied so that undoing the goal does not reach it; when the goal is exhausted, these are
// added to the store. To decide a stored NAND later, the negation is run again over its conditions (30-partials §5;
// constructive negation after Chan, 1988, restricted to conditions the constraint store can hold).

// notFrame is one negation under way.
type notFrame struct {
	level int // its barrier is ch[level]
	heap  int // heap top when it began: older variables are the outer ones
	first int // solutions kept: wake continuations, newest first
	att   int // constrained variables when it began
}

// notBegin starts a negation that goes on at p.
func (m *Machine) notBegin(p int) {
	m.nots = append(m.nots, notFrame{level: len(m.ch), heap: len(m.h), att: m.att})
	m.push(choice{kind: chNot, p: int32(p)})
}

// negateAgain runs "not all of the conditions" of a record.
func (m *Machine) negateAgain(c int) status {
	m.notBegin(code.PCNotExit)
	k := len(m.h)
	m.h = append(m.h, kNotEnd, m.h[c+1])
	args := m.conArgs(c)
	n := int(args[0])
	conds := args[1+n:]
	for i := len(conds) - 1; i >= 0; i-- {
		k = m.pushK(kGoal, conds[i].Index(), k)
	}
	m.wk = k
	m.p = code.PCWakeNext
	return ok
}

// notEnd is reached when the negated goal has a result. What that leaves is said to come from pc.
func (m *Machine) notEnd(pc int) status {
	f := &m.nots[len(m.nots)-1]
	n := 0
	if m.outerChanged(f) {
		n = m.keep(f, pc)
	}
	if m.err != nil {
		return stop
	}
	switch {
	case n > 0:
	case len(m.nots)%2 == 0 && m.constrainsOuter(f):
		// The action of a forall, or a double negation: that some value fits is not enough, and what must hold cannot be said.
		f.first = 0
		m.cut(f.level + 1)
	default:
		m.cut(f.level)
		m.nots = m.nots[:len(m.nots)-1]
	}
	return fail
}

// outerChanged reports whether the result binds, aliases or constrains a variable that was touched or constrained before.
func (m *Machine) outerChanged(f *notFrame) bool {
	from := int(m.ch[f.level].tr)
	changed := false
	for i := len(m.tr); i > from; {
		i--
		t := m.tr[i]
		addr, kind := int(t>>2), t&3
		if kind >= trailAtt {
			i--
		}
		changed = changed || kind != trailRef && addr < f.heap
	}
	if !changed {
		return false
	}
	own := m.untouchedSince(f)
	for i := len(m.tr); i > from; {
		i--
		t := m.tr[i]
		addr, kind := int(t>>2), t&3
		if kind >= trailAtt {
			i--
		}
		if kind != trailRef && addr < f.heap && !own[addr] {
			return true
		}
	}
	return false
}

// constrainsOuter reports whether the result constrains, without binding it, a variable from outside of all negations that was
// untouched when this one began.
func (m *Machine) constrainsOuter(f *notFrame) bool {
	if m.att == f.att { // no variable has been constrained since
		return false
	}
	outside := m.nots[0].heap
	for addr := range m.untouchedSince(f) {
		if addr < outside && m.h[addr].Tag() == code.ATT {
			return true
		}
	}
	return false
}

// untouchedSince returns the older variables that were untouched when the negation began and are not any more.
func (m *Machine) untouchedSince(f *notFrame) map[int]bool {
	own := map[int]bool{}
	for i := len(m.tr); i > int(m.ch[f.level].tr); {
		i--
		t := m.tr[i]
		if t&3 >= trailAtt {
			i--
		} else if t&3 == trailRef {
			own[int(t>>2)] = true
		}
	}
	return own
}

// keep copies what the result says about outer variables into a NAND record above the barrier's heap top, and returns
// how many conditions there are.
func (m *Machine) keep(f *notFrame, pc int) int {
	m.nodes = 0
	k := keeper{m: m, f: f, pc: pc, locals: map[int]Cell{}, own: m.untouchedSince(f)}
	k.collect()
	if len(k.conds) == 0 || m.err != nil {
		return len(k.conds)
	}
	outers := k.outers
	for _, c := range k.conds {
		outers = k.rawVars(outers, c)
	}
	if len(outers) == 0 {
		return 0
	}
	args := []Cell{Cell(len(outers))}
	for _, v := range outers {
		args = append(args, code.Make(code.REF, v))
	}
	for _, c := range k.conds {
		args = append(args, code.Make(code.END, c))
	}
	c := m.record(code.Nand, pc, args...)
	f.first = m.pushK(kAssert, c, f.first)
	// What was copied stays when the goal is undone, and when it looks for its next result.
	for i := f.level; i < len(m.ch); i++ {
		c := &m.ch[i]
		c.h, c.strs, c.hosts, c.seqs = int32(len(m.h)), int32(len(m.strs)), int32(len(m.hosts)), int32(len(m.seqs))
	}
	m.hb = len(m.h)
	return len(k.conds)
}

// keeper collects the conditions of one result.
type keeper struct {
	m      *Machine
	f      *notFrame
	pc     int // where the conditions come from, if they have no place of their own
	conds  []int
	own    map[int]bool // older variables that were untouched when the negation began: the goal's own
	locals map[int]Cell // copies of the goal's own variables
	outers []int        // outer variables that conditions name by their own cells
	groups []int        // groups still to be looked at
	seen   map[int]bool
}

func (k *keeper) collect() {
	m, f := k.m, k.f
	var vars []int
	from := int(m.ch[f.level].tr)
	for i := len(m.tr); i > from; {
		i--
		t := m.tr[i]
		addr, kind := int(t>>2), t&3
		if kind >= trailAtt {
			i--
		}
		switch {
		case addr >= f.heap || kind == trailRef || k.own[addr]:
		case kind == trailRaw:
			k.groupAt(addr)
		default:
			vars = append(vars, addr)
		}
	}
	// A variable of the goal's own that an outer one was aliased to stands for the outer one.
	for i := len(vars) - 1; i >= 0; i-- {
		if v := m.deref(m.h[vars[i]]); v.Tag() == code.REF && !k.isOuter(v.Index()) {
			if _, taken := k.locals[v.Index()]; !taken {
				k.locals[v.Index()] = code.Make(code.REF, vars[i])
				k.outers = appendNew(k.outers, vars[i])
			}
		}
	}
	for i := len(vars) - 1; i >= 0; i-- {
		addr := vars[i]
		if m.h[addr].Tag() == code.ATT {
			k.group(m.groupOf(addr))
			continue
		}
		v := k.copy(m.h[addr], 0)
		if v == code.Make(code.REF, addr) {
			continue
		}
		k.outers = appendNew(k.outers, addr)
		k.conds = append(k.conds, m.record(code.Unify, k.pc, code.Make(code.REF, addr), v))
	}
	for len(k.groups) > 0 {
		g := k.groups[len(k.groups)-1]
		k.groups = k.groups[:len(k.groups)-1]
		k.conditions(g)
	}
}

// isOuter reports whether an unbound variable was touched or constrained before the negation began.
func (k *keeper) isOuter(addr int) bool {
	return addr < k.f.heap && !k.own[addr] && k.m.h[addr].Tag() != code.REF
}

// rawVars appends the outer variables that a copied condition mentions. Copies are resolved: references are not followed,
// because the bindings of outer variables are still in force.
func (k *keeper) rawVars(vars []int, c int) []int {
	m := k.m
	args := m.conArgs(c)
	if m.conOp(c) == code.Nand {
		args = args[1 : 1+int(args[0])]
	}
	stack := append([]Cell(nil), args...)
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch x.Tag() {
		case code.REF:
			if x.Index() < k.f.heap {
				vars = appendNew(vars, x.Index())
			}
		case code.LST:
			stack = append(stack, m.h[x.Index()], m.h[x.Index()+1])
		case code.DICT:
			if x.Index()&code.PoolBit == 0 {
				for i := range m.dictSize(x) {
					stack = append(stack, m.dictValue(x, i))
				}
			}
		}
	}
	return vars
}

// groupAt looks at the group one of whose words changed: when it was merged, or got another constraint. Constraints have such
// entries too, when one was settled; those say nothing new.
func (k *keeper) groupAt(addr int) {
	m := k.m
	for link := m.att; link != 0; link = int(m.h[link+1]) {
		c := m.h[int(m.h[link])]
		if c.Tag() != code.ATT {
			continue
		}
		for g := c.Index(); ; g = int(m.h[g]) {
			if g <= addr && addr < g+groupWords {
				k.group(m.find(g))
				return
			}
			if m.h[g] == 0 {
				break
			}
		}
	}
}

func (k *keeper) group(g int) {
	if k.seen == nil {
		k.seen = map[int]bool{}
	}
	if !k.seen[g] {
		k.seen[g] = true
		k.groups = append(k.groups, g)
	}
}

// conditions adds the constraints that the result put into a group.
func (k *keeper) conditions(g int) {
	m := k.m
	for _, x := range m.store(g) {
		c := int(x)
		if c < k.f.heap || m.settled(c) {
			continue
		}
		k.conds = append(k.conds, k.constraint(c, 0))
	}
}

// constraint copies a constraint.
func (k *keeper) constraint(c, depth int) int {
	m := k.m
	src := append([]Cell(nil), m.conArgs(c)...)
	args := make([]Cell, len(src))
	op := m.conOp(c)
	if op == code.Nand {
		if depth > maxNest/100 {
			m.tooDeep("negations are nested deeper than %d levels", maxNest/100)
			return c
		}
		n := int(src[0])
		for i := 1 + n; i < len(src); i++ {
			args[i] = code.Make(code.END, k.constraint(src[i].Index(), depth+1))
		}
		var outers []int
		for _, x := range args[1+n:] {
			outers = k.rawVars(outers, x.Index())
		}
		out := []Cell{Cell(len(outers))}
		for _, v := range outers {
			out = append(out, code.Make(code.REF, v))
		}
		return m.record(op, int(m.h[c+1]), append(out, args[1+n:]...)...)
	}
	for i, a := range src {
		if op == code.Isa && i == 1 {
			args[i] = a
			continue
		}
		args[i] = k.copy(a, depth)
	}
	return m.recordLike(c, args...)
}

// maxNest bounds the depth of terms that are copied recursively: a level takes some 200 bytes of Go stack.
const maxNest = 110_000

// copy copies a term as it is now: outer unbound variables stay themselves, local ones become fresh.
func (k *keeper) copy(c Cell, depth int) Cell {
	m := k.m
	if m.nodes++; m.nodes > maxNodes || depth > maxNest {
		if m.err == nil {
			m.tooDeep("a term is cyclic or too large: it has more than %d parts, or is nested deeper than %d levels", maxNodes, maxNest)
		}
		return code.EmptyLst
	}
	c = m.deref(c)
	switch c.Tag() {
	case code.REF:
		addr := c.Index()
		if m.h[addr].Tag() == code.ATT {
			k.group(m.groupOf(addr))
		}
		if k.isOuter(addr) {
			return c
		}
		if v, found := k.locals[addr]; found {
			return v
		}
		v := m.newVar()
		k.locals[addr] = v
		return v
	case code.LST:
		var items []Cell
		var tail Cell
		for c.Tag() == code.LST && m.nodes <= maxNodes {
			items = append(items, k.copy(m.part(c.Index()), depth+1))
			c = m.deref(m.part(c.Index() + 1))
		}
		tail = k.copy(c, depth+1)
		for i := len(items) - 1; i >= 0; i-- {
			tail = m.cons(items[i], tail)
		}
		return tail
	case code.DICT:
		if c.Index()&code.PoolBit != 0 {
			return c
		}
		n := m.dictSize(c)
		words := []Cell{Cell(n)}
		for i := range n {
			words = append(words, m.dictKey(c, i))
		}
		for i := range n {
			words = append(words, k.copy(m.dictValue(c, i), depth+1))
		}
		at := len(m.h)
		m.h = append(m.h, words...)
		return code.Make(code.DICT, at)
	}
	return c
}

// notExit is reached when the negated goal has no more results: the negations of those that were kept become conditions.
func (m *Machine) notExit() status {
	f := m.nots[len(m.nots)-1]
	m.nots = m.nots[:len(m.nots)-1]
	if f.first == 0 {
		return ok
	}
	m.runGoals(m.reverseK(f.first))
	return ok
}

// assert adds the negation of one kept result. A single condition without variables of its own is inverted at once.
func (m *Machine) assert(c int) status {
	args := m.conArgs(c)
	n := int(args[0])
	conds := args[1+n:]
	if len(conds) == 1 {
		x := conds[0].Index()
		switch op := m.conOp(x); op {
		case code.Nand:
			return m.assertDouble(x)
		case code.Unify, code.Eq, code.Neq, code.Lt, code.Leq, code.Gt, code.Geq:
			a := append([]Cell(nil), m.conArgs(x)...)
			if vars := m.varsOf(nil, a...); allIn(vars, args[1:1+n]) {
				switch {
				case op == code.Neq:
					return m.unify(a[0], a[1])
				case m.h[x]&conNotOrder != 0:
					return m.compare(op.Inverse(), a[0], a[1], 0, int(m.h[x+1]))
				}
				return m.compareInverse(op, a[0], a[1], int(m.h[x+1]))
			}
		}
	}
	var outers []int
	for _, v := range args[1 : 1+n] {
		outers = m.varsOf(outers, v)
	}
	return m.add(c, outers)
}

// compareInverse adds the inverse of a comparison, or makes it where the terms are ground by now.
func (m *Machine) compareInverse(op code.Operator, a, b Cell, pc int) status {
	a, b = m.deref(a), m.deref(b)
	c := m.inverse(op, pc, a, b)
	vars := m.varsOf(nil, a, b)
	switch {
	case m.err != nil:
		return stop
	case len(vars) == 0:
		return m.compare(op.Inverse(), a, b, c, pc)
	}
	return m.add(c, vars)
}

// assertDouble removes a double negation: the conditions inside hold, for some value of their own variables.
func (m *Machine) assertDouble(x int) status {
	args := m.conArgs(x)
	n := int(args[0])
	conds := append([]Cell(nil), args[1+n:]...)
	k := 0
	for i := len(conds) - 1; i >= 0; i-- {
		k = m.pushK(kGoal, conds[i].Index(), k)
	}
	if k != 0 {
		m.runGoals(k)
	}
	return ok
}

func allIn(vars []int, cells []Cell) bool {
	for _, v := range vars {
		if !slices.Contains(cells, code.Make(code.REF, v)) {
			return false
		}
	}
	return true
}
