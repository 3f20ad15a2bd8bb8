// Package ast holds the syntax tree of Polar: terms, rules, blocks and files, with their places.
//
// The parser makes trees, rewriting and resource blocks make new ones from them; nothing changes a
// tree others can see, so a finished tree is safe for concurrent use. The depth of a tree is bounded
// by the parser's limits, which is why Walk, Equal and the printers may simply recurse.
//
// There are two printers. Format and FormatRule give the canonical text used in messages and traces:
// sorted keys, floats without exponent, strings raw. Source, RuleSource and FileSource give text that
// parses to the same tree again.
package ast
