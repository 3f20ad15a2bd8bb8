package partial

import "github.com/goso-project/goso/internal/wam"

// eliminate uses the equalities among the members of a conjunction: one with a variable that need not be kept defines that
// variable and goes; one between a kept variable and a ground value stays, but the value replaces the variable
// elsewhere. It reports whether anything changed.
func (s *simplifier) eliminate(args []wam.Value, keep func(variable) bool) (out []wam.Value, changed bool) {
	defs := map[variable]wam.Value{}
	fixed := map[variable]wam.Value{} // kept variables with a ground value
	pinned := s.restVariables(args)
	free := func(v wam.Value) (variable, bool) {
		id := variableOf(v)
		if v.Kind != wam.KindVar || keep(id) || pinned[id] {
			return id, false
		}
		_, defined := defs[id]
		return id, !defined
	}
	var equalities []bool // for each survivor, whether it fixes a kept variable
	for _, a := range args {
		if s.err != nil {
			return nil, false
		}
		e, ok := equality(a)
		if !ok {
			out, equalities = append(out, a), append(equalities, false)
			continue
		}
		l, r := e.Args[0], e.Args[1]
		if s.same(l, r, 0) {
			changed = true
			continue
		}
		if id, ok := free(l); ok && !s.reaches(r, id, defs, map[variable]bool{}, 0) {
			defs[id], changed = r, true
			continue
		}
		if id, ok := free(r); ok && !s.reaches(l, id, defs, map[variable]bool{}, 0) {
			defs[id], changed = l, true
			continue
		}
		out, equalities = append(out, a), append(equalities, s.fixes(l, r, defs, fixed) || s.fixes(r, l, defs, fixed))
	}
	if len(defs) == 0 && len(fixed) == 0 {
		return out, changed
	}
	r := &resolver{s: s, defs: defs, memo: map[variable]wam.Value{}}
	all := &resolver{s: s, defs: mergeDefs(defs, fixed), memo: map[variable]wam.Value{}}
	for i, a := range out {
		var now wam.Value
		var moved bool
		if equalities[i] {
			now, moved = r.walk(a, 0)
		} else {
			now, moved = all.walk(a, 0)
		}
		out[i] = now
		changed = changed || moved
	}
	return out, changed
}

// fixes records that the variable v has the ground value g and reports whether it did: only the first such value counts.
func (s *simplifier) fixes(v, g wam.Value, defs, fixed map[variable]wam.Value) bool {
	if v.Kind != wam.KindVar || !s.ground(g, 0) {
		return false
	}
	id := variableOf(v)
	if _, ok := defs[id]; ok {
		return false
	}
	if _, ok := fixed[id]; ok {
		return false
	}
	fixed[id] = g
	return true
}

func mergeDefs(a, b map[variable]wam.Value) map[variable]wam.Value {
	if len(b) == 0 {
		return a
	}
	m := make(map[variable]wam.Value, len(a)+len(b))
	for k, v := range a {
		m[k] = v
	}
	for k, v := range b {
		m[k] = v
	}
	return m
}

// equality returns the expression if the constraint is "a = b" or "a == b".
func equality(c wam.Value) (*wam.Expr, bool) {
	e, ok := c.Ref.(*wam.Expr)
	return e, ok && c.Kind == wam.KindExpr && (e.Op == "Unify" || e.Op == "Eq") && len(e.Args) == 2
}

func variableOf(v wam.Value) variable { return variable{v.Str, v.N} }

// reaches reports whether a term mentions a variable, directly or through definitions: defining the variable by
// it would make a cycle.
func (s *simplifier) reaches(t wam.Value, id variable, defs map[variable]wam.Value, seen map[variable]bool, depth int) bool {
	found := false
	s.visit(t, depth, func(v variable) {
		if found || seen[v] {
			return
		}
		if v == id {
			found = true
			return
		}
		seen[v] = true
		if d, ok := defs[v]; ok {
			found = s.reaches(d, id, defs, seen, depth+1)
		}
	})
	return found
}

// resolver replaces variables by their definitions, resolved through and through; each is resolved once and then shared.
// The definitions must not be cyclic.
type resolver struct {
	s    *simplifier
	defs map[variable]wam.Value
	memo map[variable]wam.Value
}

// walk returns the term with its variables replaced and whether that changed it.
func (r *resolver) walk(v wam.Value, depth int) (wam.Value, bool) {
	if !r.s.enter(depth) {
		return v, false
	}
	switch v.Kind {
	case wam.KindVar:
		return r.variable(v, depth)
	case wam.KindExpr:
		e := v.Ref.(*wam.Expr)
		args, changed := r.walkAll(e.Args, depth+1)
		if !changed {
			return v, false
		}
		return wam.Value{Kind: wam.KindExpr, Ref: &wam.Expr{Op: e.Op, Args: args, Place: e.Place}}, true
	case wam.KindList:
		l, ok := v.Ref.(*wam.List)
		if !ok {
			return v, false // a host's list holds no variables
		}
		items, changed := r.walkAll(l.Items, depth+1)
		tail, renamed := r.walk(l.Rest, depth+1)
		if tail.Kind != wam.KindVar { // a rest is replaced by another variable only
			tail, renamed = l.Rest, false
		}
		if !changed && !renamed {
			return v, false
		}
		return wam.Value{Kind: wam.KindList, Ref: &wam.List{Items: items, Rest: tail}}, true
	case wam.KindDict:
		d, ok := v.Ref.(*wam.Dict)
		if !ok {
			return v, false
		}
		values, changed := r.walkAll(d.Values, depth+1)
		if !changed {
			return v, false
		}
		return wam.Value{Kind: wam.KindDict, Ref: &wam.Dict{Keys: d.Keys, Values: values}}, true
	case wam.KindPattern:
		p := v.Ref.(*wam.Pattern)
		values, changed := r.walkAll(p.Fields.Values, depth+1)
		if !changed {
			return v, false
		}
		return wam.Value{Kind: wam.KindPattern, Ref: &wam.Pattern{Tag: p.Tag, Fields: wam.Dict{Keys: p.Fields.Keys, Values: values}}}, true
	}
	return v, false
}

func (r *resolver) variable(v wam.Value, depth int) (wam.Value, bool) {
	id := variableOf(v)
	if done, ok := r.memo[id]; ok {
		return done, true
	}
	d, ok := r.defs[id]
	if !ok {
		return v, false
	}
	d, _ = r.walk(d, depth+1)
	r.memo[id] = d
	return d, true
}

func (r *resolver) walkAll(vs []wam.Value, depth int) ([]wam.Value, bool) {
	var out []wam.Value
	for i, v := range vs {
		now, changed := r.walk(v, depth)
		if changed && out == nil {
			out = append(make([]wam.Value, 0, len(vs)), vs[:i]...)
		}
		if out != nil {
			out = append(out, now)
		}
	}
	if out == nil {
		return vs, false
	}
	return out, true
}

// substitute replaces variables in every term.
func (s *simplifier) substitute(args []wam.Value, defs map[variable]wam.Value) []wam.Value {
	r := &resolver{s: s, defs: defs, memo: map[variable]wam.Value{}}
	for id, v := range defs {
		r.memo[id] = v // final: not to be resolved any further
	}
	out := make([]wam.Value, len(args))
	for i, a := range args {
		out[i], _ = r.walk(a, 0)
	}
	return out
}
