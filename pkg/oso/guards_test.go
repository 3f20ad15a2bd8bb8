package oso_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
)

type guardUser struct{ Name string }

type guardThing struct {
	N     int
	Text  string
	Owner *guardUser
	List  []int
	Same  int
	Any   any
	Self  *always
}

// Set is a method with an effect, which a sane application would not let a policy call.
func (t *guardThing) Set(n int) bool {
	t.N = n
	return true
}

// Put is another.
func (t *guardThing) Put(n int) bool {
	t.List = []int{n}
	return true
}

func guardOso(t *testing.T, policy string, options ...oso.Option) *oso.Oso {
	t.Helper()
	o, err := oso.New(append(options, oso.WithoutAllowWarning())...)
	must(t, err)
	must(t, o.RegisterClassWithName(guardThing{}, nil, "Thing"))
	must(t, o.RegisterClassWithName(guardUser{}, nil, "User"))
	must(t, o.LoadString(policy))
	return o
}

// What an earlier rule does to an object is seen by the later ones, although rules are told apart by its fields.
func TestMethodsMayChangeFieldsBetweenRules(t *testing.T) {
	for name, policy := range map[string]string{
		"two": `f(x: Thing) if x.N = 1 and x.Set(2) and false;
			f(x: Thing) if x.N = 2;`,
		"indexed": `f(x: Thing) if x.N = 1 and x.Set(12) and false;
			f(_: Thing) if false; f(x: Thing) if x.N = 3; f(x: Thing) if x.N = 4; f(x: Thing) if x.N = 5; f(x: Thing) if x.N = 6;
			f(x: Thing) if x.N = 7; f(x: Thing) if x.N = 8; f(x: Thing) if x.N = 9; f(x: Thing) if x.N = 10; f(x: Thing) if x.N = 12;`,
		"behind the call": `f(x) if g(x, y) and x.Set(y) and x.Text = "b";
			g(x: Thing, 2) if x.N = 1; g(x: Thing, 3) if x.N = 2 and x.Set(2) and x.Text = "a" and h(x);
			h(x) if x.Text = "a";
			f(x) if x.N = 3;`,
		"list": `f(x: Thing) if x.N = 1 and x.Put(2) and false;
			f(x: Thing) if n in x.List and n > 1 and x.Text = "a";
			f(x: Thing) if x.N = 3;`,
		"two fields": `f(x: Thing) if x.N = 1 and x.Set(2) and false;
			f(x: Thing) if x.N = x.Same;
			f(x: Thing) if x.N = 3;`,
	} {
		o := guardOso(t, policy)
		for range 2 {
			ok, err := o.QueryRuleOnce("f", &guardThing{N: 1, Text: "a", List: []int{0}, Same: 2})
			if !ok || err != nil {
				t.Errorf("%s: got %v, %v", name, ok, err)
			}
		}
	}
}

// What only the application can compare is left to the rules.
func TestConditionsOnFieldsThatCompareThemselves(t *testing.T) {
	o := guardOso(t, `f(x: Thing) if x.Any = "a"; f(x: Thing) if x.Any = "b" and false;
		n(x: Thing) if x.Any = 1; n(x: Thing) if x.Any = 2 and false;
		self(x: Thing) if x.Self = "a"; self(x: Thing) if x.Self = "b" and false;
		number(x: Thing) if x.Self = 1; number(x: Thing) if x.Self = 2 and false;
		both(x: Thing) if x.Any = x.Text; both(x: Thing) if x.Any = x.N;
		float(x: Thing, y) if x.Any = y; float(_: Thing, _) if false;`)
	for _, rule := range []string{"f", "n", "self", "number", "both"} {
		if ok, err := o.QueryRuleOnce(rule, &guardThing{Any: always{}, Self: &always{}}); !ok || err != nil {
			t.Errorf("%s: got %v, %v", rule, ok, err)
		}
	}
	if ok, err := o.QueryRuleOnce("float", &guardThing{Any: 1.5}, math.NaN()); ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
}

// always is equal to everything.
type always struct{}

func (always) Equal(any) bool { return true }
func (always) Lt(any) bool    { return false }

// A condition that fails hides no error of one before it.
func TestConditionsFailInOrder(t *testing.T) {
	o := guardOso(t, `
		f(x: Thing, _) if x.Missing = 1;
		f(x: Thing, act) if x.Text < 1 and act = "b";
		g(x: Thing, act) if x.Missing = 1 and act = "b";
		g(_: Thing, "c");
		h(x: Thing, act) if act = "b" and x.Missing = 1;
		h(_: Thing, "a");
		i(x: Thing, act) if x.Owner and act = "b";
		i(_: Thing, "a");`)
	for _, test := range []struct {
		rule, act string
		ok, fails bool
	}{{"f", "a", false, true}, {"g", "a", false, true}, {"h", "a", true, false}, {"h", "b", false, true}, {"i", "a", false, true}} {
		ok, err := o.QueryRuleOnce(test.rule, &guardThing{Text: "t", Owner: &guardUser{}}, test.act)
		if ok != test.ok || (err != nil) != test.fails {
			t.Errorf("%s(%s): got %v, %v", test.rule, test.act, ok, err)
		}
	}
}

// A tracer sees every rule whose head matches, also those that are left out when nobody watches.
func TestTracersSeeConditionsFail(t *testing.T) {
	entered := 0
	o := guardOso(t, `f(x: Thing) if x.N = 1; f(x: Thing) if x.N = 2; f(x: Thing) if x.Owner.Name = "a"; f(x: Thing) if x.Text = "a";`,
		oso.WithTracer(func(ev oso.TraceEvent) {
			if ev.Kind == oso.TraceEnter {
				entered++
			}
		}))
	ok, err := o.QueryRuleOnce("f", &guardThing{Text: "a", Owner: &guardUser{"b"}})
	if !ok || err != nil || entered != 4 {
		t.Errorf("got %v, %v, %d rules entered", ok, err, entered)
	}
}

// What the text of a query does to an object is seen by rules that are tried afterwards, although an index over its fields knows better.
func TestQueriesMayChangeFieldsBetweenRules(t *testing.T) {
	var policy strings.Builder
	for i := range 20 {
		fmt.Fprintf(&policy, "f(x: Thing, n) if x.N = %d and n = %d;\n", i, i)
	}
	o := guardOso(t, policy.String())
	thing := &guardThing{N: 1}
	must(t, o.RegisterConstant(thing, "thing"))
	for range 2 {
		thing.N = 1
		if got, err := collect(o.QueryStr("f(thing, n) and thing.Set(n + 2) and n > 14")); got != "n:15\nn:17\nn:19" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
	}
}

// Rules that an index finds are all tried, also where their order depends on the class of an argument.
func TestAllRulesOfAnIndexAreTried(t *testing.T) {
	var policy strings.Builder
	for i := range 10 {
		fmt.Fprintf(&policy, "f(x: Thing, n) if x.N = %[1]d and n = %[1]d;\nf(x: Setter, n) if x.N = %[1]d and n = -%[1]d;\n", i)
	}
	o, err := oso.New(oso.WithoutAllowWarning())
	must(t, err)
	must(t, o.RegisterClassWithName(guardThing{}, nil, "Thing"))
	must(t, oso.RegisterInterface[interface{ Set(n int) bool }](o, "Setter"))
	thing := &guardThing{}
	must(t, o.RegisterConstant(thing, "thing"))
	must(t, o.LoadString(policy.String()))
	for thing.N = range 10 {
		want := fmt.Sprintf("n:%d\nn:-%d", thing.N, thing.N)
		if thing.N == 0 {
			want = "n:0\nn:0"
		}
		if got, err := collect(o.QueryStr("f(thing, n)")); got != want || err != nil {
			t.Errorf("%d: got %q, %v", thing.N, got, err)
		}
	}
}
