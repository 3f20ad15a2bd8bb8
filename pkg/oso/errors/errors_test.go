package errors_test

import (
	"context"
	stderrors "errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

func TestMessagesSayWhatPortsLookFor(t *testing.T) {
	tests := []struct {
		err  error
		want []string
	}{
		{&errors.ForbiddenError{}, []string{"Oso Forbidden Error"}},
		{&errors.NotFoundError{}, []string{"Oso Not Found Error"}},
		{&errors.UnexpectedExpressionError{}, []string{"Received Expression from Polar VM", "unbound"}},
		{errors.NewInlineQueryFailedError("f(1) at line 1"), []string{"Inline query failed", "f(1) at line 1"}},
		{errors.NewDuplicateClassAliasError("Foo", reflect.TypeFor[int](), reflect.TypeFor[string]()), []string{"int", "string", "Foo"}},
		{errors.NewPolarFileExtensionError("a.txt"), []string{".polar", "a.txt"}},
		{errors.NewPolarFileNotFoundError("a.polar"), []string{"a.polar"}},
		{errors.NewUnregisteredClassError("Foo"), []string{"Foo"}},
		{errors.NewErrorWithAdditionalInfo(errors.NewInvalidConstructorError("Foo"), "Missing constructor"), []string{"Missing constructor", "Foo"}},
		{errors.NewInvalidCallError("Foo", "Bar"), []string{"Foo.Bar"}},
		{errors.NewMissingAttributeError("1", "Foo"), []string{"'1' object has no attribute 'Foo'"}},
		{errors.NewInvalidIteratorError("x"), []string{"x is not iterable"}},
		{&errors.KwargsError{}, []string{"keyword arguments"}},
		{errors.NewDuplicateInstanceRegistrationError(7), []string{"7"}},
		{errors.NewUnregisteredInstanceError(7), []string{"7"}},
		{errors.NewInvalidQueryEventError("e"), []string{"e"}},
		{errors.NewUnimplementedOperationError("a < b"), []string{"Unsupported operation", "a < b"}},
		{errors.NewUnsupportedComparisonError("<", reflect.TypeFor[int](), reflect.TypeFor[bool]()), []string{"Unsupported operation: int < bool"}},
		{&errors.HostPanicError{Value: "boom"}, []string{"panicked", "boom"}},
		{errors.NewFormattedPolarError(types.ErrorKind{}, "text", errors.Detail{}), []string{"text"}},
	}
	for _, tt := range tests {
		for _, want := range tt.want {
			if !strings.Contains(tt.err.Error(), want) {
				t.Errorf("%T: %q does not contain %q", tt.err, tt.err, want)
			}
		}
	}
}

func runtime(v types.RuntimeErrorVariant) error {
	return errors.NewFormattedPolarError(types.ErrorKind{ErrorKindVariant: types.ErrorKindRuntime{RuntimeErrorVariant: v}}, "", errors.Detail{Cause: io.EOF})
}

func TestErrorsMatchTheirSentinels(t *testing.T) {
	cause := stderrors.New("cause")
	tests := []struct {
		err    error
		target error
		want   bool
	}{
		{&errors.ForbiddenError{}, errors.ErrForbidden, true},
		{&errors.ForbiddenError{}, errors.ErrNotFound, false},
		{&errors.NotFoundError{}, errors.ErrNotFound, true},
		{runtime(types.RuntimeErrorQueryTimeout{}), errors.ErrTimeout, true},
		{runtime(types.RuntimeErrorQueryTimeout{}), context.DeadlineExceeded, true},
		{runtime(types.RuntimeErrorQueryForUndefinedRule{}), errors.ErrUndefinedRule, true},
		{runtime(types.RuntimeErrorStackOverflow{}), errors.ErrStackOverflow, true},
		{runtime(types.RuntimeErrorMultipleLoadError{}), errors.ErrMultipleLoad, true},
		{runtime(types.RuntimeErrorTypeError{}), errors.ErrTimeout, false},
		{runtime(types.RuntimeErrorTypeError{}), io.EOF, true},
		{errors.NewFormattedPolarError(types.ErrorKind{}, "", errors.Detail{}), errors.ErrTimeout, false},
		{&errors.HostPanicError{Value: cause}, cause, true},
		{&errors.HostPanicError{Value: "text"}, cause, false},
		{errors.NewErrorWithAdditionalInfo(cause, ""), cause, true},
		{errors.NewInlineQueryFailedErrorCause("", cause), cause, true},
	}
	for _, tt := range tests {
		if got := stderrors.Is(tt.err, tt.target); got != tt.want {
			t.Errorf("errors.Is(%T, %v) = %v", tt.err, tt.target, got)
		}
	}
}

func TestCodesAreMadeOfTheKind(t *testing.T) {
	tests := []struct {
		kind types.ErrorKindVariant
		want string
	}{
		{types.ErrorKindParse{ParseErrorKindVariant: types.ParseErrorKindInvalidFloat{}}, "ParseError::InvalidFloat"},
		{types.ErrorKindRuntime{RuntimeErrorVariant: types.RuntimeErrorApplication{}}, "RuntimeError::Application"},
		{types.ErrorKindValidation{ValidationErrorVariant: types.ValidationErrorInvalidRule{}}, "ValidationError::InvalidRule"},
		{types.ErrorKindOperational{OperationalErrorVariant: types.OperationalErrorInvalidState{}}, "OperationalError::InvalidState"},
		{types.ErrorKindRuntime{}, "RuntimeError"},
		{nil, ""},
	}
	for _, tt := range tests {
		e := &errors.FormattedPolarError{Kind: types.ErrorKind{ErrorKindVariant: tt.kind}}
		if got := e.Code(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
		if _, _, _, ok := e.Position(); ok || e.StackTrace() != "" {
			t.Error("an error without details has a place or a trace")
		}
	}
	e := errors.NewFormattedPolarError(types.ErrorKind{}, "", errors.Detail{Code: "C", File: "f", Line: 2, Column: 3, Trace: "t"})
	file, line, col, ok := e.Position()
	if file != "f" || line != 2 || col != 3 || !ok || e.Code() != "C" || e.StackTrace() != "t" {
		t.Errorf("got %s %d %d %v", file, line, col, ok)
	}
}
