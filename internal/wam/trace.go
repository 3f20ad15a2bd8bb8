package wam

import (
	"math"
	"time"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// Tracer sees a query run. Its methods must not call the machine, but may read an event's arguments. Without one, each place that
// could tell something costs one branch.
type Tracer interface {
	Trace(ev TraceEvent)
}

// Counter is a Tracer that wants a query to run as it does without one. For other tracers the machine enters every clause whose
// head matches, so that its conditions are seen to fail, instead of leaving out those that guards exclude.
type Counter interface {
	Tracer
	OnlyCounts()
}

// TraceEvent is one step of a query.
type TraceEvent struct {
	Kind    TraceKind
	Depth   int       // logical call depth
	Name    string    // the rule called or entered, or what the host is asked for
	Rule    string    // the rule whose condition this is, empty in the query itself
	Span    diag.Span // the condition, where it has a place
	PC      int       // its address: in one clause, what comes later has a higher one
	Choices int       // how many alternatives are left
	Tried   int       // how many clauses, facts and elements of host lists have been looked at so far, to find those that may match
	// Call numbers the calls. Of a failure it is the last call that stays: those with higher numbers are undone.
	Call int
	// Index is, for TraceEnter, which rule is entered, in source order among those of its name and arity; Body is the address of its
	// first condition.
	Index, Body int
	// Applying are, for TraceApply, the rules in the order in which they will be entered.
	Applying []int32
	// Arity belongs to Name, where that is a rule.
	Arity int

	args []Cell
	m    *Machine
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
	TraceDebug                       // debug() is reached
	TraceApply                       // which rules apply to a call; only of calls whose heads are all tested before one is entered
)

// Args returns the arguments of a call, for Glimpse. They are valid during Trace.
func (ev *TraceEvent) Args() []Cell { return ev.args }

// Vars calls visit with the variables that results show, and what they stand for now.
func (ev *TraceEvent) Vars(visit func(name string, c Cell)) {
	for _, v := range ev.m.vars {
		if !v.hidden() {
			visit(v.Name, v.Cell)
		}
	}
}

// Pause takes time that the query was held up in Trace from what counts for its limit.
func (ev *TraceEvent) Pause(d time.Duration) {
	if !ev.m.start.IsZero() {
		ev.m.start = ev.m.start.Add(d)
	}
}

// Glimpse copies what a cell stands for now, as far as a few dozen parts show it; what is left out is a variable named "…". A cell may
// be read in a later event as long as its call has not been undone.
func (ev *TraceEvent) Glimpse(c Cell) Value {
	parts := maxGlimpse
	return ev.m.glimpse(c, 0, &parts)
}

const (
	maxGlimpse      = 40
	maxGlimpseDepth = 4
)

func (m *Machine) glimpse(c Cell, depth int, parts *int) Value {
	*parts--
	c = m.deref(c)
	switch t := c.Tag(); {
	case !isList(t) && t != code.DICT:
		return m.valueOf(c)
	case c == code.EmptyLst:
		return Value{Kind: KindList, Ref: &List{}}
	case *parts <= 0 || depth == maxGlimpseDepth:
		return VarValue(ellipsis)
	case t == code.DICT:
		n := min(m.dictSize(c), *parts)
		d := &Dict{}
		for i := range n {
			d.Keys, d.Values = append(d.Keys, m.text(m.dictKey(c, i))), append(d.Values, m.glimpse(m.dictValue(c, i), depth+1, parts))
		}
		return Value{Kind: KindDict, Ref: d}
	}
	l := &List{}
	for {
		c = m.listCell(m.deref(c))
		switch {
		case c == code.EmptyLst:
			return Value{Kind: KindList, Ref: l}
		case !isList(c.Tag()):
			l.Rest = m.glimpse(c, depth+1, parts)
			return Value{Kind: KindList, Ref: l}
		}
		head, tail, found, err := m.headTail(c)
		if *parts <= 0 || !found || err != nil {
			l.Rest = VarValue(ellipsis)
			return Value{Kind: KindList, Ref: l}
		}
		l.Items = append(l.Items, m.glimpse(head, depth+1, parts))
		c = tail
	}
}

const ellipsis = "…"

// mark tells a choice point from the next at its place, and the last call before it was made.
type mark struct {
	kind               choiceKind
	e, cp, h, tr, from int32
	calls              int
}

func markOf(c *choice, calls int) mark {
	m := mark{kind: c.kind, e: c.e, cp: c.cp, h: c.h, tr: c.tr, from: c.pos, calls: calls}
	switch c.kind {
	case chClause, chPicked, chSelect, chEnter, chFact, chRow:
		m.kind, m.from = chClause, -c.pred-1 // general calls change the kind, and all of them the position
	case chNot:
		m.from = c.p
	}
	return m
}

// noteChoices brings m.marks up to date. Between two steps that are told, the machine runs through one piece of code: it may drop choice
// points, and make others in their places, which no two of them have in common all that a mark holds.
func (m *Machine) noteChoices(calls int) {
	m.marks = m.marks[:min(len(m.marks), len(m.ch))]
	for n := len(m.marks); n > 0 && m.marks[n-1] != markOf(&m.ch[n-1], m.marks[n-1].calls); n-- {
		m.marks = m.marks[:n-1]
	}
	for n := len(m.marks); n < len(m.ch); n++ {
		m.marks = append(m.marks, markOf(&m.ch[n], calls))
	}
}

// tell reports a step to the tracer.
func (m *Machine) tell(kind TraceKind, pc int, name string) {
	m.noteChoices(m.calls)
	m.report(TraceEvent{Kind: kind, Depth: m.depth, Name: name, PC: pc, Call: m.calls})
}

func (m *Machine) tellCall(pr *code.Pred) {
	m.noteChoices(m.calls - 1)
	m.report(TraceEvent{Kind: TraceCall, Depth: m.depth, Name: pr.Name, Arity: pr.Arity, PC: m.p - 1, Call: m.calls, args: m.x[:pr.Arity]})
}

func (m *Machine) tellEnter(cl *code.Clause) {
	m.noteChoices(m.calls)
	m.report(TraceEvent{Kind: TraceEnter, Depth: m.depth, Name: m.prog.Entry(cl.NameAt).Rule, Arity: len(cl.Params), PC: cl.Head(), Call: m.calls, Index: int(cl.Index), Body: int(cl.Body)})
}

// tellFact is tellEnter for a row of a table.
func (m *Machine) tellFact(f *factInfo, row int) {
	m.noteChoices(m.calls)
	m.report(TraceEvent{Kind: TraceEnter, Depth: m.depth, Name: f.Name, Arity: len(f.Columns), PC: f.Base + row, Call: m.calls, Index: row, Body: math.MaxInt})
}

func (m *Machine) tellApply(pr *code.Pred, list []int32) {
	m.noteChoices(m.calls)
	m.report(TraceEvent{Kind: TraceApply, Depth: m.depth, Name: pr.Name, Arity: pr.Arity, Call: m.calls, Applying: list})
}

// tellFail reports a failure, of the condition at the instruction before the next.
func (m *Machine) tellFail() {
	m.noteChoices(m.calls)
	m.report(TraceEvent{Kind: TraceFail, Depth: m.ruleDepth(m.p - 1), PC: m.p - 1, Call: m.marks[len(m.marks)-1].calls})
}

// ruleDepth returns the depth of the rule whose condition is at an address: a call that is done leaves its own in m.depth.
func (m *Machine) ruleDepth(pc int) int {
	if m.e >= 0 && m.ownsFrame(pc) {
		return int(m.st[m.e+envDepth])
	}
	return m.depth
}

// tellEvent reports what the machine stopped for.
func (m *Machine) tellEvent() {
	switch {
	case m.ev.Kind == EventSolution:
		m.noteChoices(m.calls)
		m.report(TraceEvent{Kind: TraceResult, PC: m.p - 1, Call: m.calls}) // the query's own goal has depth 0
	case m.ev.Kind == EventDebug:
		m.noteChoices(m.calls)
		m.report(TraceEvent{Kind: TraceDebug, Depth: m.ruleDepth(m.p - 1), PC: m.p - 1, Call: m.calls})
	case m.ev.Kind >= EventLookup:
		m.tell(TraceLookup, m.ev.PC, m.ev.Name)
	}
}

// report adds what all events have.
func (m *Machine) report(ev TraceEvent) {
	s := m.place(ev.PC)
	ev.Rule, ev.Span, ev.Choices, ev.m = s.Rule, s.Span, max(0, len(m.ch)-1), m
	ev.Tried = m.tries
	m.trace.Trace(ev)
}

// tried counts what a search for candidates has looked at, if somebody wants to know.
func (m *Machine) tried(n int) {
	if m.trace != nil {
		m.tries += n
	}
}
