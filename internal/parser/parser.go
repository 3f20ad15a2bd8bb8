package parser

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/lexer"
	"github.com/goso-project/goso/internal/slab"
)

const (
	// maxNesting bounds the recursion of the parser. A level passes through five or so frames, about 2 kB;
	// 1000 levels are 2 MB of a stack that ends the process at 1 GB.
	maxNesting = 1000

	// maxTreeDepth bounds the depth of any tree, and with it the recursion of everything that walks trees:
	// 10,000 levels of a walker with frames of 1 kB are 10 MB.
	maxTreeDepth = 10_000
)

// Policy parses a policy. The error is the first one, a *diag.Error of a ParseError kind; there is no file then.
func Policy(src *diag.Source) (*ast.File, error) {
	p := newParser(src)
	if err := p.attempt(p.file); err != nil {
		return nil, err
	}
	return p.result, nil
}

// PolicyFacts is Policy for policies with many facts: facts is asked about each rule without conditions whose parameters are
// plain literals, and takes those for which it returns true; they are left out of the file.
func PolicyFacts(src *diag.Source, facts func(f *Fact) bool) (*ast.File, error) {
	p := newParser(src)
	p.facts = facts
	if err := p.attempt(p.file); err != nil {
		return nil, err
	}
	return p.result, nil
}

// PolicyAll parses a policy and goes on after errors behind the next semicolon. It returns the lines without
// errors and all errors in the order of the text, at most one for each line of the policy or of a block.
// A block with errors stays, without its wrong lines.
func PolicyAll(src *diag.Source) (*ast.File, []*diag.Error) {
	p := newParser(src)
	p.recovering = true
	p.file()
	return p.result, p.errs
}

// Query parses one term, as in a query or in the text after a prompt. The error is a *diag.Error of a
// ParseError kind.
func Query(src *diag.Source) (ast.Term, error) {
	p := newParser(src)
	var term ast.Term
	if err := p.attempt(func() { term = p.term(lexer.EOF) }); err != nil {
		return nil, err
	}
	return term, nil
}

type parser struct {
	src *diag.Source
	sc  *lexer.Scanner

	tok    lexer.Token // the next token; Invalid if there is none because of tokErr
	tokErr *diag.Error
	held   lexer.Token // a token read beyond tok, after unread
	heldOK bool
	heldE  *diag.Error
	last   int // end of the token before tok

	depth int // constructs open around tok

	made  nodes
	items []ast.Term  // of the lists being read, outer ones first
	heads []ast.Param // of the head being read

	facts func(f *Fact) bool // takes facts; may be nil
	fact  Fact               // the one being read

	skimmed func(r Skimmed) // takes rules that are not read; may be nil

	result     *ast.File
	recovering bool
	errs       []*diag.Error
}

func newParser(src *diag.Source) *parser {
	p := &parser{src: src, sc: lexer.NewScanner(src), result: &ast.File{Source: src}}
	p.tokErr = p.sc.Scan(&p.tok)
	return p
}

// nodes hands out the nodes of a tree. Most rules consist of few kinds; the others are made one by one.
type nodes struct {
	rules   slab.Of[ast.Rule]
	params  slab.Of[ast.Param]
	exprs   slab.Of[ast.Expr]
	calls   slab.Of[ast.Call]
	vars    slab.Of[ast.Var]
	strings slab.Of[ast.String]
	ints    slab.Of[ast.Int]
	classes slab.Of[ast.Class]
	lists   slab.Of[ast.Term]
}

// rewind takes back all nodes.
func (n *nodes) rewind() {
	n.rules.Rewind()
	n.params.Rewind()
	n.exprs.Rewind()
	n.calls.Rewind()
	n.vars.Rewind()
	n.strings.Rewind()
	n.ints.Rewind()
	n.classes.Rewind()
	n.lists.Rewind()
}

// variable returns a variable written in a place.
func (p *parser) variable(name string, start, end int) *ast.Var {
	return p.made.vars.Put(ast.Var{Pos: p.pos(start, end), Name: name})
}

// text returns a string written in a place.
func (p *parser) text(value string, start, end int) *ast.String {
	return p.made.strings.Put(ast.String{Pos: p.pos(start, end), Value: value})
}

// taken returns the items read since there were n, and drops them.
func (p *parser) taken(n int) []ast.Term {
	out := p.made.lists.List(p.items[n:]...)
	p.items = p.items[:n]
	return out
}

// bailout carries an error out of the parser's recursion.
type bailout struct{ err *diag.Error }

func (p *parser) fail(err *diag.Error) { panic(bailout{err}) }

// attempt runs f and returns the error it failed with.
func (p *parser) attempt(f func()) (err *diag.Error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case bailout:
			err = r.err
		default:
			panic(r) // a bug: it must be seen
		}
	}()
	f()
	return nil
}

// advance passes the next token. A malformed token behind it is reported only when it is reached, as an
// unexpected token: what precedes it comes first.
func (p *parser) advance() {
	p.last = p.tok.End
	if p.heldOK {
		p.tok, p.tokErr, p.heldOK = p.held, p.heldE, false
		return
	}
	p.tokErr = p.sc.Scan(&p.tok)
}

// skip passes the next token and what follows it up to a token that may end a line.
func (p *parser) skip() {
	if p.heldOK {
		p.advance()
		return
	}
	p.last = max(p.tok.End, p.sc.Skip())
	p.tokErr = p.sc.Scan(&p.tok)
}

// unread puts back t, which was the token before the next one.
func (p *parser) unread(t lexer.Token) {
	p.held, p.heldE, p.heldOK = p.tok, p.tokErr, true
	p.tok, p.tokErr = t, nil
}

func (p *parser) at(k lexer.Kind) bool { return p.tok.Kind == k }

// accept passes the next token if it is of kind k.
func (p *parser) accept(k lexer.Kind) bool {
	if p.tok.Kind != k {
		return false
	}
	p.advance()
	return true
}

// expect passes the next token, which must be of kind k.
func (p *parser) expect(k lexer.Kind) {
	if p.tok.Kind != k {
		p.unexpected(list(lexer.Of(k)))
	}
	p.advance()
}

func (p *parser) span(start, end int) diag.Span {
	return diag.Span{Source: p.src, Start: start, End: end}
}

func (p *parser) tokSpan(t lexer.Token) diag.Span { return t.Span(p.src) }

// enter counts a construct that opens at the next token, and fails if it is nested too deep.
func (p *parser) enter() {
	p.depth++
	if p.depth > maxNesting {
		p.fail(tooDeep(p.tokSpan(p.tok), maxNesting))
	}
}

func (p *parser) leave() { p.depth-- }
