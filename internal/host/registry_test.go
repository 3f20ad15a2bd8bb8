package host

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

func register(t *testing.T, r *Registry, v any, ctor any, name string) {
	t.Helper()
	if _, err := r.RegisterClass(reflect.TypeOf(v), ctor, name, nil); err != nil {
		t.Fatal(err)
	}
}

func ranksOf(t *testing.T, r *Registry, x any) map[string]int {
	t.Helper()
	s := r.Acquire()
	defer r.Release(s)
	v, err := s.Value(x)
	if err != nil {
		t.Fatal(err)
	}
	return r.Engine().Shapes[v.Shape()].Ranks
}

func TestClassesOfInstances(t *testing.T) {
	r := NewRegistry(Config{}, nil)
	if err := r.RegisterInterface(reflect.TypeFor[renamer](), "Renamer"); err != nil {
		t.Fatal(err)
	}
	register(t, r, user{}, nil, "User")
	register(t, r, &grant{}, nil, "Grant")
	register(t, r, user{}, nil, "Person")
	if err := r.RegisterInterface(reflect.TypeFor[named](), "Named"); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		in   any
		want map[string]int
	}{
		{"value", user{}, map[string]int{"User": 0, "Person": 0, "Renamer": 1, "Named": 2}},
		{"pointer", &user{}, map[string]int{"User": 0, "Person": 0, "Renamer": 1, "Named": 2}},
		{"registered as a pointer", grant{}, map[string]int{"Grant": 0}},
		{"unregistered", node{}, nil},
		{"nil", nil, nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, ranksOf(t, r, tt.in)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	ancestors := map[string][]string{}
	for _, c := range r.Engine().Classes {
		ancestors[c.Name] = c.Ancestors
	}
	want := map[string][]string{
		"Boolean": {"Boolean"}, "Integer": {"Integer"}, "Float": {"Float"}, "String": {"String"}, "List": {"List"}, "Dictionary": {"Dictionary"},
		"Renamer": {"Renamer"}, "User": {"User", "Person", "Renamer", "Named"}, "Grant": {"Grant"},
		"Person": {"User", "Person", "Renamer", "Named"}, "Named": {"Named"},
	}
	if diff := cmp.Diff(want, ancestors); diff != "" {
		t.Errorf("ancestors (-want +got):\n%s", diff)
	}
}

func TestClassesOfUnregisteredTypesAreAsked(t *testing.T) {
	type embedsUser struct{ user }
	r := NewRegistry(Config{}, nil)
	register(t, r, user{}, nil, "User")
	if err := r.RegisterInterface(reflect.TypeFor[renamer](), "Renamer"); err != nil {
		t.Fatal(err)
	}
	s := r.Acquire()
	v, err := s.Value(embedsUser{})
	if err != nil || v.Shape() != shapeUnknown {
		t.Fatalf("shape %d, %v", v.Shape(), err)
	}
	for class, want := range map[string]bool{"Renamer": true, "User": false, "Nobody": false} {
		if got, err := s.Isa(t.Context(), v, class); got != want || err != nil {
			t.Errorf("%s: got %v, %v", class, got, err)
		}
	}
	for _, tt := range []struct {
		left, right string
		want        bool
	}{
		{"User", "User", true}, {"User", "Renamer", true}, {"Renamer", "User", false}, {"Nobody", "User", false}, {"Integer", "Float", false},
	} {
		if got, _ := s.IsSubclass(t.Context(), tt.left, tt.right); got != tt.want {
			t.Errorf("IsSubclass(%s, %s) = %v", tt.left, tt.right, got)
		}
	}
}

func TestFieldsLeadToClasses(t *testing.T) {
	r := NewRegistry(Config{}, nil)
	fields := map[string]any{
		"Owner":  types.Relation{Kind: "one", OtherType: "User", MyField: "A", OtherField: "B"},
		"Grants": types.Relation{Kind: "many", OtherType: "Grant", MyField: "A", OtherField: "B"},
		"Text":   "String", "Bad": "Nobody",
	}
	if _, err := r.RegisterClass(reflect.TypeFor[node](), nil, "Node", fields); err != nil {
		t.Fatal(err)
	}
	register(t, r, user{}, nil, "User")
	register(t, r, grant{}, nil, "Grant")
	s := r.Acquire()
	for _, tt := range []struct {
		path, class string
		want        bool
	}{
		{"Owner", "User", true}, {"Owner", "Grant", false}, {"Grants", "List", true}, {"Text", "String", true},
		{"Owner.Best", "Grant", true}, {"Owner.Manager.Manager", "User", true}, {"Owner.Age", "Integer", true},
		{"Owner.Score", "Float", true}, {"Owner.Attrs", "Dictionary", true}, {"Owner.Name", "String", true}, {"Owner.Any", "User", false},
		{"Next", "Node", true}, {"b", "Boolean", false}, {"Nothing.Else", "User", false},
	} {
		got, err := s.IsaWithPath(t.Context(), "Node", strings.Split(tt.path, "."), tt.class)
		if got != tt.want || err != nil {
			t.Errorf("%s is a %s: %v, %v", tt.path, tt.class, got, err)
		}
	}
	if _, err := s.IsaWithPath(t.Context(), "Node", []string{"Bad"}, "String"); err == nil {
		t.Error("a field of an unregistered class should be an error")
	}
}

func TestRegistrationsThatAreRefused(t *testing.T) {
	tests := []struct {
		name string
		do   func(*Registry) error
		want string
	}{
		{"nil", func(r *Registry) error { _, err := r.RegisterClass(nil, nil, "", nil); return err }, "cannot register nil"},
		{"no func", func(r *Registry) error { _, err := r.RegisterClass(reflect.TypeFor[user](), 5, "U", nil); return err }, "Constructor must be a function"},
		{"unnamed", func(r *Registry) error {
			_, err := r.RegisterClass(reflect.TypeFor[struct{}](), nil, "", nil)
			return err
		}, "RegisterClassWithName"},
		{"built-in name", func(r *Registry) error {
			_, err := r.RegisterClass(reflect.TypeFor[user](), nil, "Integer", nil)
			return err
		}, "already has that alias"},
		{"Actor", func(r *Registry) error {
			_, err := r.RegisterClass(reflect.TypeFor[user](), nil, "Actor", nil)
			return err
		}, "reserved"},
		{"field declaration", func(r *Registry) error {
			_, err := r.RegisterClass(reflect.TypeFor[user](), nil, "U", map[string]any{"a": 1})
			return err
		}, "must be a string typename or a Relation struct"},
		{"relation kind", func(r *Registry) error {
			_, err := r.RegisterClass(reflect.TypeFor[user](), nil, "U", map[string]any{"a": types.Relation{Kind: "xyz"}})
			return err
		}, `not "xyz"`},
		{"no interface", func(r *Registry) error { return r.RegisterInterface(reflect.TypeFor[user](), "U") }, "is no interface"},
		{"unnamed interface", func(r *Registry) error { return r.RegisterInterface(reflect.TypeFor[interface{ A() }](), "") }, "no name of its own"},
		{"cyclic constant", func(r *Registry) error { c := []any{nil}; c[0] = c; return r.RegisterConstant(c, "c") }, "cyclic"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := NewRegistry(Config{}, nil)
			before := r.Engine()
			err := tt.do(r)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
			if r.Engine() != before {
				t.Error("something was registered")
			}
		})
	}
	t.Run("kinds", func(t *testing.T) {
		r := NewRegistry(Config{}, nil)
		_, err := r.RegisterClass(reflect.TypeFor[user](), nil, "Resource", nil)
		if !errors.Is(err, diag.InvalidRegistration) {
			t.Errorf("got %v", err)
		}
		_, err = r.RegisterClass(reflect.TypeFor[user](), nil, "List", nil)
		if _, ok := errors.AsType[*osoerrors.DuplicateClassAliasError](err); !ok {
			t.Errorf("got %v", err)
		}
	})
	t.Run("an interface registered as a class is a warning", func(t *testing.T) {
		warning, err := NewRegistry(Config{}, nil).RegisterClass(reflect.TypeFor[named](), nil, "Named", nil)
		if err != nil || !strings.Contains(warning, "RegisterInterface") {
			t.Errorf("got %q, %v", warning, err)
		}
	})
}

func TestConstants(t *testing.T) {
	changes := 0
	r := NewRegistry(Config{}, func() { changes++ })
	constant := func(name string) string { return show(r.Engine().Constants[name]) }
	for name, want := range map[string]string{
		"nil": "nil", "Integer": "0", "Float": "0f", "String": `""`, "Boolean": "false", "List": "[]", "Dictionary": "{}",
	} {
		if got := constant(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if err := r.RegisterConstant([]any{grant{}, 1}, "Things"); err != nil {
		t.Fatal(err)
	}
	register(t, r, grant{}, nil, "Grant")
	if got := constant("Things"); got != "[<host.grant> 1]" {
		t.Errorf("Things: %s", got)
	}
	things, _ := sequenceOf(r.Engine().Constants["Things"])
	if v, _ := things.At(0); r.Engine().Shapes[v.Shape()].Ranks["Grant"] != 0 || v.Shape() < firstShape {
		t.Error("a constant registered before its class does not belong to it")
	}
	if got := constant("Grant"); got != "<host.grant>" {
		t.Errorf("Grant: %s", got)
	}
	if err := r.RegisterConstant(1, "Grant"); err != nil || constant("Grant") != "1" {
		t.Errorf("Grant is %s, %v", constant("Grant"), err)
	}
	register(t, r, user{}, nil, "Things")
	if got := constant("Things"); got != "<host.user>" {
		t.Errorf("a class registered over a constant: %s", got)
	}
	if changes != 4 {
		t.Errorf("told of %d registrations", changes)
	}
}

func TestConstructors(t *testing.T) {
	r := NewRegistry(Config{}, nil)
	register(t, r, grant{}, func(role string, org int) grant { return grant{role, org} }, "Grant")
	register(t, r, grant{}, func(roles ...string) *grant { return &grant{Org: len(roles)} }, "Variadic")
	register(t, r, grant{}, func(ok bool) (grant, error) {
		if !ok {
			return grant{}, errBroken
		}
		return grant{Role: "ok"}, nil
	}, "Fallible")
	register(t, r, grant{}, func() (grant, int) { return grant{}, 1 }, "Two")
	register(t, r, grant{}, func() user { return user{} }, "Other")
	register(t, r, grant{}, func() grant { panic("boom") }, "Panics")
	register(t, r, grant{}, nil, "None")
	s := r.Acquire()
	makeNew := func(class string, args ...any) (wam.Value, error) {
		var in []wam.Value
		for _, a := range args {
			v, err := s.Value(a)
			if err != nil {
				t.Fatal(err)
			}
			in = append(in, v)
		}
		return s.New(t.Context(), class, in, nil)
	}
	for _, tt := range []struct {
		class string
		args  []any
		want  any
	}{
		{"Grant", []any{"a", 1}, grant{"a", 1}},
		{"Variadic", nil, &grant{}},
		{"Variadic", []any{"a", "b"}, &grant{Org: 2}},
		{"Fallible", []any{true}, grant{Role: "ok"}},
	} {
		v, err := makeNew(tt.class, tt.args...)
		if err != nil {
			t.Errorf("%s: %v", tt.class, err)
			continue
		}
		if diff := cmp.Diff(tt.want, v.Ref); diff != "" || v.Shape() < firstShape {
			t.Errorf("%s, shape %d (-want +got):\n%s", tt.class, v.Shape(), diff)
		}
	}
	for _, tt := range []struct {
		class string
		args  []any
		want  string
	}{
		{"None", nil, "Missing constructor"},
		{"Integer", []any{1}, "Missing constructor"},
		{"Nobody", nil, "Unregistered class"},
		{"Grant", []any{"a"}, "incorrect number of arguments. Expected 2, got 1"},
		{"Grant", []any{1, 1}, "cannot use integer 1 as string"},
		{"Two", nil, "must return 1 result"},
		{"Other", nil, "Expected constructor to return"},
	} {
		_, err := makeNew(tt.class, tt.args...)
		e, ok := errors.AsType[*osoerrors.ErrorWithAdditionalInfo](err)
		if !ok || !strings.Contains(e.Info, tt.want) {
			t.Errorf("%s: got %v, want %q", tt.class, err, tt.want)
			continue
		}
		if _, ok := e.Inner.(*osoerrors.InvalidConstructorError); !ok {
			t.Errorf("%s: inner error %T", tt.class, e.Inner)
		}
	}
	if _, err := makeNew("Fallible", false); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
	if _, err := makeNew("Panics"); err == nil || !strings.Contains(err.Error(), "boom") {
		t.Errorf("got %v", err)
	}
	if _, err := s.New(t.Context(), "Grant", nil, []engine.Kwarg{{Name: "a"}}); !errors.As(err, new(*osoerrors.KwargsError)) {
		t.Errorf("got %v", err)
	}
}

func TestShapesSurviveLaterRegistrations(t *testing.T) {
	r := NewRegistry(Config{}, nil)
	register(t, r, user{}, nil, "User")
	old := r.Acquire()
	v, _ := old.Value(&user{})
	register(t, r, grant{}, nil, "Grant")
	register(t, r, user{}, nil, "Person")
	later, _ := r.Acquire().Value(&user{})
	if v.Shape() != later.Shape() {
		t.Errorf("shape %d became %d", v.Shape(), later.Shape())
	}
	if _, err := old.Lookup(t.Context(), v, "Name"); err != nil {
		t.Error(err)
	}
}

func TestRegistrationHammer(t *testing.T) {
	r := NewRegistry(Config{}, nil)
	register(t, r, user{}, nil, "User")
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 50 {
				if err := r.RegisterConstant(i, fmt.Sprintf("C%d", g)); err != nil {
					t.Error(err)
				}
				if _, err := r.RegisterClass(reflect.TypeFor[grant](), nil, fmt.Sprintf("G%d_%d", g, i), nil); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			u := newUser()
			for range 500 {
				s := r.Acquire()
				v, err := s.Value(u)
				if err != nil {
					t.Error(err)
				}
				list, err := s.Lookup(t.Context(), v, "Roles")
				if err != nil {
					t.Error(err)
				}
				seq, _ := sequenceOf(list)
				if _, err := seq.At(1); err != nil {
					t.Error(err)
				}
				r.Release(s)
			}
		})
	}
	wg.Wait()
}
