package host

import (
	"fmt"
	"maps"
	"reflect"
)

// members are the accessors of a type.
type members struct{ fields, methods map[string]*Accessor }

// RegisterAccessors has accessors stand for fields and methods of their types, whatever the names of the types are, or will be.
// They hide what the types have themselves under these names. On error nothing is registered.
func (r *Registry) RegisterAccessors(list ...*Accessor) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed, read, err := r.draft.withAccessors(list)
	if err != nil || len(list) == 0 {
		return err
	}
	maps.Copy(r.draft.members, changed)
	r.draft.read = r.draft.read || read
	r.outdate()
	return nil
}

// withAccessors returns the accessors of the types that a list adds some to, and whether it has some of fields.
func (t *tables) withAccessors(list []*Accessor) (changed map[reflect.Type]members, read bool, err error) {
	changed = map[reflect.Type]members{}
	for i, a := range list {
		if a == nil {
			return nil, false, fmt.Errorf("accessor %d was made by none of the funcs that make accessors", i+1)
		}
		if a.err != nil {
			return nil, false, a.err
		}
		of, copied := changed[a.owner]
		if !copied {
			of = t.members[a.owner].clone()
			changed[a.owner] = of
		}
		into, kind := of.fields, "field"
		if a.read == nil {
			into, kind = of.methods, "method"
		}
		if into[a.name] != nil {
			return nil, false, fmt.Errorf("type %v has an accessor for the %s %s already", a.owner, kind, a.name)
		}
		into[a.name] = a
		read = read || a.read != nil
	}
	return changed, read, nil
}

// clone returns accessors that can be added to.
func (m members) clone() members {
	n := members{fields: map[string]*Accessor{}, methods: map[string]*Accessor{}}
	maps.Copy(n.fields, m.fields)
	maps.Copy(n.methods, m.methods)
	return n
}

// bind gives a plan the accessors of its type. What they hide is gone from the plan.
func (p *plan) bind(m members) {
	p.reads, p.calls = bindings(m.fields), bindings(m.methods)
	for name := range m.fields {
		delete(p.fields, name)
	}
	for name := range m.methods {
		delete(p.methods, name)
	}
}

func bindings(of map[string]*Accessor) map[string]*binding {
	m := make(map[string]*binding, len(of))
	for name, a := range of {
		b := &binding{Accessor: a}
		for _, t := range a.results {
			b.results = append(b.results, &typeRef{typ: t})
		}
		m[name] = b
	}
	return m
}
