package wam

// Tracer sees a query run. Its methods must not keep the values they are given nor call the machine.
type Tracer interface {
	// Trace is told one event; pc is the code address it happened at.
	Trace(ev TraceEvent)
}

// TraceEvent is one step of a query.
type TraceEvent struct {
	Kind  TraceKind
	PC    int // code address; the program's span table gives its place
	Depth int
	Pred  string // predicate called or entered, where that applies
}

// TraceKind tells what happened.
type TraceKind uint8

// The kinds of trace events.
const (
	TraceCall TraceKind = iota + 1
	TraceEnter
	TraceExit
	TraceFail
	TraceLookup
	TraceResult
)
