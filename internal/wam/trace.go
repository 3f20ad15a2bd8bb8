package wam

import "github.com/goso-project/goso/internal/diag"

// Tracer sees a query run. Its methods must not call the machine. Without one, each place that could tell something costs
// one branch.
type Tracer interface {
	Trace(ev TraceEvent)
}

// TraceEvent is one step of a query.
type TraceEvent struct {
	Kind  TraceKind
	Depth int       // logical call depth
	Name  string    // the rule called or entered, or what the host is asked for
	Rule  string    // the rule whose condition this is, empty in the query itself
	Span  diag.Span // the condition, where it has a place
	// Choices is how many alternatives are left, to be taken one after the other when things fail.
	Choices int
}

// TraceKind tells what happened.
type TraceKind uint8

// The kinds of trace events.
const (
	TraceCall   TraceKind = iota + 1 // a rule is called
	TraceEnter                       // the head of a rule matched, or is about to be matched: it is entered
	TraceExit                        // a rule that made no last call is done
	TraceFail                        // something failed: the newest alternative is taken
	TraceLookup                      // the host is asked
	TraceResult                      // a result
)

// tell reports a step to the tracer.
func (m *Machine) tell(kind TraceKind, pc int, name string) {
	s := m.place(pc)
	m.trace.Trace(TraceEvent{Kind: kind, Depth: m.depth, Name: name, Rule: s.Rule, Span: s.Span, Choices: m.alternatives()})
}

// tellEvent reports what the machine stopped for.
func (m *Machine) tellEvent() {
	switch {
	case m.ev.Kind == EventSolution:
		s := m.place(m.p - 1)
		m.trace.Trace(TraceEvent{Kind: TraceResult, Span: s.Span, Choices: m.alternatives()}) // the query's own goal has depth 0
	case m.ev.Kind >= EventLookup:
		m.tell(TraceLookup, m.ev.PC, m.ev.Name)
	}
}

// alternatives is the number of choice points but the one below all others, which ends the query.
func (m *Machine) alternatives() int { return max(0, len(m.ch)-1) }
