package errors

import (
	"reflect"
	"strings"

	"github.com/goso-project/goso/pkg/oso/types"
)

// kindName derives the name of a kind from the names of its variants: ErrorKindRuntime and RuntimeErrorApplication give
// "RuntimeError::Application".
func kindName(k types.ErrorKind) string {
	var group string
	var variant any
	switch v := k.ErrorKindVariant.(type) {
	case types.ErrorKindParse:
		group, variant = "ParseError", v.ParseErrorKindVariant
	case types.ErrorKindRuntime:
		group, variant = "RuntimeError", v.RuntimeErrorVariant
	case types.ErrorKindValidation:
		group, variant = "ValidationError", v.ValidationErrorVariant
	case types.ErrorKindOperational:
		group, variant = "OperationalError", v.OperationalErrorVariant
	}
	if variant == nil {
		return group
	}
	name := strings.TrimPrefix(reflect.TypeOf(variant).Name(), group)
	return group + "::" + strings.TrimPrefix(name, "Kind")
}
