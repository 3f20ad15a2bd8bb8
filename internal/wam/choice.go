package wam

import "github.com/goso-project/goso/internal/code"

// choiceKind tells how to go on from a choice point.
type choiceKind uint8

const (
	chAlt    choiceKind = iota // go to p, which retries or drops the choice point
	chClause                   // try the next candidate by its compiled head
	chPicked                   // the same for candidates that quick tests have admitted
	chFact                     // go to the next row of a table
	chCode                     // go to the next of some clauses, by their addresses
	chSelect                   // general call: test the next candidate
	chEnter                    // general call: enter the next applicable candidate
	chList                     // in: the next element of a list
	chScan                     // in: the next element that may pass a scan
	chText                     // in: the next character
	chDict                     // in: the next entry
	chHost                     // in: ask the host for the next element
	chKeys                     // look-up by unbound key: the next key
	chRow                      // go to the next row of a closure that may have a result
	chHop                      // make a hop to the next element of a list
	chUnion                    // a constrained variable matches a union: the next member class
	chFailed                   // a call whose failure is to be remembered
	chNot                      // barrier of a negation
)

// choice is a choice point. Arguments and lists of candidates live on stacks of their own, so that all are of one size.
type choice struct {
	kind   choiceKind
	assign bool  // chList...: the item is a register to assign, not a term to unify; chClause, chPicked: the arguments are bound
	reg    int16 // that register
	nargs  int16
	e      int32
	envTop int32
	cp     int32
	p      int32
	tr     int32
	h      int32
	depth  int32
	b0     int32
	wk     int32
	att    int32
	args   int32 // base of the saved arguments
	cbase  int32 // base of the candidate list, if it is on the candidate stack
	pos    int32 // next candidate, or the address of the instruction that iterates or has alternatives
	b2     int32 // offset of the next character, entry or member; number of the iterator
	pred   int32
	strs   int32 // lengths of the side tables
	hosts  int32
	seqs   int32
	later  int32   // the class test that a head has put off until behind the choice point, as in Machine
	laterP int32   // where it comes from
	cand   []int32 // candidates: a list of the snapshot, or on the candidate stack
	a, b   Cell    // chList...: rest of the collection, item
}

// choiceWords is the size of a choice point in words, for the budget.
const choiceWords = 16

// push adds a choice point; the caller has set what is special about it.
func (m *Machine) push(c choice) *choice {
	c.e, c.cp, c.tr, c.h = int32(m.e), int32(m.cp), int32(len(m.tr)), int32(len(m.h))
	c.depth, c.wk, c.att = int32(m.depth), int32(m.wk), int32(m.att)
	c.strs, c.hosts, c.seqs = int32(len(m.strs)), int32(len(m.hosts)), int32(len(m.seqs))
	c.later, c.laterP = int32(m.later), int32(m.laterPC)
	c.envTop = int32(m.envTop())
	if c.nargs == 0 {
		c.args = int32(len(m.as))
	}
	if c.cand == nil {
		c.cbase = int32(len(m.cs))
	}
	m.ch = append(m.ch, c)
	m.hb, m.eb = len(m.h), int(c.envTop)
	return &m.ch[len(m.ch)-1]
}

// saveArgs copies the first n registers to the argument stack and returns where.
func (m *Machine) saveArgs(n int) int32 {
	at := len(m.as)
	m.as = append(m.as, m.x[:n]...)
	return int32(at)
}

func (m *Machine) restoreArgs(c *choice) {
	copy(m.x, m.as[c.args:int(c.args)+int(c.nargs)])
}

// pop drops the newest choice point.
func (m *Machine) pop() {
	n := len(m.ch) - 1
	c := &m.ch[n]
	m.as = m.as[:c.args]
	m.cs = m.cs[:c.cbase]
	c.cand = nil
	m.ch = m.ch[:n]
	m.hb, m.eb = int(m.ch[n-1].h), int(m.ch[n-1].envTop)
}

// cut drops choice points until n are left.
func (m *Machine) cut(n int) {
	if n >= len(m.ch) || n < 1 {
		return
	}
	c := &m.ch[n]
	m.as = m.as[:c.args]
	m.cs = m.cs[:c.cbase]
	clear(m.ch[n:])
	m.ch = m.ch[:n]
	m.hb, m.eb = int(m.ch[n-1].h), int(m.ch[n-1].envTop)
}

// undo resets variables to their state when the trail had n entries.
func (m *Machine) undo(n int) {
	for i := len(m.tr); i > n; {
		i--
		t := m.tr[i]
		addr := int(t >> 2)
		switch t & 3 {
		case trailRef:
			m.h[addr] = code.Make(code.REF, addr)
		case trailAli:
			m.h[addr] = code.Make(code.ALI, addr)
		default:
			i--
			m.h[addr] = m.tr[i]
		}
	}
	m.tr = m.tr[:n]
}

// Kinds of trail entries, in the low bits beside an address. The last two have the old word below them.
const (
	trailRef = iota // was unbound, untouched
	trailAli        // was unbound, touched
	trailAtt        // was constrained
	trailRaw        // was a field of a record
)

// truncate shortens the side tables to what they held when a choice point was made. How far they reached is remembered, so
// that Release forgets all of it.
func (m *Machine) truncate(c *choice) {
	m.mark()
	m.strs = m.strs[:c.strs]
	m.hosts = m.hosts[:c.hosts]
	m.shapes = m.shapes[:c.hosts]
	m.seqs = m.seqs[:c.seqs]
}

func (m *Machine) mark() {
	m.maxStrs, m.maxHosts, m.maxSeqs = max(m.maxStrs, len(m.strs)), max(m.maxHosts, len(m.hosts)), max(m.maxSeqs, len(m.seqs))
}

// backtrack restores the newest choice point and goes on with its next alternative.
func (m *Machine) backtrack() status {
	if m.trace != nil {
		m.tellFail()
	}
	m.wakes = m.wakes[:0]
	m.work = m.work[:0]
	c := &m.ch[len(m.ch)-1]
	if len(m.tr) > int(c.tr) {
		m.undo(int(c.tr))
	}
	m.h = m.h[:c.h]
	if m.late {
		m.dropLate()
	}
	if len(m.strs) > int(c.strs) || len(m.hosts) > int(c.hosts) || len(m.seqs) > int(c.seqs) {
		m.truncate(c)
	}
	m.e, m.cp, m.depth = int(c.e), int(c.cp), int(c.depth)
	m.later, m.laterPC = int(c.later), int(c.laterP)
	m.wk, m.att = int(c.wk), int(c.att)
	if m.ticks++; m.ticks&0x3ff == 0 {
		if s := m.check(); s != ok {
			return s
		}
	}
	switch c.kind {
	case chAlt:
		m.p = int(c.p)
		return ok
	case chClause, chPicked:
		return m.nextClause(c)
	case chFact:
		return m.nextFact(c)
	case chCode:
		return m.nextCode(c)
	case chRow:
		return m.nextRow(c)
	case chHop:
		return m.nextHop(c)
	case chSelect:
		return m.testNext()
	case chEnter:
		return m.enterNext()
	case chNot:
		m.p = int(c.p)
		m.pop()
		return ok
	}
	m.restoreArgs(c)
	m.p = int(c.p)
	return m.nextElement(c)
}
