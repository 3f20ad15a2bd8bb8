package wam

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/code"
)

// Plan says how the values of one type of the host lie in memory and which terms they are, so that the machine can read
// them where they are. Plans are immutable, and may be shared.
type Plan struct {
	Kind   PlanKind
	Number access.Kind // PlanInt, PlanUint, PlanFloat: its size
	Target access.Type // PlanPointer, PlanInstance: the type of the instance
	Shape  int         // and its shape
	Nil    int         // PlanPointer: the shape of nil
	Items  access.Elem // PlanList
	Elem   *Plan       // PlanList, not nil
	Host   any         // what the host knows the type by
}

// PlanKind is the kind of a plan.
type PlanKind uint8

// The kinds of plans.
const (
	PlanNone     PlanKind = iota // left to the host
	PlanBool                     // a boolean
	PlanInt                      // a signed integer
	PlanUint                     // an unsigned integer; one above MaxInt64 is left to the host
	PlanFloat                    // a floating-point number
	PlanString                   // a string; bytes that are no UTF-8 become U+FFFD each
	PlanPointer                  // a pointer to an instance
	PlanInstance                 // an instance, which a pointer to it stands for
	PlanList                     // a slice
)

// FieldPlan is the way to a field of instances that are pointers to one type. A Value of PlanNone says that there is such a
// field, and that the host reads it.
type FieldPlan struct {
	Owner access.Type
	Way   access.Field
	Value *Plan
}

// Planner gives plans. It is compared with ==: equal planners must give the same plans at any time.
type Planner interface {
	// PlanField returns the way to a field of an object; false if it is no pointer or has no such field at a fixed place.
	PlanField(object any, shape int, name string) (FieldPlan, bool)
	// PathClass answers EventPath from what is declared; known is false where only asking can tell.
	PathClass(base string, path []string, class string) (yes, known bool)
}

// Planned is a Sequence whose elements may have a plan.
type Planned interface {
	Sequence
	Plan() (elem *Plan, items access.Slice)
}

// fieldSlots is the number of fields a machine remembers the way to.
const (
	slotBits   = 8
	fieldSlots = 1 << slotBits
)

// fieldSlot remembers the way to a field of a shape. Types without a class share a shape: the owner tells them apart.
type fieldSlot struct {
	key   Cell // the field's name, an atom of the snapshot
	shape int
	owner access.Type
	way   access.Field
	value *Plan
}

// usePlanner has fields be read by plan. What is remembered holds for one planner and one snapshot.
func (m *Machine) usePlanner(p Planner) {
	m.planner = p
	if p == nil || p == m.slotsOf && m.slotsFor == m.snap.self {
		return
	}
	if m.slots == nil {
		m.slots = new([fieldSlots]fieldSlot)
	}
	clear(m.slots[:])
	if m.paths.known != nil {
		clear(m.paths.known[:])
	}
	if m.hopped != nil {
		clear(m.hopped[:])
	}
	m.slotsOf, m.slotsFor = p, m.snap.self
}

// object returns the Go value of a HOST cell with its shape.
func (m *Machine) object(c Cell) (object any, shape int) {
	if i := c.Index(); i&code.PoolBit == 0 {
		return m.hosts[i], int(m.shapes[i])
	}
	k := &m.snap.Constants[c.Index()&^code.PoolBit]
	return k.Ref, k.Shape()
}

// fieldAt returns where a field of an object lies, with its plan; nil if there is none.
func (m *Machine) fieldAt(object any, shape int, key Cell) (access.Place, *Plan) {
	if m.planner == nil {
		return access.Place{}, nil
	}
	s := m.slot(key, shape)
	if s.key == key && s.shape == shape {
		if at, found := s.owner.Target(object); found {
			return at.Field(&s.way), s.value
		}
	}
	if s = m.planField(s, object, shape, key); s == nil {
		return access.Place{}, nil
	}
	at, _ := s.owner.Target(object)
	return at.Field(&s.way), s.value
}

// slot returns where a field is remembered, if it is.
func (m *Machine) slot(key Cell, shape int) *fieldSlot { return &m.slots[slotNumber(key, shape)] }

func slotNumber(key Cell, shape int) uint64 {
	h := (uint64(key) ^ uint64(shape)<<32) * 0x9E3779B97F4A7C15 // Fibonacci hashing: the top bits depend on all
	return h >> (64 - slotBits)
}

// fieldSlot returns the way to a field of an object, nil if there is none. It holds until the next field is looked for.
func (m *Machine) fieldSlot(object any, shape int, key Cell) *fieldSlot {
	s := m.slot(key, shape)
	if s.key == key && s.shape == shape {
		if _, found := s.owner.Target(object); found {
			return s
		}
	}
	return m.planField(s, object, shape, key)
}

// planField finds the way to a field that is not remembered at s, and remembers it there. What was there moves to the next slot, where it
// is found again: lists of two types without a class whose elements have fields of one name are looked through by turns.
//
//go:noinline
func (m *Machine) planField(s *fieldSlot, object any, shape int, key Cell) *fieldSlot {
	if key.Tag() != code.ATOM { // a query's own name
		return nil
	}
	next := &m.slots[slotNumber(key, shape)^1]
	if next.key == key && next.shape == shape {
		if _, found := next.owner.Target(object); found {
			return next
		}
	}
	f, found := m.planner.PlanField(object, shape, m.text(key))
	if !found {
		return nil
	}
	if s.shape == shape && s.key == key {
		*next = *s
	}
	*s = fieldSlot{key: key, shape: shape, owner: f.Owner, way: f.Way, value: f.Value}
	return s
}

// load brings in the value at a place. It is false where the host has to.
func (m *Machine) load(p *Plan, at access.Place) (Cell, bool) {
	switch p.Kind {
	case PlanInt:
		return m.intCell(at.Int(p.Number)), true
	case PlanString:
		m.strs = append(m.strs, validText(at.String()))
		return code.Make(code.STR, len(m.strs)-1), true
	case PlanPointer:
		x, found := p.Target.Load(at)
		shape := p.Shape
		if !found {
			shape = p.Nil
		}
		return m.hostCell(x, shape), true
	case PlanInstance:
		return m.hostCell(p.Target.Pointer(at), p.Shape), true
	case PlanBool:
		return code.MakeBool(at.Bool()), true
	case PlanUint:
		if n := at.Uint(p.Number); n <= math.MaxInt64 {
			return m.intCell(int64(n)), true
		}
	case PlanFloat:
		return m.floatCell(at.Float(p.Number)), true
	case PlanList:
		return m.loadList(p.Elem, at.Slice(p.Items))
	}
	return 0, false
}

func (m *Machine) loadList(elem *Plan, items access.Slice) (Cell, bool) {
	n := items.Len()
	if n == 0 {
		return code.EmptyLst, true
	}
	if n > code.MaxSlice {
		return 0, false
	}
	l := hostList{elem: elem, items: items}
	if elem.Kind == PlanNone {
		l = hostList{seq: m.fields.Sequence(elem, items)}
	}
	m.addList(l)
	return code.MakeSlice(len(m.seqs)-1, 0), true
}

// addList enters a list of the host into the query's table.
func (m *Machine) addList(l hostList) {
	m.seqs = append(m.seqs, l)
	m.mixed = m.mixed || !l.scalar()
}

// scalar reports whether the elements can be neither host objects nor lists or dictionaries of them.
func (l *hostList) scalar() bool {
	return l.elem != nil && l.elem.Kind >= PlanBool && l.elem.Kind <= PlanString
}

// validText returns a string as the language has it.
func validText(s string) string {
	if !utf8.ValidString(s) {
		return string([]rune(s))
	}
	return s
}

func (m *Machine) hostCell(x any, shape int) Cell {
	m.hosts = append(m.hosts, x)
	m.shapes = append(m.shapes, int32(shape))
	return code.Make(code.HOST, len(m.hosts)-1)
}

// unifyPlace unifies the value at a place with a term, without bringing in what can be compared where it is. It is false where
// the host has to.
func (m *Machine) unifyPlace(p *Plan, at access.Place, t Cell) (status, bool) {
	t = m.deref(t)
	switch {
	case p.Kind == PlanString && isText(t.Tag()):
		if s := m.text(t); at.String() == s {
			return ok, true
		} else if !mended(s) {
			return fail, true
		}
	case p.Kind == PlanInt && t.Tag() == code.INT:
		return holds(at.Int(p.Number) == t.Int()), true
	}
	v, found := m.load(p, at)
	if !found {
		return fail, false
	}
	return m.unify(v, t), true
}

// mended reports whether a string may be what became of one that is no UTF-8.
func mended(s string) bool {
	return strings.IndexByte(s, "\uFFFD"[0]) >= 0 && strings.Contains(s, "\uFFFD")
}

// hostList is a list of the host: a Sequence, or elements with a plan. The Sequence of the latter is made when it is needed.
type hostList struct {
	seq   Sequence
	elem  *Plan // nil: the Sequence converts the elements
	items access.Slice
}

// size returns the number of elements.
func (l *hostList) size() int {
	if l.elem != nil {
		return l.items.Len()
	}
	return l.seq.Len()
}

// listed makes the list of a Sequence.
func (m *Machine) listed(s Sequence) hostList {
	l := hostList{seq: s}
	if m.without&InlineFields != 0 {
		return l
	}
	if p, able := s.(Planned); able {
		if elem, items := p.Plan(); elem.Kind != PlanNone {
			l.elem, l.items = elem, items
		}
	}
	return l
}

// elementAt brings in an element of a list of the host.
func (m *Machine) elementAt(l *hostList, i int) (Cell, error) {
	if l.elem != nil {
		if c, found := m.load(l.elem, l.items.At(i)); found {
			return c, nil
		}
	}
	v, err := m.sequence(l).At(i)
	if err != nil {
		return 0, err
	}
	return m.partOf(&v)
}

// sequence returns a list of the host as the host has it.
func (m *Machine) sequence(l *hostList) Sequence {
	if l.seq == nil {
		l.seq = m.fields.Sequence(l.elem, l.items)
	}
	return l.seq
}
