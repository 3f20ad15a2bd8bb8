// Package partial turns the constraints a query leaves on its variables into the expressions a caller sees.
//
// In goes a conjunction of constraints, as the machine copied them out of its heap: comparisons, look-ups,
// class tests, arithmetic, and negations of whole conjunctions. Out comes one value for one reported variable:
// an And of what must hold for it, written with the name _this for the variable itself, or a plain value when
// nothing but "_this = value" is left.
//
// How it works, for one conjunction:
//
//  1. Nested conjunctions are flattened and what is constant is decided: truths go, one falsehood ends it all.
//  2. Equalities with a variable nobody outside sees are substituted away (eliminate). What others see stays: the
//     variables the caller names, those that also occur beside the negation being simplified, and those left
//     over in a negation, which read as "for all".
//  3. Steps 1 and 2 repeat until nothing changes. Then each negation is simplified on its own, what is already known
//     outside of it is taken out, and the rest is inverted (negate). That may give new equalities: start over.
//  4. Duplicates go, the variable's own name becomes _this.
//
// Conjunctions of nothing but class tests, comparisons, and look-ups of fields, which most are, come to the same in one round
// without these steps (plain).
//
// Every step keeps the meaning; in particular an equality with a visible variable is never lost. Work and depth are
// bounded, because substitution can double a term with every step. Nothing here panics or keeps state; all functions may
// be called concurrently.
package partial
