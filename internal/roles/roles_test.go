package roles

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/parser"
	"github.com/goso-project/goso/internal/wam"
)

func policy(t *testing.T, text string) []*ast.Rule {
	t.Helper()
	file, err := parser.Policy(diag.NewSource("", text))
	if err != nil {
		t.Fatal(err)
	}
	var rules []*ast.Rule
	for _, item := range file.Items {
		rules = append(rules, item.(*ast.Rule))
	}
	return rules
}

// defined tells which rules a policy has.
func defined(t *testing.T, text string) Policy {
	rules := policy(t, text)
	return func(name string, arity int) bool {
		return slices.ContainsFunc(rules, func(r *ast.Rule) bool { return r.Name == name && len(r.Params) == arity })
	}
}

// TestBuiltInRulesAreOutOfReach looks at all names of the rules for policies in every spelling.
func TestBuiltInRulesAreOutOfReach(t *testing.T) {
	visible := map[string]bool{"resource": true, "actor_has_role_for_resource": true, "actor_role": true, "parent_child": true,
		"child_parent": true, "parent": true}
	for _, name := range entries {
		visible[name] = true
	}
	taken := map[string]bool{":role": true, "::role": true}
	for _, text := range []string{
		``,
		`actor_has_role_for_resource(1, 2, 3); parent_child(1, 2); actor_can_assume_role(1, 2, 3);`,
		`actor_role(1, 2); child_parent(1, 2); role_allow(1, 2, 3); user_in_role(1, 2, 3);`,
		`actor_role(1, 2); parent(1, 2);`,
	} {
		rules, err := Rules(defined(t, text), func(name string) bool { return taken[name] })
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		names := map[string]bool{}
		for _, r := range append(policy(t, text+`resource(1, 2, 3, 4);`), rules...) {
			names[r.Name] = true
		}
		for _, r := range rules {
			ast.Walk(r, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Rule:
					if !IsHidden(n.Name) && !visible[n.Name] {
						t.Errorf("%s: rule %s can be called", text, n.Name)
					}
				case *ast.Var:
					if n.Name != "_" && !IsHidden(n.Name) || taken[n.Name] {
						t.Errorf("%s: %s: variable %s could be a constant", text, r.Name, n.Name)
					}
				case *ast.Expr:
					if n.Op == ast.Dot {
						if call, ok := n.Args[1].(*ast.Call); ok && !IsHidden(call.Name) {
							t.Errorf("%s: %s calls the method %s", text, r.Name, call.Name)
						}
						return false
					}
				case *ast.Call:
					if !names[n.Name] {
						t.Errorf("%s: %s calls %s, which is not there", text, r.Name, n.Name)
					}
				}
				return true
			})
		}
	}
}

func TestRelationsTakeTheNewestSpelling(t *testing.T) {
	const none, first, middle, second = "", "__parent(parent, child) if parent(child, parent);",
		"__parent(parent, child) if child_parent(child, parent);", "__parent(parent, child) if parent_child(parent, child);"
	for text, want := range map[string]string{
		`actor_role(1, 2);`:                                                               none,
		`actor_role(1, 2); parent(1, 2);`:                                                 first,
		`actor_role(1, 2); parent(1, 2); child_parent(1, 2);`:                             middle,
		`actor_role(1, 2); parent(1, 2); child_parent(1, 2); parent_child(1, 2);`:         second,
		`actor_has_role_for_resource(1, 2, 3); parent(1, 2);`:                             none,
		`actor_has_role_for_resource(1, 2, 3); actor_role(1, 2); parent(1, 2);`:           none,
		`actor_has_role_for_resource(1, 2, 3); child_parent(1, 2); parent_child(1);`:      middle,
		`actor_has_role_for_resource(1, 2); actor_role(1, 2); parent(1, 2); parent(1);`:   first,
		`actor_has_role_for_resource(1, 2, 3); child_parent(1, 2, 3); parent_child(1,2);`: second,
	} {
		got := ""
		for line := range strings.Lines(relations(defined(t, text))) {
			if strings.HasPrefix(line, "__parent(parent") {
				got = strings.TrimSuffix(line, "\n")
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestEntriesHaveThreeArguments(t *testing.T) {
	for _, name := range entries {
		if !IsEntry(name, 3) || IsEntry(name, 2) {
			t.Errorf("%s is an entry with three arguments, and no other", name)
		}
	}
	if IsEntry("allow", 3) || Declares(defined(t, `resource(1, 2, 3);`)) || !Declares(defined(t, `f(); resource(1, 2, 3, 4);`)) {
		t.Error("other names are taken for those of roles")
	}
}

var errBroken = errors.New("broken")

// broken is a list and a dictionary of one element that the host cannot convert.
type broken struct{}

func (broken) Len() int                  { return 1 }
func (broken) Key(int) string            { return "implies" }
func (broken) At(int) (wam.Value, error) { return wam.Value{}, errBroken }
func list(items ...wam.Value) wam.Value  { return wam.ListValue(items...) }
func text(s string) wam.Value            { return wam.StringValue(s) }
func dict(key string, v wam.Value) wam.Value {
	return wam.MappingValue(&wam.Dict{Keys: []string{key}, Values: []wam.Value{v}})
}

func TestAnswersAboutValues(t *testing.T) {
	x := wam.VarValue("x")
	for _, tc := range []struct {
		method string
		arg    wam.Value
		want   wam.Value
		err    error
	}{
		{":known", text("r"), wam.BoolValue(true), nil},
		{":known", x, wam.Value{}, diag.Unsupported},
		{":given", dict("name", x), wam.BoolValue(true), nil},
		{":given", x, wam.Value{}, diag.Unsupported},
		{":text", text(""), wam.BoolValue(true), nil},
		{":text", x, wam.BoolValue(false), nil},
		{":nothing", x, wam.Value{}, nil},
	} {
		got, err := Answer(text(""), tc.method, []wam.Value{tc.arg}, nil)
		if !errors.Is(err, tc.err) || err == nil && !cmp.Equal(tc.want, got) {
			t.Errorf("%s%v: got %v, %v; want %v, %v", tc.method, tc.arg, got, err, tc.want, tc.err)
		}
	}
}

// ask asks a question of a search or a run.
func ask(t *testing.T, receiver wam.Value, method string, args ...wam.Value) wam.Value {
	t.Helper()
	got, err := Answer(receiver, method, args, nil)
	if err != nil {
		t.Fatalf("%s%v: %v", method, args, err)
	}
	return got
}

// TestNodesOfTheSameValues shows which values are equal without asking, and which of those there are may be.
func TestNodesOfTheSameValues(t *testing.T) {
	type object struct{ _ []string }
	a, b := &object{}, &object{}
	for _, tc := range []struct {
		shows    string
		there, v wam.Value
		same     bool
		alike    int
	}{
		{"a pointer", instance(a), instance(a), true, 1},
		{"another pointer of the type", instance(a), instance(b), false, 1},
		{"another type", instance(a), instance(*a), false, 0},
		{"what Go cannot compare", instance(*a), instance(*a), false, 1},
		{"nil", instance(nil), instance(nil), true, 0},
		{"a string", text("a"), text("a"), true, 0},
		{"another string", text("a"), text("b"), false, 0},
		{"a number", wam.IntValue(1), wam.IntValue(1), true, 0},
		{"another kind", wam.IntValue(1), wam.FloatValue(1), false, 0},
		{"a list", list(text("a")), list(text("a")), false, 1},
	} {
		s := ask(t, text(""), ":search")
		if got := ask(t, s, ":identical", tc.v); got.Kind != wam.KindNone || ask(t, s, ":alike", tc.v).Kind != wam.KindNone {
			t.Errorf("%s: an empty search has %v", tc.shows, got)
		}
		ask(t, s, ":add", instance(t))
		if got := ask(t, s, ":add", tc.there); got.Int() != 1 {
			t.Errorf("%s: got node %v, want 1", tc.shows, got)
		}
		if got := ask(t, s, ":identical", tc.v); (got.Kind == wam.KindInt && got.Int() == 1) != tc.same {
			t.Errorf("%s: got %v, want the same: %v", tc.shows, got, tc.same)
		}
		alike := 0
		if got := ask(t, s, ":alike", tc.v); got.Kind == wam.KindList {
			alike = got.Ref.(wam.Sequence).Len()
		}
		if alike != tc.alike {
			t.Errorf("%s: got %d nodes to compare, want %d", tc.shows, alike, tc.alike)
		}
		none := func(wam.Value, wam.Value) bool { return true }
		if got, err := Answer(s, ":alike", []wam.Value{tc.v}, none); got.Kind != wam.KindNone || err != nil {
			t.Errorf("%s: the host tells them apart, but got %v, %v", tc.shows, got, err)
		}
		if _, err := Answer(s, ":identical", []wam.Value{wam.VarValue("x")}, nil); !errors.Is(err, diag.Unsupported) {
			t.Errorf("an unbound parent: got %v", err)
		}
	}
}

// TestRunsWaitForParents follows one run through two levels, and shows what is left out of faulty declarations.
func TestRunsWaitForParents(t *testing.T) {
	s := ask(t, text(""), ":search")
	declare := func(node wam.Value, space string, roles wam.Value) {
		t.Helper()
		ask(t, s, ":declare", node, text(space), list(text("read"), wam.IntValue(1), wam.VarValue("x")), roles)
	}
	doc, org := ask(t, s, ":add", text("doc")), ask(t, s, ":add", text("org"))
	declare(doc, "d", dict("reader", dict("permissions", list(text("read"), wam.IntValue(1), text("read")))))
	declare(doc, "e", wam.VarValue("roles"))
	declare(org, "o", dict("owner", dict("implies", list(text("d:reader")))))
	declare(org, "o", dict("owner", text("no definition")))
	if want, got := list(list(wam.IntValue(0), text("read")), list(wam.IntValue(1), text("read"))), ask(t, s, ":actions"); !cmp.Equal(want, got) {
		t.Errorf("actions: got %v, want %v", got, want)
	}
	r := ask(t, s, ":allowing", wam.IntValue(0), text("read"))
	expect := func(method string, want wam.Value) {
		t.Helper()
		if diff := cmp.Diff(want, ask(t, r, method)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", method, diff)
		}
	}
	expect(":reached", list(list(text("reader"), text("doc"))))
	expect(":reached", wam.Value{})
	expect(":waits", wam.BoolValue(true))
	expect(":frontier", list(list(doc, text("doc"))))
	expect(":frontier", wam.Value{})
	ask(t, s, ":connect", doc, org)
	expect(":reached", list(list(text("owner"), text("org"))))
	expect(":frontier", list(list(org, text("org"))))
	ask(t, s, ":connect", org, doc) // a circle
	expect(":reached", wam.Value{})
	expect(":waits", wam.BoolValue(false))
	expect(":nothing", wam.Value{})
	if got := ask(t, s, ":names"); !cmp.Equal(list(text("reader")), got) {
		t.Errorf("names: got %v", got)
	}
	if got := ask(t, s, ":nothing"); got.Kind != wam.KindNone {
		t.Errorf("got %v", got)
	}
}

func TestDeclarationsThatCannotBeConvertedAreErrors(t *testing.T) {
	brokenList, brokenDict := wam.SequenceValue(broken{}), wam.MappingValue(broken{})
	for _, args := range [][]wam.Value{
		{brokenList, dict("r", dict("implies", list()))},
		{list(), brokenDict},
		{list(), dict("r", brokenDict)},
		{list(), dict("r", dict("implies", brokenList))},
	} {
		s := ask(t, text(""), ":search")
		node := ask(t, s, ":add", text("doc"))
		if _, err := Answer(s, ":declare", append([]wam.Value{node, text("d")}, args...), nil); !errors.Is(err, errBroken) {
			t.Errorf("%v: got %v", args, err)
		}
	}
}

// TestValidatorReturnsErrorsOfTheHost has values that cannot be converted at each place.
func TestValidatorReturnsErrorsOfTheHost(t *testing.T) {
	class := wam.ExprValue("And", wam.ExprValue("Isa", wam.VarValue("_this"), wam.Value{Kind: wam.KindPattern, Ref: &wam.Pattern{Tag: "C"}}))
	brokenList, brokenDict := wam.SequenceValue(broken{}), wam.MappingValue(broken{})
	for _, d := range []Declaration{
		{class, text("c"), brokenList, dict("r", dict("implies", list(text("a"))))},
		{class, text("c"), list(text("a")), brokenDict},
		{class, text("c"), list(text("a")), dict("r", brokenDict)},
		{class, text("c"), list(text("a")), dict("r", dict("permissions", brokenList))},
	} {
		var v Validator
		if err := v.Check(d); !errors.Is(err, errBroken) {
			t.Errorf("%v: got %v", d, err)
		}
	}
	var v Validator
	if err := v.End(); !errors.Is(err, diag.RolesValidation) {
		t.Errorf("without declarations: %v", err)
	}
	if err := v.Check(Declaration{class, text("c"), list(text("a")), wam.VarValue("roles")}); err != nil || v.End() != nil {
		t.Errorf("a declaration as it must be: %v, %v", err, v.End())
	}
}
