package partial

import "github.com/goso-project/goso/internal/wam"

// visit calls f for every occurrence of a variable in a term, rest variables included.
func (s *simplifier) visit(v wam.Value, depth int, f func(variable)) {
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

func (s *simplifier) visitAll(vs []wam.Value, depth int, f func(variable)) {
	for _, v := range vs {
		s.visit(v, depth, f)
	}
}

// eachVariable calls f for every occurrence of a variable in the terms.
func (s *simplifier) eachVariable(args []wam.Value, f func(variable)) { s.visitAll(args, 0, f) }

// shared returns the variables that occur in more than one of the terms.
func (s *simplifier) shared(args []wam.Value) map[variable]bool {
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
func (s *simplifier) freeze(args []wam.Value, visible func(variable) bool) {
	s.eachVariable(args, func(v variable) {
		if !visible(v) {
			s.frozen[v] = true
		}
	})
}

// restVariables returns the variables that stand as the rest of a list. They are not replaced: what equals them need not be a
// list's text.
func (s *simplifier) restVariables(args []wam.Value) map[variable]bool {
	var found map[variable]bool
	var look func(v wam.Value, depth int)
	look = func(v wam.Value, depth int) {
		if !s.enter(depth) {
			return
		}
		var children []wam.Value
		switch ref := v.Ref.(type) {
		case *wam.Expr:
			children = ref.Args
		case *wam.Dict:
			children = ref.Values
		case *wam.Pattern:
			children = ref.Fields.Values
		case *wam.List:
			children = ref.Items
			if ref.Rest.Kind == wam.KindVar {
				if found == nil {
					found = map[variable]bool{}
				}
				found[variableOf(ref.Rest)] = true
			}
		}
		for _, c := range children {
			look(c, depth+1)
		}
	}
	for _, a := range args {
		look(a, 0)
	}
	return found
}

// ground reports whether a term holds no variable, instance, expression or pattern.
func (s *simplifier) ground(v wam.Value, depth int) bool {
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

func (s *simplifier) groundAll(n int, at func(int) (wam.Value, error), depth int) bool {
	for i := range n {
		v, err := at(i)
		if err != nil || !s.ground(v, depth+1) {
			return false
		}
	}
	return true
}
