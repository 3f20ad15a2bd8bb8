package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

func TestARuleMayNotHaveTooManyVariables(t *testing.T) {
	h := newHost(t)
	var b strings.Builder
	for i := range 30_001 {
		fmt.Fprintf(&b, "x%d = x%d and ", i, i)
	}
	e := engine.New(h.Registry())
	_, err := e.Load([]*diag.Source{diag.NewSource("", "f(1);\nbig() if "+b.String()+"true;")}, engine.LoadOptions{NoAllowWarning: true})
	d, ok := errors.AsType[*diag.Error](err)
	if !ok || d.Kind != diag.Unsupported || d.Span.Position().Line != 2 || !strings.Contains(d.Message, "30001 variables") {
		t.Errorf("load: %v", err)
	}
	if _, err := e.Query("f(1)"); err != nil {
		t.Error(err)
	}
	if got, err := answers(t.Context(), t, e, h, "f(1)", engine.Options{}); !errors.Is(err, diag.QueryForUndefinedRule) {
		t.Errorf("a policy that did not compile answers %v, %v", got, err)
	}
	if _, err := e.Query(b.String() + "true"); !errors.Is(err, diag.Unsupported) {
		t.Errorf("query: %v", err)
	}
}

// Operands have 16 bits: what does not fit is refused when it is loaded or asked, whatever takes the registers.
func TestARuleMayNotHaveTooManyArguments(t *testing.T) {
	many := strings.Repeat("1, ", 30_000) + "1"
	lists := strings.Repeat("[x], ", 20_000) + "[x]"
	anything := strings.Repeat("_, ", 20_000) + "_"
	for name, test := range map[string]struct{ policy, query, want string }{
		"a head":                {"f(" + many + ") if 1 = 1;", "", "rule f has 30001 arguments in one call"},
		"a call":                {"f() if g(" + many + "); g(_);", "", "rule f has 30001 arguments in one call"},
		"arguments to be built": {"f(x) if g(" + lists + "); g(" + anything + ");", "", "rule f has 40002 variables, arguments and intermediate results"},
		"a query":               {"f(1);", "f(" + many + ")", "the query has 30001 arguments in one call"},
	} {
		e := engine.New(newHost(t).Registry())
		_, err := e.Load([]*diag.Source{diag.NewSource("", test.policy)}, engine.LoadOptions{NoAllowWarning: true})
		if test.query != "" && err == nil {
			_, err = e.Query(test.query)
		}
		if d, ok := errors.AsType[*diag.Error](err); !ok || d.Kind != diag.Unsupported || !strings.Contains(d.Message, test.want) {
			t.Errorf("%s: %.200v", name, err)
		}
	}
}

// Facts of very many parameters are rules, and answer as the table of others would.
func TestFactsOfManyParameters(t *testing.T) {
	h := newHost(t)
	e := engine.New(h.Registry())
	row := strings.Repeat("1, ", 5_000)
	policy := "f(" + row + "1); f(" + row + "2);"
	if _, err := e.Load([]*diag.Source{diag.NewSource("", policy)}, engine.LoadOptions{NoAllowWarning: true, FactsFrom: 1}); err != nil {
		t.Fatal(err)
	}
	got, err := answers(t.Context(), t, e, h, "f("+row+"x)", engine.Options{})
	if diff := cmp.Diff([]string{"x = 1", "x = 2"}, got); diff != "" || err != nil {
		t.Errorf("(-want +got) %v\n%s", err, diff)
	}
}

// TestConstantsOfEachKind registers constants that are no classes.
func TestConstantsOfEachKind(t *testing.T) {
	h := newHost(t)
	reg := *h.Registry()
	constants := map[string]wam.Value{
		"yes": wam.BoolValue(true), "small": wam.IntValue(7), "huge": wam.IntValue(9223372036854775807), "half": wam.FloatValue(0.5),
		"name": wam.StringValue("ann"), "none": wam.ListValue(), "list": wam.ListValue(wam.IntValue(1), wam.ListValue(wam.StringValue("in"))),
		"dict": wam.MappingValue(&wam.Dict{Keys: []string{"k"}, Values: []wam.Value{wam.IntValue(1)}}), "thing": object("thing"),
	}
	for name, v := range reg.Constants {
		constants[name] = v
	}
	reg.Constants = constants
	e := engine.New(&reg)
	policy := `is(x) if x = list; small_one(small); a_dict(dict, k) if dict.k = k; the(thing); named(_: {k: small});`
	if _, err := e.Load([]*diag.Source{diag.NewSource("", policy)}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
		t.Fatal(err)
	}
	s := &script{Host: h}
	for _, test := range []struct {
		query string
		want  []string
	}{
		{"yes", []string{""}},
		{"small_one(x)", []string{"x = 7"}},
		{"small_one(7) and not small_one(8)", []string{""}},
		{"huge - 1 = x", []string{"x = 9223372036854775806"}},
		{"x = half * 2", []string{"x = 1.0"}},
		{`name = "ann"`, []string{""}},
		{"x in none", nil},
		{"is([1, x])", []string{`x = ["in"]`}},
		{"x in list", []string{"x = 1", `x = ["in"]`}},
		{"a_dict(x, k)", []string{"x = {k: 1}, k = 1"}},
		{"named({k: 7}) and not named({k: 8})", []string{""}},
		{"the(thing)", []string{""}},
		{"the(1)", nil},
		{"thing = nil", nil},
	} {
		got, err := answers(t.Context(), t, e, s, test.query, engine.Options{})
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", test.query, err, diff)
		}
	}
}
