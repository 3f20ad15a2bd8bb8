package oso_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

func add(a, b any) types.Expression { return expression(types.OperatorAdd{}, a, b) }

func fieldOf(object any, field string) types.Expression {
	return expression(types.OperatorDot{}, object, field)
}

// greater is a condition, which has no value.
func greater(a, b any) types.Expression { return expression(types.OperatorGt{}, a, b) }

// TestExpressionArguments: arithmetic and look-ups among the arguments are evaluated before the call, as in the text of a query.
func TestExpressionArguments(t *testing.T) {
	v, n := variable("v"), func(x int64) types.Value {
		return types.Value{ValueVariant: types.ValueNumber{NumericVariant: types.NumericInteger(x)}}
	}
	object := map[string]any{"a": 7}
	wire := types.ValueExpression{
		Operator: types.Operator{OperatorVariant: types.OperatorMul{}}, Args: []types.Term{{Value: n(2)}, {Value: n(3)}},
	}
	constraint := func(args ...any) types.Expression {
		return and(expression(types.OperatorAdd{}, args...))
	}
	for _, tt := range []struct {
		name string
		arg  any
		want []map[string]any
	}{
		{"a sum", add(1, 2), []map[string]any{{"x": int64(3)}}},
		{"nested", expression(types.OperatorMul{}, add(1, 2), expression(types.OperatorSub{}, 5, 1)), []map[string]any{{"x": int64(12)}}},
		{"division", expression(types.OperatorDiv{}, 1, 2), []map[string]any{{"x": 0.5}}},
		{"remainders", []any{expression(types.OperatorMod{}, -1, 3), expression(types.OperatorRem{}, -1, 3)}, []map[string]any{{"x": []any{int64(2), int64(-1)}}}},
		{"behind a pointer", new(add(1, 2)), []map[string]any{{"x": int64(3)}}},
		{"in its wire form", wire, []map[string]any{{"x": int64(6)}}},
		{"in lists", []any{"s", []types.Expression{add(1, 2)}}, []map[string]any{{"x": []any{"s", []any{int64(3)}}}}},
		{"in a map", map[string]any{"a b": add(1, 2), "c": "s"}, []map[string]any{{"x": map[string]any{"a b": int64(3), "c": "s"}}}},
		{"a dictionary's entry", fieldOf(object, "a"), []map[string]any{{"x": int64(7)}}},
		{"a missing entry", fieldOf(object, "b"), nil},
		{"a field", fieldOf(Foo{Name: "n"}, "Name"), []map[string]any{{"x": "n"}}},
		{"of an unbound variable", add(v, 2), []map[string]any{{"x": constraint(variable("v"), int64(2), variable("_this")), "v": constraint(variable("_this"), int64(2), variable("x"))}}},
		{"conditions are carried", []any{"s", greater(2, 1), greater(v, add(1, 2))}, []map[string]any{{"x": []any{"s", greater(int64(2), int64(1)), greater(v, add(int64(1), int64(2)))}}}},
		{"conditions inside of what is carried", []any{[]any{and()}}, []map[string]any{{"x": []any{[]any{and()}}}}},
	} {
		o := newOso(t, "same(\"text\", x, x);")
		q, err := o.NewQueryFromRule("same", "text", tt.arg, variable("x"))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		q.SetAcceptExpression(true)
		got, err := q.GetAllResults()
		if err != nil || len(got) != len(tt.want) || len(got) > 0 && !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
}

func TestExpressionArgumentsThatFail(t *testing.T) {
	const policy = "f(_, _: Integer); f([_], 1); f([1], 1); g(x, y) if x = y; same(x, x);"
	condition := greater(2, 1)
	for _, tt := range []struct {
		rule       string
		first, arg any
		code       string
	}{
		{"f", condition, 1, "RuntimeError::TypeError"},
		{"f", and(), 1, "RuntimeError::TypeError"},
		{"f", expression(types.OperatorAdd{}, 1), 1, "RuntimeError::TypeError"},
		{"f", add(condition, 1), 1, "RuntimeError::TypeError"},
		{"f", []any{condition}, 1, "RuntimeError::TypeError"}, // a head looks at the element
		{"f", map[string]any{"a": condition}, 1, "RuntimeError::TypeError"},
		{"f", []any{variable("v"), condition}, 1, "RuntimeError::TypeError"},
		{"g", []any{condition}, []any{condition}, "RuntimeError::TypeError"},
		{"f", expression(types.OperatorMod{}, 1, 0), 1, "RuntimeError::ArithmeticError"},
		{"f", add("a", 1), 1, "RuntimeError::Unsupported"},
		{"f", fieldOf(Foo{}, "Missing"), 1, "RuntimeError::Application"},
		{"undefined", condition, 1, "RuntimeError::QueryForUndefinedRule"},
	} {
		o := newOso(t, policy)
		_, err := o.QueryRuleOnce(tt.rule, tt.first, tt.arg)
		if e, ok := errors.AsType[*osoerrors.FormattedPolarError](err); !ok || e.Code() != tt.code {
			t.Errorf("%s(%v, %v): got %v, want a %s", tt.rule, tt.first, tt.arg, err, tt.code)
		}
	}
	o := newOso(t, policy)
	if _, err := o.QueryRuleOnce("same", []any{condition}, variable("x")); !errors.As(err, new(*osoerrors.UnexpectedExpressionError)) {
		t.Errorf("a condition in a result that accepts none: got %v", err)
	}
	_, err := o.QueryRuleOnce("f", types.Expression{}, 1)
	wantError(t, err, "an expression without an operator")
	must(t, o.RegisterConstant(condition, "condition"))
	if ok, err := o.QueryRuleOnce("g", 1, 1); !ok || err != nil {
		t.Errorf("a constant that nobody looks at: got %t, %v", ok, err)
	}
	q, err := o.NewQueryFromStr("x = condition")
	must(t, err)
	if r, err := q.Next(); err == nil {
		t.Errorf("a constant that is a condition is %v", r)
	}
}

// TestExpressionArgumentsEverywhere: decisions made in any way see what the expression comes to.
func TestExpressionArgumentsEverywhere(t *testing.T) {
	o := newOso(t, `
		allow("actor", 3, _: Foo{Name: "n"});
		allow_field(actor, action, resource, 3) if allow(actor, action, resource);`)
	resource := &Foo{Name: "n"}
	for action, want := range map[int]bool{2: true, 3: false} {
		ok, err := o.IsAllowed("actor", add(1, action), resource)
		if ok != want || err != nil {
			t.Errorf("1 + %d: IsAllowed says %t, %v", action, ok, err)
		}
		d, err := o.Explain("actor", add(1, action), resource)
		if err != nil || d.Allowed != want {
			t.Errorf("1 + %d: Explain says %v, %v", action, d, err)
		}
		if err := o.Authorize("actor", add(1, action), resource); (err == nil) != want {
			t.Errorf("1 + %d: Authorize says %v", action, err)
		}
		if err := o.AuthorizeField("actor", add(1, action), resource, add(2, 1)); (err == nil) != want {
			t.Errorf("1 + %d: AuthorizeField says %v", action, err)
		}
		got := o.IsAllowedBatch(t.Context(), []oso.Check{{Actor: "actor", Action: add(1, action), Resource: resource}})
		if len(got) != 1 || got[0].Allowed != want || got[0].Err != nil {
			t.Errorf("1 + %d: IsAllowedBatch says %v", action, got)
		}
		if ok, _, err := o.Record(t.Context(), "allow", "actor", add(1, action), resource); ok != want || err != nil {
			t.Errorf("1 + %d: Record says %t, %v", action, ok, err)
		}
	}
	ok, err := o.IsAllowed("actor", add(1, 2), resource) // of a machine that was used before
	if !ok || err != nil {
		t.Errorf("got %t, %v", ok, err)
	}
}
