package host

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// What the policies of this file are about. Both resources are Things.
type (
	thing   interface{ Kind() string }
	holding struct {
		Doc  int
		Big  uint64
		Role string
		Old  bool
		Tag  string
	}
	member struct {
		Id     int
		Role   string
		Level  int
		Grants []*holding
		Values []holding
		Names  []string
		Nums   []int
		Any    any
	}
	folder struct{ Id int }
	doc    struct {
		Id     int
		Big    uint64
		Folder *folder
		Owner  string
	}
)

func (*doc) Kind() string    { return "doc" }
func (*folder) Kind() string { return "folder" }

// Is is a method for policies; Become is one with an effect.
func (m *member) Is(role string) bool { return m.Role == role }

func (m *member) Become(role string) bool {
	m.Role = role
	return true
}

var roleClasses = map[string]any{"Member": member{}, "Doc": doc{}, "Folder": folder{}, "Thing": (*thing)(nil), "Holding": holding{}}

const roleBlocks = "actor Member {} resource Doc {} resource Folder {}\n"

// people returns fresh actors: some policies change them.
func people() []*member {
	var long []*holding
	for i := range 100 {
		long = append(long, &holding{Doc: i % 3, Big: 7, Role: fmt.Sprintf("r%d", i%6), Tag: fmt.Sprint(i)})
	}
	return []*member{
		{Id: 1, Role: "r4", Level: 1, Grants: []*holding{{Doc: 1, Role: "r9", Big: 7}, {Doc: 2, Role: "r3"}, {Doc: 1, Role: "r3", Tag: "a"}}, Names: []string{"r5", "r1"}, Nums: []int{3, 1}, Any: "r2"},
		{Id: 2, Grants: []*holding{{Doc: 1, Role: "r4", Tag: "b", Old: true}, {Doc: 1, Role: "r1", Tag: "c"}, {Doc: 1, Role: "r4", Tag: "d"}, {Doc: 1, Role: "r\xff"}}, Any: 5,
			Values: []holding{{Doc: 1, Role: "r2", Tag: "e"}, {Doc: 1, Role: "r0", Tag: "f", Big: 7}}},
		{Id: 3, Role: "r1", Grants: []*holding{nil, {Doc: 1, Role: "r2", Big: math.MaxUint64}, {Doc: 1, Role: "r5", Big: 7}}, Names: []string{"\xff", "\uFFFD", "r2"}},
		{Id: 4, Role: "r5", Level: 3, Grants: long},
		{},
	}
}

// rolePolicy writes a random policy for holds(actor, role, resource, x) and may(actor, action, resource, x): chains, trees, diamonds and
// cycles of roles, and rules of all kinds that they lead to.
func rolePolicy(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString(roleBlocks)
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	role := func() string {
		return pick(`"r0"`, `"r1"`, `"r2"`, `"r3"`, `"r4"`, `"r5"`, `"r4"`, `"r5"`, `"r\uFFFD"`)
	}
	tag := 0
	head := func(name, role string) {
		fmt.Fprintf(&b, "%s(%s, %s, %s, x)", name, pick("a: Member", "a: Actor", "a: Actor", "a"), role, pick("d: Doc", "d: Doc", "d: Resource", "d: Thing", "d: Folder", "d"))
	}
	implied := func(name, from, to string) {
		head(name, from)
		fmt.Fprintf(&b, " if holds(a, %s, d, x);\n", to)
	}
	leaf := func() {
		tag++
		head("holds", pick("_role", "_role: String", "_role: String", "_role", role()))
		b.WriteString(" if ")
		b.WriteString(pick(
			`y = 0`,
			`y = 0 and d.Owner = "me"`,
			`a.Missing = y`,
			`y = a.Id and a.Level < "a"`,
			`y = 0 and cut`,
			`y = 0 and a.Level = 1 and cut and a.Role = "r4"`,
			`y = 0 and not a.Role = "r1"`,
			`holds(a, "r5", d.Folder, y)`,
			`f = d.Folder and holds(a, "r2", f, y)`,
			`y = 0 and 1 = a.Id`))
		fmt.Fprintf(&b, " and x = [%d, y] and [a, d] = [_, _];\n", tag)
	}
	keyed := func() {
		tag++
		head("holds", pick("role", "role: String", "role: String"))
		b.WriteString(" if " + pick(
			`g in a.Grants and g.Doc = d.Id and g.Role = role and x = [TAG, g.Tag, role]`,
			`g in a.Grants and g.Doc = d.Id and g.Role = role and x = [TAG, g.Tag, role]`,
			`g in a.Grants and g.Role = role and g.Doc = d.Id and not g.Old and x = [TAG, g.Tag, role]`,
			`g in a.Values and g.Role = role and g.Tag and x = [TAG, role]`,
			`g in a.Values and role = g.Role and x = [TAG, g.Tag, role]`,
			`g in a.Grants and g.Big = d.Big and g.Role = role and x = [TAG, g.Tag, role]`,
			`g in a.Grants and g.Big < 8 and g.Role == role and x = [TAG, g.Tag, role]`,
			`g in a.Grants and g.Missing = role and g.Doc = 77 and x = TAG`,
			`a.Role >= role and g in a.Grants and g.Role = role and x = [TAG, g.Tag, role]`,
			`a.Role != role and a.Any = role and x = [TAG, role]`,
			`g in a.Grants and g.Missing = 1 and g.Role = role and x = TAG`,
			`g in a.Grants and g.Doc = role and x = TAG`,
			`g in a.Grants and g.Role = role and g.Tag < role and x = [TAG, g.Tag, role]`,
			`n in a.Names and n = role and x = [TAG, role]`,
			`n in a.Nums and n = role and x = [TAG, role]`,
			`role in a.Names and x = [TAG, role]`,
			`a.Role = role and x = [TAG, role]`,
			`role = a.Role and a.Level >= 1 and x = [TAG, role]`,
			`a.Level >= 1 and a.Role = role and x = [TAG, role]`,
			`a.Any = role and x = [TAG, role]`,
			`a.Role < role and x = [TAG, role]`,
			`role > a.Role and x = [TAG, role]`,
			`r = a.Role and role = r and x = [TAG, role]`,
			`d.Id = 1 and g in a.Grants and g.Doc = d.Id and g.Role = role and cut and x = [TAG, role]`,
			`a.Level = 1 and g in a.Grants and g.Role = role and g.Doc = d.Id and x = [TAG, g.Tag, role]`) + " and [a, d] = [_, _];\n")
		text := strings.ReplaceAll(b.String(), "TAG", fmt.Sprint(tag))
		b.Reset()
		b.WriteString(text)
	}
	bare := func() {
		fmt.Fprintf(&b, "holds(%s, %s, %s, _x) if %s;\n", pick("a: Member", "a: Actor", "a"), pick("role", "role: String", "role: String"), pick("d: Doc", "d: Doc", "d: Resource", "d"), pick(
			`g in a.Grants and g.Doc = d.Id and g.Role = role`,
			`g in a.Grants and g.Role = role and g.Doc = d.Id`,
			`g in a.Grants and g.Role == role and g.Doc <= d.Id`,
			`g in a.Grants and g.Role = role and g.Doc = d.Id and g.Big = d.Big`,
			`g in a.Grants and g.Doc = d.Id and g.Role = role and g.Tag < "m"`,
			`g in a.Grants and g.Doc = d.Id and g.Role = role and not g.Old`,
			`g in a.Values and g.Role = role and g.Doc = d.Id and g.Big = 7`,
			`g in a.Values and role = g.Role and g.Big <= d.Big`,
			`a.Level <= d.Id and g in a.Grants and g.Role = role`,
			`d.Id = 1 and a.Level = 3 and g in a.Grants and g.Role = role and g.Doc < 2`,
			`d.Id = 1 and n in a.Names and n = role`,
			`g in a.Grants and g.Role = role and g.Doc = d.Id and cut`,
			`g in a.Grants and g.Role = role and g.Doc = d.Id and a.Level >= 0`,
			`g in a.Grants and g.Role = role and h in a.Values and h.Doc = d.Id`))
	}
	method := func() {
		tag++
		head("holds", pick("_role", role()))
		fmt.Fprintf(&b, " if %s and x = %d and [a, d] = [_, _];\n", pick(`a.Is("r4")`, `a.Become("r3") and false`, `a.Become("r5")`, `not a.Is("r1")`), tag)
	}
	var parts []func()
	for i := range 5 {
		if r.IntN(5) > 0 {
			parts = append(parts, func() { implied("holds", fmt.Sprintf(`"r%d"`, i), fmt.Sprintf(`"r%d"`, i+1)) })
		}
	}
	for range r.IntN(4) {
		from := r.IntN(5)
		to := from + 1 + r.IntN(5-from)
		if r.IntN(8) == 0 {
			to = r.IntN(6) // perhaps a cycle
		}
		parts = append(parts, func() { implied("holds", fmt.Sprintf(`"r%d"`, from), fmt.Sprintf(`"r%d"`, to)) })
	}
	for range 1 + r.IntN(3) {
		parts = append(parts, keyed)
	}
	for range r.IntN(3) {
		parts = append(parts, leaf)
	}
	for range r.IntN(3) {
		parts = append(parts, bare)
	}
	if r.IntN(3) == 0 {
		parts = append(parts, method, method)
	}
	if r.IntN(6) == 0 {
		parts = append(parts, func() { implied("holds", "1", role()) }, func() { implied("holds", role(), "1") }, func() { implied("holds", role(), "true") })
	}
	for range 3 {
		parts = append(parts, func() { implied("may", pick(`"read"`, `"write"`), role()) })
	}
	parts = append(parts, func() { b.WriteString(`may(a, "write", d: Doc, x) if may(a, "read", d, x);` + "\n") })
	parts = append(parts, func() {
		b.WriteString("open(a, \"read\", d, x) if holds(a, \"r0\", d, x);\nopen(a, \"write\", d, x) if holds(a, \"r1\", d, x);\n")
	})
	r.Shuffle(len(parts), func(i, k int) { parts[i], parts[k] = parts[k], parts[i] })
	for _, part := range parts {
		part()
	}
	b.WriteString(`chain(a, role, d, x) if role in ["r0", "r2"] and not holds(a, "r1", d, x) and holds(a, role, d, x);` + "\n")
	return b.String()
}

// Whatever a chain of roles leads to is reached in the same order, as often, and with the same errors and questions, whether
// the machine follows the chain or goes straight there.
func TestClosuresChangeNoAnswer(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 100))
	answers := 0
	for range 120 {
		policy := rolePolicy(r)
		p := newPolicyTest(t, policy, roleClasses)
		p.limits = engine.Limits{Depth: 60}
		if r.IntN(4) == 0 {
			p.limits.Depth = 1 + r.IntN(6)
		}
		for range 12 {
			rule := []string{"holds", "holds", "holds", "may", "open", "chain"}[r.IntN(6)]
			actor, resource := r.IntN(7), r.IntN(5)
			name := fmt.Sprintf("r%d", r.IntN(6))
			if rule == "may" || rule == "open" {
				name = []string{"read", "write"}[r.IntN(2)]
			}
			given := any(name)
			switch r.IntN(12) {
			case 0:
				given = wam.VarValue("role")
			case 1:
				given = 1
			}
			// Methods may change objects: each query gets its own.
			args := func() []any {
				people := people()
				actors := []any{people[0], people[1], people[2], people[3], people[4], wam.VarValue("a"), "me"}
				f := &folder{2}
				resources := []any{&doc{Id: 1, Big: 7, Folder: f, Owner: "me"}, &doc{Id: 2, Folder: f}, f, wam.VarValue("d"), &doc{Id: 1, Big: math.MaxUint64, Folder: f}}
				return []any{actors[actor], given, resources[resource]}
			}
			for _, driven := range []bool{false, true} {
				p.driven = driven
				got := address.ReplaceAllString(p.ask(rule, 0, args()...), "")
				for _, without := range []wam.Features{wam.Closures, ^wam.Features(0)} {
					if want := address.ReplaceAllString(p.ask(rule, without, args()...), ""); got != want {
						t.Fatalf("%s\n%s(%d, %v, %d), driven %t: got %s\nwithout optimisations %#x %s", policy, rule, actor, given, resource, driven, got, without, want)
					}
				}
				answers += strings.Count(got, ";")
			}
		}
	}
	if answers < 5000 {
		t.Errorf("only %d answers", answers)
	}
}

// address is what differs between equal answers: addresses, and numbers of variables.
var address = regexp.MustCompile(`0x[0-9a-f]+|\?_[0-9]+`)

// asker is a host that nothing is read from in passing, and that keeps what it is asked.
type asker struct {
	engine.Host
	asked []string
}

func (a *asker) Lookup(ctx context.Context, recv wam.Value, name string) (wam.Value, error) {
	a.asked = append(a.asked, name)
	return a.Host.Lookup(ctx, recv, name)
}

// Single things that closures must not overlook.
func TestClosuresLeaveOutOnlyWhatFails(t *testing.T) {
	const chain = roleBlocks + `
		holds(a: Actor, "r0", d: Doc, x) if holds(a, "r1", d, x);
		holds(a: Actor, "r1", d: Doc, x) if holds(a, "r2", d, x);
		holds(a: Actor, "r2", d: Doc, x) if holds(a, "r3", d, x);
		`
	const missing = "error RuntimeError::Application: Application error: '{7 r4 0 [] [{0 18446744073709551615 none false }] [] [] <nil>}' object has no attribute 'Missing'"
	for _, test := range []struct{ name, rules, want string }{
		{"what a method changes counts for the roles behind it",
			`holds(a: Member, "r1", _: Doc, _) if a.Become("r3") and false;
			holds(a: Member, role: String, _: Doc, x) if a.Role = role and x = role;`, `"r3"`},
		{"what a method changes counts for rules that stand alone, too",
			`holds(a: Member, "r1", _: Doc, _) if a.Become("r9") and false;
			holds(a: Member, "r3", _: Doc, x) if a.Role = "r9" and x = 1;`, "1"},
		{"a cut drops the other rules of its own call",
			`holds(_: Member, "r1", _: Doc, 1) if cut;
			holds(_: Member, "r2", _: Doc, 2); holds(_: Member, "r0", _: Doc, 0);`, "0; 1"},
		{"a cut is followed by the rules of earlier calls",
			`holds(_: Member, "r2", _: Doc, x) if x = 2 and cut;
			holds(_: Member, _role: String, _: Doc, 9);`, "9; 9; 9; 2"},
		{"an error ends the query where it is met",
			`holds(_: Member, "r1", _: Doc, 1); holds(a: Member, "r2", _: Doc, x) if a.Missing = x; holds(_: Member, "r3", _: Doc, 3);`,
			"1; " + missing},
		{"a comparison before the role is made for each role",
			`holds(a: Member, role: String, _: Doc, x) if role > "r2" and a.Id = 7 and x = role;`, `"r3"`},
		{"a comparison before the role is found is made for each role",
			`holds(a: Member, role: String, _: Doc, x) if role > "r2" and g in a.Grants and g.Role = role and x = role;`, `"r3"`},
		{"a literal that stands for several roles is looked for in each",
			`holds(a: Member, "r1", _: Doc, x) if a.Role = "r4" and x = 1; holds(a: Member, "r3", _: Doc, x) if a.Role = "r4" and x = 3;`, "1; 3"},
		{"another argument that a rule replaces stays replaced",
			`holds(a: Actor, role, d: Doc, _x) if other(a, role, d, "never");
			other(_: Member, _: String, _: Doc, x) if [x] = ["ok"];`, ""},
		{"an error before the role is compared is met",
			`holds(a: Member, role: String, _: Doc, x) if a.Missing = 1 and a.Role = role and x = 1;`, missing},
		{"an error before the role is looked for is met",
			`holds(a: Member, role: String, _: Doc, x) if a.Missing = 1 and g in a.Grants and g.Role = role and x = 1;`, missing},
		{"an error of what the role is asked for is met",
			`holds(a: Member, role: String, _: Doc, x) if g in a.Grants and g.Role = role.Missing and x = 1;`,
			"error RuntimeError::Application: Application error: 'r0' object has no attribute 'Missing'"},
		{"an error of what elements are asked before the role is met",
			`holds(a: Member, role: String, _: Doc, x) if v in a.Values and v.Big < 8 and v.Role = role and x = 1;`,
			"error cannot convert uint64: Invalid integer 18446744073709551615, the largest is 9223372036854775807"},
		{"so does the first",
			`holds(_: Actor, role, d: Doc, x) if other("new", role, d, x);
			other(a, _: String, _: Doc, x) if x = a;`, `"new"; "new"; "new"; "new"`},
		{"a role that is compared with a constant is no role of a field",
			`holds(a: Member, role: String, _: Doc, x) if role = "r3" and a.Role = "r4" and x = role;`, `"r3"`},
		{"a role that an element's comes behind is not the element's",
			`holds(a: Member, role: String, _: Doc, x) if g in a.Grants and g.Role >= role and x = role;`, `"r0"; "r1"; "r2"; "r3"`},
		{"an error behind the role is met",
			`holds(a: Member, role: String, d: Doc, _x) if g in a.Grants and g.Role = role and g.Doc < d.Missing;`,
			"error RuntimeError::Application: Application error: '{1 0 <nil> }' object has no attribute 'Missing'"},
		{"another comparison with the role counts",
			`holds(a: Member, role: String, _: Doc, _x) if g in a.Grants and g.Role = role and g.Tag = role;`, ""},
		{"a comparison with a field read before counts",
			`holds(a: Member, role: String, _: Doc, _x) if n = a.Id and g in a.Grants and g.Role = role and g.Doc = n;`, ""},
		{"a condition behind those on elements counts",
			`holds(a: Member, role: String, _: Doc, _x) if g in a.Grants and g.Role = role and a.Id = 8;`, ""},
		{"what conditions bind behind those on elements stays bound",
			`holds(a: Member, role: String, _: Doc, x) if g in a.Grants and g.Role = role and x = 3;`, "3"},
		{"a role is held once",
			`holds(a: Member, role: String, _: Doc, _x) if g in a.Grants and g.Role = role;`, "?x"},
		{"a table is asked as it is",
			`holds(_: Member, "r3", _: Doc, x) if tabled("r0") and x = 1; tabled("r0") if listed("r1");
			tabled("r5") if tabled("r4");` + listed(), "1"},
	} {
		p := newPolicyTest(t, chain+test.rules, roleClasses)
		for _, without := range []wam.Features{0, 0, wam.Closures, ^wam.Features(0)} { // twice, the second time remembered
			if got := address.ReplaceAllString(p.ask("holds", without, &member{Id: 7, Role: "r4", Grants: []*holding{{Role: "r3"}}, Values: []holding{{Role: "none", Big: math.MaxUint64}}}, "r0", &doc{Id: 1}), ""); got != test.want {
				t.Errorf("%s: without optimisations %#x got %s, want %s", test.name, without, got, test.want)
			}
		}
	}
}

// A result may make another one that was none when the elements were first looked at.
func TestClosuresSeeWhatResultsChange(t *testing.T) {
	p := newPolicyTest(t, roleBlocks+`
		holds(a: Actor, "r0", d: Doc) if holds(a, "r1", d);
		holds(a: Member, role: String, d: Doc) if g in a.Grants and g.Role = role and g.Doc = d.Id;
		turned(a, d, x) if holds(a, "r0", d) and a.Turn("r1") and x = 1;`, roleClasses)
	for _, without := range []wam.Features{0, wam.Closures, ^wam.Features(0)} {
		m := &member{Grants: []*holding{{Role: "r1", Doc: 1}}}
		for range maxTurned {
			m.Grants = append(m.Grants, &holding{Role: "r9", Doc: 1})
		}
		if got := p.ask("turned", without, m, &doc{Id: 1}); got != "1; 1" {
			t.Errorf("without optimisations %#x: got %s", without, got)
		}
	}
}

// maxTurned elements are too many to look at all of them for a second result, and few enough to look at them for the first.
const maxTurned = 20

// Turn changes the last grant.
func (m *member) Turn(role string) bool {
	m.Grants[len(m.Grants)-1].Role = role
	return true
}

// listed returns facts, enough of them for a table.
func listed() string {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "listed(\"r%d\");\n", i)
	}
	return b.String()
}

// A literal may be what becomes of a field whose bytes are no UTF-8.
func TestClosuresMendText(t *testing.T) {
	p := newPolicyTest(t, roleBlocks+"holds(a: Actor, \"r0\", x) if holds(a, \"r\uFFFD\", x); holds(a: Member, role: String, x) if a.Role = role and x = 1;\nlisted(a: Actor, \"r0\", x) if listed(a, \"r\uFFFD\", x); listed(a: Member, role: String, x) if g in a.Grants and g.Role = role and x = 1;", roleClasses)
	for role, want := range map[string]string{"r\xff": "1", "r\uFFFD": "1", "r0": "1", "r": "", "r\xff\xff": ""} {
		for _, rule := range []string{"holds", "listed"} {
			if got := p.same(rule, &member{Role: role, Grants: []*holding{{Role: role}}}, "r0"); got != want {
				t.Errorf("%s %q: got %q, want %q", rule, role, got, want)
			}
		}
	}
}

// Limits hold as if each call of a chain were made.
func TestClosuresKeepLimits(t *testing.T) {
	var policy strings.Builder
	policy.WriteString(roleBlocks)
	for i := range 50 {
		fmt.Fprintf(&policy, "holds(a: Actor, \"r%d\", d: Doc, x) if holds(a, \"r%d\", d, x);\n", i, i+1)
	}
	policy.WriteString("holds(a: Member, role: String, _: Doc, x) if a.Role = role and x = role;")
	p := newPolicyTest(t, policy.String(), roleClasses)
	for limit := 1; limit < 60; limit++ {
		for _, p.limits = range []engine.Limits{{Depth: limit}, {Steps: limit}} {
			for _, role := range []string{"r0", "r10", "r49", "none"} {
				p.same("holds", &member{Role: role}, "r0", &doc{Id: 1})
			}
		}
	}
}

// A role that implies itself has no end, except for who holds it.
func TestClosuresOfCycles(t *testing.T) {
	p := newPolicyTest(t, roleBlocks+`
		holds(a: Actor, "r0", d: Doc, x) if holds(a, "r1", d, x); holds(a: Actor, "r1", d: Doc, x) if holds(a, "r0", d, x);
		holds(a: Member, role: String, _: Doc, x) if a.Role = role and x = role;`, roleClasses)
	p.limits = engine.Limits{Depth: 500}
	if got := p.same("holds", &member{Role: "none"}, "r0", &doc{Id: 1}); !strings.Contains(got, "StackOverflow") {
		t.Errorf("got %s", got)
	}
	if got := p.same("holds", &member{Role: "r1"}, "r0", &doc{Id: 1}); strings.Count(got, `"r1"; `) < 200 || !strings.Contains(got, "StackOverflow") {
		t.Errorf("got %s", got)
	}
}

// callCounter counts the calls of a query that runs as if nobody watched, the rules that are entered, and what calls look through.
type callCounter struct{ calls, entered, tried int }

func (c *callCounter) Trace(ev wam.TraceEvent) {
	switch ev.Kind {
	case wam.TraceCall:
		c.calls++
	case wam.TraceEnter:
		c.entered++
	}
	c.tried = ev.Tried
}

func (*callCounter) OnlyCounts() {}

// count asks for all results of a rule, and returns how many there are and what they take.
func (p *policyTest) count(rule string, without wam.Features, args ...any) (results int, c callCounter) {
	p.t.Helper()
	s := p.registry.Acquire()
	defer p.registry.Release(s)
	q := p.query(s, rule, args)
	defer q.Close()
	opts := options(without)
	opts.Tracer = &c
	q.Start(p.t.Context(), s, opts)
	return len(p.results(q)), c
}

// A chain of roles is one call, however long it is, and whichever argument the role is.
func TestAChainOfRolesIsOneCall(t *testing.T) {
	const length = 40
	var policy strings.Builder
	policy.WriteString(roleBlocks)
	for i := range length {
		fmt.Fprintf(&policy, "holds(a: Actor, \"r%[1]d\", d: Doc) if holds(a, \"r%[2]d\", d);\nlead(\"r%[1]d\", a: Actor) if lead(\"r%[2]d\", a);\n", i, i+1)
	}
	policy.WriteString(`
		holds(a: Member, role: String, d: Doc) if g in a.Grants and g.Doc = d.Id and g.Role = role;
		holds(a: Member, role: String, d: Doc) if v in a.Values and v.Role = role and v.Doc = d.Id;
		lead(role: String, a: Member) if a.Role = role;
		may(a: Actor, "read", d: Doc) if holds(a, "r0", d);
		may(a: Actor, "write", d: Doc) if may(a, "read", d);
		may(a: Actor, "write", d: Doc) if passed(a, "read", d);
		passed(a, action, d) if may(a, action, d);
		`)
	p := newPolicyTest(t, policy.String(), roleClasses)
	a := &member{Role: "r40", Grants: []*holding{{Doc: 2, Role: "r40"}, {Doc: 1, Role: "none"}, {Doc: 1, Role: "r40"}}, Values: []holding{{Doc: 1, Role: "r39"}, {Doc: 2, Role: "r0"}}}
	d := &doc{Id: 1}
	for _, test := range []struct {
		rule                    string
		args                    []any
		results, entered, tried int
	}{
		{"holds", []any{a, "r0", d}, 2, 2, 15},
		{"holds", []any{a, "r39", d}, 2, 2, 15},
		{"holds", []any{a, "r40", d}, 1, 2, 7}, // no chain
		{"holds", []any{a, "r0", &doc{Id: 3}}, 0, 0, 5},
		{"lead", []any{"r0", a}, 1, 1, 2},
		{"lead", []any{"r0", &member{}}, 0, 0, 2},
		{"may", []any{a, "read", d}, 2, 2, 15},
		{"may", []any{a, "write", d}, 4, 4, 30},
		{"may", []any{a, "none", d}, 0, 0, 0},
	} {
		for again := range 2 { // the second time remembered
			results, c := p.count(test.rule, 0, test.args...)
			if results != test.results || !raceDetector && (c.calls != 1 || c.entered != test.entered || again > 0 && c.tried > test.tried) {
				t.Errorf("%s(%v): %d results, counts %v, want %v", test.rule, test.args[1], results, c, test)
			}
		}
	}
	if results, c := p.count("holds", wam.Closures, a, "r0", d); results != 2 || c.calls != length+1 {
		t.Errorf("without closures: %d results by %d calls", results, c.calls)
	}
}

// Of all roles that one implies, only those that its holder has are looked for in the rules that the chain ends with.
func TestAChainOfRolesEntersOnlyWhatMayHold(t *testing.T) {
	const length = 10
	var policy strings.Builder
	policy.WriteString(roleBlocks)
	bodies := []string{
		`a.Role = role`, `role = a.Role`, `r = a.Role and role = r`, `a.Level >= 1 and role = a.Role`, `a.Level = 1 and a.Id < 9 and a.Role = role`,
		`g in a.Grants and g.Role = role`, `g in a.Grants and role = g.Role`, `g in a.Grants and role == g.Role and g.Doc = 1`,
		`g in a.Grants and g.Doc = 1 and g.Role == role and g.Tag = "t"`, `g in a.Grants and g.Old and g.Role = role and g.Doc < 2`,
		`v in a.Values and v.Role = role`, `v in a.Values and v.Doc = a.Id and role = v.Role`,
		`n in a.Names and n = role`, `n in a.Names and role = n`, `a.Level = 1 and n in a.Names and role = n`,
	}
	for k, body := range bodies {
		for i := range length {
			fmt.Fprintf(&policy, "holds%[1]d(\"r%[2]d\", a: Actor) if holds%[1]d(\"r%[3]d\", a);\n", k, i, i+1)
		}
		fmt.Fprintf(&policy, "holds%d(role: String, a: Member) if %s;\n", k, body)
	}
	p := newPolicyTest(t, policy.String(), roleClasses)
	actors := []*member{
		{Id: 1, Role: "r3", Level: 1, Names: []string{"r5", "r1", "other"},
			Grants: []*holding{{Doc: 1, Role: "r3", Tag: "t", Old: true}, {Doc: 2, Role: "r4", Tag: "r4"}, {Doc: 1, Role: "r10", Tag: "t"}, {Doc: 1, Role: "other", Old: true}},
			Values: []holding{{Doc: 1, Role: "r2"}, {Doc: 2, Role: "other"}, {Doc: 1, Role: "r0"}}},
		{Role: "other", Level: 1, Names: []string{"none"}, Grants: []*holding{{Role: "other"}}, Values: []holding{{Role: "r11"}}},
		{},
		{Grants: append(slices.Repeat([]*holding{{Role: "other"}}, 40), &holding{Doc: 1, Role: "r3", Tag: "t", Old: true})},
	}
	for k, body := range bodies {
		rule := fmt.Sprintf("holds%d", k)
		for i, a := range actors {
			results, c := p.count(rule, 0, "r0", a)
			want, _ := p.count(rule, wam.Closures, "r0", a)
			if results != want || !raceDetector && (c.calls != 1 || c.entered != results) {
				t.Errorf("%s: %d results for actor %d by %d calls that enter %d rules, want %d", body, results, i, c.calls, c.entered, want)
			}
		}
	}
}

// A closure is for calls whose arguments are known: who is unknown must meet the conditions of all rules on the way.
func TestClosuresConstrainUnknownActors(t *testing.T) {
	p := newPolicyTest(t, roleBlocks+`
		who(d, x) if holds(x, "r0", d);
		holds(a: Actor, "r0", d: Doc) if holds(a, "r1", d);
		holds(_: Member, role: String, d: Doc) if d.Owner = role;
		`, roleClasses)
	for owner, want := range map[string]string{"r1": "(And (Isa ?_this Member{}))", "r2": ""} {
		for _, without := range []wam.Features{0, wam.Closures, ^wam.Features(0)} {
			if got := p.ask("who", without, &doc{Owner: owner}); got != want {
				t.Errorf("%s, without optimisations %#x: got %q, want %q", owner, without, got, want)
			}
		}
	}
}

// What a policy remembers of its chains is bounded, and so is how far it follows one.
func TestClosuresAreBounded(t *testing.T) {
	const length = 3000
	var policy strings.Builder
	policy.WriteString(roleBlocks)
	for i := range length {
		fmt.Fprintf(&policy, "holds(a: Actor, \"r%d\", d: Doc) if holds(a, \"r%d\", d);\n", i, i+1)
	}
	policy.WriteString(`holds(a: Member, role: String, _: Doc) if a.Role = role;`)
	p := newPolicyTest(t, policy.String(), roleClasses)
	a, d := &member{Role: fmt.Sprintf("r%d", length)}, &doc{}
	calls := func(from int) int {
		results, c := p.count("holds", 0, a, fmt.Sprintf("r%d", from), d)
		if results != 1 {
			t.Errorf("%d results from r%d", results, from)
		}
		return c.calls
	}
	if n := calls(0); n != 3 {
		t.Errorf("%d calls for %d roles", n, length)
	}
	for i := 1; i < 100; i++ {
		calls(i)
	}
	if n := calls(length - 10); n != 11 {
		t.Errorf("%d calls for 10 roles, where nothing more is to be remembered", n)
	}
}
