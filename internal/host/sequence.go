package host

import (
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/wam"
)

// sequence is a slice or array whose elements are converted when they are looked at.
type sequence struct {
	conv  *converter
	elem  *plan
	items access.Slice
}

// Len returns the length the slice had when the policy reached it.
func (s *sequence) Len() int { return s.items.Len() }

// At converts an element.
func (s *sequence) At(i int) (wam.Value, error) { return s.conv.fromPlace(s.elem, s.items.At(i), true) }

// Plan lets the machine read the elements itself.
func (s *sequence) Plan() (*wam.Plan, access.Slice) { return s.conv.classes.layout(s.elem), s.items }

// mapping is a map whose values are converted when they are looked at.
type mapping struct {
	conv *converter
	elem *plan
	v    reflect.Value
	keys []mapKey
}

// mapKey is a key as the policy sees it and as the map has it.
type mapKey struct {
	text  string
	value reflect.Value
}

// sortedKeys returns the keys in byte order.
func sortedKeys(v reflect.Value) []mapKey {
	keys := make([]mapKey, 0, v.Len())
	for iter := v.MapRange(); iter.Next(); {
		text := iter.Key().String()
		if !utf8.ValidString(text) {
			text = string([]rune(text))
		}
		keys = append(keys, mapKey{text, iter.Key()})
	}
	slices.SortFunc(keys, func(a, b mapKey) int {
		if c := strings.Compare(a.text, b.text); c != 0 {
			return c
		}
		return strings.Compare(a.value.String(), b.value.String())
	})
	return slices.CompactFunc(keys, func(a, b mapKey) bool { return a.text == b.text })
}

func (m *mapping) Len() int { return len(m.keys) }

func (m *mapping) Key(i int) string { return m.keys[i].text }

// At converts a value; a key that the application removed in the meantime gives nil.
func (m *mapping) At(i int) (wam.Value, error) {
	v := m.v.MapIndex(m.keys[i].value)
	if !v.IsValid() {
		return nilValue(), nil
	}
	return m.conv.fromValue(m.elem, v, true, 0)
}
