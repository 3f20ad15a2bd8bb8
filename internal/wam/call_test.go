package wam_test

import (
	"testing"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

const recursion = `
app([], ys, ys); app([x, *xs], ys, [x, *zs]) if app(xs, ys, zs);
nrev([], []); nrev([x, *xs], r) if nrev(xs, t) and app(t, [x], r);
copy([], []); copy([x, *xs], [x, *zs]) if copy(xs, zs);
ends([x, *xs], a, [x, *zs]) if ends(xs, a, zs); ends([], a, a); ends([], _, []);
fib(0, 1) if cut; fib(1, 1) if cut; fib(n, a + b) if fib(n - 1, a) and fib(n - 2, b);
named(0, "a"); named(1, "b"); named(0, "c"); named(n, m) if n > 1 and m = n; named(1, 2.0); named(2, _);
once(0, 1) if cut; once(1, 1) if cut; once(_, 2);
twice(0, 1, _) if cut; twice(0, _, 2); twice(1, 1, 1) if cut; twice(_, x, x);
never(1, 1) if cut and false; never(1, 2); never(n, n);
tested(x: Integer, 0) if cut and x > 1; tested(1, 0); tested(_, y) if y = 7;
one(0); one(1) if cut; one(1); one(n) if n > 1;
`

// Short ways answer as the long ones do, and the long ones as the language says.
func TestShortWaysAnswerAsLongOnes(t *testing.T) {
	a := newAsker(t, recursion)
	for _, test := range []struct{ query, want string }{
		{"nrev([1, 2, 3, 4], r)", "r = [4, 3, 2, 1]"},
		{"nrev([1, x, 3, 4], r) and x = 2", "x = 2, r = [4, 3, 2, 1]"},
		{"nrev([1, 2, 3], a) and copy(a, b)", "a = [3, 2, 1], b = [3, 2, 1]"},
		{"nrev([1, 2, 3], a) and copy(b, a)", "a = [3, 2, 1], b = [3, 2, 1]"},
		{"nrev([1, 2, 3], a) and copy(a, a)", "a = [3, 2, 1]"},
		{"nrev([1, 2, 3], a) and copy(a, [3, *b])", "a = [3, 2, 1], b = [2, 1]"},
		{"nrev([1, 2, 3], a) and copy(a, [x, y, *b]) and x = 3", "a = [3, 2, 1], x = 3, y = 2, b = [1]"},
		{"nrev([1, 2, 3], a) and copy(a, [3, 3, *b])", "no"},
		{"nrev([1, 2, 3], a) and app(a, t, b) and t = [9]", "a = [3, 2, 1], t = [9], b = [3, 2, 1, 9]"},
		{"nrev([1, 2, 3], a) and ends(a, [5], b)", "a = [3, 2, 1], b = [3, 2, 1, 5]\na = [3, 2, 1], b = [3, 2, 1]"},
		{"nrev([1, 2], a) and app(a, 5, b) and copy(b, _)", "no"},
		{"x > 3 and nrev([1, x, 3], a) and copy(a, b) and x = 5", "x = 5, a = [3, 5, 1], b = [3, 5, 1]"},
		{"x > 3 and nrev([1, x, 3], a) and copy(a, _) and x = 2", "no"},
		{"1 in b and nrev([1, 2, 3], a) and copy(a, b)", "b = [3, 2, 1], a = [3, 2, 1]"},
		{"x = new Cat() and nrev([1, x, 3], a) and copy(a, b)", "x = Cat{}, a = [3, Cat{}, 1], b = [3, Cat{}, 1]"},
		{"nrev([[1], [], {k: 1}, 2.5], a) and copy(a, b)", "a = [2.5, {k: 1}, [], [1]], b = [2.5, {k: 1}, [], [1]]"},
		{"nrev([1, 2, 3], a) and not copy(a, [3, 2, 1])", "no"},

		{"fib(15, r)", "r = 987"}, {"fib(5, 8)", ""}, {"fib(5, 9)", "no"}, {"fib(0, r)", "r = 1"}, {"fib(r, 1)", "r = 0"},
		{"fib(x, x)", "x = 1"}, {"fib(1.0, r)", "r = 1"},
		{"r > 5 and fib(5, r)", "r = 8"}, {"r > 50 and fib(5, r)", "no"}, {"r < 5 and fib(1, r)", "r = 1"},
		{"named(0, x)", "x = \"a\"\nx = \"c\""}, {"named(1, x)", "x = \"b\"\nx = 2.0"}, {"named(3, x)", "x = 3"},
		{"named(1.0, x)", "x = \"b\"\nx = 2.0"}, {"named(true, x)", "no"}, {"named(1, 2)", ""}, {"named(0, \"c\")", ""},
		{"once(0, x)", "x = 1"}, {"once(0, 2)", ""}, {"once(x, x)", "x = 1"}, {"once(x, y)", "x = 0, y = 1"}, {"once(5, x)", "x = 2"},
		{"y > 1 and once(0, y)", "y = 2"}, {"y = z and once(0, y)", "y = 1, z = 1"},
		{"x = new Cat() and once(x, y)", "x = Cat{}, y = 2"}, {"x = new Cat() and once(0, y)", "x = Cat{}, y = 1"},
		{"twice(0, x, x)", "x = 1"}, {"twice(1, x, x)", "x = 1"}, {"twice(1, x, y)", "x = 1, y = 1"}, {"twice(x, x, x)", "x = 1"},
		{"never(1, x)", "no"}, {"never(1, 1)", "no"}, {"never(1, 2)", ""}, {"never(2, x)", "x = 2"}, {"never(x, x)", "no"},
		{"tested(1, x)", "no"}, {"tested(2, x)", "x = 0"}, {"tested(2, 0)", ""}, {"tested(\"a\", x)", "x = 7"},
		{"one(0)", ""}, {"one(1)", ""}, {"one(2)", ""}, {"one(x)", "x = 0\nx = 1"}, {"one(0.0)", ""},
	} {
		for _, without := range []wam.Features{0, wam.Shortcuts, ^wam.Features(0)} {
			if got := a.askWith(t, test.query, engine.Options{Without: without}); got != test.want {
				t.Errorf("%s without %b: got %q, want %q", test.query, without, got, test.want)
			}
		}
	}
}

// What is done in one go counts as many calls as it stands for, and ends where a limit does.
func TestShortWaysKeepLimits(t *testing.T) {
	a := newAsker(t, recursion)
	for _, query := range []string{"nrev([1, 2, 3, 4, 5], x)", "fib(6, x)"} {
		for n := 1; n <= 60; n++ {
			for _, limits := range []engine.Limits{{Depth: n}, {Steps: n}} {
				short := a.askWith(t, query, engine.Options{Limits: limits})
				if long := a.askWith(t, query, engine.Options{Limits: limits, Without: wam.Shortcuts}); short != long {
					t.Errorf("%s within %+v: %s, not %s", query, limits, short, long)
				}
			}
		}
	}
}
