package oso

import (
	"context"
	"time"

	"github.com/goso-project/goso/internal/explain"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Decision is an answer with its reasons. Its String is a tree to read, its JSON one for programs.
type Decision = types.Decision

// Explain answers like IsAllowed, and says why: for a grant by which rules, with their places and parameters; for a denial, for each rule
// that was tried, the condition that failed after the most progress. On an error there is no Decision.
//
// It shows values of the actor, the action, the resource and what the policy passes on, private fields included: what it returns is as
// confidential as they are. The question is asked as always, decision hooks included, but every step of it is followed, which takes
// some hundred times as long as IsAllowed. It may be called by many goroutines at once.
func (o Oso) Explain(actor, action, resource interface{}) (*Decision, error) {
	return o.ExplainContext(context.Background(), actor, action, resource)
}

// ExplainContext is Explain for a query that ends with ctx.
func (o Oso) ExplainContext(ctx context.Context, actor, action, resource interface{}) (*Decision, error) {
	c, err := o.ready()
	if err != nil {
		return nil, err
	}
	ctx = orBackground(ctx)
	began := time.Now()
	args := []any{actor, action, resource}
	d, err := c.explain(ctx, "allow", args)
	c.tell(ctx, Outcome{Rule: "allow", Args: args, Allowed: d != nil && d.Allowed, Err: err, Took: time.Since(began)})
	c.repanic(err)
	return d, err
}

// explain is ask with a collector of reasons.
func (c *core) explain(ctx context.Context, rule string, args []any) (*Decision, error) {
	s := c.registry.Acquire()
	defer c.registry.Release(s)
	q := c.engine.Rule(rule)
	defer q.Close()
	if err := addArgs(s, q, args); err != nil {
		return nil, c.publicIn(s, err)
	}
	reasons := &explain.Collector{}
	options := c.optionsOf(q)
	options.Tracer = tracers{reasons.Trace}.and(options.Tracer)
	options.Without |= wam.Scans | wam.Guards // conditions are tested, and told, one by one
	q.Start(ctx, c.hostOf(s), options)
	found, err := q.Next()
	if found && err == nil && s.Open() && q.Constrained() {
		err = checkBindings(s, q)
	}
	if err != nil {
		return nil, c.publicIn(s, err)
	}
	return reasons.Decision(found, q.Policy().Rules(), s.Describe), nil
}
