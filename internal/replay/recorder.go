package replay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// Bounds of a recording: an object may answer with ever longer lists, and lists may contain each other.
const (
	maxDepth  = 1000
	maxValues = 1 << 20
)

var errTooBig = fmt.Errorf("a query that holds lists nested deeper than %d, or more than %d values, cannot be recorded", maxDepth, maxValues)

// Recorder is a host that has another one answer and notes what was asked. It is for one query.
type Recorder struct {
	host   engine.Host
	reg    *engine.Registry
	rec    Recording
	ids    map[any]int
	shapes map[int]int
	values int
}

// NewRecorder returns a Recorder of a query of a rule, before a host that answers at once. Reg is what the query sees of the
// registrations, and sources are its policy. Before the query starts come its arguments, then Begin.
func NewRecorder(host engine.Host, reg *engine.Registry, sources []*diag.Source, roles bool, rule string) *Recorder {
	r := &Recorder{host: host, reg: reg, ids: map[any]int{}, shapes: map[int]int{}}
	r.rec = Recording{Roles: roles, Rule: rule, Shapes: []map[string]int{}, Constants: map[string]Value{}, Args: []Value{}, Questions: []Question{}}
	for _, s := range sources {
		r.rec.Policy = append(r.rec.Policy, Source{s.Name, s.Text})
	}
	for _, c := range reg.Classes {
		r.rec.Classes = append(r.rec.Classes, Class{c.Name, c.Ancestors})
	}
	return r
}

// Begin notes the constants.
func (r *Recorder) Begin() error {
	for _, name := range slices.Sorted(maps.Keys(r.reg.Constants)) {
		x, err := r.value(r.reg.Constants[name], 0)
		if err != nil {
			return err
		}
		r.rec.Constants[name] = x
	}
	return nil
}

// textOf returns the text of an error. It may be one of the application whose method panics, which fmt turns into a text.
func textOf(err error) string { return fmt.Sprint(err) }

// Arg notes an argument of the rule.
func (r *Recorder) Arg(v wam.Value) error {
	x, err := r.value(v, 0)
	r.rec.Args = append(r.rec.Args, x)
	return err
}

// End notes the outcome and returns the recording.
func (r *Recorder) End(found bool, err error) *Recording {
	r.rec.Found = found && err == nil
	if err != nil {
		r.rec.Error = textOf(err)
	}
	return &r.rec
}

// value notes a value.
func (r *Recorder) value(v wam.Value, depth int) (x Value, err error) {
	if r.values++; r.values > maxValues || depth > maxDepth {
		return Value{}, errTooBig
	}
	switch v.Kind {
	case wam.KindBool:
		x.Bool = new(v.Bool())
	case wam.KindInt:
		x.Int = new(v.Int())
	case wam.KindFloat:
		x.Float = new(strconv.FormatFloat(v.Float(), 'g', -1, 64))
	case wam.KindString:
		x.Str = new(v.Str)
	case wam.KindVar:
		x.Var = new(v.Str)
	case wam.KindInstance:
		x.Object = r.object(v)
	case wam.KindList:
		return r.list(v, depth)
	case wam.KindDict:
		return r.dict(v, depth)
	default:
		x.Other = "expression"
	}
	return x, nil
}

func (r *Recorder) list(v wam.Value, depth int) (x Value, err error) {
	seq, ok := v.Ref.(wam.Sequence)
	if !ok {
		seq = &wam.List{}
	}
	if l, ok := seq.(*wam.List); ok && l.Rest.Kind == wam.KindVar {
		x.Rest = l.Rest.Str
	}
	items := make([]Value, min(seq.Len(), maxValues))
	for i := range items {
		if items[i], err = r.element(seq.At, i, depth); err != nil {
			return Value{}, err
		}
	}
	x.List = &items
	return x, nil
}

func (r *Recorder) dict(v wam.Value, depth int) (x Value, err error) {
	m, ok := v.Ref.(wam.Mapping)
	if !ok {
		m = &wam.Dict{}
	}
	entries := make(map[string]Value, min(m.Len(), maxValues))
	for i := range m.Len() {
		if entries[m.Key(i)], err = r.element(m.At, i, depth); err != nil {
			return Value{}, err
		}
	}
	x.Dict = &entries
	return x, nil
}

// element notes a part; one that cannot be converted is noted as such, since the query may never look at it.
func (r *Recorder) element(at func(int) (wam.Value, error), i, depth int) (Value, error) {
	v, err := at(i)
	if err != nil {
		return Value{Error: new(textOf(err))}, nil
	}
	return r.value(v, depth+1)
}

// object notes an object by the number of its identity.
func (r *Recorder) object(v wam.Value) *Object {
	o := &Object{Shape: r.shape(v.Shape())}
	switch ref := v.Ref.(type) {
	case nil:
		return o
	case *played: // a replay that is recorded
		o.ID, o.Type = ref.id, ref.typ
		return o
	}
	o.Type, o.ID = reflect.TypeOf(v.Ref).String(), -1
	if rv := reflect.ValueOf(v.Ref); rv.Kind() == reflect.Pointer || rv.Comparable() {
		id, known := r.ids[v.Ref]
		if !known {
			id = len(r.ids) + 1
			r.ids[v.Ref] = id
		}
		o.ID = id
	}
	return o
}

func (r *Recorder) shape(shape int) int {
	if shape <= 0 || shape >= len(r.reg.Shapes) {
		return 0
	}
	n, known := r.shapes[shape]
	if !known {
		ranks := r.reg.Shapes[shape].Ranks
		if ranks == nil {
			ranks = map[string]int{}
		}
		r.rec.Shapes = append(r.rec.Shapes, ranks)
		n = len(r.rec.Shapes)
		r.shapes[shape] = n
	}
	return n
}

// question makes a question of its parts. The receiver's kind is KindNone if there is none.
func (r *Recorder) question(ask string, receiver wam.Value, name string, args []wam.Value, kwargs []engine.Kwarg) (Question, error) {
	q := Question{Ask: ask, Name: name}
	if receiver.Kind != wam.KindNone {
		x, err := r.value(receiver, 0)
		if err != nil {
			return q, err
		}
		q.Receiver = &x
	}
	for _, v := range args {
		x, err := r.value(v, 0)
		if err != nil {
			return q, err
		}
		q.Args = append(q.Args, x)
	}
	for _, k := range kwargs {
		x, err := r.value(k.Value, 0)
		if err != nil {
			return q, err
		}
		if q.Kwargs == nil {
			q.Kwargs = map[string]Value{}
		}
		q.Kwargs[k.Name] = x
	}
	return q, nil
}

// answered notes a question with its answer. The error is that of the host, or one of recording.
func (r *Recorder) answered(q Question, v wam.Value, err error) error {
	if err != nil {
		q.Error = new(textOf(err))
		_, q.Missing = errors.AsType[*engine.ApplicationError](err)
	} else if v.Kind != wam.KindNone {
		x, err := r.value(v, 0)
		if err != nil {
			return err
		}
		q.Answer = &x
	}
	r.rec.Questions = append(r.rec.Questions, q)
	return err
}

// Lookup notes an attribute; the following methods note what they are named after.
func (r *Recorder) Lookup(ctx context.Context, receiver wam.Value, name string) (wam.Value, error) {
	q, err := r.question(askAttribute, receiver, name, nil, nil)
	if err != nil {
		return wam.Value{}, err
	}
	v, err := r.host.Lookup(ctx, receiver, name)
	return v, r.answered(q, v, err)
}

func (r *Recorder) Call(ctx context.Context, receiver wam.Value, method string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	q, err := r.question(askMethod, receiver, method, args, kwargs)
	if err != nil {
		return wam.Value{}, err
	}
	v, err := r.host.Call(ctx, receiver, method, args, kwargs)
	return v, r.answered(q, v, err)
}

func (r *Recorder) New(ctx context.Context, class string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	q, err := r.question(askNew, wam.Value{}, class, args, kwargs)
	if err != nil {
		return wam.Value{}, err
	}
	v, err := r.host.New(ctx, class, args, kwargs)
	return v, r.answered(q, v, err)
}

func (r *Recorder) Isa(ctx context.Context, v wam.Value, class string) (bool, error) {
	q, err := r.question(askIsa, v, class, nil, nil)
	if err != nil {
		return false, err
	}
	q.Yes, err = r.host.Isa(ctx, v, class)
	return q.Yes, r.answered(q, wam.Value{}, err)
}

func (r *Recorder) IsSubclass(ctx context.Context, left, right string) (bool, error) {
	return r.host.IsSubclass(ctx, left, right)
}

func (r *Recorder) IsaWithPath(ctx context.Context, base string, path []string, class string) (bool, error) {
	yes, err := r.host.IsaWithPath(ctx, base, path, class)
	return yes, r.answered(Question{Ask: askPath, Name: base, Path: path, Class: class, Yes: yes}, wam.Value{}, err)
}

func (r *Recorder) Compare(ctx context.Context, op string, left, right wam.Value) (bool, error) {
	q, err := r.question(askCompare, left, op, []wam.Value{right}, nil)
	if err != nil {
		return false, err
	}
	q.Yes, err = r.host.Compare(ctx, op, left, right)
	return q.Yes, r.answered(q, wam.Value{}, err)
}

func (r *Recorder) Iterate(ctx context.Context, v wam.Value) (engine.Iterator, error) {
	q, err := r.question(askElements, v, "", nil, nil)
	if err != nil {
		return nil, err
	}
	it, err := r.host.Iterate(ctx, v)
	if err := r.answered(q, wam.Value{}, err); err != nil {
		return nil, err
	}
	return &recordedIterator{it, r, len(r.rec.Questions)}, nil
}

func (r *Recorder) Describe(v wam.Value) (text, class string) { return r.host.Describe(v) }

// recordedIterator notes the elements of an iteration.
type recordedIterator struct {
	engine.Iterator
	recorder *Recorder
	n        int
}

func (it *recordedIterator) Next(ctx context.Context) (wam.Value, bool, error) {
	v, more, err := it.Iterator.Next(ctx)
	if !more {
		v = wam.Value{}
	}
	err = it.recorder.answered(Question{Ask: askNext, N: it.n}, v, err)
	return v, more && err == nil, err
}
