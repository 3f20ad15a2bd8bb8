package conformance

import (
	"context"
	"errors"
	"fmt"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
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
// string if it does not. The policy is loaded after roles were enabled, and in another engine before. err is about the case itself.
func RunRoles(ctx context.Context, c *RolesCase, limits engine.Limits) (why string, err error) {
	if (c.Allowed == nil) == (c.Enable == "") || (c.Allowed == nil) != (c.Query == nil) {
		return "", fmt.Errorf("case %s: needs either a query and allowed, or enable", c.ID)
	}
	for _, first := range []bool{true, false} {
		h, err := newHost(c.Classes)
		if err != nil {
			return "", fmt.Errorf("case %s: %w", c.ID, err)
		}
		r := &runner{host: h, engine: engine.New(h.reg), opts: engine.Options{Limits: limits}}
		got, err := r.enable(ctx, c, first)
		if err != nil {
			return "", err
		}
		if c.Enable != "" {
			if got != c.Enable {
				return fmt.Sprintf("enabled first: %t: got %s, want %s", first, got, c.Enable), nil
			}
			continue
		}
		if got != "ok" {
			return fmt.Sprintf("enabled first: %t: got %s", first, got), nil
		}
		if err := r.query(ctx, &c.Case); err != nil {
			return fmt.Sprintf("enabled first: %t: %v", first, err), nil
		}
		if allowed := len(r.answer.Results) > 0; allowed != *c.Allowed {
			return fmt.Sprintf("enabled first: %t: allowed %t, want %t", first, allowed, *c.Allowed), nil
		}
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
	if _, err := r.engine.Load(texts, engine.LoadOptions{NoAllowWarning: true, Start: start}); err != nil {
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
