package host

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/goso-project/goso/pkg/oso/types"
)

// IsaWithPath follows declared fields from a class: relations to one object lead to its class, relations to many to List, a
// type name to that class. A field nobody declared leads to the class of its Go type, where exactly that type is registered.
func (s *Session) IsaWithPath(_ context.Context, base string, path []string, class string) (bool, error) {
	return s.conv.classes.isaWithPath(base, path, class)
}

// PathClass is IsaWithPath for the machine.
func (c *classes) PathClass(base string, path []string, class string) (yes, known bool) {
	yes, err := c.isaWithPath(base, path, class)
	return yes, err == nil
}

func (c *classes) isaWithPath(base string, path []string, class string) (bool, error) {
	at := base
	for _, name := range path {
		k := c.byName[at]
		if k == nil {
			return false, nil
		}
		next, err := c.fieldClass(k, name)
		if err != nil || next == "" {
			return false, err
		}
		at = next
	}
	return c.isSubclass(at, class), nil
}

// fieldClass returns the class of a field, "" if nothing says it.
func (c *classes) fieldClass(k *class, name string) (string, error) {
	switch f := k.fields[name].(type) {
	case string:
		if c.byName[f] == nil {
			return "", fmt.Errorf("field %s.%s is declared to be of class %s, which is not registered", k.name, name, f)
		}
		return f, nil
	case types.Relation:
		if f.Kind == "many" {
			return "List", nil
		}
		return f.OtherType, nil
	}
	if k.union {
		return "", nil
	}
	p := c.planOf(k.typ)
	if b := p.reads[name]; b != nil {
		return c.classOfType(b.results[0].typ), nil
	}
	f := p.fields[name]
	if f == nil {
		return "", nil
	}
	return c.classOfType(f.typ), nil
}

// classOfType returns the first class of the values of a Go type, "" if there is none or the type does not say.
func (c *classes) classOfType(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch categoryOf(t) {
	case catBool:
		return "Boolean"
	case catInt, catUint:
		return "Integer"
	case catFloat:
		return "Float"
	case catString:
		return "String"
	case catList:
		return "List"
	case catDict:
		return "Dictionary"
	case catInstance:
		if i := slices.IndexFunc(c.order, func(k *class) bool { return k.typ == t && !k.union }); i >= 0 {
			return c.order[i].name
		}
	}
	return ""
}
