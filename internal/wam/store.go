package wam

import (
	"slices"

	"github.com/goso-project/goso/internal/code"
)

// A group is the conjunction that a set of variables shares: word 0 is the group it was merged into, 0 for none; word 1 its store;
// word 2 how many constraints are in it. A store is a record on the heap:
//
//	word 0   room: how many constraints it can hold, a power of two
//	word 1   how many slots are used
//	word 2…  the constraints in order
//	then     slots, if there is much room: a hash table of the constraints' positions, plus one
//
// A store that is full is copied to one of twice the room. Backtracking restores the words of the group, not the store: what stands
// behind the last constraint means nothing, nor does a slot with its position.
const (
	groupStore = 1
	groupCount = 2
	groupWords = 3

	storeUsed  = 1
	storeFirst = 2

	minRoom    = 4  // of the first store of a group
	hashedRoom = 32 // from here on there are slots
	slotsEach  = 4  // for each constraint; three are filled before the table is made anew
)

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
	at := int(m.h[g+groupStore]) + storeFirst
	return m.h[at:][:m.h[g+groupCount]]
}

// attach makes a variable constrained, with a group of its own if it has none.
func (m *Machine) attach(addr int) int {
	if m.h[addr].Tag() == code.ATT {
		return m.groupOf(addr)
	}
	g := len(m.h)
	m.h = append(m.h, 0, 0, 0, Cell(addr), Cell(m.att))
	m.att = g + groupWords
	if addr < m.hb {
		m.tr = append(m.tr, Cell(addr)<<2|Cell(m.h[addr].Tag()&1))
	}
	m.h[addr] = code.Make(code.ATT, g)
	return g
}

// merge makes variables share one conjunction, and returns its group and how many constraints had to be copied. The first group that
// has constraints keeps its store.
func (m *Machine) merge(vars []int) (root, copied int) {
	for _, v := range vars {
		if g := m.attach(v); root == 0 || m.h[root+groupCount] == 0 && m.h[g+groupCount] != 0 {
			root = g
		}
	}
	for _, v := range vars {
		g := m.groupOf(v)
		if g == root {
			continue
		}
		m.setField(g, Cell(root))
		n := int(m.h[g+groupCount])
		for i := range n {
			if c := int(m.store(g)[i]); !m.settled(c) {
				m.put(root, c)
			}
		}
		copied += n
	}
	return root, copied
}

// put adds a constraint to the store of a group, behind the others.
func (m *Machine) put(g, c int) {
	s, n := int(m.h[g+groupStore]), int(m.h[g+groupCount])
	if s == 0 || n == int(m.h[s]) {
		m.newStore(g, m.store(g))
		s, n = int(m.h[g+groupStore]), int(m.h[g+groupCount])
	}
	m.h[s+storeFirst+n] = Cell(c)
	m.setField(g+groupCount, Cell(n+1))
	m.index(g, n)
}

// newStore gives a group a store of its own for some constraints, with room for more; those that are settled stay behind.
func (m *Machine) newStore(g int, cons []Cell) {
	room := minRoom
	for room <= len(cons) {
		room *= 2
	}
	s := len(m.h)
	m.h = append(m.h, Cell(room), 0)
	for _, c := range cons {
		if !m.settled(int(c)) {
			m.h = append(m.h, c)
		}
	}
	n := len(m.h) - s - storeFirst
	size := room
	if room >= hashedRoom {
		size += slotsEach * room
	}
	m.h = slices.Grow(m.h, size-n)[:s+storeFirst+size]
	m.setField(g+groupStore, Cell(s))
	m.setField(g+groupCount, Cell(n))
	m.rehash(s, n)
}

// table returns the slots of a store, nil if it is small.
func (m *Machine) table(s int) []Cell {
	room := int(m.h[s])
	if room < hashedRoom {
		return nil
	}
	return m.h[s+storeFirst+room:][:slotsEach*room]
}

// rehash makes the table of a store anew, for its first n constraints.
func (m *Machine) rehash(s, n int) {
	slots := m.table(s)
	if slots == nil {
		return
	}
	clear(slots)
	m.h[s+storeUsed] = 0
	for i := range n {
		m.fill(s, i, n)
	}
}

// index enters the constraint at a position of a group's store in the table.
func (m *Machine) index(g, i int) {
	s, n := int(m.h[g+groupStore]), int(m.h[g+groupCount])
	if m.table(s) == nil {
		return
	}
	if m.h[s+storeUsed] >= (slotsEach-1)*m.h[s] {
		m.rehash(s, n)
		return
	}
	m.fill(s, i, n)
}

// fill enters the position i of n in the first slot for it that is free.
func (m *Machine) fill(s, i, n int) {
	slots := m.table(s)
	mask := uint64(len(slots) - 1)
	for at := m.hashOf(int(m.h[s+storeFirst+i])); ; at++ {
		slot := &slots[at&mask]
		if *slot == 0 {
			m.h[s+storeUsed]++
		} else if int(*slot) <= n && int(*slot) != i+1 {
			continue
		}
		*slot = Cell(i + 1)
		return
	}
}

// hasConstraint reports whether a live constraint of a group is equal to a constraint.
func (m *Machine) hasConstraint(g, c int) bool {
	cons := m.store(g)
	same := func(x Cell) bool { return !m.settled(int(x)) && m.sameConstraint(int(x), c) }
	slots := m.table(int(m.h[g+groupStore]))
	if slots == nil {
		return slices.ContainsFunc(cons, same)
	}
	mask := uint64(len(slots) - 1)
	for at := m.hashOf(c); ; at++ {
		switch slot := int(slots[at&mask]); {
		case slot == 0:
			return false
		case slot <= len(cons) && same(cons[slot-1]):
			return true
		}
	}
}

// hashOf returns a number that equal constraints share, as long as no variable of theirs is bound.
func (m *Machine) hashOf(c int) uint64 {
	h := uint64(m.conOp(c))
	if m.conOp(c) == code.Nand { // equal to itself only
		return uint64(c)
	}
	for _, a := range m.conArgs(c) {
		a = m.deref(a)
		key := a
		if a.Tag() != code.REF {
			key, _ = m.indexKey(a) // 0 for what takes more than a look to compare
		}
		h = (h ^ uint64(key)) * 0x9E3779B97F4A7C15
		h ^= h >> 32
	}
	return h
}
