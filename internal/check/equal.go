package check

import (
	"hash/maphash"
	"math"

	"github.com/goso-project/goso/internal/ast"
)

// hasItems reports whether every item of want is equal to one of got.
func hasItems(want, got []ast.Term) bool {
	if len(want) == 0 {
		return true
	}
	seed := maphash.MakeSeed()
	byHash := make(map[uint64][]ast.Term, len(got))
	for _, g := range got {
		h := hash(seed, g)
		byHash[h] = append(byHash[h], g)
	}
	for _, w := range want {
		found := false
		for _, g := range byHash[hash(seed, w)] {
			if found = equal(w, g); found {
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// hasFields reports whether every field of want is in got, with an equal value.
func hasFields(want, got []ast.Field) bool {
	if len(want) == 0 {
		return true
	}
	values := make(map[string]ast.Term, len(got))
	for _, g := range got {
		values[g.Key] = g.Value
	}
	for _, w := range want {
		g, ok := values[w.Key]
		if !ok || !equal(w.Value, g) {
			return false
		}
	}
	return true
}

// equal compares terms by structure, numbers by value and variables by name. What will be computed equals nothing, nor does
// an anonymous variable.
func equal(a, b ast.Term) bool {
	switch a := a.(type) {
	case *ast.Int:
		switch b := b.(type) {
		case *ast.Int:
			return a.Value == b.Value
		case *ast.Float:
			return equalNumbers(a.Value, b.Value)
		}
	case *ast.Float:
		switch b := b.(type) {
		case *ast.Int:
			return equalNumbers(b.Value, a.Value)
		case *ast.Float:
			return a.Value == b.Value
		}
	case *ast.String:
		b, ok := b.(*ast.String)
		return ok && a.Value == b.Value
	case *ast.Bool:
		b, ok := b.(*ast.Bool)
		return ok && a.Value == b.Value
	case *ast.Var:
		b, ok := b.(*ast.Var)
		return ok && a.Name == b.Name && a.Name != "_"
	case *ast.List:
		b, ok := b.(*ast.List)
		if !ok || len(a.Items) != len(b.Items) || (a.Rest == nil) != (b.Rest == nil) {
			return false
		}
		for i := range a.Items {
			if !equal(a.Items[i], b.Items[i]) {
				return false
			}
		}
		return a.Rest == nil || equal(a.Rest, b.Rest)
	case *ast.Dict:
		b, ok := b.(*ast.Dict)
		return ok && len(a.Fields) == len(b.Fields) && hasFields(a.Fields, b.Fields)
	case *ast.Class:
		b, ok := b.(*ast.Class)
		return ok && a.Tag == b.Tag && len(a.Fields) == len(b.Fields) && hasFields(a.Fields, b.Fields)
	}
	return false
}

// equalNumbers compares exactly: no integer is rounded.
func equalNumbers(i int64, f float64) bool {
	return f >= -(1<<63) && f < 1<<63 && f == math.Trunc(f) && int64(f) == i
}

// hash is alike for equal terms.
func hash(seed maphash.Seed, t ast.Term) uint64 {
	switch t := t.(type) {
	case *ast.Int:
		return maphash.Comparable(seed, float64(t.Value))
	case *ast.Float:
		return maphash.Comparable(seed, t.Value)
	case *ast.String:
		return maphash.String(seed, t.Value)
	case *ast.Bool:
		return maphash.Comparable(seed, t.Value)
	case *ast.Var:
		return maphash.Comparable(seed, [2]string{"var", t.Name})
	case *ast.List:
		h := uint64(len(t.Items))
		for _, item := range t.Items {
			h = h*31 + hash(seed, item)
		}
		return h
	case *ast.Dict:
		return hashFields(seed, "dict", t.Fields)
	case *ast.Class:
		return hashFields(seed, "class "+t.Tag, t.Fields)
	}
	return 0
}

// hashFields does not depend on the order of fields.
func hashFields(seed maphash.Seed, kind string, fields []ast.Field) uint64 {
	h := maphash.String(seed, kind)
	for _, f := range fields {
		h += maphash.String(seed, f.Key) ^ hash(seed, f.Value)
	}
	return h
}
