package oso_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
)

// Objects of three classes, so that declarations differ. Graph holds what is above each.
type (
	ShelfA struct{ ID int }
	ShelfB struct{ ID int }
	ShelfC struct{ ID int }
	Graph  struct{ above map[any][]any }
)

func (g Graph) Parents(x any) []any { return g.above[x] }

func (Graph) Join(space, name string) string { return space + ":" + name }

// reference decides roles as their description does, step by step, without a memory: it follows every path. Parents must
// not be circular.
const reference = `
grants(actor, action, res) if
  resource(res, space, actions, roles) and action in actions and
  granting(action, space, res, roles, role, holder) and can(actor, role, holder);
granting(action, _, res, roles, role, res) if [role, cfg] in roles and action in cfg.permissions;
granting(action, space, res, _, role, up) if
  above(res, up) and resource(up, _, _, roles) and [role, cfg] in roles and graph.Join(space, action) in cfg.permissions;
can(actor, role, res) if from(role, res, r, x, []) and actor_has_role_for_resource(actor, r, x);
from(role, res, role, res, _);
from(role, res, r, x, seen) if
  not [role, res] in seen and step(role, res, m, y) and from(m, y, r, x, [[role, res], *seen]);
step(role, res, m, res) if resource(res, _, _, roles) and [m, cfg] in roles and role in cfg.implies;
step(role, res, m, up) if
  above(res, up) and resource(res, space, _, _) and resource(up, _, _, roles) and
  [m, cfg] in roles and graph.Join(space, role) in cfg.implies;
above(c, p) if parent_child(p, c);
above(c, a) if parent_child(p, c) and above(p, a);
`

// TestRolesAgreeWithTheirDescription decides about random declarations, parents and holders by both.
func TestRolesAgreeWithTheirDescription(t *testing.T) {
	const policies, objects, roleNames = 60, 6, 4
	yes, no := 0, 0
	for seed := range uint64(policies) {
		r := rand.New(rand.NewPCG(seed, 1))
		pick := func(list ...string) string { return list[r.IntN(len(list))] }
		names := func(bare string, n int) string {
			var list []string
			for range r.IntN(3) {
				list = append(list, fmt.Sprintf("%q", pick("", "", "a:", "b:", "c:")+fmt.Sprint(bare, r.IntN(n))))
			}
			return "[" + strings.Join(list, ", ") + "]"
		}
		var policy strings.Builder
		policy.WriteString(assignment + reference + "parent_child(parent, child) if parent in graph.Parents(child);\n")
		for _, class := range []string{"A", "B", "C"} {
			var roles []string
			for i := range roleNames {
				roles = append(roles, fmt.Sprintf("r%d: {permissions: [%q], implies: %s}", i, pick("p0", "p1", "a:p0", "b:p0", "c:p1"), names("r", roleNames)))
			}
			fmt.Fprintf(&policy, "resource(_: Shelf%s, %q, [\"p0\", \"p1\"], {%s});\n", class, strings.ToLower(class), strings.Join(roles, ", "))
		}

		graph := Graph{map[any][]any{}}
		var all []any
		for id := range objects {
			x := []any{ShelfA{id}, ShelfB{id}, ShelfC{id}}[r.IntN(3)]
			for _, up := range all {
				if r.IntN(3) == 0 {
					graph.above[x] = append(graph.above[x], up)
				}
			}
			all = append(all, x)
		}
		o := newRoles(t, oso.WithoutAllowWarning())
		for _, class := range []any{ShelfA{}, ShelfB{}, ShelfC{}} {
			must(t, o.RegisterClass(class, nil))
		}
		must(t, o.RegisterConstant(graph, "graph"))
		must(t, o.EnableRoles())
		must(t, o.LoadString(policy.String()))
		for range 40 {
			actor := Actor{Held: []Held{{fmt.Sprint("r", r.IntN(roleNames)), all[r.IntN(objects)]}}}
			x := all[r.IntN(objects)]
			action, role := pick("p0", "p1"), fmt.Sprint("r", r.IntN(roleNames))
			for _, rules := range [][2]string{{"role_allows", "grants"}, {"actor_can_assume_role", "can"}} {
				what := action
				if rules[1] == "can" {
					what = role
				}
				got, err := o.QueryRuleOnce(rules[0], actor, what, x)
				must(t, err)
				want, err := o.QueryRuleOnce(rules[1], actor, what, x)
				must(t, err)
				if got != want {
					t.Fatalf("seed %d: %s(%v, %s, %T%v): got %v, want %v\nparents %v\n%s", seed, rules[0], actor, what, x, x, got, want, graph, policy.String())
				}
				if got {
					yes++
				} else {
					no++
				}
			}
		}
	}
	if yes < 100 || no < 100 {
		t.Errorf("%d allowed, %d denied: the policies show too little", yes, no)
	}
}
