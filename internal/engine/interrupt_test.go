package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// endingContext is over once somebody has looked at it so many times.
type endingContext struct {
	context.Context
	looks, left int
}

func (c *endingContext) Err() error {
	c.looks++
	if c.looks > c.left {
		return context.Canceled
	}
	return nil
}

// A query that has to build indexes looks at its context meanwhile. Where it ends, nothing half-built is left: the next query is
// answered as if it were the first.
func TestIndexesAreGivenUpWithTheQuery(t *testing.T) {
	const n = 20_000
	for _, test := range []struct {
		name, rules, query string // rules are written n times
		want               []string
		looks              int // at least
	}{
		{"facts, one argument", `f(%[1]d, "a", %[3]d);`, `f(19999, x, _)`, []string{`x = "a"`}, 3 * n / 4096},
		{"facts, two arguments", `f(%[2]d, %[3]d, "a");`, `f(56, 100, x)`, []string{`x = "a"`}, 5 * n / 4096},
		{"facts that no argument tells apart", `f(1, "a", %[1]d, %[3]d);`, `f(2, x, _, _)`, nil, n / 4096},
		{"rules, one argument", `f(%[1]d, x) if x = "a" and %[3]d >= 0;`, `f(19999, x)`, []string{`x = "a"`}, n / 4096},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHost(t)
			var policy strings.Builder
			for i := range n {
				fmt.Fprintf(&policy, test.rules, i, i/177, i%177)
			}
			for left := 2; left < 1000; left *= 2 {
				e := load(t, h, policy.String())
				ctx := &endingContext{Context: t.Context(), left: left}
				got, err := answers(ctx, t, e, h, test.query, engine.Options{})
				again, errAgain := answers(t.Context(), t, e, h, test.query, engine.Options{})
				if diff := cmp.Diff(test.want, again); diff != "" || errAgain != nil {
					t.Fatalf("after a query that ended at look %d: %v\n%s", left, errAgain, diff)
				}
				if err == nil {
					if diff := cmp.Diff(test.want, got); diff != "" {
						t.Error(diff)
					}
					if ctx.looks < test.looks {
						t.Errorf("looked %d times at the context, want %d", ctx.looks, test.looks)
					}
					break
				}
				if !errors.Is(err, context.Canceled) || len(got) > 0 {
					t.Fatalf("ended at look %d: %v, %v", left, got, err)
				}
			}
		})
	}
}

// So does the call that a rule query consists of, however soon it comes to such work.
func TestTheFirstCallLooksAtItsContext(t *testing.T) {
	const n = 20_000
	var policy strings.Builder
	for i := range n {
		fmt.Fprintf(&policy, "f(%d, \"a\");\n", i)
	}
	h := newHost(t)
	e := load(t, h, policy.String())
	ctx := &endingContext{Context: t.Context(), left: 2}
	q := e.Rule("f")
	defer q.Close()
	for _, v := range []wam.Value{wam.IntValue(n), wam.VarValue("x")} {
		if err := q.Arg(v); err != nil {
			t.Fatal(err)
		}
	}
	q.Start(ctx, h, engine.Options{})
	if found, err := q.Next(); found || !errors.Is(err, context.Canceled) {
		t.Errorf("got %t, %v", found, err)
	}
}
