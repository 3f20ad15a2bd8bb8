package host

import (
	"context"
	"iter"
	"reflect"
	"time"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/interfaces"
)

// Iterate walks an instance: an interfaces.Iterator, a channel, or a func that iterates. Others, and nil ones, give an
// *errors.InvalidIteratorError.
func (s *Session) Iterate(_ context.Context, v wam.Value) (engine.Iterator, error) {
	p := s.planOf(v)
	if p == nil {
		return nil, errors.NewInvalidIteratorError(valueText(v))
	}
	if implements(p.typ, iteratorType) {
		object := v.Ref
		it, ok := object.(interfaces.Iterator)
		if !ok {
			it, _ = pointerTo(object, p.typ).(interfaces.Iterator)
		}
		var ch <-chan interface{}
		if err := guard(func() { ch = it.Iter() }); err != nil {
			return nil, err
		}
		if ch == nil { // not the same as no elements: nothing would ever come
			return nil, errors.NewInvalidIteratorError(valueText(v))
		}
		return &channelIterator{session: s, ch: reflect.ValueOf(ch)}, nil
	}
	rv := target(v.Ref)
	switch {
	case p.kind == reflect.Chan && p.typ.ChanDir()&reflect.RecvDir != 0 && !rv.IsNil():
		return &channelIterator{session: s, ch: rv}, nil
	case p.kind == reflect.Func && p.typ.CanSeq() && !rv.IsNil():
		next, stop := iter.Pull(rv.Seq())
		return &funcIterator{session: s, next: next, stop: stop}, nil
	}
	return nil, errors.NewInvalidIteratorError(valueText(v))
}

// channelIterator receives from a channel, element by element.
type channelIterator struct {
	session *Session
	ch      reflect.Value
	cases   []reflect.SelectCase
	done    bool
}

// Next receives one element. The wait ends with the query's context or timeout.
func (it *channelIterator) Next(ctx context.Context) (wam.Value, bool, error) {
	if it.done {
		return wam.Value{}, false, nil
	}
	v, ok := it.ch.TryRecv()
	if !ok && !v.IsValid() { // empty, not closed
		var err error
		if v, ok, err = it.wait(ctx); err != nil {
			return wam.Value{}, false, err
		}
	}
	if !ok {
		it.done = true
		return wam.Value{}, false, nil
	}
	conv := &it.session.conv
	x, err := conv.fromValue(conv.classes.planOf(it.ch.Type().Elem()), v, false, 0)
	return x, err == nil, err
}

func (it *channelIterator) wait(ctx context.Context) (v reflect.Value, ok bool, err error) {
	var expired <-chan time.Time
	if timeout := it.session.config.Timeout; timeout > 0 {
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		expired = timer.C
	}
	it.cases = append(it.cases[:0],
		reflect.SelectCase{Dir: reflect.SelectRecv, Chan: it.ch},
		reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())},
		reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(expired)})
	switch chosen, v, ok := reflect.Select(it.cases); chosen {
	case 0:
		return v, ok, nil
	case 1:
		return reflect.Value{}, false, ctx.Err()
	default:
		return reflect.Value{}, false, diag.New(diag.QueryTimeout, diag.Span{}, "query timed out waiting for an iterator's next element")
	}
}

// Close lets the sender go on when a walk ends early: what it still sends is received in the background and dropped, for as long as
// a query may take.
func (it *channelIterator) Close() {
	if it.done {
		return
	}
	it.done = true
	for range it.ch.Cap() + 1 { // mostly all has been sent
		v, ok := it.ch.TryRecv()
		if !ok && v.IsValid() {
			return // closed
		}
		if !ok {
			break // empty
		}
	}
	patience := it.session.config.Timeout
	if patience <= 0 {
		patience = maxPatience
	}
	go drain(it.ch, patience)
}

// maxPatience is how long a sender may take to end if queries may take any time.
const maxPatience = time.Minute

// drain receives until the channel is closed. A sender that neither ends nor closes it is given up.
func drain(ch reflect.Value, patience time.Duration) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	deadline := time.Now().Add(patience)
	cases := []reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: ch}, {Dir: reflect.SelectRecv, Chan: reflect.ValueOf(timer.C)}}
	for n := 0; ; n++ {
		chosen, _, ok := reflect.Select(cases)
		if chosen == 1 || !ok || n&0xff == 0 && time.Now().After(deadline) {
			return
		}
	}
}

// funcIterator runs a func(yield func(T) bool).
type funcIterator struct {
	session *Session
	next    func() (reflect.Value, bool)
	stop    func()
}

// Next resumes the func for one element.
func (it *funcIterator) Next(context.Context) (wam.Value, bool, error) {
	var v reflect.Value
	var ok bool
	if err := guard(func() { v, ok = it.next() }); err != nil || !ok {
		return wam.Value{}, false, err
	}
	conv := &it.session.conv
	x, err := conv.fromValue(conv.classes.planOf(v.Type()), v, false, 0)
	return x, err == nil, err
}

// Close ends the func. A panic while it ends is dropped: the answer has been given.
func (it *funcIterator) Close() { _ = guard(it.stop) }
