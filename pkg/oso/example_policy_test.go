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

type Staff struct {
	Name  string
	Teams []string
}

func ExampleOso_Explain() {
	o, err := oso.New()
	if err != nil {
		panic(err)
	}
	if err := o.RegisterClass(Staff{}, nil); err != nil {
		panic(err)
	}
	err = o.LoadString(`
allow(who: Staff, "deploy", service) if on_call(who, service) and not frozen(service);
on_call(who: Staff, service) if team(service, t) and t in who.Teams;
team("shop", "blue");
team("mail", "red");
frozen("mail");
`)
	if err != nil {
		panic(err)
	}
	for _, service := range []string{"shop", "mail"} {
		decision, err := o.Explain(Staff{"Ann", []string{"blue", "red"}}, "deploy", service)
		if err != nil {
			panic(err)
		}
		fmt.Println(decision)
	}
	// Output:
	// allowed: allow(oso_test.Staff{Name:Ann Teams:[blue red]}, "deploy", "shop")
	//   rule at 2:1: allow(who: Staff, "deploy", service) if on_call(who, service) and not frozen(service);
	//     met at 2:41: on_call(who, service)
	//       as on_call(oso_test.Staff{Name:Ann Teams:[blue red]}, "shop")
	//       rule at 3:1: on_call(who: Staff, service) if team(service, t) and t in who.Teams;
	//         met at 3:33: team(service, t)
	//           as team("shop", "blue")
	//           rule at 4:1: team("shop", "blue");
	//
	// denied: allow(oso_test.Staff{Name:Ann Teams:[blue red]}, "deploy", "mail")
	//   rule at 2:1: allow(who: Staff, "deploy", service) if on_call(who, service) and not frozen(service);
	//     failed at 2:67: not frozen(service)
	//       met at 2:71: frozen(service)
	//         as frozen("mail")
	//         rule at 6:1: frozen("mail");
}
