package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/goso-project/goso/bench"
	"github.com/goso-project/goso/bench/worker"
)

const (
	// patience is how long a contestant may take to get ready for a problem or to answer a batch.
	patience = 3 * time.Minute
	// slow questions are asked in no more than fewRounds: what takes that long is not close.
	slow      = 500 * time.Millisecond
	fewRounds = 6
	// large problems are left out of the quick measurement.
	large = 50_000
)

// measure measures everything.
func measure(o options) (*Report, error) {
	start := time.Now()
	if o.quick {
		o.rounds, o.batch = min(o.rounds, fewRounds), min(o.batch, 10*time.Millisecond)
	}
	runners, contestants, err := enter(o)
	if err != nil {
		return nil, err
	}
	r := &Report{Date: start, Machine: machine(), Go: runtime.Version(), Commit: commit(), Rounds: o.rounds, Batch: o.batch, Quick: o.quick, Contestants: contestants}
	defer func() {
		for _, c := range runners {
			c.stop()
		}
	}()
	for _, c := range bench.Problems() {
		if !o.only.MatchString(c.Name) || o.quick && size(c.Name) >= large {
			continue
		}
		progress("%s", c.Name)
		p, err := o.measureProblem(c, runners)
		if err != nil {
			return nil, err
		}
		r.Problems = append(r.Problems, p)
	}
	if o.only.MatchString("W22") {
		r.Parallel = o.measureParallel(runners)
	}
	if o.only.MatchString("W23") && !o.quick {
		r.Memory = o.measureMemory(runners)
	}
	r.Growth, err = o.measureGrowth(runners)
	progress("done")
	r.Took = time.Since(start).Round(time.Second)
	return r, err
}

func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, "\r\033[K"+format, args...) }

// size is the n in a problem's ID, 0 if there is none.
func size(id string) int {
	var n int
	if _, text, ok := strings.Cut(id, "n="); ok {
		fmt.Sscan(text, &n)
	}
	return n
}

// contest is a contestant at work on one problem.
type contest struct {
	*runner
	entry *Entry
}

// measureProblem makes all contestants ready, then asks them round by round. It fails only if Goso does.
func (o options) measureProblem(c bench.Case, runners []*runner) (Problem, error) {
	p := Problem{ID: c.Name, Entries: map[string]*Entry{}}
	file, err := o.export(c)
	if err != nil {
		return p, err
	}
	var field []contest
	for _, r := range runners {
		e := &Entry{}
		p.Entries[r.key] = e
		if err := r.ready(c.Name, file, e); err != nil {
			e.Failed = err.Error()
		} else if e.Cannot == "" {
			e.Batch, err = r.calibrate(o.batch)
			if err != nil {
				e.Failed = err.Error()
				continue
			}
			field = append(field, contest{r, e})
		}
	}
	for round := range o.rounds {
		for i := range field {
			at := field[(i+round)%len(field)]
			if round >= fewRounds && at.entry.Times[0] > float64(slow) {
				continue
			}
			at.ask()
		}
		field = slices.DeleteFunc(field, func(c contest) bool { return c.entry.Failed != "" })
	}
	for _, at := range field {
		if _, err := at.client.Do(patience, "check"); err != nil {
			at.entry.fail(err)
		}
	}
	goso := p.Entries[ours]
	if goso.Failed != "" {
		return p, fmt.Errorf("%s: Goso: %s", c.Name, goso.Failed)
	}
	for _, e := range p.Entries {
		for i, t := range e.Times {
			if i < len(goso.Times) {
				e.Ratios = append(e.Ratios, t/goso.Times[i])
			}
		}
	}
	return p, nil
}

// export writes a problem for the workers that read it from a file.
func (o options) export(c bench.Case) (string, error) {
	name := filepath.Join(o.out, "cases", strings.ReplaceAll(c.Name, "/", "-")+".json")
	if o.quick {
		return name, nil
	}
	text, err := json.Marshal(c.Make())
	if err != nil {
		return "", err
	}
	return name, os.WriteFile(name, text, 0o644)
}

// ready makes a contestant ready for a problem. The reference engine keeps what it was given before, so it begins anew, as do those
// that died.
func (r *runner) ready(id, file string, e *Entry) error {
	if r.family == familyReference || r.client == nil || !r.client.Alive() {
		if err := r.start(1); err != nil {
			return err
		}
	}
	reply, err := r.client.Do(patience, "prepare", id, file)
	e.Cannot, e.Easier = reply.Cannot, reply.Easier
	return err
}

// calibrate finds how many questions fill a batch, and warms the contestant up by the way.
func (r *runner) calibrate(batch time.Duration) (int, error) {
	batch = max(batch, 60*r.tick)
	n, total := 1, time.Duration(0)
	for {
		reply, err := r.client.Do(patience, "run", n)
		if err != nil {
			return 0, err
		}
		used := time.Duration(reply.CPU)
		total += used
		if used >= batch/4 && (total >= r.warm || used >= slow) {
			return max(1, int(float64(n)*float64(batch)/float64(used))), nil
		}
		n = max(n, int(float64(n)*min(8, float64(batch)/float64(max(used, time.Microsecond)))))
		if used < batch/4 {
			n++
		}
	}
}

// ask asks one batch.
func (c contest) ask() {
	reply, err := c.client.Do(patience, "run", c.entry.Batch)
	if err != nil {
		c.entry.fail(err)
		return
	}
	n := float64(c.entry.Batch)
	c.entry.Times = append(c.entry.Times, float64(reply.CPU)/n)
	c.entry.Allocs, c.entry.Bytes = math.Round(float64(reply.Allocs)/n), math.Round(float64(reply.Bytes)/n)
}

// fail drops what was measured of a contestant that went wrong.
func (e *Entry) fail(err error) {
	e.Failed, e.Times, e.Ratios = err.Error(), nil, nil
}

// measureParallel asks from one goroutine and from two, in turn.
func (o options) measureParallel(runners []*runner) []Parallel {
	var all []Parallel
	for _, id := range []string{"W1/lit1", "W7/rbac_via_org", "W11/abac5"} {
		for _, r := range runners {
			if r.family == familyReference && r.key != "go-oso" || r.family == familyProlog {
				continue
			}
			progress("W22 %s %s", id, r.name)
			if p, err := o.parallel(r, id); err == nil && len(p.Speedup) > 0 {
				all = append(all, p)
			}
		}
	}
	for _, r := range runners {
		r.stop() // they run with two processors
	}
	return all
}

func (o options) parallel(r *runner, id string) (Parallel, error) {
	p := Parallel{ID: id, Contestant: r.key}
	if err := r.start(2); err != nil {
		return p, err
	}
	if reply, err := r.client.Do(patience, "prepare", id, "-"); err != nil || reply.Cannot != "" {
		return p, err
	}
	n, err := r.calibrate(2 * o.batch)
	if err != nil {
		return p, err
	}
	for range o.rounds {
		var replies [3]worker.Reply
		for _, goroutines := range []int{1, 2} {
			if replies[goroutines], err = r.client.Do(patience, "parallel", goroutines, n); err != nil || replies[goroutines].Cannot != "" {
				return p, err
			}
		}
		p.Speedup = append(p.Speedup, 2*float64(replies[1].Wall)/float64(replies[2].Wall))
		p.Cost = append(p.Cost, float64(replies[2].CPU)/2/float64(replies[1].CPU))
	}
	return p, nil
}

// measureMemory loads 100,000 facts into fresh processes.
func (o options) measureMemory(runners []*runner) []Memory {
	const id = "W2/fact_first/n=100000"
	file := filepath.Join(o.out, "cases", "memory.json")
	if text, err := json.Marshal(bench.Find(id)); err != nil || os.WriteFile(file, text, 0o644) != nil {
		return nil
	}
	var all []Memory
	for _, r := range runners {
		if r.family == familyProlog || r.key == "floor" || r.key == "opa-parsed" || r.key == "cel" || r.key == "expr" {
			continue
		}
		progress("W23 %s", r.name)
		m := Memory{Contestant: r.key}
		if err := r.memory(id, file, &m); err != nil {
			m.Failed = err.Error()
		}
		all = append(all, m)
	}
	return all
}

func (r *runner) memory(id, file string, m *Memory) error {
	if err := r.start(1); err != nil {
		return err
	}
	before, err := r.client.Do(patience, "memory")
	if err != nil {
		return err
	}
	if _, err := r.client.Do(patience, "prepare", id, file); err != nil {
		return err
	}
	after, err := r.client.Do(patience, "memory")
	if after.RSS > before.RSS {
		m.Resident = after.RSS - before.RSS
	}
	if after.Heap > before.Heap {
		m.Heap = after.Heap - before.Heap
	}
	return err
}

// measureGrowth counts the steps of Goso at each size of each series, and times it and the reference engine.
func (o options) measureGrowth(runners []*runner) ([]Series, error) {
	var all []Series
	for _, g := range bench.Growth {
		if !o.only.MatchString("W25/" + g.Name) {
			continue
		}
		s := Series{Name: g.Name, What: g.What, Bound: g.Bound, Timed: g.Timed}
		gone := map[string]bool{}
		for i, n := range g.Sizes {
			if o.quick && n > 10_000 && i > 2 { // three sizes, or a line through them says little
				break
			}
			c := g.Case(n)
			progress("%s", c.Name)
			counts, err := bench.Count(c.Make())
			if err != nil {
				return nil, err
			}
			point := Point{N: n, Count: counts.Total(), Seconds: map[string]float64{}, Failed: map[string]string{}}
			file := ""
			for _, r := range runners {
				if gone[r.key] || r.key != ours && (r.family != familyReference || r.key == "oso-js" || i >= g.Others) {
					continue
				}
				if r.key != ours && file == "" {
					if file, err = o.export(c); err != nil {
						return nil, err
					}
				}
				t, err := o.timeOnce(r, c.Name, file)
				if err != nil || t > slow.Seconds() {
					gone[r.key] = true
				}
				if err == nil {
					point.Seconds[r.key] = t
				} else {
					point.Failed[r.key] = err.Error()
				}
			}
			s.Points = append(s.Points, point)
			if t, ok := point.Seconds[ours]; !ok || t > slow.Seconds()*4 {
				break
			}
		}
		all = append(all, s)
	}
	return all, nil
}

// timeOnce returns the median of three short batches.
func (o options) timeOnce(r *runner, id, file string) (float64, error) {
	var e Entry
	if err := r.ready(id, file, &e); err != nil {
		return 0, err
	}
	n, err := r.calibrate(o.batch / 5)
	if err != nil {
		return 0, err
	}
	var times []float64
	for range 3 {
		reply, err := r.client.Do(patience, "run", n)
		if err != nil {
			return 0, err
		}
		times = append(times, float64(reply.CPU)/float64(n)/1e9)
		if times[0] > 1 {
			break
		}
	}
	return median(times), nil
}

// machine describes what this runs on.
func machine() string {
	model := ""
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = ", " + strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%s/%s, %d processors%s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), model)
}

// commit names the commit that is checked out, with a mark if files differ from it.
func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	name := strings.TrimSpace(string(out))
	if changed, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no").Output(); err != nil || len(changed) > 0 {
		name += ", with changes"
	}
	return name
}
