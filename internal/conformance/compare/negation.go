package main

import (
	"slices"
	"strings"
)

// knownInNegation: the reference inverts conditions that hold outside of a negation too, "known and (not known or c)" where
// "known and c" says the same, and keeps the contradiction where that is all.
func (d *difference) knownInNegation() bool {
	if !d.negates() {
		return false
	}
	changed := false
	var kept []facts
	for _, r := range d.theirs.results {
		known := map[string]bool{}
		for _, t := range r.facts {
			known[t.String()] = true
		}
		possible := true
		rest := make([]tree, 0, len(r.facts))
		for _, t := range r.facts {
			op, args := t.op()
			if op != "Or" {
				if inverse, ok := invert(t); ok && known[inverse.String()] {
					possible, changed = false, true
				}
				rest = append(rest, t)
				continue
			}
			var members []tree
			if slices.ContainsFunc(args, func(a tree) bool { return known[a.String()] }) {
				changed = true // implied by what is known
				continue
			}
			for _, a := range args {
				if inverse, ok := invert(a); ok && known[inverse.String()] {
					changed = true
					continue
				}
				members = append(members, a)
			}
			if len(members) == 0 {
				possible = false
				continue
			}
			rest = append(rest, order(expr("Or", members...)))
		}
		if possible {
			kept = append(kept, facts{class: r.class, facts: arrange(rest).facts})
		}
	}
	d.theirs.results = kept
	return changed
}

// invert returns the opposite of a condition.
func invert(t tree) (tree, bool) {
	op, args := t.op()
	switch {
	case op == "Not" && len(args) == 1:
		return args[0], true
	case op == "Neq":
		return expr("Unify", args...), true
	case op == "Unify" || op == "Eq":
		return expr("Neq", args...), true
	case op == "Lt" && len(args) == 2:
		return expr("Leq", args[1], args[0]), true
	case op == "Leq" && len(args) == 2:
		return expr("Lt", args[1], args[0]), true
	case op == "Isa" || op == "In":
		return expr("Not", t), true
	}
	return t, false
}

// emptyNegations drops results with "x != ?_1" where ?_1 stands nowhere else: what a negation of a rule without conditions
// leaves in the reference.
func (d *difference) emptyNegations() bool {
	if !d.negates() {
		return false
	}
	n := len(d.theirs.results)
	d.theirs.results = slices.DeleteFunc(d.theirs.results, func(r facts) bool {
		return slices.ContainsFunc(r.facts, func(t tree) bool {
			op, args := t.op()
			return op == "Neq" && len(args) == 2 && (r.hiddenAlone(args[0]) || r.hiddenAlone(args[1]))
		})
	})
	return len(d.theirs.results) < n
}

// negationFacts are the conditions that negations leave.
var negationFacts = []string{"Neq", "Or", "Not", "Lt", "Leq", "Eq", "Isa"}

// negation: where unknowns are negated, the reference looks at each variable alone, skips results that say nothing, and takes what
// was untouched for known. What negations do not touch must agree: the results of one engine, without the conditions negations
// leave, are part of the other's, and each says no less or no more than its counterpart.
func (d *difference) negation() bool {
	if !d.negates() || !sameFailure(d.theirs.err, d.ours.err) && d.ours.err != nil && !isKind(d.ours.err, "RuntimeError::UnhandledPartial") {
		return false
	}
	if !withinResults(d.theirs.results, d.ours.results) && !withinResults(d.ours.results, d.theirs.results) {
		return false
	}
	return d.accept()
}

// withinResults reports whether each result of part has a counterpart in whole, in order.
func withinResults(part, whole []facts) bool {
	for _, r := range part {
		have := stripped(r)
		i := slices.IndexFunc(whole, func(w facts) bool {
			other := stripped(w)
			return isSubsequence(have, other) || isSubsequence(other, have)
		})
		if i < 0 {
			return false
		}
		whole = whole[i+1:]
	}
	return true
}

// stripped is a result without what negations leave and without names.
func stripped(r facts) []string {
	var rest []string
	for _, t := range r.facts {
		switch op, args := t.op(); {
		case !strings.Contains(t.String(), "?"): // constant
		case op == "Unify" && !slices.ContainsFunc(args, func(a tree) bool { return a.open == "(" }):
			rest = append(rest, shape(t))
		case !slices.Contains(negationFacts, op):
			rest = append(rest, skeleton(t))
		}
	}
	slices.Sort(rest)
	return slices.Compact(rest)
}

func isSubsequence(part, whole []string) bool {
	for _, s := range part {
		i := slices.Index(whole, s)
		if i < 0 {
			return false
		}
		whole = whole[i+1:]
	}
	return true
}

// skeleton is a condition without its variables and plain values: operators, classes and the names of fields.
func skeleton(t tree) string {
	if t.leaf != "" {
		if t.leaf[0] >= 'A' && t.leaf[0] <= 'Z' {
			return t.leaf
		}
		return "?"
	}
	if op, args := t.op(); op == "Dot" && len(args) == 2 {
		return "(Dot " + skeleton(args[0]) + " " + args[1].String() + ")"
	}
	parts := make([]string, len(t.items))
	for i, x := range t.items {
		parts[i] = skeleton(x)
	}
	return t.open + strings.Join(parts, " ")
}
