package wam_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/show"
	"github.com/goso-project/goso/internal/standin"
	"github.com/goso-project/goso/internal/wam"
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
	return a.askWith(t, query, engine.Options{})
}

func (a asker) askWith(t testing.TB, query string, options engine.Options) string {
	t.Helper()
	q, err := a.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	q.Start(t.Context(), a.host, options)
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

// Two classes of one object must be compatible: whichever of its names they are said of, and in whichever order.
func TestClassesOfOneObjectAreCompatible(t *testing.T) {
	a := newAsker(t, "f(x) if x matches Dog{a: 1};")
	for _, c := range []struct {
		conditions string
		one, other string // said of which
		fits       bool   // Dog and Cat; Dog and Puppy always do
	}{
		{"x = x", "x", "x", false},
		{"x = y", "x", "y", false},
		{"x == y", "x", "y", false},
		{"x == y and y == z", "x", "z", false},
		{"z == y and y == x", "x", "z", false},
		{"y == x and z == y", "x", "z", false},
		{"x == y and x == z", "y", "z", false},
		{"x = y and y == z", "x", "z", false},
		{"x == y and y.a = 1 and x == 1", "y", "x", false},
		{"x == y", "x", "z", true},
		{"x == y and v == w", "x", "w", true},
		{"x != y", "x", "y", true},
		{"x > y", "x", "y", true},
		{"x >= y", "x", "y", true},
		{"x in y", "x", "y", true},
		{"x.a = y", "x.a", "y", false},
		{"x.a = y and x.a = z", "y", "z", false},
		{"x.a = y and x.b = z", "y", "z", true},
		{"x.a = y and w.a = z", "y", "z", true},
		{"x.a = y and w.a = z and x = w", "y", "z", false},
		{"x == w and x.a = y and w.a = z", "y", "z", false},
		{"w == x and x.a = y and w.a = z", "y", "z", false},
		{"x != w and x.a = y and w.a = z", "y", "z", true},
		{"x.a.b = y", "x.a.b", "y", false},
		{"x.a.b = y", "x.b.b", "y", true},
		{"x.a.b = y", "x.a", "y", true},
		{"x.a = y and y.b = z", "z", "x.a.b", false},
		{"y in x.items", "y", "x", true},
		{"y in x.items and z in x.items", "y", "z", true},
	} {
		for _, order := range [][2]string{{c.one, c.other}, {c.other, c.one}} {
			for _, clash := range []string{
				fmt.Sprintf("%s and %s matches Dog and %s matches Cat", c.conditions, order[0], order[1]),
				fmt.Sprintf("%s matches Dog and %s and %s matches Cat", order[0], c.conditions, order[1]),
				fmt.Sprintf("u > 1 and x != u and u = 2 and %s and %s matches Dog and %s matches Cat", c.conditions, order[0], order[1]),
				fmt.Sprintf("%s and %s matches Dog and v != 1 and %s != 1 and %s != 1 and %s matches Cat", c.conditions, order[0], order[0], order[1], order[1]),
			} {
				if got := a.ask(t, clash); (got != "no") != c.fits {
					t.Errorf("%s: got %s", clash, got)
				}
			}
			fine := fmt.Sprintf("%s and %s matches Dog and %s matches Puppy", c.conditions, order[0], order[1])
			if got := a.ask(t, fine); got == "no" && !strings.Contains(c.conditions, "== 1") {
				t.Errorf("%s: got %s", fine, got)
			}
		}
	}
	for query, want := range map[string]string{
		"f(x) and x matches Cat":          "no",
		"f(x) and x = new Cat(a: 1)":      "no",
		"f(x) and x = new Puppy(a: 1)":    "x = Puppy{a: 1}",
		"f(x) and x = new Puppy(a: 2)":    "no",
		"x matches Dog and x = 1":         "no",
		"x matches Integer and x = \"1\"": "no",
		"x matches Integer and x = 1":     "x = 1",
		"x matches Dog and x matches Animal and x matches Puppy and x matches Cat": "no",
		// What is said of others does not hide a class: a condition on a constant, a class of something that has a value by now.
		"v != x and v == 1 and x == y and x matches Dog and y matches Cat":          "no",
		"y matches Cat and z matches Dog and y in w and w matches List and w = [z]": "no",
	} {
		if got := a.ask(t, query); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

// typed is a host whose fields have declared types: it notes what it is asked, and says no to one question.
type typed struct {
	*standin.Host
	asked []string
	no    string
}

func (h *typed) IsaWithPath(_ context.Context, base string, path []string, class string) (bool, error) {
	q := fmt.Sprint(base, ".", strings.Join(path, "."), " ", class)
	h.asked = append(h.asked, q)
	return q != h.no, nil
}

// A class said of a field of something whose class is known is a question to the host, for every way that leads there. One no
// ends the matter.
func TestClassesOfFieldsAreAskedForOnEveryWay(t *testing.T) {
	a := newAsker(t, "f(1);")
	for _, c := range []struct{ query, asked string }{
		{"x matches Dog and x.a matches Cat", "Dog.a Cat"},
		{"x.a matches Cat and x matches Dog", ""},
		{"x matches Dog and x.a.b matches Cat", "Dog.a.b Cat"},
		{"x.a matches Dog and x.a.b matches Cat", "Dog.b Cat"},
		{"x.a matches Dog and x.b matches Cat", ""},
		{"x.a matches Dog and x.a.b.c matches Cat", "Dog.b.c Cat"},
		{"x.a.b matches Dog and x.a matches Cat", ""},
		{"x.a.b matches Dog and x.a.c matches Cat", ""},
		{"x.b.a matches Dog and x.c.a matches Cat", ""},
		{"x.a.b matches Dog and x.a.b.c matches Cat", "Dog.c Cat"},
		{"x == w and x matches Dog and w.a matches Cat", "Dog.a Cat"},
		{"w == x and x matches Dog and w.a matches Cat", "Dog.a Cat"},
		{"x matches Dog and x == w and w == v and v.a matches Cat", "Dog.a Cat"},
		{"x matches Dog and y in x.items and y matches Cat", "Dog.items Cat"},
		{"x matches Dog and y in x.items and y.a matches Cat", ""},
		{"x matches Dog and y = x.a and z = y.b and z matches Cat", "Dog.a.b Cat"},
		{"x matches Dog and y = x.a and y == z and z matches Cat", "Dog.a Cat"},
		{"x matches Dog and w.a matches Cat", ""},
		{"x matches Dog and x matches Animal and x.a matches Cat", "Animal.a Cat, Dog.a Cat"},
		{"x matches Dog and x.a = y and x.b = y and y matches Cat", "Dog.a Cat, Dog.b Cat"},
		{"x matches Dog and w matches Org and x.a = y and w.b = y and y matches Cat", "Org.b Cat, Dog.a Cat"},
		{"x matches Dog and x.(k) = y and y matches Cat", ""},
		{"x matches Dog and w matches Org and x.a = y and w.b = y and y.c = z and z matches Cat", "Dog.a.c Cat"}, // the first way to y
		{"v > 1 and x != v and x.a = y and x matches Dog and v = 2 and y matches Cat", "Dog.a Cat"},
		{"x matches Dog and [x.a, 1] = [y, 1] and y matches Cat and y matches Animal", "Dog.a Cat, Dog.a Animal"},
	} {
		asked := strings.Split(c.asked, ", ")
		for i := range 2 * (len(asked) + 1) {
			query := c.query
			if i > len(asked) { // again, behind conditions that are decided by then
				query = "u > 1 and x != u and u = 2 and " + query
				i -= len(asked) + 1
			}
			h := &typed{Host: a.host}
			want := c.asked
			if i < len(asked) && c.asked != "" {
				h.no = asked[i]
				want = strings.Join(asked[:i+1], ", ")
			}
			q, err := a.Query(query)
			if err != nil {
				t.Fatal(err)
			}
			q.Start(t.Context(), h, engine.Options{})
			found, err := q.Next()
			q.Close()
			if got := strings.Join(h.asked, ", "); err != nil || found != (h.no == "") || got != want {
				t.Errorf("%s: no to %q: got %t, %v after asking %q, want %q", query, h.no, found, err, got, want)
			}
		}
	}
}

// newcomer is a host whose fields are instances of a shape that the policy in force does not know.
type newcomer struct {
	*standin.Host
	shape int
}

func (h newcomer) Lookup(context.Context, wam.Value, string) (wam.Value, error) {
	return wam.InstanceValue(&struct{}{}, h.shape), nil
}

// A class registered after a policy has come into force is none of the policy's.
func TestInstancesOfNewClassesBelongToNoneOfThePolicys(t *testing.T) {
	a := newAsker(t, "actor Dog {} resource Org {} is(x: Actor) if x = x; is_dog(_: Dog); is_animal(x) if x matches Animal;")
	known := len(a.host.Registry().Shapes)
	for shape := known; shape < known+2; shape++ {
		for _, condition := range []string{"is(x)", "x matches Actor", "x matches Resource", "is_dog(x)", "is_animal(x)", "x matches Cat", "x matches String"} {
			q, err := a.Query("x = new Dog().field and " + condition)
			if err != nil {
				t.Fatal(err)
			}
			q.Start(t.Context(), newcomer{a.host, shape}, engine.Options{})
			if found, err := q.Next(); found || err != nil {
				t.Errorf("%s of shape %d of %d: got %t, %v", condition, shape, known, found, err)
			}
			q.Close()
		}
	}
}

// A rest may turn out to be no list: such a term still unifies part by part, in a head as in a body.
func TestListsWhoseRestIsNoList(t *testing.T) {
	a := newAsker(t, `pair([_x, *_rest]); same(x, x);`)
	for query, want := range map[string]string{
		"r = true and l = [1, *r] and pair(l)":               "yes",
		"r = true and [1, *r] = [_x, *_rest]":                "yes",
		"r = true and [1, 2, *r] = [_x, *_rest]":             "yes",
		"r = true and s = true and [1, *r] = [1, *s]":        "yes",
		"r = true and s = true and same([1, *r], [1, *s])":   "yes",
		"r = true and s = false and [1, *r] = [1, *s]":       "no",
		"r = true and [1, *r] = [1]":                         "no",
		"r = true and [1, *r] = [1, 2, *_rest]":              "no",
		"r = true and s = [2] and same([1, *r], [1, *s])":    "no",
		"r = true and l = [1, *r] and not (l = [1, *_rest])": "no",
	} {
		for _, without := range []wam.Features{0, ^wam.Features(0)} {
			if got := a.askWith(t, query, engine.Options{Without: without}); (got == "no") != (want == "no") {
				t.Errorf("%s without %b: got %s, want %s", query, without, got, want)
			}
		}
	}
}
