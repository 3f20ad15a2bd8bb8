package types

import (
	"encoding/json"
	"fmt"
)

// Filter describes the objects of class Root that a policy admits: those that satisfy, joined over Relations, one of the
// conjunctions in Conditions.
type Filter struct {
	Root       string
	Relations  []FilterRelation
	Conditions [][]FilterCondition
	Types      map[string]map[string]interface{}
}

// FilterRelation is a join from a relation field of one class to another class. In JSON it is a list of three.
type FilterRelation struct {
	FromTypeName  string
	FromFieldName string
	ToTypeName    string
}

// FilterCondition compares two data. In JSON it is a list of three.
type FilterCondition struct {
	Lhs Datum
	Cmp Comparison
	Rhs Datum
}

// Datum is one side of a condition: a Projection or an Immediate.
type Datum struct{ DatumVariant }

// DatumVariant is implemented by Projection and Immediate.
type DatumVariant interface{ isDatum() }

// Projection is a field of a class. An empty FieldName means the object itself.
type Projection struct {
	TypeName  string
	FieldName string
}

// Immediate is a value.
type Immediate struct{ Value interface{} }

func (Projection) isDatum() {}
func (Immediate) isDatum()  {}

// Comparison is the operator of a condition.
type Comparison int

// The comparisons. Adapters that know only the first three are never given another.
const (
	Eq Comparison = iota
	Neq
	In
	Nin
	Lt
	Leq
	Gt
	Geq
)

var comparisonNames = [...]string{Eq: "Eq", Neq: "Neq", In: "In", Nin: "Nin", Lt: "Lt", Leq: "Leq", Gt: "Gt", Geq: "Geq"}

// String returns the comparison's name, as in "Neq".
func (c Comparison) String() string {
	if c >= 0 && int(c) < len(comparisonNames) {
		return comparisonNames[c]
	}
	return fmt.Sprintf("Comparison(%d)", int(c))
}

// MarshalJSON writes the comparison's name.
func (c Comparison) MarshalJSON() ([]byte, error) {
	if c < 0 || int(c) >= len(comparisonNames) {
		return nil, fmt.Errorf("%d is no comparison", int(c))
	}
	return json.Marshal(comparisonNames[c])
}

// UnmarshalJSON reads the comparison's name.
func (c *Comparison) UnmarshalJSON(data []byte) error {
	var name string
	if err := json.Unmarshal(data, &name); err != nil {
		return err
	}
	for i, n := range comparisonNames {
		if n == name {
			*c = Comparison(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no comparison", name)
}

// MarshalJSON writes a list of three.
func (r FilterRelation) MarshalJSON() ([]byte, error) {
	return json.Marshal([3]string{r.FromTypeName, r.FromFieldName, r.ToTypeName})
}

// UnmarshalJSON reads a list of three.
func (r *FilterRelation) UnmarshalJSON(data []byte) error {
	var parts []string
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	if len(parts) != 3 {
		return fmt.Errorf("a filter relation is a list of 3, found %d", len(parts))
	}
	*r = FilterRelation{parts[0], parts[1], parts[2]}
	return nil
}

// MarshalJSON writes a list of three.
func (c FilterCondition) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{c.Lhs, c.Cmp, c.Rhs})
}

// UnmarshalJSON reads a list of three.
func (c *FilterCondition) UnmarshalJSON(data []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	if len(parts) != 3 {
		return fmt.Errorf("a filter condition is a list of 3, found %d", len(parts))
	}
	if err := json.Unmarshal(parts[0], &c.Lhs); err != nil {
		return err
	}
	if err := json.Unmarshal(parts[1], &c.Cmp); err != nil {
		return err
	}
	return json.Unmarshal(parts[2], &c.Rhs)
}

// MarshalJSON writes {"Field": [type, field]}, the field null where it is empty, or {"Immediate": value}.
func (d Datum) MarshalJSON() ([]byte, error) {
	switch v := d.DatumVariant.(type) {
	case Projection:
		field := &v.FieldName
		if v.FieldName == "" {
			field = nil
		}
		return json.Marshal(map[string]any{"Field": []any{v.TypeName, field}})
	case Immediate:
		return json.Marshal(map[string]any{"Immediate": v.Value})
	}
	return nil, fmt.Errorf("cannot encode %T as a Datum", d.DatumVariant)
}

// UnmarshalJSON reads what MarshalJSON writes. The value of an Immediate is read as a Value.
func (d *Datum) UnmarshalJSON(data []byte) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return err
	}
	if len(object) != 1 {
		return fmt.Errorf("decoding a Datum: expected an object with 1 key, found %d", len(object))
	}
	if content, ok := object["Immediate"]; ok {
		var v Value
		if err := json.Unmarshal(content, &v); err != nil {
			return err
		}
		d.DatumVariant = Immediate{v}
		return nil
	}
	content, ok := object["Field"]
	if !ok {
		return fmt.Errorf("a Datum is a Field or an Immediate")
	}
	var parts []*string
	if err := json.Unmarshal(content, &parts); err != nil {
		return err
	}
	if len(parts) != 2 || parts[0] == nil {
		return fmt.Errorf("a Field is a list of a type and a field")
	}
	p := Projection{TypeName: *parts[0]}
	if parts[1] != nil {
		p.FieldName = *parts[1]
	}
	d.DatumVariant = p
	return nil
}
