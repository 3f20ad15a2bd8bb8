package conformance

import (
	"context"
	"errors"
	"fmt"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// Prepared is a case whose policy is loaded, so that its query can be asked again and again on one engine, as programs do. It is
// safe for concurrent use.
type Prepared struct {
	c      *Case
	host   *host
	engine *engine.Engine
	limits engine.Limits
}

// ErrNoQuery is what Prepare returns for a case that has no query, or whose policy does not load.
var ErrNoQuery = errors.New("the case has no query that could be asked")

// Prepare loads the policy of a case and runs its inline queries.
func Prepare(ctx context.Context, c *Case, limits engine.Limits) (*Prepared, error) {
	h, err := newHost(c.Classes)
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", c.ID, err)
	}
	sources, err := c.Sources()
	if err != nil {
		return nil, err
	}
	r := &runner{host: h, engine: engine.New(h.reg), opts: engine.Options{Limits: limits}}
	if c.Query == nil || r.load(ctx, c, sources) != nil {
		return nil, ErrNoQuery
	}
	return &Prepared{c, h, r.engine, limits}, nil
}

// PrepareRoles is Prepare for a case about the built-in roles.
func PrepareRoles(ctx context.Context, c *RolesCase, limits engine.Limits) (*Prepared, error) {
	h, err := newHost(c.Classes)
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", c.ID, err)
	}
	r := &runner{host: h, engine: engine.New(h.reg), opts: engine.Options{Limits: limits}}
	if enabled, err := r.enable(ctx, c, true); err != nil || enabled != "ok" || c.Query == nil {
		return nil, errors.Join(err, ErrNoQuery)
	}
	return &Prepared{&c.Case, h, r.engine, limits}, nil
}

// Manner is how a query runs. No answer depends on it.
type Manner struct {
	Later   bool         // the host answers each question later
	Without wam.Features // optimisations left out
}

// Ask asks the query of the case. Wrap puts a host in front of the one behind the cases; it may be nil. The answer goes to into,
// also when a host that ends the goroutine ends Ask with it.
func (p *Prepared) Ask(ctx context.Context, into *Answer, m Manner, wrap func(engine.Host) engine.Host) {
	var h engine.Host = p.host
	if wrap != nil {
		h = wrap(h)
	}
	r := &runner{host: p.host, front: h, engine: p.engine, deferred: m.Later, opts: engine.Options{Limits: p.limits, Without: m.Without}}
	r.opts.Print = r.print
	r.answer.Results = []map[string]string{}
	defer func() {
		into.Results, into.Truncated, into.Messages = r.answer.Results, r.answer.Truncated, r.answer.Messages
	}()
	if err := r.query(ctx, p.c); err != nil {
		into.Error = failure(err)
		if _, ok := errors.AsType[*diag.Error](err); !ok {
			into.Error.Detail = err.Error()
		}
	}
}
