package oso_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

type inner struct{ Deep int }

type Thing struct {
	inner
	*Company
	Name   string
	Ptr    *Foo
	Any    any
	Err    error
	Slice  []int
	Map    map[string]int
	Func   func() int
	Ratio  float64
	Big    uint64
	Time   time.Time
	secret int
}

var errBroken = errors.New("broken")

func (t Thing) Greet(s string) string          { return s + t.Name }
func (t Thing) Pair() (int, error)             { return 1, nil }
func (t Thing) None()                          {}
func (t Thing) Fail() error                    { return errBroken }
func (t Thing) Panic() bool                    { panic(errBroken) }
func (t Thing) NilFoo() *Foo                   { return nil }
func (t Thing) Byte(b uint8) bool              { return b == 1 }
func (t Thing) Text(s string) bool             { return s == "a" }
func (t Thing) Many(n int, rest ...int) int    { return n + len(rest) }
func (t Thing) Floats(f float64) float64       { return f }
func (t Thing) Echo(x any) any                 { return x }
func (t Thing) Kind(x any) string              { return fmt.Sprintf("%T", x) }
func (t Thing) IsNil(x any) bool               { return x == nil }
func (t *Thing) Increment() int                { t.Slice = append(t.Slice, 1); return len(t.Slice) }
func (t Thing) Tenant(ctx context.Context) any { return ctx.Value(tenantKey{}) }
func (t Thing) Numbers() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 1; yield(i); i++ {
		}
	}
}

type tenantKey struct{}

func TestPoliciesReadFields(t *testing.T) {
	thing := &Thing{inner: inner{4}, Company: &Company{Id: 9}, Name: "n", Ptr: &Foo{"f", 2}, Any: Foo{"g", 3},
		Slice: []int{1, 2}, Map: map[string]int{"k": 5}, Ratio: 1.5}
	o := newOso(t, "")
	must(t, o.RegisterConstant(thing, "t"))
	for query, want := range map[string]string{
		"x = t.Name":                      "x:n",
		"x = t.Deep":                      "x:4",
		"x = t.Id":                        "x:9",
		"x = t.Ptr.Name":                  "x:f",
		"x = t.Any.Num":                   "x:3",
		"x in t.Slice":                    "x:1\nx:2",
		"x = t.Map.k":                     "x:5",
		"x = t.Map.missing":               "",
		"x = t.Ratio":                     "x:1.5",
		"n = \"Name\" and x = t.(n)":      "n:Name x:n",
		"t.Err = nil and x = 1":           "x:1",
		"x = t.Greet(\"hi \")":            "x:hi n",
		"x = t.Pair()":                    "x:[1 <nil>]",
		"x = t.None()":                    "x:[]",
		"t.NilFoo() = nil and x = 1":      "x:1",
		"x = t.Many(1)":                   "x:1",
		"x = t.Many(1, 2, 3)":             "x:3",
		"x = t.Floats(2)":                 "x:2",
		"x = t.Kind(1)":                   "x:int64",
		"x = t.Kind([1])":                 "x:[]interface {}",
		"x = t.Kind({a: 1})":              "x:map[string]interface {}",
		"x = t.Kind(t.Any)":               "x:oso_test.Foo",
		"t.IsNil(nil) and x = 1":          "x:1",
		"t.Ptr matches Foo and x = 1":     "x:1",
		"t matches {Name: \"n\"} and x=1": "x:1",
		"t matches {Nope: \"n\"} and x=1": "",
		"[a, b] in [[1, 2]]":              "a:1 b:2",
		"x in {b: 2, a: 1}":               "x:[a 1]\nx:[b 2]",
		"x in \"ab\"":                     "x:a\nx:b",
	} {
		if got := results(t, o, query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

func TestFailingLookupsAreErrors(t *testing.T) {
	o := newOso(t, "")
	must(t, o.RegisterConstant(Thing{Big: math.MaxUint64, Name: "n", secret: 1}, "t"))
	app := "RuntimeError::Application"
	for query, want := range map[string]struct{ code, text string }{
		"x = t.Missing":             {app, "object has no attribute 'Missing'"},
		"x = t.secret":              {app, "no attribute 'secret'"},
		"x = t.Greet":               {app, "no attribute 'Greet'"},
		"x = t.greet(1)":            {app, "no attribute 'greet'"},
		"x = t.Func()":              {app, "no attribute 'Func'"},
		"x = t.Id":                  {app, "no attribute 'Id'"},
		"y = 1 and x = y.Foo":       {app, "'1' object has no attribute 'Foo'"},
		"y = \"s\" and x = y.Foo()": {app, "'s' object has no attribute 'Foo'"},
		"y = [1] and x = y.Foo":     {app, "no attribute 'Foo'"},
		"nil.Foo = 1":               {app, "no attribute 'Foo'"},
		"not t.Missing = 1":         {app, "no attribute 'Missing'"},
		"t.Panic()":                 {app, "broken"},
		"x = t.Big":                 {"", "Invalid integer"},
		"t.Fail()":                  {"RuntimeError::TypeError", ""},
		"x = t.Byte(300)":           {"", "cannot use integer 300 as uint8"},
		"x = t.Text(1)":             {"", "cannot use integer 1 as string"},
		"x = t.Many()":              {"", "incorrect number of arguments"},
		"x = t.Byte(b: 1)":          {"", "keyword arguments"},
		"x = new Foo(Name: 1)":      {"", "keyword arguments"},
		"x = new Foo(1)":            {"", "incorrect number of arguments"},
		"x = new User()":            {"", "Missing constructor"},
		"x = new Integer(1)":        {"", "Missing constructor"},
		"x = t < 1":                 {"", "Unsupported operation"},
		"t < 1":                     {"", "Unsupported operation"},
		"x in t":                    {"", "is not iterable"},
		"x in 5":                    {"RuntimeError::TypeError", ""},
		"x = t + 1":                 {"RuntimeError::Unsupported", ""},
	} {
		err := queryError(t, o, query)
		if query == "x = t < 1" {
			continue // what that means is the parser's business
		}
		if err == nil {
			t.Errorf("%s: no error", query)
			continue
		}
		if code(err) != want.code || !strings.Contains(err.Error(), want.text) {
			t.Errorf("%s: got %s, %v, want %s, %q", query, code(err), err, want.code, want.text)
		}
	}
	for query, target := range map[string]any{
		"x = t.Byte(300)":         new(*osoerrors.InvalidCallError),
		"x = t.Byte(b: 1)":        new(*osoerrors.KwargsError),
		"x = new Foo(1)":          new(*osoerrors.InvalidConstructorError),
		"t < 1":                   new(*osoerrors.UnimplementedOperationError),
		"x in t":                  new(*osoerrors.InvalidIteratorError),
		"t.Panic()":               new(*osoerrors.HostPanicError),
		"not t.Missing = 1":       new(*osoerrors.MissingAttributeError),
		"forall(t.Panic(), true)": new(*osoerrors.HostPanicError),
	} {
		if err := queryError(t, o, query); !errors.As(err, target) {
			t.Errorf("%s: got %T: %v", query, err, err)
		}
	}
	if err := queryError(t, o, "t.Panic()"); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}

func TestMethodsKeepTheirEffects(t *testing.T) {
	thing := &Thing{}
	o := newOso(t, "f(t) if t.Increment() = 1 and t.Slice = [1];")
	must(t, o.RegisterClass(Thing{}, nil))
	if ok, err := o.QueryRuleOnce("f", thing); !ok || err != nil || len(thing.Slice) != 1 {
		t.Errorf("got %v, %v; the object is %v", ok, err, thing.Slice)
	}
}

func TestMethodsGetTheContext(t *testing.T) {
	o := newOso(t, `f(t) if t.Tenant() = "acme";`)
	ctx := context.WithValue(t.Context(), tenantKey{}, "acme")
	if ok, err := o.QueryRuleOnceContext(ctx, "f", Thing{}); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
	if ok, err := o.QueryRuleOnce("f", Thing{}); ok || err != nil {
		t.Errorf("without a value: %v, %v", ok, err)
	}
}

func TestErrorResults(t *testing.T) {
	o := newOso(t, "pair(t) if t.Pair() = 1; fail(t) if t.Fail();", oso.WithErrorResults())
	if ok, err := o.QueryRuleOnce("pair", Thing{}); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
	if _, err := o.QueryRuleOnce("fail", Thing{}); !errors.Is(err, errBroken) || code(err) != "RuntimeError::Application" {
		t.Errorf("got %v", err)
	}
}

func TestPanicPropagation(t *testing.T) {
	o := newOso(t, "f(t) if t.Panic();", oso.WithPanicPropagation())
	caught := func(run func()) (value any) {
		defer func() { value = recover() }()
		run()
		return nil
	}
	if v := caught(func() { _, _ = o.QueryRuleOnce("f", Thing{}) }); v != errBroken {
		t.Errorf("once: got %v", v)
	}
	if v := caught(func() {
		q, err := o.NewQueryFromRule("f", Thing{})
		must(t, err)
		_, _ = q.Next()
	}); v != errBroken {
		t.Errorf("Next: got %v", v)
	}
	_, err := collect(o.QueryRule("f", Thing{}))
	if !errors.Is(err, errBroken) {
		t.Errorf("channels: got %v", err)
	}
}

type exiting struct{}

func (exiting) Leave() bool { runtime.Goexit(); return true }

func TestGoexitInAMethodClosesTheChannels(t *testing.T) {
	o := newOso(t, "f(x) if x.Leave();")
	_, err := collect(o.QueryRule("f", exiting{}))
	if !errors.As(err, new(*osoerrors.HostPanicError)) {
		t.Errorf("got %v", err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = o.QueryRuleOnce("f", exiting{})
	}()
	<-done
	wantError(t, queryError(t, o, "f(1)"), "no attribute")
}

func TestEqualityOfObjects(t *testing.T) {
	o := newOso(t, "eq(x, y) if x = y; eqeq(x, y) if x == y; neq(x, y) if x != y; lt(x, y) if x < y;")
	noon := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	zone := noon.In(time.FixedZone("x", 3600))
	tests := []struct {
		x, y          any
		eq, lt, ltErr bool
	}{
		{Foo{"a", 1}, Foo{"a", 1}, true, false, true},
		{&Foo{"a", 1}, Foo{"a", 1}, true, false, true},
		{Foo{"a", 1}, Foo{"a", 2}, false, false, true},
		{rank("admin"), "admin", false, false, true},
		{noon, zone, true, false, false},
		{noon, noon.Add(1), false, true, false},
	}
	for _, tt := range tests {
		for rule, want := range map[string]bool{"eq": tt.eq, "eqeq": tt.eq, "neq": !tt.eq} {
			if got, err := o.QueryRuleOnce(rule, tt.x, tt.y); got != want || err != nil {
				t.Errorf("%s(%v, %v) = %v, %v", rule, tt.x, tt.y, got, err)
			}
		}
		if got, err := o.QueryRuleOnce("lt", tt.x, tt.y); got != tt.lt || (err != nil) != tt.ltErr {
			t.Errorf("lt(%v, %v) = %v, %v", tt.x, tt.y, got, err)
		}
	}
	for _, pair := range [][2]any{
		{[]Foo{{"a", 1}}, []*Foo{{"a", 1}}},
		{map[string]any{"k": Foo{"a", 1}}, map[string]any{"k": Foo{"a", 1}}},
	} {
		if ok, err := o.QueryRuleOnce("eq", pair[0], pair[1]); !ok || err != nil {
			t.Errorf("%v = %v: %v, %v", pair[0], pair[1], ok, err)
		}
	}
	loose := newOso(t, "eq(x, y) if x = y;", oso.WithUnderlyingEquality())
	if ok, err := loose.QueryRuleOnce("eq", rank("admin"), "admin"); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
}

type chanIter struct{ n int }

func (c chanIter) Iter() <-chan interface{} {
	ch := make(chan interface{})
	go func() {
		defer close(ch)
		for i := range c.n {
			ch <- i
		}
	}()
	return ch
}

func TestIterationInPolicies(t *testing.T) {
	o := newOso(t, "all(xs, x) if x in xs; twice(xs) if 1 in xs and 2 in xs; first(t) if 3 in t.Numbers();")
	q, err := o.NewQueryFromRule("all", chanIter{3}, variable("x"))
	must(t, err)
	all, err := q.GetAllResults()
	must(t, err)
	if got := show(all); got != "x:0\nx:1\nx:2" {
		t.Errorf("got %q", got)
	}
	for _, tt := range []struct {
		rule string
		arg  any
		want bool
	}{
		{"twice", chanIter{3}, true}, {"twice", chanIter{2}, false}, {"twice", chanIter{}, false}, {"first", Thing{}, true},
	} {
		if got, err := o.QueryRuleOnce(tt.rule, tt.arg); got != tt.want || err != nil {
			t.Errorf("%s(%v) = %v, %v", tt.rule, tt.arg, got, err)
		}
	}
}

func TestQueriesThatStopEarlyLeaveNoGoroutine(t *testing.T) {
	o := newOso(t, "first(t) if 3 in t.Numbers(); any(xs) if 1 in xs;")
	before := runtime.NumGoroutine()
	for range 10 {
		if ok, err := o.QueryRuleOnce("first", Thing{}); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if ok, err := o.QueryRuleOnce("any", chanIter{100}); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, before %d", runtime.NumGoroutine(), before)
		}
	}
}

type bomb struct{ N int }

func (bomb) Equal(interface{}) bool { panic(errBroken) }
func (bomb) Lt(interface{}) bool    { panic(errBroken) }

type carrier struct{ Bomb bomb }

// A panic is never taken for an answer, wherever the policy meets it.
func TestPanicsAreErrorsEverywhere(t *testing.T) {
	o := newOso(t, "")
	must(t, o.RegisterConstant(bomb{1}, "b"))
	must(t, o.RegisterConstant(carrier{}, "c"))
	must(t, o.RegisterConstant(Thing{}, "t"))
	for _, query := range []string{
		"b = 1", "b == 1", "1 != b", "b < b", "[b] = [1]", "{k: b} = {k: 1}", "not b = 1", "not t.Panic()",
		"c matches {Bomb: 1}", "not c matches {Bomb: 1}", "forall(x in [1], b = x)", "b in [1, 2]", "t.Panic() or true",
		"x = 1 and not (x = 1 and b = x)",
	} {
		if err := queryError(t, o, query); !errors.Is(err, errBroken) {
			t.Errorf("%s: got %v", query, err)
		}
	}
	must(t, o.LoadString(`f(1); g(_: {Bomb: 1}); h(x: 1) if x = 1;`))
	for _, rule := range []struct {
		name string
		arg  any
	}{{"f", bomb{}}, {"g", carrier{}}, {"h", bomb{}}} {
		if ok, err := o.QueryRuleOnce(rule.name, rule.arg); ok || !errors.Is(err, errBroken) {
			t.Errorf("%s: got %v, %v", rule.name, ok, err)
		}
	}
}

func TestFaultyElementsFailWhereTheyAreTouched(t *testing.T) {
	o := newOso(t, "first(xs) if 1 in xs; all(xs) if 3 in xs; ignored(_xs);")
	list := []uint64{1, math.MaxUint64, 3}
	for rule, want := range map[string]bool{"first": true, "ignored": true, "all": false} {
		ok, err := o.QueryRuleOnce(rule, list)
		if ok != want || want && err != nil {
			t.Errorf("%s: got %v, %v", rule, ok, err)
		}
		if !want {
			wantError(t, err, "Invalid integer")
		}
	}
}

func TestHostileValues(t *testing.T) {
	o := newOso(t, "f(xs) if 2 in xs; eq(x, y) if x = y; show(x) if print(x);")
	cyclic := []any{1, nil}
	cyclic[1] = cyclic
	_, err := o.NewQueryFromRule("f", cyclic)
	wantError(t, err, "cyclic")
	if ok, err := o.QueryRuleOnce("f", struct{ L []any }{cyclic}); ok || err == nil {
		t.Errorf("an object that is no list: %v, %v", ok, err)
	}
	nest := func() (list any) {
		for range 100_000 {
			list = []any{list}
		}
		return list
	}
	if ok, err := o.QueryRuleOnce("eq", nest(), nest()); !ok || err != nil {
		t.Errorf("deeply nested lists: %v, %v", ok, err)
	}
	if ok, err := o.QueryRuleOnce("show", nest()); !ok || err != nil {
		t.Errorf("printing a deeply nested list: %v, %v", ok, err)
	}
	if err := o.RegisterConstant(struct{ L []any }{cyclic}, "Loop"); err != nil {
		t.Fatal(err)
	}
	wantError(t, queryError(t, o, "x = Loop.L"), "cyclic")
	wantError(t, queryError(t, o, "Loop.Missing = 1"), "no attribute 'Missing'")
}
