package slab

// Again hands out values of one type from memory that is used again after Reset. The zero value is ready; it is for one goroutine.
type Again[T any] struct {
	chunk []T
	used  int
}

// maxKept bounds the values whose memory is kept for the next use.
const maxKept = 1 << 14

// New returns a pointer to a zero value, valid until Reset.
func (s *Again[T]) New() *T { return &s.Slice(1)[0] }

// Slice returns n zero values in a row, valid until Reset. Appending to them copies them.
func (s *Again[T]) Slice(n int) []T {
	if n > len(s.chunk)-s.used { // what was handed out stays in the old chunk
		s.chunk, s.used = make([]T, max(2*len(s.chunk), minChunk, n)), 0
	}
	out := s.chunk[s.used : s.used+n : s.used+n]
	s.used += n
	return out
}

// Reset takes back everything and forgets it.
func (s *Again[T]) Reset() {
	if len(s.chunk) > maxKept {
		s.chunk = nil
	}
	clear(s.chunk[:min(s.used, len(s.chunk))])
	s.used = 0
}
