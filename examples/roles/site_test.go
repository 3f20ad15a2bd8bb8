package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestBothPoliciesDecideEachRequest has the requests in rows and the policies in columns.
func TestBothPoliciesDecideEachRequest(t *testing.T) {
	const ok, no = http.StatusOK, http.StatusForbidden
	tests := []struct {
		user, method, page string
		first, second      int
	}{
		{"uma", "GET", "1", ok, no},
		{"uma", "PUT", "1", no, no},
		{"uma", "GET", "2", no, no},
		{"gus", "GET", "1", no, ok},
		{"gus", "PUT", "1", no, no},
		{"ada", "PUT", "1", ok, ok},
		{"ada", "GET", "1", ok, ok},
		{"ada", "DELETE", "1", no, no},
		{"ada", "GET", "2", no, no},
		{"max", "PUT", "2", ok, ok},
		{"max", "PUT", "1", no, no},
		{"nat", "GET", "1", no, no},
		{"eve", "GET", "1", http.StatusUnauthorized, http.StatusUnauthorized},
		{"ada", "GET", "3", http.StatusNotFound, http.StatusNotFound},
		{"ada", "GET", "x", http.StatusNotFound, http.StatusNotFound},
	}
	for _, policy := range []string{"first.polar", "second.polar"} {
		site, err := NewSite(policy)
		if err != nil {
			t.Fatal(err)
		}
		handler := site.Handler()
		for _, tt := range tests {
			t.Run(policy+" "+tt.user+" "+tt.method+" "+tt.page, func(t *testing.T) {
				want := tt.second
				if policy == "first.polar" {
					want = tt.first
				}
				request := httptest.NewRequest(tt.method, "/pages/"+tt.page, nil)
				request.Header.Set("X-User", tt.user)
				response := httptest.NewRecorder()
				handler.ServeHTTP(response, request)
				if response.Code != want {
					t.Errorf("status %d, want %d; body: %s", response.Code, want, response.Body)
				}
			})
		}
	}
}

func TestErrorsOfThePolicyAreNoPermission(t *testing.T) {
	site, err := NewSite("second.polar")
	if err != nil {
		t.Fatal(err)
	}
	if err := site.oso.ReplaceString(`
		allow(actor, action, resource) if not role_allows(actor, action, resource);
		actor_has_role_for_resource(actor, name, page) if role = actor.NoSuchField and name = role and page = role;
		resource(_: Page, "page", ["read"], {guest: {permissions: ["read"]}});`); err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest("GET", "/pages/1", nil)
	request.Header.Set("X-User", "nat")
	response := httptest.NewRecorder()
	site.Handler().ServeHTTP(response, request)
	if response.Code != http.StatusInternalServerError {
		t.Errorf("status %d, want %d", response.Code, http.StatusInternalServerError)
	}
}

func TestPoliciesThatAreMissingAreErrors(t *testing.T) {
	if err := run(&bytes.Buffer{}, "127.0.0.1:0", "third.polar"); err == nil {
		t.Error("no error")
	}
}

func TestTheDemonstrationShowsBothPolicies(t *testing.T) {
	var out bytes.Buffer
	if err := run(&out, "", ""); err != nil {
		t.Fatal(err)
	}
	first, second, found := strings.Cut(out.String(), "second.polar")
	if !found {
		t.Fatalf("the output lacks the second policy:\n%s", &out)
	}
	for _, tc := range []struct{ part, want string }{
		{first, "ALLOW  uma GET    /pages/1  200"},
		{first, "deny   gus GET    /pages/1  403"},
		{second, "deny   uma GET    /pages/1  403"},
		{second, "ALLOW  gus GET    /pages/1  200"},
	} {
		if !strings.Contains(tc.part, tc.want) {
			t.Errorf("the output lacks %q:\n%s", tc.want, tc.part)
		}
	}
}
