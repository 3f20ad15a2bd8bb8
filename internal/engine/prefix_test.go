package engine_test

import (
	"errors"
	"testing"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
)

// TestPrefixForms writes look-ups, in and new before their operands. Those that cannot run are errors when they are reached.
func TestPrefixForms(t *testing.T) {
	h := newHost(t)
	e := load(t, h, "")
	for _, test := range []struct {
		query string
		want  diag.Kind // "" for one result
	}{
		{`.({a: 1}, "a", 1)`, ""},
		{"in(1, [1])", ""},
		{"new(Org(), x)", ""},
		{"true or in(1)", ""},
		{".()", diag.InvalidState},
		{".(1)", diag.InvalidState},
		{".(x, 1, 2, 3)", diag.InvalidState},
		{"in(1)", diag.InvalidState},
		{"in(1, [1], 2)", diag.InvalidState},
		{"new()", diag.InvalidState},
		{"new(Org(), 1, 2)", diag.InvalidState},
		{"new(1)", diag.UnexpectedValue},
	} {
		q, err := e.Query(test.query)
		if err != nil {
			t.Errorf("%s: %v", test.query, err)
			continue
		}
		q.Start(t.Context(), h, engine.Options{})
		found, err := q.Next()
		if found != (test.want == "") || test.want != "" && !errors.Is(err, test.want) {
			t.Errorf("%s: %v, %v, want %q", test.query, found, err, test.want)
		}
		q.Close()
	}
}
