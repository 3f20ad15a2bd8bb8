package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/standin"
	"github.com/goso-project/goso/internal/wam"
)

// TestHeadsSelectWhatUnificationSelects calls random rules twice: with their terms in the heads, where clauses are selected by
// indexes and quick tests and heads run as compiled code, and with the same terms unified in the bodies.
func TestHeadsSelectWhatUnificationSelects(t *testing.T) {
	h := newHost(t)
	r := rand.New(rand.NewPCG(3, 4))
	found := 0
	for range 300 {
		arity := 1 + r.IntN(3)
		n := 1 + r.IntN(8)
		if r.IntN(3) == 0 {
			n = 9 + r.IntN(20) // enough for an index
		}
		var heads, bodies strings.Builder
		for i := range n {
			var terms, params, goals []string
			vars := 2 + r.IntN(3)
			for k := range arity {
				term := randomTerm(r, 2, vars)
				terms = append(terms, term)
				params = append(params, fmt.Sprintf("p%d", k))
				goals = append(goals, fmt.Sprintf("p%d = %s", k, term))
			}
			fmt.Fprintf(&heads, "f(%s, %d);\n", strings.Join(terms, ", "), i)
			fmt.Fprintf(&bodies, "g(%s, %d) if %s;\n", strings.Join(params, ", "), i, strings.Join(goals, " and "))
		}
		policy := heads.String() + bodies.String()
		e := load(t, h, policy)
		for range 8 {
			found += compareCalls(t, r, e, h, policy, arity)
		}
	}
	if found < 1000 {
		t.Errorf("only %d results", found)
	}
}

// compareCalls calls f and g alike and returns the number of results. Both may build a cyclic term, which cannot be shown.
func compareCalls(t *testing.T, r *rand.Rand, e *engine.Engine, h *standin.Host, policy string, arity int) int {
	t.Helper()
	if r.IntN(2) == 0 { // from a query's text
		var terms []string
		before := ""
		for range arity {
			terms = append(terms, strings.ReplaceAll(randomTerm(r, 2, 3), "_v", "v"))
		}
		if r.IntN(4) == 0 {
			before = "v0 matches Integer and "
		}
		args := "(" + strings.Join(terms, ", ") + ", n)"
		want, wantErr := answers(t.Context(), t, e, h, before+"g"+args, engine.Options{})
		got, gotErr := answers(t.Context(), t, e, h, before+"f"+args, engine.Options{})
		if diff := cmp.Diff(normal(want), normal(got)); diff != "" || (wantErr == nil) != (gotErr == nil) {
			t.Fatalf("%s\n%sf%s: %v, %v (-bodies +heads)\n%s", policy, before, args, wantErr, gotErr, diff)
		}
		return len(got)
	}
	var args []wam.Value
	for range arity {
		args = append(args, randomValue(r, 2))
	}
	args = append(args, wam.VarValue("n"))
	want, wantErr := ask(t, e, h, "g", args...)
	got, gotErr := ask(t, e, h, "f", args...)
	if diff := cmp.Diff(normal(want), normal(got)); diff != "" || (wantErr == nil) != (gotErr == nil) {
		t.Fatalf("%s\nf%v: %v, %v (-bodies +heads)\n%s", policy, args, wantErr, gotErr, diff)
	}
	return len(got)
}

// normal numbers generated variables by their first appearance in each result.
func normal(results []string) []string {
	out := make([]string, len(results))
	for i, text := range results {
		names := map[string]string{}
		out[i] = generated.ReplaceAllStringFunc(text, func(name string) string {
			if names[name] == "" {
				names[name] = fmt.Sprintf("_g%d", len(names))
			}
			return names[name]
		})
	}
	return out
}

// randomTerm writes a term over the variables _v0, _v1 and so on.
func randomTerm(r *rand.Rand, depth, vars int) string {
	n := 12
	if depth > 0 {
		n = 18
	}
	switch k := r.IntN(n); k {
	case 0, 1, 2:
		return fmt.Sprint(r.IntN(3))
	case 3:
		return fmt.Sprintf("%d.0", r.IntN(3))
	case 4:
		return "1.5"
	case 5, 6:
		return fmt.Sprintf("%q", string(rune('a'+r.IntN(3))))
	case 7:
		return fmt.Sprint(r.IntN(2) == 0)
	case 8:
		return "9223372036854775807"
	case 9, 10:
		return fmt.Sprintf("_v%d", r.IntN(vars))
	case 11:
		return "_"
	case 12, 13, 14, 15:
		var items []string
		for range r.IntN(3) {
			items = append(items, randomTerm(r, depth-1, vars))
		}
		if r.IntN(3) == 0 {
			items = append(items, fmt.Sprintf("*_v%d", 10+r.IntN(2)))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	var fields []string
	for _, key := range []string{"a", "b"}[:r.IntN(3)] {
		fields = append(fields, key+": "+randomTerm(r, depth-1, vars))
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// randomValue makes an argument of a host.
func randomValue(r *rand.Rand, depth int) wam.Value {
	switch r.IntN(9 + 4*min(depth, 1)) {
	case 0, 1:
		return wam.IntValue(int64(r.IntN(3)))
	case 2:
		return wam.FloatValue(float64(r.IntN(3)))
	case 3:
		return wam.FloatValue(1.5)
	case 4, 5:
		return wam.StringValue(string(rune('a' + r.IntN(4))))
	case 6:
		return wam.BoolValue(r.IntN(2) == 0)
	case 7:
		return wam.IntValue(9223372036854775807)
	case 8:
		return wam.VarValue(fmt.Sprintf("v%d", r.IntN(3)))
	case 9, 10, 11:
		items := make([]wam.Value, r.IntN(3))
		for i := range items {
			items[i] = randomValue(r, depth-1)
		}
		return wam.ListValue(items...)
	}
	d := &wam.Dict{}
	for _, key := range []string{"a", "b"}[:r.IntN(3)] {
		d.Keys = append(d.Keys, key)
		d.Values = append(d.Values, randomValue(r, depth-1))
	}
	return wam.MappingValue(d)
}

func TestTwoListsOfAHeadShareTheirRest(t *testing.T) {
	h := newHost(t)
	e := load(t, h, "f([[1, *xs], *xs], xs);")
	for _, test := range []struct {
		query string
		want  []string
	}{
		{"f([[1, 2], 2], x)", []string{"x = [2]"}},
		{"f([[1, 2], 3], _)", nil},
		{"f([[1, 2, 3], *r], x)", []string{"r = [2, 3], x = [2, 3]"}},
		{"f(x, [7])", []string{"x = [[1, 7], 7]"}},
	} {
		got, err := answers(t.Context(), t, e, h, test.query, engine.Options{})
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", test.query, err, diff)
		}
	}
}
