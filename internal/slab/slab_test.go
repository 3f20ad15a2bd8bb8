package slab_test

import (
	"slices"
	"testing"

	"github.com/goso-project/goso/internal/slab"
)

func TestValuesAreApart(t *testing.T) {
	var s slab.Of[int]
	var ps []*int
	var lists [][]int
	for i := range 2000 {
		ps = append(ps, s.Put(i))
		list := s.List(slices.Repeat([]int{i}, i%100)...)
		if len(list) != cap(list) {
			t.Fatalf("a list of %d has room for %d", len(list), cap(list))
		}
		lists = append(lists, list)
		if p := s.New(); *p != 0 {
			t.Fatalf("a new value is %d", *p)
		}
	}
	for i := range ps {
		if *ps[i] != i {
			t.Errorf("value %d is %d", i, *ps[i])
		}
		if len(lists[i]) != i%100 || slices.ContainsFunc(lists[i], func(x int) bool { return x != i }) {
			t.Errorf("list %d is %v", i, lists[i])
		}
	}
	if s.Slice(0) != nil || s.List() != nil {
		t.Error("an empty list is not nil")
	}
}

func TestRewoundValuesAreZero(t *testing.T) {
	var s slab.Of[[2]int]
	for n := range 300 {
		for range n {
			if p := s.New(); *p != [2]int{} {
				t.Fatalf("a new value is %v", *p)
			}
			s.Put([2]int{1, 2})
			for _, x := range s.Slice(3) {
				if x != [2]int{} {
					t.Fatalf("a value of a new slice is %v", x)
				}
			}
		}
		s.Rewind()
	}
	allocations := testing.AllocsPerRun(10, func() {
		for range 50 {
			s.Put([2]int{3, 4})
		}
		s.Rewind()
	})
	if allocations > 0 {
		t.Errorf("%v allocations for values taken back each time", allocations)
	}
}

func TestAppendedValuesStandBehindOthers(t *testing.T) {
	var one, all []int
	for i := range 40 {
		values := slices.Repeat([]int{i}, i)
		for _, v := range values {
			one = slab.Append(one, v)
		}
		all = slab.AppendAll(all, values)
	}
	if !slices.Equal(one, all) {
		t.Errorf("one by one %v, all at once %v", one, all)
	}
}

func TestFewAllocations(t *testing.T) {
	n := testing.AllocsPerRun(10, func() {
		var s slab.Of[[4]int]
		for range 10_000 {
			s.New()
		}
	})
	if n > 60 {
		t.Errorf("%v allocations for 10,000 values", n)
	}
}
