package partial

import (
	"hash/maphash"
	"reflect"

	"github.com/goso-project/goso/internal/wam"
)

// likeness tells when two terms count as equal.
type likeness int

const (
	// byValue is structural equality in which numbers compare by value.
	byValue likeness = iota
	// asWritten tells integers from floats, but not which side of an equality or inequality is which.
	asWritten
)

// same reports whether two terms are structurally equal; numbers by value. Instances are the same when they are one object.
func (s *Simplifier) same(a, b wam.Value, depth int) bool { return s.equal(a, b, byValue, depth) }

func (s *Simplifier) equal(a, b wam.Value, by likeness, depth int) bool {
	if !s.enter(depth) {
		return false
	}
	if by == byValue && isNumber(a) && isNumber(b) {
		return compareNumbers(a, b) == 0
	}
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case wam.KindBool, wam.KindInt, wam.KindFloat:
		return a.N == b.N
	case wam.KindString:
		return a.Str == b.Str
	case wam.KindVar:
		return variableOf(a) == variableOf(b)
	case wam.KindInstance:
		return canCompare(a.Ref) && canCompare(b.Ref) && a.Ref == b.Ref
	case wam.KindExpr:
		return s.equalExprs(a.Ref.(*wam.Expr), b.Ref.(*wam.Expr), by, depth)
	case wam.KindPattern:
		x, y := a.Ref.(*wam.Pattern), b.Ref.(*wam.Pattern)
		return x.Tag == y.Tag && s.equalMappings(&x.Fields, &y.Fields, by, depth)
	case wam.KindList:
		return s.equalLists(a, b, by, depth)
	case wam.KindDict:
		x, ok1 := a.Ref.(wam.Mapping)
		y, ok2 := b.Ref.(wam.Mapping)
		return ok1 && ok2 && s.equalMappings(x, y, by, depth)
	}
	return false
}

func (s *Simplifier) equalExprs(x, y *wam.Expr, by likeness, depth int) bool {
	if x.Op != y.Op || len(x.Args) != len(y.Args) {
		return false
	}
	if s.equalAll(x.Args, y.Args, by, depth) {
		return true
	}
	return by == asWritten && isSymmetric(x) && s.equal(x.Args[0], y.Args[1], by, depth+1) && s.equal(x.Args[1], y.Args[0], by, depth+1)
}

// isSymmetric reports whether the sides of an expression can be swapped.
func isSymmetric(e *wam.Expr) bool {
	return len(e.Args) == 2 && (e.Op == "Unify" || e.Op == "Eq" || e.Op == "Neq")
}

func (s *Simplifier) equalAll(a, b []wam.Value, by likeness, depth int) bool {
	for i := range a {
		if !s.equal(a[i], b[i], by, depth+1) {
			return false
		}
	}
	return true
}

func (s *Simplifier) equalLists(a, b wam.Value, by likeness, depth int) bool {
	x, ok1 := a.Ref.(wam.Sequence)
	y, ok2 := b.Ref.(wam.Sequence)
	if !ok1 || !ok2 || x.Len() != y.Len() {
		return false
	}
	ra, rb := rest(a), rest(b)
	if ra.Kind != rb.Kind || variableOf(ra) != variableOf(rb) {
		return false
	}
	for i := range x.Len() {
		v, err1 := x.At(i)
		w, err2 := y.At(i)
		if err1 != nil || err2 != nil || !s.equal(v, w, by, depth+1) {
			return false
		}
	}
	return true
}

// rest returns the rest variable of a list, or the zero Value.
func rest(v wam.Value) wam.Value {
	if l, ok := v.Ref.(*wam.List); ok {
		return l.Rest
	}
	return wam.Value{}
}

func (s *Simplifier) equalMappings(x, y wam.Mapping, by likeness, depth int) bool {
	if x.Len() != y.Len() {
		return false
	}
	for i := range x.Len() {
		v, err1 := x.At(i)
		w, err2 := y.At(i)
		if x.Key(i) != y.Key(i) || err1 != nil || err2 != nil || !s.equal(v, w, by, depth+1) {
			return false
		}
	}
	return true
}

// canCompare reports whether == between this and another value can't panic.
func canCompare(ref any) bool { return ref != nil && reflect.ValueOf(ref).Comparable() }

// termSet is a set of terms that are told apart asWritten. The zero value is empty.
type termSet struct {
	terms []wam.Value
	heads map[uint64]int // the newest term of a hash; nil while there are few
	next  []int          // the one before it of the same hash
}

// fewTerms are compared one by one.
const fewTerms = 8

func (t *termSet) reset() {
	clear(t.terms)
	t.terms, t.heads, t.next = t.terms[:0], nil, t.next[:0]
}

func (t *termSet) has(s *Simplifier, v wam.Value) bool {
	if t.heads == nil {
		for _, w := range t.terms {
			if s.equal(w, v, asWritten, 0) {
				return true
			}
		}
		return false
	}
	i, found := t.heads[s.hash(v, 0)]
	for ; found && i >= 0; i = t.next[i] {
		if s.equal(t.terms[i], v, asWritten, 0) {
			return true
		}
	}
	return false
}

func (t *termSet) add(s *Simplifier, v wam.Value) {
	t.terms = append(t.terms, v)
	switch {
	case t.heads != nil:
		t.link(s, len(t.terms)-1)
	case len(t.terms) > fewTerms:
		t.heads = map[uint64]int{}
		for i := range t.terms {
			t.link(s, i)
		}
	}
}

func (t *termSet) link(s *Simplifier, i int) {
	h := s.hash(t.terms[i], 0)
	before, found := t.heads[h]
	if !found {
		before = -1
	}
	t.next = append(t.next, before)
	t.heads[h] = i
}

var seed = maphash.MakeSeed()

// hash returns the same number for terms that are equal asWritten.
func (s *Simplifier) hash(v wam.Value, depth int) uint64 {
	h := uint64(v.Kind)
	if !s.enter(depth) {
		return h
	}
	switch v.Kind {
	case wam.KindBool, wam.KindInt, wam.KindFloat:
		return mix(h, v.N)
	case wam.KindString, wam.KindVar:
		return mix(mix(h, v.N), maphash.String(seed, v.Str))
	case wam.KindInstance:
		if canCompare(v.Ref) {
			return mix(h, maphash.Comparable(seed, v.Ref))
		}
	case wam.KindExpr:
		e := v.Ref.(*wam.Expr)
		h = mix(h, maphash.String(seed, e.Op))
		if isSymmetric(e) {
			return mix(h, s.hash(e.Args[0], depth+1)+s.hash(e.Args[1], depth+1))
		}
		return s.hashItems(h, &wam.List{Items: e.Args}, depth)
	case wam.KindList:
		if seq, ok := v.Ref.(wam.Sequence); ok {
			return mix(s.hashItems(h, seq, depth), s.hash(rest(v), depth+1))
		}
	case wam.KindDict:
		if m, ok := v.Ref.(wam.Mapping); ok {
			return s.hashFields(h, m, depth)
		}
	case wam.KindPattern:
		p := v.Ref.(*wam.Pattern)
		return s.hashFields(mix(h, maphash.String(seed, p.Tag)), &p.Fields, depth)
	}
	return h
}

func (s *Simplifier) hashItems(h uint64, seq wam.Sequence, depth int) uint64 {
	for i := range seq.Len() {
		if v, err := seq.At(i); err == nil {
			h = mix(h, s.hash(v, depth+1))
		}
	}
	return h
}

func (s *Simplifier) hashFields(h uint64, m wam.Mapping, depth int) uint64 {
	for i := range m.Len() {
		if v, err := m.At(i); err == nil {
			h = mix(mix(h, maphash.String(seed, m.Key(i))), s.hash(v, depth+1))
		}
	}
	return h
}

// mix combines a hash with one more number; the order matters.
func mix(h, x uint64) uint64 {
	h = (h ^ x) * 0x9E3779B97F4A7C15
	return h ^ h>>32
}
