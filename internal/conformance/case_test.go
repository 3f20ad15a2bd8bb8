package conformance_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/conformance"
)

func TestCasesReadAsTheyAreWritten(t *testing.T) {
	lines := `{"id":"a","policy":"f(1);","classes":[{"name":"C","bases":["B"],"fields":{"x":"Integer"},"methods":{"m":{"$new":"C"}}}],"query":"f(x) < \"\"","bindings":{"y":null},"limit":3,"no_allow_warning":true,"results":[{"x":"1"},{}],"truncated":true,"messages":[{"kind":"Print","message":""},{"kind":"Warning","code":"Q","at":[1,2]}]}
{"id":"b","policy":[{"name":"n","src":"f();"}],"load_error":{"kind":"K","at":[3,4]}}
{"id":"c","query":"x","results":[],"error":{"kind":"K"}}
`
	var got bytes.Buffer
	err := conformance.Read(strings.NewReader(lines+"\n"), func(c *conformance.Case) error { return conformance.Write(&got, c) })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines, got.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestMalformedCasesAreErrors(t *testing.T) {
	_, err := conformance.ReadAll(strings.NewReader("{\"id\":\"a\"}\n{"))
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v, want an error at line 2", err)
	}
	for _, policy := range []string{`{`, `[1]`, `"a`, `[{"src":1}]`} {
		c := &conformance.Case{ID: "a", Policy: []byte(policy)}
		if s, err := c.Sources(); err == nil {
			t.Errorf("policy %s: got %v, want an error", policy, s)
		}
	}
}

func TestPoliciesComeInThreeForms(t *testing.T) {
	for policy, want := range map[string][]conformance.Source{
		``:                             nil,
		`"f(1);"`:                      {{Text: "f(1);"}},
		`[{"name":"a","src":"x"},"y"]`: {{Name: "a", Text: "x"}, {Text: "y"}},
	} {
		got, err := (&conformance.Case{Policy: []byte(policy)}).Sources()
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("policy %s: %v (-want +got)\n%s", policy, err, diff)
		}
	}
}

func TestVerdicts(t *testing.T) {
	c := &conformance.Case{ID: "a", Answer: *result(map[string]string{"x": "1"})}
	decided := &conformance.Deviation{ID: "a", Reason: "because", Answer: *result(map[string]string{"x": "2"})}
	for _, tc := range []struct {
		got     string
		decided *conformance.Deviation
		want    conformance.Verdict
	}{
		{"1", nil, conformance.Agrees},
		{"2", nil, conformance.Fails},
		{"2", decided, conformance.Deviates},
		{"1", decided, conformance.Fails}, // the entry is stale
		{"3", decided, conformance.Fails},
	} {
		v, why := conformance.Check(c, result(map[string]string{"x": tc.got}), tc.decided)
		if v != tc.want || (why == "") == (v == conformance.Fails) {
			t.Errorf("%+v: got %v %q", tc, v, why)
		}
	}
}

func TestDeviationsNeedAReasonAndComeOnce(t *testing.T) {
	for _, text := range []string{`{"id":"a","answer":{}}`, `{"reason":"r"}`, `{"id":"a","reason":"r"}{"id":"a","reason":"r"}`, `{`} {
		if got, err := conformance.ReadDeviations(strings.NewReader(text)); err == nil {
			t.Errorf("%s: got %v, want an error", text, got)
		}
	}
}
