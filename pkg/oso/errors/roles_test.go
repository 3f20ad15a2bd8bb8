package errors_test

import (
	stderrors "errors"
	"testing"

	"github.com/goso-project/goso/pkg/oso/errors"
)

func TestRolesValidationErrorKeepsMessageAndCause(t *testing.T) {
	cause := stderrors.New("cause")
	err := errors.NewRolesValidationError("duplicate", cause)
	if err.Error() != "duplicate" || err.Code() != "RolesValidation" || !stderrors.Is(err, cause) {
		t.Errorf("got %q, %s, behind it %v", err, err.Code(), stderrors.Unwrap(err))
	}
	if err := errors.NewRolesValidationError("duplicate", nil); stderrors.Unwrap(err) != nil {
		t.Errorf("behind an error without a cause stands %v", stderrors.Unwrap(err))
	}
}
