// Batch answers 1,000 checks whose facts are in a data base with a handful of queries: the library gathers what the
// checks want to know, and the program looks all of it up at once.
package main

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"log"
	"os"
	"time"

	_ "modernc.org/sqlite"

	"github.com/goso-project/goso/pkg/oso"
)

//go:embed policy.polar
var policy string

func main() {
	log.SetFlags(0)
	if err := run(context.Background(), 1000); err != nil {
		log.Fatal(err)
	}
}

// run makes a data base and decides n checks, first one by one, then as a batch.
func run(ctx context.Context, n int) error {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // each connection would have a data base of its own
	store := &Store{db: db}
	if err := store.fill(ctx, n); err != nil {
		return err
	}
	o, err := authorizer(store)
	if err != nil {
		return err
	}
	checks := checksFor("ann", n)

	single := measure(store, func() []oso.CheckResult {
		results := make([]oso.CheckResult, len(checks))
		for i, k := range checks {
			results[i].Allowed, results[i].Err = o.IsAllowedContext(ctx, k.Actor, k.Action, k.Resource)
		}
		return results
	})
	batch := measure(store, func() []oso.CheckResult { return o.IsAllowedBatch(ctx, checks) })

	fmt.Fprintf(os.Stdout, "%d checks\n", n)
	single.print("one by one")
	batch.print("as a batch")
	return batch.like(single)
}

// authorizer returns an Oso that asks the store for what the objects do not hold.
func authorizer(store *Store) (*oso.Oso, error) {
	o, err := oso.New(oso.WithResolver(store, "Document.public", "Document.owner", "Document.folder", "Folder.team", "User.teams"))
	if err != nil {
		return nil, err
	}
	for _, class := range []any{User{}, Document{}, Folder{}} {
		if err := o.RegisterClass(class, nil); err != nil {
			return nil, err
		}
	}
	return o, o.LoadString(policy)
}

// checksFor asks whether a user may read each of the first n documents.
func checksFor(name string, n int) []oso.Check {
	user := &User{Name: name}
	checks := make([]oso.Check, n)
	for i := range checks {
		checks[i] = oso.Check{Actor: user, Action: "read", Resource: Document{ID: i + 1}}
	}
	return checks
}

// measurement is what deciding the checks took.
type measurement struct {
	results []oso.CheckResult
	queries int
	time    time.Duration
}

// measure decides three times and keeps the fastest: the first has to make the memory that the others use again.
func measure(store *Store, decide func() []oso.CheckResult) (best measurement) {
	for i := range 3 {
		before, start := store.Queries, time.Now()
		m := measurement{results: decide()}
		m.queries, m.time = store.Queries-before, time.Since(start)
		if i == 0 || m.time < best.time {
			best = m
		}
	}
	return best
}

func (m measurement) print(how string) {
	allowed := 0
	for _, r := range m.results {
		if r.Allowed {
			allowed++
		}
	}
	fmt.Fprintf(os.Stdout, "%s: %5d SQL queries, %8.2f ms, %d allowed\n", how, m.queries, float64(m.time.Microseconds())/1000, allowed)
}

// like returns an error if some check failed, or was answered otherwise than in another measurement.
func (m measurement) like(other measurement) error {
	for i, r := range m.results {
		switch o := other.results[i]; {
		case r.Err != nil:
			return fmt.Errorf("check %d: %w", i+1, r.Err)
		case o.Err != nil:
			return fmt.Errorf("check %d: %w", i+1, o.Err)
		case r.Allowed != o.Allowed:
			return fmt.Errorf("check %d: %t and %t", i+1, o.Allowed, r.Allowed)
		}
	}
	return nil
}
