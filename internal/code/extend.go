package code

import (
	"slices"
	"sort"

	"github.com/goso-project/goso/internal/diag"
)

// Extend returns a program to which a changed policy can be compiled: what predicates keep their code is there already, all
// else is to be added. Keep returns the places of the names of a predicate's clauses in the new sources, nil if it must be
// compiled anew or is gone. Strings, constants and classes keep their numbers, and so do predicates. p does not change; it may
// be extended again, and go on running.
//
// Code that is dropped stays in memory, but out of reach. Dropped tells how much it is.
func (p *Program) Extend(keep func(pr *Pred) []diag.Span) *Program {
	q := *p
	q.Instrs, q.Atoms, q.Strings, q.Pool = slices.Clip(p.Instrs), slices.Clip(p.Atoms), slices.Clip(p.Strings), slices.Clip(p.Pool)
	q.HostConsts, q.Classes, q.Vars = slices.Clip(p.HostConsts), slices.Clip(p.Classes), slices.Clip(p.Vars)
	q.Templates, q.Patterns, q.Matches, q.Sends = slices.Clip(p.Templates), slices.Clip(p.Patterns), slices.Clip(p.Matches), slices.Clip(p.Sends)
	q.Scans, q.Hops = slices.Clip(p.Scans), slices.Clip(p.Hops)
	q.atomIndex, q.hostIndex, q.classIndex = p.atomIndex.clone(), p.hostIndex.clone(), p.classIndex.clone()
	q.Unions, q.facts = [2][]int{}, nil
	q.Origins = []Origin{{}} // of places that mean nothing any more
	q.predIndex, q.arities, q.former = newPredIndex(), map[string]bool{}, map[predKey]int{}
	q.Preds, q.gone = make([]*Pred, len(p.Preds)), slices.Clip(p.gone)

	var regions []region
	for i, pr := range p.Preds {
		k := predKey{pr.Name, pr.Arity}
		places := keep(pr)
		next := &Pred{Name: pr.Name, Arity: pr.Arity, Params: make([]ParamMode, pr.Arity)}
		if places != nil {
			next.Order, next.Params = pr.Order, pr.Params
			next.Clauses = make([]*Clause, len(pr.Clauses))
			copies := make([]Clause, len(pr.Clauses))
			for n, cl := range pr.Clauses {
				copies[n] = *cl
				copies[n].NameAt = q.NewMark(cl.Head(), places[n], pr.Name)
				next.Clauses[n] = &copies[n]
			}
			q.predIndex.set(k, i)
			q.arities[pr.Name] = true
		}
		q.Preds[i], q.former[k] = next, i
		for n, cl := range pr.Clauses {
			r := region{head: cl.Head(), old: cl}
			if places != nil {
				r.kept = next.Clauses[n]
			}
			regions = append(regions, r)
		}
	}
	slices.SortFunc(regions, func(a, b region) int { return a.head - b.head })
	q.moveMarks(p, regions)
	return &q
}

// region is the code of a clause; kept is nil if it is dropped.
type region struct {
	head      int
	old, kept *Clause
}

// moveMarks takes over the places of the code that is kept, each moved as far as the name of its rule.
func (p *Program) moveMarks(old *Program, regions []region) {
	p.Marks = make([]Mark, 0, len(old.Marks))
	p.ParamMarks = make([]Mark, len(old.ParamMarks))
	ends := old.clauseEnds()
	at := 0
	for _, r := range regions {
		end := ends[r.head]
		at += sort.Search(len(old.Marks)-at, func(i int) bool { return int(old.Marks[at+i].PC) >= r.head })
		if r.kept == nil {
			p.gone = append(p.gone, r.head)
			p.Dropped += end - r.head
			continue
		}
		for ; at < len(old.Marks) && int(old.Marks[at].PC) < end; at++ {
			p.Marks = append(p.Marks, moved(old.Marks[at], r))
		}
		for i := range r.old.Params {
			if at := r.old.Params[i].At; at != 0 {
				n := at - ParamBase
				p.ParamMarks[n] = moved(old.ParamMarks[n], r)
			}
		}
	}
}

func moved(m Mark, r region) Mark {
	by := r.kept.NameAt.Start - r.old.NameAt.Start
	return Mark{m.PC, m.Start + by, m.End + by, r.kept.NameAt.Origin}
}

// UseLiterals makes the strings and constants of p those of another program, which began with p's.
func (p *Program) UseLiterals(other *Program) {
	p.Atoms, p.atomIndex, p.Pool = slices.Clip(other.Atoms), other.atomIndex.clone(), slices.Clip(other.Pool)
}
