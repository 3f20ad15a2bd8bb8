package wam

import (
	"math"
	"sync"
	"weak"

	"github.com/goso-project/goso/internal/code"
)

// Snapshot is a compiled policy with what the machine needs to know of the registry. It is immutable but for indexes and
// orders that are built on demand and published atomically, and is shared by any number of machines.
type Snapshot struct {
	Prog *code.Program
	// Constants are the registered host objects that HOST cells with the pool bit refer to.
	Constants []Value
	// shapes[s] has a bit for each class number that instances of shape s belong to.
	shapes []classSet
	// ranks[s][c] is the distance of class c from shape s, notIn if it does not belong.
	ranks [][]int32
	// unions[s] has a bit for each union that instances of shape s belong to.
	unions []uint8
	names  []map[string]int
	// super[c] are the class numbers that class c is or derives from.
	super []map[int]bool

	builtin [6]int // class numbers of Boolean, Integer, Float, String, List, Dictionary; -1 if never mentioned

	preds []predInfo
	sends bool                   // the policy calls methods or constructors, or see Unsteady
	sets  sync.Map               // of constant lists by where they start: *constSet
	self  weak.Pointer[Snapshot] // tells whose selections a machine remembers, without keeping the snapshot alive
}

type classSet []uint64

func (s classSet) has(n int) bool { return n>>6 < len(s) && s[n>>6]>>(n&63)&1 != 0 }

const notIn = math.MaxInt32

// Shape describes to which classes the instances of one shape belong: class name to distance.
type Shape = map[string]int

// NewSnapshot prepares a program to run. Shapes are the registry's (entry 0 unused), ancestors maps a class name to
// the names it derives from, itself included.
func NewSnapshot(prog *code.Program, constants []Value, shapes []Shape, ancestors map[string][]string) *Snapshot {
	s := &Snapshot{Prog: prog, Constants: constants, names: shapes}
	s.self = weak.Make(s)
	n := len(prog.Classes)
	for _, sh := range shapes {
		set := make(classSet, (n+63)/64)
		rank := make([]int32, n)
		for i, name := range prog.Classes {
			rank[i] = notIn
			if r, ok := sh[name]; ok {
				set[i>>6] |= 1 << (i & 63)
				rank[i] = int32(r)
			}
		}
		s.shapes = append(s.shapes, set)
		s.ranks = append(s.ranks, rank)
		var in uint8
		for u, members := range prog.Unions {
			for _, c := range members {
				if set.has(c) {
					in |= 1 << u
				}
			}
		}
		s.unions = append(s.unions, in)
	}
	for _, name := range prog.Classes {
		m := map[int]bool{prog.Class(name): true}
		for _, a := range ancestors[name] {
			if i := prog.Class(a); i >= 0 {
				m[i] = true
			}
		}
		s.super = append(s.super, m)
	}
	for i, name := range []string{"Boolean", "Integer", "Float", "String", "List", "Dictionary"} {
		s.builtin[i] = prog.Class(name)
	}
	s.sends = sends(prog)
	s.preds = make([]predInfo, len(prog.Preds))
	for i, p := range prog.Preds {
		s.preds[i].init(p)
	}
	return s
}

// Unsteady says that looking up a field may run code of the application, as a method does, which may change other fields. Call it
// before the first query.
func (s *Snapshot) Unsteady() { s.sends = true }

// hasClass reports whether an instance of a shape belongs to a class. Numbers past the policy's are a query's own names.
func (m *Machine) hasClass(shape, class int) bool {
	if class < len(m.prog.Classes) {
		return shape < len(m.snap.shapes) && m.snap.shapes[shape].has(class)
	}
	if shape >= len(m.snap.names) {
		return false
	}
	_, ok := m.snap.names[shape][m.className(class)]
	return ok
}

func (m *Machine) className(class int) string {
	if class < len(m.prog.Classes) {
		return m.prog.Classes[class]
	}
	return m.query.Classes[class-len(m.prog.Classes)]
}

// isSubclass reports whether class l is r or derives from it.
func (m *Machine) isSubclass(l, r int) bool {
	if l == r {
		return true
	}
	return l < len(m.snap.super) && m.snap.super[l][r]
}
