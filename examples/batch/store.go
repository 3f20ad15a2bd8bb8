package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/goso-project/goso/pkg/oso"
)

// User, Document and Folder are what the policy speaks of. All else about them is in the data base.
type (
	User     struct{ Name string }
	Document struct{ ID int }
	Folder   struct{ ID int }
)

// Store looks up facts. It is the Resolver of the example's Oso, for one goroutine at a time.
type Store struct {
	db *sql.DB
	// Queries counts the queries made.
	Queries int
}

const schema = `
	CREATE TABLE folders (id INTEGER PRIMARY KEY, team TEXT NOT NULL);
	CREATE TABLE documents (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, folder INTEGER NOT NULL, public BOOLEAN NOT NULL);
	CREATE TABLE members (user TEXT NOT NULL, team TEXT NOT NULL, PRIMARY KEY (user, team));
	INSERT INTO members VALUES ('ann', 'team 1'), ('ann', 'team 2'), ('bob', 'team 3');`

// fill makes n documents in fifty folders of ten teams: one in ten is public, one in twenty is ann's.
func (s *Store) fill(ctx context.Context, n int) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	for id := 1; id <= 50; id++ {
		if _, err := tx.ExecContext(ctx, "INSERT INTO folders VALUES (?, ?)", id, fmt.Sprint("team ", id%10)); err != nil {
			return err
		}
	}
	for id := 1; id <= n; id++ {
		owner := "bob"
		if id%20 == 7 {
			owner = "ann"
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO documents VALUES (?, ?, ?, ?)", id, owner, id%50+1, id%10 == 3); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Resolve answers questions, one query for each attribute asked for. What is not in the data base stays missing, which
// denies.
func (s *Store) Resolve(ctx context.Context, questions []*oso.Question) error {
	byName := map[string][]*oso.Question{}
	for _, q := range questions {
		q.Missing()
		byName[q.Name] = append(byName[q.Name], q)
	}
	for name, questions := range byName {
		var err error
		switch name {
		case "public":
			err = column[bool](ctx, s, questions, "SELECT id, public FROM documents WHERE id IN", func(b bool) any { return b })
		case "owner":
			err = column[string](ctx, s, questions, "SELECT id, owner FROM documents WHERE id IN", func(name string) any { return name })
		case "folder":
			err = column[int](ctx, s, questions, "SELECT id, folder FROM documents WHERE id IN", func(id int) any { return Folder{id} })
		case "team":
			err = column[string](ctx, s, questions, "SELECT id, team FROM folders WHERE id IN", func(name string) any { return name })
		case "teams":
			err = s.teams(ctx, questions)
		default:
			err = fmt.Errorf("no query for %s", name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// column answers questions for one column with one query: a row for each document or folder.
func column[T any](ctx context.Context, s *Store, questions []*oso.Question, query string, convert func(T) any) error {
	asked := map[int][]*oso.Question{}
	for _, q := range questions {
		switch object := q.Receiver.(type) {
		case Document:
			asked[object.ID] = append(asked[object.ID], q)
		case Folder:
			asked[object.ID] = append(asked[object.ID], q)
		}
	}
	ids := make([]any, 0, len(asked))
	for id := range asked {
		ids = append(ids, id)
	}
	return s.each(ctx, query, ids, func(rows *sql.Rows) error {
		var id int
		var x T
		if err := rows.Scan(&id, &x); err != nil {
			return err
		}
		for _, q := range asked[id] {
			q.Answer(convert(x))
		}
		return nil
	})
}

// teams answers questions for the teams of users.
func (s *Store) teams(ctx context.Context, questions []*oso.Question) error {
	teams := map[string][]string{}
	var names []any
	for _, q := range questions {
		user, ok := q.Receiver.(*User)
		if ok && teams[user.Name] == nil {
			teams[user.Name] = []string{}
			names = append(names, user.Name)
		}
	}
	err := s.each(ctx, "SELECT user, team FROM members WHERE user IN", names, func(rows *sql.Rows) error {
		var name, team string
		if err := rows.Scan(&name, &team); err != nil {
			return err
		}
		teams[name] = append(teams[name], team)
		return nil
	})
	for _, q := range questions {
		if user, ok := q.Receiver.(*User); ok {
			q.Answer(teams[user.Name])
		}
	}
	return err
}

// each makes one query with a list of keys and calls f for each row.
func (s *Store) each(ctx context.Context, query string, keys []any, f func(*sql.Rows) error) error {
	s.Queries++
	marks := strings.TrimSuffix(strings.Repeat("?,", len(keys)), ",")
	rows, err := s.db.QueryContext(ctx, query+" ("+marks+")", keys...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
