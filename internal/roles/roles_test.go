package roles

import (
	"errors"
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
		rules, err := Rules(policy(t, text), func(name string) bool { return taken[name] })
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		defined := map[string]bool{}
		for _, r := range append(policy(t, text+`resource(1, 2, 3, 4);`), rules...) {
			defined[r.Name] = true
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
					if !defined[n.Name] {
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
		for line := range strings.Lines(relations(policy(t, text))) {
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
	if IsEntry("allow", 3) || Declares(policy(t, `resource(1, 2, 3);`)) || !Declares(policy(t, `f(); resource(1, 2, 3, 4);`)) {
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

func TestAnswers(t *testing.T) {
	x := wam.VarValue("x")
	roles := wam.MappingValue(&wam.Dict{
		Keys: []string{"a", "b", "c"},
		Values: []wam.Value{
			dict("implies", list(text("b"), text("u:b"), wam.IntValue(1))),
			dict("permissions", list(text("b"))),
			text("no definition"),
		},
	})
	brokenList, brokenDict := wam.SequenceValue(broken{}), wam.MappingValue(broken{})
	for _, tc := range []struct {
		method string
		args   []wam.Value
		want   wam.Value
		err    error
	}{
		{":known", []wam.Value{text("r")}, wam.BoolValue(true), nil},
		{":known", []wam.Value{x}, wam.Value{}, diag.Unsupported},
		{":given", []wam.Value{roles}, wam.BoolValue(true), nil},
		{":given", []wam.Value{x}, wam.Value{}, diag.Unsupported},
		{":text", []wam.Value{text("")}, wam.BoolValue(true), nil},
		{":text", []wam.Value{x}, wam.BoolValue(false), nil},
		{":strings", []wam.Value{list(text("a"), wam.IntValue(1), x, text("b"))}, list(text("a"), text("b")), nil},
		{":strings", []wam.Value{x}, wam.Value{}, nil},
		{":strings", []wam.Value{list()}, wam.Value{}, nil},
		{":strings", []wam.Value{brokenList}, wam.Value{}, errBroken},
		{":join", []wam.Value{text("u"), text("b")}, text("u:b"), nil},
		{":join", []wam.Value{text("u"), wam.IntValue(1)}, wam.Value{}, nil},
		{":join", []wam.Value{x, text("b")}, wam.Value{}, nil},
		{":naming", []wam.Value{text("implies"), roles, text("u:b")}, list(text("a")), nil},
		{":naming", []wam.Value{text("permissions"), roles, text("b")}, list(text("b")), nil},
		{":naming", []wam.Value{text("implies"), roles, wam.IntValue(1)}, wam.Value{}, nil},
		{":naming", []wam.Value{text("implies"), list(text("a")), text("a")}, wam.Value{}, nil},
		{":naming", []wam.Value{text("implies"), x, text("a")}, wam.Value{}, nil},
		{":naming", []wam.Value{text("implies"), brokenDict, text("a")}, wam.Value{}, errBroken},
		{":naming", []wam.Value{text("implies"), dict("r", brokenDict), text("a")}, wam.Value{}, errBroken},
		{":naming", []wam.Value{text("implies"), dict("r", dict("implies", brokenList)), text("a")}, wam.Value{}, errBroken},
		{":implied", []wam.Value{roles, text("")}, list(text("b"), text("u:b")), nil},
		{":implied", []wam.Value{roles, text("u:")}, list(text("b")), nil},
		{":implied", []wam.Value{brokenDict, text("")}, wam.Value{}, errBroken},
		{":add", []wam.Value{text("role"), text("a"), text("r")}, wam.Value{}, nil}, // to no memory
	} {
		got, err := Answer(text(""), tc.method, tc.args)
		if !errors.Is(err, tc.err) || err == nil && !cmp.Equal(tc.want, got) {
			t.Errorf("%s%v: got %v, %v; want %v, %v", tc.method, tc.args, got, err, tc.want, tc.err)
		}
	}
}

// TestMemoryKnowsTheSameValues shows which values are equal without asking, and which of those reached before may be.
func TestMemoryKnowsTheSameValues(t *testing.T) {
	type object struct{ tags []string }
	a, b := &object{}, &object{}
	instance := func(x any) wam.Value { return wam.InstanceValue(x, 0) }
	for _, tc := range []struct {
		shows      string
		reached, v wam.Value
		same       bool
		candidates int
	}{
		{"a pointer", instance(a), instance(a), true, 0},
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
		m, err := Answer(text(""), ":memory", nil)
		if err != nil {
			t.Fatal(err)
		}
		ask := func(method, kind string, v wam.Value) wam.Value {
			t.Helper()
			got, err := Answer(m, method, []wam.Value{text(kind), text("name"), v})
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := ask(":others", "role", tc.v); got.Kind != wam.KindList || got.Ref.(wam.Sequence).Len() != 0 {
			t.Errorf("%s: reached before anything was: %v", tc.shows, got)
		}
		ask(":add", "role", tc.reached)
		if got := ask(":others", "implies", tc.v); got.Kind != wam.KindList || got.Ref.(wam.Sequence).Len() != 0 {
			t.Errorf("%s: steps of different kinds are confused: %v", tc.shows, got)
		}
		got := ask(":others", "role", tc.v)
		if same := got.Kind == wam.KindNone; same != tc.same || !same && got.Ref.(wam.Sequence).Len() != tc.candidates {
			t.Errorf("%s: got %v, want same %v or %d candidates", tc.shows, got, tc.same, tc.candidates)
		}
		if _, err := Answer(m, ":others", []wam.Value{text("role"), text("name"), wam.VarValue("x")}); !errors.Is(err, diag.Unsupported) {
			t.Errorf("an unbound parent: got %v", err)
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
