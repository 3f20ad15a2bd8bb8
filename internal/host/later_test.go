package host

import (
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/types"
)

// askAll is ask with all variables of results, and without one more.
func (p *policyTest) askAll(rule string, without wam.Features, args ...any) string {
	p.t.Helper()
	s := p.registry.Acquire()
	defer p.registry.Release(s)
	q := p.query(s, rule, args)
	defer q.Close()
	opts := options(without)
	opts.Limits = p.limits
	q.Start(p.t.Context(), s, opts)
	var out []string
	for {
		found, err := q.Next()
		if err != nil {
			return strings.Join(append(out, "error "+err.Error()), "; ")
		}
		if !found {
			return strings.Join(out, "; ")
		}
		bindings, err := q.Bindings()
		if err != nil {
			p.t.Fatal(err)
		}
		var parts []string
		for _, b := range bindings {
			parts = append(parts, b.Name+" = "+show(b.Value))
		}
		out = append(out, strings.Join(parts, ", "))
	}
}

// A class test that waits for a look-up still waits when the head has come back to an alternative, such as the next class of a union.
func TestClassTestsThatWaitOutliveAlternatives(t *testing.T) {
	p := newPolicyTest(t, roleBlocks+`
		folder(a, role, f: Folder) if held(a, role, f);
		held(a, role: String, d: Resource) if a.Any = role and d = d;
		known(a, role, id) if x in [1, 2, 3] and id = x and x > 1 and numbered(a, role, id);
		numbered(a, role: String, 3) if a.Any = role;
		listed(a, role, x) if x in y and one(a, role, y);
		one(a, role: String, ["a", "b"]) if a.Any = role;
		`, roleClasses)
	role := types.Variable("role")
	for _, test := range []struct {
		any  any
		want []string
	}{
		{"r1", []string{`role = "r1", f = (And (Isa ?_this Folder{}))`, `role = "r1", id = 3`, `role = "r1", x = "a"; role = "r1", x = "b"`}},
		{7, []string{"", "", ""}},
		{nil, []string{"", "", ""}},
	} {
		for i, rule := range []string{"folder", "known", "listed"} {
			last := types.Variable([]string{"f", "id", "x"}[i])
			for _, without := range []wam.Features{0, wam.Shortcuts, ^wam.Features(0)} {
				if got := p.askAll(rule, without, &member{Any: test.any}, role, last); got != test.want[i] {
					t.Errorf("%s with %v, without optimisations %#x: got %s, want %s", rule, test.any, without, got, test.want[i])
				}
			}
		}
	}
}
