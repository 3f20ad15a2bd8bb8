// Package errors holds the error types of the library. Each is returned as a pointer and found with errors.As from the
// standard library; the common outcomes have sentinels for errors.Is: ErrForbidden, ErrNotFound, ErrTimeout,
// ErrUndefinedRule and others.
//
// FormattedPolarError is every error of the engine: its Kind tells what went wrong in a form programs can switch on, its
// text shows the place in the policy. An error never means that something is allowed.
package errors
