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

// refuser is a host that cannot answer what a class is, nor what the field secret holds.
type refuser struct{ *standin.Host }

func (refuser) Isa(context.Context, wam.Value, string) (bool, error) {
	return false, &engine.ApplicationError{Message: "refused"}
}

func (refuser) Lookup(_ context.Context, _ wam.Value, field string) (wam.Value, error) {
	if field == "secret" {
		return wam.Value{}, &engine.ApplicationError{Message: "refused", Final: true}
	}
	return wam.InstanceValue(&struct{}{}, 0), nil
}

func (refuser) IsaWithPath(context.Context, string, []string, string) (bool, error) {
	return false, &engine.ApplicationError{Message: "refused"}
}

// A question about a class or the field of a pattern that fails is said to stand where that was asked for.
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
secret(x) if
 x matches
 {secret: 1} and
 x = x and x = 1;
secret_head(
 _: {secret: 1}) if
 1 = 1;
through_secret_head(x) if
 x = x and
 secret_head(x) and
 x = 1;
tested(x) if
 y = x.any and
 y matches Cat and
 x = 1;
tested_later(x) if
 y matches Cat and
 y = x.any and
 y = 1;
tested_head(x) if
 head(x.any) and
 x = 1;
tested_field(x) if
 x = x and
 x matches {
 any: Cat} and
 x = 1;
owner(
 o: Cat,
 x) if
 o = x.any and
 x = 1;
tested_owner(x) if
 owner(_, x);
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
		"secret(new Dog())":                   "line 34, column 2",
		"through_secret_head(new Dog())":      "line 38, column 2",
		"tested(new Dog())":                   "line 46, column 2",
		"tested_later(new Dog())":             "line 49, column 2",
		"tested_head(new Dog())":              "line 24, column 2",
		"tested_field(new Dog())":             "line 57, column 2",
		"tested_owner(new Dog())":             "line 61, column 2",
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

// A condition of a negation that no result can show is an error where it stands in the negation, also if only a later value left
// nothing but that condition of it.
func TestNegatedConditionsThatNobodyShowsHaveTheirPlaces(t *testing.T) {
	a := newAsker(t, `touch(_);
one() if touch(y) and
 not
 y.a = 1 and
 1 = 1;
two() if touch(y) and
 not (
 y.a = 1 and
 y.b = 2) and
 1 = 1;
later() if touch(x) and touch(y) and
 not (
 x.a = 1 and
 y.b = 2 and y.c = 3) and
 x = {a: 1};
pair() if touch(x) and touch(y) and touch(z) and
 not (
 z = 1 and
 x = [1, y] and y = [2]) and
 z = 1;
class() if
 head(x) and
 x = x;
head(
 _: Cat) if
 1 = 1;
inner() if touch(x) and touch(y) and touch(z) and
 not (
 x = 1 and not (
 z = 1 and not (
 y.a = 1 and
 y.b = 2))) and
 x = 1;
`)
	for rule, want := range map[string]string{"one": "line 4, column 2", "two": "line 9, column 2", "later": "line 14, column 14", "pair": "line 19, column 17", "inner": "line 32, column 2",
		"class": "line 25, column 2"} {
		got := a.ask(t, rule+"()")
		if !strings.Contains(got, "unhandled partial") || !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want an unhandled partial at %s", rule, got, want)
		}
	}
}
