package bench

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Question is a problem put to Goso: its policy loaded, its arguments ready.
type Question struct {
	*Problem
	oso  *oso.Oso
	args []any
	list []any // what List returned last; its memory is used again
}

// depth is the limit of nested calls for all questions.
const depth = 2_000_000

// NewQuestion loads the policy of a problem.
func NewQuestion(p *Problem, options ...oso.Option) (*Question, error) {
	// Half of the policies have no allow rule on purpose, and one recurses a million times and once.
	o, err := oso.New(append(options, oso.WithoutAllowWarning(), oso.WithLimits(oso.Limits{Depth: depth}))...)
	if err != nil {
		return nil, err
	}
	for _, c := range p.Classes {
		fields := map[string]any{}
		for name, r := range c.One {
			fields[name] = types.Relation{Kind: "one", OtherType: r.Other, MyField: r.My, OtherField: r.Their}
		}
		if err := o.RegisterClassWithNameAndFields(c.Type, nil, c.Name, fields); err != nil {
			return nil, fmt.Errorf("%s: %w", p.ID, err)
		}
	}
	q := &Question{Problem: p, oso: o}
	for _, arg := range p.Args {
		if v, ok := arg.(Variable); ok {
			arg = types.Variable(v)
		}
		q.args = append(q.args, arg)
	}
	if p.Load {
		return q, nil
	}
	if err := o.LoadString(p.Policy); err != nil {
		return nil, fmt.Errorf("%s: %w", p.ID, err)
	}
	return q, nil
}

// Run does n times what is measured.
func (q *Question) Run(n int) error {
	switch {
	case q.Problem.Load:
		for range n {
			if err := q.Load(); err != nil {
				return err
			}
		}
	case q.Read == "" || q.Decided:
		for range n {
			if _, err := q.Decide(); err != nil {
				return err
			}
		}
	default:
		for range n {
			if _, err := q.List(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Load drops the policy and loads it again.
func (q *Question) Load() error {
	if err := q.oso.ClearRules(); err != nil {
		return err
	}
	return q.oso.LoadString(q.Policy)
}

// Decide answers whether there is a result, stopping at the first.
func (q *Question) Decide() (bool, error) { return q.oso.QueryRuleOnce(q.Rule, q.args...) }

// DecideWithin is Decide in a query that ends with a context.
func (q *Question) DecideWithin(ctx context.Context) (bool, error) {
	return q.oso.QueryRuleOnceContext(ctx, q.Rule, q.args...)
}

// List returns the values of the variable the question asks for, valid until it is called again.
func (q *Question) List() ([]any, error) {
	query, err := q.oso.NewQueryFromRule(q.Rule, q.args...)
	if err != nil {
		return nil, err
	}
	defer query.Cleanup()
	query.SetAcceptExpression(q.Partial)
	values := q.list[:0]
	for {
		result, err := query.Next()
		if err != nil {
			return nil, err
		}
		if result != nil {
			values = append(values, (*result)[q.Read])
		}
		if result == nil || len(values) == q.Take {
			q.list = values
			return values, nil
		}
	}
}

// Check asks once and reports a wrong answer as an error. It loads first where loading is what is measured.
func (q *Question) Check() error {
	if q.Problem.Load {
		if err := q.Load(); err != nil {
			return err
		}
	}
	if q.Read == "" {
		ok, err := q.Decide()
		return errors.Join(err, q.Verify(ok))
	}
	values, err := q.List()
	return errors.Join(err, q.Verify(values))
}

// pointerTo returns a pointer to a zero value of a type.
func pointerTo(t reflect.Type) any { return reflect.New(t).Interface() }
