package access_test

import (
	"reflect"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/access"
)

type low struct {
	pad bool
	Low string
}

type Middle struct {
	pad [3]byte
	low
}

type Far struct{ Distant int }

type outer struct {
	I   int
	I8  int8
	I16 int16
	I32 int32
	I64 int64
	U   uint
	U8  uint8
	U16 uint16
	U32 uint32
	U64 uint64
	F32 float32
	F64 float64
	B   bool
	S   string
	A   any
	P   *outer
	L   []low
	E   []int
	Arr [2]int16
	Middle
	*Far
}

var outerType = reflect.TypeFor[outer]()

func place(t *testing.T, o *outer) access.Place {
	t.Helper()
	typ := access.TypeOf(outerType)
	p, ok := typ.Target(o)
	if !ok {
		t.Fatal("a pointer has no target")
	}
	return p
}

func fieldOf(t *testing.T, p access.Place, name string) access.Place {
	t.Helper()
	sf, _ := outerType.FieldByName(name)
	f, ok := access.FieldOf(outerType, sf.Index)
	if !ok {
		t.Fatalf("no way to %s", name)
	}
	return p.Field(&f)
}

func TestFieldsOfAllKinds(t *testing.T) {
	o := &outer{I: -1, I8: -8, I16: -16, I32: -32, I64: -64, U: 1, U8: 8, U16: 16, U32: 32, U64: 64,
		F32: 0.5, F64: 1.5, B: true, S: "s", A: 5}
	o.Low, o.low.pad, o.Middle.pad[2] = "low", true, 1
	p := place(t, o)
	got := map[string]any{
		"I": fieldOf(t, p, "I").Int(reflect.Int), "I8": fieldOf(t, p, "I8").Int(reflect.Int8), "I16": fieldOf(t, p, "I16").Int(reflect.Int16),
		"I32": fieldOf(t, p, "I32").Int(reflect.Int32), "I64": fieldOf(t, p, "I64").Int(reflect.Int64),
		"U": fieldOf(t, p, "U").Uint(reflect.Uint), "U8": fieldOf(t, p, "U8").Uint(reflect.Uint8), "U16": fieldOf(t, p, "U16").Uint(reflect.Uint16),
		"U32": fieldOf(t, p, "U32").Uint(reflect.Uint32), "U64": fieldOf(t, p, "U64").Uint(reflect.Uint64),
		"F32": fieldOf(t, p, "F32").Float(reflect.Float32), "F64": fieldOf(t, p, "F64").Float(reflect.Float64),
		"B": fieldOf(t, p, "B").Bool(), "S": fieldOf(t, p, "S").String(), "A": fieldOf(t, p, "A").Any(), "Low": fieldOf(t, p, "Low").String(),
	}
	want := map[string]any{
		"I": int64(-1), "I8": int64(-8), "I16": int64(-16), "I32": int64(-32), "I64": int64(-64),
		"U": uint64(1), "U8": uint64(8), "U16": uint64(16), "U32": uint64(32), "U64": uint64(64),
		"F32": 0.5, "F64": 1.5, "B": true, "S": "s", "A": 5, "Low": "low",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPointers(t *testing.T) {
	typ := access.TypeOf(outerType)
	o := &outer{}
	p := place(t, o)
	if typ.Pointer(p) != any(o) {
		t.Error("the pointer to a target is another pointer")
	}
	if x, ok := typ.Load(fieldOf(t, p, "P")); ok || x != nil {
		t.Errorf("a nil pointer leads to %v", x)
	}
	if _, ok := fieldOf(t, p, "P").Deref(); ok {
		t.Error("a nil pointer has a target")
	}
	o.P = o
	if at, ok := fieldOf(t, p, "P").Deref(); !ok || typ.Pointer(at) != any(o) {
		t.Errorf("got %v, %v", at, ok)
	}
	if x, ok := typ.Load(fieldOf(t, p, "P")); !ok || x != any(o) {
		t.Errorf("got %v, %v", x, ok)
	}
	for _, x := range []any{nil, outer{}, (*outer)(nil), &low{}, 5} {
		if _, ok := typ.Target(x); ok {
			t.Errorf("%T has a target of another type", x)
		}
	}
	fieldOf(t, p, "I").Value(reflect.TypeFor[int]()).SetInt(7)
	if o.I != 7 {
		t.Errorf("the value of a place is a copy: %d", o.I)
	}
}

func TestPointersHaveAddresses(t *testing.T) {
	o, p := &outer{}, &outer{}
	a, ok := access.Pointer(o)
	b, same := access.Pointer(o)
	c, other := access.Pointer(p)
	if !ok || !same || !other || a != b || a == c {
		t.Errorf("got %x, %x, %x", a, b, c)
	}
	for _, x := range []any{nil, (*outer)(nil), *o, 1, map[string]int{}} {
		if _, ok := access.Pointer(x); ok {
			t.Errorf("%T has an address", x)
		}
	}
}

func TestWaysThroughPointersAreNone(t *testing.T) {
	sf, _ := outerType.FieldByName("Distant")
	if _, ok := access.FieldOf(outerType, sf.Index); ok {
		t.Error("a field behind an embedded pointer has a fixed offset")
	}
}

func TestElements(t *testing.T) {
	o := &outer{L: []low{{Low: "a"}, {Low: "b"}}, E: []int{1, 2, 3}, Arr: [2]int16{4, 5}}
	p := place(t, o)
	list := fieldOf(t, p, "L").Slice(access.ElemOf(reflect.TypeFor[low]()))
	o.L = o.L[:1]
	if list.Len() != 2 {
		t.Fatalf("%d elements", list.Len())
	}
	lowType := access.TypeOf(reflect.TypeFor[low]())
	if x, ok := lowType.Pointer(list.At(1)).(*low); !ok || x.Low != "b" {
		t.Errorf("got %v", x)
	}
	ints := access.SliceOf(reflect.ValueOf(o.E))
	if n := ints.At(2).Int(reflect.Int); n != 3 || ints.Len() != 3 {
		t.Errorf("got %d of %d", n, ints.Len())
	}
	array := access.SliceOf(reflect.ValueOf(o).Elem().FieldByName("Arr"))
	if n := array.At(1).Int(reflect.Int16); n != 5 || array.Len() != 2 {
		t.Errorf("got %d of %d", n, array.Len())
	}
	if empty := access.SliceOf(reflect.ValueOf([]int(nil))); empty.Len() != 0 {
		t.Errorf("%d elements in a nil slice", empty.Len())
	}
}

type pairOfWords struct {
	name string
	list []any
}

func TestBoxedValuesAreValues(t *testing.T) {
	texts, pairs := access.BoxesOf[string](), access.BoxesOf[pairOfWords]()
	memory := []pairOfWords{{"a", []any{1}}, {"b", []any{"x"}}}
	boxed := []any{texts.Box(&memory[1].name), pairs.Box(&memory[0]), pairs.Box(&memory[1])}
	runtime.GC()
	if want := []any{"b", pairOfWords{"a", []any{1}}, pairOfWords{"b", []any{"x"}}}; !reflect.DeepEqual(boxed, want) {
		t.Errorf("got %#v, want %#v", boxed, want)
	}
	if p, ok := boxed[2].(pairOfWords); !ok || p.name != "b" {
		t.Errorf("got %v, %v", p, ok)
	}
}

type (
	shape  interface{ area() int }
	square struct{ side, unit int }
	circle struct{ radius, unit int }
)

func (s square) area() int { return s.side * s.side * s.unit }
func (c circle) area() int { return 3 * c.radius * c.radius * c.unit }

func TestBoxedVariantsAreValues(t *testing.T) {
	squares := access.VariantsOf[shape, square](square{})
	memory := []square{{2, 1}, {3, 10}}
	boxed := []shape{squares.Box(&memory[1]), squares.Box(&memory[0])}
	runtime.GC()
	if boxed[0].area() != 90 || boxed[1] != shape(square{2, 1}) {
		t.Errorf("got %#v", boxed)
	}
	defer func() {
		if recover() == nil {
			t.Error("a sample of another type is taken")
		}
	}()
	access.VariantsOf[shape, square](circle{})
}
