package check

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

// precedence returns a warning for each operand of "and" that is an "or", or the other way round, without parentheses of
// its own. An operand right behind a parenthesis gives none either, as in not (a and b or c): the reference engine is silent
// there, and a warning that comes with a new engine only would look like an error of the policy.
func precedence(body ast.Term) (warnings []*diag.Error) {
	e, ok := body.(*ast.Expr)
	if !ok {
		return nil
	}
	for _, arg := range e.Args {
		if inner, ok := arg.(*ast.Expr); ok && !inner.Paren && !behindParenthesis(inner.At) && (e.Op == ast.And && inner.Op == ast.Or || e.Op == ast.Or && inner.Op == ast.And) {
			w := diag.New(diag.AmbiguousPrecedence, inner.At, "This %[1]s stands beside an %[2]s without parentheses; %[1]s and %[2]s mixed are ambiguous to readers, although 'and' binds tighter than 'or'.", word(inner.Op), word(e.Op))
			w.Token = inner.Op.String()
			w.Help = "write parentheses around it"
			warnings = append(warnings, w)
		}
		warnings = append(warnings, precedence(arg)...)
	}
	return warnings
}

// behindParenthesis reports whether only blanks stand between an opening parenthesis and the place.
func behindParenthesis(at diag.Span) bool {
	if !at.IsValid() || at.Start > len(at.Source.Text) {
		return false
	}
	text := at.Source.Text[:at.Start]
	for len(text) > 0 {
		switch text[len(text)-1] {
		case '(':
			return true
		case ' ', '\t', '\r', '\n':
			text = text[:len(text)-1]
		default:
			return false
		}
	}
	return false
}

func word(op ast.Op) string {
	if op == ast.And {
		return "'and'"
	}
	return "'or'"
}
