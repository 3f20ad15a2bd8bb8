package measure

import (
	"context"
	"runtime"
	"slices"
	"time"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// Runs is the number of times that are taken: enough for quartiles.
const Runs = 9

// Question is a query to be measured.
type Question struct {
	// New returns the query, ready to start.
	New     func() (*engine.Query, error)
	Host    engine.Host
	Options engine.Options
	All     bool          // all results, not only the first
	Budget  time.Duration // what all runs together should take, more or less
}

// Cost is what a query costs.
type Cost struct {
	Counts  Counts  `json:"counts"`
	Nanos   Spread  `json:"nanoseconds"`
	Bytes   float64 `json:"bytes"`       // allocated by one query
	Allocs  float64 `json:"allocations"` // of one query
	Queries int     `json:"queries"`     // in each run
}

// Spread are the median and the quartiles of the runs.
type Spread struct {
	Low    float64 `json:"low"`
	Median float64 `json:"median"`
	High   float64 `json:"high"`
}

// Counts are what one query does. They are the same each time.
type Counts struct {
	Results  int `json:"results"`
	Calls    int `json:"calls"`    // rules called
	Tried    int `json:"tried"`    // clauses, facts and elements of host lists looked at one by one
	Entered  int `json:"entered"`  // clauses entered
	Choices  int `json:"choices"`  // choice points made
	Requests int `json:"requests"` // what the host was asked, fields read in place among it
}

// Measure runs a query and tells its cost. The first error of a query is returned.
func Measure(ctx context.Context, q *Question) (*Cost, error) {
	var cost Cost
	for _, count := range []*counter{{}, {counts: &cost.Counts}} { // the machine remembers what calls selected: the second run counts
		opts := q.Options
		opts.Tracer = count
		n, err := q.run(ctx, q.Host, opts)
		if err != nil {
			return nil, err
		}
		cost.Counts.Results = n
	}
	opts := q.Options
	opts.Print = nil
	share := max(q.Budget/(Runs+2), time.Microsecond)
	cost.Queries = 1
	for {
		began := time.Now()
		if err := q.repeat(ctx, opts, cost.Queries); err != nil {
			return nil, err
		}
		took := time.Since(began)
		if took >= share || cost.Queries >= 1<<30 {
			break
		}
		cost.Queries = int(float64(cost.Queries) * min(100, max(2, float64(share)/float64(took+1))))
	}
	var times []float64
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range Runs {
		began := now()
		if err := q.repeat(ctx, opts, cost.Queries); err != nil {
			return nil, err
		}
		times = append(times, float64(now()-began)/float64(cost.Queries))
	}
	runtime.ReadMemStats(&after)
	all := float64(Runs) * float64(cost.Queries)
	cost.Bytes, cost.Allocs = float64(after.TotalAlloc-before.TotalAlloc)/all, float64(after.Mallocs-before.Mallocs)/all
	slices.Sort(times)
	cost.Nanos = Spread{times[Runs/4], times[Runs/2], times[Runs-1-Runs/4]}
	return &cost, nil
}

// repeat runs the query a number of times.
func (q *Question) repeat(ctx context.Context, opts engine.Options, times int) error {
	for range times {
		if _, err := q.run(ctx, q.Host, opts); err != nil {
			return err
		}
	}
	return nil
}

// run runs the query once and returns how many results it took.
func (q *Question) run(ctx context.Context, host engine.Host, opts engine.Options) (results int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	query, err := q.New()
	if err != nil {
		return 0, err
	}
	defer query.Close()
	query.Start(ctx, host, opts)
	for {
		found, err := query.Next()
		if err != nil || !found {
			return results, err
		}
		if results++; !q.All {
			return results, nil
		}
	}
}

// counter counts the steps of a query, which runs as it does when nobody counts. Without counts it only stands in.
type counter struct {
	counts       *Counts
	alternatives int
}

// OnlyCounts keeps the machine's optimizations on.
func (*counter) OnlyCounts() {}

// Trace counts a step. A choice point is counted where a step has more alternatives than the step before.
func (c *counter) Trace(ev wam.TraceEvent) {
	if c.counts == nil {
		return
	}
	switch ev.Kind {
	case wam.TraceCall:
		c.counts.Calls++
	case wam.TraceEnter:
		c.counts.Entered++
	case wam.TraceLookup:
		c.counts.Requests++
	}
	c.counts.Tried = ev.Tried
	c.counts.Choices += max(0, ev.Choices-c.alternatives)
	c.alternatives = ev.Choices
}
