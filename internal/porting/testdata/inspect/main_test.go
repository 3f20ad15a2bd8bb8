package main

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	osoerrors "github.com/osohq/go-oso/errors"
	"github.com/osohq/go-oso/types"
)

func newInspector(t *testing.T) *Inspector {
	t.Helper()
	i, err := NewInspector(policy)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestOpenQuestions(t *testing.T) {
	i := newInspector(t)
	if got, err := i.Paths("a"); !reflect.DeepEqual(got, []string{"b", "c", "d"}) || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	got, err := i.Stream(`path("b", x) or x = 1`)
	want := []map[string]interface{}{{"x": "c"}, {"x": "d"}, {"x": int64(1)}}
	if !reflect.DeepEqual(got, want) || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	ok, err := i.oso.QueryRuleOnce("path", "a", "d")
	if !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
}

func TestConditions(t *testing.T) {
	i := newInspector(t)
	got, err := i.Conditions("shape")
	if want := []string{`(And (Unify "square" (Dot _this "Kind")) (Unify 2 (Dot _this "Size")))`}; !reflect.DeepEqual(got, want) || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	got, err = i.Conditions("senior")
	if want := []string{"(And (Gt _this 60))"}; !reflect.DeepEqual(got, want) && !reflect.DeepEqual(got, []string{"(Gt _this 60)"}) || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	got, err = i.Conditions("typed")
	if len(got) != 1 || !strings.Contains(got[0], "Isa _this Document{") || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	_, err = i.oso.QueryRuleOnce("senior", types.Variable("x"))
	var unexpected *osoerrors.UnexpectedExpressionError
	if !errors.As(err, &unexpected) {
		t.Errorf("got %v", err)
	}
	for n, want := range map[int64]bool{61: true, 60: false} {
		if got, err := i.Bound("senior", n); got != want || err != nil {
			t.Errorf("%d: got %v, %v", n, got, err)
		}
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		"f(x":            "ends at 3",
		"f(x) if;":       "unexpected ; at 7",
		"f() if g();":    "calls the undefined g",
		"f(x);":          "singleton x",
		"f(1);\nf(2);\n": "another error",
	} {
		_, err := NewInspector(text)
		if got := Explain(err); got != want {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
	}
	i := newInspector(t)
	if got := Explain(i.oso.LoadString("f(1);")); got != "loaded already" {
		t.Errorf("got %s", got)
	}
	_, err := i.oso.QueryRuleOnce("nothing")
	if got := Explain(err); got != "no rule nothing" {
		t.Errorf("got %s", got)
	}
	_, err = i.oso.QueryRuleOnce("shape", 7)
	if got := Explain(err); got != "application: '7' object has no attribute 'Kind'" {
		t.Errorf("got %s", got)
	}
}

func TestHost(t *testing.T) {
	i := newInspector(t)
	host := i.oso.GetHost()
	mine, other, err := host.GetRelationFields(types.FilterRelation{FromTypeName: "Document", FromFieldName: "Folder", ToTypeName: "Folder"})
	if mine != "FolderId" || other != "Id" || err != nil {
		t.Errorf("got %s, %s, %v", mine, other, err)
	}
	var missing *osoerrors.MissingAttributeError
	if _, _, err := host.GetRelationFields(types.FilterRelation{FromTypeName: "Document", FromFieldName: "Title"}); !errors.As(err, &missing) {
		t.Errorf("got %v", err)
	}
	value, err := host.ToPolar(Document{Id: 1})
	if err != nil {
		t.Fatal(err)
	}
	instance, ok := value.ValueVariant.(types.ValueExternalInstance)
	if !ok || *instance.Repr != "main.Document{Id:1 FolderId:0 Title: Public:false}" {
		t.Errorf("got %#v", value)
	}
	back, err := host.ToGo(types.Term{Value: *value})
	if !reflect.DeepEqual(back, Document{Id: 1}) || err != nil {
		t.Errorf("got %v, %v", back, err)
	}
	text, err := json.Marshal(types.Value{ValueVariant: types.ValueList{{Value: types.Value{ValueVariant: types.ValueString("a")}}}})
	if string(text) != `{"List":[{"value":{"String":"a"}}]}` || err != nil {
		t.Errorf("got %s, %v", text, err)
	}
	i.oso.SetDataFilteringAdapter(textAdapter{rows: []interface{}{1, 2}})
	filter := types.Filter{Root: "Document", Conditions: [][]types.FilterCondition{{
		{Lhs: types.Datum{DatumVariant: types.Projection{TypeName: "Document", FieldName: "Id"}}, Cmp: types.Neq, Rhs: types.Datum{DatumVariant: types.Immediate{Value: 5}}},
	}}}
	query, err := host.BuildQuery(&filter)
	if query != "Document Document.Id!=5" || err != nil {
		t.Errorf("got %v, %v", query, err)
	}
	if rows, err := host.ExecuteQuery(query); len(rows) != 2 || err != nil {
		t.Errorf("got %v, %v", rows, err)
	}
}
