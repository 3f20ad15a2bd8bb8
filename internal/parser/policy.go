package parser

import (
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/lexer"
	"github.com/goso-project/goso/internal/slab"
)

// file reads a whole policy into p.result.
func (p *parser) file() {
	for !p.at(lexer.EOF) {
		p.guarded(p.item, p.skipLine)
	}
}

// item reads a line and hands it on.
func (p *parser) item() {
	switch {
	case p.facts != nil && p.at(lexer.Ident) && p.takeFact():
	case p.skimmed != nil && p.at(lexer.Ident) && p.skim():
	default:
		p.result.Items = slab.Append(p.result.Items, p.line())
	}
}

// guarded runs f. If the parser recovers from errors, it notes the error f failed with and calls resume.
func (p *parser) guarded(f, resume func()) {
	if !p.recovering {
		f()
		return
	}
	depth, items := p.depth, len(p.items)
	if err := p.attempt(f); err != nil {
		// The end of the text ends a line and the block around it: once is enough.
		if n := len(p.errs); err.Kind != diag.UnrecognizedEOF || n == 0 || p.errs[n-1].Kind != err.Kind {
			p.errs = append(p.errs, err)
		}
		p.depth, p.items = depth, p.items[:items]
		resume()
	}
}

// skipLine passes everything up to and with the next semicolon. What else is wrong there is not reported.
func (p *parser) skipLine() {
	for !p.at(lexer.EOF) {
		if p.endsLine() {
			p.advance()
			return
		}
		p.skip()
	}
}

// endsLine reports whether the next token is a semicolon, or a string that was not closed and has swallowed one.
func (p *parser) endsLine() bool {
	if p.at(lexer.Invalid) {
		return p.tokErr.Char == "\n" && strings.HasSuffix(strings.TrimRight(p.tokErr.Token, " \t\r"), ";")
	}
	return p.at(lexer.Semicolon)
}

func (p *parser) line() ast.Item {
	switch t := p.tok; t.Kind {
	case lexer.Type:
		p.advance()
		if !p.at(lexer.Ident) {
			p.unexpected("the name of a rule")
		}
		name := p.tok
		p.advance()
		head := p.head(name)
		p.expect(lexer.Semicolon)
		return &ast.RuleType{Pos: p.pos(t.Start, p.last), Head: head}
	case lexer.InlineQuery:
		p.advance()
		query := p.term(lexer.Semicolon)
		return &ast.InlineQuery{Pos: p.pos(t.Start, p.last), Query: query}
	case lexer.Ident:
		p.advance()
		switch p.tok.Kind {
		case lexer.LParen:
			return p.rule(t)
		case lexer.Ident, lexer.LBrace:
			return p.block(t)
		}
		p.unexpected("'(' and the parameters of a rule, or a resource block")
	}
	p.unexpected("a rule, a rule type, a resource block or an inline query")
	return nil
}

// rule reads a rule behind its name.
func (p *parser) rule(name lexer.Token) *ast.Rule {
	r := p.head(name)
	switch {
	case p.accept(lexer.If):
		r.Body = p.term(lexer.Semicolon)
	case p.accept(lexer.Semicolon):
	default:
		p.unexpected("';' or 'if'")
	}
	r.At.End = p.last
	return r
}

// head reads the parameters behind the name of a rule.
func (p *parser) head(name lexer.Token) *ast.Rule {
	r := p.made.rules.Put(ast.Rule{Name: name.Text, NameAt: p.tokSpan(name)})
	p.expect(lexer.LParen)
	if !p.at(lexer.RParen) {
		p.heads = append(p.heads[:0], p.param())
		for p.accept(lexer.Comma) {
			p.heads = append(p.heads, p.param())
		}
		r.Params = p.made.params.List(p.heads...)
	}
	p.expect(lexer.RParen)
	r.At = p.span(name.Start, p.last)
	return r
}

// param reads one parameter of a rule.
func (p *parser) param() ast.Param {
	if t := p.tok; p.accept(lexer.Ident) {
		if p.accept(lexer.Colon) {
			v := p.variable(t.Text, t.Start, t.End)
			return ast.Param{Term: v, Specializer: p.pattern().term}
		}
		p.unread(t)
	}
	s := scope{follow: lexer.Of(lexer.Comma, lexer.RParen)}
	o := p.settle(p.expressionFrom(levelSum, s), value, s.follow|operatorsFrom[levelSum])
	return ast.Param{Term: o.term}
}
