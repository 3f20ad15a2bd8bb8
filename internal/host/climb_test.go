package host

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// What the policies of this file are about: floors above floors, and yards between them.
type (
	floor struct {
		Id    int
		Two   int
		Owner string
		Big   uint64
		Up    *floor
		Yard  *yard
		Near  []*floor
		Ids   []int
		Yards []*yard
		Down  *floor
	}
	yard struct {
		Near  []*floor
		Ids   []int
		Id    int
		Two   int
		Owner string
		Up    *floor
	}
	climber struct {
		Id   int
		Name string
		Big  uint64
	}
)

var towerClasses = map[string]any{"Climber": climber{}, "Floor": floor{}, "Yard": yard{}}

// tower returns the lowest of some floors, of which some have owners of note. Some towers end in themselves.
func tower(r *rand.Rand) any {
	height := []int{0, 1, 2, 5, 30, 80}[r.IntN(6)]
	top := &floor{Id: 0, Owner: pick(r, "a", "b", "\xff")}
	if r.IntN(8) == 0 {
		top.Up = top
	}
	at := top
	for i := range height {
		below := &floor{Id: i + 1, Two: i + pick(r, 1, 2, 2, 2, 2, 2, 2), Owner: pick(r, "c", "c", "c", "c", "c", "c", "c", "c", "c", "a", "\xff"), Big: uint64(i), Up: at, Near: []*floor{at}}
		if r.IntN(20) == 0 {
			below.Yard, below.Up = &yard{Id: i, Owner: pick(r, "c", "a"), Up: at}, nil
		}
		switch r.IntN(20) {
		case 0:
			below.Near = []*floor{top, at}
		case 1, 2, 3:
			for range r.IntN(5) {
				below.Near = append(below.Near, &floor{Id: r.IntN(9), Two: 5, Owner: pick(r, "c", "c", "c", "a", "\xff"), Ids: []int{r.IntN(9)}})
			}
			if r.IntN(4) == 0 {
				below.Near = append(below.Near, nil)
			}
			r.Shuffle(len(below.Near), func(i, k int) { below.Near[i], below.Near[k] = below.Near[k], below.Near[i] })
		}
		for range r.IntN(3) {
			below.Ids = append(below.Ids, i)
		}
		at = below
	}
	if r.IntN(6) == 0 {
		return &yard{Id: -1, Owner: "c", Up: at}
	}
	return at
}

// towerPolicy writes a policy by which a question climbs from floor to floor and passes by rules that ask something of each.
func towerPolicy(r *rand.Rand, ways int) string {
	var b strings.Builder
	b.WriteString("actor Climber {} resource Floor {} resource Yard {}\n")
	own := func() {
		fmt.Fprintf(&b, "may(u: Climber, %s, d: %s) if %s%s and u = u;\n", pick(r, `"go"`, `"go"`, `"go"`, "_"), pick(r, "Floor", "Floor", "Floor", "Yard"),
			pick(r, "d.Owner = u.Name", "u.Name = d.Owner", "d.Id = u.Id", `d.Owner = "a"`, "d.Id = 7", "d.Id = 0", "d.Big = u.Big", "d.Id < 1", "d.Owner = d.Owner", "n in d.Near and n.Owner = u.Name", "i in d.Ids and i = u.Id", "i in d.Ids and i = d.Id", "i in d.Ids and i > 70", "d.Id = d.Two", "d.Two = d.Id",
				`d.Id = 3 and d.Owner = "a"`, "d.Up = nil", "d.Id = 2.0", `d.Owner = 1`, "d.Yard.Id = 1", "d.Id = u.Name", "not d.Id > 1"),
			pick(r, "", "", " and u.Id > 1", " and d.Missing = 1", " and cut"))
	}
	follow := func() {
		fmt.Fprintf(&b, "may(%s, %s, d: %s) if %s and may(u, %s);\n", pick(r, "u: Actor", "u: Actor", "u"), pick(r, `"go"`, `"go"`, "_"), pick(r, "Floor", "Floor", "Resource", "Yard"),
			pick(r, `rel(p, "up", d)`, `rel(p, "up", d)`, `rel(p, "up", d)`, `p in d.Near`, `p in d.Near`, `rel(p, "yard", d)`, `rel(p, "down", d)`), pick(r, `"go", p`, `"go", p`, `"go", p`, `"go", p`, `"see", p`))
	}
	b.WriteString(`rel(p: Floor, "up", d: Floor) if p = d.Up; rel(p: Yard, "yard", d: Floor) if p = d.Yard; rel(p: Floor, "down", d: Floor) if p = d.Down;` + "\n")
	b.WriteString(`rel(p: Floor, "up", d: Yard) if p = d.Up; may(_: Climber, "see", d: Floor) if d.Id = 2;` + "\n")
	for range 1 + r.IntN(5) {
		own()
	}
	for range ways {
		follow()
	}
	b.WriteString(`pair(d: Floor, _: Floor) if d.Id = 0; pair(_: Floor, e: Floor) if e.Owner = "a";` + "\n" + pick(r,
		`pair(d: Floor, e: Floor) if rel(p, "up", e) and pair(d, p);`,
		`pair(d: Floor, e: Floor) if rel(p, "up", d) and pair(p, e);`,
		`pair(d: Floor, _: Floor) if rel(p, "up", d) and pair(d, p);`,
		`pair(_: Floor, e: Floor) if rel(p, "up", e) and pair(p, e);`,
		`pair(d: Floor, e: Floor) if rel(p, "up", d) and pair(e, p);`) + "\n")
	b.WriteString(`with(_, d, _) if pair(d, d);` + "\n")
	b.WriteString(`only(u, d, _) if may(u, "go", d); see(u, d, _) if may(u, "see", d); twice(u, d, x) if may(u, "go", d) and may(u, "go", d) and x = 1;` + "\n")
	b.WriteString(`none(u, d, x) if not may(u, "go", d) and x = 0; call(u, d, x) if d.Id >= 0 and may(u, "go", d) and x = d.Id;` + "\n")
	return b.String()
}

// grove returns a floor that is near few others, most of which are near none.
func grove(r *rand.Rand, depth int) *floor {
	f := &floor{Id: r.IntN(9), Two: r.IntN(9), Owner: pick(r, "c", "c", "c", "c", "a", "\xff"), Big: uint64(r.IntN(5))}
	for range r.IntN(3) {
		f.Ids = append(f.Ids, r.IntN(9))
	}
	if r.IntN(12) == 0 {
		f.Ids = make([]int, 40)
	}
	if depth == 0 || r.IntN(3) == 0 {
		return f
	}
	for range r.IntN(6) {
		f.Near = append(f.Near, grove(r, depth-1))
	}
	if r.IntN(10) == 0 {
		f.Near = append(f.Near, nil, grove(r, 0))
	}
	for range r.IntN(3) {
		f.Yards = append(f.Yards, &yard{Id: r.IntN(9), Owner: pick(r, "c", "a"), Ids: []int{r.IntN(9)}})
	}
	return f
}

// What a question finds above an object is the same, within the same limits, whether it goes there by calls or climbs.
func TestClimbsChangeNoAnswer(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1415))
	climbs(t, r, 150, tower, func(policy string) string { return policy })
}

// So is what it finds in a tree of lists.
func TestPassingLeavesChangesNoAnswer(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 18))
	lists := strings.NewReplacer(`rel(p, "up", d) and may`, `p in d.Near and may`, `rel(p, "down", d) and may`, `p in d.Yards and may`)
	climbs(t, r, 300, func(r *rand.Rand) any { return grove(r, 3) }, lists.Replace)
}

// Each of several rules is asked about the elements of a leaf's lists.
func TestLeavesPassSeveralRules(t *testing.T) {
	p := newPolicyTest(t, `actor Climber {} resource Floor {}
		may(u: Climber, d: Floor) if i in d.Ids and i = u.Id;
		may(_: Climber, d: Floor) if i in d.Ids and i > 70;
		may(u: Actor, d: Floor) if p in d.Near and may(u, p);
		only(u, d, _) if may(u, d);`, towerClasses)
	for _, ids := range [][]int{{1, 2}, {2, 3, 71}, {80}, {0, 70}} {
		p.same("only", &climber{Id: 2}, &floor{Near: []*floor{{}, {Ids: []int{70}}, {Ids: ids}, {Ids: []int{5}}}})
	}
}

// climbs asks random policies about objects, with optimisations and without.
func climbs(t *testing.T, r *rand.Rand, policies int, object func(r *rand.Rand) any, rewrite func(policy string) string) {
	answers, errors := 0, 0
	for range policies {
		ways := 1 + r.IntN(2)
		policy := rewrite(towerPolicy(r, ways))
		p := newPolicyTest(t, policy, towerClasses)
		for range 20 {
			p.limits = engine.Limits{Depth: 200, Steps: 300}
			if ways == 1 && r.IntN(2) == 0 {
				p.limits.Steps = -1
			}
			switch r.IntN(6) {
			case 0:
				p.limits.Depth = 1 + r.IntN(pick(r, 6, 90))
			case 1:
				p.limits.Steps = 1 + r.IntN(pick(r, 20, 150))
			}
			args := []any{&climber{r.IntN(4), pick(r, "a", "c", "z", "\xff"), 3}, object(r)}
			rule := pick(r, "only", "only", "only", "see", "with", "twice", "none", "call")
			if rule == "twice" {
				p.limits.Steps = 100
			}
			for _, without := range [][2]wam.Features{{0, wam.Hops}, {wam.Failures, wam.Failures | wam.Hops}, {wam.Failures, ^wam.Features(0)}, {wam.Merges, wam.Hops | wam.Merges}} {
				got, want := address.ReplaceAllString(p.ask(rule, without[0], args...), ""), address.ReplaceAllString(p.ask(rule, without[1], args...), "")
				if got != want {
					t.Fatalf("%s\n%s%v, limits %+v: without optimisations %#x got %.300s\nwithout %#x %.300s", policy, rule, args, p.limits, without[0], got, without[1], want)
				}
				if strings.Contains(got, "error") {
					errors++
				}
				if got != "" {
					answers++
				}
			}
		}
	}
	if answers < 1000 || errors < 500 {
		t.Errorf("only %d answers, %d errors", answers, errors)
	}
}
