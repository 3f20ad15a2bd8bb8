package engine_test

import (
	"context"
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

func TestResultsComeOneAtATime(t *testing.T) {
	h := newHost(t)
	e := load(t, h, `step(x) if x in [1, 2, 3] and print(x); step(x) if print("none is left") and x.a;`)
	var printed []string
	q, err := e.Query("step(x)")
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	q.Start(t.Context(), h, engine.Options{Print: func(text string) { printed = append(printed, text) }})
	for i, want := range [][]string{{"1"}, {"1", "2"}, {"1", "2", "3"}} {
		if found, err := q.Next(); !found || err != nil {
			t.Fatalf("result %d: %v, %v", i, found, err)
		}
		if diff := cmp.Diff(want, printed); diff != "" {
			t.Errorf("result %d: (-want +got)\n%s", i, diff)
		}
	}
}

func TestResultsStayValidAfterTheNext(t *testing.T) {
	h := newHost(t)
	e := load(t, h, "")
	q, err := e.Query(`x in [[1, "a"], [2, "b"]]`)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	q.Start(t.Context(), h, engine.Options{})
	var kept [][]engine.Binding
	for {
		found, err := q.Next()
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			break
		}
		b, err := q.Bindings()
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, append([]engine.Binding(nil), b...))
	}
	if len(kept) != 2 || text(kept[0][0].Value) != `[1, "a"]` || text(kept[1][0].Value) != `[2, "b"]` {
		t.Errorf("%v", kept)
	}
}

func TestResultsAreThereWithoutReadingEach(t *testing.T) {
	h := newHost(t)
	e := load(t, h, "")
	q, err := e.Query("x in [1, 2, 3]")
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	q.Start(t.Context(), h, engine.Options{})
	for range 2 {
		if found, err := q.Next(); !found || err != nil {
			t.Fatal(found, err)
		}
	}
	b, err := q.Bindings()
	if err != nil || len(b) != 1 || b[0].Value.Int() != 2 {
		t.Errorf("the second result is %v, %v", b, err)
	}
}

// user is an object of a host.
type user struct{ name string }

// TestQueriesKeepNoObject looks whether the collector gets the objects of queries that have ended in each way.
func TestQueriesKeepNoObject(t *testing.T) {
	for _, test := range []struct {
		name string
		rule string
		ends func(q *engine.Query)
	}{
		{"at the end", "keep", func(q *engine.Query) {
			for found, err := q.Next(); found && err == nil; found, err = q.Next() {
			}
		}},
		{"by an error of the policy", "loop", func(q *engine.Query) { _, _ = q.Next() }},
		{"abandoned after a result", "keep", func(q *engine.Query) { _, _ = q.Next(); _, _ = q.Bindings(); q.Close() }},
		{"cleared after a result", "same", func(q *engine.Query) {
			_ = q.Arg(wam.VarValue("y"))
			_, _ = q.Next()
			if b, _ := q.Bindings(); len(b) != 1 {
				panic("no result")
			}
			q.Clear()
		}},
		{"abandoned before the first", "keep", func(q *engine.Query) { q.Close() }},
		{"by an error of the host", "f", func(q *engine.Query) { _, _ = q.Next() }},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHost(t)
			e := load(t, h, "f(x) if x.friend = y and g(y); g(_); loop(x) if loop([x]); keep(x) if y in [x, x] and z = {a: [y]} and z.a = [_]; same(x, x);")
			object := &user{"ann"}
			gone := weak.Make(object)
			q := e.Rule(test.rule)
			if err := q.Arg(wam.InstanceValue(object, 0)); err != nil {
				t.Fatal(err)
			}
			object = nil
			q.Start(t.Context(), h, engine.Options{Limits: engine.Limits{Depth: 1000}})
			test.ends(q)
			for range 10 {
				runtime.GC()
				if gone.Value() == nil {
					break
				}
			}
			if gone.Value() != nil {
				t.Error("the query still holds the object")
			}
			runtime.KeepAlive(q)
			runtime.KeepAlive(e)
		})
	}
}

func TestQueriesStartNoGoroutine(t *testing.T) {
	h := newHost(t)
	e := load(t, h, endless)
	before := runtime.NumGoroutine()
	for _, query := range []string{"count(10)", "search(60) and false", "nosuch()"} {
		q, err := e.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		q.Start(context.Background(), h, engine.Options{Limits: engine.Limits{Timeout: 10 * time.Millisecond}})
		_, _ = q.Next()
		if now := runtime.NumGoroutine(); now > before {
			t.Errorf("%s: %d goroutines, %d before", query, now, before)
		}
		q.Close()
	}
}

// TestAUsedMachineAnswersLikeANewOne runs queries in a row that end in different ways, each twice.
func TestAUsedMachineAnswersLikeANewOne(t *testing.T) {
	h := newHost(t)
	e := load(t, h, endless+"n(1); n(2);")
	limits := engine.Limits{Depth: 5000, HeapCells: 1 << 20, StackWords: 1 << 20, Steps: 100_000}
	first := map[string][]string{}
	queries := []string{"n(x)", "x > 1 and y > x and y = 3", "loop(1)", "grow(1)", "not n(x) or x = [y, *z]", "double(10, x) and x = [[1, *_], *_]", "x = [x]",
		"x in [1, 2, {a: y}] and y = 1", "search(60) and false", "pile(2)", "n(x) and n(y) and x < y", "x.a > 1 and not x.b = 2"}
	for round := range 2 {
		for _, query := range queries {
			got, err := answers(t.Context(), t, e, h, query, engine.Options{Limits: limits})
			if err != nil {
				got = append(got, err.Error())
			}
			if round == 0 {
				first[query] = got
			} else if diff := cmp.Diff(first[query], got); diff != "" {
				t.Errorf("%s: (-first +second)\n%s", query, diff)
			}
		}
	}
}

func TestAQueryKeepsThePolicyItBeganWith(t *testing.T) {
	h := newHost(t)
	e := load(t, h, "f(1); f(2); f(3);")
	q, err := e.Query("f(x)")
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	q.Start(t.Context(), h, engine.Options{})
	if found, err := q.Next(); !found || err != nil {
		t.Fatal(found, err)
	}
	e.Clear()
	rest, err := drain(q, h)
	if diff := cmp.Diff([]string{"x = 2", "x = 3"}, rest); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if _, err := answers(t.Context(), t, e, h, "f(x)", engine.Options{}); err == nil {
		t.Error("a new query still finds the rules")
	}
}

// A query that is over belongs to whoever takes it next: closing it twice must not give it to two.
func TestQueriesAreGivenBackOnce(t *testing.T) {
	e := load(t, newHost(t), "f(1);")
	q := e.Rule("f")
	q.Close()
	q.Close()
	if a, b := e.Rule("f"), e.Rule("f"); a == b {
		t.Error("two have the same query after it was closed twice")
	}
	q = e.Rule("f")
	if !q.Clear() || q.Clear() {
		t.Error("a query is cleared twice, or not at all")
	}
	s := &script{Host: newHost(t)}
	e = load(t, s.Host, "f(1);")
	q = meddled(t, e, s, "a.x = y", func(q *engine.Query) {
		q.Close()
		if q.Clear() {
			t.Error("a query is cleared while it runs")
		}
		for range 3 {
			if e.Rule("f") == q {
				t.Error("a query that runs is used for another")
			}
		}
	})
	if found, err := q.Next(); found || err == nil {
		t.Errorf("got %t, %v of a query that was closed while it ran", found, err)
	}
}

// Without a host, no object is of a class, and no field leads to one.
func TestQueriesWithoutAHostGrantNothing(t *testing.T) {
	e := load(t, newHost(t), "f(_: Dog); g(x) if x matches Dog and x.owner matches Cat;")
	for rule, v := range map[string]wam.Value{"f": object("a"), "g": wam.VarValue("x")} {
		for _, started := range []bool{true, false} {
			q := e.Rule(rule)
			if err := q.Arg(v); err != nil {
				t.Fatal(err)
			}
			if started {
				q.Start(t.Context(), nil, engine.Options{})
			}
			if found, err := q.Next(); found || err != nil {
				t.Errorf("%s: got %t, %v", rule, found, err)
			}
			q.Close()
		}
	}
}
