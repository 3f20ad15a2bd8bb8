package host

import (
	"maps"
	"reflect"
	"slices"
	"sync/atomic"

	"github.com/goso-project/goso/internal/engine"
)

// draft is all that was registered, in tables that registrations change. So a registration costs the same whatever was registered
// before; snapshots are made of it when somebody needs one.
type draft struct {
	tables
	kin       map[reflect.Type]*kin
	constants map[string]any // Go values by name; classes are not among them unless hidden by a constant
}

// kin are the classes of a type.
type kin struct {
	numbers []int    // of the names it is registered under, in order
	names   []string // the same
	above   []string // the interface classes it belongs to, in order of registration
	changed bool     // since they were last related
}

func newDraft() *draft {
	return &draft{
		tables: tables{
			byName:  map[string]*class{},
			shapeOf: map[reflect.Type]int{},
			typeOf:  make([]reflect.Type, firstShape),
			shapes:  make([]engine.Shape, firstShape),
			members: map[reflect.Type]members{},
		},
		kin:       map[reflect.Type]*kin{},
		constants: map[string]any{"nil": nil},
	}
}

// add notes a class whose name is free. Types keep their shapes: a query that converts with an older snapshot can run on an engine
// that has a newer one.
func (d *draft) add(k *class) {
	if k.union {
		d.addUnion(k)
	}
	kn := d.kinOf(k.typ)
	kn.numbers, kn.names, kn.changed = append(kn.numbers, len(d.order)), append(kn.names, k.name), true
	d.order = append(d.order, k)
	d.byName[k.name] = k
	d.listing = append(d.listing, engine.Class{Name: k.name})
	if _, ok := d.shapeOf[k.typ]; !ok && !k.union && categoryOf(k.typ) == catInstance {
		d.shapeOf[k.typ] = len(d.shapes)
		d.typeOf = append(d.typeOf, k.typ, k.typ)
		d.shapes = append(d.shapes, engine.Shape{}, engine.Shape{})
	}
}

// addUnion has the types that implement an interface belong to its class.
func (d *draft) addUnion(k *class) {
	d.unions = append(d.unions, k)
	for t, kn := range d.kin {
		if t != k.typ && implements(t, k.typ) {
			kn.above, kn.changed = append(kn.above, k.name), true
		}
	}
}

// kinOf returns the classes of a type, which may be new.
func (d *draft) kinOf(t reflect.Type) *kin {
	kn := d.kin[t]
	if kn != nil {
		return kn
	}
	kn = &kin{}
	for _, u := range d.unions {
		if u.typ != t && implements(t, u.typ) {
			kn.above = append(kn.above, u.name)
		}
	}
	d.kin[t] = kn
	return kn
}

// classes returns the classes as they are now.
func (d *draft) classes() *classes {
	for t, kn := range d.kin {
		if kn.changed {
			d.relate(t, kn)
			kn.changed = false
		}
	}
	t := d.tables // slices that only grow are shared
	t.shapes, t.listing = slices.Clone(t.shapes), slices.Clone(t.listing)
	t.byName, t.shapeOf, t.members = maps.Clone(t.byName), maps.Clone(t.shapeOf), maps.Clone(t.members)
	return &classes{tables: t, byShape: make([]atomic.Pointer[plan], len(t.shapes))}
}

// relate notes the ancestors of a type's names, and the ranks of its shapes: its own names are equally near, then come its interface
// classes.
func (d *draft) relate(t reflect.Type, kn *kin) {
	ancestors := slices.Concat(kn.names, kn.above)
	for _, i := range kn.numbers {
		d.listing[i].Ancestors = ancestors
	}
	shape, ok := d.shapeOf[t]
	if !ok {
		return
	}
	ranks := make(map[string]int, len(ancestors))
	for _, name := range kn.names {
		ranks[name] = 0
	}
	for i, name := range kn.above {
		ranks[name] = i + 1
	}
	d.shapes[shape], d.shapes[shape+1] = engine.Shape{Ranks: ranks}, engine.Shape{Ranks: ranks}
}
