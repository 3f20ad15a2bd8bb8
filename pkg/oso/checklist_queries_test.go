package oso_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// rule makes a query that calls a rule.
func rule(t testing.TB, o *oso.Oso, name string, args ...any) *oso.Query {
	t.Helper()
	q, err := o.NewQueryFromRule(name, args...)
	must(t, err)
	return q
}

// expression and dot build the expected shapes of unresolved conditions.
func expression(op types.OperatorVariant, args ...any) types.Expression {
	return types.Expression{Operator: types.Operator{OperatorVariant: op}, Args: args}
}

func dot(field string) types.Expression {
	return expression(types.OperatorDot{}, types.Variable("_this"), field)
}

func TestChecklistQueries(t *testing.T) {
	o := newOso(t, "f(1); f(2); f(3); none(1) if false; late(1); late(x) if x.missing = 1; bound(x, x);")
	t.Run("check 87: results until nil", func(t *testing.T) {
		q := rule(t, o, "f", variable("x"))
		n := 0
		for r, err := q.Next(); r != nil || err != nil; r, err = q.Next() {
			must(t, err)
			n++
		}
		if n != 3 {
			t.Errorf("%d results", n)
		}
		if all, err := rule(t, o, "none", variable("x")).GetAllResults(); all == nil || len(all) != 0 || err != nil {
			t.Errorf("got %#v, %v", all, err)
		}
		var none *oso.Query
		_, err := none.Next()
		wantError(t, err, "query has already finished")
	})
	t.Run("check 88: after the end, Cleanup and errors", func(t *testing.T) {
		ended := rule(t, o, "none", 1)
		cleaned := rule(t, o, "f", variable("x"))
		cleaned.Cleanup()
		cleaned.Cleanup()
		for range 3 {
			for _, q := range []*oso.Query{ended, cleaned} {
				if r, err := q.Next(); r != nil || err != nil {
					t.Errorf("got %v, %v", r, err)
				}
			}
		}
		failed := rule(t, o, "late", 7)
		_, first := failed.Next()
		wantError(t, first, "no attribute 'missing'")
		if _, again := failed.Next(); again != first {
			t.Errorf("got %v", again)
		}
	})
	t.Run("check 89: channels", func(t *testing.T) {
		if got, err := collect(o.QueryStr("f(x)")); got != "x:1\nx:2\nx:3" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
		results, errs := o.QueryRule("late", 1)
		n := 0
		for range results {
			n++
		}
		err := <-errs
		if _, open := <-errs; open || n != 1 {
			t.Errorf("%d results; open: %v", n, open)
		}
		wantError(t, err, "no attribute 'missing'")
	})
	t.Run("check 90: channels of queries that cannot be made, and errors first", func(t *testing.T) {
		for _, query := range []func() (<-chan map[string]any, <-chan error){
			func() (<-chan map[string]any, <-chan error) { return o.QueryStr("f(") },
			func() (<-chan map[string]any, <-chan error) { return o.QueryRule("f", map[int]int{}) },
		} {
			results, errs := query()
			if r, open := <-results; open {
				t.Errorf("a result: %v", r)
			}
			if err := <-errs; err == nil {
				t.Error("no error")
			}
			if err, open := <-errs; open {
				t.Errorf("a second error: %v", err)
			}
		}
		results, errs := o.QueryRule("f", variable("x"))
		must(t, <-errs)
		if got, err := collect(results, errs); got != "x:1\nx:2\nx:3" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
	})
	t.Run("check 91: QueryRuleOnce", func(t *testing.T) {
		for n, want := range map[int]bool{1: true, 4: false} {
			if ok, err := o.QueryRuleOnce("f", n); ok != want || err != nil {
				t.Errorf("f(%d): %v, %v", n, ok, err)
			}
		}
		if ok, err := o.QueryRuleOnce("f", 1, 2); ok || err != nil {
			t.Errorf("another arity: %v, %v", ok, err)
		}
		if ok, err := o.QueryRuleOnce("late", 5); ok || err == nil {
			t.Errorf("an error: %v, %v", ok, err)
		}
	})
	t.Run("check 92: undefined rules are errors of Next", func(t *testing.T) {
		_, err := rule(t, o, "nothing").Next()
		if code(err) != "RuntimeError::QueryForUndefinedRule" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("check 93: maps of results", func(t *testing.T) {
		if got := results(t, o, "x = 1 or x = 2"); got != "x:1\nx:2" {
			t.Errorf("got %q", got)
		}
		r, err := rule(t, o, "bound", variable("x"), variable("y")).Next()
		must(t, err)
		x, xv := (*r)["x"].(types.Variable)
		y, yv := (*r)["y"].(types.Variable)
		if !xv || !yv || x != "y" && y != "x" && x != y {
			t.Errorf("got %#v", *r)
		}
	})
	t.Run("check 98: what floats and nil become", func(t *testing.T) {
		r, err := o.NewQueryFromStr("x = inf and y = nan and z = nil")
		must(t, err)
		first, err := r.Next()
		must(t, err)
		nan, _ := (*first)["y"].(float64)
		if (*first)["x"] != math.Inf(1) || !math.IsNaN(nan) || (*first)["z"] != nil {
			t.Errorf("got %v", *first)
		}
	})
}

func TestChecklistExpressions(t *testing.T) {
	o := newOso(t, "f(x) if x > 2; g(x) if x.bar = 1 and x.baz = 2; h(x) if x matches Foo; p(x) if x matches Foo{Num: 1}; k(1); k(2);")
	t.Run("check 94: conditions in results are errors", func(t *testing.T) {
		_, err := rule(t, o, "f", variable("x")).Next()
		if !errors.As(err, new(*osoerrors.UnexpectedExpressionError)) {
			t.Errorf("got %T", err)
		}
		wantError(t, err, "unbound", "Received Expression from Polar VM")
	})
	accepted := func(t *testing.T, name string) any {
		t.Helper()
		q := rule(t, o, name, variable("x"))
		q.SetAcceptExpression(true)
		r, err := q.Next()
		must(t, err)
		return (*r)["x"]
	}
	t.Run("check 95: conditions on request", func(t *testing.T) {
		want := expression(types.OperatorAnd{},
			expression(types.OperatorUnify{}, int64(1), dot("bar")), expression(types.OperatorUnify{}, int64(2), dot("baz")))
		if diff := cmp.Diff(any(want), accepted(t, "g")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		q := rule(t, o, "g", variable("x"))
		q.SetAcceptExpression(false)
		if _, err := q.Next(); !errors.As(err, new(*osoerrors.UnexpectedExpressionError)) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("check 96: type tests", func(t *testing.T) {
		pattern := types.ValuePattern{PatternVariant: types.PatternInstance{Tag: "Foo", Fields: types.Dictionary{Fields: map[types.Symbol]types.Term{}}}}
		want := expression(types.OperatorAnd{}, expression(types.OperatorIsa{}, types.Variable("_this"), pattern))
		if diff := cmp.Diff(any(want), accepted(t, "h")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("check 97: Bind acts like the argument", func(t *testing.T) {
		for n, want := range map[int64]int{2: 1, 3: 0} {
			q := rule(t, o, "k", variable("a"))
			must(t, q.Bind("a", &types.Term{Value: types.Value{ValueVariant: types.ValueNumber{NumericVariant: types.NumericInteger(n)}}}))
			all, err := q.GetAllResults()
			if len(all) != want || err != nil {
				t.Errorf("%d: got %v, %v", n, all, err)
			}
		}
	})
}

func TestChecklistEndurance(t *testing.T) {
	t.Run("check 99: 10,000 failing queries", func(t *testing.T) {
		o := newOso(t, "f(x) if x.missing = 1;")
		heap := func() uint64 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		fail := func(n int) (text string) {
			for range n {
				_, err := rule(t, o, "f", Foo{"a", 1}).Next()
				if err == nil || text != "" && err.Error() != text {
					t.Fatalf("got %v, before %s", err, text)
				}
				text = err.Error()
			}
			return text
		}
		fail(100)
		flat(t, func() {
			before := heap()
			fail(10_000)
			if after := heap(); after > before+4<<20 {
				t.Errorf("%d bytes of heap, before %d", after, before)
			}
		})
	})
	t.Run("check 100: timeouts and contexts", func(t *testing.T) {
		const endless = "walk(xs) if x in xs and x = -1; bits(0); bits(n) if n > 0 and (bits(n - 1) or bits(n - 1)); count(x) if bits(200) and x = 1;"
		t.Setenv("POLAR_TIMEOUT_MS", "50")
		o, err := oso.NewOso()
		must(t, err)
		must(t, o.LoadString(endless))
		if _, err := o.QueryRuleOnce("count", 2); code(err) != "RuntimeError::QueryTimeout" {
			t.Errorf("got %v", err)
		}
		if _, err := o.QueryRuleOnce("walk", Thing{}.Numbers()); code(err) != "RuntimeError::QueryTimeout" {
			t.Errorf("got %v", err)
		}
		t.Setenv("POLAR_TIMEOUT_MS", "0")
		o, err = oso.NewOso()
		must(t, err)
		must(t, o.LoadString(endless))
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, err := o.QueryRuleOnceContext(ctx, "walk", Thing{}.Numbers()); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) < 100*time.Millisecond {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(10*time.Millisecond, cancel)
		if _, err := o.QueryRuleOnceContext(ctx, "walk", stuck{}); !errors.Is(err, context.Canceled) {
			t.Errorf("inside an iterator: %v", err)
		}
	})
	t.Run("check 101: 100 goroutines", func(t *testing.T) {
		policy := "f(1); f(2); allow(u: User, \"read\", _: Widget) if u.Admin;"
		o := newOso(t, policy)
		var wg sync.WaitGroup
		for g := range 100 {
			wg.Go(func() {
				for i := range 5 {
					ok, err := o.IsAllowed(&User{Admin: g%2 == 0}, "read", Widget{})
					if ok != (g%2 == 0) || err != nil {
						t.Errorf("got %v, %v", ok, err)
					}
					if got, err := collect(o.QueryRule("f", variable("x"))); got != "x:1\nx:2" || err != nil {
						t.Errorf("got %q, %v", got, err)
					}
					if got, err := o.AuthorizedActions(User{Admin: true}, Widget{}, false); len(got) != 1 || err != nil {
						t.Errorf("got %v, %v", got, err)
					}
					switch g {
					case 0:
						err = o.RegisterConstant(i, "C")
					case 1:
						err = o.ReplaceString(policy + fmt.Sprintf("g(%d);", i))
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
	})
}
