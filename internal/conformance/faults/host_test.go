package faults

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/internal/wam"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// kind is a way to fail.
type kind int

const (
	failing   kind = iota // return an error
	panicking             // panic, behind the guard that every call of the application's code has
	exiting               // end the goroutine
	mistyped              // answer with what no answer can be
	empty                 // answer with nothing
	cyclic                // answer with a list that contains itself
	reentrant             // ask the same engine, then answer rightly
	blocking              // wait until the context is done
	kinds
)

var kindNames = [kinds]string{"error", "panic", "goexit", "wrong type", "no value", "cyclic value", "re-entrance", "blocking"}

func (k kind) String() string { return kindNames[k] }

// faulty answers like the host behind it, but for the question number at, which it fails. Questions are counted from 1; a number
// that is not reached, such as 0, makes it count only.
type faulty struct {
	engine.Host
	kind    kind
	at      int
	again   func()             // for reentrant: asks the engine
	cancel  context.CancelFunc // for blocking: ends the context
	session *host.Session      // converts Go values, as for a program's answers

	asked         int
	opened, ended int // iterators
}

var errFault = errors.New("the host failed")

// due counts a question and reports whether it is the one to fail.
func (f *faulty) due() bool {
	f.asked++
	return f.asked == f.at
}

// fault fails a question that wants a value. Ok means that the right answer is to be given.
func (f *faulty) fault(ctx context.Context, application bool) (v wam.Value, ok bool, err error) {
	switch f.kind {
	case failing:
		return v, false, errFault
	case panicking:
		return v, false, guarded(application)
	case exiting:
		runtime.Goexit()
	case mistyped:
		v, err = f.wrong()
		return v, false, err
	case empty:
		return v, false, nil
	case cyclic:
		list := make([]any, 2)
		list[0], list[1] = 1, list
		v, err = f.session.Answer(list)
		return v, false, err
	case reentrant:
		f.again()
		return v, true, nil
	case blocking:
		go f.cancel()
		<-ctx.Done()
		return v, false, ctx.Err()
	}
	return v, false, fmt.Errorf("no fault %v", f.kind)
}

// wrong returns one of the things that are no answer: those a program can try, and those only another host could.
func (f *faulty) wrong() (wam.Value, error) {
	switch f.at % 7 {
	case 0:
		return wam.ExprValue("And"), nil
	case 1:
		return f.session.Answer(types.Variable("x"))
	case 2:
		return wam.Value{Kind: wam.KindList}, nil
	case 3:
		return f.session.Answer([]any{1, []any{types.Variable("x")}})
	case 4:
		return wam.Value{Kind: wam.KindDict, Ref: 1}, nil
	case 5:
		return f.session.Answer(^uint64(0))
	default:
		return wam.Value{Kind: 200}, nil
	}
}

// guarded is what the guard makes of a panic. Calls of a program's methods give an application error, other questions do not.
func guarded(application bool) error {
	err := host.Guard(func() { panic("the host panicked") })
	if p, ok := errors.AsType[*osoerrors.HostPanicError](err); ok && application {
		return &engine.ApplicationError{Message: p.Error(), Cause: p}
	}
	return err
}

// decide fails a question that wants yes or no: there is no bool that is none, so what the border of the library makes of
// wrong answers takes their place.
func (f *faulty) decide(ctx context.Context, application bool) (ok bool, err error) {
	_, ok, err = f.fault(ctx, application)
	if !ok && (f.kind == mistyped || f.kind == empty || f.kind == cyclic) {
		err = errors.Join(err, errFault)
	}
	return ok, err
}

func (f *faulty) Lookup(ctx context.Context, receiver wam.Value, name string) (wam.Value, error) {
	if f.due() {
		if v, ok, err := f.fault(ctx, false); !ok {
			return v, err
		}
	}
	return f.Host.Lookup(ctx, receiver, name)
}

func (f *faulty) Call(ctx context.Context, receiver wam.Value, method string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	if f.due() {
		if v, ok, err := f.fault(ctx, true); !ok {
			return v, err
		}
	}
	return f.Host.Call(ctx, receiver, method, args, kwargs)
}

func (f *faulty) New(ctx context.Context, class string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	if f.due() {
		if v, ok, err := f.fault(ctx, true); !ok {
			return v, err
		}
	}
	return f.Host.New(ctx, class, args, kwargs)
}

func (f *faulty) Isa(ctx context.Context, v wam.Value, class string) (bool, error) {
	if f.due() {
		if ok, err := f.decide(ctx, false); !ok {
			return true, err // an error must count, whatever comes with it
		}
	}
	return f.Host.Isa(ctx, v, class)
}

func (f *faulty) IsaWithPath(ctx context.Context, base string, path []string, class string) (bool, error) {
	if f.due() {
		if ok, err := f.decide(ctx, false); !ok {
			return true, err
		}
	}
	return f.Host.IsaWithPath(ctx, base, path, class)
}

func (f *faulty) Compare(ctx context.Context, op string, left, right wam.Value) (bool, error) {
	if f.due() {
		if ok, err := f.decide(ctx, true); !ok {
			return true, err
		}
	}
	return f.Host.Compare(ctx, op, left, right)
}

func (f *faulty) Iterate(ctx context.Context, v wam.Value) (engine.Iterator, error) {
	if f.due() {
		if _, ok, err := f.fault(ctx, true); !ok {
			if f.kind == mistyped || f.kind == cyclic {
				err = errors.Join(err, errFault)
			}
			return nil, err
		}
	}
	it, err := f.Host.Iterate(ctx, v)
	if err != nil {
		return nil, err
	}
	f.opened++
	return &elements{it, f}, nil
}

// elements is an iterator whose elements are questions too.
type elements struct {
	engine.Iterator
	host *faulty
}

func (it *elements) Next(ctx context.Context) (wam.Value, bool, error) {
	if it.host.due() {
		if v, ok, err := it.host.fault(ctx, true); !ok {
			return v, err == nil, err
		}
	}
	return it.Iterator.Next(ctx)
}

func (it *elements) Close() {
	it.host.ended++
	it.Iterator.Close()
}
