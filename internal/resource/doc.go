// Package resource turns actor and resource blocks into ordinary rules and rule types.
//
// Blocks are added one by one with Add, which checks each by itself: the form of its declarations, and that a name has one
// meaning in its class. Declarations and shorthand rules of several blocks for one class merge, so what concerns more than
// one block is looked at only when all are known: CheckRelations looks at the types of the relations, Rules resolves the
// shorthand rules, RuleTypes says which facts the application has to supply.
//
// A shorthand rule of class C becomes
//
//	"x" if "y";         kind(x)(actor', "x", c') if kind(y)(actor', "y", c');
//	"x" if "y" on "r";  kind(x)(actor', "x", c') if has_relation(related_r', "r", c') and kind(y)(actor', "y", related_r');
//
// with actor': Actor and c': C, where kind is has_role, has_permission or has_relation, as the name is declared. The prime
// keeps the variables apart from every name a program can write, so that no constant of the application can take their place.
//
// Everything is kept in the order of first appearance; nothing here depends on the order of a map.
package resource
