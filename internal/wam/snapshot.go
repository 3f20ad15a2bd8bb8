package wam

import (
	"slices"
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
	Classes
	// unions[s] has a bit for each union that instances of shape s belong to.
	unions []uint8

	preds    []predInfo
	sends    bool     // the policy calls methods or constructors, or see Unsteady
	sets     sync.Map // of constant lists by where they start: *constSet
	closures closures
	self     weak.Pointer[Snapshot] // tells whose selections a machine remembers, without keeping the snapshot alive
}

// NewSnapshot prepares a program to run. Classes are those of the registry, for the class names that the program began with; nil if
// nothing is registered.
func NewSnapshot(prog *code.Program, constants []Value, classes *Classes) *Snapshot {
	if classes == nil {
		classes = NewClasses(nil, nil, nil)
	}
	s := &Snapshot{Prog: prog, Constants: constants, Classes: *classes.of(prog.Classes)}
	s.self = weak.Make(s)
	s.addUnions()
	s.sends = sends(prog)
	s.preds = make([]predInfo, len(prog.Preds))
	for i := range prog.Preds {
		s.preds[i].init(prog, i)
	}
	return s
}

// addUnions notes to which unions of the program the instances of each shape belong.
func (s *Snapshot) addUnions() {
	s.unions = make([]uint8, len(s.shapes))
	if len(s.Prog.Unions[0])+len(s.Prog.Unions[1]) == 0 {
		return
	}
	in := make([]uint8, len(s.Prog.Classes)) // unions by class
	for u, members := range s.Prog.Unions {
		for _, c := range members {
			in[c] |= 1 << u
		}
	}
	for shape, ranks := range s.ranks {
		for _, r := range ranks {
			s.unions[shape] |= in[r.class]
		}
	}
}

// Unsteady says that looking up a field may run code of the application, as a method does, which may change other fields. Call it
// before the first query.
func (s *Snapshot) Unsteady() { s.sends = true }

// hasClass reports whether an instance of a shape belongs to a class. Numbers past the policy's are a query's own names.
func (m *Machine) hasClass(shape, class int) bool {
	if class < len(m.prog.Classes) {
		return shape < len(m.snap.shapes) && m.snap.shapes[shape].has(class)
	}
	if shape >= len(m.snap.registered) {
		return false
	}
	_, ok := m.snap.registered[shape][m.className(class)]
	return ok
}

func (m *Machine) className(class int) string {
	if class < len(m.prog.Classes) {
		return m.prog.Classes[class]
	}
	return m.query.Classes[class-len(m.prog.Classes)]
}

// isSubclass reports whether class l is r or derives from it. A name that only the query mentions is no registered class.
func (m *Machine) isSubclass(l, r int) bool {
	if l == r {
		return true
	}
	if l >= len(m.prog.Classes) || r >= len(m.prog.Classes) {
		return false
	}
	return slices.Contains(m.snap.ancestors[m.prog.Classes[l]], m.prog.Classes[r])
}
