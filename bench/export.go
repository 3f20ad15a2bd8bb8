package bench

import (
	"encoding/json"
	"reflect"
)

// exported is a problem as JSON, for engines that are not written in Go.
type exported struct {
	ID      string          `json:"id"`
	Policy  string          `json:"policy"`
	Classes []exportedClass `json:"classes"`
	Rule    string          `json:"rule"`
	Args    []any           `json:"args"`
	Read    string          `json:"read"`
	Take    int             `json:"take"`
	Decided bool            `json:"decided"`
	Partial bool            `json:"partial"`
	Load    bool            `json:"load"`
	Want    any             `json:"want"`
}

type exportedClass struct {
	Name string              `json:"name"`
	One  map[string]Relation `json:"one,omitempty"`
}

// MarshalJSON writes a problem as JSON. An object is {"$class": NAME, "fields": {…}}, the name empty where its class is not
// registered; a variable is {"$variable": NAME}.
func (p *Problem) MarshalJSON() ([]byte, error) {
	names := map[reflect.Type]string{}
	e := exported{ID: p.ID, Policy: p.Policy, Rule: p.Rule, Read: p.Read, Take: p.Take, Decided: p.Decided, Partial: p.Partial, Load: p.Load,
		Want: p.Want, Classes: []exportedClass{}, Args: []any{}}
	for _, c := range p.Classes {
		names[c.Type] = c.Name
		e.Classes = append(e.Classes, exportedClass{c.Name, c.One})
	}
	for _, arg := range p.Args {
		e.Args = append(e.Args, export(reflect.ValueOf(arg), names))
	}
	return json.Marshal(e)
}

func export(v reflect.Value, names map[reflect.Type]string) any {
	switch v.Kind() {
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = export(v.Index(i), names)
		}
		return list
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		fields := map[string]any{}
		exportFields(v.Elem(), names, fields)
		return map[string]any{"$class": names[v.Type().Elem()], "fields": fields}
	case reflect.String:
		if v.Type() == reflect.TypeFor[Variable]() {
			return map[string]any{"$variable": v.String()}
		}
	}
	return v.Interface()
}

// exportFields adds the fields of a struct, those of embedded ones as its own.
func exportFields(v reflect.Value, names map[reflect.Type]string, fields map[string]any) {
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Anonymous {
			exportFields(v.Field(i), names, fields)
		} else {
			fields[f.Name] = export(v.Field(i), names)
		}
	}
}
