package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestThePolicyDecidesEachRequest(t *testing.T) {
	tests := []struct {
		user, method, page string
		want               int
	}{
		{"alice", "GET", "plans", http.StatusOK},
		{"alice", "PUT", "plans", http.StatusOK},
		{"alice", "PUT", "welcome", http.StatusOK},
		{"bob", "GET", "plans", http.StatusOK},
		{"bob", "PUT", "plans", http.StatusForbidden},
		{"bob", "GET", "welcome", http.StatusOK},
		{"eve", "GET", "welcome", http.StatusOK},
		{"eve", "PUT", "welcome", http.StatusForbidden},
		{"eve", "GET", "plans", http.StatusNotFound},
		{"eve", "PUT", "plans", http.StatusNotFound},
		{"alice", "GET", "nowhere", http.StatusNotFound},
		{"mallory", "GET", "welcome", http.StatusUnauthorized},
	}
	wiki, err := NewWiki()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.user+" "+tt.method+" "+tt.page, func(t *testing.T) {
			request := httptest.NewRequest(tt.method, "/pages/"+tt.page, strings.NewReader("text"))
			request.Header.Set("X-User", tt.user)
			response := httptest.NewRecorder()
			wiki.Handler().ServeHTTP(response, request)
			if response.Code != tt.want {
				t.Errorf("status %d, want %d; body: %s", response.Code, tt.want, response.Body)
			}
		})
	}
}

func TestForbiddenWritesChangeNothing(t *testing.T) {
	wiki, err := NewWiki()
	if err != nil {
		t.Fatal(err)
	}
	send := func(user, method, body string) string {
		request := httptest.NewRequest(method, "/pages/plans", strings.NewReader(body))
		request.Header.Set("X-User", user)
		response := httptest.NewRecorder()
		wiki.Handler().ServeHTTP(response, request)
		return response.Body.String()
	}
	send("bob", "PUT", "by bob")
	if got, want := send("bob", "GET", ""), "Nobody must know.\n"; got != want {
		t.Errorf("after a forbidden write the page reads %q, want %q", got, want)
	}
	send("alice", "PUT", "by alice")
	if got, want := send("bob", "GET", ""), "by alice\n"; got != want {
		t.Errorf("after an allowed write the page reads %q, want %q", got, want)
	}
}

func TestTheDemonstrationShowsAllowAndDeny(t *testing.T) {
	var out bytes.Buffer
	if err := run(&out, ""); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"ALLOW  alice PUT /pages/plans    200 OK",
		"deny   bob   PUT /pages/plans    403 Forbidden",
		"deny   eve   GET /pages/plans    404 Not Found",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, &out)
		}
	}
}
