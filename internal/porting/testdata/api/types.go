// Package types lists the data types of the API: what results, errors and filters are made of.
package types

type Variable string

type Expression struct {
	Operator Operator
	Args     []interface{}
}

type Relation struct{ Kind, OtherType, MyField, OtherField string }

type Adapter interface {
	BuildQuery(*Filter) (interface{}, error)
	ExecuteQuery(interface{}) ([]interface{}, error)
}

type Filter struct {
	Root       string
	Relations  []FilterRelation
	Conditions [][]FilterCondition
	Types      map[string]map[string]interface{}
}

type FilterRelation struct{ FromTypeName, FromFieldName, ToTypeName string }

type FilterCondition struct {
	Lhs Datum
	Cmp Comparison
	Rhs Datum
}

type Datum struct{ DatumVariant }
type DatumVariant interface{}
type Projection struct{ TypeName, FieldName string }
type Immediate struct{ Value interface{} }

type Comparison int

const (
	Eq Comparison = iota
	Neq
	In
)

type Term struct{ Value Value }
type Value struct{ ValueVariant }
type ValueVariant interface{}
type ValueNumber Numeric
type ValueString string
type ValueBoolean bool
type ValueExternalInstance ExternalInstance
type ValueDictionary Dictionary
type ValuePattern Pattern
type ValueCall Call
type ValueList []Term
type ValueVariable Symbol
type ValueRestVariable Symbol
type ValueExpression Operation
type Symbol string
type Numeric struct{ NumericVariant }
type NumericVariant interface{}
type NumericInteger int64
type NumericFloat float64
type Dictionary struct{ Fields map[Symbol]Term }

type Call struct {
	Name   Symbol
	Args   []Term
	Kwargs *map[Symbol]Term
}

type Operation struct {
	Operator Operator
	Args     []Term
}

type InstanceLiteral struct {
	Tag    Symbol
	Fields Dictionary
}

type Pattern struct{ PatternVariant }
type PatternVariant interface{}
type PatternDictionary Dictionary
type PatternInstance InstanceLiteral

type ExternalInstance struct {
	InstanceId      uint64
	Constructor     *Term
	Repr, ClassRepr *string
}

type Operator struct{ OperatorVariant }
type OperatorVariant interface{}
type OperatorDebug struct{}
type OperatorPrint struct{}
type OperatorCut struct{}
type OperatorIn struct{}
type OperatorIsa struct{}
type OperatorNew struct{}
type OperatorDot struct{}
type OperatorNot struct{}
type OperatorMul struct{}
type OperatorDiv struct{}
type OperatorMod struct{}
type OperatorRem struct{}
type OperatorAdd struct{}
type OperatorSub struct{}
type OperatorEq struct{}
type OperatorGeq struct{}
type OperatorLeq struct{}
type OperatorNeq struct{}
type OperatorGt struct{}
type OperatorLt struct{}
type OperatorUnify struct{}
type OperatorOr struct{}
type OperatorAnd struct{}
type OperatorForAll struct{}
type OperatorAssign struct{}

type Source struct {
	Filename *string
	Src      string
}

type Rule struct {
	Name     Symbol
	Params   []Parameter
	Body     Term
	Required bool
}

type Parameter struct {
	Parameter   Term
	Specializer *Term
}

type Declaration struct{ DeclarationVariant }
type DeclarationVariant interface{}
type DeclarationRole struct{}
type DeclarationPermission struct{}
type DeclarationRelation Term

type ErrorKind struct{ ErrorKindVariant }
type ErrorKindVariant interface{}
type ErrorKindParse ParseErrorKind
type ErrorKindRuntime RuntimeError
type ErrorKindOperational OperationalError
type ErrorKindValidation ValidationError

type FormattedPolarError struct {
	Kind      ErrorKind
	Formatted string
}

type ParseErrorKind struct{ ParseErrorKindVariant }
type ParseErrorKindVariant interface{}
type ParseErrorKindIntegerOverflow struct {
	Token string
	Loc   uint64
}
type ParseErrorKindInvalidTokenCharacter struct {
	Token string
	C     string
	Loc   uint64
}
type ParseErrorKindInvalidToken struct{ Loc uint64 }
type ParseErrorKindUnrecognizedEOF struct{ Loc uint64 }
type ParseErrorKindUnrecognizedToken struct {
	Token string
	Loc   uint64
}
type ParseErrorKindExtraToken struct {
	Token string
	Loc   uint64
}
type ParseErrorKindReservedWord struct {
	Token string
	Loc   uint64
}
type ParseErrorKindInvalidFloat struct {
	Token string
	Loc   uint64
}
type ParseErrorKindWrongValueType struct {
	Loc      uint64
	Term     string
	Expected string
}
type ParseErrorKindDuplicateKey struct {
	Loc uint64
	Key string
}

type RuntimeError struct{ RuntimeErrorVariant }
type RuntimeErrorVariant interface{}
type RuntimeErrorArithmeticError struct{ Term Term }
type RuntimeErrorUnsupported struct {
	Msg  string
	Term Term
}
type RuntimeErrorTypeError struct {
	Msg        string
	StackTrace string
	Term       Term
}
type RuntimeErrorStackOverflow struct{ Msg string }
type RuntimeErrorQueryTimeout struct {
	Elapsed uint64
	Timeout uint64
}
type RuntimeErrorApplication struct {
	Msg        string
	StackTrace string
	Term       *Term
}
type RuntimeErrorIncompatibleBindings struct{ Msg string }
type RuntimeErrorUnhandledPartial struct {
	Var  string
	Term Term
}
type RuntimeErrorDataFilteringFieldMissing struct {
	VarType string
	Field   string
}
type RuntimeErrorDataFilteringUnsupportedOp struct{ Operation Operation }
type RuntimeErrorInvalidRegistration struct {
	Sym Symbol
	Msg string
}
type RuntimeErrorMultipleLoadError struct{}
type RuntimeErrorQueryForUndefinedRule struct{ Name string }

type ValidationError struct{ ValidationErrorVariant }
type ValidationErrorVariant interface{}
type ValidationErrorFileLoading struct {
	Filename string
	Contents string
	Msg      string
}
type ValidationErrorMissingRequiredRule struct{ RuleType Rule }
type ValidationErrorInvalidRule struct {
	Rule string
	Msg  string
}
type ValidationErrorInvalidRuleType struct {
	RuleType Rule
	Msg      string
}
type ValidationErrorUndefinedRuleCall struct{ Term Term }
type ValidationErrorResourceBlock struct {
	Term Term
	Msg  string
}
type ValidationErrorSingletonVariable struct{ Term Term }
type ValidationErrorUnregisteredClass struct{ Term Term }
type ValidationErrorDuplicateResourceBlockDeclaration struct {
	Resource    Term
	Declaration Term
	Existing    Declaration
	New         Declaration
}

type OperationalError struct{ OperationalErrorVariant }
type OperationalErrorVariant interface{}
type OperationalErrorInvalidState struct{ Msg string }
type OperationalErrorSerialization struct{ Msg string }
type OperationalErrorUnexpectedValue struct{ Received string }
type OperationalErrorUnknown struct{}

type Message struct {
	Kind MessageKind
	Msg  string
}

type MessageKind struct{ MessageKindVariant }
type MessageKindVariant interface{}
type MessageKindPrint struct{}
type MessageKindWarning struct{}
