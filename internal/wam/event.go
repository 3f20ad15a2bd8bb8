package wam

// EventKind tells why Run returned.
type EventKind uint8

// The kinds of events. From EventLookup on they are questions, to be answered by a Resume method.
const (
	EventDone     EventKind = iota + 1 // no more results
	EventSolution                      // a result
	EventPrint                         // Args are to be shown; Resume
	EventDebug                         // debug() was reached; Resume
	EventLookup                        // Recv.Name: ResumeValue or ResumeNone
	EventCall                          // Recv.Name(Args, Keys): ResumeValue or ResumeNone
	EventNew                           // new Name(Args, Keys): ResumeValue
	EventIsa                           // Recv belongs to class Name: ResumeBool
	EventPath                          // following Path from class Name ends at class Class: ResumeBool
	EventCompare                       // Recv Name Right: ResumeBool
	EventIterate                       // start iterating over Recv: ResumeIterate
	EventNext                          // next element of Iter: ResumeValue or ResumeNone
)

// Event is what stopped the machine.
type Event struct {
	Kind  EventKind
	Recv  Value
	Right Value
	Name  string
	Class string
	Args  []Value
	Keys  []string // keyword arguments: names of the last len(Keys) of Args
	Path  []string
	Iter  Iteration
	// Pattern is set for a look-up made by a pattern: a failure is no error.
	Pattern bool
	PC      int // the code address that asks
}

// Iteration is a host's iterator as the machine sees it.
type Iteration interface{ Close() }

// pendKind tells what to do with an answer.
type pendKind uint8

const (
	pdNone     pendKind = iota
	pdAssign            // assign the value to a register
	pdUnify             // unify the value with a term
	pdBool              // go on if true
	pdNotBool           // go on if false
	pdWorkBool          // go on with the work if true
	pdField             // match the value with a pattern, go on with the work
	pdPath              // next question of a class test, or add its constraint
	pdIterate           // the iterator
	pdNext              // the element
)

// pending is what an instruction was about to do with an answer.
type pending struct {
	kind pendKind
	reg  int16
	cell Cell
	it   item
}

// plainEvent sets an event that has nothing but a kind; what an earlier one held is dropped.
func (m *Machine) plainEvent(k EventKind) {
	if m.ev.Kind > EventSolution {
		m.ev = Event{}
	}
	m.ev.Kind = k
}

// Event returns what stopped the machine. It is valid until the next Run.
func (m *Machine) Event() *Event { return &m.ev }

// Resume goes on after an event without an answer.
func (m *Machine) Resume() { m.next = ok }

// ResumeNone answers a look-up, call or iteration: there is no value.
func (m *Machine) ResumeNone() {
	if m.pend.kind == pdNext {
		m.closeIteration(int(m.ch[len(m.ch)-1].b2))
		m.pop()
	}
	m.next = fail
}

// closeIteration closes an iterator that has no more elements; the others are closed when the query ends.
func (m *Machine) closeIteration(i int) {
	m.iters[i].Close()
	m.iters[i] = nil
	for n := len(m.iters); n > 0 && m.iters[n-1] == nil; n-- {
		m.iters = m.iters[:n-1]
	}
}

// ResumeBool answers a yes-or-no question.
func (m *Machine) ResumeBool(b bool) {
	k := m.pend.kind
	m.pend.kind = pdNone
	switch {
	case k == pdNotBool:
		m.next = holds(!b)
	case !b && k == pdPath:
		m.questions = nil
		m.next = fail
	case !b:
		m.next = fail
	case k == pdWorkBool:
		m.next = m.runWork()
	case k == pdPath:
		m.next = m.nextQuestion()
	default:
		m.next = ok
	}
}

// ResumeValue answers with a value.
func (m *Machine) ResumeValue(v Value) {
	c, err := m.cellOf(v)
	if err != nil {
		m.next = m.throw(err)
		return
	}
	k := m.pend.kind
	m.pend.kind = pdNone
	switch k {
	case pdAssign:
		m.set(m.pend.reg, c)
		m.next = ok
	case pdUnify:
		m.next = m.unify(m.pend.cell, c)
	case pdField:
		it := m.pend.it
		m.work = append(m.work, item{kind: wMatch, at: it.at, a: c, pat: it.pat, base: it.base})
		m.next = m.runWork()
	case pdNext:
		top := &m.ch[len(m.ch)-1]
		m.next = m.element(top, c)
	default:
		m.next = ok
	}
}

// ResumeIterate answers EventIterate.
func (m *Machine) ResumeIterate(it Iteration) {
	m.iters = append(m.iters, it)
	m.next = m.startIteration(len(m.iters) - 1)
}
