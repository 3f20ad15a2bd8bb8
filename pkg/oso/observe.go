package oso

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Outcome is a decision that was made.
type Outcome struct {
	Rule    string // the rule that was asked, as "allow"
	Args    []any  // what it was asked about
	Allowed bool   // false where there is an error
	Err     error
	Took    time.Duration // from question to answer; of a batch, the whole
}

// WithDecisionHook sets what is told each decision: of IsAllowed, IsAllowedBatch, QueryRuleOnce, and the questions behind Authorize and
// its relatives, which may be two. It runs on the goroutine that asked, before the answer is returned, so it should be quick; it
// cannot change the answer. A panic in it goes to the caller. It may be called from several goroutines. Several hooks are told
// in order.
func WithDecisionHook(hook func(context.Context, Outcome)) Option {
	return func(c *core) {
		if hook != nil {
			c.decided = append(c.decided, hook)
		}
	}
}

func (c *core) tell(ctx context.Context, o Outcome) {
	for _, hook := range c.decided {
		hook(ctx, o)
	}
}

// WithLogger logs to logger: warnings at level Warn, what policies print at Info, decisions that failed at Error, and others at Debug.
// Actors and resources are not logged, only their types. It takes the place of WithMessageHandler.
func WithLogger(logger *slog.Logger) Option {
	return func(c *core) {
		if logger == nil {
			return
		}
		c.handler = func(m Message) {
			level := slog.LevelInfo
			if _, ok := m.Kind.MessageKindVariant.(types.MessageKindWarning); ok {
				level = slog.LevelWarn
			}
			logger.Log(context.Background(), level, m.Msg)
		}
		WithDecisionHook(func(ctx context.Context, o Outcome) { logOutcome(ctx, logger, o) })(c)
	}
}

func logOutcome(ctx context.Context, logger *slog.Logger, o Outcome) {
	level := slog.LevelDebug
	if o.Err != nil {
		level = slog.LevelError
	}
	if !logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{slog.String("rule", o.Rule), slog.Bool("allowed", o.Allowed), slog.Duration("took", o.Took)}
	kinds := make([]string, len(o.Args))
	for i, arg := range o.Args {
		kinds[i] = fmt.Sprintf("%T", arg)
	}
	attrs = append(attrs, slog.String("args", strings.Join(kinds, ", ")))
	if o.Rule == "allow" && len(o.Args) == 3 {
		if action, ok := o.Args[1].(string); ok {
			attrs = append(attrs, slog.String("action", action))
		}
	}
	if o.Err != nil {
		attrs = append(attrs, slog.String("error", o.Err.Error()))
	}
	logger.LogAttrs(ctx, level, "decision", attrs...)
}

// TraceEvent is one step of a query.
type TraceEvent struct {
	Kind  TraceKind
	Depth int    // how many calls deep
	Name  string // the rule that is called or entered, or what is asked of an object
	Rule  string // the rule whose condition this is; empty in the query itself
	// Text is the condition as it is written, and File, Line and Column tell where; Line is 0 for conditions that are not
	// written anywhere.
	Text         string
	File         string
	Line, Column int
	// Choices is how many alternatives are left, to be taken one after the other when things fail.
	Choices int
}

// TraceKind tells what happened.
type TraceKind string

// The kinds of trace events.
const (
	TraceCall   TraceKind = "call"   // a rule is called
	TraceEnter  TraceKind = "enter"  // a rule's head matched, or is about to be matched
	TraceExit   TraceKind = "exit"   // a rule is done, unless a last call took its place
	TraceFail   TraceKind = "fail"   // something failed: the newest alternative is taken
	TraceLookup TraceKind = "lookup" // an object is asked
	TraceResult TraceKind = "result" // a result is found
)

// WithTracer sets what sees each step of each query. It costs time. It may be called from several goroutines, one for each query under
// way; a panic in it goes to who runs the query.
func WithTracer(trace func(TraceEvent)) Option {
	return func(c *core) {
		if trace != nil {
			c.tracers = append(c.tracers, func(ev wam.TraceEvent) {
				if traceKinds[ev.Kind] != "" {
					trace(publicEvent(ev))
				}
			})
		}
	}
}

var traceKinds = map[wam.TraceKind]TraceKind{
	wam.TraceCall: TraceCall, wam.TraceEnter: TraceEnter, wam.TraceExit: TraceExit, wam.TraceFail: TraceFail,
	wam.TraceLookup: TraceLookup, wam.TraceResult: TraceResult,
}

func publicEvent(ev wam.TraceEvent) TraceEvent {
	public := TraceEvent{Kind: traceKinds[ev.Kind], Depth: ev.Depth, Name: ev.Name, Rule: ev.Rule, Choices: ev.Choices}
	if ev.Span.IsValid() {
		at := ev.Span.Position()
		public.Text, public.File, public.Line, public.Column = ev.Span.Text(), ev.Span.Source.Name, at.Line, at.Column
	}
	return public
}

// tracers are told one after the other.
type tracers []func(wam.TraceEvent)

// tracer returns what the engine takes: nil if there is nobody to tell.
func (t tracers) tracer() wam.Tracer {
	if len(t) == 0 {
		return nil
	}
	return t
}

// and returns the tracers with another, which may be nil.
func (t tracers) and(other wam.Tracer) tracers {
	if other != nil {
		t = append(t, other.Trace)
	}
	return t
}

// Trace tells a step.
func (t tracers) Trace(ev wam.TraceEvent) {
	for _, trace := range t {
		trace(ev)
	}
}
