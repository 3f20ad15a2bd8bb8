package oso_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/goso-project/goso/pkg/oso"
)

// Article keeps its fields to itself.
type Article struct {
	author string
	draft  bool
}

// WrittenBy reports whether the article has an author of this name.
func (a *Article) WrittenBy(name string) bool { return a.author == name }

func ExampleOso_RegisterAccessors() {
	o, err := oso.NewOso()
	if err == nil {
		err = errors.Join(
			o.RegisterClass(Article{}, nil),
			o.RegisterAccessors(
				oso.Field("draft", func(a *Article) bool { return a.draft }),
				oso.Method1("WrittenBy", (*Article).WrittenBy),
			),
			o.LoadString(`
				allow(_, "read", article: Article) if article.draft = false;
				allow(name: String, "read", article: Article) if article.WrittenBy(name);`),
		)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	article := &Article{author: "ann", draft: true}
	fmt.Println(o.IsAllowed("ann", "read", article))
	fmt.Println(o.IsAllowed("bob", "read", article))
	// Output:
	// true <nil>
	// false <nil>
}

func ExampleFieldContext() {
	keywords := func(ctx context.Context, a *Article) ([]string, error) { // from a data base, say
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return []string{a.author, "news"}, nil
	}
	o, err := oso.NewOso()
	if err == nil {
		err = errors.Join(
			o.RegisterClass(Article{}, nil),
			o.RegisterAccessors(oso.FieldContext("keywords", keywords)),
			o.LoadString(`allow(topic, "read", article: Article) if topic in article.keywords;`),
		)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(o.IsAllowed("news", "read", &Article{}))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = o.IsAllowedContext(ctx, "news", "read", &Article{})
	fmt.Println(errors.Is(err, context.Canceled))
	// Output:
	// true <nil>
	// true
}

func ExampleMethod2() {
	o, err := oso.NewOso()
	if err == nil {
		err = errors.Join(
			o.RegisterClass(Article{}, nil),
			// The context comes from the query: the policy gives one argument.
			o.RegisterAccessors(oso.Method2("mentions", func(a *Article, ctx context.Context, word string) bool {
				return ctx.Err() == nil && strings.Contains(a.author, word)
			})),
			o.LoadString(`allow(word, "find", article: Article) if article.mentions(word);`),
		)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(o.IsAllowed("ann", "find", &Article{author: "joanna"}))
	// Output: true <nil>
}
