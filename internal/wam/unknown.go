package wam

import "github.com/goso-project/goso/internal/code"

// An argument that is not known but for its class, as in a query for all that a user may read, is passed from rule to rule, and each tests
// the class again. A test of the very class that constraints give to a variable adds nothing to them, and one of a class that shares no
// instances with it fails. So where a call's clauses test no others, what the call selects depends on that class alone, and the tests need not
// be made: the variable is as good as an object of the class.

// unknown is the argument of a call that is a variable of one class.
type unknown struct {
	arg   int // -1 for none
	class int
	met   bool // an argument has constraints, perhaps none on its class
}

// classKey is the key of a variable of one class. Those of kinds come before.
func classKey(class int) Cell { return code.Make(code.END, 1<<8+class) }

// unknownKey returns the key of an argument that is a constrained variable. It is not able where more than that decides what the call selects.
func (m *Machine) unknownKey(x Cell, arg int, mode code.ParamMode) (key Cell, able bool) {
	class, able := m.onlyClass(x)
	if !able || m.unknown.met || mode != code.ModeClass {
		return 0, false
	}
	m.unknown.met = true
	if class < 0 { // as if it had no constraints
		return 0, true
	}
	m.unknown.arg, m.unknown.class = arg, class
	return classKey(class), true
}

// onlyClass returns the class that constraints give to a variable, -1 for none. It is not able where a test of that class may fail or add
// something, or where constraints on other variables have a say in tests of others, too.
func (m *Machine) onlyClass(x Cell) (class int, able bool) {
	cons := m.store(m.groupOf(x.Index()))
	class = -1
	linked := false
	for _, k := range cons {
		c := int(k)
		if m.settled(c) {
			continue
		}
		if m.conOp(c) != code.Isa {
			linked = linked || m.links(c, x)
			continue
		}
		if args := m.conArgs(c); m.deref(args[0]) == x {
			if class >= 0 {
				return class, false
			}
			class = int(args[1].Int())
		}
	}
	if class >= len(m.prog.Classes) { // of the query's own program: its number says nothing to others
		return class, false
	}
	if !linked {
		return class, true
	}
	if class < 0 || !m.knowsPaths() {
		return class, false
	}
	fine, asks := m.compatibleLinked(x, class, cons)
	return class, fine && len(asks) == 0
}

// suits reports whether clauses test no class of the argument that shares some instances, but not all, with its own.
func (u unknown) suits(m *Machine, pr *code.Pred, cand []int32) bool {
	if u.arg < 0 {
		return true
	}
	for _, i := range cand {
		for k := range pr.Clauses[i].Quick {
			if q := &pr.Clauses[i].Quick[k]; int(q.Arg) == u.arg && !u.passes(m, q) {
				return false
			}
		}
	}
	return true
}

func (u unknown) passes(m *Machine, q *code.Quick) bool {
	class := int(q.N)
	return q.Kind == code.QuickClass && (class == u.class || !m.isSubclass(class, u.class) && !m.isSubclass(u.class, class))
}
