package errors

import (
	"fmt"
	"reflect"
)

// DuplicateClassAliasError says that a class name is taken.
type DuplicateClassAliasError struct {
	name     string
	cls      reflect.Type
	existing reflect.Type
}

// NewDuplicateClassAliasError returns the error for a name, the type to be registered and the one registered already.
func NewDuplicateClassAliasError(name string, cls, existing reflect.Type) *DuplicateClassAliasError {
	return &DuplicateClassAliasError{name: name, cls: cls, existing: existing}
}

// Error returns the message.
func (e *DuplicateClassAliasError) Error() string {
	return fmt.Sprintf("Attempted to alias %v as '%s', but %v already has that alias", e.cls, e.name, e.existing)
}

// UnregisteredClassError says that no class has a name.
type UnregisteredClassError struct{ name string }

// NewUnregisteredClassError returns the error for a name.
func NewUnregisteredClassError(name string) *UnregisteredClassError {
	return &UnregisteredClassError{name: name}
}

// Error returns the message.
func (e *UnregisteredClassError) Error() string { return "Unregistered class: " + e.name }

// DuplicateInstanceRegistrationError says that an instance id is taken.
type DuplicateInstanceRegistrationError struct{ id uint64 }

// NewDuplicateInstanceRegistrationError returns the error for an id.
func NewDuplicateInstanceRegistrationError(id uint64) *DuplicateInstanceRegistrationError {
	return &DuplicateInstanceRegistrationError{id: id}
}

// Error returns the message.
func (e *DuplicateInstanceRegistrationError) Error() string {
	return fmt.Sprintf("Attempted to register instance %d, but an instance with that ID already exists", e.id)
}

// UnregisteredInstanceError says that an instance id is unknown.
type UnregisteredInstanceError struct{ id uint64 }

// NewUnregisteredInstanceError returns the error for an id.
func NewUnregisteredInstanceError(id uint64) *UnregisteredInstanceError {
	return &UnregisteredInstanceError{id: id}
}

// Error returns the message.
func (e *UnregisteredInstanceError) Error() string {
	return fmt.Sprintf("Unregistered instance: %d", e.id)
}
