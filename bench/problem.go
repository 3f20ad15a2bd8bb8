package bench

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
)

// Problem is one question on one policy, written down so that any engine can be given it: what contestants have in common.
type Problem struct {
	ID      string // the workload and the case, as "W6/rbac_direct"
	Policy  string // in Polar
	Classes []Class
	Rule    string
	Args    []any // Go values, pointers to structs among them, or a Variable
	// Read names the variable whose values are the answer; empty for a decision.
	Read string
	// Take stops after so many values of Read; 0 means all.
	Take int
	// Decided makes what is measured stop at the first result without reading it; it is read when the answer is checked.
	Decided bool
	// Partial says that the values of Read are conditions on it.
	Partial bool
	// Load says that what is measured is loading the policy. The question checks it afterwards.
	Load bool
	Want any // bool for a decision, else []any: the values of Read, in order; the numbers in them for conditions
}

// Variable is an argument that is an unbound variable.
type Variable string

// Class is a class the policy speaks of. Objects are pointers to values of its type.
type Class struct {
	Name string
	Type reflect.Type
	// One are relations to one object of another class, by the field they are read from.
	One map[string]Relation
}

// Relation tells that a field leads to the object of another class whose field Their is equal to field My.
type Relation struct{ Other, My, Their string }

// class returns the class of a value of its type.
func class(name string, value any) Class { return Class{Name: name, Type: reflect.TypeOf(value)} }

// decide returns the problem whether a rule has a result.
func decide(policy string, classes []Class, want bool, rule string, args ...any) *Problem {
	return &Problem{Policy: policy, Classes: classes, Rule: rule, Args: args, Want: want}
}

// list returns the problem of all values of a variable.
func list(policy string, classes []Class, variable string, want []any, rule string, args ...any) *Problem {
	return &Problem{Policy: policy, Classes: classes, Rule: rule, Args: args, Read: variable, Want: want}
}

// Verify compares an answer with the one the problem must have: a bool for decisions, else a []any. Integers may have any type, and
// conditions any form, as long as fmt shows the numbers in them.
func (p *Problem) Verify(answer any) error {
	got := plain(answer)
	if values, ok := answer.([]any); ok && p.Partial {
		got = conditionNumbers(values)
	}
	if !reflect.DeepEqual(got, plain(p.Want)) {
		return fmt.Errorf("%s: %s gave %.200v, want %.200v", p.ID, p.Rule, got, p.Want)
	}
	return nil
}

// plain makes integers int64 and lists []any.
func plain(v any) any {
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int()
	case reflect.Interface:
		return plain(r.Elem().Interface())
	case reflect.Slice:
		values := make([]any, r.Len())
		for i := range values {
			values[i] = plain(r.Index(i).Interface())
		}
		return values
	}
	return v
}

var number = regexp.MustCompile(`\b\d+\b`)

// conditionNumbers returns the numbers that conditions speak of, sorted.
func conditionNumbers(conditions []any) []any {
	var found []int
	for _, c := range conditions {
		for _, n := range number.FindAllString(fmt.Sprintf("%v", c), -1) {
			i, _ := strconv.Atoi(n)
			found = append(found, i)
		}
	}
	slices.Sort(found)
	return plain(found).([]any)
}
