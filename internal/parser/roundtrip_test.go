package parser

import (
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

// checkQueryReadsBack parses text as a query and, if that works, its printed form, which must be the same tree.
func checkQueryReadsBack(t *testing.T, text string) {
	t.Helper()
	term, err := Query(diag.NewSource("", text))
	if err != nil {
		return
	}
	printed := behindMark(ast.Source(term))
	again, err := Query(diag.NewSource("", printed))
	if err != nil {
		t.Errorf("query %q prints as %q, which does not parse: %v", text, printed, err)
		return
	}
	if !ast.Equal(term, again) {
		t.Errorf("query %q prints as %q, which reads back as %q", text, printed, ast.Source(again))
	}
}

// behindMark puts a byte order mark before a text whose first name begins with one, because reading skips the first.
func behindMark(text string) string {
	const mark = "\uFEFF"
	if strings.HasPrefix(text, mark) {
		return mark + text
	}
	return text
}

// checkPolicyReadsBack does the same for a policy.
func checkPolicyReadsBack(t *testing.T, text string) {
	t.Helper()
	file, err := Policy(diag.NewSource("", text))
	if err != nil {
		return
	}
	printed := behindMark(ast.FileSource(file))
	again, err := Policy(diag.NewSource("", printed))
	if err != nil {
		t.Errorf("policy %q prints as %q, which does not parse: %v", text, printed, err)
		return
	}
	if !ast.EqualFiles(file, again) {
		t.Errorf("policy %q prints as %q, which reads back as %q", text, printed, ast.FileSource(again))
	}
}

func TestSourceOfCorporaReadsBack(t *testing.T) {
	for _, c := range corpora(t) {
		for _, src := range c.Policy {
			checkPolicyReadsBack(t, src.Src)
		}
		if c.Query != nil {
			checkQueryReadsBack(t, *c.Query)
		}
	}
}

func TestSourceReadsBack(t *testing.T) {
	for _, text := range []string{
		`a - (b - c) = x`, `(a + b) * c = x`, `a + b * c - d = x`, `x in (y + 1)`, `(x + 1) in y`, `(1).a = x`, `(-1).a = x`,
		`(1.5).a = x`, `1 .a`, `x.(k).("a b").c(1, if: 2).("if").("mod").("é")`, `"\n\r\t\0\\\"é" = x`,
		`1.0 = 1e20`, `1e-7 = -0.0`, `inf = -inf`, `nan = x`, `not (a and b)`, `not a = b`, `not (not a)`,
		`(a and b) and c`, `a and (b and c)`, `(a or b) or c or (d or e)`, `a and (b or c) or d`, `(a or b) and not (c or d)`,
		`x := (y + 1)`, `x matches C{a: D{}, b: [1, E{}, *r], c: (1 + 2), d: x.y.z(1, [new F()].a)}`, `x matches [1 + 2, {a: D{}}]`,
		`x matches [*r]`, `x matches -1`, `x matches {a, b: c}`, `new C(1, k: 2).x(3) = y`, `new (C(1), x)`,
		`new (C(1)) and x`, `not new (C(1))`, `forall(new (C(1)), new (D(2)))`, `new (x)`, `new ()`, `in ()`, `in (x)`, `in (x, y, z)`,
		`in (f(1), x)`, `in ((x = 1), y)`, `.(f(1), a)`, `.(f(1), "a")`, `.(x, k) and y`, `.(x, "a", r)`, `.(x, g(1))`,
		`.(.(f(1), a), b)`, `.(x, 1)`, `.()`, `print()`, `print(1, x.y, [a])`, `debug(1)`, `debug()`, `cut`, `forall(x in y, z or w)`,
		`[1, (x + 2) * 3, *r] = y`, `{a: (x + 1), b, c: {d: 1}} = y`, `f(a, b, k: 1, if: 2)`, `x.print(1).new(2).in`,
		`x matches [(a + b) * c]`, `x matches {a: [b.c + 1]}`, `x matches [D{} + 1]`, `x matches [[1].a]`,
	} {
		if _, err := Query(diag.NewSource("", text)); err != nil {
			t.Errorf("query %q: %v", text, err)
		}
		checkQueryReadsBack(t, text)
	}
}
