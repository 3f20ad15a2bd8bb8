package oso_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

func papers(n int, actor, action string) []oso.Check {
	checks := make([]oso.Check, n)
	for i := range checks {
		checks[i] = oso.Check{Actor: actor, Action: action, Resource: Paper{i}}
	}
	return checks
}

// A batch gives the answers of as many single calls, with as many calls of the Resolver as one check has look-ups: a pattern in
// a head is looked at twice, to find the rule and to enter it.
func TestBatchAnswersLikeSingleChecks(t *testing.T) {
	for _, action := range []string{"write", "read", "pattern", "lacking", "unknown"} {
		a := &archive{answer: owners}
		o := paperOso(t, a, "owner")
		checks := papers(100, "bob", action)
		want := make([]oso.CheckResult, len(checks))
		for i, k := range checks {
			want[i].Allowed, want[i].Err = o.IsAllowed(k.Actor, k.Action, k.Resource)
			must(t, want[i].Err)
		}
		a.calls = 0
		if diff := cmp.Diff(want, o.IsAllowedBatch(t.Context(), checks)); diff != "" {
			t.Errorf("%s (-single +batch)\n%s", action, diff)
		}
		if a.calls > 2 {
			t.Errorf("%s: %d calls, want at most 2", action, a.calls)
		}
		plain := newOso(t, `allow(_, action, x) if action = "read" and x.Id > 1;`)
		for i, r := range plain.IsAllowedBatch(t.Context(), []oso.Check{{"a", action, Widget{1, 1}}, {"a", action, Widget{2, 1}}}) {
			if r.Allowed != (action == "read" && i == 1) || r.Err != nil {
				t.Errorf("%s without a resolver: %d is %v", action, i, r)
			}
		}
	}
}

// Checks that need more than one look-up go on together; questions that are alike are asked once.
func TestBatchGathersRoundByRound(t *testing.T) {
	a := &archive{}
	o := newOso(t, `allow(actor: User, "read", p: Paper) if p.folder = f and f.team in actor.teams;`, oso.WithResolver(a, "folder", "team", "teams"))
	must(t, o.RegisterClass(Paper{}, nil))
	must(t, o.RegisterClassWithName(Role{}, nil, "Folder"))
	a.answer = func(q *oso.Question) {
		switch q.Name {
		case "folder":
			q.Answer(Role{Org: q.Receiver.(Paper).Id % 10})
		case "team":
			q.Answer(q.Receiver.(Role).Org)
		case "teams":
			q.Answer([]int{1, 2, 3})
		}
	}
	actor := &User{Name: "ann"}
	checks := papers(100, "", "read")
	for i := range checks {
		checks[i].Actor = actor
	}
	allowed := 0
	for i, r := range o.IsAllowedBatch(t.Context(), checks) {
		must(t, r.Err)
		if r.Allowed {
			allowed++
		}
		if want := i%10 >= 1 && i%10 <= 3; r.Allowed != want {
			t.Errorf("paper %d: %t", i, r.Allowed)
		}
	}
	if allowed != 30 || a.calls != 3 {
		t.Errorf("%d allowed with %d calls, want 30 with 3", allowed, a.calls)
	}
	if got, want := len(a.asked), 100+10+1; got != want {
		t.Errorf("%d questions, want %d", got, want)
	}
}

// More checks than may be under way at once are answered all the same.
func TestBatchLargerThanItsWindow(t *testing.T) {
	a := &archive{answer: owners}
	o := paperOso(t, a, "owner")
	for i, r := range o.IsAllowedBatch(t.Context(), papers(5000, "ann", "write")) {
		if r.Err != nil || r.Allowed != (i%2 == 1) {
			t.Fatalf("paper %d: %v", i, r)
		}
	}
	if a.calls != 5 {
		t.Errorf("%d calls, want 5", a.calls)
	}
}

// What goes wrong in one check does not touch the others.
func TestBatchKeepsErrorsApart(t *testing.T) {
	gone := errors.New("gone")
	o := paperOso(t, &archive{answer: func(q *oso.Question) {
		if q.Receiver.(Paper).Id == 3 {
			q.Fail(gone)
			return
		}
		owners(q)
	}}, "Paper.owner")
	checks := papers(6, "ann", "write")
	checks[1].Resource = map[int]int{1: 1} // cannot be converted
	for i, r := range o.IsAllowedBatch(t.Context(), checks) {
		switch i {
		case 1:
			if r.Allowed || r.Err == nil {
				t.Errorf("1: %v", r)
			}
		case 3:
			if r.Allowed || !errors.Is(r.Err, gone) {
				t.Errorf("3: %v", r)
			}
		default:
			if r.Err != nil || r.Allowed != (i%2 == 1) {
				t.Errorf("%d: %v", i, r)
			}
		}
	}
}

func TestBatchEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := paperOso(t, &archive{answer: func(q *oso.Question) { cancel(); owners(q) }}, "owner")
	for i, r := range o.IsAllowedBatch(ctx, papers(10, "ann", "write")) {
		if r.Allowed || !errors.Is(r.Err, context.Canceled) {
			t.Errorf("%d: %v, want %v", i, r, context.Canceled)
		}
	}
	for i, r := range (oso.Oso{}).IsAllowedBatch(t.Context(), papers(2, "ann", "write")) {
		if r.Allowed || r.Err == nil {
			t.Errorf("%d of a zero Oso: %v", i, r)
		}
	}
}

// A Resolver that honours its context cannot hold up a batch for longer than a query may take.
func TestBatchEndsWithTheTimeOfItsQueries(t *testing.T) {
	o := newOso(t, "allow(_, _, p) if not p.owner;", oso.WithTimeout(20*time.Millisecond),
		oso.WithResolver(oso.ResolverFunc(func(ctx context.Context, questions []*oso.Question) error {
			<-ctx.Done()
			for _, q := range questions {
				q.Answer(false)
			}
			return nil
		}), "owner"))
	for i, r := range o.IsAllowedBatch(t.Context(), papers(10, "ann", "write")) {
		if r.Allowed || !errors.Is(r.Err, osoerrors.ErrTimeout) {
			t.Errorf("%d: %v, want a timeout", i, r)
		}
	}
}

func TestAuthorizeManyTellsForbiddenFromNotFound(t *testing.T) {
	a := &archive{answer: owners}
	o := paperOso(t, a, "owner")
	want := make([]error, 12)
	checks := append(papers(11, "cleo", "write"), oso.Check{Actor: "cleo", Action: "read", Resource: Paper{2}})
	checks[5].Actor = "ann"
	for i, k := range checks {
		want[i] = o.Authorize(k.Actor, k.Action, k.Resource)
	}
	a.calls = 0
	got := o.AuthorizeMany(t.Context(), checks)
	for i := range want {
		if fmt.Sprint(got[i]) != fmt.Sprint(want[i]) {
			t.Errorf("%d: got %v, want %v", i, got[i], want[i])
		}
	}
	if !errors.Is(got[1], osoerrors.ErrForbidden) || !errors.Is(got[2], osoerrors.ErrNotFound) || got[5] != nil || !errors.Is(got[11], osoerrors.ErrNotFound) {
		t.Errorf("got %v", got)
	}
	if a.calls != 2 {
		t.Errorf("%d calls, want 2", a.calls)
	}
	a.answer = func(*oso.Question) {}
	for i, err := range o.AuthorizeMany(t.Context(), checks) {
		if err == nil || errors.Is(err, osoerrors.ErrForbidden) || errors.Is(err, osoerrors.ErrNotFound) {
			t.Errorf("%d without an answer: %v", i, err)
		}
	}
}

// Batches, single checks and replacements of the policy run beside each other.
func TestBatchHammer(t *testing.T) {
	o := paperOso(t, oso.ResolverFunc(func(_ context.Context, questions []*oso.Question) error {
		for _, q := range questions {
			owners(q)
		}
		return nil
	}), "owner")
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for range 10 {
				for i, r := range o.IsAllowedBatch(t.Context(), papers(50, "ann", "write")) {
					if r.Err != nil || r.Allowed != (i%2 == 1) {
						t.Errorf("paper %d: %v", i, r)
					}
				}
				if g == 0 {
					if err := o.ReplaceString(paperPolicy); err != nil {
						t.Error(err)
					}
				}
				if ok, err := o.IsAllowed("bob", "write", Paper{2}); !ok || err != nil {
					t.Errorf("single: %t, %v", ok, err)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkBatch(b *testing.B) {
	o := paperOso(b, oso.ResolverFunc(func(_ context.Context, questions []*oso.Question) error {
		for _, q := range questions {
			owners(q)
		}
		return nil
	}), "owner")
	for _, n := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("checks=%d", n), func(b *testing.B) {
			checks := papers(n, "ann", "write")
			b.ReportAllocs()
			for b.Loop() {
				if r := o.IsAllowedBatch(b.Context(), checks); r[0].Err != nil {
					b.Fatal(r[0].Err)
				}
			}
		})
	}
}
