package types

import (
	"encoding/json"
	"fmt"
	"math"
)

// Symbol is a name.
type Symbol string

// Term is a value in its wire form.
type Term struct {
	Value Value `json:"value"`
}

// Value is a sum of the kinds of terms.
type Value struct{ ValueVariant }

// ValueVariant is implemented by the variants of Value.
type ValueVariant interface{ isValue() }

// The variants of Value.
type (
	ValueNumber           Numeric
	ValueString           string
	ValueBoolean          bool
	ValueExternalInstance ExternalInstance
	ValueDictionary       Dictionary
	ValuePattern          Pattern
	ValueCall             Call
	ValueList             []Term
	ValueVariable         Symbol
	ValueRestVariable     Symbol
	ValueExpression       Operation
)

// Numeric is an integer or a float.
type Numeric struct{ NumericVariant }

// NumericVariant is implemented by the variants of Numeric.
type NumericVariant interface{ isNumeric() }

// The variants of Numeric.
type (
	NumericInteger int64
	NumericFloat   float64
)

// Dictionary holds terms by name.
type Dictionary struct {
	Fields map[Symbol]Term `json:"fields"`
}

// Call is a rule call, method call or constructor call.
type Call struct {
	Name   Symbol           `json:"name"`
	Args   []Term           `json:"args"`
	Kwargs *map[Symbol]Term `json:"kwargs"`
}

// Operation is an operator with its operands.
type Operation struct {
	Operator Operator `json:"operator"`
	Args     []Term   `json:"args"`
}

// InstanceLiteral is a class pattern: a class name and patterns of fields.
type InstanceLiteral struct {
	Tag    Symbol     `json:"tag"`
	Fields Dictionary `json:"fields"`
}

// Pattern is what stands right of matches.
type Pattern struct{ PatternVariant }

// PatternVariant is implemented by the variants of Pattern.
type PatternVariant interface{ isPattern() }

// The variants of Pattern.
type (
	PatternDictionary Dictionary
	PatternInstance   InstanceLiteral
)

// ExternalInstance is an application object, known by a number.
type ExternalInstance struct {
	InstanceId  uint64  `json:"instance_id"`
	Constructor *Term   `json:"constructor"`
	Repr        *string `json:"repr"`
	ClassRepr   *string `json:"class_repr"`
}

func (ValueNumber) isValue()           {}
func (ValueString) isValue()           {}
func (ValueBoolean) isValue()          {}
func (ValueExternalInstance) isValue() {}
func (ValueDictionary) isValue()       {}
func (ValuePattern) isValue()          {}
func (ValueCall) isValue()             {}
func (ValueList) isValue()             {}
func (ValueVariable) isValue()         {}
func (ValueRestVariable) isValue()     {}
func (ValueExpression) isValue()       {}
func (NumericInteger) isNumeric()      {}
func (NumericFloat) isNumeric()        {}
func (PatternDictionary) isPattern()   {}
func (PatternInstance) isPattern()     {}

var valueSum = sum{"Value", []variant{
	newtype[ValueNumber, Numeric]("Number"),
	newtype[ValueString, string]("String"),
	newtype[ValueBoolean, bool]("Boolean"),
	newtype[ValueExternalInstance, ExternalInstance]("ExternalInstance"),
	newtype[ValueDictionary, Dictionary]("Dictionary"),
	newtype[ValuePattern, Pattern]("Pattern"),
	newtype[ValueCall, Call]("Call"),
	newtype[ValueList, []Term]("List"),
	newtype[ValueVariable, Symbol]("Variable"),
	newtype[ValueRestVariable, Symbol]("RestVariable"),
	newtype[ValueExpression, Operation]("Expression"),
}}

var numericSum = sum{"Numeric", []variant{
	newtype[NumericInteger, int64]("Integer"),
	newtype[NumericFloat, wireFloat]("Float"),
}}

var patternSum = sum{"Pattern", []variant{
	newtype[PatternDictionary, Dictionary]("Dictionary"),
	newtype[PatternInstance, InstanceLiteral]("Instance"),
}}

// MarshalJSON writes the variant under its name.
func (v Value) MarshalJSON() ([]byte, error) { return valueSum.encode(v.ValueVariant) }

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Value) UnmarshalJSON(data []byte) error {
	return decodeInto(&valueSum, data, &v.ValueVariant)
}

// MarshalJSON writes the variant under its name.
func (v Numeric) MarshalJSON() ([]byte, error) { return numericSum.encode(v.NumericVariant) }

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Numeric) UnmarshalJSON(data []byte) error {
	return decodeInto(&numericSum, data, &v.NumericVariant)
}

// MarshalJSON writes the variant under its name.
func (v Pattern) MarshalJSON() ([]byte, error) { return patternSum.encode(v.PatternVariant) }

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Pattern) UnmarshalJSON(data []byte) error {
	return decodeInto(&patternSum, data, &v.PatternVariant)
}

// wireFloat writes floats that JSON has no number for as strings.
type wireFloat float64

// MarshalJSON writes a number, or "Infinity", "-Infinity" or "NaN".
func (f wireFloat) MarshalJSON() ([]byte, error) {
	switch v := float64(f); {
	case math.IsNaN(v):
		return []byte(`"NaN"`), nil
	case math.IsInf(v, 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(v, -1):
		return []byte(`"-Infinity"`), nil
	default:
		return json.Marshal(v)
	}
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *wireFloat) UnmarshalJSON(data []byte) error {
	var name string
	if json.Unmarshal(data, &name) == nil {
		switch name {
		case "NaN":
			*f = wireFloat(math.NaN())
		case "Infinity":
			*f = wireFloat(math.Inf(1))
		case "-Infinity":
			*f = wireFloat(math.Inf(-1))
		default:
			return fmt.Errorf("%q is no float", name)
		}
		return nil
	}
	return json.Unmarshal(data, (*float64)(f))
}
