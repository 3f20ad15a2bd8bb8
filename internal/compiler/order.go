package compiler

import "github.com/goso-project/goso/internal/code"

// summarise fills what a predicate knows over all its clauses.
func summarise(p *code.Program, pr *code.Pred) {
	n := 0
	for _, cl := range pr.Clauses {
		n += len(cl.Params)
	}
	if n == 0 {
		pr.Order = staticOrder(pr)
		return
	}
	for i := range pr.Params {
		classes, others := map[int]int32{}, map[string]int32{} // plain classes by number, all else by structure
		for _, cl := range pr.Clauses {
			s := cl.Params[i].Spec
			switch {
			case s == nil:
			case s.Kind == code.PClass && len(s.Fields) == 0:
				id := classes[s.Class]
				if id == 0 {
					id = int32(len(classes) + len(others) + 1)
					classes[s.Class] = id
				}
				cl.Params[i].SpecID = id
			default:
				k := patternKey(p, s)
				id := others[k]
				if id == 0 {
					id = int32(len(classes) + len(others) + 1)
					others[k] = id
				}
				cl.Params[i].SpecID = id
			}
		}
	}
	pr.Order = staticOrder(pr)
}

// maxSignatures bounds the tuples of specializers for which a static order is looked for; the check is cubic.
const maxSignatures = 48

// signatures numbers the tuples of specializers of a predicate's clauses in order of appearance. It returns the number of
// each clause's tuple, and one clause for each tuple; false if there are too many of them.
func signatures(pr *code.Pred) (sigOf []int32, sigs []*code.Clause, ok bool) {
	sigOf = make([]int32, len(pr.Clauses))
	byHash := map[uint64]int32{} // the first of a hash; tuples of equal hash are compared
	for i, cl := range pr.Clauses {
		h := uint64(0)
		for k := range cl.Params {
			h = (h ^ uint64(cl.Params[k].SpecID)) * 0x9E3779B97F4A7C15
		}
		s, found := byHash[h]
		if found && !sameSpecializers(cl, sigs[s]) {
			return nil, nil, false // never in practice, and giving up is no error
		}
		if !found {
			if len(sigs) == maxSignatures {
				return nil, nil, false
			}
			s = int32(len(sigs))
			byHash[h] = s
			sigs = append(sigs, cl)
		}
		sigOf[i] = s
	}
	return sigOf, sigs, true
}

func sameSpecializers(a, b *code.Clause) bool {
	for i := range a.Params {
		if a.Params[i].SpecID != b.Params[i].SpecID {
			return false
		}
	}
	return true
}

// staticOrder returns the order of a predicate's clauses by specificity if it is the same for all arguments, else nil. It
// is the same when no two clauses are told apart by the class of an argument, and when "more specific" is a strict weak
// order, so that leaving clauses out never changes the order of the others.
func staticOrder(pr *code.Pred) []int32 {
	sigOf, sigs, ok := signatures(pr)
	if !ok {
		return nil
	}
	n := len(sigs)
	more := make([][]bool, n)
	for i := range more {
		more[i] = make([]bool, n)
		for j := range more[i] {
			m, static := code.MoreSpecific(sigs[i], sigs[j])
			if !static {
				return nil
			}
			more[i][j] = m
		}
	}
	rank, ok := ranks(more)
	if !ok {
		return nil
	}
	// Ranks are numbers of signatures: counting sorts, and keeps source order within a rank.
	starts := make([]int, n+1)
	for _, s := range sigOf {
		starts[rank[s]+1]++
	}
	for i := range n {
		starts[i+1] += starts[i]
	}
	order := make([]int32, len(pr.Clauses))
	for i, s := range sigOf {
		r := rank[s]
		order[starts[r]] = int32(i)
		starts[r]++
	}
	return order
}

// ranks returns the rank of each element if the relation is a strict weak order.
func ranks(more [][]bool) ([]int, bool) {
	n := len(more)
	rank := make([]int, n)
	for i := range n {
		for j := range n {
			if more[j][i] {
				rank[i]++
			}
		}
	}
	for i := range n {
		for j := range n {
			if more[i][j] != (rank[i] < rank[j]) {
				return nil, false
			}
		}
	}
	return rank, true
}
