package engine

import (
	"context"

	"github.com/goso-project/goso/internal/wam"
)

// Host answers the questions a running query asks about application objects. Values handed to it are resolved: bound
// variables are replaced, unbound ones are KindVar. Lists and dictionaries of the machine arrive as *wam.List and *wam.Dict,
// those of the host as it gave them. An *ApplicationError ends the query with RuntimeError::Application at the place of the
// look-up; any other error ends it unchanged, and so does an answer without a value and an error. Slices of arguments are the host's
// until it has answered.
type Host interface {
	// Lookup answers receiver.name. Inside a pattern an *ApplicationError means that the pattern does not match.
	Lookup(ctx context.Context, receiver wam.Value, name string) (wam.Value, error)
	// Call answers receiver.method(args, kwargs).
	Call(ctx context.Context, receiver wam.Value, method string, args []wam.Value, kwargs []Kwarg) (wam.Value, error)
	// New makes an instance of a class.
	New(ctx context.Context, class string, args []wam.Value, kwargs []Kwarg) (wam.Value, error)
	// Isa answers whether an instance without a shape belongs to a class. Instances with a shape, and values of the
	// built-in kinds, are answered by the engine.
	Isa(ctx context.Context, v wam.Value, class string) (bool, error)
	// IsSubclass answers whether left is right or derives from it.
	IsSubclass(ctx context.Context, left, right string) (bool, error)
	// IsaWithPath answers whether following the declared types of fields from a class ends at a class or a subclass of it.
	IsaWithPath(ctx context.Context, base string, path []string, class string) (bool, error)
	// Compare answers a comparison with an instance on at least one side. Op is "Eq", "Neq", "Lt", "Leq", "Gt" or "Geq";
	// unification asks "Eq".
	Compare(ctx context.Context, op string, left, right wam.Value) (bool, error)
	// Iterate starts an iteration over an instance.
	Iterate(ctx context.Context, v wam.Value) (Iterator, error)
	// Describe returns the text and class text of an instance for messages; class may be empty. It is called only when a
	// message is made, never to decide a query.
	Describe(v wam.Value) (text, class string)
}

// Iterator yields the elements of a host object one by one. Close is called once, also when the query ends early.
type Iterator interface {
	Next(ctx context.Context) (v wam.Value, ok bool, err error)
	Close()
}

// Kwarg is one keyword argument. They come sorted by name.
type Kwarg struct {
	Name  string
	Value wam.Value
}

// ApplicationError is a failed look-up or call, as the host reports it: a missing field or method.
type ApplicationError struct {
	Message string
	Cause   error // may be nil
	// Lazy makes the message when Message is empty: a failed look-up inside a pattern needs none. It may be called only until the
	// host is asked again, so whoever keeps the error keeps its text.
	Lazy func() string
	// Final ends the query inside a pattern too: the look-up failed, nothing is known of the field.
	Final bool
}

// Error returns the message.
func (e *ApplicationError) Error() string {
	if e.Message == "" && e.Lazy != nil {
		return e.Lazy()
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *ApplicationError) Unwrap() error { return e.Cause }
