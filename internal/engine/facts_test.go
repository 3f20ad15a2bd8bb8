package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/standin"
	"github.com/goso-project/goso/internal/wam"
)

const (
	always = 1       // LoadOptions.FactsFrom: all facts are tables
	never  = 1 << 30 // none are
)

// factHost knows the class A.
func factHost(t *testing.T) *standin.Host {
	h, err := standin.New([]standin.Class{{Name: "A"}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func loadFacts(t *testing.T, h *standin.Host, policy string, from int) *engine.Engine {
	t.Helper()
	e := engine.New(h.Registry())
	if _, err := e.Load([]*diag.Source{diag.NewSource("", policy)}, engine.LoadOptions{NoAllowWarning: true, FactsFrom: from}); err != nil {
		t.Fatalf("%v\n%s", err, policy)
	}
	return e
}

type factSteps []string

// Trace leaves out heads that do not match: how many of those are tried is the business of the machine.
func (s *factSteps) Trace(e wam.TraceEvent) {
	if e.Kind == wam.TraceEnter || e.Kind == wam.TraceFail {
		return
	}
	at := e.Span.Position()
	*s = append(*s, fmt.Sprintf("%d depth %d %s in %s at %d:%d-%d", e.Kind, e.Depth, e.Name, e.Rule, at.Line, at.Column, e.Span.EndPosition().Column))
}

// factAnswers returns the results of a query, or of a part of them, and its error; steps go to trace if that is not nil.
func factAnswers(t *testing.T, e *engine.Engine, h engine.Host, query string, without wam.Features, trace wam.Tracer) []string {
	t.Helper()
	q, err := e.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer q.Close()
	q.Start(t.Context(), h, engine.Options{Without: without, Tracer: trace})
	results := []string{}
	for len(results) < 100 {
		more, err := q.Next()
		if err != nil {
			return append(results, err.Error())
		}
		if !more {
			break
		}
		bindings, err := q.Bindings()
		if err != nil {
			return append(results, err.Error())
		}
		line := ""
		for _, b := range bindings {
			line += b.Name + "=" + engine.Format(b.Value, nil) + " "
		}
		results = append(results, line)
	}
	return results
}

// literals are what facts of the random policies hold, few enough to meet.
var literals = []string{`"a"`, `"b"`, `"c"`, `"d"`, `""`, `"ä"`, "0", "1", "2", "-1", "1.0", "1.5", "-0.0", "nan", "inf", "true", "false",
	"576460752303423487", "576460752303423488", "-576460752303423488", "576460752303423488.0", "-576460752303423488.0", "9223372036854775807", "9223372036854775807.0"}

// terms are what calls have beside literals.
var terms = []string{"x", "x", "y", "z", "_", `"z"`, "7", "[]", "[1]", "[*x]", "{a: 1}", "new A(a: 1)", "nil", "1.25"}

// A table answers as the same facts do as rules: results, their order, errors, and the steps that a tracer sees.
func TestTablesAnswerAsRulesDo(t *testing.T) {
	h := factHost(t)
	r := rand.New(rand.NewPCG(7, 11))
	some := func(list []string) string { return list[r.IntN(len(list))] }
	found, calls := 0, 0
	for range 60 {
		arity := 1 + r.IntN(3)
		few := make([]string, 2+r.IntN(6))
		for i := range few {
			few[i] = some(literals)
		}
		var policy strings.Builder
		for range 1 + r.IntN(60) {
			args := make([]string, arity)
			for i := range args {
				args[i] = some(few)
			}
			fmt.Fprintf(&policy, "f(%s);\n", strings.Join(args, ", "))
		}
		policy.WriteString("g(x, y) if f(" + strings.Join([]string{"x", "y", "_"}[:arity], ", ") + ") and y = y;\n")
		rules, table := loadFacts(t, h, policy.String(), never), loadFacts(t, h, policy.String(), always)
		if n := len(table.Policy().Facts); n != 1 {
			t.Fatalf("%d tables\n%s", n, policy.String())
		}
		for range 40 {
			args := make([]string, arity)
			for i := range args {
				args[i] = some(few)
				if r.IntN(2) == 0 {
					args[i] = some(terms)
				}
			}
			call := "f(" + strings.Join(args, ", ") + ")"
			query := call
			switch r.IntN(8) {
			case 0:
				query = "x > 0 and " + call
			case 1:
				query = "not " + call
			case 2:
				query = "x in [1, \"a\", 1.5] and " + call
			case 3:
				query = "x matches Integer and " + call + " and y = 1"
			case 4:
				query = "forall(" + call + ", x = 1 or x = 2)"
			case 5:
				query = call + " and cut"
			case 6:
				query = "g(" + some(few) + ", y)"
			}
			var seen, same factSteps
			want := factAnswers(t, rules, h, query, 0, &seen)
			found, calls = found+len(want), calls+1
			for name, without := range map[string]wam.Features{"all": 0, "no columns": wam.Columns, "no indexes": wam.Indexes, "nothing": ^wam.Features(0)} {
				if diff := cmp.Diff(want, factAnswers(t, table, h, query, without, nil)); diff != "" {
					t.Fatalf("%s%s with %s (-rules +table):\n%s", policy.String(), query, name, diff)
				}
			}
			factAnswers(t, table, h, query, 0, &same)
			if diff := cmp.Diff(seen, same); diff != "" {
				t.Fatalf("%s%s: steps (-rules +table):\n%s", policy.String(), query, diff)
			}
		}
	}
	if found < calls/2 {
		t.Errorf("%d calls found only %d results", calls, found)
	}
}

// A table of many rows is found through indexes, for whatever arguments are bound.
func TestTablesAreIndexedByWhatIsBound(t *testing.T) {
	h := factHost(t)
	var policy strings.Builder
	const n = 3000
	for i := range n {
		fmt.Fprintf(&policy, "f(\"same\", %d, %d.0, \"t%d\", %t);\n", i%7, i%500, i, i%2 == 0)
	}
	e := loadFacts(t, h, policy.String(), 0)
	if len(e.Policy().Facts) != 1 || e.Policy().Len() != n {
		t.Fatalf("%d tables, %d rules", len(e.Policy().Facts), e.Policy().Len())
	}
	tests := []struct {
		query string
		want  int
	}{
		{`f("same", _, _, "t77", _)`, 1}, {`f("other", _, _, "t77", _)`, 0}, {`f(_, _, _, "t3000", _)`, 0}, {`f(_, _, 77, _, _)`, 6},
		{`f(_, _, 77.0, _, _)`, 6}, {`f(_, 3, 77, _, _)`, 1}, {`f("same", 3, 3.0, _, false)`, 1}, {`f(_, 6, _, "t6", true)`, 1},
		{`f(_, 6, _, "t7", true)`, 0}, {`f(_, x, _, "t20", true) and x = 6`, 1}, {`f(_, 2, 9, _, x) and x = false`, 1},
	}
	var group sync.WaitGroup
	for i := range 4 { // indexes may be asked for by many at once
		group.Go(func() {
			for k := range tests {
				test := &tests[(k+3*i)%len(tests)]
				if got := factAnswers(t, e, h, test.query, 0, nil); len(got) != test.want {
					t.Errorf("%s has %d results, want %d: %v", test.query, len(got), test.want, got)
				}
			}
		})
	}
	group.Wait()
}

// tables returns the names and sizes of tables, and the other rules.
func tables(e *engine.Engine) string {
	var list []string
	for _, f := range e.Policy().Facts {
		list = append(list, fmt.Sprintf("%s/%d %d", f.Name, len(f.Columns), f.Len()))
	}
	list = append(list, "|")
	for _, r := range e.Policy().Rules() {
		list = append(list, ast.FormatRule(r))
	}
	return strings.Join(list, " ")
}

func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// Only predicates of many plain facts and nothing else are tables; the order of all rules is that of the text.
func TestWhatIsATable(t *testing.T) {
	h := factHost(t)
	for _, test := range []struct{ policy, want string }{
		{repeat(15, "f(%d);"), "| " + strings.TrimSuffix(repeat(15, "f(%d); "), " ")},
		{repeat(16, "f(%d);"), "f/1 16 |"},
		{repeat(16, "f(%d);") + `f(1, 2); g("a");`, `f/1 16 | f(1, 2); g("a");`},
		{repeat(3, "f(%d);") + "f(_: Integer);" + repeat(1, "f(-%d);"), "| f(0); f(1); f(2); f(_1: Integer{}); f(0);"},
		{repeat(16, "resource(%d, 1, 2, 3);")[:2*21], "| resource(0, 1, 2, 3); resource(1, 1, 2, 3);"},
		{"f(); f([1]); f({a: 1}); f(nil); f(1 + 2); f(x) if x = 1;", "| f(); f([1]); f({a: 1}); f(nil); f(_op_1) if 1 + 2 = _op_1; f(x) if x = 1;"},
	} {
		e := loadFacts(t, h, test.policy, 0)
		if got := strings.Join(strings.Fields(tables(e)), " "); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.policy, got, test.want)
		}
	}
	mixed := loadFacts(t, h, repeat(20, "f(%d);")+"f(x) if x = 99;"+repeat(20, "f(1%d);"), 0)
	if n := len(mixed.Policy().Facts); n != 0 || len(mixed.Policy().Rules()) != 41 {
		t.Errorf("%d tables, %d rules", n, len(mixed.Policy().Rules()))
	}
	if got := factAnswers(t, mixed, h, "f(x)", 0, nil); got[19] != "x=19 " || got[20] != "x=99 " || got[21] != "x=10 " {
		t.Errorf("order of results: %v", got)
	}
	text := "a(1);" + repeat(16, "f(%d);") + "b(2);" + repeat(2, "f(1%d);") + "c(3);"
	var all []string
	for _, r := range loadFacts(t, h, text, 0).Policy().All() {
		all = append(all, strings.TrimSpace(ast.FormatRule(r)))
	}
	if got := strings.Join(all, ""); got != text {
		t.Errorf("all rules: %s\nwant       %s", got, text)
	}
}

// What is wrong with a policy does not depend on how its facts are kept.
func TestErrorsOfTables(t *testing.T) {
	h := factHost(t)
	facts := repeat(20, "f(\"s%d\", 1);\n")
	for _, policy := range []string{
		"type f(a: Integer, b);\n" + facts,
		"type f(a: String, b: Integer);\n" + facts + "f(1, 1);\nf(2, 2);",
		"type f(a: String, b: Integer);\ntype g(a: String);\ng(1);\n" + facts + "f(1, 1);",
		"type f(a: String, b: Integer);\ntype g(a: String);\n" + facts + "f(1, 1);\ng(1);",
		"type f(a: String, b: Nope);\n" + facts,
		"type f(a);\n" + facts, repeat(20, "allow(%d, 1);"), repeat(20, "has_permission(%d, \"a\", 1);"),
		facts + "g(x) if fq(x);", facts + "g(x) if gg(x);", "h(x) if ff(x, 1);\n" + facts, facts + "g(x) if f(x, 1) and k(x);",
		facts + "f(1;", facts + "f(x, y);", facts + "f(9223372036854775808, 1);", facts + `f("a`, facts + "f(1, 2) if", "f(1, 2) g;" + facts,
		`resource A { relations = {parent: A}; roles = ["r"]; "r" if "r" on "parent"; }` + "\n" + facts,
		`resource A { relations = {parent: A}; roles = ["r"]; "r" if "r" on "parent"; }` + "\n" + repeat(20, "has_relation(%d, \"parent\", 1);\n"),
	} {
		var want string
		for _, from := range []int{never, always, 0} {
			e := engine.New(h.Registry())
			warnings, err := e.Load([]*diag.Source{diag.NewSource("a.polar", "x(1);"), diag.NewSource("b.polar", policy)}, engine.LoadOptions{FactsFrom: from})
			got := fmt.Sprint(err)
			if d, ok := err.(*diag.Error); ok {
				got = d.Error()
			}
			for _, w := range warnings {
				got += "\n" + w.Error()
			}
			if from == never {
				want = got
			} else if got != want {
				t.Errorf("%s\n got %s\nwant %s", policy, got, want)
			}
		}
	}
}

// Tables hold with another registry, and with the built-in roles, which define rules beside the policy's.
func TestTablesAreCompiledAgain(t *testing.T) {
	h := factHost(t)
	policy := repeat(20, "f(\"a%d\", 2.5);\n") + repeat(20, "user_in_role(%d, 1, 2);\n") + `
		resource(_: A, "a", ["read"], {member: {permissions: ["read"]}});
		actor_has_role_for_resource(_, "member", _);` + repeat(20, "parent_child(%d, 1);\n")
	e := loadFacts(t, h, policy, 0)
	ask := func() []string { return factAnswers(t, e, h, `f("a7", x) and parent_child(3, y)`, 0, nil) }
	want := []string{"x=2.5 y=1 "}
	if diff := cmp.Diff(want, ask()); diff != "" {
		t.Error(diff)
	}
	reg := *h.Registry()
	reg.Constants = map[string]wam.Value{"seven": wam.StringValue("seven")}
	e.SetRegistry(func() *engine.Registry { return &reg })
	if diff := cmp.Diff(want, ask()); diff != "" {
		t.Error(diff)
	}
	e.SetRegistry(h.Registry)
	if err := e.EnableRoles(nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, ask()); diff != "" {
		t.Error(diff)
	}
	if got := factAnswers(t, e, h, `user_in_role(3, 1, x)`, 0, nil); len(got) != 1 {
		t.Error(got)
	}
	e.Clear()
	if n := e.Policy().Len(); n != 0 {
		t.Errorf("%d rules", n)
	}
}

// The places of facts follow each other through sources, and the listing shows the facts.
func TestPlacesOfFacts(t *testing.T) {
	e := engine.New(nil)
	sources := []*diag.Source{diag.NewSource("a.polar", repeat(10, "f(%d);\n")+repeat(10, "g(%d, \"x\");\n")), diag.NewSource("b.polar", "# more\n"+repeat(10, " f(1%d);\n"))}
	if _, err := e.Load(sources, engine.LoadOptions{NoAllowWarning: true, FactsFrom: always}); err != nil {
		t.Fatal(err)
	}
	f := e.Policy().Facts[0]
	for row, want := range map[int]string{0: "a.polar 1:1", 9: "a.polar 10:1", 10: "b.polar 2:2", 19: "b.polar 11:2"} {
		at := f.Place(row)
		if got := fmt.Sprintf("%s %d:%d", at.Source.Name, at.Position().Line, at.Position().Column); got != want || at.Text() != "f" {
			t.Errorf("fact %d stands at %s, want %s", row, got, want)
		}
	}
	list := e.Disassemble()
	for _, want := range []string{"f/1\n  fact 1 at line 1, column 1  0\n", "g/2\n  fact 1 at line 11, column 1  0, \"x\"\n"} {
		if !strings.Contains(list, want) {
			t.Errorf("the listing lacks %q:\n%s", want, list)
		}
	}
	if code.FactBase >= code.ParamBase {
		t.Error("addresses of facts overlap those of parameters")
	}
}
