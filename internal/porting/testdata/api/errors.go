// Package errors lists the error types. They are returned as pointers.
package errors

import "github.com/osohq/go-oso/types"

type FormattedPolarError struct {
	Kind      types.ErrorKind
	Formatted string
}

type ErrorWithAdditionalInfo struct {
	Inner error
	Info  string
}

type ForbiddenError struct{}
type NotFoundError struct{}
type UnexpectedExpressionError struct{}
type InlineQueryFailedError struct{}
type DuplicateClassAliasError struct{}
type PolarFileExtensionError struct{}
type PolarFileNotFoundError struct{}
type UnregisteredClassError struct{}
type InvalidConstructorError struct{}
type InvalidCallError struct{}
type MissingAttributeError struct{}
type InvalidIteratorError struct{}
type KwargsError struct{}

func (e *FormattedPolarError) Error() string
func (e *ErrorWithAdditionalInfo) Error() string
func (e *ForbiddenError) Error() string
func (e *NotFoundError) Error() string
func (e *UnexpectedExpressionError) Error() string
func (e *InlineQueryFailedError) Error() string
func (e *DuplicateClassAliasError) Error() string
func (e *PolarFileExtensionError) Error() string
func (e *PolarFileNotFoundError) Error() string
func (e *UnregisteredClassError) Error() string
func (e *InvalidConstructorError) Error() string
func (e *InvalidCallError) Error() string
func (e *MissingAttributeError) Error() string
func (e *InvalidIteratorError) Error() string
func (e *KwargsError) Error() string
