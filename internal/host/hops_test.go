package host

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// What the policies of this file are about. Directories and files are knots.
type (
	knot interface{ Node() }
	dir  struct {
		Id     int
		Parent *dir
		Other  *dir
		Up     any
		Iface  knot
		Inline inlineDir
		List   []*dir
		Anys   []any
		Values []inlineDir
		Names  []string
		Owner  string
	}
	inlineDir struct{ Id int }
	file      struct {
		Id     int
		In     *dir
		Parent *dir
	}
	walker struct{ Name string }
)

func (*dir) Node()  {}
func (*file) Node() {}

// Above is a method for policies.
func (d *dir) Above() *dir { return d.Parent }

var treeClasses = map[string]any{"Walker": walker{}, "Dir": dir{}, "File": file{}, "Inline": inlineDir{}, "Knot": (*knot)(nil)}

const treeBlocks = "actor Walker {} resource Dir {} resource File {}\n"

// tree returns nodes of which some are in others.
func tree() []any {
	a := &dir{Id: 1, Owner: "a"}
	b := &dir{Id: 2, Parent: a, Up: a, Owner: "b"}
	c := &dir{Id: 3, Parent: b, Other: a, Iface: b, Owner: "c", List: []*dir{a, b}, Anys: []any{b, 1}}
	d := &dir{Id: 4, Parent: c, Other: c, Up: "c", Iface: c, Inline: inlineDir{5}, Owner: "b", List: []*dir{c}, Anys: []any{c}, Values: []inlineDir{{1}, {2}, {3}}, Names: []string{"a", "b"}}
	f := &file{Id: 6, In: d, Parent: d}
	round := &dir{Id: 7, Owner: "r"}
	round.Parent, round.List = round, []*dir{a, nil, d}
	return []any{a, b, c, d, f, &file{Id: 8, Parent: c}, round, (*dir)(nil), d.Inline, "none"}
}

// treePolicy writes a random policy for may(actor, action, node, x): relations between nodes, and rules that follow them.
func treePolicy(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString(treeBlocks)
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	class := func() string {
		return pick("", ": Dir", ": Dir", ": Dir", ": File", ": Knot", ": Resource", ": Dir{Id: 3}")
	}
	plain := func() {
		fmt.Fprintf(&b, "rel(p%s, %s, d: Dir) if %s;\n", pick("", ": Dir", ": Dir", ": Knot", ": File"), pick(`"up"`, `"up"`, "_"), pick("p = d.Parent", "p = d.Parent", "d.Parent = p", "p = d.Other"))
		fmt.Fprintf(&b, "rel(p%s, \"up\", d: File) if p = d.%s;\n", pick("", ": Dir", ": Dir", ": Knot"), pick("In", "In", "Parent"))
	}
	relation := func() {
		name := pick(`"up"`, `"up"`, `"up"`, `"in"`, "_", "1")
		fmt.Fprintf(&b, "rel(p%s, %s, d%s) if %s;\n", class(), name, class(), pick(
			"p = d.Parent", "p = d.Parent", "p = d.Parent", "d.Parent = p", "p = d.In", "p = d.Other", "p = d.Up", "p = d.Iface",
			"p = d.Inline", "p in d.List", "p = d.Missing", "p = d.Above()", "p = d.Parent and cut", "p = d.Parent and p.Id < 3",
			"d.Id > 1 and p = d.Parent", "d = p", "[p, d] = [_, _]"))
	}
	head := func(action string) {
		fmt.Fprintf(&b, "may(%s, %s, %s, x)", pick("u: Walker", "u: Actor", "u: Actor", "u"), action, pick("d: Dir", "d: Dir", "d: File", "d: Knot", "d: Resource", "d"))
	}
	action := func() string { return pick(`"read"`, `"read"`, `"write"`, "_act", "_act: String") }
	follow := func() {
		if r.IntN(4) == 0 {
			head(pick("act", "act: String"))
			fmt.Fprintf(&b, ` if rel(p, "up", d) and may(u, act, p, x);`+"\n")
			return
		}
		head(action())
		b.WriteString(" if " + pick(
			`rel(p, "up", d) and may(u, "read", p, x)`,
			`rel(p, "up", d) and may(u, "read", p, x)`,
			`rel(p, "up", d) and may(u, "write", p, x)`,
			`rel(p, "in", d) and may(u, "read", p, x)`,
			`rel(p, "up", d) and back(p, x, "read", u)`,
			`rel(d, "up", p) and may(u, "read", p, x)`,
			`rel(p, "up", d) and same(p, p, u, x)`,
			`rel(_, "up", d) and end(x, u)`,
			`p in d.List and may(u, "read", p, x)`,
			`p in d.List and may(u, "read", p, x)`,
			`p in d.List and may(u, "write", p, x)`,
			`p in d.List and back(p, x, "read", u)`,
			`p in d.List and p.Id != 2 and may(u, "read", p, x)`,
			`p in d.Anys and may(u, "read", p, x)`,
			`p in d.Values and same(p, p, u, x)`,
			`p in d.Names and name(u, p, x)`,
			`_ in d.List and may(u, "write", d, x)`,
			`rel(p, "up", d) and cut and may(u, "read", p, x)`,
			`rel(p, x, d) and may(u, "read", p, x)`,
			`rel(_, "up", d) and may(u, "write", d, x)`) + ";\n")
	}
	own := func() {
		head(action())
		b.WriteString(" if [u, d] = [_, _] and " + pick("d.Owner = u.Name and x = d.Id", "d.Owner = u.Name and x = d.Id", "d.Owner = u.Name and x = d.Id", "x = d.Id", "x = d.Id and d.Id < 3", "d.Owner = u.Name and x = d.Missing", "x = [u, d] and d.Owner = u.Name and cut") + ";\n")
	}
	var parts []func()
	if r.IntN(3) > 0 {
		parts = append(parts, plain)
	}
	for len(parts) == 0 || r.IntN(2) == 0 {
		parts = append(parts, relation)
	}
	for range 1 + r.IntN(3) {
		parts = append(parts, follow)
	}
	for range 1 + r.IntN(2) {
		parts = append(parts, own)
	}
	parts = append(parts, func() {
		b.WriteString("back(d: Dir, x, act, u) if rel(p, \"up\", d) and may(u, act, p, x);\nback(d, x, _, _) if x = d.Id;\n")
	})
	r.Shuffle(len(parts), func(i, k int) { parts[i], parts[k] = parts[k], parts[i] })
	for _, part := range parts {
		part()
	}
	b.WriteString("same(a, b, _, x) if a.Id = b.Id and x = a.Id;\nend(x, _) if x = 1;\nname(_, p, x) if x = p;\nnone(u, act, d, x) if not may(u, act, d, _) and x = 0;\n")
	return b.String()
}

// What a rule finds in a field is the same, with the same errors, limits and questions, whether the rule is called or the field read at once.
func TestHopsChangeNoAnswer(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 7))
	answers := 0
	for range 150 {
		policy := treePolicy(r)
		p := newPolicyTest(t, policy, treeClasses)
		for range 12 {
			p.limits = engine.Limits{Depth: 40, Steps: 100}
			switch r.IntN(6) {
			case 0:
				p.limits.Depth = 1 + r.IntN(9)
			case 1:
				p.limits.Steps = 1 + r.IntN(20)
			}
			args := []any{&walker{pick(r, "a", "b", "none")}, pick[any](r, "read", "read", "write", wam.VarValue("act")), pick(r, tree()...)}
			switch r.IntN(20) {
			case 0:
				args[0] = wam.VarValue("u")
			case 1:
				args[2], p.limits.Steps = wam.VarValue("d"), 20
			}
			rule := pick(r, "may", "may", "may", "none")
			for _, p.driven = range []bool{false, true} {
				// Calls that are known to fail are not counted, so both sides of a comparison remember them, or neither does.
				for _, without := range [][2]wam.Features{{0, wam.Hops}, {wam.Failures, ^wam.Features(0)}} {
					got, want := address.ReplaceAllString(p.ask(rule, without[0], args...), ""), address.ReplaceAllString(p.ask(rule, without[1], args...), "")
					if got != want {
						t.Fatalf("%s\n%s%v, limits %+v, driven %t: without optimisations %#x got %s\nwithout %#x %s", policy, rule, args, p.limits, p.driven, without[0], got, without[1], want)
					}
					answers += strings.Count(got, ";")
				}
			}
		}
	}
	if answers < 3000 {
		t.Errorf("only %d answers", answers)
	}
}

// Single things that hops must not overlook.
func TestHopsAreOnlyWhatIsAsSimple(t *testing.T) {
	const follow = treeBlocks + `
		may(u: Actor, "read", d: Dir, x) if rel(p, "up", d) and may(u, "read", p, x);
		may(u: Walker, "read", d: Dir, x) if d.Owner = u.Name and x = d.Id;
		`
	nodes := tree()
	for _, test := range []struct{ name, rules, want string }{
		{"a field is read", `rel(p: Dir, "up", d: Dir) if p = d.Parent;`, "1"},
		{"what the field holds is of another class", `rel(p: File, "up", d: Dir) if p = d.Parent;`, ""},
		{"a field of another argument", `rel(p, n, _: Dir) if p = n.Parent;`, "error RuntimeError::Application: Application error: 'up' object has no attribute 'Parent'"},
		{"a field of the field", `rel(p, "up", d: Dir) if d.Id = 4 and p = d.Other.Parent.Parent;`, "1"},
		{"two ways to the same", `rel(p, "up", d: Dir) if p = d.Parent; rel(p: Dir, "up", d: Dir) if p = d.Parent;`, "1; 1; 1; 1; 1; 1; 1; 1"},
		{"another relation", `rel(p, "above", d: Dir) if p = d.Parent;`, ""},
		{"all relations", `rel(p, _, d: Dir) if p = d.Parent;`, "1"},
		{"a relation of files", `rel(p, "up", d: File) if p = d.Parent;`, ""},
		{"an object that is of both classes", `rel(p, "up", d: Knot) if p = d.Parent;`, "1"},
		{"a table", `rel("a", "up", "b"); rel("b", "up", "c");`, ""},
		{"a condition before", `rel(p, "up", d: Dir) if d.Id != 3 and p = d.Parent;`, ""},
		{"a condition behind", `rel(p, "up", d: Dir) if p = d.Parent and p.Id != 1;`, ""},
		{"a list", `rel(p, "up", d: Dir) if p in d.List or d.Id = 4 and p = d.Parent;`, "1; 1"},
		{"each of a list", `may(u: Walker, "read", d: Dir, x) if p in d.List and may(u, "read", p, x); rel(p: Dir, "up", d: Dir) if p = d.Parent;`, "1; 1; 1; 1; 1; 1"},
		{"each of no list", `may(u: Walker, "read", d: Dir, x) if p in d.Id and may(u, "read", p, x); rel(p: File, "up", d: Dir) if p = d.Parent;`,
			"error RuntimeError::TypeError: Type error: can only use `in` on an iterable value, this is 4"},
		{"each of strings", `may(u: Walker, "read", d: Dir, x) if p in d.Names and name(u, p, x); name(_, p, x) if x = p; rel(p: File, "up", d: Dir) if p = d.Parent;`, `"a"; "b"`},
		{"a method", `rel(p, "up", d: Dir) if p = d.Above();`, "1"},
		{"a field that may hold anything", `rel(p, "up", d: Dir) if d.Id = 2 and p = d.Up or d.Id > 2 and p = d.Iface;`, "1"},
	} {
		p := newPolicyTest(t, follow+test.rules, treeClasses)
		if got := p.same("may", &walker{"a"}, "read", nodes[3]); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }
