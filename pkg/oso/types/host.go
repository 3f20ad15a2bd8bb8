package types

// Variable is a query variable. Passed as an argument of a rule query it appears in the results; in a result it stands
// for a variable that is still unbound.
type Variable string

// Expression is an unresolved constraint in a result: an operator over values, variables and further expressions.
type Expression struct {
	Operator Operator
	Args     []interface{}
}

// Relation declares, among the fields of a class, that a field leads to other objects: those of class OtherType whose
// OtherField equals this object's MyField. Kind is "one" or "many".
type Relation struct {
	Kind       string
	OtherType  string
	MyField    string
	OtherField string
}

// Adapter builds and runs queries of a data store from filters.
type Adapter interface {
	BuildQuery(*Filter) (interface{}, error)
	ExecuteQuery(interface{}) ([]interface{}, error)
}
