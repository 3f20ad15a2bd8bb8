package parser

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/lexer"
)

// braces reads the fields of a dictionary or pattern with their braces, and returns with them the depth of the
// whole and its place.
func (p *parser) braces(pattern bool) ([]ast.Field, int, diag.Span) {
	p.enter()
	defer p.leave()
	open := p.tok
	p.advance()
	level := levelCompare
	if pattern {
		level = levelPostfix
	}
	s := scope{follow: lexer.Of(lexer.Comma, lexer.RBrace), pattern: pattern}
	var l fieldList
	for !p.at(lexer.RBrace) {
		f, depth := p.field(level, s)
		p.add(&l, f, depth)
		p.commas(s.follow)
	}
	p.advance()
	at := p.span(open.Start, p.last)
	return l.fields, p.deepen(p.tokSpan(open), l.depth), at
}

// field reads key: value, or the short form of it, and sees that what follows may.
func (p *parser) field(level int, s scope) (ast.Field, int) {
	key := p.key()
	f := ast.Field{Key: key.Text, KeyAt: p.tokSpan(key)}
	if key.Kind == lexer.Ident && !p.at(lexer.Colon) {
		p.follows(s.follow | lexer.Of(lexer.Colon))
		f.Value, f.Short = p.variable(key.Text, key.Start, key.End), true
		return f, 1
	}
	p.expect(lexer.Colon)
	o := p.settle(p.expressionFrom(level, s), value, s.follow|operatorsFrom[level])
	f.Value = o.term
	return f, o.depth
}

// key reads the name of a field or keyword argument.
func (p *parser) key() lexer.Token {
	t := p.tok
	if !names.Has(t.Kind) {
		p.unexpected("a key, which is a name without quotes")
	}
	p.advance()
	return t
}

// fieldList collects fields and sees that no key occurs twice.
type fieldList struct {
	fields []ast.Field
	depth  int             // of the deepest value
	seen   map[string]bool // made with the second field
}

// add takes in a field that has been read. Which token comes next is known to be right.
func (p *parser) add(l *fieldList, f ast.Field, depth int) {
	l.fields = append(l.fields, f)
	l.depth = max(l.depth, depth)
	switch len(l.fields) {
	case 1:
		return
	case 2:
		l.seen = map[string]bool{l.fields[0].Key: true}
	}
	if l.seen[f.Key] {
		p.duplicate(l.fields[0], f)
	}
	l.seen[f.Key] = true
}

// duplicate fails at the first field of a list in which the key of again occurs twice.
func (p *parser) duplicate(first, again ast.Field) {
	err := diag.New(diag.DuplicateKey, first.KeyAt.To(first.Value.Span()), "duplicate key: %s occurs more than once among these fields; keep one of them", shorten(again.Key))
	err.Token = again.Key
	err.Related = []diag.Related{{Message: "given again here", Span: again.KeyAt}}
	p.fail(err)
}

// call reads the arguments behind the name of a rule, method or class.
func (p *parser) call(name lexer.Token) operand {
	c := p.made.calls.Put(ast.Call{Name: name.Text, NameAt: p.tokSpan(name)})
	depth := p.arguments(c)
	c.At = p.span(name.Start, p.last)
	return operand{term: c, kind: logical, depth: depth, start: name.Start, end: p.last}
}

// arguments reads the arguments of c with their parentheses and returns the depth of the call.
func (p *parser) arguments(c *ast.Call) int {
	p.enter()
	defer p.leave()
	open := p.tok
	p.advance()
	s := scope{follow: lexer.Of(lexer.Comma, lexer.RParen)}
	deepest, base := 0, len(p.items)
	if !p.at(lexer.RParen) {
		for {
			if p.atKeyword() {
				deepest = max(deepest, p.keywordArguments(c))
				break
			}
			o := p.settle(p.expression(s), value, s.follow|operators)
			p.items = append(p.items, o.term)
			deepest = max(deepest, o.depth)
			if !p.accept(lexer.Comma) {
				break
			}
		}
	}
	p.expect(lexer.RParen)
	c.Args = p.taken(base)
	return p.deepen(p.tokSpan(open), deepest)
}

// startsExpression holds the keywords that can begin an expression as well as name a keyword argument.
var startsExpression = lexer.Of(lexer.Ident, lexer.Cut, lexer.Debug, lexer.Print, lexer.In, lexer.ForAll, lexer.Not, lexer.New)

// atKeyword reports whether a keyword argument comes next. Whether a name is one shows the token behind it.
func (p *parser) atKeyword() bool {
	t := p.tok
	if !names.Has(t.Kind) {
		return false
	}
	p.advance()
	is := p.at(lexer.Colon)
	if !is && !startsExpression.Has(t.Kind) {
		p.unexpected("':' and the value of a keyword argument")
	}
	p.unread(t)
	return is
}

// keywordArguments reads the keyword arguments of c up to the closing parenthesis and returns their depth.
func (p *parser) keywordArguments(c *ast.Call) int {
	s := scope{follow: lexer.Of(lexer.Comma, lexer.RParen)}
	var l fieldList
	for !p.at(lexer.RParen) {
		key := p.key()
		p.expect(lexer.Colon)
		o := p.settle(p.expression(s), value, s.follow|operators)
		p.add(&l, ast.Field{Key: key.Text, KeyAt: p.tokSpan(key), Value: o.term}, o.depth)
		p.commas(s.follow)
	}
	c.Kwargs = l.fields
	return l.depth
}

// construction reads the class and arguments behind new.
func (p *parser) construction(word lexer.Token) operand {
	name := p.tok
	if !p.at(lexer.Ident) {
		p.unexpected("the name of a class and its arguments")
	}
	p.advance()
	if !p.at(lexer.LParen) {
		p.unexpected("'(' and the arguments of the constructor")
	}
	c := p.call(name)
	return p.expr(ast.New, p.made.lists.List(c.term), value, p.grow(p.tokSpan(word), c), word.Start, p.last)
}

// prefix reads the operands of a goal in prefix form, as generated goals print.
func (p *parser) prefix(word lexer.Token, op ast.Op) operand {
	return p.operands(word, op, either)
}

// output reads the arguments of print or debug.
func (p *parser) output(word lexer.Token, op ast.Op) operand { return p.operands(word, op, value) }

// operands reads a parenthesised list of operands of the given kind, which may end in one comma.
func (p *parser) operands(word lexer.Token, op ast.Op, want kind) operand {
	if !p.at(lexer.LParen) {
		p.unexpected("'('")
	}
	p.enter()
	defer p.leave()
	p.advance()
	s := scope{follow: lexer.Of(lexer.Comma, lexer.RParen)}
	deepest, base := 0, len(p.items)
	for !p.at(lexer.RParen) {
		o := p.settle(p.expression(s), want, s.follow|operators)
		p.items = append(p.items, o.term)
		deepest = max(deepest, o.depth)
		if !p.accept(lexer.Comma) {
			break
		}
	}
	p.expect(lexer.RParen)
	return p.expr(op, p.taken(base), logical, p.deepen(p.tokSpan(word), deepest), word.Start, p.last)
}

// forall reads the two conditions of forall.
func (p *parser) forall(word lexer.Token) operand {
	if !p.at(lexer.LParen) {
		p.unexpected("'('")
	}
	p.enter()
	defer p.leave()
	p.advance()
	first := p.condition(lexer.Comma)
	second := p.condition(lexer.RParen)
	return p.expr(ast.ForAll, p.made.lists.List(first.term, second.term), logical, p.grow(p.tokSpan(word), first, second), word.Start, p.last)
}

// condition reads a logical expression and the token that must end it.
func (p *parser) condition(end lexer.Kind) operand {
	s := scope{follow: lexer.Of(end)}
	o := p.settle(p.expression(s), logical, s.follow|operators)
	p.expect(end)
	return o
}
