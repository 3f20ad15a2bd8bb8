package host

import "github.com/goso-project/goso/internal/wam"

// Distinct reports whether two instances of one type are certainly not equal, where that can be told without code of the
// application: types without an equality of their own. It serves searches that would ask Compare for each pair.
func (s *Session) Distinct(a, b wam.Value) bool {
	p, q := s.planOf(a), s.planOf(b)
	if p == nil || p != q || p.order.isComparer() || p.order.equal != nil || s.config.UnderlyingEquality {
		return false
	}
	return !equalInstances(a, b, p, q)
}
