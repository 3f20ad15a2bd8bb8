package oso

import (
	"context"
	stderrors "errors"

	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/pkg/oso/errors"
)

// maxBacklog is how many results the channel methods keep for a reader that reads the errors first. A query that has more waits for
// its reader.
const maxBacklog = 100_000

// QueryStr runs a query text. Results arrive on the first channel as they are found, at most one error on the second; then
// both are closed. Who stops reading early leaves a goroutine behind: use QueryStrContext, or Query.All.
func (o Oso) QueryStr(q string) (<-chan map[string]interface{}, <-chan error) {
	return o.QueryStrContext(context.Background(), q)
}

// QueryStrContext is QueryStr for a query that ends with ctx, also while it waits for its reader.
func (o Oso) QueryStrContext(ctx context.Context, q string) (<-chan map[string]interface{}, <-chan error) {
	query, err := o.NewQueryFromStrContext(ctx, q)
	return stream(ctx, query, err)
}

// QueryRule calls a rule; see QueryStr for the channels and NewQueryFromRule for the arguments.
func (o Oso) QueryRule(name string, args ...interface{}) (<-chan map[string]interface{}, <-chan error) {
	return o.QueryRuleContext(context.Background(), name, args...)
}

// QueryRuleContext is QueryRule for a query that ends with ctx, also while it waits for its reader.
func (o Oso) QueryRuleContext(ctx context.Context, name string, args ...interface{}) (<-chan map[string]interface{}, <-chan error) {
	query, err := o.NewQueryFromRuleContext(ctx, name, args...)
	return stream(ctx, query, err)
}

func stream(ctx context.Context, query *Query, err error) (<-chan map[string]any, <-chan error) {
	p := &producer{ctx: orBackground(ctx), query: query, results: make(chan map[string]any, 1), errs: make(chan error, 1)}
	if err != nil {
		p.errs <- err
		close(p.errs)
		close(p.results)
	} else {
		go p.run()
	}
	return p.results, p.errs
}

// producer sends the results of a query.
type producer struct {
	ctx     context.Context
	query   *Query
	results chan map[string]any
	errs    chan error
	backlog []map[string]any // found, but the channel was full
}

var errGoexit = stderrors.New("runtime.Goexit was called")

// run evaluates to the end without waiting for the reader, so that reading the errors first cannot block; then it delivers
// what the reader has not taken.
func (p *producer) run() {
	err := applicationExit
	defer func() {
		if err != nil {
			p.errs <- err
		}
		close(p.errs)
		p.deliver()
		close(p.results)
	}()
	for {
		var result map[string]any
		var e error
		// Whoever watches the query, such as a tracer, may panic; here there is no caller to whom that could go.
		if panicked := host.Guard(func() { result, e = p.query.next() }); panicked != nil {
			err = panicked
			return
		}
		if result == nil {
			err = e
			return
		}
		if !p.send(result) {
			p.query.Cleanup()
			err = p.ctx.Err()
			return
		}
	}
}

// applicationExit is the error of a query whose goroutine was ended by application code.
var applicationExit error = &errors.HostPanicError{Value: errGoexit}

// send delivers a result, or keeps it when the reader is behind. It is false when the context has ended while it waited.
func (p *producer) send(result map[string]any) bool {
	for len(p.backlog) > 0 {
		select {
		case p.results <- p.backlog[0]:
			p.backlog = p.backlog[1:]
			continue
		default:
		}
		break
	}
	if len(p.backlog) == 0 {
		select {
		case p.results <- result:
			return true
		default:
		}
	}
	p.backlog = append(p.backlog, result)
	if len(p.backlog) < maxBacklog {
		return true
	}
	select {
	case p.results <- p.backlog[0]:
		p.backlog = p.backlog[1:]
		return true
	case <-p.ctx.Done():
		return false
	}
}

func (p *producer) deliver() {
	for _, result := range p.backlog {
		select {
		case p.results <- result:
		case <-p.ctx.Done():
			return
		}
	}
}
