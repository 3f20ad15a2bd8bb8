package oso

import (
	"context"
	"slices"
	"time"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
)

// IsAllowed reports whether the rule allow admits an actor, action and resource. A policy without any rule of that name is
// an error, as is everything else that keeps the question from being answered; then the answer is false.
func (o Oso) IsAllowed(actor, action, resource interface{}) (bool, error) {
	return o.IsAllowedContext(context.Background(), actor, action, resource)
}

// IsAllowedContext is IsAllowed for a query that ends with ctx.
func (o Oso) IsAllowedContext(ctx context.Context, actor, action, resource interface{}) (bool, error) {
	c, err := o.core.ready()
	if err != nil {
		return false, err
	}
	return c.once(ctx, "allow", actor, action, resource)
}

// QueryRuleOnce reports whether calling a rule has a result. It stops at the first.
func (o Oso) QueryRuleOnce(name string, args ...interface{}) (bool, error) {
	return o.QueryRuleOnceContext(context.Background(), name, args...)
}

// QueryRuleOnceContext is QueryRuleOnce for a query that ends with ctx.
func (o Oso) QueryRuleOnceContext(ctx context.Context, name string, args ...interface{}) (bool, error) {
	c, err := o.core.ready()
	if err != nil {
		return false, err
	}
	return c.once(ctx, name, args...)
}

// once asks a rule and tells those who want to know the outcome. What they get are copies, so that the arguments of a question
// that nobody observes need no memory of their own.
func (c *core) once(ctx context.Context, name string, args ...any) (bool, error) {
	var began time.Time
	if len(c.decided) > 0 {
		began = time.Now()
	}
	allowed, err := c.ask(ctx, name, args)
	if len(c.decided) > 0 {
		c.tell(orBackground(ctx), Outcome{Rule: name, Args: slices.Clone(args), Allowed: allowed, Err: err, Took: time.Since(began)})
	}
	c.repanic(err)
	return allowed, err
}

// ask runs a rule query to its first result. Everything it uses comes from pools and goes back there; should a bug
// panic on the way, it is left to the garbage collector.
func (c *core) ask(ctx context.Context, name string, args []any) (bool, error) {
	var call engine.Call
	if engine.Decidable(args) && c.debugger == nil {
		var holds, known bool
		if holds, known, call = c.engine.Decide(orBackground(ctx), c.setup, name, args); known {
			return holds, nil
		}
	}
	s := c.registry.Acquire()
	q := c.engine.CallOn(s.Query(), name, call)
	err := addArgs(s, q, args)
	found := false
	if err == nil {
		q.StartWith(orBackground(ctx), c.hostOf(s), c.setupOf(q))
		found, err = q.Next()
		if found && err == nil && s.Open() && q.Constrained() {
			err = checkBindings(s, q)
		}
	}
	if err != nil {
		err = c.publicIn(s, err)
		found = false
	}
	if q.Clear() {
		s.Keep(q)
	}
	c.registry.Release(s)
	return found, err
}

// checkBindings refuses a result whose variables are only constrained.
func checkBindings(s *host.Session, q *engine.Query) error {
	bindings, err := q.Bindings()
	for _, b := range bindings {
		if err == nil {
			_, err = s.Go(b.Value, false)
		}
	}
	return err
}
