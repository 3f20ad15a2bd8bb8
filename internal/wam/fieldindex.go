package wam

import (
	"cmp"
	"math"
	"slices"

	"github.com/goso-project/goso/internal/code"
)

// fieldIndex finds clauses by the literal that their guards want of a field, or of an argument.
type fieldIndex struct {
	key    code.Operand
	before []code.Operand // what clauses compare with literals before the key
	// heads: all keys come from patterns in heads, so that clauses left out do not apply. Steady: the index can only be used
	// where nothing changes fields between the conditions of a query.
	heads, steady bool

	texts  map[string][]int32
	ints   map[int64][]int32
	bools  [2][]int32
	rest   []int32 // clauses for a key that no clause names
	expect float64 // the number of clauses it leaves, on average
}

const (
	maxFieldIndexes = 4 // of a predicate
	// selectiveIndex is the number of clauses left up to which an index is used before what calls have selected is looked up.
	selectiveIndex = 4
	// maxShared bounds the entries of an index for clauses that stand in all of its lists, as a multiple of all clauses.
	maxShared = 8
)

// literalKey is a literal as a key: equal numbers have equal keys.
type literalKey struct {
	kind ValueKind
	text string
	n    int64
}

// keyOf returns the key of a value; it is false for floats that no integer equals, and for what is no datum.
func keyOf(d datum) (literalKey, bool) {
	switch d.kind {
	case KindString:
		return literalKey{kind: KindString, text: d.s}, true
	case KindInt, KindBool:
		return literalKey{kind: d.kind, n: int64(d.n)}, true
	case KindFloat:
		if f := math.Float64frombits(d.n); f == math.Trunc(f) && f >= -1<<63 && f < 1<<63 {
			return literalKey{kind: KindInt, n: int64(f)}, true
		}
	}
	return literalKey{}, false
}

// fieldKey is a key that a clause can be found by.
type fieldKey struct {
	clause int32
	at     int // in calling order
	key    literalKey
	before []code.Operand
	head   bool
}

// initIndexes builds the indexes of a predicate with many clauses, unless the query ends meanwhile.
func (g *guards) initIndexes(m *Machine, p *predInfo) {
	if len(p.all) < minIndexed {
		return
	}
	keys := map[code.Operand][]fieldKey{}
	var order []code.Operand
	for at, n := range p.all {
		if m.interrupted(at) {
			return
		}
		g.keysOf(m.snap, n, func(of code.Operand, k fieldKey) {
			if _, found := keys[of]; !found {
				order = append(order, of)
			}
			k.at = at
			keys[of] = append(keys[of], k)
		})
	}
	for _, of := range order {
		if ix := newFieldIndex(m, of, keys[of], p.all); ix != nil {
			g.indexes = append(g.indexes, ix)
		}
	}
	slices.SortStableFunc(g.indexes, func(a, b *fieldIndex) int { return cmp.Compare(a.expect, b.expect) })
	g.indexes = g.indexes[:min(len(g.indexes), maxFieldIndexes)]
	g.selective = len(g.indexes) > 0 && g.indexes[0].expect <= selectiveIndex
}

// keysOf calls visit for each key of a clause, once for an operand. What stands in front of a key must be decided by plain values,
// so that leaving the clause out hides nothing; comparisons that may be errors end the search.
func (g *guards) keysOf(snap *Snapshot, n int32, visit func(of code.Operand, k fieldKey)) {
	var before []code.Operand
	scan := func(tests []code.Test, head bool) bool {
		for i := range tests {
			t := &tests[i]
			if t.Kind != code.TestEqual && t.Kind != code.TestRead {
				return false
			}
			if t.Kind == code.TestEqual && t.R.From == code.FromConst && !slices.Contains(before, t.L) {
				k, fine := keyOf(constantDatum(snap.Prog, t.Const))
				if !head && snap.sends && (t.L.From == code.FromField || slices.ContainsFunc(before, isField)) {
					return false // what fields hold at the call says nothing of later
				}
				if fine {
					visit(t.L, fieldKey{clause: n, key: k, before: slices.Clip(before), head: head})
				}
			}
			before = append(before, t.L)
			if t.Kind == code.TestEqual && t.R.From != code.FromConst {
				before = append(before, t.R)
			}
		}
		return true
	}
	if g.Known[n] || len(g.Heads[n]) > 0 {
		if !scan(g.Heads[n], true) || !g.Known[n] {
			return
		}
	}
	scan(g.Bodies[n], false)
}

func isField(o code.Operand) bool { return o.From == code.FromField }

// newFieldIndex builds the index of an operand, nil if it is not worth its room or if the query ends meanwhile.
func newFieldIndex(m *Machine, of code.Operand, keys []fieldKey, all []int32) *fieldIndex {
	sizes := map[literalKey]int{}
	for _, k := range keys {
		sizes[k.key]++
	}
	open := len(all) - len(keys)
	ix := &fieldIndex{key: of, heads: true, expect: float64(open)}
	for _, n := range sizes {
		ix.expect += float64(n) * float64(n) / float64(len(keys))
	}
	if len(sizes) < 2 || ix.expect > float64(len(all))/2 || len(sizes)*open > maxShared*len(all) {
		return nil
	}
	ix.texts, ix.ints = map[string][]int32{}, map[int64][]int32{}
	for i, n := range all {
		if m.interrupted(i) {
			return nil
		}
		if len(keys) == 0 || keys[0].at != i {
			ix.rest = append(ix.rest, n)
			ix.each(func(list []int32) []int32 { return append(list, n) })
			continue
		}
		k := &keys[0]
		keys = keys[1:]
		ix.heads = ix.heads && k.head
		ix.steady = ix.steady || !k.head && (isField(of) || slices.ContainsFunc(k.before, isField))
		for _, b := range k.before {
			if !slices.Contains(ix.before, b) {
				ix.before = append(ix.before, b)
			}
		}
		list, found := ix.list(k.key)
		if !found {
			list = slices.Clone(ix.rest)
		}
		ix.setList(k.key, append(list, n))
	}
	return ix
}

// list returns the clauses for a key, and whether a clause names it.
func (ix *fieldIndex) list(k literalKey) (list []int32, found bool) {
	switch k.kind {
	case KindString:
		list, found = ix.texts[k.text]
	case KindInt:
		list, found = ix.ints[k.n]
	default:
		list = ix.bools[k.n]
		found = list != nil
	}
	return list, found
}

func (ix *fieldIndex) setList(k literalKey, list []int32) {
	switch k.kind {
	case KindString:
		ix.texts[k.text] = list
	case KindInt:
		ix.ints[k.n] = list
	default:
		ix.bools[k.n] = list
	}
}

// each changes all lists.
func (ix *fieldIndex) each(change func([]int32) []int32) {
	for k, list := range ix.texts {
		ix.texts[k] = change(list)
	}
	for k, list := range ix.ints {
		ix.ints[k] = change(list)
	}
	for i, list := range ix.bools {
		if list != nil {
			ix.bools[i] = change(list)
		}
	}
}

// constantDatum reads a constant of a policy.
func constantDatum(prog *code.Program, c Cell) datum {
	switch c.Tag() {
	case code.ATOM:
		return datum{kind: KindString, s: prog.Atoms[c.Index()]}
	case code.INT:
		return datum{kind: KindInt, n: uint64(c.Int())}
	case code.BIG:
		return datum{kind: KindInt, n: uint64(prog.Pool[c.Index()&^code.PoolBit])}
	case code.FLT:
		return datum{kind: KindFloat, n: uint64(prog.Pool[c.Index()&^code.PoolBit])}
	case code.BOOL:
		return datum{kind: KindBool, n: uint64(c >> 4)}
	}
	return datum{}
}

// byField returns the clauses that the first index that can be used leaves for a call, among those that leave at most a number of
// clauses on average. Guards have begun.
func (m *Machine) byField(g *guards, most float64) ([]int32, *fieldIndex) {
	if m.without&FieldIndexes != 0 {
		return nil, nil
	}
	for _, ix := range g.indexes {
		if ix.expect > most {
			break
		}
		if ix.steady && !m.steady() {
			continue
		}
		if list, fine := m.probe(g, ix); fine {
			return list, ix
		}
	}
	return nil, nil
}

// probe looks into an index; it is false if the index cannot tell.
func (m *Machine) probe(g *guards, ix *fieldIndex) ([]int32, bool) {
	for _, b := range ix.before {
		if d := m.datum(g, b); !isDatum(d.kind) {
			return nil, false
		}
	}
	if isField(ix.key) {
		if v := m.guardField(g, int(ix.key.N)); v != nil && v.Kind == KindString {
			if list, found := ix.texts[v.Str]; found {
				return list, true
			}
		}
	}
	d := m.datum(g, ix.key)
	if !isDatum(d.kind) {
		return nil, false
	}
	if k, fine := keyOf(d); fine {
		if list, found := ix.list(k); found {
			return list, true
		}
	}
	return ix.rest, true
}

// callIndexed calls the clauses that an index leaves; it is false if there is none that can be used, or if the order of those
// clauses depends on others.
func (m *Machine) callIndexed(n int, p *predInfo, g *guards) (s status, done bool) {
	m.beginGuards(g)
	list, ix := m.byField(g, selectiveIndex)
	if ix == nil {
		return ok, false
	}
	if !p.dynamic && len(list) > 1 {
		return m.callFirst(chClause, n, p, list, len(m.cs)), true
	}
	first := m.nextMatch(p.pred, g, chClause, list, 0)
	if first < 0 {
		return m.failing(), true
	}
	whole := m.holdsWhole(g)
	if first+1 < len(list) {
		m.lookAhead(g)
		if m.nextMatch(p.pred, g, chClause, list, first+1) >= 0 {
			return ok, false
		}
	}
	m.b0 = len(m.ch)
	m.enterTested(p.pred.Clauses[list[first]], m.allBound)
	if whole {
		m.p = m.cp
	}
	return ok, true
}

// callFields calls a predicate with patterns that look at fields of objects. Where all fields that matter can be read in place,
// the heads need no test but that, which nobody can see.
func (m *Machine) callFields(n int, pr *code.Pred, p *predInfo) status {
	g := m.guardsOf(p)
	if g == nil || m.fields == nil {
		return m.callGeneral(n, pr, p)
	}
	m.beginGuards(g)
	base := len(m.cs)
	list, ix := m.byField(g, math.MaxFloat64)
	if ix == nil {
		list = p.all
	}
	if !m.applicable(g, pr, list) {
		return m.callGeneral(n, pr, p)
	}
	if ix != nil && !ix.heads && p.dynamic && len(m.cs) > base+1 { // the clauses left out count for the order
		m.cs = m.cs[:base]
		if !m.applicable(g, pr, p.all) {
			return m.callGeneral(n, pr, p)
		}
	}
	found := m.cs[base:]
	switch {
	case m.err != nil:
		return stop
	case len(found) == 0:
		return fail
	case len(found) == 1:
		m.cs = m.cs[:base]
		m.b0 = len(m.ch)
		m.enter(pr.Clauses[found[0]])
		return ok
	case !m.steady(): // heads are tested again before each clause
		m.cs = m.cs[:base]
		return m.callGeneral(n, pr, p)
	case p.dynamic:
		if len(found) > 2 && slices.ContainsFunc(found, func(n int32) bool { return !pr.Clauses[n].Exact }) {
			m.cs = m.cs[:base]
			return m.callGeneral(n, pr, p)
		}
		m.sort(pr, found, m.x)
	}
	return m.callOwned(n, p, base)
}

// applicable puts those of the clauses whose heads match onto the candidate stack. It is false, and puts none there, if some head asks
// more than can be seen here.
func (m *Machine) applicable(g *guards, pr *code.Pred, list []int32) bool {
	base := len(m.cs)
	m.tried(len(list))
	for i, n := range list {
		if m.interrupted(i) {
			break
		}
		if !m.quick(pr.Clauses[n]) {
			continue
		}
		switch m.tests(g, g.Heads[n]) {
		case failing:
			continue
		case holding:
			if g.Known[n] {
				m.cs = append(m.cs, n)
				continue
			}
		}
		m.cs = m.cs[:base]
		return false
	}
	return true
}
