package types

// ErrorKind tells what went wrong, with its details. Programs switch on ErrorKindVariant, then on the variant inside.
type ErrorKind struct{ ErrorKindVariant }

// ErrorKindVariant is implemented by the variants of ErrorKind.
type ErrorKindVariant interface{ isErrorKind() }

// The variants of ErrorKind.
type (
	ErrorKindParse       ParseErrorKind
	ErrorKindRuntime     RuntimeError
	ErrorKindOperational OperationalError
	ErrorKindValidation  ValidationError
)

// FormattedPolarError is an error in its wire form.
type FormattedPolarError struct {
	Kind      ErrorKind `json:"kind"`
	Formatted string    `json:"formatted"`
}

func (ErrorKindParse) isErrorKind()       {}
func (ErrorKindRuntime) isErrorKind()     {}
func (ErrorKindOperational) isErrorKind() {}
func (ErrorKindValidation) isErrorKind()  {}

var errorKindSum = sum{"ErrorKind", []variant{
	newtype[ErrorKindParse, ParseErrorKind]("Parse"),
	newtype[ErrorKindRuntime, RuntimeError]("Runtime"),
	newtype[ErrorKindOperational, OperationalError]("Operational"),
	newtype[ErrorKindValidation, ValidationError]("Validation"),
}}

// MarshalJSON writes the variant under its name.
func (v ErrorKind) MarshalJSON() ([]byte, error) { return errorKindSum.encode(v.ErrorKindVariant) }

// UnmarshalJSON reads what MarshalJSON writes.
func (v *ErrorKind) UnmarshalJSON(data []byte) error {
	return decodeInto(&errorKindSum, data, &v.ErrorKindVariant)
}

// ParseErrorKind tells why a text is no policy. Loc is a byte offset.
type ParseErrorKind struct{ ParseErrorKindVariant }

// ParseErrorKindVariant is implemented by the variants of ParseErrorKind.
type ParseErrorKindVariant interface{ isParseErrorKind() }

// The variants of ParseErrorKind.
type (
	ParseErrorKindIntegerOverflow struct {
		Token string `json:"token"`
		Loc   uint64 `json:"loc"`
	}
	ParseErrorKindInvalidTokenCharacter struct {
		Token string `json:"token"`
		C     string `json:"c"`
		Loc   uint64 `json:"loc"`
	}
	ParseErrorKindInvalidToken struct {
		Loc uint64 `json:"loc"`
	}
	ParseErrorKindUnrecognizedEOF struct {
		Loc uint64 `json:"loc"`
	}
	ParseErrorKindUnrecognizedToken struct {
		Token string `json:"token"`
		Loc   uint64 `json:"loc"`
	}
	ParseErrorKindExtraToken struct {
		Token string `json:"token"`
		Loc   uint64 `json:"loc"`
	}
	ParseErrorKindReservedWord struct {
		Token string `json:"token"`
		Loc   uint64 `json:"loc"`
	}
	ParseErrorKindInvalidFloat struct {
		Token string `json:"token"`
		Loc   uint64 `json:"loc"`
	}
	ParseErrorKindWrongValueType struct {
		Loc      uint64 `json:"loc"`
		Term     string `json:"term"`
		Expected string `json:"expected"`
	}
	ParseErrorKindDuplicateKey struct {
		Loc uint64 `json:"loc"`
		Key string `json:"key"`
	}
	ParseErrorKindNestingTooDeep struct {
		Token string `json:"token"`
		Loc   uint64 `json:"loc"`
	}
)

func (ParseErrorKindIntegerOverflow) isParseErrorKind()       {}
func (ParseErrorKindInvalidTokenCharacter) isParseErrorKind() {}
func (ParseErrorKindInvalidToken) isParseErrorKind()          {}
func (ParseErrorKindUnrecognizedEOF) isParseErrorKind()       {}
func (ParseErrorKindUnrecognizedToken) isParseErrorKind()     {}
func (ParseErrorKindExtraToken) isParseErrorKind()            {}
func (ParseErrorKindReservedWord) isParseErrorKind()          {}
func (ParseErrorKindInvalidFloat) isParseErrorKind()          {}
func (ParseErrorKindWrongValueType) isParseErrorKind()        {}
func (ParseErrorKindDuplicateKey) isParseErrorKind()          {}
func (ParseErrorKindNestingTooDeep) isParseErrorKind()        {}

var parseErrorKindSum = sum{"ParseErrorKind", []variant{
	record[ParseErrorKindIntegerOverflow]("IntegerOverflow"),
	record[ParseErrorKindInvalidTokenCharacter]("InvalidTokenCharacter"),
	record[ParseErrorKindInvalidToken]("InvalidToken"),
	record[ParseErrorKindUnrecognizedEOF]("UnrecognizedEOF"),
	record[ParseErrorKindUnrecognizedToken]("UnrecognizedToken"),
	record[ParseErrorKindExtraToken]("ExtraToken"),
	record[ParseErrorKindReservedWord]("ReservedWord"),
	record[ParseErrorKindInvalidFloat]("InvalidFloat"),
	record[ParseErrorKindWrongValueType]("WrongValueType"),
	record[ParseErrorKindDuplicateKey]("DuplicateKey"),
	record[ParseErrorKindNestingTooDeep]("NestingTooDeep"),
}}

// MarshalJSON writes the variant under its name.
func (v ParseErrorKind) MarshalJSON() ([]byte, error) {
	return parseErrorKindSum.encode(v.ParseErrorKindVariant)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *ParseErrorKind) UnmarshalJSON(data []byte) error {
	return decodeInto(&parseErrorKindSum, data, &v.ParseErrorKindVariant)
}

// RuntimeError tells why a query ended.
type RuntimeError struct{ RuntimeErrorVariant }

// RuntimeErrorVariant is implemented by the variants of RuntimeError.
type RuntimeErrorVariant interface{ isRuntimeError() }

// The variants of RuntimeError.
type (
	RuntimeErrorArithmeticError struct {
		Term Term `json:"term"`
	}
	RuntimeErrorUnsupported struct {
		Msg  string `json:"msg"`
		Term Term   `json:"term"`
	}
	RuntimeErrorTypeError struct {
		Msg        string `json:"msg"`
		StackTrace string `json:"stack_trace"`
		Term       Term   `json:"term"`
	}
	RuntimeErrorStackOverflow struct {
		Msg string `json:"msg"`
	}
	RuntimeErrorQueryTimeout struct {
		Elapsed uint64 `json:"elapsed"`
		Timeout uint64 `json:"timeout"`
	}
	RuntimeErrorApplication struct {
		Msg        string `json:"msg"`
		StackTrace string `json:"stack_trace"`
		Term       *Term  `json:"term"`
	}
	RuntimeErrorIncompatibleBindings struct {
		Msg string `json:"msg"`
	}
	RuntimeErrorUnhandledPartial struct {
		Var  string `json:"var"`
		Term Term   `json:"term"`
	}
	RuntimeErrorDataFilteringFieldMissing struct {
		VarType string `json:"var_type"`
		Field   string `json:"field"`
	}
	RuntimeErrorDataFilteringUnsupportedOp struct {
		Operation Operation `json:"operation"`
	}
	RuntimeErrorInvalidRegistration struct {
		Sym Symbol `json:"sym"`
		Msg string `json:"msg"`
	}
	RuntimeErrorMultipleLoadError     struct{}
	RuntimeErrorQueryForUndefinedRule struct {
		Name string `json:"name"`
	}
)

func (RuntimeErrorArithmeticError) isRuntimeError()            {}
func (RuntimeErrorUnsupported) isRuntimeError()                {}
func (RuntimeErrorTypeError) isRuntimeError()                  {}
func (RuntimeErrorStackOverflow) isRuntimeError()              {}
func (RuntimeErrorQueryTimeout) isRuntimeError()               {}
func (RuntimeErrorApplication) isRuntimeError()                {}
func (RuntimeErrorIncompatibleBindings) isRuntimeError()       {}
func (RuntimeErrorUnhandledPartial) isRuntimeError()           {}
func (RuntimeErrorDataFilteringFieldMissing) isRuntimeError()  {}
func (RuntimeErrorDataFilteringUnsupportedOp) isRuntimeError() {}
func (RuntimeErrorInvalidRegistration) isRuntimeError()        {}
func (RuntimeErrorMultipleLoadError) isRuntimeError()          {}
func (RuntimeErrorQueryForUndefinedRule) isRuntimeError()      {}

var runtimeErrorSum = sum{"RuntimeError", []variant{
	record[RuntimeErrorArithmeticError]("ArithmeticError"),
	record[RuntimeErrorUnsupported]("Unsupported"),
	record[RuntimeErrorTypeError]("TypeError"),
	record[RuntimeErrorStackOverflow]("StackOverflow"),
	record[RuntimeErrorQueryTimeout]("QueryTimeout"),
	record[RuntimeErrorApplication]("Application"),
	record[RuntimeErrorIncompatibleBindings]("IncompatibleBindings"),
	record[RuntimeErrorUnhandledPartial]("UnhandledPartial"),
	record[RuntimeErrorDataFilteringFieldMissing]("DataFilteringFieldMissing"),
	record[RuntimeErrorDataFilteringUnsupportedOp]("DataFilteringUnsupportedOp"),
	record[RuntimeErrorInvalidRegistration]("InvalidRegistration"),
	unit[RuntimeErrorMultipleLoadError]("MultipleLoadError"),
	record[RuntimeErrorQueryForUndefinedRule]("QueryForUndefinedRule"),
}}

// MarshalJSON writes the variant under its name.
func (v RuntimeError) MarshalJSON() ([]byte, error) {
	return runtimeErrorSum.encode(v.RuntimeErrorVariant)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *RuntimeError) UnmarshalJSON(data []byte) error {
	return decodeInto(&runtimeErrorSum, data, &v.RuntimeErrorVariant)
}

// ValidationError tells why a policy was not loaded.
type ValidationError struct{ ValidationErrorVariant }

// ValidationErrorVariant is implemented by the variants of ValidationError.
type ValidationErrorVariant interface{ isValidationError() }

// The variants of ValidationError.
type (
	ValidationErrorFileLoading struct {
		Filename string `json:"filename"`
		Contents string `json:"contents"`
		Msg      string `json:"msg"`
	}
	ValidationErrorMissingRequiredRule struct {
		RuleType Rule `json:"rule_type"`
	}
	ValidationErrorInvalidRule struct {
		Rule string `json:"rule"`
		Msg  string `json:"msg"`
	}
	ValidationErrorInvalidRuleType struct {
		RuleType Rule   `json:"rule_type"`
		Msg      string `json:"msg"`
	}
	ValidationErrorUndefinedRuleCall struct {
		Term Term `json:"term"`
	}
	ValidationErrorResourceBlock struct {
		Term Term   `json:"term"`
		Msg  string `json:"msg"`
	}
	ValidationErrorSingletonVariable struct {
		Term Term `json:"term"`
	}
	ValidationErrorUnregisteredClass struct {
		Term Term `json:"term"`
	}
	ValidationErrorDuplicateResourceBlockDeclaration struct {
		Resource    Term        `json:"resource"`
		Declaration Term        `json:"declaration"`
		Existing    Declaration `json:"existing"`
		New         Declaration `json:"new"`
	}
)

func (ValidationErrorFileLoading) isValidationError()                       {}
func (ValidationErrorMissingRequiredRule) isValidationError()               {}
func (ValidationErrorInvalidRule) isValidationError()                       {}
func (ValidationErrorInvalidRuleType) isValidationError()                   {}
func (ValidationErrorUndefinedRuleCall) isValidationError()                 {}
func (ValidationErrorResourceBlock) isValidationError()                     {}
func (ValidationErrorSingletonVariable) isValidationError()                 {}
func (ValidationErrorUnregisteredClass) isValidationError()                 {}
func (ValidationErrorDuplicateResourceBlockDeclaration) isValidationError() {}

var validationErrorSum = sum{"ValidationError", []variant{
	record[ValidationErrorFileLoading]("FileLoading"),
	record[ValidationErrorMissingRequiredRule]("MissingRequiredRule"),
	record[ValidationErrorInvalidRule]("InvalidRule"),
	record[ValidationErrorInvalidRuleType]("InvalidRuleType"),
	record[ValidationErrorUndefinedRuleCall]("UndefinedRuleCall"),
	record[ValidationErrorResourceBlock]("ResourceBlock"),
	record[ValidationErrorSingletonVariable]("SingletonVariable"),
	record[ValidationErrorUnregisteredClass]("UnregisteredClass"),
	record[ValidationErrorDuplicateResourceBlockDeclaration]("DuplicateResourceBlockDeclaration"),
}}

// MarshalJSON writes the variant under its name.
func (v ValidationError) MarshalJSON() ([]byte, error) {
	return validationErrorSum.encode(v.ValidationErrorVariant)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *ValidationError) UnmarshalJSON(data []byte) error {
	return decodeInto(&validationErrorSum, data, &v.ValidationErrorVariant)
}

// OperationalError is a misuse or a fault of the library.
type OperationalError struct{ OperationalErrorVariant }

// OperationalErrorVariant is implemented by the variants of OperationalError.
type OperationalErrorVariant interface{ isOperationalError() }

// The variants of OperationalError.
type (
	OperationalErrorInvalidState struct {
		Msg string `json:"msg"`
	}
	OperationalErrorSerialization struct {
		Msg string `json:"msg"`
	}
	OperationalErrorUnexpectedValue struct {
		Received string `json:"received"`
	}
	OperationalErrorUnknown struct{}
)

func (OperationalErrorInvalidState) isOperationalError()    {}
func (OperationalErrorSerialization) isOperationalError()   {}
func (OperationalErrorUnexpectedValue) isOperationalError() {}
func (OperationalErrorUnknown) isOperationalError()         {}

var operationalErrorSum = sum{"OperationalError", []variant{
	record[OperationalErrorInvalidState]("InvalidState"),
	record[OperationalErrorSerialization]("Serialization"),
	record[OperationalErrorUnexpectedValue]("UnexpectedValue"),
	unit[OperationalErrorUnknown]("Unknown"),
}}

// MarshalJSON writes the variant under its name.
func (v OperationalError) MarshalJSON() ([]byte, error) {
	return operationalErrorSum.encode(v.OperationalErrorVariant)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *OperationalError) UnmarshalJSON(data []byte) error {
	return decodeInto(&operationalErrorSum, data, &v.OperationalErrorVariant)
}
