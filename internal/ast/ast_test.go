package ast_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/parser"
)

func query(t *testing.T, text string) ast.Term {
	t.Helper()
	term, err := parser.Query(diag.NewSource("", text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return term
}

func policy(t *testing.T, text string) *ast.File {
	t.Helper()
	file, err := parser.Policy(diag.NewSource("", text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return file
}

func expr(op ast.Op, args ...ast.Term) *ast.Expr { return &ast.Expr{Op: op, Args: args} }

func variable(name string) *ast.Var { return &ast.Var{Name: name} }

func TestFormat(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`1.0 = 2.50`, `1 = 2.5`},
		{`1e20 = 1e-7`, `100000000000000000000 = 0.0000001`},
		{`-0.0 = -3`, `-0 = -3`},
		{`inf = -inf`, `inf = -inf`},
		{`nan = true`, `NaN = true`},
		{`"a\"b\\" = x`, `"a"b\" = x`},
		{`[1, *r] = {b: 1, a: "x"}`, `[1, *r] = {a: "x", b: 1}`},
		{`[*r] = []`, `[*r] = []`},
		{`x matches C`, `x matches C{}`},
		{`x matches C{b: D, a: 1}`, `x matches C{a: 1, b: D}`},
		{`f(x, b: 1, a: 2)`, `f(x, a: 2, b: 1)`},
		{`f(b: 1)`, `f(b: 1)`},
		{`x.a.b(1).(k).("c d")`, `x.a.b(1).k.c d`},
		{`new C(1).x = 1`, `new C(1).x = 1`},
		{`a - (b - c) = (a + b) * c`, `a - b - c = (a + b) * c`},
		{`not (not x)`, `not not x`},
		{`not (a and b) or c`, `not (a and b) or c`},
		{`(a or b) and c`, `(a or b) and c`},
		{`(a and b) or c`, `a and b or c`},
		{`x := 1 and cut`, `x := 1 and cut`},
		{`debug(x)`, `debug()`},
		{`print(a, b + 1, c.d)`, `print(a, (b + 1), (c.d))`},
		{`forall(a or b, c)`, `forall(a or b, c)`},
		{`f([(a + b)], {a: (1 + 2)})`, `f([a + b], {a: 1 + 2})`},
		{`(1 + x) in y`, `(1 + x) in y`},
		{`.(x, "a", r)`, `x.a = r`},
		{`.(x)`, `.(x)`},
		{`new (C(1), r)`, `new (C(1), r)`},
		{`in (x)`, `in (x)`},
	} {
		if got := ast.Format(query(t, tt.text)); got != tt.want {
			t.Errorf("%q prints as %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestPrintersOnGeneratedTerms covers what only rewriting makes.
func TestPrintersOnGeneratedTerms(t *testing.T) {
	a, b, r := variable("a"), variable("b"), variable("r")
	for _, tt := range []struct {
		term           ast.Term
		format, source string
	}{
		{nil, "", ""},
		{expr(ast.And), "(true)", "true"},
		{expr(ast.Or), "(false)", "false"},
		{expr(ast.Not, expr(ast.Or)), "not (false)", "not false"},
		{expr(ast.And, a), "a", "a"},
		{expr(ast.And, expr(ast.Or, a, b), expr(ast.Or, a)), "(a or b) and (a)", "(a or b) and a"},
		{expr(ast.Add, a, b, r), "a + b = r", "a + b = r"},
		{expr(ast.And, expr(ast.Mod, a, b, r), a), "a mod b = r and a", "a mod b = r and a"},
		{expr(ast.Dot, a, &ast.String{Value: "x"}, r), "a.x = r", `.(a, "x", r)`},
		{expr(ast.Not), "not ", "not "},
	} {
		if got := ast.Format(tt.term); got != tt.format {
			t.Errorf("Format gives %q, want %q", got, tt.format)
		}
		if got := ast.Source(tt.term); got != tt.source {
			t.Errorf("Source gives %q, want %q", got, tt.source)
		}
	}
}

func TestFormatRule(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`f();`, `f();`},
		{`f(x, y: C, 1, z: {b: 1, a: 2}) if x = y and z;`, `f(x, y: C{}, 1, z: {a: 2, b: 1}) if x = y and z;`},
		{`f(x) if x or 1 = 2;`, `f(x) if (x or 1 = 2);`},
		{`f(x + 1) if not x;`, `f(x + 1) if not x;`},
	} {
		if got := ast.FormatRule(policy(t, tt.text).Items[0].(*ast.Rule)); got != tt.want {
			t.Errorf("%q prints as %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestSourceKeepsWhatFormatLoses(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`1.0 = 1e300`, `1.0 = 1e+300`},
		{`"\n\"\\\0é" = -nan`, `"\n\"\\\0é" = nan`},
		{`a - (b - c) = ((x))`, `a - (b - c) = x`},
		{`x.("a b").("if").("mod").("é")`, `x.("a b").if.("mod").é`},
		{`(1).x = (-1.5).y`, `(1).x = (-1.5).y`},
		{`not (not x)`, `not (not x)`},
		{`{b, a: 1} = x`, `{b, a: 1} = x`},
		{`new (C()) and x`, `new (C()) and x`},
		{`debug(x)`, `debug(x)`},
	} {
		if got := ast.Source(query(t, tt.text)); got != tt.want {
			t.Errorf("the source of %q is %q, want %q", tt.text, got, tt.want)
		}
	}
	block := "actor U {\n  roles = [\"a\"];\n  relations = {b: C, d};\n  \"x\" if \"y\" on \"b\";\n}"
	if diff := cmp.Diff(block+"\n", ast.FileSource(policy(t, block))); diff != "" {
		t.Errorf("a block (-want +got):\n%s", diff)
	}
	rule := policy(t, "f(x: C{a}, [1]) if x;").Items[0].(*ast.Rule)
	if got, want := ast.RuleSource(rule), "f(x: C{a}, [1]) if x;"; got != want {
		t.Errorf("the source of a rule is %q, want %q", got, want)
	}
}

func TestWalkVisitsInOrder(t *testing.T) {
	file := policy(t, `type t(a);
f(a, b: C{x: c}) if [d, *e] = {k: f} and n.g(h, l: i).m;
?= j;
actor U { roles = ["r"]; relations = {q: R}; "x" if "y" on "z"; }`)
	var got []string
	for _, item := range file.Items {
		ast.Walk(item, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Var:
				got = append(got, n.Name)
			case *ast.String:
				got = append(got, `"`+n.Value+`"`)
			case *ast.Call:
				got = append(got, n.Name+"()")
			case *ast.Rule:
				got = append(got, "rule "+n.Name)
			}
			return true
		})
	}
	want := `rule t,a,rule f,a,b,c,d,e,f,n,g(),h,i,"m",j,actor,U,"r",R,"x","y",on,"z"`
	if diff := cmp.Diff(strings.Split(want, ","), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWalkLeavesOutWhatVisitRefuses(t *testing.T) {
	visited := 0
	ast.Walk(query(t, "f(a, b) and g(c)"), func(n ast.Node) bool {
		visited++
		_, isCall := n.(*ast.Call)
		return !isCall
	})
	if visited != 3 {
		t.Errorf("visited %d nodes, want the conjunction and its two calls", visited)
	}
	ast.Walk(nil, func(ast.Node) bool {
		t.Error("visited nothing")
		return true
	})
}

// TestEqual compares each of a list of different terms with all.
func TestEqual(t *testing.T) {
	texts := []string{
		"1", "2", "1.0", "nan", "-0.0", "0.0", `"1"`, "true", "false", "x", "[]", "[x]", "[*x]", "[x, *x]", "{}", "{a: 1}", "{b: 1}", "{a: 2}",
		"{a: 1, b: 1}", "{b: 1, a: 1}", "f()", "g()", "f(x)", "f(a: x)", "x.a", "x.(a)", "x.a()", "x + y", "y + x", "x - y", "x and y and z",
		"(x and y) and z", "x matches C", "x matches D", "x matches C{a: 1}", "x matches {a: 1}", "cut", "new C()", "print()", "print(x)",
	}
	for i, a := range texts {
		for j, b := range texts {
			if got := ast.Equal(query(t, a), query(t, b)); got != (i == j) {
				t.Errorf("Equal(%s, %s) = %t", a, b, got)
			}
		}
	}
	for _, pair := range [][2]string{{"{a}", "{a: a}"}, {"(x)", "x"}, {"x and (y and z)", "x and y and z"}, {"x matches C{}", "x matches C"}, {"x.(\"a\")", "x . a"}} {
		if !ast.Equal(query(t, pair[0]), query(t, pair[1])) {
			t.Errorf("%s and %s differ", pair[0], pair[1])
		}
	}
	if !ast.Equal(nil, nil) || ast.Equal(nil, variable("x")) || ast.Equal(variable("x"), nil) {
		t.Error("nil equals nil only")
	}
}

func TestEqualFiles(t *testing.T) {
	texts := []string{
		"", "f();", "g();", "f(x);", "f(x: C);", "f(x) if x;", "type f();", "type f(x);", "?= x;", "?= y;", "f(); f();",
		"U {}", "V {}", "actor U {}", "resource U {}", `U { r = []; }`, `U { s = []; }`, `U { r = {}; }`, `U { r = ["a"]; }`, `U { r = {a: B}; }`,
		`U { "a" if "b"; }`, `U { "a" if "c"; }`, `U { "c" if "b"; }`, `U { "a" if "b" on "c"; }`, `U { "a" if "b" of "c"; }`, `U { "a" if "b" on "d"; }`,
	}
	for i, a := range texts {
		for j, b := range texts {
			if got := ast.EqualFiles(policy(t, a), policy(t, b)); got != (i == j) {
				t.Errorf("EqualFiles(%s, %s) = %t", a, b, got)
			}
		}
	}
}

func TestFormatFloat(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "-0", 1: "1", 0.1: "0.1", 1e21: "1000000000000000000000", 1.5e-10: "0.00000000015",
		math.Inf(1): "inf", math.Inf(-1): "-inf",
	} {
		if got := ast.FormatFloat(f); got != want {
			t.Errorf("FormatFloat(%v) = %q, want %q", f, got, want)
		}
	}
	if got := ast.FormatFloat(math.NaN()); got != "NaN" {
		t.Errorf("FormatFloat(NaN) = %q", got)
	}
}

func TestOpNames(t *testing.T) {
	if got, want := fmt.Sprint(ast.Debug, ast.Isa, ast.Assign, ast.Op(200)), "Debug Isa Assign Op?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
