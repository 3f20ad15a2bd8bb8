package host

import (
	"context"
	"fmt"
	"reflect"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/errors"
)

// Call calls a method. Missing methods and panics are *engine.ApplicationErrors; wrong arguments end the query with
// *errors.ErrorWithAdditionalInfo, keyword arguments with *errors.KwargsError.
func (s *Session) Call(ctx context.Context, receiver wam.Value, name string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	p := s.planOf(receiver)
	var m *method
	if p != nil {
		m = p.methods[name]
	}
	var by *binding
	if p != nil {
		by = p.calls[name]
	}
	if m == nil && by == nil {
		return wam.Value{}, s.miss(receiver, name)
	}
	if len(kwargs) > 0 {
		return wam.Value{}, &errors.KwargsError{}
	}
	if by != nil {
		return s.callBy(ctx, by, receiver.Ref, args)
	}
	in, err := s.arguments(ctx, &m.fn, args)
	if err != nil {
		return wam.Value{}, errors.NewErrorWithAdditionalInfo(errors.NewInvalidCallError(p.typ.String(), name), err.Error())
	}
	var out []reflect.Value
	if err := guard(func() { out = m.on(receiver.Ref).Call(in) }); err != nil {
		return wam.Value{}, err
	}
	return s.results(&m.fn, out)
}

// on returns the method bound to an object. Methods of pointers run on the object itself where the program handed in a
// pointer, else on a copy.
func (m *method) on(object any) reflect.Value {
	v := reflect.ValueOf(object)
	if v.Type() == m.receiver {
		if m.value >= 0 {
			return v.Method(m.value)
		}
		p := reflect.New(m.receiver)
		p.Elem().Set(v)
		v = p
	}
	return v.Method(m.pointer)
}

// arguments converts the arguments of a call to the types of its parameters.
func (s *Session) arguments(ctx context.Context, fn *signature, args []wam.Value) ([]reflect.Value, error) {
	fixed := len(fn.params)
	if fn.variadic {
		fixed--
	}
	if len(args) < fixed || len(args) > fixed && !fn.variadic {
		return nil, fmt.Errorf("incorrect number of arguments. Expected %d, got %d", fixed, len(args))
	}
	in := make([]reflect.Value, 0, len(args)+1)
	if fn.context {
		in = append(in, reflect.ValueOf(s.Bounded(ctx)))
	}
	for i, arg := range args {
		t := fn.params[min(i, len(fn.params)-1)]
		if i >= fixed {
			t = t.Elem()
		}
		v, err := s.argument(arg, t, 0)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		in = append(in, v)
	}
	return in, nil
}

// results converts what a method returned: nothing is an empty list, several values are a list of them.
func (s *Session) results(fn *signature, out []reflect.Value) (wam.Value, error) {
	types := fn.results
	if last := len(out) - 1; s.config.ErrorResults && last >= 0 && types[last].typ == errorType {
		if err, _ := out[last].Interface().(error); err != nil {
			return wam.Value{}, applicationError(err)
		}
		out, types = out[:last], types[:last]
	}
	switch len(out) {
	case 0:
		return wam.Value{Kind: wam.KindList, Ref: emptyList}, nil
	case 1:
		return s.conv.fromValue(types[0].get(s.conv.classes), out[0], false, 0)
	}
	list := &wam.List{Items: make([]wam.Value, len(out))}
	for i, v := range out {
		item, err := s.conv.fromValue(types[i].get(s.conv.classes), v, false, 0)
		if err != nil {
			return wam.Value{}, err
		}
		list.Items[i] = item
	}
	return wam.Value{Kind: wam.KindList, Ref: list}, nil
}

// New calls the constructor of a class. All failures but those of the constructor itself are *errors.ErrorWithAdditionalInfo
// with an *errors.InvalidConstructorError, or *errors.KwargsError.
func (s *Session) New(ctx context.Context, class string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	if len(kwargs) > 0 {
		return wam.Value{}, &errors.KwargsError{}
	}
	invalid := func(format string, a ...any) (wam.Value, error) {
		return wam.Value{}, errors.NewErrorWithAdditionalInfo(errors.NewInvalidConstructorError(class), fmt.Sprintf(format, a...))
	}
	k := s.conv.classes.byName[class]
	switch {
	case k == nil:
		return invalid("Unregistered class: %s", class)
	case !k.ctor.IsValid():
		return invalid("Missing constructor for class %s", class)
	}
	results := k.sig.results
	fallible := len(results) == 2 && results[1].typ == errorType
	if len(results) != 1 && !fallible {
		return invalid("Constructor must return 1 result, has %d", len(results))
	}
	if made := results[0].typ; made != k.typ && (made.Kind() != reflect.Pointer || made.Elem() != k.typ) {
		return invalid("Expected constructor to return %v, it returns %v", k.typ, made)
	}
	in, err := s.arguments(ctx, &k.sig, args)
	if err != nil {
		return invalid("%v", err)
	}
	var out []reflect.Value
	if err := guard(func() { out = k.ctor.Call(in) }); err != nil {
		return wam.Value{}, err
	}
	if fallible {
		if err, _ := out[1].Interface().(error); err != nil {
			return wam.Value{}, applicationError(err)
		}
	}
	return s.conv.fromValue(results[0].get(s.conv.classes), out[0], false, 0)
}
