package bench

import (
	"fmt"
	"reflect"
	"strings"
)

// Series is W25: one parameter of a problem varied, everything else left as it is.
type Series struct {
	Name  string
	What  string // what n is
	Sizes []int  // for Goso
	// Others is how many of the sizes other engines are given.
	Others int
	// Bound is the slope on log-log axes that the cost must stay under.
	Bound float64
	// Timed says that the bound holds for times: loading is no query, so nothing is counted.
	Timed bool
	Make  func(n int) *Problem
}

// Slopes that costs stay under: of what must not grow, of what must not depend on the policy around it, and of what may grow with n.
const (
	flat      = 0.1
	unrelated = 0.05
	linear    = 1.1
)

// Growth are all series.
var Growth = []Series{
	{Name: "facts_first", What: "facts, first argument tells them apart", Sizes: []int{1000, 10_000, 100_000, 1_000_000}, Others: 3, Bound: flat, Make: factFirst},
	{Name: "facts_third", What: "facts, third argument tells them apart", Sizes: []int{1000, 10_000, 100_000, 1_000_000}, Others: 3, Bound: flat, Make: factThird},
	{Name: "facts_free", What: "facts, first argument free", Sizes: []int{1000, 10_000, 100_000, 1_000_000}, Others: 3, Bound: flat, Make: factFree},
	{Name: "rules_class", What: "rules told apart by class", Sizes: []int{10, 100, 1000}, Others: 3, Bound: flat, Make: rulesByClass},
	{Name: "rules_field", What: "rules told apart by a field", Sizes: []int{10, 100, 1000, 10_000}, Others: 3, Bound: flat, Make: func(n int) *Problem { return manyRoutes(n, n*3/4) }},
	{Name: "rules_guard", What: "rules told apart by a condition x = …", Sizes: []int{10, 100, 1000, 10_000}, Others: 3, Bound: flat, Make: rulesByGuard},
	{Name: "rules_open", What: "rules nothing tells apart", Sizes: []int{10, 100, 1000, 10_000}, Others: 3, Bound: linear, Make: rulesByNothing},
	{Name: "recursion", What: "depth of recursion", Sizes: []int{100, 1000, 10_000, 100_000, 1_000_000}, Others: 2, Bound: linear, Make: countDown},
	{Name: "list_walk", What: "length of a list", Sizes: []int{10, 100, 1000, 10_000, 100_000}, Others: 3, Bound: linear, Make: walkList},
	{Name: "role_chain", What: "depth of a role chain", Sizes: []int{10, 100, 1000}, Others: 2, Bound: linear, Make: chainOfRoles},
	{Name: "folder", What: "depth of a folder", Sizes: []int{10, 100, 1000}, Others: 2, Bound: linear, Make: chainOfFolders},
	{Name: "choices", What: "choice points alive", Sizes: []int{10, 100, 1000, 10_000}, Others: 3, Bound: linear, Make: aliveChoices},
	{Name: "classes", What: "registered classes", Sizes: []int{10, 100, 1000}, Others: 3, Bound: unrelated, Make: manyClasses},
	{Name: "rules_unrelated", What: "unrelated rules", Sizes: []int{10, 100, 1000, 10_000}, Others: 3, Bound: unrelated, Make: unrelatedRules},
	{Name: "object_size", What: "rows of an object that are left alone", Sizes: []int{10, 100, 1000, 10_000}, Others: 3, Bound: unrelated, Make: fiveAttributes},
	{Name: "unions", What: "classes in Actor and Resource", Sizes: []int{10, 100, 1000}, Others: 3, Bound: flat, Make: manyBlocks},
	{Name: "in_literal", What: "elements of a literal list", Sizes: []int{10, 100, 1000, 10_000}, Others: 3, Bound: flat, Make: inLiteral},
	{Name: "in_host", What: "elements of a Go slice", Sizes: []int{10, 100, 1000, 10_000}, Others: 3, Bound: linear, Make: inHost},
	{Name: "diamonds", What: "groups in repeated diamonds", Sizes: []int{4, 8, 12, 16}, Others: 2, Bound: linear, Make: diamonds},
	{Name: "take", What: "results taken of 100,000", Sizes: []int{10, 100, 1000, 10_000}, Others: 0, Bound: linear, Make: takeResults},
	{Name: "load_rules", What: "rules loaded", Sizes: []int{100, 1000, 10_000, 100_000}, Others: 3, Bound: linear, Timed: true, Make: loadRules},
	{Name: "load_facts", What: "facts loaded", Sizes: []int{100, 1000, 10_000, 100_000}, Others: 3, Bound: linear, Timed: true, Make: loadFacts},
}

// Case returns the problem of a series for one size.
func (s Series) Case(n int) Case {
	return named(fmt.Sprintf("W25/%s/n=%d", s.Name, n), func() *Problem { return s.Make(n) })
}

func growthCases() []Case {
	var all []Case
	for _, s := range Growth {
		for _, n := range s.Sizes {
			all = append(all, s.Case(n))
		}
	}
	return all
}

// distinctClasses returns n classes of different types.
func distinctClasses(n int) []Class {
	classes := make([]Class, n)
	for i := range classes {
		field := reflect.StructField{Name: "Level", Type: reflect.TypeFor[int](), Tag: reflect.StructTag(fmt.Sprintf(`class:"%d"`, i))}
		classes[i] = Class{Name: fmt.Sprintf("Kind%d", i), Type: reflect.StructOf([]reflect.StructField{field})}
	}
	return classes
}

func rulesByClass(n int) *Problem {
	classes := distinctClasses(n)
	policy := repeat(n, func(b *strings.Builder, i int) { fmt.Fprintf(b, `allow(_u: User, "act", _k: Kind%d);`, i) })
	return decide(policy, append(classes, class("User", Owner{})), true, "allow", &Owner{Id: 1}, "act", pointerTo(classes[n*3/4].Type))
}

func rulesByGuard(n int) *Problem {
	policy := repeat(n, func(b *strings.Builder, i int) {
		fmt.Fprintf(b, `allow(u: User, act, _r) if act = "action-%d" and u.Id = %d;`, i, i)
	})
	return decide(policy, []Class{class("User", Owner{})}, true, "allow", &Owner{Id: n * 3 / 4}, fmt.Sprintf("action-%d", n*3/4), "any")
}

func rulesByNothing(n int) *Problem {
	return decide(repeat(n, func(b *strings.Builder, i int) { fmt.Fprintf(b, "f(x) if x > %d;", n-1-i) }), nil, true, "f", 1)
}

func countDown(n int) *Problem {
	return decide("count(0); count(n) if n > 0 and count(n - 1);", nil, true, "count", n)
}

func walkList(n int) *Problem {
	return decide("walk([]); walk([_x, *xs]) if walk(xs);", nil, true, "walk", upTo(n))
}

func aliveChoices(n int) *Problem {
	return decide("pick(0); pick(n) if n > 0 and (x = 1 or x = 2) and x > 0 and pick(n - 1);", nil, true, "pick", n)
}

func manyClasses(n int) *Problem {
	p := literal()
	p.Classes = distinctClasses(n)
	return p
}

func unrelatedRules(n int) *Problem {
	p := fiveAttributes(0)
	p.Policy += repeat(n, func(b *strings.Builder, i int) {
		fmt.Fprintf(b, `other%d(x: Document, "a%d") if x.Level = %d;`, i, i, i)
	})
	return p
}

func manyBlocks(n int) *Problem {
	classes := distinctClasses(n)
	policy := "actor User {}\n" + repeat(n, func(b *strings.Builder, i int) { fmt.Fprintf(b, `resource Kind%d { permissions = ["p"]; }`, i) }) +
		`has_permission(_: Actor, "p", _: Resource);
allow(a: Actor, act, r: Resource) if has_permission(a, act, r);`
	return decide(policy, append(classes, class("User", Owner{})), true, "allow", &Owner{Id: 1}, "p", pointerTo(classes[n*3/4].Type))
}

// diamonds asks for somebody who is in no group: each of n groups has two subgroups, and both have the next one.
func diamonds(n int) *Problem {
	top := &Group{MemberIds: []int{0}}
	for range n {
		top = &Group{MemberIds: []int{1}, Subgroups: []*Group{{MemberIds: []int{2}, Subgroups: []*Group{top}}, {MemberIds: []int{3}, Subgroups: []*Group{top}}}}
	}
	return decide(groups, groupClasses, false, "allow", &Owner{Id: 99}, "read", &SharedDoc{Readers: []*Group{top}})
}

// takeResults stops after the nth of the results that a list of 100,000 has.
func takeResults(n int) *Problem {
	want := make([]any, n)
	for i := range want {
		want[i] = i + 1
	}
	p := list(repeat(100_000, func(b *strings.Builder, i int) { fmt.Fprintf(b, "item(%d);", i+1) }), nil, "x", want, "item", Variable("x"))
	p.Take = n
	return p
}
