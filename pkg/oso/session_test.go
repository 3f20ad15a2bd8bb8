package oso_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

// drain runs a session to its end and closes it; answer answers its questions.
func drain(s *oso.Session, answer func(*oso.Question)) (all []map[string]any, err error) {
	defer s.Close()
	for {
		step, err := s.Step()
		switch {
		case err != nil:
			return all, err
		case step.Question != nil:
			answer(step.Question)
		case step.Result != nil:
			all = append(all, step.Result)
		default:
			return all, nil
		}
	}
}

func paperSession(t testing.TB, ctx context.Context, action string) *oso.Session {
	t.Helper()
	s, err := paperOso(t, nil).NewSession(ctx, "allow", "ann", action, Paper{1})
	must(t, err)
	return s
}

func TestSessionAsksEverything(t *testing.T) {
	o := paperOso(t, nil)
	must(t, o.RegisterConstant(Paper{3}, "p"))
	s, err := o.NewSessionFromStr(t.Context(), `x = p.owner and y in p.Id and z in p.tags("t")`)
	must(t, err)
	var asked []string
	got, err := drain(s, func(q *oso.Question) {
		asked = append(asked, describe(q))
		switch q.Name {
		case "owner":
			q.Answer("ann")
		case "Id":
			q.Answer([]int{4, 5})
		default:
			q.Answer([]string{"a"})
		}
	})
	must(t, err)
	if want := "x:ann y:4 z:a\nx:ann y:5 z:a"; show(got) != want {
		t.Errorf("got %q, want %q", show(got), want)
	}
	want := []string{"attribute {3}.owner", "attribute {3}.Id", "method {3}.tags[t] map[]", "method {3}.tags[t] map[]"}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("questions (-want +got)\n%s", diff)
	}
}

// The answer to a question may come from another goroutine, and the next step may run on a third.
func TestSessionIsAnsweredElsewhere(t *testing.T) {
	s := paperSession(t, t.Context(), "read")
	defer s.Close()
	type outcome struct {
		step oso.Step
		err  error
	}
	steps := make(chan outcome)
	step := func() { st, err := s.Step(); steps <- outcome{st, err} }
	go step()
	for {
		got := <-steps
		must(t, got.err)
		if got.step.Question == nil {
			if got.step.Result == nil {
				t.Error("denied")
			}
			return
		}
		go func() {
			owners(got.step.Question)
			step()
		}()
	}
}

func TestSessionNeedsItsAnswers(t *testing.T) {
	s := paperSession(t, t.Context(), "write")
	step, err := s.Step()
	if err != nil || step.Question == nil {
		t.Fatalf("got %v, %v, want a question", step, err)
	}
	for range 2 { // the error stays
		step, err = s.Step()
		if step.Question != nil || step.Result != nil {
			t.Errorf("got %v, want nothing", step)
		}
		wantError(t, err, "nobody answered", "owner")
	}
}

func TestSessionEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := paperSession(t, ctx, "write")
	defer s.Close()
	step, err := s.Step()
	must(t, err)
	cancel()
	step.Question.Answer("ann")
	if step, err := s.Step(); step.Result != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v, want %v", step, err, context.Canceled)
	}
}

// The time that a session waits counts.
func TestSessionTimesOutWhileItWaits(t *testing.T) {
	o := newOso(t, "f(x) if x.y;", oso.WithTimeout(time.Nanosecond))
	must(t, o.RegisterClass(Paper{}, nil))
	s, err := o.NewSession(t.Context(), "f", Paper{1})
	must(t, err)
	_, err = drain(s, func(q *oso.Question) { time.Sleep(time.Millisecond); q.Answer(true) })
	if !errors.Is(err, osoerrors.ErrTimeout) {
		t.Errorf("got %v, want a timeout", err)
	}
}

func TestClosedSessionIsEmpty(t *testing.T) {
	s := paperSession(t, t.Context(), "write")
	step, err := s.Step()
	must(t, err)
	s.Close()
	s.Close()
	step.Question.Answer("ann") // too late, and harmless
	for range 2 {
		if step, err := s.Step(); step.Question != nil || step.Result != nil || err != nil {
			t.Errorf("got %v, %v, want nothing", step, err)
		}
	}
}

func TestSessionsThatCannotBeMade(t *testing.T) {
	o := paperOso(t, nil)
	if _, err := o.NewSessionFromStr(t.Context(), "1 = "); err == nil {
		t.Error("no error for a wrong query")
	}
	if _, err := o.NewSession(t.Context(), "allow", map[int]int{1: 1}); err == nil {
		t.Error("no error for an argument that cannot be converted")
	}
	if _, err := (oso.Oso{}).NewSession(t.Context(), "allow"); err == nil {
		t.Error("no error from a zero Oso")
	}
	s, err := o.NewSession(t.Context(), "nothing")
	must(t, err)
	if _, err := drain(s, (*oso.Question).Pass); err == nil {
		t.Error("no error for an undefined rule")
	}
}
