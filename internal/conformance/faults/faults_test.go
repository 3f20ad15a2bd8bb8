package faults

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/conformance"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/internal/wam"
)

var every = flag.Int("every", 97, "make one of so many faults; 1 for all")

const corpus = "../../../testdata/conformance"

// limits keep cases without an end short.
var limits = engine.Limits{Timeout: 20 * time.Second, Depth: 2_000, HeapCells: 1 << 20, StackWords: 1 << 20}

// slow cases are left out: a case is asked some dozens of times.
const slow = 20 * time.Millisecond

// inject counts faults and what came of them.
type inject struct {
	t       *testing.T
	session *host.Session
	place   int // numbers all places where a fault can be

	queries, made                          int
	gained, leaked, open, poisoned, silent int
	byKind                                 [kinds]int
}

// Every query of the cases, with a fault at each of its questions.
func TestNoFaultOfTheHostGrantsLeaksOrPoisons(t *testing.T) {
	registry := host.NewRegistry(host.Config{}, nil)
	in := &inject{t: t, session: registry.Acquire()}
	for _, name := range []string{"syntax", "loading", "evaluation", "host", "hard", "partial"} {
		for _, c := range read[conformance.Case](t, name) {
			p, err := conformance.Prepare(t.Context(), c, limits)
			in.query(c.ID, p, err)
		}
	}
	for _, c := range read[conformance.RolesCase](t, "roles") {
		p, err := conformance.PrepareRoles(t.Context(), c, limits)
		in.query(c.ID, p, err)
	}
	t.Logf("faults: %d queries, %d injections, grants gained %d, errors lost %d, goroutines leaked %d, iterators left open %d, machines poisoned %d",
		in.queries, in.made, in.gained, in.silent, in.leaked, in.open, in.poisoned)
	for k, n := range in.byKind {
		t.Logf("faults: %-12v %6d injections", kind(k), n)
		if n == 0 {
			t.Errorf("no injection of kind %v", kind(k))
		}
	}
}

// read returns the cases of a file.
func read[C any](t *testing.T, name string) []*C {
	t.Helper()
	f, err := os.Open(filepath.Join(corpus, name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []*C
	for dec := json.NewDecoder(f); dec.More(); {
		c := new(C)
		if err := dec.Decode(c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

// query injects all faults of one query, at once answered and later.
func (in *inject) query(id string, p *conformance.Prepared, err error) {
	switch {
	case errors.Is(err, conformance.ErrNoQuery):
		return
	case err != nil:
		in.t.Error(err)
		return
	}
	var want conformance.Answer
	counting := &faulty{session: in.session}
	start := time.Now()
	p.Ask(in.t.Context(), &want, conformance.Manner{}, counting.before)
	if time.Since(start) > slow || counting.asked == 0 {
		return
	}
	in.queries++
	before := runtime.NumGoroutine()
	for _, manner := range manners() {
		for at := 1; at <= counting.asked; at++ {
			for k := range kinds {
				if in.place++; in.place%*every == 0 {
					in.one(fmt.Sprintf("case %s, %v at question %d, %+v", id, k, at, manner), p, &want,
						&faulty{kind: k, at: at, session: in.session}, manner)
				}
			}
		}
	}
	if n := settle(before); n > before {
		in.leaked += n - before
		in.t.Errorf("case %s: %d goroutines before, %d after", id, before, n)
	}
}

// manners are all ways to run a query: with each optimisation that could change what is asked left out, answered at once and later.
func manners() []conformance.Manner {
	var all []conformance.Manner
	for _, without := range []wam.Features{0, wam.CompiledHeads, wam.Indexes, wam.Selections, wam.CompiledHeads | wam.Indexes | wam.Selections} {
		all = append(all, conformance.Manner{Without: without}, conformance.Manner{Later: true, Without: without})
	}
	return all
}

// settle waits for goroutines to end, and returns how many are left.
func settle(want int) int {
	deadline := time.Now().Add(2 * time.Second)
	for runtime.NumGoroutine() > want && time.Now().Before(deadline) {
		time.Sleep(100 * time.Microsecond)
	}
	return runtime.NumGoroutine()
}

func (f *faulty) before(h engine.Host) engine.Host {
	f.Host = h
	return f
}

// one makes one fault and looks at the answer, and at that of the next query on the same engine.
func (in *inject) one(what string, p *conformance.Prepared, want *conformance.Answer, f *faulty, manner conformance.Manner) {
	in.made++
	in.byKind[f.kind]++
	ctx, cancel := context.WithCancel(in.t.Context())
	defer cancel()
	f.cancel = cancel
	f.again = func() {
		var inner conformance.Answer
		p.Ask(ctx, &inner, conformance.Manner{}, nil)
		in.poison(what+", the query inside", want, &inner)
	}
	var got conformance.Answer
	ask := func() { p.Ask(ctx, &got, manner, f.before) }
	if f.kind == exiting {
		var wg sync.WaitGroup
		wg.Go(ask)
		wg.Wait()
	} else {
		ask()
	}
	in.compare(what, want, &got, f)
	if f.opened != f.ended {
		in.open++
		in.t.Errorf("%s: %d iterators begun, %d closed", what, f.opened, f.ended)
	}
	var after conformance.Answer
	p.Ask(in.t.Context(), &after, manner, nil)
	in.poison(what+", the next query", want, &after)
}

func (in *inject) compare(what string, want, got *conformance.Answer, f *faulty) {
	n := len(got.Results)
	switch {
	case f.kind == reentrant:
		in.poison(what, want, got)
	case n > len(want.Results) || conformance.Canonical(&conformance.Answer{Results: got.Results}) != conformance.Canonical(&conformance.Answer{Results: want.Results[:n]}):
		in.gained++
		in.t.Errorf("%s: results\n%v\nwant no more than\n%v", what, got.Results, want.Results)
	case f.asked >= f.at && f.kind != exiting && got.Error == nil:
		in.silent++
		in.t.Errorf("%s: no error; results\n%v\nof\n%v", what, got.Results, want.Results)
	case f.asked < f.at:
		in.t.Errorf("%s: only %d questions", what, f.asked)
	}
}

// poison checks that an answer is that of the query without a fault.
func (in *inject) poison(what string, want, got *conformance.Answer) {
	if diff := cmp.Diff(conformance.Canonical(want), conformance.Canonical(got)); diff != "" {
		in.poisoned++
		in.t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}
