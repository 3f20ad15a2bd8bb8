package parser

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/lexer"
)

// primary reads a literal, variable, call, list, dictionary, built-in, or an expression in parentheses.
func (p *parser) primary(s scope) operand {
	t := p.tok
	switch t.Kind {
	case lexer.Int, lexer.Float, lexer.String, lexer.Bool, lexer.Plus, lexer.Minus:
		return s.literal(p.literal())
	case lexer.LBracket:
		return p.list(s.pattern)
	case lexer.LBrace:
		return p.dict(s.pattern)
	case lexer.LParen:
		return p.parentheses(s.pattern)
	case lexer.Ident:
		p.advance()
		if s.pattern && p.at(lexer.LBrace) {
			return p.class(t)
		}
		if !s.pattern && p.at(lexer.LParen) {
			return p.call(t)
		}
		return s.literal(p.leaf(p.variable(t.Text, t.Start, t.End), t.Start, t.End, either))
	}
	if s.pattern {
		p.unexpected("a literal, a name, or an expression in parentheses")
	}
	return p.builtin()
}

// builtin reads an expression that begins with a keyword, or a goal in prefix form.
func (p *parser) builtin() operand {
	t := p.tok
	switch t.Kind {
	case lexer.New:
		p.advance()
		if p.at(lexer.LParen) {
			return p.prefix(t, ast.New)
		}
		return p.construction(t)
	case lexer.In:
		p.advance()
		return p.prefix(t, ast.In)
	case lexer.Dot:
		p.advance()
		return p.prefix(t, ast.Dot)
	case lexer.Cut:
		p.advance()
		return p.expr(ast.Cut, nil, logical, 1, t.Start, t.End)
	case lexer.Print:
		p.advance()
		return p.output(t, ast.Print)
	case lexer.Debug:
		p.advance()
		return p.output(t, ast.Debug)
	case lexer.ForAll:
		p.advance()
		return p.forall(t)
	}
	p.unexpected("an expression")
	return operand{}
}

// literal reads a number with its sign, a string or a boolean.
func (p *parser) literal() operand {
	t := p.tok
	p.advance()
	start, negative := t.Start, t.Kind == lexer.Minus
	if t.Kind == lexer.Minus || t.Kind == lexer.Plus {
		t = p.tok
		if !p.at(lexer.Int) && !p.at(lexer.Float) {
			p.unexpected("a number behind the sign: to negate anything else, subtract it from 0")
		}
		p.advance()
	}
	switch t.Kind {
	case lexer.Int:
		if negative {
			t.Int = -t.Int
		}
		return p.leaf(p.made.ints.Put(ast.Int{Pos: p.pos(start, t.End), Value: t.Int}), start, t.End, value)
	case lexer.Float:
		if negative {
			t.Float = -t.Float
		}
		return p.leaf(&ast.Float{Pos: p.pos(start, t.End), Value: t.Float}, start, t.End, value)
	case lexer.Bool:
		return p.leaf(&ast.Bool{Pos: p.pos(start, t.End), Value: t.Text == "true"}, start, t.End, either)
	}
	return p.leaf(p.text(t.Text, start, t.End), start, t.End, value)
}

// parentheses reads an expression in parentheses. They are no node; the operand remembers where they stand.
func (p *parser) parentheses(pattern bool) operand {
	p.enter()
	defer p.leave()
	open := p.tok
	p.advance()
	o := p.expression(scope{follow: lexer.Of(lexer.RParen), pattern: pattern})
	p.close(lexer.RParen)
	if e, ok := o.term.(*ast.Expr); ok {
		e.Paren = true
	}
	o.start, o.end = open.Start, p.last
	return o
}

// close passes the token that ends an expression.
func (p *parser) close(k lexer.Kind) {
	p.follows(operators | lexer.Of(k))
	p.expect(k)
}

// list reads a list, or a list pattern.
func (p *parser) list(pattern bool) operand {
	p.enter()
	defer p.leave()
	open := p.tok
	p.advance()
	l := &ast.List{}
	deepest, base := 0, len(p.items)
	s := scope{follow: lexer.Of(lexer.Comma, lexer.RBracket), pattern: pattern}
	for !p.at(lexer.RBracket) {
		if p.at(lexer.Star) {
			l.Rest = p.rest()
			break
		}
		o := p.settle(p.expressionFrom(levelSum, s), value, s.follow|operatorsFrom[levelSum])
		p.items = append(p.items, o.term)
		deepest = max(deepest, o.depth)
		p.commas(s.follow)
	}
	p.expect(lexer.RBracket)
	l.Items = p.taken(base)
	l.At = p.span(open.Start, p.last)
	return operand{term: l, kind: value, depth: p.deepen(p.tokSpan(open), deepest), start: open.Start, end: p.last}
}

// rest reads the rest variable of a list.
func (p *parser) rest() *ast.Var {
	star := p.tok
	p.advance()
	if !p.at(lexer.Ident) {
		p.unexpected("the name of the rest variable")
	}
	v := p.variable(p.tok.Text, star.Start, p.tok.End)
	p.advance()
	return v
}

// commas passes what separates entries: one comma at least, any number of them. Nothing is passed where no
// comma stands; then the next token must be the other member of follow, the end.
func (p *parser) commas(follow lexer.Set) {
	p.follows(follow)
	for p.accept(lexer.Comma) {
	}
}

// follows fails if the next token is not in the set.
func (p *parser) follows(set lexer.Set) {
	if !set.Has(p.tok.Kind) {
		p.unexpected(list(set))
	}
}

// dict reads a dictionary, or a dictionary pattern.
func (p *parser) dict(pattern bool) operand {
	fields, depth, at := p.braces(pattern)
	return operand{term: &ast.Dict{Pos: p.pos(at.Start, at.End), Fields: fields}, kind: value, depth: depth, start: at.Start, end: at.End}
}

// class reads the fields of a class pattern behind its tag.
func (p *parser) class(tag lexer.Token) operand {
	c := p.made.classes.Put(ast.Class{Tag: tag.Text, TagAt: p.tokSpan(tag)})
	depth, end := 1, tag.End
	if p.at(lexer.LBrace) {
		fields, d, at := p.braces(true)
		c.Fields, depth, end = fields, d, at.End
	}
	c.At = p.span(tag.Start, end)
	return operand{term: c, kind: value, depth: depth, start: tag.Start, end: end}
}

// pattern reads the pattern behind matches or behind the colon of a parameter, where a bare name is a class.
func (p *parser) pattern() operand {
	switch t := p.tok; t.Kind {
	case lexer.Ident:
		p.advance()
		return p.class(t)
	case lexer.Int, lexer.Float, lexer.String, lexer.Bool, lexer.Plus, lexer.Minus:
		return p.literal()
	case lexer.LBracket:
		return p.list(true)
	case lexer.LBrace:
		return p.dict(true)
	}
	p.unexpected("a pattern: a class with or without fields, a literal, a list or a dictionary")
	return operand{}
}
