package check

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

// Calls returns an error for every call in a rule for which defined is false, in the order of the text. Suggest
// may return a name that is alike, or the empty string.
func Calls(r *ast.Rule, defined func(*ast.Call) bool, suggest func(name string) string) (errors []*diag.Error) {
	EachCall(r, func(call *ast.Call) {
		if defined(call) {
			return
		}
		e := diag.New(diag.UndefinedRuleCall, call.At, "Call to undefined rule: %s", ast.Format(call))
		e.Token = call.Name
		e.Term = ast.Format(call)
		if alike := suggest(call.Name); alike != "" {
			e.Help = "did you mean " + alike + "?"
		} else {
			e.Help = "no rule of this name is loaded"
		}
		errors = append(errors, e)
	})
	return errors
}

// EachCall visits the rule calls in a body, in the order of the text.
func EachCall(r *ast.Rule, visit func(*ast.Call)) {
	if r.Body != nil {
		calls(r.Body, visit)
	}
}

// calls visits the rule calls in a term, in the order of the text. Methods and constructors are none.
func calls(t ast.Term, visit func(*ast.Call)) {
	switch t := t.(type) {
	case *ast.Call:
		visit(t)
	case *ast.Expr:
		if t.Op == ast.Dot || t.Op == ast.New {
			return
		}
		for _, arg := range t.Args {
			calls(arg, visit)
		}
	}
}

// MissingAllow is the warning for a policy that can allow nothing.
func MissingAllow() *diag.Error {
	w := diag.New(diag.MissingAllowRule, diag.Span{}, "No rule is named allow, allow_field or allow_request, so this policy allows nothing.")
	w.Help = "add a rule such as 'allow(actor, action, resource) if has_permission(actor, action, resource);'"
	return w
}

// MissingHasPermission is the warning for a policy with resource blocks that never asks for a permission.
func MissingHasPermission() *diag.Error {
	w := diag.New(diag.MissingHasPermissionRule, diag.Span{}, "The policy has actor or resource blocks, but no rule asks for has_permission, so the permissions declared there grant nothing.")
	w.Help = "call has_permission from an allow rule: 'allow(actor, action, resource) if has_permission(actor, action, resource);'"
	return w
}
