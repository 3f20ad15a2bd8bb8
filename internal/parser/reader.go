package parser

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/lexer"
)

// Skimmed is a rule as it looks at a glance. Whether it is one shows when it is read.
type Skimmed struct {
	Name       string
	Params     int // their number
	Start, End int // offsets in the source: from the name up to and with the semicolon
}

// Skim is PolicyFacts without reading the rules: it only finds where they are and tells rule, which takes a fraction of the time.
// The file has all other lines. The error is nil for every text that can be parsed, but not only for those.
func Skim(src *diag.Source, facts func(f *Fact) bool, rule func(r Skimmed)) (*ast.File, error) {
	p := newParser(src)
	p.facts, p.skimmed = facts, rule
	if err := p.attempt(p.file); err != nil {
		return nil, err
	}
	return p.result, nil
}

// skim passes a rule. It returns false, with nothing read, where none stands.
func (p *parser) skim() bool {
	name, last, offset := p.tok, p.last, p.sc.Offset()
	if p.advance(); !p.at(lexer.LParen) {
		p.tok, p.tokErr, p.last = name, nil, last
		p.sc.Seek(offset)
		return false
	}
	params, ok := p.sc.SkipRule()
	if !ok {
		p.unexpected("a rule")
	}
	p.skimmed(Skimmed{Name: name.Text, Params: params, Start: name.Start, End: p.sc.Offset()})
	p.advance()
	return true
}

// Reader reads single rules. The zero value is ready. It is for one goroutine.
type Reader struct{ p parser }

// RuleAt parses the rule that stands at an offset of a source. Its tree is good until Rewind.
func (rd *Reader) RuleAt(src *diag.Source, offset int) (*ast.Rule, error) {
	return rd.read(src, offset, (*parser).rule)
}

// HeadAt is RuleAt without the body.
func (rd *Reader) HeadAt(src *diag.Source, offset int) (*ast.Rule, error) {
	return rd.read(src, offset, (*parser).head)
}

// read parses what follows the name of a rule at an offset.
func (rd *Reader) read(src *diag.Source, offset int, parse func(p *parser, name lexer.Token) *ast.Rule) (rule *ast.Rule, err error) {
	p := rd.at(src, offset)
	fail := p.attempt(func() {
		name := p.tok
		p.expect(lexer.Ident)
		rule = parse(p, name)
	})
	if fail != nil {
		return nil, fail
	}
	return rule, nil
}

// Rewind takes back the trees of all rules read so far: nobody may use them any more.
func (rd *Reader) Rewind() { rd.p.made.rewind() }

// Forget makes the reader as it was in the beginning, but for its memory: it rewinds, and forgets the source.
func (rd *Reader) Forget() {
	rd.Rewind()
	p := &rd.p
	rd.p = parser{made: p.made, items: p.items[:0], heads: p.heads[:0]}
}

// at returns the parser with the token at an offset as the next one. Mostly it is that already: rules are read in order.
func (rd *Reader) at(src *diag.Source, offset int) *parser {
	p := &rd.p
	p.depth, p.items = 0, p.items[:0]
	if p.src != src {
		p.src, p.sc = src, lexer.NewScanner(src)
	} else if p.tok.Start == offset && p.tok.Kind == lexer.Ident && !p.heldOK {
		return p
	}
	p.heldOK = false
	p.sc.Seek(offset)
	p.tokErr = p.sc.Scan(&p.tok)
	return p
}
