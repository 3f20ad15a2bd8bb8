package explain

import (
	"slices"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/wam"
)

// Collector is told the steps of one rule query, up to its first result. The zero Collector is ready.
type Collector struct {
	root  *call
	path  []*call
	full  bool // some calls were not kept
	found bool
}

// call is a condition that calls a rule.
type call struct {
	number, depth int
	pc            int
	span          diag.Span
	name          string
	args          []wam.Value
	cells         []wam.Cell
	in            *try // the rule whose condition this is; nil for the question
	tries         []*try
	dropped       int // tries that are not kept
}

// try is a rule that was entered for a call.
type try struct {
	index    int     // which rule of the call's name
	body     int     // the address of its first condition
	steps    []*call // met, or under way
	furthest *failure
}

// failure is a condition that was not met.
type failure struct {
	pc    int
	span  diag.Span
	call  *call   // what it called; nil for a condition that calls no rule
	inner []*call // what was met inside of it: it is a negation
	reach int     // calls from here to what failed
}

// Bounds of what is kept: rules of one call, and calls under way. A call takes some 300 bytes.
const (
	maxTries = 50
	maxPath  = 100_000
)

// Trace takes note of a step.
func (c *Collector) Trace(ev wam.TraceEvent) {
	switch ev.Kind {
	case wam.TraceCall:
		c.call(&ev)
	case wam.TraceEnter:
		c.enter(&ev)
	case wam.TraceFail:
		c.fail(&ev)
	case wam.TraceResult:
		c.found = true
		for _, x := range c.path {
			x.read(&ev)
		}
	}
}

func (c *Collector) call(ev *wam.TraceEvent) {
	if len(c.path) >= maxPath {
		c.full = true
		return
	}
	x := &call{number: ev.Call, depth: ev.Depth, pc: ev.PC, span: ev.Span, name: ev.Name, cells: slices.Clone(ev.Args())}
	x.read(ev)
	if parent := c.at(ev.Depth - 1); parent != nil && len(parent.tries) > 0 {
		x.in = parent.last()
		x.in.steps = append(x.in.steps, x)
	}
	if c.root == nil {
		c.root = x
	}
	c.path = append(c.path, x)
}

// read takes the arguments as they are now.
func (x *call) read(ev *wam.TraceEvent) {
	x.args = x.args[:0]
	for _, cell := range x.cells {
		x.args = append(x.args, ev.Glimpse(cell))
	}
}

func (x *call) last() *try { return x.tries[len(x.tries)-1] }

// at returns the newest call of a depth, nil if there is none.
func (c *Collector) at(depth int) *call {
	for i := len(c.path) - 1; i >= 0; i-- {
		if c.path[i].depth <= depth {
			if c.path[i].depth == depth {
				return c.path[i]
			}
			return nil
		}
	}
	return nil
}

func (c *Collector) enter(ev *wam.TraceEvent) {
	x := c.at(ev.Depth)
	if x == nil {
		return
	}
	if len(x.tries) == maxTries { // keep room for the rule that may be the one
		x.tries = x.tries[:maxTries-1]
		x.dropped++
	}
	x.tries = append(x.tries, &try{index: ev.Index, body: ev.Body})
}

// fail notes what failed, and undoes the calls that do not stay.
func (c *Collector) fail(ev *wam.TraceEvent) {
	if x := c.at(ev.Depth); x != nil && len(x.tries) > 0 {
		if t := x.last(); ev.PC >= t.body && ev.Span.IsValid() {
			f := &failure{pc: ev.PC, span: ev.Span}
			if t.failed(f) {
				for _, s := range t.steps {
					if s.pc < ev.PC && within(s.span, ev.Span) {
						f.inner = append(f.inner, s.met(0))
					}
				}
			}
		}
	}
	for len(c.path) > 0 {
		x := c.path[len(c.path)-1]
		if x.number <= ev.Call {
			return
		}
		c.path = c.path[:len(c.path)-1]
		if x.in == nil {
			continue
		}
		x.in.steps = slices.DeleteFunc(x.in.steps, func(s *call) bool { return s == x })
		f := &failure{pc: x.pc, span: x.span, call: x, reach: 1}
		for _, t := range x.tries {
			if t.furthest != nil {
				f.reach = max(f.reach, 1+t.furthest.reach)
			}
		}
		x.in.failed(f)
	}
}

// met returns a call as it is met now: what follows may undo it.
func (x *call) met(depth int) *call {
	y := *x
	if len(x.tries) == 0 || depth > maxDepth {
		return &y
	}
	t := &try{index: x.last().index}
	for _, s := range x.last().steps {
		t.steps = append(t.steps, s.met(depth+1))
	}
	y.tries = []*try{t}
	return &y
}

// failed keeps the failure that came after the most progress, and reports whether that is the new one.
func (t *try) failed(f *failure) bool {
	old := t.furthest
	further := old == nil || f.pc > old.pc || f.pc == old.pc && f.reach > old.reach
	if further {
		t.furthest = f
	}
	return further
}

// within reports whether a place is inside of another, or the same.
func within(inner, outer diag.Span) bool {
	return inner.IsValid() && inner.Source == outer.Source && inner.Start >= outer.Start && inner.End <= outer.End
}
