package types

import "reflect"

// Operator is an operator of the language. Two operators are equal when they are the same.
type Operator struct{ OperatorVariant }

// OperatorVariant is implemented by the variants of Operator.
type OperatorVariant interface{ isOperator() }

// The variants of Operator.
type (
	OperatorDebug  struct{}
	OperatorPrint  struct{}
	OperatorCut    struct{}
	OperatorIn     struct{}
	OperatorIsa    struct{}
	OperatorNew    struct{}
	OperatorDot    struct{}
	OperatorNot    struct{}
	OperatorMul    struct{}
	OperatorDiv    struct{}
	OperatorMod    struct{}
	OperatorRem    struct{}
	OperatorAdd    struct{}
	OperatorSub    struct{}
	OperatorEq     struct{}
	OperatorGeq    struct{}
	OperatorLeq    struct{}
	OperatorNeq    struct{}
	OperatorGt     struct{}
	OperatorLt     struct{}
	OperatorUnify  struct{}
	OperatorOr     struct{}
	OperatorAnd    struct{}
	OperatorForAll struct{}
	OperatorAssign struct{}
)

func (OperatorDebug) isOperator()  {}
func (OperatorPrint) isOperator()  {}
func (OperatorCut) isOperator()    {}
func (OperatorIn) isOperator()     {}
func (OperatorIsa) isOperator()    {}
func (OperatorNew) isOperator()    {}
func (OperatorDot) isOperator()    {}
func (OperatorNot) isOperator()    {}
func (OperatorMul) isOperator()    {}
func (OperatorDiv) isOperator()    {}
func (OperatorMod) isOperator()    {}
func (OperatorRem) isOperator()    {}
func (OperatorAdd) isOperator()    {}
func (OperatorSub) isOperator()    {}
func (OperatorEq) isOperator()     {}
func (OperatorGeq) isOperator()    {}
func (OperatorLeq) isOperator()    {}
func (OperatorNeq) isOperator()    {}
func (OperatorGt) isOperator()     {}
func (OperatorLt) isOperator()     {}
func (OperatorUnify) isOperator()  {}
func (OperatorOr) isOperator()     {}
func (OperatorAnd) isOperator()    {}
func (OperatorForAll) isOperator() {}
func (OperatorAssign) isOperator() {}

var operatorSum = sum{"Operator", []variant{
	unit[OperatorDebug]("Debug"),
	unit[OperatorPrint]("Print"),
	unit[OperatorCut]("Cut"),
	unit[OperatorIn]("In"),
	unit[OperatorIsa]("Isa"),
	unit[OperatorNew]("New"),
	unit[OperatorDot]("Dot"),
	unit[OperatorNot]("Not"),
	unit[OperatorMul]("Mul"),
	unit[OperatorDiv]("Div"),
	unit[OperatorMod]("Mod"),
	unit[OperatorRem]("Rem"),
	unit[OperatorAdd]("Add"),
	unit[OperatorSub]("Sub"),
	unit[OperatorEq]("Eq"),
	unit[OperatorGeq]("Geq"),
	unit[OperatorLeq]("Leq"),
	unit[OperatorNeq]("Neq"),
	unit[OperatorGt]("Gt"),
	unit[OperatorLt]("Lt"),
	unit[OperatorUnify]("Unify"),
	unit[OperatorOr]("Or"),
	unit[OperatorAnd]("And"),
	unit[OperatorForAll]("ForAll"),
	unit[OperatorAssign]("Assign"),
}}

// MarshalJSON writes the variant under its name.
func (v Operator) MarshalJSON() ([]byte, error) { return operatorSum.encode(v.OperatorVariant) }

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Operator) UnmarshalJSON(data []byte) error {
	return decodeInto(&operatorSum, data, &v.OperatorVariant)
}

// OperatorNamed returns the operator of a name as in "Unify"; ok is false where there is none.
func OperatorNamed(name string) (op Operator, ok bool) {
	switch name { // faster than a map, and results are full of operators
	case "Debug":
		return Operator{OperatorDebug{}}, true
	case "Print":
		return Operator{OperatorPrint{}}, true
	case "Cut":
		return Operator{OperatorCut{}}, true
	case "In":
		return Operator{OperatorIn{}}, true
	case "Isa":
		return Operator{OperatorIsa{}}, true
	case "New":
		return Operator{OperatorNew{}}, true
	case "Dot":
		return Operator{OperatorDot{}}, true
	case "Not":
		return Operator{OperatorNot{}}, true
	case "Mul":
		return Operator{OperatorMul{}}, true
	case "Div":
		return Operator{OperatorDiv{}}, true
	case "Mod":
		return Operator{OperatorMod{}}, true
	case "Rem":
		return Operator{OperatorRem{}}, true
	case "Add":
		return Operator{OperatorAdd{}}, true
	case "Sub":
		return Operator{OperatorSub{}}, true
	case "Eq":
		return Operator{OperatorEq{}}, true
	case "Geq":
		return Operator{OperatorGeq{}}, true
	case "Leq":
		return Operator{OperatorLeq{}}, true
	case "Neq":
		return Operator{OperatorNeq{}}, true
	case "Gt":
		return Operator{OperatorGt{}}, true
	case "Lt":
		return Operator{OperatorLt{}}, true
	case "Unify":
		return Operator{OperatorUnify{}}, true
	case "Or":
		return Operator{OperatorOr{}}, true
	case "And":
		return Operator{OperatorAnd{}}, true
	case "ForAll":
		return Operator{OperatorForAll{}}, true
	case "Assign":
		return Operator{OperatorAssign{}}, true
	}
	return Operator{}, false
}

// String returns the operator's name, as in "Unify", or the empty string for the zero Operator.
func (v Operator) String() string {
	t := reflect.TypeOf(v.OperatorVariant)
	for i := range operatorSum.variants {
		if operatorSum.variants[i].typ == t {
			return operatorSum.variants[i].name
		}
	}
	return ""
}
