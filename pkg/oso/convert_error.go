package oso

import (
	stderrors "errors"
	"strings"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// public gives an error the form programs see: diagnostics become *errors.FormattedPolarError, others stay what they are.
func (c *core) public(err error) error {
	if err == nil {
		return nil
	}
	d, ok := stderrors.AsType[*diag.Error](err)
	if !ok {
		return err
	}
	if d.Kind == diag.InlineQueryFailed {
		return errors.NewInlineQueryFailedErrorCause(d.Error(), d)
	}
	if d.Kind == diag.RolesValidation {
		return errors.NewRolesValidationError(d.Error(), d)
	}
	detail := errors.Detail{Code: string(d.Kind), Trace: d.Trace, Cause: d}
	if d.Span.IsValid() {
		pos := d.Span.Position()
		detail.File, detail.Line, detail.Column = d.Span.Source.Name, pos.Line, pos.Column
	}
	return errors.NewFormattedPolarError(c.kindOf(d), d.Error(), detail)
}

// publicIn is public for an error of a query. Behind an application error stands the application's own error, or the
// missing attribute of the last look-up: the session keeps that one only until it is asked again.
func (c *core) publicIn(s *host.Session, err error) error {
	d, ok := stderrors.AsType[*diag.Error](err)
	if !ok {
		return err
	}
	if app, ok := d.Cause.(*engine.ApplicationError); ok {
		copied := *d
		if copied.Cause = app.Cause; app.Cause == nil {
			copied.Cause = s.MissingAttribute()
		}
		err = &copied
	}
	return c.public(err)
}

// text makes the wire form of a term of which only the text is known.
func text(s string) types.Term {
	return types.Term{Value: types.Value{ValueVariant: types.ValueString(s)}}
}

// named makes the wire form of a variable or class name.
func named(name string) types.Term {
	return types.Term{Value: types.Value{ValueVariant: types.ValueVariable(name)}}
}

// called makes the wire form of a call of which only the name is known.
func called(name string) types.Term {
	return types.Term{Value: types.Value{ValueVariant: types.ValueCall{Name: types.Symbol(name)}}}
}

// kindOf translates a diagnostic's kind.
func (c *core) kindOf(d *diag.Error) types.ErrorKind {
	if v := parseKind(d); v != nil {
		return types.ErrorKind{ErrorKindVariant: types.ErrorKindParse{ParseErrorKindVariant: v}}
	}
	if v := validationKind(d); v != nil {
		return types.ErrorKind{ErrorKindVariant: types.ErrorKindValidation{ValidationErrorVariant: v}}
	}
	if v := c.runtimeKind(d); v != nil {
		return types.ErrorKind{ErrorKindVariant: types.ErrorKindRuntime{RuntimeErrorVariant: v}}
	}
	var v types.OperationalErrorVariant = types.OperationalErrorUnknown{}
	switch d.Kind {
	case diag.InvalidState:
		v = types.OperationalErrorInvalidState{Msg: d.Message}
	case diag.UnexpectedValue:
		v = types.OperationalErrorUnexpectedValue{Received: d.Term}
	}
	return types.ErrorKind{ErrorKindVariant: types.ErrorKindOperational{OperationalErrorVariant: v}}
}

func parseKind(d *diag.Error) types.ParseErrorKindVariant {
	loc := uint64(max(d.Span.Start, 0))
	switch d.Kind {
	case diag.IntegerOverflow:
		return types.ParseErrorKindIntegerOverflow{Token: d.Token, Loc: loc}
	case diag.InvalidTokenCharacter:
		return types.ParseErrorKindInvalidTokenCharacter{Token: d.Token, C: d.Char, Loc: loc}
	case diag.InvalidFloat:
		return types.ParseErrorKindInvalidFloat{Token: d.Token, Loc: loc}
	case diag.ReservedWord:
		return types.ParseErrorKindReservedWord{Token: d.Token, Loc: loc}
	case diag.UnrecognizedToken:
		return types.ParseErrorKindUnrecognizedToken{Token: d.Token, Loc: loc}
	case diag.UnrecognizedEOF:
		return types.ParseErrorKindUnrecognizedEOF{Loc: loc}
	case diag.WrongValueType:
		return types.ParseErrorKindWrongValueType{Loc: loc, Term: d.Term, Expected: d.Expected}
	case diag.DuplicateKey:
		return types.ParseErrorKindDuplicateKey{Loc: loc, Key: d.Token}
	case diag.NestingTooDeep:
		return types.ParseErrorKindNestingTooDeep{Token: d.Token, Loc: loc}
	}
	return nil
}

func validationKind(d *diag.Error) types.ValidationErrorVariant {
	rule := types.Rule{Name: types.Symbol(d.Token), Body: text("")}
	switch d.Kind {
	case diag.FileLoading:
		e := types.ValidationErrorFileLoading{Filename: d.Token, Msg: d.Message}
		if d.Span.IsValid() {
			e.Contents = d.Span.Source.Text
		}
		return e
	case diag.MissingRequiredRule:
		rule.Required = true
		return types.ValidationErrorMissingRequiredRule{RuleType: rule}
	case diag.InvalidRule:
		return types.ValidationErrorInvalidRule{Rule: d.Term, Msg: d.Message}
	case diag.InvalidRuleType:
		return types.ValidationErrorInvalidRuleType{RuleType: rule, Msg: d.Message}
	case diag.UndefinedRuleCall:
		return types.ValidationErrorUndefinedRuleCall{Term: called(d.Token)}
	case diag.ResourceBlock:
		return types.ValidationErrorResourceBlock{Term: text(d.Term), Msg: d.Message}
	case diag.SingletonVariable:
		return types.ValidationErrorSingletonVariable{Term: named(d.Token)}
	case diag.UnregisteredClass:
		return types.ValidationErrorUnregisteredClass{Term: named(d.Token)}
	case diag.DuplicateBlockDecl:
		return types.ValidationErrorDuplicateResourceBlockDeclaration{
			Resource: text(d.Term), Declaration: text(d.Token), Existing: declaration(d.Declared[0]), New: declaration(d.Declared[1]),
		}
	}
	return nil
}

// declaration makes the wire form of what a name was declared as.
func declaration(declared string) types.Declaration {
	sort, class, _ := strings.Cut(declared, " ")
	switch sort {
	case "role":
		return types.Declaration{DeclarationVariant: types.DeclarationRole{}}
	case "permission":
		return types.Declaration{DeclarationVariant: types.DeclarationPermission{}}
	}
	return types.Declaration{DeclarationVariant: types.DeclarationRelation(text(class))}
}

func (c *core) runtimeKind(d *diag.Error) types.RuntimeErrorVariant {
	term := text(d.Term)
	switch d.Kind {
	case diag.MultipleLoadError:
		return types.RuntimeErrorMultipleLoadError{}
	case diag.InvalidRegistration:
		return types.RuntimeErrorInvalidRegistration{Sym: types.Symbol(d.Token), Msg: d.Message}
	case diag.ArithmeticError:
		return types.RuntimeErrorArithmeticError{Term: term}
	case diag.Unsupported:
		return types.RuntimeErrorUnsupported{Msg: d.Message, Term: term}
	case diag.TypeError:
		return types.RuntimeErrorTypeError{Msg: d.Message, StackTrace: d.Trace, Term: term}
	case diag.StackOverflow:
		return types.RuntimeErrorStackOverflow{Msg: d.Message}
	case diag.QueryTimeout:
		ms := uint64(c.timeout().Milliseconds())
		return types.RuntimeErrorQueryTimeout{Elapsed: ms, Timeout: ms}
	case diag.Application:
		e := types.RuntimeErrorApplication{Msg: strings.TrimPrefix(d.Message, "Application error: "), StackTrace: d.Trace}
		if d.Term != "" {
			e.Term = &term
		}
		return e
	case diag.UnhandledPartial:
		return types.RuntimeErrorUnhandledPartial{Var: d.Token, Term: term}
	case diag.QueryForUndefinedRule:
		return types.RuntimeErrorQueryForUndefinedRule{Name: d.Token}
	}
	return nil
}
