package wam

import (
	"slices"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/code"
)

// sieve finds the rows of a leaf that may have a result by one look, however many literals the leaf is reached with: the value that the
// literal has to equal is read, and the rows are found by hashing it.
type sieve struct {
	before []code.Test // what the clause tests before; nothing of it is about the literal
	field  int         // the field of an argument that the literal has to equal, or the list
	scan   *code.Scan  // of a list: what else the clause asks of elements; nil without a list
	first  int         // how many tests of the scan come before the one with the literal
	item   Cell        // and the field of an element that the literal has to equal, code.NoName for the element itself
	// decides is set where a clause has one result for each element that passes, and binds nothing: all it does is what the sieve tests.
	decides bool
}

// newSieve returns the sieve of a clause with the tests it begins with, nil if none of them compares a field with argument reg. Literals
// that bytes may become which are no UTF-8 are left to the clause.
func newSieve(g *guards, tests []code.Test, reg int16) *sieve {
	literal := code.Operand{From: code.FromArg, N: reg}
	for i := range tests {
		t := &tests[i]
		s := &sieve{before: tests[:i]}
		switch {
		case t.Kind == code.TestSome:
			s.field = int(t.L.N)
			if !s.splitScan(t.Scan, reg) {
				return nil
			}
			return s
		case t.Kind == code.TestEqual && t.L == literal && t.R.From == code.FromField:
			s.field = int(t.R.N)
			return s
		case t.Kind == code.TestEqual && t.R == literal && t.L.From == code.FromField:
			s.field = int(t.L.N)
			return s
		case t.L == literal || t.R == literal:
			return nil
		}
	}
	return nil
}

// splitScan takes the comparison with argument reg out of a scan, and what comes behind another one. It is false if there is no such
// comparison, or if something comes before it that the machine could not make ready by itself.
func (s *sieve) splitScan(scan *code.Scan, reg int16) bool {
	s.scan = &code.Scan{}
	split := false
	for i := range scan.Tests {
		switch t := &scan.Tests[i]; {
		case t.Reg == reg && split:
			return true
		case t.Reg == reg:
			if t.Op != code.ScanCompare || t.Key != code.NoName || t.By != code.Unify && t.By != code.Eq {
				return false
			}
			s.first, s.item, split = i, t.Field, true
		case !split && t.Op != code.ScanCompare && t.Op != code.ScanTrue:
			return false
		default:
			s.scan.Tests = append(s.scan.Tests, *t)
		}
	}
	return split
}

// rowPair are the first two rows that were found.
type rowPair struct {
	row, next int
	holds     bool // the first certainly has a result, and no other
}

// add adds a row. Holds says that it was found for one result that it certainly has.
func (r *rowPair) add(row int, holds bool) {
	switch {
	case row < r.row:
		r.row, r.next, r.holds = row, r.row, holds
	case row == r.row:
		r.holds = false // or it has another one
	case row < r.next:
		r.next = row
	}
}

// callClosure goes to the first row of a closure that may have a result.
func (m *Machine) callClosure(n, arity int, c *closure) status {
	r, s := m.nextRows(c, 0)
	switch {
	case s != ok:
		return s
	case r.row == len(c.rows):
		return fail
	case r.next < len(c.rows):
		m.push(choice{kind: chRow, pred: int32(n), nargs: int16(arity), args: m.saveArgs(arity), pos: int32(r.next), b2: c.number})
	}
	m.enterRow(c, &r)
	return ok
}

// nextRow goes on with a choice point of callClosure.
func (m *Machine) nextRow(ch *choice) status {
	m.restoreArgs(ch)
	c := m.snap.closure(ch.b2)
	r, s := m.nextRows(c, int(ch.pos))
	switch {
	case s != ok:
		return s
	case r.next < len(c.rows):
		ch.pos = int32(r.next)
	default:
		m.pop()
	}
	if r.row == len(c.rows) {
		return fail
	}
	m.enterRow(c, &r)
	return ok
}

// enterRow enters the clause of the first row as the last of the renamings on the way would. A clause whose only result is known
// already returns at once.
func (m *Machine) enterRow(c *closure, r *rowPair) {
	if r.holds && m.merges && m.steady() {
		m.p = m.cp
		return
	}
	row := &c.rows[r.row]
	m.x[c.reg] = row.literal
	m.depth += int(row.depth)
	m.p = int(row.code)
	if m.trace != nil {
		m.tellEnter(c.leaves[row.leaf].clause)
	}
}

// nextRows finds the first row from from on that may have a result, and the next after it. Where what the first does can change
// fields, the next is any.
func (m *Machine) nextRows(c *closure, from int) (rowPair, status) {
	none := len(c.rows)
	r := rowPair{row: none, next: none}
	for _, n := range c.sifted {
		if s := m.sift(c, &c.leaves[n], from, &r); s != ok {
			return r, s
		}
	}
	m.testRows(c, from, &r)
	if !m.steady() {
		r.next = min(r.row+1, none)
	}
	return r, ok
}

// testRows adds the first two rows without a sieve that guards do not exclude, if they come before those found.
func (m *Machine) testRows(c *closure, from int, r *rowPair) {
	open := c.open
	if from > 0 {
		at, _ := slices.BinarySearch(open, int32(from))
		open = open[at:]
	}
	var g *guards
	for _, n := range open {
		if int(n) > r.next {
			return
		}
		row := &c.rows[n]
		l := &c.leaves[row.leaf]
		m.tried(1)
		if l.tests {
			if g != l.guards {
				g = l.guards
				m.beginGuards(g)
			}
			m.x[c.reg] = row.literal
			if m.excluded(g, l.index) {
				continue
			}
		}
		r.add(int(n), false)
	}
}

// sift adds the first two rows of a leaf from from on that may have a result.
func (m *Machine) sift(c *closure, l *leaf, from int, r *rowPair) status {
	m.beginGuards(l.guards)
	if len(l.sieve.before) > 0 {
		switch m.tests(l.guards, l.sieve.before) {
		case failing:
			return ok
		case unclear:
			l.addAll(from, r)
			return ok
		}
	}
	if l.sieve.scan != nil {
		able, s := m.siftList(c, l, from, r)
		if !able {
			l.addAll(from, r)
		}
		return s
	}
	switch v := m.guardField(l.guards, l.sieve.field); {
	case v == nil || !isDatum(v.Kind):
		l.addAll(from, r)
	case v.Kind == KindString:
		l.addText(c, settle(v).Str, from, false, r)
	}
	return ok
}

// addFew is addText for a leaf of few literals.
func (l *leaf) addFew(text string, from int, holds bool, r *rowPair) {
	for i := range l.texts {
		if row := int(l.rows[i]); row >= from && l.texts[i] == text {
			r.add(row, holds)
		}
	}
}

// addAll adds the first two rows of a leaf from from on.
func (l *leaf) addAll(from int, r *rowPair) {
	at, _ := slices.BinarySearch(l.rows, int32(from))
	for _, row := range l.rows[at:min(at+2, len(l.rows))] {
		r.add(int(row), false)
	}
}

// addText adds the rows of a leaf with a literal; see rowPair.add.
func (l *leaf) addText(c *closure, text string, from int, holds bool, r *rowPair) {
	if l.first == nil {
		l.addFew(text, from, holds, r)
		return
	}
	row, found := l.first[text]
	for found {
		if int(row) >= from {
			r.add(int(row), holds)
		}
		row = c.rows[row].again
		found = row != 0
	}
}

// siftList is sift for the elements of a list; it is not able where they do not tell the rows.
func (m *Machine) siftList(c *closure, l *leaf, from int, r *rowPair) (able bool, s status) {
	list, able := m.siftedList(l)
	if !able {
		return false, ok
	}
	n := list.size()
	if n == 0 {
		return true, ok
	}
	var at literalPlace
	if l.sieve.first < len(l.sieve.scan.Tests) { // what stands behind the literal may be tested if comparing that is no error
		if at = m.literalIn(&list, l.sieve.item); !at.known {
			return false, ok
		}
	}
	ps := &m.probes
	ps.prepare(l.sieve.scan, 0)
	for i := 0; ; i++ {
		if i, s = m.passing(ps, &list, i, n); s != ok || i == n {
			m.tried(n)
			return true, s
		}
		if !at.known {
			if at = m.literalIn(&list, l.sieve.item); !at.known {
				return false, ok
			}
		}
		text, sure := ps.literal(&list, i, l.sieve.first, &at)
		if !sure {
			return false, ok
		}
		l.addText(c, text, from, l.sieve.decides && ps.sure, r)
		if n > maxGuarded && l.isFirst(from, r.row) {
			return false, ok // looking for the next would cost more than coming back for none
		}
		if s = m.tick(); s != ok {
			return true, s
		}
	}
}

// siftedList returns the list that a sieve is about; false if it cannot be read in place.
func (m *Machine) siftedList(l *leaf) (hostList, bool) {
	f := &l.guards.Fields[l.sieve.field]
	c := m.deref(m.x[f.Of.N])
	if c.Tag() != code.HOST {
		return hostList{}, false
	}
	object, shape := m.object(c)
	at, p := m.fieldAt(object, shape, f.Key)
	if p == nil || p.Kind != PlanList || p.Elem.Kind == PlanNone {
		return hostList{}, false
	}
	if m.trace != nil {
		m.tell(TraceLookup, m.p-1, m.text(f.Key))
	}
	return hostList{elem: p.Elem, items: at.Slice(p.Items)}, true
}

// isFirst reports whether no row of a leaf from from on comes before a row.
func (l *leaf) isFirst(from, row int) bool {
	at, _ := slices.BinarySearch(l.rows, int32(from))
	return at == len(l.rows) || row <= int(l.rows[at])
}

// literalPlace is where elements have the string that a literal has to equal.
type literalPlace struct {
	known bool
	self  bool // it is the element itself
	way   access.Field
}

// literalIn finds the string that a literal has to equal; it is not known if it is none that is read in place. The list is not empty.
func (m *Machine) literalIn(l *hostList, item Cell) literalPlace {
	if item == code.NoName {
		return literalPlace{known: l.elem.Kind == PlanString, self: true}
	}
	var slot *fieldSlot
	switch l.elem.Kind {
	case PlanPointer:
		if object, found := l.elem.Target.Load(l.items.At(0)); found {
			slot = m.fieldSlot(object, l.elem.Shape, item)
		}
	case PlanInstance:
		slot = m.fieldSlot(l.elem.Target.Pointer(l.items.At(0)), l.elem.Shape, item)
	}
	if slot == nil || slot.value.Kind != PlanString {
		return literalPlace{}
	}
	return literalPlace{known: true, way: slot.way}
}

// passing is firstMatch with a look at the clock now and then.
func (m *Machine) passing(ps *probes, l *hostList, from, to int) (int, status) {
	for {
		end := min(from+chunk, to)
		if i := m.firstMatch(ps, l, from, end); i < end || i == to {
			return i, ok
		}
		if s := m.check(); s != ok {
			return 0, s
		}
		from = end
	}
}

// literal reads the string of an element that has passed. It is not sure if one of the first tests, which the clause makes before, is not
// decided: that may be an error.
func (ps *probes) literal(l *hostList, i, first int, p *literalPlace) (text string, sure bool) {
	at := l.items.At(i)
	if l.elem.Kind == PlanPointer {
		if at, sure = at.Deref(); !sure {
			return "", false
		}
	}
	if ps.read < first {
		return "", false
	}
	for k := range ps.list[:ps.n] {
		if p := &ps.list[k]; int(p.test) < first && !p.decides(at) {
			return "", false
		}
	}
	if !p.self {
		at = at.Field(&p.way)
	}
	return at.String(), true
}

// decides reports whether a probe that an element has passed is sure of it.
func (p *probe) decides(item access.Place) bool {
	if p.kind != probeUint && p.kind != probeTexts {
		return true
	}
	if !p.self {
		item = item.Field(&p.way)
	}
	_, sure := p.rare(item)
	return sure
}
