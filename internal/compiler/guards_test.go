package compiler_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/code"
)

// Guards are read off the code that the compiler makes: a change of that must not lose them unseen.
func TestGuards(t *testing.T) {
	for _, test := range []struct{ rule, want string }{
		{`f(x, y) if x = 1 and y = "a";`, `x0 = 1, x1 = "a"`},
		{`f(x, y) if x.k = 1 and y;`, `x0.k = 1, true x1`},
		{`f(x, y) if 1 = x.k and y.l;`, `x0.k = 1, true x1.l`},
		{`f(x: A, y: Integer) if x.k = y.l;`, `x1.l = x0.k`},
		{`f(x: A, y) if x.k.l.m = y;`, `x0.k.l.m = x1`},
		{`f(x, y) if x.k < 5 and 1.5 >= y.l and x == y;`, `x0.k < 5, x1.l <= 1.5, x0 == x1`},
		{`f(x, y) if z = x.k and z = "a" and z = y;`, `x0.k = "a", x0.k = x1`},
		{`f(x, y) if z = x.k and y = 1 and z;`, `read x0.k, x1 = 1, true x0.k`},
		{`f(x, x) if x.k = 1;`, `x1 = x0, x0.k = 1`},
		{`f(1, y: A) if y.k = 1;`, `x1.k = 1`},
		{`f(x, y) if x.k = 1 and not y.l = 1 and x.m = 1;`, `x0.k = 1`},
		{`f(x, y) if g(x) and y = 1; g(_);`, ``},
		{`f(x, y) if y = 1 and cut and x = 1;`, `x1 = 1`},
		{`f(x, y) if x in [true] and y = 1;`, `x0 in a list from 24 on, x1 = 1`},
		{`f(x, y) if x.k in [true, 1] and x.l.m = 1 and y in [true] and g(x); g(_);`, `x0.k in a list from 24 on, x0.l.m = 1, x1 in a list from 24 on`},
		{`f(x, y) if x in [1, y] and y = 1;`, ``},
		{`f(x, y) if 1 in x and y = 1;`, ``},
		{`f(x, y) if z in [1, 2] and z = x and y = 1;`, ``},
		{`f(x, y) if x.m() = 1 and y = 1;`, ``},
		{`f(x, y) if x + 1 = 2 and y = 1;`, ``},
		{`f(x, y) if x.k = nil and y = 1;`, ``},
		{`f(x, y) if x.k = [1] and y = 1;`, ``},
		{`f(x, y) if (y = 1 or y = 2) and x = 1;`, ``},
		{`f([x, *_], y) if y = 1 and x = 1;`, ``},
		{`f(x, y) if z = 1 and y = z and x;`, `x1 = 1, true x0`},
		{`f(x, y) if x = z and z = 1 and y = 1;`, `x0 = 1, x1 = 1`},
		{`f(x: A{k: 1, l: "a"}, y: {m: true}) if x.n = 2 and y;`, `head x0.l = "a", x0.k = 1, x1.m = true body x0.n = 2, true x1`},
		{`f(_: A{k: 1, l: z}, y) if y = z;`, ``},
		{`f(_: A{k: z, l: 1}, y) if y = z;`, `head x0.l = 1 (in part) body `},
		{`f(x: A, y) if x = y.k and y.l;`, `x1.k = x0, true x1.l`},
		{`f(x: [1], y) if y = 1 and x.k = 1;`, `x1 = 1, x0.k = 1`},
	} {
		p := compile(t, test.rule)
		pr := p.Preds[p.Pred("f", 2)]
		g := p.Guards(pr, func(int) bool { return false })
		if g == nil {
			g = &code.Guards{Heads: [][]code.Test{nil}, Bodies: [][]code.Test{nil}, Known: []bool{true}}
		}
		got := tests(p.Program, g, g.Bodies[0])
		if len(g.Heads[0]) > 0 || !g.Known[0] {
			part := ""
			if !g.Known[0] {
				part = " (in part)"
			}
			got = strings.ReplaceAll("head "+tests(p.Program, g, g.Heads[0])+part+" body "+got, "  ", " ")
		}
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s\n%s", test.rule, got, test.want, p)
		}
	}
}

// tests writes guards.
func tests(p *code.Program, g *code.Guards, tests []code.Test) string {
	var operand func(o code.Operand) string
	operand = func(o code.Operand) string {
		if o.From == code.FromArg {
			return fmt.Sprintf("x%d", o.N)
		}
		f := g.Fields[o.N]
		return operand(f.Of) + "." + p.Atoms[f.Key.Index()]
	}
	var out []string
	for _, t := range tests {
		right := ""
		switch {
		case t.R.From == code.FromArg || t.R.From == code.FromField:
			right = operand(t.R)
		case t.Const.Tag() == code.ATOM:
			right = fmt.Sprintf("%q", p.Atoms[t.Const.Index()])
		case t.Const.Tag() == code.FLT:
			right = fmt.Sprint(code.BitsFloat(p.Pool[t.Const.Index()&^code.PoolBit]))
		case t.Const.Tag() == code.CLIST:
			right = fmt.Sprintf("a list from %v on", p.Pool[t.Const.Index()])
		case t.Const.Tag() == code.BOOL:
			right = fmt.Sprint(t.Const == code.True)
		default:
			right = fmt.Sprint(t.Const.Int())
		}
		switch t.Kind {
		case code.TestRead:
			out = append(out, "read "+operand(t.L))
		case code.TestMember:
			out = append(out, operand(t.L)+" in "+right)
		case code.TestTrue:
			out = append(out, "true "+operand(t.L))
		case code.TestEqual:
			out = append(out, operand(t.L)+" = "+right)
		case code.TestOrder:
			out = append(out, operand(t.L)+" "+t.Op.Text()+" "+right)
		}
	}
	return strings.Join(out, ", ")
}
