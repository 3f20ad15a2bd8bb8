package host

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

// counter yields 0, 1, … by a channel; pcounter does so with a method of its pointer.
type counter struct{ N int }

func (c counter) Iter() <-chan interface{} {
	ch := make(chan interface{})
	go func() {
		defer close(ch)
		for i := range c.N {
			ch <- i
		}
	}()
	return ch
}

type pcounter struct{ N int }

func (c *pcounter) Iter() <-chan interface{} { return counter{c.N}.Iter() }

type stuck struct{}

func (stuck) Iter() <-chan interface{} { return make(chan interface{}) }

type nilIter struct{}

func (nilIter) Iter() <-chan interface{} { return nil }

func filled(items ...string) chan string {
	ch := make(chan string, len(items))
	for _, s := range items {
		ch <- s
	}
	close(ch)
	return ch
}

func iterate(t *testing.T, s *Session, object any) (engine.Iterator, error) {
	t.Helper()
	v, err := s.Value(object)
	if err != nil {
		t.Fatal(err)
	}
	return s.Iterate(t.Context(), v)
}

func TestIteration(t *testing.T) {
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"Iterator", counter{3}, "0 1 2"},
		{"Iterator behind a pointer", &counter{2}, "0 1"},
		{"pointer Iterator", &pcounter{2}, "0 1"},
		{"pointer Iterator by value", pcounter{2}, "0 1"},
		{"empty", counter{}, ""},
		{"channel", filled("a", "b"), `"a" "b"`},
		{"func", user{}.All(), "0 1 2"},
		{"func of structs", func(yield func(grant) bool) { yield(grant{}) }, "<host.grant>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			it, err := iterate(t, testSession(t, Config{}), tt.in)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for {
				v, ok, err := it.Next(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					break
				}
				got = append(got, show(v))
			}
			it.Close()
			if _, ok, err := it.Next(t.Context()); ok || err != nil {
				t.Errorf("after the end: %v, %v", ok, err)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %s, want %s", s, tt.want)
			}
		})
	}
}

func TestOthersAreNotIterable(t *testing.T) {
	for _, x := range []any{user{}, nil, func() {}, make(chan<- int), role("a"), nilIter{}, (chan int)(nil), (func(func(int) bool))(nil)} {
		_, err := iterate(t, testSession(t, Config{}), x)
		if _, ok := errors.AsType[*osoerrors.InvalidIteratorError](err); !ok || !strings.Contains(err.Error(), "is not iterable") {
			t.Errorf("%T: got %v", x, err)
		}
	}
}

func TestWaitingForAnElementEnds(t *testing.T) {
	t.Run("with the context", func(t *testing.T) {
		it, err := iterate(t, testSession(t, Config{}), stuck{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)
		if _, _, err := it.Next(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("with the timeout", func(t *testing.T) {
		it, err := iterate(t, testSession(t, Config{Timeout: time.Millisecond}), stuck{})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := it.Next(t.Context()); !errors.Is(err, diag.QueryTimeout) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAbandonedIteratorsLeaveNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, x := range []any{counter{1000}, user{}.All()} {
		it, err := iterate(t, testSession(t, Config{}), x)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok, err := it.Next(t.Context()); !ok || err != nil {
			t.Fatal(ok, err)
		}
		it.Close()
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, before %d", runtime.NumGoroutine(), before)
		}
	}
}

func TestPanicsInIterators(t *testing.T) {
	it, err := iterate(t, testSession(t, Config{}), func(func(int) bool) { panic("boom") })
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := it.Next(t.Context()); err == nil || !strings.Contains(err.Error(), "boom") {
		t.Errorf("got %v", err)
	}
	it.Close()
}

// sender is an Iterator whose channel is sent to until somebody has had enough.
type sender struct {
	sent *atomic.Int64
	stop chan struct{}
	last int64 // closes the channel after so many; 0 for never
}

func (s sender) Iter() <-chan interface{} {
	ch := make(chan interface{})
	go func() {
		for n := int64(1); s.last == 0 || n <= s.last; n++ {
			select {
			case ch <- n:
				s.sent.Store(n)
			case <-s.stop:
				return
			}
		}
		close(ch)
	}()
	return ch
}

// first takes one element of an iteration and ends it.
func first(t *testing.T, s *Session, x any) {
	t.Helper()
	it, err := iterate(t, s, x)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := it.Next(t.Context()); !ok || err != nil {
		t.Fatalf("got %t, %v", ok, err)
	}
	it.Close()
	it.Close()
}

func TestASenderMayFinishAfterAWalkEndedEarly(t *testing.T) {
	s := sender{sent: new(atomic.Int64), last: 1000}
	first(t, testSession(t, Config{}), s)
	wantSoon(t, "all is sent", func() bool { return s.sent.Load() == 1000 })
}

func TestASenderThatNeverEndsIsGivenUp(t *testing.T) {
	before := runtime.NumGoroutine()
	s := sender{sent: new(atomic.Int64), stop: make(chan struct{})}
	first(t, testSession(t, Config{Timeout: 10 * time.Millisecond}), s)
	wantSoon(t, "only the sender is left", func() bool { return runtime.NumGoroutine() <= before+1 })
	close(s.stop)
	wantSoon(t, "nothing is left", func() bool { return runtime.NumGoroutine() <= before })
}

func wantSoon(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 5 s: %s", what)
		}
	}
}
