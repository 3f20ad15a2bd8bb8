package rewrite_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/parser"
	"github.com/goso-project/goso/internal/rewrite"
)

func rule(t *testing.T, text string) *ast.Rule {
	t.Helper()
	file, err := parser.Policy(diag.NewSource("", text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	r, ok := file.Items[0].(*ast.Rule)
	if !ok {
		t.Fatalf("%s: not a rule", text)
	}
	return r
}

func query(t *testing.T, text string) ast.Term {
	t.Helper()
	q, err := parser.Query(diag.NewSource("", text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return q
}

func TestRulesAreRewrittenAsTheReferenceStoresThem(t *testing.T) {
	tests := []struct{ in, want string }{
		{`f([x.b, *_]) if x;`, `f([_value_1, *_2]) if x and x.b = _value_1;`},
		{`f(_, _) if g([_, *_]); g(_);`, `f(_3, _4) if g([_1, *_2]);`},
		{`f(_: Foo{a: (1 + 2)});`, `f(_1: Foo{a: _op_2}) if 1 + 2 = _op_2;`},
		{`f(x) if ((x.a and x.b) and x.c) and x.d;`, `f(x) if x.a = _value_1 and _value_1 and x.b = _value_2 and _value_2 and x.c = _value_3 and _value_3 and x.d = _value_4 and _value_4;`},
		{`f(x) if (not x.a = 1) and not (x.b or x.c);`, `f(x) if not (_value_1 = 1 and x.a = _value_1) and not (x.b = _value_2 and _value_2 or x.c = _value_3 and _value_3);`},
		{`f(x) if (x.a + 1) in x.b and x.c > x.d - 1;`, `f(x) if x.a = _value_1 and _value_1 + 1 = _op_2 and x.b = _value_3 and _op_2 in _value_3 and x.c = _value_4 and x.d = _value_5 and _value_5 - 1 = _op_6 and _value_4 > _op_6;`},
		{`f(x) if (x.a = 1 or x.b = new Foo()) and x;`, `f(x) if (_value_1 = 1 and x.a = _value_1 or x.b = _value_2 and new (Foo(), _instance_3) and _value_2 = _instance_3) and x;`},
		{`f(x) if (x.a and x.b) and x.c;`, `f(x) if x.a = _value_1 and _value_1 and x.b = _value_2 and _value_2 and x.c = _value_3 and _value_3;`},
		{`f(x) if (x.a and x.b) or x;`, `f(x) if (x.a = _value_1 and _value_1 and x.b = _value_2 and _value_2 or x);`},
		{`f(x) if (x.a or x.b) and (x.c or x.d) and (x.e and x.f);`, `f(x) if (x.a = _value_1 and _value_1 or x.b = _value_2 and _value_2) and (x.c = _value_3 and _value_3 or x.d = _value_4 and _value_4) and x.e = _value_5 and _value_5 and x.f = _value_6 and _value_6;`},
		{`f(x) if (x.a or x.b) or (x.c or x.d);`, `f(x) if (x.a = _value_1 and _value_1 or x.b = _value_2 and _value_2 or x.c = _value_3 and _value_3 or x.d = _value_4 and _value_4);`},
		{`f(x) if .(x, "b");`, `f(x) if x.b = _value_1 and _value_1;`},
		{`f(x) if .(x, "b", x, x.c);`, `f(x) if x.c = _value_1 and .(x, "b", x, _value_1);`},
		{`f(x) if .(x.a, "b") and .(x, in (x.a, x));`, `f(x) if x.a = _value_1 and _value_1.b = _value_2 and _value_2 and x.a = _value_3 and x._value_3 in x = _value_4 and _value_4;`},
		{`f(x) if .(x.q, "b", x.c);`, `f(x) if x.q = _value_1 and x.c = _value_2 and _value_1.b = _value_2;`},
		{`f(x) if 1 + x;`, `f(x) if 1 + x = _op_1 and _op_1;`},
		{`f(x) if debug(x.a);`, `f(x) if x.a = _value_1 and debug();`},
		{`f(x) if forall(not x.a, forall(x.b, x.c = 1));`, `f(x) if forall(not (x.a = _value_1 and _value_1), forall(_value_2 and x.b = _value_2, _value_3 = 1 and x.c = _value_3));`},
		{`f(x) if forall(x = 1 mod 2, x in x.a);`, `f(x) if forall(x = _temp_1 and 1 mod 2 = _temp_1, x in _value_2 and x.a = _value_2);`},
		{`f(x) if forall(x = new Foo(), x.a = new Foo());`, `f(x) if forall(x = _instance_1 and new (Foo(), _instance_1), _value_2 = _instance_3 and x.a = _value_2 and new (Foo(), _instance_3));`},
		{`f(x) if forall(x.a, not x.b = 1);`, `f(x) if forall(_value_1 and x.a = _value_1, not (_value_2 = 1 and x.b = _value_2));`},
		{`f(x) if in (new (Foo(x)), x.b, x.d);`, `f(x) if new (Foo(x), _instance_1) and x.b = _value_2 and x.d = _value_3 and _instance_1 in _value_2 = _value_3;`},
		{`f(x) if in (x and x.a, x.b or x.c);`, `f(x) if (x and x.a = _value_1 and _value_1) in (x.b = _value_2 and _value_2 or x.c = _value_3 and _value_3);`},
		{`f(x) if in (x, forall(x.a, x.b));`, `f(x) if x in forall(_value_1 and x.a = _value_1, _value_2 and x.b = _value_2);`},
		{`f(x) if in (x.a, x.b);`, `f(x) if x.a = _value_1 and x.b = _value_2 and _value_1 in _value_2;`},
		{`f(x) if new (Foo(x));`, `f(x) if new (Foo(x), _instance_1) and _instance_1;`},
		{`f(x) if new (Foo(x.a), x.b);`, `f(x) if x.a = _value_1 and x.b = _value_2 and new (Foo(_value_1), _value_2);`},
		{`f(x) if new (x);`, `f(x) if new (x, _instance_1) and _instance_1;`},
		{`f(x) if new Foo(x);`, `f(x) if new (Foo(x), _instance_1) and _instance_1;`},
		{`f(x) if not (x.a = 1 and x.b) or x.c;`, `f(x) if (not (_value_1 = 1 and x.a = _value_1 and x.b = _value_2 and _value_2) or x.c = _value_3 and _value_3);`},
		{`f(x) if not (x.a = 1);`, `f(x) if not (_value_1 = 1 and x.a = _value_1);`},
		{`f(x) if not forall(x.a, x.b);`, `f(x) if not forall(_value_1 and x.a = _value_1, _value_2 and x.b = _value_2);`},
		{`f(x) if not not_(x.a) and x.b; not_(_);`, `f(x) if not (x.a = _value_1 and not_(_value_1)) and x.b = _value_2 and _value_2;`},
		{`f(x) if print(x.a, 1 + 2);`, `f(x) if x.a = _value_1 and 1 + 2 = _op_2 and print(_value_1, _op_2);`},
		{`f(x) if x := x.a + 1;`, `f(x) if x.a = _value_1 and _value_1 + 1 = _op_2 and x := _op_2;`},
		{`f(x) if x = 1 + 1 / 2 - 4 * 3;`, `f(x) if x = _op_4 and 1 / 2 = _op_1 and 1 + _op_1 = _op_2 and 4 * 3 = _op_3 and _op_2 - _op_3 = _op_4;`},
		{`f(x) if x = 1 mod 2 + x.a;`, `f(x) if 1 mod 2 = _temp_1 and x.a = _value_2 and _temp_1 + _value_2 = _op_3 and x = _op_3;`},
		{`f(x) if x = 1 rem 2 + x.a;`, `f(x) if x = _op_3 and 1 rem 2 = _temp_1 and x.a = _value_2 and _temp_1 + _value_2 = _op_3;`},
		{`f(x) if x = [x.a, x.b, x.a.c];`, `f(x) if x = [_value_1, _value_2, _value_4] and x.a = _value_1 and x.b = _value_2 and x.a = _value_3 and _value_3.c = _value_4;`},
		{`f(x) if x = new Foo(x.a, k: 1 + 2).b;`, `f(x) if x.a = _value_1 and 1 + 2 = _op_2 and new (Foo(_value_1, k: _op_2), _instance_3) and _instance_3.b = _value_4 and x = _value_4;`},
		{`f(x) if x = {b: x.q, a: x.p};`, `f(x) if x = {a: _value_1, b: _value_2} and x.p = _value_1 and x.q = _value_2;`},
		{`f(x) if x = {z: [x.b], a: {k: 1 + 1}};`, `f(x) if x = {a: {k: _op_1}, z: [_value_2]} and 1 + 1 = _op_1 and x.b = _value_2;`},
		{`f(x) if x matches Foo{a: x.b, c: (1 + 2)};`, `f(x) if x.b = _value_1 and 1 + 2 = _op_2 and x matches Foo{a: _value_1, c: _op_2};`},
		{`f(x) if x matches [x.a, {b: x.c, a: x.d}];`, `f(x) if x.a = _value_1 and x.d = _value_2 and x.c = _value_3 and x matches [_value_1, {a: _value_2, b: _value_3}];`},
		{`f(x) if x.("b c").d = 1;`, `f(x) if _value_2 = 1 and x.b c = _value_1 and _value_1.d = _value_2;`},
		{`f(x) if x.(x);`, `f(x) if x.x = _value_1 and _value_1;`},
		{`f(x) if x.a = 1 and cut;`, `f(x) if _value_1 = 1 and x.a = _value_1 and cut;`},
		{`f(x) if x.a = x.b mod 2;`, `f(x) if x.a = _value_1 and x.b = _value_2 and _value_2 mod 2 = _temp_3 and _value_1 = _temp_3;`},
		{`f(x) if x.a and (x.b or x.c and x.d);`, `f(x) if x.a = _value_1 and _value_1 and (x.b = _value_2 and _value_2 or x.c = _value_3 and _value_3 and x.d = _value_4 and _value_4);`},
		{`f(x) if x.a in x.b;`, `f(x) if x.a = _value_1 and x.b = _value_2 and _value_1 in _value_2;`},
		{`f(x) if x.a(_, _) and _ = x;`, `f(x) if x.a(_1, _2) = _value_3 and _value_3 and _4 = x;`},
		{`f(x) if x.a.b.m(x.c).d > 1;`, `f(x) if x.a = _value_1 and _value_1.b = _value_2 and x.c = _value_3 and _value_2.m(_value_3) = _value_4 and _value_4.d = _value_5 and _value_5 > 1;`},
		{`f(x) if x.a;`, `f(x) if x.a = _value_1 and _value_1;`},
		{`f(x) if x.b.m(x.c, k: x.d, a: x.e) and g(1); g(_);`, `f(x) if x.b = _value_1 and x.c = _value_2 and x.e = _value_3 and x.d = _value_4 and _value_1.m(_value_2, a: _value_3, k: _value_4) = _value_5 and _value_5 and g(1);`},
		{`f(x) if x.foo(x.a).b = 1;`, `f(x) if _value_3 = 1 and x.a = _value_1 and x.foo(_value_1) = _value_2 and _value_2.b = _value_3;`},
		{`f(x) if x.m(x.(x), x.("a"), [x.b]) ;`, `f(x) if x.x = _value_1 and x.a = _value_2 and x.b = _value_3 and x.m(_value_1, _value_2, [_value_3]) = _value_4 and _value_4;`},
		{`f(x.a, {b: x.c, a: x.d}) if x.e;`, `f(_value_2, {a: _value_3, b: _value_4}) if x.e = _value_1 and _value_1 and x.a = _value_2 and x.d = _value_3 and x.c = _value_4;`},
		{`f(x: Foo{a: x.q}, y: [1 + 2]) if y;`, `f(x: Foo{a: _value_1}, y: [_op_2]) if y and x.q = _value_1 and 1 + 2 = _op_2;`},
		{`f(x: Integer) if x = 1;`, `f(x: Integer{}) if x = 1;`},
		{`f(x: {a: x.b, b: _}, _, [_, x.c], {q: _}) if x;`, `f(x: {a: _value_1, b: _2}, _3, [_4, _value_5], {q: _6}) if x and x.b = _value_1 and x.c = _value_5;`},
	}
	for _, test := range tests {
		in := rule(t, test.in)
		before := ast.FormatRule(in)
		got := ast.FormatRule(rewrite.Rule(in, nil))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.in, diff)
		}
		if diff := cmp.Diff(before, ast.FormatRule(in)); diff != "" {
			t.Errorf("%s: the input has changed (-want +got)\n%s", test.in, diff)
		}
	}
}

func TestQueriesAreRewrittenBeforeTheTermAlone(t *testing.T) {
	tests := []struct{ in, want string }{
		{`x.a = 1`, `x.a = _value_1 and _value_1 = 1`},
		{`x.a = 1 and x.b = 2`, `_value_1 = 1 and x.a = _value_1 and _value_2 = 2 and x.b = _value_2`},
		{`x.a = 1 or x.b`, `_value_1 = 1 and x.a = _value_1 or x.b = _value_2 and _value_2`},
		{`not x.a = 1`, `not (_value_1 = 1 and x.a = _value_1)`},
		{`forall(x.a = 1, f(x.b))`, `forall(_value_1 = 1 and x.a = _value_1, f(_value_2) and x.b = _value_2)`},
		{`f(_, [_, *_], {a: _})`, `f(_1, [_2, *_3], {a: _4})`},
		{`x = 1`, `x = 1`},
	}
	for _, test := range tests {
		got := ast.Format(rewrite.Query(query(t, test.in), nil))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.in, diff)
		}
	}
}

func TestGeneratedNamesDifferFromWrittenOnes(t *testing.T) {
	got := ast.FormatRule(rewrite.Rule(rule(t, `f(_value_1, _3) if _value_1.a = _2 and _ = _3;`), nil))
	want := `f(_value_1, _3) if _value_2 = _2 and _value_1.a = _value_2 and _4 = _3;`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	names := &rewrite.Names{Reserved: func(name string) bool { return name == "_value_1" }}
	if got, want := ast.Format(rewrite.Query(query(t, "x.a"), names)), "x.a = _value_2 and _value_2"; got != want {
		t.Errorf("with a reserved name: got %s, want %s", got, want)
	}
}

func TestGoalsHaveThePlaceOfTheirExpression(t *testing.T) {
	r := rewrite.Rule(rule(t, `f(x) if g(x.a + 1) and x;`), nil)
	var got []string
	for _, goal := range r.Body.(*ast.Expr).Args {
		got = append(got, goal.Span().Text())
	}
	if diff := cmp.Diff([]string{"x.a", "x.a + 1", "g(x.a + 1)", "x"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestBodiesAreConjunctions(t *testing.T) {
	for text, goals := range map[string]int{
		`f(x) if x;`:                   1,
		`f(x) if x or x;`:              1,
		`f(x) if (x and x);`:           2,
		`f(x) if (x and x) and x;`:     2, // the reach of cut depends on it
		`f(x) if (x.a and x) and x;`:   2,
		`f(x) if x and (x and x);`:     3,
		`f(x.a);`:                      1,
		`f(x.a) if (x or x) and cut;`:  3,
		`f(x) if x.a = 1;`:             2,
		`f(x) if not x.a = 1 and cut;`: 2,
	} {
		r := rewrite.Rule(rule(t, text), nil)
		body, ok := r.Body.(*ast.Expr)
		if !ok || body.Op != ast.And || len(body.Args) != goals {
			t.Errorf("%s: the body is %s, not a conjunction of %d", text, ast.Format(r.Body), goals)
		}
	}
	if r := rewrite.Rule(rule(t, `f(_);`), nil); r.Body != nil {
		t.Errorf("a fact has the body %s", ast.Format(r.Body))
	}
}

func TestNeedsGoals(t *testing.T) {
	for text, want := range map[string]bool{
		`f(x, _: Foo{a: 1}, [_, *r]);`: false,
		`f(x.a);`:                      true,
		`f(x: Foo{a: x.b});`:           true,
		`f([1 + 2]);`:                  true,
		`f(new Foo());`:                true,
		`f(1, "a") if x.a;`:            false,
	} {
		if got := rewrite.NeedsGoals(rule(t, text)); got != want {
			t.Errorf("NeedsGoals(%s) = %v", text, got)
		}
	}
}
