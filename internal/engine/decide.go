package engine

import "context"

// Decide answers the query for a rule at once where that takes no query: if its rules are facts, its arguments strings and ints, and nobody
// watches. Known is false for all others, and for those that end with an error.
func (e *Engine) Decide(ctx context.Context, setup *Setup, rule string, args []any) (holds, known bool) {
	s := &setup.settings
	if s.Trace != nil || s.Limits.Steps > 0 || ctx.Err() != nil {
		return false, false
	}
	st := e.current()
	n, err := st.predicate(rule, len(args))
	if n < 0 || err != nil {
		return false, false
	}
	return st.snapshot.Holds(n, args, s.Without)
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
