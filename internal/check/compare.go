package check

import (
	"slices"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

// compare reports whether a rule matches a rule type. All parameters are compared, so that whether there is an error does not
// depend on which of them do not match.
func (w *World) compare(t *ruleType, r *ast.Rule) (bool, *diag.Error) {
	if len(t.head.Params) != len(r.Params) {
		return false, nil
	}
	all := true
	for i := range r.Params {
		ok, err := w.compareParam(t, t.head.Params[i], r.Params[i])
		if err != nil {
			return false, err
		}
		all = all && ok
	}
	return all, nil
}

// compareParam compares one parameter of a rule with that of a rule type.
func (w *World) compareParam(t *ruleType, want, got ast.Param) (bool, *diag.Error) {
	if want.Specializer == nil {
		if !isValue(want.Term) {
			return true, nil // a bare variable
		}
		if got.Specializer != nil {
			return false, nil
		}
		return t.compareValues(want.Term, got.Term)
	}
	value := got.Specializer // the pattern or value that got is held to
	if value == nil {
		if !isValue(got.Term) {
			return false, nil
		}
		value = got.Term
	}
	switch want := want.Specializer.(type) {
	case *ast.Class:
		switch value := value.(type) {
		case *ast.Class:
			return w.compareClasses(want.Tag, want.Fields, value.Tag, value.Fields)
		case *ast.Dict:
			if got.Specializer != nil { // a pattern: any dictionary-like thing
				return want.Tag == "Dictionary" && hasFields(want.Fields, value.Fields), nil
			}
			return w.compareClasses(want.Tag, want.Fields, "Dictionary", value.Fields)
		default:
			class, _ := valueClass(value)
			return w.compareClasses(want.Tag, want.Fields, class, nil)
		}
	case *ast.Dict:
		switch value := value.(type) {
		case *ast.Class:
			return hasFields(want.Fields, value.Fields), nil
		case *ast.Dict:
			return hasFields(want.Fields, value.Fields), nil
		}
		return false, nil
	default:
		if !isValue(value) || isPattern(got.Specializer) {
			return false, nil
		}
		return t.compareValues(want, value)
	}
}

func isPattern(t ast.Term) bool {
	switch t.(type) {
	case *ast.Class, *ast.Dict:
		return true
	}
	return false
}

// compareClasses reports whether the class pattern got is as narrow as want.
func (w *World) compareClasses(want string, wantFields []ast.Field, got string, gotFields []ast.Field) (bool, *diag.Error) {
	if want == got {
		return hasFields(wantFields, gotFields), nil
	}
	if members, ok := w.union(want); ok {
		if _, other := w.union(got); other {
			return false, nil
		}
		return w.isMember(members, got) && hasFields(wantFields, gotFields), nil
	}
	if !w.IsClassName(want) {
		return false, unregisteredClass(want)
	}
	if _, ok := w.Ancestors(want); !ok {
		return false, nil
	}
	ancestors, _ := w.Ancestors(got)
	return slices.Contains(ancestors, want) && hasFields(wantFields, gotFields), nil
}

// compareValues compares values: a list must hold all elements of the rule type's, a dictionary all fields, anything else
// must be equal.
func (t *ruleType) compareValues(want, got ast.Term) (bool, *diag.Error) {
	if want, ok := want.(*ast.List); ok {
		got, ok := got.(*ast.List)
		if !ok {
			return false, nil
		}
		if want.Rest != nil {
			e := diag.New(diag.InvalidRuleType, t.head.NameAt, "Invalid rule type: type %s A list in a rule type cannot end in a rest variable.", ast.FormatRule(t.head))
			e.Token = t.head.Name
			return false, e
		}
		return hasItems(want.Items, got.Items), nil
	}
	if want, ok := want.(*ast.Dict); ok {
		got, ok := got.(*ast.Dict)
		return ok && hasFields(want.Fields, got.Fields), nil
	}
	return equal(want, got), nil
}

// isValue reports whether a parameter is a literal, list or dictionary. Everything else is a variable, or becomes one.
func isValue(t ast.Term) bool {
	_, ok := valueClass(t)
	return ok
}

// valueClass returns the built-in class of a literal.
func valueClass(t ast.Term) (class string, ok bool) {
	switch t.(type) {
	case *ast.Int:
		return "Integer", true
	case *ast.Float:
		return "Float", true
	case *ast.String:
		return "String", true
	case *ast.Bool:
		return "Boolean", true
	case *ast.List:
		return "List", true
	case *ast.Dict:
		return "Dictionary", true
	}
	return "", false
}
