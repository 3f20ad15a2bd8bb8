package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/show"
	"github.com/goso-project/goso/internal/standin"
	"github.com/goso-project/goso/internal/wam"
)

// script is a host that notes every question and answers as told; what it is not told, the stand-ins answer.
type script struct {
	*standin.Host
	log     []string
	lookup  func(receiver wam.Value, name string) (wam.Value, error)
	compare func(op string, l, r wam.Value) (bool, error)
	isa     func(v wam.Value, class string) (bool, error)
	iterate func() (engine.Iterator, error)
	path    func(base string, path []string, class string) (bool, error)
}

// thing is an object with a name and no class.
type thing string

func object(name string) wam.Value { return wam.InstanceValue(thing(name), 0) }

// bindObjects gives variables of a query objects of their own names.
func bindObjects(t *testing.T, q *engine.Query, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := q.Bind(name, object(name)); err != nil {
			t.Fatal(err)
		}
	}
}

// text shows a value; objects by their name.
func text(v wam.Value) string {
	p := show.Printer{Describe: func(v wam.Value) (string, string) { return fmt.Sprint(v.Ref), "" }}
	return p.Value(v)
}

func (s *script) note(format string, args ...any) {
	s.log = append(s.log, fmt.Sprintf(format, args...))
}

func (s *script) Lookup(ctx context.Context, receiver wam.Value, name string) (wam.Value, error) {
	s.note("%s.%s", text(receiver), name)
	if s.lookup != nil {
		return s.lookup(receiver, name)
	}
	return s.Host.Lookup(ctx, receiver, name)
}

func (s *script) Call(_ context.Context, receiver wam.Value, method string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	s.note("%s.%s%s", text(receiver), method, arguments(args, kwargs))
	return wam.IntValue(int64(len(args))), nil
}

func (s *script) New(_ context.Context, class string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	s.note("new %s%s", class, arguments(args, kwargs))
	return object(class), nil
}

func arguments(args []wam.Value, kwargs []engine.Kwarg) string {
	out := "("
	for _, a := range args {
		out += text(a) + ","
	}
	for _, k := range kwargs {
		out += k.Name + ":" + text(k.Value) + ","
	}
	return out + ")"
}

func (s *script) Isa(ctx context.Context, v wam.Value, class string) (bool, error) {
	s.note("%s isa %s", text(v), class)
	if s.isa != nil {
		return s.isa(v, class)
	}
	return s.Host.Isa(ctx, v, class)
}

func (s *script) IsaWithPath(_ context.Context, base string, path []string, class string) (bool, error) {
	s.note("%s%v isa %s", base, path, class)
	return s.path(base, path, class)
}

func (s *script) Compare(_ context.Context, op string, l, r wam.Value) (bool, error) {
	s.note("%s %s %s", text(l), op, text(r))
	if s.compare != nil {
		return s.compare(op, l, r)
	}
	return l.Ref == r.Ref, nil
}

func (s *script) Iterate(_ context.Context, v wam.Value) (engine.Iterator, error) {
	s.note("iterate %s", text(v))
	return s.iterate()
}

// elements is an iterator over values that notes when it is closed.
type elements struct {
	values []wam.Value
	fails  error
	closed *int
}

func (it *elements) Next(context.Context) (wam.Value, bool, error) {
	if len(it.values) == 0 {
		return wam.Value{}, false, it.fails
	}
	v := it.values[0]
	it.values = it.values[1:]
	return v, true, nil
}

func (it *elements) Close() { *it.closed++ }

// TestUnificationSuspends lets the host decide in the middle of unifications, heads and patterns.
func TestUnificationSuspends(t *testing.T) {
	const policy = `
		same(x, x);
		head([a, [1, a]], a);
		pair(x, {k: x, l: [x]});
		keyed(_: {k: 1, l: x}, x);
		known(nil);
		ordered(a, b) if a < b and b >= a and a != b;`
	a, b, c := object("a"), object("b"), object("c")
	for _, test := range []struct {
		query   string
		compare func(op string, l, r wam.Value) (bool, error)
		want    []string
		log     []string
	}{
		{query: "[a, [1, a]] = [b, [1, b]]", want: []string{""}, log: []string{"a Eq b", "a Eq b"}},
		{query: "[a, [1, a]] = [b, [2, b]]", want: nil, log: []string{"a Eq b"}},
		{query: "[a, [1, a]] = [b, [1, c]]", compare: func(_ string, _, r wam.Value) (bool, error) { return r.Ref == thing("b"), nil },
			want: nil, log: []string{"a Eq b", "a Eq c"}},
		{query: "[a, b] = [a, 1]", want: []string{""}, log: []string{"1 Eq b"}},
		{query: "[a, b] = [b]", want: nil},
		{query: "same([a, x], [b, x])", want: []string{""}, log: []string{"a Eq b", "a Eq b"}},
		{query: "head([a, [1, b]], y)", want: []string{"y = a"}, log: []string{"a Eq b", "a Eq b"}},
		{query: "pair(a, {k: b, l: [a]})", want: []string{""}, log: []string{"a Eq b", "a Eq b"}},
		{query: "keyed({k: a, l: b}, y)", want: []string{"y = b"}, log: []string{"1 Eq a", "1 Eq a"}},
		{query: "a in [b, c] and x = 1", compare: func(_ string, l, r wam.Value) (bool, error) { return r.Ref == thing("c") || l.Ref == thing("c"), nil },
			want: []string{"x = 1"}, log: []string{"a Eq b", "a Eq c"}},
		{query: "ordered(a, b)", want: []string{""}, log: []string{"a Lt b", "b Geq a", "a Neq b"}},
		{query: "not (a == b and a = c) and a = a", want: nil, log: []string{"a Eq b", "a Eq c"}},
		{query: "x = a and x = b and a = x", want: []string{"x = a"}, log: []string{"a Eq b"}},
	} {
		t.Run(test.query, func(t *testing.T) {
			s := &script{Host: newHost(t), compare: test.compare}
			if s.compare == nil {
				s.compare = func(string, wam.Value, wam.Value) (bool, error) { return true, nil }
			}
			q, err := load(t, s.Host, policy).Query(test.query)
			if err != nil {
				t.Fatal(err)
			}
			defer q.Close()
			for _, v := range []wam.Value{a, b, c} {
				if err := q.Bind(string(v.Ref.(thing)), v); err != nil {
					t.Fatal(err)
				}
			}
			q.Start(t.Context(), s, engine.Options{})
			got := results(t, q, "a", "b", "c")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for i, line := range s.log { // the order of the operands of an equality is open
				if l, r, ok := cutEq(line); ok && r < l {
					s.log[i] = r + " Eq " + l
				}
			}
			if diff := cmp.Diff(test.log, s.log); diff != "" {
				t.Errorf("questions (-want +got)\n%s", diff)
			}
		})
	}
}

func cutEq(line string) (l, r string, ok bool) {
	n, err := fmt.Sscanf(line, "%s Eq %s", &l, &r)
	return l, r, n == 2 && err == nil
}

// results returns the results as text without the variables that the test bound.
func results(t *testing.T, q *engine.Query, bound ...string) []string {
	t.Helper()
	var list []string
	for {
		found, err := q.Next()
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			return list
		}
		bindings, err := q.Bindings()
		if err != nil {
			t.Fatal(err)
		}
		line := ""
		for _, b := range bindings {
			if !slices.Contains(bound, b.Name) {
				p := show.Printer{Describe: func(v wam.Value) (string, string) { return fmt.Sprint(v.Ref), "" }}
				line += p.Binding(b.Name, b.Value)
			}
		}
		list = append(list, line)
	}
}

// TestQuestionsToTheHost shows what each kind of question asks, and in which order.
func TestQuestionsToTheHost(t *testing.T) {
	const policy = `
		field(x, y) if x.a = y and x.b.c = y;
		twice(x) if x.a == x.a;
		method(x, y) if x.m(1, y, k: [y], j: 2) = y;
		pattern(_: {b: 1, a: x}, x);
		typed(_: Dog, 1); typed(_: Animal, 2); typed(_, 3);
		made(x) if x = new Org(1, name: "o");
		keyed(x, k) if x.(k) = 1;`
	seven := func(wam.Value, string) (wam.Value, error) { return wam.IntValue(7), nil }
	for _, test := range []struct {
		query  string
		lookup func(wam.Value, string) (wam.Value, error)
		isa    func(wam.Value, string) (bool, error)
		want   []string
		log    []string
	}{
		{query: "field(a, y)", lookup: func(v wam.Value, name string) (wam.Value, error) {
			if name == "b" {
				return object("inner"), nil
			}
			return wam.IntValue(7), nil
		}, want: []string{"y = 7"}, log: []string{"a.a", "a.b", "inner.c"}},
		{query: "twice(a)", lookup: seven, want: []string{""}, log: []string{"a.a", "a.a"}},
		{query: "method(a, 3)", want: nil, log: []string{"a.m(1,3,j:2,k:[3],)"}},
		{query: "method(a, 2)", want: []string{""}, log: []string{"a.m(1,2,j:2,k:[2],)"}},
		{query: "pattern(a, y)", lookup: seven, want: nil, log: []string{"a.b"}},
		{query: "pattern(a, y)", lookup: func(wam.Value, string) (wam.Value, error) { return wam.IntValue(1), nil }, want: []string{"y = 1"},
			log: []string{"a.b", "a.a", "a.b", "a.a"}},
		{query: "pattern(a, y)", lookup: func(wam.Value, string) (wam.Value, error) {
			return wam.Value{}, &engine.ApplicationError{Message: "none"}
		},
			want: nil, log: []string{"a.b"}},
		{query: "typed(a, n)", isa: func(_ wam.Value, class string) (bool, error) { return class == "Animal", nil }, want: []string{"n = 2", "n = 3"},
			log: []string{"a isa Animal", "a isa Dog", "a isa Animal"}},
		{query: "made(x)", want: []string{"x = Org"}, log: []string{`new Org(1,name:"o",)`}},
		{query: "keyed(a, \"f\")", lookup: func(wam.Value, string) (wam.Value, error) { return wam.IntValue(1), nil }, want: []string{""}, log: []string{"a.f"}},
		{query: `"abc".len = 7 and x = 3 and x.n = 7 and [1].y = 7`, lookup: seven, want: []string{"x = 3"}, log: []string{`"abc".len`, "3.n", "[1].y"}},
	} {
		t.Run(test.query, func(t *testing.T) {
			s := &script{Host: newHost(t), lookup: test.lookup, isa: test.isa}
			q, err := load(t, s.Host, policy).Query(test.query)
			if err != nil {
				t.Fatal(err)
			}
			defer q.Close()
			if err := q.Bind("a", object("a")); err != nil {
				t.Fatal(err)
			}
			q.Start(t.Context(), s, engine.Options{})
			if diff := cmp.Diff(test.want, results(t, q, "a")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(test.log, s.log); diff != "" {
				t.Errorf("questions (-want +got)\n%s", diff)
			}
		})
	}
}

func TestIterationAsksForOneElementAtATime(t *testing.T) {
	closed := 0
	values := []wam.Value{wam.IntValue(1), wam.IntValue(2), wam.IntValue(2), wam.IntValue(3)}
	for _, test := range []struct {
		query string
		take  int // results to take, -1 for all
		want  []string
	}{
		{"x in a", -1, []string{"x = 1", "x = 2", "x = 2", "x = 3"}},
		{"2 in a", -1, []string{"", ""}},
		{"x in a and x > 1 and cut", -1, []string{"x = 2"}},
		{"x in a and y in a and x + y = 6", -1, []string{"x = 3y = 3"}},
		{"forall(x in a, x > 0)", -1, []string{""}},
		{"not 5 in a", -1, []string{""}},
		{"x in a", 1, []string{"x = 1"}},
	} {
		s := &script{Host: newHost(t)}
		opened := 0
		closed = 0
		s.iterate = func() (engine.Iterator, error) {
			opened++
			return &elements{values: values, closed: &closed}, nil
		}
		q, err := load(t, s.Host, "").Query(test.query)
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Bind("a", object("a")); err != nil {
			t.Fatal(err)
		}
		q.Start(t.Context(), s, engine.Options{})
		if test.take < 0 {
			if diff := cmp.Diff(test.want, results(t, q, "a")); diff != "" {
				t.Errorf("%s: (-want +got)\n%s", test.query, diff)
			}
		} else if found, err := q.Next(); !found || err != nil {
			t.Errorf("%s: %v %v", test.query, found, err)
		}
		q.Close()
		if opened == 0 || closed != opened {
			t.Errorf("%s: %d iterators were opened, %d closed", test.query, opened, closed)
		}
	}
}

// TestErrorsOfTheHost shows which errors pass as they are and which get a place.
func TestErrorsOfTheHost(t *testing.T) {
	own := errors.New("the database is away")
	missing := &engine.ApplicationError{Message: "a has no field b", Cause: own}
	for _, test := range []struct {
		query string
		err   error
		kind  diag.Kind // "" if the error passes unchanged
		at    int       // column
	}{
		{"1 = 1 and a.b = 1", missing, diag.Application, 11},
		{"1 = 1 and not a.b = 1", missing, diag.Application, 15},
		{"a.b = 1", own, "", 0},
		{"a = b", own, "", 0},
		{"a < b", own, "", 0},
		{"x in a", own, "", 0},
		{"x in a", missing, diag.Application, 1},
		{"a matches Dog", own, "", 0},
		{"not a matches {b: 1}", own, "", 0},
	} {
		s := &script{Host: newHost(t)}
		s.lookup = func(wam.Value, string) (wam.Value, error) { return wam.Value{}, test.err }
		s.compare = func(string, wam.Value, wam.Value) (bool, error) { return true, test.err }
		s.isa = func(wam.Value, string) (bool, error) { return true, test.err }
		s.iterate = func() (engine.Iterator, error) { return nil, test.err }
		q, err := load(t, s.Host, "").Query(test.query)
		if err != nil {
			t.Fatal(err)
		}
		bindObjects(t, q, "a", "b")
		q.Start(t.Context(), s, engine.Options{})
		found, err := q.Next()
		if found || !errors.Is(err, own) {
			t.Errorf("%s: %v, %v, want the host's error", test.query, found, err)
		}
		if again, err2 := q.Next(); again || err2 != err {
			t.Errorf("%s: after the error come %v, %v", test.query, again, err2)
		}
		d, isDiag := errors.AsType[*diag.Error](err)
		switch {
		case test.kind == "":
			if err != own {
				t.Errorf("%s: %v is not the host's error as it was", test.query, err)
			}
		case !isDiag || d.Kind != test.kind || d.Span.Position().Column != test.at:
			t.Errorf("%s: %v, want %s at column %d", test.query, err, test.kind, test.at)
		}
		q.Close()
	}
}

// The zero Value and a nil Iterator are what Go code returns by mistake. If they meant "no", negations would grant.
func TestAHostThatAnswersNothingEndsTheQuery(t *testing.T) {
	nothing := &script{Host: newHost(t),
		lookup:  func(wam.Value, string) (wam.Value, error) { return wam.Value{}, nil },
		iterate: func() (engine.Iterator, error) { return nil, nil }}
	for _, query := range []string{"a.x = 1", "not a.x = 1", "not a matches {x: 1}", "forall(a.x = y, y = 1)", "not 1 in a", "x in a", "a.x = 1 or x = 2"} {
		q, err := load(t, nothing.Host, "f(1);").Query(query)
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Bind("a", object("a")); err != nil {
			t.Fatal(err)
		}
		q.Start(t.Context(), nothing, engine.Options{})
		if found, err := q.Next(); found || err == nil {
			t.Errorf("%s: got %t, %v, want an error", query, found, err)
		}
		q.Close()
	}
}
