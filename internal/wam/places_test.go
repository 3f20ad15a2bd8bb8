package wam_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/standin"
	"github.com/goso-project/goso/internal/wam"
)

// refuser is a host that cannot answer what a class is.
type refuser struct{ *standin.Host }

func (refuser) Isa(context.Context, wam.Value, string) (bool, error) {
	return false, &engine.ApplicationError{Message: "refused"}
}

func (refuser) IsaWithPath(context.Context, string, []string, string) (bool, error) {
	return false, &engine.ApplicationError{Message: "refused"}
}

// A question about a class that fails is said to stand where the class was asked for.
func TestQuestionsAboutClassesHaveTheirPlaces(t *testing.T) {
	a := newAsker(t, `actor Org {}
direct(x) if
 x matches Dog and
 x = x and x = 1;
field(x) if
 x matches Dog{
  a: 1} and
 x = x and x = 1;
path(x) if
 x.a matches Cat and
 x = x and x = 1;
path_and_field(x) if
 x.a matches Cat{
 a: 1} and
 x = x and x = 1;
inner(x) if
 x matches {
 a: Cat} and
 x = x and x = 1;
union(x) if
 x.a matches Actor and
 x = x and x = 1;
head(
 _: Cat) if
 1 = 1;
through_head(x) if
 x.a = y and
 head(y);
alias(x) if
 y = x.a and
 y matches Cat and
 y = y and y = 1;
`)
	for query, want := range map[string]string{
		"direct(nil)":                         "line 3, column 2",
		"field(nil)":                          "line 6, column 2",
		"x matches Dog and path(x)":           "line 10, column 2",
		"x matches Dog and path_and_field(x)": "line 13, column 2",
		"x matches Dog and inner(x)":          "line 17, column 2",
		"x matches Dog and union(x)":          "line 21, column 2",
		"x matches Dog and through_head(x)":   "line 24, column 2",
		"x matches Dog and alias(x)":          "line 31, column 2",
	} {
		q, err := a.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		q.Start(t.Context(), refuser{a.host}, engine.Options{})
		found, err := q.Next()
		q.Close()
		if found || err == nil {
			t.Errorf("%s: got %t, %v", query, found, err)
			continue
		}
		at := regexp.MustCompile(`refused at (line \d+, column \d+)`).FindStringSubmatch(err.Error())
		if at == nil || at[1] != want {
			t.Errorf("%s: want %s, got %v", query, want, err)
		}
	}
}

// A condition that a negation left behind fails, when there is a value, where it stands in the negation.
func TestNegatedConditionsHaveTheirPlaces(t *testing.T) {
	a := newAsker(t, "isnt(x, y) if\n not\n x = [1, y] and\n x = x and x = x;\n")
	if got, want := a.ask(t, "isnt(x, y) and x = 3"), "at line 3, column 2"; !strings.Contains(got, want) {
		t.Errorf("got %s, want an error %s", got, want)
	}
}
