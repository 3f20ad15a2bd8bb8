package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/check"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/parser"
	"github.com/goso-project/goso/internal/rewrite"
)

// world has Fruit > Citrus > Orange and Other beside the built-in classes, a constant nil, and the actor Fruit.
func world() *check.World {
	classes := map[string][]string{"Fruit": {"Fruit"}, "Citrus": {"Citrus", "Fruit"}, "Orange": {"Orange", "Citrus", "Fruit"}, "Other": {"Other"}}
	for _, name := range []string{"Boolean", "Integer", "Float", "String", "List", "Dictionary"} {
		classes[name] = []string{name}
	}
	return &check.World{
		Registered: func(name string) bool { return classes[name] != nil || name == "nil" },
		Ancestors:  func(name string) ([]string, bool) { a, ok := classes[name]; return a, ok },
		Actors:     map[string]bool{"Citrus": true},
		Resources:  map[string]bool{"Citrus": true, "Other": true},
	}
}

func items(t *testing.T, text string) []ast.Item {
	t.Helper()
	file, err := parser.Policy(diag.NewSource("", text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return file.Items
}

func rule(t *testing.T, text string) *ast.Rule {
	t.Helper()
	return items(t, text)[0].(*ast.Rule)
}

func describe(errors []*diag.Error) (out []string) {
	for _, e := range errors {
		_, kind, _ := strings.Cut(string(e.Kind), "::")
		out = append(out, fmt.Sprintf("%s at %d", kind, e.Span.Position().Column))
	}
	return out
}

func TestRule(t *testing.T) {
	tests := []struct {
		text             string
		warnings, errors []string
	}{
		{text: `f(x) if x;`},
		{text: `f(x);`, errors: []string{"SingletonVariable at 3"}},
		{text: `f(_, _x, __) if a::b = 1;`},
		{text: `f([*r]);`, errors: []string{"SingletonVariable at 4"}},
		{text: `f([*Actor], Actor, _: Resource);`, errors: []string{"SingletonVariable at 4"}},
		{text: `f(nil, Fruit);`},
		{text: `f(x) if g(y) and h(z);`, errors: []string{"SingletonVariable at 3", "SingletonVariable at 11", "SingletonVariable at 20"}},
		{text: `f(x) if x.m(a: y) = new Foo(b: z) and x = {c};`, errors: []string{"SingletonVariable at 16", "SingletonVariable at 32", "SingletonVariable at 44"}},
		{text: `f(x) if x.(k);`, errors: []string{"SingletonVariable at 11"}},
		{text: `f(_: Foo);`, warnings: []string{"UnknownSpecializer at 6"}},
		{text: `f(_: Foo, _: Foo);`, warnings: []string{"UnknownSpecializer at 6"}},
		{text: `f(x) if x matches Foo{a: Bar{}};`, warnings: []string{"UnknownSpecializer at 19", "UnknownSpecializer at 26"}},
		{text: `f(x: x);`},
		{text: `f(x) if x = 1 and x = 2 or x = 3;`, warnings: []string{"AmbiguousPrecedence at 9"}},
		{text: `f(x) if x = 1 or x = 2 and x = 3;`, warnings: []string{"AmbiguousPrecedence at 18"}},
		{text: `f(x) if (x = 1 and x = 2) or x = 3;`},
		{text: `f(x) if x = 1 and (x or x) and not (x and x or x);`},
		{text: "f(x) if (# why\n x and x) or x;"},
		{text: `f(x) if not (x or (x and x or x));`},
		{text: `f(x) if forall(x, x or x and x);`, warnings: []string{"AmbiguousPrecedence at 24"}},
		{text: `f(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s) if a and b and c and d and e and f and g and h and i and j and k and l and m and n and o and p and q and r;`,
			errors: []string{"SingletonVariable at 57"}},
	}
	for _, test := range tests {
		warnings, errors := world().Rule(rule(t, test.text))
		if diff := cmp.Diff(test.warnings, describe(warnings)); diff != "" {
			t.Errorf("%s: warnings (-want +got)\n%s", test.text, diff)
		}
		if diff := cmp.Diff(test.errors, describe(errors)); diff != "" {
			t.Errorf("%s: errors (-want +got)\n%s", test.text, diff)
		}
	}
}

func TestUnknownSpecializerSuggestsBuiltInClasses(t *testing.T) {
	for name, want := range map[string]string{"int": "Integer", "double": "Float", "str": "String", "Array": "List", "HashMap": "Dictionary", "foo": ""} {
		warnings, _ := world().Rule(rule(t, "f(_: "+name+");"))
		text := "Unknown specializer " + name
		if want != "" {
			text += ", did you mean " + want + "?"
		}
		if len(warnings) != 1 || warnings[0].Message != text {
			t.Errorf("%s: got %v, want %q", name, warnings, text)
		}
	}
}

func TestWithoutClassesNothingIsUnknown(t *testing.T) {
	w := world()
	w.IgnoreClasses = true
	warnings, errors := w.Rule(rule(t, "f(x: Foo, y);"))
	if got := describe(append(warnings, errors...)); !slices.Equal(got, []string{"SingletonVariable at 3", "SingletonVariable at 11"}) {
		t.Error(got)
	}
}

// TestTypes loads rule types and one rule; want is the kind of the error, or empty.
func TestTypes(t *testing.T) {
	const invalid, invalidType, unregistered = "InvalidRule", "InvalidRuleType", "UnregisteredClass"
	tests := []struct{ text, want string }{
		{`g(1);`, ""},
		{`type f(x); f(1, 2);`, invalid},
		{`type f(x, y); type f(x); f(1);`, ""},
		{`type f(x); f(_: Other);`, ""},
		{`type f(x); f([1]);`, ""},
		{`type f(x: Fruit); f(_: Orange);`, ""},
		{`type f(x: Orange); f(_: Fruit);`, invalid},
		{`type f(x: Fruit); f(_);`, invalid},
		{`type f(x: Fruit); f(1);`, invalid},
		{`type f(x: Fruit); f(_: nil);`, invalid},
		{`type f(x: nil); f(_: Fruit);`, invalid},
		{`type f(x: nil); f(_: nil);`, ""},
		{`type f(x: Nope); f(_: Nope);`, ""},
		{`type f(x: Nope); f(_: Fruit);`, unregistered},
		{`type f(x: Nope); f(1);`, unregistered},
		{`type f(x: Nope); f(_: {a: 1});`, invalid},
		{`type f(x); type f(x: Nope); f(_: Fruit);`, unregistered},
		{`type f("a", x: Nope); f("b", 1);`, unregistered},
		{`type f(x: Fruit{a: 1}); f(_: Citrus{a: 1, b: 2});`, ""},
		{`type f(x: Fruit{a: 1}); f(_: Citrus{b: 2});`, invalid},
		{`type f(x: Fruit{a: 1}); f(_: Fruit{a: 2});`, invalid},
		{`type f(x: Actor); f(_: Orange);`, ""},
		{`type f(x: Actor); f(_: Fruit);`, invalid},
		{`type f(x: Actor); f(_: Other);`, invalid},
		{`type f(x: Resource); f(_: Other);`, ""},
		{`type f(x: Resource); f(_: Actor);`, invalid},
		{`type f(x: Resource); f(_: Resource);`, ""},
		{`type f(x: {a: 1}); f(_: {a: 1, b: 2});`, ""},
		{`type f(x: {a: 1}); f(_: Fruit{a: 1});`, ""},
		{`type f(x: {a: 1}); f({a: 1});`, ""},
		{`type f(x: {a: 1}); f({b: 1});`, invalid},
		{`type f(x: {a: 1}); f(1);`, invalid},
		{`type f(x: Dictionary{a: 1}); f(_: {a: 1.0});`, ""},
		{`type f(x: Fruit); f(_: {a: 1});`, invalid},
		{`type f(x: Dictionary); f({a: 1});`, ""},
		{`type f(x: String); f("a");`, ""},
		{`type f(x: Integer); f(_: 1);`, ""},
		{`type f(x: Float); f(1.5);`, ""},
		{`type f(x: Boolean); f(true);`, ""},
		{`type f(x: List); f([1]);`, ""},
		{`type f("a"); f("a");`, ""},
		{`type f("a"); f(_: "a");`, invalid},
		{`type f("a"); f(_);`, invalid},
		{`type f(x: "a"); f("a");`, ""},
		{`type f(x: "a"); f(_: "a");`, ""},
		{`type f(x: "a"); f(_: String);`, invalid},
		{`type f(x: "a"); f(_: {a: 1});`, invalid},
		{`type f(1); f(1.0);`, ""},
		{`type f(9007199254740993); f(9007199254740992.0);`, invalid},
		{`type f(nan); f(nan);`, invalid},
		{`type f(true); f(true);`, ""},
		{`type f(true); f(1);`, invalid},
		{`type f([1, 2]); f([2, 1, 3]);`, ""},
		{`type f([1, 2]); f([1]);`, invalid},
		{`type f([]); f([1]);`, ""},
		{`type f([[1, 2.0], {a: 1, b: "x"}]); f([{b: "x", a: 1.0}, [1, 2]]);`, ""},
		{`type f([[1]]); f([[1, 2]]);`, invalid},
		{`type f([x]); f([x]) if x;`, ""},
		{`type f([_]); f([_]);`, invalid},
		{`type f([1]); f([1, *_]);`, ""},
		{`type f([1]); f("a");`, invalid},
		{`type f([1, *r]); f([1]);`, invalidType},
		{`type f(x: [1, *r]); f(_: [1]);`, invalidType},
		{`type f([1, *r]); f(1);`, invalid},
		{`type f({a: 1}); f({a: 1, b: 2});`, ""},
		{`type f({a: 1}); f(1);`, invalid},
		{`type f(x: {a: D{b: [1, *r]}}); f(_: {a: D{b: [1, *r]}}) if r;`, ""},
		{`type f(x: Integer); f(x.a) if x;`, invalid},
		{`type f(x.a);`, invalidType},
		{`type f(x: {a: (1 + 2)});`, invalidType},
	}
	for _, test := range tests {
		var types check.Types
		got := ""
		note := func(e *diag.Error) {
			if e != nil {
				_, got, _ = strings.Cut(string(e.Kind), "::")
			}
		}
		for _, item := range items(t, test.text) {
			switch item := item.(type) {
			case *ast.RuleType:
				note(check.CheckHead(item.Head, rewrite.NeedsGoals))
				types.Add(item.Head)
			case *ast.Rule:
				note(types.Check(world(), item))
			}
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.text, got, test.want)
		}
	}
}

func TestInvalidRuleSaysWhy(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{`type f(x: Fruit); f(p) if p;`, []string{"Must match one of the following rule types", "f(x: Fruit{});", "Failed to match because: Parameter `p` expects a Fruit type constraint."}},
		{`type f(x, y); f(1);`, []string{"Expected 2, found 1."}},
		{`type f(x: Actor); f(_: Fruit);`, []string{"Perhaps you meant to add an actor block to the top of your policy, like this:", "actor Fruit {}"}},
		{`type f(x: Resource); f(_: Fruit);`, []string{"Perhaps you meant to add a resource block to your policy, like this:", "resource Fruit {}"}},
		{`type f("a"); f("b");`, []string{`expects the value "a"`}},
		{`type f(x: Fruit{a: 1}); f(_: Fruit{a: 2});`, []string{"lacks a field of Fruit{a: 1}"}},
		{`type f(x: {a: 1}); f(1);`, []string{"must be as narrow as {a: 1}"}},
		{`type f(x: Citrus); f(_: Fruit);`, []string{"`_: Fruit{}` expects a Citrus type constraint"}},
	}
	for _, test := range tests {
		all := items(t, test.text)
		var types check.Types
		types.Add(all[0].(*ast.RuleType).Head)
		err := types.Check(world(), all[1].(*ast.Rule))
		if err == nil {
			t.Errorf("%s: no error", test.text)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Message, want) {
				t.Errorf("%s: the message does not contain %q:\n%s", test.text, want, err.Message)
			}
		}
		if err.Span.Text() != "f" || len(err.Related) != 1 {
			t.Errorf("%s: at %q, %d related places", test.text, err.Span.Text(), len(err.Related))
		}
	}
}

func TestMessagesOfManyTypesAreBounded(t *testing.T) {
	var types check.Types
	for range 1000 {
		types.Add(items(t, `type f("a");`)[0].(*ast.RuleType).Head)
	}
	err := types.Check(world(), rule(t, `f("b");`))
	if err == nil || len(err.Message) > 5000 || !strings.Contains(err.Message, "and 980 more") {
		t.Errorf("got %v", err)
	}
}

func TestGeneratedTypesAreFoundByRelationAndClass(t *testing.T) {
	var types check.Types
	for _, text := range []string{`type has_relation(s: Fruit, "parent", o: Fruit);`, `type has_relation(s: Fruit, "owner", o: Citrus);`} {
		types.AddGenerated(items(t, text)[0].(*ast.RuleType).Head, true, diag.Span{})
	}
	for text, ok := range map[string]bool{
		`has_relation(_: Orange, "parent", _: Citrus);`: true,
		`has_relation(_: Fruit, "owner", _: Fruit);`:    false,
		`has_relation(_: Other, "parent", _: Citrus);`:  false,
		`has_relation(_: Fruit, _: String, _: Fruit);`:  false,
		`has_relation(_: Fruit, "other", _: Fruit);`:    false,
		`has_relation(_: Fruit, "parent");`:             false,
		`has_relation(_: Fruit, "parent", 1);`:          false,
		`has_relation(_: Fruit, "parent", _);`:          false,
		`has_relation(_: Fruit, "parent", _: {a: 1});`:  false,
	} {
		if err := types.Check(world(), rule(t, text)); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
	missing := types.Missing("has_role", "has_relation")
	if len(missing) != 1 || !strings.Contains(missing[0].Message, `Missing implementation for required rule has_relation(s: Fruit{}, "owner", o: Citrus{})`) {
		t.Errorf("missing: %v", missing)
	}
}

func TestCallsToUndefinedRules(t *testing.T) {
	defined := func(call *ast.Call) bool { return call.Name == "g" }
	suggest := func(name string) string {
		if name == "gg" {
			return "g"
		}
		return ""
	}
	r := rule(t, `f(x) if g(x) and not gg(x) and forall(h(x), x.i(x)) or x = new J(x) and print(x) and k();`)
	got := check.Calls(r, defined, suggest)
	if diff := cmp.Diff([]string{"UndefinedRuleCall at 22", "UndefinedRuleCall at 39", "UndefinedRuleCall at 86"}, describe(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got[0].Message != "Call to undefined rule: gg(x)" || got[0].Help != "did you mean g?" {
		t.Errorf("got %q, help %q", got[0].Message, got[0].Help)
	}
	var called []string
	note := func(call *ast.Call) { called = append(called, call.Name) }
	check.EachCall(r, note)
	check.EachCall(rule(t, "f();"), note)
	if diff := cmp.Diff([]string{"g", "gg", "h", "k"}, called); diff != "" {
		t.Errorf("EachCall takes methods for rules, or overlooks one (-want +got)\n%s", diff)
	}
}
