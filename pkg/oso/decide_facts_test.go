package oso_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
)

type role string

// Questions about facts are answered without a query, and the same.
func TestFactsAreDecidedAsQueriesAre(t *testing.T) {
	literals := []string{`"a"`, `"b"`, `""`, `"ä"`, "0", "1", "-1", "1.0", "0.5", "true", "false", "x", "_", fmt.Sprint(math.MaxInt), fmt.Sprint(-1 << 59), "-576460752303423488.0"}
	args := []any{"a", "b", "", "ä", "unheard of", "\xff", 0, 1, -1, 2, math.MaxInt, math.MinInt, -1 << 59, 1.0, 0.5, int8(1), true, role("a"), nil, []int{1}, &struct{}{}}
	rnd := rand.New(rand.NewPCG(1, 2))
	pick := func(from []string) string { return from[rnd.IntN(len(from))] }
	for range 300 {
		var policy strings.Builder
		arity := rnd.IntN(4)
		n := []int{1, 3, 8, 12, 40}[rnd.IntN(5)]
		plain := literals
		if rnd.IntN(2) == 0 {
			plain = literals[:4+rnd.IntN(7)]
		}
		for range n {
			var params []string
			for range arity {
				params = append(params, pick(plain))
			}
			if list := strings.Join(params, ", "); strings.Count(list, "x") > 1 {
				fmt.Fprintf(&policy, "f(%s);\n", list)
			} else {
				fmt.Fprintf(&policy, "f(%s);\n", strings.ReplaceAll(list, "x", "_"))
			}
		}
		direct := newOso(t, policy.String())
		watched := newOso(t, policy.String(), oso.WithTracer(func(oso.TraceEvent) {})) // so every question is a query
		for range 40 {
			var with []any
			for range arity {
				with = append(with, args[rnd.IntN(len(args))])
			}
			got, err := direct.QueryRuleOnce("f", with...)
			want, wantErr := watched.QueryRuleOnce("f", with...)
			if got != want || fmt.Sprint(err) != fmt.Sprint(wantErr) {
				t.Fatalf("%sf(%#v) is %t, %v; as a query %t, %v", policy.String(), with, got, err, want, wantErr)
			}
		}
	}
}
