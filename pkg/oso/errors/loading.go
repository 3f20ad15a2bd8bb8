package errors

import "fmt"

// InlineQueryFailedError says that an inline query of a policy had no result.
type InlineQueryFailedError struct {
	source string
	cause  error
}

// NewInlineQueryFailedError returns the error for a query; source is its text and position.
func NewInlineQueryFailedError(source string) *InlineQueryFailedError {
	return &InlineQueryFailedError{source: source}
}

// NewInlineQueryFailedErrorCause is NewInlineQueryFailedError with an error that Unwrap returns.
func NewInlineQueryFailedErrorCause(source string, cause error) *InlineQueryFailedError {
	return &InlineQueryFailedError{source: source, cause: cause}
}

// Error returns the message.
func (e *InlineQueryFailedError) Error() string { return "Inline query failed: " + e.source }

// Unwrap returns the engine's own diagnostic, if there is one.
func (e *InlineQueryFailedError) Unwrap() error { return e.cause }

// PolarFileExtensionError says that a file to load is not named like a policy.
type PolarFileExtensionError struct{ file string }

// NewPolarFileExtensionError returns the error for a file name.
func NewPolarFileExtensionError(file string) *PolarFileExtensionError {
	return &PolarFileExtensionError{file: file}
}

// Error returns the message.
func (e *PolarFileExtensionError) Error() string {
	return fmt.Sprintf("Polar files must have the extension .polar. Offending file: %s", e.file)
}

// PolarFileNotFoundError is kept for programs that mention it; a missing file is reported as *fs.PathError.
type PolarFileNotFoundError struct{ file string }

// NewPolarFileNotFoundError returns the error for a file name.
func NewPolarFileNotFoundError(file string) *PolarFileNotFoundError {
	return &PolarFileNotFoundError{file: file}
}

// Error returns the message.
func (e *PolarFileNotFoundError) Error() string { return "Could not find file: " + e.file }
