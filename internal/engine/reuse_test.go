package engine

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/wam"
)

// replaced are policies that take the place of another one, with what of them must be compiled.
var replaced = []struct {
	name     string
	policy   string
	kept     int // predicates that keep their code
	compiled int
}{
	{"the same", base, 6, 0},
	{"other places", "# more\n\n" + strings.ReplaceAll(base, "h(", "\n  h("), 6, 0},
	{"one rule changed", strings.Replace(base, "y = 2", "y = 3", 1), 5, 1},
	{"blanks within a rule", strings.Replace(base, "y = 2", "y  = 2", 1), 5, 1},
	{"one rule more", base + "g(3);", 5, 1},
	{"rules in another order", strings.Replace(base, "g(1);\ng(2);", "g(2);\ng(1);", 1), 5, 1},
	{"a name without a predicate gets one", base + "g(1, 2);", 5, 2}, // what calls g is compiled again, and so is nothing else
	{"a predicate goes", strings.Replace(base, "lone(7);", "", 1), 5, 0},
	{"a block grows", strings.Replace(base, `"push" if "owner";`, `"push" if "owner"; "read" if "push";`, 1), 5, 1},
}

const base = `f(x, y) if g(x) and y = 2;
g(1);
g(2);
h(_: Integer) if f(1, 2) and not f(1, 3);
lone(7);
actor User {} resource Repo { roles = ["owner"]; permissions = ["push", "read"]; "push" if "owner"; }
has_role(_: User, "owner", _: Repo);
`

func textOf(name, policy string) []*diag.Source {
	return []*diag.Source{diag.NewSource(name, policy)}
}

func reuseRegistry() *Registry {
	return &Registry{Constants: map[string]wam.Value{"Integer": wam.IntValue(0), "Repo": wam.IntValue(0), "User": wam.IntValue(0)},
		Classes: []Class{{Name: "Integer", Ancestors: []string{"Integer"}}, {Name: "Repo", Ancestors: []string{"Repo"}}, {Name: "User", Ancestors: []string{"User"}}}}
}

// Predicates whose rules are the same keep their code: it is not even looked at.
func TestReplacingCompilesWhatHasChanged(t *testing.T) {
	for _, test := range replaced {
		e := New(reuseRegistry())
		if _, err := e.Load(textOf("a.polar", base), LoadOptions{NoAllowWarning: true}); err != nil {
			t.Fatal(err)
		}
		before := e.state.Load()
		if before.kept != 0 {
			t.Errorf("a first load keeps %d", before.kept)
		}
		if _, err := e.Replace(textOf("a.polar", test.policy), LoadOptions{NoAllowWarning: true}); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		st := e.state.Load()
		total := len(byPredicate(st.rules))
		if st.kept != test.kept || total-st.kept != test.compiled {
			t.Errorf("%s: %d predicates kept, %d compiled; want %d, %d", test.name, st.kept, total-st.kept, test.kept, test.compiled)
		}
		fresh := New(reuseRegistry())
		if _, err := fresh.Load(textOf("a.polar", test.policy), LoadOptions{NoAllowWarning: true}); err != nil {
			t.Fatal(err)
		}
		if got, want := placesOf(st), placesOf(fresh.state.Load()); got != want {
			t.Errorf("%s: places\n%s\nwant\n%s", test.name, got, want)
		}
	}
}

// placesOf lists the places of all instructions and parameters of a program, clause by clause.
func placesOf(st *state) string {
	var b strings.Builder
	p := st.snapshot.Prog
	for i := range st.rules.len() {
		key := st.rules.predicate(i)
		_, n := p.AddPred(key.name, key.arity)
		pr := p.Preds[n]
		for _, cl := range pr.Clauses {
			name := p.Entry(cl.NameAt).Span
			if name != st.rules.nameAt(i) {
				continue
			}
			fmt.Fprintf(&b, "%s/%d %d-%d:", pr.Name, pr.Arity, name.Start, name.End)
			for pc := cl.Head(); pc == cl.Head() || pc < len(p.Instrs) && p.Instrs[pc-1].Op.String() != "proceed" && p.Instrs[pc-1].Op.String() != "execute"; pc++ {
				at, _ := p.Place(pc)
				fmt.Fprintf(&b, " %s %d-%d %s %s", p.Instrs[pc].Op, at.Span.Start, at.Span.End, at.Rule, at.Span.Text())
			}
			for i := range cl.Params {
				if cl.Params[i].Spec != nil {
					at, _ := p.Place(int(cl.Params[i].At))
					fmt.Fprintf(&b, " param %d %d-%d", i, at.Span.Start, at.Span.End)
				}
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// A fork that takes the policy's place has taken over its code, too.
func TestForksTakeCodeOver(t *testing.T) {
	e := New(reuseRegistry())
	if _, err := e.Load(textOf("", base), LoadOptions{NoAllowWarning: true}); err != nil {
		t.Fatal(err)
	}
	fork := e.Fork()
	if _, err := fork.Load(textOf("", base+"g(9);"), LoadOptions{NoAllowWarning: true}); err != nil {
		t.Fatal(err)
	}
	if adopted, err := e.Adopt(fork); !adopted || err != nil {
		t.Fatal(adopted, err)
	}
	if st := e.state.Load(); st.kept != 5 || st.basis != nil {
		t.Errorf("%d predicates kept", st.kept)
	}
}

// Replacing a policy for ever keeps neither all the code nor all the strings that ever were.
func TestDroppedCodeDoesNotPileUp(t *testing.T) {
	e := New(nil)
	for i := range 300 {
		var b strings.Builder
		for k := range 20 {
			fmt.Fprintf(&b, "f(%d) if \"round %d rule %d\" = \"x\"; g%d(\"%d %d\");", k, i, k, k, i, k)
		}
		for k := range 30 {
			fmt.Fprintf(&b, "t(\"fact %d of %d\");", k, i)
		}
		b.WriteString("same(1); same(2);")
		if _, err := e.Replace(textOf("", b.String()), LoadOptions{NoAllowWarning: true}); err != nil {
			t.Fatal(err)
		}
		q, err := e.Query(fmt.Sprintf("g7(%q) and t(%q) and same(2)", fmt.Sprint(i, " ", 7), fmt.Sprintf("fact 29 of %d", i)))
		if err != nil {
			t.Fatal(err)
		}
		q.Start(t.Context(), nil, Options{})
		if found, err := q.Next(); !found || err != nil {
			t.Fatalf("round %d: %t, %v", i, found, err)
		}
		q.Close()
	}
	p := e.state.Load().snapshot.Prog
	if len(p.Instrs) > 1000 || len(p.Atoms) > 3000 {
		t.Errorf("%d instructions, %d strings", len(p.Instrs), len(p.Atoms))
	}
}

// A registry that is replaced while the policy is compiled for it is never in force.
func TestOnlyTheNewestRegistryIsInForce(t *testing.T) {
	first, second := &Registry{}, &Registry{}
	e := New(&Registry{})
	e.SetRegistry(func() *Registry {
		e.SetRegistry(func() *Registry { return second })
		return first
	})
	for range 2 {
		if got := e.Registry(); got != second {
			t.Errorf("the first registry: %t", got == first)
		}
	}
}
