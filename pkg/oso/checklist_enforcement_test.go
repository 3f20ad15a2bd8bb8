package oso_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

// outcome names what an Authorize method returned.
func outcome(err error) string {
	switch {
	case err == nil:
		return "allowed"
	case errors.As(err, new(*osoerrors.ForbiddenError)):
		return "forbidden"
	case errors.As(err, new(*osoerrors.NotFoundError)):
		return "not found"
	}
	return err.Error()
}

const guarded = `
allow("owner", action, "doc") if action in ["read", "write"];
allow("reader", "read", "doc");
allow("viewer", "view", "doc");
allow_request("reader", "GET /");
allow_field("owner", "update", "doc", field) if field in ["name", "email"];
allow_field("owner", "read", "doc", "id");
allow_field(actor, "read", "doc", field) if allow_field(actor, "update", "doc", field);
allow_field("reader", "read", "doc", "id");
`

func TestChecklistEnforcement(t *testing.T) {
	t.Run("check 102: the outcomes of Authorize", func(t *testing.T) {
		o := newOso(t, guarded)
		for _, tt := range []struct{ actor, action, want string }{
			{"owner", "write", "allowed"}, {"reader", "write", "forbidden"}, {"nobody", "write", "not found"}, {"nobody", "read", "not found"},
		} {
			if got := outcome(o.Authorize(tt.actor, tt.action, "doc")); got != tt.want {
				t.Errorf("%v: got %s", tt, got)
			}
		}
	})
	t.Run("check 103: another read action and other errors", func(t *testing.T) {
		o := newOso(t, guarded)
		o.SetReadAction("view")
		if got := outcome(o.Authorize("viewer", "write", "doc")); got != "forbidden" {
			t.Errorf("got %s", got)
		}
		if got := outcome(o.Authorize("reader", "write", "doc")); got != "not found" {
			t.Errorf("got %s", got)
		}
		calls := 0
		o.SetNotFoundError(func() error { calls++; return errBroken })
		o.SetForbiddenError(func() error { calls++; return errBroken })
		for _, err := range []error{o.Authorize("reader", "write", "doc"), o.Authorize("viewer", "write", "doc"), o.AuthorizeRequest("viewer", "x")} {
			if err != errBroken {
				t.Errorf("got %v", err)
			}
		}
		if calls != 3 {
			t.Errorf("%d calls", calls)
		}
		o.SetNotFoundError(func() error { return nil })
		o.SetForbiddenError(func() error { return nil })
		if got := outcome(o.Authorize("reader", "write", "doc")) + ", " + outcome(o.Authorize("viewer", "write", "doc")); got != "not found, forbidden" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("check 104: errors of queries are returned", func(t *testing.T) {
		all := func(o *oso.Oso) []error {
			_, allowed := o.IsAllowed("a", "b", "c")
			_, actions := o.AuthorizedActions("a", "c", true)
			_, fields := o.AuthorizedFields("a", "b", "c", true)
			return []error{allowed, actions, fields, o.Authorize("a", "b", "c"), o.AuthorizeRequest("a", "b"), o.AuthorizeField("a", "b", "c", "d")}
		}
		for _, err := range all(newOso(t, "")) {
			if code(err) != "RuntimeError::QueryForUndefinedRule" {
				t.Errorf("undefined: got %v", err)
			}
		}
		for _, err := range all(newOso(t, "allow(a, _, _) if a.x; allow_request(a, _) if a.x; allow_field(a, _, _, _) if a.x;")) {
			if code(err) != "RuntimeError::Application" {
				t.Errorf("an object: got %v", err)
			}
		}
		_, err := newOso(t, "allow(_, action, _) if action > 1;").AuthorizedActions(1, 2, true)
		if !errors.As(err, new(*osoerrors.UnexpectedExpressionError)) {
			t.Errorf("an expression: got %v", err)
		}
	})
	t.Run("check 105: requests and fields", func(t *testing.T) {
		o := newOso(t, guarded)
		got := []string{
			outcome(o.AuthorizeRequest("reader", "GET /")), outcome(o.AuthorizeRequest("reader", "GET /admin")),
			outcome(o.AuthorizeField("owner", "update", "doc", "name")), outcome(o.AuthorizeField("reader", "update", "doc", "name")),
		}
		if diff := cmp.Diff([]string{"allowed", "forbidden", "allowed", "forbidden"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("check 109: authorized fields", func(t *testing.T) {
		o := newOso(t, guarded)
		for _, tt := range []struct {
			actor, action string
			want          map[any]struct{}
		}{
			{"owner", "update", set("name", "email")}, {"owner", "read", set("id", "name", "email")}, {"reader", "read", set("id")}, {"nobody", "read", set()},
		} {
			got, err := o.AuthorizedFields(tt.actor, tt.action, "doc", false)
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
				t.Errorf("%s %s: %v (-want +got):\n%s", tt.actor, tt.action, err, diff)
			}
		}
	})
	t.Run("check 110: actions that are slices", func(t *testing.T) {
		o := newOso(t, guarded)
		o.SetReadAction([]string{"read"})
		for _, action := range []any{[]string{"read"}, []any{"write"}, map[string]int{"a": 1}} {
			if got := outcome(o.Authorize("reader", action, "doc")); got != "not found" {
				t.Errorf("%v: got %s", action, got)
			}
		}
	})
}

func TestChecklistAuthorizedActions(t *testing.T) {
	actions := func(t *testing.T, policy string, wildcard bool) (map[any]struct{}, error) {
		t.Helper()
		o := newOso(t, policy)
		got, err := o.AuthorizedActions("a", "r", wildcard)
		old, oldErr := o.GetAllowedActions("a", "r", wildcard)
		if diff := cmp.Diff(got, old); diff != "" || (err == nil) != (oldErr == nil) {
			t.Errorf("GetAllowedActions: %v (-AuthorizedActions +got):\n%s", oldErr, diff)
		}
		return got, err
	}
	expect := func(t *testing.T, policy string, wildcard bool, want map[any]struct{}) {
		t.Helper()
		got, err := actions(t, policy, wildcard)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", policy, err, diff)
		}
	}
	t.Run("check 106: duplicates, wildcards and none", func(t *testing.T) {
		expect(t, `allow("a", "x", "r"); allow("a", "y", "r"); allow(_, "x", _);`, false, set("x", "y"))
		expect(t, `allow("a", "x", "r"); allow("a", _, "r");`, true, set("x", "*"))
		expect(t, `allow("b", "x", "r");`, false, set())
		got, err := actions(t, `allow("a", "x", "r"); allow("a", _, "r");`, false)
		wantError(t, err, "allow_wildcard")
		if got != nil {
			t.Errorf("got %v", got)
		}
	})
	t.Run("check 107: actions that are no strings", func(t *testing.T) {
		expect(t, `allow("a", 1, "r"); allow("a", 2.5, "r"); allow("a", true, "r");`, false, set(int64(1), 2.5, true))
		expect(t, `allow("a", nil, "r");`, false, set(nil))
		_, err := actions(t, `allow("a", ["x"], "r");`, false)
		wantError(t, err, "x")
	})
	t.Run("check 108: actions that are only constrained", func(t *testing.T) {
		for _, policy := range []string{`allow("a", action, "r") if action > 1;`, `allow("a", _: String, "r");`} {
			for _, wildcard := range []bool{true, false} {
				if _, err := actions(t, policy, wildcard); !errors.As(err, new(*osoerrors.UnexpectedExpressionError)) {
					t.Errorf("%s: got %v", policy, err)
				}
			}
		}
	})
}
