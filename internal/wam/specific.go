package wam

import "github.com/goso-project/goso/internal/code"

// callSorted calls the clauses that apply in an order that depends on the arguments.
func (m *Machine) callSorted(n int, pr *code.Pred, p *predInfo, cand []int32) status {
	base := len(m.cs)
	exact := true
	m.tried(len(cand))
	for k, i := range cand {
		if m.interrupted(k) {
			return stop
		}
		if m.quick(pr.Clauses[i]) {
			m.cs = append(m.cs, i)
			exact = exact && pr.Clauses[i].Exact
		}
	}
	found := m.cs[base:]
	if len(found) > 2 && !exact {
		m.cs = m.cs[:base]
		return m.callGeneral(n, pr, p)
	}
	switch len(found) {
	case 0:
		return fail
	case 1:
		m.b0 = len(m.ch)
		m.enterTested(pr.Clauses[found[0]], m.allBound)
		m.cs = m.cs[:base]
		return ok
	}
	m.sort(pr, found, m.x)
	return m.callOwned(n, p, base)
}

// sort is the insertion sort of the language's definition: it stops at the first neighbour that is not less specific. It ends early
// if the query does.
func (m *Machine) sort(pr *code.Pred, list []int32, args []Cell) {
	work := 0
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && m.moreSpecific(pr.Clauses[list[j]], pr.Clauses[list[j-1]], args); j-- {
			list[j], list[j-1] = list[j-1], list[j]
			if work++; m.interrupted(work) {
				return
			}
		}
	}
}

// moreSpecific compares two clauses for the actual arguments.
func (m *Machine) moreSpecific(l, r *code.Clause, args []Cell) bool {
	pos := code.FirstDifference(l, r)
	if pos < 0 {
		return false
	}
	a, b := l.Params[pos].Spec, r.Params[pos].Spec
	if a == nil || b == nil || a.Kind != code.PClass || b.Kind != code.PClass {
		more, _ := code.MoreSpecific(l, r)
		return more
	}
	c := m.deref(args[pos])
	if c.Tag() != code.HOST {
		return false
	}
	if a.Class == b.Class {
		return len(a.Fields) > len(b.Fields)
	}
	shape := m.shapeOf(c)
	return m.snap.rank(shape, a.Class) < m.snap.rank(shape, b.Class)
}
