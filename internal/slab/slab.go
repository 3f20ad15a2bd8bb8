package slab

import "slices"

// Of hands out values of one type. The zero value is ready; it is for one goroutine. What it has handed out may be shared.
type Of[T any] struct {
	chunk []T  // the newest
	free  []T  // what is left of it
	used  bool // by values that were taken back
}

// Chunks begin small, because most texts are, and double up to a bound, because what is left of the last one is wasted.
const (
	minChunk = 4
	maxChunk = 256
)

// New returns a pointer to a zero value.
func (s *Of[T]) New() *T {
	p := s.next()
	if s.used {
		var zero T
		*p = zero
	}
	return p
}

// Put returns a pointer to a copy of v.
func (s *Of[T]) Put(v T) *T {
	p := s.next()
	*p = v
	return p
}

// Slice returns n zero values in a row, nil for none. Appending to them copies them.
func (s *Of[T]) Slice(n int) []T {
	out := s.row(n)
	if s.used {
		clear(out)
	}
	return out
}

// List returns a copy of values, nil for none.
func (s *Of[T]) List(values ...T) []T {
	out := s.row(len(values))
	copy(out, values)
	return out
}

// next returns a value that may hold anything.
func (s *Of[T]) next() *T {
	if len(s.free) == 0 {
		s.more(1)
	}
	p := &s.free[0]
	s.free = s.free[1:]
	return p
}

// row returns n values in a row that may hold anything, nil for none.
func (s *Of[T]) row(n int) []T {
	if n == 0 {
		return nil
	}
	if n > len(s.free) {
		if n > maxChunk/4 {
			return make([]T, n) // the rest of the chunk is worth keeping
		}
		s.more(n)
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}

func (s *Of[T]) more(n int) {
	s.chunk = make([]T, max(n, min(max(2*len(s.chunk), minChunk), maxChunk)))
	s.free, s.used = s.chunk, false
}

// Rewind takes back everything that was handed out, which nobody may use any more: its memory is handed out again. It is for
// trees that are looked at one after the other.
func (s *Of[T]) Rewind() {
	if len(s.free) < len(s.chunk) {
		s.free, s.used = s.chunk, true
	}
}

// Append is append for lists that grow to an unknown and possibly great length: it doubles the room, where append copies
// a long list for each quarter more.
func Append[T any](list []T, v T) []T {
	if len(list) == cap(list) {
		list = slices.Grow(list, max(len(list), minChunk))
	}
	return append(list, v)
}

// AppendAll is Append for several values.
func AppendAll[T any](list, values []T) []T {
	if len(values) > cap(list)-len(list) {
		list = slices.Grow(list, max(len(list), len(values)))
	}
	return append(list, values...)
}
