package engine

import (
	"slices"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// Replacing a policy compiles what has changed: predicates whose rules are the same, word for word and in the same order, keep
// their code. Only the places move along with the text.

// extends reports whether a program is worth extending: with too much of it dropped, compiling anew gets rid of that.
func (st *state) extends() bool {
	p := st.snapshot.Prog
	return p.Dropped <= len(p.Instrs)/2 && len(p.Atoms) <= 2*st.atoms+1000
}

// extended returns the program of an earlier state with what the rules of a new policy keep of it.
func (st *state) extended(rules *rules, facts []*code.Facts) *code.Program {
	old, next := byPredicate(st.rules), byPredicate(rules)
	changed := changedNames(old, st.policy.Facts, next, facts)
	was, is := st.rules.reader(), rules.reader()
	same := func(a, b int) bool {
		defer was.rewind()
		defer is.rewind()
		return sameRule(was, a, is, b) && !callsAny(is, b, changed)
	}
	return st.snapshot.Prog.Extend(func(pr *code.Pred) []diag.Span {
		key := predicate{pr.Name, pr.Arity}
		before, after := old[key], next[key]
		if pr.Facts != nil || len(before) != len(after) || len(after) == 0 {
			return nil
		}
		places := make([]diag.Span, len(after))
		for i, n := range after {
			if !same(before[i], n) {
				return nil
			}
			places[i] = rules.nameAt(n)
		}
		return places
	})
}

// byPredicate returns the numbers of rules by what they belong to.
func byPredicate(rules *rules) map[predicate][]int {
	groups := map[predicate][]int{}
	for i := range rules.len() {
		key := rules.predicate(i)
		groups[key] = append(groups[key], i)
	}
	return groups
}

// changedNames returns the names of predicates that are in one policy only: calls of them are compiled differently.
func changedNames(old map[predicate][]int, oldFacts []*code.Facts, next map[predicate][]int, nextFacts []*code.Facts) map[string]bool {
	count := map[predicate]int{}
	note := func(rules map[predicate][]int, facts []*code.Facts, n int) {
		for key := range rules {
			count[key] += n
		}
		for _, f := range facts {
			count[tableOf(f)] += n
		}
	}
	note(old, oldFacts, 1)
	note(next, nextFacts, -1)
	names := map[string]bool{}
	for key, n := range count {
		if n != 0 {
			names[key.name] = true
		}
	}
	return names
}

// callsAny reports whether a rule calls one of some names, methods included.
func callsAny(rd *ruleReader, i int, names map[string]bool) (found bool) {
	if len(names) == 0 {
		return false
	}
	ast.Walk(rd.tree(i), func(n ast.Node) bool {
		if call, ok := n.(*ast.Call); ok {
			found = found || names[call.Name]
		}
		return !found
	})
	return found
}

// sameRule reports whether two rules compile to the same code, with all places moved alike: equal texts make equal rules.
func sameRule(was *ruleReader, i int, is *ruleReader, j int) bool {
	written := j < len(is.rules.written)
	switch {
	case written != (i < len(was.rules.written)):
		return false
	case written:
		return was.rules.text(i) == is.rules.text(j)
	}
	return sameGenerated(was.tree(i), is.tree(j))
}

// sameGenerated is sameRule for rules that are written nowhere.
func sameGenerated(a, b *ast.Rule) bool {
	if !ast.EqualRules(a, b) {
		return false
	}
	was, is := spans(a), spans(b)
	by := b.NameAt.Start - a.NameAt.Start
	return slices.EqualFunc(was, is, func(s, t diag.Span) bool {
		return s.Start+by == t.Start && s.End+by == t.End && s.Source == a.NameAt.Source && t.Source == b.NameAt.Source
	})
}

// spans returns the places of a rule's parts.
func spans(r *ast.Rule) (list []diag.Span) {
	ast.Walk(r, func(n ast.Node) bool {
		list = append(list, n.Span())
		return true
	})
	return list
}
