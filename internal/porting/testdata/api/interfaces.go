// Package interfaces lists what objects may implement.
package interfaces

type Comparer interface {
	Equal(other interface{}) bool
	Lt(other interface{}) bool
}

type Iterator interface {
	Iter() <-chan interface{}
}
