package bench

import "github.com/goso-project/goso/pkg/oso"

// Counts are what a question makes the engine do. They are the same on every machine and at every time, unlike times.
type Counts struct {
	Calls    int // rules called
	Clauses  int // rules entered: their heads matched, or were about to be matched
	Choices  int // choice points made
	Requests int // what the host was asked
}

// Total is the work of a question in one number.
func (c Counts) Total() int { return c.Calls + c.Clauses + c.Choices + c.Requests }

// Count asks a problem's question once and counts. A choice point is counted when a step has more alternatives than the step before.
func Count(p *Problem) (Counts, error) {
	var c Counts
	before := 0
	trace := func(ev oso.TraceEvent) {
		switch ev.Kind {
		case oso.TraceCall:
			c.Calls++
		case oso.TraceEnter:
			c.Clauses++
		case oso.TraceLookup:
			c.Requests++
		}
		c.Choices += max(0, ev.Choices-before)
		before = ev.Choices
	}
	q, err := NewQuestion(p, oso.WithTracer(trace))
	if err != nil {
		return c, err
	}
	if p.Load {
		return c, nil
	}
	return c, q.Run(1)
}
