package bench

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// How soon a query returns after its context: half of all, and 99 of 100.
const (
	wantMedian = time.Millisecond
	want99     = 5 * time.Millisecond
)

// The time from a call of cancel to the return of the query under way, at random moments of queries that follow one upon the other.
// A computer that does other things too adds to that, by as much as a loop shows that does nothing but look at its context. What
// is left to chance must not repeat itself five times.
func TestQueriesReturnSoonAfterTheirContext(t *testing.T) {
	const samples, rounds = 100, 5
	for _, w := range Workloads {
		if w.ID != "W12" && w.ID != "W16" && w.ID != "W20" {
			continue
		}
		for _, c := range w.Cases {
			t.Run(w.ID+"/"+c.Name, func(t *testing.T) {
				q, err := NewQuestion(c.Make())
				if err != nil {
					t.Fatal(err)
				}
				if err := q.Check(); err != nil {
					t.Fatal(err)
				}
				for round := 1; ; round++ {
					var latencies, loops []time.Duration
					for range samples {
						latencies = append(latencies, cancelWithin(t, func(ctx context.Context) { _, _ = q.DecideWithin(ctx) }))
						loops = append(loops, cancelWithin(t, func(context.Context) {}))
					}
					median, p99 := summary(latencies)
					_, floor := summary(loops)
					t.Logf("cancellation %s %s: median %v, p99 of %d %v; of a loop that only looks %v", w.ID, c.Name, median, samples, p99, floor)
					if median < wantMedian+floor && p99 < want99+floor {
						return
					}
					if round == rounds {
						t.Fatalf("queries take too long to return after their context, %d times in a row: want a median of %v, 99 %% within %v", rounds, wantMedian, want99)
					}
				}
			})
		}
	}
}

func summary(latencies []time.Duration) (median, p99 time.Duration) {
	slices.Sort(latencies)
	return latencies[len(latencies)/2], latencies[len(latencies)*99/100]
}

// cancelWithin asks again and again until the context is cancelled, and returns how long the last question went on after that.
func cancelWithin(t *testing.T, ask func(context.Context)) time.Duration {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan time.Time)
	go func() {
		for ctx.Err() == nil {
			ask(ctx)
		}
		ended <- time.Now()
	}()
	time.Sleep(time.Duration(rand.IntN(int(3 * time.Millisecond))))
	start := time.Now()
	cancel()
	return max(0, (<-ended).Sub(start))
}
