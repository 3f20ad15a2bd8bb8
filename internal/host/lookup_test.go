package host

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

func lookup(t testing.TB, s *Session, object any, name string) wam.Value {
	t.Helper()
	receiver, err := s.Value(object)
	if err != nil {
		t.Fatal(err)
	}
	v, err := s.Lookup(t.Context(), receiver, name)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFieldsAreRead(t *testing.T) {
	u := newUser()
	u.Deep = &Deep{Level: 3}
	u.Manager = &user{}
	u.Any = u.Manager
	tests := []struct{ field, want string }{
		{"Name", `"ann"`},
		{"Age", "30"},
		{"Score", "0.5f"},
		{"ID", "7"},    // promoted through an unexported struct
		{"Level", "3"}, // promoted through an embedded pointer
		{"Manager", "<*host.user>"},
		{"Any", "<*host.user>"},
		{"Roles", "[<*host.grant> <*host.grant>]"},
		{"Tags", `["a" "b"]`},
		{"Nums", "[3 4]"},
		{"Anys", `[1 "x" nil]`},
		{"Attrs", "{y:2 z:1}"},
		{"Role", "<*host.role>"},
		{"Best", "<*host.grant>"},
		{"Err", "nil"},
		{"Fn", "<func() int>"},
	}
	for _, tt := range tests {
		t.Run(tt.field, func(t *testing.T) {
			if got := show(lookup(t, testSession(t, Config{}), u, tt.field)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	t.Run("of a struct that is no pointer", func(t *testing.T) {
		s := testSession(t, Config{})
		if got := show(lookup(t, s, *u, "Best")); got != "<host.grant>" {
			t.Errorf("got %s", got)
		}
		if got := show(lookup(t, s, *u, "Roles")); got != "[<*host.grant> <*host.grant>]" {
			t.Errorf("got %s", got)
		}
	})
}

func TestMissingAttributes(t *testing.T) {
	tests := []struct {
		name   string
		object any
		field  string
		want   string
	}{
		{"no such field", grant{"a", 1}, "Foo", "'{a 1}' object has no attribute 'Foo'"},
		{"behind a pointer", &grant{"a", 1}, "Foo", "'{a 1}' object has no attribute 'Foo'"},
		{"unexported", user{hidden: 1}, "hidden", "no attribute 'hidden'"},
		{"method", user{}, "Greet", "no attribute 'Greet'"},
		{"nil embedded pointer", user{}, "Level", "no attribute 'Level'"},
		{"number", 1, "Foo", "'1' object has no attribute 'Foo'"},
		{"string", "s", "Foo", "'s' object has no attribute 'Foo'"},
		{"list", []int{1, 2}, "Foo", "'[1 2]' object has no attribute 'Foo'"},
		{"nil", nil, "Foo", "'nil' object has no attribute 'Foo'"},
		{"named string", role("r"), "Foo", "'r' object has no attribute 'Foo'"},
		{"func", func() {}, "Foo", "no attribute 'Foo'"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := testSession(t, Config{})
			receiver, err := s.Value(tt.object)
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.Lookup(t.Context(), receiver, tt.field)
			var app *engine.ApplicationError
			if !errors.As(err, &app) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an application error with %q", err, tt.want)
			}
			if missing := s.MissingAttribute(); missing == nil || !strings.Contains(missing.Error(), tt.want) {
				t.Errorf("MissingAttribute: %v", missing)
			}
		})
	}
}

func TestReleasedSessionHoldsNoObjects(t *testing.T) {
	r := NewRegistry(Config{}, nil)
	s := r.Acquire()
	for range 3 * chunkSize {
		if _, err := s.Value([]*user{newUser()}); err != nil {
			t.Fatal(err)
		}
	}
	lists := s.memory.lists.chunks
	r.Release(s)
	for _, chunk := range lists {
		for i := range chunk {
			if chunk[i] != (sequence{}) {
				t.Fatal("a sequence was kept")
			}
		}
	}
}

func call(t testing.TB, s *Session, object any, method string, args ...any) (wam.Value, error) {
	t.Helper()
	receiver, err := s.Value(object)
	if err != nil {
		t.Fatal(err)
	}
	var in []wam.Value
	for _, arg := range args {
		v, err := s.Value(arg)
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, v)
	}
	return s.Call(context.WithValue(t.Context(), ctxKey{}, true), receiver, method, in, nil)
}

func TestMethodsAreCalled(t *testing.T) {
	tests := []struct {
		name   string
		object any
		method string
		args   []any
		want   string
	}{
		{"value receiver", user{Name: "ann"}, "Greet", []any{"hi"}, `"hi ann"`},
		{"value receiver by pointer", newUser(), "Greet", []any{"hi"}, `"hi ann"`},
		{"pointer receiver by value", user{}, "Rename", []any{"x"}, "[]"},
		{"variadic, none", user{}, "Sum", []any{1}, "1"},
		{"variadic, two", user{}, "Sum", []any{1, 2, 3}, "6"},
		{"two results", user{}, "Pair", nil, "[1 nil]"},
		{"error result", user{}, "Fail", nil, "<*errors.errorString>"},
		{"nil pointer result", user{}, "Nil", nil, "nil"},
		{"context", user{}, "Ctx", []any{1}, "true"},
		{"any", user{}, "Echo", []any{[]int{1}}, "[1]"},
		{"bytes", user{}, "Bytes", []any{[]int{1, 2}}, "2"},
		{"func result", user{}, "All", nil, "<iter.Seq[int]>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := call(t, testSession(t, Config{}), tt.object, tt.method, tt.args...)
			if err != nil {
				t.Fatal(err)
			}
			if show(got) != tt.want {
				t.Errorf("got %s, want %s", show(got), tt.want)
			}
		})
	}
}

func TestMethodsRunOnTheOriginal(t *testing.T) {
	u := newUser()
	s := testSession(t, Config{})
	if _, err := call(t, s, u, "Rename", "bob"); err != nil || u.Name != "bob" {
		t.Errorf("the name is %s, %v", u.Name, err)
	}
	seq, _ := sequenceOf(lookup(t, s, u, "Roles"))
	item, _ := seq.At(0)
	if _, err := s.Call(t.Context(), item, "Touch", nil, nil); err != nil || u.Roles[0].Org != 2 {
		t.Errorf("the element is %v, %v", u.Roles[0], err)
	}
	byValue := *u
	if _, err := call(t, s, byValue, "Rename", "eve"); err != nil || byValue.Name != "bob" {
		t.Errorf("a copy was to be renamed, not %v, %v", byValue.Name, err)
	}
}

func TestCallsThatFail(t *testing.T) {
	tests := []struct {
		name   string
		object any
		method string
		args   []any
		want   string
		kind   any
	}{
		{"too few", user{}, "Greet", nil, "incorrect number of arguments. Expected 1, got 0", new(*osoerrors.InvalidCallError)},
		{"too many", user{}, "Greet", []any{"a", "b"}, "incorrect number of arguments. Expected 1, got 2", new(*osoerrors.InvalidCallError)},
		{"too few for variadic", user{}, "Sum", nil, "incorrect number of arguments", new(*osoerrors.InvalidCallError)},
		{"wrong type", user{}, "Greet", []any{1}, "cannot use integer 1 as string", new(*osoerrors.ErrorWithAdditionalInfo)},
		{"byte out of range", user{}, "Bytes", []any{[]int{300}}, "cannot use integer 300 as uint8", new(*osoerrors.InvalidCallError)},
		{"missing", user{}, "greet", nil, "no attribute 'greet'", new(*engine.ApplicationError)},
		{"on a number", 1, "Foo", nil, "'1' object has no attribute 'Foo'", new(*engine.ApplicationError)},
		{"field with a func", user{Fn: func() int { return 1 }}, "Fn", nil, "no attribute 'Fn'", new(*engine.ApplicationError)},
		{"panic", user{}, "Panic", nil, "panicked: broken", new(*osoerrors.HostPanicError)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := call(t, testSession(t, Config{}), tt.object, tt.method, tt.args...)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want an error with %q", err, tt.want)
			}
			if !errors.As(err, tt.kind) {
				t.Errorf("%T is not %T", err, tt.kind)
			}
		})
	}
	t.Run("keyword arguments", func(t *testing.T) {
		s := testSession(t, Config{})
		v, _ := s.Value(user{})
		_, err := s.Call(t.Context(), v, "Greet", nil, []engine.Kwarg{{Name: "a"}})
		if _, ok := errors.AsType[*osoerrors.KwargsError](err); !ok {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a panic with an error can be found", func(t *testing.T) {
		if _, err := call(t, testSession(t, Config{}), user{}, "Panic"); !errors.Is(err, errBroken) {
			t.Errorf("got %v", err)
		}
	})
}

func TestErrorResultsEndTheQuery(t *testing.T) {
	s := testSession(t, Config{ErrorResults: true})
	if got, err := call(t, s, user{}, "Pair"); err != nil || show(got) != "1" {
		t.Errorf("got %v, %v", show(got), err)
	}
	if _, err := call(t, s, user{}, "Fail"); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}
