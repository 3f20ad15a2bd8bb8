package host

import (
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
	zero   any  // of typ: what the name stands for as a value
}

// classes are the registered classes of a snapshot, and the plans of Go types under them. The tables are immutable; plans are made
// on demand.
type classes struct {
	tables
	byShape []atomic.Pointer[plan]
	plans   sync.Map // reflect.Type → *plan
}

// tables are what is known of registered classes.
type tables struct {
	order  []*class
	byName map[string]*class
	unions []*class

	shapeOf map[reflect.Type]int // instance types that are registered
	typeOf  []reflect.Type       // shape → type, nil below firstShape
	shapes  []engine.Shape
	listing []engine.Class // what the engine is told, in order

	members map[reflect.Type]members // accessors
	read    bool                     // some are of fields
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
