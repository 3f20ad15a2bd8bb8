// Mutate runs mutation tests on one package of this module: it changes the code in one small place, runs the tests, and lists
// the changes that no test notices.
//
//	make mutate PKG=internal/host SAMPLE=500
//
// The changes are those of gremlins (https://gremlins.dev), which also makes them, one at a time, in a copy of the repository. What
// this command adds:
//
//   - Lines are drawn at random, by a seed, until they hold the wished number of mutants: the copy gets a commit "base" in which
//     exactly these lines differ, and gremlins mutates what changed since.
//   - Gremlins finds this program under the name "go". Instead of compiling each mutant, it compiles once, before all of them, a program
//     into which all changes are woven, each behind a test of an environment variable; it looks which one gremlins made, and runs the
//     woven program with that one switched on. The few that cannot be woven (those of constants) are compiled by themselves.
//   - Most tests that notice a mistake in a package are not its own: the corpora test the machine. Each test function of
//     several packages is run once, alone, to see which changes it comes by; a mutant gets only the tests that come by it, the fastest
//     first.
//   - Changes that do not compile are not drawn. (Go 1.26 fails with the same exit code for them as for a failed test, so gremlins alone
//     would call them killed.)
//   - With -own, operators that gremlins does not have, tested without it: conditions negated, operands of && and || left out, answers
//     (true and false, ok and fail) exchanged, statements left out.
//
// It needs a Unix, for mmap and ulimit.
package main
