// Package wam is the machine: it runs a compiled policy against one query at a time and stops whenever it needs an answer
// from outside.
//
// It is a machine in the tradition of Warren (An Abstract Prolog Instruction Set, SRI 1983; Aït-Kaci, Warren's Abstract
// Machine, 1991), adapted to Polar. In comes a Snapshot (an immutable program with what is known of classes) and either a
// query's own program or a predicate with arguments in registers; out come events: a result, a question, the end.
//
//	ok := m.Run(ctx)      // until something happens
//	ev := m.Event()       // what happened
//	m.ResumeValue(v)      // the answer, where one is due; then Run again
//
// Nothing of a machine that has stopped is on the Go stack: it can be answered later, from another goroutine, or never. The
// machine never calls code of the application. It neither locks nor allocates on its hot path; its areas grow and are kept.
//
// # Words
//
// A term is made of cells (package code). A variable is a cell that refers to itself; binding it overwrites the cell and, if
// an older choice point could come back, notes that on the trail. A choice point is where to go on when something fails;
// an environment holds the variables a rule needs after a call. The continuation is the instruction behind the call
// that is under way.
//
// # Areas
//
//	h     heap            terms, constraint records, wake continuations; truncated on backtracking
//	st    environments    [caller's, continuation, depth, size, Y0, Y1, …]; one is pushed above what the newest choice
//	                      point protects, so that failing can return to it
//	ch    choice points   structs of one size; what varies in length is on as and cs
//	as    arguments       registers saved by choice points
//	cs    candidates      clauses still to be tried, where they are not a list of the snapshot
//	tr    trail           what to undo: an address with its kind; two kinds have the old word below them
//	x     registers       arguments, temporaries
//
// None of these but ch holds a Go pointer. Go values live in side tables (strs, hosts, seqs, iters) that cells refer to by
// number, and that Release clears, so that a machine in the pool keeps no object of an application alive.
//
// # Variables
//
//	REF to itself   unbound, and nothing has touched it: := may assign it, a negation may use it as its own
//	ALI             unbound, but passed to a rule or unified with another variable; results show it
//	ATT             unbound, with constraints: the payload is its group
//
// # Calling a rule
//
// The language defines a call in phases: test the heads of all candidates (last first), sort those that apply by
// specificity, then enter them in turn. Each test may ask the host, and what it asks can be seen. callGeneral does exactly
// that, with a list of work items (unify, match, look up a field) as its own stack, so that it can stop between any two.
// Most calls need none of it: where no head can ask or wake anything for these arguments (pure), callPure selects clauses by
// index and quick tests and runs their compiled heads once, when they are entered. A call that one clause can match leaves
// no choice point. What a call selected is remembered by the classes and literals of its arguments (selection.go) and looked
// up before all else. The order by specificity is known from compilation where it does not depend on arguments; else the
// candidates of a call are sorted by the definition's own algorithm.
//
// Some queries need no machine: those for facts (holds.go, find.go), and those for rules that only compare arguments with literals (decide.go).
//
// Most calls need not even that: where the kind of an argument, or an integer, leaves one clause, a table leads there (call.go). A clause
// that cuts first is the only one if its head is certain to match.
//
// Some instructions look at the next one, and do it at once if it is what mostly follows (following): a step less for the loop. Each
// stays where it is, for when it is come to in another way. A clause that does nothing but copy a list runs over all of it
// in one go (copyPairs), counting its calls.
//
// Tests that clauses make first, of fields against literals or each other, are guards (code.Guards, guard.go). They are made
// when clauses are selected, on fields read in place; they only leave out clauses that certainly fail, and in the order of the
// clause's own code, so that they hide no error. Where many clauses have a literal at the same field, an index finds them
// (fieldindex.go). Patterns that want literals of fields are decided in the same way (callFields). Where the policy or the query
// calls methods, which may change fields, only what is seen just before a clause is entered counts. A clause that does no more than its
// guards need not run when they hold.
//
// Clauses that only make a call with another literal, as resource blocks have for roles that imply roles, are not called one by one:
// what they lead to is worked out once (closure.go), and its clauses are looked at together (rows.go). Clauses that go to a related object
// and make a last call about it are one step where the relation is a plain field, and so are those that do that for each element of a field (hop.go).
// Where that call is the same again, but for the object, steps follow each other without the calls between (climb.go).
//
// # Constraints
//
// An operation that needs the value of an unbound variable adds a constraint to the store of its variables (constraint.go).
// Variables that occur together share one group and one conjunction (store.go), which finds equal constraints by hash once there are
// many. Where the class tests of a head need no question, a call with constrained arguments is as pure as any. Binding a variable wakes the constraints that mention
// it, between two steps of the unification that binds it: the rest of the work is put into a record on the heap, and wake
// continuations run the constraints, then restore the work. Because everything is on the heap or in choice points,
// a constraint may ask the host, leave alternatives, or wake others.
//
// A negation is a barrier choice point (negate.go). What its results say about variables from outside is copied aside, and
// becomes the constraint that not all of it holds. Class constraints are checked for compatibility with what is known of a
// variable and of the fields it comes from (isa.go).
//
// # Objects of the host
//
// The machine reads plain fields and elements where they lie in memory, by plans of the host (plan.go), as long as nobody drives
// or traces the query's look-ups. It skips elements of lists that the conditions behind an "in" are certain to refuse (scan.go),
// and does not look again at what it has found to fail (failures.go).
//
// # Budgets
//
// Depth, heap, stacks, steps and time are bounded; passing a bound ends the query with an error of a kind of its own. Calls
// count, not instructions, so that merging instructions changes no limit. Terms may be cyclic: every walk is bounded in
// steps and depth. Nothing takes long without a look at the context, the growth of large areas included (grow.go).
package wam
