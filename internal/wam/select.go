package wam

import (
	"math"
	"slices"
	"sync/atomic"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// predInfo is what the machine adds to a predicate: its clauses in calling order, and indexes built when first needed.
type predInfo struct {
	all     []int32 // clauses in the order they are called, or in source order if that depends on the arguments
	dynamic bool    // the order depends on the classes of the arguments
	pred    *code.Pred
	facts   *factInfo        // the table that the predicate is, nil for code
	checked []int            // positions whose mode is not plain
	modes   []code.ParamMode // their modes
	index   []atomic.Pointer[argIndex]
	keyed   []int // positions worth an index
	classed bool  // some clause tests a class
	recalls bool  // its selections are worth remembering
	literal bool  // it is a few facts of literals
	guards  atomic.Pointer[guards]

	// For predicates too small for an index: byTag[t] are the clauses that an argument of tag t at position switchOn can match.
	ints     []Cell // the integers that clauses name, if they are few
	manyInts bool
	switchOn int // -1 if no position tells clauses apart
	byTag    [16][]int32
	short    shortcut
}

// argIndex finds the clauses that a literal argument can match at one position: keyed clauses and those any literal matches.
type argIndex struct {
	buckets map[Cell][]int32
	rest    []int32 // clauses for a key that no clause names
	// apart says that buckets hold keyed clauses alone, since the others would be copied too often. Then both hold positions in the
	// order of calls instead of clauses.
	apart bool
}

// maxInts bounds the integers looked through to find the key of an integer argument.
const maxInts = 8

// minIndexed is the number of clauses from which looking into an index beats testing each clause.
const minIndexed = 9

// init prepares for predicate n of a program.
func (p *predInfo) init(prog *code.Program, n int) {
	pr := prog.Preds[n]
	p.pred = pr
	if pr.Facts != nil {
		p.facts = &factInfo{Facts: pr.Facts}
		p.short.on = -1
		return
	}
	p.dynamic = pr.Order == nil
	p.all = pr.Order
	if p.dynamic {
		p.all = make([]int32, len(pr.Clauses))
		for i := range p.all {
			p.all[i] = int32(i)
		}
	}
	for i, mode := range pr.Params {
		if mode != 0 {
			p.checked, p.modes = append(p.checked, i), append(p.modes, mode)
			p.classed = p.classed || mode&code.ModeClass != 0
		}
	}
	for _, cl := range pr.Clauses {
		for _, q := range cl.Quick {
			if q.Kind == code.QuickConst && isNumber(q.Cell.Tag()) && !slices.Contains(p.ints, q.Cell) {
				p.ints = append(p.ints, q.Cell)
				p.manyInts = p.manyInts || q.Cell.Tag() != code.INT || len(p.ints) > maxInts
			}
		}
		if p.manyInts {
			p.ints = nil
			break
		}
	}
	p.recalls = (p.classed || len(p.all) < minIndexed) && len(p.all) > 1 && len(p.checked) > 0 && len(p.checked) <= selectionKeys
	p.switchOn = -1
	if len(p.all) < minIndexed {
		p.literal = pr.Arity <= maxHolds && isLiteral(prog, pr.Clauses)
		if !p.dynamic {
			p.initSwitch(pr)
		}
		p.initShortcut(prog, n)
		return
	}
	p.short.on = -1
	p.index = make([]atomic.Pointer[argIndex], pr.Arity)
	for i, mode := range pr.Params {
		if mode&code.ModeLiteral != 0 {
			p.keyed = append(p.keyed, i)
		}
	}
}

// maxSwitched bounds the positions that are tried for the switch.
const maxSwitched = 64

// initSwitch chooses the position whose kinds of values tell the clauses apart best: the one with the fewest clauses for a
// tag, summed over all tags.
func (p *predInfo) initSwitch(pr *code.Pred) {
	best := 0
	for pos := range min(pr.Arity, maxSwitched) {
		if pr.Params[pos] == 0 {
			continue
		}
		var lists [16][]int32
		saved := 0
		for tag := range code.END {
			for _, n := range p.all {
				if admitsTag(pr.Clauses[n], pos, tag) {
					lists[tag] = append(lists[tag], n)
				}
			}
			saved += len(p.all) - len(lists[tag])
		}
		if saved > best {
			best, p.switchOn, p.byTag = saved, pos, lists
		}
	}
}

// admitsTag reports whether a clause can match an argument of a kind.
func admitsTag(cl *code.Clause, pos int, tag code.Tag) bool {
	if tag <= code.ATT || tag == code.HOST {
		return true
	}
	for i := range cl.Quick {
		q := &cl.Quick[i]
		if int(q.Arg) != pos {
			continue
		}
		switch q.Kind {
		case code.QuickConst:
			k := q.Cell.Tag()
			if !(k == tag || isNumber(k) && isNumber(tag) || isText(k) && isText(tag) || k == code.NIL && tag == code.LST) {
				return false
			}
		case code.QuickList:
			if tag != code.LST && tag != code.CLIST && tag != code.SLICE {
				return false
			}
		case code.QuickAnyList:
			if !isList(tag) {
				return false
			}
		case code.QuickDict:
			if tag != code.DICT {
				return false
			}
		}
	}
	return true
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

// callAndReturn is a call that goes on behind it.
func (m *Machine) callAndReturn(in *code.Instr) status {
	m.cp = m.p
	m.depth = int(m.st[m.e+envDepth])
	return m.call(int(in.Imm))
}

// call calls a predicate with the arguments in X. The caller has set the continuation.
func (m *Machine) call(n int) status {
	m.depth++
	m.calls++
	if m.depth > m.maxDepth || m.calls >= m.nextCheck {
		if s := m.checkCall(); s != ok {
			return s
		}
	}
	p := &m.snap.preds[n]
	if m.plain && !(m.failed.on && p.classed) && m.shortWay(&p.short) {
		return ok
	}
	return m.callAny(n, p)
}

// callAny is call for what has no short way, and for what may have failed before.
func (m *Machine) callAny(n int, p *predInfo) status {
	if m.failed.on && p.classed {
		if m.failedBefore(n, p.pred.Arity) {
			if m.trace != nil {
				m.tellCall(p.pred)
			}
			return fail
		}
		if m.plain && m.shortWay(&p.short) {
			return ok
		}
	}
	if m.trace != nil {
		m.tellCall(p.pred)
	}
	if p.facts != nil {
		return m.callFacts(n, p)
	}
	if m.without&CompiledHeads == 0 {
		if p.recalls && !m.selective(p) {
			if e, known := m.recall(n, p); known {
				return m.callPicked(n, p, e)
			} else if e != nil {
				return m.callPure(n, p.pred, p, e)
			}
		}
		switch m.pure(p) {
		case pureHeads:
			return m.callPure(n, p.pred, p, nil)
		case pureFields:
			return m.callFields(n, p.pred, p)
		}
	}
	return m.callGeneral(n, p.pred, p)
}

// checkEvery is the number of calls between two looks at the clock and the context.
const checkEvery = 1024

// checkCall tests what is not tested at every call, and sets when to come back.
func (m *Machine) checkCall() status {
	if m.depth > m.maxDepth {
		return m.throw(diag.New(diag.StackOverflow, diag.Span{}, "the query recurses deeper than its limit of %d calls", m.limits.Depth))
	}
	if m.limits.Steps > 0 && m.calls > m.limits.Steps {
		return m.throw(diag.New(diag.QueryTimeout, diag.Span{}, "the query makes more than %d calls, its limit of steps", m.limits.Steps))
	}
	if m.calls == failuresFrom {
		m.startFailures()
		m.scheduleCheck()
		return ok
	}
	m.scheduleCheck()
	if s := m.check(); s != ok {
		return s
	}
	return m.makeRoom()
}

// scheduleCheck sets the number of calls at which budgets are looked at next.
func (m *Machine) scheduleCheck() {
	m.nextCheck = m.calls - m.calls%checkEvery + checkEvery
	if m.calls < failuresFrom {
		m.nextCheck = failuresFrom
	}
	if m.limits.Steps > 0 {
		m.nextCheck = min(m.nextCheck, m.limits.Steps+1)
	}
}

// purity tells how the clauses of a call can be selected.
type purity uint8

const (
	impure     purity = iota
	pureFields        // as compiled, once the fields that patterns want are read in place
	pureHeads         // as compiled
)

// pure reports whether the heads of all clauses can be run as compiled, without testing them all first: no question to the
// host can come from them, and no constraint can wake. (A class test of an unbound variable makes a constraint, which
// nothing can tell from making it twice.) Arguments are dereferenced in place.
func (m *Machine) pure(p *predInfo) purity {
	result := pureHeads
	bound, constrained := true, false
	for k, i := range p.checked {
		c := m.x[i]
		if c.Tag() == code.REF {
			c = m.deref(c)
			m.x[i] = c
		}
		mode := p.modes[k]
		switch c.Tag() {
		case code.REF:
			if mode&code.ModeFields != 0 {
				return impure
			}
			if m.att != 0 && m.constrained(c) {
				if mode != code.ModeClass || constrained || !m.decidesClasses(c) {
					return impure
				}
				constrained = true
			}
			bound = false
			continue
		case code.HOST:
			if mode&^(code.ModeClass|code.ModeFields) != 0 || m.shapeOf(c) == 0 {
				return impure
			}
			if mode&code.ModeFields != 0 {
				result = pureFields
			}
			continue
		case code.LST, code.CLIST, code.SLICE, code.DICT:
			if mode&code.ModeDeep != 0 && (m.att != 0 || m.hasHosts()) {
				return impure
			}
			if c.Tag() == code.LST && m.h[c.Index()] == code.ListEnd {
				bound = false
			}
		}
		if mode&(code.ModeFields|code.ModeHost) != 0 {
			return impure
		}
	}
	m.allBound = bound
	return result
}

// hasHosts reports whether a host object can be inside a list or dictionary of this query.
func (m *Machine) hasHosts() bool {
	return len(m.hosts) > 0 || m.mixed || m.prog.HostData || m.query != nil && m.query.HostData
}

// callPure selects clauses by index and quick tests and runs compiled heads. A call that only one clause can match leaves no
// choice point. What is selected is remembered in e, if there is one.
func (m *Machine) callPure(n int, pr *code.Pred, p *predInfo, e *selection) status {
	cand := p.all
	if p.switchOn >= 0 && m.without&Indexes == 0 {
		c := m.x[p.switchOn]
		t := c.Tag()
		if t == code.LST && m.h[c.Index()] != code.ListEnd {
			t = code.CLIST // a pair for certain, so no empty list
		}
		if cand = p.byTag[t]; len(cand) == 1 && e == nil {
			m.b0 = len(m.ch)
			m.enter(pr.Clauses[cand[0]])
			return ok
		}
	}
	if len(cand) == 1 && e == nil {
		if !m.quick(pr.Clauses[cand[0]]) {
			return fail
		}
		m.b0 = len(m.ch)
		m.enterTested(pr.Clauses[cand[0]], m.allBound)
		return ok
	}
	var g *guards
	if p.index != nil {
		if g = m.guardsOf(p); g != nil && g.selective && e == nil {
			if s, done := m.callIndexed(n, p, g); done {
				return s
			}
			if p.recalls {
				var known bool
				if e, known = m.recall(n, p); known {
					return m.callPicked(n, p, e)
				}
			}
		}
	}
	cand = m.byLiteral(p, cand)
	if g != nil && len(g.indexes) > 0 && !p.dynamic && len(cand) > minIndexed {
		m.beginGuards(g)
		if list, ix := m.byField(g, math.MaxFloat64); ix != nil && len(list) < len(cand) {
			if e != nil { // what this call selects depends on more than the keys
				e.long = true
			}
			cand, e = list, nil
		}
	}
	if e != nil {
		if m.pick(e, pr, p, cand) {
			return m.callPicked(n, p, e)
		}
	}
	if p.dynamic && len(cand) > 1 {
		return m.callSorted(n, pr, p, cand)
	}
	return m.callFirst(chClause, n, p, cand, len(m.cs))
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

// callFirst enters the first of some clauses in calling order that can match, and leaves a choice point if another can. Base is
// where the candidate stack ends without them.
func (m *Machine) callFirst(kind choiceKind, n int, p *predInfo, cand []int32, base int) status {
	var g *guards
	if len(cand) > 1 {
		if g = m.guardsOf(p); g != nil {
			m.beginGuards(g)
		}
	}
	first := m.nextMatch(p.pred, g, kind, cand, 0)
	if first < 0 {
		return m.failing()
	}
	m.b0 = len(m.ch)
	if first+1 < len(cand) {
		m.lookAhead(g)
		if second := m.nextMatch(p.pred, g, kind, cand, first+1); second >= 0 {
			arity := p.pred.Arity
			m.push(choice{kind: kind, assign: m.allBound, pred: int32(n), cand: cand, cbase: int32(base), nargs: int16(arity), pos: int32(second), b0: int32(m.b0), args: m.saveArgs(arity)})
		}
	}
	m.enterTested(p.pred.Clauses[cand[first]], m.allBound)
	return ok
}

// callOwned is callFirst for candidates that quick tests have admitted, on the candidate stack from base on.
func (m *Machine) callOwned(n int, p *predInfo, base int) status {
	at := len(m.ch)
	s := m.callFirst(chPicked, n, p, m.cs[base:], base)
	if len(m.ch) == at { // no choice point keeps the list
		m.cs = m.cs[:base]
	}
	return s
}

// enter goes to the head of a clause.
func (m *Machine) enter(cl *code.Clause) {
	m.p = cl.Head()
	if m.trace != nil {
		m.tellEnter(cl)
	}
}

// enterTested goes to a clause that the quick tests admit. Where all arguments that were tested are bound, its head need not
// make the same tests again.
func (m *Machine) enterTested(cl *code.Clause, bound bool) {
	m.enter(cl)
	if bound {
		m.p += int(cl.Tests)
	}
}

// nextMatch returns the index of the next candidate, from i on, that neither quick tests nor guards exclude, or -1.
func (m *Machine) nextMatch(pr *code.Pred, g *guards, kind choiceKind, cand []int32, i int) int {
	from := i
	for ; i < len(cand); i++ {
		n := cand[i]
		if (kind == chPicked || m.quick(pr.Clauses[n])) && (g == nil || !m.excluded(g, n)) {
			m.tried(i + 1 - from)
			return i
		}
		if m.interrupted(i) {
			return -1
		}
	}
	m.tried(i - from)
	return -1
}

// quick tests the arguments against what is known of a clause's head.
func (m *Machine) quick(cl *code.Clause) bool {
	for i := range cl.Quick {
		q := &cl.Quick[i]
		c := m.x[q.Arg]
		t := c.Tag()
		if t == code.REF {
			if c = m.deref(c); c.Tag() == code.REF {
				if m.att != 0 && m.constrained(c) && !m.quickClass(c, q) {
					return false
				}
				continue
			}
			t = c.Tag()
		}
		switch q.Kind {
		case code.QuickConst:
			if c == q.Cell && t != code.FLT {
				continue
			}
			if isNumber(t) && isNumber(q.Cell.Tag()) && m.numbersEqual(c, q.Cell) {
				continue
			}
			if t == code.STR && q.Cell.Tag() == code.ATOM && m.sameText(c, q.Cell) {
				continue
			}
			if t == code.HOST || t == code.LST && m.h[c.Index()] == code.ListEnd {
				continue
			}
			return false
		case code.QuickAnyList:
			if !isList(t) && t != code.HOST {
				return false
			}
		case code.QuickList:
			if t != code.LST && t != code.CLIST && t != code.SLICE && t != code.HOST {
				return false
			}
		case code.QuickDict:
			if t != code.DICT && t != code.HOST {
				return false
			}
		case code.QuickClass:
			if t == code.HOST && m.shapeOf(c) == 0 {
				continue
			}
			if m.isClass(c, int(q.N)) != ok {
				return false
			}
		case code.QuickUnion:
			if t == code.HOST && m.shapeOf(c) == 0 {
				continue
			}
			if m.isUnion(c, int(q.N)) != ok {
				return false
			}
		}
	}
	return true
}

// nextClause goes on with a choice point of callFirst.
func (m *Machine) nextClause(c *choice) status {
	m.restoreArgs(c)
	p := &m.snap.preds[c.pred]
	m.b0 = int(c.b0)
	i, tested := int(c.pos), c.assign
	g := m.guardsOf(p)
	if g != nil {
		m.beginGuards(g)
		if !m.steady() {
			i = m.nextMatch(p.pred, g, c.kind, c.cand, i)
			if i < 0 {
				m.pop()
				return m.failing()
			}
			m.lookAhead(g)
		}
	}
	now := c.cand[i]
	if next := m.nextMatch(p.pred, g, c.kind, c.cand, i+1); next >= 0 {
		c.pos = int32(next)
	} else {
		m.pop()
	}
	m.enterTested(p.pred.Clauses[now], tested)
	return ok
}

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
