package wam

import (
	"math"
	"math/bits"
	"sync/atomic"

	"github.com/goso-project/goso/internal/code"
)

// A predicate whose rules are all facts with plain literals is a table: columns of cells, no code. A call looks for the rows
// that equal its arguments, where those are plain values, and binds the others to what the row holds. Rows are found through
// hash indexes, made when a call first needs them: for one bound argument, or for several where no one of them leaves few rows.
// The order of results is that of the rows. Where an argument is anything else (a host object, a list, a variable with
// conditions) the call goes the general way, on clauses made up for the rows.

// factInfo is what the machine adds to a table. Plans are added, never changed.
type factInfo struct {
	*code.Facts
	plans atomic.Pointer[[]factPlan]
}

// factPlan says how calls that bind certain arguments find their rows.
type factPlan struct {
	mask    uint64     // the arguments bound, of the first 64
	columns []int      // those the index hashes
	index   *factIndex // nil: look at all rows
}

// factIndex finds the rows of a hash: slots has the first row for its last bits, next the row after each, -1 for none.
type factIndex struct {
	shift int
	slots []int32
	next  []int32
}

const (
	fewFacts = 16 // that are looked through faster than hashed
	fewRows  = 8  // that one index may leave on average; with more of them an index over all bound arguments is tried
)

// callFacts calls a table with the arguments in X.
func (m *Machine) callFacts(n int, p *predInfo) status {
	f := p.facts
	mask, plain := m.factArgs(p.pred.Arity)
	if !plain || m.without&Columns != 0 {
		return m.callFactsGeneral(n, p, mask)
	}
	row, next, found := m.firstFact(f, mask)
	if !found {
		return m.failing()
	}
	if row = m.matchingFact(f, next, row); row < 0 {
		return m.failing()
	}
	if after := m.matchingFact(f, next, f.after(next, row)); after >= 0 {
		c := choice{kind: chFact, nargs: int16(p.pred.Arity), pred: int32(n), cand: next, cbase: int32(len(m.cs)), pos: after, b0: int32(len(m.ch))}
		c.args = m.saveArgs(p.pred.Arity)
		m.push(c)
	}
	if m.err != nil {
		return stop
	}
	return m.enterFact(f, row)
}

// nextFact goes on with a choice point of callFacts.
func (m *Machine) nextFact(c *choice) status {
	m.restoreArgs(c)
	f, next, row := m.snap.preds[c.pred].facts, c.cand, c.pos
	m.factArgs(int(c.nargs))
	if after := m.matchingFact(f, next, f.after(next, row)); after >= 0 {
		c.pos = after
	} else {
		m.pop()
	}
	if m.err != nil {
		return stop
	}
	return m.enterFact(f, row)
}

// factArgs dereferences the arguments and puts what rows must equal into m.keys, 0 where an argument is unbound or an object,
// which may equal anything. Plain tells whether looking at the columns is all there is to do.
func (m *Machine) factArgs(arity int) (mask uint64, plain bool) {
	m.keys = m.keys[:0]
	plain = true
	for i := range arity {
		c := m.x[i]
		if c.Tag() == code.REF {
			c = m.deref(c)
			m.x[i] = c
		}
		switch c.Tag() {
		case code.STR:
			if a := m.prog.Atom(m.strs[c.Index()]); a >= 0 {
				c = code.Make(code.ATOM, a)
			}
			mask |= 1 << i
		case code.ATOM, code.INT, code.BOOL, code.BIG, code.FLT:
			mask |= 1 << i
		case code.REF:
			plain = plain && (m.att == 0 || !m.constrained(c))
			c = 0
		case code.HOST:
			plain = false
			c = 0
		default: // lists and dictionaries, which no row holds; which cell does not matter
		}
		m.keys = append(m.keys, c)
	}
	return mask, plain
}

// firstFact returns where to begin to look for rows that equal the keys. There is none where the query ended meanwhile.
func (m *Machine) firstFact(f *factInfo, mask uint64) (row int32, next []int32, found bool) {
	if f.Len() <= fewFacts || mask == 0 || m.without&Indexes != 0 {
		return 0, nil, f.Len() > 0
	}
	plan := f.plan(m, mask)
	if plan == nil {
		return 0, nil, false
	}
	if plan.index == nil {
		return 0, nil, true
	}
	h := uint64(0)
	for _, i := range plan.columns {
		h = mixFact(h, m.factHash(m.keys[i]))
	}
	row = plan.index.slots[h>>plan.index.shift] - 1
	return row, plan.index.next, row >= 0
}

// after returns the row to look at after one, -1 for none.
func (f *factInfo) after(next []int32, row int32) int32 {
	if next != nil {
		return next[row]
	}
	if int(row)+1 < f.Len() {
		return row + 1
	}
	return -1
}

// matchingFact returns the first row, from one on, that equals the keys, -1 for none or if the query ended meanwhile.
func (m *Machine) matchingFact(f *factInfo, next []int32, row int32) int32 {
	looked := 0
	for ; row >= 0; row = f.after(next, row) {
		if m.factMatches(f, row) {
			looked++
			break
		}
		if looked++; m.interrupted(looked) {
			return -1
		}
	}
	m.tried(looked)
	return row
}

func (m *Machine) factMatches(f *factInfo, row int32) bool {
	for i, k := range m.keys {
		if k == 0 {
			continue
		}
		c := f.Columns[i][row]
		switch {
		case c == k && c.Tag() != code.FLT: // NaN equals nothing
		case c.Tag() == code.INT && k.Tag() == code.INT || !isNumber(c.Tag()) || !isNumber(k.Tag()) || !m.numbersEqual(c, k):
			return false
		}
	}
	return true
}

// enterFact binds the arguments that are unbound, and returns to the caller.
func (m *Machine) enterFact(f *factInfo, row int32) status {
	if m.trace != nil {
		m.tellFact(f, int(row))
	}
	for i, k := range m.keys {
		if k == 0 {
			if s := m.unify(m.x[i], f.Columns[i][row]); s != ok { // a variable that occurs twice
				m.p = f.Base + int(row) + 1 // where it fails
				return s
			}
		}
	}
	return m.leaveFact(f, row)
}

func (m *Machine) leaveFact(f *factInfo, row int32) status {
	if m.trace != nil {
		m.tell(TraceExit, f.Base+int(row), "")
	}
	m.p = m.cp
	return ok
}

// factHash is equal for equal values.
func (m *Machine) factHash(c Cell) uint64 {
	switch c.Tag() {
	case code.FLT:
		x := m.float(c)
		if x == math.Trunc(x) && math.Abs(x) < 1<<59 {
			return uint64(code.MakeInt(int64(x)))
		}
		return math.Float64bits(x)
	case code.BIG:
		i, _ := m.integer(c)
		return math.Float64bits(float64(i))
	case code.INT:
		if c.Int() == code.MinInline { // its float is hashed by its bits
			return math.Float64bits(float64(c.Int()))
		}
	}
	return uint64(c)
}

// mixFact adds a key to a hash, of which the first bits count. Keys are numbered one after another, as atoms are: one multiplication would lay
// them in runs, so there are two, as in the last step of MurmurHash3 (Austin Appleby).
func mixFact(h, key uint64) uint64 {
	h = (h ^ key) * 0xFF51AFD7ED558CCD
	h ^= h >> 32
	return h * 0xC4CEB9FE1A85EC53
}

// plan returns how calls that bind some arguments find their rows; nil if the query ended before that was worked out.
func (f *factInfo) plan(m *Machine, mask uint64) *factPlan {
	if p := f.known(mask); p != nil {
		return p
	}
	made := f.makePlan(m, mask)
	if m.err != nil {
		return nil
	}
	for {
		old := f.plans.Load()
		var plans []factPlan
		if old != nil {
			plans = append(plans, *old...)
		}
		plans = append(plans, made)
		if f.plans.CompareAndSwap(old, &plans) {
			return &plans[len(plans)-1]
		}
		if p := f.known(mask); p != nil { // somebody else was faster
			return p
		}
	}
}

func (f *factInfo) known(mask uint64) *factPlan {
	if plans := f.plans.Load(); plans != nil {
		for i := range *plans {
			if p := &(*plans)[i]; p.mask == mask {
				return p
			}
		}
	}
	return nil
}

// makePlan chooses the column that leaves the fewest rows, or all of the columns if that is still many. The plan is worth nothing if
// the query ended meanwhile.
func (f *factInfo) makePlan(m *Machine, mask uint64) factPlan {
	best, left := -1, float64(f.Len())
	var telling []int // columns that tell rows apart at all
	for i := range min(len(f.Columns), 64) {
		if mask>>i&1 == 0 {
			continue
		}
		rows := f.rowsLeft(m, []int{i})
		if m.err != nil {
			return factPlan{}
		}
		if rows < float64(f.Len())*0.9 {
			telling = append(telling, i)
		}
		if rows < left {
			best, left = i, rows
		}
	}
	switch {
	case len(telling) == 0:
		return factPlan{mask: mask}
	case left > fewRows && len(telling) > 1 && f.rowsLeft(m, telling) < left/2:
		return factPlan{mask, telling, f.newIndex(m, telling)}
	}
	columns := []int{best}
	if p := f.known(1 << best); p != nil && p.index != nil {
		return factPlan{mask, columns, p.index}
	}
	return factPlan{mask, columns, f.newIndex(m, columns)}
}

// hashes calls visit with the hash of each row by some columns, the last row first, until the query ends.
func (f *factInfo) hashes(m *Machine, columns []int, visit func(row int, hash uint64)) {
	for row := f.Len() - 1; row >= 0; row-- {
		h := uint64(0)
		for _, i := range columns {
			h = mixFact(h, m.factHash(f.Columns[i][row]))
		}
		if m.interrupted(row) {
			return
		}
		visit(row, h)
	}
}

// shift returns by how much to shift a hash for a table of two to four slots a row.
func (f *factInfo) shift() int { return 63 - bits.Len(uint(f.Len()-1)) }

// rowsLeft returns how many rows a call finds on average by an index over some columns, if it looks for what is in a row.
func (f *factInfo) rowsLeft(m *Machine, columns []int) float64 {
	shift := f.shift()
	counts := make([]int32, 1<<(64-shift))
	f.hashes(m, columns, func(_ int, h uint64) { counts[h>>shift]++ })
	sum := 0.0
	for i, n := range counts {
		if m.interrupted(i) {
			break
		}
		sum += float64(n) * float64(n)
	}
	return sum / float64(f.Len())
}

func (f *factInfo) newIndex(m *Machine, columns []int) *factIndex {
	x := &factIndex{shift: f.shift(), next: make([]int32, f.Len())}
	x.slots = make([]int32, 1<<(64-x.shift))
	f.hashes(m, columns, func(row int, h uint64) {
		slot := &x.slots[h>>x.shift]
		x.next[row] = *slot - 1
		*slot = int32(row + 1)
	})
	return x
}

// callFactsGeneral is callGeneral for a table: rows that differ from an argument are dropped before anything is tested.
func (m *Machine) callFactsGeneral(n int, p *predInfo, mask uint64) status {
	f := p.facts
	for i, k := range m.keys { // that of a list may show
		if k.Tag() >= code.NIL {
			m.keys[i] = 0
		}
	}
	base := len(m.cs)
	row, next, found := m.firstFact(f, mask)
	for steps := 1; found && row >= 0; steps++ {
		if m.factMatches(f, row) && m.admits(m.factClause(f, int(row))) {
			m.cs = append(m.cs, row)
		}
		if m.interrupted(steps) {
			return stop
		}
		row = f.after(next, row)
	}
	return m.testAll(n, p.pred, base)
}

// clause returns a clause of a predicate. That of a table is made up, and good until the next one.
func (m *Machine) clause(pred, n int) *code.Clause {
	if f := m.snap.preds[pred].facts; f != nil {
		return m.factClause(f, n)
	}
	return m.prog.Preds[pred].Clauses[n]
}

// madeUp is room for one clause of a table.
type madeUp struct {
	clause code.Clause
	terms  []code.Template
}

// factClause returns the row of a table as a clause.
func (m *Machine) factClause(f *factInfo, row int) *code.Clause {
	arity := len(f.Columns)
	u := m.row
	if u == nil || cap(u.terms) < arity {
		u = &madeUp{terms: make([]code.Template, arity)}
		u.clause.Params = make([]code.Param, arity)
		u.clause.Quick = make([]code.Quick, arity)
		m.row = u
	}
	cl := &u.clause
	cl.Index, cl.NameAt.PC, cl.Frame, cl.Exact = int32(row), int32(f.Base+row), -1, true
	cl.Params, cl.Quick = cl.Params[:arity], cl.Quick[:arity]
	for i := range arity {
		k := f.Columns[i][row]
		u.terms[i] = code.Template{Kind: code.TConst, Cell: k}
		cl.Params[i] = code.Param{Term: &u.terms[i]}
		cl.Quick[i] = code.Quick{Arg: int16(i), Kind: code.QuickConst, Cell: k}
	}
	return cl
}
