package partial

import "github.com/goso-project/goso/internal/wam"

// visit calls f for every occurrence of a variable in a term, rest variables included.
func (s *Simplifier) visit(v wam.Value, depth int, f func(variable)) {
	if !s.enter(depth) {
		return
	}
	switch v.Kind {
	case wam.KindVar:
		f(variableOf(v))
	case wam.KindExpr:
		s.visitAll(v.Ref.(*wam.Expr).Args, depth+1, f)
	case wam.KindList:
		if l, ok := v.Ref.(*wam.List); ok {
			s.visitAll(l.Items, depth+1, f)
			s.visit(l.Rest, depth+1, f)
		}
	case wam.KindDict:
		if d, ok := v.Ref.(*wam.Dict); ok {
			s.visitAll(d.Values, depth+1, f)
		}
	case wam.KindPattern:
		s.visitAll(v.Ref.(*wam.Pattern).Fields.Values, depth+1, f)
	}
}

func (s *Simplifier) visitAll(vs []wam.Value, depth int, f func(variable)) {
	for _, v := range vs {
		s.visit(v, depth, f)
	}
}

// shared returns the variables that occur in more than one of the terms.
func (s *Simplifier) shared(args []wam.Value) map[variable]bool {
	first := map[variable]int{}
	shared := map[variable]bool{}
	for i, a := range args {
		s.visit(a, 0, func(v variable) {
			if at, ok := first[v]; !ok {
				first[v] = i
			} else if at != i {
				shared[v] = true
			}
		})
	}
	return shared
}

// freeze marks the variables of the terms that are not visible outside of them.
func (s *Simplifier) freeze(args []wam.Value, from *sight) {
	s.visitAll(args, 0, func(v variable) {
		if s.keeps(v, from) {
			return
		}
		if s.frozen == nil {
			s.frozen = map[variable]bool{}
		}
		s.frozen[v] = true
	})
}

// pin notes the variables that stand as the rest of a list in the terms. They are not replaced: what equals them need not be a
// list's text.
func (s *Simplifier) pin(args []wam.Value, depth int) {
	for _, a := range args {
		if !s.enter(depth) {
			return
		}
		switch a.Kind {
		case wam.KindExpr:
			s.pin(a.Ref.(*wam.Expr).Args, depth+1)
		case wam.KindDict:
			if d, ok := a.Ref.(*wam.Dict); ok {
				s.pin(d.Values, depth+1)
			}
		case wam.KindPattern:
			s.pin(a.Ref.(*wam.Pattern).Fields.Values, depth+1)
		case wam.KindList:
			s.pinRest(a, depth)
		}
	}
}

// pinRest is pin for a list.
func (s *Simplifier) pinRest(v wam.Value, depth int) {
	l, ok := v.Ref.(*wam.List)
	if !ok {
		return
	}
	s.pin(l.Items, depth+1)
	if l.Rest.Kind == wam.KindVar {
		if s.pinned == nil {
			s.pinned = map[variable]bool{}
		}
		s.pinned[variableOf(l.Rest)] = true
	}
}

// ground reports whether a term holds no variable, instance, expression or pattern.
func (s *Simplifier) ground(v wam.Value, depth int) bool {
	if !s.enter(depth) {
		return false
	}
	switch v.Kind {
	case wam.KindBool, wam.KindInt, wam.KindFloat, wam.KindString:
		return true
	case wam.KindList:
		if l, ok := v.Ref.(*wam.List); ok && l.Rest.Kind != wam.KindNone {
			return false
		}
		seq, ok := v.Ref.(wam.Sequence)
		return ok && s.groundAll(seq.Len(), seq.At, depth)
	case wam.KindDict:
		m, ok := v.Ref.(wam.Mapping)
		return ok && s.groundAll(m.Len(), m.At, depth)
	}
	return false
}

func (s *Simplifier) groundAll(n int, at func(int) (wam.Value, error), depth int) bool {
	for i := range n {
		v, err := at(i)
		if err != nil || !s.ground(v, depth+1) {
			return false
		}
	}
	return true
}
