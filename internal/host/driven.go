package host

import (
	"context"
	"errors"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

// Guard runs code of the application that answers in place of a Session. A panic becomes an *errors.HostPanicError, which
// ends a query also inside a pattern: whoever answers has failed, nothing is known of the field.
func Guard(run func()) error {
	err := guard(run)
	if p, ok := errors.AsType[*osoerrors.HostPanicError](err); ok {
		return p
	}
	return err
}

// Answer converts what the application answered to a question. Variables and other terms are no answers: an unbound
// variable would equal anything.
func (s *Session) Answer(x any) (wam.Value, error) { return s.conv.value(x) }

// Elements iterates over what the application answered for the elements of an object: a slice or array, or what Iterate
// takes.
func (s *Session) Elements(ctx context.Context, x any) (engine.Iterator, error) {
	v, err := s.Answer(x)
	if err != nil {
		return nil, err
	}
	if v.Kind != wam.KindList {
		return s.Iterate(ctx, v)
	}
	seq, _ := sequenceOf(v)
	return &sequenceIterator{seq: seq}, nil
}

// sequenceIterator walks a list.
type sequenceIterator struct {
	seq wam.Sequence
	i   int
}

// Next converts the next element.
func (it *sequenceIterator) Next(context.Context) (wam.Value, bool, error) {
	if it.i >= it.seq.Len() {
		return wam.Value{}, false, nil
	}
	v, err := it.seq.At(it.i)
	it.i++
	return v, err == nil, err
}

// Close does nothing.
func (it *sequenceIterator) Close() {}

// Missing returns the error of a look-up without an answer.
func (s *Session) Missing(receiver wam.Value, name string) error { return s.miss(receiver, name) }

// Symbol returns an operator of Compare as policies write it.
func Symbol(op string) string { return symbols[op] }

// Belongs reports whether a value is an instance of a registered class.
func (s *Session) Belongs(v wam.Value, class string) bool {
	p := s.planOf(v)
	return p != nil && s.conv.classes.isInstance(p.typ, class)
}
