package host

import (
	"context"
	"fmt"
	"reflect"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/errors"
)

// Accessor is a func of the application that stands for a field or a method of its objects. What runs it is compiled for the
// types of the func: for most values it needs neither reflection nor memory. Accessors are immutable, and belong to no
// registry until RegisterAccessors.
type Accessor struct {
	name    string
	owner   reflect.Type // of the objects, never a pointer
	err     error        // not nil: it cannot be registered
	results []reflect.Type
	made    access.Type // of the first result

	read func(s *Session, ctx context.Context, b *binding, object any) (wam.Value, error) // nil for a method

	params  []reflect.Type
	context bool // a context.Context comes first; it is not in params
	call    func(c invocation) (wam.Value, error)
}

// binding is an Accessor within the classes of a snapshot.
type binding struct {
	*Accessor
	results []*typeRef
}

// invocation is a call of a method by its Accessor.
type invocation struct {
	session *Session
	ctx     context.Context
	method  *binding
	object  any
	args    []wam.Value
}

// newAccessor makes what all accessors have in common, T being the receiver and V the first result.
func newAccessor[T, V any](name string, isNil bool) *Accessor {
	v := reflect.TypeFor[V]()
	a := &Accessor{name: name, owner: reflect.TypeFor[T](), results: []reflect.Type{v}, made: access.TypeOf(v)}
	if a.owner.Kind() == reflect.Pointer {
		a.owner = a.owner.Elem()
	}
	switch {
	case name == "":
		a.err = fmt.Errorf("an accessor of %v has no name", a.owner)
	case isNil:
		a.err = fmt.Errorf("accessor %s of %v has no func", name, a.owner)
	case categoryOf(a.owner) != catInstance:
		a.err = fmt.Errorf("accessor %s is for %v: it must be for a struct, another named type that is no list or dictionary, or a pointer to one",
			name, reflect.TypeFor[T]())
	}
	return a
}

// FieldOf makes the accessor of a field. IsNil says that the application gave no func. A panic ends the query, also inside a
// pattern: nothing is known of the field then.
func FieldOf[T, V any](name string, isNil bool, get func(T) V) *Accessor {
	a := newAccessor[T, V](name, isNil)
	a.read = func(s *Session, _ context.Context, b *binding, object any) (wam.Value, error) {
		receiver := receiverOf[T](object)
		var x V
		if err := guard(func() { x = get(receiver) }); err != nil {
			return wam.Value{}, final(err)
		}
		return valueOf(s, b, x)
	}
	return a
}

// FieldContextOf makes the accessor of a field that has to be fetched. An error ends the query as a panic does.
func FieldContextOf[T, V any](name string, isNil bool, get func(context.Context, T) (V, error)) *Accessor {
	a := newAccessor[T, V](name, isNil)
	a.read = func(s *Session, ctx context.Context, b *binding, object any) (wam.Value, error) {
		receiver := receiverOf[T](object)
		ctx = s.Bounded(ctx)
		var x V
		var failed error
		if err := guard(func() { x, failed = get(ctx, receiver) }); err != nil {
			return wam.Value{}, final(err)
		}
		if failed != nil {
			return wam.Value{}, final(applicationError(failed))
		}
		return valueOf(s, b, x)
	}
	return a
}

// final makes an application error end the query wherever the look-up stands.
func final(err error) error {
	if app, ok := err.(*engine.ApplicationError); ok {
		app.Final = true
	}
	return err
}

// newMethod makes an accessor of a method but for its call. Of a fallible one the error is a result too.
func newMethod[T, R any](name string, isNil, fallible bool, params ...reflect.Type) *Accessor {
	a := newAccessor[T, R](name, isNil)
	if len(params) > 0 && params[0] == contextType {
		a.context, params = true, params[1:]
	}
	a.params = params
	if fallible {
		a.results = append(a.results, errorType)
	}
	return a
}

// Method0Of makes the accessor of a method without parameters.
func Method0Of[T, R any](name string, isNil, fallible bool, f func(T) (R, error)) *Accessor {
	m := newMethod[T, R](name, isNil, fallible)
	m.call = func(c invocation) (wam.Value, error) { return run(c, f) }
	return m
}

// Method1Of makes the accessor of a method with one parameter, which may be a context.Context.
func Method1Of[T, A, R any](name string, isNil, fallible bool, f func(T, A) (R, error)) *Accessor {
	m := newMethod[T, R](name, isNil, fallible, reflect.TypeFor[A]())
	m.call = func(c invocation) (wam.Value, error) {
		a, err := argumentOf[A](c, 0)
		if err != nil {
			return wam.Value{}, err
		}
		return run(c, func(t T) (R, error) { return f(t, a) })
	}
	return m
}

// Method2Of makes the accessor of a method with two parameters, of which the first may be a context.Context.
func Method2Of[T, A, B, R any](name string, isNil, fallible bool, f func(T, A, B) (R, error)) *Accessor {
	m := newMethod[T, R](name, isNil, fallible, reflect.TypeFor[A](), reflect.TypeFor[B]())
	m.call = func(c invocation) (wam.Value, error) {
		a, err := argumentOf[A](c, 0)
		if err != nil {
			return wam.Value{}, err
		}
		b, err := argumentOf[B](c, 1)
		if err != nil {
			return wam.Value{}, err
		}
		return run(c, func(t T) (R, error) { return f(t, a, b) })
	}
	return m
}

// Method3Of makes the accessor of a method with three parameters, of which the first may be a context.Context.
func Method3Of[T, A, B, C, R any](name string, isNil, fallible bool, f func(T, A, B, C) (R, error)) *Accessor {
	m := newMethod[T, R](name, isNil, fallible, reflect.TypeFor[A](), reflect.TypeFor[B](), reflect.TypeFor[C]())
	m.call = func(c invocation) (wam.Value, error) {
		a, err := argumentOf[A](c, 0)
		if err != nil {
			return wam.Value{}, err
		}
		b, err := argumentOf[B](c, 1)
		if err != nil {
			return wam.Value{}, err
		}
		d, err := argumentOf[C](c, 2)
		if err != nil {
			return wam.Value{}, err
		}
		return run(c, func(t T) (R, error) { return f(t, a, b, d) })
	}
	return m
}

// run calls the application's func and converts its result as results does.
func run[T, R any](c invocation, f func(T) (R, error)) (wam.Value, error) {
	receiver := receiverOf[T](c.object)
	var x R
	var failed error
	if err := guard(func() { x, failed = f(receiver) }); err != nil {
		return wam.Value{}, err
	}
	s, types := c.session, c.method.results
	if len(types) == 1 && (!s.config.ErrorResults || types[0].typ != errorType) {
		return valueOf(s, c.method, x)
	}
	if s.config.ErrorResults {
		if len(types) == 1 {
			failed, _ = any(x).(error)
		}
		switch {
		case failed != nil:
			return wam.Value{}, applicationError(failed)
		case len(types) == 1:
			return wam.Value{Kind: wam.KindList, Ref: emptyList}, nil
		}
		return valueOf(s, c.method, x)
	}
	first, err := valueOf(s, c.method, x)
	if err != nil {
		return wam.Value{}, err
	}
	second, err := s.conv.fromAny(failed, false, 0)
	if err != nil {
		return wam.Value{}, err
	}
	return wam.Value{Kind: wam.KindList, Ref: &wam.List{Items: []wam.Value{first, second}}}, nil
}

// callBy calls a method by its accessor.
func (s *Session) callBy(ctx context.Context, b *binding, object any, args []wam.Value) (wam.Value, error) {
	c := invocation{session: s, ctx: ctx, method: b, object: object, args: args}
	if len(args) != len(b.params) {
		return wam.Value{}, c.refused(fmt.Errorf("incorrect number of arguments. Expected %d, got %d", len(b.params), len(args)))
	}
	return b.call(c)
}

// refused is the error of wrong arguments.
func (c *invocation) refused(err error) error {
	return errors.NewErrorWithAdditionalInfo(errors.NewInvalidCallError(c.method.owner.String(), c.method.name), err.Error())
}
