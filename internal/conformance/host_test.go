package conformance

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

func TestFloatsPrintWithTheirKind(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0.0", 1: "1.0", -2.5: "-2.5", 1e20: "100000000000000000000.0", 1e21: "1e+21", 1.5e300: "1.5e+300",
		1e-6: "0.000001", 1e-7: "1e-7", -1.25e-9: "-1.25e-9", math.Inf(1): "inf", math.Inf(-1): "-inf", math.Copysign(0, -1): "0.0",
	} {
		if got := floatText(f); got != want {
			t.Errorf("%g: got %s, want %s", f, got, want)
		}
	}
	if got := floatText(math.NaN()); got != "nan" {
		t.Errorf("got %s, want nan", got)
	}
}

func TestValuesPrintAsInAnswers(t *testing.T) {
	h := testHost(t)
	variable := func(name string, n uint64) wam.Value { return wam.Value{Kind: wam.KindVar, Str: name, N: n} }
	inst, _ := h.New(t.Context(), "B", []wam.Value{wam.IntValue(1)}, []engine.Kwarg{{Name: "a", Value: variable("_1", 9)}})
	rest := wam.Value{Kind: wam.KindList, Ref: &wam.List{Items: []wam.Value{wam.BoolValue(true)}, Rest: variable("r", 0)}}
	onlyRest := wam.Value{Kind: wam.KindList, Ref: &wam.List{Rest: variable("r", 0)}}
	pattern := wam.Value{Kind: wam.KindPattern, Ref: &wam.Pattern{Tag: "B", Fields: wam.Dict{Keys: []string{"k"}, Values: []wam.Value{wam.IntValue(2)}}}}
	for _, tc := range []struct {
		v    wam.Value
		want string
	}{
		{wam.IntValue(math.MinInt64), "-9223372036854775808"},
		{wam.StringValue("a\"\\\n\t\r\b\f\x01é<"), `"a\"\\\n\t\r\b\f\u0001é<"`},
		{wam.ListValue(), "[]"},
		{rest, "[true, *?r]"},
		{onlyRest, "[*?r]"},
		{wam.MappingValue(&wam.Dict{Keys: []string{"a", "b"}, Values: []wam.Value{wam.IntValue(1), wam.ListValue()}}), "{a: 1, b: []}"},
		{inst, "B{_0: 1, a: ?_1}"},
		{h.nil, "nil"},
		{h.reg.Constants["A"], "<class A>"},
		{wam.ListValue(variable("_x_7", 1), variable("_8", 2), variable("_x_7", 1), variable("_y", 3)), "[?_1, ?_2, ?_1, ?_y]"},
		{wam.ExprValue("And", wam.ExprValue("Isa", wam.VarValue("_this"), pattern)), "(And (Isa ?_this B{k: 2}))"},
		{wam.Value{}, "<no value>"},
		{wam.InstanceValue(3, 0), "<unknown instance int>"},
		{wam.SequenceValue(broken{}), "[<no>]"},
	} {
		if got := render(tc.v); got != tc.want {
			t.Errorf("got %s, want %s", got, tc.want)
		}
	}
}

// broken is a host's list with an element that can't be converted.
type broken struct{}

func (broken) Len() int                  { return 1 }
func (broken) At(int) (wam.Value, error) { return wam.Value{}, errors.New("no") }

func TestValuesThatContainThemselvesPrintInBoundedSpace(t *testing.T) {
	l := &wam.List{Items: make([]wam.Value, 2)}
	v := wam.Value{Kind: wam.KindList, Ref: l}
	l.Items[0], l.Items[1] = v, v
	if n := len(render(v)); n > 4*maxRender {
		t.Errorf("printed %d bytes", n)
	}
}

func testHost(t *testing.T) *host {
	t.Helper()
	h, err := newHost([]Class{
		{Name: "A", Fields: map[string]json.RawMessage{"b": json.RawMessage(`"B"`), "many": json.RawMessage(`{"relation":"many","other":"B"}`), "one": json.RawMessage(`{"relation":"one","other":"B"}`)},
			Methods: map[string]json.RawMessage{"m": json.RawMessage(`{"$new":"B","fields":{"items":[1,2.0,{"$float":2},2.5,null,{"k":"s"},true]}}`)}},
		{Name: "B", Bases: []string{"A"}},
		{Name: "X"},
		{Name: "M", Bases: []string{"X", "B"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestTheHostHoldsData(t *testing.T) {
	h, ctx := testHost(t), t.Context()
	a, _ := h.New(ctx, "A", nil, []engine.Kwarg{{Name: "x", Value: wam.IntValue(1)}})
	if v, err := h.Lookup(ctx, a, "x"); err != nil || v.Int() != 1 {
		t.Errorf("x: got %v, %v", v, err)
	}
	for _, receiver := range []wam.Value{a, wam.IntValue(1), h.nil} {
		_, lookupErr := h.Lookup(ctx, receiver, "y")
		_, callErr := h.Call(ctx, receiver, "x", nil, nil)
		for _, err := range []error{lookupErr, callErr} {
			if _, ok := errors.AsType[*engine.ApplicationError](err); !ok {
				t.Errorf("got %v, want an application error", err)
			}
		}
	}
	b, err := h.Call(ctx, a, "m", nil, nil)
	if got := render(b); err != nil || got != `B{items: [1, 2, 2.0, 2.5, nil, {k: "s"}, true]}` {
		t.Errorf("m: got %s, %v", got, err)
	}
	it, err := h.Iterate(ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	defer it.Close()
	n := 0
	for ok := true; ok; n++ {
		if _, ok, err = it.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if n-1 != 7 {
		t.Errorf("got %d elements, want 7", n-1)
	}
	for _, f := range []func() error{
		func() error { _, err := h.Iterate(ctx, a); return err },
		func() error { _, err := h.New(ctx, "Nosuch", nil, nil); return err },
		func() error { _, err := h.Compare(ctx, "Lt", a, b); return err },
	} {
		if got := failure(f()); got.Kind != "Host" {
			t.Errorf("got %v, want the host's refusal", got)
		}
	}
}

func TestTheHostAnswersQuestionsAboutClasses(t *testing.T) {
	h, ctx := testHost(t), t.Context()
	m, _ := h.New(ctx, "M", nil, nil)
	if ranks := h.reg.Shapes[m.Shape()].Ranks; ranks["M"] != 0 || ranks["X"] != 1 || ranks["B"] != 2 || ranks["A"] != 3 {
		t.Errorf("M ranks its classes %v, want itself, then its bases depth first", ranks)
	}
	if ranks := h.reg.Shapes[h.reg.Constants["M"].Shape()].Ranks; ranks["M"] != 0 || ranks["A"] != 0 || len(ranks) != 4 {
		t.Errorf("the class M ranks %v, want no preference", ranks)
	}
	for _, tc := range []struct {
		base string
		path []string
		want bool
	}{
		{"A", []string{"b"}, true},
		{"A", []string{"one"}, true},
		{"A", []string{"many"}, false}, // a list
		{"A", []string{"nosuch"}, false},
		{"B", []string{"b"}, false}, // fields are not inherited
		{"A", []string{"b", "b", "b"}, false},
		{"Nosuch", nil, false},
	} {
		if got, _ := h.IsaWithPath(ctx, tc.base, tc.path, "A"); got != tc.want {
			t.Errorf("%s%v: got %v", tc.base, tc.path, got)
		}
	}
	sub, _ := h.IsSubclass(ctx, "M", "A")
	super, _ := h.IsSubclass(ctx, "A", "M")
	nilIs, _ := h.Isa(ctx, h.nil, "A")
	mIs, _ := h.Isa(ctx, m, "A")
	if !sub || super || nilIs || !mIs {
		t.Errorf("got %v %v %v %v", sub, super, nilIs, mIs)
	}
	if text, class := h.Describe(m); text != "M{}" || class != "M" {
		t.Errorf("got %s of %s", text, class)
	}
	if text, class := h.Describe(h.nil); text != "nil" || class != "" {
		t.Errorf("got %s of %s", text, class)
	}
}

func TestBadDeclarationsAreErrors(t *testing.T) {
	for _, classes := range [][]Class{
		{{Name: "A", Bases: []string{"B"}}},
		{{Name: "A", Fields: map[string]json.RawMessage{"f": json.RawMessage(`1`)}}},
		{{Name: "A", Methods: map[string]json.RawMessage{"f": json.RawMessage(`{`)}}},
		{{Name: "A", Methods: map[string]json.RawMessage{"f": json.RawMessage(`[{"$new":"B"}]`)}}},
		{{Name: "A", Methods: map[string]json.RawMessage{"f": json.RawMessage(`{"a":{"$new":"B"}}`)}}},
	} {
		if _, err := newHost(classes); err == nil {
			t.Errorf("%v: no error", classes)
		}
	}
}
