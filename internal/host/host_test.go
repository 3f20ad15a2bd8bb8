package host

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/wam"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

type Foo struct {
	Name string
	Num  int
}

func TestDescriptions(t *testing.T) {
	loop := []any{1, nil}
	loop[1] = loop
	var where int
	tests := []struct {
		name  string
		in    any
		text  string
		class string
	}{
		{"struct", Foo{"a", 1}, "host.Foo{Name:a Num:1}", "host.Foo"},
		{"pointer", &Foo{}, "host.Foo{Name: Num:0}", "host.Foo"},
		{"nil", nil, "nil", "nil"},
		{"named string", role("r"), "host.roler", "host.role"},
		{"parts", struct {
			A []int
			M map[string]bool
			P *Foo
			I any
			F float32
			D float64
			C complex128
			E error
			U uint8
			N func()
			S struct{ X int }
		}{A: []int{1, 2}, M: map[string]bool{"b": true, "a": false}, I: Foo{}, F: 0.5, D: 1.5, C: 1i, U: 3},
			"{A:[1 2] M:map[a:false b:true] P:<nil> I:{Name: Num:0} F:0.5 D:1.5 C:(0+1i) E:<nil> U:3 N:<nil> S:{X:0}}", ""},
		{"cycle", struct{ L []any }{loop}, "…", ""},
		{"long", struct{ S string }{strings.Repeat("x", 1<<20)}, "…", ""},
		{"addresses", struct{ P *int }{&where}, "0x", ""},
		{"pointers", struct{ P unsafe.Pointer }{}, "<nil>", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := testSession(t, Config{})
			v, err := s.Value(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			text, class := s.Describe(v)
			if !strings.Contains(text, tt.text) || tt.class != "" && (class != tt.class || text != tt.text) {
				t.Errorf("got %q, %q", text, class)
			}
			if len(text) > 3*maxText {
				t.Errorf("%d bytes", len(text))
			}
		})
	}
	t.Run("text of a Go value", func(t *testing.T) {
		if got := Text(&Foo{"a", 1}); got != "&{a 1}" {
			t.Errorf("got %s", got)
		}
	})
}

func testHost(t *testing.T) *Host {
	t.Helper()
	r := NewRegistry(Config{}, nil)
	fields := map[string]any{
		"Owner": types.Relation{Kind: "one", OtherType: "Foo", MyField: "OwnerId", OtherField: "Id"},
		"Name":  "String",
	}
	if _, err := r.RegisterClass(variableType, nil, "Var", nil); err != nil {
		t.Fatal(err)
	}
	register(t, r, grant{}, nil, "Grant")
	if _, err := r.RegisterClass(comparerType, nil, "Cmp", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := r.RegisterClass(reflect.TypeFor[Foo](), nil, "Foo", fields); err != nil {
		t.Fatal(err)
	}
	return NewHost(r)
}

func TestHostTellsWhatIsRegistered(t *testing.T) {
	h := testHost(t)
	my, other, err := h.GetRelationFields(types.FilterRelation{FromTypeName: "Foo", FromFieldName: "Owner", ToTypeName: "Foo"})
	if my != "OwnerId" || other != "Id" || err != nil {
		t.Errorf("got %s, %s, %v", my, other, err)
	}
	for _, rel := range []types.FilterRelation{{FromTypeName: "Foo", FromFieldName: "Name"}, {FromTypeName: "Bar", FromFieldName: "Owner"}} {
		if _, _, err := h.GetRelationFields(rel); !errors.As(err, new(*osoerrors.MissingAttributeError)) {
			t.Errorf("%v: got %v", rel, err)
		}
	}
	if c, err := h.GetClass("Foo"); err != nil || *c != reflect.TypeFor[Foo]() {
		t.Errorf("got %v, %v", c, err)
	}
	if _, err := h.GetClass("Bar"); !errors.As(err, new(*osoerrors.UnregisteredClassError)) {
		t.Errorf("got %v", err)
	}
	if f := h.GetField("Foo", "Name"); f != "String" {
		t.Errorf("got %v", f)
	}
	if f := h.GetField("Bar", "Name"); f != nil {
		t.Errorf("got %v", f)
	}
	if f := h.GetFields(); f["Foo"]["Name"] != "String" || f["Integer"] != nil {
		t.Errorf("got %v", f)
	}
}

type memoryAdapter struct{}

func (memoryAdapter) BuildQuery(f *types.Filter) (interface{}, error) { return f.Root, nil }
func (memoryAdapter) ExecuteQuery(q interface{}) ([]interface{}, error) {
	return []interface{}{q}, nil
}

func TestAdapters(t *testing.T) {
	h := testHost(t)
	if _, err := h.BuildQuery(&types.Filter{}); err == nil || !strings.Contains(err.Error(), "must register an adapter") {
		t.Errorf("got %v", err)
	}
	if _, err := h.ExecuteQuery(nil); err == nil {
		t.Error("no error without an adapter")
	}
	h.SetDataFilteringAdapter(memoryAdapter{})
	if *h.GetAdapter() != (memoryAdapter{}) {
		t.Error("the adapter is not the one that was set")
	}
	q, err := h.BuildQuery(&types.Filter{Root: "Foo"})
	if q != "Foo" || err != nil {
		t.Errorf("got %v, %v", q, err)
	}
	if rows, err := h.ExecuteQuery(q); len(rows) != 1 || err != nil {
		t.Errorf("got %v, %v", rows, err)
	}
}

func TestTermsGoThereAndBack(t *testing.T) {
	h := testHost(t)
	h.SetAcceptExpression(true)
	op := types.Operator{OperatorVariant: types.OperatorLt{}}
	tests := []struct {
		name string
		in   any
		want any
		json string // of the wire form, empty if it holds instances
	}{
		{"integer", 1, int64(1), `{"Number":{"Integer":1}}`},
		{"float", 1.5, 1.5, `{"Number":{"Float":1.5}}`},
		{"string", "s", "s", `{"String":"s"}`},
		{"boolean", true, true, `{"Boolean":true}`},
		{"list", []int{1}, []any{int64(1)}, `{"List":[{"value":{"Number":{"Integer":1}}}]}`},
		{"dictionary", map[string]any{"a": "b"}, map[string]any{"a": "b"}, `{"Dictionary":{"fields":{"a":{"value":{"String":"b"}}}}}`},
		{"variable", types.Variable("x"), types.Variable("x"), `{"Variable":"x"}`},
		{"expression", types.Expression{Operator: op, Args: []any{types.Variable("x"), 1}},
			types.Expression{Operator: op, Args: []any{types.Variable("x"), int64(1)}}, ""},
		{"struct", Foo{"a", 1}, Foo{"a", 1}, ""},
		{"nil", nil, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := h.ToPolar(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if text, err := json.Marshal(v); err != nil || tt.json != "" && string(text) != tt.json {
				t.Errorf("wire form %s, %v", text, err)
			}
			back, err := h.ToGo(types.Term{Value: *v})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, back); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	v, err := h.ToPolar(Foo{})
	if err != nil {
		t.Fatal(err)
	}
	if inst, ok := v.ValueVariant.(types.ValueExternalInstance); !ok || *inst.Repr != "host.Foo{Name: Num:0}" || *inst.ClassRepr != "host.Foo" {
		t.Errorf("got %#v", v)
	}
}

func TestTermsThatNoQueryTakes(t *testing.T) {
	h := testHost(t)
	deep := types.Value{ValueVariant: types.ValueList{}}
	for range maxBuildDepth {
		deep = types.Value{ValueVariant: types.ValueList{{Value: deep}}}
	}
	for name, v := range map[string]types.ValueVariant{
		"no value":         nil,
		"no number":        types.ValueNumber{},
		"unknown instance": types.ValueExternalInstance{InstanceId: 99},
		"call":             types.ValueCall{},
		"no pattern":       types.ValuePattern{},
		"too deep":         deep,
	} {
		if _, err := h.ToGo(types.Term{Value: types.Value{ValueVariant: v}}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	expr := types.ValueExpression{Operator: types.Operator{OperatorVariant: types.OperatorAnd{}}}
	if _, err := h.ToGo(types.Term{Value: types.Value{ValueVariant: expr}}); !errors.As(err, new(*osoerrors.UnexpectedExpressionError)) {
		t.Errorf("got %v", err)
	}
}

func TestPatternsAndRestVariablesHaveAWireForm(t *testing.T) {
	h := testHost(t)
	h.SetAcceptExpression(true)
	fields := types.Dictionary{Fields: map[types.Symbol]types.Term{"a": {Value: types.Value{ValueVariant: types.ValueBoolean(true)}}}}
	tests := []struct {
		in   types.ValueVariant
		want any
	}{
		{types.ValuePattern{PatternVariant: types.PatternInstance{Tag: "Foo", Fields: fields}},
			types.ValuePattern{PatternVariant: types.PatternInstance{Tag: "Foo", Fields: fields}}},
		{types.ValuePattern{PatternVariant: types.PatternDictionary(fields)}, types.ValuePattern{PatternVariant: types.PatternDictionary(fields)}},
		{types.ValueList{{Value: types.Value{ValueVariant: types.ValueString("a")}}, {Value: types.Value{ValueVariant: types.ValueRestVariable("r")}}},
			[]any{"a", types.Variable("r")}},
	}
	for _, tt := range tests {
		got, err := h.ToGo(types.Term{Value: types.Value{ValueVariant: tt.in}})
		if err != nil {
			t.Errorf("%v: %v", tt.in, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	v, err := FromTerm(h, types.Term{Value: types.Value{ValueVariant: tests[2].in}})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := h.builder()
	term, err := b.term(v, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tests[2].in, term.Value.ValueVariant); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := b.term(wam.Value{}, 0); err == nil {
		t.Error("no value has a wire form")
	}
}

func TestZeroHostReturnsErrors(t *testing.T) {
	var h Host
	if _, err := h.ToPolar(1); err == nil {
		t.Error("ToPolar: no error")
	}
	if _, err := h.ToGo(types.Term{}); err == nil {
		t.Error("ToGo: no error")
	}
	if _, err := h.GetClass("A"); err == nil {
		t.Error("GetClass: no error")
	}
	if f := h.GetFields(); len(f) != 0 || h.GetField("a", "b") != nil {
		t.Error("a zero Host has fields")
	}
}
