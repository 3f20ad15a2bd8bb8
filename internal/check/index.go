package check

import (
	"cmp"
	"hash/maphash"
	"slices"

	"github.com/goso-project/goso/internal/ast"
)

// manyTypes is the number of rule types of one name from which an index finds those that a rule may match.
const manyTypes = 16

// typeIndex finds rule types by what they want of one parameter: a literal, or a class. Of several such parameters it is the one that
// the fewest rule types want, so that types that have most in common are told apart by the rest.
//
// It is only a shortcut: what it leaves out would not match, and comparing it would be no error.
type typeIndex struct {
	seed  maphash.Seed
	byKey map[typeKey][]int32 // numbers of types in order
	rest  map[int][]int32     // of those without a key, by number of parameters

	keys    []typeKey // scratch
	numbers []int32   // scratch
}

// typeKey is what a parameter of a rule type wants: a class, or else the literal of a hash.
type typeKey struct {
	params, at int
	class      string
	literal    uint64
}

// indexed returns the plain rule types that a rule must be compared with, in order. They are good until the next call.
func (n *typesOfName) indexed(w *World, r *ast.Rule) []*ruleType {
	if n.index == nil {
		n.index = newTypeIndex(w, n.plain)
	}
	n.found = n.found[:0]
	for _, k := range n.index.find(w, r) {
		n.found = append(n.found, n.plain[k])
	}
	return n.found
}

func newTypeIndex(w *World, types []*ruleType) *typeIndex {
	x := &typeIndex{seed: maphash.MakeSeed(), byKey: map[typeKey][]int32{}, rest: map[int][]int32{}}
	wanted := map[typeKey]int{} // how many types want it
	for _, t := range types {
		for _, k := range x.keysOf(w, t) {
			wanted[k]++
		}
	}
	for i, t := range types {
		keys := x.keysOf(w, t)
		if len(keys) == 0 {
			params := len(t.head.Params)
			x.rest[params] = append(x.rest[params], int32(i))
			continue
		}
		rarest := slices.MinFunc(keys, func(a, b typeKey) int { return cmp.Compare(wanted[a], wanted[b]) })
		x.byKey[rarest] = append(x.byKey[rarest], int32(i))
	}
	return x
}

// find returns the numbers of the types that a rule may match, in order, good until the next call.
func (x *typeIndex) find(w *World, r *ast.Rule) []int32 {
	params := len(r.Params)
	found := append(x.numbers[:0], x.rest[params]...)
	for i, p := range r.Params {
		if value := valueOf(p); isValue(value) {
			found = append(found, x.byKey[typeKey{params: params, at: i, literal: hash(x.seed, value)}]...)
		}
		for _, class := range w.classesOf(p) {
			found = append(found, x.byKey[typeKey{params: params, at: i, class: class}]...)
		}
	}
	slices.Sort(found)
	x.numbers = slices.Compact(found)
	return x.numbers
}

// keysOf returns what the parameters of a rule type want, good until the next call; none if comparing it may be an error.
func (x *typeIndex) keysOf(w *World, t *ruleType) []typeKey {
	keys := x.keys[:0]
	for i, p := range t.head.Params {
		key := typeKey{params: len(t.head.Params), at: i}
		switch want := valueOf(p).(type) {
		case *ast.Int, *ast.Float, *ast.String, *ast.Bool:
			key.literal = hash(x.seed, want)
			keys = append(keys, key)
		case *ast.Class:
			if _, union := w.union(want.Tag); union {
				continue
			}
			if !w.IsClassName(want.Tag) {
				return nil
			}
			key.class = want.Tag
			keys = append(keys, key)
		case *ast.List:
			if want.Rest != nil {
				return nil
			}
		}
	}
	x.keys = keys
	return keys
}

// valueOf returns what a parameter is held to: its specializer, or else its term.
func valueOf(p ast.Param) ast.Term {
	if p.Specializer != nil {
		return p.Specializer
	}
	return p.Term
}
