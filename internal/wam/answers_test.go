package wam_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/show"
	"github.com/goso-project/goso/internal/standin"
)

// asker asks queries of a policy whose classes are Animal, Dog and Cat below it, Puppy below Dog, and Org.
type asker struct {
	*engine.Engine
	host *standin.Host
}

func newAsker(t testing.TB, policy string) asker {
	t.Helper()
	h, err := standin.New([]standin.Class{{Name: "Animal"}, {Name: "Dog", Bases: []string{"Animal"}}, {Name: "Cat", Bases: []string{"Animal"}},
		{Name: "Puppy", Bases: []string{"Dog"}}, {Name: "Org"}})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(h.Registry())
	if _, err := e.Load([]*diag.Source{diag.NewSource("", policy)}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
		t.Fatal(err)
	}
	return asker{e, h}
}

// ask returns the results of a query, a line each, and its error.
func (a asker) ask(t testing.TB, query string) string {
	t.Helper()
	q, err := a.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	q.Start(t.Context(), a.host, engine.Options{})
	printer := show.Printer{Describe: a.host.Describe}
	var lines []string
	for len(lines) < 50 {
		found, err := q.Next()
		if err != nil {
			lines = append(lines, "error: "+strings.SplitN(err.Error(), "\n", 2)[0])
			break
		}
		if !found {
			break
		}
		bindings, err := q.Bindings()
		if err != nil {
			t.Fatal(err)
		}
		parts := []string{}
		for _, b := range bindings {
			parts = append(parts, printer.Binding(b.Name, b.Value))
		}
		lines = append(lines, strings.Join(parts, ", "))
	}
	if lines == nil {
		return "no"
	}
	return strings.Join(lines, "\n")
}

// A class is kept beside conditions of any number: inside the machine, a class is a number too.
func TestAClassIsNoOtherCondition(t *testing.T) {
	a := newAsker(t, "is(x, n) if x != n and x matches Dog; before(x, n) if x matches Dog and x != n;")
	for n := range 40 {
		for _, rule := range []string{"is", "before"} {
			if got := a.ask(t, fmt.Sprintf("%s(x, %d) and x = new Cat()", rule, n)); got != "no" {
				t.Errorf("%s: beside x != %d a cat is a dog: %s", rule, n, got)
			}
			if got, want := a.ask(t, fmt.Sprintf("%s(x, %d) and x = new Puppy()", rule, n)), "x = Puppy{}"; got != want {
				t.Errorf("%s: beside x != %d a puppy is no dog: %s", rule, n, got)
			}
			if got := a.ask(t, fmt.Sprintf("%s(x, %d)", rule, n)); !strings.Contains(got, "x matches Dog") {
				t.Errorf("%s: beside x != %d the class is not said: %s", rule, n, got)
			}
		}
	}
}
