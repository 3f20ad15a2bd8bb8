package slab

import "slices"

// Of hands out values of one type. The zero value is ready; it is for one goroutine. What it has handed out may be shared.
type Of[T any] struct {
	free []T // of the newest chunk
	size int // of the newest chunk
}

// Chunks begin small, because most texts are, and double up to a bound, because what is left of the last one is wasted.
const (
	minChunk = 4
	maxChunk = 256
)

// New returns a pointer to a zero value.
func (s *Of[T]) New() *T {
	if len(s.free) == 0 {
		s.more(1)
	}
	p := &s.free[0]
	s.free = s.free[1:]
	return p
}

// Put returns a pointer to a copy of v.
func (s *Of[T]) Put(v T) *T {
	p := s.New()
	*p = v
	return p
}

// Slice returns n zero values in a row, nil for none. Appending to them copies them.
func (s *Of[T]) Slice(n int) []T {
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

// List returns a copy of values, nil for none.
func (s *Of[T]) List(values ...T) []T {
	out := s.Slice(len(values))
	copy(out, values)
	return out
}

func (s *Of[T]) more(n int) {
	s.size = min(max(2*s.size, minChunk), maxChunk)
	s.free = make([]T, max(n, s.size))
}

// Append is append for lists that grow to an unknown and possibly great length: it doubles the room, where append copies
// a long list for each quarter more.
func Append[T any](list []T, v T) []T {
	if len(list) == cap(list) {
		list = slices.Grow(list, max(len(list), minChunk))
	}
	return append(list, v)
}
