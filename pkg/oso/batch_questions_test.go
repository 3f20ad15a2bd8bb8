package oso_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
)

// Questions that differ in anything are asked each for itself: an answer to one must not decide another.
func TestBatchAsksDifferentQuestionsEach(t *testing.T) {
	var asked []string
	r := oso.ResolverFunc(func(_ context.Context, questions []*oso.Question) error {
		for _, q := range questions {
			asked = append(asked, describe(q))
			switch {
			case q.Kind == oso.AskMethod && len(q.Kwargs) == 1:
				for _, action := range q.Kwargs {
					q.Answer(action == "read")
				}
			case q.Kind == oso.AskMethod && len(q.Args) == 1:
				q.Answer(q.Args[0] == "read")
			case q.Kind == oso.AskMethod && len(q.Args) == 0:
				q.Answer(q.Name == "open")
			case q.Name == "open":
				q.Answer(false)
			default:
				q.Answer(q.Receiver != nil)
			}
		}
		return nil
	})
	o := newOso(t, "x(1);", oso.WithResolver(r))
	must(t, o.RegisterClass(Paper{}, nil))
	must(t, o.ReplaceString(`
		allow("args", action, p: Paper) if p.permits(action) = true;
		allow("keyword", action, p: Paper) if p.permits(action: action) = true;
		allow("method", _, p: Paper) if p.open() = true;
		allow("shut", _, p: Paper) if p.shut() = true;
		allow("attribute", _, p: Paper) if p.open = true;
		allow("any", _, x) if x.known = true;`))
	checks := []oso.Check{
		{Actor: "args", Action: "read", Resource: Paper{1}},
		{Actor: "args", Action: "write", Resource: Paper{1}},
		{Actor: "args", Action: "read", Resource: Paper{2}},
		{Actor: "keyword", Action: "read", Resource: Paper{1}},
		{Actor: "keyword", Action: "write", Resource: Paper{1}},
		{Actor: "method", Action: "read", Resource: Paper{1}},
		{Actor: "shut", Action: "read", Resource: Paper{1}},
		{Actor: "attribute", Action: "read", Resource: Paper{1}},
		{Actor: "any", Action: "read", Resource: User{Roles: []Role{{"a", 1}}}}, // cannot be a key of a map
		{Actor: "any", Action: "read", Resource: User{Roles: []Role{{"a", 1}}}},
		{Actor: "any", Action: "read", Resource: &Paper{1}},
		{Actor: "any", Action: "read", Resource: nil},
		{Actor: "any", Action: "read", Resource: nil},
	}
	want := []bool{true, false, true, true, false, true, false, false, true, true, true, false, false}
	for _, backwards := range []bool{false, true} {
		if backwards {
			slices.Reverse(checks)
			slices.Reverse(want)
		}
		asked = nil
		var got []bool
		for i, r := range o.IsAllowedBatch(t.Context(), checks) {
			if r.Err != nil {
				t.Errorf("%v: %v", checks[i], r.Err)
			}
			got = append(got, r.Allowed)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("backwards %t (-want +got)\n%s\nasked %q", backwards, diff, asked)
		}
		if len(asked) != len(checks) {
			t.Errorf("%d questions for %d different checks: %q", len(asked), len(checks), asked)
		}
	}
}

func TestBatchesTellTheHooksEachDecision(t *testing.T) {
	var seen []string
	hook := func(_ context.Context, o oso.Outcome) {
		text := fmt.Sprint(o.Rule, o.Args, o.Allowed, o.Err != nil)
		if o.Took <= 0 {
			text += " in no time"
		}
		seen = append(seen, text)
	}
	for _, r := range []oso.Resolver{nil, &archive{answer: owners}} {
		seen = nil
		opts := []oso.Option{oso.WithDecisionHook(hook)}
		if r != nil {
			opts = append(opts, oso.WithResolver(r, "owner"))
		}
		o := newOso(t, `allow(_, "read", 1); allow(_, "owned", p: Paper) if p.owner = "ann"; allow(_, "fails", x) if x.missing;`, opts...)
		checks := []oso.Check{{"a", "read", 1}, {"a", "read", 2}, {"a", "fails", Widget{}}}
		want := []string{"allow[a read 1] true false", "allow[a read 2] false false", "allow[a fails {0 0}] false true"}
		o.IsAllowedBatch(t.Context(), checks)
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Errorf("with a resolver %t (-want +got)\n%s", r != nil, diff)
		}
	}
}
