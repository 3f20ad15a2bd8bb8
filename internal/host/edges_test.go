package host

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Values at the edges of what fits, and what only looks alike.

type count uint64
type twin grant
type selfMap map[string]selfMap
type getter func() int
type getterToo func() int
type feed chan int
type feedToo chan int

func TestArgumentsAtTheEdges(t *testing.T) {
	tests := []struct {
		name string
		in   any
		want any // its type is the parameter's; nil: of no use for int64
	}{
		{"least integer as a float", float64(math.MinInt64), int64(math.MinInt64)},
		{"negative integral float", -2.0, int64(-2)},
		{"above the greatest integer", float64(1 << 63), nil},
		{"below the least integer", math.Nextafter(math.MinInt64, math.Inf(-1)), nil},
		{"no unsigned integer is too small", 0, uint8(0)},
		{"greatest of a named unsigned integer", count(math.MaxInt64), int64(math.MaxInt64)},
		{"one more", count(math.MaxInt64 + 1), nil},
	}
	for _, tt := range tests {
		s := testSession(t, Config{})
		v, err := s.Value(tt.in)
		if err != nil {
			t.Fatal(err)
		}
		param := reflect.TypeFor[int64]()
		if tt.want != nil {
			param = reflect.TypeOf(tt.want)
		}
		switch got, err := s.argument(v, param, 0); {
		case tt.want == nil && err == nil:
			t.Errorf("%s: got %v, want an error", tt.name, got)
		case tt.want != nil && (err != nil || got.Interface() != tt.want):
			t.Errorf("%s: got %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
}

func TestFuncsAndChannelsConvertStructsDoNot(t *testing.T) {
	s := testSession(t, Config{})
	pass := func(in any, param reflect.Type) error {
		t.Helper()
		v, err := s.Value(in)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.argument(v, param, 0)
		if err == nil && !got.Type().AssignableTo(param) {
			t.Errorf("got a %v as %v", got.Type(), param)
		}
		return err
	}
	for _, in := range []any{getter(func() int { return 1 }), func() int { return 1 }} {
		if err := pass(in, reflect.TypeFor[getterToo]()); err != nil {
			t.Errorf("%T: %v", in, err)
		}
	}
	for _, in := range []any{make(feed), make(chan int)} {
		if err := pass(in, reflect.TypeFor[feedToo]()); err != nil {
			t.Errorf("%T: %v", in, err)
		}
	}
	for _, param := range []reflect.Type{reflect.TypeFor[twin](), reflect.TypeFor[func() string](), reflect.TypeFor[chan string]()} {
		if err := pass(grant{"a", 1}, param); err == nil {
			t.Errorf("a struct was passed as %v", param)
		}
	}
	if err := pass(getter(nil), reflect.TypeFor[func() string]()); err == nil {
		t.Error("a func was passed as one with another result")
	}
}

// nestedLists returns n lists, one in the other.
func nestedLists(n int) wam.Value {
	var v wam.Value
	for i := range n {
		list := &wam.List{}
		if i > 0 {
			list.Items = []wam.Value{v}
		}
		v = wam.Value{Kind: wam.KindList, Ref: list}
	}
	return v
}

func TestArgumentsNestToTheirBound(t *testing.T) {
	s := testSession(t, Config{})
	if _, err := s.argument(nestedLists(maxBuildDepth+1), reflect.TypeFor[selfList](), 0); err != nil {
		t.Error(err)
	}
	if _, err := s.argument(nestedLists(maxBuildDepth+2), reflect.TypeFor[selfList](), 0); !errors.Is(err, errTooBig) {
		t.Errorf("lists nested too deep: %v", err)
	}
	dict := wam.Value{Kind: wam.KindDict, Ref: &wam.Dict{}}
	for range maxBuildDepth + 1 {
		dict = wam.Value{Kind: wam.KindDict, Ref: &wam.Dict{Keys: []string{"a"}, Values: []wam.Value{dict}}}
	}
	if _, err := s.argument(dict, reflect.TypeFor[selfMap](), 0); !errors.Is(err, errTooBig) {
		t.Errorf("dictionaries nested too deep: %v", err)
	}
	if _, err := s.argument(wam.IntValue(1), reflect.TypeFor[selfPointer](), 0); err == nil {
		t.Error("a number has no end of pointers before it")
	}
}

func TestTermsNestToTheirBound(t *testing.T) {
	nested := map[string]func(x any) any{
		"lists":        func(x any) any { return []any{x} },
		"dictionaries": func(x any) any { return map[string]any{"a": x} },
		"expressions": func(x any) any {
			return types.Expression{Operator: types.Operator{OperatorVariant: types.OperatorNot{}}, Args: []any{x}}
		},
	}
	for name, in := range nested {
		x := any(types.Variable("x"))
		for range maxBuildDepth + 1 {
			x = in(x)
		}
		if _, err := testSession(t, Config{}).Value(x); !errors.Is(err, errTooBig) {
			t.Errorf("%s nested too deep: %v", name, err)
		}
		x = types.Variable("x")
		for range 100 {
			x = in(x)
		}
		if _, err := testSession(t, Config{}).Value(x); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// rated is ordered by its stars alone.
type rated struct {
	Stars int
	Name  string
}

func (r rated) Compare(o rated) int { return r.Stars - o.Stars }

func TestAnOrderIsNoEquality(t *testing.T) {
	if got := compareAll(t, testSession(t, Config{}), rated{1, "a"}, rated{1, "b"}); got != "FTFTFT" {
		t.Errorf("got %s", got)
	}
}

func TestUnderlyingEqualityComparesOneKindOnly(t *testing.T) {
	type flag bool
	type ratio float64
	type level int
	for _, tt := range []struct {
		left, right any
		want        string
	}{
		{ratio(1), "1", "FTEEEE"},
		{ratio(0), false, "FTEEEE"},
		{ratio(0), "", "FTEEEE"},
		{flag(true), 1, "FTEEEE"},
		{flag(false), "", "FTEEEE"},
		{flag(false), level(0), "FTEEEE"},
		{level(0), flag(false), "FTEEEE"},
		{role("b"), 1, "FTEEEE"},
		{role(""), flag(false), "FTEEEE"},
	} {
		if got := compareAll(t, testSession(t, Config{UnderlyingEquality: true}), tt.left, tt.right); got != tt.want {
			t.Errorf("%#v and %#v: got %s, want %s", tt.left, tt.right, got, tt.want)
		}
	}
}

func TestDeepEqualityLooksAtAllParts(t *testing.T) {
	f := func() {}
	for _, tt := range []struct {
		name string
		a, b any
		want bool
	}{
		{"maps with other values", map[string]int{"a": 1}, map[string]int{"a": 2}, false},
		{"maps with other values of one of two keys", map[string]int{"a": 1, "b": 1}, map[string]int{"a": 1, "b": 2}, false},
		{"no func and a func", withFunc{}, withFunc{f}, false},
		{"a func and no func", withFunc{f}, withFunc{}, false},
		{"no funcs", withFunc{}, withFunc{}, true},
		{"slices of other length", []int{1}, []int{1, 1}, false},
		{"arrays in interfaces", []any{[1]int{1}}, []any{[1]int{2}}, false},
		{"pointers to equal things", []*int{ptr(1)}, []*int{ptr(1)}, true},
		{"pointers to other things", []*int{ptr(1)}, []*int{ptr(2)}, false},
		{"nil and a pointer", []*int{nil}, []*int{ptr(0)}, false},
	} {
		if got := Same(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: got %v", tt.name, got)
		}
		if got := Same(tt.b, tt.a); got != tt.want {
			t.Errorf("%s, exchanged: got %v", tt.name, got)
		}
	}
}

// What is remembered of a field is in a small table: other names, and other classes, share its places.
func TestAPlaceInTheTableOfFieldsBelongsToOneFieldOfOneClass(t *testing.T) {
	s := testSession(t, Config{})
	u := newUser()
	v, err := s.Value(u)
	if err != nil {
		t.Fatal(err)
	}
	lookup(t, s, u, "Name")
	place := s.memoFor("Name", v.Shape())
	names, shapes := 0, 0
	var got wam.Value
	for i := range 100_000 {
		if name := fmt.Sprint("f", i); s.memoFor(name, v.Shape()) == place {
			names++
			if s.ReadField(u, v.Shape(), name, &got) {
				t.Fatalf("Name was read as %s", name)
			}
			if x, err := s.Lookup(t.Context(), v, name); names < 3 && err == nil {
				t.Fatalf("Name was looked up as %s: %s", name, show(x))
			}
			lookup(t, s, u, "Name")
		}
		if i != v.Shape() && s.memoFor("Name", i) == place {
			shapes++
			if s.ReadField(u, i, "Name", &got) {
				t.Fatalf("Name was read from the shape %d", i)
			}
		}
	}
	if names == 0 || shapes == 0 {
		t.Errorf("%d other names and %d other shapes share the place: this shows nothing", names, shapes)
	}
	if !s.ReadField(u, v.Shape(), "Name", &got) || show(got) != `"ann"` {
		t.Errorf("got %s", show(got))
	}
}

func TestPathsOfGoFieldsLeadToTheirClasses(t *testing.T) {
	r := NewRegistry(Config{}, nil)
	register := func(name string, x any, fields map[string]any) {
		t.Helper()
		if _, err := r.RegisterClass(reflect.TypeOf(x), nil, name, fields); err != nil {
			t.Fatal(err)
		}
	}
	register("Grant", grant{}, nil) // the first class there is
	register("User", user{}, nil)
	register("Doc", node{}, map[string]any{
		"owner": types.Relation{Kind: "one", OtherType: "User"}, "readers": types.Relation{Kind: "many", OtherType: "User"}, "best": "Grant", "lost": "Nowhere",
	})
	for _, tt := range []struct {
		base  string
		path  []string
		class string
		want  string
	}{
		{"User", []string{"Best"}, "Grant", "true"},
		{"User", []string{"Best"}, "User", "false"},
		{"User", []string{"Manager"}, "User", "true"},
		{"User", []string{"Manager", "Manager", "Best"}, "Grant", "true"},
		{"User", []string{"Name"}, "String", "true"},
		{"User", []string{"Name"}, "Integer", "false"},
		{"User", []string{"Age"}, "Integer", "true"},
		{"User", []string{"Score"}, "Float", "true"},
		{"User", []string{"Tags"}, "List", "true"},
		{"User", []string{"Attrs"}, "Dictionary", "true"},
		{"User", []string{"Any"}, "User", "false"},
		{"User", []string{"Nothing"}, "User", "false"},
		{"User", []string{"Name", "Name"}, "String", "false"},
		{"Nobody", []string{"Name"}, "String", "false"},
		{"User", nil, "User", "true"},
		{"User", nil, "Grant", "false"},
		{"Doc", []string{"owner"}, "User", "true"},
		{"Doc", []string{"owner"}, "Grant", "false"},
		{"Doc", []string{"owner", "Best"}, "Grant", "true"},
		{"Doc", []string{"readers"}, "List", "true"},
		{"Doc", []string{"readers"}, "User", "false"},
		{"Doc", []string{"best"}, "Grant", "true"},
		{"Doc", []string{"lost"}, "Grant", "error"},
		{"Doc", []string{"owner", "lost"}, "Grant", "false"},
	} {
		s := r.Acquire()
		ok, err := s.IsaWithPath(t.Context(), tt.base, tt.path, tt.class)
		got := fmt.Sprint(ok)
		if err != nil {
			got = "error"
			if ok {
				t.Errorf("%s %v: true with the error %v", tt.base, tt.path, err)
			}
		}
		if got != tt.want {
			t.Errorf("%s.%v is a %s: got %s, want %s (%v)", tt.base, tt.path, tt.class, got, tt.want, err)
		}
		r.Release(s)
	}
}

// stamp has Before alone, as a type that is ordered but has no three-way comparison.
type stamp struct{ At int }

func (s stamp) Before(o stamp) bool { return s.At < o.At }

func TestAnOrderFromBefore(t *testing.T) {
	s := testSession(t, Config{})
	for _, tt := range []struct {
		left, right any
		want        string
	}{
		{stamp{1}, stamp{2}, "FTTTFF"},
		{stamp{2}, stamp{2}, "TFFTFT"},
		{stamp{3}, stamp{2}, "FTFFTT"},
		{&stamp{3}, stamp{2}, "FTFFTT"},
		{stamp{1}, &stamp{2}, "FTTTFF"},
	} {
		if got := compareAll(t, s, tt.left, tt.right); got != tt.want {
			t.Errorf("%v and %v: got %s, want %s", tt.left, tt.right, got, tt.want)
		}
	}
}

// inform is a value of a policy in the form it has in messages.
func inform(x types.ValueVariant) types.Term { return types.Term{Value: types.Value{ValueVariant: x}} }

func TestTermsOfMessagesNestToTheirBound(t *testing.T) {
	nested := map[string]func(x types.Term) types.Term{
		"lists": func(x types.Term) types.Term { return inform(types.ValueList{x}) },
		"dictionaries": func(x types.Term) types.Term {
			return inform(types.ValueDictionary{Fields: map[types.Symbol]types.Term{"a": x}})
		},
		"expressions": func(x types.Term) types.Term {
			return inform(types.ValueExpression{Operator: types.Operator{OperatorVariant: types.OperatorNot{}}, Args: []types.Term{x}})
		},
	}
	for name, in := range nested {
		for n, want := range map[int]error{10: nil, maxBuildDepth + 1: errTooBig} {
			x := inform(types.ValueVariable("x"))
			for range n {
				x = in(x)
			}
			if _, err := testSession(t, Config{}).Value(x); !errors.Is(err, want) {
				t.Errorf("%d %s: got %v, want %v", n, name, err, want)
			}
		}
	}
}

func TestOnlyTheLastTermOfAListIsItsRest(t *testing.T) {
	s := testSession(t, Config{})
	v, err := s.Value(inform(types.ValueList{inform(types.ValueNumber{NumericVariant: types.NumericInteger(1)}), inform(types.ValueRestVariable("r"))}))
	if err != nil {
		t.Fatal(err)
	}
	if seq, rest := sequenceOf(v); seq.Len() != 1 || rest.Kind != wam.KindVar || rest.Str != "r" {
		t.Errorf("got %s with the rest %s", show(v), show(rest))
	}
	if v, err := s.Value(inform(types.ValueList{inform(types.ValueRestVariable("r")), inform(types.ValueBoolean(true))})); err == nil {
		t.Errorf("a rest in the middle was taken: %s", show(v))
	}
}
