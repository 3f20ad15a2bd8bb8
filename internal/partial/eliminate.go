package partial

import "github.com/goso-project/goso/internal/wam"

// equalityKind tells how elimination treats a member of a conjunction that survives it.
type equalityKind bool

const (
	other  equalityKind = false
	fixing equalityKind = true // it gives a kept variable its ground value, and must not say "1 = 1" itself
)

// eliminate uses the equalities among the members of a conjunction: one with a variable that need not be kept defines that
// variable and goes; one between a kept variable and a ground value stays, but the value replaces the variable
// elsewhere. It reports whether anything changed, and whether another run might find more. What is owned may be changed in place.
func (s *Simplifier) eliminate(args []wam.Value, from *sight, owned bool) (out []wam.Value, changed, again bool) {
	s.defs.reset()
	s.pinned, s.kinds = nil, s.kinds[:0]
	s.pin(args, 0)
	out = args[:0:0]
	for i, a := range args {
		if s.err != nil {
			return nil, false, false
		}
		kind, stays := s.eliminated(a, from)
		switch {
		case !stays && !changed: // the first that goes
			if out, changed = args[:i], true; !owned {
				out, owned = append(s.Mem.Args(len(args))[:0], out...), true
			}
		case !stays:
		case changed:
			out, s.kinds = append(out, a), append(s.kinds, kind)
		default:
			out, s.kinds = args[:i+1], append(s.kinds, kind)
		}
	}
	again = changed && s.pinned != nil // a list that went may have been what pinned a variable
	if len(s.defs.list) == 0 {
		return out, changed, again
	}
	for _, kind := range []equalityKind{other, fixing} {
		s.defs.usesFixed = kind == other
		for i, a := range out {
			if s.kinds[i] != kind {
				continue
			}
			now, moved := s.resolve(a, 0)
			if !moved {
				continue
			}
			if !owned {
				out, owned = append(s.Mem.Args(len(out))[:0], out...), true
			}
			out[i], changed = now, true
			again = again || s.saysMore(now)
		}
		s.defs.forgetResolved()
	}
	return out, changed, again
}

// saysMore reports whether a member that was changed may be found to say what a variable is, or nothing.
func (s *Simplifier) saysMore(c wam.Value) bool {
	e, ok := equality(c)
	if !ok {
		return s.pinned != nil
	}
	l, r := e.Args[0], e.Args[1]
	return s.pinned != nil || l.Kind == wam.KindVar || r.Kind == wam.KindVar || s.same(l, r, 0)
}

// eliminated looks at one member and notes what it defines; stays is false when nothing of it is left to say.
func (s *Simplifier) eliminated(a wam.Value, from *sight) (kind equalityKind, stays bool) {
	e, ok := equality(a)
	if !ok {
		return other, true
	}
	l, r := e.Args[0], e.Args[1]
	if s.same(l, r, 0) || s.define(l, r, from) || s.define(r, l, from) {
		return other, false
	}
	return equalityKind(s.fixes(l, r) || s.fixes(r, l)), true
}

// define makes a term the definition of a variable that need not be kept, and reports whether it did.
func (s *Simplifier) define(v, t wam.Value, from *sight) bool {
	if v.Kind != wam.KindVar {
		return false
	}
	id := variableOf(v)
	if s.keeps(id, from) || s.pinned[id] || s.defs.defined(id) {
		return false
	}
	s.defs.mark++
	if s.reaches(t, id, 0) {
		return false
	}
	s.defs.add(definition{id: id, value: t})
	return true
}

// fixes records that the variable v has the ground value g and reports whether it did: only the first such value counts.
func (s *Simplifier) fixes(v, g wam.Value) bool {
	if v.Kind != wam.KindVar || !s.ground(g, 0) || s.defs.of(variableOf(v)) != nil {
		return false
	}
	s.defs.add(definition{id: variableOf(v), value: g, fixed: true})
	return true
}

// equality returns the expression if the constraint is "a = b" or "a == b".
func equality(c wam.Value) (*wam.Expr, bool) {
	e, ok := c.Ref.(*wam.Expr)
	return e, ok && c.Kind == wam.KindExpr && (e.Op == "Unify" || e.Op == "Eq") && len(e.Args) == 2
}

func variableOf(v wam.Value) variable { return variable{v.Str, v.N} }

// reaches reports whether a term mentions a variable, directly or through definitions: defining the variable by
// it would make a cycle.
func (s *Simplifier) reaches(t wam.Value, id variable, depth int) bool {
	if !s.enter(depth) {
		return false
	}
	switch t.Kind {
	case wam.KindVar:
		if variableOf(t) == id {
			return true
		}
		d := s.defs.of(variableOf(t))
		if d == nil || d.fixed || d.mark == s.defs.mark {
			return false
		}
		d.mark = s.defs.mark
		return s.reaches(d.value, id, depth+1)
	case wam.KindExpr:
		return s.anyReaches(t.Ref.(*wam.Expr).Args, id, depth+1)
	case wam.KindList:
		l, ok := t.Ref.(*wam.List)
		return ok && (s.anyReaches(l.Items, id, depth+1) || s.reaches(l.Rest, id, depth+1))
	case wam.KindDict:
		d, ok := t.Ref.(*wam.Dict)
		return ok && s.anyReaches(d.Values, id, depth+1)
	case wam.KindPattern:
		return s.anyReaches(t.Ref.(*wam.Pattern).Fields.Values, id, depth+1)
	}
	return false
}

func (s *Simplifier) anyReaches(ts []wam.Value, id variable, depth int) bool {
	for _, t := range ts {
		if s.reaches(t, id, depth) {
			return true
		}
	}
	return false
}

// definition is what a variable is known to equal.
type definition struct {
	id       variable
	value    wam.Value
	resolved wam.Value // the value with its own variables replaced, if done
	done     bool
	fixed    bool // the variable is kept: the value, which is ground, replaces it where it is not being given
	mark     int  // the search that has been here
}

// definitions are those of one conjunction. They must not be cyclic.
type definitions struct {
	list      []definition
	index     map[variable]int // nil while there are few
	mark      int              // of the search under way
	anyFixed  bool
	usesFixed bool // fixed values replace variables, too
}

func (d *definitions) reset() {
	clear(d.list)
	*d = definitions{list: d.list[:0]}
}

// forgetResolved is for when usesFixed changes.
func (d *definitions) forgetResolved() {
	if d.anyFixed {
		for i := range d.list {
			d.list[i].done = false
		}
	}
}

func (d *definitions) add(def definition) {
	d.list = append(d.list, def)
	d.anyFixed = d.anyFixed || def.fixed
	switch n := len(d.list); {
	case d.index != nil:
		d.index[def.id] = n - 1
	case n > fewTerms:
		d.index = make(map[variable]int, 2*n)
		for i := range d.list {
			d.index[d.list[i].id] = i
		}
	}
}

// of returns what a variable is known to equal, nil for nothing. It is valid until the next is added.
func (d *definitions) of(id variable) *definition {
	if d.index != nil {
		if i, ok := d.index[id]; ok {
			return &d.list[i]
		}
		return nil
	}
	for i := range d.list {
		if d.list[i].id == id {
			return &d.list[i]
		}
	}
	return nil
}

// defined reports whether a variable has a definition by which it goes.
func (d *definitions) defined(id variable) bool {
	def := d.of(id)
	return def != nil && !def.fixed
}

// resolve returns the term with its variables replaced by their definitions, resolved through and through, and whether that changed it.
// Each definition is resolved once and then shared.
func (s *Simplifier) resolve(v wam.Value, depth int) (wam.Value, bool) {
	if !s.enter(depth) {
		return v, false
	}
	switch v.Kind {
	case wam.KindVar:
		return s.resolveVariable(v, depth)
	case wam.KindExpr:
		e := v.Ref.(*wam.Expr)
		args, changed := s.resolveAll(e.Args, depth+1)
		if !changed {
			return v, false
		}
		return s.expr(e.Op, e.Place, args), true
	case wam.KindList:
		return s.resolveList(v, depth)
	case wam.KindDict:
		d, ok := v.Ref.(*wam.Dict)
		if !ok {
			return v, false
		}
		values, changed := s.resolveAll(d.Values, depth+1)
		if !changed {
			return v, false
		}
		return wam.Value{Kind: wam.KindDict, Ref: &wam.Dict{Keys: d.Keys, Values: values}}, true
	case wam.KindPattern:
		p := v.Ref.(*wam.Pattern)
		values, changed := s.resolveAll(p.Fields.Values, depth+1)
		if !changed {
			return v, false
		}
		return wam.Value{Kind: wam.KindPattern, Ref: &wam.Pattern{Tag: p.Tag, Fields: wam.Dict{Keys: p.Fields.Keys, Values: values}}}, true
	}
	return v, false
}

func (s *Simplifier) resolveList(v wam.Value, depth int) (wam.Value, bool) {
	l, ok := v.Ref.(*wam.List)
	if !ok {
		return v, false // a host's list holds no variables
	}
	items, changed := s.resolveAll(l.Items, depth+1)
	tail, renamed := s.resolve(l.Rest, depth+1)
	if tail.Kind != wam.KindVar { // a rest is replaced by another variable only
		tail, renamed = l.Rest, false
	}
	if !changed && !renamed {
		return v, false
	}
	return wam.Value{Kind: wam.KindList, Ref: &wam.List{Items: items, Rest: tail}}, true
}

func (s *Simplifier) resolveVariable(v wam.Value, depth int) (wam.Value, bool) {
	d := s.defs.of(variableOf(v))
	if d == nil || d.fixed && !s.defs.usesFixed {
		return v, false
	}
	if !d.done {
		d.resolved, _ = s.resolve(d.value, depth+1)
		d.done = true
	}
	return d.resolved, true
}

func (s *Simplifier) resolveAll(vs []wam.Value, depth int) ([]wam.Value, bool) {
	var out []wam.Value
	for i, v := range vs {
		now, changed := s.resolve(v, depth)
		if changed && out == nil {
			out = s.Mem.Args(len(vs))
			copy(out, vs)
		}
		if changed {
			out[i] = now
		}
	}
	if out == nil {
		return vs, false
	}
	return out, true
}
