package host

import (
	"fmt"
	"math"
	"reflect"
	"unicode/utf8"

	"github.com/goso-project/goso/internal/access"
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
	argument  bool       // what is converted is an argument of the query: only those may be open, an answer would equal anything
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
		return wam.Value{}, fmt.Errorf("cannot convert %v: Invalid integer %d, the largest is %d", p.typ, v.Uint(), int64(math.MaxInt64))
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
			if c.mem != nil && !c.argument {
				return wam.Value{}, fmt.Errorf("an answer must be a value without variables, expressions and other terms in it, this one is a %v", p.typ)
			}
			c.open = c.mem != nil // constants are shared, and built as a whole
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

// fromPlace converts a value of a planned type that lies somewhere in memory. It does what fromValue does, faster for what is
// common.
func (c *converter) fromPlace(p *plan, at access.Place, scanned bool) (wam.Value, error) {
	switch p.cat {
	case catString:
		return textValue(at.String()), nil
	case catInt:
		return wam.IntValue(at.Int(p.kind)), nil
	case catBool:
		return wam.BoolValue(at.Bool()), nil
	case catFloat:
		return wam.FloatValue(at.Float(p.kind)), nil
	case catUint:
		if n := at.Uint(p.kind); n <= math.MaxInt64 {
			return wam.IntValue(int64(n)), nil
		}
	case catPointer:
		if target := p.elem.get(c.classes); target.cat == catInstance {
			x, ok := target.access.Load(at)
			if !ok {
				return nilValue(), nil
			}
			return wam.InstanceValue(x, target.shape), nil
		}
	case catInstance:
		if p.standsIn() {
			return wam.InstanceValue(p.access.Pointer(at), p.borrowed), nil
		}
	case catInterface:
		if p.typ == anyType {
			return c.fromAny(at.Any(), scanned, 0)
		}
	case catList:
		if p.kind == reflect.Slice && p.err == nil && (scanned || !p.needsScan) {
			return c.sequence(p, at.Slice(p.items)), nil
		}
	}
	return c.fromValue(p, at.Value(p.typ), scanned, 0)
}

// instance makes an instance of a value. Where the value lies in memory that a pointer can reach, the pointer stands for it.
func (c *converter) instance(p *plan, v reflect.Value) wam.Value {
	if p.standsIn() && v.CanAddr() {
		return wam.InstanceValue(v.Addr().Interface(), p.borrowed)
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
	if p.kind == reflect.Array && !v.CanAddr() {
		array := reflect.New(p.typ).Elem()
		array.Set(v)
		v = array
	}
	return c.sequence(p, access.SliceOf(v))
}

func (c *converter) sequence(p *plan, items access.Slice) wam.Value {
	if items.Len() == 0 {
		return wam.Value{Kind: wam.KindList, Ref: emptyList}
	}
	s := c.mem.list()
	s.conv, s.elem, s.items = c, p.elem.get(c.classes), items
	return wam.SequenceValue(s)
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
