// Package engine loads policies and runs queries over a Host. It is what the library, the commands and the conformance tests
// share: they differ only in who answers the questions.
//
// An Engine holds one state behind an atomic pointer: the policy, the registry of constants and classes, and the snapshot
// compiled from both. Loading and registering make a new state under a lock; queries take the pointer once and never lock.
//
// Policy.Load reads sources into a validated policy without running anything; CheckAll reports all that is wrong with them. An
// Engine does the same faster where nothing is wrong (load_fast.go). A policy has the places of its rules, not their trees (rules.go).
// A Query drives a machine: it hands the machine's questions to the host, and the answers back (query.go). A host may also
// answer later: it returns ErrPending, and Next with it, until Query.Answer gives the answer (pending.go). Machines and queries
// come from a pool.
//
// A rule query whose arguments hold expressions becomes one with a text (expressions.go).
//
// A constraint that remains on a variable of a result becomes an expression by package partial; one that can never hold makes the
// result none.
package engine
