package oso_test

import (
	stderrors "errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/errors"
)

// Folder has parents; Held is a role on one. Up loads them anew each time, as a database would.
type Folder struct {
	ID      string
	parents map[string][]string
}

func (f Folder) Up() []Folder {
	up := []Folder{}
	for _, id := range f.parents[f.ID] {
		up = append(up, Folder{id, f.parents})
	}
	return up
}

type Held struct {
	Name     string
	Resource any
}

type Actor struct {
	Name string
	Held []Held
}

func (a Actor) GetRoles() []Held { return a.Held }

func (a Actor) Broken() error { return io.ErrUnexpectedEOF }

const assignment = `
actor_has_role_for_resource(actor, name, resource) if
  role in actor.GetRoles() and name = role.Name and resource = role.Resource;
`

const folders = assignment + `
allow(actor, action, resource) if role_allows(actor, action, resource);
parent_child(parent, child: Folder) if parent in child.Up();
resource(_: Folder, "folder", ["read", "write", "purge"], {
  reader: {permissions: ["read"], implies: ["folder:reader"]},
  writer: {permissions: ["write"], implies: ["reader", "folder:writer"]},
  keeper: {permissions: ["folder:purge"]}
});
`

// newRoles returns an Oso with classes for roles, without a policy.
func newRoles(t testing.TB, opts ...oso.Option) *oso.Oso {
	t.Helper()
	o, err := oso.New(append([]oso.Option{oso.WithMessageHandler(func(oso.Message) {}), oso.WithErrorResults()}, opts...)...)
	must(t, err)
	must(t, o.RegisterClass(Folder{}, func() Folder { return Folder{} }))
	must(t, o.RegisterClass(Widget{}, nil))
	must(t, o.RegisterClassWithName(Actor{}, func() Actor { return Actor{} }, "Person"))
	return o
}

// enabled returns an Oso with a policy and roles enabled.
func enabled(t testing.TB, policy string) *oso.Oso {
	t.Helper()
	o := newRoles(t)
	must(t, o.EnableRoles())
	must(t, o.LoadString(policy))
	return o
}

func allowed(t testing.TB, o *oso.Oso, actor, action, resource any) bool {
	t.Helper()
	ok, err := o.IsAllowed(actor, action, resource)
	must(t, err)
	return ok
}

// values returns what a query's variable is bound to, sorted, each once.
func values(t testing.TB, o *oso.Oso, name string, args ...any) string {
	t.Helper()
	q, err := o.NewQueryFromRule(name, args...)
	must(t, err)
	all, err := q.GetAllResults()
	must(t, err)
	var out []string
	for _, r := range all {
		out = append(out, fmt.Sprint(r["x"]))
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

func TestRolesMayBeEnabledBeforeOrAfterLoading(t *testing.T) {
	root := Folder{ID: "root"}
	reader := Actor{Held: []Held{{"reader", root}}}
	before, after := newRoles(t), newRoles(t)
	for range 2 {
		must(t, before.EnableRoles())
	}
	must(t, before.LoadString(folders))
	must(t, after.LoadString(folders))
	_, err := after.IsAllowed(reader, "read", root)
	if !stderrors.Is(err, errors.ErrUndefinedRule) {
		t.Errorf("before roles are enabled: got %v, want an undefined rule", err)
	}
	must(t, after.EnableRoles())
	must(t, after.EnableRoles())
	for _, o := range []*oso.Oso{before, after} {
		if !allowed(t, o, reader, "read", root) || allowed(t, o, reader, "write", root) {
			t.Error("a reader must be allowed to read, and only that")
		}
		must(t, o.ReplaceString(folders+"replaced();"))
		must(t, o.RegisterClass(Company{}, nil))
		if !allowed(t, o, reader, "read", root) {
			t.Error("roles are off after replacing the policy")
		}
		must(t, o.ClearRules())
		wantError(t, o.LoadString("f();"), "actor_has_role_for_resource(actor, role_name, resource)")
		must(t, o.LoadString(folders))
		if !allowed(t, o, reader, "read", root) {
			t.Error("roles are off after clearing the rules")
		}
	}
}

func TestOnlyPoliciesWithDeclarationsMayCallRulesOfRoles(t *testing.T) {
	for policy, ok := range map[string]bool{
		`f() if role_allows(1, 2, 3);`:                                                                                   false,
		`f() if role_allows(1, 2, 3); resource(_: Folder, "f", [], {}, 1);`:                                              false,
		`f() if role_allows(1, 2); resource(_: Folder, "f", ["a"], {});`:                                                 false,
		`f() if role_allows(1, 2, 3) or role_allow(1, 2, 3) or user_in_role(1, 2, 3); resource(_: Folder, "f", [], {});`: true,
		`f() if actor_can_assume_role(1, 2, 3); resource(_: Folder, "f", [], {});`:                                       true,
	} {
		err := newRoles(t).LoadString(policy)
		if (err == nil) != ok {
			t.Errorf("%s: %v", policy, err)
		}
	}
}

// TestFaultyDeclarations shows each check, first alone, then that nothing changed.
func TestFaultyDeclarations(t *testing.T) {
	for _, tc := range []struct{ declaration, want string }{
		{``, "Need to define at least one `resource(type, name, actions, roles)`"},
		{`resource(_: Folder, "f", ["a"], {}) if 1 = 2;`, "Need to define at least one `resource(type, name, actions, roles)`"},
		{`resource(_, "f", ["a"], {});`, "Invalid resource, no type specializer."},
		{`resource("x", "f", ["a"], {});`, "Invalid resource, no type specializer."},
		{`resource(_: {}, "f", ["a"], {});`, "Invalid resource, no type specializer."},
		{`resource(_: Folder{ID: "1"}, "f", ["a"], {});`, "Invalid resource, no type specializer."},
		{`resource(f: Folder, "f", ["a"], {}) if f.ID = "1";`, "Invalid resource, no type specializer."},
		{`resource(_: Folder, 1, ["a"], {});`, "Invalid resource, name is not a string."},
		{`resource(_: Folder, _, ["a"], {});`, "Invalid resource, name is not a string."},
		{`resource(_: Folder, "f", "a", {});`, "Invalid actions."},
		{`resource(_: Folder, "f", ["a", *_], {});`, "Invalid actions."},
		{`resource(_: Folder, "f", actions, {}) if actions > 1;`, "Invalid actions."},
		{`resource(_: Folder, "f", ["a", true], {});`, "Invalid action, not a string."},
		{`resource(_: Folder, "f", ["a", _], {});`, "Invalid action, not a string."},
		{`resource(_: Folder, "f", ["a", "b", "a"], {});`, "Duplicate action a for Folder."},
		{`resource(_: Folder, "f", ["a"], {r: ["a"]});`, "Invalid role definitions"},
		{`resource(_: Folder, "f", ["a"], {r: {actions: ["a"]}});`, "Role definition contains invalid key: actions"},
		{`resource(_: Folder, "f", ["a"], {r: {permissions: "a"}});`, "Invalid actions for role r"},
		{`resource(_: Folder, "f", ["a"], {r: {permissions: ["a", 1]}});`, "Invalid actions for role r, must be a string."},
		{`resource(_: Folder, "f", ["a"], {r: {implies: {}}});`, "Invalid implies for role r"},
		{`resource(_: Folder, "f", ["a"], {r: {implies: [1.5]}});`, "Invalid implies for role r, must be a string."},
		{`resource(_: Folder, "f", ["a"], {r: {implies: [], permissions: []}});`, "Must define actions or implications for a role."},
		{`resource(_: Folder, "f", [], {});`, "Must define actions or roles."},
		{`resource(_: Folder, "f", _, [1]);`, "Must define actions or roles."},
		{`resource(_: Folder, "f", ["a"], {}); resource(_: Widget, "f", ["a"], {});`, "Duplicate resource name f."},
		{`resource(_: Folder, "f", ["a"], {}) if x in [1, 2] and x > 0;`, "Duplicate resource name f."},
	} {
		policy := "allow(_, _, _); actor_has_role_for_resource(_, _, _);" + tc.declaration
		check := func(err error) {
			t.Helper()
			invalid, ok := stderrors.AsType[*errors.RolesValidationError](err)
			if !ok {
				t.Errorf("%s: got %v, want a *RolesValidationError", tc.declaration, err)
				return
			}
			if !strings.Contains(err.Error(), tc.want) || invalid.Code() != "RolesValidation" || !stderrors.Is(err, diag.RolesValidation) {
				t.Errorf("%s: got %q (%s), want %q", tc.declaration, err, invalid.Code(), tc.want)
			}
		}
		o := newRoles(t)
		must(t, o.EnableRoles())
		check(o.LoadString(policy))
		if ok, err := o.IsAllowed("a", "b", "c"); ok || err == nil {
			t.Errorf("%s: rules are left after a failed load", tc.declaration)
		}
		must(t, o.LoadString(folders))

		o = newRoles(t)
		must(t, o.LoadString(policy))
		check(o.EnableRoles())
		if !allowed(t, o, "a", "b", "c") {
			t.Errorf("%s: the policy is gone", tc.declaration)
		}
		if err := queryError(t, o, `role_allows(1, 2, new Folder())`); !stderrors.Is(err, errors.ErrUndefinedRule) {
			t.Errorf("%s: roles are on after an error: %v", tc.declaration, err)
		}
		must(t, o.ReplaceString(folders))
		must(t, o.EnableRoles())
		check(o.ReplaceString(policy))
		reader := Actor{Held: []Held{{"reader", Folder{ID: "1"}}}}
		if !allowed(t, o, reader, "read", Folder{ID: "1"}) || allowed(t, o, reader, "write", Folder{ID: "1"}) {
			t.Errorf("%s: the old policy does not answer after a failed replacement", tc.declaration)
		}
	}
}

func TestAssignmentRulesAreAskedForFirst(t *testing.T) {
	for _, policy := range []string{`resource(1, 2);`, `actor_has_role_for_resource(_, _); actor_role(_);`} {
		o := newRoles(t)
		must(t, o.LoadString(policy))
		wantError(t, o.EnableRoles(), "Need to define `actor_has_role_for_resource(actor, role_name, resource)`")
	}
}

func TestErrorsOfDeclarationsAreReturned(t *testing.T) {
	policy := folders + `resource(_: Widget, "widget", actions, {}) if actions = source.Broken();`
	for _, first := range []bool{true, false} {
		o := newRoles(t)
		must(t, o.RegisterConstant(Actor{}, "source"))
		var err error
		if first {
			must(t, o.EnableRoles())
			err = o.LoadString(policy)
		} else {
			must(t, o.LoadString(policy))
			err = o.EnableRoles()
		}
		if !stderrors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("enabled first: %t: got %v, want the application's error", first, err)
		}
	}
}

func TestZeroOsoHasNoRoles(t *testing.T) {
	if err := (oso.Oso{}).EnableRoles(); err == nil {
		t.Error("no error")
	}
}

func TestInlineQueriesSeeRoles(t *testing.T) {
	enabled(t, folders+`?= not role_allows(new Person(), "read", new Folder());`)
}

func TestRolesReachFoldersBelow(t *testing.T) {
	o := enabled(t, folders)
	tree := map[string][]string{"leaf": {"mid"}, "mid": {"top"}, "other": {"top"}}
	at := func(id string) Folder { return Folder{id, tree} }
	for _, tc := range []struct {
		role, on, action, folder string
		want                     bool
	}{
		{"reader", "top", "read", "leaf", true},
		{"reader", "mid", "read", "leaf", true},
		{"reader", "mid", "read", "mid", true},
		{"reader", "mid", "read", "top", false},
		{"reader", "mid", "read", "other", false},
		{"reader", "top", "write", "leaf", false},
		{"writer", "top", "read", "leaf", true},
		{"writer", "top", "write", "leaf", true},
		{"keeper", "top", "purge", "leaf", true},
		{"keeper", "top", "purge", "top", false},
		{"keeper", "top", "folder:purge", "top", false},
		{"ghost", "top", "read", "top", false},
	} {
		actor := Actor{Held: []Held{{tc.role, at(tc.on)}}}
		if got := allowed(t, o, actor, tc.action, at(tc.folder)); got != tc.want {
			t.Errorf("%s of %s, %s %s: got %v", tc.role, tc.on, tc.action, tc.folder, got)
		}
	}
}

// TestUnboundArgumentsEnumerate shows among the roles the texts of implies lists that name roles of folders below: they are
// names like any to whoever asks for them.
func TestUnboundArgumentsEnumerate(t *testing.T) {
	o := enabled(t, folders+`
		actor_has_role_for_resource("ann", "writer", f: Folder) if f.ID = "mid";
		actor_has_role_for_resource("bob", "reader", f: Folder) if f.ID = "mid";
		actor_has_role_for_resource("bob", "ghost", f: Folder) if f.ID = "leaf";`)
	tree := map[string][]string{"leaf": {"mid"}, "mid": {"top"}}
	leaf := Folder{"leaf", tree}
	x := variable("x")
	for _, tc := range []struct {
		want, rule string
		args       []any
	}{
		{"read write", "role_allows", []any{Actor{Held: []Held{{"writer", leaf}}}, x, leaf}},
		{"", "role_allows", []any{Actor{}, x, leaf}},
		{"folder:reader folder:writer reader writer", "actor_can_assume_role", []any{Actor{Held: []Held{{"writer", Folder{"top", tree}}}}, x, leaf}},
		{"folder:reader reader", "user_in_role", []any{Actor{Held: []Held{{"reader", leaf}}}, x, leaf}},
		{"ghost", "user_in_role", []any{Actor{Held: []Held{{"ghost", leaf}}}, x, leaf}},
	} {
		if got := values(t, o, tc.rule, tc.args...); got != tc.want {
			t.Errorf("%s%v: got %q, want %q", tc.rule, tc.args, got, tc.want)
		}
	}
}

func TestUnboundActorsEnumerate(t *testing.T) {
	o := enabled(t, `
		actor_has_role_for_resource("ann", "writer", "doc");
		actor_has_role_for_resource("bob", "reader", "doc");
		resource(_: String, "doc", ["read", "write"], {
		  reader: {permissions: ["read"]}, writer: {permissions: ["write"], implies: ["reader"]}
		});`)
	for action, want := range map[string]string{"read": "ann bob", "write": "ann", "burn": ""} {
		if got := values(t, o, "role_allows", variable("x"), action, "doc"); got != want {
			t.Errorf("%s: got %q, want %q", action, got, want)
		}
	}
	if got := values(t, o, "actor_can_assume_role", variable("x"), "reader", "doc"); got != "ann bob" {
		t.Errorf("got %q", got)
	}
	if got := values(t, o, "actor_can_assume_role", "ann", variable("x"), "doc"); got != "reader writer" {
		t.Errorf("got %q", got)
	}
}

func TestUnboundResourcesAreUnsupported(t *testing.T) {
	for query, policy := range map[string]string{
		`role_allows("a", "b", x)`:                            folders,
		`role_allow("a", "b", x)`:                             folders,
		`actor_can_assume_role("a", "b", x)`:                  folders,
		`user_in_role("a", _, x)`:                             folders,
		`x matches Folder and role_allows("a", "b", x)`:       folders,
		`x.ID = "1" and role_allows(new Person(), "read", x)`: folders,
		`role_allows("a", "purge", new Folder()) or x = 1`:    folders + `parent_child(_: Folder, _: Folder);`,
	} {
		err := queryError(t, enabled(t, policy), query)
		polar, ok := stderrors.AsType[*errors.FormattedPolarError](err)
		if !ok || polar.Code() != string(diag.Unsupported) {
			t.Errorf("%s: got %v, want an unsupported feature", query, err)
		}
	}
	o := enabled(t, `actor_role(_, _); resource(_: Folder, "f", ["a"], {r: {permissions: ["a"]}});`)
	wantError(t, queryError(t, o, `role_allow(1, "a", new Folder())`), "actor_role(actor, role) left the role an unbound variable")
}

// TestCyclesEnd has parents that are loaded anew each time, so that only the host's equality tells them.
func TestCyclesEnd(t *testing.T) {
	o := enabled(t, assignment+`
		allow(actor, action, resource) if role_allows(actor, action, resource);
		parent_child(parent, child: Folder) if parent in child.Up();
		resource(_: Folder, "folder", ["read", "purge"], {
		  a: {implies: ["a", "b", "folder:a", "folder:b"]},
		  b: {implies: ["a", "folder:a"], permissions: ["read", "folder:purge"]}
		});`)
	ring := map[string][]string{"a": {"b"}, "b": {"c", "a"}, "c": {"a", "c"}}
	for _, on := range []string{"a", "b", "c"} {
		for _, of := range []string{"a", "b", "c"} {
			for _, action := range []string{"read", "purge"} {
				actor := Actor{Held: []Held{{"a", Folder{on, ring}}}}
				if !allowed(t, o, actor, action, Folder{of, ring}) {
					t.Errorf("%s: a on %s denied on %s", action, on, of)
				}
				stranger := Actor{Held: []Held{{"c", Folder{on, ring}}, {"a", Folder{"d", ring}}}}
				if allowed(t, o, stranger, action, Folder{of, ring}) {
					t.Errorf("%s: allowed on %s", action, of)
				}
			}
		}
	}
}

// TestDiamondsCostNoMoreThanTheirEdges would take 2 to the 20th steps for each role if paths counted.
func TestDiamondsCostNoMoreThanTheirEdges(t *testing.T) {
	var roles strings.Builder
	tree := map[string][]string{}
	const n = 20
	for i := range n {
		fmt.Fprintf(&roles, "l%d: {implies: [\"l%d\", \"r%d\"]}, r%d: {implies: [\"l%d\", \"r%d\"]},\n", i, i+1, i+1, i, i+1, i+1)
		for _, side := range []string{"l", "r"} {
			tree[fmt.Sprint(side, i)] = []string{fmt.Sprint("l", i+1), fmt.Sprint("r", i+1)}
		}
	}
	fmt.Fprintf(&roles, "l%d: {permissions: [\"read\"]}, r%d: {permissions: [\"read\"], implies: [\"folder:l%d\"]}", n, n, n)
	o := enabled(t, assignment+`
		parent_child(parent, child: Folder) if parent in child.Up();
		resource(_: Folder, "folder", ["read"], {`+roles.String()+`});`)
	bottom := Folder{"l0", tree}
	for actor, want := range map[*Actor]bool{
		{Held: []Held{{"l0", bottom}}}:                      true,
		{Held: []Held{{"r0", Folder{"r20", tree}}}}:         true,
		{Held: []Held{{"l0", Folder{"x", tree}}}}:           false,
		{Held: []Held{{"nothing", bottom}, {"l20", "l20"}}}: false,
	} {
		ok, err := o.QueryRuleOnce("role_allows", actor, "read", bottom)
		if ok != want || err != nil {
			t.Errorf("%v: got %v, %v", actor.Held[0].Name, ok, err)
		}
	}
}

func TestNewerSpellingsWin(t *testing.T) {
	const declarations = `
		resource(_: Folder, "folder", ["read"], {reader: {permissions: ["read"], implies: ["folder:reader"]}});`
	tree := map[string][]string{"leaf": {"top"}}
	leaf, top := Folder{"leaf", tree}, Folder{"top", tree}
	direct, above := Actor{Held: []Held{{"reader", leaf}}}, Actor{Held: []Held{{"reader", top}}}
	for _, tc := range []struct {
		shows, policy string
		direct, above bool
	}{
		{"first form", `actor_role(a, r) if r in a.GetRoles(); parent(c, p) if p in c.Up();`, true, true},
		{"dictionaries", `actor_role(a, r) if h in a.GetRoles() and r = {name: h.Name, resource: h.Resource}; child_parent(c, p) if p in c.Up();`, true, true},
		{"second form", assignment + `parent_child(p, c) if p in c.Up();`, true, true},
		{"middle form", assignment + `child_parent(c, p) if p in c.Up();`, true, true},
		{"no parents", assignment, true, false},
		{"a stray parent rule", assignment + `parent(c, p) if p in c.Up();`, true, false},
		{"an older parent rule", assignment + `parent_child(_, _) if false; child_parent(c, p) if p in c.Up();`, true, false},
		{"an older assignment", `actor_has_role_for_resource(_, _, _) if false; actor_role(a, r) if r in a.GetRoles();`, false, false},
		{"parents of another arity", assignment + `parent_child(p, c, _) if p in c.Up();`, true, false},
	} {
		o := enabled(t, tc.policy+declarations)
		for _, rule := range []string{"role_allows", "role_allow"} {
			for actor, want := range map[*Actor]bool{&direct: tc.direct, &above: tc.above} {
				if got, err := o.QueryRuleOnce(rule, actor, "read", leaf); got != want || err != nil {
					t.Errorf("%s: %s, role on %v: got %v, %v", tc.shows, rule, actor.Held[0].Resource, got, err)
				}
			}
		}
	}
}

func TestThePolicysOwnRulesJoinTheBuiltInOnes(t *testing.T) {
	folder := Folder{ID: "1"}
	o := enabled(t, assignment+`
		resource(_: Folder, "folder", ["read"], {reader: {permissions: ["read"]}});
		role_allows(_, "peek", _: Folder);
		actor_can_assume_role("root", _, _: Folder);
		role_allow(role, action, resource) if role = "admin" and action = "read" and resource matches Folder;
		user_in_role("x", "y", "z");`)
	for _, tc := range []struct {
		rule string
		args []any
		want bool
	}{
		{"role_allows", []any{Actor{}, "peek", folder}, true},
		{"role_allows", []any{"root", "read", folder}, true},
		{"role_allows", []any{"root", "write", folder}, false},
		{"role_allows", []any{Actor{Held: []Held{{"reader", folder}}}, "read", folder}, true},
		{"role_allow", []any{"admin", "read", folder}, true},
		{"role_allow", []any{Actor{Held: []Held{{"reader", folder}}}, "read", folder}, false},
		{"user_in_role", []any{"x", "y", "z"}, true},
		{"user_in_role", []any{Actor{Held: []Held{{"reader", folder}}}, "reader", folder}, false},
		{"actor_can_assume_role", []any{Actor{Held: []Held{{"reader", folder}}}, "reader", folder}, true},
		{"actor_can_assume_role", []any{Actor{Held: []Held{{"ghost", folder}}}, "ghost", folder}, true},
	} {
		if got, err := o.QueryRuleOnce(tc.rule, tc.args...); got != tc.want || err != nil {
			t.Errorf("%s%v: got %v, %v", tc.rule, tc.args, got, err)
		}
	}
}

func TestNamesOfTheApplicationDoNotDisturbTheBuiltInRules(t *testing.T) {
	o := newRoles(t)
	for _, name := range []string{"actor", "action", "resource", "role", "holder", "memory", "name", "roles", "_1", ":role", "::role"} {
		must(t, o.RegisterConstant(1, name))
	}
	must(t, o.LoadString(`
		actor_has_role_for_resource(a, n, r) if h in a.GetRoles() and n = h.Name and r = h.Resource;
		resource(_: Folder, "folder", ["read"], {reader: {permissions: ["read"]}, writer: {implies: ["reader"]}});
		allow(a, b, c) if role_allows(a, b, c);`))
	must(t, o.EnableRoles())
	f := Folder{ID: "1"}
	if !allowed(t, o, Actor{Held: []Held{{"writer", f}}}, "read", f) || allowed(t, o, Actor{}, "read", f) {
		t.Error("wrong answers")
	}
}

func TestHiddenRulesCannotBeCalled(t *testing.T) {
	o := enabled(t, folders)
	for _, name := range []string{":join", ":assumes", ":holds", ""} {
		q, err := o.NewQueryFromRule(name, 1, 2, 3)
		if err == nil {
			_, err = q.GetAllResults()
		}
		if !stderrors.Is(err, errors.ErrUndefinedRule) {
			t.Errorf("%q: got %v, want an undefined rule", name, err)
		}
	}
	wantError(t, queryError(t, o, `"".__memory()`), "__memory")
}

func TestErrorsOfAssignmentsDenyAndAreReturned(t *testing.T) {
	const declarations = `resource(_: Folder, "folder", ["read"], {reader: {permissions: ["read"]}});
		allow(a, b, c) if not role_allows(a, b, c);`
	for _, policy := range []string{
		`actor_has_role_for_resource(a, _, _) if a.Nope();`,
		`actor_has_role_for_resource(a, _, _) if a.Broken();`,
		`actor_role(a, r) if r = a;`,
	} {
		if ok, err := enabled(t, policy+declarations).IsAllowed(Actor{}, "read", Folder{}); ok || err == nil {
			t.Errorf("%s: got %v, %v", policy, ok, err)
		}
	}
}

func TestRolesNamedByOtherTypesCompareAsTheApplicationSays(t *testing.T) {
	type name string
	o := newRoles(t, oso.WithUnderlyingEquality())
	must(t, o.LoadString(folders))
	must(t, o.EnableRoles())
	tree := map[string][]string{"leaf": {"top"}}
	writer := Actor{Held: []Held{{"writer", Folder{"top", tree}}}}
	leaf := Folder{"leaf", tree}
	if !allowed(t, o, writer, name("read"), leaf) || allowed(t, o, writer, name("purge"), leaf) {
		t.Error("actions of a named type are not compared by what they are")
	}
	for role, want := range map[name]bool{"reader": true, "keeper": false} {
		if got, err := o.QueryRuleOnce("user_in_role", writer, role, leaf); got != want || err != nil {
			t.Errorf("%s: got %v, %v", role, got, err)
		}
	}
}

// TestRolesHammer asks beside goroutines that enable roles, replace policies and register. One of the policies is valid only
// as long as roles are off, so enabling them may fail for a while.
func TestRolesHammer(t *testing.T) {
	o := newRoles(t)
	tree := map[string][]string{"leaf": {"mid"}, "mid": {"top"}}
	reader, leaf := Actor{Held: []Held{{"reader", Folder{"top", tree}}}}, Folder{"leaf", tree}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 20 {
				switch g {
				case 0:
					err := o.EnableRoles()
					if _, ok := stderrors.AsType[*errors.RolesValidationError](err); err != nil && !ok {
						t.Error(err)
					}
				case 1:
					if err := o.ReplaceString(folders + fmt.Sprintf("version(%d);", i)); err != nil {
						t.Error(err)
					}
				case 2:
					err := o.ReplaceString(`resource(1, 2, 3, 4);`)
					if _, ok := stderrors.AsType[*errors.RolesValidationError](err); err != nil && !ok {
						t.Error(err)
					}
				case 3:
					if err := o.RegisterConstant(i, fmt.Sprint("c", i)); err != nil {
						t.Error(err)
					}
				default:
					if ok, err := o.IsAllowed(reader, "write", leaf); ok {
						t.Errorf("allowed: %v", err)
					}
				}
			}
		})
	}
	wg.Wait()
	must(t, o.ReplaceString(folders))
	must(t, o.EnableRoles())
	if !allowed(t, o, reader, "read", leaf) {
		t.Error("denied after all")
	}
}

func BenchmarkBuiltInRoles(b *testing.B) {
	o := enabled(b, folders)
	tree := map[string][]string{"leaf": {"mid"}, "mid": {"top"}}
	writer, leaf := Actor{Held: []Held{{"writer", Folder{"top", tree}}}}, Folder{"leaf", tree}
	for action, want := range map[string]bool{"read": true, "purge": false} {
		if allowed(b, o, writer, action, leaf) != want {
			b.Fatal("wrong answer")
		}
		b.Run(action, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				o.IsAllowed(writer, action, leaf)
			}
		})
	}
}
