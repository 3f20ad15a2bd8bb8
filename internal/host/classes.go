package host

import (
	"maps"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/goso-project/goso/internal/engine"
)

// Shapes that every registry has, before those of registered types. A registered type has two: one for values and the
// program's pointers, and the next one for pointers made by this package.
const (
	shapeUnknown  = iota // the engine asks Isa
	shapeNil             // nil: of no class
	shapeNone            // an object of an unregistered type
	shapeBorrowed        // the same, by a pointer this package made
	firstShape
)

// class is a registered class name.
type class struct {
	name   string
	typ    reflect.Type  // never a pointer
	ctor   reflect.Value // zero if none
	sig    signature     // of ctor
	fields map[string]any
	union  bool // an interface class: every type that implements typ belongs to it
}

// classes are all registered classes, and the plans of Go types under them. The tables are immutable; plans are made on demand.
type classes struct {
	order  []*class
	byName map[string]*class
	unions []*class

	shapeOf map[reflect.Type]int // instance types that are registered
	typeOf  []reflect.Type       // shape → type, nil below firstShape
	shapes  []engine.Shape
	listing []engine.Class // what the engine is told, in order

	members map[reflect.Type]members // accessors
	read    bool                     // some are of fields

	byShape []atomic.Pointer[plan]
	plans   sync.Map // reflect.Type → *plan
}

// noClasses returns the tables before any registration.
func noClasses() *classes {
	return &classes{
		typeOf:  make([]reflect.Type, firstShape),
		shapes:  make([]engine.Shape, firstShape),
		byShape: make([]atomic.Pointer[plan], firstShape),
	}
}

// with returns the tables with one more class. Types keep their shapes: a query that converts with an older table can run
// on an engine that has a newer one.
func (c *classes) with(k *class) *classes {
	n := &classes{
		order:   append(slices.Clip(c.order), k),
		byName:  cloned(c.byName),
		unions:  c.unions,
		shapeOf: cloned(c.shapeOf),
		typeOf:  slices.Clone(c.typeOf),
		shapes:  slices.Clone(c.shapes),
		listing: slices.Clone(c.listing),
		members: c.members,
		read:    c.read,
	}
	n.byName[k.name] = k
	if k.union {
		n.unions = append(slices.Clip(c.unions), k)
	}
	if _, ok := n.shapeOf[k.typ]; !ok && !k.union && categoryOf(k.typ) == catInstance {
		n.shapeOf[k.typ] = len(n.shapes)
		n.typeOf = append(n.typeOf, k.typ, k.typ)
		n.shapes = append(n.shapes, engine.Shape{}, engine.Shape{})
	}
	n.listing = append(n.listing, engine.Class{Name: k.name})
	for i, other := range n.order {
		// The new class changes what is known of itself, of other names of its type and, if it is an interface, of its members.
		if other.typ == k.typ || k.union && implements(other.typ, k.typ) {
			n.relate(i)
		}
	}
	n.byShape = make([]atomic.Pointer[plan], len(n.shapes))
	return n
}

func cloned[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return maps.Clone(m)
}

// relate works out the ancestors of the class at an index, and the ranks of its type's shapes: the type's own names are
// equally near, then come its interface classes in order of registration.
func (c *classes) relate(i int) {
	k := c.order[i]
	up := []string{k.name}
	ranks := map[string]int{}
	for _, other := range c.order {
		if other.typ == k.typ {
			ranks[other.name] = 0
			if other != k {
				up = append(up, other.name)
			}
		}
	}
	rank := 0
	for _, u := range c.unions {
		if u.typ != k.typ && implements(k.typ, u.typ) {
			rank++
			ranks[u.name] = rank
			up = append(up, u.name)
		}
	}
	c.listing[i].Ancestors = up
	if shape, ok := c.shapeOf[k.typ]; ok && !k.union {
		c.shapes[shape] = engine.Shape{Ranks: ranks}
		c.shapes[shape+1] = engine.Shape{Ranks: maps.Clone(ranks)}
	}
}

// implements reports whether values or pointers of a type have an interface's methods.
func implements(t, iface reflect.Type) bool {
	return t.Implements(iface) || t.Kind() != reflect.Interface && reflect.PointerTo(t).Implements(iface)
}

// planOf returns the plan of a type.
func (c *classes) planOf(t reflect.Type) *plan {
	if p, ok := c.plans.Load(t); ok {
		return p.(*plan)
	}
	p := newPlan(t)
	if p.cat == catInstance {
		if shape, ok := c.shapeOf[t]; ok {
			p.shape, p.borrowed = shape, shape+1
		} else if !c.inUnion(t) {
			p.shape, p.borrowed = shapeNone, shapeBorrowed
		}
		if m, ok := c.members[t]; ok {
			p.bind(m)
		}
	}
	got, _ := c.plans.LoadOrStore(t, p)
	return got.(*plan)
}

// planOfShape returns the plan of a registered type by its shape.
func (c *classes) planOfShape(shape int) *plan {
	if p := c.byShape[shape].Load(); p != nil {
		return p
	}
	p := c.planOf(c.typeOf[shape])
	c.byShape[shape].Store(p)
	return p
}

// planOfObject returns the plan of an instance, which is not nil.
func (c *classes) planOfObject(object any, shape int) *plan {
	if shape >= firstShape && shape < len(c.byShape) {
		return c.planOfShape(shape)
	}
	t := reflect.TypeOf(object)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return c.planOf(t)
}

func (c *classes) inUnion(t reflect.Type) bool {
	return slices.ContainsFunc(c.unions, func(u *class) bool { return implements(t, u.typ) })
}

// isSubclass reports whether every instance of left is one of right.
func (c *classes) isSubclass(left, right string) bool {
	l, r := c.byName[left], c.byName[right]
	switch {
	case left == right:
		return true
	case l == nil || r == nil:
		return false
	case l.typ == r.typ:
		return true
	default:
		return r.union && implements(l.typ, r.typ)
	}
}

// isInstance reports whether values of a type belong to a class.
func (c *classes) isInstance(t reflect.Type, name string) bool {
	k := c.byName[name]
	return k != nil && (k.typ == t || k.union && implements(t, k.typ))
}
