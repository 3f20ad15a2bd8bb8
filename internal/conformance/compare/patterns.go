package main

import (
	"slices"
	"strconv"
	"strings"
)

// nestedPatterns turns "x.a = C{k: 1}", where C{k: 1} is a pattern, into "x.a matches C and x.a.k = 1". Instances are written
// alike; ours tells which it is.
func (d *difference) nestedPatterns() bool {
	ours := map[string]bool{}
	for _, r := range d.ours.results {
		for _, t := range r.facts {
			ours[t.String()] = true
		}
	}
	changed := false
	for i, r := range d.theirs.results {
		var rest []tree
		for _, t := range r.facts {
			expanded := expandPattern(t)
			if expanded != nil && len(expanded) == 0 && !ours[t.String()] {
				changed = true // {} matches anything
				continue
			}
			if len(expanded) > 0 && ours[expanded[0].String()] {
				rest, changed = append(rest, expanded...), true
				continue
			}
			rest = append(rest, t)
		}
		d.theirs.results[i] = facts{class: r.class, facts: arrange(rest).facts}
	}
	return changed
}

// expandPattern returns the class test and the conditions on fields that "lookup = C{…}" or "lookup = {…}" stand for.
func expandPattern(t tree) []tree {
	op, args := t.op()
	if op != "Unify" || len(args) < 2 || !isLookup(args[0]) {
		return nil
	}
	return matchPattern(args[0], args[1:])
}

func matchPattern(subject tree, pattern []tree) []tree {
	out := []tree{}
	switch {
	case len(pattern) == 2 && pattern[1].open == "{":
		out = append(out, expr("Isa", subject, pattern[0], tree{open: "{"}))
		pattern = pattern[1:]
	case len(pattern) != 1:
		return nil
	case pattern[0].open != "{":
		return []tree{order(expr("Unify", subject, pattern[0]))}
	}
	var field string
	var value []tree
	flush := func() {
		if field != "" {
			key := tree{leaf: strconv.Quote(strings.TrimSuffix(field, ":"))}
			out = append(out, matchPattern(expr("Dot", subject, key), value)...)
		}
		field, value = "", nil
	}
	for _, item := range pattern[0].items {
		switch {
		case strings.HasSuffix(item.leaf, ":"):
			flush()
			field = item.leaf
		case item.leaf != ",":
			value = append(value, item)
		}
	}
	flush()
	return out
}

// nestedContradictions drops results with a class pattern in a field that ours has neither as such nor as a class test: the
// reference does not compare it with what is declared of the field.
func (d *difference) nestedContradictions() bool {
	n := len(d.theirs.results)
	ours := map[string]bool{}
	for _, r := range d.ours.results {
		for _, t := range r.facts {
			ours[shape(t)] = true
		}
	}
	d.theirs.results = slices.DeleteFunc(d.theirs.results, func(r facts) bool {
		return slices.ContainsFunc(r.facts, func(t tree) bool {
			expanded := expandPattern(t)
			return slices.ContainsFunc(expanded, func(e tree) bool {
				op, _ := e.op()
				return op == "Isa" && !ours[shape(e)]
			})
		})
	})
	return len(d.theirs.results) < n
}

// inapplicable: a rule with a nested class pattern that contradicts what is declared does not apply in ours, so that nothing of its
// body happens, a cut or an error included.
func (d *difference) inapplicable() bool {
	if !nestedClass.MatchString(d.text) || sameFailure(d.theirs.err, d.ours.err) && slices.Equal(d.theirs.printed, d.ours.printed) &&
		!strings.Contains(d.text, "cut") {
		return false
	}
	return withinResults(d.theirs.results, d.ours.results) && d.accept()
}

// dictionaryLookups drops results of ours with a dictionary for a value that the reference loses: it compares the look-up on the
// dictionary as if it were a value.
func (d *difference) dictionaryLookups() bool {
	if !fieldText.MatchString(d.text) || len(d.ours.results) <= len(d.theirs.results) || !withinResults(d.theirs.results, d.ours.results) {
		return false
	}
	n := len(d.ours.results)
	d.ours.results = slices.DeleteFunc(slices.Clone(d.ours.results), func(r facts) bool {
		isDict := slices.ContainsFunc(r.facts, func(t tree) bool {
			op, args := t.op()
			return op == "Unify" && slices.ContainsFunc(args, func(a tree) bool { return a.open == "{" })
		})
		return isDict && !slices.ContainsFunc(d.theirs.results, func(f facts) bool { return f.equal(r) })
	})
	return len(d.ours.results) < n
}
