package oso

import (
	"context"

	"github.com/goso-project/goso/internal/host"
)

// Accessor is a func that stands for a field or a method of the objects of one type, to be given to RegisterAccessors. It may
// run on several goroutines at once.
//
// The receiver T is a type or a pointer to one, whatever the program hands over: a func of *T gets the program's own pointer, or
// one to a copy where the program handed over a value; a func of T gets the value. Values are converted as they are for fields and
// methods that are found by reflection, and wrong arguments are the same errors. Strings, booleans, numbers, pointers to
// objects, and slices are handed to and fro without an allocation.
//
// A panic is an error of the query that wraps *errors.HostPanicError. It ends the query inside a pattern too.
type Accessor struct{ host *host.Accessor }

// Field makes an accessor for the field that policies write as x.name.
func Field[T, V any](name string, get func(T) V) Accessor {
	return Accessor{host.FieldOf(name, get == nil, get)}
}

// FieldContext is Field for what has to be fetched: the func gets the query's context, which ends with the time that the query may
// take, and an error of it ends the query. The error of the query wraps it.
func FieldContext[T, V any](name string, get func(context.Context, T) (V, error)) Accessor {
	return Accessor{host.FieldContextOf(name, get == nil, get)}
}

// Method0 makes an accessor for the method that policies call as x.name(). Method expressions fit: (*User).IsAdmin.
func Method0[T, R any](name string, f func(T) R) Accessor {
	return Accessor{host.Method0Of(name, f == nil, false, func(t T) (R, error) { return f(t), nil })}
}

// Method1 makes an accessor for a method with one argument. If A is context.Context, the func gets the query's context and policies
// give no argument for it; so it is with the first parameter of Method2 and Method3.
func Method1[T, A, R any](name string, f func(T, A) R) Accessor {
	return Accessor{host.Method1Of(name, f == nil, false, func(t T, a A) (R, error) { return f(t, a), nil })}
}

// Method2 makes an accessor for a method with two arguments.
func Method2[T, A, B, R any](name string, f func(T, A, B) R) Accessor {
	return Accessor{host.Method2Of(name, f == nil, false, func(t T, a A, b B) (R, error) { return f(t, a, b), nil })}
}

// Method3 makes an accessor for a method with three arguments.
func Method3[T, A, B, C, R any](name string, f func(T, A, B, C) R) Accessor {
	return Accessor{host.Method3Of(name, f == nil, false, func(t T, a A, b B, c C) (R, error) { return f(t, a, b, c), nil })}
}

// Method0Err is Method0 for a func that returns an error too. With WithErrorResults an error ends the query, and the result is the
// value alone; without, the result is a list of both, as for every method with two results.
func Method0Err[T, R any](name string, f func(T) (R, error)) Accessor {
	return Accessor{host.Method0Of(name, f == nil, true, f)}
}

// Method1Err is Method1 for a func that returns an error too; see Method0Err.
func Method1Err[T, A, R any](name string, f func(T, A) (R, error)) Accessor {
	return Accessor{host.Method1Of(name, f == nil, true, f)}
}

// Method2Err is Method2 for a func that returns an error too; see Method0Err.
func Method2Err[T, A, B, R any](name string, f func(T, A, B) (R, error)) Accessor {
	return Accessor{host.Method2Of(name, f == nil, true, f)}
}

// Method3Err is Method3 for a func that returns an error too; see Method0Err.
func Method3Err[T, A, B, C, R any](name string, f func(T, A, B, C) (R, error)) Accessor {
	return Accessor{host.Method3Of(name, f == nil, true, f)}
}

// RegisterAccessors has funcs stand for fields and methods in every later query. They belong to a type, under all names it is
// registered by, and hide a field or method of its own that has the same name. A field and a method of one name do not touch each
// other. An accessor without a name or func, one of a type that has no objects (a plain string, a list), and a second one of a name
// are errors; then none is registered.
func (o Oso) RegisterAccessors(accessors ...Accessor) error {
	c, err := o.ready()
	if err != nil {
		return err
	}
	list := make([]*host.Accessor, len(accessors))
	for i, a := range accessors {
		list[i] = a.host
	}
	return c.public(c.registry.RegisterAccessors(list...))
}
