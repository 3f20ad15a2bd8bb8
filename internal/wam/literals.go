package wam

import "github.com/goso-project/goso/internal/code"

// argIndex finds the clauses that a literal argument can match at one position: keyed clauses and those any literal matches.
type argIndex struct {
	buckets map[Cell][]int32
	rest    []int32 // clauses for a key that no clause names
	// apart says that buckets hold keyed clauses alone, since the others would be copied too often. Then both hold positions in the
	// order of calls instead of clauses.
	apart bool
}

// indexKey returns the key of a literal, and whether it can be one: equal numbers have equal keys.
func (m *Machine) indexKey(c Cell) (Cell, bool) {
	switch c.Tag() {
	case code.ATOM, code.BOOL, code.INT, code.NIL:
		return c, true
	case code.STR:
		if a := m.prog.Atom(m.strs[c.Index()]); a >= 0 {
			return code.Make(code.ATOM, a), true
		}
		return code.ListEnd, true // no clause names it
	case code.FLT:
		f := m.float(c)
		if i := int64(f); float64(i) == f && code.FitsInline(i) && f < 1<<60 && f > -1<<60 {
			return code.MakeInt(i), true
		}
	}
	return 0, false
}

// argIndex returns the index of a position, building it on first use; nil if the query ends meanwhile. Two goroutines may build it at
// the same time; both results are equal, and one is kept.
func (m *Machine) argIndex(p *predInfo, pr *code.Pred, pos int) *argIndex {
	if ix := p.index[pos].Load(); ix != nil {
		return ix
	}
	ix := m.newArgIndex(p, pr, pos, false)
	if ix == nil && m.err == nil {
		ix = m.newArgIndex(p, pr, pos, true)
	}
	if ix != nil {
		p.index[pos].Store(ix)
	}
	return ix
}

// maxCopies is how many entries an index may take, in total and for each clause, before clauses without a literal are kept apart.
const (
	maxCopies       = 1 << 20
	maxClauseCopies = 16
)

// newArgIndex builds an index; nil if the query ends meanwhile, or if it would take too much room without keeping clauses apart.
func (m *Machine) newArgIndex(p *predInfo, pr *code.Pred, pos int, apart bool) *argIndex {
	ix := &argIndex{buckets: map[Cell][]int32{}, apart: apart}
	work := 0
	for i, n := range p.all {
		if work++; m.interrupted(work) || work > max(maxCopies, maxClauseCopies*len(p.all)) && !apart {
			return nil
		}
		k, keyed := m.clauseKey(pr.Clauses[n], pos)
		switch {
		case apart && keyed:
			ix.buckets[k] = append(ix.buckets[k], int32(i))
		case apart:
			ix.rest = append(ix.rest, int32(i))
		case keyed:
			b, found := ix.buckets[k]
			if !found {
				b = append([]int32(nil), ix.rest...)
				work += len(b)
			}
			ix.buckets[k] = append(b, n)
		default:
			ix.rest = append(ix.rest, n)
			for key := range ix.buckets {
				if work++; m.interrupted(work) {
					return nil
				}
				ix.buckets[key] = append(ix.buckets[key], n)
			}
		}
	}
	return ix
}

// clauses returns the clauses for a key in the order of calls, which is that of all.
func (ix *argIndex) clauses(k Cell, keyed bool, all []int32) []int32 {
	var named []int32
	if keyed {
		named = ix.buckets[k]
	}
	if !ix.apart {
		if named == nil {
			return ix.rest
		}
		return named
	}
	list := make([]int32, 0, len(named)+len(ix.rest))
	for rest := ix.rest; len(named)+len(rest) > 0; {
		if len(rest) == 0 || len(named) > 0 && named[0] < rest[0] {
			list, named = append(list, all[named[0]]), named[1:]
		} else {
			list, rest = append(list, all[rest[0]]), rest[1:]
		}
	}
	return list
}

// clauseKey returns the literal a clause wants at a position.
func (m *Machine) clauseKey(cl *code.Clause, pos int) (Cell, bool) {
	for i := range cl.Quick {
		if q := &cl.Quick[i]; int(q.Arg) == pos && q.Kind == code.QuickConst {
			return m.indexKey(q.Cell)
		}
	}
	return 0, false
}

// byLiteral returns the clauses that the literal arguments of a call can match, by the index that leaves fewest.
func (m *Machine) byLiteral(p *predInfo, cand []int32) []int32 {
	for _, pos := range p.keyed {
		c := m.x[pos]
		if m.without&Indexes != 0 || c.Tag() == code.REF || c.Tag() == code.LST && m.h[c.Index()] == code.ListEnd {
			continue
		}
		ix := m.argIndex(p, p.pred, pos)
		if ix == nil {
			break
		}
		k, keyed := m.indexKey(c)
		b := ix.clauses(k, keyed, p.all)
		if len(b) < len(cand) {
			cand = b
			if len(b) <= 1 {
				break
			}
		}
	}
	return cand
}
