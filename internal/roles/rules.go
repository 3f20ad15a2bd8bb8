package roles

import (
	_ "embed" // for roles.polar
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/parser"
)

//go:embed roles.polar
var builtin string

// sourceName is what messages call the built-in rules' text.
const sourceName = "<built-in roles>"

// hidden begins the names that only the built-in rules use.
const hidden = ":"

// entries are the rules that policies call.
var entries = [...]string{"role_allows", "actor_can_assume_role", "role_allow", "user_in_role"}

// IsEntry reports whether a call is one of a rule that the built-in roles bring.
func IsEntry(name string, args int) bool { return args == 3 && slices.Contains(entries[:], name) }

// Concerns reports whether the built-in roles define rules of a name, or look into the policy's.
func Concerns(name string) bool { return name == "resource" || slices.Contains(entries[:], name) }

// IsHidden reports whether a rule or method belongs to the built-in roles alone.
func IsHidden(name string) bool { return name != "" && name[0] == hidden[0] }

// Policy tells whether a policy has rules of a name and number of parameters.
type Policy func(name string, arity int) bool

// Declares reports whether a policy declares resources for the built-in roles.
func Declares(has Policy) bool { return has("resource", 4) }

// roleObjects reads the roles that actor_role gives: objects or dictionaries. Fields of Go structs are exported.
const roleObjects = `
__holds(actor, role, resource) if
  actor_role(actor, held) and
  "".__given(held) and
  __reads(held, role, resource);

__reads(held, role, resource) if
  held matches {Name: _, Resource: _} and
  role = held.Name and
  resource = held.Resource;
__reads(held, role, resource) if
  not held matches {Name: _, Resource: _} and
  role = held.name and
  resource = held.resource;
`

// decision begins the rule that looks for somebody who may act. Where the policy has rules of its own for who can assume a
// role, each role that permits the action must be asked for.
const decision = "__decides(actor, declaration, action, search) if\n"

// relations returns the rules that connect the built-in ones to the policy's. Of several spellings the newest that the
// policy defines counts; the others are rules like any.
func relations(has Policy) string {
	var b strings.Builder
	secondForm := has("actor_has_role_for_resource", 3)
	firstForm := !secondForm && has("actor_role", 2)
	switch {
	case secondForm:
		b.WriteString("__holds(actor, role, resource) if actor_has_role_for_resource(actor, role, resource);\n")
	case firstForm:
		b.WriteString(roleObjects)
	default:
		b.WriteString("__holds(_, _, _) if false;\n")
	}
	switch {
	case has("parent_child", 2):
		b.WriteString("__parent(parent, child) if parent_child(parent, child);\n")
	case has("child_parent", 2):
		b.WriteString("__parent(parent, child) if child_parent(child, parent);\n")
	case firstForm && has("parent", 2):
		b.WriteString("__parent(parent, child) if parent(child, parent);\n")
	default:
		b.WriteString("__parent(_, _) if false;\n")
	}
	b.WriteString(decision)
	if has("actor_can_assume_role", 3) {
		b.WriteString("  run = search.__granting(declaration, action) and __found(role, at, run, search) and actor_can_assume_role(actor, role, at);\n")
	} else {
		b.WriteString("  run = search.__allowing(declaration, action) and __found(role, at, run, search) and __holds(actor, role, at);\n")
	}
	if !has("role_allow", 3) {
		b.WriteString("role_allow(actor, action, resource) if role_allows(actor, action, resource);\n")
	}
	if !has("user_in_role", 3) {
		b.WriteString("user_in_role(actor, role, resource) if actor_can_assume_role(actor, role, resource);\n")
	}
	return b.String()
}

// Rules returns the built-in rules for a policy, as parsed: they are still to be rewritten. Reserved tells the names that a
// variable must not have. The error is a defect of this package.
func Rules(has Policy, reserved func(name string) bool) ([]*ast.Rule, error) {
	file, err := parser.Policy(diag.NewSource(sourceName, builtin+"\n"+relations(has)))
	if err != nil {
		return nil, err
	}
	var rules []*ast.Rule
	for _, item := range file.Items {
		if r, ok := item.(*ast.Rule); ok {
			rules = append(rules, r)
			ast.Walk(r, func(n ast.Node) bool {
				rename(n, reserved)
				return true
			})
		}
	}
	return rules, nil
}

// rename gives a part of a rule its hidden name.
func rename(n ast.Node, reserved func(name string) bool) {
	switch n := n.(type) {
	case *ast.Rule:
		n.Name = hiddenName(n.Name)
	case *ast.Call:
		n.Name = hiddenName(n.Name)
	case *ast.Var:
		if n.Name == "_" {
			return
		}
		for n.Name = hidden + n.Name; reserved(n.Name); {
			n.Name = hidden + n.Name
		}
	}
}

func hiddenName(name string) string {
	if rest, ok := strings.CutPrefix(name, "__"); ok {
		return hidden + rest
	}
	return name
}
