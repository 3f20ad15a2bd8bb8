package oso_test

import (
	"fmt"
	"testing"

	"github.com/goso-project/goso/pkg/oso/types"
)

// TestMembershipInSlicesOfEachKind looks for values in Go slices, whose elements are compared without converting each.
func TestMembershipInSlicesOfEachKind(t *testing.T) {
	type name string
	o := newOso(t, `has(l, x) if x in l; counted(l, x, i) if x in l and i in [1, 2];`)
	many := make([]string, 300)
	for i := range many {
		many[i] = fmt.Sprint("n", i)
	}
	for _, test := range []struct {
		list, x any
		want    int // results
	}{
		{[]string{"a", "b", "a"}, "a", 2},
		{[]string{"a", "b", "a"}, "c", 0},
		{[]string{"a", "b", "x"}, "x", 1},
		{[]string{}, "a", 0},
		{[]string{"\xff"}, "\uFFFD", 1},
		{[]name{"a", "b"}, "b", 0}, // a value of a named type is an instance
		{[]name{"a", "b"}, name("b"), 1},
		{many, "n299", 1},
		{many, "n300", 0},
		{many, 299, 0},
		{[]int{1, 2, 1}, 1, 2},
		{[]int{1, 2, 1}, 3, 0},
		{[]int{1, 2, 1}, 1.0, 2},
		{[]int8{-1, 2}, -1, 1},
		{[]int16{-300, 2}, -300, 1},
		{[]int32{-70000, 2}, 2, 1},
		{[]int64{1 << 62, -1 << 62}, int64(-1 << 62), 1},
		{[]uint8{200, 2}, 200, 1},
		{[]uint16{65535}, 65535, 1},
		{[]uint32{1 << 31, 4}, 4, 1},
		{[]uint{7, 7}, 7, 2},
		{[3]int{1, 2, 3}, 3, 1},
		{[]float64{1, 2.5}, 1, 1},
		{[]any{"a", 1, "a"}, "a", 2},
		{[]bool{true, false}, true, 1},
	} {
		for rule, times := range map[string]int{"has": 1, "counted": 2} {
			args := []any{test.list, test.x}
			if times == 2 {
				args = append(args, types.Variable("i"))
			}
			q, err := o.NewQueryFromRule(rule, args...)
			if err != nil {
				t.Fatal(err)
			}
			results, err := q.GetAllResults()
			if err != nil || len(results) != test.want*times {
				t.Errorf("%v in %v: %d results, %v, want %d", test.x, test.list, len(results), err, test.want*times)
			}
		}
	}
}
