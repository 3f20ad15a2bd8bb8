package main

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Report is all that was measured.
type Report struct {
	Date        time.Time
	Took        time.Duration
	Machine     string
	Go          string
	Commit      string
	Rounds      int
	Batch       time.Duration
	Quick       bool
	Contestants []Contestant
	Problems    []Problem
	Parallel    []Parallel
	Memory      []Memory
	Growth      []Series
}

// Contestant is one that was measured, or was to be.
type Contestant struct {
	Key, Name, Family, Version string
	NotRun                     string // why it was not
}

// Problem is what was measured of one problem, by contestant.
type Problem struct {
	ID      string
	Entries map[string]*Entry
}

// Entry is what a contestant needed for a problem.
type Entry struct {
	Cannot string    `json:",omitempty"` // why there is no answer
	Failed string    `json:",omitempty"` // the answer was wrong, or did not come
	Easier string    `json:",omitempty"`
	Batch  int       // questions in a round
	Times  []float64 // ns of processor time per question, one for each round
	Ratios []float64 // to Goso's in the same round
	Allocs float64   // per question; only in Go
	Bytes  float64
}

// ran reports whether there are times.
func (e *Entry) ran() bool { return e != nil && len(e.Times) > 0 }

// Parallel is the same question from one goroutine and from two: W22.
type Parallel struct {
	ID, Contestant string
	Speedup        []float64 // throughput of two over that of one, for each round
	Cost           []float64 // processor time per question of two over that of one
}

// Memory is what 100,000 facts take: W23.
type Memory struct {
	Contestant string
	Resident   uint64 // bytes more than before loading, as the system counts
	Heap       uint64 // bytes more in use, as the language counts
	Failed     string `json:",omitempty"`
}

// Series is one parameter varied: W25.
type Series struct {
	Name, What string
	Bound      float64
	Timed      bool
	Points     []Point
}

// Point is a series at one size.
type Point struct {
	N       int
	Count   int // of steps
	Seconds map[string]float64
	Failed  map[string]string `json:",omitempty"` // why there is no time
}

// quartiles returns the lower quartile, the median and the upper quartile.
func quartiles(values []float64) (q1, median, q3 float64) {
	if len(values) == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	s := slices.Sorted(slices.Values(values))
	at := func(p float64) float64 {
		x := p * float64(len(s)-1)
		i := min(int(x), len(s)-2)
		if i < 0 {
			return s[0]
		}
		return s[i] + (x-float64(i))*(s[i+1]-s[i])
	}
	return at(0.25), at(0.5), at(0.75)
}

func median(values []float64) float64 {
	_, m, _ := quartiles(values)
	return m
}

// slope fits y = c · n^slope by least squares on logarithms. It is NaN for fewer than two points.
func slope(n, y []float64) float64 {
	var sx, sy, sxx, sxy, k float64
	for i := range n {
		if y[i] <= 0 || n[i] <= 0 {
			continue
		}
		lx, ly := math.Log(n[i]), math.Log(y[i])
		sx, sy, sxx, sxy, k = sx+lx, sy+ly, sxx+lx*lx, sxy+lx*ly, k+1
	}
	if k < 2 {
		return math.NaN()
	}
	return (k*sxy - sx*sy) / (k*sxx - sx*sx)
}

// countSlope is that of the steps a question takes.
func (s *Series) countSlope() float64 {
	var n, y []float64
	for _, p := range s.Points {
		n, y = append(n, float64(p.N)), append(y, float64(p.Count))
	}
	return slope(n, y)
}

// timeSlope is that of a contestant's times.
func (s *Series) timeSlope(contestant string) float64 {
	var n, y []float64
	for _, p := range s.Points {
		if t, ok := p.Seconds[contestant]; ok {
			n, y = append(n, float64(p.N)), append(y, t)
		}
	}
	return slope(n, y)
}

// find returns the problem of an ID.
func (r *Report) find(id string) *Problem {
	i := slices.IndexFunc(r.Problems, func(p Problem) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return &r.Problems[i]
}

// contestant returns the one of a key.
func (r *Report) contestant(key string) Contestant {
	i := slices.IndexFunc(r.Contestants, func(c Contestant) bool { return c.Key == key })
	if i < 0 {
		return Contestant{Key: key, Name: key, NotRun: "not asked for"}
	}
	return r.Contestants[i]
}

// byRatio sorts the contestants of a problem, the slowest first.
func (p *Problem) byRatio() []string {
	var keys []string
	for key, e := range p.Entries {
		if key != ours && e.ran() {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(median(p.Entries[b].Ratios), median(p.Entries[a].Ratios)) })
	return keys
}
