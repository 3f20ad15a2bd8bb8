package host

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Registry holds classes and constants. All methods are safe for concurrent use.
type Registry struct {
	config  Config
	changed func()

	mu        sync.Mutex // held by what reads or changes the draft
	draft     *draft
	current   atomic.Pointer[snapshot] // of the draft; nil if that is newer
	instances instances
	sessions  sync.Pool
}

// snapshot is what is registered at one time; it is immutable.
type snapshot struct {
	classes *classes
	engine  *engine.Registry
}

// builtins are the classes every registry has.
var builtins = []struct {
	name string
	typ  reflect.Type
}{
	{"Boolean", reflect.TypeFor[bool]()},
	{"Integer", reflect.TypeFor[int64]()},
	{"Float", reflect.TypeFor[float64]()},
	{"String", reflect.TypeFor[string]()},
	{"List", reflect.TypeFor[[]any]()},
	{"Dictionary", reflect.TypeFor[map[string]any]()},
}

// NewRegistry returns a registry with the built-in classes and the constant nil. Changed is called at each later registration,
// before queries can use what it added, and must not ask the registry for it yet; it may be nil.
func NewRegistry(config Config, changed func()) *Registry {
	r := &Registry{config: config, changed: changed, draft: newDraft()}
	r.sessions.New = func() any { return newSession() }
	for _, b := range builtins {
		r.draft.add(&class{name: b.name, typ: b.typ, zero: reflect.Zero(b.typ).Interface()})
	}
	return r
}

// Engine returns what the engine has to know of the registry now.
func (r *Registry) Engine() *engine.Registry { return r.snapshot().engine }

// Acquire returns a session on the registry as it is now. Give it back with Release.
func (r *Registry) Acquire() *Session {
	s, _ := r.sessions.Get().(*Session)
	s.config = r.config
	s.conv.classes = r.snapshot().classes
	if s.memoOf != s.conv.classes {
		s.memoOf, s.memo, s.seen = s.conv.classes, [memoSize]memo{}, [4]seenType{}
	}
	s.conv.instances = &r.instances
	return s
}

// Release takes a session back; nothing it was given or gave may be used by its query any more.
func (r *Registry) Release(s *Session) {
	s.reset()
	r.sessions.Put(s)
}

// RegisterClass registers a Go type, or the type behind a pointer type, under a name. Ctor is nil or a func. Fields
// declares relations and types of fields. The warning is not empty for what can never work. On error nothing is registered.
func (r *Registry) RegisterClass(cls reflect.Type, ctor any, name string, fields map[string]any) (warning string, err error) {
	for n := 0; cls != nil && cls.Kind() == reflect.Pointer && n < maxIndirections; n++ {
		cls = cls.Elem()
	}
	if cls == nil {
		return "", errors.New("cannot register nil as a class: give a value of the type or its reflect.Type")
	}
	if name == "" {
		if name = cls.Name(); name == "" {
			return "", fmt.Errorf("type %v has no name of its own: use RegisterClassWithName", cls)
		}
	}
	k := &class{name: name, typ: cls, fields: maps.Clone(fields)}
	if ctor != nil {
		k.ctor = reflect.ValueOf(ctor)
		if k.ctor.Kind() != reflect.Func || k.ctor.IsNil() {
			return "", fmt.Errorf("class %s: Constructor must be a function, got %T", name, ctor)
		}
		k.sig = signatureOf(k.ctor.Type(), 0)
	}
	if err := checkFields(name, fields); err != nil {
		return "", err
	}
	if cls.Kind() == reflect.Interface {
		warning = fmt.Sprintf("class %s is the interface %v: no value has it as its type. RegisterInterface makes a class of all types that implement it", name, cls)
	}
	return warning, r.addClass(k)
}

// RegisterInterface registers a class that every type with the methods of an interface belongs to.
func (r *Registry) RegisterInterface(iface reflect.Type, name string) error {
	if iface == nil || iface.Kind() != reflect.Interface {
		return fmt.Errorf("%v is no interface", iface)
	}
	if name == "" {
		if name = iface.Name(); name == "" {
			return fmt.Errorf("interface %v has no name of its own: give one", iface)
		}
	}
	return r.addClass(&class{name: name, typ: iface, union: true})
}

// checkFields refuses declarations that nothing can be made of.
func checkFields(class string, fields map[string]any) error {
	for name, f := range fields {
		switch f := f.(type) {
		case string:
		case types.Relation:
			if f.Kind != "one" && f.Kind != "many" {
				return fmt.Errorf("field %s.%s: the kind of a relation is \"one\" or \"many\", not %q", class, name, f.Kind)
			}
		default:
			return fmt.Errorf("field %s.%s must be a string typename or a Relation struct, got %T", class, name, f)
		}
	}
	return nil
}

func (r *Registry) addClass(k *class) error {
	if k.name == "Actor" || k.name == "Resource" {
		return diag.New(diag.InvalidRegistration, diag.Span{}, "the name %s is reserved for the union of all %s blocks", k.name,
			map[string]string{"Actor": "actor", "Resource": "resource"}[k.name])
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if other := r.draft.byName[k.name]; other != nil {
		return osoerrors.NewDuplicateClassAliasError(k.name, k.typ, other.typ)
	}
	k.zero = reflect.Zero(k.typ).Interface()
	if err := r.convertible(k.zero); err != nil {
		return fmt.Errorf("class %s: %w", k.name, err)
	}
	r.draft.add(k)
	delete(r.draft.constants, k.name)
	r.outdate()
	return nil
}

// RegisterConstant binds a name in every later query. It replaces an earlier constant, and the zero value that a class name
// stands for. It returns an error for values that cannot be converted.
func (r *Registry) RegisterConstant(value any, name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.convertible(value); err != nil {
		return fmt.Errorf("constant %s: %w", name, err)
	}
	r.draft.constants[name] = value
	r.outdate()
	return nil
}

// convertible returns the error that converting a value gives, whatever the registered classes are.
func (r *Registry) convertible(x any) error {
	if x != nil && categoryOf(reflect.TypeOf(x)) == catInstance {
		return nil
	}
	_, err := (&converter{classes: &classes{}, instances: &r.instances}).value(x)
	return err
}

// outdate notes that the draft has changed. Whoever wants a snapshot from here on waits until the engine knows of it, too: the
// engine's tables are never older than those a query converts with.
func (r *Registry) outdate() {
	r.current.Store(nil)
	if r.changed != nil {
		r.changed()
	}
}

// snapshot returns what is registered now.
func (r *Registry) snapshot() *snapshot {
	if snap := r.current.Load(); snap != nil {
		return snap
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	snap := r.current.Load()
	if snap == nil {
		snap = r.takeSnapshot()
		r.current.Store(snap)
	}
	return snap
}

// takeSnapshot makes a snapshot of the draft.
func (r *Registry) takeSnapshot() *snapshot {
	c := r.draft.classes()
	conv := &converter{classes: c, instances: &r.instances}
	constants := make(map[string]wam.Value, len(r.draft.constants)+len(c.order))
	for name, x := range r.draft.constants {
		constants[name] = conv.constant(name, x)
	}
	for _, k := range c.order {
		if _, hidden := constants[k.name]; !hidden {
			constants[k.name] = conv.classValue(k)
		}
	}
	return &snapshot{c, &engine.Registry{Constants: constants, Classes: c.listing, Shapes: c.shapes,
		LookupsRunCode: r.config.Resolved || c.read}}
}

// lostConstant stands for a constant that could be converted when it was registered, and has been changed since so that it no longer
// can. It equals nothing.
type lostConstant struct{ name string }

// constant converts the value of a registered constant.
func (c *converter) constant(name string, x any) wam.Value {
	v, err := c.value(x)
	if err != nil {
		return wam.InstanceValue(lostConstant{name}, shapeNone)
	}
	return v
}

// classValue returns what a class name stands for as a value: the zero value of its type.
func (c *converter) classValue(k *class) wam.Value {
	if shape, ok := c.classes.shapeOf[k.typ]; ok {
		return wam.InstanceValue(k.zero, shape) // no need to plan all types at once
	}
	return c.constant(k.name, k.zero)
}
