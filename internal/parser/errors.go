package parser

import (
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/lexer"
)

// reserved holds the words reported as reserved rather than as unexpected.
var reserved = lexer.Of(lexer.Debug, lexer.Cut, lexer.In, lexer.New)

// unexpected fails at the next token; expected describes what could stand here.
func (p *parser) unexpected(expected string) {
	switch t := p.tok; {
	case t.Kind == lexer.Invalid:
		p.fail(p.tokErr)
	case t.Kind == lexer.EOF:
		p.fail(diag.New(diag.UnrecognizedEOF, p.span(p.last, p.last),
			"hit the end of the file unexpectedly. Did you forget a semi-colon? Expected %s", expected))
	case reserved.Has(t.Kind):
		err := diag.New(diag.ReservedWord, p.tokSpan(t), "%s is a reserved word and cannot stand here; expected %s", t.Text, expected)
		err.Token = t.Text
		p.fail(err)
	default:
		err := diag.New(diag.UnrecognizedToken, p.tokSpan(t), "did not expect to find the token '%s'; expected %s", shorten(t.Text), expected)
		err.Token = t.Text
		p.fail(err)
	}
}

func tooDeep(at diag.Span, limit int) *diag.Error {
	err := diag.New(diag.NestingTooDeep, at, "nested deeper than %d levels: split this into several rules", limit)
	err.Token = at.Text()
	return err
}

// wrongKind fails at an operand that is not of the wanted kind.
func (p *parser) wrongKind(o operand, want kind) {
	found, help := "a logical expression", "make it a condition of its own, joined with 'and'"
	if _, ok := o.term.(*ast.Call); ok {
		help = "rules have no result, so call it as a condition of its own and use a variable it binds"
	}
	if want == logical {
		found, help = "a value", "compare it with something, or write a condition"
	}
	text := ast.Format(o.term)
	err := diag.New(diag.WrongValueType, o.term.Span(), "expected a %s but found %s: %s; %s", want, found, shorten(text), help)
	err.Term, err.Expected = text, want.String()
	p.fail(err)
}

// list describes a set of tokens, all operators in one word: "an operator, ',' or ')'".
func list(set lexer.Set) string {
	var words []string
	if set&operators != 0 {
		words = append(words, "an operator")
	}
	for _, k := range (set &^ operators).Kinds() {
		if k.Fixed() {
			words = append(words, "'"+k.String()+"'")
		} else {
			words = append(words, article(k))
		}
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " or " + words[n]
}

func article(k lexer.Kind) string {
	switch k {
	case lexer.EOF:
		return "the end of the text"
	case lexer.Int:
		return "an integer"
	}
	return "a " + k.String()
}

// shorten keeps a message readable when it quotes something huge.
func shorten(text string) string {
	const limit = 200
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "…"
}
