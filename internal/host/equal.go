package host

import (
	"reflect"
	"unsafe"
)

// deepEqual is reflect.DeepEqual without recursion, so that no chain of objects is too long for it.
func deepEqual(a, b reflect.Value) bool {
	e := equality{}
	if !e.pair(a, b) {
		return false
	}
	for len(e.todo) > 0 {
		last := e.todo[len(e.todo)-1]
		e.todo = e.todo[:len(e.todo)-1]
		if !e.parts(last.a, last.b) {
			return false
		}
	}
	return true
}

// Same reports whether two Go values are equal: as == has it where that is possible, else deeply.
func Same(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	if x, y := reflect.ValueOf(a), reflect.ValueOf(b); !x.Comparable() || !y.Comparable() {
		return deepEqual(x, y)
	}
	return a == b
}

type equality struct {
	todo []valuePair
	seen map[seenPair]bool
}

type valuePair struct{ a, b reflect.Value }

type seenPair struct {
	a, b unsafe.Pointer
	typ  reflect.Type
	len  int
}

// pair compares what can be compared at once, and leaves values with parts for later.
func (e *equality) pair(a, b reflect.Value) bool {
	if !a.IsValid() || !b.IsValid() {
		return a.IsValid() == b.IsValid()
	}
	if a.Type() != b.Type() {
		return false
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		return e.reference(a, b)
	case reflect.Interface:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		e.todo = append(e.todo, valuePair{a, b})
		return true
	case reflect.Struct, reflect.Array:
		e.todo = append(e.todo, valuePair{a, b})
		return true
	case reflect.Func:
		return a.IsNil() && b.IsNil()
	}
	return equalScalars(a, b)
}

func equalScalars(a, b reflect.Value) bool {
	switch {
	case a.Kind() == reflect.String:
		return a.String() == b.String()
	case a.Kind() == reflect.Bool:
		return a.Bool() == b.Bool()
	case a.CanInt():
		return a.Int() == b.Int()
	case a.CanUint():
		return a.Uint() == b.Uint()
	case a.CanFloat():
		return a.Float() == b.Float()
	case a.CanComplex():
		return a.Complex() == b.Complex()
	}
	return a.UnsafePointer() == b.UnsafePointer() // chan, unsafe.Pointer
}

// reference compares pointers, maps and slices: equal if they are the same, else by what they lead to, each pair once.
func (e *equality) reference(a, b reflect.Value) bool {
	if a.IsNil() || b.IsNil() {
		return a.IsNil() == b.IsNil()
	}
	if a.Kind() != reflect.Pointer && a.Len() != b.Len() {
		return false
	}
	id := seenPair{a.UnsafePointer(), b.UnsafePointer(), a.Type(), 0}
	if a.Kind() == reflect.Slice {
		id.len = a.Len()
	}
	if id.a == id.b || e.seen[id] {
		return true
	}
	if e.seen == nil {
		e.seen = map[seenPair]bool{}
	}
	e.seen[id] = true
	e.todo = append(e.todo, valuePair{a, b})
	return true
}

// parts compares the parts of two values of one type.
func (e *equality) parts(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		return e.pair(a.Elem(), b.Elem())
	case reflect.Struct:
		for i := range a.NumField() {
			if !e.pair(a.Field(i), b.Field(i)) {
				return false
			}
		}
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !e.pair(a.Index(i), b.Index(i)) {
				return false
			}
		}
	case reflect.Map:
		for iter := a.MapRange(); iter.Next(); {
			other := b.MapIndex(iter.Key())
			if !other.IsValid() || !e.pair(iter.Value(), other) {
				return false
			}
		}
	}
	return true
}
