package errors

// ForbiddenError says that an actor may see a resource but not do what was asked.
type ForbiddenError struct{}

// Error returns the message.
func (e *ForbiddenError) Error() string {
	return "Oso Forbidden Error: the requested action was not allowed for the given resource"
}

// Is matches ErrForbidden.
func (e *ForbiddenError) Is(target error) bool { return target == ErrForbidden }

// NotFoundError says that an actor may not even know of a resource.
type NotFoundError struct{}

// Error returns the message.
func (e *NotFoundError) Error() string {
	return "Oso Not Found Error: the current user does not have permission to read the given resource"
}

// Is matches ErrNotFound.
func (e *NotFoundError) Is(target error) bool { return target == ErrNotFound }

// UnexpectedExpressionError says that a result holds a constraint on a variable that no value is known for.
type UnexpectedExpressionError struct{}

// Error returns the message.
func (e *UnexpectedExpressionError) Error() string {
	return "Received Expression from Polar VM. The result depends on an unbound variable: a condition such as x > 1 was reached " +
		"before x had a value. Accept expressions in results, or bind the variable first"
}
