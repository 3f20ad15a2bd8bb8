package oso_test

import (
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
)

// kinds returns n different types.
func kinds(n int) []reflect.Type {
	list := make([]reflect.Type, n)
	for i := range list {
		field := reflect.StructField{Name: "Level", Type: reflect.TypeFor[int](), Tag: reflect.StructTag(fmt.Sprintf(`kind:"%d"`, i))}
		list[i] = reflect.StructOf([]reflect.StructField{field})
	}
	return list
}

// registrations are ways of registering much.
var registrations = []struct {
	name string
	do   func(o *oso.Oso, types []reflect.Type) error
}{
	{"types", func(o *oso.Oso, types []reflect.Type) error {
		for i, typ := range types {
			if err := o.RegisterClassWithName(typ, nil, fmt.Sprintf("Kind%d", i)); err != nil {
				return err
			}
		}
		return nil
	}},
	{"names of one type", func(o *oso.Oso, types []reflect.Type) error {
		for i := range types {
			if err := o.RegisterClassWithName(types[0], nil, fmt.Sprintf("Kind%d", i)); err != nil {
				return err
			}
		}
		return nil
	}},
	{"interfaces", func(o *oso.Oso, types []reflect.Type) error {
		for i := range types {
			if err := oso.RegisterInterface[fmt.Stringer](o, fmt.Sprintf("Kind%d", i)); err != nil {
				return err
			}
		}
		return nil
	}},
	{"constants", func(o *oso.Oso, types []reflect.Type) error {
		for i, typ := range types {
			if err := o.RegisterConstant(reflect.New(typ).Interface(), fmt.Sprintf("Kind%d", i)); err != nil {
				return err
			}
		}
		return nil
	}},
}

// What has been registered does not make registering more dearer, with a policy or without: four times as much takes about four
// times the memory, the query that sees all of it included.
func TestRegistrationsCostInProportion(t *testing.T) {
	few, many := kinds(250), kinds(1000)
	for _, r := range registrations {
		for _, policy := range []string{"", "f(_: Kind7);"} {
			t.Run(r.name+" "+policy, func(t *testing.T) {
				least, most := registrationBytes(t, policy, few, r.do), registrationBytes(t, policy, many, r.do)
				if most > 6*least {
					t.Errorf("%d registrations take %d bytes, %d take %d", len(few), least, len(many), most)
				}
			})
		}
	}
}

// registrationBytes returns the memory that registrations take, and a query after them.
func registrationBytes(t *testing.T, policy string, types []reflect.Type, do func(*oso.Oso, []reflect.Type) error) uint64 {
	t.Helper()
	var before, after runtime.MemStats
	o := newOso(t, policy)
	runtime.ReadMemStats(&before)
	must(t, do(o, types))
	if got := results(t, o, "x = 1 and not x matches Kind9"); got != "x:1" {
		t.Errorf("got %q", got)
	}
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// What was registered before a query began is there for it, and what is registered later is not, however the two interleave with
// other registrations, loads and queries. Run it with -race.
func TestRegistrationsBetweenQueriesOfOthers(t *testing.T) {
	const each, goroutines = 40, 4
	types := kinds(each * goroutines)
	o := newOso(t, "f(1);")
	must(t, o.RegisterConstant(1, "one"))
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				typ, name := types[g*each+i], fmt.Sprintf("Kind%d_%d", g, i)
				before, err := o.NewQueryFromStr("x = " + name)
				if err != nil {
					t.Error(err)
					return
				}
				if err := o.RegisterClassWithName(typ, nil, name); err != nil {
					t.Error(err)
				}
				if all, err := before.GetAllResults(); err != nil || len(all) != 1 || all[0]["x"] == reflect.Zero(typ).Interface() {
					t.Errorf("%s: a query made before its registration: %v, %v", name, all, err)
				}
				query := fmt.Sprintf("x = 1 and %s matches %s and not f(%s) and f(one) and %s.Level = 0", name, name, name, name)
				if got := results(t, o, query); got != "x:1" {
					t.Errorf("%s: got %q", query, got)
				}
			}
		})
	}
	wg.Go(func() {
		for i := range each {
			if err := o.ReplaceString(fmt.Sprintf("f(1); g(%d);", i)); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	for i, typ := range types {
		if found, err := o.QueryRuleOnce("f", reflect.Zero(typ).Interface()); found || err != nil {
			t.Errorf("kind %d: %v, %v", i, found, err)
		}
	}
}

// Classes that are registered between loads belong to the checks of the next one.
func TestRegistrationsBetweenLoads(t *testing.T) {
	o := newOso(t, "")
	for i, typ := range kinds(5) {
		block := fmt.Sprintf(`resource Kind%d { permissions = ["read"]; } actor User {}`, i)
		if err := o.ReplaceString(block); err == nil {
			t.Errorf("%s: the class is not registered yet", block)
		}
		must(t, o.RegisterClassWithName(typ, nil, fmt.Sprintf("Kind%d", i)))
		must(t, o.RegisterConstant(i, "number"))
		must(t, o.ReplaceString(block+`f(r: Resource, number) if has_permission(User, "read", r); has_permission(_: Actor, "read", _: Resource);`))
		must(t, o.RegisterClassWithName(typ, nil, fmt.Sprintf("Other%d", i)))
		object := reflect.New(typ).Interface()
		for n, want := range map[int]bool{i: true, i + 1: false} {
			if found, err := o.QueryRuleOnce("f", object, n); found != want || err != nil {
				t.Errorf("kind %d: f(object, %d): %v, %v", i, n, found, err)
			}
		}
		if got := results(t, o, fmt.Sprintf("x = 1 and Other%d matches Kind%d", i, i)); got != "x:1" {
			t.Errorf("kind %d: got %q", i, got)
		}
	}
}

// A constant that can no longer be converted when something else is registered is lost: it equals nothing, not even nil.
func TestConstantsThatHaveChanged(t *testing.T) {
	o := newOso(t, "")
	list := []any{1}
	must(t, o.RegisterConstant(list, "Changed"))
	must(t, o.LoadString("f(x) if x = Changed;"))
	if got := results(t, o, "x = 1 and f([x])"); got != "x:1" {
		t.Errorf("f([1]): %q", got)
	}
	list[0] = list
	must(t, o.RegisterConstant(1, "one"))
	for _, query := range []string{"f([1])", "f(nil)", "f([])", "nil in Changed", "Changed = one"} {
		q, err := o.NewQueryFromStr(query)
		must(t, err)
		if all, err := q.GetAllResults(); len(all) > 0 {
			t.Errorf("%s: %v, %v", query, all, err)
		}
	}
}

// An element of a constant that cannot be converted equals nothing, not even nil.
func TestConstantsWithElementsThatCannotBeConverted(t *testing.T) {
	o := newOso(t, "")
	must(t, o.RegisterConstant([]any{uint64(1 << 63), 5}, "List"))
	must(t, o.RegisterConstant(map[string]any{"huge": uint64(1 << 63)}, "Dict"))
	must(t, o.LoadString("f(x) if x in List; g(x) if x = Dict.huge;"))
	for query, want := range map[string]string{
		"x = 1 and nil in List": "", "x = 1 and f(nil)": "", "x = 1 and g(nil)": "", "x = 1 and f(5)": "x:1", "x = 1 and not nil in List": "x:1",
	} {
		if got := results(t, o, query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}
