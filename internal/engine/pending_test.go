package engine_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// patient is a host that leaves every look-up open, and an iteration.
type patient struct{ *script }

func (p patient) Lookup(_ context.Context, receiver wam.Value, name string) (wam.Value, error) {
	p.note("%s.%s", text(receiver), name)
	return wam.Value{}, engine.ErrPending
}

func (p patient) Iterate(_ context.Context, v wam.Value) (engine.Iterator, error) {
	p.note("iterate %s", text(v))
	return nil, engine.ErrPending
}

// suspended returns a query on objects a and b that waits for its first answer.
func suspended(t *testing.T, ctx context.Context, policy, query string) *engine.Query {
	t.Helper()
	s := &script{Host: newHost(t)}
	q, err := load(t, s.Host, policy).Query(query)
	if err != nil {
		t.Fatal(err)
	}
	bindObjects(t, q, "a", "b")
	q.Start(ctx, patient{s}, engine.Options{})
	if found, err := q.Next(); found || err != engine.ErrPending || !q.Pending() {
		t.Fatalf("got %t, %v, want a pending query", found, err)
	}
	return q
}

func TestLateAnswersGoOnWhereTheQueryStopped(t *testing.T) {
	for _, test := range []struct {
		name, query string
		answers     []engine.Answer
		want        []string
	}{
		{"values", "a.x = y and b.z = y", []engine.Answer{{Value: wam.IntValue(1)}, {Value: wam.IntValue(1)}}, []string{"y = 1"}},
		{"values that differ", "a.x = y and b.z = y", []engine.Answer{{Value: wam.IntValue(1)}, {Value: wam.IntValue(2)}}, nil},
		{"a missing field in a pattern", "a matches {x: 1} or b matches {x: 1}",
			[]engine.Answer{{Err: &engine.ApplicationError{Message: "none"}}, {Value: wam.IntValue(1)}}, []string{""}},
		{"elements", "y in a", []engine.Answer{{Iterator: &elements{values: []wam.Value{wam.IntValue(1), wam.IntValue(2)}, closed: new(int)}}},
			[]string{"y = 1", "y = 2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			q := suspended(t, t.Context(), "f(1);", test.query)
			defer q.Close()
			for _, a := range test.answers[:len(test.answers)-1] {
				q.Answer(a)
				if found, err := q.Next(); found || err != engine.ErrPending {
					t.Fatalf("got %t, %v, want another question", found, err)
				}
			}
			q.Answer(test.answers[len(test.answers)-1])
			q.Answer(engine.Answer{Err: errors.New("an answer that nobody asked for")})
			if diff := cmp.Diff(test.want, results(t, q, "a", "b")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestAPendingQueryStaysPendingUntilAnswered(t *testing.T) {
	q := suspended(t, t.Context(), "f(1);", "a.x = 1")
	defer q.Close()
	for range 3 {
		if found, err := q.Next(); found || err != engine.ErrPending {
			t.Fatalf("got %t, %v", found, err)
		}
	}
	q.Answer(engine.Answer{Value: wam.IntValue(1)})
	if found, err := q.Next(); !found || err != nil {
		t.Fatalf("got %t, %v, want a result", found, err)
	}
}

func TestLateErrorsEndTheQuery(t *testing.T) {
	own := errors.New("the data base is gone")
	for _, test := range []struct {
		name, query string
		answer      engine.Answer
		want        error
	}{
		{"the host's own error", "a.x = 1", engine.Answer{Err: own}, own},
		{"an application error", "a.x = 1", engine.Answer{Err: &engine.ApplicationError{Message: "none"}}, diag.Application},
		{"an application error in a negation", "not a.x = 1", engine.Answer{Err: &engine.ApplicationError{Message: "none"}}, diag.Application},
	} {
		t.Run(test.name, func(t *testing.T) {
			q := suspended(t, t.Context(), "f(1);", test.query)
			defer q.Close()
			q.Answer(test.answer)
			for range 2 { // the error stays
				if found, err := q.Next(); found || !errors.Is(err, test.want) {
					t.Fatalf("got %t, %v, want %v", found, err, test.want)
				}
			}
		})
	}
	q := suspended(t, t.Context(), "f(1);", "y in a")
	defer q.Close()
	q.Answer(engine.Answer{Value: wam.IntValue(1)})
	if found, err := q.Next(); found || err == nil {
		t.Fatalf("got %t, %v for an iteration without an iterator, want an error", found, err)
	}
}

func TestAnAnswerAfterCancellationGrantsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	q := suspended(t, ctx, "f(1);", "a.x = 1")
	defer q.Close()
	cancel()
	q.Answer(engine.Answer{Value: wam.IntValue(1)})
	if found, err := q.Next(); found || !errors.Is(err, context.Canceled) {
		t.Fatalf("got %t, %v, want %v", found, err, context.Canceled)
	}
}

// A query closed while it waits goes back to the pool and serves the next one.
func TestClosingAPendingQueryLeavesNothingBehind(t *testing.T) {
	s := &script{Host: newHost(t)}
	e := load(t, s.Host, "f(1);")
	for range 10 {
		q, err := e.Query("a.x = 1")
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Bind("a", object("a")); err != nil {
			t.Fatal(err)
		}
		q.Start(t.Context(), patient{s}, engine.Options{})
		if found, err := q.Next(); found || err != engine.ErrPending {
			t.Fatalf("got %t, %v, want a pending query", found, err)
		}
		q.Close()
		q = e.Rule("f")
		if err := q.Arg(wam.IntValue(1)); err != nil {
			t.Fatal(err)
		}
		q.Start(t.Context(), s, engine.Options{})
		if found, err := q.Next(); !found || err != nil {
			t.Fatalf("got %t, %v, want a result", found, err)
		}
		q.Close()
	}
}

// meddler is a host whose look-ups run code of the test.
type meddler struct {
	*script
	meddle func()
}

func (m meddler) Lookup(context.Context, wam.Value, string) (wam.Value, error) {
	m.meddle()
	return wam.IntValue(1), nil
}

func meddled(t *testing.T, e *engine.Engine, h *script, query string, meddle func(q *engine.Query)) *engine.Query {
	t.Helper()
	q, err := e.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Bind("a", object("a")); err != nil {
		t.Fatal(err)
	}
	q.Start(t.Context(), meddler{h, func() { meddle(q) }}, engine.Options{})
	return q
}

func TestAQueryThatACallbackAsksOrClosesStaysWhole(t *testing.T) {
	s := &script{Host: newHost(t)}
	e := load(t, s.Host, "f(1);")
	asks := meddled(t, e, s, "a.x = y", func(q *engine.Query) {
		if found, err := q.Next(); found || err == nil {
			t.Errorf("asked within: got %t, %v, want an error", found, err)
		}
	})
	if found, err := asks.Next(); !found || err != nil {
		t.Errorf("got %t, %v, want the result", found, err)
	}
	asks.Close()

	closes := meddled(t, e, s, "a.x = 1", (*engine.Query).Close)
	other, err := e.Query("f(1)") // must not get the machine of the query that runs
	if err != nil {
		t.Fatal(err)
	}
	if found, err := closes.Next(); found || err == nil {
		t.Errorf("closed within: got %t, %v, want an error", found, err)
	}
	closes.Close()
	other.Start(t.Context(), s, engine.Options{})
	if found, err := other.Next(); !found || err != nil {
		t.Errorf("got %t, %v, want the result", found, err)
	}
	other.Close()
}

// A goroutine that ends inside a callback leaves a question without an answer. To go on would be to take it for answered.
func TestAQueryWhoseGoroutineEndedHasNoMoreResults(t *testing.T) {
	s := &script{Host: newHost(t)}
	e := load(t, s.Host, "f(1);")
	for _, query := range []string{"a.x = 2 or f(1)", "f(1) and a.x = 1", "not a.x = 1"} {
		q := meddled(t, e, s, query, func(*engine.Query) { runtime.Goexit() })
		var wg sync.WaitGroup
		wg.Go(func() {
			found, err := q.Next()
			t.Errorf("%s: the goroutine goes on with %t, %v", query, found, err)
		})
		wg.Wait()
		for range 2 {
			if found, err := q.Next(); found || err == nil {
				t.Errorf("%s: got %t, %v, want an error", query, found, err)
			}
		}
		q.Close()
	}
}

// An answer that holds nothing is an error, not the failure that a negation would take for a yes.
func TestALateAnswerWithoutAValueIsAnError(t *testing.T) {
	for _, query := range []string{"not a.x = 1", "a.x = 1", "not x in a"} {
		q := suspended(t, t.Context(), "f(1);", query)
		q.Answer(engine.Answer{})
		if found, err := q.Next(); found || err == nil || errors.Is(err, engine.ErrPending) {
			t.Errorf("%s: got %t, %v", query, found, err)
		}
		q.Close()
	}
}

// late is an iterator that leaves every element open.
type late struct{}

func (late) Next(context.Context) (wam.Value, bool, error) {
	return wam.Value{}, false, engine.ErrPending
}
func (late) Close() {}

// Every kind of question can be answered late, with yes and with no.
func TestLateAnswersToEveryQuestion(t *testing.T) {
	yes, no := engine.Answer{Yes: true}, engine.Answer{}
	element := func(n int64) engine.Answer { return engine.Answer{Value: wam.IntValue(n)} }
	for _, test := range []struct {
		query   string
		answers []engine.Answer
		want    []string
	}{
		{"a matches Dog", []engine.Answer{yes}, []string{""}},
		{"a matches Dog", []engine.Answer{no}, nil},
		{"not a matches Dog", []engine.Answer{no}, []string{""}},
		{"a < b", []engine.Answer{yes}, []string{""}},
		{"a < b", []engine.Answer{no}, nil},
		{"not a = b", []engine.Answer{yes}, nil},
		{"not a = b", []engine.Answer{no}, []string{""}},
		{"x matches Dog and x.owner matches Cat and y = 1", []engine.Answer{no}, nil},
		{"x in a and x > 1", []engine.Answer{element(1), element(2), no}, []string{"x = 2"}},
		{"forall(x in a, x > 1)", []engine.Answer{element(2), element(2), no}, []string{""}},
		{"forall(x in a, x > 1)", []engine.Answer{element(2), element(1), no}, nil},
	} {
		t.Run(test.query, func(t *testing.T) {
			s := &script{Host: newHost(t), iterate: func() (engine.Iterator, error) { return late{}, nil }}
			s.isa = func(wam.Value, string) (bool, error) { return false, engine.ErrPending }
			s.compare = func(string, wam.Value, wam.Value) (bool, error) { return false, engine.ErrPending }
			s.path = func(string, []string, string) (bool, error) { return false, engine.ErrPending }
			q, err := load(t, s.Host, "f(1);").Query(test.query)
			if err != nil {
				t.Fatal(err)
			}
			defer q.Close()
			bindObjects(t, q, "a", "b")
			q.Start(t.Context(), s, engine.Options{})
			var got []string
			for answers := test.answers; ; {
				found, err := q.Next()
				if errors.Is(err, engine.ErrPending) && len(answers) > 0 {
					q.Answer(answers[0])
					answers = answers[1:]
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				if !found {
					break
				}
				bindings, err := q.Bindings()
				if err != nil {
					t.Fatal(err)
				}
				result := ""
				for _, b := range bindings {
					if b.Name == "x" && b.Value.Kind == wam.KindInt {
						result = "x = " + text(b.Value)
					}
				}
				got = append(got, result)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A query that has ended stays so, and one that nobody has started needs no host.
func TestAQueryThatIsOverStaysOver(t *testing.T) {
	e := load(t, newHost(t), "f(1); f(2);")
	q, err := e.Query("f(x)")
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	for n := range 5 {
		if found, err := q.Next(); found != (n < 2) || err != nil {
			t.Errorf("at %d: got %t, %v", n, found, err)
		}
	}
}

// slowly is a host whose methods, and look-ups that run code, take longer than the query may.
type slowly struct{ *script }

func (s slowly) Lookup(context.Context, wam.Value, string) (wam.Value, error) {
	time.Sleep(time.Millisecond)
	return wam.IntValue(0), nil
}

func (s slowly) Call(ctx context.Context, receiver wam.Value, method string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	time.Sleep(20 * time.Millisecond)
	return s.script.Call(ctx, receiver, method, args, kwargs)
}

// What comes of a callback that took too long is no answer, neither a yes nor a no.
func TestAnAnswerThatComesTooLateIsNone(t *testing.T) {
	looks := strings.Repeat("a.x = 0 and ", 20)
	for _, query := range []string{"a.m() = 0", "a.m() = 1", "not a.m() = 0", "not a.m() = 1", looks + "a.x = 0", looks + "a.x = 1"} {
		s := &script{Host: newHost(t)}
		registry := *s.Host.Registry()
		registry.LookupsRunCode = true
		e := load(t, s.Host, "f(1);")
		e.SetRegistry(func() *engine.Registry { return &registry })
		q, err := e.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Bind("a", object("a")); err != nil {
			t.Fatal(err)
		}
		q.Start(t.Context(), slowly{s}, engine.Options{Limits: engine.Limits{Timeout: 5 * time.Millisecond}})
		if found, err := q.Next(); found || !errors.Is(err, diag.QueryTimeout) {
			t.Errorf("%s: got %t, %v", query, found, err)
		}
		q.Close()
	}
}
