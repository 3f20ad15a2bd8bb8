package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// Conditions on one unbound variable are neither compared with all before them, nor is what is known of the variable copied for each:
// either would take seconds.
func TestManyConditionsTakeLinearTime(t *testing.T) {
	const n = 4_000
	for _, condition := range []string{"x != %d", "x.f%d > 1", "x.f%d = 1", "1 in x.f%d", "not x.f%d = 1", "x > %[1]d and x > %[1]d"} {
		t.Run(condition, func(t *testing.T) {
			var rule strings.Builder
			for i := range n {
				fmt.Fprintf(&rule, " and "+condition, i)
			}
			e := engine.New(&engine.Registry{})
			source := diag.NewSource("", "f(x) if "+strings.TrimPrefix(rule.String(), " and ")+";")
			if _, err := e.Load([]*diag.Source{source}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			q := e.Rule("f")
			defer q.Close()
			if err := q.Arg(wam.VarValue("x")); err != nil {
				t.Fatal(err)
			}
			q.Start(ctx, nil, engine.Options{})
			if found, err := q.Next(); err != nil || !found {
				t.Fatal(found, err)
			}
			bindings, err := q.Bindings()
			if err != nil || len(bindings) != 1 {
				t.Fatal(bindings, err)
			}
			if got := len(bindings[0].Value.Ref.(*wam.Expr).Args); got != n {
				t.Errorf("%d conditions are left, want %d", got, n)
			}
		})
	}
}

// What alternatives add to a store of many conditions is gone when they have failed, and is found again when it is there.
func TestManyConditionsAreUndone(t *testing.T) {
	var rule strings.Builder
	rule.WriteString("f(x) if ")
	for i := range 100 {
		fmt.Fprintf(&rule, "x != %d and ", i)
	}
	// Each alternative adds 50 conditions of its own, and one that is there.
	rule.WriteString("a in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] and more(x, a, 50) and x != 7;")
	rule.WriteString("more(x, a, n) if n > 0 and x != a * 1000 + n and more(x, a, n - 1); more(_x, _a, 0);")
	e := engine.New(&engine.Registry{})
	if _, err := e.Load([]*diag.Source{diag.NewSource("", rule.String())}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
		t.Fatal(err)
	}
	q := e.Rule("f")
	defer q.Close()
	if err := q.Arg(wam.VarValue("x")); err != nil {
		t.Fatal(err)
	}
	q.Start(t.Context(), nil, engine.Options{})
	for a := 1; a <= 10; a++ {
		if found, err := q.Next(); err != nil || !found {
			t.Fatal(found, err)
		}
		bindings, err := q.Bindings()
		if err != nil {
			t.Fatal(err)
		}
		args := bindings[0].Value.Ref.(*wam.Expr).Args
		if len(args) != 150 {
			t.Fatalf("alternative %d has %d conditions, want 150", a, len(args))
		}
		for i, c := range args[100:] {
			if got, want := c.Ref.(*wam.Expr).Args[1].Int(), int64(a*1000+50-i); got != want {
				t.Errorf("condition %d of alternative %d speaks of %d, want %d", 100+i, a, got, want)
			}
		}
	}
	if found, err := q.Next(); err != nil || found {
		t.Error(found, err)
	}
}
