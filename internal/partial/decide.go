package partial

import (
	"math"
	"math/big"

	"github.com/goso-project/goso/internal/wam"
)

// truth is what is known of a constraint without its variables.
type truth int

const (
	open truth = iota
	always
	never
)

func truthOf(b bool) truth {
	if b {
		return always
	}
	return never
}

// decide tells whether a constraint is constant: comparisons between ground values, by the rules of the language (numbers
// compare across kinds, booleans equal booleans only).
func (s *simplifier) decide(c wam.Value) truth {
	if c.Kind == wam.KindBool {
		return truthOf(c.Bool())
	}
	e, ok := c.Ref.(*wam.Expr)
	if c.Kind != wam.KindExpr || !ok || len(e.Args) != 2 {
		return open
	}
	switch e.Op {
	case "Unify", "Eq", "Neq":
		if s.ground(e.Args[0], 0) && s.ground(e.Args[1], 0) {
			return truthOf(s.same(e.Args[0], e.Args[1], 0) == (e.Op != "Neq"))
		}
	case "Isa":
		return decideClass(e.Args[0], e.Args[1])
	case "Lt", "Leq", "Gt", "Geq":
		if order, ok := compare(e.Args[0], e.Args[1]); ok {
			return truthOf(holds(e.Op, order))
		}
	}
	return open
}

// classOf are the classes of plain values; no other class has any.
var classOf = map[wam.ValueKind]string{wam.KindBool: "Boolean", wam.KindInt: "Integer", wam.KindFloat: "Float",
	wam.KindString: "String", wam.KindList: "List", wam.KindDict: "Dictionary"}

// decideClass tells whether a plain value belongs to a class.
func decideClass(v, class wam.Value) truth {
	p, ok := class.Ref.(*wam.Pattern)
	if !ok || p.Tag == "" || p.Fields.Len() > 0 || classOf[v.Kind] == "" {
		return open
	}
	return truthOf(classOf[v.Kind] == p.Tag)
}

// unordered is the order of NaN and anything.
const unordered = 2

func holds(op string, order int) bool {
	switch op {
	case "Lt":
		return order == -1
	case "Leq":
		return order == -1 || order == 0
	case "Gt":
		return order == 1
	case "Geq":
		return order == 1 || order == 0
	}
	return false
}

// compare orders two numbers or two strings; ok is false for anything else.
func compare(a, b wam.Value) (order int, ok bool) {
	switch {
	case isNumber(a) && isNumber(b):
		return compareNumbers(a, b), true
	case a.Kind == wam.KindString && b.Kind == wam.KindString:
		switch {
		case a.Str < b.Str:
			return -1, true
		case a.Str > b.Str:
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

func isNumber(v wam.Value) bool { return v.Kind == wam.KindInt || v.Kind == wam.KindFloat }

// compareNumbers compares exactly, also an integer with a float.
func compareNumbers(a, b wam.Value) int {
	if a.Kind == wam.KindInt && b.Kind == wam.KindInt {
		switch {
		case a.Int() < b.Int():
			return -1
		case a.Int() > b.Int():
			return 1
		}
		return 0
	}
	x, ok1 := exact(a)
	y, ok2 := exact(b)
	if !ok1 || !ok2 {
		return unordered
	}
	return x.Cmp(y)
}

// exact returns the number without rounding; ok is false for NaN.
func exact(v wam.Value) (*big.Float, bool) {
	if v.Kind == wam.KindInt {
		return new(big.Float).SetInt64(v.Int()), true
	}
	f := v.Float()
	if math.IsNaN(f) {
		return nil, false
	}
	return new(big.Float).SetFloat64(f), true
}

// same reports whether two terms are structurally equal; numbers by value. Instances are the same when they are one object.
func (s *simplifier) same(a, b wam.Value, depth int) bool {
	if !s.enter(depth) {
		return false
	}
	if isNumber(a) && isNumber(b) {
		return compareNumbers(a, b) == 0
	}
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case wam.KindBool:
		return a.N == b.N
	case wam.KindString:
		return a.Str == b.Str
	case wam.KindVar:
		return variableOf(a) == variableOf(b)
	case wam.KindInstance:
		return canCompare(a.Ref) && canCompare(b.Ref) && a.Ref == b.Ref
	case wam.KindExpr:
		x, y := a.Ref.(*wam.Expr), b.Ref.(*wam.Expr)
		return x.Op == y.Op && s.sameAll(x.Args, y.Args, depth)
	case wam.KindPattern:
		x, y := a.Ref.(*wam.Pattern), b.Ref.(*wam.Pattern)
		return x.Tag == y.Tag && s.sameMapping(&x.Fields, &y.Fields, depth)
	case wam.KindList:
		return s.sameList(a, b, depth)
	case wam.KindDict:
		x, ok1 := a.Ref.(wam.Mapping)
		y, ok2 := b.Ref.(wam.Mapping)
		return ok1 && ok2 && s.sameMapping(x, y, depth)
	}
	return false
}

func (s *simplifier) sameAll(a, b []wam.Value, depth int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !s.same(a[i], b[i], depth+1) {
			return false
		}
	}
	return true
}

func (s *simplifier) sameList(a, b wam.Value, depth int) bool {
	x, ok1 := a.Ref.(wam.Sequence)
	y, ok2 := b.Ref.(wam.Sequence)
	if !ok1 || !ok2 || x.Len() != y.Len() {
		return false
	}
	ra, rb := rest(a), rest(b)
	if ra.Kind != rb.Kind || variableOf(ra) != variableOf(rb) {
		return false
	}
	for i := range x.Len() {
		v, err1 := x.At(i)
		w, err2 := y.At(i)
		if err1 != nil || err2 != nil || !s.same(v, w, depth+1) {
			return false
		}
	}
	return true
}

// rest returns the rest variable of a list, or the zero Value.
func rest(v wam.Value) wam.Value {
	if l, ok := v.Ref.(*wam.List); ok {
		return l.Rest
	}
	return wam.Value{}
}

func (s *simplifier) sameMapping(x, y wam.Mapping, depth int) bool {
	if x.Len() != y.Len() {
		return false
	}
	for i := range x.Len() {
		v, err1 := x.At(i)
		w, err2 := y.At(i)
		if x.Key(i) != y.Key(i) || err1 != nil || err2 != nil || !s.same(v, w, depth+1) {
			return false
		}
	}
	return true
}
