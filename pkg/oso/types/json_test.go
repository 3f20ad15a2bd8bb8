package types_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso/types"
)

func number(n int64) types.Value {
	return types.Value{ValueVariant: types.ValueNumber{NumericVariant: types.NumericInteger(n)}}
}

func variable(name string) types.Term {
	return types.Term{Value: types.Value{ValueVariant: types.ValueVariable(name)}}
}

func ptr[T any](x T) *T { return &x }

// roundTrip encodes a value, compares the text, decodes it and compares the value.
func roundTrip[T any](t *testing.T, in T, want string) {
	t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if want != "" && string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	var out T
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if diff := cmp.Diff(in, out); diff != "" {
		t.Errorf("after decoding %s (-want +got):\n%s", text, diff)
	}
}

func TestValuesInJSON(t *testing.T) {
	tests := []struct {
		name string
		in   types.Value
		want string
	}{
		{"integer", number(123), `{"Number":{"Integer":123}}`},
		{"largest integer", number(math.MaxInt64), `{"Number":{"Integer":9223372036854775807}}`},
		{"float", types.Value{ValueVariant: types.ValueNumber{NumericVariant: types.NumericFloat(1.5)}}, `{"Number":{"Float":1.5}}`},
		{"infinity", types.Value{ValueVariant: types.ValueNumber{NumericVariant: types.NumericFloat(math.Inf(-1))}}, `{"Number":{"Float":"-Infinity"}}`},
		{"string", types.Value{ValueVariant: types.ValueString("s")}, `{"String":"s"}`},
		{"boolean", types.Value{ValueVariant: types.ValueBoolean(true)}, `{"Boolean":true}`},
		{"variable", variable("x").Value, `{"Variable":"x"}`},
		{"rest variable", types.Value{ValueVariant: types.ValueRestVariable("x")}, `{"RestVariable":"x"}`},
		{"list", types.Value{ValueVariant: types.ValueList{variable("x")}}, `{"List":[{"value":{"Variable":"x"}}]}`},
		{"dictionary", types.Value{ValueVariant: types.ValueDictionary{Fields: map[types.Symbol]types.Term{"a": variable("x")}}},
			`{"Dictionary":{"fields":{"a":{"value":{"Variable":"x"}}}}}`},
		{"instance", types.Value{ValueVariant: types.ValueExternalInstance{InstanceId: 7, Repr: ptr("r")}},
			`{"ExternalInstance":{"instance_id":7,"constructor":null,"repr":"r","class_repr":null}}`},
		{"call", types.Value{ValueVariant: types.ValueCall{Name: "f", Args: []types.Term{variable("x")},
			Kwargs: &map[types.Symbol]types.Term{"k": {Value: number(1)}}}},
			`{"Call":{"name":"f","args":[{"value":{"Variable":"x"}}],"kwargs":{"k":{"value":{"Number":{"Integer":1}}}}}}`},
		{"expression", types.Value{ValueVariant: types.ValueExpression{Operator: types.Operator{OperatorVariant: types.OperatorAnd{}}, Args: []types.Term{variable("x")}}},
			`{"Expression":{"operator":"And","args":[{"value":{"Variable":"x"}}]}}`},
		{"class pattern", types.Value{ValueVariant: types.ValuePattern{PatternVariant: types.PatternInstance{Tag: "C", Fields: types.Dictionary{Fields: map[types.Symbol]types.Term{}}}}},
			`{"Pattern":{"Instance":{"tag":"C","fields":{"fields":{}}}}}`},
		{"dictionary pattern", types.Value{ValueVariant: types.ValuePattern{PatternVariant: types.PatternDictionary{Fields: map[types.Symbol]types.Term{}}}},
			`{"Pattern":{"Dictionary":{"fields":{}}}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { roundTrip(t, tt.in, tt.want) })
	}
	t.Run("NaN", func(t *testing.T) {
		var v types.Value
		if err := json.Unmarshal([]byte(`{"Number":{"Float":"NaN"}}`), &v); err != nil {
			t.Fatal(err)
		}
		n, _ := v.ValueVariant.(types.ValueNumber)
		if f, ok := n.NumericVariant.(types.NumericFloat); !ok || !math.IsNaN(float64(f)) {
			t.Errorf("got %#v", v)
		}
		if text, err := json.Marshal(v); string(text) != `{"Number":{"Float":"NaN"}}` {
			t.Errorf("got %s, %v", text, err)
		}
	})
}

func TestOperatorsInJSON(t *testing.T) {
	for _, name := range strings.Fields("Debug Print Cut In Isa New Dot Not Mul Div Mod Rem Add Sub Eq Geq Leq Neq Gt Lt Unify Or And ForAll Assign") {
		op, ok := types.OperatorNamed(name)
		if !ok || op.String() != name {
			t.Errorf("%s: got %v, %v", name, op, ok)
		}
		roundTrip(t, op, `"`+name+`"`)
	}
	if _, ok := types.OperatorNamed("Nothing"); ok {
		t.Error("an operator of no name")
	}
	if s := (types.Operator{}).String(); s != "" {
		t.Errorf("got %q", s)
	}
}

func TestErrorKindsInJSON(t *testing.T) {
	tests := []struct {
		name string
		in   types.ErrorKindVariant
		want string
	}{
		{"parse", types.ErrorKindParse{ParseErrorKindVariant: types.ParseErrorKindInvalidTokenCharacter{Token: "x", C: "\n", Loc: 3}},
			`{"Parse":{"InvalidTokenCharacter":{"token":"x","c":"\n","loc":3}}}`},
		{"runtime", types.ErrorKindRuntime{RuntimeErrorVariant: types.RuntimeErrorApplication{Msg: "m", StackTrace: "s"}},
			`{"Runtime":{"Application":{"msg":"m","stack_trace":"s","term":null}}}`},
		{"runtime without content", types.ErrorKindRuntime{RuntimeErrorVariant: types.RuntimeErrorMultipleLoadError{}}, `{"Runtime":"MultipleLoadError"}`},
		{"validation", types.ErrorKindValidation{ValidationErrorVariant: types.ValidationErrorInvalidRule{Rule: "f(x)", Msg: "m"}},
			`{"Validation":{"InvalidRule":{"rule":"f(x)","msg":"m"}}}`},
		{"operational", types.ErrorKindOperational{OperationalErrorVariant: types.OperationalErrorUnknown{}}, `{"Operational":"Unknown"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			roundTrip(t, types.FormattedPolarError{Kind: types.ErrorKind{ErrorKindVariant: tt.in}, Formatted: "f"},
				`{"kind":`+tt.want+`,"formatted":"f"}`)
		})
	}
}

func TestDeclarationsAndMessagesInJSON(t *testing.T) {
	roundTrip(t, types.Declaration{DeclarationVariant: types.DeclarationRole{}}, `"Role"`)
	roundTrip(t, types.Declaration{DeclarationVariant: types.DeclarationRelation(variable("x"))}, `{"Relation":{"value":{"Variable":"x"}}}`)
	roundTrip(t, types.Message{Kind: types.MessageKind{MessageKindVariant: types.MessageKindWarning{}}, Msg: "m"}, `{"kind":"Warning","msg":"m"}`)
}

func TestFiltersInJSON(t *testing.T) {
	in := types.Filter{
		Root:      "Repo",
		Relations: []types.FilterRelation{{FromTypeName: "Repo", FromFieldName: "Org", ToTypeName: "Org"}},
		Conditions: [][]types.FilterCondition{{{
			Lhs: types.Datum{DatumVariant: types.Projection{TypeName: "Org", FieldName: "Name"}},
			Cmp: types.Neq,
			Rhs: types.Datum{DatumVariant: types.Immediate{Value: number(1)}},
		}}},
	}
	roundTrip(t, in, `{"Root":"Repo","Relations":[["Repo","Org","Org"]],"Conditions":[[[{"Field":["Org","Name"]},"Neq",{"Immediate":{"Number":{"Integer":1}}}]]],"Types":null}`)
	roundTrip(t, types.Datum{DatumVariant: types.Projection{TypeName: "Org"}}, `{"Field":["Org",null]}`)
	for c := types.Eq; c <= types.Geq; c++ {
		roundTrip(t, c, `"`+c.String()+`"`)
	}
	if s := types.Comparison(99).String(); s != "Comparison(99)" {
		t.Errorf("got %s", s)
	}
}

func TestWhatIsNoJSONOfATypeIsAnError(t *testing.T) {
	decode := func(text string, into any) {
		t.Helper()
		if err := json.Unmarshal([]byte(text), into); err == nil {
			t.Errorf("%T from %s: no error", into, text)
		}
	}
	for _, text := range []string{`{}`, `{"String":"a","Boolean":true}`, `{"Nothing":1}`, `"String"`, `"Nothing"`, `[]`, `{"Boolean":1}`} {
		decode(text, new(types.Value))
	}
	decode(`{"And":1}`, new(types.Operator))
	decode(`{"Float":"x"}`, new(types.Numeric))
	for _, text := range []string{`"Between"`, `1`} {
		decode(text, new(types.Comparison))
	}
	for _, text := range []string{`["a"]`, `{}`} {
		decode(text, new(types.FilterRelation))
	}
	for _, text := range []string{`["a"]`, `{}`, `[1,"Eq",2]`, `[{"Field":["a","b"]},1,{"Field":["a","b"]}]`} {
		decode(text, new(types.FilterCondition))
	}
	for _, text := range []string{`{}`, `{"Column":1}`, `{"Field":["a"]}`, `{"Field":[null,null]}`, `{"Field":1}`, `{"Immediate":1}`, `[]`} {
		decode(text, new(types.Datum))
	}
	for _, v := range []any{types.Value{}, types.Operator{}, types.Datum{}, types.Comparison(99), types.ErrorKind{}} {
		if _, err := json.Marshal(v); err == nil {
			t.Errorf("%T: encoding nothing is no error", v)
		}
	}
}
