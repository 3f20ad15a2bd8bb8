package code

// predKey is what predicates are told apart by.
type predKey struct {
	name  string
	arity int
}

// hash returns a hash of a key. Different ones may have the same.
func (k predKey) hash() uint64 { return nameHash(k.name) + uint64(k.arity)*0x9E3779B97F4A7C15 }

// predIndex finds the number of a predicate.
type predIndex struct {
	all map[predKey]int
	// quick finds most of them by a hash, which takes half the time: every query begins with that.
	quick map[uint64]int
}

func newPredIndex() predIndex { return predIndex{map[predKey]int{}, map[uint64]int{}} }

// find returns the number of one of the predicates, or -1.
func (x *predIndex) find(preds []*Pred, name string, arity int) int {
	k := predKey{name, arity}
	i, ok := x.quick[k.hash()]
	if !ok {
		return -1
	}
	if p := preds[i]; p.Name == name && p.Arity == arity {
		return i
	}
	if i, ok = x.all[k]; ok {
		return i
	}
	return -1
}

func (x *predIndex) set(k predKey, i int) {
	x.all[k] = i
	x.quick[k.hash()] = i
}
