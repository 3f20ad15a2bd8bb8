package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"

	"github.com/goso-project/goso/internal/conformance"
)

// profile says what a program is mostly about. Weights are relative; 0 leaves a form out.
type profile struct {
	name    string
	unbound int // in 100: a variable where a value is needed may be one that nothing bound
	hosts   bool
	goals   map[goal]int
}

// goal is a form of condition.
type goal int

const (
	unify goal = iota
	bind
	compare
	member
	matches
	call
	negation
	universal
	either
	both
	cut
	show
	truth
	assign
	lookup
)

var profiles = []profile{
	{name: "data", unbound: 3, goals: map[goal]int{unify: 5, bind: 6, compare: 4, member: 5, call: 4, negation: 1, either: 1, show: 1, assign: 1, lookup: 2, truth: 1}},
	{name: "rules", unbound: 2, hosts: true, goals: map[goal]int{unify: 2, bind: 4, compare: 2, matches: 3, call: 7, show: 5, cut: 2, either: 1, member: 1}},
	{name: "control", unbound: 2, goals: map[goal]int{unify: 2, bind: 4, compare: 3, member: 4, call: 3, negation: 3, universal: 3, either: 4, both: 2, cut: 3, show: 3, truth: 1}},
	{name: "host", unbound: 2, hosts: true, goals: map[goal]int{unify: 3, bind: 5, compare: 2, member: 2, matches: 5, call: 3, negation: 1, universal: 1, either: 1, show: 1, lookup: 6}},
	{name: "partial", unbound: 75, hosts: true, goals: map[goal]int{unify: 3, bind: 1, compare: 6, member: 2, matches: 3, call: 4, negation: 3, universal: 1, either: 1, lookup: 5}},
	{name: "mixed", unbound: 15, hosts: true, goals: map[goal]int{unify: 3, bind: 4, compare: 3, member: 3, matches: 2, call: 4, negation: 2, universal: 1, either: 2, both: 1, cut: 1, show: 2, truth: 1, assign: 1, lookup: 2}},
}

// classes is the tree all programs share.
var classes = []conformance.Class{
	{Name: "A", Methods: map[string]json.RawMessage{"m": raw(`7`), "t": raw(`true`), "n": raw(`null`), "l": raw(`[1, 2]`), "d": raw(`{"a": 1}`)},
		Fields: map[string]json.RawMessage{"k": raw(`"Integer"`), "a": raw(`"B"`), "items": raw(`"List"`)}},
	{Name: "B", Bases: []string{"A"}, Methods: map[string]json.RawMessage{"m": raw(`8`)}, Fields: map[string]json.RawMessage{"k": raw(`"Integer"`), "a": raw(`"A"`)}},
	{Name: "C", Bases: []string{"B"}},
	{Name: "D", Fields: map[string]json.RawMessage{"k": raw(`"Integer"`)}},
	{Name: "M", Bases: []string{"A", "D"}},
}

func raw(s string) json.RawMessage { return json.RawMessage(s) }

// gen makes one case.
type gen struct {
	*rand.Rand
	profile
	rules []rule // those a body may call
	vars  []string
	bound map[string]bool
	fresh int
	depth int

	inPattern bool // patterns may stand here, not only terms
}

// rule is what a caller must know of a rule.
type rule struct {
	name  string
	arity int
	// clauses are the parameters of each rule of this name.
	clauses [][]string
}

// newCase returns the case of a profile, seed and number.
func newCase(p profile, seed uint64, number int) *conformance.Case {
	g := &gen{Rand: rand.New(rand.NewPCG(seed, uint64(number))), profile: p}
	policy := g.policy()
	query := g.query()
	c := &conformance.Case{ID: fmt.Sprintf("%s-%d-%d", p.name, seed, number), Policy: conformance.Text(policy), Query: &query, Limit: 50}
	if p.hosts {
		c.Classes = classes
	}
	return c
}

// oneIn is true once in n times.
func (g *gen) oneIn(n int) bool { return g.IntN(n) == 0 }

func pick[T any](g *gen, of ...T) T { return of[g.IntN(len(of))] }

// library are recursive rules, each of which ends for lists of known length.
var library = []struct {
	rule
	text string
}{
	{rule{name: "len", arity: 2}, "len([], 0);\nlen([_, *r], n) if len(r, m) and n = m + 1;\n"},
	{rule{name: "app", arity: 3}, "app([], y, y);\napp([x, *r], y, [x, *z]) if app(r, y, z);\n"},
	{rule{name: "has", arity: 2}, "has(x, [x, *_]);\nhas(x, [_, *r]) if has(x, r);\n"},
	{rule{name: "rev", arity: 3}, "rev([], a, a);\nrev([x, *r], a, z) if rev(r, [x, *a], z);\n"},
}

// policy writes rules from the last to the first: a body calls only rules written before it, so that every program ends.
func (g *gen) policy() string {
	var parts []string
	if g.name != "partial" && g.oneIn(4) {
		l := library[g.IntN(len(library))]
		l.clauses = [][]string{nil}
		g.rules = append(g.rules, l.rule)
		parts = append(parts, l.text)
	}
	for i := range 1 + g.IntN(4) {
		r := rule{name: fmt.Sprintf("%c", 'f'+i), arity: 1 + g.IntN(3)}
		var b strings.Builder
		for range 1 + g.IntN(4) {
			arity := r.arity
			if g.oneIn(25) {
				arity = 1 + g.IntN(3)
			}
			text, params := g.rule(r.name, arity)
			b.WriteString(text)
			r.clauses = append(r.clauses, params)
		}
		g.rules = append(g.rules, r)
		parts = append(parts, b.String())
	}
	return strings.Join(parts, "")
}

// scope begins a new set of variables.
func (g *gen) scope() { g.vars, g.bound, g.fresh, g.depth = nil, map[string]bool{}, 0, 0 }

// rule writes one rule and returns its parameters beside it.
func (g *gen) rule(name string, arity int) (text string, params []string) {
	g.scope()
	params = make([]string, arity)
	for i := range params {
		params[i] = g.param()
	}
	text = name + "(" + strings.Join(params, ", ") + ")"
	if !g.oneIn(3) {
		text += " if " + g.body(1+g.IntN(3))
	}
	return nameSingletons(text) + ";\n", params
}

// param writes a parameter: a variable, often with a specializer, or a pattern-free term.
func (g *gen) param() string {
	switch g.IntN(8) {
	case 0, 1:
		return g.literal(1)
	case 2:
		if g.oneIn(3) {
			return g.pattern(0) // without a specializer: a list, a literal or a variable
		}
	}
	v := g.newVar()
	if !g.oneIn(8) || g.unbound < 50 {
		g.bound[v] = g.unbound < 50
	}
	if g.hosts && g.oneIn(2) {
		return v + ": " + g.classPattern(0)
	}
	if g.oneIn(7) {
		return v + ": " + pick(g, "Integer", "String", "List", "Dictionary", "Float", "Boolean", "{a: 1}", "{}", "1", `"a"`)
	}
	return v
}

// query writes the query: a few goals, with the variables x, y and z.
func (g *gen) query() string {
	g.scope()
	n := 1
	if g.oneIn(3) {
		n = 2 + g.IntN(2)
	}
	var goals []string
	if g.unbound >= 50 && g.hosts && g.oneIn(4) {
		goals = append(goals, g.newVar()+" matches "+g.className())
	}
	for range n {
		if g.oneIn(4) {
			goals = append(goals, g.goal())
		} else {
			goals = append(goals, g.call())
		}
	}
	return renameAnonymous(strings.Join(goals, " and "))
}

// newVar returns a variable that did not occur yet.
func (g *gen) newVar() string {
	g.fresh++
	v := fmt.Sprintf("v%d", g.fresh)
	g.vars = append(g.vars, v)
	return v
}

var variablePattern = regexp.MustCompile(`\bv\d+\b`)

// nameSingletons gives every variable that occurs once a name that may.
func nameSingletons(text string) string {
	count := map[string]int{}
	for _, v := range variablePattern.FindAllString(text, -1) {
		count[v]++
	}
	return variablePattern.ReplaceAllStringFunc(text, func(v string) string {
		if count[v] == 1 {
			return "_" + v
		}
		return v
	})
}

// renameAnonymous makes the variables of a query readable: x, y, z, then w1, w2 and so on.
func renameAnonymous(text string) string {
	names := map[string]string{}
	return variablePattern.ReplaceAllStringFunc(text, func(v string) string {
		if names[v] == "" {
			if n := len(names); n < 3 {
				names[v] = string("xyz"[n])
			} else {
				names[v] = fmt.Sprintf("w%d", n)
			}
		}
		return names[v]
	})
}
