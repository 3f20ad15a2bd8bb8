package conformance_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/conformance"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// guardPrograms is how many random programs are tried, unless GOSO_GUARD_PROGRAMS says.
const guardPrograms = 1500

// Rules that differ in what they want of fields and arguments, in heads and at the start of bodies, have the same answers and the
// same errors whether or not they are told apart before they are entered.
func TestRulesToldApartByFields(t *testing.T) {
	n := guardPrograms
	if s := os.Getenv("GOSO_GUARD_PROGRAMS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	limits := engine.Limits{Timeout: 20 * time.Second}
	all := ^wam.Features(0)
	results, failures := 0, 0
	for seed := range n {
		c := guardProgram(uint64(seed))
		want, err := conformance.RunWithout(t.Context(), c, limits, all)
		if err != nil {
			t.Fatal(err)
		}
		if want.LoadError != nil {
			t.Fatalf("%s\n%+v", program(c), want.LoadError)
		}
		results += len(want.Results)
		if want.Error != nil {
			failures++
		}
		for _, without := range []wam.Features{0, wam.Guards, wam.FieldIndexes, wam.Selections, wam.Indexes} {
			got, err := conformance.RunWithout(t.Context(), c, limits, without)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(conformance.Canonical(&want), conformance.Canonical(&got)); diff != "" {
				bindings, _ := json.Marshal(c.Bindings)
				t.Fatalf("program %d, without %b: (-without all +got)\n%s\n%s\n%s %s", seed, without, diff, program(c), *c.Query, bindings)
			}
		}
	}
	if results < n/3 || failures < n/50 {
		t.Errorf("%d programs have %d results and %d errors: too few to tell anything", n, results, failures)
	}
}

func program(c *conformance.Case) string {
	var text string
	_ = json.Unmarshal(c.Policy, &text)
	return text
}

// guardProgram makes a policy of one predicate with few or many rules, and a query with objects, values and variables.
func guardProgram(seed uint64) *conformance.Case {
	g := guardGen{Rand: rand.New(rand.NewPCG(seed, 7))}
	n := 2 + g.IntN(5)
	if g.IntN(2) == 0 {
		n = 9 + g.IntN(16)
	}
	g.pool = 2 + g.IntN(2*n)
	key := g.IntN(6)
	g.heads = g.IntN(2) == 0
	g.methods = g.IntN(4) == 0
	var b strings.Builder
	for i := range n {
		x, y, body := g.param("x"), g.param("y"), g.body()
		if g.IntN(8) > 0 { // most rules have their literal at the same place
			switch key {
			case 0:
				x = fmt.Sprintf("x: A{k: %s}", g.literal())
			case 1:
				body = fmt.Sprintf("x.k = %s and %s", g.literal(), body)
			case 2:
				y, body = "y", fmt.Sprintf("x.l = %s and y = %s and %s", g.pick(`"s0"`, `"s1"`), g.literal(), body)
			case 3:
				x = fmt.Sprintf("x: %s{k: %s, l: %s}", g.pick("A", "B"), g.pick(`"s0"`, `"s1"`, `"s2"`), g.literal())
			}
		}
		fmt.Fprintf(&b, "f(%s, %s, z) if %sh(x, y) and z = %d;\n", x, y, body, i)
	}
	b.WriteString("g(_: A, _); g(_, 1); g(\"s1\", _);\nh(_, _);\n")
	query := "f(x, y, z)"
	policy, _ := json.Marshal(b.String())
	c := &conformance.Case{ID: fmt.Sprintf("guards-%d", seed), Policy: policy, Query: &query, Bindings: map[string]json.RawMessage{}}
	m := map[string]json.RawMessage{"m": json.RawMessage(`1`), "b": json.RawMessage(`true`)}
	c.Classes = []conformance.Class{{Name: "A", Methods: m}, {Name: "B", Bases: []string{"A"}, Methods: m}, {Name: "C", Methods: m}}
	for _, name := range []string{"x", "y"} {
		if v := g.argument(); v != "" {
			c.Bindings[name] = json.RawMessage(v)
		}
	}
	return c
}

type guardGen struct {
	*rand.Rand
	pool           int // number of different literals
	heads, methods bool
}

func (g *guardGen) pick(of ...string) string { return of[g.IntN(len(of))] }

// literal is mostly a string: an index needs many of one kind.
func (g *guardGen) literal() string {
	switch g.IntN(8) {
	case 0:
		return strconv.Itoa(g.IntN(g.pool))
	case 1:
		return strconv.Itoa(g.IntN(g.pool)) + g.pick(".0", ".5")
	case 2:
		return g.pick("true", "false")
	}
	return fmt.Sprintf("%q", "s"+strconv.Itoa(g.IntN(g.pool)))
}

func (g *guardGen) field() string { return g.pick("k", "k", "k", "l", "n", "q", "none") }

func (g *guardGen) param(name string) string {
	switch g.IntN(10) {
	case 0, 1:
		return name + ": " + g.pick("A", "A", "B", "C", "String", "Integer")
	case 2:
		return name + ": " + g.literal()
	case 3, 4, 5:
		if g.heads {
			fields := g.field() + ": " + g.literal()
			if g.IntN(3) == 0 {
				fields += ", r: " + g.pick(g.literal(), "_v", "A", "A{k: "+g.literal()+"}")
			}
			return name + ": " + g.pick("A", "A", "A", "B", "C", "") + "{" + fields + "}"
		}
	}
	return name
}

func (g *guardGen) body() string {
	var b strings.Builder
	for range g.IntN(4) {
		b.WriteString(g.goal() + " and ")
	}
	return b.String()
}

func (g *guardGen) goal() string {
	a, o := "x", "y"
	if g.IntN(3) == 0 {
		a, o = o, a
	}
	switch g.IntN(24) {
	case 0, 1, 2, 3, 4, 5:
		return a + "." + g.field() + " = " + g.literal()
	case 6, 7, 8:
		return a + " = " + g.literal()
	case 9:
		return g.literal() + " = " + a + "." + g.field()
	case 10, 11:
		return a + "." + g.field() + " = " + o + "." + g.field()
	case 12, 13:
		return a + "." + g.field() + g.pick(" < ", " >= ", " == ", " != ", " > ") + g.literal()
	case 14:
		return a + "." + g.field() + g.pick(" <= ", " == ") + o + "." + g.field()
	case 15:
		return a + "." + g.field()
	case 16:
		return "v = " + a + "." + g.field() + " and v = " + g.literal()
	case 17:
		return a + ".r." + g.field() + " = " + g.literal()
	case 18:
		return a + g.pick(" = ", " == ") + o
	case 19:
		return "g(" + a + ", " + o + ".k)"
	case 20:
		return "not " + a + "." + g.field() + " = " + g.literal()
	case 21:
		if g.methods {
			return a + g.pick(".m() = 1", ".b()")
		}
		return a + ".r = " + g.pick("nil", o, a+".r")
	case 22:
		return "(" + a + "." + g.field() + " = " + g.literal() + " or " + o + " = " + g.literal() + ")"
	}
	return g.pick("cut", a+" matches A", a+".k matches String", a+" in [1, 2, \"s1\"]", a+".k + 1 = 2")
}

// argument is a value in JSON, or empty for a variable.
func (g *guardGen) argument() string {
	switch g.IntN(12) {
	case 0:
		return ""
	case 1, 2:
		return g.value()
	}
	return g.object(2)
}

func (g *guardGen) value() string {
	switch g.IntN(12) {
	case 0:
		return "null"
	case 1:
		return fmt.Sprintf(`{"$float": %d.5}`, g.IntN(g.pool))
	case 2:
		return fmt.Sprintf(`{"$float": %d}`, g.IntN(g.pool))
	case 3:
		return g.pick(`[1, "s1"]`, `[]`, `{"k": "s1"}`)
	case 4, 5:
		return strconv.Itoa(g.IntN(g.pool))
	case 6:
		return g.pick("true", "false")
	}
	return fmt.Sprintf("%q", "s"+strconv.Itoa(g.IntN(g.pool)))
}

// object is an instance; fields may be missing.
func (g *guardGen) object(depth int) string {
	fields := []string{}
	for _, name := range []string{"k", "l", "n", "q"} {
		if g.IntN(8) > 0 {
			fields = append(fields, fmt.Sprintf("%q: %s", name, g.value()))
		}
	}
	if depth > 0 && g.IntN(3) > 0 {
		fields = append(fields, `"r": `+g.object(depth-1))
	}
	return fmt.Sprintf(`{"$new": %q, "fields": {%s}}`, g.pick("A", "A", "B", "C"), strings.Join(fields, ", "))
}
