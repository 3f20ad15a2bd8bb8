package parser

import (
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/lexer"
)

// Fact is a rule without conditions whose parameters are plain literals. It is good until the next one is read.
type Fact struct {
	Source *diag.Source
	Name   string
	Start  int // offset of the name
	Params []Literal
}

// Literal is a string, number or boolean.
type Literal struct {
	Kind  lexer.Kind // String, Int, Float or Bool
	Text  string     // of a String
	Int   int64
	Float float64
	Bool  bool
}

// takeFact reads a fact and offers it to p.facts. It returns false, with nothing read, where none stands, or where it is not
// taken: what is wrong there is found out by reading the line as any other.
func (p *parser) takeFact() bool {
	name, last, offset := p.tok, p.last, p.sc.Offset()
	if p.readFact(name) && p.facts(&p.fact) {
		p.advance()
		return true
	}
	p.tok, p.tokErr, p.last = name, nil, last
	p.sc.Seek(offset)
	return false
}

// readFact reads a fact up to its semicolon, which it does not pass.
func (p *parser) readFact(name lexer.Token) bool {
	p.fact = Fact{Source: p.src, Name: name.Text, Start: name.Start, Params: p.fact.Params[:0]}
	if p.advance(); !p.at(lexer.LParen) {
		return false
	}
	for {
		if p.advance(); !p.plain() {
			return false
		}
		if p.advance(); p.at(lexer.RParen) {
			p.advance()
			return p.at(lexer.Semicolon)
		}
		if !p.at(lexer.Comma) {
			return false
		}
	}
}

// plain adds the literal that comes next to the fact, and reads to its last token.
func (p *parser) plain() bool {
	negative := p.at(lexer.Minus)
	if negative || p.at(lexer.Plus) {
		if p.advance(); !p.at(lexer.Int) && !p.at(lexer.Float) {
			return false
		}
	}
	t := &p.tok
	l := Literal{Kind: t.Kind}
	switch t.Kind {
	case lexer.String:
		l.Text = t.Text
	case lexer.Bool:
		l.Bool = t.Text == "true"
	case lexer.Int:
		if l.Int = t.Int; negative {
			l.Int = -l.Int
		}
	case lexer.Float:
		if l.Float = t.Float; negative {
			l.Float = -l.Float
		}
	default:
		return false
	}
	p.fact.Params = append(p.fact.Params, l)
	return true
}
