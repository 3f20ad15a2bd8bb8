package check

import (
	"fmt"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

// maxReasons bounds how many rule types one message explains, so that a policy with many relations has no messages of
// quadratic size.
const maxReasons = 20

// invalidRule returns the error for a rule that matches none of the rule types of its name.
func (w *World) invalidRule(types []*ruleType, r *ast.Rule) *diag.Error {
	var b strings.Builder
	head := ast.FormatRule(&ast.Rule{Name: r.Name, Params: r.Params})
	fmt.Fprintf(&b, "Invalid rule: %s Must match one of the following rule types:\n", head)
	for i, t := range types {
		if i == maxReasons {
			fmt.Fprintf(&b, "\n... and %d more", len(types)-i)
			break
		}
		fmt.Fprintf(&b, "\n%s\n\tFailed to match because: %s\n", ast.FormatRule(t.head), w.reason(t, r))
	}
	e := diag.New(diag.InvalidRule, r.NameAt, "%s", strings.TrimRight(b.String(), "\n"))
	e.Token = r.Name
	e.Term = head
	for _, t := range types[:min(len(types), maxReasons)] {
		if t.head.NameAt.IsValid() {
			e.Related = append(e.Related, diag.Related{Message: "rule type " + ast.FormatRule(t.head), Span: t.head.NameAt})
		}
	}
	return e
}

// reason says why a rule does not match a rule type: of several wrong parameters the first.
func (w *World) reason(t *ruleType, r *ast.Rule) string {
	if want, got := len(t.head.Params), len(r.Params); want != got {
		return fmt.Sprintf("Different number of parameters. Expected %d, found %d.", want, got)
	}
	for i, want := range t.head.Params {
		got := r.Params[i]
		if ok, _ := w.compareParam(t, want, got); !ok {
			return w.paramReason(want, got)
		}
	}
	return "" // never: one of them did not match
}

func (w *World) paramReason(want, got ast.Param) string {
	name := ast.Format(got.Term)
	class, isClass := want.Specializer.(*ast.Class)
	switch {
	case want.Specializer == nil:
		return fmt.Sprintf("Parameter `%s` expects the value %s.", name, ast.Format(want.Term))
	case got.Specializer == nil && !isValue(got.Term):
		constraint := ast.Format(want.Specializer)
		if isClass {
			constraint = patternText(class)
		}
		return fmt.Sprintf("Parameter `%s` expects a %s type constraint.", name, constraint)
	case !isClass:
		return fmt.Sprintf("Parameter `%s` must be as narrow as %s.", paramText(got), ast.Format(want.Specializer))
	}
	if given, ok := got.Specializer.(*ast.Class); ok {
		if given.Tag == class.Tag {
			return fmt.Sprintf("Parameter `%s` lacks a field of %s, or has another value for it.", paramText(got), ast.Format(class))
		}
		if hint := unionHint(class.Tag, given.Tag); hint != "" {
			return fmt.Sprintf("Parameter `%s` expects a %s type constraint.\n\n%s", paramText(got), class.Tag, hint)
		}
	}
	return fmt.Sprintf("Parameter `%s` expects a %s type constraint, which is neither what it has nor a class above it.", paramText(got), patternText(class))
}

func patternText(c *ast.Class) string {
	if len(c.Fields) == 0 {
		return c.Tag
	}
	return ast.Format(c)
}

func paramText(p ast.Param) string {
	if p.Specializer == nil {
		return ast.Format(p.Term)
	}
	return ast.Format(p.Term) + ": " + ast.Format(p.Specializer)
}

// unionHint shows the block that puts a class into a union.
func unionHint(union, class string) string {
	switch {
	case class == "Actor" || class == "Resource":
		return ""
	case union == "Actor":
		return "\tPerhaps you meant to add an actor block to the top of your policy, like this:\n\n\t\tactor " + class + " {}"
	case union == "Resource":
		return "\tPerhaps you meant to add a resource block to your policy, like this:\n\n\t\tresource " + class + " {}"
	}
	return ""
}
