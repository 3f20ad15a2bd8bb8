package wam

import (
	"math/bits"
	"slices"

	"github.com/goso-project/goso/internal/code"
)

// constSet finds the elements of a long constant list.
type constSet struct {
	plain bool // all elements are small integers, strings or booleans, so that equal cells are equal values
	at    map[Cell][]int32
}

// minSet is the length from which a constant list is worth a hash.
const minSet = 16

// constSet returns the set of the constant list that starts at a pool index, nil for a list that has none. Two goroutines
// may build it at the same time; both results are equal, and one is kept.
func (s *Snapshot) constSet(start int) *constSet {
	if x, found := s.sets.Load(start); found {
		return x.(*constSet)
	}
	set := &constSet{plain: true, at: map[Cell][]int32{}}
	i := start
	for ; i < len(s.Prog.Pool) && s.Prog.Pool[i] != code.ListEnd; i++ {
		if c := s.Prog.Pool[i]; isSmallLiteral(c) {
			set.at[c] = append(set.at[c], int32(i))
		} else {
			set.plain = false
		}
	}
	if i-start < minSet {
		set.plain = false
	}
	if !set.plain {
		set.at = nil
	}
	s.sets.Store(start, set)
	return set
}

// memberSet tells whether a constant list of strings, small integers and booleans has an element.
type memberSet struct {
	plain bool   // the list is such a list
	slots []Cell // its elements, each where its hash leads to or behind; 0 for none
	shift int
	again []Cell // those that occur more than once
}

// memberSets returns the sets of constant lists.
func (s *Snapshot) memberSets(lists []Cell) []memberSet {
	sets := make([]memberSet, len(lists))
	for i, l := range lists {
		sets[i].init(s.Prog.Pool[l.Index():])
	}
	return sets
}

// init puts the elements of the list that a pool begins with into the set.
func (x *memberSet) init(pool []Cell) {
	n := slices.Index(pool, code.ListEnd)
	if n < 0 || slices.ContainsFunc(pool[:n], func(c Cell) bool { return !isSmallLiteral(c) }) {
		return
	}
	size := bits.Len(uint(2 * n)) // twice to four times as many slots as elements
	x.plain, x.shift, x.slots = true, 64-size, make([]Cell, 1<<size)
	for _, c := range pool[:n] {
		if i := x.slot(c); x.slots[i] == 0 {
			x.slots[i] = c
		} else if !slices.Contains(x.again, c) {
			x.again = append(x.again, c)
		}
	}
}

// slot returns where an element is, or the empty slot where it would be.
func (x *memberSet) slot(c Cell) int {
	i := int(uint64(c) * 0x9E3779B97F4A7C15 >> x.shift)
	for x.slots[i] != 0 && x.slots[i] != c {
		i = (i + 1) & (len(x.slots) - 1)
	}
	return i
}

// has reports whether the list has an element once. It is unclear for elements that occur more than once, and for other lists.
func (x *memberSet) has(key Cell) verdict {
	switch {
	case !x.plain || slices.Contains(x.again, key):
		return unclear
	case x.slots[x.slot(key)] == key:
		return holding
	}
	return failing
}

// search goes to the next element of a list that equals a plain item, where that can be told without taking elements one by
// one; done reports whether it could.
func (m *Machine) search(c *choice, item Cell) (done bool, s status) {
	l := m.deref(c.a)
	switch l.Tag() {
	case code.SLICE:
		n, from := l.Slice()
		l := &m.seqs[n]
		i, able := m.indexOf(l, item, from)
		switch {
		case !able:
			return false, ok
		case i < 0:
			m.pop()
			return true, fail
		case i+1 >= l.size():
			m.pop()
		default:
			c.a = code.MakeSlice(n, i+1)
		}
		return true, ok
	case code.CLIST:
		return m.searchConst(c, l.Index(), item)
	}
	return false, ok
}

// isElement is "in" for an item that is found in a list of the host without taking elements one by one; false for others. Only if the
// item is not the last element it leaves a choice point.
func (m *Machine) isElement(item, coll Cell) (s status, done bool) {
	n, from := coll.Slice()
	l := &m.seqs[n]
	i, able := m.indexOf(l, item, from)
	if !able {
		return ok, false
	}
	if i < 0 {
		return fail, true
	}
	if i+1 < l.size() {
		m.iterate(choice{kind: chList, a: code.MakeSlice(n, i+1), b: item, pos: int32((m.p - 1) & (1<<31 - 1))}, false)
	}
	return ok, true
}

// indexOf returns the index of the first element from from on that equals a plain item, -1 if none does; it is false where
// elements have to be looked at one by one.
func (m *Machine) indexOf(l *hostList, item Cell, from int) (int, bool) {
	switch {
	case l.elem == nil:
	case l.elem.Kind == PlanInt && item.Tag() == code.INT:
		return l.items.IndexInt(l.elem.Number, item.Int(), from), true
	case l.elem.Kind == PlanString && isText(item.Tag()):
		if s := m.text(item); !mended(s) {
			return l.items.IndexString(s, from), true
		}
	}
	return 0, false
}

// searchConst is search in a constant list of the policy; the choice point remembers where the list starts.
func (m *Machine) searchConst(c *choice, from int, item Cell) (done bool, s status) {
	pool := m.prog.Pool
	if from >= len(pool) {
		return false, ok
	}
	if c.b2 == 0 {
		c.b2, c.pred = 1, int32(from)
	}
	set := m.snap.constSet(int(c.pred))
	if !set.plain {
		return false, ok
	}
	k, keyed := m.indexKey(item)
	if !keyed {
		return false, ok
	}
	for _, at := range set.at[k] {
		if int(at) < from {
			continue
		}
		if pool[at+1] == code.ListEnd {
			m.pop()
		} else {
			c.a = code.Make(code.CLIST, int(at)+1)
		}
		return true, ok
	}
	m.pop()
	return true, fail
}
