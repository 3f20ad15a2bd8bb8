package oso_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/goso-project/goso/pkg/oso"
)

// Book is known by its number; the rest is on the shelves.
type Book struct{ Number int }

const books = `
allow(reader, "borrow", book: Book) if book.owner = reader;
`

// shelves answers any number of questions with one look-up.
var shelves = oso.ResolverFunc(func(_ context.Context, questions []*oso.Question) error {
	owners := map[int]string{1: "ann", 2: "bob", 3: "ann"} // one query of a data base
	for _, q := range questions {
		if owner, ok := owners[q.Receiver.(Book).Number]; ok {
			q.Answer(owner)
		} else {
			q.Missing()
		}
	}
	fmt.Println("questions:", len(questions))
	return nil
})

func libraryOf(opts ...oso.Option) *oso.Oso {
	o, err := oso.New(opts...)
	if err == nil {
		err = o.RegisterClass(Book{}, nil)
	}
	if err == nil {
		err = o.LoadString(books)
	}
	if err != nil {
		fmt.Println(err)
	}
	return o
}

// A Resolver answers what the objects themselves do not know.
func ExampleWithResolver() {
	o := libraryOf(oso.WithResolver(shelves, "Book.owner"))
	fmt.Println(o.IsAllowed("ann", "borrow", Book{1}))
	// Output:
	// questions: 1
	// true <nil>
}

// A batch asks the Resolver the questions of all its checks at once.
func ExampleOso_IsAllowedBatch() {
	o := libraryOf(oso.WithResolver(shelves, "Book.owner"))
	results := o.IsAllowedBatch(context.Background(), []oso.Check{
		{Actor: "ann", Action: "borrow", Resource: Book{1}},
		{Actor: "ann", Action: "borrow", Resource: Book{2}},
		{Actor: "ann", Action: "borrow", Resource: Book{3}},
	})
	for _, r := range results {
		fmt.Println(r.Allowed, r.Err)
	}
	// Output:
	// questions: 3
	// true <nil>
	// false <nil>
	// true <nil>
}

// A Session is answered by whoever drives it. Between two steps nothing runs.
func ExampleSession() {
	s, err := libraryOf().NewSession(context.Background(), "allow", "ann", "borrow", Book{1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	for {
		step, err := s.Step()
		switch {
		case err != nil:
			fmt.Println("denied:", err)
			return
		case step.Question != nil:
			fmt.Println("asked for", step.Question.Name, "of", step.Question.Receiver)
			step.Question.Answer("ann")
		default:
			fmt.Println("allowed:", step.Result != nil)
			return
		}
	}
	// Output:
	// asked for owner of {1}
	// allowed: true
}

// A recording holds what a decision was made of. It is replayed without the application.
func ExampleOso_Record() {
	o := libraryOf(oso.WithResolver(shelves, "Book.owner"))
	allowed, rec, err := o.Record(context.Background(), "allow", "ann", "borrow", Book{2})
	fmt.Println(allowed, err)
	data, err := json.Marshal(rec)
	if err != nil {
		fmt.Println(err)
		return
	}

	var kept oso.Recording // elsewhere, later
	if err := json.Unmarshal(data, &kept); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(kept.String())
	fmt.Println(kept.Replay(context.Background()))
	// Output:
	// questions: 1
	// false <nil>
	// allow("ann", "borrow", oso_test.Book#1)
	//    1  oso_test.Book#1.owner = "bob"
	// false
	// false <nil>
}
