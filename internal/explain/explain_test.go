package explain_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/explain"
	"github.com/goso-project/goso/internal/wam"
)

// decide asks a rule, and returns the decision's text.
func decide(t *testing.T, policy string, without wam.Features, rule string, args ...wam.Value) string {
	t.Helper()
	e := engine.New(&engine.Registry{})
	if _, err := e.Load([]*diag.Source{diag.NewSource("", policy)}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
		t.Fatal(err)
	}
	q := e.Rule(rule)
	defer q.Close()
	for _, a := range args {
		if err := q.Arg(a); err != nil {
			t.Fatal(err)
		}
	}
	c := &explain.Collector{}
	q.Start(t.Context(), nil, engine.Options{Tracer: c, Without: without})
	found, err := q.Next()
	if err != nil {
		t.Fatal(err)
	}
	return c.Decision(found, q.Policy().Rules(), nil).String()
}

func TestReasons(t *testing.T) {
	for _, tt := range []struct {
		name, policy string
		args         []wam.Value
		want         string
	}{
		{"a fact", `f(1); f(2);`, []wam.Value{wam.IntValue(2)}, `
			allowed: f(2)
			  rule at 1:7: f(2);`},
		{"no fact", `f(1); f(2);`, []wam.Value{wam.IntValue(3)}, `
			denied: f(3)
			  does not match, rule at 1:1: f(1);
			  does not match, rule at 1:7: f(2);`},
		{"what was tried in vain is forgotten", `f() if a() and b(); f() if c(); a(); b() if false; c() if a() and a();`, nil, `
			allowed: f()
			  rule at 1:21: f() if c();
			    met at 1:28: c()
			      as c()
			      rule at 1:52: c() if a() and a();
			        met at 1:59: a()
			          as a()
			          rule at 1:33: a();
			        met at 1:67: a()
			          as a()
			          rule at 1:33: a();`},
		{"an earlier condition is met in another way", `f() if g(x) and h(x); g(1); g(2) if t(); g(3); h(2); t();`, nil, `
			allowed: f()
			  rule at 1:1: f() if g(x) and h(x);
			    met at 1:8: g(x)
			      as g(2)
			      rule at 1:29: g(2) if t();
			        met at 1:37: t()
			          as t()
			          rule at 1:54: t();
			    met at 1:17: h(x)
			      as h(2)
			      rule at 1:48: h(2);`},
		{"the same condition twice, the first is met again", `f() if t() and p() and p() and n(x) and x = 2; p() if t(); p() if t() and t(); t(); n(1); n(2);`, nil, `
			allowed: f()
			  rule at 1:1: f() if t() and p() and p() and n(x) and x = 2;
			    met at 1:8: t()
			      as t()
			      rule at 1:80: t();
			    met at 1:16: p()
			      as p()
			      rule at 1:48: p() if t();
			        met at 1:55: t()
			          as t()
			          rule at 1:80: t();
			    met at 1:24: p()
			      as p()
			      rule at 1:48: p() if t();
			        met at 1:55: t()
			          as t()
			          rule at 1:80: t();
			    met at 1:32: n(x)
			      as n(2)
			      rule at 1:91: n(2);`},
		{"alternatives in one rule", `f() if t() and (p() and false or q()) and t(); p() if t(); q(); t();`, nil, `
			allowed: f()
			  rule at 1:1: f() if t() and (p() and false or q()) and t();
			    met at 1:8: t()
			      as t()
			      rule at 1:65: t();
			    met at 1:34: q()
			      as q()
			      rule at 1:60: q();
			    met at 1:43: t()
			      as t()
			      rule at 1:65: t();`},
		{"cut, then alternatives at the same place", `f() if (t() or u()) and p() and cut and (q() and false or u()); p(); q(); t(); u();`, nil, `
			allowed: f()
			  rule at 1:1: f() if (t() or u()) and p() and cut and (q() and false or u());
			    met at 1:9: t()
			      as t()
			      rule at 1:75: t();
			    met at 1:25: p()
			      as p()
			      rule at 1:65: p();
			    met at 1:59: u()
			      as u()
			      rule at 1:80: u();`},
		{"elements", `f() if x in [1, 2, 3] and g(x) and y in [1, 2] and h(y) and x = 2; g(_); h(2);`, nil, `
			allowed: f()
			  rule at 1:1: f() if x in [1, 2, 3] and g(x) and y in [1, 2] and h(y) and x = 2;
			    met at 1:27: g(x)
			      as g(2)
			      rule at 1:68: g(_);
			    met at 1:52: h(y)
			      as h(2)
			      rule at 1:74: h(2);`},
		{"negation", `f() if not g() and t(); g() if t() and false; t();`, nil, `
			allowed: f()
			  rule at 1:1: f() if not g() and t();
			    met at 1:20: t()
			      as t()
			      rule at 1:47: t();`},
		{"negation of what holds", `f() if t() and not g() and t(); g() if t(); t();`, nil, `
			denied: f()
			  rule at 1:1: f() if t() and not g() and t();
			    failed at 1:16: not g()
			      met at 1:20: g()
			        as g()
			        rule at 1:33: g() if t();
			          met at 1:40: t()
			            as t()
			            rule at 1:45: t();`},
		{"the furthest of each rule", `f(x) if g(x, y) and y > 5; f(x) if h(x) and t(); g(1, 1); g(1, 2); h(2); t();`, []wam.Value{wam.IntValue(1)}, `
			denied: f(1)
			  rule at 1:1: f(x) if g(x, y) and y > 5;
			    failed at 1:21: y > 5
			  rule at 1:28: f(x) if h(x) and t();
			    failed at 1:36: h(x)
			      as h(1)
			      does not match, rule at 1:68: h(2);`},
		{"the deepest of the same condition", `f() if x in [1, 2] and g(x); g(1) if false; g(2) if t() and h(); h() if 1 = 2; t();`, nil, `
			denied: f()
			  rule at 1:1: f() if x in [1, 2] and g(x);
			    failed at 1:24: g(x)
			      as g(2)
			      rule at 1:45: g(2) if t() and h();
			        failed at 1:61: h()
			          as h()
			          rule at 1:66: h() if 1 = 2;
			            failed at 1:73: 1 = 2`},
		{"values are shown as far as they can be read", `f(x, y) if x = [1, *_] and y.a.b = 2;`, []wam.Value{
			wam.ListValue(wam.IntValue(1), wam.ListValue(wam.IntValue(2), wam.ListValue(wam.IntValue(3), wam.ListValue(wam.IntValue(4), wam.ListValue(wam.IntValue(5))))), wam.StringValue("é\n")),
			wam.MappingValue(&wam.Dict{Keys: []string{"a"}, Values: []wam.Value{wam.MappingValue(&wam.Dict{Keys: []string{"b"}, Values: []wam.Value{wam.IntValue(1)}})}}),
		}, `
			denied: f([1, [2, [3, [4, …]]], "é\n"], {a: {b: 1}})
			  rule at 1:1: f(x, y) if x = [1, *_] and y.a.b = 2;
			    failed at 1:28: y.a.b = 2`},
		{"what was unbound is shown as it became", `f(x) if g(x); g([1, 2]);`, []wam.Value{wam.VarValue("x")}, `
			allowed: f([1, 2])
			  rule at 1:1: f(x) if g(x);
			    met at 1:9: g(x)
			      as g([1, 2])
			      rule at 1:15: g([1, 2]);`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := strings.TrimPrefix(strings.ReplaceAll(tt.want, "\n\t\t\t", "\n"), "\n") + "\n"
			for _, without := range []wam.Features{0, wam.Scans, wam.CompiledHeads, wam.Indexes | wam.Selections, ^wam.Features(0)} {
				if diff := cmp.Diff(want, decide(t, tt.policy, without, "f", tt.args...)); diff != "" {
					t.Errorf("without %b (-want +got)\n%s", without, diff)
				}
			}
		})
	}
}

func TestReasonsAreBounded(t *testing.T) {
	policy := `f(0) if false; f(n) if n > 0 and g(n) and f(n - 1); g(_);`
	got := decide(t, policy, 0, "f", wam.IntValue(150_000))
	if n := strings.Count(got, "\n"); n > 2000 || !strings.HasSuffix(got, "…\n") {
		t.Errorf("%d lines, which end in %q", n, got[max(0, len(got)-20):])
	}
	var b strings.Builder
	for range 500 {
		b.WriteString("f(x) if x = 1;\n")
	}
	got = decide(t, b.String(), 0, "f", wam.IntValue(2))
	if n := strings.Count(got, "\n"); n > 200 || !strings.HasSuffix(got, "…\n") {
		t.Errorf("%d lines, which end in %q", n, got[max(0, len(got)-20):])
	}
}
