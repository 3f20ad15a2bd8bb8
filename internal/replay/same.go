package replay

import (
	"maps"
	"slices"
)

// same reports whether two questions ask the same.
func same(a, b *Question) bool {
	return a.Ask == b.Ask && a.Name == b.Name && a.Class == b.Class && a.N == b.N && slices.Equal(a.Path, b.Path) &&
		(a.Receiver == nil) == (b.Receiver == nil) && (a.Receiver == nil || sameValue(*a.Receiver, *b.Receiver)) &&
		slices.EqualFunc(a.Args, b.Args, sameValue) && maps.EqualFunc(a.Kwargs, b.Kwargs, sameValue)
}

// sameValue reports whether two values are the same term. The names of variables that the engine made up do not matter, nor the
// shapes: an object tells by number which it is. Elements that could not be converted are like anything: asking does not
// need them.
func sameValue(a, b Value) bool {
	switch {
	case a.Error != nil || b.Error != nil:
		return true
	case a.List != nil && b.List != nil:
		return (a.Rest == "") == (b.Rest == "") && slices.EqualFunc(*a.List, *b.List, sameValue)
	case a.Dict != nil && b.Dict != nil:
		return maps.EqualFunc(*a.Dict, *b.Dict, sameValue)
	case a.Object != nil && b.Object != nil:
		return a.Object.ID == b.Object.ID && a.Object.Type == b.Object.Type
	}
	return equal(a.Bool, b.Bool) && equal(a.Int, b.Int) && equal(a.Float, b.Float) && equal(a.Str, b.Str) &&
		(a.List == nil) == (b.List == nil) && (a.Dict == nil) == (b.Dict == nil) && (a.Object == nil) == (b.Object == nil) &&
		(a.Var == nil) == (b.Var == nil) && a.Other == b.Other
}

// equal compares what two pointers lead to.
func equal[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
