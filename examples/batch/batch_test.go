package main

import (
	"database/sql"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
)

const documents = 1000

func newStore(t *testing.T) *Store {
	t.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	s := &Store{db: db}
	if err := s.fill(t.Context(), documents); err != nil {
		t.Fatal(err)
	}
	return s
}

// readable asks the data base which documents a user may read, without the policy.
func readable(t *testing.T, s *Store, user string) map[int]bool {
	t.Helper()
	rows, err := s.db.QueryContext(t.Context(), `SELECT d.id FROM documents d JOIN folders f ON f.id = d.folder
		WHERE d.public OR d.owner = ?1 OR f.team IN (SELECT team FROM members WHERE user = ?1)`, user)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	ids := map[int]bool{}
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids[id] = true
	}
	return ids
}

// Every decision is the one that a query written by hand gives, for five queries in all: one for each attribute.
func TestAThousandChecksTakeFiveQueries(t *testing.T) {
	s := newStore(t)
	o, err := authorizer(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"ann", "bob", "cleo"} {
		s.Queries = 0
		want := readable(t, s, user)
		for i, r := range o.IsAllowedBatch(t.Context(), checksFor(user, documents)) {
			if r.Err != nil || r.Allowed != want[i+1] {
				t.Fatalf("%s, document %d: got %t, %v, want %t", user, i+1, r.Allowed, r.Err, want[i+1])
			}
		}
		if len(want) == 0 || s.Queries != 5 {
			t.Errorf("%s may read %d documents, decided with %d queries, want 5", user, len(want), s.Queries)
		}
	}
}

func TestSingleChecksGiveTheSameAnswersWithThousandsOfQueries(t *testing.T) {
	s := newStore(t)
	o, err := authorizer(s)
	if err != nil {
		t.Fatal(err)
	}
	checks := checksFor("ann", documents)
	batch := o.IsAllowedBatch(t.Context(), checks)
	s.Queries = 0
	for i, k := range checks {
		if ok, err := o.IsAllowed(k.Actor, k.Action, k.Resource); ok != batch[i].Allowed || err != nil {
			t.Fatalf("document %d: got %t, %v, in the batch %t", i+1, ok, err, batch[i].Allowed)
		}
	}
	if s.Queries < 3*documents {
		t.Errorf("%d queries, want thousands", s.Queries)
	}
}

func TestWhatIsNotInTheDataBaseIsDenied(t *testing.T) {
	s := newStore(t)
	o, err := authorizer(s)
	if err != nil {
		t.Fatal(err)
	}
	check := oso.Check{Actor: &User{"ann"}, Action: "read", Resource: Document{ID: documents + 1}}
	if r := o.IsAllowedBatch(t.Context(), []oso.Check{check})[0]; r.Allowed || r.Err == nil {
		t.Errorf("an unknown document: got %v, want an error", r)
	}
	s.db.Close()
	for _, r := range o.IsAllowedBatch(t.Context(), checksFor("ann", 10)) {
		if r.Allowed || r.Err == nil {
			t.Errorf("without a data base: got %v, want an error", r)
		}
	}
}

func TestRunPrintsBothMeasurements(t *testing.T) {
	if err := run(t.Context(), 100); err != nil {
		t.Fatal(err)
	}
}
