package host

import (
	"fmt"
	"reflect"
)

// scan walks the lists and dictionaries of a value, not its instances. It returns an error if they contain themselves, and
// reports whether any of them holds a variable or another term that is no value. It uses no recursion, and visits a list
// that occurs several times only once.
func scan(c *classes, p *plan, v reflect.Value) (open bool, err error) {
	if v.Kind() == reflect.Slice && p.elem.typ == anyType && onlyLeaves(v) {
		return false, nil
	}
	s := scanner{classes: c}
	if err := s.enter(p, v); err != nil {
		return false, err
	}
	for len(s.stack) > 0 {
		top := &s.stack[len(s.stack)-1]
		item, ok := top.next()
		if !ok {
			if top.id.ptr != nil {
				s.seen[top.id] = false
			}
			s.stack = s.stack[:len(s.stack)-1]
			continue
		}
		if err := s.enter(top.elem, item); err != nil {
			return false, err
		}
	}
	return s.open, nil
}

// onlyLeaves reports whether a slice of interfaces holds just numbers, strings, booleans and nils, as most do.
func onlyLeaves(v reflect.Value) bool {
	var items []any
	if v.CanAddr() {
		p, ok := v.Addr().Interface().(*[]any)
		if !ok {
			return false
		}
		items = *p
	} else if items, _ = v.Interface().([]any); items == nil {
		return false
	}
	for _, x := range items {
		switch x.(type) {
		case nil, string, int, bool, int64, float64:
		default:
			return false
		}
	}
	return true
}

type scanner struct {
	classes *classes
	stack   []scanFrame
	seen    map[containerID]bool // true while on the stack
	open    bool
}

// containerID tells containers apart: two slices at one address differ in length.
type containerID struct {
	ptr any // the address, as an unsafe.Pointer in an interface
	len int
	typ reflect.Type
}

type scanFrame struct {
	id   containerID
	elem *plan
	list reflect.Value
	i, n int
	iter *reflect.MapIter
}

func (f *scanFrame) next() (reflect.Value, bool) {
	if f.iter != nil {
		if !f.iter.Next() {
			return reflect.Value{}, false
		}
		return f.iter.Value(), true
	}
	if f.i >= f.n || f.i >= f.list.Len() {
		return reflect.Value{}, false
	}
	f.i++
	return f.list.Index(f.i - 1), true
}

// enter looks at one value and puts it on the stack if it has elements that need a look.
func (s *scanner) enter(p *plan, v reflect.Value) error {
	for n := 0; ; n++ {
		if n > 2*maxIndirections {
			return errIndirections(p.typ)
		}
		if p.isOpen() {
			s.open = true
			return nil
		}
		switch p.cat {
		case catPointer:
			if v.IsNil() {
				return nil
			}
			p, v = p.elem.get(s.classes), v.Elem()
			continue
		case catInterface:
			if v.IsNil() {
				return nil
			}
			v = v.Elem()
			if !mayHoldMore(v.Kind()) && v.Type() != variableType {
				return nil
			}
			p = s.classes.planOf(v.Type())
			continue
		case catList, catDict:
			if p.err != nil {
				return p.err
			}
			if p.needsScan && v.Len() > 0 {
				return s.push(p, v)
			}
		}
		return nil
	}
}

// mayHoldMore reports whether values of a kind can be containers, pointers to them, or terms.
func mayHoldMore(k reflect.Kind) bool {
	switch k {
	case reflect.Slice, reflect.Array, reflect.Map, reflect.Pointer, reflect.Struct, reflect.Interface:
		return true
	}
	return false
}

func (s *scanner) push(p *plan, v reflect.Value) error {
	f := scanFrame{elem: p.elem.get(s.classes)}
	switch p.kind {
	case reflect.Map:
		f.iter = v.MapRange()
	default:
		f.list, f.n = v, v.Len()
	}
	if p.kind != reflect.Array {
		f.id = containerID{ptr: v.UnsafePointer(), len: v.Len(), typ: p.typ}
		onStack, seen := s.seen[f.id]
		if onStack {
			return fmt.Errorf("cannot convert a cyclic %v: it contains itself", p.typ)
		}
		if seen {
			return nil
		}
		if s.seen == nil {
			s.seen = map[containerID]bool{}
		}
		s.seen[f.id] = true
	}
	s.stack = append(s.stack, f)
	return nil
}
