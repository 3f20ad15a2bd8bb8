package standin

import (
	"context"
	"fmt"
	"slices"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/show"
	"github.com/goso-project/goso/internal/wam"
)

// The objects of a Host.
type (
	// Instance is an instance of a stand-in class.
	Instance struct {
		Class  string
		Fields *wam.Dict
	}
	// ClassValue is a class used as a value.
	ClassValue struct{ Name string }
	// Nil is the constant nil.
	Nil struct{}
)

// Host is an engine.Host over stand-in classes. It is immutable and safe for concurrent use.
type Host struct {
	reg    *engine.Registry
	shapes map[string]int // of the instances of each class
}

var _ engine.Host = (*Host)(nil)

// New returns a host with the given classes. It fails if a class is declared twice or derives from itself.
func New(classes []Class) (*Host, error) {
	reg, shapes, err := registry(classes)
	if err != nil {
		return nil, err
	}
	return &Host{reg, shapes}, nil
}

// Registry returns the classes and constants for an engine.
func (h *Host) Registry() *engine.Registry { return h.reg }

// Instance returns an instance of a class with the given fields, and whether there is such a class.
func (h *Host) Instance(class string, fields *wam.Dict) (wam.Value, bool) {
	shape, ok := h.shapes[class]
	if !ok || slices.Contains(builtins, class) {
		return wam.Value{}, false
	}
	return wam.InstanceValue(&Instance{class, fields}, shape), true
}

// Printer returns a printer that knows the host's objects.
func (h *Host) Printer() show.Printer { return show.Printer{Describe: h.Describe} }

// Lookup answers a field of an instance.
func (h *Host) Lookup(_ context.Context, receiver wam.Value, name string) (wam.Value, error) {
	if obj, ok := receiver.Ref.(*Instance); ok && receiver.Kind == wam.KindInstance {
		if i, found := slices.BinarySearch(obj.Fields.Keys, name); found {
			return obj.Fields.Values[i], nil
		}
	}
	return wam.Value{}, missing{h, receiver, "field", name}.error()
}

// Call refuses: stand-ins have no methods.
func (h *Host) Call(_ context.Context, receiver wam.Value, method string, _ []wam.Value, _ []engine.Kwarg) (wam.Value, error) {
	return wam.Value{}, missing{h, receiver, "method", method}.error()
}

// missing tells which field or method an object lacks.
type missing struct {
	host     *Host
	receiver wam.Value
	sort     string
	name     string
}

func (m missing) error() *engine.ApplicationError {
	return &engine.ApplicationError{Message: fmt.Sprintf("%s has no %s %q", m.host.Printer().Value(m.receiver), m.sort, m.name)}
}

// New makes an instance.
func (h *Host) New(_ context.Context, class string, args []wam.Value, kwargs []engine.Kwarg) (wam.Value, error) {
	var keys []string
	values := map[string]wam.Value{}
	for i, arg := range args {
		key := fmt.Sprintf("_%d", i)
		keys = append(keys, key)
		values[key] = arg
	}
	for _, kw := range kwargs {
		if _, twice := values[kw.Name]; !twice {
			keys = append(keys, kw.Name)
		}
		values[kw.Name] = kw.Value
	}
	slices.Sort(keys)
	fields := &wam.Dict{Keys: keys}
	for _, key := range keys {
		fields.Values = append(fields.Values, values[key])
	}
	v, ok := h.Instance(class, fields)
	if !ok {
		if slices.Contains(builtins, class) {
			return wam.Value{}, fmt.Errorf("the built-in class %s has no constructor", class)
		}
		return wam.Value{}, fmt.Errorf("no class %s is registered; declare a stand-in with --class %s", class, class)
	}
	return v, nil
}

// Isa answers for objects without a class: only nil has none.
func (h *Host) Isa(context.Context, wam.Value, string) (bool, error) { return false, nil }

// IsSubclass answers whether left is right or derives from it.
func (h *Host) IsSubclass(_ context.Context, left, right string) (bool, error) {
	c := h.reg.Class(left)
	return c != nil && slices.Contains(c.Ancestors, right), nil
}

// IsaWithPath answers whether a field may be of a class. The fields of stand-ins have no declared types, so nothing speaks
// against it.
func (h *Host) IsaWithPath(ctx context.Context, base string, path []string, class string) (bool, error) {
	if len(path) > 0 {
		return h.reg.Class(class) != nil, nil
	}
	return h.IsSubclass(ctx, base, class)
}

// Compare answers equality by class and fields.
func (h *Host) Compare(_ context.Context, op string, left, right wam.Value) (bool, error) {
	switch op {
	case "Eq", "Neq":
		same, err := new(comparison).equal(left, right)
		return same == (op == "Eq"), err
	}
	p := h.Printer()
	return false, fmt.Errorf("%s and %s have no order", p.Value(left), p.Value(right))
}

// Iterate refuses.
func (h *Host) Iterate(_ context.Context, v wam.Value) (engine.Iterator, error) {
	return nil, fmt.Errorf("%s is not iterable", h.Printer().Value(v))
}

// Describe returns an instance with its class and fields, as it would be written to make it.
func (h *Host) Describe(v wam.Value) (text, class string) {
	switch obj := v.Ref.(type) {
	case *Instance:
		return obj.Class + h.Printer().Value(wam.MappingValue(obj.Fields)), obj.Class
	case ClassValue:
		return obj.Name, obj.Name
	case Nil:
		return "nil", ""
	}
	return "<object>", ""
}
