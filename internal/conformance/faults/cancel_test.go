package faults

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/conformance"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/internal/wam"
)

// How soon a query ends after its context: half of all, and 99 of 100.
const (
	wantMedian = time.Millisecond
	want99     = 5 * time.Millisecond
)

// The time from a call of cancel to the end of the query: of every query that asks its host something, while the host waits for its
// context; and of every query that takes long, while the machine runs. A computer that does other things too adds to that, by as
// much as a loop shows that does nothing but look at its context. What is left to chance must not repeat itself five times.
func TestQueriesEndSoonAfterTheirContext(t *testing.T) {
	const rounds = 5
	cases := prepare(t)
	for round := 1; ; round++ {
		var waiting, running, loops []time.Duration
		for _, c := range cases {
			for i := range 20 {
				delay := time.Millisecond + time.Duration(i*i)*50*time.Microsecond
				d, over := whileRunning(t, c.query, &faulty{session: c.session}, delay)
				if !over {
					break
				}
				running = append(running, d)
				loops = append(loops, whileLooping(t, delay))
			}
			for at := 1; at <= min(c.asked, 3); at++ {
				if d, asked := whileWaiting(t, c.query, at); asked {
					waiting = append(waiting, d)
				}
			}
		}
		_, floor := summary(t, "loops that only look", loops)
		soon := true
		for what, latencies := range map[string][]time.Duration{"queries whose host waits": waiting, "queries that run": running} {
			median, p99 := summary(t, what, latencies)
			soon = soon && median < wantMedian+floor && p99 < want99+floor
		}
		if soon {
			return
		}
		if round == rounds {
			t.Fatalf("queries take too long to end after their context, %d times in a row: want a median of %v, 99 %% within %v", rounds, wantMedian, want99)
		}
	}
}

// prepared is a case with what it asks, counted.
type prepared struct {
	query   *conformance.Prepared
	session *host.Session
	asked   int
}

func prepare(t *testing.T) (all []prepared) {
	t.Helper()
	session := host.NewRegistry(host.Config{}, nil).Acquire()
	n := 0
	for _, name := range []string{"syntax", "evaluation", "host", "hard", "partial"} {
		for _, c := range read[conformance.Case](t, name) {
			if n++; n%min(*every, 5) != 0 {
				continue
			}
			// Without small limits, so that endless queries run.
			p, err := conformance.Prepare(t.Context(), c, engine.Limits{Timeout: 20 * time.Second})
			if errors.Is(err, conformance.ErrNoQuery) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			counting := &faulty{session: session}
			whileRunning(t, p, counting, time.Millisecond)
			all = append(all, prepared{p, session, counting.asked})
		}
	}
	return all
}

// whileRunning cancels a query that still runs after a delay; ok is false if it does not.
func whileRunning(t *testing.T, p *conformance.Prepared, f *faulty, delay time.Duration) (latency time.Duration, ok bool) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cancelled := make(chan time.Time, 1)
	timer := time.AfterFunc(delay, func() {
		cancelled <- time.Now()
		cancel()
	})
	var got conformance.Answer
	p.Ask(ctx, &got, conformance.Manner{}, f.before)
	end := time.Now()
	if timer.Stop() {
		return 0, false
	}
	return max(0, end.Sub(<-cancelled)), got.Error != nil
}

// whileLooping is whileRunning for a loop that looks at its context all the time.
func whileLooping(t *testing.T, delay time.Duration) time.Duration {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cancelled := make(chan time.Time, 1)
	time.AfterFunc(delay, func() {
		cancelled <- time.Now()
		cancel()
	})
	for ctx.Err() == nil {
	}
	return max(0, time.Since(<-cancelled))
}

// patient waits at a question until the context is done, as a callback does that honours it.
type patient struct {
	engine.Host
	at, asked int
	waits     chan struct{}
}

func (h *patient) wait(ctx context.Context) error {
	if h.asked++; h.asked != h.at {
		return nil
	}
	close(h.waits)
	<-ctx.Done()
	return ctx.Err()
}

func (h *patient) Lookup(ctx context.Context, receiver wam.Value, name string) (wam.Value, error) {
	if err := h.wait(ctx); err != nil {
		return wam.Value{}, err
	}
	return h.Host.Lookup(ctx, receiver, name)
}

func (h *patient) Call(ctx context.Context, receiver wam.Value, method string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	if err := h.wait(ctx); err != nil {
		return wam.Value{}, err
	}
	return h.Host.Call(ctx, receiver, method, args, kwargs)
}

func (h *patient) New(ctx context.Context, class string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	if err := h.wait(ctx); err != nil {
		return wam.Value{}, err
	}
	return h.Host.New(ctx, class, args, kwargs)
}

func (h *patient) Compare(ctx context.Context, op string, left, right wam.Value) (bool, error) {
	if err := h.wait(ctx); err != nil {
		return false, err
	}
	return h.Host.Compare(ctx, op, left, right)
}

func (h *patient) Iterate(ctx context.Context, v wam.Value) (engine.Iterator, error) {
	if err := h.wait(ctx); err != nil {
		return nil, err
	}
	return h.Host.Iterate(ctx, v)
}

// whileWaiting cancels a query while its host waits at a question; ok is false if that is never asked.
func whileWaiting(t *testing.T, p *conformance.Prepared, at int) (latency time.Duration, ok bool) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	h := &patient{at: at, waits: make(chan struct{})}
	cancelled := make(chan time.Time, 1)
	over := make(chan struct{})
	go func() {
		select {
		case <-h.waits:
			cancelled <- time.Now()
			cancel()
		case <-over:
		}
	}()
	var got conformance.Answer
	p.Ask(ctx, &got, conformance.Manner{}, func(inner engine.Host) engine.Host { h.Host = inner; return h })
	end := time.Now()
	close(over)
	if h.asked < h.at {
		return 0, false
	}
	if got.Error == nil {
		t.Errorf("no error: %v", got.Results)
	}
	return max(0, end.Sub(<-cancelled)), true
}

func summary(t *testing.T, what string, latencies []time.Duration) (median, p99 time.Duration) {
	t.Helper()
	if len(latencies) == 0 {
		t.Fatalf("no %s", what)
	}
	slices.Sort(latencies)
	median, p99 = latencies[len(latencies)/2], latencies[len(latencies)*99/100]
	t.Logf("cancellation, %d %s: median %v, p99 %v, longest %v", len(latencies), what, median, p99, latencies[len(latencies)-1])
	return median, p99
}
