package resource_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/parser"
	"github.com/goso-project/goso/internal/resource"
)

// registered takes all names but those that begin with "No" for classes.
func registered(name string) bool { return !strings.HasPrefix(name, "No") }

func add(t *testing.T, b *resource.Blocks, text string) []*diag.Error {
	t.Helper()
	file, err := parser.Policy(diag.NewSource("", text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var errors []*diag.Error
	for _, item := range file.Items {
		errors = append(errors, b.Add(item.(*ast.Block), registered)...)
	}
	return errors
}

func describe(errors []*diag.Error) (out []string) {
	for _, e := range errors {
		out = append(out, fmt.Sprintf("%s at %d: %s", strings.TrimPrefix(string(e.Kind), "ValidationError::"), e.Span.Position().Column, e.Message))
	}
	return out
}

func TestShorthandRulesBecomeRules(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"without a relation",
			`resource Repo { roles = ["reader"]; permissions = ["read"]; "read" if "reader"; }`,
			[]string{`has_permission(actor': Actor{}, "read", repo': Repo{}) if has_role(actor', "reader", repo');`}},
		{"with a relation",
			`resource Repo { relations = {parent: Org}; roles = ["reader"]; "reader" if "member" on "parent"; } resource Org { roles = ["member"]; }`,
			[]string{`has_role(actor': Actor{}, "reader", repo': Repo{}) if has_relation(related_org', "parent", repo') and has_role(actor', "member", related_org');`}},
		{"a relation as the condition",
			`resource Repo { relations = {creator: User}; roles = ["owner"]; "owner" if "creator"; }`,
			[]string{`has_role(actor': Actor{}, "owner", repo': Repo{}) if has_relation(actor', "creator", repo');`}},
		{"a relation of the related class",
			`resource Repo { relations = {parent: Org}; permissions = ["p"]; "p" if "owner" on "parent"; } resource Org { relations = {owner: User}; }`,
			[]string{`has_permission(actor': Actor{}, "p", repo': Repo{}) if has_relation(related_org', "parent", repo') and has_relation(actor', "owner", related_org');`}},
		{"a class in lower case",
			`resource repo { permissions = ["a", "b"]; "a" if "b"; }`,
			[]string{`has_permission(actor': Actor{}, "a", repo_instance': repo{}) if has_permission(actor', "b", repo_instance');`}},
		{"names from another block of the class",
			`resource Repo { "a" if "b"; } actor Repo { permissions = ["a", "b"]; }`,
			[]string{`has_permission(actor': Actor{}, "a", repo': Repo{}) if has_permission(actor', "b", repo');`}},
	}
	for _, test := range tests {
		var b resource.Blocks
		errors := add(t, &b, test.text)
		rules, more := b.Rules()
		if errors = append(errors, more...); len(errors) > 0 {
			t.Errorf("%s: %v", test.name, describe(errors))
		}
		var got []string
		for _, r := range rules {
			got = append(got, ast.FormatRule(r))
			if first := test.text[strings.Index(test.text, `; "`)+2:]; strings.HasPrefix(first, `"`) && r.Span().Text() != first[:len(r.Span().Text())] {
				t.Errorf("%s: the rule stands at %s", test.name, r.Span().Text())
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
	}
}

func TestErrorsInBlocks(t *testing.T) {
	tests := []struct{ text, want string }{
		{`Repo {}`, `ResourceBlock at 1: The block for Repo begins with neither 'actor' nor 'resource'.`},
		{`thing Repo {}`, `ResourceBlock at 1: A block begins with 'actor' or 'resource', not with 'thing'.`},
		{`resource Nope {}`, `UnregisteredClass at 1: Unregistered class: Nope`},
		{`resource R { things = ["a"]; }`, `ResourceBlock at 23: Unexpected declaration 'things' in 'R' resource block.`},
		{`resource R { roles = {a: B}; }`, `ResourceBlock at 22: 'roles' in 'R' resource block must be a list of strings, as in roles = ["a", "b"];`},
		{`resource R { relations = ["a"]; }`, `ResourceBlock at 26: 'relations' in 'R' resource block must be a dictionary of classes, as in relations = { parent: Folder };`},
		{`resource R { roles = ["a"]; roles = ["b"]; }`, `ResourceBlock at 37: Multiple 'roles' declarations in 'R' resource block.`},
		{`resource R { roles = ["a", "a"]; }`, `DuplicateResourceBlockDeclaration at 28: Cannot overwrite existing role declaration "a" in resource R with role`},
		{`resource R { relations = {a: B}; roles = ["a"]; }`, `DuplicateResourceBlockDeclaration at 30: Cannot overwrite existing role declaration "a" in resource R with relation (to B)`},
		{`resource R { roles = ["a"]; } resource R { permissions = ["a"]; }`, `DuplicateResourceBlockDeclaration at 59: Cannot overwrite existing role declaration "a" in resource R with permission`},
		{`resource R { relations = {a: B}; } resource R { relations = {a: C}; }`, `DuplicateResourceBlockDeclaration at 65: Cannot overwrite existing relation declaration "a" in resource R with relation (to C)`},
		{`resource R { relations = {a: Nope}; }`, `UnregisteredClass at 30: Unregistered class: Nope`},
		{`resource R { "a" if "b"; }`, `ResourceBlock at 14: Undeclared term "a" referenced in rule in 'R' resource block.`},
		{`resource R { roles = ["a"]; "a" if "b"; }`, `ResourceBlock at 36: Undeclared term "b" referenced in rule in 'R' resource block.`},
		{`resource R { roles = ["a"]; "a" if "b" at "c"; }`, `ResourceBlock at 40: Unexpected word 'at' between two names of a shorthand rule; only 'on' may stand there.`},
		{`resource R { roles = ["a"]; "a" if "b" on "c"; }`, `ResourceBlock at 43: Undeclared term "c" referenced in rule in 'R' resource block.`},
		{`resource R { roles = ["a"]; "a" if "b" on "a"; }`, `ResourceBlock at 43: "a" is a role of R; after 'on' there must be a relation.`},
		{`resource R { roles = ["a"]; relations = {r: S}; "a" if "b" on "r"; }`, `ResourceBlock at 45: S has no actor or resource block, but the rule "a" if "b" on "r" of R needs its declarations.`},
		{`resource S {} resource R { roles = ["a"]; relations = {r: S}; "a" if "b" on "r"; }`, `ResourceBlock at 70: Undeclared term "b" referenced in rule in 'R' resource block.`},
	}
	for _, test := range tests {
		var b resource.Blocks
		errors := add(t, &b, test.text)
		errors = append(errors, b.CheckRelations(registered)...)
		_, more := b.Rules()
		got := describe(append(errors, more...))
		if diff := cmp.Diff([]string{test.want}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.text, diff)
		}
	}
}

func TestRepeatedDeclarationsInOneMeaningAreFine(t *testing.T) {
	var b resource.Blocks
	errors := add(t, &b, `actor R { roles = ["a"]; relations = {r: S}; } resource R { roles = ["a"]; relations = {r: S}; }`)
	if len(errors) > 0 {
		t.Error(describe(errors))
	}
}

func TestUnionsAreInOrderOfAppearance(t *testing.T) {
	var b resource.Blocks
	add(t, &b, `resource Z {} actor B {} resource A {} actor Z {} resource B {}`)
	if diff := cmp.Diff([]string{"B", "Z"}, b.Actors()); diff != "" {
		t.Errorf("actors (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Z", "B", "A"}, b.Resources()); diff != "" {
		t.Errorf("resources (-want +got)\n%s", diff)
	}
}

func TestRuleTypesFollowFromDeclarations(t *testing.T) {
	var b resource.Blocks
	add(t, &b, `resource Repo { relations = {parent: Org, creator: User, unused: Org}; permissions = ["p"]; "p" if "m" on "parent"; "p" if "creator"; }
		resource Org { roles = ["m"]; }`)
	var got []string
	for _, rt := range b.RuleTypes() {
		got = append(got, fmt.Sprintf("%s required=%v at %q", ast.FormatRule(rt.Head), rt.Required, rt.At.Text()))
	}
	want := []string{
		`has_role(actor: Actor{}, role: String{}, resource: Resource{}); required=true at ""`,
		`has_relation(subject: User{}, "creator", object: Repo{}); required=true at "User"`,
		`has_relation(subject: Org{}, "parent", object: Repo{}); required=true at "Org"`,
		`has_relation(subject: Org{}, "unused", object: Repo{}); required=false at "Org"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestCloneIsIndependent(t *testing.T) {
	var b resource.Blocks
	add(t, &b, `resource R { permissions = ["a"]; }`)
	c := b.Clone()
	add(t, c, `actor R { permissions = ["b"]; } actor S {}`)
	if b.Len() != 1 || len(b.Actors()) != 0 || c.Len() != 2 || len(c.Actors()) != 2 {
		t.Errorf("original: %d classes, actors %v; clone: %d, %v", b.Len(), b.Actors(), c.Len(), c.Actors())
	}
	if errors := add(t, &b, `resource R { roles = ["b"]; }`); len(errors) > 0 {
		t.Error("the clone's declaration is in the original:", describe(errors))
	}
}
