// Package oso answers authorization questions with policies written in Polar.
//
//	o, err := oso.NewOso()
//	err = o.RegisterClass(User{}, nil)
//	err = o.LoadFiles([]string{"main.polar"})
//	allowed, err := o.IsAllowed(user, "read", page)
//
// A program registers the Go types its policy speaks of, loads the policy, and asks. Policies read fields and call methods
// of the values they are given; docs/library.md has the tables. An error never means yes: when err is
// not nil, nothing was allowed.
//
// # Concurrency
//
// All methods of an Oso may be called from any goroutine, but for the three setters SetReadAction, SetForbiddenError and
// SetNotFoundError, which belong before sharing. A query sees the policy and registrations as of its creation; loading and
// registering beside it change nothing for it. A Query, and a Session, is for one goroutine at a time.
//
// # Questions
//
// A query stops for each question about an object of the program, and reflection answers it. A program can answer instead: with
// WithResolver during the query, for many checks at once in IsAllowedBatch and AuthorizeMany, or whenever it likes in a
// Session. Record keeps the questions of a decision with their answers, and Recording.Replay decides again from them alone.
//
// # Copies
//
// An Oso may be passed by value. All copies share one policy, one registry and one data filtering adapter; only the settings of
// the three setters belong to the copy.
//
// # Application code
//
// A panic in a method, constructor, Comparer or iterator that a policy calls ends the query with an error that wraps
// *errors.HostPanicError. Objects passed as pointers stay the program's own: methods run on the original, results give the
// pointer back. Lists and structs inside objects are not copied, so a program that changes them while a query runs
// has to lock like for any other reader.
package oso
