package engine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// ask calls a rule with arguments and returns the results as text.
func ask(t *testing.T, e *engine.Engine, h engine.Host, rule string, args ...wam.Value) ([]string, error) {
	t.Helper()
	q := e.Rule(rule)
	defer q.Close()
	for _, a := range args {
		if err := q.Arg(a); err != nil {
			t.Fatal(err)
		}
	}
	q.Start(t.Context(), h, engine.Options{})
	return drain(q, h)
}

func TestVariablesInsideArguments(t *testing.T) {
	h := newHost(t)
	e := load(t, h, `
		same(x, x);
		one([1, 2], _); one([1, 3], _); one(_, "any");
		either(x) if (x = [1, 2] and false) or x = [1, 3];
		has({a: [y, "z"], b: 2}, y);
		is_one(1, _);`)
	x, y := wam.VarValue("x"), wam.VarValue("y")
	list := func(items ...wam.Value) wam.Value { return wam.ListValue(items...) }
	dict := func(k string, v wam.Value) wam.Value {
		return wam.MappingValue(&wam.Dict{Keys: []string{k, "z"}, Values: []wam.Value{v, wam.IntValue(2)}})
	}
	open := wam.Value{Kind: wam.KindList, Ref: &wam.List{Items: []wam.Value{wam.IntValue(1)}, Rest: x}}
	for _, test := range []struct {
		rule string
		args []wam.Value
		want []string
	}{
		{"same", []wam.Value{list(wam.IntValue(1), x), y}, []string{"y = [1, x]"}},
		{"same", []wam.Value{list(wam.IntValue(1), x), list(y, wam.IntValue(2))}, []string{"x = 2, y = 1"}},
		{"one", []wam.Value{list(wam.IntValue(1), x), y}, []string{"x = 2, y = _", "x = 3, y = _", `y = "any"`}},
		{"either", []wam.Value{list(wam.IntValue(1), x)}, []string{"x = 3"}},
		{"one", []wam.Value{open, y}, []string{"x = [2], y = _", "x = [3], y = _", `y = "any"`}},
		{"same", []wam.Value{dict("a", list(x)), dict("a", list(wam.IntValue(5)))}, []string{"x = 5"}},
		{"same", []wam.Value{list(dict("a", x)), list(dict("a", y))}, []string{"x = y, y = x"}},
		{"is_one", []wam.Value{x, list(x, list(x))}, []string{"x = 1"}},
	} {
		got, err := ask(t, e, h, test.rule, test.args...)
		if err != nil {
			t.Errorf("%s: %v", test.rule, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s%v (-want +got)\n%s", test.rule, test.args, diff)
		}
	}
}

// TestAHostMayAnswerWithAVariable lets an object's field be a variable, which the alternatives of a query must not share.
func TestAHostMayAnswerWithAVariable(t *testing.T) {
	s := &script{Host: newHost(t)}
	s.lookup = func(wam.Value, string) (wam.Value, error) {
		return wam.ListValue(wam.VarValue("v"), wam.VarValue("v")), nil
	}
	e := load(t, s.Host, "f(1); f(2); f(3); g(x, l) if f(x) and x > 1 and nil.a = l and [x, _] = l; big(_: {a: [1, _]}); big(_: {a: [y, 2]}) if y = 2;")
	for _, test := range []struct {
		query string
		want  []string
	}{
		{"g(x, l)", []string{"x = 2, l = [2, 2], v = 2", "x = 3, l = [3, 3], v = 3"}},
		{"f(x) and nil.a = [x, y]", []string{"x = 1, y = 1, v = 1", "x = 2, y = 2, v = 2", "x = 3, y = 3, v = 3"}},
		{"big(nil)", []string{"v = 1", "v = 2"}},
	} {
		got, err := answers(t.Context(), t, e, s, test.query, engine.Options{})
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", test.query, err, diff)
		}
	}
}
