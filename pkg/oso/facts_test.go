package oso_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/types"
)

// factPolicy writes random facts of a predicate f; strange ones among them if they may be.
func factPolicy(rnd *rand.Rand, arity, n int, strange bool) string {
	literals := []string{`"a"`, `"b"`, `"c"`, `"d"`, `""`, `"ä"`, "0", "1", "2", "-1"}
	if strange {
		literals = append(literals, "1.0", "0.5", "true", "false", "9223372036854775807", "-576460752303423488.0", "nan")
	}
	var policy strings.Builder
	for range n {
		var params []string
		for range arity {
			params = append(params, literals[rnd.IntN(len(literals))])
		}
		fmt.Fprintf(&policy, "f(%s);\n", strings.Join(params, ", "))
	}
	return policy.String()
}

// readQuery is what came of a query.
type readQuery struct {
	Results []string
	Err     string
}

// read reads a query to its end.
func read(q *oso.Query, err error) (o readQuery) {
	for err == nil {
		var r *map[string]any
		if r, err = q.Next(); r == nil {
			break
		}
		o.Results = append(o.Results, fmt.Sprintf("%#v", *r))
	}
	if err != nil {
		o.Err = err.Error()
	}
	return o
}

// Facts are found without a query that runs, and are the same, in the same order.
func TestFactsAreFoundAsQueriesFindThem(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	args := []any{"a", "b", "", "ä", "unheard of", "\xff", 0, 1, -1, 1.0, true, role("a"), nil, []int{1}, []any{types.Variable("x")},
		types.Variable("x"), types.Variable("x"), types.Variable("x"), types.Variable("x"), types.Variable("y"), types.Variable("y"), types.Variable("z"), types.Variable("_x"), types.Variable("_"), types.Variable("")}
	found := 0
	for range 300 {
		arity := rnd.IntN(6)
		policy := factPolicy(rnd, arity, []int{1, 3, 12, 17, 40, 200}[rnd.IntN(6)], rnd.IntN(2) == 0)
		direct := newOso(t, policy)
		watched := newOso(t, policy, oso.WithTracer(func(oso.TraceEvent) {})) // so every query runs
		for range 40 {
			var with []any
			for range arity {
				with = append(with, args[rnd.IntN(len(args))])
			}
			got := read(direct.NewQueryFromRule("f", with...))
			want := read(watched.NewQueryFromRule("f", with...))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%sf(%#v) (- as a query, + found):\n%s", policy, with, diff)
			}
			found += len(got.Results)
		}
	}
	if found < 10_000 {
		t.Errorf("only %d results", found)
	}
}

// ownedFacts are enough facts for a table.
var ownedFacts = `owns("d1", "u1"); owns("d2", "u1"); owns("d3", "u2"); owns("d4", "u1"); owns(1, "u3"); owns(2.5, "u3"); owns(true, "u3");` +
	strings.Repeat(`owns("d5", "u4");`, 100)

// newOwned returns an Oso with these facts, of which some have been asked for: the first query makes the index.
func newOwned(t *testing.T, options ...oso.Option) *oso.Oso {
	o := newOso(t, ownedFacts, options...)
	read(o.NewQueryFromRule("owns", types.Variable("what"), "u1"))
	return o
}

// What can be done with a query can be done with one whose results have been found.
func TestFoundFactsAreAQuery(t *testing.T) {
	o := newOwned(t)
	ask := func() *oso.Query {
		t.Helper()
		q, err := o.NewQueryFromRule("owns", types.Variable("what"), "u1")
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	all := readQuery{Results: []string{`map[string]interface {}{"what":"d1"}`, `map[string]interface {}{"what":"d2"}`, `map[string]interface {}{"what":"d4"}`}}
	check := func(name string, got, want readQuery) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}

	check("all", read(ask(), nil), all)

	q := ask()
	results, err := q.GetAllResults()
	if want := []map[string]any{{"what": "d1"}, {"what": "d2"}, {"what": "d4"}}; err != nil || !cmp.Equal(results, want) {
		t.Errorf("GetAllResults: %v, %v", results, err)
	}
	check("after the end", read(q, nil), readQuery{})

	q = ask()
	first, _ := q.Next()
	second, _ := q.Next()
	if (*first)["what"] != "d1" || (*second)["what"] != "d2" {
		t.Errorf("the first results became %v, %v", *first, *second)
	}
	q.Cleanup()
	q.Cleanup()
	check("after Cleanup", read(q, nil), readQuery{})

	q = ask()
	for range q.All() {
		break
	}
	check("after a loop that was left", read(q, nil), readQuery{})

	q = ask()
	if err := o.ClearRules(); err != nil {
		t.Fatal(err)
	}
	check("of a policy that is gone", read(q, nil), all)
	check("afterwards", read(o.NewQueryFromRule("owns", types.Variable("what"), "u1")), readQuery{Err: "Query for undefined rule `owns`"})
}

// Bind works as in other queries, on the policy that the query began with.
func TestFoundFactsCanBeBound(t *testing.T) {
	str := func(s string) *types.Term { return &types.Term{Value: types.Value{ValueVariant: types.ValueString(s)}} }
	for _, test := range []struct {
		name  string
		value *types.Term
		want  []string
	}{
		{"what", str("d2"), []string{`map[string]interface {}{"what":"d2"}`}},
		{"what", str("d3"), nil},
		{"what", str("unheard of"), nil},
		{"other", str("d2"), []string{`map[string]interface {}{"other":"d2", "what":"d1"}`, `map[string]interface {}{"other":"d2", "what":"d2"}`, `map[string]interface {}{"other":"d2", "what":"d4"}`}},
	} {
		var got [2]readQuery
		for i, option := range [][]oso.Option{nil, {oso.WithTracer(func(oso.TraceEvent) {})}} {
			o := newOwned(t, option...)
			q, err := o.NewQueryFromRule("owns", types.Variable("what"), "u1")
			if err != nil {
				t.Fatal(err)
			}
			if err := o.ClearRules(); err != nil {
				t.Fatal(err)
			}
			if err := q.Bind(test.name, test.value); err != nil {
				t.Fatal(err)
			}
			got[i] = read(q, nil)
			if err := q.Bind(test.name, test.value); err == nil {
				t.Error("a finished query can be bound")
			}
		}
		if want := (readQuery{Results: test.want}); !cmp.Equal(got[0], want) || !cmp.Equal(got[1], want) {
			t.Errorf("%s bound: found %v, as a query %v, want %v", test.name, got[0], got[1], want)
		}
	}
	q, err := newOwned(t).NewQueryFromRule("owns", types.Variable("what"), "unheard of")
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Bind("what", str("d1")); err != nil {
		t.Error(err)
	}
	if got := read(q, nil); !cmp.Equal(got, readQuery{}) {
		t.Errorf("bound where there are no facts: %v", got)
	}
	q, err = newOwned(t).NewQueryFromRule("owns", types.Variable("what"), "u1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Next(); err != nil {
		t.Fatal(err)
	}
	if err := q.Bind("what", str("d2")); err == nil {
		t.Error("a query can be bound after its first result")
	}
}

// A query ends with its context, also between facts that were found before.
func TestFoundFactsEndWithTheirContext(t *testing.T) {
	o := newOwned(t)
	ctx, cancel := context.WithCancel(t.Context())
	q, err := o.NewQueryFromRuleContext(ctx, "owns", types.Variable("what"), "u1")
	if err != nil {
		t.Fatal(err)
	}
	if r, err := q.Next(); r == nil || err != nil {
		t.Fatal(r, err)
	}
	cancel()
	for range 2 {
		if r, err := q.Next(); r != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("after its context: %v, %v", r, err)
		}
	}
}

// What the machine takes a session for, it takes for facts, too.
func TestFactsInASession(t *testing.T) {
	s, err := newOwned(t).NewSession(t.Context(), "owns", types.Variable("what"), "u3")
	if err != nil {
		t.Fatal(err)
	}
	var got []any
	for {
		step, err := s.Step()
		if err != nil {
			t.Fatal(err)
		}
		if step.Result == nil {
			break
		}
		got = append(got, step.Result["what"])
	}
	if want := []any{int64(1), 2.5, true}; !cmp.Equal(got, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
}
