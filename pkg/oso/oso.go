package oso

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"time"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Oso holds a policy and what is registered for it. NewOso and New make one; the zero Oso returns errors.
type Oso struct {
	core *core

	readAction     interface{}
	forbiddenError func() error
	notFoundError  func() error
}

// Host gives adapters and tools access to what is registered.
type Host = host.Host

// Polar is kept for programs that mention it.
type Polar struct{ _ struct{} }

// core is what all copies of an Oso share. It is safe for concurrent use.
type core struct {
	engine   *engine.Engine
	registry *host.Registry
	host     *host.Host

	limits         engine.Limits
	hostConfig     host.Config
	fsys           fs.FS
	handler        func(Message)
	noAllowWarning bool
	propagate      bool
	decided        []func(context.Context, Outcome)
	tracers        tracers
	debugger       Debugger
	undebugged     sync.Once    // the warning about debug() without a debugger
	without        wam.Features // optimisations left out
	resolver       Resolver
	resolved       selection // what the resolver is asked for

	options engine.Options // of every query
	setup   *engine.Setup  // the same

	mu      sync.Mutex
	sources []*diag.Source // of the loaded policy
}

// errZero is what every method of a zero Oso returns.
var errZero = errors.New("this Oso is not usable: make one with NewOso or New")

// NewOso returns an Oso with an empty policy. It reads the environment: POLAR_TIMEOUT_MS, POLAR_IGNORE_NO_ALLOW_WARNING
// and POLAR_LOG.
func NewOso() (Oso, error) {
	c := newCore(environment())
	return Oso{core: c, readAction: "read"}, nil
}

// New returns an Oso with an empty policy and options. It does not read the environment.
func New(opts ...Option) (*Oso, error) {
	return &Oso{core: newCore(opts), readAction: "read"}, nil
}

func newCore(opts []Option) *core {
	c := &core{handler: defaultHandler}
	for _, set := range opts {
		if set != nil {
			set(c)
		}
	}
	c.hostConfig.Timeout, c.hostConfig.Resolved = c.timeout(), c.resolver != nil
	c.registry = host.NewRegistry(c.hostConfig, func() { c.engine.SetRegistry(c.registry.Engine) })
	c.engine = engine.New(c.registry.Engine())
	c.host = host.NewHost(c.registry)
	c.options = engine.Options{Limits: c.limits, Print: c.print, Tracer: c.tracers.tracer(), Without: c.without, Debug: c.debugReached}
	c.setup = c.options.Setup()
	return c
}

// timeout returns the wall time a query may take, 0 for any.
func (c *core) timeout() time.Duration {
	switch t := c.limits.Timeout; {
	case t == 0:
		return defaultTimeout
	case t < 0:
		return 0
	default:
		return t
	}
}

// ready is an error for a zero Oso.
func (o Oso) ready() (*core, error) { return o.core.ready() }

// ready is that of an Oso, which need not be copied for it.
func (c *core) ready() (*core, error) {
	if c == nil {
		return nil, errZero
	}
	return c, nil
}

// GetHost returns the registry, for data filtering adapters. It is nil for a zero Oso.
func (o *Oso) GetHost() *Host {
	if o == nil || o.core == nil {
		return nil
	}
	return o.core.host
}

// SetReadAction sets the action that Authorize tries to tell a forbidden resource from one that the actor may not know of.
// The default is "read". Copies made before do not see it.
func (o *Oso) SetReadAction(readAction interface{}) { o.readAction = readAction }

// SetForbiddenError sets what makes the error of a forbidden request, once for each. A nil error from it means the default,
// *errors.ForbiddenError.
func (o *Oso) SetForbiddenError(f func() error) { o.forbiddenError = f }

// SetNotFoundError sets what makes the error of a request for a resource that the actor may not know of. A nil error from it
// means the default, *errors.NotFoundError.
func (o *Oso) SetNotFoundError(f func() error) { o.notFoundError = f }

// SetDataFilteringAdapter sets the adapter for all copies of the Oso; nil removes it.
func (o Oso) SetDataFilteringAdapter(adapter types.Adapter) {
	if o.core != nil {
		o.core.host.SetDataFilteringAdapter(adapter)
	}
}
