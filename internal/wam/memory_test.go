package wam_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/standin"
	"github.com/goso-project/goso/internal/wam"
)

// giver is a host whose attribute "text" is a string, "object" an object, "x" is 1, any other a list of its own.
type giver struct{ *standin.Host }

type items []wam.Value

func (l items) Len() int                         { return len(l) }
func (l items) At(i int) (wam.Value, error)      { return l[i], nil }
func (g giver) Describe(wam.Value) (a, b string) { return "it", "" }

func (g giver) Lookup(_ context.Context, _ wam.Value, name string) (wam.Value, error) {
	switch name {
	case "text":
		return wam.StringValue("a text of the host"), nil
	case "object":
		v, _ := g.Instance("Dog", &wam.Dict{})
		return v, nil
	case "x":
		return wam.IntValue(1), nil
	}
	return wam.Value{Kind: wam.KindList, Ref: items{wam.IntValue(1), wam.IntValue(2)}}, nil
}

// What failure, a cut or the last alternative has passed over is given back: thousands of calls run in room for a few.
func TestWhatIsOverIsGivenBack(t *testing.T) {
	h, err := standin.New([]standin.Class{{Name: "Animal"}, {Name: "Dog", Bases: []string{"Animal"}}})
	if err != nil {
		t.Fatal(err)
	}
	g := giver{h}
	for _, c := range []struct{ name, rules, step string }{
		{"a negation drops what its goal looked up: text", "", "not nil.text = 1"},
		{"a negation drops what its goal looked up: object", "", "not nil.object = 1"},
		{"a negation drops what its goal looked up: list", "", "not nil.list = 1"},
		{"an alternative that fails drops what it looked up: text", "try(x) if x = nil.text; try(1);", "try(1)"},
		{"an alternative that fails drops what it looked up: object", "try(x) if x = nil.object; try(1);", "try(1)"},
		{"an alternative that fails drops what it looked up: list", "try(x) if x = nil.list; try(1);", "try(1)"},
		{"the last alternative leaves nothing", "try(x) if x = 2; try(x) if x = 3; try(x) if x = 1;", "try(1)"},
		{"the last alternative of sorted ones leaves nothing", "try(_: Animal, x) if x = 1; try(_: Dog, x) if x = 2;", "try(d, 1)"},
		{"the last alternative of tested ones leaves nothing", "try(_: Animal{x: 1}, x) if x = 1; try(_: Dog{x: 1}, x) if x = 2;", "try(d, 1)"},
		{"a cut drops alternatives", "try(x) if one(x) and cut; one(1); one(x) if x = 1; one(_);", "try(1)"},
		{"a cut drops sorted alternatives", "try(d, x) if one(d, x) and cut; one(_: Animal, _); one(_: Dog, _); one(_, _);", "try(d, 1)"},
		{"a cut drops tested alternatives", "try(d, x) if one(d, x) and cut; one(_: Animal{x: 1}, _); one(_: Dog{x: 1}, _);", "try(d, 1)"},
		{"a negation drops alternatives", "one(1); one(x) if x = 1; one(_);", "not (not one(1))"},
		{"a negation drops sorted alternatives", "one(_: Animal, _); one(_: Dog, _); one(_, _);", "not (not one(d, 1))"},
		{"forall drops what it went through", "", "forall(x in [1, 2, 3], x < 4)"},
		{"a member that is found first leaves the others", "one(x) if x in [1, 2, 3] and cut;", "one(2)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := engine.New(h.Registry())
			policy := c.rules + "go(0, _); go(n, d) if n > 0 and " + c.step + " and go(n - 1, d);"
			if _, err := e.Load([]*diag.Source{diag.NewSource("", policy)}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
				t.Fatal(err)
			}
			q, err := e.Query("d = new Dog(x: 1) and go(4000, d)")
			if err != nil {
				t.Fatal(err)
			}
			defer q.Close()
			heap := 2000
			if strings.Contains(c.name, "tested") {
				heap = 100_000 // the variables of a head that succeeded stay
			}
			q.Start(t.Context(), g, engine.Options{Limits: engine.Limits{HeapCells: heap, StackWords: 2000}})
			n := 0
			for {
				found, err := q.Next()
				if err != nil {
					t.Fatal(err)
				}
				if !found {
					break
				}
				n++
			}
			if n != 1 {
				t.Error(fmt.Sprint(n, " results, want one"))
			}
		})
	}
}
