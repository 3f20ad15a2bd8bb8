package access

import "reflect"

// IndexString returns the index of the first string from from on that equals x, or -1.
func (s *Slice) IndexString(x string, from int) int {
	for i := from; i < s.Len(); i++ {
		if s.At(i).String() == x {
			return i
		}
	}
	return -1
}

// indexInt is IndexInt for a kind without a loop of its own.
func (s *Slice) indexInt(k reflect.Kind, x int64, from int) int {
	for i := from; i < s.Len(); i++ {
		if s.At(i).Int(k) == x {
			return i
		}
	}
	return -1
}
