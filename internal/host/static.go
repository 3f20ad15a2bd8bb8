package host

import (
	"fmt"
	"reflect"
)

// neverConverts returns an error when no value of a pointer, list or map type can be converted, however deep the reason
// lies: a map whose keys are no strings.
func neverConverts(t reflect.Type) error {
	var err error
	walkElements(t, func(t reflect.Type) bool {
		if t.Kind() == reflect.Map && t.Key().Kind() != reflect.String {
			err = fmt.Errorf("cannot convert %v to a dictionary: its keys are %v, not strings", t, t.Key())
		}
		return err == nil
	})
	return err
}

// mayNeedScan reports whether values of a pointer, list or map type may hold a cycle or a variable: they have an element of
// interface type or of a type that contains itself, or of a type that stands for a term.
func mayNeedScan(t reflect.Type) bool {
	found := false
	last := walkElements(t, func(t reflect.Type) bool {
		switch categoryOf(t) {
		case catInterface, catVariable, catExpression, catWire:
			found = true
		}
		return !found
	})
	return found || last
}

// walkElements visits a type, its element type, and so on through pointers, slices, arrays and maps, until visit says
// stop. It reports whether the chain came back to a type it had visited.
func walkElements(t reflect.Type, visit func(reflect.Type) bool) (cyclic bool) {
	// Brent's algorithm: a chain of elements is a list that may end in a loop.
	mark, power, steps := t, 1, 0
	for {
		if !visit(t) {
			return false
		}
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
			if categoryOf(t) == catWire {
				return false
			}
			t = t.Elem()
		default:
			return false
		}
		if t == mark {
			return true
		}
		if steps++; steps == power {
			mark, power, steps = t, power*2, 0
		}
	}
}
