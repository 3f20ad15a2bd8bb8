package errors

import (
	"context"
	stderrors "errors"

	"github.com/goso-project/goso/pkg/oso/types"
)

// Sentinels for errors.Is.
var (
	// ErrForbidden is matched by *ForbiddenError.
	ErrForbidden = stderrors.New("forbidden")
	// ErrNotFound is matched by *NotFoundError.
	ErrNotFound = stderrors.New("not found")
	// ErrTimeout is matched by errors of kind RuntimeError::QueryTimeout.
	ErrTimeout = stderrors.New("query timed out")
	// ErrUndefinedRule is matched by errors of kind RuntimeError::QueryForUndefinedRule.
	ErrUndefinedRule = stderrors.New("undefined rule")
	// ErrStackOverflow is matched by errors of kind RuntimeError::StackOverflow.
	ErrStackOverflow = stderrors.New("too deep or too much memory")
	// ErrMultipleLoad is matched by errors of kind RuntimeError::MultipleLoadError.
	ErrMultipleLoad = stderrors.New("a policy is loaded already")
)

// FormattedPolarError is an error of the engine.
type FormattedPolarError struct {
	// Kind tells what went wrong.
	Kind types.ErrorKind
	// Formatted is the message, with the place in the policy and the line it points to.
	Formatted string

	detail Detail
}

// Detail is what an engine error knows beside its kind and message.
type Detail struct {
	Code   string // the kind's name, as in "RuntimeError::Application"
	File   string // name of the source, empty for a text without one
	Line   int    // from 1; 0 where there is no place
	Column int    // from 1, in characters
	Trace  string // the conditions being evaluated, outermost first
	Cause  error  // what Unwrap returns
}

// NewFormattedPolarError returns an engine error.
func NewFormattedPolarError(kind types.ErrorKind, formatted string, detail Detail) *FormattedPolarError {
	return &FormattedPolarError{Kind: kind, Formatted: formatted, detail: detail}
}

// Error returns the formatted message.
func (e *FormattedPolarError) Error() string { return e.Formatted }

// Code returns the name of the kind, as in "RuntimeError::Application".
func (e *FormattedPolarError) Code() string {
	if e.detail.Code != "" {
		return e.detail.Code
	}
	return kindName(e.Kind)
}

// Position returns the place in a policy or query; ok is false where there is none.
func (e *FormattedPolarError) Position() (file string, line, col int, ok bool) {
	return e.detail.File, e.detail.Line, e.detail.Column, e.detail.Line > 0
}

// StackTrace returns the conditions that were being evaluated, outermost first, for errors of a running query.
func (e *FormattedPolarError) StackTrace() string { return e.detail.Trace }

// Unwrap returns what is behind the error: for an application error the error of the application.
func (e *FormattedPolarError) Unwrap() error { return e.detail.Cause }

// Is matches the sentinels of this package by kind. A query that timed out also matches context.DeadlineExceeded.
func (e *FormattedPolarError) Is(target error) bool {
	r, ok := e.Kind.ErrorKindVariant.(types.ErrorKindRuntime)
	if !ok {
		return false
	}
	switch r.RuntimeErrorVariant.(type) {
	case types.RuntimeErrorQueryTimeout:
		return target == ErrTimeout || target == context.DeadlineExceeded
	case types.RuntimeErrorQueryForUndefinedRule:
		return target == ErrUndefinedRule
	case types.RuntimeErrorStackOverflow:
		return target == ErrStackOverflow
	case types.RuntimeErrorMultipleLoadError:
		return target == ErrMultipleLoad
	}
	return false
}
