// Package parser turns Polar source into the tree of package ast.
//
// It is a recursive descent parser with precedence climbing, one token ahead of what it has read. What
// makes it more than the grammar is where it reports errors: every expression has a kind (value, logical, or
// either), and an operand of the wrong kind is an error at the operand, but only if the token after it could
// follow; otherwise that token is the error. So each function that reads an expression is told the
// set of tokens that may follow it, and an operand is settled (next token first, then kind) at the moment
// it is complete.
//
// Depth is bounded twice. Constructs that nest (parentheses, lists, dictionaries, argument lists) pass
// through enter, which bounds the recursion of the parser itself. Chains of operators, which need no
// recursion here but make a deep tree, are bounded where their nodes are made, so that whoever walks a tree
// later may recurse. Past either bound the error is diag.NestingTooDeep at the token that went too far.
//
// The first error ends a line by a panic with a bailout, which only attempt recovers. Policy and Query
// stop there; PolicyAll goes on behind the next semicolon and collects the errors of all lines.
//
// Skim finds the rules of a policy without parsing them, and a Reader parses one at a place.
package parser
