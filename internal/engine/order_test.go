package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/standin"
	"github.com/goso-project/goso/internal/wam"
)

// The order of rules is held against the language's own definition: the applicable rules, in source order, sorted by an
// insertion sort that compares two rules at the first parameter where their specializers differ.

// spec is a specializer, or a literal parameter, as the definition sees it.
type spec struct {
	text   string
	kind   string // "", literal, class, dict, union, other
	class  string
	fields []string
}

var specs = []spec{
	{text: "_"}, {text: "_"},
	{text: "1", kind: "literal"},
	{text: "_: 1", kind: "other"},
	{text: `_: "s"`, kind: "other"},
	{text: "_: A", kind: "class", class: "A"},
	{text: "_: B", kind: "class", class: "B"},
	{text: "_: C", kind: "class", class: "C"},
	{text: "_: D", kind: "class", class: "D"},
	{text: "_: A{f: 1}", kind: "class", class: "A", fields: []string{"f"}},
	{text: "_: D{f: 1, g: 2}", kind: "class", class: "D", fields: []string{"f", "g"}},
	{text: "_: Integer", kind: "class", class: "Integer"},
	{text: "_: {f: 1}", kind: "dict", fields: []string{"f"}},
	{text: "_: {g: 2}", kind: "dict", fields: []string{"g"}},
	{text: "_: {f: 1, g: 2}", kind: "dict", fields: []string{"f", "g"}},
	{text: "_: Actor", kind: "union"},
}

// ancestors of the classes, nearest first.
var ancestors = map[string][]string{"A": {"A"}, "B": {"B", "A"}, "C": {"C", "A"}, "D": {"D", "B", "A", "C"}, "Integer": {"Integer"}}

// argument is a value and what the definition must know of it.
type argument struct {
	class  string // of an instance, or of a built-in value
	object bool
	fields map[string]bool
	one    bool // the integer 1
	str    bool // the string "s"
	value  wam.Value
}

func (a *argument) applies(s spec) bool {
	switch s.kind {
	case "literal":
		return a.one
	case "other":
		return a.one && s.text == "_: 1" || a.str && s.text == `_: "s"`
	case "union":
		return a.object && slices.Contains(ancestors[a.class], "B") // the only actor
	case "class":
		if !slices.Contains(ancestors[a.class], s.class) {
			return false
		}
	}
	return !slices.ContainsFunc(s.fields, func(f string) bool { return !a.fields[f] })
}

// moreSpecific is the table of the definition.
func moreSpecific(l, r []spec, args []*argument) bool {
	none := func(s spec) bool { return s.kind == "" || s.kind == "literal" }
	for i := range l {
		a, b := l[i], r[i]
		switch {
		case none(a) && none(b), a.kind == "union" && b.kind == "union", a.text == b.text && !none(a):
			continue
		case none(a), a.kind == "union" && !none(b):
			return false
		case none(b), b.kind == "union":
			return true
		case a.kind == "class" && b.kind == "class":
			if !args[i].object {
				return false
			}
			if a.class == b.class {
				return len(a.fields) > len(b.fields)
			}
			order := ancestors[args[i].class]
			return slices.Index(order, a.class) < slices.Index(order, b.class)
		case a.kind == "dict" && b.kind == "dict":
			return len(a.fields) > len(b.fields)
		default:
			return a.kind == "class" && b.kind == "dict"
		}
	}
	return false
}

// order returns the numbers of the rules that apply, in the order of the definition.
func order(rules [][]spec, args []*argument) []int64 {
	var list []int64
	for n, rule := range rules {
		if applies(rule, args) {
			list = append(list, int64(n))
		}
	}
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && moreSpecific(rules[list[j]], rules[list[j-1]], args); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

func applies(rule []spec, args []*argument) bool {
	for i, s := range rule {
		if !args[i].applies(s) {
			return false
		}
	}
	return true
}

func TestRulesAreOrderedAsDefined(t *testing.T) {
	h, err := standin.New([]standin.Class{{Name: "A"}, {Name: "B", Bases: []string{"A"}}, {Name: "C", Bases: []string{"A"}}, {Name: "D", Bases: []string{"B", "C"}}})
	if err != nil {
		t.Fatal(err)
	}
	args := sampleArguments(t, h)
	r := rand.New(rand.NewPCG(1, 2))
	several := 0 // calls of which the order matters
	for range 400 {
		arity, n := 1+r.IntN(3), 1+r.IntN(14)
		pool := make([]spec, 2+r.IntN(len(specs))) // few kinds make rules that meet
		for i := range pool {
			pool[i] = specs[r.IntN(len(specs))]
		}
		var rules [][]spec
		var policy strings.Builder
		policy.WriteString("actor B {}\n")
		for i := range n {
			var rule []spec
			var params []string
			for range arity {
				s := pool[r.IntN(len(pool))]
				rule = append(rule, s)
				params = append(params, s.text)
			}
			rules = append(rules, rule)
			fmt.Fprintf(&policy, "f(%s, %d);\n", strings.Join(params, ", "), i)
		}
		e := engine.New(h.Registry())
		if _, err := e.Load([]*diag.Source{diag.NewSource("", policy.String())}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
			t.Fatalf("%s\n%v", policy.String(), err)
		}
		for range 8 {
			actual := make([]*argument, arity)
			var names []string
			for i := range actual {
				actual[i] = args[r.IntN(len(args))]
				names = append(names, h.Printer().Value(actual[i].value))
			}
			want, got := order(rules, actual), called(t, e, h, actual)
			if len(want) > 2 {
				several++
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s called with %v (-want +got)\n%s", policy.String(), names, diff)
			}
		}
	}
	if several < 500 {
		t.Errorf("only %d calls had more than two rules to order", several)
	}
}

func sampleArguments(t *testing.T, h *standin.Host) []*argument {
	args := []*argument{
		{class: "Integer", one: true, value: wam.IntValue(1)}, {class: "Integer", value: wam.IntValue(5)},
		{str: true, value: wam.StringValue("s")}, {value: wam.ListValue()},
	}
	one, two := wam.IntValue(1), wam.IntValue(2)
	for _, d := range []*wam.Dict{{}, {Keys: []string{"f"}, Values: []wam.Value{one}}, {Keys: []string{"f", "g"}, Values: []wam.Value{one, two}}} {
		fields := map[string]bool{}
		for _, k := range d.Keys {
			fields[k] = true
		}
		args = append(args, &argument{fields: fields, value: wam.MappingValue(d)})
		for _, class := range []string{"A", "B", "C", "D"} {
			v, ok := h.Instance(class, d)
			if !ok {
				t.Fatal("no class", class)
			}
			args = append(args, &argument{class: class, object: true, fields: fields, value: v})
		}
	}
	return args
}

// called returns the last parameters of the rules called, in order.
func called(t *testing.T, e *engine.Engine, h *standin.Host, args []*argument) []int64 {
	q := e.Rule("f")
	defer q.Close()
	for _, a := range args {
		if err := q.Arg(a.value); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.Arg(wam.VarValue("n")); err != nil {
		t.Fatal(err)
	}
	q.Start(t.Context(), h, engine.Options{})
	var list []int64
	for {
		found, err := q.Next()
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			return list
		}
		b, err := q.Bindings()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, b[0].Value.Int())
	}
}
