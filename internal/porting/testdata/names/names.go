// Package names mentions every name of the documented API. It is made from testdata/api by the tests, with -update.
package names

import (
	"reflect"

	"github.com/osohq/go-oso"
	"github.com/osohq/go-oso/errors"
	"github.com/osohq/go-oso/interfaces"
	"github.com/osohq/go-oso/types"
)

// Package errors.
var _ = errors.FormattedPolarError{}
var _ types.ErrorKind = errors.FormattedPolarError{}.Kind
var _ string = errors.FormattedPolarError{}.Formatted
var _ = errors.ErrorWithAdditionalInfo{}
var _ error = errors.ErrorWithAdditionalInfo{}.Inner
var _ string = errors.ErrorWithAdditionalInfo{}.Info
var _ = errors.ForbiddenError{}
var _ = errors.NotFoundError{}
var _ = errors.UnexpectedExpressionError{}
var _ = errors.InlineQueryFailedError{}
var _ = errors.DuplicateClassAliasError{}
var _ = errors.PolarFileExtensionError{}
var _ = errors.PolarFileNotFoundError{}
var _ = errors.UnregisteredClassError{}
var _ = errors.InvalidConstructorError{}
var _ = errors.InvalidCallError{}
var _ = errors.MissingAttributeError{}
var _ = errors.InvalidIteratorError{}
var _ = errors.KwargsError{}
var _ func(*errors.FormattedPolarError) string = (*errors.FormattedPolarError).Error
var _ func(*errors.ErrorWithAdditionalInfo) string = (*errors.ErrorWithAdditionalInfo).Error
var _ func(*errors.ForbiddenError) string = (*errors.ForbiddenError).Error
var _ func(*errors.NotFoundError) string = (*errors.NotFoundError).Error
var _ func(*errors.UnexpectedExpressionError) string = (*errors.UnexpectedExpressionError).Error
var _ func(*errors.InlineQueryFailedError) string = (*errors.InlineQueryFailedError).Error
var _ func(*errors.DuplicateClassAliasError) string = (*errors.DuplicateClassAliasError).Error
var _ func(*errors.PolarFileExtensionError) string = (*errors.PolarFileExtensionError).Error
var _ func(*errors.PolarFileNotFoundError) string = (*errors.PolarFileNotFoundError).Error
var _ func(*errors.UnregisteredClassError) string = (*errors.UnregisteredClassError).Error
var _ func(*errors.InvalidConstructorError) string = (*errors.InvalidConstructorError).Error
var _ func(*errors.InvalidCallError) string = (*errors.InvalidCallError).Error
var _ func(*errors.MissingAttributeError) string = (*errors.MissingAttributeError).Error
var _ func(*errors.InvalidIteratorError) string = (*errors.InvalidIteratorError).Error
var _ func(*errors.KwargsError) string = (*errors.KwargsError).Error

// Package host.
var _ func(*oso.Oso) func(types.FilterRelation) (string, string, error) = func(o *oso.Oso) func(types.FilterRelation) (string, string, error) {
	return o.GetHost().GetRelationFields
}
var _ func(*oso.Oso) func() *types.Adapter = func(o *oso.Oso) func() *types.Adapter { return o.GetHost().GetAdapter }
var _ func(*oso.Oso) func() map[string]map[string]interface{} = func(o *oso.Oso) func() map[string]map[string]interface{} { return o.GetHost().GetFields }
var _ func(*oso.Oso) func(string) (*reflect.Type, error) = func(o *oso.Oso) func(string) (*reflect.Type, error) { return o.GetHost().GetClass }
var _ func(*oso.Oso) func(string, string) interface{} = func(o *oso.Oso) func(string, string) interface{} { return o.GetHost().GetField }
var _ func(*oso.Oso) func(interface{}) (*types.Value, error) = func(o *oso.Oso) func(interface{}) (*types.Value, error) { return o.GetHost().ToPolar }
var _ func(*oso.Oso) func(types.Term) (interface{}, error) = func(o *oso.Oso) func(types.Term) (interface{}, error) { return o.GetHost().ToGo }
var _ func(*oso.Oso) func(bool) = func(o *oso.Oso) func(bool) { return o.GetHost().SetAcceptExpression }
var _ func(*oso.Oso) func(types.Adapter) = func(o *oso.Oso) func(types.Adapter) { return o.GetHost().SetDataFilteringAdapter }
var _ func(*oso.Oso) func(*types.Filter) (interface{}, error) = func(o *oso.Oso) func(*types.Filter) (interface{}, error) { return o.GetHost().BuildQuery }
var _ func(*oso.Oso) func(interface{}) ([]interface{}, error) = func(o *oso.Oso) func(interface{}) ([]interface{}, error) { return o.GetHost().ExecuteQuery }

// Package interfaces.
var _ interfaces.Comparer
var _ func(interfaces.Comparer, interface{}) bool = interfaces.Comparer.Equal
var _ func(interfaces.Comparer, interface{}) bool = interfaces.Comparer.Lt
var _ interfaces.Iterator
var _ func(interfaces.Iterator) <-chan interface{} = interfaces.Iterator.Iter

// Package oso.
var _ = oso.Oso{}
var _ func() (oso.Oso, error) = oso.NewOso
var _ = (*oso.Oso).GetHost
var _ func(*oso.Oso, interface{}) = (*oso.Oso).SetReadAction
var _ func(*oso.Oso, func() error) = (*oso.Oso).SetForbiddenError
var _ func(*oso.Oso, func() error) = (*oso.Oso).SetNotFoundError
var _ func(oso.Oso, []string) error = (oso.Oso).LoadFiles
var _ func(oso.Oso, string) error = (oso.Oso).LoadFile
var _ func(oso.Oso, string) error = (oso.Oso).LoadString
var _ func(oso.Oso) error = (oso.Oso).ClearRules
var _ func(oso.Oso, interface{}, interface{}) error = (oso.Oso).RegisterClass
var _ func(oso.Oso, interface{}, interface{}, string) error = (oso.Oso).RegisterClassWithName
var _ func(oso.Oso, interface{}, interface{}, string, map[string]interface{}) error = (oso.Oso).RegisterClassWithNameAndFields
var _ func(oso.Oso, interface{}, string) error = (oso.Oso).RegisterConstant
var _ func(oso.Oso, string) (<-chan map[string]interface{}, <-chan error) = (oso.Oso).QueryStr
var _ func(oso.Oso, string, ...interface{}) (<-chan map[string]interface{}, <-chan error) = (oso.Oso).QueryRule
var _ func(oso.Oso, string, ...interface{}) (bool, error) = (oso.Oso).QueryRuleOnce
var _ func(oso.Oso, string) (*oso.Query, error) = (oso.Oso).NewQueryFromStr
var _ func(oso.Oso, string, ...interface{}) (*oso.Query, error) = (oso.Oso).NewQueryFromRule
var _ func(oso.Oso, interface{}, interface{}, interface{}) (bool, error) = (oso.Oso).IsAllowed
var _ func(oso.Oso, interface{}, interface{}, interface{}) error = (oso.Oso).Authorize
var _ func(oso.Oso, interface{}, interface{}) error = (oso.Oso).AuthorizeRequest
var _ func(oso.Oso, interface{}, interface{}, interface{}, interface{}) error = (oso.Oso).AuthorizeField
var _ func(oso.Oso, interface{}, interface{}, bool) (map[interface{}]struct{}, error) = (oso.Oso).AuthorizedActions
var _ func(oso.Oso, interface{}, interface{}, bool) (map[interface{}]struct{}, error) = (oso.Oso).GetAllowedActions
var _ func(oso.Oso, interface{}, interface{}, interface{}, bool) (map[interface{}]struct{}, error) = (oso.Oso).AuthorizedFields
var _ func(oso.Oso, types.Adapter) = (oso.Oso).SetDataFilteringAdapter
var _ func(oso.Oso) error = (oso.Oso).Repl
var _ = oso.Polar{}
var _ = oso.Query{}
var _ func(*oso.Query) (*map[string]interface{}, error) = (*oso.Query).Next
var _ func(*oso.Query) ([]map[string]interface{}, error) = (*oso.Query).GetAllResults
var _ func(*oso.Query) = (*oso.Query).Cleanup
var _ func(*oso.Query, bool) = (*oso.Query).SetAcceptExpression
var _ func(*oso.Query, string, *types.Term) error = (*oso.Query).Bind

// Package types.
var _ = types.Variable(*new(string))
var _ = types.Expression{}
var _ types.Operator = types.Expression{}.Operator
var _ []interface{} = types.Expression{}.Args
var _ = types.Relation{}
var _ string = types.Relation{}.Kind
var _ string = types.Relation{}.OtherType
var _ string = types.Relation{}.MyField
var _ string = types.Relation{}.OtherField
var _ types.Adapter
var _ func(types.Adapter, *types.Filter) (interface{}, error) = types.Adapter.BuildQuery
var _ func(types.Adapter, interface{}) ([]interface{}, error) = types.Adapter.ExecuteQuery
var _ = types.Filter{}
var _ string = types.Filter{}.Root
var _ []types.FilterRelation = types.Filter{}.Relations
var _ [][]types.FilterCondition = types.Filter{}.Conditions
var _ map[string]map[string]interface{} = types.Filter{}.Types
var _ = types.FilterRelation{}
var _ string = types.FilterRelation{}.FromTypeName
var _ string = types.FilterRelation{}.FromFieldName
var _ string = types.FilterRelation{}.ToTypeName
var _ = types.FilterCondition{}
var _ types.Datum = types.FilterCondition{}.Lhs
var _ types.Comparison = types.FilterCondition{}.Cmp
var _ types.Datum = types.FilterCondition{}.Rhs
var _ = types.Datum{}
var _ types.DatumVariant = types.Datum{}.DatumVariant
var _ types.DatumVariant
var _ = types.Projection{}
var _ string = types.Projection{}.TypeName
var _ string = types.Projection{}.FieldName
var _ = types.Immediate{}
var _ interface{} = types.Immediate{}.Value
var _ = types.Comparison(*new(int))

const _ types.Comparison = types.Eq
const _ types.Comparison = types.Neq
const _ types.Comparison = types.In

var _ = types.Term{}
var _ types.Value = types.Term{}.Value
var _ = types.Value{}
var _ types.ValueVariant = types.Value{}.ValueVariant
var _ types.ValueVariant
var _ = types.ValueNumber(*new(types.Numeric))
var _ = types.ValueString(*new(string))
var _ = types.ValueBoolean(*new(bool))
var _ = types.ValueExternalInstance(*new(types.ExternalInstance))
var _ = types.ValueDictionary(*new(types.Dictionary))
var _ = types.ValuePattern(*new(types.Pattern))
var _ = types.ValueCall(*new(types.Call))
var _ = types.ValueList(*new([]types.Term))
var _ = types.ValueVariable(*new(types.Symbol))
var _ = types.ValueRestVariable(*new(types.Symbol))
var _ = types.ValueExpression(*new(types.Operation))
var _ = types.Symbol(*new(string))
var _ = types.Numeric{}
var _ types.NumericVariant = types.Numeric{}.NumericVariant
var _ types.NumericVariant
var _ = types.NumericInteger(*new(int64))
var _ = types.NumericFloat(*new(float64))
var _ = types.Dictionary{}
var _ map[types.Symbol]types.Term = types.Dictionary{}.Fields
var _ = types.Call{}
var _ types.Symbol = types.Call{}.Name
var _ []types.Term = types.Call{}.Args
var _ *map[types.Symbol]types.Term = types.Call{}.Kwargs
var _ = types.Operation{}
var _ types.Operator = types.Operation{}.Operator
var _ []types.Term = types.Operation{}.Args
var _ = types.InstanceLiteral{}
var _ types.Symbol = types.InstanceLiteral{}.Tag
var _ types.Dictionary = types.InstanceLiteral{}.Fields
var _ = types.Pattern{}
var _ types.PatternVariant = types.Pattern{}.PatternVariant
var _ types.PatternVariant
var _ = types.PatternDictionary(*new(types.Dictionary))
var _ = types.PatternInstance(*new(types.InstanceLiteral))
var _ = types.ExternalInstance{}
var _ uint64 = types.ExternalInstance{}.InstanceId
var _ *types.Term = types.ExternalInstance{}.Constructor
var _ *string = types.ExternalInstance{}.Repr
var _ *string = types.ExternalInstance{}.ClassRepr
var _ = types.Operator{}
var _ types.OperatorVariant = types.Operator{}.OperatorVariant
var _ types.OperatorVariant
var _ = types.OperatorDebug{}
var _ = types.OperatorPrint{}
var _ = types.OperatorCut{}
var _ = types.OperatorIn{}
var _ = types.OperatorIsa{}
var _ = types.OperatorNew{}
var _ = types.OperatorDot{}
var _ = types.OperatorNot{}
var _ = types.OperatorMul{}
var _ = types.OperatorDiv{}
var _ = types.OperatorMod{}
var _ = types.OperatorRem{}
var _ = types.OperatorAdd{}
var _ = types.OperatorSub{}
var _ = types.OperatorEq{}
var _ = types.OperatorGeq{}
var _ = types.OperatorLeq{}
var _ = types.OperatorNeq{}
var _ = types.OperatorGt{}
var _ = types.OperatorLt{}
var _ = types.OperatorUnify{}
var _ = types.OperatorOr{}
var _ = types.OperatorAnd{}
var _ = types.OperatorForAll{}
var _ = types.OperatorAssign{}
var _ = types.Source{}
var _ *string = types.Source{}.Filename
var _ string = types.Source{}.Src
var _ = types.Rule{}
var _ types.Symbol = types.Rule{}.Name
var _ []types.Parameter = types.Rule{}.Params
var _ types.Term = types.Rule{}.Body
var _ bool = types.Rule{}.Required
var _ = types.Parameter{}
var _ types.Term = types.Parameter{}.Parameter
var _ *types.Term = types.Parameter{}.Specializer
var _ = types.Declaration{}
var _ types.DeclarationVariant = types.Declaration{}.DeclarationVariant
var _ types.DeclarationVariant
var _ = types.DeclarationRole{}
var _ = types.DeclarationPermission{}
var _ = types.DeclarationRelation(*new(types.Term))
var _ = types.ErrorKind{}
var _ types.ErrorKindVariant = types.ErrorKind{}.ErrorKindVariant
var _ types.ErrorKindVariant
var _ = types.ErrorKindParse(*new(types.ParseErrorKind))
var _ = types.ErrorKindRuntime(*new(types.RuntimeError))
var _ = types.ErrorKindOperational(*new(types.OperationalError))
var _ = types.ErrorKindValidation(*new(types.ValidationError))
var _ = types.FormattedPolarError{}
var _ types.ErrorKind = types.FormattedPolarError{}.Kind
var _ string = types.FormattedPolarError{}.Formatted
var _ = types.ParseErrorKind{}
var _ types.ParseErrorKindVariant = types.ParseErrorKind{}.ParseErrorKindVariant
var _ types.ParseErrorKindVariant
var _ = types.ParseErrorKindIntegerOverflow{}
var _ string = types.ParseErrorKindIntegerOverflow{}.Token
var _ uint64 = types.ParseErrorKindIntegerOverflow{}.Loc
var _ = types.ParseErrorKindInvalidTokenCharacter{}
var _ string = types.ParseErrorKindInvalidTokenCharacter{}.Token
var _ string = types.ParseErrorKindInvalidTokenCharacter{}.C
var _ uint64 = types.ParseErrorKindInvalidTokenCharacter{}.Loc
var _ = types.ParseErrorKindInvalidToken{}
var _ uint64 = types.ParseErrorKindInvalidToken{}.Loc
var _ = types.ParseErrorKindUnrecognizedEOF{}
var _ uint64 = types.ParseErrorKindUnrecognizedEOF{}.Loc
var _ = types.ParseErrorKindUnrecognizedToken{}
var _ string = types.ParseErrorKindUnrecognizedToken{}.Token
var _ uint64 = types.ParseErrorKindUnrecognizedToken{}.Loc
var _ = types.ParseErrorKindExtraToken{}
var _ string = types.ParseErrorKindExtraToken{}.Token
var _ uint64 = types.ParseErrorKindExtraToken{}.Loc
var _ = types.ParseErrorKindReservedWord{}
var _ string = types.ParseErrorKindReservedWord{}.Token
var _ uint64 = types.ParseErrorKindReservedWord{}.Loc
var _ = types.ParseErrorKindInvalidFloat{}
var _ string = types.ParseErrorKindInvalidFloat{}.Token
var _ uint64 = types.ParseErrorKindInvalidFloat{}.Loc
var _ = types.ParseErrorKindWrongValueType{}
var _ uint64 = types.ParseErrorKindWrongValueType{}.Loc
var _ string = types.ParseErrorKindWrongValueType{}.Term
var _ string = types.ParseErrorKindWrongValueType{}.Expected
var _ = types.ParseErrorKindDuplicateKey{}
var _ uint64 = types.ParseErrorKindDuplicateKey{}.Loc
var _ string = types.ParseErrorKindDuplicateKey{}.Key
var _ = types.RuntimeError{}
var _ types.RuntimeErrorVariant = types.RuntimeError{}.RuntimeErrorVariant
var _ types.RuntimeErrorVariant
var _ = types.RuntimeErrorArithmeticError{}
var _ types.Term = types.RuntimeErrorArithmeticError{}.Term
var _ = types.RuntimeErrorUnsupported{}
var _ string = types.RuntimeErrorUnsupported{}.Msg
var _ types.Term = types.RuntimeErrorUnsupported{}.Term
var _ = types.RuntimeErrorTypeError{}
var _ string = types.RuntimeErrorTypeError{}.Msg
var _ string = types.RuntimeErrorTypeError{}.StackTrace
var _ types.Term = types.RuntimeErrorTypeError{}.Term
var _ = types.RuntimeErrorStackOverflow{}
var _ string = types.RuntimeErrorStackOverflow{}.Msg
var _ = types.RuntimeErrorQueryTimeout{}
var _ uint64 = types.RuntimeErrorQueryTimeout{}.Elapsed
var _ uint64 = types.RuntimeErrorQueryTimeout{}.Timeout
var _ = types.RuntimeErrorApplication{}
var _ string = types.RuntimeErrorApplication{}.Msg
var _ string = types.RuntimeErrorApplication{}.StackTrace
var _ *types.Term = types.RuntimeErrorApplication{}.Term
var _ = types.RuntimeErrorIncompatibleBindings{}
var _ string = types.RuntimeErrorIncompatibleBindings{}.Msg
var _ = types.RuntimeErrorUnhandledPartial{}
var _ string = types.RuntimeErrorUnhandledPartial{}.Var
var _ types.Term = types.RuntimeErrorUnhandledPartial{}.Term
var _ = types.RuntimeErrorDataFilteringFieldMissing{}
var _ string = types.RuntimeErrorDataFilteringFieldMissing{}.VarType
var _ string = types.RuntimeErrorDataFilteringFieldMissing{}.Field
var _ = types.RuntimeErrorDataFilteringUnsupportedOp{}
var _ types.Operation = types.RuntimeErrorDataFilteringUnsupportedOp{}.Operation
var _ = types.RuntimeErrorInvalidRegistration{}
var _ types.Symbol = types.RuntimeErrorInvalidRegistration{}.Sym
var _ string = types.RuntimeErrorInvalidRegistration{}.Msg
var _ = types.RuntimeErrorMultipleLoadError{}
var _ = types.RuntimeErrorQueryForUndefinedRule{}
var _ string = types.RuntimeErrorQueryForUndefinedRule{}.Name
var _ = types.ValidationError{}
var _ types.ValidationErrorVariant = types.ValidationError{}.ValidationErrorVariant
var _ types.ValidationErrorVariant
var _ = types.ValidationErrorFileLoading{}
var _ string = types.ValidationErrorFileLoading{}.Filename
var _ string = types.ValidationErrorFileLoading{}.Contents
var _ string = types.ValidationErrorFileLoading{}.Msg
var _ = types.ValidationErrorMissingRequiredRule{}
var _ types.Rule = types.ValidationErrorMissingRequiredRule{}.RuleType
var _ = types.ValidationErrorInvalidRule{}
var _ string = types.ValidationErrorInvalidRule{}.Rule
var _ string = types.ValidationErrorInvalidRule{}.Msg
var _ = types.ValidationErrorInvalidRuleType{}
var _ types.Rule = types.ValidationErrorInvalidRuleType{}.RuleType
var _ string = types.ValidationErrorInvalidRuleType{}.Msg
var _ = types.ValidationErrorUndefinedRuleCall{}
var _ types.Term = types.ValidationErrorUndefinedRuleCall{}.Term
var _ = types.ValidationErrorResourceBlock{}
var _ types.Term = types.ValidationErrorResourceBlock{}.Term
var _ string = types.ValidationErrorResourceBlock{}.Msg
var _ = types.ValidationErrorSingletonVariable{}
var _ types.Term = types.ValidationErrorSingletonVariable{}.Term
var _ = types.ValidationErrorUnregisteredClass{}
var _ types.Term = types.ValidationErrorUnregisteredClass{}.Term
var _ = types.ValidationErrorDuplicateResourceBlockDeclaration{}
var _ types.Term = types.ValidationErrorDuplicateResourceBlockDeclaration{}.Resource
var _ types.Term = types.ValidationErrorDuplicateResourceBlockDeclaration{}.Declaration
var _ types.Declaration = types.ValidationErrorDuplicateResourceBlockDeclaration{}.Existing
var _ types.Declaration = types.ValidationErrorDuplicateResourceBlockDeclaration{}.New
var _ = types.OperationalError{}
var _ types.OperationalErrorVariant = types.OperationalError{}.OperationalErrorVariant
var _ types.OperationalErrorVariant
var _ = types.OperationalErrorInvalidState{}
var _ string = types.OperationalErrorInvalidState{}.Msg
var _ = types.OperationalErrorSerialization{}
var _ string = types.OperationalErrorSerialization{}.Msg
var _ = types.OperationalErrorUnexpectedValue{}
var _ string = types.OperationalErrorUnexpectedValue{}.Received
var _ = types.OperationalErrorUnknown{}
var _ = types.Message{}
var _ types.MessageKind = types.Message{}.Kind
var _ string = types.Message{}.Msg
var _ = types.MessageKind{}
var _ types.MessageKindVariant = types.MessageKind{}.MessageKindVariant
var _ types.MessageKindVariant
var _ = types.MessageKindPrint{}
var _ = types.MessageKindWarning{}
