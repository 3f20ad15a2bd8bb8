package oso_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/types"
)

// An application would embed its policies: //go:embed policy/*.polar.
func ExampleOso_LoadFS() {
	policies := fstest.MapFS{
		"policy/a.polar": {Data: []byte(`allow("ann", action, _doc) if action in ["read", "write"];`)},
		"policy/b.polar": {Data: []byte(`allow("bob", "read", _doc);`)},
	}
	o, err := oso.New()
	if err != nil {
		panic(err)
	}
	if err := o.LoadFS(policies, "policy/*.polar"); err != nil {
		panic(err)
	}
	actions, err := o.AuthorizedActions("ann", "plan", false)
	fmt.Println(len(actions), err)
	// Output: 2 <nil>
}

func ExampleOso_ReplaceString() {
	o, err := oso.New()
	if err != nil {
		panic(err)
	}
	if err := o.LoadString(`allow("ann", "read", "plan");`); err != nil {
		panic(err)
	}
	err = o.ReplaceString(`allow("ann", "read", "plan"); ?= allow("bob", "read", "plan");`)
	fmt.Println("replaced:", err == nil)
	fmt.Println(o.IsAllowed("ann", "read", "plan"))
	// Output:
	// replaced: false
	// true <nil>
}

func ExampleOso_NewQueryFromRule() {
	o, err := oso.New(oso.WithoutAllowWarning())
	if err != nil {
		panic(err)
	}
	if err := o.LoadString(`member("ann", "ops"); member("bob", "ops"); member("bob", "dev");`); err != nil {
		panic(err)
	}
	query, err := o.NewQueryFromRule("member", types.Variable("who"), "ops")
	if err != nil {
		panic(err)
	}
	for result, err := range query.All() {
		fmt.Println(result["who"], err)
	}
	// Output:
	// ann <nil>
	// bob <nil>
}

func ExampleWithDecisionHook() {
	o, err := oso.New(oso.WithDecisionHook(func(_ context.Context, outcome oso.Outcome) {
		fmt.Println("audit:", outcome.Rule, outcome.Args, outcome.Allowed, outcome.Err)
	}))
	if err != nil {
		panic(err)
	}
	if err := o.LoadString(`allow("ann", "read", "plan");`); err != nil {
		panic(err)
	}
	fmt.Println(o.IsAllowed("bob", "read", "plan"))
	// Output:
	// audit: allow [bob read plan] false <nil>
	// false <nil>
}
