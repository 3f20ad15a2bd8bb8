package replay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// ErrDiverged is what a replay ends with that asks something else than the recorded query did: the recording is not whole, or this
// is another version of the library.
var ErrDiverged = errors.New("the replay differs from the recorded query")

// Run runs a recorded query again. It returns whether there was a result, or the error that ended the query, or ErrDiverged, or what
// is wrong with the recording.
func (r *Recording) Run(ctx context.Context) (found bool, err error) {
	p := &player{rec: r, objects: map[int]*played{}}
	reg, err := p.registry()
	if err != nil {
		return false, err
	}
	e := engine.New(reg)
	if r.Roles {
		if err := e.EnableRoles(nil); err != nil {
			return false, err
		}
	}
	sources := make([]*diag.Source, len(r.Policy))
	for i, s := range r.Policy {
		sources[i] = diag.NewSource(s.Name, s.Text)
	}
	if _, err := e.Load(sources, engine.LoadOptions{NoAllowWarning: true}); err != nil {
		return false, fmt.Errorf("the recorded policy: %w", err)
	}
	q := e.Rule(r.Rule)
	defer q.Close()
	for i := range r.Args {
		v, err := p.value(&r.Args[i])
		if err == nil {
			err = q.Arg(v)
		}
		if err != nil {
			return false, fmt.Errorf("argument %d: %w", i+1, err)
		}
	}
	q.Start(ctx, p, engine.Options{})
	found, err = q.Next()
	switch {
	case err != nil:
		return false, err
	case p.next < len(r.Questions):
		return false, fmt.Errorf("%w: it did not ask question %d, %s", ErrDiverged, p.next+1, &r.Questions[p.next])
	case found && q.Constrained():
		return p.certain(q)
	}
	return found, nil
}

var errUncertain = errors.New("a variable of the result has no value, it is only constrained")

// certain reports a result as one if no variable of it is only constrained.
func (p *player) certain(q *engine.Query) (bool, error) {
	bindings, err := q.Bindings()
	if err != nil {
		return false, err
	}
	for _, b := range bindings {
		if b.Value.Kind == wam.KindExpr {
			return false, errUncertain
		}
	}
	return true, nil
}

// player is a host that answers from a recording. It is for one query.
type player struct {
	rec     *Recording
	next    int
	objects map[int]*played
}

// played stands for an object of the application.
type played struct {
	id  int
	typ string
}

func (p *player) registry() (*engine.Registry, error) {
	reg := &engine.Registry{Constants: map[string]wam.Value{}, Shapes: make([]engine.Shape, 1, len(p.rec.Shapes)+1)}
	known := map[string]bool{}
	for _, c := range p.rec.Classes {
		if known[c.Name] || c.Name == "" || c.Name == "Actor" || c.Name == "Resource" || !slices.Contains(c.Ancestors, c.Name) {
			return nil, fmt.Errorf("the recording has a class %q that cannot be", c.Name)
		}
		known[c.Name] = true
		reg.Classes = append(reg.Classes, engine.Class{Name: c.Name, Ancestors: c.Ancestors})
	}
	unknown := func(name string) bool { return !known[name] }
	for _, c := range p.rec.Classes {
		if slices.ContainsFunc(c.Ancestors, unknown) {
			return nil, fmt.Errorf("the recorded class %s derives from one that is not recorded", c.Name)
		}
	}
	for i, ranks := range p.rec.Shapes {
		for name := range ranks {
			if unknown(name) {
				return nil, fmt.Errorf("shape %d of the recording names class %q, which is not recorded", i+1, name)
			}
		}
		reg.Shapes = append(reg.Shapes, engine.Shape{Ranks: ranks})
	}
	for name, x := range p.rec.Constants {
		v, err := p.value(&x)
		if err != nil {
			return nil, fmt.Errorf("constant %s: %w", name, err)
		}
		reg.Constants[name] = v
	}
	return reg, nil
}

// value makes a value of a recorded one.
func (p *player) value(x *Value) (wam.Value, error) {
	switch {
	case x.Bool != nil:
		return wam.BoolValue(*x.Bool), nil
	case x.Int != nil:
		return wam.IntValue(*x.Int), nil
	case x.Float != nil:
		f, err := strconv.ParseFloat(*x.Float, 64)
		return wam.FloatValue(f), err
	case x.Str != nil:
		return wam.StringValue(string([]rune(*x.Str))), nil
	case x.List != nil && x.Rest == "":
		return wam.SequenceValue(list{p, *x.List}), nil
	case x.Dict != nil:
		return wam.MappingValue(dict{p, slices.Sorted(maps.Keys(*x.Dict)), *x.Dict}), nil
	case x.Object != nil:
		return p.object(x.Object)
	case x.Var != nil:
		return wam.VarValue(*x.Var), nil
	case x.Error != nil:
		return wam.Value{}, errors.New(*x.Error)
	}
	return wam.Value{}, errors.New("a value of the recording is none that can be given to a query")
}

func (p *player) object(o *Object) (wam.Value, error) {
	if o.Shape < 0 || o.Shape > len(p.rec.Shapes) {
		return wam.Value{}, fmt.Errorf("an object of the recording has shape %d of %d", o.Shape, len(p.rec.Shapes))
	}
	switch {
	case o.ID == 0:
		return wam.InstanceValue(nil, o.Shape), nil
	case o.ID < 0:
		return wam.InstanceValue(&played{o.ID, o.Type}, o.Shape), nil
	case p.objects[o.ID] == nil:
		p.objects[o.ID] = &played{o.ID, o.Type}
	}
	return wam.InstanceValue(p.objects[o.ID], o.Shape), nil
}

// list is a recorded list.
type list struct {
	player *player
	items  []Value
}

func (l list) Len() int { return len(l.items) }

func (l list) At(i int) (wam.Value, error) { return l.player.value(&l.items[i]) }

// dict is a recorded dictionary.
type dict struct {
	player *player
	keys   []string
	items  map[string]Value
}

func (d dict) Len() int { return len(d.keys) }

func (d dict) Key(i int) string { return d.keys[i] }

func (d dict) At(i int) (wam.Value, error) {
	x := d.items[d.keys[i]]
	return d.player.value(&x)
}

// ask finds the next question to be the one asked, and returns its answer.
func (p *player) ask(asked Question) (*Question, error) {
	if p.next >= len(p.rec.Questions) {
		return nil, fmt.Errorf("%w: after its end it asked %s", ErrDiverged, asked.Ask)
	}
	q := &p.rec.Questions[p.next]
	p.next++
	if !same(q, &asked) {
		return nil, fmt.Errorf("%w: it asked for %s instead of question %d, %s", ErrDiverged, &asked, p.next, q)
	}
	switch {
	case q.Error == nil:
		return q, nil
	case q.Missing:
		return nil, &engine.ApplicationError{Message: *q.Error, Cause: errors.New(*q.Error)}
	}
	return nil, errors.New(*q.Error)
}

// put asks a question made of its parts.
func (p *player) put(ask string, receiver wam.Value, name string, args []wam.Value, kwargs []engine.Kwarg) (*Question, error) {
	// A recorder without a host writes the question down as the recorded one is.
	w := Recorder{reg: &engine.Registry{}}
	q, err := w.question(ask, receiver, name, args, kwargs)
	if err != nil {
		return nil, err
	}
	return p.ask(q)
}

func (p *player) answer(q *Question, err error) (wam.Value, error) {
	if err != nil || q.Answer == nil {
		return wam.Value{}, err
	}
	return p.value(q.Answer)
}

// Lookup answers with the recorded attribute, the other methods with what was recorded for them.
func (p *player) Lookup(_ context.Context, receiver wam.Value, name string) (wam.Value, error) {
	return p.answer(p.put(askAttribute, receiver, name, nil, nil))
}

func (p *player) Call(_ context.Context, receiver wam.Value, method string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	return p.answer(p.put(askMethod, receiver, method, args, kwargs))
}

func (p *player) New(_ context.Context, class string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	return p.answer(p.put(askNew, wam.Value{}, class, args, kwargs))
}

func yes(q *Question, err error) (bool, error) { return err == nil && q.Yes, err }

func (p *player) Isa(_ context.Context, v wam.Value, class string) (bool, error) {
	return yes(p.put(askIsa, v, class, nil, nil))
}

func (p *player) IsSubclass(_ context.Context, left, right string) (bool, error) {
	for _, c := range p.rec.Classes {
		if c.Name == left {
			return slices.Contains(c.Ancestors, right), nil
		}
	}
	return false, nil
}

func (p *player) IsaWithPath(_ context.Context, base string, path []string, class string) (bool, error) {
	return yes(p.ask(Question{Ask: askPath, Name: base, Path: path, Class: class}))
}

func (p *player) Compare(_ context.Context, op string, left, right wam.Value) (bool, error) {
	return yes(p.put(askCompare, left, op, []wam.Value{right}, nil))
}

func (p *player) Iterate(_ context.Context, v wam.Value) (engine.Iterator, error) {
	if _, err := p.put(askElements, v, "", nil, nil); err != nil {
		return nil, err
	}
	return &playedIterator{p, p.next}, nil
}

func (p *player) Describe(v wam.Value) (text, class string) {
	if o, ok := v.Ref.(*played); ok {
		return (&Object{ID: o.id, Type: o.typ}).text(), o.typ
	}
	return "nil", "nil"
}

// playedIterator gives the recorded elements.
type playedIterator struct {
	player *player
	n      int
}

func (it *playedIterator) Next(context.Context) (wam.Value, bool, error) {
	q, err := it.player.ask(Question{Ask: askNext, N: it.n})
	if err != nil || q.Answer == nil {
		return wam.Value{}, false, err
	}
	v, err := it.player.value(q.Answer)
	return v, err == nil, err
}

func (it *playedIterator) Close() {}
