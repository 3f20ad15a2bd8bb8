package wam

import "github.com/goso-project/goso/internal/code"

// A few rules whose guards are all there is of them, and are about arguments and literals alone, decide a call of plain values:
//
//	allow(_, "read", kind) if kind in ["page", "post"];
//
// What they ask is asked of the Go values.

// deciding returns the guards of a predicate that such rules make up, nil for any other.
func (s *Snapshot) deciding(p *predInfo) *guards {
	g := p.guards.Load()
	if g == nil {
		if len(p.all) >= minIndexed {
			return nil
		}
		g = noGuards
		if found := s.Prog.Guards(p.pred, func(int) bool { return false }); found != nil {
			g = &guards{Guards: found, sets: s.memberSets(found.Lists)}
			g.decides = s.canDecide(p, g)
		}
		p.guards.Store(g)
	}
	if !g.decides {
		return nil
	}
	return g
}

// canDecide reports whether all clauses of a predicate can be decided by arguments that are strings and integers.
func (s *Snapshot) canDecide(p *predInfo, g *guards) bool {
	if len(p.all) >= minIndexed || p.pred.Arity > maxHolds {
		return false
	}
	for n, cl := range p.pred.Clauses {
		if !g.Whole[n] || len(g.Heads[n]) > 0 {
			return false
		}
		for i := range cl.Quick {
			q := &cl.Quick[i]
			if q.Kind != code.QuickClass && (q.Kind != code.QuickConst || !isSmallLiteral(q.Cell)) {
				return false
			}
		}
		for i := range g.Bodies[n] {
			if t := &g.Bodies[n][i]; t.L.From != code.FromArg || t.R.From == code.FromField {
				return false
			}
		}
	}
	return true
}

// decide answers a call of a predicate that guards decide. It is not known where a comparison is an error.
func (s *Snapshot) decide(p *predInfo, g *guards, args []any) (holds, known bool) {
	var keys [maxHolds]Cell
	for i, arg := range args {
		k, plain := s.literalKey(arg)
		if !plain {
			return false, false
		}
		keys[i] = k
	}
	for _, n := range p.all {
		if !s.admits(p.pred.Clauses[n], &keys, args) {
			continue
		}
		switch s.test(g, g.Bodies[n], &keys, args) {
		case unclear:
			return false, false
		case holding:
			holds = true
		}
		if holds && !p.dynamic { // else a clause that is called before may yet turn out to be an error
			break
		}
	}
	return holds, true
}

// admits reports whether the head of a clause matches.
func (s *Snapshot) admits(cl *code.Clause, keys *[maxHolds]Cell, args []any) bool {
	for i := range cl.Quick {
		q := &cl.Quick[i]
		if q.Kind == code.QuickConst {
			if keys[q.Arg] != q.Cell {
				return false
			}
			continue
		}
		class := s.builtin[clsInteger]
		if _, text := args[q.Arg].(string); text {
			class = s.builtin[clsString]
		}
		if class != int(q.N) {
			return false
		}
	}
	return true
}

// test makes tests of arguments until one does not hold.
func (s *Snapshot) test(g *guards, tests []code.Test, keys *[maxHolds]Cell, args []any) verdict {
	for i := range tests {
		t := &tests[i]
		var v verdict
		switch {
		case t.Kind == code.TestMember:
			v = g.sets[t.R.N].has(keys[t.L.N])
		case t.R.From == code.FromArg:
			v = compareGuard(t, plainDatum(args[t.L.N]), plainDatum(args[t.R.N]))
		default:
			v = compareGuard(t, plainDatum(args[t.L.N]), constantDatum(s.Prog, t.Const))
		}
		if v != holding {
			return v
		}
	}
	return holding
}

// plainDatum reads a Go string or int.
func plainDatum(arg any) datum {
	if text, ok := arg.(string); ok {
		return datum{kind: KindString, s: text}
	}
	i, _ := arg.(int)
	return datum{kind: KindInt, n: uint64(i)}
}
