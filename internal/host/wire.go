package host

import (
	"fmt"
	"slices"
	"sync"

	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// instances numbers the objects of terms in their wire form. An object stays until the registry goes: terms may outlive
// any query. It is safe for concurrent use.
type instances struct {
	mu   sync.Mutex
	list []wam.Value
}

// add numbers an instance, from 1.
func (t *instances) add(v wam.Value) uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list = append(t.list, v)
	return uint64(len(t.list))
}

func (t *instances) get(id uint64) (wam.Value, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if id == 0 || id > uint64(len(t.list)) {
		return wam.Value{}, errors.NewUnregisteredInstanceError(id)
	}
	return t.list[id-1], nil
}

// wire converts a term in its wire form.
func (b *builder) wire(x any, depth int) (wam.Value, error) {
	if err := b.count(depth); err != nil {
		return wam.Value{}, err
	}
	switch x := x.(type) {
	case types.Term:
		return b.wire(x.Value, depth+1)
	case types.Value:
		return b.wire(x.ValueVariant, depth+1)
	case types.ValueNumber:
		switch n := x.NumericVariant.(type) {
		case types.NumericInteger:
			return wam.IntValue(int64(n)), nil
		case types.NumericFloat:
			return wam.FloatValue(float64(n)), nil
		}
		return wam.Value{}, fmt.Errorf("a number without a value")
	case types.ValueString:
		return textValue(string(x)), nil
	case types.ValueBoolean:
		return wam.BoolValue(bool(x)), nil
	case types.ValueVariable:
		return wam.VarValue(string(x)), nil
	case types.ValueExternalInstance:
		return b.instances.get(x.InstanceId)
	case types.ValueList:
		return b.wireList(x, depth)
	case types.ValueDictionary:
		d, err := b.wireDict(x.Fields, depth)
		return wam.Value{Kind: wam.KindDict, Ref: d}, err
	case types.ValueExpression:
		args := make([]wam.Value, len(x.Args))
		for i, arg := range x.Args {
			var err error
			if args[i], err = b.wire(arg, depth+1); err != nil {
				return wam.Value{}, err
			}
		}
		return wam.ExprValue(x.Operator.String(), args...), nil
	case types.ValuePattern:
		return b.wirePattern(x, depth)
	}
	return wam.Value{}, fmt.Errorf("a term of type %T cannot be given to a query", x)
}

func (b *builder) wireList(terms types.ValueList, depth int) (wam.Value, error) {
	list := &wam.List{}
	for i, t := range terms {
		if rest, ok := t.Value.ValueVariant.(types.ValueRestVariable); ok && i == len(terms)-1 {
			list.Rest = wam.VarValue(string(rest))
			break
		}
		item, err := b.wire(t, depth+1)
		if err != nil {
			return wam.Value{}, err
		}
		list.Items = append(list.Items, item)
	}
	return wam.Value{Kind: wam.KindList, Ref: list}, nil
}

func (b *builder) wireDict(fields map[types.Symbol]types.Term, depth int) (*wam.Dict, error) {
	d := &wam.Dict{}
	for key := range fields {
		d.Keys = append(d.Keys, string(key))
	}
	slices.Sort(d.Keys)
	for _, key := range d.Keys {
		v, err := b.wire(fields[types.Symbol(key)], depth+1)
		if err != nil {
			return nil, err
		}
		d.Values = append(d.Values, v)
	}
	return d, nil
}

func (b *builder) wirePattern(x types.ValuePattern, depth int) (wam.Value, error) {
	var tag string
	var fields map[types.Symbol]types.Term
	switch p := x.PatternVariant.(type) {
	case types.PatternInstance:
		tag, fields = string(p.Tag), p.Fields.Fields
	case types.PatternDictionary:
		fields = p.Fields
	default:
		return wam.Value{}, fmt.Errorf("a pattern without a value")
	}
	d, err := b.wireDict(fields, depth)
	if err != nil {
		return wam.Value{}, err
	}
	return wam.Value{Kind: wam.KindPattern, Ref: &wam.Pattern{Tag: tag, Fields: *d}}, nil
}

// term converts a value to its wire form. Instances are numbered and described.
func (b *builder) term(v wam.Value, depth int) (types.Term, error) {
	if err := b.count(depth); err != nil {
		return types.Term{}, err
	}
	var out types.ValueVariant
	switch v.Kind {
	case wam.KindBool:
		out = types.ValueBoolean(v.Bool())
	case wam.KindInt:
		out = types.ValueNumber{NumericVariant: types.NumericInteger(v.Int())}
	case wam.KindFloat:
		out = types.ValueNumber{NumericVariant: types.NumericFloat(v.Float())}
	case wam.KindString:
		out = types.ValueString(v.Str)
	case wam.KindVar:
		out = types.ValueVariable(v.Str)
	case wam.KindInstance:
		text, class := Describe(v)
		out = types.ValueExternalInstance{InstanceId: b.instances.add(v), Repr: &text, ClassRepr: &class}
	case wam.KindList:
		seq, rest := sequenceOf(v)
		terms, err := b.terms(seq, depth)
		if err != nil {
			return types.Term{}, err
		}
		if rest.Kind == wam.KindVar {
			terms = append(terms, types.Term{Value: types.Value{ValueVariant: types.ValueRestVariable(rest.Str)}})
		}
		out = types.ValueList(terms)
	case wam.KindDict:
		m, _ := v.Ref.(wam.Mapping)
		fields, err := b.termFields(m, depth)
		if err != nil {
			return types.Term{}, err
		}
		out = types.ValueDictionary{Fields: fields}
	case wam.KindExpr:
		e, _ := v.Ref.(*wam.Expr)
		args, err := b.terms(&wam.List{Items: e.Args}, depth)
		if err != nil {
			return types.Term{}, err
		}
		op, _ := types.OperatorNamed(e.Op)
		out = types.ValueExpression{Operator: op, Args: args}
	case wam.KindPattern:
		p, _ := v.Ref.(*wam.Pattern)
		fields, err := b.termFields(&p.Fields, depth)
		if err != nil {
			return types.Term{}, err
		}
		out = patternTerm(p.Tag, fields)
	default:
		return types.Term{}, fmt.Errorf("no value")
	}
	return types.Term{Value: types.Value{ValueVariant: out}}, nil
}

func patternTerm(tag string, fields map[types.Symbol]types.Term) types.ValuePattern {
	if tag == "" {
		return types.ValuePattern{PatternVariant: types.PatternDictionary{Fields: fields}}
	}
	return types.ValuePattern{PatternVariant: types.PatternInstance{
		Tag:    types.Symbol(tag),
		Fields: types.Dictionary{Fields: fields},
	}}
}

func (b *builder) terms(seq wam.Sequence, depth int) ([]types.Term, error) {
	terms := make([]types.Term, seq.Len())
	for i := range terms {
		item, err := seq.At(i)
		if err != nil {
			return nil, err
		}
		if terms[i], err = b.term(item, depth+1); err != nil {
			return nil, err
		}
	}
	return terms, nil
}

func (b *builder) termFields(m wam.Mapping, depth int) (map[types.Symbol]types.Term, error) {
	fields := make(map[types.Symbol]types.Term, m.Len())
	for i := range m.Len() {
		item, err := m.At(i)
		if err != nil {
			return nil, err
		}
		if fields[types.Symbol(m.Key(i))], err = b.term(item, depth+1); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// sequenceOf returns the elements of a list and its unbound rest, if it has one.
func sequenceOf(v wam.Value) (seq wam.Sequence, rest wam.Value) {
	switch l := v.Ref.(type) {
	case *wam.List:
		return l, l.Rest
	case wam.Sequence:
		return l, wam.Value{}
	}
	return emptyList, wam.Value{}
}

// mappingOf returns the entries of a dictionary.
func mappingOf(v wam.Value) wam.Mapping {
	if m, ok := v.Ref.(wam.Mapping); ok {
		return m
	}
	return emptyDict
}
