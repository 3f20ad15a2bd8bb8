package oso

import (
	"context"
	stderrors "errors"
	"iter"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Query is a query under way. It is for one goroutine at a time. When it is not read to its end, Cleanup releases it.
type Query struct {
	core    *core
	ctx     context.Context
	session *host.Session
	host    engine.Host // the session, or who is asked before it
	query   *engine.Query
	facts   *factQuery // its results have been found already
	accept  bool
	started bool
	running bool  // it is at work; still so if the goroutine ended or panicked in it
	closing bool  // Cleanup was called while it was at work
	err     error // what every Next returns after an error

	first map[string]any // what the first Next returned a pointer to; the others need memory of their own
}

// NewQueryFromStr parses a query text. Parse errors are returned here, all others by Next.
func (o Oso) NewQueryFromStr(q string) (*Query, error) {
	return o.NewQueryFromStrContext(context.Background(), q)
}

// NewQueryFromStrContext is NewQueryFromStr for a query that ends with ctx.
func (o Oso) NewQueryFromStrContext(ctx context.Context, q string) (*Query, error) {
	c, err := o.ready()
	if err != nil {
		return nil, err
	}
	s := c.registry.Acquire()
	eq, err := c.engine.Query(q)
	if err != nil {
		c.registry.Release(s)
		return nil, c.public(err)
	}
	return c.newQuery(ctx, s, eq), nil
}

// NewQueryFromRule makes a query that calls one rule. Every types.Variable among the arguments, also inside lists and maps,
// appears in the results. Arguments that cannot be converted are an error here, an undefined rule is one of Next.
func (o Oso) NewQueryFromRule(name string, args ...interface{}) (*Query, error) {
	return o.NewQueryFromRuleContext(context.Background(), name, args...)
}

// NewQueryFromRuleContext is NewQueryFromRule for a query that ends with ctx.
func (o Oso) NewQueryFromRuleContext(ctx context.Context, name string, args ...interface{}) (*Query, error) {
	c, err := o.ready()
	if err != nil {
		return nil, err
	}
	if q := c.findFacts(ctx, name, args); q != nil {
		return q, nil
	}
	return c.ruleQuery(ctx, name, args)
}

// ruleQuery is NewQueryFromRuleContext for a query that runs.
func (c *core) ruleQuery(ctx context.Context, name string, args []any) (*Query, error) {
	s := c.registry.Acquire()
	eq := c.engine.Rule(name)
	if err := addArgs(s, eq, args); err != nil {
		eq.Close()
		c.registry.Release(s)
		return nil, c.public(err)
	}
	return c.newQuery(ctx, s, eq), nil
}

func addArgs(s *host.Session, q *engine.Query, args []any) error {
	for i, arg := range args {
		// What nearly all arguments are takes a short way.
		if text, ok := arg.(string); ok && q.ArgText(text) {
			continue
		}
		if shape := s.ShapeOf(arg, i); shape != 0 {
			q.ArgInstance(arg, shape)
			continue
		}
		v, err := s.Value(arg)
		if err == nil {
			err = q.Arg(v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *core) newQuery(ctx context.Context, s *host.Session, q *engine.Query) *Query {
	return &Query{core: c, ctx: orBackground(ctx), session: s, host: c.hostOf(s), query: q, accept: c.host.AcceptsExpressions()}
}

// orBackground lets a nil context pass for none.
func orBackground(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}

var errFinished = stderrors.New("query has already finished")

// Next returns the next result: the query's variables and their values, a fresh map. After the last one, and after
// Cleanup, it returns nil, nil; after an error, that error again.
func (q *Query) Next() (*map[string]interface{}, error) {
	if q == nil {
		return nil, errFinished
	}
	result, err := q.next()
	q.propagate(err)
	switch {
	case result == nil:
		return nil, err
	case q.first == nil:
		q.first = result
		return &q.first, nil
	}
	return another(result), nil
}

func another(result map[string]any) *map[string]any { return &result }

// propagate panics with the value of a panic of application code, if the options ask for that.
func (q *Query) propagate(err error) {
	if q.core != nil {
		q.core.repanic(err)
	}
}

func (c *core) repanic(err error) {
	if !c.propagate || err == nil {
		return
	}
	if p, ok := stderrors.AsType[*errors.HostPanicError](err); ok {
		panic(p.Value)
	}
}

// next is Next without propagation; the result is nil at the end and after an error.
func (q *Query) next() (map[string]any, error) {
	if q.facts != nil && !q.foundAll() {
		return q.facts.next(), nil
	}
	switch {
	case q.query == nil:
		return nil, q.err
	case q.running:
		return nil, errRunning
	}
	result, err := q.worked()
	if q.closing {
		q.release()
		q.closing, q.err = false, errClosed
		return nil, q.err
	}
	return result, err
}

var (
	errRunning = stderrors.New("a query was asked for a result by code that it runs itself")
	errClosed  = stderrors.New("a query was closed by code that it runs itself")
	errLeft    = stderrors.New("the query was given up: its goroutine ended while it asked the application")
)

// worked is advance, which may run code of the application.
func (q *Query) worked() (result map[string]any, err error) {
	if q.closing {
		return nil, nil
	}
	q.running = true
	defer q.leave()
	result, err = q.advance()
	q.running = false
	return result, err
}

// leave gives the query up if the work does not return. What the session used is left to the garbage collector.
func (q *Query) leave() {
	if !q.running {
		return
	}
	query := q.query
	q.running, q.query, q.session, q.host, q.err = false, nil, nil, nil, errLeft
	if query != nil {
		query.Close()
	}
}

func (q *Query) advance() (map[string]any, error) {
	if !q.started {
		q.started = true
		q.query.StartWith(q.ctx, q.host, q.core.setupOf(q.query))
	}
	ok, err := q.query.Next()
	if err == engine.ErrPending { // in a Session
		return nil, err
	}
	if err != nil {
		q.err = q.core.publicIn(q.session, err)
	}
	var result map[string]any
	if ok && err == nil {
		if result, err = q.result(); err == nil {
			return result, nil
		}
		q.err = q.core.publicIn(q.session, err)
	}
	q.release()
	return nil, q.err
}

func (q *Query) result() (map[string]any, error) {
	bindings, err := q.query.Bindings()
	if err != nil {
		return nil, err
	}
	result := make(map[string]any, len(bindings))
	for _, b := range bindings {
		if result[b.Name], err = q.session.Go(b.Value, q.accept); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// GetAllResults returns all remaining results, an empty slice when there are none. On an error it returns no results.
func (q *Query) GetAllResults() ([]map[string]interface{}, error) {
	results := []map[string]interface{}{}
	for {
		r, err := q.Next()
		if err != nil {
			return nil, err
		}
		if r == nil {
			return results, nil
		}
		results = append(results, *r)
	}
}

// All returns the remaining results for a range loop. Leaving the loop releases the query; an error is the last element.
func (q *Query) All() iter.Seq2[map[string]any, error] {
	return func(yield func(map[string]any, error) bool) {
		if q == nil {
			yield(nil, errFinished)
			return
		}
		defer q.Cleanup()
		for {
			r, err := q.Next()
			if err != nil {
				yield(nil, err)
				return
			}
			if r == nil || !yield(*r, nil) {
				return
			}
		}
	}
}

// Cleanup releases the query. Next does so itself at the end and after an error. It may be called more than once. Called by code
// that the query runs itself it ends the query with an error.
func (q *Query) Cleanup() {
	switch {
	case q == nil:
	case q.query == nil:
		q.facts = nil
	case q.running:
		q.closing = true
	default:
		q.release()
	}
}

func (q *Query) release() {
	if q.query == nil {
		return
	}
	query, session := q.query, q.session
	q.query, q.session, q.host = nil, nil, nil
	query.Close()
	q.core.registry.Release(session)
}

// SetAcceptExpression sets whether results may hold constraints on variables, as types.Expression. Otherwise, which is the
// default, such a result is an *errors.UnexpectedExpressionError. It holds for results not yet fetched.
func (q *Query) SetAcceptExpression(accept bool) {
	if q != nil {
		q.accept = accept
	}
}

// Bind gives a variable of the query a value before the first Next.
func (q *Query) Bind(name string, value *types.Term) error {
	switch {
	case q == nil || q.query == nil && q.facts == nil:
		return errFinished
	case q.started:
		return stderrors.New("a query cannot be bound after its first result was asked for")
	case value == nil:
		return stderrors.New("cannot bind " + name + " to no value")
	}
	v, err := host.FromTerm(q.core.host, *value)
	if err != nil {
		return err
	}
	if err := q.run(); err != nil {
		return err
	}
	return q.core.public(q.query.Bind(name, v))
}
