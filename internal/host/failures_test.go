package host

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// team is a group that other groups may share.
type team struct {
	Name    string
	Ids     []int
	Sub     []*team
	touched int
}

// Touch changes the team when it is asked first.
func (g *team) Touch(id int) bool {
	if g.touched++; g.touched > 1 {
		return false
	}
	g.Ids = append(g.Ids, id)
	return true
}

type person struct{ Id int }

// ladder returns a group with n levels below it, of two groups each, which both have the two of the next level as subgroups: 2ⁿ
// ways lead from top to bottom. The last is a group of the lowest level.
func ladder(n int) (top, last *team) {
	below := []*team{{Name: "l"}, {Name: "r"}}
	last = below[1]
	for i := range n {
		a := &team{Name: fmt.Sprint("a", i), Sub: below, Ids: []int{-1}}
		b := &team{Name: fmt.Sprint("b", i), Sub: below}
		below = []*team{a, b}
	}
	return &team{Name: "top", Sub: below}, last
}

const membership = `
	allow(u: Person, "read", g: Team) if member(u, g);
	member(u: Person, g: Team) if id in g.Ids and id = u.Id;
	member(u: Person, g: Team) if s in g.Sub and member(u, s);
	all(u: Person, g: Team, x) if below(u, g, x);
	below(u: Person, g: Team, x) if u.Id in g.Ids and x = g.Name;
	below(u: Person, g: Team, x) if s in g.Sub and below(u, s, x);
	printing(u: Person, g: Team, x) if looking(u, g) and x = 1;
	looking(u: Person, g: Team) if u.Id in g.Ids and print(g.Name);
	looking(u: Person, g: Team) if s in g.Sub and looking(u, s);
	one(u: Person, g: Team, _x) if member(u, g);
	none(u: Person, g: Team, x) if not member(u, g) and x = 1;
	both(u: Person, g: Team, x) if member(u, g) and x = 1;
	changing(u: Person, g: Team, _x) if tried(u, g);
	tried(u: Person, g: Team) if u.Id in g.Ids;
	tried(u: Person, g: Team) if s in g.Sub and tried(u, s);
	tried(u: Person, g: Team) if g.Name = "a5" and g.Touch(u.Id) and tried(u, g);
	cutting(u: Person, g: Team, _x) if chosen(u, g);
	chosen(u: Person, g: Team) if u.Id in g.Ids and cut;
	chosen(_: Person, g: Team) if g.Name = "a3" and cut and false;
	chosen(u: Person, g: Team) if s in g.Sub and chosen(u, s);
	kind(u: Person, g: Team, _x) if sort(u, g, "x");
	sort(u: Person, g: Team, _k: String) if u.Id in g.Ids;
	sort(u: Person, g: Team, k) if s in g.Sub and sort(u, s, k);
	under(u: Person, g: Team, x) if s in g.Sub and under(u, s, x);
	under(u: Person, g: Team, x) if s in g.Sub and member(u, s) and g.Name = "b1" and x = 1;
`

func newMembership(t *testing.T) *policyTest {
	return newPolicyTest(t, membership, map[string]any{"Person": person{}, "Team": team{}})
}

// decide asks for one result, within a time that looking at each way through a ladder of 60 levels would pass by far.
func (p *policyTest) decide(rule string, args ...any) bool {
	p.t.Helper()
	began := time.Now()
	s := p.registry.Acquire()
	defer p.registry.Release(s)
	q := p.query(s, rule, args)
	defer q.Close()
	q.Start(p.t.Context(), s, options(0))
	found, err := q.Next()
	if err != nil {
		p.t.Errorf("after %v: %v", time.Since(began), err)
	}
	return found
}

// Groups that share subgroups are looked through once.
func TestFailedCallsAreRemembered(t *testing.T) {
	p := newMembership(t)
	top, last := ladder(60)
	u := &person{Id: 7}
	for _, rule := range []string{"allow", "allow"} { // the second time on a used machine
		if p.decide(rule, u, "read", top) {
			t.Error("nobody is a member")
		}
	}
	last.Ids = []int{1, 2}
	if p.decide("allow", u, "read", top) {
		t.Error("others are members")
	}
	last.Ids = []int{1, 7}
	if !p.decide("allow", u, "read", top) {
		t.Error("a member of the last group is denied")
	}
	if p.decide("allow", &person{Id: 8}, "read", top) {
		t.Error("another person is admitted")
	}
	if !p.decide("allow", u, "read", top) {
		t.Error("what failed for another person is held against this one")
	}
}

// What is remembered changes no answer: neither which results there are, nor how often, nor in which order.
func TestRememberedFailuresChangeNothing(t *testing.T) {
	for _, levels := range []int{3, 9, 11} {
		for _, rule := range []string{"all", "printing", "one", "none", "both", "changing", "cutting", "kind", "under"} {
			p := newMembership(t)
			for _, at := range []int{-1, 0, 1, levels / 2} {
				ask := func(without wam.Features) string {
					top, last := ladder(levels) // some rules change it
					if at == 0 {
						last.Ids = []int{7}
					}
					for g := top; at > 0 && len(g.Sub) > 0; g = g.Sub[0] {
						if g.Name == fmt.Sprint("a", at) {
							g.Sub[1].Ids = []int{7, 7}
						}
					}
					return p.ask(rule, without, &person{Id: 7}, top)
				}
				want, got := ask(^wam.Features(0)), ask(0)
				if got != want {
					t.Errorf("%s, %d levels, member at %d: %d results, want %d", rule, levels, at, strings.Count(got, ";"), strings.Count(want, ";"))
				}
				if f := ask(wam.Failures); f != want {
					t.Errorf("%s: without this: %d results, want %d", rule, strings.Count(f, ";"), strings.Count(want, ";"))
				}
			}
		}
	}
}

// Values that are no pointers are not remembered: two that look alike may differ.
func TestOnlyPointersAreRemembered(t *testing.T) {
	p := newMembership(t)
	top, last := ladder(10)
	last.Ids = []int{7}
	if !p.decide("allow", person{Id: 7}, "read", *top) {
		t.Error("denied")
	}
	if p.decide("allow", person{Id: 8}, "read", *top) {
		t.Error("admitted")
	}
}

// A limit of steps is about calls, so none is spared under it.
func TestRememberedFailuresSpareNoSteps(t *testing.T) {
	p := newMembership(t)
	top, _ := ladder(11)
	p.limits = engine.Limits{Steps: 2000}
	for _, without := range []wam.Features{0, wam.Failures} {
		if got := p.ask("one", without, &person{Id: 7}, top); !strings.Contains(got, "limit of steps") {
			t.Errorf("without %x: %q", without, got)
		}
	}
}
