package oso

import (
	"fmt"
	"strings"
	"time"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/explain"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Debugger is called where a query stops, and says how to go on. The query waits for it, on the goroutine that runs it; time spent here
// does not count against the query's limit, but a context's deadline passes. Stop must not use the query. Queries on several goroutines
// call it at the same time. A panic in it goes to who runs the query.
type Debugger interface {
	Stop(*DebugState) DebugCommand
}

// DebugCommand says where a query stops next. All of them stop at debug().
type DebugCommand int

// The commands. A step is a condition that calls a rule; conditions that only compare, look up or match are passed.
const (
	DebugContinue DebugCommand = iota // at the next debug()
	DebugInto                         // at the next step, into rules too
	DebugOver                         // at the next step of this rule, or of one that called it
	DebugOut                          // at the next step of a rule that called this one
)

// DebugState is where a query stopped.
type DebugState struct {
	// Condition is what comes next, as it is written, and Place where; it is debug() itself where that made the query stop. The
	// question that a query begins with is written nowhere.
	Condition string
	Place     types.Place
	// Call is the rule that comes next, with its values; empty at debug().
	Call string
	// Stack are the rules under way, innermost first.
	Stack []types.Frame
}

// String returns the condition, what the innermost rule was called with, and the stack, a line each.
func (s *DebugState) String() string {
	var b strings.Builder
	what := s.Call
	if what == "" {
		what = s.Condition
	}
	fmt.Fprintf(&b, "QUERY: %s, BINDINGS: {", what)
	if len(s.Stack) > 0 {
		for i, v := range s.Stack[0].Bindings {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(v.Name + " = " + v.Value)
		}
	}
	fmt.Fprintf(&b, "}\n  at %v: %s\n", s.Place, s.Condition)
	for i, f := range s.Stack {
		fmt.Fprintf(&b, "  %d: %s in the rule at %v\n", i, f.Call, f.Place)
	}
	return b.String()
}

// WithDebugger has queries stop at debug(), and wherever the debugger says from there on. Without it, debug() in a policy does nothing,
// and the first one that is reached gives a warning. A query that can be stopped is slow: it is for development, not for a server.
func WithDebugger(d Debugger) Option { return func(c *core) { c.debugger = d } }

// debugReached warns of a debug() that nobody answers.
func (c *core) debugReached(at diag.Span) {
	if c.debugger == nil {
		c.undebugged.Do(func() {
			condition := "debug()"
			if at.IsValid() {
				p := at.Position()
				condition = fmt.Sprintf("debug() at line %d, column %d", p.Line, p.Column)
				if at.Source.Name != "" {
					condition += " of file " + at.Source.Name
				}
			}
			c.warn(condition + " does nothing: there is no debugger, which WithDebugger sets")
		})
	}
}

// optionsOf returns the options that a query is to run with.
func (c *core) optionsOf(q *engine.Query) engine.Options {
	if c.debugger == nil {
		return c.options
	}
	options := c.options
	d := &debugging{debugger: c.debugger, query: q}
	options.Tracer = tracers{d.trace}.and(options.Tracer)
	options.Without |= wam.Scans | wam.Guards // what comes first in a rule comes first
	return options
}

// setupOf is optionsOf for a query whose options nobody changes.
func (c *core) setupOf(q *engine.Query) *engine.Setup {
	if c.debugger == nil {
		return c.setup
	}
	return c.optionsOf(q).Setup()
}

// debugging is one query that can be stopped.
type debugging struct {
	debugger Debugger
	query    *engine.Query
	calls    explain.Collector
	command  DebugCommand
	level    int // depth of the rules whose conditions the query stopped at last
}

func (d *debugging) trace(ev wam.TraceEvent) {
	d.calls.Trace(ev)
	level := ev.Depth
	switch ev.Kind {
	case wam.TraceDebug:
	case wam.TraceCall:
		level--
		if d.command == DebugContinue || d.command == DebugOver && level > d.level || d.command == DebugOut && level >= d.level {
			return
		}
	default:
		return
	}
	began := time.Now()
	s := &DebugState{Stack: d.calls.Stack(&ev, d.query.Policy().Rules(), host.Describe)}
	s.Condition, s.Place = explain.PlaceOf(&ev)
	if ev.Kind == wam.TraceCall {
		s.Call = d.calls.CallText(host.Describe)
	}
	d.command, d.level = d.debugger.Stop(s), level
	ev.Pause(time.Since(began))
}
