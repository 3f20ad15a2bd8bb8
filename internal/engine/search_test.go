package engine_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// Membership in a long literal list is found by hash: results, their number and order are those of looking at each element.
func TestMembershipByHashFindsWhatASearchFinds(t *testing.T) {
	var ints, mixed []string
	for i := range 40 {
		ints = append(ints, fmt.Sprint(i%13), fmt.Sprintf("%q", fmt.Sprint("s", i%7)), "true")
		mixed = append(mixed, fmt.Sprint(i%5), fmt.Sprint(i%5)+".0", fmt.Sprintf("[%d]", i%5))
	}
	policy := "f(x) if x in [" + strings.Join(ints, ", ") + "];\n" +
		"g(x) if x in [" + strings.Join(mixed, ", ") + "];\n" +
		"h(x, y) if x in [" + strings.Join(ints, ", ") + "] and y in [1, 2];\n"
	reg := &engine.Registry{}
	e := engine.New(reg)
	if _, err := e.Load([]*diag.Source{diag.NewSource("", policy)}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
		t.Fatal(err)
	}
	count := func(query string, without wam.Features) []string {
		q, err := e.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		defer q.Close()
		q.Start(t.Context(), nil, engine.Options{Without: without})
		results := []string{}
		for {
			more, err := q.Next()
			if err != nil {
				t.Fatalf("%s: %v", query, err)
			}
			if !more {
				return results
			}
			bindings, err := q.Bindings()
			if err != nil {
				t.Fatal(err)
			}
			line := ""
			for _, b := range bindings {
				line += b.Name + "=" + engine.Format(b.Value, nil) + " "
			}
			results = append(results, line)
		}
	}
	for _, query := range []string{`f(3)`, `f(3.0)`, `f("s4")`, `f("s" )`, `f(true)`, `f(false)`, `f(99)`, `f(2.5)`, `g(3)`, `g(3.0)`, `g([3])`,
		`h(5, y)`, `h("s6", y)`, `x in [5, "s6"] and h(x, y)`, `f(x) and x = 12`} {
		want := count(query, wam.Indexes|wam.CompiledHeads|wam.Selections|wam.InlineFields|wam.Scans|wam.Failures)
		if diff := cmp.Diff(want, count(query, 0)); diff != "" {
			t.Errorf("%s (-one by one +by hash):\n%s", query, diff)
		}
	}
}

// An index over thousands of rules with a literal and thousands without does not hold the latter once for each literal.
func TestManyRulesWithAndWithoutALiteral(t *testing.T) {
	var policy strings.Builder
	const n = 1500
	for i := range n {
		fmt.Fprintf(&policy, "f(\"k%d\", x) if x = [\"a%d\"]; f(_, x) if x = [\"b%d\"];\n", i, i, i)
	}
	h := newHost(t)
	e := load(t, h, policy.String())
	for _, query := range []string{`f("k7", x)`, `f("none", x)`, `f("k1499", x)`, `f("k1499", ["a1499"])`, `f(1, x)`, `f(1, ["b7"])`, `f("k7", ["a8"])`} {
		got, err := answers(t.Context(), t, e, h, query, engine.Options{})
		if err != nil {
			t.Fatal(err)
		}
		want, err := answers(t.Context(), t, e, h, query, engine.Options{Without: wam.Indexes | wam.Guards})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-without indexes +with)\n%s", query, diff)
		}
	}
	var before, after runtime.MemStats
	e = load(t, h, policy.String())
	for range 3 { // pools let go of the engine before
		runtime.GC()
	}
	runtime.ReadMemStats(&before)
	if _, err := answers(t.Context(), t, e, h, `f("k7", ["a7"])`, engine.Options{}); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1500*n {
		t.Errorf("the first query keeps %d bytes", grown)
	}
	runtime.KeepAlive(e)
}
