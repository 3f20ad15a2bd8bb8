package host

import (
	"math"
	"math/bits"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/pkg/oso/types"
)

type mySlice []int
type myMap map[role]int
type myInt int
type selfPointer *selfPointer
type selfList []selfList

func ptr[T any](x T) *T { return &x }

func TestGoValuesBecomeTerms(t *testing.T) {
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"nil", nil, "nil"},
		{"nil pointer", (*user)(nil), "nil"},
		{"nil pointer to a number", (*int)(nil), "nil"},
		{"bool", true, "true"},
		{"int", 5, "5"},
		{"int8", int8(-5), "-5"},
		{"rune", 'a', "97"},
		{"uint32", uint32(math.MaxUint32), "4294967295"},
		{"uint64 in range", uint64(math.MaxInt64), "9223372036854775807"},
		{"float64 stays exact", 1.9, "1.9f"},
		{"float32 is widened", float32(0.5), "0.5f"},
		{"infinity", math.Inf(1), "+Inff"},
		{"string", "é", `"é"`},
		{"bytes that are no UTF-8", "a\xff\xfeb", `"a��b"`},
		{"pointer to string", ptr("x"), `"x"`},
		{"pointer to pointer", ptr(ptr(3)), "3"},
		{"variable", types.Variable("x"), "?x"},
		{"slice", []int{1, 2}, "[1 2]"},
		{"nil slice", []int(nil), "[]"},
		{"bytes", []byte{1, 255}, "[1 255]"},
		{"named slice", mySlice{1}, "[1]"},
		{"array", [2]string{"a", "b"}, `["a" "b"]`},
		{"pointer to array", &[2]bool{true, false}, "[true false]"},
		{"pointer to slice", &[]string{"a"}, `["a"]`},
		{"slice of any", []any{1, "a", nil, 2.5, []any{true}}, `[1 "a" nil 2.5f [true]]`},
		{"slice of slices", [][]int{{1}, nil, {2, 3}}, "[[1] [] [2 3]]"},
		{"slice of pointers", []*user{nil, {}}, "[nil <*host.user>]"},
		{"slice of structs", []grant{{}}, "[<*host.grant>]"},
		{"slice of variables", []any{1, types.Variable("x"), []types.Variable{"y"}}, "[1 ?x [?y]]"},
		{"map", map[string]any{"b": 1, "a": []int{2}}, "{a:[2] b:1}"},
		{"nil map", map[string]int(nil), "{}"},
		{"named string keys", myMap{"k": 1}, "{k:1}"},
		{"map with a variable", map[string]any{"a": types.Variable("x")}, "{a:?x}"},
		{"named string", role("x"), "<host.role>"},
		{"named int", myInt(1), "<host.myInt>"},
		{"duration", time.Second, "<time.Duration>"},
		{"struct", user{}, "<host.user>"},
		{"pointer to struct", &user{}, "<*host.user>"},
		{"pointer to pointer to struct", ptr(&user{}), "<*host.user>"},
		{"func", func() {}, "<func()>"},
		{"channel", make(chan int), "<chan int>"},
		{"complex", 1i, "<complex128>"},
		{"type", reflect.TypeFor[int](), "<*reflect.rtype>"},
		{"expression", types.Expression{Operator: types.Operator{OperatorVariant: types.OperatorAnd{}}, Args: []any{1, types.Variable("x")}}, "(And 1 ?x)"},
		{"term", types.Term{Value: types.Value{ValueVariant: types.ValueString("s")}}, `"s"`},
		{"value", types.Value{ValueVariant: types.ValueList{{Value: types.Value{ValueVariant: types.ValueBoolean(true)}}}}, "[true]"},
		{"value variant", types.ValueNumber{NumericVariant: types.NumericInteger(3)}, "3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := testSession(t, Config{}).Value(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if show(got) != tt.want {
				t.Errorf("got %s, want %s", show(got), tt.want)
			}
		})
	}
}

func TestValuesThatCannotBeTermsAreRefused(t *testing.T) {
	cyclic := []any{1, nil}
	cyclic[1] = cyclic
	loop := map[string]any{}
	loop["a"] = []any{loop}
	list := selfList{nil}
	list[0] = list
	var p selfPointer
	p = &p
	var boxed any
	boxed = &boxed
	var shifted = []any{nil, nil}
	shifted[0] = shifted[:1]
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"uint64 out of range", uint64(math.MaxUint64), "Invalid integer"},
		{"map with int keys", map[int]string{}, "its keys are int"},
		{"list of such maps", [][]map[int]string{}, "its keys are int"},
		{"such a map inside", []any{map[bool]int{}}, "its keys are bool"},
		{"cyclic slice", cyclic, "cyclic"},
		{"pointer to a cyclic slice", &cyclic, "cyclic"},
		{"cyclic map", loop, "cyclic"},
		{"cyclic named slice", list, "cyclic"},
		{"slice of itself", shifted, "cyclic"},
		{"pointer to itself", p, "pointer to itself"},
		{"interface that points to itself", boxed, "pointer to itself"},
	}
	if bits.UintSize == 64 {
		tests = append(tests, struct {
			name string
			in   any
			want string
		}{"uint out of range", ^uint(0), "Invalid integer"})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := testSession(t, Config{}).Value(tt.in)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, %v, want an error with %q", got.Kind, err, tt.want)
			}
		})
	}
}

// A list that occurs twice is no cycle, even where that makes the number of paths astronomic.
func TestSharedListsAreNoCycles(t *testing.T) {
	var list any = []any{1}
	for range 100 {
		list = []any{list, list}
	}
	if _, err := testSession(t, Config{}).Value(list); err != nil {
		t.Fatal(err)
	}
}

func TestDeeplyNestedListsConvertBothWays(t *testing.T) {
	const depth = 100_000
	var list any = "end"
	for range depth {
		list = []any{list}
	}
	s := testSession(t, Config{})
	v, err := s.Value(list)
	if err != nil {
		t.Fatal(err)
	}
	back, err := s.Go(v, false)
	if err != nil {
		t.Fatal(err)
	}
	for range depth {
		back = back.([]any)[0]
	}
	if back != "end" {
		t.Errorf("got %v", back)
	}
}

func TestElementsConvertWhenTouched(t *testing.T) {
	v, err := testSession(t, Config{}).Value([]uint64{1, math.MaxUint64})
	if err != nil {
		t.Fatal(err)
	}
	seq, _ := sequenceOf(v)
	if first, err := seq.At(0); err != nil || first.Int() != 1 {
		t.Errorf("first element: %v, %v", first, err)
	}
	if _, err := seq.At(1); err == nil {
		t.Error("the second element should be an error")
	}
}

func TestListsKeepTheirLength(t *testing.T) {
	u := &user{Roles: []grant{{}, {"b", 2}}}
	s := testSession(t, Config{})
	v := lookup(t, s, u, "Roles")
	u.Roles = u.Roles[:1]
	got, err := s.Go(v, false)
	if err != nil || !reflect.DeepEqual(got, []any{grant{}, grant{"b", 2}}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestTermsBecomeGoValues(t *testing.T) {
	u := newUser()
	tests := []struct {
		name string
		in   any
		want any
	}{
		{"int", int32(5), int64(5)},
		{"float", float32(0.5), 0.5},
		{"list", []int{1}, []any{int64(1)}},
		{"empty list", []int(nil), []any{}},
		{"dictionary", map[string]int{"a": 1}, map[string]any{"a": int64(1)}},
		{"empty dictionary", map[string]int(nil), map[string]any{}},
		{"nil", nil, nil},
		{"pointer stays", u, u},
		{"struct", grant{"a", 1}, grant{"a", 1}},
		{"elements are values", []grant{{"a", 1}}, []any{grant{"a", 1}}},
		{"named string elements are values", []role{"a"}, []any{role("a")}},
		{"variable", types.Variable("x"), types.Variable("x")},
		{"nested", []any{map[string]any{"k": []any{1, nil}}}, []any{map[string]any{"k": []any{int64(1), nil}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := testSession(t, Config{})
			v, err := s.Value(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Go(v, false)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %#v, want %#v", got, tt.want)
			}
		})
	}
}
