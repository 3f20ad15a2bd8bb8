package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

type steps []string

var stepNames = map[wam.TraceKind]string{wam.TraceCall: "call", wam.TraceEnter: "enter", wam.TraceExit: "exit", wam.TraceFail: "fail",
	wam.TraceLookup: "ask", wam.TraceResult: "result"}

func (s *steps) Trace(ev wam.TraceEvent) {
	place := ""
	if ev.Span.IsValid() {
		place = fmt.Sprintf(" at column %d", ev.Span.Position().Column)
	}
	*s = append(*s, strings.TrimSpace(fmt.Sprintf("%d %s %s", ev.Depth, stepNames[ev.Kind], ev.Name))+place)
}

func TestATracerSeesEachStep(t *testing.T) {
	e := engine.New(&engine.Registry{})
	policy := "f(x) if g(x) and x > 1; g(1); g(2);"
	if _, err := e.Load([]*diag.Source{diag.NewSource("", policy)}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
		t.Fatal(err)
	}
	q, err := e.Query("f(x)")
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	var got steps
	q.Start(t.Context(), nil, engine.Options{Tracer: &got})
	if found, err := q.Next(); !found || err != nil {
		t.Fatalf("got %v, %v", found, err)
	}
	want := steps{
		"1 call f at column 1", "1 enter f at column 1",
		"2 call g at column 9", "2 enter g at column 25", "2 exit at column 25",
		"1 fail at column 18", // 1 > 1
		"2 enter g at column 31", "2 exit at column 31",
		"1 exit at column 18", "0 result at column 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

// tries remembers how much had been tried when rules were entered and when the query ended.
type tries struct{ entered, tried int }

func (c *tries) OnlyCounts() {}

func (c *tries) Trace(ev wam.TraceEvent) {
	c.tried = ev.Tried
	if ev.Kind == wam.TraceEnter {
		c.entered++
	}
}

// What a call looks at one by one is counted, and what an index leaves out is not; the guards of a query that is only counted are on.
func TestCountersSeeWhatIsTried(t *testing.T) {
	var rules strings.Builder
	for i := range 100 {
		fmt.Fprintf(&rules, "indexed(%d, y) if y > 0; guarded(x) if x = %d; open(x) if x > %d;\n", i, i, 99-i)
	}
	e := engine.New(&engine.Registry{})
	if _, err := e.Load([]*diag.Source{diag.NewSource("", rules.String())}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
		t.Fatal(err)
	}
	for query, most := range map[string]tries{"indexed(7, 1)": {1, 2}, "guarded(7)": {1, 2}, "open(1)": {100, 200}} {
		q, err := e.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		var got tries
		q.Start(t.Context(), nil, engine.Options{Tracer: &got})
		if found, err := q.Next(); !found || err != nil {
			t.Fatalf("%s: got %v, %v", query, found, err)
		}
		q.Close()
		if got.tried > most.tried || got.entered > most.entered || query == "open(1)" && got.tried < 100 {
			t.Errorf("%s: %+v, want no more than %+v", query, got, most)
		}
	}
}
