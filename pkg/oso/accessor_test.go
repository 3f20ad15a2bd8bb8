package oso_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// box has a value of some type as a field, and methods that give and take one.
type box[V any] struct{ F V }

func (b box[V]) Give() V                                       { return b.F }
func (b *box[V]) GiveFromPointer() V                           { return b.F }
func (b box[V]) GiveErr() (V, error)                           { return b.F, nil }
func (b box[V]) Fail() (V, error)                              { return b.F, errBox }
func (b box[V]) Take(v V) V                                    { return v }
func (b *box[V]) TakeTwo(v V, s string) []any                  { return []any{v, s} }
func (b box[V]) TakeAfterContext(ctx context.Context, v V) any { return []any{ctx.Err(), v} }
func (b box[V]) TakeThree(v V, n int8, s []string) string      { return fmt.Sprintf("%T %v %v", v, n, s) }

var errBox = errors.New("the box is broken")

const boxes = `
field(b, v) if v = b.F;
pattern(b, v) if b matches {F: v};
give(b, v) if v = b.Give();
give_from_pointer(b, v) if v = b.GiveFromPointer();
give_err(b, v) if v = b.GiveErr();
fail(b, v) if v = b.Fail();
kind(b, kind) if f = b.F and (f matches Integer and kind = "integer" or f matches String and kind = "string" or f matches List and kind = "list"
  or f matches Float and kind = "float" or f matches Boolean and kind = "boolean" or f matches Dictionary and kind = "dictionary"
  or f matches User and kind = "user" or f matches Text and kind = "text");
elements(b, v) if v in b.F;
not_one(b, _) if not b.F = 1;
take(b, x, v) if v = b.Take(x);
take_two(b, x, v) if v = b.TakeTwo(x, "s");
take_context(b, x, v) if v = b.TakeAfterContext(x);
take_three(b, x, v) if v = b.TakeThree(x, 3, ["a"]);
take_three_wrong(b, x, v) if v = b.TakeThree(x, 300, ["a"]);
too_few(b, x, v) if v = b.TakeTwo(x);
too_many(b, x, v) if v = b.TakeTwo(x, "s", x);
keywords(b, x, v) if v = b.Take(v: x);
`

var (
	boxRules     = []string{"field", "pattern", "give", "give_from_pointer", "give_err", "fail", "kind", "elements", "not_one"}
	boxTakeRules = []string{"take", "take_two", "take_context", "take_three", "take_three_wrong", "too_few", "too_many", "keywords"}
)

type Text string

type tree struct{ Left *tree }

// sameBoxes compares boxes of a type whose members are found by reflection with those that have accessors for them.
func sameBoxes[V any](t *testing.T, values ...V) {
	t.Helper()
	t.Run(reflect.TypeFor[V]().String(), func(t *testing.T) {
		for _, opts := range [][]oso.Option{nil, {oso.WithErrorResults()}} {
			plain, typed := newOso(t, "", opts...), newOso(t, "", opts...)
			for _, o := range []*oso.Oso{plain, typed} {
				must(t, o.RegisterClassWithName(box[V]{}, nil, "Box"))
				must(t, o.RegisterClass(Text(""), nil))
				must(t, o.LoadString(boxes))
			}
			must(t, typed.RegisterAccessors(
				oso.Field("F", func(b box[V]) V { return b.F }),
				oso.Method0("Give", box[V].Give),
				oso.Method0("GiveFromPointer", (*box[V]).GiveFromPointer),
				oso.Method0Err("GiveErr", (*box[V]).GiveErr),
				oso.Method0Err("Fail", box[V].Fail),
				oso.Method1("Take", box[V].Take),
				oso.Method2("TakeTwo", (*box[V]).TakeTwo),
				oso.Method2("TakeAfterContext", (*box[V]).TakeAfterContext),
				oso.Method3("TakeThree", (*box[V]).TakeThree),
			))
			ask := func(rule string, args ...any) {
				t.Helper()
				want, got := written(plain, rule, args...), written(typed, rule, args...)
				if want != got {
					t.Errorf("%s%v:\nby reflection: %s\nby accessors:  %s", rule, args, want, got)
				}
			}
			var arguments []any
			for _, v := range values {
				for _, b := range []any{box[V]{v}, &box[V]{v}} {
					for _, rule := range boxRules {
						ask(rule, b, types.Variable("v"))
					}
				}
				arguments = append(arguments, v, &v)
			}
			arguments = append(arguments, 1, -1, 300, int64(math.MaxInt64), 1.5, 2.0, "s", "", true, nil, []any{}, []int{1}, []string{"a"}, map[string]int{},
				map[string]any{"a": 1}, User{Name: "ann"}, &User{Name: "bob"}, Text("t"), errBox, types.Variable("x"))
			for _, x := range arguments {
				for _, rule := range boxTakeRules {
					ask(rule, &box[V]{}, x, types.Variable("v"))
				}
			}
		}
	})
}

// written runs a rule and writes down its results with their types, or its error.
func written(o *oso.Oso, rule string, args ...any) string {
	q, err := o.NewQueryFromRule(rule, args...)
	if err != nil {
		return "error: " + err.Error()
	}
	var lines []string
	for r, err := range q.All() {
		if err != nil {
			lines = append(lines, "error: "+err.Error())
			continue
		}
		v := r["v"]
		text := fmt.Sprintf("%T %+v", v, v)
		if list, ok := v.([]any); ok {
			for _, x := range list {
				text += fmt.Sprintf(" (%T)", x)
			}
		}
		lines = append(lines, text)
	}
	return address.ReplaceAllString(strings.Join(lines, "; "), "(address)")
}

var address = regexp.MustCompile("0x[0-9a-f]+")

func TestAccessorsGiveAndTakeWhatReflectionDoes(t *testing.T) {
	sameBoxes(t, "", "ann", "\xff")
	sameBoxes(t, true, false)
	sameBoxes(t, 0, 1, -1)
	sameBoxes[int8](t, -128, 127)
	sameBoxes[int16](t, 1)
	sameBoxes[int32](t, -1)
	sameBoxes[int64](t, math.MaxInt64, math.MinInt64)
	sameBoxes[uint](t, 1, math.MaxUint)
	sameBoxes[uint8](t, 255)
	sameBoxes[uint16](t, 1)
	sameBoxes[uint32](t, math.MaxUint32)
	sameBoxes[uint64](t, 1, math.MaxUint64)
	sameBoxes[uintptr](t, 1)
	sameBoxes(t, 1.5, 2, math.Inf(1), math.NaN())
	sameBoxes[float32](t, 0.5)
	sameBoxes(t, complex(1, 2))
	sameBoxes(t, Text("t"))
	sameBoxes(t, time.Second)
	sameBoxes(t, time.Unix(0, 0).UTC())
	sameBoxes(t, User{Name: "ann"})
	sameBoxes(t, &User{Name: "ann"}, nil)
	sameBoxes(t, Widget{Id: 1})
	sameBoxes(t, &tree{}, &tree{&tree{}})
	name := "ann"
	pointer := &name
	sameBoxes(t, pointer, nil)
	sameBoxes(t, &pointer)
	sameBoxes(t, []string{"a", "b"}, nil)
	sameBoxes(t, []Role{{Name: "owner"}})
	sameBoxes(t, []*User{{Name: "ann"}, nil})
	sameBoxes(t, [2]int{1, 2})
	sameBoxes(t, map[string]int{"a": 1}, nil)
	sameBoxes(t, map[Text]User{"a": {Name: "ann"}})
	sameBoxes(t, map[int]int{1: 1})
	cycle := []any{1, nil}
	cycle[1] = cycle
	sameBoxes(t, []any{1, "a", nil}, cycle)
	sameBoxes[any](t, nil, 1, "s", User{}, &User{}, []int{1}, types.Variable("open"))
	sameBoxes[error](t, nil, errBox)
	sameBoxes[fmt.Stringer](t, nil, time.Second)
	sameBoxes(t, types.Variable("open"))
	sameBoxes(t, types.Term{Value: types.Value{ValueVariant: types.ValueString("s")}})
	sameBoxes(t, func() {})
	closed := make(chan int)
	close(closed)
	sameBoxes(t, closed)
	sameBoxes(t, struct{ A int }{1})
}

type Account struct {
	name  string
	Level int
	Boss  *Account
}

func (a Account) Greeting() string { return "hello " + a.name }

func TestAccessorsHideFieldsAndMethods(t *testing.T) {
	o := newOso(t, `level(a, a.Level); greeting(a, a.Greeting()); name(a, a.name);
		grown(a) if a matches Account{Level: 2};`)
	must(t, o.RegisterClass(Account{}, nil))
	must(t, o.RegisterClassWithName(Account{}, nil, "Alias"))
	a := &Account{name: "ann", Level: 1}
	check := func(want string) {
		t.Helper()
		got := strings.Join([]string{written(o, "level", a, types.Variable("v")), written(o, "greeting", a, types.Variable("v")), written(o, "grown", a)}, "; ")
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	check("int64 1; string hello ann; ")
	must(t, o.RegisterAccessors(
		oso.Field("Level", func(a *Account) int { return a.Level + 1 }),
		oso.Method0("Greeting", func(a *Account) string { return "hi " + a.name }),
		oso.Field("name", func(a Account) string { return a.name }),
	))
	check("int64 2; string hi ann; <nil> <nil>")
	for _, x := range []any{a, *a} {
		if got := written(o, "name", x, types.Variable("v")); got != "string ann" {
			t.Errorf("name of %T: %s", x, got)
		}
	}
	must(t, o.RegisterClass(Text(""), nil)) // accessors stay
	check("int64 2; string hi ann; <nil> <nil>")
}

func TestAccessorsOfObjectsOnTheWay(t *testing.T) {
	o := newOso(t, `
		boss(a, v) if v = a.boss.boss.name;
		nobody(a) if a.boss = nil;
		part(u, v) if r in u.Roles and v = r.label;`)
	must(t, o.RegisterAccessors(
		oso.Field("boss", func(a *Account) *Account { return a.Boss }),
		oso.Field("name", func(a *Account) string { return a.name }),
		oso.Field("label", func(r Role) string { return "role " + r.Name }),
	))
	ann := &Account{name: "ann", Boss: &Account{Boss: &Account{name: "eve"}}}
	if got := written(o, "boss", ann, types.Variable("v")); got != "string eve" {
		t.Errorf("through pointers: %s", got)
	}
	for a, want := range map[*Account]bool{ann: false, ann.Boss.Boss: true} {
		if got, err := o.QueryRuleOnce("nobody", a); got != want || err != nil {
			t.Errorf("a nil pointer: %v, %v, want %v", got, err, want)
		}
	}
	u := &User{Roles: []Role{{Name: "owner"}, {Name: "reader"}}}
	if got := written(o, "part", u, types.Variable("v")); got != "string role owner; string role reader" {
		t.Errorf("elements of a list: %s", got)
	}
}

func TestWrongAccessorsAreRefused(t *testing.T) {
	o := newOso(t, `f(u) if u.name = "ann";`)
	name := func(u *User) string { return u.Name }
	tests := []struct {
		accessors []oso.Accessor
		want      string
	}{
		{[]oso.Accessor{oso.Field("", name)}, "has no name"},
		{[]oso.Accessor{oso.Field[*User, string]("name", nil)}, "has no func"},
		{[]oso.Accessor{oso.Method1Err[*User, int, string]("name", nil)}, "has no func"},
		{[]oso.Accessor{oso.Field("name", func(string) string { return "" })}, "it must be for a struct"},
		{[]oso.Accessor{oso.Field("name", func([]User) string { return "" })}, "it must be for a struct"},
		{[]oso.Accessor{oso.Field("name", func(fmt.Stringer) string { return "" })}, "it must be for a struct"},
		{[]oso.Accessor{oso.Field("name", func(**User) string { return "" })}, "it must be for a struct"},
		{[]oso.Accessor{oso.Field("name", name), oso.Field("name", func(u User) string { return u.Name })}, "oso_test.User has an accessor for the field name already"},
		{[]oso.Accessor{oso.Field("name", name), {}}, "accessor 2 was made by none"},
	}
	for _, tt := range tests {
		wantError(t, o.RegisterAccessors(tt.accessors...), tt.want)
	}
	if got := written(o, "f", &User{Name: "ann"}); !strings.Contains(got, "has no attribute 'name'") {
		t.Errorf("a refused accessor is there: %s", got)
	}
	must(t, o.RegisterAccessors())
	must(t, o.RegisterAccessors(oso.Field("name", name), oso.Method0("name", name)))
	wantError(t, o.RegisterAccessors(oso.Method0("name", name)), "for the method name already")
	wantError(t, (&oso.Oso{}).RegisterAccessors(oso.Field("name", name)), "not usable")
}

func TestAccessorsThatFail(t *testing.T) {
	policy := `
		read(u) if u.name = "ann";
		absent(u) if not u.name = "ann";
		pattern(u) if u matches {name: "ann"};
		no_pattern(u) if not u matches {name: "ann"};
		head(_: User{name: "ann"});
		call(u) if u.name() = "ann";
		all(u) if forall(_x in [1], u.name = "ann");`
	rules := []string{"read", "absent", "pattern", "no_pattern", "head", "call", "all"}
	fails := map[string]func() string{
		"error": func() string { panic(errBox) },
		"nil":   func() string { var u *User; return u.Name },
	}
	for what, fail := range fails {
		o := newOso(t, policy)
		must(t, o.RegisterAccessors(
			oso.Field("name", func(*User) string { return fail() }),
			oso.Method0("name", func(*User) string { return fail() }),
		))
		for _, rule := range rules {
			granted, err := o.QueryRuleOnce(rule, &User{})
			if _, ok := errors.AsType[*osoerrors.HostPanicError](err); granted || !ok {
				t.Errorf("%s in %s: %v, %v", what, rule, granted, err)
			}
			if fpe, ok := errors.AsType[*osoerrors.FormattedPolarError](err); !ok || fpe.Code() != "RuntimeError::Application" {
				t.Errorf("%s in %s: %v has no place", what, rule, err)
			}
		}
	}
	o := newOso(t, policy)
	must(t, o.RegisterAccessors(oso.FieldContext("name", func(context.Context, *User) (string, error) { return "ann", errBox })))
	for _, rule := range rules {
		granted, err := o.QueryRuleOnce(rule, &User{})
		if rule != "call" && (granted || !errors.Is(err, errBox)) {
			t.Errorf("an error in %s: %v, %v", rule, granted, err)
		}
	}
}

func TestAnAccessorThatEndsItsGoroutine(t *testing.T) {
	o := newOso(t, `read(u) if u.name = "ann";`)
	must(t, o.RegisterAccessors(oso.Field("name", func(u *User) string {
		if u.Admin {
			runtime.Goexit()
		}
		return u.Name
	})))
	granted := false
	done := make(chan struct{})
	go func() {
		defer close(done)
		granted, _ = o.QueryRuleOnce("read", &User{Name: "ann", Admin: true})
	}()
	<-done
	if granted {
		t.Error("granted")
	}
	if ok, err := o.QueryRuleOnce("read", &User{Name: "ann"}); !ok || err != nil {
		t.Errorf("the next query: %v, %v", ok, err)
	}
}

func TestAccessorsAndTime(t *testing.T) {
	o := newOso(t, `slow(u) if u.slow = true; waiting(u) if u.waiting = true; asked(u, v) if v = u.value;`, oso.WithTimeout(20*time.Millisecond))
	type key struct{}
	must(t, o.RegisterAccessors(
		oso.Field("slow", func(*User) bool { time.Sleep(40 * time.Millisecond); return true }),
		oso.FieldContext("waiting", func(ctx context.Context, _ *User) (bool, error) { <-ctx.Done(); return true, ctx.Err() }),
		oso.FieldContext("value", func(ctx context.Context, _ *User) (string, error) { return ctx.Value(key{}).(string), nil }),
	))
	for _, rule := range []string{"slow", "waiting"} {
		if granted, err := o.QueryRuleOnce(rule, &User{}); granted || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v, %v", rule, granted, err)
		}
	}
	q, err := o.NewQueryFromRuleContext(context.WithValue(t.Context(), key{}, "from the caller"), "asked", &User{}, types.Variable("v"))
	must(t, err)
	all, err := q.GetAllResults()
	if must(t, err); show(all) != "v:from the caller" {
		t.Errorf("got %s", show(all))
	}
}

func TestAccessorsMayChangeWhatAPolicyReadsLater(t *testing.T) {
	o := newOso(t, `
		f(a: Account) if a.promoted = "never";
		f(a: Account) if a.Level = 2;
		f(a: Account) if a.Level = 3;
		g(a: Account) if a.Level = 1 and a.promoted = 2 and a.Level = 2;`)
	must(t, o.RegisterClass(Account{}, nil))
	must(t, o.RegisterAccessors(oso.Field("promoted", func(a *Account) int { a.Level++; return a.Level })))
	for _, rule := range []string{"f", "g"} {
		if ok, err := o.QueryRuleOnce(rule, &Account{Level: 1}); !ok || err != nil {
			t.Errorf("%s: %v, %v", rule, ok, err)
		}
	}
}

func TestAccessorsMayAskAgain(t *testing.T) {
	o := newOso(t, `outer(u) if u.inner = true; inner(u) if u.Name = "ann";`)
	must(t, o.RegisterAccessors(oso.Field("inner", func(u *User) bool {
		ok, err := o.QueryRuleOnce("inner", u)
		return ok && err == nil
	})))
	if ok, err := o.QueryRuleOnce("outer", &User{Name: "ann"}); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
}

func TestAResolverIsAskedBeforeAccessors(t *testing.T) {
	answer := oso.ResolverFunc(func(_ context.Context, questions []*oso.Question) error {
		for _, q := range questions {
			if q.Receiver.(*User).Admin {
				q.Pass()
			} else {
				q.Answer("resolved")
			}
		}
		return nil
	})
	o := newOso(t, `name(u, u.name);`, oso.WithResolver(answer, "User.name"))
	must(t, o.RegisterAccessors(oso.Field("name", func(*User) string { return "accessor" })))
	for admin, want := range map[bool]string{false: "string resolved", true: "string accessor"} {
		if got := written(o, "name", &User{Admin: admin}, types.Variable("v")); got != want {
			t.Errorf("%v: %s", admin, got)
		}
	}
	allowed, rec, err := o.Record(t.Context(), "name", &User{Admin: true}, "accessor")
	if !allowed || err != nil {
		t.Fatal(allowed, err)
	}
	if again, err := rec.Replay(t.Context()); !again || err != nil {
		t.Errorf("replayed: %v, %v", again, err)
	}
}
