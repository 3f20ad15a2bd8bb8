package bench

import (
	"context"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Counts are what a question makes the engine do. They are the same on every machine and at every time, unlike times.
type Counts struct {
	Calls    int // rules called
	Tried    int // clauses, facts and elements of host lists looked at one by one, which an index or a hash saves
	Clauses  int // clauses and facts entered
	Choices  int // choice points made
	Requests int // what the host was asked, fields read in place among it
}

// Total is the work of a question in one number.
func (c Counts) Total() int { return c.Calls + c.Tried + c.Clauses + c.Choices + c.Requests }

// counter counts the steps of a query, which runs as it does when nobody counts.
type counter struct {
	Counts
	alternatives int
}

// OnlyCounts keeps the machine's optimizations on.
func (*counter) OnlyCounts() {}

// Trace counts a step. A choice point is counted where a step has more alternatives than the step before.
func (c *counter) Trace(ev wam.TraceEvent) {
	switch ev.Kind {
	case wam.TraceCall:
		c.Calls++
	case wam.TraceEnter:
		c.Clauses++
	case wam.TraceLookup:
		c.Requests++
	}
	c.Tried = ev.Tried
	c.Choices += max(0, ev.Choices-c.alternatives)
	c.alternatives = ev.Choices
}

// Count asks a problem's question twice and counts the second time: a machine remembers what calls selected. Of a problem that loads
// there is nothing to count.
func Count(p *Problem) (Counts, error) {
	var e *engine.Engine
	var registry *host.Registry
	registry = host.NewRegistry(host.Config{}, func() { e.SetRegistry(registry.Engine) })
	e = engine.New(registry.Engine())
	for _, c := range p.Classes {
		fields := map[string]any{}
		for name, r := range c.One {
			fields[name] = types.Relation{Kind: "one", OtherType: r.Other, MyField: r.My, OtherField: r.Their}
		}
		if _, err := registry.RegisterClass(c.Type, nil, c.Name, fields); err != nil {
			return Counts{}, err
		}
	}
	if _, err := e.Load([]*diag.Source{diag.NewSource("", p.Policy)}, engine.LoadOptions{NoAllowWarning: true}); err != nil || p.Load {
		return Counts{}, err
	}
	session := registry.Acquire()
	defer registry.Release(session)
	var query *engine.Query
	var c counter
	for _, tracer := range []*counter{{}, &c} {
		query = e.RuleOn(query, p.Rule)
		if err := ask(p, query, session, tracer); err != nil {
			return Counts{}, err
		}
		query.Clear()
	}
	return c.Counts, nil
}

// ask runs the query of a problem as far as the problem wants it.
func ask(p *Problem, query *engine.Query, session *host.Session, tracer wam.Tracer) error {
	for _, arg := range p.Args {
		if v, ok := arg.(Variable); ok {
			arg = types.Variable(v)
		}
		v, err := session.Value(arg)
		if err == nil {
			err = query.Arg(v)
		}
		if err != nil {
			return err
		}
	}
	query.Start(context.Background(), session, engine.Options{Tracer: tracer, Limits: engine.Limits{Depth: depth}})
	take := p.Take
	if p.Read == "" || p.Decided {
		take = 1
	}
	for results := 1; ; results++ {
		found, err := query.Next()
		if err != nil || !found || results == take {
			return err
		}
	}
}
