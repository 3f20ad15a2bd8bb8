package parser

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/lexer"
)

// block reads an actor or resource block behind its first word.
func (p *parser) block(first lexer.Token) *ast.Block {
	b := &ast.Block{}
	word := p.variable(first.Text, first.Start, first.End)
	if t := p.tok; p.accept(lexer.Ident) {
		b.Keyword, b.Resource = word, p.variable(t.Text, t.Start, t.End)
	} else {
		b.Resource = word
	}
	p.expect(lexer.LBrace)
	closed := false
	for !closed && !p.at(lexer.RBrace) {
		if p.recovering && p.at(lexer.EOF) {
			break
		}
		p.guarded(func() { p.entry(b) }, func() { closed = p.skipEntry() })
	}
	if !closed {
		p.expect(lexer.RBrace)
	}
	b.At = p.span(first.Start, p.last)
	return b
}

// skipEntry passes the rest of a wrong line of a block. It reports whether it passed the end of the block:
// a closing brace that no semicolon follows.
func (p *parser) skipEntry() (closed bool) {
	for !p.at(lexer.EOF) {
		if p.endsLine() {
			p.advance()
			return false
		}
		if p.accept(lexer.RBrace) {
			if !p.at(lexer.Semicolon) {
				return true
			}
			continue
		}
		p.skip()
	}
	return false
}

// entry reads a declaration or a shorthand rule.
func (p *parser) entry(b *ast.Block) {
	switch p.tok.Kind {
	case lexer.Ident:
		d := p.declaration()
		b.Declarations = append(b.Declarations, d)
	case lexer.String:
		s := p.shorthand()
		b.Shorthands = append(b.Shorthands, s)
	default:
		p.unexpected(`a declaration like roles = ["member"];, a rule like "read" if "member"; or '}'`)
	}
}

func (p *parser) declaration() ast.Declaration {
	name := p.tok
	d := ast.Declaration{Name: name.Text, NameAt: p.tokSpan(name)}
	p.advance()
	p.expect(lexer.Unify)
	start := p.tok.Start
	switch p.tok.Kind {
	case lexer.LBracket:
		d.List = p.strings()
	case lexer.LBrace:
		d.IsDict = true
		d.Relations = p.relations()
	default:
		p.unexpected("a list of strings in brackets, or relations in braces")
	}
	d.ValueAt = p.span(start, p.last)
	p.expect(lexer.Semicolon)
	d.At = p.span(name.Start, p.last)
	return d
}

// strings reads a list of strings.
func (p *parser) strings() []*ast.String {
	follow := lexer.Of(lexer.Comma, lexer.RBracket)
	var items []*ast.String
	for p.advance(); !p.at(lexer.RBracket); p.commas(follow) {
		items = append(items, p.str())
	}
	p.advance()
	return items
}

func (p *parser) str() *ast.String {
	t := p.tok
	if !p.at(lexer.String) {
		p.unexpected("a string in double quotes")
	}
	p.advance()
	return p.text(t.Text, t.Start, t.End)
}

// relations reads a dictionary of names and classes.
func (p *parser) relations() []ast.Field {
	follow := lexer.Of(lexer.Comma, lexer.RBrace)
	var l fieldList
	for p.advance(); !p.at(lexer.RBrace); p.commas(follow) {
		key := p.key()
		f := ast.Field{Key: key.Text, KeyAt: p.tokSpan(key)}
		class := key
		if key.Kind != lexer.Ident || p.at(lexer.Colon) {
			p.expect(lexer.Colon)
			class = p.tok
			if !p.at(lexer.Ident) {
				p.unexpected("the name of a class")
			}
			p.advance()
		} else {
			f.Short = true
		}
		f.Value = p.variable(class.Text, class.Start, class.End)
		p.follows(follow)
		p.add(&l, f, 0)
	}
	p.advance()
	return l.fields
}

// shorthand reads a rule of a block.
func (p *parser) shorthand() ast.Shorthand {
	start := p.tok.Start
	s := ast.Shorthand{Head: p.str()}
	p.expect(lexer.If)
	s.Body = p.str()
	if t := p.tok; p.accept(lexer.Ident) {
		s.Word = p.variable(t.Text, t.Start, t.End)
		s.Relation = p.str()
	}
	p.expect(lexer.Semicolon)
	s.At = p.span(start, p.last)
	return s
}
