package host

import "github.com/goso-project/goso/internal/wam"

// ReadField reads a field the session has looked up before, without the machine having to stop for it. It runs no code of the
// application; whatever is not plain is left to Lookup.
func (s *Session) ReadField(object any, shape int, name string, into *wam.Value) bool {
	m := s.memoFor(name, shape)
	if m.owner == nil || m.shape != shape || m.name != name { // types without a class share a shape: Target tells them apart
		return false
	}
	at, ok := m.owner.Target(object)
	if !ok {
		return false
	}
	v, err := s.conv.fromPlace(m.plan, at.Field(&m.field.way), false)
	if err != nil {
		return false
	}
	*into = v
	return true
}
