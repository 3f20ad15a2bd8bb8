package standin

import (
	"slices"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

func TestParseClass(t *testing.T) {
	tests := []struct {
		text, name string
		bases      []string
		wrong      bool
	}{
		{text: "User", name: "User"},
		{text: "Admin:User", name: "Admin", bases: []string{"User"}},
		{text: "A: B , C", name: "A", bases: []string{"B", "C"}},
		{text: "app::User:app::Base", name: "app::User", bases: []string{"app::Base"}},
		{text: "", wrong: true},
		{text: "1st", wrong: true},
		{text: "A:B c", wrong: true},
		{text: ":B", wrong: true},
	}
	for _, tt := range tests {
		c, err := ParseClass(tt.text)
		if (err != nil) != tt.wrong || c.Name != tt.name || !slices.Equal(c.Bases, tt.bases) {
			t.Errorf("ParseClass(%q) = %+v, %v", tt.text, c, err)
		}
	}
}

func TestAncestorsAreInOrder(t *testing.T) {
	h, err := New([]Class{{"A", []string{"B", "C"}}, {"B", []string{"D"}}, {"C", []string{"D"}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := h.Registry().Class("A").Ancestors, []string{"A", "B", "D", "C"}; !slices.Equal(got, want) {
		t.Errorf("A derives from %v, want %v", got, want)
	}
	if h.Registry().Class("D") == nil {
		t.Error("a base that was only named is no class")
	}
}

func TestWrongDeclarationsAreRefused(t *testing.T) {
	for _, classes := range [][]Class{
		{{Name: "A"}, {Name: "A"}},
		{{Name: "String"}},
		{{Name: "Actor"}},
		{{"A", []string{"B"}}, {"B", []string{"A"}}},
		{{"A", []string{"A"}}},
	} {
		if _, err := New(classes); err == nil {
			t.Errorf("%v was accepted", classes)
		}
	}
}

// newHost returns a host with the classes Admin and its base User.
func newHost(t *testing.T) *Host {
	t.Helper()
	h, err := New([]Class{{"Admin", []string{"User"}}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestInstancesHaveTheFieldsTheyWereMadeWith(t *testing.T) {
	h := newHost(t)
	ctx := t.Context()
	v, err := h.New(ctx, "Admin", []wam.Value{wam.IntValue(1)}, []engine.Kwarg{{Name: "name", Value: wam.StringValue("ann")}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := h.Printer().Value(v), `Admin{_0: 1, name: "ann"}`; got != want {
		t.Errorf("the instance is %s, want %s", got, want)
	}
	if got, err := h.Lookup(ctx, v, "name"); err != nil || got.Str != "ann" {
		t.Errorf("name is %v, %v", got, err)
	}
	if _, err := h.Lookup(ctx, v, "age"); err == nil || !strings.Contains(err.Error(), `has no field "age"`) {
		t.Errorf("a missing field gives %v", err)
	}
	if _, err := h.Lookup(ctx, wam.IntValue(1), "age"); err == nil {
		t.Error("a number has a field")
	}
	if _, err := h.Call(ctx, v, "name", nil, nil); err == nil {
		t.Error("a field can be called")
	}
	if _, err := h.Iterate(ctx, v); err == nil {
		t.Error("an instance can be iterated")
	}
	for _, class := range []string{"Nobody", "String"} {
		if _, err := h.New(ctx, class, nil, nil); err == nil {
			t.Errorf("new %s() works", class)
		}
	}
}

func TestEqualityIsByClassAndFields(t *testing.T) {
	h := newHost(t)
	parse := func(text string) wam.Value {
		v, err := h.FromJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	ann := `{"$new": "User", "fields": {"name": "ann", "tags": [1, {"a": null}]}}`
	tests := []struct {
		left, right string
		want        bool
	}{
		{ann, ann, true},
		{ann, `{"$new": "User", "fields": {"name": "ann", "tags": [1.0, {"a": null}]}}`, true},
		{ann, `{"$new": "User", "fields": {"name": "ann", "tags": [2, {"a": null}]}}`, false},
		{ann, `{"$new": "User", "fields": {"name": "ann"}}`, false},
		{ann, strings.Replace(ann, "User", "Admin", 1), false},
		{ann, `null`, false},
		{`null`, `null`, true},
		{`9007199254740993`, `9007199254740992.0`, false},
		{`true`, `1`, false},
	}
	for _, tt := range tests {
		got, err := h.Compare(t.Context(), "Eq", parse(tt.left), parse(tt.right))
		if got != tt.want || err != nil {
			t.Errorf("%s = %s is %v, %v", tt.left, tt.right, got, err)
		}
		if got, _ := h.Compare(t.Context(), "Neq", parse(tt.left), parse(tt.right)); got == tt.want {
			t.Errorf("%s != %s is %v too", tt.left, tt.right, got)
		}
	}
	if _, err := h.Compare(t.Context(), "Lt", parse(ann), parse(ann)); err == nil {
		t.Error("instances have an order")
	}
}

func TestComparisonEnds(t *testing.T) {
	a, b := wam.ListValue(), wam.ListValue()
	for range 100 {
		a, b = wam.ListValue(a, a), wam.ListValue(b, b)
	}
	if _, err := newHost(t).Compare(t.Context(), "Eq", a, b); err == nil {
		t.Error("two exponentially large lists were compared")
	}
}

func TestJSONValues(t *testing.T) {
	h := newHost(t)
	tests := []struct{ text, want string }{
		{`[1, 2.0, 1e3, "a", true, null, {"b": {}}]`, `[1, 2.0, 1000.0, "a", true, nil, {b: {}}]`},
		{`{"$new": "Admin"}`, `Admin{}`},
		{`{"$new": "Nobody"}`, `error`},
		{`{"$new": "Admin", "fields": 1}`, `error`},
		{`99999999999999999999`, `error`},
		{`1e999`, `error`},
		{`1 2`, `error`},
		{`bare`, `error`},
	}
	for _, tt := range tests {
		v, err := h.FromJSON(tt.text)
		got := "error"
		if err == nil {
			got = h.Printer().Value(v)
		}
		if got != tt.want {
			t.Errorf("%s is %s, want %s (%v)", tt.text, got, tt.want, err)
		}
	}
}

func TestClassesAsValues(t *testing.T) {
	h := newHost(t)
	admin := h.Registry().Constants["Admin"]
	if got := h.Printer().Value(admin); got != "Admin" {
		t.Errorf("the class prints as %s", got)
	}
	if ranks := h.Registry().Shapes[admin.Shape()].Ranks; len(ranks) != 2 || ranks["User"] != 0 {
		t.Errorf("the class belongs to %v", ranks)
	}
	if sub, _ := h.IsSubclass(t.Context(), "Admin", "User"); !sub {
		t.Error("Admin does not derive from User")
	}
	if sub, _ := h.IsSubclass(t.Context(), "User", "Admin"); sub {
		t.Error("User derives from Admin")
	}
	for class, want := range map[string]bool{"Admin": true, "Nobody": false} {
		if may, _ := h.IsaWithPath(t.Context(), "User", []string{"boss"}, class); may != want {
			t.Errorf("whether a field may be of class %s: %v", class, may)
		}
	}
	if may, _ := h.IsaWithPath(t.Context(), "User", nil, "Admin"); may {
		t.Error("a User is an Admin")
	}
}
