package ast

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Format returns the canonical text of a term, as it appears in messages, traces and printed output:
// keys sorted, strings between quotes but otherwise raw, floats shortest and without an exponent.
// It need not parse back to the same tree; Source does. Nil prints as the empty text.
func Format(t Term) string {
	var p printer
	p.term(t)
	return p.String()
}

// FormatRule returns the canonical text of a rule, as in "f(x, y: C{}) if a and b;".
func FormatRule(r *Rule) string {
	var p printer
	p.WriteString(r.Name)
	p.WriteByte('(')
	for i, param := range r.Params {
		if i > 0 {
			p.WriteString(", ")
		}
		p.operand(param.Term, And)
		if param.Specializer != nil {
			p.WriteString(": ")
			p.operand(param.Specializer, And)
		}
	}
	p.WriteByte(')')
	if r.Body != nil {
		p.WriteString(" if ")
		p.operand(r.Body, And)
	}
	p.WriteByte(';')
	return p.String()
}

// FormatFloat returns the text of a float in messages: the shortest digits that round-trip, never an
// exponent, and no fraction where there is none. Infinities are inf and -inf, not-a-number is NaN.
func FormatFloat(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "NaN"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// level gives the binding strength of each operator; a higher level binds tighter.
var level = [...]int{
	Debug: 11, Print: 11, New: 10, Cut: 10, ForAll: 10, Dot: 9, In: 8, Isa: 8, Mul: 7, Div: 7, Mod: 7, Rem: 7,
	Add: 6, Sub: 6, Eq: 5, Geq: 5, Leq: 5, Neq: 5, Gt: 5, Lt: 5, Unify: 4, Assign: 4, Not: 3, And: 2, Or: 1,
}

var symbol = [...]string{
	In: "in", Isa: "matches", Mul: "*", Div: "/", Mod: "mod", Rem: "rem", Add: "+", Sub: "-",
	Eq: "==", Geq: ">=", Leq: "<=", Neq: "!=", Gt: ">", Lt: "<", Unify: "=", Assign: ":=", Or: "or", And: "and",
}

type printer struct{ strings.Builder }

// operand prints t as an operand of op: in parentheses if t is an operator that binds less tightly.
func (p *printer) operand(t Term, op Op) {
	if e, ok := t.(*Expr); ok && level[e.Op] < level[op] && !isEmptyJunction(e) {
		p.WriteByte('(')
		p.term(t)
		p.WriteByte(')')
		return
	}
	p.term(t)
}

// isEmptyJunction holds for the conjunction and disjunction of nothing, which print in their own parentheses.
func isEmptyJunction(e *Expr) bool { return len(e.Args) == 0 && (e.Op == And || e.Op == Or) }

// items prints ts separated by commas, each as an operand of op.
func (p *printer) items(ts []Term, op Op) {
	for i, t := range ts {
		if i > 0 {
			p.WriteString(", ")
		}
		p.operand(t, op)
	}
}

// fields prints key: value entries sorted by key; more says that something precedes them in the same list.
func (p *printer) fields(fields []Field, more bool) {
	sorted := slices.Clone(fields)
	slices.SortStableFunc(sorted, func(a, b Field) int { return strings.Compare(a.Key, b.Key) })
	for _, f := range sorted {
		if more {
			p.WriteString(", ")
		}
		more = true
		p.WriteString(f.Key)
		p.WriteString(": ")
		p.operand(f.Value, And)
	}
}

func (p *printer) term(t Term) {
	switch t := t.(type) {
	case *Int:
		p.WriteString(strconv.FormatInt(t.Value, 10))
	case *Float:
		p.WriteString(FormatFloat(t.Value))
	case *String:
		p.WriteByte('"')
		p.WriteString(t.Value)
		p.WriteByte('"')
	case *Bool:
		p.WriteString(strconv.FormatBool(t.Value))
	case *Var:
		p.WriteString(t.Name)
	case *List:
		p.WriteByte('[')
		p.items(t.Items, And)
		if t.Rest != nil {
			if len(t.Items) > 0 {
				p.WriteString(", ")
			}
			p.WriteByte('*')
			p.WriteString(t.Rest.Name)
		}
		p.WriteByte(']')
	case *Dict:
		p.braces(t.Fields)
	case *Class:
		p.WriteString(t.Tag)
		p.braces(t.Fields)
	case *Call:
		p.WriteString(t.Name)
		p.WriteByte('(')
		p.items(t.Args, And)
		p.fields(t.Kwargs, len(t.Args) > 0)
		p.WriteByte(')')
	case *Expr:
		p.expr(t)
	}
}

func (p *printer) braces(fields []Field) {
	p.WriteByte('{')
	p.fields(fields, false)
	p.WriteByte('}')
}

func (p *printer) expr(e *Expr) {
	switch e.Op {
	case Cut:
		p.WriteString("cut")
	case Debug:
		p.WriteString("debug()")
	case Print:
		p.call("print", e.Args, Print)
	case ForAll:
		p.call("forall", e.Args, Or)
	case Not:
		p.WriteString("not ")
		if len(e.Args) == 1 {
			p.operand(e.Args[0], Not)
		}
	case New:
		p.construction(e.Args)
	case Dot:
		p.lookup(e.Args)
	case And, Or:
		p.junction(e)
	default:
		p.infix(e)
	}
}

// call prints name(args), the arguments as operands of op.
func (p *printer) call(name string, args []Term, op Op) {
	p.WriteString(name)
	p.WriteByte('(')
	p.items(args, op)
	p.WriteByte(')')
}

func (p *printer) construction(args []Term) {
	if len(args) == 1 {
		p.WriteString("new ")
		p.operand(args[0], And)
		return
	}
	p.call("new ", args, And)
}

func (p *printer) lookup(args []Term) {
	if len(args) < 2 || len(args) > 3 {
		p.call(".", args, And)
		return
	}
	p.term(args[0])
	p.WriteByte('.')
	if key, ok := args[1].(*String); ok {
		p.WriteString(key.Value)
	} else {
		p.term(args[1])
	}
	p.result(args[2:])
}

// result prints the result of an operation that rewriting gave one.
func (p *printer) result(args []Term) {
	for _, t := range args {
		p.WriteString(" = ")
		p.operand(t, Unify)
	}
}

func (p *printer) junction(e *Expr) {
	switch {
	case len(e.Args) == 0 && e.Op == And:
		p.WriteString("(true)")
	case len(e.Args) == 0:
		p.WriteString("(false)")
	}
	for i, t := range e.Args {
		if i > 0 {
			p.WriteString(" " + symbol[e.Op] + " ")
		}
		p.operand(t, e.Op)
	}
}

func (p *printer) infix(e *Expr) {
	if len(e.Args) < 2 || len(e.Args) > 3 {
		p.call(symbol[e.Op]+" ", e.Args, And)
		return
	}
	p.operand(e.Args[0], e.Op)
	p.WriteString(" " + symbol[e.Op] + " ")
	p.operand(e.Args[1], e.Op)
	p.result(e.Args[2:])
}
