package host

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/types"
)

func TestValuesFitParameters(t *testing.T) {
	u := newUser()
	tests := []struct {
		name string
		in   any
		want any // its type is the parameter's
	}{
		{"integer to int8", 5, int8(5)},
		{"integral float to int", 2.0, 2},
		{"integer to uint", 5, uint(5)},
		{"integer to float32", 5, float32(5)},
		{"float to float64", 1.5, 1.5},
		{"integer to duration", 5, 5 * time.Nanosecond},
		{"string", "a", "a"},
		{"string to named string", "a", role("a")},
		{"named string to string", role("a"), "a"},
		{"named string to itself", role("a"), role("a")},
		{"bool", true, true},
		{"list to slice", []any{1, 2}, []int{1, 2}},
		{"list to nested slices", []any{[]any{1}, nil}, [][]int{{1}, nil}},
		{"list to bytes", []int{1}, []byte{1}},
		{"nil to slice", nil, []int(nil)},
		{"list to array", []int{1, 2}, [2]int{1, 2}},
		{"dictionary to map", map[string]any{"a": 1}, map[string]int{"a": 1}},
		{"dictionary to map with named keys", map[string]any{"a": 1}, map[role]int{"a": 1}},
		{"nil to map", nil, map[string]int(nil)},
		{"nil to pointer", nil, (*int)(nil)},
		{"value to pointer", 5, ptr(5)},
		{"struct to pointer", grant{"a", 1}, &grant{"a", 1}},
		{"pointer to struct", &grant{"a", 1}, grant{"a", 1}},
		{"pointer to itself", u, u},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := testSession(t, Config{})
			v, err := s.Value(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.argument(v, reflect.TypeOf(tt.want), 0)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Interface(), tt.want) {
				t.Errorf("got %#v, want %#v", got, tt.want)
			}
		})
	}
}

func TestValuesFitInterfaces(t *testing.T) {
	tests := []struct {
		name  string
		in    any
		param reflect.Type
		want  any
	}{
		{"integer", 5, anyType, int64(5)},
		{"list", []int{1}, anyType, []any{int64(1)}},
		{"dictionary", map[string]int{"a": 1}, anyType, map[string]any{"a": int64(1)}},
		{"struct", grant{"a", 1}, anyType, grant{"a", 1}},
		{"nil", nil, anyType, nil},
		{"value with the methods", user{Name: "a"}, reflect.TypeFor[named](), user{Name: "a"}},
		{"pointer with the methods", user{Name: "a"}, reflect.TypeFor[renamer](), &user{Name: "a"}},
		{"variable", types.Variable("x"), anyType, types.Variable("x")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := testSession(t, Config{})
			v, err := s.Value(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.argument(v, tt.param, 0)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Interface(), tt.want) {
				t.Errorf("got %#v, want %#v", got, tt.want)
			}
		})
	}
}

func TestValuesThatDoNotFit(t *testing.T) {
	tests := []struct {
		name  string
		in    any
		param any
		want  string
	}{
		{"string to int", "5", 0, "cannot use a string as int"},
		{"integer to string", 5, "", "cannot use integer 5 as string"},
		{"boolean to string", true, "", "cannot use boolean true as string"},
		{"too big", 300, uint8(0), "cannot use integer 300 as uint8"},
		{"negative", -1, uint8(0), "cannot use integer -1 as uint8"},
		{"fraction", 2.9, 0, "cannot use float 2.9 as int"},
		{"huge float", 1e300, 0, "as int"},
		{"NaN", math.NaN(), 0, "as int"},
		{"nil to string", nil, "", "cannot use nil as string"},
		{"unbound variable", types.Variable("x"), "", "cannot use an unbound variable as string"},
		{"list of other length", []int{1}, [2]int{}, "cannot use a list of 1 as [2]int"},
		{"list to int", []int{1}, 0, "cannot use a list as int"},
		{"dictionary to slice", map[string]int{}, []int{}, "cannot use a dictionary as []int"},
		{"value in a dictionary", map[string]any{"a": "x"}, map[string]int{}, "cannot use a string as int"},
		{"dictionary to map with int keys", map[string]int{"a": 1}, map[int]int{}, "cannot use a dictionary"},
		{"other struct", grant{}, user{}, "cannot use a value of type host.grant as host.user"},
		{"struct of the same fields", grant{}, struct {
			Role string
			Org  int
			X    int
		}{}, "cannot use"},
		{"string to pointer", "x", new(int), "cannot use a string as *int"},
		{"expression", types.Expression{Operator: types.Operator{OperatorVariant: types.OperatorNot{}}, Args: []any{}}, 0, "cannot use an expression"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := testSession(t, Config{})
			v, err := s.Value(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.argument(v, reflect.TypeOf(tt.param), 0)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, %v, want an error with %q", got, err, tt.want)
			}
		})
	}
	t.Run("list with an unbound rest", func(t *testing.T) {
		v := wam.Value{Kind: wam.KindList, Ref: &wam.List{Rest: wam.VarValue("r")}}
		if _, err := testSession(t, Config{}).argument(v, reflect.TypeFor[[]int](), 0); err == nil {
			t.Error("no error")
		}
	})
}
