package engine

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/parser"
	"github.com/goso-project/goso/internal/rewrite"
	"github.com/goso-project/goso/internal/wam"
)

// Engine holds a policy and a registry, compiled to one immutable snapshot. All methods are safe for concurrent use; a
// query keeps the snapshot it began with.
type Engine struct {
	mu       sync.Mutex // held by what replaces the state
	state    atomic.Pointer[state]
	renewing sync.Mutex // held while the policy is compiled for a newer registry; taken before mu
	queries  sync.Pool
	shops    *sync.Pool // of *workshop; an engine and its forks share them
}

// Limits bound a query. A zero field means its default; a negative one no bound.
type Limits struct {
	Depth      int           // logical call depth; default 1,000,000
	HeapCells  int           // cells of 8 bytes; default 32 Mi
	StackWords int           // words of each stack; default 8 Mi
	Steps      int           // calls; default none
	Timeout    time.Duration // wall time; default 30 s
}

// Options change how a query runs.
type Options struct {
	Limits Limits
	// Print receives the text of print(...); nil drops it.
	Print func(text string)
	// Without leaves out optimisations, for tests: no answer depends on them.
	Without wam.Features
	// Debug is told where debug() is reached; nil for nobody.
	Debug func(diag.Span)
	// Tracer sees the steps of the query; nil for none.
	Tracer wam.Tracer
}

// Setup is what queries need of Options, worked out once. Any number of queries may share it.
type Setup struct {
	settings wam.Settings
	print    func(text string)
	debug    func(diag.Span)
}

// Setup works out what queries need of options.
func (o Options) Setup() *Setup {
	return &Setup{
		settings: wam.Settings{Limits: o.Limits.machine(), Trace: o.Tracer, Without: o.Without},
		print:    o.Print, debug: o.Debug,
	}
}

// defaultSetup is that of a query that nobody has started.
var defaultSetup = Options{}.Setup()

// The defaults of Limits: a million calls need some 40 MB of stacks; 32 Mi cells are 256 MB.
const (
	defaultDepth   = 1_000_000
	defaultHeap    = 32 << 20
	defaultStack   = 8 << 20
	defaultTimeout = 30 * time.Second

	// maxHeap is what the index in a cell can address beside the read-only segment: 4 GB.
	maxHeap = 1 << 29
)

// machine fills in the defaults.
func (l Limits) machine() wam.Limits {
	out := wam.Limits{Depth: l.Depth, Heap: l.HeapCells, Stack: l.StackWords, Steps: l.Steps, Timeout: l.Timeout}
	if out.Depth == 0 {
		out.Depth = defaultDepth
	}
	if out.Heap == 0 {
		out.Heap = defaultHeap
	}
	if out.Heap < 0 || out.Heap > maxHeap {
		out.Heap = maxHeap
	}
	if out.Stack == 0 {
		out.Stack = defaultStack
	}
	if out.Timeout == 0 {
		out.Timeout = defaultTimeout
	}
	return out
}

// New returns an engine with an empty policy.
func New(reg *Registry) *Engine {
	e := &Engine{shops: &sync.Pool{}}
	e.state.Store(register(reg).empty())
	return e
}

// SetRegistry replaces the registry by the one that now returns when it is needed next: then the loaded policy is compiled
// again, without new checks. So a thousand registrations in a row cost one compilation.
func (e *Engine) SetRegistry(now func() *Registry) {
	e.mu.Lock()
	defer e.mu.Unlock()
	st := *e.state.Load()
	st.newer = now
	e.state.Store(&st)
}

// current returns the state in force, compiled for what is registered now.
func (e *Engine) current() *state {
	if st := e.state.Load(); st.newer == nil {
		return st
	}
	return e.renewed()
}

// latest returns what is registered now.
func (st *state) latest() *registered {
	if st.newer != nil {
		if reg := st.newer(); reg != st.registry {
			return register(reg)
		}
	}
	return st.registered
}

// renewed compiles the policy for a newer registry. Whoever else needs it meanwhile waits for it.
func (e *Engine) renewed() *state {
	e.renewing.Lock()
	defer e.renewing.Unlock()
	for {
		old := e.state.Load()
		if old.newer == nil {
			return old
		}
		st, err := compile(old.policy, old.latest(), nil, nil)
		if err != nil { // then what was registered before stays in force
			keep := *old
			keep.newer, st = nil, &keep
		}
		if e.swap(old, st) {
			return st
		}
	}
}

// Registry returns the registry in force.
func (e *Engine) Registry() *Registry { return e.current().registry }

// Policy returns the policy in force.
func (e *Engine) Policy() *Policy { return e.state.Load().policy }

// Load adds sources to the policy. On error nothing has changed, and err is the first *diag.Error. Inline queries are not run.
func (e *Engine) Load(sources []*diag.Source, opts LoadOptions) (warnings []*diag.Error, err error) {
	return e.load(func(p *Policy) *Policy { return p }, sources, opts)
}

// Replace is Load into an empty policy, swapped in on success only.
func (e *Engine) Replace(sources []*diag.Source, opts LoadOptions) (warnings []*diag.Error, err error) {
	return e.load((*Policy).emptied, sources, opts)
}

// load adds sources to what base makes of the policy in force. It holds no lock, since checking roles runs code of the
// application; if the state was replaced meanwhile, it starts again.
func (e *Engine) load(base func(*Policy) *Policy, sources []*diag.Source, opts LoadOptions) (warnings []*diag.Error, err error) {
	shop, _ := e.shops.Get().(*workshop)
	if shop == nil {
		shop = &workshop{}
	}
	defer e.shops.Put(shop)
	opts.shop = shop
	for {
		old := e.state.Load()
		from := old // the state to take code from
		if old.basis != nil {
			from = old.basis
		}
		under := old.latest()
		opts.seed = nil
		if from.registered == under && from.extends() && from.rules.len() > 0 {
			opts.seed = from.snapshot.Prog
		}
		p := base(old.policy)
		st, warnings, ok := loadFast(p, sources, under, from, opts)
		if !ok {
			var errs []*diag.Error
			if p, warnings, errs = p.Load(sources, under.registry, opts); len(errs) > 0 {
				return warnings, errs[0]
			}
			st, err = compile(p, under, from, nil)
		}
		if err == nil && len(sources) > 0 {
			err = e.checkRoles(st, opts.Start)
		}
		if err != nil || e.swap(old, st) {
			return warnings, err
		}
	}
}

// swap replaces the state if it is still the old one.
func (e *Engine) swap(old, next *state) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.state.Load() != old {
		return false
	}
	e.state.Store(next)
	return true
}

// Clear drops the policy; the registry stays, and so does what is enabled.
func (e *Engine) Clear() {
	e.mu.Lock()
	defer e.mu.Unlock()
	old := e.state.Load()
	st := old.emptied()
	st.newer = old.newer
	e.state.Store(st)
}

// RunInline runs the pending inline queries in source order, each until its first result. One without a result gives a
// *diag.Error of kind InlineQueryFailed; after an error the rest stays pending.
func (e *Engine) RunInline(ctx context.Context, host Host, opts Options) error {
	for {
		st := e.current()
		if len(st.policy.Inline) == 0 {
			return nil
		}
		iq := st.policy.Inline[0]
		e.dropInline(st)
		q, err := e.compileQuery(st, rewrite.Query(iq.Query, st.names))
		if err != nil {
			return err
		}
		q.Start(ctx, host, opts)
		found, err := q.Next()
		q.Close()
		if err != nil {
			return err
		}
		if !found {
			text := strings.TrimSpace(iq.Query.Span().Text())
			return diag.New(diag.InlineQueryFailed, iq.Query.Span(), "Inline query failed: %s", text)
		}
	}
}

// dropInline takes the first inline query off the list, unless the policy has been replaced meanwhile.
func (e *Engine) dropInline(st *state) {
	e.mu.Lock()
	defer e.mu.Unlock()
	cur := e.state.Load()
	if cur.policy != st.policy {
		return
	}
	p := *cur.policy
	p.Inline = p.Inline[1:]
	next := *cur
	next.policy = &p
	e.state.Store(&next)
}

// Query compiles a query text. Parse errors are returned here, undefined rules when the query reaches them.
func (e *Engine) Query(text string) (*Query, error) {
	term, err := parser.Query(diag.NewSource("", text))
	if err != nil {
		return nil, err
	}
	st := e.current()
	return e.compileQuery(st, rewrite.Query(term, st.names))
}

// Prepared is a query text compiled for the policy that was in force. It is safe for concurrent use.
type Prepared struct {
	engine *Engine
	st     *state
	prog   *code.Program
}

// Prepare compiles a query text to be run many times. Errors are those of Query.
func (e *Engine) Prepare(text string) (*Prepared, error) {
	q, err := e.Query(text)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	return &Prepared{e, q.st, q.prog}, nil
}

// Query returns a query of the prepared text.
func (p *Prepared) Query() *Query { return p.engine.queryOf(p.st, p.prog) }

// Rule returns a query that calls one rule; add its arguments with Arg.
func (e *Engine) Rule(name string) *Query {
	q := e.acquire(e.current())
	q.rule = name
	return q
}

// RuleOn is Rule with a query that was cleared; nil makes a new one.
func (e *Engine) RuleOn(q *Query, name string) *Query { return e.CallOn(q, name, Call{}) }

// CallOn is RuleOn for a rule that may have been looked up.
func (e *Engine) CallOn(q *Query, name string, call Call) *Query {
	if call.st == nil {
		call.st = e.current()
	}
	q = e.reuse(q, call.st)
	q.rule, q.found = name, call.found
	return q
}

// Disassemble writes the compiled policy readably.
func (e *Engine) Disassemble() string { return e.current().snapshot.Prog.String() }
