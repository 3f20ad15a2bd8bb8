package oso_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

const enforcement = `
allow("admin", _action, _r);
allow("reader", "read", "doc");
allow("writer", "write", "doc");
allow("writer", action, r) if action = "read" and allow("reader", action, r);
allow("counter", 1, _r);
allow("counter", 1, _r);
allow("odd", x, _r) if x > 1;
allow("typed", _: String, _r);
allow("listed", [1], _r);
allow("nil", nil, _r);
allow("broken", _, r) if r.missing;
allow_request("reader", "GET");
allow_field("reader", "read", "doc", "title");
allow_field("writer", "write", "doc", f) if f in ["title", "body"];
allow_field("writer", "read", "doc", f) if allow_field("writer", "write", "doc", f);
allow_field("admin", _, _, _);
`

func TestAuthorize(t *testing.T) {
	o := newOso(t, enforcement)
	for _, tt := range []struct {
		actor, action string
		want          error
	}{
		{"reader", "read", nil},
		{"reader", "write", osoerrors.ErrForbidden},
		{"nobody", "write", osoerrors.ErrNotFound},
		{"nobody", "read", osoerrors.ErrNotFound},
		{"admin", "anything", nil},
	} {
		if err := o.Authorize(tt.actor, tt.action, "doc"); !errors.Is(err, tt.want) || tt.want == nil && err != nil {
			t.Errorf("%s %s: got %v, want %v", tt.actor, tt.action, err, tt.want)
		}
	}
	wantError(t, o.Authorize("broken", "read", "doc"), "no attribute")
	if err := o.Authorize("nobody", []any{"read"}, "doc"); !errors.Is(err, osoerrors.ErrNotFound) {
		t.Errorf("a list as the action: got %v", err)
	}
	o.SetReadAction([]any{"read"})
	if err := o.Authorize("nobody", []any{"read"}, "doc"); !errors.Is(err, osoerrors.ErrNotFound) {
		t.Errorf("a list as the read action: got %v", err)
	}
	o.SetReadAction("write")
	if err := o.Authorize("writer", "delete", "doc"); !errors.Is(err, osoerrors.ErrForbidden) {
		t.Errorf("another read action: got %v", err)
	}
}

func TestCustomErrors(t *testing.T) {
	o := newOso(t, enforcement)
	before := *o
	forbidden, notFound := errors.New("forbidden"), errors.New("not found")
	calls := 0
	o.SetForbiddenError(func() error { calls++; return forbidden })
	o.SetNotFoundError(func() error { calls++; return notFound })
	if err := o.Authorize("reader", "write", "doc"); err != forbidden {
		t.Errorf("got %v", err)
	}
	if err := o.AuthorizeRequest("reader", "POST"); err != forbidden {
		t.Errorf("got %v", err)
	}
	if err := o.Authorize("nobody", "write", "doc"); err != notFound || calls != 3 {
		t.Errorf("got %v after %d calls", err, calls)
	}
	if err := before.Authorize("nobody", "write", "doc"); !errors.Is(err, osoerrors.ErrNotFound) {
		t.Errorf("a copy made before: got %v", err)
	}
	o.SetForbiddenError(func() error { return nil })
	o.SetNotFoundError(func() error { return nil })
	if err := o.Authorize("reader", "write", "doc"); !errors.Is(err, osoerrors.ErrForbidden) {
		t.Errorf("got %v", err)
	}
	if err := o.Authorize("nobody", "write", "doc"); !errors.Is(err, osoerrors.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestAuthorizeRequestAndField(t *testing.T) {
	o := newOso(t, enforcement)
	must(t, o.AuthorizeRequest("reader", "GET"))
	must(t, o.AuthorizeField("writer", "read", "doc", "body"))
	for _, err := range []error{o.AuthorizeRequest("reader", "POST"), o.AuthorizeField("reader", "read", "doc", "body")} {
		if !errors.Is(err, osoerrors.ErrForbidden) {
			t.Errorf("got %v", err)
		}
	}
	if err := newOso(t, "").AuthorizeRequest(1, 2); !errors.Is(err, osoerrors.ErrUndefinedRule) {
		t.Errorf("got %v", err)
	}
}

func set(keys ...any) map[any]struct{} {
	m := map[any]struct{}{}
	for _, k := range keys {
		m[k] = struct{}{}
	}
	return m
}

func TestAuthorizedActions(t *testing.T) {
	o := newOso(t, enforcement)
	for _, tt := range []struct {
		actor    string
		wildcard bool
		want     map[any]struct{}
	}{
		{"reader", false, set("read")},
		{"writer", false, set("read", "write")},
		{"counter", false, set(int64(1))},
		{"nil", false, set(nil)},
		{"nobody", false, set()},
		{"admin", true, set("*")},
	} {
		got, err := o.AuthorizedActions(tt.actor, "doc", tt.wildcard)
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", tt.actor, err, diff)
		}
		old, err := o.GetAllowedActions(tt.actor, "doc", tt.wildcard)
		if diff := cmp.Diff(tt.want, old); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", tt.actor, err, diff)
		}
	}
	for actor, want := range map[string]string{
		"admin": "allow_wildcard", "odd": "unbound", "typed": "unbound", "listed": "[1]", "broken": "no attribute",
	} {
		got, err := o.AuthorizedActions(actor, "doc", false)
		if err == nil || got != nil {
			t.Errorf("%s: got %v", actor, got)
			continue
		}
		wantError(t, err, want)
	}
}

func TestAuthorizedFields(t *testing.T) {
	o := newOso(t, enforcement)
	for _, tt := range []struct {
		actor, action string
		want          map[any]struct{}
	}{
		{"reader", "read", set("title")}, {"writer", "read", set("title", "body")}, {"reader", "write", set()}, {"admin", "read", set("*")},
	} {
		got, err := o.AuthorizedFields(tt.actor, tt.action, "doc", true)
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s %s: %v (-want +got):\n%s", tt.actor, tt.action, err, diff)
		}
	}
	_, err := o.AuthorizedFields("admin", "read", "doc", false)
	wantError(t, err, "allow_wildcard")
}
