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
	publish func(*engine.Registry)

	mu        sync.Mutex // serialises registrations
	current   atomic.Pointer[snapshot]
	instances instances
	sessions  sync.Pool
}

// snapshot is what is registered at one time; it is immutable.
type snapshot struct {
	classes   *classes
	constants map[string]any // Go values by name; classes are not among them unless hidden by a constant
	engine    *engine.Registry
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

// NewRegistry returns a registry with the built-in classes and the constant nil. Every later registration is given to publish
// before queries can use it; publish may be nil.
func NewRegistry(config Config, publish func(*engine.Registry)) *Registry {
	r := &Registry{config: config, publish: publish}
	r.sessions.New = func() any { return newSession() }
	c := noClasses()
	for _, b := range builtins {
		c = c.with(&class{name: b.name, typ: b.typ})
	}
	constants := map[string]wam.Value{"nil": nilValue()}
	for _, k := range c.order {
		constants[k.name], _ = (&converter{classes: c}).fromAny(reflect.Zero(k.typ).Interface(), false, 0)
	}
	snap := &snapshot{classes: c, constants: map[string]any{"nil": nil}}
	snap.engine = &engine.Registry{Constants: constants, Classes: c.listing, Shapes: c.shapes, LookupsRunCode: config.Resolved}
	r.current.Store(snap)
	return r
}

// Engine returns what the engine has to know of the registry now.
func (r *Registry) Engine() *engine.Registry { return r.current.Load().engine }

// Acquire returns a session on the registry as it is now. Give it back with Release.
func (r *Registry) Acquire() *Session {
	s, _ := r.sessions.Get().(*Session)
	s.config = r.config
	s.conv.classes = r.current.Load().classes
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
	old := r.current.Load()
	if other := old.classes.byName[k.name]; other != nil {
		return osoerrors.NewDuplicateClassAliasError(k.name, k.typ, other.typ)
	}
	snap := &snapshot{classes: old.classes.with(k), constants: old.constants}
	if _, hidden := old.constants[k.name]; hidden {
		snap.constants = maps.Clone(old.constants)
		delete(snap.constants, k.name)
	}
	return r.install(snap)
}

// RegisterConstant binds a name in every later query. It replaces an earlier constant, and the zero value that a class name
// stands for. It returns an error for values that cannot be converted.
func (r *Registry) RegisterConstant(value any, name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.current.Load()
	if _, err := (&converter{classes: old.classes, instances: &r.instances}).value(value); err != nil {
		return fmt.Errorf("constant %s: %w", name, err)
	}
	snap := &snapshot{classes: old.classes, constants: maps.Clone(old.constants)}
	snap.constants[name] = value
	return r.install(snap)
}

// install converts the constants of a snapshot, publishes it to the engine and then to new queries: the engine's tables
// are never older than those a query converts with.
func (r *Registry) install(snap *snapshot) error {
	conv := &converter{classes: snap.classes, instances: &r.instances}
	constants := make(map[string]wam.Value, len(snap.constants)+len(snap.classes.order))
	for name, x := range snap.constants {
		v, err := conv.value(x)
		if err != nil {
			return fmt.Errorf("constant %s: %w", name, err)
		}
		constants[name] = v
	}
	for _, k := range snap.classes.order {
		if _, hidden := constants[k.name]; hidden {
			continue
		}
		v, err := conv.zero(k)
		if err != nil {
			return fmt.Errorf("class %s: %w", k.name, err)
		}
		constants[k.name] = v
	}
	snap.engine = &engine.Registry{Constants: constants, Classes: snap.classes.listing, Shapes: snap.classes.shapes,
		LookupsRunCode: r.config.Resolved || snap.classes.read}
	if r.publish != nil {
		r.publish(snap.engine)
	}
	r.current.Store(snap)
	return nil
}

// zero returns what a class name stands for as a value: the zero value of its type.
func (c *converter) zero(k *class) (wam.Value, error) {
	return c.fromAny(reflect.Zero(k.typ).Interface(), true, 0)
}
