// Package interfaces holds the interfaces that an application's types may implement to take part in policies.
package interfaces

// Comparer is implemented by types that define their own equality and order. Policies use Equal for =, == and !=, and Lt
// (with Equal) for <, <=, > and >=. The other operand arrives as a plain Go value: an integer of a policy is an int64.
type Comparer interface {
	Equal(other interface{}) bool
	Lt(other interface{}) bool
}

// Iterator is implemented by types whose elements a policy can walk with "x in value". Iter is called once for each such
// walk; the channel is read until it is closed. It may be unbuffered.
type Iterator interface {
	Iter() <-chan interface{}
}
