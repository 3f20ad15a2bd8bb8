package roles

import (
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/wam"
)

// Answer answers a call that the built-in rules make. No value (wam.KindNone) means that the call fails. The error is a
// variable where something must be given, of kind diag.Unsupported, or what converting the host's values gave.
//
// Distinct reports that two objects are certainly not equal; it may be nil, or say no to all. Where it says no, the machine is to
// find out.
func Answer(receiver wam.Value, method string, args []wam.Value, distinct func(a, b wam.Value) bool) (wam.Value, error) {
	name := method[len(hidden):]
	switch r := receiver.Ref.(type) {
	case *search:
		return r.answer(name, args, distinct)
	case *run:
		return r.answer(name), nil
	}
	switch name {
	case "known":
		return wam.BoolValue(true), known(args[0])
	case "given":
		return wam.BoolValue(true), given(args[0])
	case "text":
		return wam.BoolValue(args[0].Kind == wam.KindString), nil
	case "search":
		return instance(&search{}), nil
	}
	return wam.Value{}, nil
}

func instance(object any) wam.Value { return wam.InstanceValue(object, 0) }

func (s *search) answer(name string, args []wam.Value, distinct func(a, b wam.Value) bool) (wam.Value, error) {
	switch name {
	case "identical":
		return s.identical(args[0])
	case "alike":
		return s.alikes(args[0], distinct), nil
	case "add":
		return s.add(args[0]), nil
	case "declare":
		return wam.BoolValue(true), s.declare(int(args[0].Int()), args[1], args[2], args[3])
	case "connect":
		n := &s.nodes[args[0].Int()]
		n.up = append(n.up, int(args[1].Int()))
		return wam.BoolValue(true), nil
	case "actions":
		return s.actions(), nil
	case "names":
		return s.names(), nil
	case "allowing", "granting":
		return instance(s.allowing(int(args[0].Int()), args[1].Str, name == "allowing")), nil
	case "assuming":
		return instance(s.assuming(args[0].Str)), nil
	case "everything":
		return instance(s.everything()), nil
	}
	return wam.Value{}, nil
}

func (r *run) answer(name string) wam.Value {
	switch name {
	case "reached":
		return r.reached()
	case "waits":
		return wam.BoolValue(len(r.waiting) > 0)
	case "frontier":
		return r.frontier()
	}
	return wam.Value{}
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

// texts returns the strings of a list; what is no list has none.
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

// eachRole calls f with each role of a declaration and each of its lists. What is no dictionary has no roles.
func eachRole(roles wam.Value, f func(role, list string, names []string)) error {
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
			list, err := definition.At(j)
			if err != nil {
				return err
			}
			names, err := texts(list)
			if err != nil {
				return err
			}
			f(all.Key(i), definition.Key(j), names)
		}
	}
	return nil
}
