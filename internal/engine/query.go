package engine

import (
	"context"
	"errors"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/partial"
	"github.com/goso-project/goso/internal/roles"
	"github.com/goso-project/goso/internal/wam"
)

// Query is one running query. It is for one goroutine at a time. Close it when done with it: queries are used again, so it
// must not be touched afterwards. Next closes the machine at the end and after an error, so that nothing of the host stays
// referenced.
type Query struct {
	engine *Engine
	st     *state
	m      *wam.Machine
	prog   *code.Program // nil for a rule query
	rule   string
	found  int // number of the predicate that a rule query calls plus one, 0 if it has not been looked up
	ctx    context.Context
	host   Host
	setup  *Setup
	err    error
	progress

	results  []wam.Result
	conds    *conditions
	bindings []Binding
}

// progress is how far a query has come.
type progress struct {
	args    int
	exprs   []exprArg
	lookups int
	slow    bool // callbacks that may take long have been made
	started bool
	running bool // Next is at work; still so if the goroutine ended or panicked in it
	broken  bool // the machine is not to be used again
	pending bool // the host will answer later
	done    bool
	read    bool // bindings are those of the result just found
}

// conditions is what results with constraints take; a query that has none of them goes without.
type conditions struct {
	mem        wam.Exprs // of the result just found
	simplifier partial.Simplifier
}

func newConditions() *conditions {
	c := &conditions{}
	c.simplifier.Mem = &c.mem
	return c
}

// Binding is one variable of a result.
type Binding struct {
	Name  string
	Value wam.Value
}

// acquire takes a query with a machine from the pool.
func (e *Engine) acquire(st *state) *Query {
	q, _ := e.queries.Get().(*Query)
	return e.reuse(q, st)
}

// reuse prepares a query that has been cleared; nil makes a new one.
func (e *Engine) reuse(q *Query, st *state) *Query {
	if q == nil {
		q = &Query{m: &wam.Machine{}}
	}
	q.engine, q.st = e, st
	q.m.Reset(st.snapshot)
	return q
}

// Arg adds an argument to a rule query. A KindVar value is a variable that results will show, also inside lists and dictionaries. Of a
// KindExpr value the call gets what comes of it.
func (q *Query) Arg(v wam.Value) error {
	if holdsExpression(v) {
		q.exprs = append(q.exprs, exprArg{q.args, v})
		q.args++
		return nil
	}
	if err := q.m.SetArg(q.args, v); err != nil {
		return err
	}
	q.args++
	return nil
}

// ArgText is Arg for a string, without the way through a Value. It reports false, and adds nothing, for text that is not valid UTF-8.
func (q *Query) ArgText(s string) bool {
	if !q.m.SetText(q.args, s) {
		return false
	}
	q.args++
	return true
}

// ArgInstance is Arg for a host object whose shape is known.
func (q *Query) ArgInstance(object any, shape int) {
	q.m.SetInstance(q.args, object, shape)
	q.args++
}

// Bind gives a variable of the query a value before the first Next.
func (q *Query) Bind(name string, v wam.Value) error { return q.m.Bind(name, v) }

// Start sets the host and options; call it once, before Next. Host may be nil for policies without host objects.
func (q *Query) Start(ctx context.Context, host Host, opts Options) {
	q.StartWith(ctx, host, opts.Setup())
}

// StartWith is Start with options worked out before.
func (q *Query) StartWith(ctx context.Context, host Host, setup *Setup) {
	if host == nil {
		host = noHost{}
	}
	q.ctx, q.host, q.setup = ctx, host, setup
}

// Next advances to the next result; false means there is none, or an error. The error is ErrPending when the host will
// answer later; all others end the query.
func (q *Query) Next() (found bool, err error) {
	switch {
	case q.done:
		return false, q.err
	case q.pending:
		return false, ErrPending
	case q.running:
		return false, errRunning
	}
	q.running = true
	defer q.leave()
	found, err = q.next()
	q.running = false
	return found, err
}

var (
	errRunning = errors.New("the query is asked for a result by code that it runs itself")
	errLeft    = errors.New("the query was given up: its goroutine ended while the application answered a question")
	errClosed  = errors.New("the query was closed by code that it runs itself")
)

// leave gives the query up if Next does not return: code of the application ended the goroutine, or something panicked. The
// question that was asked stays without an answer, so that the machine must not go on.
func (q *Query) leave() {
	if !q.running {
		return
	}
	q.running, q.done, q.broken, q.err = false, true, true, errLeft
	q.m.Release()
}

// next is Next without the question whether it may run.
func (q *Query) next() (bool, error) {
	if !q.started {
		q.started = true
		if q.host == nil {
			q.StartWith(context.Background(), nil, defaultSetup)
		}
		fields, _ := q.host.(wam.FieldReader)
		q.m.Configure(&q.setup.settings, fields)
		if q.prog == nil {
			q.startRule()
		}
	}
	for {
		if q.err == nil && q.m.Run(q.ctx) {
			switch stop, found := q.answer(); {
			case found:
				return true, nil
			case q.pending:
				return false, ErrPending
			case stop:
				return q.finish(nil)
			}
			continue
		}
		if q.err == nil {
			q.err = q.m.Err()
		}
		return q.finish(q.err)
	}
}

func (q *Query) startRule() {
	n, err := q.found-1, error(nil)
	if n < 0 {
		n, err = q.st.predicate(q.rule, q.args)
	}
	switch {
	case err != nil:
		q.err = err
	case len(q.exprs) > 0:
		q.err = q.startExpressions()
	default:
		q.m.StartRule(q.ctx, n)
	}
}

// predicate returns the number of the predicate that a rule query with so many arguments calls, -1 if the rule exists with other
// arities only.
func (st *state) predicate(rule string, args int) (int, error) {
	if st.allow >= 0 && args == allowArity && rule == allowName {
		return st.allow, nil
	}
	prog := st.snapshot.Prog
	n := prog.Pred(rule, args)
	if n < 0 && !prog.Defined(rule) || roles.IsHidden(rule) {
		e := diag.New(diag.QueryForUndefinedRule, diag.Span{}, "Query for undefined rule `%s`", rule)
		e.Token = rule
		return 0, e
	}
	return n, nil
}

func (q *Query) finish(err error) (bool, error) {
	q.done, q.err = true, err
	q.m.Release()
	return false, err
}

// answer deals with the event the machine stopped for. Stop means the query is over, found that there is a result.
func (q *Query) answer() (stop, found bool) {
	m := q.m
	ev := m.Event()
	if ev.Kind >= wam.EventCall || q.slow && (ev.Kind == wam.EventSolution || ev.Kind == wam.EventDone) {
		q.slow = true
		if q.check(); q.err != nil {
			return false, false
		}
	}
	switch ev.Kind {
	case wam.EventLookup:
		if q.st.registry.LookupsRunCode && !q.ready() {
			return false, false
		}
		v, err := q.host.Lookup(q.ctx, ev.Recv, ev.Name)
		q.timed(err)
		q.resume(v, err)
	case wam.EventSolution:
		return false, q.result()
	case wam.EventDone:
		return true, false
	case wam.EventPrint:
		if q.setup.print != nil {
			q.setup.print(q.printed(ev.Args))
		}
		m.Resume()
	case wam.EventDebug:
		if q.setup.debug != nil {
			q.setup.debug(m.Place(ev.PC))
		}
		m.Resume()
	case wam.EventCall:
		if roles.IsHidden(ev.Name) {
			q.answerRoles(ev)
			break
		}
		args, kwargs := split(ev)
		v, err := q.host.Call(q.ctx, ev.Recv, ev.Name, args, kwargs)
		q.resume(v, err)
	case wam.EventNew:
		args, kwargs := split(ev)
		v, err := q.host.New(q.ctx, ev.Name, args, kwargs)
		q.resume(v, err)
	case wam.EventIsa:
		q.resumeBool(q.host.Isa(q.ctx, ev.Recv, ev.Name))
	case wam.EventPath:
		q.resumeBool(q.host.IsaWithPath(q.ctx, ev.Name, ev.Path, ev.Class))
	case wam.EventCompare:
		q.resumeBool(q.host.Compare(q.ctx, ev.Name, ev.Recv, ev.Right))
	case wam.EventIterate:
		it, err := q.host.Iterate(q.ctx, ev.Recv)
		q.resumeIterate(it, err)
	case wam.EventNext:
		v, more, err := ev.Iter.(Iterator).Next(q.ctx)
		switch {
		case err != nil:
			q.fail(err)
		case more:
			m.ResumeValue(v)
		default:
			m.ResumeNone()
		}
	}
	return false, false
}

// ready looks at the clock before a look-up that may take long: the first starts it, and a result that comes too late is none.
func (q *Query) ready() bool {
	q.slow = true
	if q.lookups&0xf == 0 {
		q.check()
	}
	return q.err == nil
}

// timed looks at the clock beside callbacks of the host: plain look-ups now and then, all others each time.
func (q *Query) timed(err error) {
	q.lookups++
	if err == nil && q.lookups&0x3f == 0 {
		q.check()
	}
}

func (q *Query) check() {
	if err := q.m.Check(); err != nil && q.err == nil {
		q.err = err
	}
}

// split separates positional from keyword arguments.
func split(ev *wam.Event) ([]wam.Value, []Kwarg) {
	n := len(ev.Args) - len(ev.Keys)
	var kwargs []Kwarg
	for i, k := range ev.Keys {
		kwargs = append(kwargs, Kwarg{Name: k, Value: ev.Args[n+i]})
	}
	return ev.Args[:n:n], kwargs
}

var (
	errNoValue    = errors.New("the host gave neither a value nor an error")
	errNoIterator = errors.New("the host gave neither an iterator nor an error")
)

// resume hands the machine the host's answer to a look-up or call. No value is an error of the host: if the look-up just failed,
// its negation would hold.
func (q *Query) resume(v wam.Value, err error) {
	switch {
	case err != nil:
		q.fail(err)
	case v.Kind == wam.KindNone:
		q.err = errNoValue
	default:
		q.m.ResumeValue(v)
	}
}

func (q *Query) resumeIterate(it Iterator, err error) {
	switch {
	case err != nil:
		q.fail(err)
	case it == nil:
		q.err = errNoIterator
	default:
		q.m.ResumeIterate(it)
	}
}

func (q *Query) resumeBool(b bool, err error) {
	if err != nil {
		q.fail(err)
		return
	}
	q.m.ResumeBool(b)
}

// fail ends the query with an error of the host, or lets a pattern fail that looked for a missing field.
func (q *Query) fail(err error) {
	if err == ErrPending {
		q.check() // the clock runs while the query waits
		q.pending = q.err == nil
		return
	}
	var app *ApplicationError
	ev := q.m.Event()
	if !errors.As(err, &app) {
		q.err = err
		return
	}
	if ev.Pattern && !app.Final {
		q.m.ResumeNone()
		return
	}
	e := diag.New(diag.Application, q.m.Place(ev.PC), "Application error: %s", app.Error())
	e.Trace = q.m.Backtrace(ev.PC)
	e.Cause = err
	q.err = e
}

// result reports whether the machine's result is one: constraints that cannot hold together make it none.
func (q *Query) result() bool {
	q.read = false
	if !q.m.Constrained() {
		return true
	}
	ok, err := q.simplify()
	if err != nil {
		q.err = err
	}
	return ok && err == nil
}

// Bindings returns the variables of the result just found, in order of first appearance; the slice is valid until the next. Values
// are copies that stay valid, but for constrained variables: those are KindExpr, and valid until the next result, too.
func (q *Query) Bindings() ([]Binding, error) {
	if !q.read && !q.done {
		if _, err := q.simplify(); err != nil {
			return nil, err
		}
	}
	return q.bindings, nil
}

// Constrained reports whether the result just found depends on constraints, so that a variable may have no value, or may hold an
// expression that was an argument.
func (q *Query) Constrained() bool { return !q.done && (len(q.exprs) > 0 || q.m.Constrained()) }

// simplify reads the result out of the machine.
func (q *Query) simplify() (bool, error) {
	if q.conds == nil {
		q.conds = newConditions()
	}
	q.conds.mem.Reset()
	results, err := q.m.Results(q.results[:0], &q.conds.mem)
	q.results = results
	if err != nil {
		return false, err
	}
	q.bindings = q.bindings[:0]
	for i := range results {
		r := &results[i]
		b := Binding{Name: r.Name, Value: r.Value}
		if r.Conj != nil {
			v, ok, err := q.conds.simplifier.Simplify(q.ctx, r.Conj, r.Name, shown)
			if err != nil {
				return false, q.partialError(err)
			}
			if !ok {
				return false, nil
			}
			b.Value = v
		}
		q.bindings = append(q.bindings, b)
	}
	q.read = true
	return true, nil
}

// shown reports whether results show variables of a name.
func shown(name string) bool { return name != "" && name[0] != '_' }

// partialError gives an error of the simplifier its place.
func (q *Query) partialError(err error) error {
	if pe, ok := errors.AsType[*partial.Error](err); ok {
		e := diag.New(pe.Kind, q.m.Place(pe.Place), "%s", pe.Message)
		e.Cause = pe.Cause
		return e
	}
	return err
}

// Close releases the query. It may be called more than once. Called by a callback of the query itself it ends the query with an
// error, and what belongs to it is left to the garbage collector.
func (q *Query) Close() {
	if e := q.engine; e != nil && q.clear() {
		e.queries.Put(q)
	}
}

// Clear is Close for a caller who keeps the query, to use it again with RuleOn. It reports false if that cannot be.
func (q *Query) Clear() bool { return q.engine != nil && q.clear() }

func (q *Query) clear() bool {
	if q.running {
		q.broken, q.err = true, errClosed
		return false
	}
	if !q.done {
		q.m.Release()
	}
	clear(q.results)
	clear(q.bindings[:cap(q.bindings)])
	if q.broken {
		q.m = &wam.Machine{}
	}
	if q.conds != nil {
		q.conds.mem.Reset()
	}
	// One by one: a struct as large as this is written twice when all of it is assigned.
	q.engine, q.st, q.prog, q.ctx, q.host, q.setup, q.err = nil, nil, nil, nil, nil, nil, nil
	q.rule, q.found = "", 0
	q.progress = progress{}
	q.results = q.results[:0]
	q.bindings = q.bindings[:0]
	return true
}

// noHost answers for a query without a host.
type noHost struct{}

var errNoHost = errors.New("there is no host to ask about application objects")

func (noHost) Lookup(context.Context, wam.Value, string) (wam.Value, error) {
	return wam.Value{}, errNoHost
}
func (noHost) Call(context.Context, wam.Value, string, []wam.Value, []Kwarg) (wam.Value, error) {
	return wam.Value{}, errNoHost
}
func (noHost) New(context.Context, string, []wam.Value, []Kwarg) (wam.Value, error) {
	return wam.Value{}, errNoHost
}
func (noHost) Isa(context.Context, wam.Value, string) (bool, error)     { return false, nil }
func (noHost) IsSubclass(context.Context, string, string) (bool, error) { return false, nil }
func (noHost) Iterate(context.Context, wam.Value) (Iterator, error)     { return nil, errNoHost }
func (noHost) Describe(wam.Value) (text, class string)                  { return "", "" }
func (noHost) IsaWithPath(context.Context, string, []string, string) (bool, error) {
	return false, nil
}
func (noHost) Compare(context.Context, string, wam.Value, wam.Value) (bool, error) {
	return false, errNoHost
}
