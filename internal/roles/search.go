package roles

import (
	"reflect"
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/wam"
)

// search is what is known of one resource and those above it. It belongs to one query, so to one goroutine. Node 0 is the
// resource itself.
type search struct {
	nodes []node
	same  map[identity]int // nodes of values that Go can tell apart
	alike map[place][]int  // nodes that could be equal to one another
}

// node is a resource, with what is declared for it. Up are its parents, once it is climbed.
type node struct {
	value    wam.Value
	declared []declaration
	up       []int
	climbed  bool
}

// declaration is one result of resource(resource, name, actions, roles). Naming finds the roles that have a name in one of
// their lists, which is that of permissions or of implied roles.
type declaration struct {
	space   string // empty, as no namespace is, if it is no string
	actions []string
	naming  map[listed][]string
}

type listed struct{ list, name string }

// The lists of a role.
const (
	permissions = "permissions"
	implies     = "implies"
)

// identity tells pointers, numbers and strings apart.
type identity struct {
	kind   wam.ValueKind
	number uint64
	text   string
	object any
}

// place is where values that could be equal are kept together.
type place struct {
	kind   wam.ValueKind
	object reflect.Type
}

// identityOf returns what a value is equal to without asking; ok is false where that cannot be told. Only for objects and
// for values with parts may another identity still mean an equal value.
func identityOf(v wam.Value) (id identity, ok bool) {
	switch v.Kind {
	case wam.KindBool, wam.KindInt, wam.KindFloat, wam.KindString:
	case wam.KindInstance:
		if t := reflect.TypeOf(v.Ref); t != nil && t.Kind() != reflect.Pointer {
			return identity{}, false
		}
	default:
		return identity{}, false
	}
	return identity{v.Kind, v.N, v.Str, v.Ref}, true
}

func placeOf(v wam.Value) place {
	if v.Kind == wam.KindInstance {
		return place{v.Kind, reflect.TypeOf(v.Ref)}
	}
	return place{kind: v.Kind}
}

// identical returns the node of a value that Go knows to be the same, or no value.
func (s *search) identical(v wam.Value) (wam.Value, error) {
	if err := known(v); err != nil {
		return wam.Value{}, err
	}
	if id, ok := identityOf(v); ok {
		if n, found := s.same[id]; found {
			return wam.IntValue(int64(n)), nil
		}
	}
	return wam.Value{}, nil
}

// alikes returns the nodes whose values may be equal to a value, each with its value; no value if there are none.
func (s *search) alikes(v wam.Value, distinct func(a, b wam.Value) bool) wam.Value {
	var pairs []wam.Value
	for _, n := range s.alike[placeOf(v)] {
		if distinct != nil && distinct(s.nodes[n].value, v) {
			continue
		}
		pairs = append(pairs, wam.ListValue(wam.IntValue(int64(n)), s.nodes[n].value))
	}
	return someOf(pairs)
}

// add makes a node for a value that has none.
func (s *search) add(v wam.Value) wam.Value {
	n := len(s.nodes)
	s.nodes = append(s.nodes, node{value: v})
	if s.same == nil {
		s.same, s.alike = map[identity]int{}, map[place][]int{}
	}
	id, ok := identityOf(v)
	if ok {
		s.same[id] = n
	}
	if !ok || id.object != nil {
		p := placeOf(v)
		s.alike[p] = append(s.alike[p], n)
	}
	return wam.IntValue(int64(n))
}

// declare adds a declaration to a node. What is not as it must be is left out: it was checked when roles were enabled.
func (s *search) declare(n int, space, actions, roles wam.Value) error {
	d := declaration{naming: map[listed][]string{}}
	if space.Kind == wam.KindString {
		d.space = space.Str
	}
	var err error
	if d.actions, err = texts(actions); err != nil {
		return err
	}
	err = eachRole(roles, func(role, list string, names []string) {
		if list != permissions && list != implies {
			return
		}
		for _, name := range names {
			key := listed{list, name}
			if have := d.naming[key]; len(have) == 0 || have[len(have)-1] != role {
				d.naming[key] = append(have, role)
			}
		}
	})
	s.nodes[n].declared = append(s.nodes[n].declared, d)
	return err
}

// actions returns what may be asked about the resource: each action with the number of its declaration.
func (s *search) actions() wam.Value {
	var pairs []wam.Value
	for i, d := range s.nodes[0].declared {
		for _, action := range d.actions {
			pairs = append(pairs, wam.ListValue(wam.IntValue(int64(i)), wam.StringValue(action)))
		}
	}
	return someOf(pairs)
}

// names returns the names of all roles that others imply on the resource.
func (s *search) names() wam.Value {
	var names []string
	for n := range s.nodes {
		for _, d := range s.nodes[n].declared {
			for key := range d.naming {
				if key.list != implies {
					continue
				}
				if n == 0 {
					names = append(names, key.name)
				}
				for _, own := range s.nodes[0].declared {
					if name, found := strings.CutPrefix(key.name, own.space+":"); found && own.space != "" && s.above(n) {
						names = append(names, name)
					}
				}
			}
		}
	}
	slices.Sort(names)
	var values []wam.Value
	for _, name := range slices.Compact(names) {
		values = append(values, wam.StringValue(name))
	}
	return someOf(values)
}

// above reports whether a node is above the resource: all others are, and the resource itself if parents are circular.
func (s *search) above(n int) bool {
	return n != 0 || slices.ContainsFunc(s.nodes, func(other node) bool { return slices.Contains(other.up, 0) })
}

// someOf returns a list as a value, no value if it is empty: going through that fails at once.
func someOf(items []wam.Value) wam.Value {
	if len(items) == 0 {
		return wam.Value{}
	}
	return wam.ListValue(items...)
}
