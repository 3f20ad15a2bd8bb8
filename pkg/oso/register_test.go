package oso_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

type rank string

type embedding struct{ User }

type named interface{ Hello() string }

func (u User) Hello() string     { return "hello " + u.Name }
func (u *User) SetName(n string) { u.Name = n }

type mutable interface{ SetName(string) }

func TestClassesAreGivenByValueOrType(t *testing.T) {
	for name, cls := range map[string]any{"value": User{}, "pointer": &User{}, "type": reflect.TypeFor[User](), "nil pointer": (*User)(nil)} {
		o, err := oso.New()
		must(t, err)
		must(t, o.RegisterClass(cls, nil))
		for _, u := range []any{User{}, &User{}} {
			must(t, o.ClearRules())
			must(t, o.ReplaceString("allow(_: User, _, _);"))
			if ok, err := o.IsAllowed(u, 1, 2); !ok || err != nil {
				t.Errorf("registered by %s: %T does not match: %v", name, u, err)
			}
		}
	}
}

func TestClassNamesAreTaken(t *testing.T) {
	o := newOso(t, "")
	for _, name := range []string{"User", "Integer", "String"} {
		err := o.RegisterClassWithName(Widget{}, nil, name)
		if !errors.As(err, new(*osoerrors.DuplicateClassAliasError)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, name := range []string{"Actor", "Resource"} {
		if err := o.RegisterClassWithName(Widget{}, nil, name); code(err) != "RuntimeError::InvalidRegistration" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	wantError(t, o.RegisterClass(nil, nil), "nil")
	wantError(t, o.RegisterClass(struct{ A int }{}, nil), "RegisterClassWithName")
	wantError(t, o.RegisterClassWithName(User{}, nil, ""), "name")
	wantError(t, o.RegisterClassWithName(User{}, 5, "Five"), "Constructor must be a function")
	must(t, o.RegisterClassWithName(User{}, nil, "Five"))
	must(t, o.LoadString("f(_: Five);"))
}

func TestMatching(t *testing.T) {
	o := newOso(t, "")
	must(t, o.RegisterClassWithName(User{}, nil, "Person"))
	must(t, o.RegisterClassWithName(rank(""), nil, "Rank"))
	must(t, o.RegisterClassWithName(mySlice{}, nil, "MySlice"))
	must(t, o.RegisterClassWithName(myMap{}, nil, "MyMap"))
	must(t, o.RegisterClassWithName(reflect.TypeFor[named](), nil, "IfaceClass"))
	must(t, oso.RegisterInterface[named](o, "Named"))
	must(t, oso.RegisterInterface[mutable](*o, "Mutable"))
	u := &User{Name: "ann"}
	classes := strings.Fields("User Person Rank MySlice MyMap IfaceClass Named Mutable Integer Float String Boolean List Dictionary")
	var policy strings.Builder
	for _, c := range classes {
		policy.WriteString("is(x, \"" + c + "\") if x matches " + c + ";\n")
	}
	must(t, o.LoadString(policy.String()))
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"value", *u, "User Person Named Mutable"},
		{"pointer", u, "User Person Named Mutable"},
		{"pointer to pointer", &u, "User Person Named Mutable"},
		{"embedding", embedding{}, "Named Mutable"},
		{"named string", rank("x"), "Rank"},
		{"string", "x", "String"},
		{"int", 1, "Integer"},
		{"uint8", uint8(1), "Integer"},
		{"float", 1.5, "Float"},
		{"float32", float32(0.5), "Float"},
		{"bool", true, "Boolean"},
		{"slice", []int{1}, "List"},
		{"array", [1]int{1}, "List"},
		{"named slice", mySlice{1}, "List"},
		{"map", map[string]int{"a": 1}, "Dictionary"},
		{"named map", myMap{"a": 1}, "Dictionary"},
		{"nil", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range classes {
				ok, err := o.QueryRuleOnce("is", tt.in, c)
				must(t, err)
				if ok {
					got = append(got, c)
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %s, want %s", s, tt.want)
			}
		})
	}
}

type mySlice []int
type myMap map[string]int

func TestFieldPatterns(t *testing.T) {
	o := newOso(t, `f(x) if x matches Foo{Name: "a"}; g(x) if x matches {Num: 1}; h(x) if x matches Foo{Missing: 1};`)
	for _, tt := range []struct {
		rule string
		in   Foo
		want bool
	}{
		{"f", Foo{Name: "a"}, true}, {"f", Foo{Name: "b"}, false}, {"g", Foo{Num: 1}, true}, {"g", Foo{Num: 2}, false}, {"h", Foo{}, false},
	} {
		if ok, err := o.QueryRuleOnce(tt.rule, tt.in); ok != tt.want || err != nil {
			t.Errorf("%s(%v): got %v, %v", tt.rule, tt.in, ok, err)
		}
	}
}

func TestRulesOfInterfacesAreLessSpecific(t *testing.T) {
	o := newOso(t, "")
	must(t, oso.RegisterInterface[named](o, "Named"))
	must(t, o.LoadString(`f(_: Named, "named"); f(_: User, "user");`))
	q, err := o.NewQueryFromRule("f", User{}, variable("x"))
	must(t, err)
	all, err := q.GetAllResults()
	must(t, err)
	if got := show(all); got != "x:user\nx:named" {
		t.Errorf("got %q", got)
	}
}

func TestClassConstantsAreZeroValues(t *testing.T) {
	o := newOso(t, "")
	for query, want := range map[string]string{
		"x = Foo":                          "x:{ 0}",
		"x = Foo.Name":                     "x:",
		"x = Integer":                      "x:0",
		"x = String":                       "x:",
		"x = List":                         "x:[]",
		"x = Dictionary":                   "x:map[]",
		"x = Boolean":                      "x:false",
		"x = User.Hello()":                 "x:hello ",
		"Foo matches Foo and x = 1":        "x:1",
		"x = nil":                          "x:<nil>",
		"x = new Foo(\"hello\", 123).Name": "x:hello",
	} {
		if got := results(t, o, query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

type env struct{ vars map[string]string }

func (e env) Var(name string) string { return e.vars[name] }

func (e env) Apply(f func(int) int, n int) int { return f(n) }

func TestConstants(t *testing.T) {
	o := newOso(t, "")
	must(t, o.RegisterConstant([]string{"a", "b"}, "Names"))
	must(t, o.RegisterConstant(map[string]any{"key": 1.5}, "Cfg"))
	must(t, o.RegisterConstant(&Foo{Num: 7}, "F"))
	must(t, o.RegisterConstant(env{map[string]string{"HOME": "/"}}, "Env"))
	must(t, o.RegisterConstant(func(n int) int { return n + 1 }, "Inc"))
	for query, want := range map[string]string{
		"x in Names":             "x:a\nx:b",
		"x = Cfg.key":            "x:1.5",
		"x = F.Num":              "x:7",
		`x = Env.Var("HOME")`:    "x:/",
		"x = Env.Apply(Inc, 41)": "x:42",
		"F matches Foo and x=1":  "x:1",
	} {
		if got := results(t, o, query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	must(t, o.LoadString("f(x) if x = F; is_foo(x) if x matches Foo;"))
	must(t, o.RegisterConstant(8, "F"))
	if got := results(t, o, "f(x)"); got != "x:8" {
		t.Errorf("a replaced constant: got %q", got)
	}
	must(t, o.RegisterConstant("foo", "Foo"))
	if got := results(t, o, "x = Foo"); got != "x:foo" {
		t.Errorf("a constant over a class: got %q", got)
	}
	if ok, err := o.QueryRuleOnce("is_foo", Foo{}); !ok || err != nil {
		t.Errorf("the class is gone: %v, %v", ok, err)
	}
	must(t, o.RegisterClassWithName(env{}, func() env { return env{} }, "Late"))
	if got := results(t, o, "new Late() matches Late and x = 1"); got != "x:1" {
		t.Errorf("a class registered after loading: got %q", got)
	}
	wantError(t, o.RegisterConstant(map[int]int{}, "M"), "keys")
}

func TestRuleTypesOfActors(t *testing.T) {
	o := newOso(t, "")
	err := o.LoadString("actor User {} type is_actor(_actor: Actor); is_actor(_: User);")
	must(t, err)
	err = newOso(t, "").LoadString("actor User {} type is_actor(_actor: Actor); is_actor(_: Foo);")
	wantError(t, err, "nvalid rule")
}
