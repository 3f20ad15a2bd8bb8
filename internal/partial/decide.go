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
func (s *Simplifier) decide(c wam.Value) truth {
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
