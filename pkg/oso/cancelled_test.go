package oso_test

import (
	"context"
	"errors"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
)

// A context that has ended allows nothing, however short the question; one that ends between two results ends the query.
func TestAContextThatHasEndedAllowsNothing(t *testing.T) {
	o, err := oso.New()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.LoadString("allow(_, _, _); n(1); n(2);"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	q, err := o.NewQueryFromStrContext(ctx, "n(x)")
	if err != nil {
		t.Fatal(err)
	}
	if r, err := q.Next(); r == nil || err != nil {
		t.Fatalf("got %v, %v", r, err)
	}
	cancel()
	if r, err := q.Next(); r != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("the second result: %v, %v", r, err)
	}
	if allowed, err := o.IsAllowedContext(ctx, "a", "b", "c"); allowed || !errors.Is(err, context.Canceled) {
		t.Errorf("IsAllowedContext: %v, %v", allowed, err)
	}
	if err := o.AuthorizeContext(ctx, "a", "b", "c"); !errors.Is(err, context.Canceled) {
		t.Errorf("AuthorizeContext: %v", err)
	}
	if found, err := o.QueryRuleOnceContext(ctx, "n", 1); found || !errors.Is(err, context.Canceled) {
		t.Errorf("QueryRuleOnceContext: %v, %v", found, err)
	}
}
