package engine

import (
	"errors"
	"slices"
	"testing"

	"github.com/goso-project/goso/internal/diag"
)

const rolesPolicy = `
actor_has_role_for_resource("ann", "reader", "doc");
resource(_: String, "doc", ["read"], {reader: {permissions: ["read"]}});
`

func rolesSource(text string) []*diag.Source { return []*diag.Source{diag.NewSource("", text)} }

// holds runs a query without a host and reports whether it has a result.
func holds(t *testing.T, e *Engine, query string) bool {
	t.Helper()
	q, err := e.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	q.Start(t.Context(), nil, Options{})
	found, err := q.Next()
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return found
}

// TestPoliciesThatWereNotCheckedForRolesAreNotAdopted has roles enabled between fork and adoption.
func TestPoliciesThatWereNotCheckedForRolesAreNotAdopted(t *testing.T) {
	e := New(builtinRegistry())
	load := func(to *Engine, text string) {
		t.Helper()
		if _, err := to.Load(rolesSource(text), LoadOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	early := e.Fork()
	load(early, `resource(1, 2, 3, 4);`)
	if err := e.EnableRoles(nil); err != nil || !e.RolesEnabled() {
		t.Fatalf("enabling roles: %v", err)
	}
	if adopted, err := e.Adopt(early); adopted || err != nil || len(e.Policy().Rules()) != 0 {
		t.Errorf("a policy that was not checked: adopted %v, %v", adopted, err)
	}
	late := e.Fork()
	if _, err := late.Load(rolesSource(`resource(1, 2, 3, 4);`), LoadOptions{}); !errors.Is(err, diag.RolesValidation) {
		t.Errorf("loading into a later fork: %v", err)
	}
	load(late, rolesPolicy)
	if adopted, err := e.Adopt(late); !adopted || err != nil || !holds(t, e, `role_allows("ann", "read", "doc")`) {
		t.Errorf("a policy that was checked: adopted %v, %v", adopted, err)
	}
}

func TestBuiltInRulesAreNotListed(t *testing.T) {
	e := New(builtinRegistry())
	if err := e.EnableRoles(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Load(nil, LoadOptions{}); err != nil {
		t.Errorf("loading nothing: %v", err)
	}
	if _, err := e.Load(rolesSource(rolesPolicy), LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	e.SetRegistry(builtinRegistry)
	var names []string
	for _, r := range e.Policy().Rules() {
		names = append(names, r.Name)
	}
	if want := []string{"actor_has_role_for_resource", "resource"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	if !holds(t, e, `role_allow("ann", "read", "doc")`) || holds(t, e, `role_allow("bob", "read", "doc")`) {
		t.Error("wrong answers")
	}
}

// TestDeclarationsAreCheckedAsTheLoadStartsQueries has a declaration that asks the host, and one that does not end.
func TestDeclarationsAreCheckedAsTheLoadStartsQueries(t *testing.T) {
	text := rolesPolicy + `resource(_: List, "list", actions, {}) if actions = nil.Actions;`
	e := New(builtinRegistry())
	if err := e.EnableRoles(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Load(rolesSource(text), LoadOptions{}); !errors.Is(err, errNoHost) {
		t.Errorf("without a host: %v", err)
	}
	started := 0
	text = rolesPolicy + `loop() if loop(); resource(_: List, "list", ["read"], {}) if loop();`
	_, err := e.Load(rolesSource(text), LoadOptions{Start: func(q *Query) {
		started++
		q.Start(t.Context(), nil, Options{Limits: Limits{Depth: 10}})
	}})
	if started != 1 || !errors.Is(err, diag.StackOverflow) {
		t.Errorf("started %d times: %v", started, err)
	}
}

// TestBrokenDeclarationsHideNoCalls checks a policy whose declaration cannot be parsed.
func TestBrokenDeclarationsHideNoCalls(t *testing.T) {
	for _, d := range CheckAll(rolesSource("allow(a, b, c) if role_allows(a, b, c);\nresource(_: Doc, \"doc\", [, {});\n"), nil, CheckOptions{}) {
		if d.Kind == diag.UndefinedRuleCall {
			t.Errorf("role_allows is called undefined beside a broken declaration: %v", d)
		}
	}
}
