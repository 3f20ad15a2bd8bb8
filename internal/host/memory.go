package host

// chunkSize is the number of objects an arena adds at a time; keepChunks how many it keeps for the next query.
const (
	chunkSize  = 32
	keepChunks = 8
)

// arena hands out objects that all live until the query ends. Objects never move.
type arena[T any] struct {
	chunks []*[chunkSize]T
	used   int
}

func (a *arena[T]) next() *T {
	chunk := a.used / chunkSize
	if chunk == len(a.chunks) {
		a.chunks = append(a.chunks, new([chunkSize]T))
	}
	p := &a.chunks[chunk][a.used%chunkSize]
	a.used++
	return p
}

// reset forgets all objects, so that nothing of the application stays reachable.
func (a *arena[T]) reset() {
	if a.used == 0 {
		return
	}
	full := a.used / chunkSize
	for i := range min(full, len(a.chunks)) {
		clear(a.chunks[i][:])
	}
	if rest := a.used % chunkSize; rest > 0 {
		clear(a.chunks[full][:rest])
	}
	if len(a.chunks) > keepChunks {
		clear(a.chunks[keepChunks:])
		a.chunks = a.chunks[:keepChunks]
	}
	a.used = 0
}

// memory is where a query's sequences are made. A nil memory makes them on Go's heap, for constants.
type memory struct {
	lists arena[sequence]
	dicts arena[mapping]
}

func (m *memory) list() *sequence {
	if m == nil {
		return new(sequence)
	}
	return m.lists.next()
}

func (m *memory) dict() *mapping {
	if m == nil {
		return new(mapping)
	}
	return m.dicts.next()
}

func (m *memory) reset() {
	m.lists.reset()
	m.dicts.reset()
}
