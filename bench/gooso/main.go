package main

import (
	"errors"

	"github.com/goso-project/goso/bench"
	"github.com/goso-project/goso/bench/worker"
	"github.com/osohq/go-oso"
	"github.com/osohq/go-oso/types"
)

// version is the one go.mod asks for.
const version = "v0.27.3"

func main() { worker.Main(map[string]worker.Engine{"go-oso": engine{}}) }

type engine struct{}

func (engine) Version() string { return version }

func (engine) Prepare(p *bench.Problem) (*worker.Job, error) {
	o, err := oso.NewOso()
	if err != nil {
		return nil, err
	}
	q := &question{Problem: p, oso: &o}
	for _, c := range p.Classes {
		fields := map[string]any{}
		for name, r := range c.One {
			fields[name] = types.Relation{Kind: "one", OtherType: r.Other, MyField: r.My, OtherField: r.Their}
		}
		if err := o.RegisterClassWithNameAndFields(c.Type, nil, c.Name, fields); err != nil {
			return nil, err
		}
	}
	for _, arg := range p.Args {
		if v, ok := arg.(bench.Variable); ok {
			arg = types.ValueVariable(v)
		}
		q.args = append(q.args, arg)
	}
	if !p.Load {
		if err := o.LoadString(p.Policy); err != nil {
			return nil, err
		}
	}
	return &worker.Job{Run: q.run, Check: q.check, Serial: p.Load}, nil
}

// question is a problem put to go-oso, by the same calls as it is to Goso.
type question struct {
	*bench.Problem
	oso  *oso.Oso
	args []any
}

func (q *question) run(n int) error {
	for range n {
		var err error
		switch {
		case q.Load:
			err = q.load()
		case q.Read == "" || q.Decided:
			_, err = q.decide()
		default:
			_, err = q.list()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (q *question) load() error {
	if err := q.oso.ClearRules(); err != nil {
		return err
	}
	return q.oso.LoadString(q.Policy)
}

func (q *question) decide() (bool, error) { return q.oso.QueryRuleOnce(q.Rule, q.args...) }

func (q *question) list() ([]any, error) {
	query, err := q.oso.NewQueryFromRule(q.Rule, q.args...)
	if err != nil {
		return nil, err
	}
	query.SetAcceptExpression(q.Partial)
	var values []any
	for {
		result, err := query.Next()
		if err != nil {
			return nil, err
		}
		if result == nil {
			return values, nil
		}
		values = append(values, (*result)[q.Read])
		if len(values) == q.Take {
			query.Cleanup() // a query that has come to its end frees itself; freeing it again would end the process
			return values, nil
		}
	}
}

func (q *question) check() error {
	if q.Load {
		if err := q.load(); err != nil {
			return err
		}
	}
	if q.Read == "" {
		ok, err := q.decide()
		return errors.Join(err, q.Verify(ok))
	}
	values, err := q.list()
	return errors.Join(err, q.Verify(values))
}
