package host

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// policyTest is a policy over registered classes whose answers are asked with and without optimisations.
type policyTest struct {
	t        *testing.T
	registry *Registry
	engine   *engine.Engine
	limits   engine.Limits
	driven   bool // the host is asked for each field, and answers tell what it was asked
}

func newPolicyTest(t *testing.T, policy string, classes map[string]any) *policyTest {
	t.Helper()
	p := &policyTest{t: t}
	p.registry = NewRegistry(Config{}, func() { p.engine.SetRegistry(p.registry.Engine) })
	p.engine = engine.New(p.registry.Engine())
	for _, name := range slices.Sorted(maps.Keys(classes)) {
		v := classes[name]
		typ := reflect.TypeOf(v)
		register := func() error { _, err := p.registry.RegisterClass(typ, nil, name, nil); return err }
		if typ.Kind() == reflect.Pointer { // to an interface
			register = func() error { return p.registry.RegisterInterface(typ.Elem(), name) }
		}
		if err := register(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.engine.Load([]*diag.Source{diag.NewSource("", policy)}, engine.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	return p
}

// query prepares a query for a rule.
func (p *policyTest) query(s *Session, rule string, args []any) *engine.Query {
	p.t.Helper()
	q := p.engine.Rule(rule)
	for _, a := range args {
		v, err := s.Value(a)
		if err == nil {
			err = q.Arg(v)
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	return q
}

// ask returns all results of a rule, each as the value of the variable x, and the error that ended it.
func (p *policyTest) ask(rule string, without wam.Features, args ...any) string {
	s := p.registry.Acquire()
	defer p.registry.Release(s)
	q := p.query(s, rule, args)
	defer q.Close()
	if err := q.Arg(wam.VarValue("x")); err != nil {
		p.t.Fatal(err)
	}
	opts := options(without)
	opts.Limits = p.limits
	a := &asker{Host: s}
	if p.driven {
		q.Start(p.t.Context(), a, opts)
	} else {
		q.Start(p.t.Context(), s, opts)
	}
	return strings.Join(append(p.results(q), a.asked...), "; ")
}

// results returns all results of a query that has started, and the error that ended it.
func (p *policyTest) results(q *engine.Query) []string {
	var out []string
	for {
		found, err := q.Next()
		if err != nil {
			var e *diag.Error
			if errors.As(err, &e) {
				return append(out, fmt.Sprintf("error %v: %s", e.Kind, e.Message))
			}
			return append(out, "error "+err.Error())
		}
		if !found {
			return out
		}
		bs, err := q.Bindings()
		if err != nil {
			out = append(out, "unreadable: "+err.Error())
			continue
		}
		text := "true"
		for _, b := range bs {
			text = show(b.Value)
		}
		out = append(out, text)
	}
}

func options(without wam.Features) engine.Options {
	return engine.Options{Without: without, Print: func(string) {}}
}

// same asks with all optimisations, with those given left out one by one, and without any. The answers must be equal; it returns
// them.
func (p *policyTest) same(rule string, args ...any) string {
	p.t.Helper()
	got := p.ask(rule, 0, args...)
	for _, without := range []wam.Features{wam.InlineFields, wam.Scans, wam.Merges, wam.Hops, ^wam.Features(0)} {
		if want := p.ask(rule, without, args...); got != want {
			p.t.Errorf("%s(%v): got %s, without optimisations %#x %s", rule, args, got, without, want)
		}
	}
	return got
}

type part struct{ N int }

type Inner struct{ Deep string }

type Behind struct{ Hidden int }

type label string

// kinds has a field of each kind that a plan may or may not read.
type kinds struct {
	I      int
	I8     int8
	I16    int16
	I32    int32
	I64    int64
	U      uint
	U8     uint8
	U16    uint16
	U32    uint32
	U64    uint64
	F32    float32
	F64    float64
	B      bool
	S      string
	Label  label
	Any    any
	Ptr    *part
	NilPtr *part
	Part   part
	IntPtr *int
	Err    error
	Ints   []int
	Strs   []string
	Uints  []uint64
	Floats []float64
	Parts  []part
	Ptrs   []*part
	Labels []label
	Anys   []any
	Lists  [][]int
	Array  [2]int
	Dict   map[string]int
	Bytes  []byte
	Empty  []int
	Fn     func() int
	Loop   []loop
	Inner
	*Behind
}

type loop []loop

func fullKinds() *kinds {
	n := 5
	return &kinds{I: -1, I8: -8, I16: -16, I32: -32, I64: math.MinInt64, U: 1, U8: 8, U16: 16, U32: 32, U64: math.MaxInt64,
		F32: 0.5, F64: 1.5, B: true, S: "text", Label: "l", Any: "any", Ptr: &part{1}, Part: part{2}, IntPtr: &n,
		Ints: []int{1, 2, 1}, Strs: []string{"a", "b", "\xff"}, Uints: []uint64{1, 2}, Floats: []float64{0.5, math.NaN(), 2},
		Parts: []part{{1}, {2}}, Ptrs: []*part{{1}, nil, {2}}, Labels: []label{"x", "y"}, Anys: []any{1, "b", nil, 2.5, true},
		Lists: [][]int{{1}, {}, {2, 3}}, Array: [2]int{7, 8}, Dict: map[string]int{"k": 1}, Bytes: []byte("hi"), Loop: []loop{{}, nil},
		Inner: Inner{Deep: "deep"}, Behind: &Behind{Hidden: 3}}
}

func kindFields() []string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[kinds]()) {
		names = append(names, f.Name)
	}
	return names
}

// Fields that the machine reads itself give what the host gives, as values, compared in place, as lists and as elements.
func TestFieldsReadByPlan(t *testing.T) {
	var policy strings.Builder
	for _, f := range kindFields() {
		fmt.Fprintf(&policy, "get_%[1]s(k, x) if x = k.%[1]s;\nall_%[1]s(k, x) if x in k.%[1]s;\nboth_%[1]s(k, x) if k.%[1]s = k.%[1]s and x = 1;\n", f)
		fmt.Fprintf(&policy, "rest_%[1]s(k, x) if [_, *x] = k.%[1]s;\neq_%[1]s(k, v, x) if k.%[1]s = v and x = 1;\nin_%[1]s(k, v, x) if v in k.%[1]s and x = 1;\n", f)
	}
	p := newPolicyTest(t, policy.String(), map[string]any{"Kinds": kinds{}, "Part": part{}})
	empty := &kinds{U64: math.MaxUint64, S: "a\xffb", Uints: []uint64{1, math.MaxUint64, 2}, Behind: nil}
	for _, k := range []any{fullKinds(), empty, *fullKinds(), (*kinds)(nil)} {
		for _, f := range kindFields() {
			for range 2 { // the second time remembered
				p.same("get_"+f, k)
			}
			p.same("all_"+f, k)
			p.same("both_"+f, k)
			p.same("rest_"+f, k)
			for _, v := range []any{-1, 1, 2, 8, 0.5, 1.5, 2.0, true, "text", "a", "a\uFFFDb", "\uFFFD", "l", nil, []int{1, 2, 1}, int64(math.MinInt64), &part{1}, part{2}, label("l")} {
				p.same("eq_"+f, k, v)
				p.same("in_"+f, k, v)
			}
		}
	}
	for rule, want := range map[string]string{"get_S": `"text"`, "get_Deep": `"deep"`, "get_Hidden": "3", "get_I64": "-9223372036854775808", "get_NilPtr": "nil",
		"all_Ptrs": "<*host.part>; nil; <*host.part>", "rest_Strs": `["b" "�"]`, "get_Lists": "[[1] [] [2 3]]"} {
		if got := p.same(rule, fullKinds()); got != want {
			t.Errorf("%s: got %s, want %s", rule, got, want)
		}
	}
}

// The rest of a Go slice has the length that is left.
func TestRestsOfSlicesAreLists(t *testing.T) {
	p := newPolicyTest(t, `
		equal(k, x) if [_, *x] = k.Ints and x = [2, 1];
		shorter(k, x) if [_, *x] = k.Ints and x = [2];
		longer(k, x) if [_, *x] = k.Ints and x = [2, 1, 1];
		both(k, x) if [_, *x] = k.Ints and [_, _, *y] = k.Ints and x = [2, *y];
		last(k, x) if [_, _, *x] = k.Ints and x = [1];`, map[string]any{"Kinds": kinds{}, "Part": part{}})
	for rule, want := range map[string]string{"equal": "[2 1]", "shorter": "", "longer": "", "both": "[2 1]", "last": "[1]"} {
		if got := p.same(rule, fullKinds()); got != want {
			t.Errorf("%s: got %s, want %s", rule, got, want)
		}
	}
}

// What is remembered of a field holds for one type: others of the same shape, and policies and classes that come later, are
// looked at anew.
func TestPlansAreForOneType(t *testing.T) {
	type one struct{ A, B int }
	type two struct{ B, A int }
	p := newPolicyTest(t, "get(o, x) if x = o.A;", nil)
	for range 2 {
		for _, c := range []struct {
			object any
			want   string
		}{{&one{1, 2}, "1"}, {&two{1, 2}, "2"}, {two{3, 4}, "4"}, {&part{1}, "error"}} {
			if got := p.same("get", c.object); !strings.HasPrefix(got, c.want) {
				t.Errorf("%#v: got %s, want %s", c.object, got, c.want)
			}
		}
		if _, err := p.registry.RegisterClass(reflect.TypeFor[two](), nil, "Two", nil); err != nil && !strings.Contains(err.Error(), "Two") {
			t.Fatal(err)
		}
	}
}
