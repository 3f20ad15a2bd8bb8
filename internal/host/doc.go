// Package host answers a policy's questions about Go values. It is the reflective implementation of engine.Host: the engine
// hands it a value and a name, it reads a field, calls a method, makes an instance, compares, iterates.
//
// # Registry and snapshots
//
// A Registry holds what a program registered: classes, with constructors and field declarations, interface classes, and
// constants. Every registration builds a new immutable snapshot and publishes it, first to the engine, then to later
// queries, so registering is safe beside running queries and a query keeps the snapshot it began with. A registration
// that fails changes nothing.
//
// # Plans
//
// What can be done with a Go type is worked out once and kept as a plan: which kind of term its values are, its fields
// with promoted ones, its methods with both kinds of receivers, how its values compare. Plans of registered types are found by
// shape, the number that an instance carries through the machine; others in a concurrent map. Reading a planned field
// allocates nothing.
//
// # Accessors
//
// An Accessor is a func of the application that stands for a field or method. It runs under the guard, when the engine asks and
// never while the machine reads a plain field, and converts by code that is compiled for its types. Only what that code leaves out
// goes through reflection.
//
// # Values
//
// Numbers, strings and booleans are converted. Slices, arrays and maps become Sequences and Mappings that convert an
// element when it is looked at; those whose types allow a cycle are walked once, with an explicit stack, and refused if they
// have one. Everything else is an instance. A pointer stays the pointer that the program handed in. A struct inside a
// struct or slice is not copied either: the instance is a pointer to it, of a shape that marks it as borrowed, so that
// results and arguments give the value and not the pointer.
//
// # Sessions
//
// A Session serves one query and implements engine.Host. It owns the memory for sequences made on the way and is pooled;
// releasing it forgets every object of the application. User code runs under one guard that turns panics into errors.
package host
