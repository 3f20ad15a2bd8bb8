package host

import (
	"context"
	"fmt"
	"math"
	"reflect"

	"github.com/goso-project/goso/internal/wam"
)

// receiverOf makes an object the receiver of a func: the object itself, its target, or a pointer to a copy where the program handed
// in no pointer.
func receiverOf[T any](object any) T {
	if t, ok := object.(T); ok {
		return t
	}
	if p, ok := object.(*T); ok {
		return *p
	}
	p := reflect.New(reflect.TypeFor[T]().Elem())
	p.Elem().Set(reflect.ValueOf(object))
	return p.Interface().(T)
}

// valueOf converts the first result of an accessor. It does what fromValue does, without memory for what is common.
func valueOf[V any](s *Session, b *binding, v V) (wam.Value, error) {
	switch x := any(v).(type) {
	case string:
		return textValue(x), nil
	case bool:
		return wam.BoolValue(x), nil
	case int:
		return wam.IntValue(int64(x)), nil
	case int64:
		return wam.IntValue(x), nil
	case float64:
		return wam.FloatValue(x), nil
	case int32:
		return wam.IntValue(int64(x)), nil
	case uint64:
		if x <= math.MaxInt64 {
			return wam.IntValue(int64(x)), nil
		}
	}
	p := b.results[0].get(s.conv.classes)
	switch p.cat {
	case catInterface:
		return s.conv.fromAny(any(v), false, 0)
	case catPointer:
		if target := p.elem.get(s.conv.classes); target.cat == catInstance {
			object := any(v)
			if reflect.ValueOf(object).IsNil() {
				return nilValue(), nil
			}
			return wam.InstanceValue(object, target.shape), nil
		}
	case catList:
		if p.kind == reflect.Slice && p.err == nil && !p.needsScan {
			return listOf(s, b, p, v), nil
		}
	}
	return s.conv.fromValue(p, reflect.ValueOf(v), false, 0)
}

// listOf makes a list of a slice.
func listOf[V any](s *Session, b *binding, p *plan, v V) wam.Value {
	at, _ := b.made.Target(&v)
	return s.conv.sequence(p, at.Slice(p.items))
}

// argumentOf converts the argument for a parameter of an accessor's func, counted from 0 with a context.Context that comes first.
func argumentOf[A any](c invocation, i int) (A, error) {
	if c.method.context {
		if i == 0 {
			var ctx A
			*any(&ctx).(*context.Context) = c.session.Bounded(c.ctx)
			return ctx, nil
		}
		i--
	}
	if a, ok := plainArgument[A](c.args[i]); ok {
		return a, nil
	}
	v, err := c.session.argument(c.args[i], c.method.params[i], 0)
	if err != nil {
		var none A
		return none, c.refused(fmt.Errorf("argument %d: %w", i+1, err))
	}
	return settled[A](v), nil
}

// settled takes a value out of reflection.
func settled[A any](v reflect.Value) A {
	var a A
	reflect.ValueOf(&a).Elem().Set(v)
	return a
}

// plainArgument converts what needs no reflection: plain values to plain types, and objects to their own.
func plainArgument[A any](v wam.Value) (a A, ok bool) {
	if v.Kind == wam.KindInstance {
		if reflect.TypeFor[A]().Kind() == reflect.Interface { // what it gets may be another form of the object
			return a, false
		}
		if a, ok = v.Ref.(A); ok {
			return a, true
		}
		if p, ok := v.Ref.(*A); ok {
			return *p, true
		}
		return a, false
	}
	switch to := any(&a).(type) {
	case *string:
		*to, ok = v.Str, v.Kind == wam.KindString
	case *bool:
		if ok = v.Kind == wam.KindBool; ok {
			*to = v.Bool()
		}
	case *int:
		if ok = v.Kind == wam.KindInt && int64(int(v.Int())) == v.Int(); ok {
			*to = int(v.Int())
		}
	case *int64:
		if ok = v.Kind == wam.KindInt; ok {
			*to = v.Int()
		}
	case *float64:
		if ok = v.Kind == wam.KindFloat; ok {
			*to = v.Float()
		}
	}
	return a, ok
}
