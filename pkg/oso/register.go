package oso

import (
	"errors"
	"reflect"
)

// RegisterClass registers a Go type under its own name. Cls is a value of the type, a pointer to one, or its reflect.Type;
// ctor is nil or a func that "new" calls in policies. A name that is taken is an *errors.DuplicateClassAliasError. Classes of
// actor and resource blocks must be registered before loading, others may be at any time. On error nothing is
// registered.
func (o Oso) RegisterClass(cls interface{}, ctor interface{}) error {
	return o.registerClass(cls, ctor, "", nil)
}

// RegisterClassWithName is RegisterClass under another name. One type may have several names.
func (o Oso) RegisterClassWithName(cls interface{}, ctor interface{}, name string) error {
	return o.RegisterClassWithNameAndFields(cls, ctor, name, nil)
}

// RegisterClassWithNameAndFields is RegisterClassWithName with declarations of fields: the name of a field's class, or a
// types.Relation.
func (o Oso) RegisterClassWithNameAndFields(cls interface{}, ctor interface{}, name string, fields map[string]interface{}) error {
	if name == "" {
		return errors.New("a class needs a name")
	}
	return o.registerClass(cls, ctor, name, fields)
}

func (o Oso) registerClass(cls, ctor any, name string, fields map[string]any) error {
	c, err := o.ready()
	if err != nil {
		return err
	}
	t, ok := cls.(reflect.Type)
	if !ok && cls != nil {
		t = reflect.TypeOf(cls)
	}
	warning, err := c.registry.RegisterClass(t, ctor, name, fields)
	if err == nil && warning != "" {
		c.warn(warning)
	}
	return c.public(err)
}

// RegisterConstant binds a name to a value in every later query and in rule bodies. A constant of that name is replaced, and
// so is the value that a class name stands for.
func (o Oso) RegisterConstant(value interface{}, name string) error {
	c, err := o.ready()
	if err != nil {
		return err
	}
	return c.public(c.registry.RegisterConstant(value, name))
}

// registrar is an Oso or a pointer to one.
type registrar interface{ ready() (*core, error) }

// RegisterInterface registers a class that every type with the methods of the interface T belongs to, by value or by
// pointer. An empty name means T's own.
func RegisterInterface[T any](o registrar, name string) error {
	c, err := o.ready()
	if err != nil {
		return err
	}
	return c.public(c.registry.RegisterInterface(reflect.TypeFor[T](), name))
}
