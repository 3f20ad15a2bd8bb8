package errors

import (
	"fmt"
	"reflect"
)

// ErrorWithAdditionalInfo is an error with a text that says more.
type ErrorWithAdditionalInfo struct {
	Inner error
	Info  string
}

// NewErrorWithAdditionalInfo returns an error with a text.
func NewErrorWithAdditionalInfo(inner error, info string) *ErrorWithAdditionalInfo {
	return &ErrorWithAdditionalInfo{Inner: inner, Info: info}
}

// Error returns the text, then the error's own.
func (e *ErrorWithAdditionalInfo) Error() string { return e.Info + ": " + e.Inner.Error() }

// Unwrap returns the error.
func (e *ErrorWithAdditionalInfo) Unwrap() error { return e.Inner }

// InvalidConstructorError says that "new" could not make an instance of a class.
type InvalidConstructorError struct{ class string }

// NewInvalidConstructorError returns the error for a class name.
func NewInvalidConstructorError(class string) *InvalidConstructorError {
	return &InvalidConstructorError{class: class}
}

// Error returns the message.
func (e *InvalidConstructorError) Error() string {
	return fmt.Sprintf("cannot construct a new instance of %s", e.class)
}

// InvalidCallError says that a method could not be called with the arguments a policy gave it.
type InvalidCallError struct {
	typ    string
	method string
}

// NewInvalidCallError returns the error for a method of a type.
func NewInvalidCallError(typ, method string) *InvalidCallError {
	return &InvalidCallError{typ: typ, method: method}
}

// Error returns the message.
func (e *InvalidCallError) Error() string { return fmt.Sprintf("cannot call %s.%s", e.typ, e.method) }

// MissingAttributeError says that a value has no field or method of a name. Its text is an application error's message.
type MissingAttributeError struct {
	value string
	field string
}

// NewMissingAttributeError returns the error for the text of a value and a name.
func NewMissingAttributeError(value, field string) *MissingAttributeError {
	return &MissingAttributeError{value: value, field: field}
}

// Error returns the message.
func (e *MissingAttributeError) Error() string {
	return fmt.Sprintf("'%s' object has no attribute '%s'", e.value, e.field)
}

// InvalidIteratorError says that the value right of "in" cannot be walked.
type InvalidIteratorError struct{ value string }

// NewInvalidIteratorError returns the error for the text of a value.
func NewInvalidIteratorError(value string) *InvalidIteratorError {
	return &InvalidIteratorError{value: value}
}

// Error returns the message.
func (e *InvalidIteratorError) Error() string { return e.value + " is not iterable" }

// KwargsError says that a policy gave keyword arguments to a constructor or method: Go has none.
type KwargsError struct{}

// Error returns the message.
func (e *KwargsError) Error() string { return "Go does not support keyword arguments" }

// UnimplementedOperationError says that values cannot be compared as asked.
type UnimplementedOperationError struct{ operation string }

// NewUnimplementedOperationError returns the error for the text of an operation.
func NewUnimplementedOperationError(operation string) *UnimplementedOperationError {
	return &UnimplementedOperationError{operation: operation}
}

// NewUnsupportedComparisonError returns the error for an operator between two types.
func NewUnsupportedComparisonError(op string, left, right reflect.Type) *UnimplementedOperationError {
	return &UnimplementedOperationError{operation: fmt.Sprintf("%v %s %v", left, op, right)}
}

// Error returns the message.
func (e *UnimplementedOperationError) Error() string { return "Unsupported operation: " + e.operation }

// InvalidQueryEventError is kept for programs that mention it.
type InvalidQueryEventError struct{ event string }

// NewInvalidQueryEventError returns the error for the text of an event.
func NewInvalidQueryEventError(event string) *InvalidQueryEventError {
	return &InvalidQueryEventError{event: event}
}

// Error returns the message.
func (e *InvalidQueryEventError) Error() string { return "Invalid query event: " + e.event }

// HostPanicError says that application code panicked while a policy called it.
type HostPanicError struct {
	Value any    // what was passed to panic
	Stack []byte // the goroutine's stack at the panic
}

// Error returns the panic's value; the stack is left out.
func (e *HostPanicError) Error() string { return fmt.Sprintf("application code panicked: %v", e.Value) }

// Unwrap returns the panic's value where that is an error.
func (e *HostPanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
