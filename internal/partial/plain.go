package partial

import "github.com/goso-project/goso/internal/wam"

// Most conjunctions are plain: they say of which classes some things are, and compare fields of theirs with values or with each other. All
// that can be simplified in them is that the variables for what look-ups give go, where nobody else sees them. That takes one round, in
// place, and nothing has to be looked at again: what a look-up is put for does not become an equality of a variable, nor constant.

// maxPlain bounds plain conjunctions, since each variable is looked for among all definitions.
const maxPlain = 32

// plain simplifies a plain conjunction and gives its variables the names that callers see. It reports false, and has changed nothing, for
// one that is not.
func (s *Simplifier) plain(conj []wam.Value) (out []wam.Value, done bool) {
	if len(conj) > maxPlain {
		return nil, false
	}
	for i := range conj {
		if e, ok := conj[i].Ref.(*wam.Expr); !ok || len(e.Args) != 2 || !s.isPlain(e) {
			s.plains = s.plains[:0]
			return nil, false
		}
	}
	out = conj[:0]
	for i := range conj {
		e := conj[i].Ref.(*wam.Expr)
		if e.Op == "Unify" && e.Args[0].Kind == wam.KindVar { // a definition
			continue
		}
		s.replace(&e.Args[0])
		if e.Op == "Unify" {
			s.replace(&e.Args[1].Ref.(*wam.Expr).Args[0])
		} else {
			s.replace(&e.Args[1])
		}
		out = append(out, conj[i])
	}
	clear(s.plains)
	s.plains = s.plains[:0]
	return out, true
}

// lookup is a variable for what a look-up gives.
type lookup struct {
	id       variable
	value    *wam.Expr
	replaced bool // its object is written out
}

// isPlain reports whether a member of a conjunction is one of a plain conjunction, and notes what it defines.
func (s *Simplifier) isPlain(e *wam.Expr) bool {
	l, r := &e.Args[0], &e.Args[1]
	switch e.Op {
	case "Isa":
		p, ok := r.Ref.(*wam.Pattern)
		return ok && len(p.Fields.Keys) == 0 && l.Kind == wam.KindVar
	case "Unify":
		d, ok := plainDot(r)
		return ok && (isAtomic(l) || l.Kind == wam.KindVar && s.definesPlain(variableOf(*l), d))
	case "Eq": // a variable without a definition would get one by it
		return isAtomic(r) && s.hasLookup(l) || isAtomic(l) && s.hasLookup(r)
	case "Neq", "Lt", "Leq", "Gt", "Geq", "In":
		return l.Kind == wam.KindVar && (isAtomic(r) || r.Kind == wam.KindVar) || isAtomic(l) && r.Kind == wam.KindVar
	}
	return false
}

// plainDot returns the expression if a term is a look-up of a field of a variable.
func plainDot(v *wam.Value) (*wam.Expr, bool) {
	e, ok := v.Ref.(*wam.Expr)
	return e, ok && e.Op == "Dot" && len(e.Args) == 2 && e.Args[0].Kind == wam.KindVar && e.Args[1].Kind == wam.KindString
}

// isAtomic reports whether a term has no parts and no name.
func isAtomic(v *wam.Value) bool {
	switch v.Kind {
	case wam.KindBool, wam.KindInt, wam.KindFloat, wam.KindString, wam.KindInstance:
		return true
	}
	return false
}

// definesPlain makes a look-up the definition of a variable and reports whether it can be.
func (s *Simplifier) definesPlain(id variable, d *wam.Expr) bool {
	if s.keeps(id, nil) || s.lookup(id) != nil {
		return false
	}
	for at := d; at != nil; { // a variable is no part of what defines it
		object := variableOf(at.Args[0])
		if object == id {
			return false
		}
		at = nil
		if l := s.lookup(object); l != nil {
			at = l.value
		}
	}
	s.plains = append(s.plains, lookup{id: id, value: d})
	return true
}

func (s *Simplifier) hasLookup(v *wam.Value) bool {
	return v.Kind == wam.KindVar && s.lookup(variableOf(*v)) != nil
}

// lookup returns the definition of a variable, nil for none.
func (s *Simplifier) lookup(id variable) *lookup {
	for i := range s.plains {
		if l := &s.plains[i]; l.id == id {
			return l
		}
	}
	return nil
}

// replace puts for a variable what it is defined to be, or its name.
func (s *Simplifier) replace(v *wam.Value) {
	if v.Kind != wam.KindVar {
		return
	}
	l := s.lookup(variableOf(*v))
	if l == nil {
		*v = s.renamed(*v)
		return
	}
	if !l.replaced {
		l.replaced = true
		s.replace(&l.value.Args[0])
	}
	*v = l.value.Value()
}
