package oso_test

import (
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/goso-project/goso/pkg/oso/types"
)

// Queries of all kinds run beside registrations and replacements. Every version of the policy gives the same answers.
func TestHammer(t *testing.T) {
	policy := func(version int) string {
		return "allow(u: User, \"read\", _: Widget) if r in u.Roles and r.Name = \"reader\"; version(" + strconv.Itoa(version) + "); num(1); num(2);"
	}
	o := newOso(t, policy(0))
	reader := &User{Roles: []Role{{"writer", 1}, {"reader", 2}}}
	other := User{Roles: []Role{{"writer", 1}}}
	var wg sync.WaitGroup
	for g := range 20 {
		wg.Go(func() {
			for i := range 20 {
				if ok, err := o.IsAllowed(reader, "read", Widget{}); !ok || err != nil {
					t.Errorf("reader: %v, %v", ok, err)
				}
				if ok, err := o.IsAllowed(other, "read", &Widget{}); ok || err != nil {
					t.Errorf("other: %v, %v", ok, err)
				}
				switch g % 5 {
				case 0:
					if err := o.RegisterConstant(i, fmt.Sprint("C", g)); err != nil {
						t.Error(err)
					}
				case 1:
					if err := o.ReplaceString(policy(i)); err != nil {
						t.Error(err)
					}
				case 2:
					if got, err := collect(o.QueryRule("num", types.Variable("x"))); got != "x:1\nx:2" || err != nil {
						t.Errorf("got %q, %v", got, err)
					}
				case 3:
					q, err := o.NewQueryFromStr("version(x) and y in [1, 2]")
					if err != nil {
						t.Error(err)
						continue
					}
					for range q.All() {
						break
					}
				case 4:
					if err := o.RegisterClassWithName(Foo{}, nil, fmt.Sprint("Foo", g, "_", i)); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
}
