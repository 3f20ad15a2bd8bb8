package partial

import (
	"encoding/binary"
	"reflect"

	"github.com/goso-project/goso/internal/wam"
)

// canCompare reports whether == between this and another value can't panic.
func canCompare(ref any) bool { return ref != nil && reflect.ValueOf(ref).Comparable() }

// key returns a text that two constraints share exactly when they say the same: structurally equal, or with the sides of
// an equality or inequality swapped.
func (s *simplifier) key(v wam.Value) string { return string(s.appendKey(nil, v, 0)) }

func (s *simplifier) appendKey(b []byte, v wam.Value, depth int) []byte {
	if !s.enter(depth) {
		return b
	}
	b = append(b, byte(v.Kind))
	switch v.Kind {
	case wam.KindBool, wam.KindInt, wam.KindFloat:
		return binary.BigEndian.AppendUint64(b, v.N)
	case wam.KindString:
		return appendText(b, v.Str)
	case wam.KindVar:
		return appendText(binary.BigEndian.AppendUint64(b, v.N), v.Str)
	case wam.KindInstance:
		return binary.BigEndian.AppendUint64(b, uint64(s.instance(v.Ref)))
	case wam.KindExpr:
		e := v.Ref.(*wam.Expr)
		b = binary.AppendUvarint(appendText(b, e.Op), uint64(len(e.Args)))
		if len(e.Args) == 2 && (e.Op == "Unify" || e.Op == "Eq" || e.Op == "Neq") {
			l, r := s.appendKey(nil, e.Args[0], depth+1), s.appendKey(nil, e.Args[1], depth+1)
			if string(l) > string(r) {
				l, r = r, l
			}
			return append(append(b, l...), r...)
		}
		for _, a := range e.Args {
			b = s.appendKey(b, a, depth+1)
		}
	case wam.KindList:
		if seq, ok := v.Ref.(wam.Sequence); ok {
			b = binary.AppendUvarint(b, uint64(seq.Len()))
			for i := range seq.Len() {
				b = s.appendElement(b, depth)(seq.At(i))
			}
			b = s.appendKey(b, rest(v), depth+1)
		}
	case wam.KindDict:
		if m, ok := v.Ref.(wam.Mapping); ok {
			b = s.appendFields(b, m, depth)
		}
	case wam.KindPattern:
		p := v.Ref.(*wam.Pattern)
		b = s.appendFields(appendText(b, p.Tag), &p.Fields, depth)
	}
	return b
}

func (s *simplifier) appendFields(b []byte, m wam.Mapping, depth int) []byte {
	b = binary.AppendUvarint(b, uint64(m.Len()))
	for i := range m.Len() {
		b = s.appendElement(appendText(b, m.Key(i)), depth)(m.At(i))
	}
	return b
}

// appendElement appends an element a host converted; one that it could not convert is like no other.
func (s *simplifier) appendElement(b []byte, depth int) func(wam.Value, error) []byte {
	return func(v wam.Value, err error) []byte {
		if err != nil {
			s.lastID++
			return binary.BigEndian.AppendUint64(append(b, 0xff), uint64(s.lastID))
		}
		return s.appendKey(b, v, depth+1)
	}
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// instance numbers a host object: the same object has the same number. What can't be compared is like no other.
func (s *simplifier) instance(ref any) int {
	if canCompare(ref) {
		if n, ok := s.instances[ref]; ok {
			return n
		}
		if s.instances == nil {
			s.instances = map[any]int{}
		}
		s.lastID++
		s.instances[ref] = s.lastID
		return s.lastID
	}
	s.lastID++
	return s.lastID
}
