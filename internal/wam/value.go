package wam

import "math"

// ValueKind tells what a Value holds.
type ValueKind uint8

// The kinds of values that cross the border between the machine and its host.
const (
	KindNone     ValueKind = iota // no value
	KindBool                      // N is 0 or 1
	KindInt                       // N is the integer's bits
	KindFloat                     // N is the float's bits
	KindString                    // Str
	KindList                      // Ref is a Sequence (from a host) or *List (from the machine)
	KindDict                      // Ref is a Mapping (from a host) or *Dict (from the machine)
	KindInstance                  // Ref is the host's object, N its shape (0: none declared)
	KindVar                       // Str is the variable's name; N a number that tells variables of one answer apart
	KindExpr                      // Ref is *Expr
	KindPattern                   // Ref is *Pattern
)

// Value is a term outside the machine: what a host hands in, and what it is given. It is passed by value so that
// handing over numbers, strings and pointers allocates nothing.
type Value struct {
	Kind ValueKind
	N    uint64
	Str  string
	Ref  any
}

// Sequence is a host's list. At converts element i (from 0) when it is first looked at; it must neither block nor run user code.
type Sequence interface {
	Len() int
	At(i int) (Value, error)
}

// Mapping is a host's dictionary. Keys are in byte order. At converts the value of key i (from 0).
type Mapping interface {
	Len() int
	Key(i int) string
	At(i int) (Value, error)
}

// List is a list outside the machine. Rest is a KindVar value when the list has an unbound rest, else the zero Value.
type List struct {
	Items []Value
	Rest  Value
}

// Len returns the number of known elements.
func (l *List) Len() int { return len(l.Items) }

// At returns element i.
func (l *List) At(i int) (Value, error) { return l.Items[i], nil }

// Dict is a dictionary outside the machine: keys in byte order, values beside them.
type Dict struct {
	Keys   []string
	Values []Value
}

// Len returns the number of entries.
func (d *Dict) Len() int { return len(d.Keys) }

// Key returns key i.
func (d *Dict) Key(i int) string { return d.Keys[i] }

// At returns the value of key i.
func (d *Dict) At(i int) (Value, error) { return d.Values[i], nil }

// Expr is an expression over unbound variables: an operator's name as in code.Operator, and its arguments.
type Expr struct {
	Op   string // "And", "Or", "Not", "Unify", "Eq", "Neq", "Lt", "Leq", "Gt", "Geq", "In", "Isa", "Dot", "Add", ...
	Args []Value
	// Place is the code address the constraint came from, 0 if none. Comparisons of expressions ignore it.
	Place int
}

// Pattern is a class or dictionary pattern inside an expression; Tag is empty for a dictionary pattern.
type Pattern struct {
	Tag    string
	Fields Dict
}

// BoolValue returns a boolean.
func BoolValue(b bool) Value {
	if b {
		return Value{Kind: KindBool, N: 1}
	}
	return Value{Kind: KindBool}
}

// IntValue returns an integer.
func IntValue(i int64) Value { return Value{Kind: KindInt, N: uint64(i)} }

// FloatValue returns a float.
func FloatValue(f float64) Value { return Value{Kind: KindFloat, N: math.Float64bits(f)} }

// StringValue returns a string, which must be valid UTF-8.
func StringValue(s string) Value { return Value{Kind: KindString, Str: s} }

// InstanceValue returns a host object. Shape is its index in the registry's shapes, 0 if it has none.
func InstanceValue(object any, shape int) Value {
	return Value{Kind: KindInstance, N: uint64(shape), Ref: object}
}

// ListValue returns a list.
func ListValue(items ...Value) Value { return Value{Kind: KindList, Ref: &List{Items: items}} }

// SequenceValue returns a host's list.
func SequenceValue(s Sequence) Value { return Value{Kind: KindList, Ref: s} }

// MappingValue returns a host's dictionary.
func MappingValue(m Mapping) Value { return Value{Kind: KindDict, Ref: m} }

// VarValue returns a variable.
func VarValue(name string) Value { return Value{Kind: KindVar, Str: name} }

// ExprValue returns an expression.
func ExprValue(op string, args ...Value) Value {
	return Value{Kind: KindExpr, Ref: &Expr{Op: op, Args: args}}
}

// Bool, Int and Float read the value of their kind.
func (v Value) Bool() bool     { return v.N != 0 }
func (v Value) Int() int64     { return int64(v.N) }
func (v Value) Float() float64 { return math.Float64frombits(v.N) }

// Shape returns the shape of an instance.
func (v Value) Shape() int { return int(v.N) }
