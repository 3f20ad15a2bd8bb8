package diag

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Kind names what went wrong. A Kind is itself an error, so errors.Is(err, diag.StackOverflow) works
// for every *Error of that kind.
type Kind string

// The kinds of diagnostics. Their text is part of the library's contract.
const (
	IntegerOverflow       Kind = "ParseError::IntegerOverflow"
	InvalidTokenCharacter Kind = "ParseError::InvalidTokenCharacter"
	InvalidFloat          Kind = "ParseError::InvalidFloat"
	ReservedWord          Kind = "ParseError::ReservedWord"
	UnrecognizedToken     Kind = "ParseError::UnrecognizedToken"
	UnrecognizedEOF       Kind = "ParseError::UnrecognizedEOF"
	WrongValueType        Kind = "ParseError::WrongValueType"
	DuplicateKey          Kind = "ParseError::DuplicateKey"
	NestingTooDeep        Kind = "ParseError::NestingTooDeep"

	FileLoading         Kind = "ValidationError::FileLoading"
	MissingRequiredRule Kind = "ValidationError::MissingRequiredRule"
	InvalidRule         Kind = "ValidationError::InvalidRule"
	InvalidRuleType     Kind = "ValidationError::InvalidRuleType"
	UndefinedRuleCall   Kind = "ValidationError::UndefinedRuleCall"
	ResourceBlock       Kind = "ValidationError::ResourceBlock"
	SingletonVariable   Kind = "ValidationError::SingletonVariable"
	UnregisteredClass   Kind = "ValidationError::UnregisteredClass"
	DuplicateBlockDecl  Kind = "ValidationError::DuplicateResourceBlockDeclaration"

	UnknownSpecializer       Kind = "ValidationWarning::UnknownSpecializer"
	AmbiguousPrecedence      Kind = "ValidationWarning::AmbiguousPrecedence"
	MissingAllowRule         Kind = "ValidationWarning::MissingAllowRule"
	MissingHasPermissionRule Kind = "ValidationWarning::MissingHasPermissionRule"

	MultipleLoadError     Kind = "RuntimeError::MultipleLoadError"
	InvalidRegistration   Kind = "RuntimeError::InvalidRegistration"
	ArithmeticError       Kind = "RuntimeError::ArithmeticError"
	Unsupported           Kind = "RuntimeError::Unsupported"
	TypeError             Kind = "RuntimeError::TypeError"
	StackOverflow         Kind = "RuntimeError::StackOverflow"
	QueryTimeout          Kind = "RuntimeError::QueryTimeout"
	Application           Kind = "RuntimeError::Application"
	UnhandledPartial      Kind = "RuntimeError::UnhandledPartial"
	QueryForUndefinedRule Kind = "RuntimeError::QueryForUndefinedRule"

	InvalidState    Kind = "OperationalError::InvalidState"
	UnexpectedValue Kind = "OperationalError::UnexpectedValue"

	InlineQueryFailed Kind = "InlineQueryFailed"
	RolesValidation   Kind = "RolesValidation"
)

// Error makes a Kind usable as the target of errors.Is.
func (k Kind) Error() string { return string(k) }

// IsWarning reports whether the kind never fails a load.
func (k Kind) IsWarning() bool { return strings.HasPrefix(string(k), "ValidationWarning::") }

// Error is one diagnostic: an error, or a warning when its Kind says so.
type Error struct {
	Kind    Kind
	Message string // what was found and what was expected, without place and trace
	Span    Span   // the place, if it has one
	Trace   string // for run-time errors: the conditions being evaluated, outermost first
	Cause   error  // the host's own error, if one is behind this

	// Details for programs that inspect errors; which are set depends on Kind.
	Token    string // parse errors: the token's text; validation: the name concerned
	Char     string // InvalidTokenCharacter: the character
	Expected string // WrongValueType: "value" or "logical expression"
	Term     string // the printed term concerned
	// DuplicateBlockDecl: what the name was declared as, and then was: "role", "permission", or "relation" and its class.
	Declared [2]string

	Related []Related // further places worth showing
	Help    string    // what to do, if the message does not say
}

// Related is a further place that explains a diagnostic.
type Related struct {
	Message string
	Span    Span
}

// New returns a diagnostic of the given kind at a place (the zero Span for none).
func New(kind Kind, at Span, format string, args ...any) *Error {
	return &Error{Kind: kind, Span: at, Message: fmt.Sprintf(format, args...)}
}

// Error returns the message with trace, place and the line it points to.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Trace)
	b.WriteString(e.Message)
	b.WriteString(e.Place())
	return b.String()
}

// Unwrap gives the kind and, where there is one, the host's error.
func (e *Error) Unwrap() []error {
	if e.Cause != nil {
		return []error{e.Kind, e.Cause}
	}
	return []error{e.Kind}
}

// Place returns the suffix of a message that shows where: " at line 2, column 9 of file p.polar:" and the line with a caret.
// It is empty where there is no place.
func (e *Error) Place() string {
	if !e.Span.IsValid() {
		return ""
	}
	pos := e.Span.Position()
	var b strings.Builder
	fmt.Fprintf(&b, " at line %d, column %d", pos.Line, pos.Column)
	if e.Span.Source.Name != "" {
		b.WriteString(" of file " + e.Span.Source.Name)
	}
	b.WriteString(":")
	if text, ok := e.Span.Source.Line(pos.Line); ok {
		column := pos.Column
		if len(text) > longestLine {
			text, column = excerpt(text, e.Span.Start-e.Span.Source.lines[pos.Line-1])
		}
		fmt.Fprintf(&b, "\n\t%03d: %s\n\t     %s^\n", pos.Line, text, strings.Repeat(" ", column-1))
	}
	return b.String()
}

// longestLine is the number of bytes up to which a line is shown whole. Nobody could read more.
const longestLine = 2000

// excerpt returns the surroundings of a byte offset in a line, and the column of the offset in them.
func excerpt(line string, offset int) (string, int) {
	const around = 100
	past := max(offset-len(line), 0)
	offset = min(offset, len(line))
	from, to, column := offset, offset, 1
	for range around {
		_, width := utf8.DecodeLastRuneInString(line[:from])
		from -= width
		column += min(width, 1)
		_, width = utf8.DecodeRuneInString(line[to:])
		to += width
	}
	text := line[from:to]
	if from > 0 {
		text, column = "…"+text, column+1
	}
	if to < len(line) {
		text += "…"
	}
	return text, column + past
}
