package oso_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

func TestResultsUntilTheEnd(t *testing.T) {
	o := newOso(t, "f(1); f(2);")
	q, err := o.NewQueryFromRule("f", variable("x"))
	must(t, err)
	for _, want := range []int64{1, 2} {
		r, err := q.Next()
		must(t, err)
		if (*r)["x"] != want {
			t.Errorf("got %v, want %d", *r, want)
		}
	}
	for range 3 {
		if r, err := q.Next(); r != nil || err != nil {
			t.Errorf("after the end: %v, %v", r, err)
		}
	}
	q.Cleanup()
	q.Cleanup()
	if all, err := q.GetAllResults(); all == nil || len(all) != 0 || err != nil {
		t.Errorf("after the end: %v, %v", all, err)
	}
}

func TestNilQueryHasFinished(t *testing.T) {
	var q *oso.Query
	_, err := q.Next()
	wantError(t, err, "query has already finished")
	for _, err := range q.All() {
		wantError(t, err, "query has already finished")
	}
	q.Cleanup()
	q.SetAcceptExpression(true)
	wantError(t, q.Bind("x", nil), "finished")
}

func TestErrorsStay(t *testing.T) {
	o := newOso(t, "f(x) if x = 1 or x.missing;")
	q, err := o.NewQueryFromRule("f", 5)
	must(t, err)
	_, first := q.Next()
	wantError(t, first, "'5' object has no attribute 'missing'")
	if _, again := q.Next(); again != first {
		t.Errorf("got %v", again)
	}
	cleaned, err := o.NewQueryFromRule("f", 1)
	must(t, err)
	cleaned.Cleanup()
	if r, err := cleaned.Next(); r != nil || err != nil {
		t.Errorf("after Cleanup: %v, %v", r, err)
	}
}

func TestRangingOverResults(t *testing.T) {
	o := newOso(t, "f(1); f(2); f(x) if x.missing = 1;")
	q, err := o.NewQueryFromRule("f", variable("x"))
	must(t, err)
	for r, err := range q.All() {
		must(t, err)
		if r["x"] != int64(1) {
			t.Errorf("got %v", r)
		}
		break
	}
	if r, err := q.Next(); r != nil || err != nil {
		t.Errorf("after leaving the loop: %v, %v", r, err)
	}
	q, err = o.NewQueryFromRule("f", 2)
	must(t, err)
	n, failed := 0, error(nil)
	for _, err := range q.All() {
		if err != nil {
			failed = err
			continue
		}
		n++
	}
	wantError(t, failed, "no attribute")
	if n != 1 {
		t.Errorf("%d results", n)
	}
}

func collect(results <-chan map[string]any, errs <-chan error) (string, error) {
	var all []map[string]any
	for r := range results {
		all = append(all, r)
	}
	return show(all), <-errs
}

func TestChannels(t *testing.T) {
	o := newOso(t, "f(1); f(2); f(3); g(1); g(x) if y = 5 and y.missing = x;")
	if got, err := collect(o.QueryStr("f(x)")); got != "x:1\nx:2\nx:3" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := collect(o.QueryRule("f", variable("x"))); got != "x:1\nx:2\nx:3" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	got, err := collect(o.QueryRule("g", variable("x")))
	if got != "x:1" {
		t.Errorf("got %q", got)
	}
	wantError(t, err, "no attribute 'missing'")
	t.Run("that cannot be made", func(t *testing.T) {
		got, err := collect(o.QueryStr("f("))
		wantError(t, err, "")
		if got != "" {
			t.Errorf("got %q", got)
		}
		_, err = collect(o.QueryRule("f", map[int]int{}))
		wantError(t, err, "keys")
	})
	t.Run("errors first", func(t *testing.T) {
		results, errs := o.QueryRule("f", variable("x"))
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
		n := 0
		for range results {
			n++
		}
		if n != 3 {
			t.Errorf("%d results", n)
		}
	})
	t.Run("many results in order", func(t *testing.T) {
		results, errs := o.QueryStr("x in [1,2,3,4,5,6,7,8,9,10] and y in [0,1,2,3,4,5,6,7,8,9]")
		n := 0
		for r := range results {
			if want := fmt.Sprint(n/10+1, n%10); fmt.Sprint(r["x"], r["y"]) != want {
				t.Fatalf("result %d is %v, want %s", n, r, want)
			}
			n++
		}
		if err := <-errs; err != nil || n != 100 {
			t.Errorf("%d results, %v", n, err)
		}
	})
	t.Run("abandoned with a context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		endless := newOso(t, "f(0); f(x) if f(y) and x = y + 1;")
		results, errs := endless.QueryRuleContext(ctx, "f", variable("x"))
		<-results
		cancel()
		if err := <-errs; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		for range results {
		}
	})
}

func TestOnce(t *testing.T) {
	o := newOso(t, "f(1); f(2); g(x) if x.missing;")
	for _, tt := range []struct {
		rule string
		args []any
		want bool
		err  string
	}{
		{"f", []any{1}, true, ""},
		{"f", []any{3}, false, ""},
		{"f", []any{1, 2}, false, ""},
		{"f", []any{variable("x")}, true, ""},
		{"g", []any{1}, false, "no attribute"},
		{"h", nil, false, "Query for undefined rule `h`"},
		{"f", []any{map[int]int{}}, false, "keys"},
	} {
		ok, err := o.QueryRuleOnce(tt.rule, tt.args...)
		if ok != tt.want {
			t.Errorf("%s%v: got %v", tt.rule, tt.args, ok)
		}
		if tt.err != "" {
			wantError(t, err, tt.err)
		} else {
			must(t, err)
		}
	}
	_, err := o.IsAllowed(1, 2, 3)
	wantError(t, err, "Query for undefined rule `allow`")
	if !errors.Is(err, osoerrors.ErrUndefinedRule) {
		t.Errorf("%v is not ErrUndefinedRule", err)
	}
	_, err = newOso(t, "f(x) if x > 2;").QueryRuleOnce("f", variable("x"))
	if !errors.As(err, new(*osoerrors.UnexpectedExpressionError)) {
		t.Errorf("got %v", err)
	}
}

func TestUndefinedRuleIsAnErrorOfNext(t *testing.T) {
	q, err := newOso(t, "").NewQueryFromRule("nothing")
	must(t, err)
	_, err = q.Next()
	e, ok := errors.AsType[*osoerrors.FormattedPolarError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	kind, _ := e.Kind.ErrorKindVariant.(types.ErrorKindRuntime)
	if r, ok := kind.RuntimeErrorVariant.(types.RuntimeErrorQueryForUndefinedRule); !ok || r.Name != "nothing" {
		t.Errorf("got %#v", e.Kind)
	}
}

func TestResultMaps(t *testing.T) {
	o := newOso(t, "f([1, {k: 2}]);")
	for query, want := range map[string]string{
		"x = 1 or x = 2":              "x:1\nx:2",
		"1 = 1":                       "",
		"x = [1, {a: 2.5}, nil]":      "x:[1 map[a:2.5] <nil>]",
		"x = inf":                     "x:+Inf",
		"x = new Foo(\"a\", 1)":       "x:{a 1}",
		"[x, *y] = [1, 2, 3]":         "x:1 y:[2 3]",
		"_ = 1 and x = {} and y = []": "x:map[] y:[]",
	} {
		if got := results(t, o, query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	q, err := o.NewQueryFromStr("x = nan")
	must(t, err)
	r, err := q.Next()
	must(t, err)
	if f, ok := (*r)["x"].(float64); !ok || !math.IsNaN(f) {
		t.Errorf("nan is %v", *r)
	}
	q, err = o.NewQueryFromStr("x = y")
	must(t, err)
	r, err = q.Next()
	must(t, err)
	if (*r)["x"] != types.Variable("y") && (*r)["y"] != types.Variable("x") {
		t.Errorf("got %#v", *r)
	}
	q, err = o.NewQueryFromRule("f", []any{variable("a"), map[string]any{"k": variable("b")}})
	must(t, err)
	r, err = q.Next()
	must(t, err)
	if diff := cmp.Diff(map[string]any{"a": int64(1), "b": int64(2)}, *r); diff != "" {
		t.Errorf("variables inside an argument (-want +got):\n%s", diff)
	}
}

func and(args ...any) types.Expression {
	return types.Expression{Operator: types.Operator{OperatorVariant: types.OperatorAnd{}}, Args: args}
}

func TestExpressions(t *testing.T) {
	o := newOso(t, `f(x) if x > 2; g(x) if x.bar = 1 and x.baz = 2; h(x) if x matches Foo{Name: "a"};`)
	for _, accept := range []string{"default", "false"} {
		q, err := o.NewQueryFromRule("f", variable("x"))
		must(t, err)
		if accept == "false" {
			q.SetAcceptExpression(false)
		}
		_, err = q.Next()
		if !errors.As(err, new(*osoerrors.UnexpectedExpressionError)) {
			t.Errorf("%s: got %v", accept, err)
		}
		wantError(t, err, "unbound", "Received Expression from Polar VM")
	}
	get := func(rule string) any {
		t.Helper()
		q, err := o.NewQueryFromRule(rule, variable("x"))
		must(t, err)
		q.SetAcceptExpression(true)
		r, err := q.Next()
		must(t, err)
		return (*r)["x"]
	}
	unify := func(n int64, field string) types.Expression {
		dot := types.Expression{Operator: types.Operator{OperatorVariant: types.OperatorDot{}}, Args: []any{types.Variable("_this"), field}}
		return types.Expression{Operator: types.Operator{OperatorVariant: types.OperatorUnify{}}, Args: []any{n, dot}}
	}
	if diff := cmp.Diff(any(and(unify(1, "bar"), unify(2, "baz"))), get("g")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	e, _ := get("h").(types.Expression)
	found := false
	for _, arg := range e.Args {
		isa, _ := arg.(types.Expression)
		if len(isa.Args) != 2 {
			continue
		}
		if p, ok := isa.Args[1].(types.ValuePattern); ok {
			inst, _ := p.PatternVariant.(types.PatternInstance)
			found = inst.Tag == "Foo" && isa.Operator == types.Operator{OperatorVariant: types.OperatorIsa{}}
		}
	}
	if !found {
		t.Errorf("no type test in %#v", e)
	}
}

func TestBind(t *testing.T) {
	o := newOso(t, "f(1); f(2);")
	two := types.Term{Value: types.Value{ValueVariant: types.ValueNumber{NumericVariant: types.NumericInteger(2)}}}
	q, err := o.NewQueryFromRule("f", variable("x"))
	must(t, err)
	must(t, q.Bind("x", &two))
	all, err := q.GetAllResults()
	must(t, err)
	if got := show(all); got != "x:2" {
		t.Errorf("got %q", got)
	}
	q, err = o.NewQueryFromRule("f", variable("x"))
	must(t, err)
	wantError(t, q.Bind("x", nil), "no value")
	_, err = q.Next()
	must(t, err)
	wantError(t, q.Bind("x", &two), "after its first result")
}

func TestTimeouts(t *testing.T) {
	const endless = "f() if g(60) and false; g(0); g(n) if n > 0 and m = n - 1 and (g(m) or g(m));" // 2⁶⁰ results, no deeper than 60 calls
	t.Run("option", func(t *testing.T) {
		_, err := newOso(t, endless, oso.WithTimeout(20*time.Millisecond)).QueryRuleOnce("f")
		if code(err) != "RuntimeError::QueryTimeout" || !errors.Is(err, osoerrors.ErrTimeout) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("environment", func(t *testing.T) {
		t.Setenv("POLAR_TIMEOUT_MS", "20")
		t.Setenv("POLAR_IGNORE_NO_ALLOW_WARNING", "")
		o, err := oso.NewOso()
		must(t, err)
		must(t, o.LoadString(endless))
		if _, err := o.QueryRuleOnce("f"); !errors.Is(err, osoerrors.ErrTimeout) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if _, err := newOso(t, endless).QueryRuleOnceContext(ctx, "f"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("cancel", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		if _, err := newOso(t, endless).QueryRuleOnceContext(ctx, "f"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("steps", func(t *testing.T) {
		_, err := newOso(t, endless, oso.WithMaxSteps(1000)).QueryRuleOnce("f")
		if code(err) != "RuntimeError::QueryTimeout" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("depth", func(t *testing.T) {
		_, err := newOso(t, "f() if f();", oso.WithLimits(oso.Limits{Depth: 1000})).QueryRuleOnce("f")
		if code(err) != "RuntimeError::StackOverflow" || !errors.Is(err, osoerrors.ErrStackOverflow) {
			t.Errorf("got %v", err)
		}
	})
}

func TestManyFailingQueriesFailAlike(t *testing.T) {
	o := newOso(t, "f(x) if x.missing = 1;")
	var first string
	for i := range 2000 {
		_, err := o.QueryRuleOnce("f", Foo{"a", 1})
		if i == 0 {
			wantError(t, err, "'{a 1}' object has no attribute 'missing'")
			first = err.Error()
		}
		if err == nil || err.Error() != first {
			t.Fatalf("query %d: got %v", i, err)
		}
	}
}

func TestPositionsAndCausesOfErrors(t *testing.T) {
	o := newOso(t, "f(x) if\n  x.missing = 1;")
	_, err := o.QueryRuleOnce("f", Foo{"a", 1})
	e, ok := errors.AsType[*osoerrors.FormattedPolarError](err)
	if !ok || e.Code() != "RuntimeError::Application" {
		t.Fatalf("got %v", err)
	}
	if file, line, col, ok := e.Position(); file != "" || line != 2 || col != 3 || !ok {
		t.Errorf("at %s:%d:%d, %v", file, line, col, ok)
	}
	missing, ok := errors.AsType[*osoerrors.MissingAttributeError](err)
	if !ok || missing.Error() != "'{a 1}' object has no attribute 'missing'" {
		t.Errorf("got %v", missing)
	}
	if e.StackTrace() == "" {
		t.Error("no stack trace")
	}
}

func TestGoValuesSurviveTheWay(t *testing.T) {
	o := newOso(t, "same(x, x);")
	u := &User{Name: "ann"}
	for _, tt := range []struct{ in, want any }{
		{5, int64(5)},
		{1.9, 1.9},
		{float32(0.5), 0.5},
		{"s", "s"},
		{u, u},
		{User{Name: "a"}, User{Name: "a"}},
		{rank("a"), rank("a")},
		{[]byte{1, 2}, []any{int64(1), int64(2)}},
		{[]Role{{"a", 1}}, []any{Role{"a", 1}}},
		{nil, nil},
		{(*User)(nil), nil},
		{[]int(nil), []any{}},
		{map[string]int(nil), map[string]any{}},
	} {
		q, err := o.NewQueryFromRule("same", tt.in, variable("x"))
		must(t, err)
		r, err := q.Next()
		must(t, err)
		if r == nil {
			t.Errorf("%v: no result", tt.in)
			continue
		}
		if !reflect.DeepEqual((*r)["x"], tt.want) {
			t.Errorf("%v: got %#v", tt.in, (*r)["x"])
		}
	}
	_, err := o.NewQueryFromRule("same", uint64(math.MaxUint64), 1)
	wantError(t, err, "Invalid integer")
}

// Rules that a class and a field tell apart are found again and again, whatever the fields of earlier arguments were.
func TestRulesToldApartByClassAndField(t *testing.T) {
	var policy strings.Builder
	for i := range 60 { // too many for each field to leave few
		fmt.Fprintf(&policy, "f(x: Widget, \"a\") if x.Id = %d;\n", i%5)
	}
	policy.WriteString("g(x) if not f(x, \"a\");")
	o := newOso(t, policy.String())
	for range 2 {
		for id := range 7 {
			for rule, want := range map[string]bool{"f": id < 5, "g": id >= 5} {
				args := []any{&Widget{Id: id}, "a"}
				if rule == "g" {
					args = args[:1]
				}
				if found, err := o.QueryRuleOnce(rule, args...); found != want || err != nil {
					t.Errorf("%s with id %d: %v, %v", rule, id, found, err)
				}
			}
		}
	}
}
