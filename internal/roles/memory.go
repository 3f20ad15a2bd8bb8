package roles

import (
	"reflect"

	"github.com/goso-project/goso/internal/wam"
)

// memory is what one search has reached. It is used by one query, so by one goroutine.
type memory struct{ reached map[place][]wam.Value }

// place is where values that could be equal are kept together: reached by the same step, and of one type.
type place struct {
	kind, name string
	value      wam.ValueKind
	object     reflect.Type
}

func placeOf(kind, name string, v wam.Value) place {
	p := place{kind: kind, name: name, value: v.Kind}
	if v.Kind == wam.KindInstance {
		p.object = reflect.TypeOf(v.Ref)
	}
	return p
}

// answer answers for a memory: "others" are the values that a new one must not be equal to, and fails if the value is
// known to be among them; "add" adds it.
func (m *memory) answer(question, kind, name string, v wam.Value) (wam.Value, error) {
	if err := known(v); err != nil {
		return wam.Value{}, err
	}
	p := placeOf(kind, name, v)
	reached := m.reached[p]
	if question == "add" {
		if m.reached == nil {
			m.reached = map[place][]wam.Value{}
		}
		m.reached[p] = append(reached, v)
		return wam.BoolValue(true), nil
	}
	if decidable(p) {
		for _, other := range reached {
			if v.N == other.N && v.Str == other.Str && v.Ref == other.Ref {
				return wam.Value{}, nil
			}
		}
		if v.Kind != wam.KindInstance {
			reached = nil
		}
	}
	return wam.ListValue(reached[:len(reached):len(reached)]...), nil
}

// decidable reports whether values kept at a place can be compared here: for the same pointers, and numbers and strings,
// that needs no host. Objects that differ may still be equal to the host.
func decidable(p place) bool {
	switch p.value {
	case wam.KindBool, wam.KindInt, wam.KindFloat, wam.KindString:
		return true
	case wam.KindInstance:
		return p.object == nil || p.object.Kind() == reflect.Pointer
	}
	return false
}
