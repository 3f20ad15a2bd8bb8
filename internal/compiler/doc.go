// Package compiler turns rewritten rules and queries into code.Program.
//
// In come rules, one after the other, in which no look-up, arithmetic or construction is nested inside another term (package
// rewrite has hoisted them); out comes one clause of register-machine code for each, grouped by predicate, with what
// selection needs: quick tests, specializers, and the order by specificity where it is the same for all arguments.
//
// Registers. Arguments arrive in X[0..n). A variable that lives within one chunk (up to and including the first call,
// iteration or branch) has an X register as its home, any other a slot Y of the environment. The textbook allocation is
// Aït-Kaci's (Warren's Abstract Machine, 1991, chapter 5); ours differs in that every operand of every instruction can be
// an X or a Y, so that no move stands between a variable and the instruction that uses it.
//
// Heads are compiled for the plain case: arguments without constraints whose comparison needs no host. For all other
// calls the machine runs the head from Params, one unification or match at a time, and enters the clause at Body.
//
// Cut is resolved here: the node that a cut belongs to is found in the tree, and the number of choice points at its
// start is kept in a register.
package compiler
