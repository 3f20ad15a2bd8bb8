package oso

import (
	"context"

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
	c, err := o.ready()
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
	c, err := o.ready()
	if err != nil {
		return false, err
	}
	return c.once(ctx, name, args...)
}

// once runs a rule query to its first result. Everything it uses comes from pools and goes back there; should a bug
// panic on the way, it is left to the garbage collector.
func (c *core) once(ctx context.Context, name string, args ...any) (bool, error) {
	s := c.registry.Acquire()
	q := c.engine.Rule(name)
	err := addArgs(s, q, args)
	found := false
	if err == nil {
		q.Start(orBackground(ctx), c.hostOf(s), c.options)
		found, err = q.Next()
		if found && err == nil && s.Open() && q.Constrained() {
			err = checkBindings(s, q)
		}
	}
	if err != nil {
		err = c.publicIn(s, err)
		found = false
	}
	q.Close()
	c.registry.Release(s)
	c.repanic(err)
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
