package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/engine"
)

func TestCasesAreAnswered(t *testing.T) {
	in := `{"id":"a","policy":"f(1); f(2.0); f(new A(x: 1));","query":"f(x)","classes":[{"name":"A"}],"results":[]}
{"id":"b","policy":"f(","query":"f(x)"}
{"id":"c","query":"x = [y] and y < z","limit":1}
{"id":"d","policy":"f(x) if print(x) and x.a;","query":"f(1)"}
{"id":"e","query":"x = y","bindings":{"y":{"$float":2},"z":null}}
{"id":"f","query":"x = "}
{"id":"g","query":"true","classes":[{"name":"Actor"}]}
{"id":"h","policy":"f(1);","no_allow_warning":true}
`
	want := []string{
		`"results":[{"x":"1"},{"x":"2.0"},{"x":"A{x: 1}"}]}`,
		`"load_error":{"kind":"ParseError::UnrecognizedEOF","at":[1,3]}}`,
		`"truncated":true}`,
		`"results":[],"error":{"kind":"RuntimeError::Application","at":[1,22]},"messages":[{"kind":"Print","message":"1"}]}`,
		`"results":[{"x":"2.0","y":"2.0","z":"nil"}]}`,
		`"results":[],"error":{"kind":"ParseError::UnrecognizedEOF","at":[1,4]}}`,
		`"load_error":{"kind":"RuntimeError::InvalidRegistration"}}`,
		`"messages":[{"kind":"Warning","code":"MissingAllowRule"}]}`,
	}
	var out bytes.Buffer
	if err := answer(strings.NewReader(in), &out, engine.Limits{}, 0); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i, line := range lines {
		if !strings.HasSuffix(line, want[i]) {
			t.Errorf("got  %s\nwant …%s", line, want[i])
		}
	}
}

func TestBadCasesAreErrors(t *testing.T) {
	for _, in := range []string{
		`{"id":"a","classes":[{"name":"A","bases":["B"]}]}`,
		`{"id":"a","policy":7}`,
		`{`,
	} {
		if err := answer(strings.NewReader(in), &bytes.Buffer{}, engine.Limits{}, 0); err == nil {
			t.Errorf("%s: no error", in)
		}
	}
}
