package oso_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

// queries runs query texts and compares their results; see results for the form.
func queries(t *testing.T, o *oso.Oso, want map[string]string) {
	t.Helper()
	for query, results_ := range want {
		if got := results(t, o, query); got != results_ {
			t.Errorf("%s: got %q, want %q", query, got, results_)
		}
	}
}

// applicationErrors runs query texts that must fail with RuntimeError::Application and a text.
func applicationErrors(t *testing.T, o *oso.Oso, want map[string]string) {
	t.Helper()
	for query, text := range want {
		err := queryError(t, o, query)
		if code(err) != "RuntimeError::Application" || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: got %s, %v", query, code(err), err)
		}
	}
}

type team string

type promoted struct{ Thing }

type pointers struct{ *Foo }

func TestChecklistConversions(t *testing.T) {
	o := newOso(t, "is_nil(x) if x = nil; same(x, x);")
	out := func(t *testing.T, in any) any {
		t.Helper()
		q, err := o.NewQueryFromRule("same", in, variable("x"))
		must(t, err)
		r, err := q.Next()
		must(t, err)
		return (*r)["x"]
	}
	thing := &Thing{Company: &Company{Id: 3}, inner: inner{4}, Ratio: 1.9, Name: "n", Any: &Foo{"any", 2}}
	must(t, o.RegisterConstant(thing, "t"))
	must(t, o.RegisterConstant(Thing{}, "empty"))
	t.Run("check 48: what is nil", func(t *testing.T) {
		for _, x := range []any{nil, (*User)(nil), error(nil), (**User)(nil)} {
			if ok, err := o.QueryRuleOnce("is_nil", x); !ok || err != nil {
				t.Errorf("%T: got %v, %v", x, ok, err)
			}
		}
		if !holds(t, o, "empty.Any = nil and empty.Err = nil and empty.Ptr = nil") {
			t.Error("nil fields are not nil")
		}
	})
	t.Run("check 49: nil slices and maps are empty", func(t *testing.T) {
		if diff := cmp.Diff([]any{[]any{}, map[string]any{}}, []any{out(t, []int(nil)), out(t, map[string]int(nil))}); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("check 50: floats survive", func(t *testing.T) {
		if diff := cmp.Diff([]any{1.9, 0.5}, []any{out(t, 1.9), out(t, float32(0.5))}); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		queries(t, o, map[string]string{"x = t.Ratio": "x:1.9", "x = t.Floats(2.25)": "x:2.25"})
	})
	t.Run("check 51: integers beyond 64 bits", func(t *testing.T) {
		large := []any{uint64(math.MaxInt64) + 1}
		if math.MaxUint > math.MaxUint32 {
			large = append(large, uint(math.MaxUint))
		}
		for _, n := range large {
			_, err := o.NewQueryFromRule("is_nil", n)
			wantError(t, err, "Invalid integer")
		}
		if got := out(t, uint64(math.MaxInt64)); got != int64(math.MaxInt64) {
			t.Errorf("got %v", got)
		}
	})
	t.Run("check 52: keys of maps", func(t *testing.T) {
		_, err := o.NewQueryFromRule("is_nil", map[int]string{1: "a"})
		wantError(t, err, "int")
		if diff := cmp.Diff(map[string]any{"a": int64(1)}, out(t, map[team]int{"a": 1})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("check 53: nested slices of pointers", func(t *testing.T) {
		must(t, o.RegisterConstant([][]*User{{{Name: "a"}}, {{Name: "b"}, nil}}, "Teams"))
		n := 0
		q, err := o.NewQueryFromStr("team in Teams and u in team and u matches User")
		must(t, err)
		for _, err := range q.All() {
			must(t, err)
			n++
		}
		if n != 2 {
			t.Errorf("%d users", n)
		}
	})
	t.Run("check 54: bytes and runes are integers", func(t *testing.T) {
		if diff := cmp.Diff([]any{[]any{int64(97)}, int64(98), int64(99)}, []any{out(t, []byte("a")), out(t, 'b'), out(t, byte('c'))}); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("check 55: variables inside a list", func(t *testing.T) {
		q, err := o.NewQueryFromRule("same", []any{variable("a"), 2}, []any{1, variable("b")})
		must(t, err)
		all, err := q.GetAllResults()
		must(t, err)
		if got := show(all); got != "a:1 b:2" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("check 56: fields, promoted and behind interfaces", func(t *testing.T) {
		must(t, o.RegisterConstant(promoted{*thing}, "p"))
		must(t, o.RegisterConstant(&Thing{Any: Foo{"value", 1}}, "v"))
		queries(t, o, map[string]string{
			"x = t.Name": "x:n", "x = t.Id": "x:3", "x = t.Deep": "x:4", "x = p.Deep": "x:4", "x = p.Name": "x:n",
			"x = t.Any.Name": "x:any", "x = v.Any.Name": "x:value",
		})
	})
	t.Run("check 57: fields that cannot be read", func(t *testing.T) {
		must(t, o.RegisterConstant(func() {}, "fn"))
		must(t, o.RegisterConstant(pointers{}, "hollow"))
		must(t, o.RegisterConstant(rank("r"), "r"))
		applicationErrors(t, o, map[string]string{
			"x = t.secret": "no attribute 'secret'", "y = 1 and x = y.F": "no attribute 'F'", `y = "s" and x = y.F`: "no attribute 'F'",
			"y = [] and x = y.F": "no attribute 'F'", "x = fn.F": "no attribute 'F'", "x = hollow.Name": "no attribute 'Name'", "x = r.F": "no attribute 'F'",
		})
	})
	t.Run("check 58: the text of missing attributes", func(t *testing.T) {
		must(t, o.RegisterConstant(Foo{"a", 1}, "foo"))
		applicationErrors(t, o, map[string]string{
			"y = 1 and x = y.Foo()": "'1' object has no attribute 'Foo'", "x = foo.Bar": "'{a 1}' object has no attribute 'Bar'",
		})
	})
	t.Run("check 59: methods are no fields, fields no methods", func(t *testing.T) {
		applicationErrors(t, o, map[string]string{
			"x = t.Greet": "no attribute 'Greet'", "x = t.greet(\"a\")": "no attribute 'greet'", "x = t.name": "no attribute 'name'", "x = t.Func()": "no attribute 'Func'",
		})
	})
	t.Run("check 60: computed names", func(t *testing.T) {
		queries(t, o, map[string]string{`n = "Name" and x = t.(n)`: "n:Name x:n", `k = "a" and d = {a: 1} and x = d.(k)`: "d:map[a:1] k:a x:1"})
	})
	t.Run("check 61: missing keys", func(t *testing.T) {
		queries(t, o, map[string]string{"d = {a: 1} and x = d.b": ""})
	})
	t.Run("check 62: cyclic slices and maps", func(t *testing.T) {
		list := []any{nil}
		list[0] = list
		dict := map[string]any{}
		dict["self"] = dict
		for _, x := range []any{list, dict} {
			_, err := o.NewQueryFromRule("is_nil", x)
			wantError(t, err, "cyclic")
		}
	})
}

// argument has one method for each kind of parameter; the results show what arrived.
type argument struct{}

func (argument) Int(n int) int                          { return n }
func (argument) Uint8(n uint8) uint8                    { return n }
func (argument) Float(f float64) float64                { return f }
func (argument) String(s string) string                 { return s }
func (argument) Team(s team) string                     { return string(s) }
func (argument) Ints(l []int) int                       { return len(l) }
func (argument) Nested(l [][]int) int                   { return l[0][0] }
func (argument) Anys(l []interface{}) int               { return len(l) }
func (argument) Array(l [2]int) int                     { return l[1] }
func (argument) Map(m map[string]int) int               { return m["a"] }
func (argument) AnyMap(m map[string]interface{}) int    { return len(m) }
func (argument) Foo(f Foo) string                       { return f.Name }
func (argument) Pointer(f *Foo) bool                    { return f == nil }
func (argument) Stringer(s fmt.Stringer) bool           { return s == nil }
func (argument) Named(n named) string                   { return n.Hello() }
func (argument) Any(x interface{}) string               { return fmt.Sprintf("%T", x) }
func (argument) Rest(s string, n ...int) int            { return len(s) + len(n) }
func (argument) Nothing()                               {}
func (argument) Two() (int, string)                     { return 1, "b" }
func (argument) NoError() (int, error)                  { return 1, nil }
func (argument) NilPointer() *Foo                       { return nil }
func (argument) Context(ctx context.Context, n int) any { return fmt.Sprint(ctx.Value(tenantKey{}), n) }

func TestChecklistMethods(t *testing.T) {
	o := newOso(t, "call(t) if t.Panic(); tenant(a, x) if x = a.Context(7);")
	must(t, o.RegisterConstant(argument{}, "a"))
	must(t, o.RegisterConstant(Thing{Name: "n"}, "t"))
	must(t, o.RegisterConstant(rank("r"), "r"))
	must(t, o.RegisterConstant(team("blue"), "blue"))
	must(t, o.RegisterConstant(&User{Name: "u"}, "u"))
	must(t, o.RegisterConstant(promoted{}, "p"))
	t.Run("check 63: receivers", func(t *testing.T) {
		queries(t, o, map[string]string{
			`x = t.Greet("a")`: "x:an", "x = t.Increment()": "x:1", `x = p.Greet("a")`: "x:a", "x = p.Increment()": "x:1", "x = u.Hello()": "x:hello u",
		})
	})
	t.Run("check 64: methods run on the object that was handed in", func(t *testing.T) {
		u := &User{Name: "old"}
		must(t, o.RegisterConstant(u, "changing"))
		if !holds(t, o, `changing.SetName("new") = [] and changing.Name = "new"`) || u.Name != "new" {
			t.Errorf("the object is %v", u)
		}
	})
	t.Run("check 65: counts of arguments", func(t *testing.T) {
		for _, query := range []string{"x = a.Int()", "x = a.Int(1, 2)", "x = a.Nothing(1)"} {
			err := queryError(t, o, query)
			wrapper, ok := errors.AsType[*osoerrors.ErrorWithAdditionalInfo](err)
			if !ok || !errors.As(wrapper.Inner, new(*osoerrors.InvalidCallError)) {
				t.Errorf("%s: got %v", query, err)
			}
			wantError(t, err, "incorrect number of arguments")
		}
	})
	t.Run("check 66: variadic methods", func(t *testing.T) {
		queries(t, o, map[string]string{`x = a.Rest("a")`: "x:1", `x = a.Rest("a", 1, 2)`: "x:3"})
		wantError(t, queryError(t, o, "x = a.Rest()"), "incorrect number of arguments")
	})
	t.Run("check 67: conversions that fit", func(t *testing.T) {
		queries(t, o, map[string]string{
			"x = a.Float(2)": "x:2", "x = a.Ints([1, 2])": "x:2", "x = a.Nested([[7]])": "x:7", `x = a.Anys([1, "a"])`: "x:2", `x = a.Team("red")`: "x:red",
			"x = a.Team(blue)": "x:blue", `x = a.Foo(new Foo("f", 1))`: "x:f", "x = a.Named(u)": "x:hello u", "x = a.Array([1, 2])": "x:2", "x = a.Int(2.0)": "x:2",
		})
	})
	t.Run("check 68: conversions that do not", func(t *testing.T) {
		for _, query := range []string{
			`a.Int("1")`, "a.String(5)", "a.String(true)", "a.Uint8(300)", "a.Uint8(-1)", "a.Int(2.9)", "a.String(nil)", "a.Array([1])", "a.Array([1, 2, 3])",
			"a.Foo(u)", "a.Stringer(u)", "a.Ints(1)", "a.Map([1])",
		} {
			err := queryError(t, o, "x = "+query)
			if !errors.As(err, new(*osoerrors.InvalidCallError)) {
				t.Errorf("%s: got %v", query, err)
			}
		}
		if queryError(t, o, "x = a.String(y)") == nil {
			t.Error("an unbound variable: no error")
		}
	})
	t.Run("check 69: maps, pointers and nil", func(t *testing.T) {
		queries(t, o, map[string]string{
			"x = a.Map({a: 3})": "x:3", `x = a.AnyMap({a: 3, b: "c"})`: "x:2", `x = a.Pointer(new Foo("f", 1))`: "x:false",
			"x = a.Pointer(nil)": "x:true", "x = a.Ints(nil)": "x:0", "x = a.Stringer(nil)": "x:true", "x = a.Any(nil)": "x:<nil>",
		})
	})
	t.Run("check 70: what an empty interface gets", func(t *testing.T) {
		queries(t, o, map[string]string{
			"x = a.Any(1)": "x:int64", "x = a.Any(1.5)": "x:float64", `x = a.Any("s")`: "x:string", "x = a.Any(true)": "x:bool",
			"x = a.Any([1])": "x:[]interface {}", "x = a.Any({a: 1})": "x:map[string]interface {}", `x = a.Any(new Foo("f", 1))`: "x:oso_test.Foo", "x = a.Any(nil)": "x:<nil>",
		})
	})
	t.Run("check 71: keyword arguments", func(t *testing.T) {
		if err := queryError(t, o, "x = a.Int(n: 1)"); !errors.As(err, new(*osoerrors.KwargsError)) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("check 72: results", func(t *testing.T) {
		queries(t, o, map[string]string{
			"x = a.Nothing()": "x:[]", "x = a.Two()": "x:[1 b]", "x = a.NoError()": "x:[1 <nil>]", "x = a.NilPointer()": "x:<nil>",
		})
	})
	t.Run("check 73: methods that return an error", func(t *testing.T) {
		if err := queryError(t, o, "t.Fail()"); code(err) != "RuntimeError::TypeError" {
			t.Errorf("got %v", err)
		}
		strict := newOso(t, "f(t) if t.Fail(); g(t) if t.Pair() = 1;", oso.WithErrorResults())
		if ok, err := strict.QueryRuleOnce("f", Thing{}); ok || !errors.Is(err, errBroken) {
			t.Errorf("got %v, %v", ok, err)
		}
		if ok, err := strict.QueryRuleOnce("g", Thing{}); !ok || err != nil {
			t.Errorf("got %v, %v", ok, err)
		}
	})
	t.Run("check 74: panics", func(t *testing.T) {
		const policy = "allow(t, _, _) if t.Panic(); call(t) if t.Panic();"
		o := newOso(t, policy)
		_, allowed := o.IsAllowed(Thing{}, 1, 2)
		q, err := o.NewQueryFromRule("call", Thing{})
		must(t, err)
		_, next := q.Next()
		_, channel := collect(o.QueryRule("call", Thing{}))
		for i, err := range []error{allowed, next, channel} {
			if p, ok := errors.AsType[*osoerrors.HostPanicError](err); !ok || p.Value != errBroken || code(err) != "RuntimeError::Application" {
				t.Errorf("%d: got %v", i, err)
			}
		}
		defer func() {
			if v := recover(); v != errBroken {
				t.Errorf("recovered %v", v)
			}
		}()
		q, err = newOso(t, policy, oso.WithPanicPropagation()).NewQueryFromRule("call", Thing{})
		must(t, err)
		_, err = q.Next()
		t.Errorf("no panic, but %v", err)
	})
	t.Run("check 75: the context of the query", func(t *testing.T) {
		ctx := context.WithValue(t.Context(), tenantKey{}, "acme")
		q, err := o.NewQueryFromRuleContext(ctx, "tenant", argument{}, variable("x"))
		must(t, err)
		r, err := q.Next()
		must(t, err)
		if diff := cmp.Diff(&map[string]any{"x": "acme7"}, r); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// version orders by a number, also against its relatives that cannot order themselves.
type version struct{ N int }

type plainVersion struct{ N int }

func (v version) against(other interface{}) (int, bool) {
	switch o := other.(type) {
	case version:
		return o.N, true
	case *pointerVersion:
		return o.N, true
	case plainVersion:
		return o.N, true
	case int64:
		return int(o), true
	}
	return 0, false
}

func (v version) Equal(other interface{}) bool { n, ok := v.against(other); return ok && v.N == n }
func (v version) Lt(other interface{}) bool    { n, ok := v.against(other); return ok && v.N < n }

type pointerVersion struct{ N int }

func (v *pointerVersion) Equal(other interface{}) bool { return version{v.N}.Equal(other) }
func (v *pointerVersion) Lt(other interface{}) bool    { return version{v.N}.Lt(other) }

// never is neither less than nor equal to anything, like a NaN; least is less than everything else.
type never struct{}

func (never) Equal(interface{}) bool { return false }
func (never) Lt(interface{}) bool    { return false }

type least struct{}

func (least) Equal(other interface{}) bool { _, ok := other.(least); return ok }
func (least) Lt(other interface{}) bool    { _, ok := other.(least); return !ok }

// spy notes the types it is compared with.
type spy struct{ seen *[]string }

func (s spy) Equal(other interface{}) bool {
	*s.seen = append(*s.seen, fmt.Sprintf("%T", other))
	return true
}
func (s spy) Lt(other interface{}) bool { return s.Equal(other) }

const operators = `
op("=", x, y) if x = y; op("==", x, y) if x == y; op("!=", x, y) if x != y;
op("<", x, y) if x < y; op("<=", x, y) if x <= y; op(">", x, y) if x > y; op(">=", x, y) if x >= y;
`

func TestChecklistComparisons(t *testing.T) {
	o := newOso(t, operators)
	const failed = "error"
	compare := func(t *testing.T, op string, x, y any) string {
		t.Helper()
		ok, err := o.QueryRuleOnce("op", op, x, y)
		if err != nil {
			wantError(t, err, "Unsupported operation")
			return failed
		}
		return fmt.Sprint(ok)
	}
	row := func(t *testing.T, x, y any) string {
		t.Helper()
		var b strings.Builder
		for _, op := range strings.Fields("= == != < <= > >=") {
			b.WriteString(compare(t, op, x, y) + " ")
		}
		return strings.TrimSpace(b.String())
	}
	rows := func(t *testing.T, table [][3]any) {
		t.Helper()
		for _, r := range table {
			if got := row(t, r[0], r[1]); got != r[2] {
				t.Errorf("%T%v and %T%v: got %s, want %s", r[0], r[0], r[1], r[1], got, r[2])
			}
		}
	}
	t.Run("check 76: structs are equal by contents", func(t *testing.T) {
		rows(t, [][3]any{
			{Foo{"a", 1}, Foo{"a", 1}, "true true false error error error error"},
			{Foo{"a", 1}, Foo{"a", 2}, "false false true error error error error"},
			{Foo{"a", 1}, User{}, "false false true error error error error"},
		})
	})
	t.Run("check 77: who has a Comparer", func(t *testing.T) {
		rows(t, [][3]any{
			{version{1}, version{2}, "false false true true true false false"},
			{version{2}, version{2}, "true true false false true false true"},
			{version{3}, version{2}, "false false true false false true true"},
			{version{1}, plainVersion{2}, "false false true true true error error"},
			{version{2}, plainVersion{2}, "true true false false true error error"},
			{plainVersion{2}, version{1}, "false false true error error true true"},
			{plainVersion{2}, version{2}, "true true false error error false true"},
			{plainVersion{1}, plainVersion{1}, "true true false error error error error"},
		})
	})
	t.Run("check 78: orders with holes and ends", func(t *testing.T) {
		rows(t, [][3]any{
			{never{}, never{}, "false false true false false false false"},
			{least{}, version{1}, "false false true true true false false"},
			{version{1}, least{}, "false false true false false true true"},
			{least{}, least{}, "true true false false true false true"},
		})
		if got := compare(t, "<", least{}, 5); got != "true" {
			t.Errorf("least < 5: %s", got)
		}
		if got := compare(t, ">", 5, least{}); got != "true" {
			t.Errorf("5 > least: %s", got)
		}
	})
	t.Run("check 79: a Comparer gets int64", func(t *testing.T) {
		var seen []string
		for _, op := range []string{"=", "<"} {
			if got := compare(t, op, spy{&seen}, 5); got != "true" {
				t.Errorf("%s: %s", op, got)
			}
		}
		if diff := cmp.Diff([]string{"int64", "int64"}, seen); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("check 80: pointer receivers and times", func(t *testing.T) {
		noon := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
		zone := noon.In(time.FixedZone("there", 7200))
		rows(t, [][3]any{
			{&pointerVersion{1}, &pointerVersion{2}, "false false true true true false false"},
			{noon, zone, "true true false false true false true"},
			{noon, zone.Add(time.Second), "false false true true true false false"},
		})
	})
	t.Run("check 81: named strings and strings", func(t *testing.T) {
		if got := compare(t, "=", rank("admin"), "admin"); got != "false" {
			t.Errorf("got %s", got)
		}
		loose := newOso(t, operators, oso.WithUnderlyingEquality())
		if ok, err := loose.QueryRuleOnce("op", "=", rank("admin"), "admin"); !ok || err != nil {
			t.Errorf("got %v, %v", ok, err)
		}
	})
	t.Run("check 82: funcs are not equal to themselves", func(t *testing.T) {
		x := Thing{Func: func() int { return 1 }}
		if got := compare(t, "=", x, x); got != "false" {
			t.Errorf("got %s", got)
		}
		if got := compare(t, "=", Thing{}, Thing{}); got != "true" {
			t.Errorf("without: got %s", got)
		}
	})
	t.Run("check 83: lists of structs", func(t *testing.T) {
		if got := compare(t, "=", []Foo{{"a", 1}, {"b", 2}}, []Foo{{"a", 1}, {"b", 2}}); got != "true" {
			t.Errorf("got %s", got)
		}
		if got := compare(t, "=", []Foo{{"a", 1}}, []Foo{{"a", 2}}); got != "false" {
			t.Errorf("got %s", got)
		}
	})
}

type walked struct{ List []int }

func (w walked) Iter() <-chan interface{} {
	ch := make(chan interface{}, len(w.List))
	for _, n := range w.List {
		ch <- n
	}
	close(ch)
	return ch
}

type pointerWalked struct{ List []int }

func (w *pointerWalked) Iter() <-chan interface{} { return walked{w.List}.Iter() }

func TestChecklistIteration(t *testing.T) {
	o := newOso(t, "all(xs, x) if x in xs; pairs(xs, [x, y]) if x in xs and y in xs; two(xs) if 2 in xs;")
	all := func(t *testing.T, rule string, xs any) string {
		t.Helper()
		q, err := o.NewQueryFromRule(rule, xs, variable("x"))
		must(t, err)
		r, err := q.GetAllResults()
		must(t, err)
		return strings.ReplaceAll(show(r), "\n", " ")
	}
	t.Run("check 84: iterators", func(t *testing.T) {
		for _, xs := range []any{walked{[]int{1, 2}}, &walked{[]int{1, 2}}, &pointerWalked{[]int{1, 2}}} {
			if got := all(t, "all", xs); got != "x:1 x:2" {
				t.Errorf("%T: got %q", xs, got)
			}
			if got := all(t, "pairs", xs); got != "x:[1 1] x:[1 2] x:[2 1] x:[2 2]" {
				t.Errorf("%T: got %q", xs, got)
			}
			if ok, err := o.QueryRuleOnce("two", xs); !ok || err != nil {
				t.Errorf("%T: got %v, %v", xs, ok, err)
			}
		}
		if got := all(t, "all", walked{}); got != "" {
			t.Errorf("empty: got %q", got)
		}
	})
	t.Run("check 85: what else can be walked", func(t *testing.T) {
		if _, err := o.QueryRuleOnce("two", Foo{}); !errors.As(err, new(*osoerrors.InvalidIteratorError)) {
			t.Errorf("got %v", err)
		}
		if _, err := o.QueryRuleOnce("two", 5); code(err) != "RuntimeError::TypeError" {
			t.Errorf("got %v", err)
		}
		if got := all(t, "all", map[string]int{"k": 1}); got != "x:[k 1]" {
			t.Errorf("got %q", got)
		}
		if got := all(t, "all", "añ"); got != "x:a x:ñ" {
			t.Errorf("got %q", got)
		}
		if got := all(t, "all", mySlice{3}); got != "x:3" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("check 86: sequences and channels, left early", func(t *testing.T) {
		channel := func() <-chan int {
			ch := make(chan int)
			go func() {
				defer close(ch)
				for i := range 100 {
					ch <- i
				}
			}()
			return ch
		}
		flat(t, func() {
			for _, xs := range []any{Thing{}.Numbers(), channel()} {
				if ok, err := o.QueryRuleOnce("two", xs); !ok || err != nil {
					t.Errorf("%T: got %v, %v", xs, ok, err)
				}
			}
		})
	})
}
