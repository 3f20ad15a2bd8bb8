package conformance

import (
	"context"
	"errors"
	"fmt"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// RolesCase is a case about the built-in roles. Either Query and Allowed are set, or Enable.
type RolesCase struct {
	Case
	// Allowed says whether the query has a result with roles enabled.
	Allowed *bool `json:"allowed"`
	// Enable is what enabling roles for the policy gives: "ok", or the kind of the error.
	Enable string `json:"enable"`
}

// RunRoles runs a case about the built-in roles and says how the engine's answer differs from the recorded one, the empty
// string if it does not. In one engine roles are enabled before loading, in others after it, with a host that answers late, and
// without optimisations. err is about the case itself.
func RunRoles(ctx context.Context, c *RolesCase, limits engine.Limits) (why string, err error) {
	if (c.Allowed == nil) == (c.Enable == "") || (c.Allowed == nil) != (c.Query == nil) {
		return "", fmt.Errorf("case %s: needs either a query and allowed, or enable", c.ID)
	}
	for _, v := range []variant{{}, {after: true}, {deferred: true}, {without: ^wam.Features(0)}, {tables: true}, {forms: true}} {
		why, err := c.run(ctx, limits, v)
		if why != "" || err != nil {
			return why, err
		}
	}
	return "", nil
}

// variant is a way to run a case that must not change its answer.
type variant struct {
	after    bool // roles are enabled after loading
	deferred bool // the host answers the query's questions later
	without  wam.Features
	tables   bool // predicates of facts are tables, however few they are
	forms    bool // rules are compiled as forms and filled in, however few they are
	replaces bool // the policy takes the place of one that is nearly the same
}

func (c *RolesCase) run(ctx context.Context, limits engine.Limits, v variant) (why string, err error) {
	h, err := newHost(c.Classes)
	if err != nil {
		return "", fmt.Errorf("case %s: %w", c.ID, err)
	}
	r := &runner{host: h, engine: engine.New(h.reg), opts: engine.Options{Limits: limits, Without: v.without}, deferred: v.deferred, tables: v.tables, forms: v.forms}
	got, err := r.enable(ctx, c, !v.after)
	switch {
	case err != nil:
		return "", err
	case c.Enable != "" && got != c.Enable:
		return fmt.Sprintf("%+v: got %s, want %s", v, got, c.Enable), nil
	case c.Enable != "":
		return "", nil
	case got != "ok":
		return fmt.Sprintf("%+v: got %s", v, got), nil
	}
	if err := r.query(ctx, &c.Case); err != nil {
		return fmt.Sprintf("%+v: %v", v, err), nil
	}
	if allowed := len(r.answer.Results) > 0; allowed != *c.Allowed {
		return fmt.Sprintf("%+v: allowed %t, want %t", v, allowed, *c.Allowed), nil
	}
	return "", nil
}

// enable loads the case's policy and enables roles, which comes first or second. It returns "ok" or the kind of the error.
func (r *runner) enable(ctx context.Context, c *RolesCase, first bool) (string, error) {
	sources, err := c.Sources()
	if err != nil {
		return "", err
	}
	start := func(q *engine.Query) { q.Start(ctx, r.host, r.opts) }
	if first {
		if err := r.engine.EnableRoles(start); err != nil {
			return kindOf(err), nil
		}
	}
	texts := make([]*diag.Source, len(sources))
	for i, s := range sources {
		texts[i] = diag.NewSource(s.Name, s.Text)
	}
	opts := r.loadOptions()
	opts.NoAllowWarning, opts.Start = true, start
	if _, err := r.engine.Load(texts, opts); err != nil {
		return kindOf(err), nil
	}
	if !first {
		if err := r.engine.EnableRoles(start); err != nil {
			return kindOf(err), nil
		}
	}
	if err := r.engine.RunInline(ctx, r.host, r.opts); err != nil {
		return kindOf(err), nil
	}
	return "ok", nil
}

func kindOf(err error) string {
	if d, ok := errors.AsType[*diag.Error](err); ok {
		return string(d.Kind)
	}
	return "Host"
}
