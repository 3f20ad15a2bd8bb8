package code

// MoreSpecific compares two clauses of a predicate by their specializers, left to right: the first position where they
// differ decides. Static is false when that depends on the class of the argument.
func MoreSpecific(l, r *Clause) (more, static bool) {
	pos := FirstDifference(l, r)
	if pos < 0 {
		return false, true
	}
	a, b := l.Params[pos].Spec, r.Params[pos].Spec
	switch {
	case a == nil:
		return false, true
	case b == nil:
		return true, true
	case a.Kind == PUnion:
		return false, true
	case b.Kind == PUnion:
		return true, true
	case a.Kind == PClass && b.Kind == PClass:
		return false, false
	case a.Kind == PDict && b.Kind == PDict:
		return len(a.Fields) > len(b.Fields), true
	case a.Kind == PClass && b.Kind == PDict:
		return true, true
	}
	return false, true
}

// FirstDifference returns the first position at which the specializers of two clauses differ, or -1. Two unions never
// differ.
func FirstDifference(l, r *Clause) int {
	for i := range l.Params {
		if l.Params[i].SpecID == r.Params[i].SpecID {
			continue
		}
		a, b := l.Params[i].Spec, r.Params[i].Spec
		if a != nil && b != nil && a.Kind == PUnion && b.Kind == PUnion {
			continue
		}
		return i
	}
	return -1
}
