//go:build !goso_reflect

package access

import (
	"reflect"
	"slices"
	"unsafe"
)

// Place is memory that holds a value.
type Place struct{ p unsafe.Pointer }

// words are the two words of an interface without methods. A pointer in it is the second word itself.
type words struct{ typ, data unsafe.Pointer }

// Type is a type T whose values are reached by pointers.
type Type struct {
	pointer unsafe.Pointer // the first word of an interface that holds a *T
}

// TypeOf returns the Type of a reflect.Type.
func TypeOf(t reflect.Type) Type {
	nilPointer := reflect.Zero(reflect.PointerTo(t)).Interface()
	return Type{(*words)(unsafe.Pointer(&nilPointer)).typ}
}

// Target returns the place a *T in an interface leads to; it is false for values of other types and for nil.
func (t *Type) Target(x any) (Place, bool) {
	w := (*words)(unsafe.Pointer(&x))
	if w.typ != t.pointer || w.data == nil {
		return Place{}, false
	}
	return Place{w.data}, true
}

// Pointer returns a *T to a place that holds a T.
func (t *Type) Pointer(p Place) (x any) {
	*(*words)(unsafe.Pointer(&x)) = words{t.pointer, p.p}
	return x
}

// Load returns the pointer in a place that holds a *T; it is false for nil.
func (t *Type) Load(p Place) (x any, ok bool) {
	target := *(*unsafe.Pointer)(p.p)
	if target == nil {
		return nil, false
	}
	*(*words)(unsafe.Pointer(&x)) = words{t.pointer, target}
	return x, true
}

// Deref returns the target of a place that holds a pointer; it is false for nil.
func (p Place) Deref() (Place, bool) {
	target := *(*unsafe.Pointer)(p.p)
	return Place{target}, target != nil
}

// Value returns the value of a place that holds a t. It can be addressed.
func (p Place) Value(t reflect.Type) reflect.Value { return reflect.NewAt(t, p.p).Elem() }

// Boxes puts values of a type T that have a place already into interfaces, without copying them. T must be larger than a pointer.
type Boxes[T any] struct{ typ unsafe.Pointer }

// BoxesOf returns the Boxes of a type.
func BoxesOf[T any]() Boxes[T] {
	var x any = *new(T)
	return Boxes[T]{(*words)(unsafe.Pointer(&x)).typ}
}

// Box returns what p leads to as an interface value. It must not change any more.
func (b Boxes[T]) Box(p *T) (x any) {
	*(*words)(unsafe.Pointer(&x)) = words{b.typ, unsafe.Pointer(p)}
	return x
}

// Variants puts values of a type T that have a place already into the interface I, without copying them. T must be larger than a pointer.
type Variants[I, T any] struct{ tab unsafe.Pointer }

// VariantsOf returns the Variants of an interface with methods and the type of a value in it.
func VariantsOf[I, T any](sample I) Variants[I, T] {
	if _, ok := any(sample).(T); !ok {
		panic("access: a sample of another type")
	}
	return Variants[I, T]{(*words)(unsafe.Pointer(&sample)).typ}
}

// Box returns what p leads to as an interface value. It must not change any more.
func (b Variants[I, T]) Box(p *T) (x I) {
	*(*words)(unsafe.Pointer(&x)) = words{b.tab, unsafe.Pointer(p)}
	return x
}

// Field is the way from a struct to one of its fields, perhaps in an embedded struct.
type Field struct{ offset uintptr }

func newField(offset uintptr, _ []int) Field { return Field{offset} }

// Field returns the place of a field.
func (p Place) Field(f *Field) Place { return Place{unsafe.Add(p.p, f.offset)} }

// String reads a string.
func (p Place) String() string { return *(*string)(p.p) }

// Bool reads a boolean.
func (p Place) Bool() bool { return *(*bool)(p.p) }

// Any reads an interface without methods.
func (p Place) Any() any { return *(*any)(p.p) }

// Int reads a signed integer of a kind.
func (p Place) Int(k reflect.Kind) int64 {
	switch k {
	case reflect.Int:
		return int64(*(*int)(p.p))
	case reflect.Int8:
		return int64(*(*int8)(p.p))
	case reflect.Int16:
		return int64(*(*int16)(p.p))
	case reflect.Int32:
		return int64(*(*int32)(p.p))
	default:
		return *(*int64)(p.p)
	}
}

// Uint reads an unsigned integer of a kind.
func (p Place) Uint(k reflect.Kind) uint64 {
	switch k {
	case reflect.Uint:
		return uint64(*(*uint)(p.p))
	case reflect.Uint8:
		return uint64(*(*uint8)(p.p))
	case reflect.Uint16:
		return uint64(*(*uint16)(p.p))
	case reflect.Uint32:
		return uint64(*(*uint32)(p.p))
	default:
		return *(*uint64)(p.p)
	}
}

// Float reads a floating-point number of a kind.
func (p Place) Float(k reflect.Kind) float64 {
	if k == reflect.Float32 {
		return float64(*(*float32)(p.p))
	}
	return *(*float64)(p.p)
}

// Slice are the elements of a slice or array, as of when they were reached.
type Slice struct {
	first unsafe.Pointer
	n     int
	size  uintptr
}

// Elem is the type of a slice's elements.
type Elem struct{ size uintptr }

// ElemOf returns the Elem of a reflect.Type.
func ElemOf(t reflect.Type) Elem { return Elem{t.Size()} }

// Slice reads a slice whose elements are of type e.
func (p Place) Slice(e Elem) Slice {
	header := *(*[]struct{})(p.p)
	return Slice{unsafe.Pointer(unsafe.SliceData(header)), len(header), e.size}
}

// SliceOf returns the elements of a slice, or of an array that can be addressed.
func SliceOf(v reflect.Value) Slice {
	s := Slice{n: v.Len(), size: v.Type().Elem().Size()}
	if v.Kind() == reflect.Array {
		s.first = v.Addr().UnsafePointer()
	} else {
		s.first = v.UnsafePointer()
	}
	return s
}

// Len returns the number of elements.
func (s *Slice) Len() int { return s.n }

// At returns the place of element i, from 0 to Len()-1.
func (s *Slice) At(i int) Place { return Place{unsafe.Add(s.first, uintptr(i)*s.size)} }

// IndexInt returns the index of the first signed integer from from on that equals x, or -1. The elements are of kind k.
func (s *Slice) IndexInt(k reflect.Kind, x int64, from int) int {
	if k != reflect.Int || int64(int(x)) != x {
		return s.indexInt(k, x, from)
	}
	if i := slices.Index(unsafe.Slice((*int)(s.first), s.n)[from:], int(x)); i >= 0 {
		return i + from
	}
	return -1
}
