package engine

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/wam"
)

func text(s string) []*diag.Source { return []*diag.Source{diag.NewSource("", s)} }

// files returns sources from pairs of name and text.
func files(pairs ...string) (sources []*diag.Source) {
	for i := 0; i < len(pairs); i += 2 {
		sources = append(sources, diag.NewSource(pairs[i], pairs[i+1]))
	}
	return sources
}

func testRegistry() *Registry {
	reg := builtinRegistry()
	for _, name := range []string{"User", "Repo", "Org"} {
		reg.Classes = append(reg.Classes, Class{Name: name, Ancestors: []string{name}})
		reg.Constants[name] = wam.InstanceValue(name, 0)
	}
	return reg
}

func mustLoad(t *testing.T, p *Policy, sources []*diag.Source) *Policy {
	t.Helper()
	next, _, errors := p.Load(sources, testRegistry(), LoadOptions{NoAllowWarning: true})
	if len(errors) > 0 {
		t.Fatalf("loading: %v", errors)
	}
	return next
}

func loadError(t *testing.T, p *Policy, sources []*diag.Source) *diag.Error {
	t.Helper()
	next, _, errors := p.Load(sources, testRegistry(), LoadOptions{NoAllowWarning: true})
	if len(errors) == 0 || next != nil {
		t.Fatalf("loading gave %v and the errors %v", next, errors)
	}
	return errors[0]
}

func printRules(p *Policy) (out []string) {
	for _, r := range p.Rules() {
		out = append(out, ast.FormatRule(r))
	}
	return out
}

func TestRulesStandInSourceOrderAndGeneratedOnesLast(t *testing.T) {
	p := mustLoad(t, EmptyPolicy(), files(
		"a", `resource Repo { permissions = ["a", "b"]; "a" if "b"; } f(1); ?= f(1);`,
		"b", `?= f(2); f(x) if x.y; actor User { }`))
	want := []string{
		`f(1);`,
		`f(x) if x.y = _value_1 and _value_1;`,
		`has_permission(actor': Actor{}, "a", repo': Repo{}) if has_permission(actor', "b", repo');`,
	}
	if diff := cmp.Diff(want, printRules(p)); diff != "" {
		t.Errorf("rules (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"User"}, p.Actors); diff != "" {
		t.Errorf("actors (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Repo", "User"}, p.Resources); diff != "" {
		t.Errorf("resources (-want +got)\n%s", diff)
	}
	if len(p.Inline) != 2 || ast.Format(p.Inline[0].Query) != "f(1)" || ast.Format(p.Inline[1].Query) != "f(2)" {
		t.Errorf("inline queries: %v", p.Inline)
	}
}

func TestASecondLoadIsRefusedOnceThereAreRules(t *testing.T) {
	p := mustLoad(t, EmptyPolicy(), text(`f(1);`))
	if e := loadError(t, p, text(`g(1);`)); e.Kind != diag.MultipleLoadError || e.Span.IsValid() {
		t.Errorf("got %v", e)
	}
	if next, warnings, errs := p.Load(nil, nil, LoadOptions{}); next != p || len(warnings)+len(errs) > 0 {
		t.Error("loading nothing changes something")
	}
}

func TestALoadWithoutRulesLetsOthersFollow(t *testing.T) {
	first := mustLoad(t, EmptyPolicy(), files("a", `type f(x: Integer); ?= 1 = 1; resource Repo { permissions = ["a"]; }`))
	second := mustLoad(t, first, files("b", `resource Repo { permissions = ["b"]; "a" if "b"; } ?= 2 = 2; f(1);`))
	if len(second.Rules()) != 2 || len(second.Inline) != 2 || len(first.Inline) != 1 || len(first.Rules()) != 0 {
		t.Errorf("first: %d rules, %d queries; second: %d, %d", len(first.Rules()), len(first.Inline), len(second.Rules()), len(second.Inline))
	}
	if e := loadError(t, first, text(`f("a");`)); e.Kind != diag.InvalidRule {
		t.Errorf("the rule type is forgotten: %v", e)
	}
	if e := loadError(t, first, text(`resource Repo { roles = ["a"]; }`)); e.Kind != diag.DuplicateBlockDecl {
		t.Errorf("the block is forgotten: %v", e)
	}
	if e := loadError(t, first, files("a", `f(2);`)); e.Kind != diag.FileLoading {
		t.Errorf("the file is forgotten: %v", e)
	}
}

func TestFilesAreLoadedOnce(t *testing.T) {
	tests := []struct {
		sources []*diag.Source
		want    string
	}{
		{files("a", "f(1);", "a", "f(1);"), "File a has already been loaded."},
		{files("a", "f(1);", "b", "f(1);"), "b has the same contents as a, which has already been loaded."},
		{files("a", "f(1);", "a", "f(2);"), "Another file named a has already been loaded, with different contents."},
	}
	for _, test := range tests {
		e := loadError(t, EmptyPolicy(), test.sources)
		if e.Kind != diag.FileLoading || e.Message != "Problem loading file: "+test.want || e.Span.Source != test.sources[1] || e.Span.Position() != (diag.Position{Line: 1, Column: 1}) {
			t.Errorf("got %v, want %s", e, test.want)
		}
	}
	mustLoad(t, EmptyPolicy(), append(text("f(1);"), text("f(1);")...)) // texts without a name may repeat
}

func TestErrorsComeInTheOrderOfTheSteps(t *testing.T) {
	tests := []struct {
		name    string
		sources []*diag.Source
		want    []diag.Kind
	}{
		{"a rule of an earlier source beats a parse error", files("a", "f(x);", "b", "g("), []diag.Kind{diag.SingletonVariable, diag.UnrecognizedEOF}},
		{"a parse error hides the rest of its source only", files("a", "f(x); g(", "b", "h(y);"), []diag.Kind{diag.UnrecognizedEOF, diag.SingletonVariable}},
		{"every source is parsed", files("a", "f(", "b", "g(", "c", "g() if f();"), []diag.Kind{diag.UnrecognizedEOF, diag.UnrecognizedEOF}},
		{"a block error stops before calls are looked at", text(`thing Repo {} f() if g();`), []diag.Kind{diag.ResourceBlock}},
		{"a singleton does not", text(`f(x) if g();`), []diag.Kind{diag.SingletonVariable, diag.UndefinedRuleCall}},
		{"a shorthand error stops too", text(`resource Repo { "a" if "b"; } f() if g();`), []diag.Kind{diag.ResourceBlock}},
		{"one invalid rule is enough", text(`type f(x: String); f(1); f(2); g() if h();`), []diag.Kind{diag.InvalidRule, diag.UndefinedRuleCall}},
		{"invalid rules come before missing ones", text(`resource Repo { roles = ["a"]; } allow(_);`), []diag.Kind{diag.InvalidRule}},
		{"missing required rules", text(`resource Repo { roles = ["a"]; }`), []diag.Kind{diag.MissingRequiredRule}},
	}
	for _, test := range tests {
		_, _, errs := EmptyPolicy().Load(test.sources, testRegistry(), LoadOptions{})
		var got []diag.Kind
		for _, e := range errs {
			got = append(got, e.Kind)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
	}
}

func TestWarningsComeAlsoBesideErrors(t *testing.T) {
	kinds := func(ds []*diag.Error) (out []diag.Kind) {
		for _, d := range ds {
			out = append(out, d.Kind)
		}
		return out
	}
	_, warnings, errs := EmptyPolicy().Load(text(`f(_: Nope) if x;`), testRegistry(), LoadOptions{})
	if diff := cmp.Diff([]diag.Kind{diag.UnknownSpecializer, diag.MissingAllowRule}, kinds(warnings)); diff != "" || len(errs) != 1 {
		t.Errorf("errors %v, warnings (-want +got)\n%s", errs, diff)
	}
	_, warnings, _ = EmptyPolicy().Load(text(`resource Repo {} allow_request(_, _);`), testRegistry(), LoadOptions{})
	if diff := cmp.Diff([]diag.Kind{diag.MissingHasPermissionRule}, kinds(warnings)); diff != "" {
		t.Errorf("with a block (-want +got)\n%s", diff)
	}
	_, warnings, _ = EmptyPolicy().Load(text(``), nil, LoadOptions{NoAllowWarning: true})
	if len(warnings) != 0 {
		t.Errorf("a silenced warning: %v", warnings)
	}
}

func TestConstantsNamedLikeGeneratedVariablesDoNoHarm(t *testing.T) {
	reg := testRegistry()
	for _, name := range []string{"actor", "repo", "_value_1", "_2"} {
		reg.Constants[name] = wam.IntValue(1)
	}
	p, _, errs := EmptyPolicy().Load(text(`f(x, _) if x.a; resource Repo { permissions = ["a", "b"]; "a" if "b"; }`), reg, LoadOptions{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	want := []string{
		`f(x, _3) if x.a = _value_2 and _value_2;`,
		`has_permission(actor': Actor{}, "a", repo': Repo{}) if has_permission(actor', "b", repo');`,
	}
	if diff := cmp.Diff(want, printRules(p)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestUndefinedCallsSuggestNamesThatAreAlike(t *testing.T) {
	e := loadError(t, EmptyPolicy(), text(`f() if is_ownr(1); is_owner(1);`))
	if e.Kind != diag.UndefinedRuleCall || e.Help != "did you mean is_owner?" {
		t.Errorf("%v, help %q", e, e.Help)
	}
	if e := loadError(t, EmptyPolicy(), text(`f() if entirely_different(); g();`)); strings.Contains(e.Help, "did you mean") {
		t.Errorf("help %q", e.Help)
	}
}

func TestErrorsAreFoundByKind(t *testing.T) {
	var err error = loadError(t, EmptyPolicy(), text(`f(`))
	if !errors.Is(err, diag.UnrecognizedEOF) {
		t.Errorf("errors.Is does not know %v", err)
	}
}

// TestLargePoliciesLoadInLinearTime compares times that differ by orders of magnitude where loading is quadratic.
func TestLargePoliciesLoadInLinearTime(t *testing.T) {
	const n = 20_000
	build := func(f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	numbers := build(func(i int) string { return fmt.Sprint(i, ",") })
	tests := []struct{ name, text string }{
		{"rules of one name", build(func(i int) string { return fmt.Sprintf("f(%d);", i) })},
		{"rules of many names", build(func(i int) string { return fmt.Sprintf("f%d(x) if f%d(x);", i, i) })},
		{"undefined calls", build(func(i int) string { return fmt.Sprintf("f%d() if g%d();", i, i) })},
		{"variables of one rule", "f() if " + build(func(i int) string { return fmt.Sprintf("x%d = x%d and ", i, i) }) + "cut;"},
		{"look-ups of one rule", "f(x) if " + build(func(i int) string { return fmt.Sprintf("x.a = _value_%d and ", i) }) + "x;"},
		{"a long conjunction with mixed operands", "f(x) if " + build(func(int) string { return "x or x and " }) + "x;"},
		{"a list of a rule type", "type f([" + numbers + "]); f([" + numbers + "]);"},
		{"relations", "resource Repo { relations = {" + build(func(i int) string { return fmt.Sprintf("r%d: Org,", i) }) + "}; }" +
			build(func(i int) string { return fmt.Sprintf(`has_relation(_: Org, "r%d", _: Repo);`, i) })},
		{"roles", "actor User {} resource Repo { roles = [" + build(func(i int) string { return fmt.Sprintf(`"r%d",`, i) }) + "];" +
			build(func(i int) string { return fmt.Sprintf(`"r%d" if "r%d";`, i, (i+1)%n) }) + "}"},
		{"invalid rules", "type f(x: String);" + build(func(i int) string { return fmt.Sprintf("f(%d);", i) })},
	}
	for _, test := range tests {
		start := time.Now()
		EmptyPolicy().Load(text(test.text), testRegistry(), LoadOptions{})
		CheckAll(text(test.text), testRegistry(), CheckOptions{})
		if took := time.Since(start); took > 20*time.Second { // far more than it takes, even beside others and with -race
			t.Errorf("%s: %v for %d bytes", test.name, took, len(test.text))
		}
	}
}
