package roles

import (
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/wam"
)

// Answer answers a call that the built-in rules make. No value (wam.KindNone) means that the call fails. The error is a
// variable where something must be given, of kind diag.Unsupported, or what converting the host's values gave.
func Answer(receiver wam.Value, method string, args []wam.Value) (wam.Value, error) {
	switch name := method[len(hidden):]; name {
	case "known":
		return wam.BoolValue(true), known(args[0])
	case "given":
		return wam.BoolValue(true), given(args[0])
	case "text":
		return wam.BoolValue(args[0].Kind == wam.KindString), nil
	case "strings":
		return stringsOf(args[0])
	case "join":
		if args[0].Kind == wam.KindString && args[1].Kind == wam.KindString {
			return wam.StringValue(args[0].Str + ":" + args[1].Str), nil
		}
	case "naming":
		return naming(args[0].Str, args[1], args[2])
	case "implied":
		return implied(args[0], args[1].Str)
	case "memory":
		return wam.InstanceValue(&memory{}, 0), nil
	case "others", "add":
		if m, ok := receiver.Ref.(*memory); ok {
			return m.answer(name, args[0].Str, args[1].Str, args[2])
		}
	}
	return wam.Value{}, nil
}

// known returns an error for a resource that is a variable.
func known(resource wam.Value) error {
	if resource.Kind != wam.KindVar {
		return nil
	}
	e := diag.New(diag.Unsupported, diag.Span{}, "The built-in roles decide about a given resource; this one, or one of its parents, is an unbound variable.")
	e.Help = "bind the resource before asking, and let parent rules bind the parent"
	return e
}

// given returns an error for a role object that is a variable.
func given(role wam.Value) error {
	if role.Kind != wam.KindVar {
		return nil
	}
	e := diag.New(diag.Unsupported, diag.Span{}, "actor_role(actor, role) left the role an unbound variable.")
	e.Help = "let the rule bind the role to an object or a dictionary with a name and a resource"
	return e
}

// stringsOf returns the strings of a list; what is no list has none.
func stringsOf(list wam.Value) (wam.Value, error) {
	texts, err := texts(list)
	if err != nil {
		return wam.Value{}, err
	}
	return listOf(texts), nil
}

func texts(list wam.Value) ([]string, error) {
	s, ok := list.Ref.(wam.Sequence)
	if !ok || list.Kind != wam.KindList {
		return nil, nil
	}
	var out []string
	for i := range s.Len() {
		v, err := s.At(i)
		if err != nil {
			return nil, err
		}
		if v.Kind == wam.KindString {
			out = append(out, v.Str)
		}
	}
	return out, nil
}

// listOf returns a list of strings as a value, none if there are none.
func listOf(texts []string) wam.Value {
	if len(texts) == 0 {
		return wam.Value{}
	}
	items := make([]wam.Value, len(texts))
	for i, t := range texts {
		items[i] = wam.StringValue(t)
	}
	return wam.ListValue(items...)
}

// naming returns the roles of a declaration whose list of permissions or implied roles holds a name.
func naming(field string, roles, name wam.Value) (wam.Value, error) {
	if name.Kind != wam.KindString {
		return wam.Value{}, nil
	}
	var out []string
	err := eachRole(roles, field, func(role string, listed []string) {
		if slices.Contains(listed, name.Str) {
			out = append(out, role)
		}
	})
	return listOf(out), err
}

// implied returns the names of implied roles that begin with a prefix, without it.
func implied(roles wam.Value, prefix string) (wam.Value, error) {
	var out []string
	err := eachRole(roles, "implies", func(_ string, listed []string) {
		for _, name := range listed {
			if rest, ok := strings.CutPrefix(name, prefix); ok {
				out = append(out, rest)
			}
		}
	})
	return listOf(out), err
}

// eachRole calls f with each role of a declaration and one of its lists. What is no dictionary has no roles.
func eachRole(roles wam.Value, field string, f func(role string, listed []string)) error {
	all, ok := roles.Ref.(wam.Mapping)
	if !ok || roles.Kind != wam.KindDict {
		return nil
	}
	for i := range all.Len() {
		role, err := all.At(i)
		if err != nil {
			return err
		}
		definition, ok := role.Ref.(wam.Mapping)
		if !ok || role.Kind != wam.KindDict {
			continue
		}
		for j := range definition.Len() {
			if definition.Key(j) != field {
				continue
			}
			list, err := definition.At(j)
			if err != nil {
				return err
			}
			listed, err := texts(list)
			if err != nil {
				return err
			}
			f(all.Key(i), listed)
		}
	}
	return nil
}
