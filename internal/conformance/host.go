package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// builtin are the classes every host registers.
var builtin = []string{"Boolean", "Integer", "Float", "String", "List", "Dictionary"}

// class is a registered class; as a constant it is its own value.
type class struct {
	name    string
	mro     []string // itself, then its bases depth first
	fields  map[string]string
	methods map[string]wam.Value
	shape   int // of its instances
}

// instance is a host object: a class and the arguments it was made with.
type instance struct {
	class  *class
	fields map[string]wam.Value
}

// null is the host object nil.
type null struct{}

// host is the application behind the cases. It holds data only: an instance has exactly the fields it was made with, a method
// returns a constant, instances are equal when they print alike, and they have no order.
type host struct {
	classes map[string]*class
	reg     *engine.Registry
	nil     wam.Value
}

// refusal is an error of the host itself.
type refusal struct{ message string }

func (e *refusal) Error() string { return e.message }

func refuse(format string, args ...any) error { return &refusal{fmt.Sprintf(format, args...)} }

// failed is a failed look-up or call.
func failed(format string, args ...any) error {
	return &engine.ApplicationError{Message: fmt.Sprintf(format, args...)}
}

func newHost(classes []Class) (*host, error) {
	h := &host{
		classes: map[string]*class{},
		reg:     &engine.Registry{Constants: map[string]wam.Value{}, Shapes: make([]engine.Shape, 1)},
		nil:     wam.InstanceValue(&null{}, 0),
	}
	h.reg.Constants["nil"] = h.nil
	for _, name := range builtin {
		if err := h.declare(Class{Name: name}); err != nil {
			return nil, err
		}
	}
	for _, c := range classes {
		if err := h.declare(c); err != nil {
			return nil, err
		}
	}
	// Methods may return instances of classes declared later.
	for _, c := range classes {
		for name, raw := range c.Methods {
			v, err := h.fromJSON(raw)
			if err != nil {
				return nil, fmt.Errorf("class %s, method %s: %w", c.Name, name, err)
			}
			h.classes[c.Name].methods[name] = v
		}
	}
	return h, nil
}

// declare registers a class and the value its name stands for. An instance of the class ranks its classes by their
// distance; the class itself, as a value, belongs to the same classes but prefers none.
func (h *host) declare(decl Class) error {
	c := &class{name: decl.Name, mro: []string{decl.Name}, fields: map[string]string{}, methods: map[string]wam.Value{}}
	for _, base := range decl.Bases {
		b, ok := h.classes[base]
		if !ok {
			return fmt.Errorf("class %s: base %s is not declared before it", decl.Name, base)
		}
		for _, name := range b.mro {
			if !slices.Contains(c.mro, name) {
				c.mro = append(c.mro, name)
			}
		}
	}
	for name, raw := range decl.Fields {
		if err := c.addField(name, raw); err != nil {
			return err
		}
	}
	distance, none := map[string]int{}, map[string]int{}
	for i, name := range c.mro {
		distance[name], none[name] = i, 0
	}
	c.shape = len(h.reg.Shapes)
	h.reg.Shapes = append(h.reg.Shapes, engine.Shape{Ranks: distance}, engine.Shape{Ranks: none})
	h.reg.Constants[c.name] = wam.InstanceValue(c, c.shape+1)
	entry := engine.Class{Name: c.name, Ancestors: c.mro}
	if _, again := h.classes[c.name]; again {
		*h.reg.Class(c.name) = entry
	} else {
		h.reg.Classes = append(h.reg.Classes, entry)
	}
	h.classes[c.name] = c
	return nil
}

// addField notes the declared class of a field; that of a relation to many is List.
func (c *class) addField(name string, raw json.RawMessage) error {
	if bytes.HasPrefix(raw, []byte(`"`)) {
		var target string
		err := json.Unmarshal(raw, &target)
		c.fields[name] = target
		return err
	}
	var relation struct{ Relation, Other string }
	if err := json.Unmarshal(raw, &relation); err != nil {
		return fmt.Errorf("class %s, field %s: %w", c.name, name, err)
	}
	c.fields[name] = "List"
	if relation.Relation == "one" {
		c.fields[name] = relation.Other
	}
	return nil
}

// fromJSON turns a case's JSON into a value: {"$new": "Class", "fields": {…}} is an instance, {"$float": 2} a float.
func (h *host) fromJSON(raw json.RawMessage) (wam.Value, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var j any
	if err := dec.Decode(&j); err != nil {
		return wam.Value{}, err
	}
	return h.fromAny(j)
}

func (h *host) fromAny(j any) (wam.Value, error) {
	switch j := j.(type) {
	case nil:
		return h.nil, nil
	case bool:
		return wam.BoolValue(j), nil
	case string:
		return wam.StringValue(j), nil
	case json.Number:
		if i, err := j.Int64(); err == nil {
			return wam.IntValue(i), nil
		}
		f, err := j.Float64()
		if err == nil && f == float64(int64(f)) {
			return wam.IntValue(int64(f)), nil // 2.0 in JSON is the integer; {"$float": 2} is the float
		}
		return wam.FloatValue(f), err
	case []any:
		items := make([]wam.Value, len(j))
		for i, x := range j {
			var err error
			if items[i], err = h.fromAny(x); err != nil {
				return wam.Value{}, err
			}
		}
		return wam.ListValue(items...), nil
	case map[string]any:
		return h.fromObject(j)
	}
	return wam.Value{}, fmt.Errorf("no value: %T", j)
}

func (h *host) fromObject(j map[string]any) (wam.Value, error) {
	if f, ok := j["$float"].(json.Number); ok {
		x, err := f.Float64()
		return wam.FloatValue(x), err
	}
	fields := j
	name, isInstance := j["$new"].(string)
	if isInstance {
		fields, _ = j["fields"].(map[string]any)
	}
	d := &wam.Dict{Keys: slices.Sorted(maps.Keys(fields))}
	values := map[string]wam.Value{}
	for _, k := range d.Keys {
		v, err := h.fromAny(fields[k])
		if err != nil {
			return wam.Value{}, err
		}
		d.Values = append(d.Values, v)
		values[k] = v
	}
	if !isInstance {
		return wam.MappingValue(d), nil
	}
	c, ok := h.classes[name]
	if !ok {
		return wam.Value{}, fmt.Errorf("instance of undeclared class %s", name)
	}
	return c.make(values), nil
}

func (c *class) make(fields map[string]wam.Value) wam.Value {
	return wam.InstanceValue(&instance{class: c, fields: fields}, c.shape)
}

// Lookup returns a field the instance was made with.
func (h *host) Lookup(_ context.Context, receiver wam.Value, name string) (wam.Value, error) {
	if x, ok := receiver.Ref.(*instance); ok {
		if v, ok := x.fields[name]; ok {
			return v, nil
		}
	}
	return wam.Value{}, failed("%s has no attribute %s", render(receiver), name)
}

// ReadField reads a field in place: an instance's fields never change.
func (h *host) ReadField(object any, _ int, name string, into *wam.Value) bool {
	x, ok := object.(*instance)
	if !ok {
		return false
	}
	v, ok := x.fields[name]
	if ok {
		*into = v
	}
	return ok
}

// Planner gives no plans: fields are in a map.
func (h *host) Planner() wam.Planner { return nil }

// Sequence is for plans.
func (h *host) Sequence(*wam.Plan, access.Slice) wam.Sequence { return nil }

// Call returns the constant of a method.
func (h *host) Call(_ context.Context, receiver wam.Value, method string, _ []wam.Value, _ []engine.Kwarg) (wam.Value, error) {
	if x, ok := receiver.Ref.(*instance); ok {
		if v, ok := x.class.methods[method]; ok {
			return v, nil
		}
	}
	return wam.Value{}, failed("%s has no method %s", render(receiver), method)
}

// New makes an instance that holds its arguments, the positional ones as _0, _1 and so on.
func (h *host) New(_ context.Context, name string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	c, ok := h.classes[name]
	if !ok {
		return wam.Value{}, refuse("unregistered class %s", name)
	}
	fields := map[string]wam.Value{}
	for i, a := range args {
		fields[fmt.Sprintf("_%d", i)] = a
	}
	for _, k := range kwargs {
		fields[k.Name] = k.Value
	}
	return c.make(fields), nil
}

// Isa is asked about nil only: everything else has a shape.
func (h *host) Isa(_ context.Context, v wam.Value, name string) (bool, error) {
	x, ok := v.Ref.(*instance)
	return ok && slices.Contains(x.class.mro, name), nil
}

// IsSubclass compares registered classes.
func (h *host) IsSubclass(_ context.Context, left, right string) (bool, error) {
	c, ok := h.classes[left]
	return ok && slices.Contains(c.mro, right), nil
}

// IsaWithPath follows declared fields; those of base classes do not count.
func (h *host) IsaWithPath(_ context.Context, base string, path []string, name string) (bool, error) {
	c := h.classes[base]
	for _, field := range path {
		if c == nil {
			return false, nil
		}
		c = h.classes[c.fields[field]]
	}
	return c != nil && slices.Contains(c.mro, name), nil
}

// Compare knows equality only.
func (h *host) Compare(_ context.Context, op string, left, right wam.Value) (bool, error) {
	switch op {
	case "Eq":
		return render(left) == render(right), nil
	case "Neq":
		return render(left) != render(right), nil
	}
	return false, refuse("cannot order %s and %s", render(left), render(right))
}

// Iterate goes through the list in the field items.
func (h *host) Iterate(_ context.Context, v wam.Value) (engine.Iterator, error) {
	if x, ok := v.Ref.(*instance); ok {
		if items, ok := x.fields["items"].Ref.(wam.Sequence); ok && x.fields["items"].Kind == wam.KindList {
			return &iterator{items: items}, nil
		}
	}
	return nil, refuse("%s is not iterable", render(v))
}

type iterator struct {
	items wam.Sequence
	next  int
}

func (it *iterator) Next(context.Context) (wam.Value, bool, error) {
	if it.next >= it.items.Len() {
		return wam.Value{}, false, nil
	}
	it.next++
	v, err := it.items.At(it.next - 1)
	return v, true, err
}

func (it *iterator) Close() {}

// Describe returns the text of an instance, as answers show it.
func (h *host) Describe(v wam.Value) (text, className string) {
	switch x := v.Ref.(type) {
	case *instance:
		className = x.class.name
	case *class:
		className = x.name
	}
	return render(v), className
}
