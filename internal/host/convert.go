package host

import (
	"fmt"
	"math"
	"reflect"
	"unicode/utf8"

	"github.com/goso-project/goso/internal/wam"
)

// maxIndirections bounds how many pointers and interfaces a value may be behind: a pointer can point to itself.
const maxIndirections = 1000

// converter turns Go values into terms. With a memory it allocates nothing for what is common; without one its results
// outlive the query.
type converter struct {
	classes   *classes
	mem       *memory
	instances *instances // objects known by number, for terms in their wire form
	open      bool       // some value held a variable or another term that is no value
}

// nilValue is the term of nil.
func nilValue() wam.Value { return wam.InstanceValue(nil, shapeNil) }

var emptyList, emptyDict = &wam.List{}, &wam.Dict{}

// value converts a Go value. Slices and maps that may hold a cycle are walked and refused if they do.
func (c *converter) value(x any) (wam.Value, error) {
	return c.fromAny(x, false, 0)
}

// fromAny converts a Go value; scanned says that it is part of one whose cycles were looked for.
func (c *converter) fromAny(x any, scanned bool, indirections int) (wam.Value, error) {
	switch x := x.(type) {
	case nil:
		return nilValue(), nil
	case string:
		return textValue(x), nil
	case bool:
		return wam.BoolValue(x), nil
	case int:
		return wam.IntValue(int64(x)), nil
	case int64:
		return wam.IntValue(x), nil
	case float64:
		return wam.FloatValue(x), nil
	case []string:
		return c.plainList(len(x), x, nil, nil), nil
	case []int:
		return c.plainList(len(x), nil, x, nil), nil
	}
	p := c.classes.planOf(reflect.TypeOf(x))
	switch p.cat {
	case catInstance:
		return wam.InstanceValue(x, p.shape), nil
	case catPointer:
		v := reflect.ValueOf(x)
		if v.IsNil() {
			return nilValue(), nil
		}
		if target := p.elem.get(c.classes); target.cat == catInstance {
			return wam.InstanceValue(x, target.shape), nil
		}
		return c.fromValue(p, v, scanned, indirections)
	}
	return c.fromValue(p, reflect.ValueOf(x), scanned, indirections)
}

// fromValue converts a value of a planned type.
func (c *converter) fromValue(p *plan, v reflect.Value, scanned bool, indirections int) (wam.Value, error) {
	switch p.cat {
	case catString:
		return textValue(v.String()), nil
	case catInt:
		return wam.IntValue(v.Int()), nil
	case catBool:
		return wam.BoolValue(v.Bool()), nil
	case catUint:
		if n := v.Uint(); n <= math.MaxInt64 {
			return wam.IntValue(int64(n)), nil
		}
		return wam.Value{}, fmt.Errorf("Invalid integer %d: integers are 64 bits with a sign", v.Uint())
	case catFloat:
		return wam.FloatValue(v.Float()), nil
	case catInstance:
		return c.instance(p, v), nil
	case catPointer:
		return c.pointer(p, v, scanned, indirections)
	case catInterface:
		if v.IsNil() {
			return nilValue(), nil
		}
		if indirections >= maxIndirections {
			return wam.Value{}, errIndirections(p.typ)
		}
		return c.fromAny(v.Interface(), scanned, indirections+1)
	}
	if p.err != nil {
		return wam.Value{}, p.err
	}
	if p.needsScan && !scanned || p.isOpen() {
		open, err := scan(c.classes, p, v)
		if err != nil {
			return wam.Value{}, err
		}
		if open {
			c.open = true
			b := builder{converter: c}
			return b.build(p, v, 0)
		}
	}
	if p.cat == catDict {
		return c.dictionary(p, v), nil
	}
	return c.list(p, v), nil
}

func errIndirections(t reflect.Type) error {
	return fmt.Errorf("cannot convert %v: more than %d pointers in a row, or a pointer to itself", t, maxIndirections)
}

// instance makes an instance of a value. Where the value lies in memory that a pointer can reach, the pointer stands for it.
func (c *converter) instance(p *plan, v reflect.Value) wam.Value {
	if p.borrowed != 0 && v.CanAddr() {
		switch p.kind {
		case reflect.Func, reflect.Chan, reflect.UnsafePointer:
			// A copy costs nothing.
		default:
			return wam.InstanceValue(v.Addr().Interface(), p.borrowed)
		}
	}
	return wam.InstanceValue(v.Interface(), p.shape)
}

func (c *converter) pointer(p *plan, v reflect.Value, scanned bool, indirections int) (wam.Value, error) {
	if v.IsNil() {
		return nilValue(), nil
	}
	target := p.elem.get(c.classes)
	if target.cat == catInstance {
		return wam.InstanceValue(v.Interface(), target.shape), nil
	}
	if indirections >= maxIndirections {
		return wam.Value{}, errIndirections(p.typ)
	}
	return c.fromValue(target, v.Elem(), scanned, indirections+1)
}

// textValue makes a string; bytes that are no UTF-8 become U+FFFD each.
func textValue(s string) wam.Value {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	return wam.StringValue(s)
}

// list makes a list of a slice or array.
func (c *converter) list(p *plan, v reflect.Value) wam.Value {
	n := v.Len()
	if n == 0 {
		return wam.Value{Kind: wam.KindList, Ref: emptyList}
	}
	switch {
	case p.kind == reflect.Slice && p.typ.PkgPath() == "":
		if list, ok := c.common(n, v); ok {
			return list
		}
	case p.kind == reflect.Array && !v.CanAddr():
		array := reflect.New(p.typ).Elem()
		array.Set(v)
		v = array
	}
	s := c.mem.list()
	*s = sequence{conv: c, elem: p.elem.get(c.classes), v: v, n: n}
	return wam.SequenceValue(s)
}

// common makes the list of a slice of a common type; ok is false for others.
func (c *converter) common(n int, v reflect.Value) (list wam.Value, ok bool) {
	var x any
	if v.CanAddr() {
		x = v.Addr().Interface() // a pointer to the slice: boxing it allocates nothing
	} else {
		x = v.Interface()
	}
	switch x := x.(type) {
	case *[]int:
		return c.plainList(n, nil, *x, nil), true
	case []int:
		return c.plainList(n, nil, x, nil), true
	case *[]string:
		return c.plainList(n, *x, nil, nil), true
	case []string:
		return c.plainList(n, x, nil, nil), true
	case *[]any:
		return c.plainList(n, nil, nil, *x), true
	case []any:
		return c.plainList(n, nil, nil, x), true
	}
	return wam.Value{}, false
}

// plainList makes a list of n elements from one of the slices.
func (c *converter) plainList(n int, texts []string, ints []int, anys []any) wam.Value {
	switch {
	case n == 0:
		return wam.Value{Kind: wam.KindList, Ref: emptyList}
	case ints != nil:
		s := c.mem.intList()
		s.items = ints
		return wam.SequenceValue(s)
	case texts != nil:
		s := c.mem.stringList()
		s.items = texts
		return wam.SequenceValue(s)
	default:
		s := c.mem.anyList()
		s.conv, s.items = c, anys
		return wam.SequenceValue(s)
	}
}

// dictionary makes a dictionary of a map.
func (c *converter) dictionary(p *plan, v reflect.Value) wam.Value {
	if v.Len() == 0 {
		return wam.Value{Kind: wam.KindDict, Ref: emptyDict}
	}
	m := c.mem.dict()
	*m = mapping{conv: c, elem: p.elem.get(c.classes), v: v, keys: sortedKeys(v)}
	return wam.MappingValue(m)
}

// isOpen reports whether values of a type stand for terms that are no values.
func (p *plan) isOpen() bool { return p.cat >= catVariable }
