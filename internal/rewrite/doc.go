// Package rewrite turns rules and queries into the form the compiler takes: look-ups, method calls, arithmetic and
// construction are pulled out of the terms they stand in and become goals of their own, and every anonymous variable gets
// a name of its own.
//
// What comes in is the tree of the parser, what goes out a tree of the same node types in which
//
//   - Dot, Add, Sub, Mul, Div, Mod and Rem occur only as goals with three arguments, New only with two: the last one
//     is the result;
//   - no variable is called "_";
//   - the body of a rule is an And, or nil for a fact without goals.
//
// Nothing else changes: nested And and Or stay nested, since the reach of cut depends on it. Where the goals go that
// come out of a term is part of the language, because it decides what is bound when they run and which of two errors
// comes first:
//
//	the term is                          its goals stand
//	an operand of and, or, not           before it; after it, if it is a unification and none of them is mod or new
//	an operand of forall                 after it
//	a whole query                        before it
//	a parameter or specializer           at the end of the body
//
// Goals are numbered and ordered innermost first, then left to right, fields of dictionaries and keyword arguments in
// the order of their keys. A goal has the place of the expression it came from.
//
// The input is never changed; what needs no rewriting is shared between input and output. The work is linear in the
// size of the tree, and recursion is as deep as the tree, which the parser bounds.
package rewrite
