package oso_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// faultKind is a way in which the application's code fails.
type faultKind int

const (
	faultError faultKind = iota
	faultPanic
	faultGoexit
	faultType
	faultNil
	faultCycle
	faultReentrance // no fault: must change nothing
	faultBlocking
	faultKinds
)

var faultNames = [faultKinds]string{"error", "panic", "goexit", "wrong type", "nil", "cyclic value", "re-entrance", "blocking"}

func (k faultKind) String() string { return faultNames[k] }

var errTrap = errors.New("the application failed")

// trap is what the application's code runs before it answers. Call number at fails.
type trap struct {
	kind   faultKind
	at     int
	calls  int
	ctx    context.Context
	cancel context.CancelFunc
	again  func()
}

// spring fails if it is time to. Fails is false where the right answer is due, and value an answer that is none, for code that may
// answer anything.
func (p *trap) spring() (value any, fails bool) {
	if p.calls++; p.calls != p.at {
		return nil, false
	}
	switch p.kind {
	case faultPanic:
		panic(errTrap)
	case faultGoexit:
		runtime.Goexit()
	case faultType:
		return []any{types.Variable("x")}, true
	case faultNil:
		var nobody *User
		return nobody.Name, true // panics, as code does that was not written for nil
	case faultCycle:
		cycle := []any{1, nil}
		cycle[1] = cycle
		return cycle, true
	case faultReentrance:
		p.again()
		return nil, false
	case faultBlocking:
		go p.cancel()
		<-p.ctx.Done()
	}
	return nil, true
}

// must is spring for code whose result has a type: all that is no answer is a panic there.
func (p *trap) must() (fails bool) {
	switch v, fails := p.spring(); {
	case !fails:
		return false
	case p.kind == faultBlocking:
		return true
	case v == nil:
		panic(errTrap)
	default:
		return v.(bool)
	}
}

// The objects that fail.
type (
	Trapped struct { // methods
		p    *trap
		List TrapIter
		Seq  iter.Seq[any]
		Chan <-chan any
		Cmp  TrapCmp
		Ord  TrapOrd
		Same TrapOrd
	}
	TrapIter struct{ p *trap } // an interfaces.Iterator
	TrapCmp  struct{ p *trap } // an interfaces.Comparer
	TrapOrd  struct {          // own Equal and Compare
		p *trap
		N int
	}
	TrapMade struct{ Name string } // made by a constructor that fails
)

// Owner fails, or returns the name of the owner.
func (x *Trapped) Owner() (any, error) {
	v, fails := x.p.spring()
	if fails && v == nil {
		return nil, errTrap
	}
	if fails {
		return v, nil
	}
	return "alice", nil
}

// OwnerIn is Owner with the context of the query.
func (x *Trapped) OwnerIn(ctx context.Context) (any, error) {
	if v, fails := x.p.spring(); fails {
		if v == nil {
			return nil, errors.Join(errTrap, ctx.Err())
		}
		return v, nil
	}
	return "alice", nil
}

func (l TrapIter) Iter() <-chan interface{} {
	ch := make(chan interface{}, 3)
	defer close(ch)
	for _, x := range []any{"bob", "carol", "alice"} {
		v, fails := l.p.spring()
		switch {
		case fails && v == nil && l.p.kind == faultError:
			return nil
		case fails && v == nil:
			return ch // too few
		case fails:
			ch <- v
		default:
			ch <- x
		}
	}
	return ch
}

func (c TrapCmp) Equal(other interface{}) bool { return !c.p.must() && other == "alice" }
func (c TrapCmp) Lt(other interface{}) bool    { return !c.p.must() && other == "bob" }

func (o TrapOrd) Equal(other TrapOrd) bool  { return !o.p.must() && o.N == other.N }
func (o TrapOrd) Compare(other TrapOrd) int { o.p.must(); return o.N - other.N }

func newTrapped(p *trap) *Trapped {
	return &Trapped{p: p, List: TrapIter{p}, Cmp: TrapCmp{p}, Ord: TrapOrd{p, 1}, Same: TrapOrd{p, 1}, Seq: func(yield func(any) bool) {
		for _, x := range []any{"bob", "carol", "alice"} {
			v, fails := p.spring()
			if fails && v == nil && p.kind != faultBlocking {
				panic(errTrap)
			}
			if fails && p.kind == faultBlocking {
				return // too few
			}
			if fails {
				x = v
			}
			if !yield(x) {
				return
			}
		}
	}}
}

// sites are conditions that hold if nothing fails. R is a Trapped, u the string alice.
var sites = map[string]string{
	"method":              `r.Owner() = u`,
	"method with context": `r.OwnerIn() = u`,
	"Iterator":            `u in r.List`,
	"iter.Seq":            `u in r.Seq`,
	"Comparer.Equal":      `r.Cmp = u`,
	"Comparer.Lt":         `r.Cmp < "bob"`,
	"Comparer in pattern": `r matches {Cmp: "alice"}`,
	"own Equal":           `r.Ord == r.Same`,
	"own Compare":         `r.Ord <= r.Same`,
	"constructor":         `new TrapMade(u).Name = u`,
	"method in a list":    `[u] = [r.Owner()]`,
	"two calls":           `r.Owner() = u and r.OwnerIn() = u`,

	"accessor of a field":              `r.Got = u`,
	"accessor of a field with context": `r.Fetched = u`,
	"accessor of a method":             `r.Named() = u`,
	"accessor with an argument":        `r.IsNamed(u)`,
	"accessor in pattern":              `r matches {Got: "alice"}`,
	"accessor with context in pattern": `r matches {Fetched: "alice"}`,
	"two accessors":                    `r.Got = u and r.Fetched = u`,
}

// trapAccessors are accessors that fail.
var trapAccessors = []oso.Accessor{
	oso.Field("Got", func(x *Trapped) any {
		v, fails := x.p.spring()
		switch {
		case !fails:
			return "alice"
		case v == nil && x.p.kind != faultBlocking:
			panic(errTrap)
		}
		return v
	}),
	oso.FieldContext("Fetched", func(ctx context.Context, x *Trapped) (any, error) { return x.OwnerIn(ctx) }),
	oso.Method0Err("Named", (*Trapped).Owner),
	oso.Method1Err("IsNamed", func(x *Trapped, name string) (bool, error) {
		if _, fails := x.p.spring(); fails {
			return true, errTrap
		}
		return name == "alice", nil
	}),
}

// policy puts a condition that holds into rules that grant (yes…) and rules that do not (no…).
func sitePolicy(site string) string {
	return fmt.Sprintf(`
allow(u, "yes", r) if holds(u, r);
allow(u, "yes-twice", r) if not (not holds(u, r)) and holds(u, r);
allow(u, "yes-forall", r) if forall(_ in [1, 2], holds(u, r));
allow(u, "yes-open", r) if x in [1, 2, 3] and holds(u, r) and x = 3;
allow(u, "no", r) if not holds(u, r);
allow(u, "no-and", r) if holds(u, r) and false;
allow(u, "no-or", r) if not (holds(u, r) or false) or not holds(u, r);
allow(u, "no-forall", r) if forall(_ in [1, 2], not holds(u, r));
allow(u, "no-thrice", r) if not (not (not holds(u, r)));
allow(u, "no-open", r) if x in [1, 2, 3] and not holds(u, r) and x = 3;
holds(u, r) if u = u and r = r and %s;
`, site)
}

var grants, denials = []string{"yes", "yes-twice", "yes-forall", "yes-open"}, []string{"no", "no-and", "no-or", "no-forall", "no-thrice", "no-open"}

// ways to ask whether alice may do something.
var ways = map[string]func(ctx context.Context, o *oso.Oso, action string, r *Trapped) (bool, error){
	"IsAllowed": func(ctx context.Context, o *oso.Oso, action string, r *Trapped) (bool, error) {
		return o.IsAllowedContext(ctx, "alice", action, r)
	},
	"Authorize": func(ctx context.Context, o *oso.Oso, action string, r *Trapped) (bool, error) {
		err := o.AuthorizeContext(ctx, "alice", action, r)
		return err == nil, err
	},
	"AuthorizedActions": func(ctx context.Context, o *oso.Oso, action string, r *Trapped) (bool, error) {
		all, err := o.AuthorizedActionsContext(ctx, "alice", r, true)
		_, ok := all[action]
		return ok, err
	},
	"All": func(ctx context.Context, o *oso.Oso, action string, r *Trapped) (ok bool, err error) {
		q, err := o.NewQueryFromRuleContext(ctx, "allow", "alice", action, r)
		if err != nil {
			return false, err
		}
		for _, err := range q.All() {
			if err != nil {
				return ok, err
			}
			ok = true
		}
		return ok, nil
	},
	"QueryRule": func(ctx context.Context, o *oso.Oso, action string, r *Trapped) (ok bool, err error) {
		results, errs := o.QueryRuleContext(ctx, "allow", "alice", action, r)
		for range results {
			ok = true
		}
		return ok, <-errs
	},
	"IsAllowedBatch": func(ctx context.Context, o *oso.Oso, action string, r *Trapped) (bool, error) {
		got := o.IsAllowedBatch(ctx, []oso.Check{{Actor: "alice", Action: action, Resource: r}})[0]
		return got.Allowed, got.Err
	},
	"Session": func(ctx context.Context, o *oso.Oso, action string, r *Trapped) (bool, error) {
		s, err := o.NewSession(ctx, "allow", "alice", action, r)
		if err != nil {
			return false, err
		}
		defer s.Close()
		for {
			step, err := s.Step()
			if err != nil || step.Question == nil {
				return step.Result != nil, err
			}
			step.Question.Pass()
		}
	},
}

// Whatever code of the application does wrong, and whenever: what is not granted without that is not granted, what fails is an
// error, nothing stays behind, and the next question is answered as ever.
func TestApplicationCodeThatFailsGrantsNothing(t *testing.T) {
	injections, start := 0, time.Now()
	for site, condition := range sites {
		t.Run(site, func(t *testing.T) {
			p := &trap{}
			o := newOso(t, "", oso.WithErrorResults())
			for _, x := range []any{Trapped{}, TrapIter{}, TrapCmp{}, TrapOrd{}} {
				must(t, o.RegisterClass(x, nil))
			}
			must(t, o.RegisterClass(TrapMade{}, func(name string) (TrapMade, error) {
				v, fails := p.spring()
				if fails && v != nil {
					name = v.(string)
				}
				if fails {
					return TrapMade{}, errTrap
				}
				return TrapMade{name}, nil
			}))
			if strings.Contains(site, "accessor") { // with accessors, look-ups take other ways
				must(t, o.RegisterAccessors(trapAccessors...))
			}
			must(t, o.LoadString(sitePolicy(condition)))
			r := newTrapped(p)
			before := runtime.NumGoroutine()
			for way, ask := range ways {
				for i, action := range append(grants, denials...) {
					want := i < len(grants)
					for at := 1; at <= 4; at++ {
						for kind := range faultKinds {
							f := &siteFault{t: t, o: o, r: r, p: p, ask: ask, action: action, want: want}
							f.what = fmt.Sprintf("%s, %v at call %d by %s", action, kind, at, way)
							if f.inject(kind, at) {
								injections++
							}
						}
					}
				}
			}
			deadline := time.Now().Add(2 * time.Second)
			for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
				time.Sleep(time.Millisecond)
			}
			if n := runtime.NumGoroutine(); n > before {
				t.Errorf("%d goroutines before, %d after", before, n)
			}
		})
	}
	t.Logf("faults of Go objects: %d injections at %d sites in %v", injections, len(sites), time.Since(start).Round(time.Millisecond))
}

type siteFault struct {
	t      *testing.T
	o      *oso.Oso
	r      *Trapped
	p      *trap
	ask    func(ctx context.Context, o *oso.Oso, action string, r *Trapped) (bool, error)
	what   string
	action string
	want   bool
}

// inject makes one fault, if its call is reached, and reports whether it was.
func (f *siteFault) inject(kind faultKind, at int) bool {
	ctx, cancel := context.WithCancel(f.t.Context())
	defer cancel()
	*f.p = trap{kind: kind, at: at, ctx: ctx, cancel: cancel}
	f.p.again = func() {
		calls := f.p.calls
		f.fine("within")
		f.p.calls = calls
	}
	ok, err, returned := false, error(nil), false
	run := func() {
		ok, err = f.ask(ctx, f.o, f.action, f.r)
		returned = true
	}
	if kind == faultGoexit {
		var wg sync.WaitGroup
		wg.Go(run)
		wg.Wait()
	} else {
		run()
	}
	reached := f.p.calls >= at
	switch {
	case !reached || kind == faultReentrance:
		if ok != f.want || returned && err != nil && f.want {
			f.t.Errorf("%s (reached %t): got %t, %v, want %t", f.what, reached, ok, err, f.want)
		}
	case ok && !f.want:
		f.t.Errorf("%s: granted, %v", f.what, err)
	case returned && err == nil:
		f.t.Errorf("%s: got %t without an error", f.what, ok)
	}
	f.fine("afterwards")
	return reached
}

// fine asks without a fault.
func (f *siteFault) fine(when string) {
	kind, at := f.p.kind, f.p.at
	f.p.at = 0
	if ok, err := f.o.IsAllowed("alice", f.action, f.r); ok != f.want || err != nil {
		f.t.Errorf("%s, %s: got %t, %v, want %t", f.what, when, ok, err, f.want)
	}
	f.p.kind, f.p.at = kind, at
}

// Waiting has a method that waits until its context is done.
type Waiting struct{}

func (Waiting) Wait(ctx context.Context) bool {
	<-ctx.Done()
	return true
}

// A query may take so long, callbacks included: those that honour their context end with it.
func TestTheTimeoutEndsCallbacksThatHonourTheirContext(t *testing.T) {
	waits := oso.ResolverFunc(func(ctx context.Context, questions []*oso.Question) error {
		<-ctx.Done()
		for _, q := range questions {
			q.Answer(true)
		}
		return nil
	})
	for name, opts := range map[string][]oso.Option{"method": nil, "resolver": {oso.WithResolver(waits)}} {
		t.Run(name, func(t *testing.T) {
			o := newOso(t, "allow(_, _, r) if r.Wait(); allow(_, _, r) if not r.Wait();",
				append(opts, oso.WithTimeout(20*time.Millisecond))...)
			for range 2 {
				ok, err := o.IsAllowed("alice", "read", Waiting{})
				if ok || !errors.Is(err, osoerrors.ErrTimeout) {
					t.Errorf("got %t, %v, want a timeout", ok, err)
				}
			}
		})
	}
}

// Silent is an error whose text panics when it is nil.
type Silent struct{ text string }

func (e *Silent) Error() string { return e.text }

type Fails struct{}

func (Fails) Check() (bool, error) {
	var none *Silent
	return true, none // not nil to Go: an interface that holds a nil pointer
}

func TestAnErrorThatCannotTellItsTextIsAnErrorAllTheSame(t *testing.T) {
	o := newOso(t, "allow(_, _, r) if r.Check();", oso.WithErrorResults())
	ok, err := o.IsAllowed("alice", "read", Fails{})
	if s := (*Silent)(nil); ok || !errors.As(err, &s) {
		t.Errorf("got %t, %v", ok, err)
	}
	wantError(t, err, "*oso_test.Silent")
}

// Those who watch queries run on the goroutine of who asks, and a panic goes there; but not where that would end the process.
func TestWatchersThatFailGrantNothingAndLeaveTheOsoWhole(t *testing.T) {
	for fault, fail := range map[string]func(){"panics": func() { panic(errTrap) }, "exits": runtime.Goexit} {
		broken := false
		run := func() {
			if broken {
				fail()
			}
		}
		for watcher, option := range map[string]oso.Option{
			"handler": oso.WithMessageHandler(func(oso.Message) { run() }),
			"tracer":  oso.WithTracer(func(oso.TraceEvent) { run() }),
			"hook":    oso.WithDecisionHook(func(context.Context, oso.Outcome) { run() }),
		} {
			t.Run(watcher+" "+fault, func(t *testing.T) {
				broken = false
				o := newOso(t, `allow("alice", _, _) if print("asked") and x in [1, 2] and not x = 3;`, option)
				broken = true
				ok := false
				var wg sync.WaitGroup
				wg.Go(func() {
					defer func() {
						if p := recover(); p != nil && p != any(errTrap) {
							t.Errorf("panic %v", p)
						}
					}()
					ok, _ = o.IsAllowed("alice", "read", 1)
					t.Error("IsAllowed returns")
				})
				wg.Wait()
				if ok {
					t.Error("granted")
				}
				all, err := collect(o.QueryRule("allow", "alice", "read", 1))
				if watcher != "hook" && (all != "" || !errors.As(err, new(*osoerrors.HostPanicError))) {
					t.Errorf("channels: got %q, %v", all, err)
				}
				broken = false
				if ok, err := o.IsAllowed("alice", "read", 1); !ok || err != nil {
					t.Errorf("afterwards: got %t, %v", ok, err)
				}
			})
		}
	}
}

// Inside holds the query that asks it.
type Inside struct {
	Query   *oso.Query
	Session *oso.Session
	Do      func(x *Inside)
}

func (x *Inside) Check() bool { x.Do(x); return true }

// Code that a query runs may have got hold of the query.
func TestAQueryUsedByItsOwnCallbackStaysWhole(t *testing.T) {
	o := newOso(t, "f(r, x) if x in [1, 2] and r.Check();")
	const results = 2
	for _, tt := range []struct {
		name string
		do   func(x *Inside)
		want int
	}{
		{"Next", func(x *Inside) {
			if r, err := x.Query.Next(); r != nil || err == nil {
				t.Errorf("within: got %v, %v", r, err)
			}
		}, results},
		{"Cleanup", func(x *Inside) { x.Query.Cleanup() }, 0},
	} {
		x := &Inside{Do: tt.do}
		q, err := o.NewQueryFromRule("f", x, types.Variable("x"))
		must(t, err)
		x.Query = q
		if all, err := q.GetAllResults(); len(all) != tt.want || (err == nil) != (tt.want > 0) {
			t.Errorf("%s: got %v, %v", tt.name, all, err)
		}
	}
	for name, do := range map[string]func(x *Inside){
		"Close": func(x *Inside) { x.Session.Close() },
		"Step then Close": func(x *Inside) {
			if step, err := x.Session.Step(); step.Result != nil || err == nil {
				t.Errorf("within: got %v, %v", step, err)
			}
			x.Session.Close()
		},
		"exit": func(*Inside) { runtime.Goexit() },
	} {
		x := &Inside{Do: do}
		s, err := o.NewSession(t.Context(), "f", x, types.Variable("x"))
		must(t, err)
		x.Session = s
		step, err := s.Step()
		if step.Question == nil || err != nil {
			t.Fatal(step, err)
		}
		step.Question.Pass()
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = s.Step() })
		wg.Wait()
		if step, err := s.Step(); step.Result != nil || step.Question != nil || err == nil {
			t.Errorf("%s: got %v, %v, want an error", name, step, err)
		}
		s.Close()
	}
}
