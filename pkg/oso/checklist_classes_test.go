package oso_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

func typeName(x any) string { return fmt.Sprintf("%T", x) }

// bare returns an Oso without classes of the program.
func bare(t testing.TB) *oso.Oso {
	t.Helper()
	o, err := oso.New(oso.WithMessageHandler(func(oso.Message) {}))
	must(t, err)
	return o
}

// holds reports whether a query text has a result.
func holds(t testing.TB, o *oso.Oso, query string) bool {
	t.Helper()
	q, err := o.NewQueryFromStr(query)
	must(t, err)
	r, err := q.Next()
	must(t, err)
	q.Cleanup()
	return r != nil
}

func TestChecklistRegistration(t *testing.T) {
	t.Run("check 23: a value and its reflect.Type register alike", func(t *testing.T) {
		for _, cls := range []any{User{}, reflect.TypeOf(User{})} {
			o := bare(t)
			must(t, o.RegisterClass(cls, nil))
			must(t, o.LoadString("f(_: User);"))
			if ok, err := o.QueryRuleOnce("f", User{}); !ok || err != nil {
				t.Errorf("%T: %v, %v", cls, ok, err)
			}
		}
	})
	t.Run("check 24: a name twice", func(t *testing.T) {
		o := newOso(t, "")
		for _, name := range []string{"User", "Integer"} {
			if err := o.RegisterClassWithName(Foo{}, nil, name); !errors.As(err, new(*osoerrors.DuplicateClassAliasError)) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	})
	t.Run("check 25: one type under two names", func(t *testing.T) {
		o := newOso(t, "")
		must(t, o.RegisterClassWithName(User{}, nil, "Person"))
		if !holds(t, o, "User matches Person and Person matches User") {
			t.Error("no match")
		}
	})
	t.Run("check 26: a constructor that is no func", func(t *testing.T) {
		wantError(t, bare(t).RegisterClass(User{}, "x"), "Constructor must be a function")
	})
	t.Run("check 27: nil, pointers and unnamed types", func(t *testing.T) {
		o := bare(t)
		wantError(t, o.RegisterClass(nil, nil), "nil")
		wantError(t, o.RegisterClass(struct{ A int }{}, nil), "RegisterClassWithName")
		must(t, o.RegisterClass(&User{}, nil))
		must(t, o.RegisterConstant(User{}, "u"))
		if !holds(t, o, "u matches User") {
			t.Error("no match")
		}
	})
	t.Run("check 34: constants of many kinds", func(t *testing.T) {
		o := newOso(t, "")
		for name, x := range map[string]any{
			"Limit": 10, "Names": []string{"a", "b"}, "Cfg": map[string]int{"key": 3}, "F": &Foo{"n", 4},
			"Env": env{}, "Inc": func(n int) int { return n + 1 },
		} {
			must(t, o.RegisterConstant(x, name))
		}
		for query, want := range map[string]string{
			"x = Limit": "x:10", "x in Names": "x:a\nx:b", "x = Cfg.key": "x:3", "x = F.Num": "x:4", "x = Env.Apply(Inc, 1)": "x:2",
		} {
			if got := results(t, o, query); got != want {
				t.Errorf("%s: got %q", query, got)
			}
		}
	})
	t.Run("check 35: constants are replaced, also those of classes", func(t *testing.T) {
		o := newOso(t, "")
		must(t, o.RegisterConstant(1, "C"))
		must(t, o.RegisterConstant(2, "C"))
		must(t, o.RegisterConstant("over", "User"))
		must(t, o.RegisterConstant(User{}, "u"))
		if got := results(t, o, "x = C and y = User and u matches User"); got != "x:2 y:over" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("check 36: registering after loading", func(t *testing.T) {
		o := bare(t)
		must(t, o.LoadString("f(x) if x = Late and Late = x; g(x) if x matches User;"))
		must(t, o.RegisterConstant("now", "Late"))
		must(t, o.RegisterClass(User{}, nil))
		if got := results(t, o, "f(x)"); got != "x:now" {
			t.Errorf("got %q", got)
		}
		if ok, err := o.QueryRuleOnce("g", User{}); !ok || err != nil {
			t.Errorf("got %v, %v", ok, err)
		}
	})
	t.Run("check 37: rule types over actors", func(t *testing.T) {
		must(t, newOso(t, "").LoadString("actor User {} type is_actor(_actor: Actor); is_actor(_: User);"))
		wantError(t, newOso(t, "").LoadString("actor User {} type is_actor(_actor: Actor); is_actor(_: Widget);"), "Invalid rule")
	})
	t.Run("check 38: a failed registration leaves nothing", func(t *testing.T) {
		o := bare(t)
		for _, name := range []string{"Actor", "Five"} {
			if o.RegisterClassWithName(User{}, 5, name) == nil {
				t.Errorf("%s: no error", name)
			}
		}
		must(t, o.RegisterClassWithName(Foo{}, nil, "Five"))
		must(t, o.RegisterConstant(Foo{}, "foo"))
		if !holds(t, o, "foo matches Five") {
			t.Error("the name is taken")
		}
	})
}

func TestChecklistConstructors(t *testing.T) {
	fails := errors.New("no such thing")
	o := newOso(t, "")
	for name, ctor := range map[string]any{
		"Sum": func(nums ...int) Foo {
			f := Foo{}
			for _, n := range nums {
				f.Num += n
			}
			return f
		},
		"Checked": func(name string) (Foo, error) {
			if name == "" {
				return Foo{}, fails
			}
			return Foo{Name: name}, nil
		},
		"Pointer": func() *Foo { return &Foo{Num: 8} },
		"Wrong":   func() User { return User{} },
		"Two":     func() (Foo, int) { return Foo{}, 1 },
		"Silent":  func() {},
	} {
		if err := o.RegisterClassWithName(Foo{}, ctor, name); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	t.Run("check 28: a constructor", func(t *testing.T) {
		if got := results(t, o, `x = new Foo("hello", 123)`); got != "x:{hello 123}" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("check 29: variadic constructors", func(t *testing.T) {
		if got := results(t, o, "x = new Sum().Num and y = new Sum(1, 2, 3).Num"); got != "x:0 y:6" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("check 30: keyword arguments", func(t *testing.T) {
		if err := queryError(t, o, `x = new Foo(Name: "a", Num: 1)`); !errors.As(err, new(*osoerrors.KwargsError)) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("check 31: constructors that cannot do", func(t *testing.T) {
		for query, info := range map[string]string{
			"x = new User()":            "Missing constructor",
			"x = new Integer(1)":        "Missing constructor",
			"x = new Nobody()":          "Unregistered class",
			"x = new Foo(1)":            "incorrect number of arguments. Expected 2, got 1",
			`x = new Foo("a", "b")`:     "cannot use",
			"x = new Wrong()":           "Expected constructor to return",
			"x = new Two()":             "must return 1 result",
			"x = new Silent()":          "must return 1 result",
			"x = new Sum(1, \"a\", 3) ": "cannot use",
		} {
			err := queryError(t, o, query)
			wrapper, _ := errors.AsType[*osoerrors.ErrorWithAdditionalInfo](err)
			if wrapper == nil {
				t.Errorf("%s: got %v", query, err)
				continue
			}
			if _, ok := wrapper.Inner.(*osoerrors.InvalidConstructorError); !ok || !strings.Contains(wrapper.Info, info) {
				t.Errorf("%s: got %T, %q", query, wrapper.Inner, wrapper.Info)
			}
		}
	})
	t.Run("check 32: constructors with errors, and of pointers", func(t *testing.T) {
		if got := results(t, o, `x = new Checked("a").Name and y = new Pointer().Num`); got != "x:a y:8" {
			t.Errorf("got %q", got)
		}
		if err := queryError(t, o, `x = new Checked("")`); !errors.Is(err, fails) {
			t.Errorf("got %v", err)
		}
		if !holds(t, o, "new Pointer() matches Foo") {
			t.Error("no match")
		}
	})
	t.Run("check 33: a class as a value", func(t *testing.T) {
		q, err := o.NewQueryFromStr("x = User and y = Integer and z = User.Hello()")
		must(t, err)
		r, err := q.Next()
		must(t, err)
		want := map[string]any{"x": User{}, "y": int64(0), "z": "hello "}
		if !reflect.DeepEqual(*r, want) {
			t.Errorf("got %#v", *r)
		}
	})
}

func TestChecklistMatching(t *testing.T) {
	type Base struct{ A int }
	type Over struct{ Base }
	type Unmatched interface{ Hello() string }
	o := newOso(t, "")
	must(t, o.RegisterClass(Base{}, nil))
	must(t, o.RegisterClassWithName(rank(""), nil, "Role_"))
	must(t, o.RegisterClass(mySlice{}, nil))
	must(t, o.RegisterClass(myMap{}, nil))
	must(t, oso.RegisterInterface[named](o, "Named"))
	must(t, oso.RegisterInterface[mutable](o, "Mutable"))
	must(t, o.RegisterClass(reflect.TypeFor[Unmatched](), nil))
	classes := map[string]string{
		"User": "User", "Base": "Base", "Role_": "Role_", "MySlice": "mySlice", "MyMap": "myMap", "Named": "Named", "Mutable": "Mutable",
		"Unmatched": "Unmatched", "Integer": "Integer", "Float": "Float", "String": "String", "Boolean": "Boolean", "List": "List", "Dictionary": "Dictionary",
	}
	var policy strings.Builder
	for name, class := range classes {
		fmt.Fprintf(&policy, "is(x, %q) if x matches %s;\n", name, class)
	}
	must(t, o.LoadString(policy.String()))
	expect := func(t *testing.T, x any, want ...string) {
		t.Helper()
		wanted := map[string]bool{}
		for _, class := range want {
			wanted[class] = true
		}
		for class := range classes {
			if ok, err := o.QueryRuleOnce("is", x, class); ok != wanted[class] || err != nil {
				t.Errorf("%T matches %s: %v, %v", x, class, ok, err)
			}
		}
	}
	u := &User{}
	t.Run("check 39: pointers of any depth match", func(t *testing.T) {
		for _, x := range []any{*u, u, &u} {
			expect(t, x, "User", "Named", "Mutable")
		}
	})
	t.Run("check 40: embedding is no inheritance", func(t *testing.T) { expect(t, Over{}) })
	t.Run("check 41: named strings", func(t *testing.T) {
		expect(t, rank("a"), "Role_")
		expect(t, "a", "String")
	})
	t.Run("check 42: built-in classes", func(t *testing.T) {
		for _, n := range []any{1, int8(1), int16(1), int32(1), int64(1), uint(1), uint8(1), uint16(1), uint32(1), uint64(1), 'a'} {
			expect(t, n, "Integer")
		}
		expect(t, true, "Boolean")
		expect(t, "s", "String")
		expect(t, []User{}, "List")
		expect(t, [2]int{}, "List")
		expect(t, map[string]User{}, "Dictionary")
	})
	t.Run("check 43: floats are no integers", func(t *testing.T) {
		expect(t, 1.5, "Float")
		expect(t, float32(0.5), "Float")
	})
	t.Run("check 44: named slices and maps", func(t *testing.T) {
		expect(t, mySlice{1}, "List")
		expect(t, myMap{"a": 1}, "Dictionary")
	})
	t.Run("check 45: field patterns of classes", func(t *testing.T) {
		must(t, o.RegisterConstant(Foo{"a", 1}, "foo"))
		for pattern, want := range map[string]bool{`Foo{Name: "a"}`: true, `Foo{Name: "b"}`: false, "Foo{Missing: 1}": false, `User{Name: "a"}`: false} {
			if got := holds(t, o, "foo matches "+pattern); got != want {
				t.Errorf("%s: got %v", pattern, got)
			}
		}
	})
	t.Run("check 46: dictionary patterns of structs", func(t *testing.T) {
		for pattern, want := range map[string]bool{"{Num: 1}": true, "{Num: 2}": false, "{}": true} {
			if got := holds(t, o, "foo matches "+pattern); got != want {
				t.Errorf("%s: got %v", pattern, got)
			}
		}
	})
	t.Run("check 47: interfaces", func(t *testing.T) {
		expect(t, struct{ User }{}, "Named", "Mutable") // and never Unmatched, which RegisterClass made
		expect(t, Widget{})
	})
}
