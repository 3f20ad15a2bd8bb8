package parser

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/lexer"
)

// The levels of precedence, tightest last. An expression "of level n" has only operators of level n and tighter
// outside parentheses.
const (
	levelOr = 1 + iota
	levelAnd
	levelNot
	levelUnify
	levelCompare
	levelSum
	levelProduct
	levelMember
	levelPostfix
)

// binary holds the level and the operator of each infix token; level 0 for other tokens. The dot is none: it
// cannot follow a whole operand, since it is part of it.
var binary = [64]struct {
	level int
	op    ast.Op
}{
	lexer.Or: {levelOr, ast.Or}, lexer.And: {levelAnd, ast.And},
	lexer.Unify: {levelUnify, ast.Unify},
	lexer.Eq:    {levelCompare, ast.Eq}, lexer.Neq: {levelCompare, ast.Neq}, lexer.Leq: {levelCompare, ast.Leq},
	lexer.Geq: {levelCompare, ast.Geq}, lexer.Lt: {levelCompare, ast.Lt}, lexer.Gt: {levelCompare, ast.Gt},
	lexer.Plus: {levelSum, ast.Add}, lexer.Minus: {levelSum, ast.Sub},
	lexer.Star: {levelProduct, ast.Mul}, lexer.Slash: {levelProduct, ast.Div},
	lexer.Mod: {levelProduct, ast.Mod}, lexer.Rem: {levelProduct, ast.Rem},
	lexer.In: {levelMember, ast.In}, lexer.Matches: {levelMember, ast.Isa},
}

// operatorsFrom holds, for each level, the infix tokens that may follow an operand of that level.
var operatorsFrom = func() (sets [levelPostfix + 1]lexer.Set) {
	for k, b := range binary {
		for level := 1; level <= b.level; level++ {
			sets[level] |= lexer.Of(lexer.Kind(k))
		}
	}
	return sets
}()

var operators = operatorsFrom[levelOr]

// scope is where an expression stands: what may follow it, and whether it is part of a pattern, in which
// names before a brace are classes and calls do not occur.
type scope struct {
	follow  lexer.Set
	pattern bool
}

// literal returns o with the kind it has here: in a pattern every literal and name is a value.
func (s scope) literal(o operand) operand {
	if s.pattern {
		o.kind = value
	}
	return o
}

// term reads a whole expression of any kind, which the given token must follow and which is passed with it.
func (p *parser) term(end lexer.Kind) ast.Term {
	o := p.expression(scope{follow: lexer.Of(end)})
	p.settle(o, either, lexer.Of(end)|operators)
	p.expect(end)
	return o.term
}

// expression reads an expression of the loosest level.
func (p *parser) expression(s scope) operand {
	s.follow |= operators
	return p.disjunction(s)
}

// expressionFrom reads an expression of a level tighter than not.
func (p *parser) expressionFrom(level int, s scope) operand {
	s.follow |= operatorsFrom[level]
	return p.climb(level, s)
}

func (p *parser) disjunction(s scope) operand {
	first := p.conjunction(s)
	if !p.at(lexer.Or) {
		return first
	}
	return p.junction(lexer.Or, ast.Or, first, (*parser).conjunction, s)
}

func (p *parser) conjunction(s scope) operand {
	first := p.negation(s)
	if !p.at(lexer.And) {
		return first
	}
	return p.junction(lexer.And, ast.And, first, (*parser).negation, s)
}

// junction reads on behind the first of the operands joined by and, or by or, as one node; operand reads one.
func (p *parser) junction(token lexer.Kind, op ast.Op, first operand, operand func(*parser, scope) operand, s scope) operand {
	at := p.tokSpan(p.tok)
	p.check(first, logical)
	base := len(p.items)
	p.items = append(p.items, first.term)
	deepest := first.depth
	last := first
	for p.accept(token) {
		last = p.settle(operand(p, s), logical, s.follow)
		p.items = append(p.items, last.term)
		deepest = max(deepest, last.depth)
	}
	// The last operand is the only one whose own operands are taken over: the operator binds to the right.
	if e, ok := last.term.(*ast.Expr); ok && e.Op == op {
		p.items = append(p.items[:len(p.items)-1], e.Args...)
	}
	return p.expr(op, p.taken(base), logical, p.deepen(at, deepest), first.start, last.end)
}

func (p *parser) negation(s scope) operand {
	if !p.at(lexer.Not) {
		return p.climb(levelUnify, s)
	}
	not := p.tok
	p.advance()
	o := p.settle(p.climb(levelUnify, s), logical, s.follow)
	return p.expr(ast.Not, p.made.lists.List(o.term), logical, p.grow(p.tokSpan(not), o), not.Start, o.end)
}

// climb reads an expression of the given level or tighter by precedence climbing. s.follow holds
// everything that may stand behind any operand of the whole expression. It calls itself for tighter levels only.
func (p *parser) climb(level int, s scope) operand {
	left := p.postfix(s)
	if level <= levelUnify && p.at(lexer.Assign) {
		left = p.assignment(left, s)
	}
	for {
		b := binary[p.tok.Kind]
		if b.level < level {
			return left
		}
		p.check(left, value)
		at := p.tokSpan(p.tok)
		p.deepen(at, left.depth) // before anything more is read
		p.advance()
		if b.op == ast.Isa {
			left = p.infix(b.op, at, left, p.pattern())
			continue
		}
		right := p.settle(p.climb(b.level+1, s), value, s.follow)
		left = p.infix(b.op, at, left, right)
	}
}

func (p *parser) infix(op ast.Op, at diag.Span, left, right operand) operand {
	k := value
	if binaryIsLogical(op) {
		k = logical
	}
	return p.expr(op, p.made.lists.List(left.term, right.term), k, p.grow(at, left, right), left.start, right.end)
}

func binaryIsLogical(op ast.Op) bool {
	switch op {
	case ast.Add, ast.Sub, ast.Mul, ast.Div, ast.Mod, ast.Rem:
		return false
	}
	return true
}

// assignment reads on behind the variable of an assignment; := may stand behind nothing else.
func (p *parser) assignment(left operand, s scope) operand {
	if _, ok := left.term.(*ast.Var); !ok || left.end != p.last || left.start != left.term.Span().Start {
		return left
	}
	at := p.tokSpan(p.tok)
	p.advance()
	right := p.settle(p.climb(levelCompare, s), value, s.follow)
	return p.infix(ast.Assign, at, left, right)
}

// postfix reads a primary expression and the lookups and method calls behind it.
func (p *parser) postfix(s scope) operand {
	left := p.primary(s)
	for p.at(lexer.Dot) {
		p.check(left, value)
		at := p.tokSpan(p.tok)
		p.deepen(at, left.depth)
		p.advance()
		key := p.selector()
		left = p.expr(ast.Dot, p.made.lists.List(left.term, key.term), either, p.grow(at, left, key), left.start, key.end)
	}
	return left
}

// names holds the tokens that can be a key or stand behind a dot.
var names = lexer.Of(lexer.Ident, lexer.Type, lexer.Cut, lexer.Debug, lexer.Print, lexer.In, lexer.ForAll, lexer.If,
	lexer.And, lexer.Or, lexer.Not, lexer.New, lexer.Matches)

// selector reads what follows the dot of a lookup.
func (p *parser) selector() operand {
	t := p.tok
	switch {
	case names.Has(t.Kind):
		p.advance()
		if p.at(lexer.LParen) {
			return p.call(t)
		}
		return p.leaf(p.text(t.Text, t.Start, t.End), t.Start, t.End, value)
	case p.accept(lexer.LParen):
		// The place of the key is that of its parenthesis, as diagnostics about it have it.
		var key operand
		switch k := p.tok; k.Kind {
		case lexer.Ident:
			key = p.leaf(p.variable(k.Text, t.Start, k.End), t.Start, k.End, either)
		case lexer.String:
			key = p.leaf(p.text(k.Text, t.Start, k.End), t.Start, k.End, value)
		default:
			p.unexpected("a variable or a string: anything else must be unified with a variable first")
		}
		p.advance()
		p.expect(lexer.RParen)
		key.start, key.end = t.Start, p.last
		return key
	}
	p.unexpected("the name of a field or method, or a variable or string in parentheses")
	return operand{}
}

func (p *parser) pos(start, end int) ast.Pos { return ast.Pos{At: p.span(start, end)} }

// leaf returns the operand for a term that was written as a single token.
func (p *parser) leaf(t ast.Term, start, end int, k kind) operand {
	return operand{term: t, kind: k, depth: 1, start: start, end: end}
}

// expr returns the operand for an operator with its operands.
func (p *parser) expr(op ast.Op, args []ast.Term, k kind, depth, start, end int) operand {
	e := p.made.exprs.Put(ast.Expr{Pos: p.pos(start, end), Op: op, Args: args})
	return operand{term: e, kind: k, depth: depth, start: start, end: end}
}
