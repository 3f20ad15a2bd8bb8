// Package access reads Go values at known places: the target of a pointer, a field of it, an element of a slice. It is what
// the host's plans are made of, and knows nothing of policies.
//
// A Place is memory that holds a value of a type the caller knows; the caller gives that knowledge with each read. Reading
// allocates nothing: fields are found by offset, and pointers are put into interfaces by writing the two words of an
// interface. So are values that have been made in one piece of memory. This is the only package of the module that does so. The build tag goso_reflect replaces it by a twin that
// uses package reflect alone, with the same results; the tests hold for both.
//
// A Place keeps what it points into alive, as any pointer does. Like all reads without a lock, its reads race with
// writes of the application.
package access
