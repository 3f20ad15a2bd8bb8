package check

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/parser"
)

// zoo has Animal > Bird > Duck, Stone, and the actor Bird.
func zoo() *World {
	classes := map[string][]string{"Animal": {"Animal"}, "Bird": {"Bird", "Animal"}, "Duck": {"Duck", "Bird", "Animal"}, "Stone": {"Stone"}}
	for _, name := range []string{"Boolean", "Integer", "Float", "String", "List", "Dictionary"} {
		classes[name] = []string{name}
	}
	return &World{
		Registered: func(name string) bool { return classes[name] != nil },
		Ancestors:  func(name string) ([]string, bool) { a, ok := classes[name]; return a, ok },
		Actors:     map[string]bool{"Bird": true},
	}
}

// read parses rule types and rules.
func read(t *testing.T, text string) (types, rules []*ast.Rule) {
	t.Helper()
	file, err := parser.Policy(diag.NewSource("", text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	for _, item := range file.Items {
		switch item := item.(type) {
		case *ast.RuleType:
			types = append(types, item.Head)
		case *ast.Rule:
			rules = append(rules, item)
		}
	}
	return types, rules
}

// param writes a random parameter.
func param(r *rand.Rand) string {
	values := []string{`1`, `1.0`, `2.5`, `9007199254740993`, `9007199254740992.0`, `"a"`, `"b"`, `true`, `[1, 2]`, `[1]`, `[*rest]`, `{a: 1}`, `{a: 1, b: 2}`}
	patterns := []string{"Animal", "Bird", "Duck", "Stone", "Actor", "Resource", "Integer", "Float", "String", "List", "Dictionary", "Boolean", "Nope", "Duck{a: 1}", "Bird{a: 1}"}
	switch r.IntN(4) {
	case 0:
		return "_"
	case 1:
		return values[r.IntN(len(values))]
	case 2:
		return "_: " + values[r.IntN(len(values))]
	}
	return "_: " + patterns[r.IntN(len(patterns))]
}

func head(r *rand.Rand) string {
	params := make([]string, 1+r.IntN(3))
	for i := range params {
		params[i] = param(r)
	}
	return "f(" + strings.Join(params, ", ") + ");\n"
}

// outcome describes what comparing a rule with some of the plain rule types of its name finds.
func outcome(w *World, n *typesOfName, some []*ruleType, r *ast.Rule) string {
	var b strings.Builder
	for _, t := range some {
		ok, err := w.compare(t, r)
		if err != nil {
			return fmt.Sprintf("%s type %d: %v", b.String(), slices.Index(n.plain, t), err)
		}
		if ok {
			fmt.Fprintf(&b, "type %d ", slices.Index(n.plain, t))
		}
	}
	return b.String()
}

// The index leaves out only what neither matches nor is an error, and keeps the order.
func TestTypeIndexHidesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	w := zoo()
	left := 0
	for range 300 {
		var b strings.Builder
		for range manyTypes + r.IntN(10) {
			b.WriteString("type " + head(r))
		}
		for range 20 {
			b.WriteString(head(r))
		}
		types, rules := read(t, b.String())
		var ts Types
		for _, head := range types {
			ts.Add(head)
		}
		named := ts.find("f")
		for _, rule := range rules {
			found := named.candidates(w, rule)
			left += len(named.plain) - len(found)
			if got, want := outcome(w, named, found, rule), outcome(w, named, named.plain, rule); got != want {
				t.Fatalf("%s%s: with the index\n%s\nwithout\n%s", b.String(), ast.FormatRule(rule), got, want)
			}
		}
	}
	if left == 0 {
		t.Error("nothing is left out")
	}
}

// A rule type that is added after a comparison is found by the next one.
func TestTypeIndexIsMadeAnew(t *testing.T) {
	w := zoo()
	var b strings.Builder
	for i := range manyTypes {
		fmt.Fprintf(&b, "type f(%d);", i)
	}
	types, rules := read(t, b.String()+"type f(100); f(100);")
	var ts Types
	for i, head := range types {
		if i == manyTypes && ts.Check(w, rules[0]) == nil {
			t.Error("the rule matches too early")
		}
		ts.Add(head)
	}
	if err := ts.Check(w, rules[0]); err != nil {
		t.Error(err)
	}
}

// As many rules as rule types of one name are compared with few each, whatever it is that tells the types apart.
func TestComparisonsOfManyTypesGrowLinearly(t *testing.T) {
	const n = 500
	classes := map[string][]string{"Top": {"Top"}}
	for i := range n {
		name := fmt.Sprint("C", i)
		classes[name] = []string{name, "Top"}
	}
	w := &World{
		Registered: func(name string) bool { return classes[name] != nil },
		Ancestors:  func(name string) ([]string, bool) { a, ok := classes[name]; return a, ok },
	}
	for _, test := range []struct{ types, rules string }{
		{`type f("n%[1]d");`, `f("n%[1]d");`},
		{`type f(x: Top, %[1]d, y);`, `f(_: C%[1]d, %[1]d, _);`},
		{`type f(x: C%[1]d, "same", y: Top);`, `f(_: C%[1]d, "same", _: C1);`},
		{`type f(x: "n%[1]d", y);`, `f(_: "n%[1]d", _);`},
		{`type f("same", %[1]d); type f(%[1]d, "same");`, `f("same", %[1]d); f(%[1]d, "same");`},
		{`type f(x: C%[1]d);`, `f("n%[1]d");`},
	} {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, test.types+test.rules+"\n", i)
		}
		types, rules := read(t, b.String())
		var ts Types
		for _, head := range types {
			ts.Add(head)
		}
		compared := 0
		for _, r := range rules {
			compared += len(ts.find("f").candidates(w, r))
		}
		if compared > 2*len(rules) {
			t.Errorf("%s: %d comparisons for %d rules and as many types", test.types, compared, len(rules))
		}
	}
}
