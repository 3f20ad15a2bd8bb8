package wam

import "github.com/goso-project/goso/internal/slab"

// Exprs is memory for the expressions of one result, used again for the next. The zero value is ready; it is for one goroutine.
type Exprs struct {
	exprs slab.Again[Expr]
	args  slab.Again[Value]
}

// Expr returns an expression with room for n arguments.
func (x *Exprs) Expr(op string, n, place int) *Expr {
	e := x.exprs.New()
	e.Op, e.Args, e.Place = op, x.args.Slice(n), place
	return e
}

// Apply returns an expression with copies of the arguments.
func (x *Exprs) Apply(op string, place int, args ...Value) Value {
	e := x.Expr(op, len(args), place)
	copy(e.Args, args)
	return e.Value()
}

// Args returns room for n arguments.
func (x *Exprs) Args(n int) []Value { return x.args.Slice(n) }

// Reset takes back everything that was made.
func (x *Exprs) Reset() {
	x.exprs.Reset()
	x.args.Reset()
}

// Value returns the expression as a value.
func (e *Expr) Value() Value { return Value{Kind: KindExpr, Ref: e} }
