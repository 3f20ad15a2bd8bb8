package parser

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/lexer"
)

// kind says where an expression may stand: as a value, as a condition, or as both.
type kind uint8

const (
	value kind = 1 << iota
	logical
	either = value | logical
)

func (k kind) String() string {
	if k == value {
		return "value"
	}
	return "logical expression"
}

// operand is a term on its way into a larger one.
type operand struct {
	term  ast.Term
	kind  kind
	depth int
	// The place in the text with all enclosing parentheses, which the term's own span leaves out.
	start, end int
}

// check fails if o is not of the wanted kind. The caller knows that the next token may follow o.
func (p *parser) check(o operand, want kind) {
	if o.kind&want == 0 {
		p.wrongKind(o, want)
	}
}

// settle ends an operand that one of follow must come behind: an unexpected token takes precedence over
// a wrong kind.
func (p *parser) settle(o operand, want kind, follow lexer.Set) operand {
	p.follows(follow)
	p.check(o, want)
	return o
}

// grow returns the depth of a node over the given operands and fails at span at if that is too deep.
func (p *parser) grow(at diag.Span, operands ...operand) int {
	depth := 0
	for _, o := range operands {
		depth = max(depth, o.depth)
	}
	return p.deepen(at, depth)
}

// deepen returns the depth of a node whose deepest operand has the given depth.
func (p *parser) deepen(at diag.Span, depth int) int {
	if depth >= maxTreeDepth {
		p.fail(tooDeep(at, maxTreeDepth))
	}
	return depth + 1
}
