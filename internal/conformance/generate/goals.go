package main

import (
	"strings"
)

// maxNesting bounds conditions within conditions.
const maxNesting = 3

// body writes a conjunction.
func (g *gen) body(n int) string {
	goals := make([]string, n)
	for i := range goals {
		goals[i] = g.goal()
	}
	return strings.Join(goals, " and ")
}

// goal writes one condition of a form the profile likes.
func (g *gen) goal() string {
	total := 0
	for k := range lookup + 1 {
		total += g.goals[k]
	}
	n := g.IntN(total)
	for k := range lookup + 1 {
		if n -= g.goals[k]; n < 0 {
			return g.form(k)
		}
	}
	return "true"
}

func (g *gen) form(k goal) string {
	if g.depth >= maxNesting && (k == negation || k == universal || k == either || k == both) {
		k = compare
	}
	g.depth++
	defer func() { g.depth-- }()
	switch k {
	case unify:
		return g.term(0) + " = " + g.term(0)
	case bind:
		t := g.term(0)
		return g.newBound() + " = " + t
	case compare:
		return g.value() + " " + pick(g, "<", "<=", ">", ">=", "==", "==", "!=", "!=") + " " + g.value()
	case member:
		return g.member()
	case matches:
		return g.value() + " matches " + g.classPattern(0)
	case call:
		return g.call()
	case negation:
		return "not " + g.operand(1)
	case universal:
		return "forall(" + g.inner(1) + ", " + g.inner(1) + ")"
	case either:
		return "(" + g.inner(1) + " or " + g.inner(1+g.IntN(2)) + ")"
	case both:
		return "(" + g.inner(2) + ")"
	case cut:
		return "cut"
	case show:
		return "print(" + g.value() + ")"
	case truth:
		if v, ok := g.variable(); ok && g.oneIn(2) {
			return v
		}
		return pick(g, "true", "true", "false")
	case assign:
		t := g.term(0)
		return g.newBound() + " := " + t
	}
	return g.field() + pick(g, "", "", " = 1", " = "+g.value(), " > 1", " != 2", " == 1")
}

// inner writes conditions whose bindings may not be there afterwards: variables they bind first count as unbound later.
func (g *gen) inner(n int) string {
	before := make(map[string]bool, len(g.bound))
	for v, b := range g.bound {
		before[v] = b
	}
	text := g.body(n)
	for v := range g.bound {
		g.bound[v] = before[v]
	}
	return text
}

// operand writes what may follow not: one condition, or several in parentheses.
func (g *gen) operand(n int) string {
	if g.oneIn(3) {
		return "(" + g.inner(n+1) + ")"
	}
	text := g.inner(n)
	if strings.HasPrefix(text, "not ") || strings.Contains(text, ":=") {
		return "(" + text + ")"
	}
	return text
}

func (g *gen) member() string {
	var l string
	switch g.IntN(6) {
	case 0:
		l = g.dict(func() string { return g.literal(2) })
		if g.oneIn(2) {
			return "[" + g.newBound() + ", " + g.newBound() + "] in " + l
		}
	case 1:
		l = pick(g, `"aba"`, `"xyz"`)
	case 2:
		if v, ok := g.variable(); ok {
			l = v
			break
		}
		fallthrough
	case 3:
		if g.hosts {
			l = pick(g, "new A(items: [1, 2, 3])", "new A(k: 1, items: [new B(k: 1)]).items", "[new A(k: 1), new B(k: 2), 1]")
			break
		}
		fallthrough
	default:
		l = g.list(func() string { return g.literal(2) })
	}
	if g.oneIn(3) {
		return g.value() + " in " + l
	}
	return g.newBound() + " in " + l
}

// call writes a call of a rule written before.
func (g *gen) call() string {
	if len(g.rules) == 0 {
		return "true"
	}
	r := pick(g, g.rules...)
	args := make([]string, r.arity)
	for i := range args {
		if clause := pick(g, r.clauses...); i < len(clause) && g.oneIn(2) {
			args[i] = g.fitting(clause[i])
		} else {
			args[i] = g.argument(r.name, i)
		}
	}
	return r.name + "(" + strings.Join(args, ", ") + ")"
}

// argument writes an argument; the recursive rules get lists of known length where they need them.
func (g *gen) argument(name string, i int) string {
	if len(name) > 1 {
		if i == 0 && name != "has" || i == 1 && name == "has" {
			return g.list(func() string { return g.literal(2) })
		}
		if g.oneIn(2) {
			return g.newBound()
		}
		return g.literal(1)
	}
	switch n := g.IntN(10); {
	case n < 3 && g.hosts && g.unbound < 50:
		return g.instance()
	case n < 5 || g.unbound >= 50 && n < 8:
		if v, ok := g.variable(); ok && g.oneIn(2) {
			return v
		}
		return g.newBound()
	case n < 8:
		return g.literal(1)
	}
	return g.term(1)
}

// fitting writes an argument that a parameter accepts, if the parameter says what it wants.
func (g *gen) fitting(want string) string {
	_, class, isPattern := strings.Cut(want, ": ")
	class, _, _ = strings.Cut(class, "{")
	switch {
	case !isPattern && !variablePattern.MatchString(want):
		return want
	case !isPattern || g.unbound >= 50 && g.oneIn(2):
		return g.newBound()
	}
	switch class {
	case "A":
		return g.instanceOf(pick(g, "A", "B", "C", "M"))
	case "B":
		return g.instanceOf(pick(g, "B", "C"))
	case "C", "M":
		return g.instanceOf(class)
	case "D":
		return g.instanceOf(pick(g, "D", "M"))
	case "Integer", "1":
		return "1"
	case "String":
		return `"a"`
	case "List":
		return "[1, 2]"
	}
	return "{a: 1, k: 2}"
}
