package engine

import (
	"context"

	"github.com/goso-project/goso/internal/wam"
)

// Call is a rule that a query is to call, of the policy in force when it was looked up. The zero Call is none.
type Call struct {
	st    *state
	found int // number of the predicate plus one
}

// Decide answers the query for a rule at once where that takes no query: if its rules are facts, its arguments strings and ints, and nobody
// watches. Known is false for all others, and for those that end with an error; then call is for the query that has to run.
func (e *Engine) Decide(ctx context.Context, setup *Setup, rule string, args []any) (holds, known bool, call Call) {
	st, n := e.unwatched(ctx, setup, rule, len(args))
	if n < 0 {
		return false, false, call
	}
	holds, known = st.snapshot.Holds(n, args, setup.settings.Without)
	return holds, known, Call{st, n + 1}
}

// unwatched returns the predicate that a query calls, -1 where the query has to run.
func (e *Engine) unwatched(ctx context.Context, setup *Setup, rule string, args int) (*state, int) {
	if s := &setup.settings; s.Trace != nil || s.Limits.Steps > 0 || ctx.Err() != nil {
		return nil, -1
	}
	st := e.current()
	n, err := st.predicate(rule, args)
	if err != nil {
		return nil, -1
	}
	return st, n
}

// Found are the facts that are the results of a query.
type Found struct {
	wam.Found
	st *state
}

// Find finds the results of the query for a rule at once, as Decide does, where the arguments with a bit in vars are different variables.
func (e *Engine) Find(ctx context.Context, setup *Setup, rule string, args []any, vars uint64) (f Found, known bool) {
	st, n := e.unwatched(ctx, setup, rule, len(args))
	if n < 0 {
		return f, false
	}
	f.st = st
	f.Found, known = st.snapshot.Find(n, args, vars, setup.settings.Without)
	return f, known
}

// RuleOf returns a query for the rule that the facts belong to, of the policy they were found in; add its arguments with Arg.
func (e *Engine) RuleOf(f *Found) *Query {
	q := e.acquire(f.st)
	q.rule = f.Rule()
	return q
}

// Decidable reports whether Decide is worth a try: the first argument is mostly an object, and then it is not.
func Decidable(args []any) bool {
	if len(args) == 0 {
		return false
	}
	switch args[0].(type) {
	case string, int:
		return true
	}
	return false
}
