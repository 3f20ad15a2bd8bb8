package oso_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Whoever looks at the answer alone is not let in where there was an error.
func TestErrorsComeWithANo(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	good := newOso(t, `allow(_, "yes", _); allow(_, "loops", _) if loop(); loop() if loop(); allow(_, "fails", w) if w.Missing; allow_field(_, "fails", w, _) if w.Missing;
		allow_request(_, r) if r.Missing;`)
	for name, o := range map[string]*oso.Oso{"zero Oso": {}, "a good one": good} {
		for what, ask := range map[string]func() (bool, error){
			"IsAllowed":            func() (bool, error) { return o.IsAllowed("ann", "fails", Widget{}) },
			"IsAllowedContext":     func() (bool, error) { return o.IsAllowedContext(ended, "ann", "loops", nil) },
			"QueryRuleOnce":        func() (bool, error) { return o.QueryRuleOnce("allow", "ann", "fails", Widget{}) },
			"QueryRuleOnceContext": func() (bool, error) { return o.QueryRuleOnceContext(ended, "allow", "ann", "loops", nil) },
			"no such rule":         func() (bool, error) { return o.QueryRuleOnce("none") },
			"what cannot be asked": func() (bool, error) { return o.IsAllowed(map[int]int{1: 1}, "yes", nil) },
			"IsAllowedBatch": func() (bool, error) {
				r := o.IsAllowedBatch(t.Context(), []oso.Check{{Actor: "ann", Action: "fails", Resource: Widget{}}})[0]
				return r.Allowed, r.Err
			},
			"Record": func() (bool, error) {
				ok, _, err := o.Record(t.Context(), "allow", "ann", "fails", Widget{})
				return ok, err
			},
			"Authorize": func() (bool, error) {
				err := o.Authorize("ann", "fails", Widget{})
				return err == nil, err
			},
			"AuthorizeMany": func() (bool, error) {
				err := o.AuthorizeMany(t.Context(), []oso.Check{{Actor: "ann", Action: "fails", Resource: Widget{}}})[0]
				return err == nil, err
			},
			"AuthorizeRequest": func() (bool, error) {
				err := o.AuthorizeRequest("ann", Widget{})
				return err == nil, err
			},
			"AuthorizeField": func() (bool, error) {
				err := o.AuthorizeField("ann", "fails", Widget{}, "Id")
				return err == nil, err
			},
			"AuthorizedActions": func() (bool, error) {
				m, err := o.AuthorizedActions("ann", Widget{}, true)
				return len(m) > 0, err
			},
			"AuthorizedFields": func() (bool, error) {
				m, err := o.AuthorizedFields("ann", "fails", Widget{}, true)
				return len(m) > 0, err
			},
		} {
			if ok, err := ask(); ok || err == nil {
				t.Errorf("%s: %s: got %t, %v", name, what, ok, err)
			} else if f, n := new(osoerrors.ForbiddenError), new(osoerrors.NotFoundError); errors.As(err, &f) || errors.As(err, &n) {
				t.Errorf("%s: %s: got %v, which is an answer", name, what, err)
			}
		}
	}
}

// What is denied is looked at again with the read action; what fails then is that error, and neither yes nor no.
func TestManyAreDeniedAsOneIs(t *testing.T) {
	const policy = `allow(_, "read", w: Widget) if w.Id = 1; allow(_, "read", w: Widget) if w.Id = 3 and w.Missing; allow(_, "edit", w: Widget) if w.Id = 2;`
	for _, opts := range [][]oso.Option{nil, {oso.WithResolver(&archive{answer: owners}, "owner")}} {
		o := newOso(t, policy, opts...)
		var checks []oso.Check
		for id := range 4 {
			for _, action := range []string{"read", "edit"} {
				checks = append(checks, oso.Check{Actor: "ann", Action: action, Resource: Widget{Id: id}})
			}
		}
		want := "NotFound NotFound nil Forbidden NotFound nil error error"
		var single, many []string
		verdict := func(err error) string {
			switch err.(type) {
			case nil:
				return "nil"
			case *osoerrors.ForbiddenError:
				return "Forbidden"
			case *osoerrors.NotFoundError:
				return "NotFound"
			}
			return "error"
		}
		for _, c := range checks {
			single = append(single, verdict(o.Authorize(c.Actor, c.Action, c.Resource)))
		}
		for _, err := range o.AuthorizeMany(t.Context(), checks) {
			many = append(many, verdict(err))
		}
		if got := strings.Join(single, " "); got != want {
			t.Errorf("one by one: got %s, want %s", got, want)
		}
		if got := strings.Join(many, " "); got != want {
			t.Errorf("many: got %s, want %s", got, want)
		}
	}
}

// A variable that a rule only constrains is no value: nothing can be decided by it alone.
func TestConditionsAreNoDecision(t *testing.T) {
	o := newOso(t, `free(_); less(x) if x < 3; less_or(x) if x < 3; less_or(2); is(2); either(x) if x = 1 or x < 2;`)
	for rule, want := range map[string]string{"free": "yes", "less": "error", "less_or": "error", "is": "yes", "either": "yes", "none": "error"} {
		ok, err := o.QueryRuleOnce(rule, types.Variable("x"))
		got := map[bool]string{true: "yes", false: "no"}[ok]
		if err != nil {
			got = "error"
			if ok {
				t.Errorf("%s: yes with the error %v", rule, err)
			}
		}
		if got != want {
			t.Errorf("%s: got %s, want %s (%v)", rule, got, want, err)
		}
	}
}

func TestHooksAreToldHowLongItTook(t *testing.T) {
	for _, r := range []oso.Resolver{nil, &archive{answer: owners}} {
		var took []time.Duration
		opts := []oso.Option{oso.WithDecisionHook(func(_ context.Context, o oso.Outcome) { took = append(took, o.Took) })}
		if r != nil {
			opts = append(opts, oso.WithResolver(r, "owner"))
		}
		o := newOso(t, `allow(_, _, _);`, opts...)
		start := time.Now()
		for range 3 {
			if ok, err := o.IsAllowed("a", "b", 1); !ok || err != nil {
				t.Errorf("got %t, %v", ok, err)
			}
			o.IsAllowedBatch(t.Context(), []oso.Check{{Actor: "a", Action: "b", Resource: 1}})
		}
		most := time.Since(start)
		if len(took) != 6 {
			t.Errorf("told %d times", len(took))
		}
		for _, d := range took {
			if d <= 0 || d > most {
				t.Errorf("took %v of %v", d, most)
			}
		}
	}
}

// WithPanicPropagation holds for batches too, once all checks have their answers.
func TestBatchesPropagatePanics(t *testing.T) {
	for _, r := range []oso.Resolver{nil, &archive{answer: owners}} {
		told := 0
		opts := []oso.Option{oso.WithPanicPropagation(), oso.WithDecisionHook(func(_ context.Context, o oso.Outcome) { told++ })}
		if r != nil {
			opts = append(opts, oso.WithResolver(r, "owner"))
		}
		o := newOso(t, "x(1);", opts...)
		must(t, o.RegisterClass(Thing{}, nil))
		must(t, o.ReplaceString("allow(_, _, t: Thing) if t.Panic(); allow(_, _, 1);"))
		func() {
			defer func() {
				if v := recover(); v != errBroken {
					t.Errorf("with a resolver %t: recovered %v", r != nil, v)
				}
			}()
			got := o.IsAllowedBatch(t.Context(), []oso.Check{{"a", "b", 1}, {"a", "b", Thing{}}})
			t.Errorf("with a resolver %t: no panic, but %v", r != nil, got)
		}()
		if told != 2 {
			t.Errorf("with a resolver %t: told of %d decisions", r != nil, told)
		}
	}
}
