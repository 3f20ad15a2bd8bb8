package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// constants removes constant truths from the other engine's results, and the results with a constant falsehood.
func (d *difference) constants() bool {
	changed := false
	var kept []facts
	for _, r := range d.theirs.results {
		possible := true
		var rest []tree
		for _, t := range r.facts {
			switch now, truth := decide(t); truth {
			case yes:
				changed = true
			case no:
				possible, changed = false, true
			default:
				changed = changed || now.String() != t.String()
				rest = append(rest, now)
			}
		}
		if possible {
			r.facts = rest
			kept = append(kept, r)
		}
	}
	d.theirs.results = kept
	return changed
}

type truth int

const (
	unknown truth = iota
	yes
	no
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// decide tells whether a condition is constant, and returns it without the constant parts of its disjunctions.
func decide(t tree) (tree, truth) {
	op, args := t.op()
	switch op {
	case "Or", "And":
		absorbing := map[string]truth{"Or": yes, "And": no}[op]
		var rest []tree
		for _, a := range args {
			now, truth := decide(a)
			switch truth {
			case absorbing:
				return t, absorbing
			case unknown:
				rest = append(rest, now)
			}
		}
		if len(rest) == 0 {
			return t, yes + no - absorbing
		}
		return order(expr(op, rest...)), unknown
	case "Unify", "Eq", "Neq":
		if len(args) == 2 && isConstant(args[0]) && isConstant(args[1]) {
			equal := args[0].String() == args[1].String() || compareConstants(args[0], args[1]) == 0
			return t, truthOf(equal == (op != "Neq"))
		}
	case "Isa":
		if len(args) == 3 && isConstant(args[0]) && len(args[2].items) == 0 {
			return t, truthOf(classOf(args[0]) == args[1].leaf)
		}
	case "Lt", "Leq":
		if len(args) == 2 && classOf(args[0]) != "Boolean" && classOf(args[1]) != "Boolean" && isConstant(args[0]) && isConstant(args[1]) {
			if c := compareConstants(args[0], args[1]); c != incomparable {
				return t, truthOf(c < 0 || op == "Leq" && c == 0)
			}
		}
	}
	return t, unknown
}

// isConstant reports whether a value has no variable, instance or expression in it.
func isConstant(t tree) bool {
	if t.leaf != "" {
		return !strings.Contains(t.leaf, "?") && t.leaf != "nil"
	}
	text := t.String()
	if t.open == "(" || strings.Contains(text, "?") || strings.Contains(text, "(") || strings.Contains(text, "nil") {
		return false
	}
	for _, x := range t.items {
		if len(x.leaf) > 0 && x.leaf[0] >= 'A' && x.leaf[0] <= 'Z' { // an instance's class
			return false
		}
	}
	return true
}

// classOf returns the class of a constant.
func classOf(t tree) string {
	switch {
	case t.open == "[":
		return "List"
	case t.open == "{":
		return "Dictionary"
	case strings.HasPrefix(t.leaf, `"`):
		return "String"
	case t.leaf == "true" || t.leaf == "false":
		return "Boolean"
	}
	if _, err := strconv.ParseInt(t.leaf, 10, 64); err == nil {
		return "Integer"
	}
	return "Float"
}

const incomparable = 2

func compareConstants(a, b tree) int {
	x, errX := strconv.ParseFloat(a.leaf, 64)
	y, errY := strconv.ParseFloat(b.leaf, 64)
	switch {
	case errX == nil && errY == nil && x < y:
		return -1
	case errX == nil && errY == nil && x > y:
		return 1
	case errX == nil && errY == nil && x == y, a.leaf != "" && a.leaf == b.leaf:
		return 0
	case strings.HasPrefix(a.leaf, `"`) && strings.HasPrefix(b.leaf, `"`):
		return strings.Compare(a.leaf, b.leaf)
	}
	return incomparable
}

// extra returns the facts of ours that theirs lacks, if theirs lacks nothing else once the two have the same variables.
func extra(ours, theirs facts) ([]tree, bool) {
	renamed := make([]tree, len(theirs.facts))
	for i, t := range theirs.facts {
		renamed[i] = order(t.replace(ours.name))
	}
	have := map[string]bool{}
	for _, t := range ours.facts {
		have[t.String()] = true
	}
	has := map[string]bool{}
	for _, t := range renamed {
		op, args := t.op()
		trivial := (op == "Unify" || op == "Eq") && len(args) == 2 && args[0].String() == args[1].String()
		if !have[t.String()] && !trivial {
			return nil, false
		}
		has[t.String()] = true
	}
	var more []tree
	for _, t := range ours.facts {
		if !has[t.String()] {
			more = append(more, t)
		}
	}
	return more, true
}

// stronger replaces results of theirs by ours where ours says the same and more, and accepts what it says more.
func (d *difference) stronger(accepts func(t tree, theirs facts) bool) bool {
	if len(d.theirs.results) != len(d.ours.results) {
		return false
	}
	changed := false
	for i, ours := range d.ours.results {
		theirs := d.theirs.results[i]
		if ours.equal(theirs) {
			continue
		}
		more, ok := extra(ours, theirs)
		if !ok || slices.ContainsFunc(more, func(t tree) bool { return !accepts(t, theirs) }) {
			continue
		}
		d.theirs.results[i] = ours
		changed = true
	}
	return changed
}

// definitions writes the look-up for every variable that is one, in both answers: "y = x.a and y.b = 1" and "x.a.b = 1 and y = x.a"
// say the same.
func (d *difference) definitions() bool {
	changed := false
	for _, f := range []*form{d.theirs, d.ours} {
		for i, r := range f.results {
			f.results[i], changed = r.expand(changed)
		}
	}
	return changed
}

// expand replaces variables by the look-ups they are equal to, except in those equalities.
func (f facts) expand(before bool) (out facts, changed bool) {
	changed = before
	all := slices.Clone(f.facts)
	for i, def := range all {
		op, args := def.op()
		if op != "Unify" || len(args) != 2 || isOwnField(def) {
			continue
		}
		for j, v := range args {
			if lookup := args[1-j]; v.isVariable() && isLookup(lookup) {
				for k := range all {
					if k != i {
						all[k] = all[k].substitute(v.leaf, lookup)
						changed = changed || all[k].String() != f.facts[k].String()
					}
				}
			}
		}
	}
	return facts{class: f.class, facts: arrange(all).facts}, changed
}

// substitute puts a term for a variable.
func (t tree) substitute(variable string, term tree) tree {
	if t.leaf == variable {
		return term
	}
	if t.leaf != "" {
		return t
	}
	items := make([]tree, len(t.items))
	for i, x := range t.items {
		items[i] = x.substitute(variable, term)
	}
	return tree{open: t.open, items: items}
}

// variablePatterns drops "x matches ?_1": a variable in a pattern, which ours unifies.
func (d *difference) variablePatterns() bool {
	return d.drop(func(r facts, t tree) bool {
		op, args := t.op()
		return op == "Isa" && len(args) == 2 && r.hiddenAlone(args[1])
	})
}

// lostEqualities: the reference drops the equality of two variables that already share constraints, and that of a variable with
// a value which it replaced elsewhere.
func (d *difference) lostEqualities() bool {
	return d.stronger(func(t tree, _ facts) bool {
		op, _ := t.op()
		return op == "Unify" || op == "Eq"
	})
}

// lostOrderings: the reference takes x > 1 for the mirror image of an earlier 1 <= x.
func (d *difference) lostOrderings() bool {
	return d.stronger(func(t tree, theirs facts) bool {
		op, args := t.op()
		if op != "Lt" && op != "Leq" || len(args) != 2 {
			return false
		}
		other := expr(map[string]string{"Lt": "Leq", "Leq": "Lt"}[op], args...).String()
		return slices.ContainsFunc(theirs.facts, func(u tree) bool { return u.String() == other })
	})
}

// mentions counts in how many places of the facts a leaf stands.
func (f facts) mentions(leaf string) int {
	n := 0
	for _, t := range f.facts {
		t.replace(func(l string) string {
			if strings.TrimPrefix(l, "*") == leaf {
				n++
			}
			return l
		})
	}
	return n
}

// hiddenAlone returns whether a term is a hidden variable that stands nowhere else.
func (f facts) hiddenAlone(t tree) bool {
	return hiddenName.MatchString(t.leaf) && f.mentions(t.leaf) == 1
}

// unusedLookups drops "?_1 = x.a", "?_1 == x" where ?_1 stands nowhere else.
func (d *difference) unusedLookups() bool {
	return d.drop(func(r facts, t tree) bool {
		op, args := t.op()
		return (op == "Unify" || op == "Eq") && len(args) == 2 && (r.hiddenAlone(args[0]) || r.hiddenAlone(args[1]))
	})
}

func isLookup(t tree) bool {
	op, _ := t.op()
	return op == "Dot"
}

// drop removes facts from the other engine's results.
func (d *difference) drop(unwanted func(r facts, t tree) bool) bool {
	changed := false
	for i, r := range d.theirs.results {
		var rest []tree
		for _, t := range r.facts {
			if unwanted(r, t) {
				changed = true
				continue
			}
			rest = append(rest, t)
		}
		d.theirs.results[i].facts = rest
	}
	return changed
}

// ownField drops the results of ours that ask of a variable to be its own field, "x = x.a", where the reference finds none.
func (d *difference) ownField() bool {
	if d.ours.err != nil && d.theirs.err == nil && ownFieldRule(d.text) && withinResults(d.ours.results, d.theirs.results) {
		return d.accept() // ours goes on with it, into an error
	}
	n := len(d.ours.results)
	d.ours.results = slices.DeleteFunc(slices.Clone(d.ours.results), func(r facts) bool {
		return slices.ContainsFunc(r.facts, isOwnField) && !slices.ContainsFunc(d.theirs.results, func(f facts) bool { return f.equal(r) })
	})
	return len(d.ours.results) < n
}

// ownFieldRule recognises a parameter that is its own field: "v: C{a: v}".
func ownFieldRule(text string) bool {
	for _, m := range ownParameter.FindAllStringSubmatch(text, -1) {
		if strings.Contains(m[2]+",", ": "+m[1]+",") {
			return true
		}
	}
	return false
}

var ownParameter = regexp.MustCompile(`\b([a-z]\d+)(?:: | matches )[A-Z]?\w*\{([^{}]*)\}`)

func isOwnField(t tree) bool {
	op, args := t.op()
	if op != "Unify" || len(args) != 2 {
		return false
	}
	for i, a := range args {
		base := args[1-i]
		for isLookup(base) {
			_, of := base.op()
			base = of[0]
		}
		if a.isVariable() && base.leaf == a.leaf {
			return true
		}
	}
	return false
}

// repeated drops a condition that another one repeats with more known: "x.a = {k: ?_1}" beside "x.a = {k: 1}".
func (d *difference) repeated() bool {
	return d.drop(func(r facts, t tree) bool {
		return generatedName.MatchString(t.String()) && slices.ContainsFunc(r.facts, func(u tree) bool {
			return u.String() != t.String() && generalizes(t, u)
		})
	})
}

// generalizes reports whether b is a with something for its hidden variables.
func generalizes(a, b tree) bool {
	if hiddenName.MatchString(a.leaf) {
		return true
	}
	return a.leaf == b.leaf && a.open == b.open && slices.EqualFunc(a.items, b.items, generalizes)
}
