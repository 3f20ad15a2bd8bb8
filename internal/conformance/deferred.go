package conformance

import (
	"context"
	"errors"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// RunDeferred is Run with a host that answers none of the query's questions at once: each suspends the query and is answered
// later. No answer may depend on that.
func RunDeferred(ctx context.Context, c *Case, limits engine.Limits) (Answer, error) {
	return run(ctx, c, limits, variant{deferred: true})
}

// deferring is a host that works out every answer at once but gives it later.
type deferring struct {
	engine.Host
	answer engine.Answer
}

func (d *deferring) later(a engine.Answer) error {
	d.answer = a
	return engine.ErrPending
}

// next advances a query, and answers it as long as it waits.
func (d *deferring) next(q *engine.Query) (bool, error) {
	for {
		more, err := q.Next()
		if err != engine.ErrPending {
			return more, err
		}
		q.Answer(d.answer)
	}
}

// Lookup defers an answer; so do all the following.
func (d *deferring) Lookup(ctx context.Context, receiver wam.Value, name string) (wam.Value, error) {
	v, err := d.Host.Lookup(ctx, receiver, name)
	return wam.Value{}, d.later(engine.Answer{Value: v, Err: err})
}

func (d *deferring) Call(ctx context.Context, receiver wam.Value, method string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	v, err := d.Host.Call(ctx, receiver, method, args, kwargs)
	return wam.Value{}, d.later(engine.Answer{Value: v, Err: err})
}

func (d *deferring) New(ctx context.Context, class string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	v, err := d.Host.New(ctx, class, args, kwargs)
	return wam.Value{}, d.later(engine.Answer{Value: v, Err: err})
}

func (d *deferring) Isa(ctx context.Context, v wam.Value, class string) (bool, error) {
	yes, err := d.Host.Isa(ctx, v, class)
	return false, d.later(engine.Answer{Yes: yes, Err: err})
}

func (d *deferring) IsaWithPath(ctx context.Context, base string, path []string, class string) (bool, error) {
	yes, err := d.Host.IsaWithPath(ctx, base, path, class)
	return false, d.later(engine.Answer{Yes: yes, Err: err})
}

func (d *deferring) Compare(ctx context.Context, op string, left, right wam.Value) (bool, error) {
	yes, err := d.Host.Compare(ctx, op, left, right)
	return false, d.later(engine.Answer{Yes: yes, Err: err})
}

func (d *deferring) Iterate(ctx context.Context, v wam.Value) (engine.Iterator, error) {
	it, err := d.Host.Iterate(ctx, v)
	if it != nil {
		it = &deferredElements{it, d}
	}
	return nil, d.later(engine.Answer{Iterator: it, Err: err})
}

// deferredElements is an iterator that gives each element later.
type deferredElements struct {
	engine.Iterator
	host *deferring
}

func (it *deferredElements) Next(ctx context.Context) (wam.Value, bool, error) {
	v, more, err := it.Iterator.Next(ctx)
	switch {
	case !more:
		v = wam.Value{}
	case v.Kind == wam.KindNone && err == nil: // would mean that there are no more
		err = errors.New("an element without a value")
	}
	return wam.Value{}, false, it.host.later(engine.Answer{Value: v, Err: err})
}
