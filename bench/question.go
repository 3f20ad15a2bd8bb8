package bench

import (
	"fmt"
	"reflect"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Question is one call on a loaded policy, and the answer it must have.
type Question struct {
	oso  *oso.Oso
	rule string
	args []any
	// read names the variable whose values are the answer; empty for a decision.
	read string
	// first stops at the first value of read.
	first bool
	// decided makes the benchmark stop at the first result without reading it; it is read when the answer is checked.
	decided bool
	want    any // bool for a decision, else []any: the values of read, in order
}

// decide returns the question whether a rule has a result.
func decide(o *oso.Oso, want bool, rule string, args ...any) *Question {
	return &Question{oso: o, rule: rule, args: args, want: want}
}

// list returns the question for all values of a variable.
func list(o *oso.Oso, variable string, want []any, rule string, args ...any) *Question {
	return &Question{oso: o, rule: rule, args: args, read: variable, want: want}
}

// Ask puts the question once. This is what the benchmarks measure.
func (q *Question) Ask() (any, error) {
	if q.read == "" {
		return q.Decide()
	}
	return q.List()
}

// Decide answers whether there is a result, stopping at the first.
func (q *Question) Decide() (bool, error) { return q.oso.QueryRuleOnce(q.rule, q.args...) }

// List returns the values of the variable the question asks for.
func (q *Question) List() ([]any, error) {
	query, err := q.oso.NewQueryFromRule(q.rule, q.args...)
	if err != nil {
		return nil, err
	}
	defer query.Cleanup()
	var values []any
	for {
		result, err := query.Next()
		if err != nil {
			return nil, err
		}
		if result == nil {
			return values, nil
		}
		values = append(values, (*result)[q.read])
		if q.first {
			return values, nil
		}
	}
}

// Check asks once and reports a wrong answer as an error.
func (q *Question) Check() error {
	got, err := q.Ask()
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(got, q.want) {
		return fmt.Errorf("%s gave %v, want %v", q.rule, got, q.want)
	}
	return nil
}

// variable returns an unbound variable to pass as an argument.
func variable(name string) types.Variable { return types.Variable(name) }

// class is a Go type registered for a policy under a name.
type class struct {
	name  string
	value any
}

// newOso returns a library instance with classes registered and no policy.
func newOso(classes ...class) (*oso.Oso, error) {
	o, err := oso.NewOso()
	if err != nil {
		return nil, err
	}
	for _, c := range classes {
		if err := o.RegisterClassWithName(reflect.TypeOf(c.value), nil, c.name); err != nil {
			return nil, err
		}
	}
	return &o, nil
}

// load returns a library instance with classes registered and a policy loaded.
func load(policy string, classes ...class) (*oso.Oso, error) {
	o, err := newOso(classes...)
	if err != nil {
		return nil, err
	}
	return o, o.LoadString(policy)
}
