//go:build goso_reflect

package access

import "reflect"

// Place is memory that holds a value.
type Place struct{ v reflect.Value }

// Type is a type T whose values are reached by pointers.
type Type struct {
	pointer reflect.Type // *T
}

// TypeOf returns the Type of a reflect.Type.
func TypeOf(t reflect.Type) Type { return Type{reflect.PointerTo(t)} }

// Target returns the place a *T in an interface leads to; it is false for values of other types and for nil.
func (t *Type) Target(x any) (Place, bool) {
	v := reflect.ValueOf(x)
	if !v.IsValid() || v.Type() != t.pointer || v.IsNil() {
		return Place{}, false
	}
	return Place{v.Elem()}, true
}

// Pointer returns a *T to a place that holds a T.
func (t *Type) Pointer(p Place) any { return p.v.Addr().Interface() }

// Load returns the pointer in a place that holds a *T; it is false for nil.
func (t *Type) Load(p Place) (x any, ok bool) {
	if p.v.IsNil() {
		return nil, false
	}
	return p.v.Convert(t.pointer).Interface(), true
}

// Deref returns the target of a place that holds a pointer; it is false for nil.
func (p Place) Deref() (Place, bool) {
	if p.v.IsNil() {
		return Place{}, false
	}
	return Place{p.v.Elem()}, true
}

// Value returns the value of a place that holds a t. It can be addressed.
func (p Place) Value(reflect.Type) reflect.Value { return p.v }

// Boxes puts values of a type T that have a place already into interfaces.
type Boxes[T any] struct{}

// BoxesOf returns the Boxes of a type.
func BoxesOf[T any]() Boxes[T] { return Boxes[T]{} }

// Box returns what p leads to as an interface value. It must not change any more.
func (Boxes[T]) Box(p *T) any { return *p }

// Variants puts values of a type T that have a place already into the interface I.
type Variants[I, T any] struct{}

// VariantsOf returns the Variants of an interface with methods and the type of a value in it.
func VariantsOf[I, T any](sample I) Variants[I, T] {
	if _, ok := any(sample).(T); !ok {
		panic("access: a sample of another type")
	}
	return Variants[I, T]{}
}

// Box returns what p leads to as an interface value. It must not change any more.
func (Variants[I, T]) Box(p *T) I {
	x, _ := any(*p).(I)
	return x
}

// Field is the way from a struct to one of its fields, perhaps in an embedded struct.
type Field struct{ index []int }

func newField(_ uintptr, index []int) Field { return Field{index} }

// Field returns the place of a field.
func (p Place) Field(f *Field) Place { return Place{p.v.FieldByIndex(f.index)} }

// String reads a string.
func (p Place) String() string { return p.v.String() }

// Bool reads a boolean.
func (p Place) Bool() bool { return p.v.Bool() }

// Any reads an interface without methods.
func (p Place) Any() any { return p.v.Interface() }

// Int reads a signed integer of a kind.
func (p Place) Int(reflect.Kind) int64 { return p.v.Int() }

// Uint reads an unsigned integer of a kind.
func (p Place) Uint(reflect.Kind) uint64 { return p.v.Uint() }

// Float reads a floating-point number of a kind.
func (p Place) Float(reflect.Kind) float64 { return p.v.Float() }

// Slice are the elements of a slice or array, as of when they were reached.
type Slice struct{ v reflect.Value }

// Elem is the type of a slice's elements.
type Elem struct{}

// ElemOf returns the Elem of a reflect.Type.
func ElemOf(reflect.Type) Elem { return Elem{} }

// Slice reads a slice whose elements are of type e.
func (p Place) Slice(Elem) Slice { return SliceOf(p.v) }

// SliceOf returns the elements of a slice, or of an array that can be addressed.
func SliceOf(v reflect.Value) Slice { return Slice{v.Slice(0, v.Len())} }

// Len returns the number of elements.
func (s *Slice) Len() int { return s.v.Len() }

// At returns the place of element i, from 0 to Len()-1.
func (s *Slice) At(i int) Place { return Place{s.v.Index(i)} }

// IndexInt returns the index of the first signed integer from from on that equals x, or -1. The elements are of kind k.
func (s *Slice) IndexInt(k reflect.Kind, x int64, from int) int { return s.indexInt(k, x, from) }
