package host

import (
	"fmt"
	"reflect"
	"sync/atomic"
)

// members are the accessors of a type.
type members struct{ fields, methods map[string]*Accessor }

// RegisterAccessors has accessors stand for fields and methods of their types, whatever the names of the types are, or will be.
// They hide what the types have themselves under these names. On error nothing is registered.
func (r *Registry) RegisterAccessors(list ...*Accessor) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.current.Load()
	classes, err := old.classes.withAccessors(list)
	if err != nil || len(list) == 0 {
		return err
	}
	return r.install(&snapshot{classes: classes, constants: old.constants})
}

// withAccessors returns the tables with more accessors.
func (c *classes) withAccessors(list []*Accessor) (*classes, error) {
	n := &classes{
		order: c.order, byName: c.byName, unions: c.unions, shapeOf: c.shapeOf, typeOf: c.typeOf, shapes: c.shapes, listing: c.listing,
		byShape: make([]atomic.Pointer[plan], len(c.shapes)),
		members: cloned(c.members), read: c.read,
	}
	copied := map[reflect.Type]bool{}
	for i, a := range list {
		if a == nil {
			return nil, fmt.Errorf("accessor %d was made by none of the funcs that make accessors", i+1)
		}
		if a.err != nil {
			return nil, a.err
		}
		if !copied[a.owner] {
			copied[a.owner] = true
			old := n.members[a.owner]
			n.members[a.owner] = members{fields: cloned(old.fields), methods: cloned(old.methods)}
		}
		into := n.members[a.owner].fields
		kind := "field"
		n.read = n.read || a.read != nil
		if a.read == nil {
			into, kind = n.members[a.owner].methods, "method"
		}
		if into[a.name] != nil {
			return nil, fmt.Errorf("type %v has an accessor for the %s %s already", a.owner, kind, a.name)
		}
		into[a.name] = a
	}
	return n, nil
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
