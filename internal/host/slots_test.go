package host

import (
	"reflect"
	"testing"

	"github.com/goso-project/goso/internal/wam"
)

// planCounter counts the fields whose way is looked for.
type planCounter struct {
	wam.Planner
	fields int
}

func (c *planCounter) PlanField(object any, shape int, name string) (wam.FieldPlan, bool) {
	c.fields++
	return c.Planner.PlanField(object, shape, name)
}

type countingSession struct {
	*Session
	counter *planCounter
}

func (s countingSession) Planner() wam.Planner { return s.counter }

type (
	oneName  struct{ Name string }
	numbered struct {
		Id   int
		Name string
	}
	pairOfLists struct {
		Firsts  []*oneName
		Seconds []*numbered
	}
)

// Types without a class share what tells them apart for others. Fields of one name in two of them are remembered side by side.
func TestFieldsOfTwoTypesAreRemembered(t *testing.T) {
	p := newPolicyTest(t, `both(p, i) if i in [1, 2, 3, 4, 5, 6, 7, 8] and f in p.Firsts and f.Name = "b" and s in p.Seconds and s.Name = "c";`, nil)
	s := p.registry.Acquire()
	defer p.registry.Release(s)
	q := p.query(s, "both", []any{&pairOfLists{Firsts: []*oneName{{"a"}, {"b"}}, Seconds: []*numbered{{1, "b"}, {2, "c"}}}})
	defer q.Close()
	if err := q.Arg(wam.VarValue("i")); err != nil {
		t.Fatal(err)
	}
	c := countingSession{s, &planCounter{Planner: s.Planner()}}
	q.Start(t.Context(), c, options(0))
	if got, want := p.results(q), []string{"1", "2", "3", "4", "5", "6", "7", "8"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if c.counter.fields > 6 {
		t.Errorf("the way to 4 fields is looked for %d times", c.counter.fields)
	}
}
