package engine_test

import (
	"context"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/show"
	"github.com/goso-project/goso/internal/standin"
)

// newHost returns a stand-in host with the classes Animal, Dog and Puppy below it, Org and Repo.
func newHost(t testing.TB) *standin.Host {
	t.Helper()
	h, err := standin.New([]standin.Class{{Name: "Animal"}, {Name: "Dog", Bases: []string{"Animal"}}, {Name: "Puppy", Bases: []string{"Dog"}},
		{Name: "Cat", Bases: []string{"Animal"}}, {Name: "Org"}, {Name: "Repo"}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// load returns an engine with a policy.
func load(t testing.TB, h *standin.Host, policy string) *engine.Engine {
	t.Helper()
	e := engine.New(h.Registry())
	if _, err := e.Load([]*diag.Source{diag.NewSource("", policy)}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
		t.Fatal(err)
	}
	return e
}

// answers runs a query to its end and returns the results as text: bindings separated by commas. After a hundred it stops.
func answers(ctx context.Context, t testing.TB, e *engine.Engine, h engine.Host, query string, opts engine.Options) ([]string, error) {
	t.Helper()
	q, err := e.Query(query)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	q.Start(ctx, h, opts)
	return drain(q, h)
}

func drain(q *engine.Query, h engine.Host) ([]string, error) {
	printer := show.Printer{}
	if h != nil {
		printer.Describe = h.Describe
	}
	var list []string
	for len(list) < 100 {
		found, err := q.Next()
		if err != nil || !found {
			return list, err
		}
		bindings, err := q.Bindings()
		if err != nil {
			return list, err
		}
		var parts []string
		for _, b := range bindings {
			parts = append(parts, printer.Binding(b.Name, b.Value))
		}
		list = append(list, strings.Join(parts, ", "))
	}
	return list, nil
}
