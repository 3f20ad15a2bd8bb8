package partial

import (
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/wam"
)

// inverses are the operators with an opposite of their own.
var inverses = map[string]string{
	"Unify": "Neq", "Eq": "Neq", "Neq": "Unify",
	"Lt": "Geq", "Geq": "Lt", "Gt": "Leq", "Leq": "Gt",
}

// isAtomicNot reports whether a negation stays as it is: of a class test or of membership.
func isAtomicNot(e *wam.Expr) bool {
	if len(e.Args) != 1 {
		return true
	}
	inner, ok := e.Args[0].Ref.(*wam.Expr)
	return ok && e.Args[0].Kind == wam.KindExpr && (inner.Op == "In" || inner.Op == "Isa")
}

// negate simplifies what is negated, drops from it what is known anyway, and returns the inverse of the rest as members of a
// conjunction. ok is false when nothing is left to negate: then it always holds, and its negation never does.
func (s *Simplifier) negate(e *wam.Expr, from *sight, known *scope, depth int) (out []wam.Value, ok bool) {
	inner, possible := s.conjunction(e.Args, from, known, depth)
	if s.err != nil {
		return nil, false
	}
	if !possible {
		return nil, true // it never holds
	}
	var news []wam.Value
	for _, c := range s.unique(inner) {
		if !known.has(s, c) {
			news = append(news, c)
		}
	}
	if len(news) == 0 {
		return nil, false
	}
	s.freeze(news, from)
	for i, c := range news {
		news[i] = s.invert(c, depth)
		if e, ok := equality(news[i]); ok && s.same(e.Args[0], e.Args[1], depth) {
			return nil, true // "x = x or …" always holds
		}
	}
	if s.err != nil {
		return nil, false
	}
	if len(news) == 1 {
		return news, true
	}
	return []wam.Value{s.or(news, e.Place)}, true
}

// invert returns the opposite of a simplified constraint.
func (s *Simplifier) invert(c wam.Value, depth int) wam.Value {
	if !s.enter(depth) {
		return c
	}
	e, ok := c.Ref.(*wam.Expr)
	if c.Kind != wam.KindExpr || !ok {
		s.fail(diag.Unsupported, 0, "cannot negate a condition that is no comparison")
		return c
	}
	if op, ok := inverses[e.Op]; ok {
		return s.expr(op, e.Place, e.Args)
	}
	switch e.Op {
	case "And", "Or":
		args := make([]wam.Value, len(e.Args))
		for i, a := range e.Args {
			args[i] = s.invert(a, depth+1)
		}
		if e.Op == "And" {
			return s.or(args, e.Place)
		}
		return s.expr("And", e.Place, args)
	case "Not":
		if len(e.Args) == 1 {
			return e.Args[0]
		}
	case "In", "Isa":
		return s.Mem.Apply("Not", e.Place, c)
	}
	s.fail(diag.Unsupported, e.Place, "cannot negate "+e.Op+" over an unknown value")
	return c
}
