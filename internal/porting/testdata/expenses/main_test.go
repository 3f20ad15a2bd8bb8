package main

import (
	"errors"
	"testing"
	"time"

	osoerrors "github.com/osohq/go-oso/errors"
)

func newCompany(t *testing.T) *Company {
	t.Helper()
	now := time.Date(2021, 6, 1, 12, 0, 0, 0, time.UTC)
	c, err := NewCompany(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDecisions(t *testing.T) {
	c := newCompany(t)
	for _, tt := range []struct {
		person, action string
		expense        int
		want           string
	}{
		{"sam", "edit", 1, "yes"}, {"sam", "submit", 1, "yes"}, {"sam", "edit", 2, "no"}, {"sam", "read", 2, "yes"}, {"sam", "approve", 2, "no"},
		{"mary", "read", 1, "yes"}, {"mary", "edit", 1, "no"}, {"mary", "approve", 1, "no"}, {"mary", "approve", 2, "yes"},
		{"mary", "approve", 3, "no"}, {"dora", "approve", 3, "yes"}, {"dora", "approve", 4, "no"}, {"dora", "approve", 5, "no"}, {"dora", "approve", 6, "no"},
		{"alex", "read", 1, "yes"}, {"alex", "approve", 2, "no"}, {"eve", "read", 1, "not found"}, {"eve", "approve", 2, "not found"},
	} {
		got, err := c.Can(tt.person, tt.action, tt.expense)
		if got != tt.want || err != nil {
			t.Errorf("%v: got %s, %v", tt, got, err)
		}
	}
}

func TestSettingsAreLive(t *testing.T) {
	c := newCompany(t)
	c.settings.ReadOnly = true
	for action, want := range map[string]string{"edit": "no", "read": "yes"} {
		if got, err := c.Can("sam", action, 1); got != want || err != nil {
			t.Errorf("%s: got %s, %v", action, got, err)
		}
	}
}

func TestFields(t *testing.T) {
	c := newCompany(t)
	for _, tt := range []struct {
		person, action string
		expense        int
		want           string
	}{
		{"sam", "read", 1, "amount extras id status tags"}, {"mary", "read", 1, "amount id status"}, {"sam", "edit", 1, "amount tags"},
		{"sam", "edit", 2, ""}, {"eve", "read", 1, ""},
	} {
		if got, err := c.Fields(tt.person, tt.action, tt.expense); got != tt.want || err != nil {
			t.Errorf("%v: got %s, %v", tt, got, err)
		}
	}
	if err := c.oso.AuthorizeField(c.people["sam"], "edit", c.expenses[1], "amount"); err != nil {
		t.Error(err)
	}
	var forbidden *osoerrors.ForbiddenError
	if err := c.oso.AuthorizeField(c.people["mary"], "edit", c.expenses[1], "amount"); !errors.As(err, &forbidden) {
		t.Errorf("got %v", err)
	}
}

func TestRequests(t *testing.T) {
	c := newCompany(t)
	for _, tt := range []struct {
		person, path string
		allowed      bool
	}{{"sam", "/status", true}, {"sam", "/reports", false}, {"alex", "/reports", true}, {"dora", "/reports", true}} {
		err := c.oso.AuthorizeRequest(c.people[tt.person], map[string]string{"Path": tt.path})
		if (err == nil) != tt.allowed {
			t.Errorf("%v: got %v", tt, err)
		}
	}
}
