package wam

import "github.com/goso-project/goso/internal/diag"

// Memory that is written for the first time costs up to a millisecond a megabyte: the system hands it out page by page. An area
// that doubles by append is copied into such memory in one go, and a query that is cancelled meanwhile would end only after
// that. So an area that has become large is given room ahead of need, by copying it in portions between which the machine looks
// at its context. Small ones are left to append. All three are in words.
const (
	large   = 32 << 10 // from here an area is large
	slack   = 16 << 10 // what it has free after a look: enough for what comes until the next
	portion = 16 << 10 // what is copied between two looks at the context
)

// makeRoom gives room to the areas that calls fill. No pointer to a choice point may be held over it.
func (m *Machine) makeRoom() status {
	s := m.makeWorkRoom()
	if top := m.envTop(); s == ok && len(m.st) >= large && len(m.st)-top < slack {
		st := m.st[:top]
		s = enlarge(m, &st, 1)
		m.st = st[:cap(st)]
	}
	if s == ok {
		s = room(m, &m.ch, choiceWords)
	}
	if s == ok {
		s = room(m, &m.as, 1)
	}
	if s == ok {
		s = room(m, &m.cs, 1)
	}
	return s
}

// makeWorkRoom gives room to the areas that a unification or match fills.
func (m *Machine) makeWorkRoom() status {
	s := room(m, &m.h, 1)
	if s == ok {
		s = room(m, &m.tr, 1)
	}
	if s == ok {
		s = room(m, &m.work, itemWords)
	}
	if s == ok {
		s = room(m, &m.strs, 2)
	}
	if s == ok {
		s = room(m, &m.hosts, 2)
	}
	if s == ok {
		s = room(m, &m.shapes, 1)
	}
	if s == ok {
		s = room(m, &m.seqs, 2)
	}
	return s
}

// room gives room to an area whose elements are of so many words.
func room[T any](m *Machine, area *[]T, words int) status {
	if n := len(*area); n*words < large || (cap(*area)-n)*words >= slack {
		return ok
	}
	return enlarge(m, area, words)
}

// enlarge makes an area half as large again.
func enlarge[T any](m *Machine, area *[]T, words int) status {
	old := *area
	larger, s := fresh[T](m, len(old)+max(len(old)/2, slack/words), words)
	if s != ok {
		return s
	}
	for len(larger) < len(old) {
		if s := m.look(); s != ok {
			return s
		}
		larger = append(larger, old[len(larger):min(len(larger)+portion/words, len(old))]...)
	}
	*area = larger
	return ok
}

// fresh allocates an area. One that is large takes the allocator long, which no context can end; then the machine waits for either.
func fresh[T any](m *Machine, n, words int) ([]T, status) {
	if n*words < 2*large || m.ctx == nil || m.ctx.Done() == nil {
		return make([]T, 0, n), m.look()
	}
	made := make(chan []T, 1)
	go func() { made <- make([]T, 0, n) }()
	select {
	case area := <-made:
		return area, ok
	case <-m.ctx.Done():
		return nil, m.look()
	}
}

// look ends the query if its context has ended.
func (m *Machine) look() status {
	if m.ctx == nil {
		return ok
	}
	err := m.ctx.Err()
	if err == nil {
		return ok
	}
	e := diag.New(diag.QueryTimeout, diag.Span{}, "the query was stopped: %v", err)
	e.Cause = err
	return m.throw(e)
}
