package oso

import (
	"context"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/pkg/oso/types"
)

// factQuery is a query for facts that are found when it is made: then it runs nothing.
type factQuery struct {
	Query
	found engine.Found
	names [maxFactVars]string // of the variables; "" for none
	at    [maxFactVars]int8   // their places among the arguments
}

// maxFactVars bounds the variables of a factQuery.
const maxFactVars = 2

// findFacts makes a query for a rule whose results can be found at once, nil for any other.
func (c *core) findFacts(ctx context.Context, rule string, args []any) *Query {
	vars, able := factVars(args)
	if !able || c.debugger != nil {
		return nil
	}
	ctx = orBackground(ctx)
	found, known := c.engine.Find(ctx, c.setup, rule, args, vars)
	if !known {
		return nil
	}
	f := &factQuery{Query: Query{core: c, ctx: ctx}, found: found}
	f.facts = f
	n := 0
	for i, arg := range args {
		if v, ok := arg.(types.Variable); ok {
			f.names[n], f.at[n] = string(v), int8(i)
			n++
		}
	}
	return &f.Query
}

// factVars returns a bit for each argument that is a variable. It is able to if they are different ones that results show, and all other
// arguments are strings and ints.
func factVars(args []any) (vars uint64, able bool) {
	var first types.Variable
	n := 0
	for i, arg := range args {
		switch v := arg.(type) {
		case string, int:
		case types.Variable:
			if n == maxFactVars || v == "" || v[0] == '_' || v == first {
				return 0, false
			}
			first = v
			vars |= 1 << i
			n++
		default:
			return 0, false
		}
	}
	return vars, true
}

// foundAll reports whether there are no results left, or the query has to run to learn why it must not go on.
func (q *Query) foundAll() bool {
	if q.ctx.Err() != nil {
		q.started = false
		q.err = q.run()
		return true
	}
	q.started = true
	if q.facts.found.More() {
		return false
	}
	q.facts = nil
	return true
}

// next returns the next result; there is one.
func (f *factQuery) next() map[string]any {
	result := make(map[string]any, maxFactVars)
	for i, name := range f.names {
		if name != "" {
			result[name] = f.found.Arg(int(f.at[i]))
		}
	}
	f.found.Skip()
	return result
}

// run makes a query that has found facts one that runs.
func (q *Query) run() error {
	f := q.facts
	if f == nil {
		return nil
	}
	q.facts = nil
	s, eq := q.core.registry.Acquire(), q.core.engine.RuleOf(&f.found)
	args := make([]any, f.found.Arity())
	for i := range args {
		args[i] = f.found.Key(i)
	}
	for i, name := range f.names {
		if name != "" {
			args[f.at[i]] = types.Variable(name)
		}
	}
	if err := addArgs(s, eq, args); err != nil {
		eq.Close()
		q.core.registry.Release(s)
		return q.core.public(err)
	}
	q.session, q.host, q.query = s, q.core.hostOf(s), eq
	return nil
}
