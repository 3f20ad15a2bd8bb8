package bench

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// generous bounds the latency of a cancellation on a machine that does other things too. What it is on an idle one, the test shows.
const generous = 500 * time.Millisecond

// The time from a call of cancel to the return of the query under way, at random moments of queries that follow one upon the other.
func TestQueriesReturnSoonAfterTheirContext(t *testing.T) {
	const samples = 40
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
				var latencies []time.Duration
				for range samples {
					latencies = append(latencies, cancelWithin(t, q))
				}
				slices.Sort(latencies)
				median, longest := latencies[samples/2], latencies[samples-1]
				t.Logf("cancellation %s %s: median %v, longest of %d %v", w.ID, c.Name, median, samples, longest)
				if longest > generous {
					t.Errorf("a query returned %v after its context, want %v", longest, generous)
				}
			})
		}
	}
}

// cancelWithin asks again and again until the context is cancelled, and returns how long the last question went on after that.
func cancelWithin(t *testing.T, q *Question) time.Duration {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan time.Time)
	go func() {
		for ctx.Err() == nil {
			_, _ = q.DecideWithin(ctx)
		}
		ended <- time.Now()
	}()
	time.Sleep(time.Duration(rand.IntN(int(3 * time.Millisecond))))
	start := time.Now()
	cancel()
	return max(0, (<-ended).Sub(start))
}
