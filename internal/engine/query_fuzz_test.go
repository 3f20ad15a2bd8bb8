package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
)

// fuzzPolicy has rules of every kind for random queries to call.
const fuzzPolicy = `
f(1); f(2); f(3);
g(x, y) if f(x) and f(y) and x < y;
member(x, [x, *_]); member(x, [_, *xs]) if member(x, xs);
append([], l, l); append([x, *xs], l, [x, *ys]) if append(xs, l, ys);
typed(_: Integer, "integer"); typed(_: String, "string"); typed(_: Animal, "animal"); typed(_: Dog{name: n}, n); typed(_: {name: _}, "named"); typed(_, "any");
no(x) if not f(x);
all(xs) if forall(x in xs, x > 1);
first(x) if f(x) and cut; first(9);
loop(x) if loop([x]);
sum([], 0); sum([x, *xs], n) if sum(xs, m) and n = m + x;
named(x, n) if x.name = n;
dog(x) if x = new Dog(name: "d");
either(x) if (x = 1 and cut or x = 2) or x = 3;
`

// FuzzQuery runs any query on a fixed policy: it ends within its budget without a crash, and a machine that has been used for
// other queries, and been abandoned in the middle of them, gives the same answers as a new one.
func FuzzQuery(f *testing.F) {
	for _, query := range corpusQueries(f) {
		f.Add(query)
	}
	for _, query := range []string{
		"g(x, y)", "append(x, y, [1, 2, 3]) and not member(2, x)", "typed(x, y) and x = 1", "dog(d) and typed(d, y)", "loop(1)",
		"no(x) and x > 5", "all([2, x]) and x = 3", "x > 1 and y = [x, *z] and x in [1, 2, 3]", "x.a.b > 1 and x matches Dog{name: y}",
		"forall(x in [1, 2], first(y) and y < x)", "either(x) and either(y)", "sum([1, 2.5, x], y) and x = 1", "x = [x] and x in x",
		"not (x = 1 and not (y = x)) and f(y)", "d.(k) = v and d = {a: 1, b: 2}", "named(x, 1) and x matches Animal and named(x, y)",
		"x matches Dog and x matches Animal and not x.name = \"a\" and x.name in [\"a\", \"b\"]", "print(x, [y, *z]) and debug()",
	} {
		f.Add(query)
	}
	h := newHost(f)
	used := load(f, h, fuzzPolicy)
	f.Fuzz(func(t *testing.T, query string) {
		if strings.Count(query, "mod")+strings.Count(query, "*") > 200 {
			return
		}
		fresh := load(t, h, fuzzPolicy)
		want, wantErr := outcome(t, fresh, h, query)
		if !expected(wantErr) {
			t.Fatalf("%q: unexpected error: %v", query, wantErr)
		}
		abandon(t, used, h, query)
		got, gotErr := outcome(t, used, h, query)
		if errors.Is(wantErr, diag.QueryTimeout) || errors.Is(gotErr, diag.QueryTimeout) {
			return // where the clock stops a query is open
		}
		if diff := cmp.Diff(want, got); diff != "" || (wantErr == nil) != (gotErr == nil) || wantErr != nil && wantErr.Error() != gotErr.Error() {
			t.Errorf("%q: a used machine answers differently: errors %v and %v (-new +used)\n%s", query, wantErr, gotErr, diff)
		}
		if again, err := outcome(t, used, h, "append(x, [y], [1, 2])"); err != nil || len(again) != 1 || again[0] != "x = [1], y = 2" {
			t.Errorf("%q spoils the next query: %v, %v", query, again, err)
		}
	})
}

// fuzzLimits keep a query short.
var fuzzLimits = engine.Limits{Depth: 2000, HeapCells: 1 << 18, StackWords: 1 << 18, Steps: 20_000, Timeout: 2 * time.Second}

func outcome(t testing.TB, e *engine.Engine, h engine.Host, query string) ([]string, error) {
	return answers(context.Background(), t, e, h, query, engine.Options{Limits: fuzzLimits, Print: func(string) {}})
}

// abandon takes one result of a query and closes it.
func abandon(t *testing.T, e *engine.Engine, h engine.Host, query string) {
	q, err := e.Query(query)
	if err != nil {
		return
	}
	q.Start(t.Context(), h, engine.Options{Limits: fuzzLimits})
	if found, err := q.Next(); found && err == nil {
		_, _ = q.Bindings() // an error here is the outcome's
	}
	q.Close()
}

// expected reports whether an error is one that a query may end with: a diagnostic, or the stand-ins' own refusal.
func expected(err error) bool {
	if err == nil {
		return true
	}
	if d, ok := errors.AsType[*diag.Error](err); ok {
		return d.Kind != "" && d.Error() != ""
	}
	for _, text := range []string{"not iterable", "no order", "no constructor", "no class", "too", "cyclic"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// corpusQueries returns the queries of the conformance cases.
func corpusQueries(f *testing.F) []string {
	files, err := filepath.Glob("../../testdata/conformance/*.jsonl")
	if err != nil || len(files) == 0 {
		f.Fatal("no corpora", err)
	}
	var queries []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var c struct{ Query any }
			if err := json.Unmarshal([]byte(line), &c); err != nil {
				f.Fatal(err)
			}
			if q, ok := c.Query.(string); ok {
				queries = append(queries, q)
			}
		}
	}
	return queries
}
