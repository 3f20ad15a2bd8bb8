package host

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Bounds of values that are built as a whole because they hold variables.
const (
	maxBuildDepth = 10_000
	maxBuildNodes = 4_000_000
)

var errTooBig = errors.New("cannot convert a value with variables inside: it is too big or nested too deep")

// builder converts values that hold variables or expressions. They are built as a whole, so that the engine finds the variables.
type builder struct {
	*converter
	nodes int
}

func (b *builder) count(depth int) error {
	if b.nodes++; b.nodes > maxBuildNodes || depth > maxBuildDepth {
		return errTooBig
	}
	return nil
}

func (b *builder) any(x any, depth int) (wam.Value, error) {
	if x == nil {
		return nilValue(), nil
	}
	return b.build(b.classes.planOf(reflect.TypeOf(x)), reflect.ValueOf(x), depth)
}

func (b *builder) build(p *plan, v reflect.Value, depth int) (wam.Value, error) {
	if err := b.count(depth); err != nil {
		return wam.Value{}, err
	}
	switch p.cat {
	case catVariable:
		return wam.VarValue(v.String()), nil
	case catExpression:
		e, _ := v.Interface().(types.Expression)
		return b.expression(e, depth)
	case catWire:
		return b.wire(v.Interface(), depth)
	case catPointer:
		if v.IsNil() {
			return nilValue(), nil
		}
		target := p.elem.get(b.classes)
		if target.cat == catInstance {
			return wam.InstanceValue(v.Interface(), target.shape), nil
		}
		return b.build(target, v.Elem(), depth+1)
	case catInterface:
		return b.any(v.Interface(), depth+1)
	case catList:
		list := &wam.List{Items: make([]wam.Value, v.Len())}
		elem := p.elem.get(b.classes)
		for i := range list.Items {
			item, err := b.build(elem, v.Index(i), depth+1)
			if err != nil {
				return wam.Value{}, err
			}
			list.Items[i] = item
		}
		return wam.Value{Kind: wam.KindList, Ref: list}, nil
	case catDict:
		return b.dict(p, v, depth)
	}
	return b.fromValue(p, v, true, 0)
}

func (b *builder) dict(p *plan, v reflect.Value, depth int) (wam.Value, error) {
	if p.err != nil {
		return wam.Value{}, p.err
	}
	elem := p.elem.get(b.classes)
	d := &wam.Dict{}
	for _, key := range sortedKeys(v) {
		item, err := b.build(elem, v.MapIndex(key.value), depth+1)
		if err != nil {
			return wam.Value{}, err
		}
		d.Keys = append(d.Keys, key.text)
		d.Values = append(d.Values, item)
	}
	return wam.Value{Kind: wam.KindDict, Ref: d}, nil
}

func (b *builder) expression(e types.Expression, depth int) (wam.Value, error) {
	op := e.Operator.String()
	if op == "" {
		return wam.Value{}, fmt.Errorf("an expression without an operator")
	}
	args := make([]wam.Value, len(e.Args))
	for i, arg := range e.Args {
		var err error
		if args[i], err = b.any(arg, depth+1); err != nil {
			return wam.Value{}, err
		}
	}
	return wam.ExprValue(op, args...), nil
}
