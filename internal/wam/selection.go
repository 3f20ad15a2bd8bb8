package wam

import "github.com/goso-project/goso/internal/code"

// A machine remembers which clauses its calls selected. What callPure selects, and in which order, depends only on the
// predicate and on a key for each argument that its clauses look at: the class of an object, the kind of another value,
// and the value itself where clauses compare it with literals. The memory is the machine's own, so that no cache line is
// shared; it holds for one snapshot.

const (
	selections    = 128 // a power of two
	selectionKeys = 6   // predicates that look at more arguments are not remembered
	maxSelected   = 32  // nor are longer lists
)

type selection struct {
	pred  int32 // number of the predicate plus one, 0 for an empty entry
	keys  [selectionKeys]Cell
	found []int32 // clauses that match, in calling order
	long  bool    // there are too many, or their order depends on more than the keys
}

// kindKey is the key of a value of which only the kind counts.
func kindKey(t code.Tag) Cell { return code.Make(code.END, int(t)) }

// selectionKey returns the key of an argument, false if selections for it are not remembered.
func (m *Machine) selectionKey(c Cell, mode code.ParamMode, p *predInfo) (Cell, bool) {
	t := c.Tag()
	switch t {
	case code.HOST:
		return code.Make(code.HOST, m.shapeOf(c)), true
	case code.REF:
		return 0, true
	case code.LST:
		return kindKey(t), m.h[c.Index()] != code.ListEnd
	}
	if mode&code.ModeLiteral == 0 {
		return kindKey(t), true
	}
	switch t {
	case code.ATOM, code.BOOL, code.NIL:
		return c, true
	case code.INT:
		for _, k := range p.ints {
			if k == c {
				return c, true
			}
		}
		return kindKey(t), !p.manyInts
	case code.CLIST, code.SLICE, code.DICT:
		return kindKey(t), true
	}
	return 0, false
}

// remembered returns the entry for a call, and whether it already holds its selection; nil if the call cannot be remembered.
func (m *Machine) remembered(n int, pr *code.Pred, p *predInfo) (*selection, bool) {
	if len(p.checked) > selectionKeys {
		return nil, false
	}
	var keys [selectionKeys]Cell
	h := uint64(n) * 0x9E3779B97F4A7C15
	for i, pos := range p.checked {
		k, fine := m.selectionKey(m.x[pos], pr.Params[pos], p)
		if !fine {
			return nil, false
		}
		keys[i] = k
		h = (h ^ uint64(k)) * 0x9E3779B97F4A7C15
	}
	if m.selections == nil {
		m.selections = make([]selection, selections)
	}
	e := &m.selections[h>>40&(selections-1)]
	if e.pred == int32(n)+1 && e.keys == keys {
		return e, true
	}
	e.pred, e.keys, e.found, e.long = int32(n)+1, keys, e.found[:0], false
	return e, false
}

// callPicked calls the clauses of a selection.
func (m *Machine) callPicked(n int, p *predInfo, e *selection) status {
	switch len(e.found) {
	case 0:
		return fail
	case 1:
		m.b0 = len(m.ch)
		m.enterTested(p.pred.Clauses[e.found[0]], m.allBound)
		return ok
	}
	// The choice point needs a list of its own: the entry may be reused before it is done.
	base := len(m.cs)
	m.cs = append(m.cs, e.found...)
	return m.callOwned(n, p, base)
}

// pick selects the clauses for a call among candidates and fills an entry with them. It reports false where the selection is
// too long, or its order depends on more than the keys.
func (m *Machine) pick(e *selection, pr *code.Pred, p *predInfo, cand []int32) bool {
	exact := true
	for _, i := range cand {
		if cl := pr.Clauses[i]; m.quick(cl) {
			if len(e.found) == maxSelected {
				e.long = true
				return false
			}
			e.found = append(e.found, i)
			exact = exact && cl.Exact
		}
	}
	if p.dynamic && len(e.found) > 2 && !exact {
		e.long = true
		return false
	}
	if p.dynamic {
		m.sort(pr, e.found, m.x)
	}
	return true
}
