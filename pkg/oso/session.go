package oso

import (
	"context"

	"github.com/goso-project/goso/internal/engine"
)

// Session is a query whose questions about application objects its program answers itself, at once or much later, on this
// goroutine or another. Nothing runs between two calls of Step. It is for one goroutine at a time and belongs closed.
//
// A Session asks everything, whatever WithResolver selects; Question.Pass leaves an answer to the Oso.
type Session struct {
	query *Query
	host  *asking
}

// Step is what a Session came to: a question, or a result, which is the query's variables and their values. Both are nil when
// there are no more results.
type Step struct {
	Question *Question
	Result   map[string]any
}

// NewSession makes a Session that calls one rule; see NewQueryFromRule. It ends with ctx.
func (o Oso) NewSession(ctx context.Context, rule string, args ...interface{}) (*Session, error) {
	q, err := o.NewQueryFromRuleContext(ctx, rule, args...)
	return newSession(q, nil, err)
}

// NewSessionFromStr makes a Session of a query text; see NewQueryFromStr. It ends with ctx.
func (o Oso) NewSessionFromStr(ctx context.Context, query string) (*Session, error) {
	q, err := o.NewQueryFromStrContext(ctx, query)
	return newSession(q, nil, err)
}

func newSession(q *Query, selected selection, err error) (*Session, error) {
	if err == nil {
		err = q.run()
	}
	if err != nil {
		return nil, err
	}
	a := &asking{session: q.session, selected: selected}
	q.host = a.host()
	return &Session{query: q, host: a}, nil
}

// Step runs the query up to its next question, its next result or its end. The question before must have been answered.
// After an error it returns that error again, after the end and after Close the empty Step.
func (s *Session) Step() (Step, error) {
	step, err := s.step()
	s.query.propagate(err)
	return step, err
}

// step is Step without propagation of panics.
func (s *Session) step() (Step, error) {
	if q := s.query; s.host.open != nil && q.query != nil && !q.running {
		q.settle(s.host)
	}
	result, err := s.query.next()
	if err == engine.ErrPending {
		return Step{Question: s.host.open}, nil
	}
	return Step{Result: result}, err
}

// settle gives the query the answer to the question that an application was asked, which may run its code.
func (q *Query) settle(a *asking) {
	q.running = true
	defer q.leave()
	a.settle(q.ctx, q.query)
	q.running = false
}

// Close releases the session; answers given afterwards are ignored. It may be called more than once.
func (s *Session) Close() { s.query.Cleanup() }
