package host

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/types"
)

// unknownRules make what a rule is about unknown but for some conditions.
const unknownRules = `
of_doc(a, role, d: Doc, x) if holds(a, role, d, x);
of_folder(a, role, d: Folder, x) if holds(a, role, d, x);
of_thing(a, role, d: Thing, x) if holds(a, role, d, x);
of_both(a, role, d: Thing, x) if d matches Doc and holds(a, role, d, x);
of_resource(a, role, d: Resource, x) if holds(a, role, d, x);
of_field(a, role, d: Doc, x) if f = d.Folder and f matches Folder and holds(a, role, f, x);
of_any_field(a, role, d: Doc, x) if f = d.Folder and holds(a, role, f, x);
of_no_field(a, role, d: Doc, x) if f = d.Missing and f matches Folder and holds(a, role, f, x);
of_alias(a, role, d: Doc, x) if e = d.Other and e = d.More and e matches Doc and holds(a, role, e, x);
of_element(a, role, d: Doc, x) if e in d.Items and e matches Doc and holds(a, role, e, x);
of_owned(a, role, d, x) if d.Owner = "me" and holds(a, role, d, x);
of_not(a, role, d: Doc, x) if not holds(a, role, d, x);
of_known(a, role, d: Doc, x) if holds(a, role, d, x) and d.Id = 1 and d in [d];
of_actor(a: Member, role, d, x) if holds(a, role, d, x);
of_actors(a: Member, role, d: Doc, x) if holds(a, role, d, x);
of_roles(a, role: String, d: Doc, x) if holds(a, role, d, x);
`

// What a call selects for an unknown of one class is remembered, and where chains of roles lead from there: answers stay as they are, in
// order and number.
func TestUnknownsOfOneClassChangeNoAnswer(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 4))
	answers := 0
	var rules []string
	for line := range strings.Lines(strings.TrimSpace(unknownRules)) {
		rules = append(rules, line[:strings.Index(line, "(")])
	}
	for range 100 {
		policy := rolePolicy(r) + unknownRules
		p := newPolicyTest(t, policy, roleClasses)
		p.limits = engine.Limits{Depth: 60}
		for range 12 {
			rule := rules[r.IntN(len(rules))]
			actor, unknown, literal := r.IntN(5), r.IntN(8), r.IntN(8) == 0
			name := fmt.Sprintf("r%d", r.IntN(6))
			args := func() []any {
				a := any(people()[actor])
				if unknown == 0 || strings.HasPrefix(rule, "of_actor") {
					a = types.Variable("a")
				}
				role := any(name)
				if literal {
					role = types.Variable("role")
				}
				return []any{a, role, types.Variable("d"), types.Variable("x")}
			}
			got := address.ReplaceAllString(p.askAll(rule, 0, args()...), "")
			for _, without := range []wam.Features{wam.Selections, wam.Closures, wam.Scans, ^wam.Features(0)} {
				if want := address.ReplaceAllString(p.askAll(rule, without, args()...), ""); got != want {
					t.Fatalf("%s\n%s(%d, %s): got\n%s\nwithout optimisations %#x\n%s", policy, rule, actor, name, got, without, want)
				}
			}
			answers += strings.Count(got, ";")
		}
	}
	if answers < 1000 {
		t.Errorf("only %d answers", answers)
	}
}

// A chain of roles is one call about an unknown of the class that all rules on the way ask for, and else as many as there are roles.
func TestAChainOfRolesIsOneCallForAnUnknown(t *testing.T) {
	p := newPolicyTest(t, roleBlocks+`
		docs(a, role, d: Doc) if holds(a, role, d);
		things(a, role, d: Thing) if holds(a, role, d);
		folders(a, role, d: Doc) if f = d.Folder and f matches Folder and held(a, role, f);
		holds(a: Actor, "r0", d: Doc) if holds(a, "r1", d);
		holds(a: Actor, "r1", d: Doc) if holds(a, "r2", d);
		holds(a: Actor, "r2", d: Doc) if holds(a, "r3", d);
		holds(a: Member, role: String, d: Doc) if g in a.Grants and g.Doc = d.Id and g.Role = role;
		holds(_: Member, _: String, f: Folder) if f.Id = 5;
		held(a: Actor, "r0", f: Folder) if held(a, "r1", f);
		held(a: Actor, "r1", f: Folder) if held(a, "r2", f);
		held(a: Member, role: String, f: Folder) if g in a.Grants and g.Doc = f.Id and g.Role = role;
		held(_: Member, _: String, d: Doc) if d.Id = 5;
		`, roleClasses)
	a := &member{Grants: []*holding{{Doc: 1, Role: "r0"}, {Doc: 2, Role: "none"}, {Doc: 3, Role: "r3"}, {Doc: 4, Role: "r0"}, {Doc: 6, Role: "r2"}}}
	d := types.Variable("d")
	for _, test := range []struct {
		rule    string
		calls   int
		results []int
	}{
		{"docs", 2, []int{1, 4, 6, 3}},
		{"things", 5, nil},
		{"folders", 2, []int{1, 4, 6}},
	} {
		for range 2 { // the second time remembered
			results, c := p.count(test.rule, 0, a, "r0", d)
			if !raceDetector && c.calls != test.calls || test.results != nil && results != len(test.results) {
				t.Errorf("%s: %d results by %d calls, want %d by %d", test.rule, results, c.calls, len(test.results), test.calls)
			}
		}
		got := p.askAll(test.rule, 0, a, "r0", d)
		if want := p.askAll(test.rule, ^wam.Features(0), a, "r0", d); got != want {
			t.Errorf("%s: got %s, without optimisations %s", test.rule, got, want)
		}
		for i, part := range strings.Split(got, "; ") {
			if test.results != nil && !strings.Contains(part, fmt.Sprintf(" %d ", test.results[i])) {
				t.Errorf("%s: result %d is %s, want one about %d", test.rule, i, part, test.results[i])
			}
		}
	}
}
