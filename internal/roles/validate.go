package roles

import (
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/wam"
)

// Declaration is one result of the query resource(resource, name, actions, roles) with unbound variables.
type Declaration struct{ Resource, Name, Actions, Roles wam.Value }

// Validator checks the declarations of a policy one after the other, in the order of the query's results. Its errors are
// of kind diag.RolesValidation, but for those of converting the host's values.
type Validator struct {
	names map[string]bool
	class string // of the declaration being checked
}

func invalid(format string, args ...any) error {
	return diag.New(diag.RolesValidation, diag.Span{}, format, args...)
}

// Assigned returns an error if no rule says who holds which role. It is asked first.
func Assigned(has Policy) error {
	if has("actor_has_role_for_resource", 3) || has("actor_role", 2) {
		return nil
	}
	return invalid("Need to define `actor_has_role_for_resource(actor, role_name, resource)` to use the built-in roles.")
}

// End returns an error if there was no declaration. It is asked last.
func (v *Validator) End() error {
	if len(v.names) > 0 {
		return nil
	}
	return invalid("Need to define at least one `resource(type, name, actions, roles)` rule to use the built-in roles.")
}

// Check returns the first fault of a declaration.
func (v *Validator) Check(d Declaration) error {
	class, ok := classOf(d.Resource)
	if !ok {
		return invalid("Invalid resource, no type specializer. The first parameter must be a variable with a class and nothing else, as in _: Page.")
	}
	v.class = class
	if d.Name.Kind != wam.KindString {
		return invalid("Invalid resource, name is not a string. The second parameter names the resources of class %s.", class)
	}
	actions, err := v.actions(d.Actions)
	if err != nil {
		return err
	}
	roles, err := v.roles(d.Roles)
	if err != nil {
		return err
	}
	if actions+roles == 0 {
		return invalid("Must define actions or roles. Class %s has neither.", class)
	}
	if v.names[d.Name.Str] {
		return invalid("Duplicate resource name %s. Each result of a resource rule needs a name of its own.", d.Name.Str)
	}
	if v.names == nil {
		v.names = map[string]bool{}
	}
	v.names[d.Name.Str] = true
	return nil
}

// classOf returns the class that a variable must belong to, if that is all that is known of it.
func classOf(v wam.Value) (string, bool) {
	e, ok := v.Ref.(*wam.Expr)
	for ok && e.Op == "And" && len(e.Args) == 1 {
		e, ok = e.Args[0].Ref.(*wam.Expr)
	}
	if !ok || e.Op != "Isa" || len(e.Args) != 2 || e.Args[0].Kind != wam.KindVar {
		return "", false
	}
	p, ok := e.Args[1].Ref.(*wam.Pattern)
	if !ok || p.Tag == "" || p.Fields.Len() > 0 {
		return "", false
	}
	return p.Tag, true
}

// actions checks the list of actions and returns how many there are.
func (v *Validator) actions(actions wam.Value) (int, error) {
	if actions.Kind == wam.KindVar {
		return 0, nil
	}
	list, ok := sequence(actions)
	if !ok {
		return 0, invalid("Invalid actions. The third parameter for class %s must be a list of strings.", v.class)
	}
	seen := map[string]bool{}
	for i := range list.Len() {
		action, err := list.At(i)
		switch {
		case err != nil:
			return 0, err
		case action.Kind != wam.KindString:
			return 0, invalid("Invalid action, not a string. It is the one at position %d for class %s.", i+1, v.class)
		case seen[action.Str]:
			return 0, invalid("Duplicate action %s for %s.", action.Str, v.class)
		}
		seen[action.Str] = true
	}
	return list.Len(), nil
}

// roles checks the dictionary of roles and returns how many there are. Anything else than a dictionary declares none.
func (v *Validator) roles(roles wam.Value) (int, error) {
	all, ok := roles.Ref.(wam.Mapping)
	if !ok || roles.Kind != wam.KindDict {
		return 0, nil
	}
	for i := range all.Len() {
		role, err := all.At(i)
		if err != nil {
			return 0, err
		}
		definition, ok := role.Ref.(wam.Mapping)
		if !ok || role.Kind != wam.KindDict {
			return 0, invalid("Invalid role definitions for class %s: role %s must be a dictionary with the keys permissions and implies.", v.class, all.Key(i))
		}
		if err := v.role(all.Key(i), definition); err != nil {
			return 0, err
		}
	}
	return all.Len(), nil
}

// role checks the definition of one role.
func (v *Validator) role(name string, definition wam.Mapping) error {
	var permissions, implies wam.Value
	for i := range definition.Len() {
		list, err := definition.At(i)
		if err != nil {
			return err
		}
		switch key := definition.Key(i); key {
		case "permissions":
			permissions = list
		case "implies":
			implies = list
		default:
			return invalid("Role definition contains invalid key: %s. Role %s of class %s may have permissions and implies.", key, name, v.class)
		}
	}
	n := 0
	for _, part := range []struct {
		what string
		list wam.Value
	}{{"actions", permissions}, {"implies", implies}} {
		length, err := v.strings(part.what, name, part.list)
		if err != nil {
			return err
		}
		n += length
	}
	if n == 0 {
		return invalid("Must define actions or implications for a role. Role %s of class %s has neither.", name, v.class)
	}
	return nil
}

// strings checks one list of a role and returns its length. A missing one is empty.
func (v *Validator) strings(what, role string, value wam.Value) (int, error) {
	if value.Kind == wam.KindNone {
		return 0, nil
	}
	list, ok := sequence(value)
	if !ok {
		return 0, invalid("Invalid %s for role %s of class %s: not a list.", what, role, v.class)
	}
	for i := range list.Len() {
		item, err := list.At(i)
		if err != nil {
			return 0, err
		}
		if item.Kind != wam.KindString {
			return 0, invalid("Invalid %s for role %s, must be a string. Class %s.", what, role, v.class)
		}
	}
	return list.Len(), nil
}

// sequence returns a list whose end is known.
func sequence(v wam.Value) (wam.Sequence, bool) {
	s, ok := v.Ref.(wam.Sequence)
	if !ok || v.Kind != wam.KindList {
		return nil, false
	}
	if l, ok := s.(*wam.List); ok && l.Rest.Kind != wam.KindNone {
		return nil, false
	}
	return s, true
}
