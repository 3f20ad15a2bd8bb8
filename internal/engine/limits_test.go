package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
)

const endless = `
tail(x) if tail(x);
wide(x) if wide(x) and true;
negated(x) if not negated(x);
all(x) if forall(all(x), x);
mutual(x) if not (x = 1 and other(x)); other(x) if x = 1 and mutual(x) and true;
grow(x) if grow([x]);
pile(x) if pile(x) or x = 1;
flat(x) if x = 1 or flat(x);
up(n) if m = n + 1 and (m = 0 or up(m));
double(0, []);
double(n, [l, l]) if n > 0 and m = n - 1 and double(m, l);
copies(n, l) if copies(n, [l, l]);
bit(0); bit(1);
search(0);
search(n) if n > 0 and bit(_) and m = n - 1 and search(m);
count(0);
count(n) if n > 0 and m = n - 1 and count(m);
length([], 0);
length([_, *r], n) if length(r, m) and n = m + 1;
same(x, x);
`

// TestEndlessQueriesEnd runs what has no end, or needs more than there is, under the default limits but for the time.
func TestEndlessQueriesEnd(t *testing.T) {
	h := newHost(t)
	e := load(t, h, endless)
	for _, test := range []struct {
		query string
		want  diag.Kind
		says  string
	}{
		{"tail(1)", diag.StackOverflow, "deeper than its limit of 1000000 calls"},
		{"wide(1)", diag.StackOverflow, "deep"},
		{"negated(1)", diag.StackOverflow, "limit of"},
		{"all(1)", diag.StackOverflow, "limit of"},
		{"pile(2)", diag.StackOverflow, "limit of"},
		{"flat(2)", diag.StackOverflow, "deep"},
		{"up(1)", diag.StackOverflow, "deep"},
		{"copies(1, [])", diag.StackOverflow, "deep"},
		{"double(25, x)", diag.StackOverflow, "too large"},
		{"double(22, x) and print(x)", diag.StackOverflow, "too large"},
		{"double(25, x) and double(25, y) and x = y", diag.StackOverflow, "steps"},
		{"search(60) and false", diag.QueryTimeout, "POLAR_TIMEOUT_MS"},

		{"x = [x]", diag.StackOverflow, "cyclic"},
		{"x = [x] and print(x)", diag.StackOverflow, "cyclic"},
		{"x = [x] and y = [y] and x = y and false", diag.StackOverflow, "cyclic"},
		{"x = [x] and same([x, 1], [[x], 2])", diag.StackOverflow, "cyclic"},
		{"x = [x] and x in x and false", diag.StackOverflow, "cyclic"},
		{"x = [1, *x] and y in x and y = 2", diag.StackOverflow, "cyclic"},
		{"x = [1, *x] and 2 in x", diag.StackOverflow, "cyclic"},
		{"x = [1, *x] and length(x, _)", diag.StackOverflow, "deep"},
		{"x = [1, *x] and y = [1, *y] and x = y and false", diag.StackOverflow, "steps"},
		{"x = {a: x} and y = {a: y} and x = y and false", diag.StackOverflow, "cyclic"},
		{"x = {a: x}", diag.StackOverflow, "cyclic"},
		{"x = {a: x} and not x = 1", diag.StackOverflow, "cyclic"},
		{"x = [x] and y > x and false", diag.StackOverflow, "cyclic"},
		{"x = [*x]", diag.StackOverflow, "cyclic"},
		{"x = [*x] and y in x", diag.StackOverflow, "its own rest"},
		{"x = [*x] and x = [1] and false", diag.StackOverflow, "its own rest"},
		{"x = [*x] and length(x, _)", diag.StackOverflow, "its own rest"},
	} {
		t.Run(test.query, func(t *testing.T) {
			limits := engine.Limits{Timeout: 20 * time.Second} // more than any needs on a busy machine
			if test.want == diag.QueryTimeout {
				limits.Timeout = 200 * time.Millisecond
			}
			_, err := answers(t.Context(), t, e, h, test.query, engine.Options{Limits: limits})
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want %s with %q", err, test.want, test.says)
			}
		})
	}
}

// TestTheClockIsReadWhileTermsAreLookedAt calls rules whose literals make the machine look at a whole argument.
func TestTheClockIsReadWhileTermsAreLookedAt(t *testing.T) {
	h := newHost(t)
	e := load(t, h, endless+"lit(1, _: Dog{a: 1}, 2); lit(2, _: Dog{a: 1}, 2); lit([1], _: Dog{a: 1}, 1); many(n) if x = [x] and bit(_) and not lit(x, {a: 1}, x) and many(n);")
	start := time.Now()
	_, err := answers(t.Context(), t, e, h, "many(1)", engine.Options{Limits: engine.Limits{Timeout: 100 * time.Millisecond}})
	if err == nil {
		t.Error("no error")
	}
	if d := time.Since(start); d > 3*time.Second {
		t.Errorf("a limit of 100 ms ended the query after %v", d)
	}
}

func TestWalkingPartOfACyclicTermIsFine(t *testing.T) {
	h := newHost(t)
	e := load(t, h, endless)
	for _, query := range []string{
		"_x = [_x] and [_y] = _x and _z in _x",
		"_x = [1, *_x] and [1, 1, 1, *_] = _x and 1 in [1, _x]",
		"_x = {a: _x, b: 1} and _x.a.a.a.b = 1",
		"_x = [_x] and _x = _x",
	} {
		if got, err := answers(t.Context(), t, e, h, query, engine.Options{}); err != nil || len(got) != 1 {
			t.Errorf("%s: %v, %v", query, got, err)
		}
	}
}

// TestBudgets sets each limit by itself.
func TestBudgets(t *testing.T) {
	h := newHost(t)
	e := load(t, h, endless)
	for _, test := range []struct {
		name   string
		query  string
		limits engine.Limits
		want   diag.Kind // "" means that the query succeeds
		says   string
	}{
		{"depth", "count(100)", engine.Limits{Depth: 50}, diag.StackOverflow, "limit of 50 calls"},
		{"depth enough", "count(100)", engine.Limits{Depth: 102}, "", ""},
		{"depth of calls that are not last", "wide(1)", engine.Limits{Depth: 1000}, diag.StackOverflow, "limit of 1000 calls"},
		{"depth through not", "negated(1)", engine.Limits{Depth: 500}, diag.StackOverflow, "limit of 500 calls"},
		{"heap", "copies(1, [])", engine.Limits{Depth: -1, HeapCells: 50_000}, diag.StackOverflow, "limit of 50000 heap cells"},
		{"stack of environments", "wide(1)", engine.Limits{Depth: -1, StackWords: 50_000}, diag.StackOverflow, "limit of 50000 words"},
		{"stack of choice points", "pile(2)", engine.Limits{Depth: -1, StackWords: 50_000}, diag.StackOverflow, "limit of 50000 words"},
		{"stack of a used machine", "flat(2)", engine.Limits{Depth: 20_000, StackWords: 1000}, diag.StackOverflow, "limit of 20000 calls"},
		{"steps", "search(60) and false", engine.Limits{Steps: 5000}, diag.QueryTimeout, "limit of steps"},
		{"steps enough", "count(100)", engine.Limits{Steps: 200}, "", ""},
		{"time", "search(60) and false", engine.Limits{Timeout: 20 * time.Millisecond}, diag.QueryTimeout, "Query timeout: the query ran for"},
		{"time in backtracking alone", "x in [1,2,3,4,5,6,7,8] and y in [1,2,3,4,5,6,7,8] and z in [1,2,3,4,5,6,7,8] and a in [1,2,3,4,5,6,7,8] and b in [1,2,3,4,5,6,7,8] and c in [1,2,3,4,5,6,7,8] and d in [1,2,3,4,5,6,7,8] and e in [1,2,3,4,5,6,7,8] and f in [1,2,3,4,5,6,7,8] and x > 8",
			engine.Limits{Timeout: 20 * time.Millisecond}, diag.QueryTimeout, "its limit is 20 ms"},
		{"no time limit", "count(1000)", engine.Limits{Timeout: -1}, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := answers(t.Context(), t, e, h, test.query, engine.Options{Limits: test.limits})
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want %s with %q", err, test.want, test.says)
			}
		})
	}
}

func TestACancelledContextStopsTheQuery(t *testing.T) {
	h := newHost(t)
	e := load(t, h, endless)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := answers(ctx, t, e, h, "search(60) and false", engine.Options{})
	if !errors.Is(err, diag.QueryTimeout) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the query timeout with the context's error", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = answers(ctx, t, e, h, "search(60) and false", engine.Options{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's deadline", err)
	}
}

// TestLastCallsRunInConstantSpace goes 990,000 calls deep on a heap and stacks that hold a few.
func TestLastCallsRunInConstantSpace(t *testing.T) {
	h := newHost(t)
	e := load(t, h, endless+"down(0, 0); down(n, s) if n > 0 and down(n - 1, s);")
	for _, query := range []string{"count(990000)", "down(990000, 0)"} {
		got, err := answers(t.Context(), t, e, h, query, engine.Options{Limits: engine.Limits{HeapCells: 1000, StackWords: 1000}})
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v, %v", query, got, err)
		}
	}
}

func TestDeepRecursionThatIsNotTail(t *testing.T) {
	h := newHost(t)
	e := load(t, h, "sum(0, 0); sum(n, s) if n > 0 and sum(n - 1, t) and s = t + n;")
	got, err := answers(t.Context(), t, e, h, "sum(300000, s)", engine.Options{})
	if err != nil || len(got) != 1 || got[0] != "s = 45000150000" {
		t.Errorf("%v, %v", got, err)
	}
}
