package engine_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

var tracePlace = regexp.MustCompile(`    in (query|rule \S+) at line (\d+), column (\d+)`)

// frames reduces a trace to one line a condition: its text, rule, line and column.
func frames(t *testing.T, trace string) []string {
	t.Helper()
	var list []string
	last := 1 << 30
	for line := range strings.Lines(trace) {
		line = strings.TrimRight(line, "\n")
		var n int
		switch m := tracePlace.FindStringSubmatch(line); {
		case strings.HasPrefix(line, "trace"):
		case m != nil:
			list[len(list)-1] += " | " + strings.TrimPrefix(m[1], "rule ") + " " + m[2] + ":" + m[3]
		case strings.TrimSpace(line) == "…":
			list = append(list, "…")
		default:
			if _, err := fmt.Sscanf(line, "  %d:", &n); err != nil || n >= last {
				t.Errorf("line %q of the trace does not count down", line)
			}
			last = n
			_, text, _ := strings.Cut(line, ": ")
			list = append(list, text)
		}
	}
	if last != 0 {
		t.Errorf("the trace ends with number %d", last)
	}
	return list
}

// TestTraces shows the conditions under evaluation when an error is raised, outermost first.
func TestTraces(t *testing.T) {
	const policy = `i(x) if x;
f(x) if g(x) and true;
g(x) if x > 0 and
  h(x) and true;
h(x) if x.a = 1;
tail(x) if i(x);
either(x) if i(x) and false or x;
negated(x) if not f(x);
all(x) if forall(y in x, y);
cases(x) if (f(x) or x) and true;
last(x) if tail(x);
match(x) if x matches {a: 1} and not x.b;
`
	for _, test := range []struct {
		query string
		kind  diag.Kind
		want  []string
	}{
		{"1", diag.TypeError, []string{"1 | query 1:1"}},
		{"i(1)", diag.TypeError, []string{"i(1) | query 1:1", "x | i 1:9"}},
		{"true and f(1)", diag.Application, []string{"f(1) | query 1:10", "g(x) | f 2:9", "h(x) | g 4:3", "x.a | h 5:9"}},
		{"tail(1)", diag.TypeError, []string{"tail(1) | query 1:1", "…", "x | i 1:9"}},
		{"last(1)", diag.TypeError, []string{"last(1) | query 1:1", "…", "x | i 1:9"}},
		{"either(2)", diag.TypeError, []string{"either(2) | query 1:1", "i(x) | either 7:14", "x | i 1:9"}},
		{"negated(1)", diag.Application, []string{"negated(1) | query 1:1", "f(x) | negated 8:19", "g(x) | f 2:9", "h(x) | g 4:3", "x.a | h 5:9"}},
		{"all([true, 1])", diag.TypeError, []string{"all([true, 1]) | query 1:1", "y | all 9:26"}},
		{"cases(0)", diag.TypeError, []string{"cases(0) | query 1:1", "x | cases 10:22"}},
		{"nothing = 1 and x = false and cases(0)", diag.TypeError, []string{"cases(0) | query 1:31", "x | cases 10:22"}},
		{"x := 1 and x := 1", diag.TypeError, []string{"x := 1 | query 1:12"}},
		{"x in 3", diag.TypeError, []string{"x in 3 | query 1:1"}},
	} {
		t.Run(test.query, func(t *testing.T) {
			h := newHost(t)
			_, err := answers(t.Context(), t, load(t, h, policy), h, test.query, engine.Options{})
			d, ok := errors.AsType[*diag.Error](err)
			if !ok || d.Kind != test.kind {
				t.Fatalf("got %v, want %s", err, test.kind)
			}
			if diff := cmp.Diff(test.want, frames(t, d.Trace)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestATraceIsBounded(t *testing.T) {
	h := newHost(t)
	_, err := answers(t.Context(), t, load(t, h, `deep(0) if "".a; deep(n) if n > 0 and deep(n - 1) and true;`), h, "deep(5000)", engine.Options{})
	d, ok := errors.AsType[*diag.Error](err)
	if !ok || d.Kind != diag.Application {
		t.Fatal(err)
	}
	if n := len(frames(t, d.Trace)); n != 100 {
		t.Errorf("%d conditions, want the innermost 100", n)
	}
}

// TestPlacesOfErrors shows where each kind of runtime error points.
func TestPlacesOfErrors(t *testing.T) {
	const policy = `add(x, y) if
  z = 1 and y = z + x * 2;
less(x) if x < [1];
rest(x) if 1 = 5 mod x;
call(x) if x.m();
`
	for _, test := range []struct {
		query string
		kind  diag.Kind
		line  int // 0: no place
		col   int
	}{
		{"add(9223372036854775807, y)", diag.ArithmeticError, 2, 21},
		{`add("a", y)`, diag.Unsupported, 2, 21},
		{"less(1)", diag.Unsupported, 3, 12},
		{"rest(0)", diag.ArithmeticError, 4, 16},
		{"call(x)", diag.Unsupported, 5, 12},
		{"1 == \"1\"", diag.Unsupported, 1, 1},
		{"true == \"1\"", diag.Unsupported, 1, 1},
		{"[1] == [1]", diag.Unsupported, 1, 1},
		{"nosuch(1)", diag.QueryForUndefinedRule, 0, 0},
		{"add(a: 1)", diag.InvalidState, 0, 0},
		{"true.a = 1", diag.TypeError, 1, 1},
		{"x = true and x.a", diag.TypeError, 1, 14},
		{"k = 1 and {a: 1}.(k) = x", diag.TypeError, 1, 11},
		{"nil := 1", diag.TypeError, 1, 1},
		{"x = 1 and x.a = y", diag.Application, 1, 11},
	} {
		h := newHost(t)
		_, err := answers(t.Context(), t, load(t, h, policy), h, test.query, engine.Options{})
		d, ok := errors.AsType[*diag.Error](err)
		if !ok || d.Kind != test.kind {
			t.Errorf("%s: got %v, want %s", test.query, err, test.kind)
			continue
		}
		line, col := 0, 0
		if d.Span.IsValid() {
			line, col = d.Span.Position().Line, d.Span.Position().Column
		}
		if line != test.line || col != test.col {
			t.Errorf("%s: at %d:%d, want %d:%d (%v)", test.query, line, col, test.line, test.col, err)
		}
	}
}

func TestPrint(t *testing.T) {
	const policy = `show(x) if print("rule", x, [x, _y]) and x = 2;
all(l) if forall(x in l, print(x));`
	for _, test := range []struct {
		query string
		want  []string
	}{
		{`print(1, "two", [3.5, {b: true, a: 1}])`, []string{`1, "two", [3.5, {a: 1, b: true}]`}},
		{"x = 1 and print(x) and false or print(2)", []string{"1", "2"}},
		{"not print(1)", []string{"1"}},
		{"all([1, 2])", []string{"1", "2"}},
		{"print(x)", []string{"x"}},
		{"print()", []string{""}},
		{"show(1)", []string{`"rule", 1, [1, _N]`}},
		{"x in [1, 2] and print(x)", []string{"1", "2"}},
	} {
		h := newHost(t)
		var got []string
		number := regexp.MustCompile(`_\d+`)
		print := func(text string) { got = append(got, number.ReplaceAllString(text, "_N")) }
		if _, err := answers(t.Context(), t, load(t, h, policy), h, test.query, engine.Options{Print: print}); err != nil {
			t.Errorf("%s: %v", test.query, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", test.query, diff)
		}
	}
}

// calls notes the predicates called.
type calls []string

func (c *calls) Trace(ev wam.TraceEvent) {
	if ev.Kind == wam.TraceCall {
		*c = append(*c, fmt.Sprintf("%s at depth %d", ev.Name, ev.Depth))
	}
}

func TestATracerSeesEveryCall(t *testing.T) {
	h := newHost(t)
	e := load(t, h, "f(x) if g(x) and h(x); g(1); g(2); h(2);")
	var got calls
	if _, err := answers(t.Context(), t, e, h, "f(x)", engine.Options{Tracer: &got}); err != nil {
		t.Fatal(err)
	}
	want := calls{"f at depth 1", "g at depth 2", "h at depth 2", "h at depth 2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAQueryWithoutAHostCannotAskOne(t *testing.T) {
	h := newHost(t)
	e := load(t, h, "")
	for _, query := range []string{"nil.a = 1", "nil.m()", "new Org() = x", "nil = 1", "x in nil", "\"\".a = 1"} {
		q, err := e.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		q.Start(context.Background(), nil, engine.Options{})
		if found, err := q.Next(); found || err == nil || !strings.Contains(err.Error(), "no host") {
			t.Errorf("%s: %v, %v", query, found, err)
		}
		q.Close()
	}
}
