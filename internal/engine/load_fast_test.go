package engine

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/roles"
)

// bothWays loads sources the fast way and step by step, with forms and without, and compares what comes out. It reports whether the
// fast way was taken.
func bothWays(t *testing.T, sources []*diag.Source, reg *Registry, opts LoadOptions) bool {
	t.Helper()
	under := register(reg)
	opts.FormsFrom = math.MaxInt
	p, warnings, errs := EmptyPolicy().Load(sources, reg, opts)
	var want string
	opts.shop = usedWorkshop()
	for i, formsFrom := range []int{math.MaxInt, 1, 2} {
		opts.FormsFrom = formsFrom
		fast, fastWarnings, ok := loadFast(EmptyPolicy(), sources, under, nil, opts)
		if !ok && i == 0 {
			return false
		}
		if len(errs) > 0 {
			t.Errorf("the fast way overlooks %v", errs[0])
			return true
		}
		if i == 0 {
			st, err := compile(p, under, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			want = describeLoad(st, warnings)
		}
		if !ok {
			t.Errorf("with forms from %d, the fast way ends", formsFrom)
		} else if diff := cmp.Diff(want, describeLoad(fast, fastWarnings)); diff != "" {
			t.Errorf("step by step and the fast way with forms from %d differ (-step +fast)\n%s", formsFrom, diff)
		}
	}
	return true
}

// usedWorkshop returns memory that another load has used.
func usedWorkshop() *workshop {
	shop := &workshop{}
	policy := text(`actor User { roles = ["a"]; permissions = ["p"]; "p" if "a"; } has_role(u: User, "a", v: User) if u.Of in [v, [1, "x"]];
		f(x, "a") if g(x, _1) and not x.y.z = _1 + 2 or forall(x in [1], x = {k: "v"}); f(_: User, "b"); f(_: Repo, "c"); g(_: Integer, _: {a: 1}); f(_: Org, "d");
		allow(a, b, c) if has_permission(a, b, c); h(1.5, 99999999999);`)
	if _, _, ok := loadFast(EmptyPolicy(), policy, register(testRegistry()), nil, LoadOptions{FormsFrom: 2, shop: shop}); !ok {
		panic("the policy is wrong")
	}
	return shop
}

// describeLoad writes all that a load has made.
func describeLoad(st *state, warnings []*diag.Error) string {
	var b strings.Builder
	for _, w := range warnings {
		fmt.Fprintln(&b, w)
	}
	for i := range st.rules.len() {
		fmt.Fprintln(&b, st.rules.predicate(i), st.rules.nameAt(i).Start)
	}
	for _, f := range st.policy.Facts {
		fmt.Fprintln(&b, tableOf(f), f.Starts)
	}
	fmt.Fprintln(&b, st.policy.Actors, st.policy.Resources, len(st.policy.Inline), st.snapshot.Prog, placesOf(st))
	return b.String()
}

func TestRightPoliciesTakeTheFastWay(t *testing.T) {
	for _, policy := range []string{
		"",
		"allow(_, _, _);",
		`f(x) if g(x, "a;b") and x = [1, 2]; # f(x) if ;
		 g(_a, "\"),;(") if true; g({a: 1, b: [2, 3]}, _: Integer);`,
		"f();g( );h(x)if(x=1);\ufeff",
		"actor User { permissions = [\"a\"]; roles = [\"b\"]; \"a\" if \"b\"; } has_role(_: User, \"b\", _: User); allow(a, b, c) if has_permission(a, b, c);",
		"type f(x: Integer); f(_: Integer); f(1); ?= f(1);",
		strings.Repeat("f(1, \"a\");\n", 20) + "g(_: Nope);",
		strings.Repeat("f(1, \"a\");\n", 3) + "f(x, y) if x = y;" + strings.Repeat("f(2, 2.5);\n", 3),
	} {
		reg := testRegistry()
		if _, _, errs := EmptyPolicy().Load(text(policy), reg, LoadOptions{}); len(errs) > 0 {
			if bothWays(t, text(policy), reg, LoadOptions{}) {
				t.Errorf("%q is taken for right", policy)
			}
		} else if !bothWays(t, text(policy), reg, LoadOptions{}) {
			t.Errorf("%q does not take the fast way", policy)
		}
	}
}

// Whatever looks like a policy to who only skims it must not become one.
func TestWrongPoliciesDoNotTakeTheFastWay(t *testing.T) {
	for _, policy := range []string{
		"f(", "f(;", "f(1", "f(1));", "f(1) if ;", "f((1);", "f(1,);", "f(,);", "f(1 2);", "f(1)) if g(;", "f(\"a);", "f(1) g(2);", "f(x: ;);",
		"f(x);", "f(_) if g();", "f(x) if x = 1; f(y) if x = y;", "type f(x: Integer); f(\"a\");", "f(1) if x.;", "f(1);;", "f(1) if { a: 1;",
		"f(1); resource", "actor User { roles = [\"a\"]; \"a\" if \"b\"; }", "f(1) if \"\n\";", "f(\\1);", "f(1) 'a;",
		strings.Repeat("f(1);", 20) + "type f(x: String);", "f(1)(2);", "f([1)];",
	} {
		if bothWays(t, text(policy), testRegistry(), LoadOptions{}) {
			t.Errorf("%q takes the fast way", policy)
		}
	}
}

// The built-in roles add rules later on: calls of them are looked into.
func TestCallsOfBuiltInRolesAreNoErrors(t *testing.T) {
	policy := `resource(_: Integer, "i", ["a"], {}); f(a, b, c) if role_allows(a, b, c);`
	if !roles.IsEntry("role_allows", 3) {
		t.Fatal("role_allows is no rule of the roles")
	}
	e := New(testRegistry())
	if _, err := e.Load(text(policy), LoadOptions{}); err != nil {
		t.Error(err)
	}
}

// Dropping a policy compiles nothing: the state without rules is the same each time under a registry.
func TestStateWithoutRulesIsMadeOnce(t *testing.T) {
	e := New(testRegistry())
	first := e.state.Load().snapshot
	if _, err := e.Load(text(`f(1);`), LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	e.Clear()
	fork := e.Fork()
	if e.state.Load().snapshot != first || fork.state.Load().snapshot != first {
		t.Error("an empty policy was compiled again")
	}
	if n := e.Policy().Len(); n != 0 {
		t.Errorf("%d rules are left", n)
	}
}
