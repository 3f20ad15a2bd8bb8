package oso_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Every kind of error reaches programs with its variant, and has a JSON form.
func TestErrorKindsReachPrograms(t *testing.T) {
	const blocks = "resource Foo { roles = [\"a\"]; permissions = [\"p\"]; } "
	tests := []struct {
		policy, query string
		want          string // the types of the variants
	}{
		{"f(99999999999999999999);", "", "ErrorKindParse ParseErrorKindIntegerOverflow"},
		{"f(\"a\nb\");", "", "ErrorKindParse ParseErrorKindInvalidTokenCharacter"},
		{"f(", "", "ErrorKindParse ParseErrorKindUnrecognizedEOF"},
		{"f(;", "", "ErrorKindParse ParseErrorKindUnrecognizedToken"},
		{"cut(1);", "", "ErrorKindParse ParseErrorKindReservedWord"},
		{"f(x) if \"a\" and x;", "", "ErrorKindParse ParseErrorKindWrongValueType"},
		{"f({a: 1, a: 2});", "", "ErrorKindParse ParseErrorKindDuplicateKey"},
		{"f() if " + strings.Repeat("(", 100_000), "", "ErrorKindParse ParseErrorKindNestingTooDeep"},
		{"f(x) if x = 1 and g(x);", "", "ErrorKindValidation ValidationErrorUndefinedRuleCall"},
		{"type f(_: Foo); f(1);", "", "ErrorKindValidation ValidationErrorInvalidRule"},
		{"type f(x) if x;", "", "ErrorKindParse ParseErrorKindUnrecognizedToken"},
		{"resource Foo { \"a\" if \"b\"; }", "", "ErrorKindValidation ValidationErrorResourceBlock"},
		{"f(1); f(x);", "", "ErrorKindValidation ValidationErrorSingletonVariable"},
		{"resource Nobody {}", "", "ErrorKindValidation ValidationErrorUnregisteredClass"},
		{blocks + "resource Foo { permissions = [\"a\"]; }", "", "ErrorKindValidation ValidationErrorDuplicateResourceBlockDeclaration"},
		{"resource Foo { roles = [\"a\"]; relations = {parent: Foo}; \"a\" if \"a\" on \"parent\"; }", "", "ErrorKindValidation ValidationErrorMissingRequiredRule"},
		{"", "x = 9223372036854775807 + 1", "ErrorKindRuntime RuntimeErrorArithmeticError"},
		{"", "x = 1 + \"a\"", "ErrorKindRuntime RuntimeErrorUnsupported"},
		{"", "x = 5 and x", "ErrorKindRuntime RuntimeErrorTypeError"},
		{"f() if f();", "f()", "ErrorKindRuntime RuntimeErrorStackOverflow"},
		{"", "x = 5 and x.foo = 1", "ErrorKindRuntime RuntimeErrorApplication"},
		{"", "nothing(1)", "ErrorKindRuntime RuntimeErrorQueryForUndefinedRule"},
	}
	for _, tt := range tests {
		name := tt.policy[:min(len(tt.policy), 40)] + tt.query
		t.Run(name, func(t *testing.T) {
			o := newOso(t, "")
			err := o.LoadString(tt.policy)
			if tt.query != "" {
				must(t, err)
				err = queryError(t, o, tt.query)
			}
			e, ok := errors.AsType[*osoerrors.FormattedPolarError](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			var inner any
			switch k := e.Kind.ErrorKindVariant.(type) {
			case types.ErrorKindParse:
				inner = k.ParseErrorKindVariant
			case types.ErrorKindRuntime:
				inner = k.RuntimeErrorVariant
			case types.ErrorKindValidation:
				inner = k.ValidationErrorVariant
			}
			got := strings.ReplaceAll(fmt.Sprintf("%T %T", e.Kind.ErrorKindVariant, inner), "types.", "")
			if got != tt.want {
				t.Errorf("got %s, want %s: %v", got, tt.want, err)
			}
			if e.Formatted == "" || e.Error() != e.Formatted {
				t.Errorf("the text is %q", e.Formatted)
			}
			text, err := json.Marshal(types.FormattedPolarError{Kind: e.Kind, Formatted: e.Formatted})
			if err != nil {
				t.Fatal(err)
			}
			var back types.FormattedPolarError
			if err := json.Unmarshal(text, &back); err != nil {
				t.Error(err)
			}
			if e.Code() == "" || e.Code() != (&osoerrors.FormattedPolarError{Kind: e.Kind}).Code() {
				t.Errorf("the code is %s", e.Code())
			}
		})
	}
}

func TestDeclarationsInErrors(t *testing.T) {
	err := newOso(t, "").LoadString("resource Foo { roles = [\"a\"]; relations = {b: Foo}; } resource Foo { relations = {a: Foo}; }")
	e, ok := errors.AsType[*osoerrors.FormattedPolarError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	v, _ := e.Kind.ErrorKindVariant.(types.ErrorKindValidation)
	d, ok := v.ValidationErrorVariant.(types.ValidationErrorDuplicateResourceBlockDeclaration)
	if _, role := d.Existing.DeclarationVariant.(types.DeclarationRole); !ok || !role {
		t.Errorf("got %#v", e.Kind)
	}
	r, ok := d.New.DeclarationVariant.(types.DeclarationRelation)
	if !ok || r.Value.ValueVariant != types.ValueString("Foo") {
		t.Errorf("got %#v", d.New)
	}
}
