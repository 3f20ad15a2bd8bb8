package host

import (
	"fmt"
	"math"
	"reflect"

	"github.com/goso-project/goso/internal/wam"
)

// argument converts a value to the type of a parameter. It never guesses: what does not fit exactly is an error.
func (s *Session) argument(v wam.Value, t reflect.Type, depth int) (reflect.Value, error) {
	if depth > maxBuildDepth {
		return reflect.Value{}, errTooBig
	}
	isNil := v.Kind == wam.KindInstance && v.Ref == nil
	if v.Kind == wam.KindInstance && !isNil {
		if out, ok := s.sameObject(v, t); ok {
			return out, nil
		}
	}
	switch t.Kind() {
	case reflect.Interface:
		return s.interfaceArgument(v, t)
	case reflect.Pointer:
		if isNil {
			return reflect.Zero(t), nil
		}
		elem, err := s.argument(v, t.Elem(), depth+1)
		if err != nil {
			return reflect.Value{}, mismatch(v, t)
		}
		p := reflect.New(t.Elem())
		p.Elem().Set(elem)
		return p, nil
	case reflect.Slice, reflect.Array:
		if isNil && t.Kind() == reflect.Slice {
			return reflect.Zero(t), nil
		}
		return s.listArgument(v, t, depth)
	case reflect.Map:
		if isNil {
			return reflect.Zero(t), nil
		}
		return s.dictArgument(v, t, depth)
	}
	return basicArgument(v, t)
}

// sameObject passes an instance whose type, or pointer type, is the parameter's. Funcs and channels may also be convertible.
func (s *Session) sameObject(v wam.Value, t reflect.Type) (reflect.Value, bool) {
	if t.Kind() == reflect.Interface {
		return reflect.Value{}, false
	}
	v0 := reflect.ValueOf(v.Ref)
	if v0.Type() == t {
		return v0, true
	}
	rv := target(v.Ref)
	switch {
	case rv.Type().AssignableTo(t):
		return rv, true
	case (t.Kind() == reflect.Func || t.Kind() == reflect.Chan) && rv.Type().ConvertibleTo(t):
		return rv.Convert(t), true
	}
	return reflect.Value{}, false
}

// interfaceArgument passes what a result would give; a value whose pointer alone has the methods goes as a pointer.
func (s *Session) interfaceArgument(v wam.Value, t reflect.Type) (reflect.Value, error) {
	reader := goReader{conv: &s.conv, accept: true}
	x, err := reader.read(v)
	if err != nil {
		return reflect.Value{}, err
	}
	if x == nil {
		return reflect.Zero(t), nil
	}
	rv := reflect.ValueOf(x)
	if rv.Type().AssignableTo(t) {
		return rv, nil
	}
	if v.Kind == wam.KindInstance && reflect.PointerTo(rv.Type()).AssignableTo(t) {
		if isBorrowed(v) {
			return reflect.ValueOf(v.Ref), nil
		}
		p := reflect.New(rv.Type())
		p.Elem().Set(rv)
		return p, nil
	}
	return reflect.Value{}, mismatch(v, t)
}

func (s *Session) listArgument(v wam.Value, t reflect.Type, depth int) (reflect.Value, error) {
	if v.Kind != wam.KindList {
		return reflect.Value{}, mismatch(v, t)
	}
	seq, rest := sequenceOf(v)
	if rest.Kind == wam.KindVar {
		return reflect.Value{}, fmt.Errorf("cannot use a list with an unbound rest as %v", t)
	}
	var out reflect.Value
	if t.Kind() == reflect.Array {
		if seq.Len() != t.Len() {
			return reflect.Value{}, fmt.Errorf("cannot use a list of %d as %v", seq.Len(), t)
		}
		out = reflect.New(t).Elem()
	} else {
		out = reflect.MakeSlice(t, seq.Len(), seq.Len())
	}
	for i := range seq.Len() {
		item, err := seq.At(i)
		if err != nil {
			return reflect.Value{}, err
		}
		x, err := s.argument(item, t.Elem(), depth+1)
		if err != nil {
			return reflect.Value{}, err
		}
		out.Index(i).Set(x)
	}
	return out, nil
}

func (s *Session) dictArgument(v wam.Value, t reflect.Type, depth int) (reflect.Value, error) {
	if v.Kind != wam.KindDict || t.Key().Kind() != reflect.String {
		return reflect.Value{}, mismatch(v, t)
	}
	m := mappingOf(v)
	out := reflect.MakeMapWithSize(t, m.Len())
	for i := range m.Len() {
		item, err := m.At(i)
		if err != nil {
			return reflect.Value{}, err
		}
		x, err := s.argument(item, t.Elem(), depth+1)
		if err != nil {
			return reflect.Value{}, err
		}
		key := reflect.New(t.Key()).Elem()
		key.SetString(m.Key(i))
		out.SetMapIndex(key, x)
	}
	return out, nil
}

// basicArgument converts numbers, strings and booleans, plain or inside an instance of a named basic type.
func basicArgument(v wam.Value, t reflect.Type) (reflect.Value, error) {
	out := reflect.New(t).Elem()
	b := basicOf(v)
	switch {
	case out.CanInt():
		if n, ok := b.integer(); ok && !out.OverflowInt(n) {
			out.SetInt(n)
			return out, nil
		}
	case out.CanUint():
		if n, ok := b.integer(); ok && n >= 0 && !out.OverflowUint(uint64(n)) {
			out.SetUint(uint64(n))
			return out, nil
		}
	case out.CanFloat():
		switch b.Kind {
		case wam.KindInt:
			out.SetFloat(float64(b.Int()))
			return out, nil
		case wam.KindFloat:
			out.SetFloat(b.Float())
			return out, nil
		}
	case t.Kind() == reflect.String && b.Kind == wam.KindString:
		out.SetString(b.Str)
		return out, nil
	case t.Kind() == reflect.Bool && b.Kind == wam.KindBool:
		out.SetBool(b.Bool())
		return out, nil
	}
	return reflect.Value{}, mismatch(v, t)
}

// basic is a number, string or boolean, or the zero value.
type basic struct{ wam.Value }

// basicOf returns what a value is underneath: itself, or for an instance of a named basic type the number, string or
// boolean in it.
func basicOf(v wam.Value) basic {
	if v.Kind != wam.KindInstance || v.Ref == nil {
		return basic{v}
	}
	rv := target(v.Ref)
	switch {
	case rv.Kind() == reflect.String:
		return basic{textValue(rv.String())}
	case rv.Kind() == reflect.Bool:
		return basic{wam.BoolValue(rv.Bool())}
	case rv.CanInt():
		return basic{wam.IntValue(rv.Int())}
	case rv.CanUint() && rv.Uint() <= math.MaxInt64:
		return basic{wam.IntValue(int64(rv.Uint()))}
	case rv.CanFloat():
		return basic{wam.FloatValue(rv.Float())}
	}
	return basic{}
}

// integer returns the value as an integer if it is one exactly.
func (b basic) integer() (n int64, ok bool) {
	switch b.Kind {
	case wam.KindInt:
		return b.Int(), true
	case wam.KindFloat:
		f := b.Float()
		if f == math.Trunc(f) && f >= -(1<<63) && f < 1<<63 {
			return int64(f), true
		}
	}
	return 0, false
}

// mismatch says that a value does not fit a parameter.
func mismatch(v wam.Value, t reflect.Type) error {
	return fmt.Errorf("cannot use %s as %v", kindText(v), t)
}

// kindText names the kind of a value, and shows it where it is short.
func kindText(v wam.Value) string {
	switch v.Kind {
	case wam.KindBool:
		return fmt.Sprintf("boolean %t", v.Bool())
	case wam.KindInt:
		return fmt.Sprintf("integer %d", v.Int())
	case wam.KindFloat:
		return fmt.Sprintf("float %g", v.Float())
	case wam.KindString:
		return "a string"
	case wam.KindList:
		return "a list"
	case wam.KindDict:
		return "a dictionary"
	case wam.KindInstance:
		if v.Ref == nil {
			return "nil"
		}
		return "a value of type " + target(v.Ref).Type().String()
	case wam.KindVar:
		return "an unbound variable"
	}
	return "an expression"
}
