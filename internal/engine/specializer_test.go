package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/standin"
	"github.com/goso-project/goso/internal/wam"
)

// TestSpecializersSelectWhatMatchesSelects calls random rules twice: with specializers, and with matches in the bodies. The order
// differs, the results must not.
func TestSpecializersSelectWhatMatchesSelects(t *testing.T) {
	h := newHost(t)
	r := rand.New(rand.NewPCG(5, 6))
	found := 0
	for range 300 {
		arity, n := 1+r.IntN(2), 1+r.IntN(12)
		var heads, bodies strings.Builder
		heads.WriteString("actor Org {}\nresource Repo {}\nresource Dog {}\n")
		for i := range n {
			var specs, params, goals []string
			for k := range arity {
				p := fmt.Sprintf("p%d", k)
				params = append(params, p)
				if r.IntN(4) == 0 {
					term := randomTerm(r, 1, 2)
					specs = append(specs, term)
					goals = append(goals, p+" = "+term)
					continue
				}
				pattern := randomPattern(r, 2)
				specs = append(specs, "_: "+pattern)
				goals = append(goals, p+" matches "+pattern)
			}
			fmt.Fprintf(&heads, "f(%s, %d);\n", strings.Join(specs, ", "), i)
			fmt.Fprintf(&bodies, "g(%s, %d) if %s;\n", strings.Join(params, ", "), i, strings.Join(goals, " and "))
		}
		policy := heads.String() + bodies.String()
		e := load(t, h, policy)
		for range 8 {
			args := make([]wam.Value, arity, arity+1)
			for k := range args {
				args[k] = randomObject(r, h, 2)
			}
			args = append(args, wam.VarValue("n"))
			want, wantErr := ask(t, e, h, "g", args...)
			got, gotErr := ask(t, e, h, "f", args...)
			want, got = normal(want), normal(got)
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); (diff != "" && wantErr == nil) || (wantErr == nil) != (gotErr == nil) {
				t.Fatalf("%s\nf%v: %v, %v (-bodies +heads)\n%s", policy, args, wantErr, gotErr, diff)
			}
			found += len(got)
		}
	}
	if found < 1000 {
		t.Errorf("only %d results", found)
	}
}

// randomPattern writes a specializer.
func randomPattern(r *rand.Rand, depth int) string {
	class := []string{"Animal", "Dog", "Puppy", "Org", "Repo", "Integer", "String", "Dictionary", "Actor", "Resource"}[r.IntN(10)]
	if depth == 0 || r.IntN(3) == 0 {
		return []string{class, class, "1", `"a"`, "true", "{}"}[r.IntN(6)]
	}
	var fields []string
	for _, key := range []string{"a", "b"}[:r.IntN(3)] {
		value := []string{"1", `"a"`, "_v0", "_v1", "[1, _v0]"}[r.IntN(5)]
		if p := randomPattern(r, depth-1); r.IntN(3) == 0 && strings.Contains(p, "{") {
			value = p
		}
		fields = append(fields, key+": "+value)
	}
	body := "{" + strings.Join(fields, ", ") + "}"
	switch r.IntN(5) {
	case 0, 1:
		return body
	case 2:
		return fmt.Sprintf("[%s, *_v2]", body)
	case 3:
		return "[1, _v0]"
	}
	if class == "Actor" || class == "Resource" {
		return class
	}
	return class + body
}

// randomObject makes an argument: an instance, or another value.
func randomObject(r *rand.Rand, h *standin.Host, depth int) wam.Value {
	if depth == 0 || r.IntN(2) == 0 {
		return randomValue(r, 1)
	}
	d := &wam.Dict{}
	for _, key := range []string{"a", "b"}[:r.IntN(3)] {
		d.Keys = append(d.Keys, key)
		d.Values = append(d.Values, randomObject(r, h, depth-1))
	}
	switch r.IntN(6) {
	case 0:
		return wam.MappingValue(d)
	case 1:
		return wam.ListValue(wam.MappingValue(d))
	}
	v, _ := h.Instance([]string{"Animal", "Dog", "Puppy", "Org", "Repo"}[r.IntN(5)], d)
	return v
}
