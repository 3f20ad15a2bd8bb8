package main

import (
	"fmt"
	"strings"
)

// className returns a class of the tree, rarely a built-in one.
func (g *gen) className() string {
	if g.oneIn(12) {
		return pick(g, "Integer", "String", "List", "Dictionary")
	}
	return pick(g, "A", "A", "B", "B", "C", "D", "M")
}

// classPattern writes a class with, sometimes, fields; or a dictionary pattern.
func (g *gen) classPattern(depth int) string {
	if g.oneIn(6) {
		return g.fields(depth)
	}
	if g.oneIn(3) {
		return g.className() + g.fields(depth)
	}
	return g.className()
}

// fields writes the fields of a pattern.
func (g *gen) fields(depth int) string {
	defer func(before bool) { g.inPattern = before }(g.inPattern)
	g.inPattern = true
	var parts []string
	for _, k := range []string{"k", "a"} {
		if g.oneIn(3) {
			parts = append(parts, k+": "+g.pattern(depth+1))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// pattern writes what may stand in a field of a pattern, in a list of one, or as a parameter.
func (g *gen) pattern(depth int) string {
	switch n := g.IntN(8); {
	case n < 3 || depth > 1:
		return pick(g, "1", "2", `"a"`, "true", "1.0")
	case n == 3 && g.hosts && g.inPattern:
		return g.className() + "{}"
	case n == 4 && g.inPattern:
		return g.fields(depth)
	case n == 5:
		return "[" + g.pattern(depth+1) + ", *" + g.newBound() + "]"
	case n == 6 && len(g.vars) > 0:
		return pick(g, g.vars...)
	}
	return g.newBound()
}

// newBound returns a new variable that the term it stands in binds.
func (g *gen) newBound() string {
	v := g.newVar()
	g.bound[v] = true
	return v
}

// literal writes a value without variables.
func (g *gen) literal(depth int) string {
	switch n := g.IntN(14); {
	case n < 5:
		return fmt.Sprint(g.IntN(6) - 1)
	case n < 7:
		return pick(g, `"a"`, `"b"`, `"ab"`, `""`)
	case n == 7:
		return pick(g, "1.0", "2.5", "0.0", "-1.5")
	case n == 8:
		return pick(g, "true", "false")
	case n == 9 && g.hosts:
		return pick(g, "nil", "A", "B")
	case depth > 2:
		return "1"
	case n < 12:
		return g.list(func() string { return g.literal(depth + 1) })
	}
	return g.dict(func() string { return g.literal(depth + 1) })
}

func (g *gen) list(item func() string) string {
	items := make([]string, g.IntN(4))
	for i := range items {
		items[i] = item()
	}
	return "[" + strings.Join(items, ", ") + "]"
}

func (g *gen) dict(value func() string) string {
	var parts []string
	for _, k := range []string{"a", "b", "k"} {
		if g.oneIn(2) {
			parts = append(parts, k+": "+value())
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// variable returns a variable fit for reading: a bound one unless the profile allows others.
func (g *gen) variable() (string, bool) {
	var fit []string
	for _, v := range g.vars {
		if g.bound[v] || g.unbound > 0 && g.IntN(100) < g.unbound {
			fit = append(fit, v)
		}
	}
	if len(fit) == 0 {
		return "", false
	}
	return pick(g, fit...), true
}

// value writes an operand: mostly variables and small values.
func (g *gen) value() string {
	if !g.oneIn(3) {
		if v, ok := g.variable(); ok {
			return v
		}
	}
	return g.number()
}

// number writes an operand that is a number unless a variable holds something else.
func (g *gen) number() string {
	switch n := g.IntN(10); {
	case n < 6:
		return fmt.Sprint(g.IntN(5))
	case n == 6:
		return pick(g, "1.0", "2.5")
	case n == 7:
		return g.arithmetic()
	case n == 8:
		return pick(g, `"a"`, "true", "[1, 2]")
	}
	if v, ok := g.variable(); ok {
		return v
	}
	return "3"
}

func (g *gen) arithmetic() string {
	l, r := fmt.Sprint(g.IntN(4)), fmt.Sprint(1+g.IntN(4))
	if v, ok := g.variable(); ok && g.unbound < 50 {
		l = v
	}
	return "(" + l + " " + pick(g, "+", "-", "*", "+", "-", "*", "/", "mod", "rem") + " " + r + ")"
}

// term writes a term that may hold variables, bound or to be bound by unification.
func (g *gen) term(depth int) string {
	switch n := g.IntN(12); {
	case n < 4:
		return g.literal(depth)
	case n < 7:
		if v, ok := g.variable(); ok {
			return v
		}
		return g.newBound()
	case n == 7:
		return g.newBound()
	case n == 8 && g.hosts && depth < 2:
		return g.instance()
	case n == 9 && depth == 0:
		return g.field()
	case depth > 1:
		return "2"
	case n < 11:
		l := g.list(func() string { return g.term(depth + 1) })
		if g.oneIn(3) && l != "[]" {
			return strings.TrimSuffix(l, "]") + ", *" + g.newBound() + "]"
		}
		return l
	}
	return g.dict(func() string { return g.term(depth + 1) })
}

// instance writes a constructor.
func (g *gen) instance() string { return g.instanceOf(pick(g, "A", "B", "B", "C", "D", "M")) }

func (g *gen) instanceOf(class string) string {
	var args []string
	if g.oneIn(2) {
		args = append(args, "k: "+fmt.Sprint(g.IntN(3)))
	}
	if g.oneIn(4) {
		args = append(args, "a: "+pick(g, "new B(k: 1)", "new A()", `"a"`, "true"))
	}
	if g.oneIn(5) {
		args = append(args, "items: [1, 2, new A(k: 1)]")
	}
	return "new " + class + "(" + strings.Join(args, ", ") + ")"
}

// field writes a look-up.
func (g *gen) field() string {
	v, ok := g.variable()
	switch {
	case !ok && g.hosts && g.oneIn(2):
		return "new A(k: 1, a: {k: 2})." + pick(g, "k", "a", "a.k")
	case !ok:
		return "{a: 1, k: [1, 2]}." + pick(g, "a", "k", "b")
	case g.oneIn(8) && g.hosts && g.bound[v]:
		return v + "." + pick(g, "m()", "t()", "n()", "l()", "d()")
	case g.oneIn(6):
		return v + "." + pick(g, "a.k", "a.a", "k.a")
	}
	return v + "." + pick(g, "a", "k", "k", "b", "items")
}
