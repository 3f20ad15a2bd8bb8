package oso_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// encodes compares the JSON of a value and decodes it again.
func encodes[T any](t *testing.T, x T, want string) {
	t.Helper()
	text, err := json.Marshal(x)
	must(t, err)
	if want != "" && string(text) != want {
		t.Errorf("got %s, want %s", text, want)
	}
	var back T
	must(t, json.Unmarshal(text, &back))
	if diff := cmp.Diff(x, back); diff != "" {
		t.Errorf("%s (-want +got):\n%s", text, diff)
	}
}

func TestChecklistTypes(t *testing.T) {
	t.Run("check 122: JSON of terms", func(t *testing.T) {
		integer := func(n int64) types.Term {
			return types.Term{Value: types.Value{ValueVariant: types.ValueNumber{NumericVariant: types.NumericInteger(n)}}}
		}
		encodes(t, integer(123).Value, `{"Number":{"Integer":123}}`)
		encodes(t, types.Value{ValueVariant: types.ValueCall{
			Name: "f", Args: []types.Term{integer(1)}, Kwargs: &map[types.Symbol]types.Term{"k": integer(2)},
		}}, `{"Call":{"name":"f","args":[{"value":{"Number":{"Integer":1}}}],"kwargs":{"k":{"value":{"Number":{"Integer":2}}}}}}`)
		for _, op := range []types.OperatorVariant{
			types.OperatorDebug{}, types.OperatorPrint{}, types.OperatorCut{}, types.OperatorIn{}, types.OperatorIsa{}, types.OperatorNew{}, types.OperatorDot{},
			types.OperatorNot{}, types.OperatorMul{}, types.OperatorDiv{}, types.OperatorMod{}, types.OperatorRem{}, types.OperatorAdd{}, types.OperatorSub{},
			types.OperatorEq{}, types.OperatorGeq{}, types.OperatorLeq{}, types.OperatorNeq{}, types.OperatorGt{}, types.OperatorLt{}, types.OperatorUnify{},
			types.OperatorOr{}, types.OperatorAnd{}, types.OperatorForAll{}, types.OperatorAssign{},
		} {
			encodes(t, types.Operator{OperatorVariant: op}, `"`+strings.TrimPrefix(typeName(op), "types.Operator")+`"`)
		}
	})
	t.Run("check 123: decoding a parse error", func(t *testing.T) {
		var got types.ErrorKind
		must(t, json.Unmarshal([]byte(`{"Parse":{"InvalidTokenCharacter":{"token":"this is not","c":"\n","loc":24}}}`), &got))
		want := types.ErrorKind{ErrorKindVariant: types.ErrorKindParse{
			ParseErrorKindVariant: types.ParseErrorKindInvalidTokenCharacter{Token: "this is not", C: "\n", Loc: 24},
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("check 124: from an error to its variant", func(t *testing.T) {
		o := newOso(t, "f(x) if x.missing; deep() if deep();", oso.WithLimits(oso.Limits{Depth: 100}))
		variant := func(err error) string {
			fpe, ok := errors.AsType[*osoerrors.FormattedPolarError](err)
			if !ok {
				return "another error"
			}
			switch kind := fpe.Kind.ErrorKindVariant.(type) {
			case types.ErrorKindParse:
				return typeName(kind.ParseErrorKindVariant)
			case types.ErrorKindRuntime:
				return typeName(kind.RuntimeErrorVariant)
			case types.ErrorKindValidation:
				return typeName(kind.ValidationErrorVariant)
			case types.ErrorKindOperational:
				return typeName(kind.OperationalErrorVariant)
			}
			return "no kind"
		}
		_, undefined := o.QueryRuleOnce("nothing")
		_, application := o.QueryRuleOnce("f", 1)
		got := []string{
			variant(newOso(t, "").LoadString("f(")), variant(newOso(t, "").LoadString("f(x);")), variant(undefined), variant(application),
			variant(queryError(t, o, "deep()")), variant(queryError(t, o, "x = 9223372036854775807 + 1")), variant(queryError(t, o, `x = "a" - 1`)), variant(o.LoadString("f(1);")),
		}
		want := []string{
			"types.ParseErrorKindUnrecognizedEOF", "types.ValidationErrorSingletonVariable", "types.RuntimeErrorQueryForUndefinedRule", "types.RuntimeErrorApplication",
			"types.RuntimeErrorStackOverflow", "types.RuntimeErrorArithmeticError", "types.RuntimeErrorUnsupported", "types.RuntimeErrorMultipleLoadError",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		// TestErrorKindsReachPrograms has one error of every kind.
	})
	t.Run("check 125: sentinels and causes", func(t *testing.T) {
		o := newOso(t, `allow("a", "read", "r"); fails(t) if t.Fail();`, oso.WithErrorResults())
		_, undefined := o.QueryRuleOnce("nothing")
		_, failed := o.QueryRuleOnce("fails", Thing{})
		for name, is := range map[string]bool{
			"forbidden": errors.Is(o.Authorize("a", "write", "r"), osoerrors.ErrForbidden),
			"not found": errors.Is(o.Authorize("b", "write", "r"), osoerrors.ErrNotFound),
			"undefined": errors.Is(undefined, osoerrors.ErrUndefinedRule),
			"timeout":   errors.Is(queryError(t, newOso(t, "f() if f();", oso.WithMaxSteps(50)), "f()"), osoerrors.ErrTimeout),
			"method":    errors.Is(failed, errBroken),
			"file":      errors.Is(o.LoadFiles([]string{"no.polar"}), fs.ErrNotExist),
		} {
			if !is {
				t.Errorf("%s does not match", name)
			}
		}
	})
	t.Run("check 126: the host", func(t *testing.T) {
		o := newOso(t, "")
		must(t, o.RegisterClassWithNameAndFields(Thing{}, nil, "Thing", map[string]interface{}{
			"Owner": types.Relation{Kind: "one", OtherType: "User", MyField: "Name", OtherField: "Name"},
		}))
		mine, other, err := o.GetHost().GetRelationFields(types.FilterRelation{FromTypeName: "Thing", FromFieldName: "Owner", ToTypeName: "User"})
		if mine != "Name" || other != "Name" || err != nil {
			t.Errorf("got %s, %s, %v", mine, other, err)
		}
		_, _, err = o.GetHost().GetRelationFields(types.FilterRelation{FromTypeName: "Thing", FromFieldName: "Missing", ToTypeName: "User"})
		if !errors.As(err, new(*osoerrors.MissingAttributeError)) {
			t.Errorf("got %v", err)
		}
		value, err := o.GetHost().ToPolar(Foo{})
		must(t, err)
		if instance, ok := value.ValueVariant.(types.ValueExternalInstance); !ok || *instance.Repr != "oso_test.Foo{Name: Num:0}" {
			t.Errorf("got %#v", value)
		}
	})
}
