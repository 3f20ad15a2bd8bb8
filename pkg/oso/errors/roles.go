package errors

// RolesValidationError says that the declarations of the built-in roles are not as they must be.
type RolesValidationError struct {
	message string
	cause   error
}

// NewRolesValidationError returns the error for a fault; cause, which may be nil, is what Unwrap returns.
func NewRolesValidationError(message string, cause error) *RolesValidationError {
	return &RolesValidationError{message: message, cause: cause}
}

// Error returns the message.
func (e *RolesValidationError) Error() string { return e.message }

// Code returns the name of the kind, RolesValidation.
func (e *RolesValidationError) Code() string { return "RolesValidation" }

// Unwrap returns the engine's own diagnostic, if there is one.
func (e *RolesValidationError) Unwrap() error { return e.cause }
