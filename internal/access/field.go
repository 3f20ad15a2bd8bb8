package access

import (
	"reflect"
	"unsafe"
)

// FieldOf returns the way to the field of a struct type at an index path as in reflect.StructField.Index. It is false
// when the way leads through an embedded pointer.
func FieldOf(t reflect.Type, index []int) (Field, bool) {
	var offset uintptr
	for _, i := range index {
		if t.Kind() != reflect.Struct {
			return Field{}, false
		}
		step := t.Field(i)
		offset += step.Offset
		t = step.Type
	}
	return newField(offset, index), true
}

// Kind tells the size of a number.
type Kind = reflect.Kind

// Pointer returns the address in an interface that holds a pointer other than nil. It is good for nothing but hashing.
func Pointer(x any) (address uintptr, ok bool) {
	v := reflect.ValueOf(x)
	if v.Kind() != reflect.Pointer {
		return 0, false
	}
	address = v.Pointer()
	return address, address != 0
}

// Address returns a number by which a string is found again: the place of its bytes. Equal strings may have different ones.
func Address(s string) uintptr { return uintptr(unsafe.Pointer(unsafe.StringData(s))) }
