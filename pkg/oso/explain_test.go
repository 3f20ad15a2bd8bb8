package oso_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/types"
)

const storePolicy = `actor Clerk {}
resource Shelf {
  permissions = ["read", "fill"];
  roles = ["guest", "keeper"];
  "read" if "guest";
  "fill" if "keeper";
  "guest" if "keeper";
}
has_role(c: Clerk, role: String, s: Shelf) if role in c.Roles and s.Open;
allow(c, action, s) if has_permission(c, action, s);
`

type Clerk struct {
	Name  string
	Roles []string
}

func (c Clerk) Fail() (bool, error) { panic("a clerk fails") }

type Shelf struct{ Open bool }

func storeOso(t testing.TB, options ...oso.Option) *oso.Oso {
	t.Helper()
	o, err := oso.New(options...)
	must(t, err)
	must(t, o.RegisterClass(Clerk{}, nil))
	must(t, o.RegisterClass(Shelf{}, nil))
	must(t, o.LoadString(storePolicy))
	return o
}

func TestExplain(t *testing.T) {
	o := storeOso(t)
	d, err := o.Explain(&Clerk{"ann", []string{"keeper"}}, "read", Shelf{true})
	must(t, err)
	want := strings.ReplaceAll(`allowed: allow(A, "read", S)
  rule at 10:1: allow(c, action, s) if has_permission(c, action, s);
    met at 10:24: has_permission(c, action, s)
      as has_permission(A, "read", S)
      rule at 5:3: "read" if "guest"
        met at 5:13: "guest"
          as has_role(A, "guest", S)
          rule at 7:3: "guest" if "keeper"
            met at 7:14: "keeper"
              as has_role(A, "keeper", S)
              rule at 9:1: has_role(c: Clerk, role: String, s: Shelf) if role in c.Roles and s.Open;
`, "A", "oso_test.Clerk{Name:ann Roles:[keeper]}")
	want = strings.ReplaceAll(want, "S)", "oso_test.Shelf{Open:true})")
	if diff := cmp.Diff(want, d.String()); diff != "" || !d.Allowed {
		t.Errorf("allowed %v (-want +got)\n%s", d.Allowed, diff)
	}
	text, err := json.Marshal(d)
	must(t, err)
	var back oso.Decision
	must(t, json.Unmarshal(text, &back))
	if diff := cmp.Diff(*d, back); diff != "" {
		t.Errorf("a decision changes on the way through JSON (-want +got)\n%s", diff)
	}

	d, err = o.Explain(&Clerk{"ann", []string{"keeper"}}, "fill", Shelf{false})
	must(t, err)
	reason := d.Reason
	for len(reason.Rules) == 1 && len(reason.Rules[0].Steps) == 1 {
		if reason.Met {
			t.Errorf("%s is met", reason.Call)
		}
		reason = reason.Rules[0].Steps[0]
	}
	if want := (types.Step{Condition: "s.Open", Place: types.Place{Line: 9, Column: 67}}); d.Allowed || !cmp.Equal(want, reason) {
		t.Errorf("allowed %v, for %+v, want %+v", d.Allowed, reason, want)
	}
	params := d.Reason.Rules[0].Bindings
	if len(params) != 3 || params[1] != (types.Binding{Name: "action", Value: `"fill"`}) {
		t.Errorf("parameters %v", params)
	}
}

// Conditions that the machine tests before it enters a rule are explained like others.
func TestExplainTestsConditionsOneByOne(t *testing.T) {
	o := storeOso(t)
	must(t, o.ReplaceString(`allow(c: Clerk, "read", _) if c.Name = "ann"; allow(c: Clerk, "read", _) if role in c.Roles and role = "guest";`))
	d, err := o.Explain(&Clerk{"bob", []string{"keeper"}}, "read", 1)
	must(t, err)
	for _, want := range []string{`failed at 1:31: c.Name = "ann"`, `failed at 1:97: role = "guest"`} {
		if !strings.Contains(d.String(), want) {
			t.Errorf("got\n%s\nwant %q in it", d, want)
		}
	}
}

// A decision that is explained is the one that is made, and nothing is explained of one that cannot be made.
func TestExplainDecidesLikeIsAllowed(t *testing.T) {
	var outcomes []oso.Outcome
	o := storeOso(t, oso.WithDecisionHook(func(_ context.Context, out oso.Outcome) { outcomes = append(outcomes, out) }))
	for _, action := range []any{"read", "fill", "", 1, nil, types.Variable("any")} {
		for _, actor := range []any{&Clerk{"a", nil}, &Clerk{"a", []string{"guest"}}, "a", nil, map[string]string{"a": "b"}} {
			outcomes = nil
			want, wantErr := o.IsAllowed(actor, action, Shelf{true})
			d, err := o.Explain(actor, action, Shelf{true})
			if (err == nil) != (wantErr == nil) || err != nil && d != nil || err == nil && d.Allowed != want {
				t.Errorf("%v, %v: %v, %v, want %v, %v", actor, action, d, err, want, wantErr)
			}
			if len(outcomes) != 2 || outcomes[0].Allowed != outcomes[1].Allowed || (outcomes[0].Err == nil) != (outcomes[1].Err == nil) {
				t.Errorf("%v, %v: the hook was told %v", actor, action, outcomes)
			}
		}
	}
}

func TestExplainGrantsNothingOnErrors(t *testing.T) {
	var zero oso.Oso
	if d, err := zero.Explain(1, 2, 3); d != nil || err == nil {
		t.Errorf("the zero Oso gives %v, %v", d, err)
	}
	o := storeOso(t)
	must(t, o.ReplaceString(`allow(c: Clerk, _, _) if c.Fail() or true;`))
	if d, err := o.Explain(Clerk{}, "read", 1); d != nil || err == nil {
		t.Errorf("a panic gives %v, %v", d, err)
	}
	if d, err := o.Explain(Clerk{}, make(map[int]int), 1); d != nil || err == nil {
		t.Errorf("a value that does not convert gives %v, %v", d, err)
	}
	must(t, o.ReplaceString(`allow(a, b, c) if allow(a, b, c) and true;`))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if d, err := o.ExplainContext(ctx, 1, 2, 3); d != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled query gives %v, %v", d, err)
	}
	must(t, o.ReplaceString(`permit(1);`))
	if d, err := o.Explain(1, 2, 3); d != nil || err == nil {
		t.Errorf("without a rule allow: %v, %v", d, err)
	}
}
