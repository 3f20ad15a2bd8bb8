package main

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRequests(t *testing.T) {
	for _, tt := range []struct {
		user, method, path string
		status             int
		body               string
	}{
		{"john", "GET", "/repos/1", 200, "Abbey Road"},
		{"paul", "GET", "/repos/1", 200, "Abbey Road"},
		{"paul", "DELETE", "/repos/1", 403, "forbidden"},
		{"john", "DELETE", "/repos/1", 200, ""},
		{"mike", "GET", "/repos/1", 404, "no such page"},
		{"mike", "DELETE", "/repos/2", 200, ""},
		{"sully", "GET", "/repos/2", 200, "Paperwork"},
		{"sully", "DELETE", "/repos/2", 403, ""},
		{"paul", "GET", "/repos/3", 200, "Laugh Floor"},
		{"paul", "POST", "/repos/3/issues", 403, ""},
		{"sully", "POST", "/repos/2/issues?title=x", 200, "created 101"},
		{"sully", "PATCH", "/issues/1", 200, "closed"},
		{"mike", "PATCH", "/issues/1", 200, "closed"},
		{"admin", "PATCH", "/issues/1", 200, "closed"},
		{"john", "PATCH", "/issues/1", 404, ""},
		{"john", "GET", "/repos/99", 404, ""},
		{"john", "GET", "/repos", 200, `[{"name":"Abbey Road","actions":["create_issues","delete","read"]},{"name":"Laugh Floor","actions":["read"]}]`},
		{"sully", "GET", "/repos", 200, `[{"name":"Paperwork","actions":["create_issues","read"]},{"name":"Laugh Floor","actions":["read"]}]`},
		{"john", "TRACE", "/repos", 403, ""},
		{"john", "GET", "/admin", 403, ""},
		{"admin", "GET", "/admin", 404, ""},
		{"nobody", "GET", "/repos", 401, ""},
	} {
		server, err := NewServer("policy.polar", NewStore())
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(tt.method, tt.path, nil)
		r.Header.Set("X-User", tt.user)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.body) {
			t.Errorf("%s %s %s: got %d, %s", tt.user, tt.method, tt.path, w.Code, w.Body)
		}
	}
}

func TestMissingPolicy(t *testing.T) {
	if _, err := NewServer("nothing.polar", NewStore()); err == nil {
		t.Error("no error")
	}
}
