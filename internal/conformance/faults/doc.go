// Package faults tests what happens to a query when the application fails. Its tests ask every query of the conformance cases
// again and again: each time the host fails at another of the questions it is asked, in one of eight ways.
//
// A fault is an answer that is none: an error, a panic, the end of the goroutine, a value of a wrong type, no value at all, a
// cyclic value, a question that waits until its context is done. (The eighth way, a callback that asks the same engine itself,
// is no fault, and must change nothing.) What follows a fault may not be granted: the results are those of the query
// without it, up to some point, and then an error.
//
// Three things are no faults in this sense, because the language says what they mean. An application error at the look-up of a
// pattern says that a field is missing, and the pattern does not match. False is an answer to a yes-or-no question. And a
// value of another type than the application meant to give, such as nil or a string, is a value: a policy may well grant
// something because of it.
package faults
