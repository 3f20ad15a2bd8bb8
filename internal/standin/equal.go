package standin

import (
	"errors"
	"math/big"

	"github.com/goso-project/goso/internal/wam"
)

// Comparison is bounded: a level takes one frame of some 300 bytes, and values that share parts can be exponentially large.
// Values past these bounds can only be made on purpose.
const (
	maxDepth = 10_000
	maxPairs = 1_000_000
)

var errTooLarge = errors.New("values too large to compare")

// comparison compares two values by structure.
type comparison struct{ depth, pairs int }

func (c *comparison) equal(a, b wam.Value) (bool, error) {
	c.depth++
	c.pairs++
	if c.depth > maxDepth || c.pairs > maxPairs {
		return false, errTooLarge
	}
	defer func() { c.depth-- }()
	if isNumber(a) && isNumber(b) {
		return equalNumbers(a, b), nil
	}
	if a.Kind != b.Kind {
		return false, nil
	}
	switch a.Kind {
	case wam.KindBool:
		return a.N == b.N, nil
	case wam.KindString, wam.KindVar:
		return a.Str == b.Str, nil
	case wam.KindList:
		return c.lists(a, b)
	case wam.KindDict:
		x, okX := a.Ref.(wam.Mapping)
		y, okY := b.Ref.(wam.Mapping)
		if !okX || !okY {
			return false, nil
		}
		return c.fields(x, y)
	case wam.KindInstance:
		x, okX := a.Ref.(*Instance)
		y, okY := b.Ref.(*Instance)
		if !okX || !okY {
			return a.Ref == b.Ref, nil // classes and nil are comparable Go values
		}
		if x == y || x.Class != y.Class {
			return x == y, nil
		}
		return c.fields(x.Fields, y.Fields)
	}
	return false, nil
}

func isNumber(v wam.Value) bool { return v.Kind == wam.KindInt || v.Kind == wam.KindFloat }

// equalNumbers compares exactly, integers with floats too.
func equalNumbers(a, b wam.Value) bool {
	switch {
	case a.Kind == wam.KindInt && b.Kind == wam.KindInt:
		return a.Int() == b.Int()
	case a.Kind == wam.KindFloat && b.Kind == wam.KindFloat:
		return a.Float() == b.Float()
	case a.Kind == wam.KindFloat:
		a, b = b, a
	}
	if b.Float() != b.Float() {
		return false
	}
	return new(big.Float).SetInt64(a.Int()).Cmp(new(big.Float).SetFloat64(b.Float())) == 0
}

func (c *comparison) lists(a, b wam.Value) (bool, error) {
	x, okX := a.Ref.(wam.Sequence)
	y, okY := b.Ref.(wam.Sequence)
	if !okX || !okY || x.Len() != y.Len() {
		return false, nil
	}
	for i := range x.Len() {
		if same, err := c.elements(x, y, i); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (c *comparison) fields(x, y wam.Mapping) (bool, error) {
	if x.Len() != y.Len() {
		return false, nil
	}
	for i := range x.Len() {
		if x.Key(i) != y.Key(i) {
			return false, nil
		}
		if same, err := c.elements(x, y, i); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

// elements compares element i of two containers.
func (c *comparison) elements(x, y interface {
	At(int) (wam.Value, error)
}, i int) (bool, error) {
	a, errA := x.At(i)
	b, errB := y.At(i)
	if err := errors.Join(errA, errB); err != nil {
		return false, err
	}
	return c.equal(a, b)
}
