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
	literals := []string{`"a"`, `"b"`, `""`, `"ä"`, "0", "1", "-1", "1.0", "0.5", "true", "false", "x", "_", fmt.Sprint(math.MaxInt), fmt.Sprint(int64(-1 << 59)), "-576460752303423488.0"}
	args := []any{"a", "b", "", "ä", "unheard of", "\xff", 0, 1, -1, 2, math.MaxInt, math.MinInt, math.MinInt >> 4, 1.0, 0.5, int8(1), true, role("a"), nil, []int{1}, &struct{}{}}
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

// Questions about rules that only compare arguments are answered without a query, and the same, errors among them.
func TestRulesAboutArgumentsAreDecidedAsQueriesAre(t *testing.T) {
	args := []any{"a", "b", "", "ä", "zz", "\xff", 0, 1, -1, 2, 5, math.MaxInt, math.MinInt, 1.0, true, role("a"), nil, []int{1}, &struct{}{}}
	rnd := rand.New(rand.NewPCG(11, 2))
	pick := func(from ...string) string { return from[rnd.IntN(len(from))] }
	literal := func() string {
		return pick(`"a"`, `"b"`, `""`, `"ä"`, "0", "1", "1", "2", "-1", "1.0", "0.5", "true", "false", fmt.Sprint(math.MaxInt))
	}
	list := func() string {
		var items []string
		for range []int{0, 1, 2, 3, 5, 15, 16, 20}[rnd.IntN(8)] {
			item := pick(`"a"`, `"b"`, "1", "2", "true")
			if rnd.IntN(3) > 0 {
				item = fmt.Sprint(100 + rnd.IntN(30))
			}
			if rnd.IntN(30) == 0 {
				item = pick("1.0", "[1]", "nil", "x")
			}
			items = append(items, item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	granted, failed := 0, 0
	for range 600 {
		var policy strings.Builder
		for range 1 + rnd.IntN(5) {
			var params, conditions []string
			for _, v := range []string{"x", "y", "z"} {
				param := pick(v, v, v, v+": String", v+": Integer", v+": Float", literal(), v+": "+literal())
				params = append(params, param)
				if strings.HasPrefix(param, v) {
					conditions = append(conditions, v+" = "+v) // so that it does not stand alone
				}
			}
			for range rnd.IntN(4) {
				v, w := pick("x", "y", "z"), pick("x", "y", "z")
				conditions = append(conditions, pick(v+" = "+literal(), literal()+" = "+v, v+" = "+w, v+" == "+w, v+" != "+literal(), v+" > "+literal(), v+" <= "+w,
					v+" in "+list(), v+" in "+list(), v+" in "+list(), v, "not "+v+" = "+w, v+" in "+w, "1 in "+list(), v+".Kind = 1"))
			}
			rnd.Shuffle(len(conditions), func(i, k int) { conditions[i], conditions[k] = conditions[k], conditions[i] })
			if len(conditions) == 0 {
				conditions = []string{"1 = 1"}
			}
			all := strings.Join(conditions, " and ")
			for i, v := range []string{"x", "y", "z"} { // a variable that the head does not have
				if strings.Contains(all, v) && !strings.HasPrefix(params[i], v) {
					params[i] = v
				}
			}
			fmt.Fprintf(&policy, "f(%s) if %s;\n", strings.Join(params, ", "), all)
		}
		direct, err := tryOso(policy.String())
		if err != nil {
			t.Fatalf("%s%v", policy.String(), err)
		}
		watched := newOso(t, policy.String(), oso.WithTracer(func(oso.TraceEvent) {})) // so every question is a query
		for range 60 {
			var with []any
			for range 3 {
				arg := args[rnd.IntN(len(args))]
				if rnd.IntN(6) == 0 {
					arg = 100 + rnd.IntN(32)
				} else if rnd.IntN(2) == 0 {
					arg = args[rnd.IntN(11)]
				}
				with = append(with, arg)
			}
			got, err := direct.QueryRuleOnce("f", with...)
			want, wantErr := watched.QueryRuleOnce("f", with...)
			if got != want || firstLine(err) != firstLine(wantErr) {
				t.Fatalf("%sf(%#v) is %t, %v; as a query %t, %v", policy.String(), with, got, err, want, wantErr)
			}
			if got {
				granted++
			}
			if err != nil {
				failed++
			}
		}
	}
	if granted < 2000 || failed < 2000 {
		t.Errorf("only %d grants and %d errors", granted, failed)
	}
}

// tryOso returns an Oso with a policy.
func tryOso(policy string) (*oso.Oso, error) {
	o, err := oso.New(oso.WithMessageHandler(func(oso.Message) {}))
	if err != nil {
		return nil, err
	}
	return o, o.LoadString(policy)
}

// firstLine returns the first line of an error, which may show addresses further on.
func firstLine(err error) string {
	line, _, _ := strings.Cut(fmt.Sprint(err), "\n")
	return line
}
