package oso

import (
	"context"
	stderrors "errors"
	"fmt"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/errors"
)

// QuestionKind tells what a Question asks.
type QuestionKind uint8

// The kinds of questions.
const (
	AskAttribute QuestionKind = iota + 1 // the value of Receiver.Name
	AskMethod                            // the result of Receiver.Name(Args, Kwargs)
	AskNew                               // a new instance of the class Name, made with Args and Kwargs
	AskIsa                               // whether Receiver belongs to the class Name: a bool
	AskCompare                           // whether Receiver, the operator Name and Args[0] hold together: a bool
	AskElements                          // the elements of Receiver, which a policy goes through with "in"
)

var kindNames = [...]string{AskAttribute: "attribute", AskMethod: "method", AskNew: "new", AskIsa: "isa", AskCompare: "compare",
	AskElements: "elements"}

// String returns the kind as one word.
func (k QuestionKind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return fmt.Sprintf("QuestionKind(%d)", uint8(k))
}

// Question is what a query wants to know of an application object. The last of its methods called, from any goroutine
// but one at a time, gives the answer. A question without an answer ends its query with an error.
//
// The engine answers by itself what is decided by the class of a registered type, and all about numbers, strings,
// booleans, lists and dictionaries.
type Question struct {
	Kind     QuestionKind
	Receiver any            // the object asked about, as results give it; nil for AskNew
	Name     string         // of the attribute, method or class; for AskCompare one of == != < <= > >=
	Args     []any          // of a method or constructor; for AskCompare the right operand
	Kwargs   map[string]any // nil without keyword arguments

	asked  asked
	answer answer
}

// asked is a question as the engine put it.
type asked struct {
	receiver wam.Value
	pass     func(context.Context) engine.Answer // answers it by reflection
}

// answer is what was said to a question.
type answer struct {
	kind  answerKind
	value any
	err   error
}

type answerKind uint8

const (
	answerNone answerKind = iota
	answerValue
	answerMissing
	answerFailed
	answerPassed
)

// Answer gives the answer: a value for AskAttribute, AskMethod and AskNew, converted like a field; a bool for AskIsa and
// AskCompare; for AskElements a slice, array, channel or iterator func. Anything else is an error of the query, and so are
// variables and expressions.
func (q *Question) Answer(x any) { q.answer = answer{kind: answerValue, value: x} }

// Missing answers that there is nothing to tell: no such attribute or method, no way to make an instance, an object without
// elements, objects that do not compare. A pattern does not match then, everything else ends the query with an error.
func (q *Question) Missing() { q.answer = answer{kind: answerMissing} }

// Fail ends the query with an error, which stays reachable by errors.Is and errors.As. Nothing is granted.
func (q *Question) Fail(err error) {
	if err == nil {
		err = stderrors.New("a question was failed without an error")
	}
	q.answer = answer{kind: answerFailed, err: err}
}

// Pass leaves the answer to the Oso, which gives it as if nobody else had been asked: it reads the field, calls the method.
func (q *Question) Pass() { q.answer = answer{kind: answerPassed} }

// settle returns the answer for the engine. Its errors but those of Missing and Pass are not application errors: inside a pattern
// such an error would mean no more than that the pattern does not match.
func (q *Question) settle(ctx context.Context, s *host.Session) engine.Answer {
	switch q.answer.kind {
	case answerValue:
		return q.convert(ctx, s)
	case answerMissing:
		return engine.Answer{Err: q.missing(s)}
	case answerFailed:
		return engine.Answer{Err: final(q.answer.err)}
	case answerPassed:
		return q.asked.pass(ctx)
	}
	return engine.Answer{Err: fmt.Errorf("nobody answered the question for the %v %s", q.Kind, q.Name)}
}

func (q *Question) missing(s *host.Session) error {
	switch q.Kind {
	case AskAttribute, AskMethod:
		return s.Missing(q.asked.receiver, q.Name)
	case AskNew:
		return errors.NewErrorWithAdditionalInfo(errors.NewInvalidConstructorError(q.Name), "no instance was given")
	case AskElements:
		return errors.NewInvalidIteratorError(host.Text(q.Receiver))
	}
	return errors.NewUnimplementedOperationError(q.Kind.String() + " " + q.Name)
}

func (q *Question) convert(ctx context.Context, s *host.Session) (a engine.Answer) {
	switch q.Kind {
	case AskIsa, AskCompare:
		yes, ok := q.answer.value.(bool)
		if !ok {
			return engine.Answer{Err: fmt.Errorf("the question for %v %s was answered with a %T, want a bool", q.Kind, q.Name, q.answer.value)}
		}
		a.Yes = yes
	case AskElements:
		a.Iterator, a.Err = s.Elements(ctx, q.answer.value)
	default:
		a.Value, a.Err = s.Answer(q.answer.value)
	}
	a.Err = final(a.Err)
	return a
}

// final makes an error one that ends a query wherever it meets it.
func final(err error) error {
	if app, ok := stderrors.AsType[*engine.ApplicationError](err); ok {
		return fmt.Errorf("%s", app.Error())
	}
	return err
}
