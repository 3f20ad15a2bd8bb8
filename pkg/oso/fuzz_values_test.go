package oso_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

// maker makes a Go value out of bytes, together with what a query must give back for it. bad says that it can never be converted,
// condition that it holds a condition, which can only be carried.
type maker struct {
	data      []byte
	bad       bool
	condition bool
}

func (m *maker) byte() byte {
	if len(m.data) == 0 {
		return 0
	}
	b := m.data[0]
	m.data = m.data[1:]
	return b
}

func (m *maker) word() uint64 {
	var w [8]byte
	m.data = m.data[copy(w[:], m.data):]
	return binary.LittleEndian.Uint64(w[:])
}

func (m *maker) text() string {
	n := min(int(m.byte()), len(m.data))
	s := string(m.data[:n])
	m.data = m.data[n:]
	return s
}

// makerKinds is the number of sorts of values.
const makerKinds = 18

func (m *maker) value(depth int) (in, want any) {
	kind := m.byte() % makerKinds
	if depth > 20 {
		kind %= 10
	}
	switch kind {
	case 0:
		return nil, nil
	case 1:
		b := m.byte()%2 == 0
		return b, b
	case 2:
		n := int64(m.word())
		return n, n
	case 3:
		n := m.word()
		m.bad = m.bad || n > math.MaxInt64
		return n, int64(n)
	case 4:
		n := int16(m.word())
		return n, int64(n)
	case 5:
		x := math.Float64frombits(m.word())
		return x, x
	case 6:
		x := math.Float32frombits(uint32(m.word()))
		return x, float64(x)
	case 7:
		s := m.text()
		return s, strings.ToValidUTF8(s, "\uFFFD")
	case 8:
		r := rank(m.text())
		return r, r
	case 9:
		foo := Foo{m.text(), int(int32(m.word()))}
		return foo, foo
	case 10:
		foo := &Foo{m.text(), 1}
		return foo, foo
	case 11:
		return (*Foo)(nil), nil
	case 12:
		b := []byte(m.text())
		out := []any{}
		for _, x := range b {
			out = append(out, int64(x))
		}
		return b, out
	case 13:
		m.bad = true
		return map[int]int{1: 1}, nil
	case 14:
		in, out := map[string]any{}, map[string]any{}
		for range m.byte() % 8 {
			key := fmt.Sprint("k", m.byte())
			if _, twice := in[key]; !twice {
				in[key], out[key] = m.value(depth + 1)
			}
		}
		return in, out
	case 16:
		a, b := int16(m.word()), int16(m.word())
		return add(a, b), int64(a) + int64(b)
	case 17:
		m.condition = true
		n := m.byte()
		return greater(n, variable("y")), greater(int64(n), variable("y"))
	default:
		in, out := []any{}, []any{}
		for range m.byte() % 8 {
			x, y := m.value(depth + 1)
			in, out = append(in, x), append(out, y)
		}
		return in, out
	}
}

// equal is reflect.DeepEqual, but for NaN. Invalid bytes become one replacement each or for a run: both are given.
func equal(x, y any) bool {
	switch x := x.(type) {
	case float64:
		y, ok := y.(float64)
		return ok && (x == y || math.IsNaN(x) && math.IsNaN(y))
	case string:
		y, ok := y.(string)
		return ok && squeeze(x) == squeeze(y)
	case []any:
		y, ok := y.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		y, ok := y.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for k := range x {
			if other, ok := y[k]; !ok || !equal(x[k], other) {
				return false
			}
		}
		return true
	default:
		return reflect.DeepEqual(x, y)
	}
}

func squeeze(s string) string {
	for strings.Contains(s, "\uFFFD\uFFFD") {
		s = strings.ReplaceAll(s, "\uFFFD\uFFFD", "\uFFFD")
	}
	return s
}

// FuzzValues hands a Go value over and takes it back: it is the same, or an error says that it cannot be converted. Nothing is
// rounded, wrapped or lost on the way.
func FuzzValues(f *testing.F) {
	for kind := range byte(makerKinds) {
		f.Add([]byte{kind, 3, 'a', 'b', 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
		f.Add([]byte{15, 3, kind, 1, 'x', 14, 2, 7, kind, 2, 9, kind, 1})
	}
	o := newOso(f, "same(x, x);")
	f.Fuzz(func(t *testing.T, data []byte) {
		m := &maker{data: data}
		in, want := m.value(0)
		q, err := o.NewQueryFromRule("same", in, variable("x"))
		var r *map[string]any
		if err == nil {
			q.SetAcceptExpression(true)
			r, err = q.Next()
			q.Cleanup()
		}
		switch e, _ := errors.AsType[*osoerrors.FormattedPolarError](err); {
		case m.condition && e != nil && e.Code() == "RuntimeError::TypeError":
		case err != nil && !m.bad:
			t.Errorf("%#v: %v", in, err)
		case err != nil:
		case m.bad:
			t.Errorf("%#v became %#v", in, *r)
		case r == nil || !equal(want, (*r)["x"]):
			t.Errorf("%#v: got %#v, want %#v", in, r, want)
		}
	})
}

// FuzzArguments has a policy call methods with a value of its own making. A parameter gets exactly that value, or the call is an
// error of the right kind; the method is not called then.
func FuzzArguments(f *testing.F) {
	for _, text := range []string{"", "a", "5", "\xff", "admin"} {
		for _, n := range []int64{0, 1, -1, 255, 256, 1 << 40, math.MinInt64} {
			f.Add(text, n, float64(n)+0.5, n%2 == 0)
		}
	}
	methods := []string{"Int", "Uint8", "Float", "String", "Team", "Ints", "Nested", "Array", "Map", "Foo", "Pointer", "Stringer", "Named", "Any", "Rest"}
	var policy strings.Builder
	for _, method := range methods {
		fmt.Fprintf(&policy, "call(%q, a, arg, x) if x = a.%s(arg);\n", method, method)
	}
	o := newOso(f, policy.String())
	f.Fuzz(func(t *testing.T, text string, n int64, x float64, b bool) {
		for _, arg := range []any{text, n, x, b, nil, rank(text), []any{n}, []any{n, n}, map[string]any{"a": n}, Foo{Name: text}, User{Name: text}} {
			for _, method := range methods {
				q, err := o.NewQueryFromRule("call", method, argument{}, arg, variable("x"))
				must(t, err)
				r, err := q.Next()
				q.Cleanup()
				if err != nil {
					if !errors.As(err, new(*osoerrors.InvalidCallError)) && !errors.As(err, new(*osoerrors.HostPanicError)) {
						t.Errorf("%s(%#v): %v", method, arg, err)
					}
					continue
				}
				if got := (*r)["x"]; !exact(method, arg, got) {
					t.Errorf("%s(%#v) got %#v", method, arg, got)
				}
			}
		}
	})
}

// exact reports whether what a method of argument returns fits what it was called with, where it gives its argument back.
func exact(method string, arg, got any) bool {
	switch method {
	case "Int", "Uint8":
		if x, ok := arg.(float64); ok {
			return float64(got.(int64)) == x
		}
		return got == arg
	case "Float":
		if n, ok := arg.(int64); ok {
			return got == float64(n)
		}
		return equal(arg, got)
	case "String", "Team":
		if r, ok := arg.(rank); ok {
			arg = string(r)
		}
		return equal(strings.ToValidUTF8(arg.(string), "\uFFFD"), strings.ToValidUTF8(got.(string), "\uFFFD"))
	}
	return true
}
