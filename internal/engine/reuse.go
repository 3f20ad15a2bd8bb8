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
func (st *state) extended(rules []*ast.Rule, facts []*code.Facts) *code.Program {
	old, next := byPredicate(st.rules), byPredicate(rules)
	changed := changedNames(old, st.policy.Facts, next, facts)
	return st.snapshot.Prog.Extend(func(pr *code.Pred) []diag.Span {
		key := predicate{pr.Name, pr.Arity}
		was, is := old[key], next[key]
		if pr.Facts != nil || len(was) != len(is) || len(is) == 0 {
			return nil
		}
		places := make([]diag.Span, len(is))
		for i, r := range is {
			if !sameRule(was[i], r) || callsAny(r, changed) {
				return nil
			}
			places[i] = r.NameAt
		}
		return places
	})
}

func byPredicate(rules []*ast.Rule) map[predicate][]*ast.Rule {
	groups := map[predicate][]*ast.Rule{}
	for _, r := range rules {
		key := predicate{r.Name, len(r.Params)}
		groups[key] = append(groups[key], r)
	}
	return groups
}

// changedNames returns the names of predicates that are in one policy only: calls of them are compiled differently.
func changedNames(old map[predicate][]*ast.Rule, oldFacts []*code.Facts, next map[predicate][]*ast.Rule, nextFacts []*code.Facts) map[string]bool {
	count := map[predicate]int{}
	note := func(rules map[predicate][]*ast.Rule, facts []*code.Facts, n int) {
		for key := range rules {
			count[key] += n
		}
		for _, f := range facts {
			count[predicate{f.Name, len(f.Columns)}] += n
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
func callsAny(r *ast.Rule, names map[string]bool) (found bool) {
	if len(names) == 0 {
		return false
	}
	ast.Walk(r, func(n ast.Node) bool {
		if call, ok := n.(*ast.Call); ok {
			found = found || names[call.Name]
		}
		return !found
	})
	return found
}

// sameRule reports whether two rewritten rules compile to the same code, with all places moved alike.
func sameRule(a, b *ast.Rule) bool {
	if isWritten(a) && isWritten(b) {
		return a.At.Text() == b.At.Text() && a.NameAt.Start-a.At.Start == b.NameAt.Start-b.At.Start
	}
	if !ast.EqualRules(a, b) || isWritten(a) != isWritten(b) {
		return false
	}
	was, is := spans(a), spans(b)
	by := b.NameAt.Start - a.NameAt.Start
	return slices.EqualFunc(was, is, func(s, t diag.Span) bool {
		return s.Start+by == t.Start && s.End+by == t.End && s.Source == a.NameAt.Source && t.Source == b.NameAt.Source
	})
}

// isWritten reports whether a rule is what its text says, so that equal texts make equal rules.
func isWritten(r *ast.Rule) bool {
	return r.Name != "" && r.NameAt.Text() == r.Name && r.At.Start == r.NameAt.Start
}

// spans returns the places of a rule's parts.
func spans(r *ast.Rule) (list []diag.Span) {
	ast.Walk(r, func(n ast.Node) bool {
		list = append(list, n.Span())
		return true
	})
	return list
}
