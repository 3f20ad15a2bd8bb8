package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/compiler"
	"github.com/goso-project/goso/internal/diag"
)

// loadForms loads a policy with forms from a number of rules on.
func loadForms(t *testing.T, policy string, from int) *state {
	t.Helper()
	st, _, ok := loadFast(EmptyPolicy(), text(policy), register(testRegistry()), nil, LoadOptions{FormsFrom: from, FactsFrom: math.MaxInt})
	if !ok {
		t.Fatalf("%q does not take the fast way", policy)
	}
	return st
}

// Rules that differ in nothing but literals are compiled once, and each has its own literals and places.
func TestRulesOfOneForm(t *testing.T) {
	for _, rules := range []string{
		`f("a", 1); f("b", 2);f ( "c\n" , 3 ) ;`,
		`f(x: Integer, "a") if x > 1 and x < 20; f( x : Integer, "bc" ) if x >
			300 # three hundred
			and x < 4;`,
		`f(x, y) if x.a = "a" and y.b.c = 1 or g(x, "b"); f(x, y) if x.a = "" and y.b.c = 1000 or g(x, "cc"); g(_, "d"); g(_,"e");`,
		`f(x) if not g(x, "a") and cut; f(x) if  not g(x, "bb")  and cut; g(_, _);`,
		`f(x) if forall(g(x, "a"), x != 1); f(x) if forall(g(x, "b") , x != 2); g(_, _);`,
		`f(x, "a") if y = x + 1 and 2 * y = z and g(y, z); f(x, "a") if y = x + 0 and 3 * y = z and g(y, z); g(1, 2); g(3, 3);`,
		`f(x) if x.m("a", 1) and x.n(true).k = false; f(x) if x.m("b", 2) and x.n(true).k = false;`,
		`f(_, "a") if print("b", 1); f(_, "b") if print("c", 2);`,
		`f(1) if x = "a" and x = "b"; f(2) if x = "b" and x = "b";`,
		`f(_: Actor, "a"); f(_: Actor, "b");`,
		`f(x) if x in x.list and x = 1; f(x) if x in x.list and x = 2;`,
		`f(x) if x in [1, 2]; f(x) if x in [3, 4]; f(x) if x in [3, 3];`,
		`f(x) if x in ["a", 1] and not x in ["b", 2, true]; f(x) if x in ["c", 4] and not x in ["d", 5, true];`,
		`f(x, y) if g(x, ["a", "b"]) and y = ["c"] and x in y; f(x, y) if g(x, ["a", "c"]) and y = ["d"] and x in y; g(_, _);`,
		`f(x) if x.m(["a", "b"]) in [[], 1] or x in []; f(x) if x.m(["a", "c"]) in [2, 1] or x in []; f(x) if x.m(["b", "c"]) in [3, 1] or x in [];`,
	} {
		st := loadForms(t, rules, 1)
		if st.filled == 0 {
			t.Errorf("%s: no rule is filled in", rules)
		}
		bothWays(t, text(rules), testRegistry(), LoadOptions{FactsFrom: math.MaxInt})
	}
}

// Rules may differ in the classes of parameters, too.
func TestRulesOfOneFormHaveSeveralClasses(t *testing.T) {
	for _, test := range []struct {
		rules  string
		filled int // all but the first of each form
	}{
		{`f(_: User); f(_: Repo); f( _ : Integer );`, 2},
		{`f(x: User, "a") if x.k = 1 and x.l = "a"; f(x: Repo, "b") if x.k = 2 and x.l = "b"; f(x: Org, "b") if x.k = 3 and x.l = "b";`, 2},
		{`f(_: User, _: User); f(_: User, _: Repo); f(_: Repo, _: Repo); f(_: Integer, _: User);`, 3},
		{`f(x: User, y: Repo) if x.a in y.list; f(y: Org, x: User) if y.a in x.list; f(x: Org, y: Org) if x.a in y.list;`, 1},
		{`f(User: User) if User; f(Repo: Repo) if Repo; f(User: Repo) if User;`, 1},
		{`f(_: Actor, _: User); f(_: Actor, _: Repo); f(_: Resource, _: User); f(_: User, _: User);`, 1},
		{`f(_: Nope); f(_: User); f(_: Nope); f(_: Repo);`, 1},
		{`f(_: User{}); f(_: Repo{}); f(_: Repo{a: 1}); f({a: User}); f({a: Repo}); f([User]); f([Repo]);`, 0},
		{`f(x) if x matches User; f(x) if x matches Repo; f(x) if x = User; f(x) if x = Repo;`, 0},
		{`f(x: User) if g(new Repo(a: x)); f(x: Org) if g(new User(a: x)); g(_);`, 0},
		{`type f(x: User); f(_: User); f(_: User);`, 0},
	} {
		if st := loadForms(t, test.rules, 2); st.filled != test.filled {
			t.Errorf("%s: %d rules are filled in, not %d", test.rules, st.filled, test.filled)
		}
		bothWays(t, text(test.rules), testRegistry(), LoadOptions{FactsFrom: math.MaxInt})
	}
}

// What a form cannot tell is compiled rule by rule.
func TestRulesWithoutForm(t *testing.T) {
	for _, rules := range []string{
		`f([1, "a"]); f([2, "b"]);`,
		`f(x) if x in [1, [2]]; f(x) if x in [3, [4]]; f(x) if x in [1, 2.5]; f(x) if x in [3, 2.5]; f(x) if x in [{a: 1}]; f(x) if x in [{a: 2}];`,
		`f(x) if x in [1, 9223372036854775807]; f(x) if x > 1.5 and x in [1]; f(x) if x > 1.5 and x in [2]; f(x, y) if x in [y, 1]; f(x, y) if x in [y, 2];`,
		`f(_: [1, 2]); f(_: [1, 3]); f([1], "a"); f([2], "b"); f(x) if x = {a: 1} or x in ["b"]; f(x) if x = {a: 2} or x in ["c"];`,
		`f(x) if y in ["a", "b"] and x.k = y; f(x) if y in ["c", "d"] and x.k = y;`,
		`f(x) if x.("a") = 1; f(x) if x.("b") = 1;`,
		`f(-1); f(-2);`,
		`f(1.5); f(1.5);`,
		`f(x) if x matches {a: 1}; f(x) if x matches {a: 2};`,
		`f({a: "b"}); f({a: "c"});`,
		`f(_: {a: 1}); f(_: {a: 2});`,
		`f(x: 1) if x; f(x: 2) if x;`,
		`f(x) if y in x.list and y.k = 1 and x.l = x.m; f(x) if y in x.list and y.k = 2 and x.l = x.m;`,
		`f(9223372036854775807); f(9223372036854775806);`,
		`type f(x: 1); f(1); f(1);`,
		`f(_: Nope, 1); f(_: Nope, 2);`,
		`f(x) if x = 1 and x = 2 or x = 3; f(x) if x = 1 and x = 4 or x = 3;`,
	} {
		if st := loadForms(t, rules, 1); st.filled > 0 {
			t.Errorf("%s: %d rules are filled in", rules, st.filled)
		}
		bothWays(t, text(rules), testRegistry(), LoadOptions{FactsFrom: math.MaxInt})
	}
}

// Strings of a hop are part of the program, beside the code that a form holds.
func TestHopsHaveNoForm(t *testing.T) {
	policy := text(`f(a, "x", o) if g(p, "up", o) and f(a, "x", p); f(a, "y", o) if g(p, "up", o) and f(a, "y", p); g(p, "up", o) if p = o.up;`)
	bothWays(t, policy, testRegistry(), LoadOptions{FactsFrom: math.MaxInt})
}

// An integer that takes another instruction does not fit the form of the others.
func TestLargeIntegersDoNotFitAForm(t *testing.T) {
	rules := `f(x) if x > 1; f(x) if x > 9223372036854775807; f(x) if x > 3;`
	if st := loadForms(t, rules, 1); st.filled != 2 {
		t.Errorf("%d rules are filled in", st.filled)
	}
	bothWays(t, text(rules), testRegistry(), LoadOptions{})
}

func TestARuleOfAFormMayBeTooLarge(t *testing.T) {
	policy := "f(1);\nbig() if g(" + strings.Repeat("1, ", 30_000) + "1); g(1);"
	p, _, errs := EmptyPolicy().Load(text(policy), testRegistry(), LoadOptions{FormsFrom: 1})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	_, err := compile(p, register(testRegistry()), nil, nil)
	if d, ok := err.(*diag.Error); !ok || d.Kind != diag.Unsupported || d.Span.Position().Line != 2 {
		t.Errorf("%.200v", err)
	}
}

// Many rules of several forms in any order, some of them wrong about what the others have in common.
func TestManyRulesOfSeveralForms(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	forms := []string{
		"allow(u: String, \"act%d\", r: Integer) if u.dept = \"d%d\" and r.level < %d;",
		"allow(u: String, \"act%d\",  _: Integer) if u.dept = \"d%d\" and u.level < %d;",
		"allow(u: String, \"act%d\", r: Integer) if not (u.dept = \"d%d\" or r.level < %d);",
		"allow(u, %d, r) if g(u, \"%d\") and h(r, %d) ;",
		"allow(u, %d, r)if g(u, \"%d\")and # a comment\n h(r, %d);",
		"g(x, \"%d\") if x = [%d, %d];", "h(%d, %d) if %d = 1;",
	}
	var b strings.Builder
	for range 600 {
		fmt.Fprintf(&b, forms[r.IntN(len(forms))]+"\n", r.IntN(50), r.IntN(1000), r.IntN(10))
	}
	b.WriteString("g(_, _) if 1 = 1; h(_, _) if 1 = 1;")
	policy := b.String()
	if st := loadForms(t, policy, 0); st.filled < 400 {
		t.Errorf("only %d of 600 rules are filled in", st.filled)
	}
	bothWays(t, text(policy), testRegistry(), LoadOptions{})
}

// Rules of different forms may have one hash.
func TestFormsAreComparedByTheirTokens(t *testing.T) {
	p := mustLoad(t, EmptyPolicy(), text(`f(x) if x = 1; f(x) if x > 1; f(x) if x = 1 and x = 2; f(x) if x = 2;`))
	prog, env, _ := register(testRegistry()).begin(nil)
	c := compiler.New(prog, env)
	for i := range p.rules.written {
		c.Declare(p.rules.predicate(i).name, p.rules.predicate(i).arity)
	}
	f := new(workshop).formsOf(c, p.rules, 1, nil)
	rd := p.rules.reader()
	if f.fill(0) || !f.learn(0, rd.tree(0)) {
		t.Fatal("the first rule has no form")
	}
	first := f.known[f.hash]
	for i := 1; i < 3; i++ {
		f.scan(i)
		f.known[f.hash] = first
		if f.fill(i) || f.learn(i, rd.tree(i)) {
			t.Errorf("rule %d is taken for one of the form of the first", i)
		}
	}
	if !f.fill(3) {
		t.Error("a rule of the form of the first is not filled in")
	}
}

// Where no two rules are of one form, few are looked at twice, but enough to find forms behind them.
func TestFormsBehindRulesWithoutOne(t *testing.T) {
	var b strings.Builder
	for i := range 2 * formsTried {
		fmt.Fprintf(&b, "f(x, _) if x.f%d;\n", i)
	}
	for _, test := range []struct{ more, least, most int }{
		{formsTried, 1, formsTried / formsRarely},
		{20 * formsTried, 10 * formsTried, 20 * formsTried},
	} {
		policy := b.String() + strings.Repeat("f(1, 2);\n", test.more)
		if st := loadForms(t, policy, 0); st.filled < test.least || st.filled > test.most {
			t.Errorf("of %d rules of one form behind others %d are filled in", test.more, st.filled)
		}
	}
}

// A policy is compiled anew under another registry, with forms as when it was loaded.
func TestFormsUnderAnotherRegistry(t *testing.T) {
	policy := strings.Repeat("f(x: Integer, \"a\") if x > 1;\n", 3)
	a, _, errs := EmptyPolicy().Load(text(policy), testRegistry(), LoadOptions{FormsFrom: 1})
	b, _, _ := EmptyPolicy().Load(text(policy), testRegistry(), LoadOptions{FormsFrom: math.MaxInt})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	under := register(testRegistry())
	with, err := compile(a, under, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	without, err := compile(b, under, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if with.filled != 3 || without.filled != 0 {
		t.Errorf("%d and %d rules are filled in", with.filled, without.filled)
	}
	if diff := cmp.Diff(describeLoad(without, nil), describeLoad(with, nil)); diff != "" {
		t.Errorf("(-without +with)\n%s", diff)
	}
}
