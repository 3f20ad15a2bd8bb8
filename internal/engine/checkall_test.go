package engine

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/diag"
)

func describeAll(found []Diagnostic) (out []string) {
	for _, d := range found {
		severity := "error"
		if d.Warning {
			severity = "warning"
		}
		where := "-"
		if d.Span.IsValid() {
			pos := d.Span.Position()
			where = fmt.Sprintf("%s:%d:%d", d.Span.Source.Name, pos.Line, pos.Column)
		}
		out = append(out, fmt.Sprintf("%s %s %s", where, severity, d.Kind))
	}
	return out
}

func TestCheckAllReportsEverythingInTheOrderOfTheText(t *testing.T) {
	sources := files(
		"parse", "f(1) g(2);\nh(@);\ni(1);\n",
		"rules", "r(x);\ns() if i(1) and nowhere();\ns(_: Nope) if 1 = 1 and 1 = 2 or 1 = 3;\ntype t(x: String);\nt(1);\nt(2);\ntype u(x.a);\n",
		"blocks", "resource Repo {\n roles = [\"a\", \"a\"];\n}\nthing Org {}\nresource Unknown { permissions = [\"p\"]; \"p\" if \"q\"; }\n"+
			"resource User { roles = [\"role\"]; }\n",
		"rules", "again();",
	)
	want := []string{
		"parse:1:6 error ParseError::UnrecognizedToken",
		"parse:2:3 error ParseError::InvalidTokenCharacter",
		"rules:1:3 error ValidationError::SingletonVariable",
		"rules:2:17 error ValidationError::UndefinedRuleCall",
		"rules:3:6 warning ValidationWarning::UnknownSpecializer",
		"rules:3:15 warning ValidationWarning::AmbiguousPrecedence",
		"rules:5:1 error ValidationError::InvalidRule",
		"rules:6:1 error ValidationError::InvalidRule",
		"rules:7:6 error ValidationError::InvalidRuleType",
		"blocks:2:16 error ValidationError::DuplicateResourceBlockDeclaration",
		"blocks:4:1 error ValidationError::ResourceBlock",
		"blocks:5:1 error ValidationError::UnregisteredClass",
		"blocks:5:48 error ValidationError::ResourceBlock",
		"rules:1:1 error ValidationError::FileLoading",
		"- error ValidationError::MissingRequiredRule",
		"- warning ValidationWarning::MissingAllowRule",
		"- warning ValidationWarning::MissingHasPermissionRule",
	}
	for range 2 { // the same each time
		if diff := cmp.Diff(want, describeAll(CheckAll(sources, testRegistry(), CheckOptions{}))); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	}
}

func TestCheckAllWithoutClassesLeavesThemOut(t *testing.T) {
	source := files("a", "f(_: Nope) if nil = 1;\nresource Nope { relations = {r: Nada}; roles = [\"x\"]; }\ntype g(x: Fruit);\ng(_: Orange);\nallow(x, y, z) if has_permission(x, y, z);\nhas_permission(_: Actor, \"a\", _: Resource);\n")
	want := []string{
		"a:4:1 warning ValidationError::InvalidRule",
		"- warning ValidationError::MissingRequiredRule",
	}
	if diff := cmp.Diff(want, describeAll(CheckAll(source, nil, CheckOptions{}))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestStrictClassesMakeUnknownOnesErrors(t *testing.T) {
	source := files("a", "f(_: Nope);")
	opts := CheckOptions{StrictClasses: true, LoadOptions: LoadOptions{NoAllowWarning: true}}
	want := []string{"a:1:6 error ValidationError::UnregisteredClass"}
	if diff := cmp.Diff(want, describeAll(CheckAll(source, testRegistry(), opts))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestParseErrorsCauseNoOthers has texts whose one mistake takes away what the rest needs.
func TestParseErrorsCauseNoOthers(t *testing.T) {
	for _, text := range []string{
		"f() if g();\ng(;\n",
		"f() if g();\n  g() if 1 2;\n",
		"f() if g();\nh(1) if x\ng();\n",
		"type f(x: String);\ntype f(x: ;\nf(1);\n",
		"type f(x: String); type f(x: ; f(1);\n",
		"resource Repo { roles = [\"a\"]; permissions = [\"b\" ; \"b\" if \"a\"; }\nhas_role(_: Actor, \"a\", _: Repo);\n",
		"resource Repo { roles = [\"a\"]; }\nhas_role(_: Actor, \"a\", _: Repo;\n",
		"allow(_, _, _;\n",
		"f(1) @",
	} {
		found := CheckAll(files("a", text), testRegistry(), CheckOptions{LoadOptions: LoadOptions{NoAllowWarning: text[0] != 'a'}})
		found = slices.DeleteFunc(found, func(d Diagnostic) bool { return d.Kind == diag.MissingHasPermissionRule }) // true, and none's fault
		if len(found) != 1 || !isParseError(found[0].Error) {
			t.Errorf("%s\n%v", text, describeAll(found))
		}
	}
}

func TestCheckAllOfASoundPolicyIsEmpty(t *testing.T) {
	source := files("a", `
		actor User {}
		resource Repo { roles = ["reader"]; permissions = ["read"]; "read" if "reader"; }
		has_role(user: User, name: String, repo: Repo) if role in user.roles and role.name = name and role.repo = repo;
		allow(actor, action, resource) if has_permission(actor, action, resource);`)
	if found := CheckAll(source, testRegistry(), CheckOptions{}); len(found) > 0 {
		t.Error(describeAll(found))
	}
}

func TestDistanceCountsEdits(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "ab", 1}, {"kitten", "sitting", 3}, {"a", "bcd", 3}, {"ab", "ba", 2}} {
		if got := distance(test.a, test.b, 10); got != test.want {
			t.Errorf("distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

func TestCheckAllOfNothing(t *testing.T) {
	if found := CheckAll(nil, nil, CheckOptions{}); len(found) != 1 || found[0].Kind != diag.MissingAllowRule {
		t.Error(describeAll(found))
	}
}
