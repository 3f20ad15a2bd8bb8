package slab_test

import (
	"testing"

	"github.com/goso-project/goso/internal/slab"
)

func TestMemoryIsUsedAgainAndIsZero(t *testing.T) {
	var s slab.Again[int]
	fill := func(n int) (first *int) {
		for i := range n {
			p := s.New()
			if *p != 0 {
				t.Fatalf("value %d is %d, not zero", i, *p)
			}
			if *p = i + 1; i == 0 {
				first = p
			}
		}
		return first
	}
	fill(100) // grows
	s.Reset()
	first := fill(20)
	s.Reset()
	if allocs := testing.AllocsPerRun(10, func() { fill(20); s.Reset() }); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
	if fill(1) != first {
		t.Error("the memory is another one")
	}
}

func TestWhatWasHandedOutStaysUntilReset(t *testing.T) {
	var s slab.Again[int]
	var all [][]int
	for i := range 50 {
		part := s.Slice(i % 5)
		for k := range part {
			part[k] = i
		}
		all = append(all, append(part, -1)) // must not reach into the next
	}
	for i, part := range all {
		for _, v := range part[:i%5] {
			if v != i {
				t.Fatalf("slice %d holds %d", i, v)
			}
		}
	}
	if s.Reset(); len(s.Slice(0)) != 0 {
		t.Error("an empty slice has elements")
	}
}

func TestMuchMemoryIsNotKept(t *testing.T) {
	var s slab.Again[int]
	p := &s.Slice(1 << 20)[0]
	s.Reset()
	if p == s.New() {
		t.Error("a megabyte was kept")
	}
}
