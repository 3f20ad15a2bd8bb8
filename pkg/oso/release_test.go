package oso_test

import (
	"context"
	"iter"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Drawer hands out papers one by one. It knows how many walks have begun, and how many are under way.
type Drawer struct{ begun, open atomic.Int64 }

func (s *Drawer) Papers() iter.Seq[Paper] {
	return func(yield func(Paper) bool) {
		s.begun.Add(1)
		s.open.Add(1)
		defer s.open.Add(-1)
		for i := range 3 {
			if !yield(Paper{i}) {
				return
			}
		}
	}
}

// Count counts its calls, and says how many there were.
func (s *Drawer) Count() int64 { return s.begun.Add(1) }

// Leave ends the goroutine.
func (s *Drawer) Leave() bool {
	runtime.Goexit()
	return true
}

// ending is a way in which queries end while they walk over a drawer.
type ending struct {
	name string

	end func(t *testing.T, s *Drawer)
}

func endings(t *testing.T) []ending {
	const policy = `
		some(s: Drawer, p) if p in s.Papers();
		wrong(s: Drawer, p) if p in s.Papers() and p.Nothing = 1;
		allow("first", _, s: Drawer) if _ in s.Papers();
		allow("wrong", _, s: Drawer) if p in s.Papers() and p.Nothing = 1;
		leaves(s: Drawer, p) if p in s.Papers() and s.Leave();
		allow("asks", _, s: Drawer) if p in s.Papers() and p.Free = true;
		allow("leaves", _, s: Drawer) if p in s.Papers() and p.Free = true and s.Leave();`
	leave := false
	resolver := oso.ResolverFunc(func(_ context.Context, questions []*oso.Question) error {
		if leave {
			runtime.Goexit()
		}
		for _, q := range questions {
			q.Answer(true)
		}
		return nil
	})
	plain, asking := newOso(t, "x(1);"), newOso(t, "x(1);", oso.WithResolver(resolver, "Paper.Free"))
	for _, o := range []*oso.Oso{plain, asking} {
		must(t, o.RegisterClass(Paper{}, nil))
		must(t, o.RegisterClass(&Drawer{}, nil))
		must(t, o.ReplaceString(policy))
	}
	first := func(t *testing.T, rule string, s *Drawer) *oso.Query {
		q, err := plain.NewQueryFromRule(rule, s, types.Variable("p"))
		must(t, err)
		if r, err := q.Next(); (r == nil) == (err == nil) {
			t.Errorf("%s: got %v, %v", rule, r, err)
		}
		return q
	}
	session := func(t *testing.T, rule string, s *Drawer, until string) (*oso.Session, *oso.Question) {
		x, err := plain.NewSession(t.Context(), rule, s, types.Variable("p"))
		must(t, err)
		for {
			step, err := x.Step()
			must(t, err)
			if step.Question.Name == until {
				return x, step.Question
			}
			step.Question.Pass()
		}
	}
	gone := func(t *testing.T, f func()) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			f()
			t.Error("the goroutine did not end")
		}()
		<-done
	}
	checks := func(s *Drawer, actor string) []oso.Check { return []oso.Check{{actor, "read", s}, {actor, "write", s}} }
	return []ending{
		{"cleaned up", func(t *testing.T, s *Drawer) { first(t, "some", s).Cleanup() }},
		{"to the end", func(t *testing.T, s *Drawer) {
			if r, err := first(t, "some", s).GetAllResults(); len(r) != 2 || err != nil {
				t.Errorf("got %v, %v", r, err)
			}
		}},
		{"left", func(t *testing.T, s *Drawer) {
			q, err := plain.NewQueryFromRule("some", s, types.Variable("p"))
			must(t, err)
			for range q.All() {
				break
			}
		}},
		{"error", func(t *testing.T, s *Drawer) { first(t, "wrong", s) }},
		{"session closed", func(t *testing.T, s *Drawer) {
			x, _ := session(t, "wrong", s, "Nothing")
			x.Close()
		}},
		{"session given up", func(t *testing.T, s *Drawer) {
			x, leave := session(t, "leaves", s, "Leave")
			leave.Pass()
			gone(t, func() { x.Step() })
		}},
		{"decision", func(t *testing.T, s *Drawer) {
			if ok, err := plain.IsAllowed("first", "read", s); !ok || err != nil {
				t.Errorf("got %t, %v", ok, err)
			}
		}},
		{"wrong decision", func(t *testing.T, s *Drawer) {
			if ok, err := plain.IsAllowed("wrong", "read", s); ok || err == nil {
				t.Errorf("got %t, %v", ok, err)
			}
		}},
		{"batch", func(t *testing.T, s *Drawer) {
			for _, r := range asking.IsAllowedBatch(t.Context(), checks(s, "asks")) {
				if !r.Allowed || r.Err != nil {
					t.Errorf("got %v", r)
				}
			}
		}},
		{"wrong batch", func(t *testing.T, s *Drawer) {
			for _, r := range asking.IsAllowedBatch(t.Context(), checks(s, "wrong")) {
				if r.Allowed || r.Err == nil {
					t.Errorf("got %v", r)
				}
			}
		}},
		{"batch given up", func(t *testing.T, s *Drawer) {
			leave = true
			defer func() { leave = false }()
			gone(t, func() { asking.IsAllowedBatch(t.Context(), checks(s, "asks")) })
		}},
		{"batch given up on its way", func(t *testing.T, s *Drawer) {
			gone(t, func() { asking.IsAllowedBatch(t.Context(), checks(s, "leaves")) })
		}},
	}
}

// A query that is over, however it ended, has ended the walks over the application's sequences.
func TestQueriesThatAreOverEndTheirWalks(t *testing.T) {
	for _, e := range endings(t) {
		var s Drawer
		e.end(t, &s)
		if begun, open := s.begun.Load(), s.open.Load(); begun == 0 || open != 0 {
			t.Errorf("%s: %d walks of %d are still under way", e.name, open, begun)
		}
	}
}

// An answer is given once: stepping on from a result does not ask the application again.
func TestAQuestionThatIsPassedIsAnsweredOnce(t *testing.T) {
	o := newOso(t, "x(1);")
	must(t, o.RegisterClass(&Drawer{}, nil))
	must(t, o.ReplaceString("f(s, x) if n = s.Count() and x in [n, n];"))
	var d Drawer
	s, err := o.NewSession(t.Context(), "f", &d, types.Variable("x"))
	must(t, err)
	all, err := drain(s, (*oso.Question).Pass)
	if n := d.begun.Load(); n != 1 || len(all) != 2 || err != nil {
		t.Errorf("called %d times, got %v, %v", n, all, err)
	}
}
