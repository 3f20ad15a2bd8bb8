package engine

import (
	"context"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/rewrite"
	"github.com/goso-project/goso/internal/roles"
	"github.com/goso-project/goso/internal/wam"
)

// EnableRoles turns on the built-in roles for the policy in force, and for those loaded later. A policy that is loaded
// already is checked first: start starts the query for its declarations, nil without a host. On error nothing has changed;
// it is of kind diag.RolesValidation, or what the query gave.
func (e *Engine) EnableRoles(start func(*Query)) error {
	for {
		old := e.current()
		if old.policy.roles {
			return nil
		}
		p := *old.policy
		p.roles = true
		st, err := compile(&p, old.registered, old, nil)
		if err == nil && p.Len() > 0 {
			err = e.checkRoles(st, start)
		}
		if err != nil || e.swap(old, st) {
			return err
		}
	}
}

// RolesEnabled reports whether the built-in roles are on.
func (e *Engine) RolesEnabled() bool { return e.state.Load().policy.roles }

// emptied returns a policy without rules in which the same is enabled.
func (p *Policy) emptied() *Policy {
	empty := EmptyPolicy()
	empty.roles = p.roles
	return empty
}

// allRules returns the rules to compile: those of the policy and the built-in ones.
func (p *Policy) allRules(reserved func(name string) bool) (*rules, error) {
	if !p.roles || p.Len() == 0 {
		return p.rules, nil
	}
	builtin, err := roles.Rules(p.has, reserved)
	if err != nil {
		return nil, err
	}
	names := &rewrite.Names{Reserved: reserved}
	for i, r := range builtin {
		builtin[i] = rewrite.Rule(r, names)
	}
	return p.rules.with(builtin), nil
}

// checkRoles checks the declarations of a policy that is not yet in force, if roles are on in it.
func (e *Engine) checkRoles(st *state, start func(*Query)) error {
	if !st.policy.roles {
		return nil
	}
	if err := roles.Assigned(st.policy.has); err != nil {
		return err
	}
	var v roles.Validator
	if roles.Declares(st.policy.has) {
		if err := e.declarations(st, start, v.Check); err != nil {
			return err
		}
	}
	return v.End()
}

// declarations calls check with each result of resource(resource, name, actions, roles).
func (e *Engine) declarations(st *state, start func(*Query), check func(roles.Declaration) error) error {
	q := e.acquire(st)
	defer q.Close()
	q.rule = "resource"
	for _, name := range []string{"resource", "name", "actions", "roles"} {
		if err := q.Arg(wam.VarValue(name)); err != nil {
			return err
		}
	}
	if start == nil {
		start = func(q *Query) { q.Start(context.Background(), nil, Options{}) }
	}
	start(q)
	for {
		found, err := q.Next()
		if err != nil || !found {
			return err
		}
		bindings, err := q.Bindings()
		if err != nil {
			return err
		}
		var d roles.Declaration
		for _, b := range bindings {
			switch b.Name {
			case "resource":
				d.Resource = b.Value
			case "name":
				d.Name = b.Value
			case "actions":
				d.Actions = b.Value
			case "roles":
				d.Roles = b.Value
			}
		}
		if err := check(d); err != nil {
			return err
		}
	}
}

// distinguisher is a host that can tell some objects apart without being asked by the machine.
type distinguisher interface {
	// Distinct reports whether two instances are certainly not equal.
	Distinct(a, b wam.Value) bool
}

// answerRoles answers a call that the built-in roles made.
func (q *Query) answerRoles(ev *wam.Event) {
	var distinct func(a, b wam.Value) bool
	if d, ok := q.host.(distinguisher); ok {
		distinct = d.Distinct
	}
	v, err := roles.Answer(ev.Recv, ev.Name, ev.Args, distinct)
	if d, ok := err.(*diag.Error); ok {
		d.Trace = q.m.Backtrace(ev.PC)
	}
	if err == nil && v.Kind == wam.KindNone {
		q.m.ResumeNone()
		return
	}
	q.resume(v, err)
}
