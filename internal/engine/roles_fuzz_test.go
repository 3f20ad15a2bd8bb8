package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/diag"
)

// FuzzRoles loads policies with roles enabled before and after, which must give the same errors and the same answers.
func FuzzRoles(f *testing.F) {
	f.Add(rolesPolicy)
	f.Add(rolesPolicy + `parent_child(p, "doc") if p in ["doc", "org"]; resource(_: String, "s", _, {r: {implies: ["r", "s:r"]}});`)
	f.Add(`actor_role("ann", {name: r, resource: "doc"}) if r in ["reader", 1]; child_parent(_, _); resource(_: String, "doc", ["read"], {reader: {permissions: ["doc:read"]}});`)
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "conformance", "roles.jsonl"))
	if err != nil {
		f.Fatal(err)
	}
	for dec := json.NewDecoder(bytes.NewReader(text)); dec.More(); {
		var c struct{ Policy string }
		if err := dec.Decode(&c); err != nil {
			f.Fatal(err)
		}
		f.Add(c.Policy)
	}
	f.Fuzz(func(t *testing.T, text string) {
		opts := Options{Limits: Limits{Depth: 1000, Steps: 10_000, HeapCells: 1 << 20, StackWords: 1 << 20, Timeout: 5 * time.Second}}
		start := func(q *Query) { q.Start(t.Context(), nil, opts) }
		var answers [2][]string
		for i := range answers {
			e := New(builtinRegistry())
			if i == 0 {
				if err := e.EnableRoles(start); err != nil {
					t.Fatal(err)
				}
			}
			_, err := e.Load(rolesSource(text), LoadOptions{Start: start})
			if err == nil && len(e.Policy().Rules()) == 0 {
				return // nothing to check: enabling is left for later
			}
			if err == nil && i == 1 {
				err = e.EnableRoles(start)
			}
			if err != nil {
				answers[i] = []string{kindOf(err)}
				continue
			}
			for _, query := range []string{`role_allows("ann", "read", "doc")`, `role_allows(a, b, "doc")`, `actor_can_assume_role("ann", r, "doc")`, `user_in_role(a, "reader", "doc")`, `role_allow("ann", "read", r)`} {
				answers[i] = append(answers[i], rolesAnswer(t, e, query, start))
			}
		}
		for i, got := range answers[1] {
			if len(answers[0]) != len(answers[1]) || answers[0][i] != got {
				t.Fatalf("enabled before: %q, after: %q\n%s", answers[0], answers[1], text)
			}
		}
	})
}

// rolesAnswer returns the number of results of a query, at most ten, and the kind of its error.
func rolesAnswer(t *testing.T, e *Engine, query string, start func(*Query)) string {
	t.Helper()
	q, err := e.Query(query)
	if err != nil {
		return kindOf(err)
	}
	defer q.Close()
	start(q)
	for n := range 10 {
		found, err := q.Next()
		if err != nil || !found {
			return string(rune('0'+n)) + " " + kindOf(err)
		}
		if _, err := q.Bindings(); err != nil {
			return kindOf(err)
		}
	}
	return "many"
}

func kindOf(err error) string {
	if d, ok := errors.AsType[*diag.Error](err); ok {
		return string(d.Kind)
	}
	if err != nil {
		return err.Error()
	}
	return "ok"
}
