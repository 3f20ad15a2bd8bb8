package host

import (
	"context"
	"fmt"
	"reflect"

	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/interfaces"
)

// symbols are the operators as policies write them.
var symbols = map[string]string{"Eq": "==", "Neq": "!=", "Lt": "<", "Leq": "<=", "Gt": ">", "Geq": ">="}

// Compare compares two values of which at least one is an instance. Types that define equality or order decide; others are
// equal when they are deeply equal, behind pointers their targets, and have no order.
func (s *Session) Compare(_ context.Context, op string, left, right wam.Value) (result bool, err error) {
	lp, rp := s.planOf(left), s.planOf(right)
	if lp != nil && lp.order.isComparer() || rp != nil && rp.order.isComparer() {
		return s.compareComparers(op, left, right, lp, rp)
	}
	if lp != nil && lp == rp {
		if result, ok, err := s.compareOwn(op, left, right, lp); ok {
			return result, err
		}
	}
	if s.config.UnderlyingEquality {
		if result, ok := compareBasics(op, basicOf(left), basicOf(right)); ok {
			return result, nil
		}
	}
	switch op {
	case "Eq":
		return equalInstances(left, right, lp, rp), nil
	case "Neq":
		return !equalInstances(left, right, lp, rp), nil
	}
	return false, unsupported(op, left, right)
}

func (o *ordering) isComparer() bool { return o.comparer || o.pointerComparer }

func unsupported(op string, left, right wam.Value) error {
	return errors.NewUnimplementedOperationError(fmt.Sprintf("%s %s %s", kindText(left), symbols[op], kindText(right)))
}

// side is one operand of a comparison by interfaces.Comparer.
type side struct {
	cmp     interfaces.Comparer // nil if the operand is none
	pointer bool                // the methods are the pointer's
}

// sideOf returns an operand as a Comparer. A pointer has the methods of its value, so nothing is copied for them.
func sideOf(v wam.Value, p *plan) side {
	if p == nil || !p.order.isComparer() {
		return side{}
	}
	object := v.Ref
	if p.order.pointerComparer {
		object = pointerTo(object, p.typ)
	}
	cmp, _ := object.(interfaces.Comparer)
	return side{cmp, p.order.pointerComparer}
}

// pointerTo returns a pointer to an object of type t: itself, or one to a copy.
func pointerTo(object any, t reflect.Type) any {
	v := reflect.ValueOf(object)
	if v.Type() != t {
		return object
	}
	p := reflect.New(t)
	p.Elem().Set(v)
	return p.Interface()
}

// operand returns what a Comparer gets to see: numbers, strings and so on as in results, an instance dereferenced, unless the
// Comparer's methods are those of pointers.
func (s *Session) operand(v wam.Value, p *plan, pointer bool) (any, error) {
	switch {
	case p == nil:
		reader := goReader{conv: &s.conv, accept: true}
		return reader.read(v)
	case pointer:
		return pointerTo(v.Ref, p.typ), nil
	default:
		return target(v.Ref).Interface(), nil
	}
}

func (s *Session) compareComparers(op string, left, right wam.Value, lp, rp *plan) (result bool, err error) {
	l, r := sideOf(left, lp), sideOf(right, rp)
	a, other := l, right
	otherPlan := rp
	switch op {
	case "Eq", "Neq":
		if l.cmp == nil {
			a, other, otherPlan = r, left, lp
		}
	case "Gt", "Geq":
		a, other, otherPlan = r, left, lp
	}
	if a.cmp == nil {
		return false, unsupported(op, left, right)
	}
	x, err := s.operand(other, otherPlan, a.pointer)
	if err != nil {
		return false, err
	}
	err = guard(func() {
		switch op {
		case "Eq":
			result = a.cmp.Equal(x)
		case "Neq":
			result = !a.cmp.Equal(x)
		case "Lt", "Gt":
			result = a.cmp.Lt(x)
		case "Leq", "Geq":
			result = a.cmp.Lt(x) || a.cmp.Equal(x)
		}
	})
	return result, err
}

// compareOwn compares two values of one type by its methods Equal, Before and Compare; ok is false where it has none that
// answers.
func (s *Session) compareOwn(op string, left, right wam.Value, p *plan) (result, ok bool, err error) {
	o := &p.order
	call := func(m *method, a, b wam.Value) reflect.Value {
		x := target(b.Ref)
		if m.fn.params[0] != p.typ {
			x = reflect.ValueOf(pointerTo(b.Ref, p.typ))
		}
		return m.on(a.Ref).Call([]reflect.Value{x})[0]
	}
	var run func()
	switch {
	case (op == "Eq" || op == "Neq") && o.equal != nil:
		run = func() { result = call(o.equal, left, right).Bool() == (op == "Eq") }
	case op == "Eq" || op == "Neq":
		return false, false, nil
	case o.compare != nil:
		run = func() { result = holds(op, call(o.compare, left, right).Int()) }
	case o.before == nil:
		return false, false, nil
	case op == "Lt":
		run = func() { result = call(o.before, left, right).Bool() }
	case op == "Gt":
		run = func() { result = call(o.before, right, left).Bool() }
	case op == "Leq":
		run = func() { result = !call(o.before, right, left).Bool() }
	default:
		run = func() { result = !call(o.before, left, right).Bool() }
	}
	err = guardInto(run, &result)
	return result, true, err
}

// guardInto is guard for code that fills a result; after a panic the result is false.
func guardInto(run func(), result *bool) error {
	err := guard(run)
	if err != nil {
		*result = false
	}
	return err
}

// holds tells whether a comparison holds for two values whose order is the sign of n.
func holds(op string, n int64) bool {
	switch op {
	case "Eq":
		return n == 0
	case "Neq":
		return n != 0
	case "Lt":
		return n < 0
	case "Leq":
		return n <= 0
	case "Gt":
		return n > 0
	}
	return n >= 0
}

// compareBasics compares two numbers, strings or booleans; ok is false for other pairs.
func compareBasics(op string, l, r basic) (result, ok bool) {
	switch {
	case l.Kind == wam.KindString && r.Kind == wam.KindString:
		return holds(op, int64(compare(l.Str, r.Str))), true
	case l.Kind == wam.KindInt && r.Kind == wam.KindInt:
		return holds(op, int64(compare(l.Int(), r.Int()))), true
	case l.Kind == wam.KindFloat && r.Kind == wam.KindFloat:
		a, b := l.Float(), r.Float()
		if a != a || b != b {
			return op == "Neq", true
		}
		return holds(op, int64(compare(a, b))), true
	case l.Kind == wam.KindBool && r.Kind == wam.KindBool && (op == "Eq" || op == "Neq"):
		return (l.Bool() == r.Bool()) == (op == "Eq"), true
	}
	return false, false
}

func compare[T int64 | float64 | string](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// equalInstances is deep equality between instances of one type; nil equals nil.
func equalInstances(left, right wam.Value, lp, rp *plan) bool {
	if lp == nil || rp == nil {
		return left.Kind == right.Kind && left.Kind == wam.KindInstance && left.Ref == nil && right.Ref == nil
	}
	if lp.typ != rp.typ {
		return false
	}
	if lp.reflexive {
		l, r := reflect.ValueOf(left.Ref), reflect.ValueOf(right.Ref)
		if l.Kind() == reflect.Pointer && r.Kind() == reflect.Pointer && l.UnsafePointer() == r.UnsafePointer() {
			return true
		}
	}
	return deepEqual(target(left.Ref), target(right.Ref))
}
