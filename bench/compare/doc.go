// Command compare measures two commits against each other: the checked-out files and a commit given with -base. The benchmarks of both are
// built once and run in turn, so that a machine that grows slower in the meantime does so for both. It writes out/base.txt and
// out/head.txt, which benchstat compares.
//
// The benchmarks are those of the checked-out files, on both sides, unless the base has no use for them; then each side runs its own.
package main
