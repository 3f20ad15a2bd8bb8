//go:build !goso_reflect && !race

package oso_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/types"
)

type Org struct{ Id int }

type Repo struct {
	Id  int
	Org *Org
}

type Issue struct {
	Id, AuthorId int
	Repo         *Repo
}

type OrgRole struct {
	OrgId int
	Role  string
}

type RepoRole struct {
	RepoId int
	Role   string
}

type Member struct {
	Id        int
	OrgRoles  []OrgRole
	RepoRoles []RepoRole
}

// rbac returns an Oso with the role policy of testdata, and its objects: a user who is owner of the organisation of the
// issue's repository, among other roles.
func rbac(t testing.TB) (o *oso.Oso, alice *Member, issue *Issue) {
	t.Helper()
	policy, err := os.ReadFile(filepath.Join("testdata", "rbac.polar"))
	must(t, err)
	o, err = oso.New()
	must(t, err)
	must(t, o.RegisterClassWithName(Member{}, nil, "User"))
	for _, cls := range []any{Org{}, Repo{}, Issue{}} {
		must(t, o.RegisterClass(cls, nil))
	}
	must(t, o.LoadString(string(policy)))
	alice = &Member{
		Id:        1,
		OrgRoles:  []OrgRole{{7, "member"}, {8, "owner"}, {1, "owner"}},
		RepoRoles: []RepoRole{{70, "reader"}, {80, "writer"}, {90, "reader"}},
	}
	repo := &Repo{Id: 11, Org: &Org{Id: 1}}
	return o, alice, &Issue{Id: 101, AuthorId: 5, Repo: repo}
}

func TestDecisionsAllocateNothing(t *testing.T) {
	facts := newOso(t, `allow("alice", "read", "doc:1");`)
	roles, alice, issue := rbac(t)
	tests := []struct {
		name string
		max  float64
		ask  func() (bool, error)
	}{
		{"facts", 0, func() (bool, error) { return facts.IsAllowed("alice", "read", "doc:1") }},
		{"roles", 4, func() (bool, error) { return roles.IsAllowed(alice, "close", issue) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := testing.AllocsPerRun(200, func() {
				if ok, err := tt.ask(); !ok || err != nil {
					t.Fatal(ok, err)
				}
			})
			if n > tt.max {
				t.Errorf("%v allocations a query, want at most %v", n, tt.max)
			}
		})
	}
}

// The memory of a query that is over serves the next one, but for one whose goroutine has ended. A machine is more than twenty
// kilobytes, what converts values some sixteen.
func TestQueriesThatAreOverGiveTheirMemoryBack(t *testing.T) {
	o := newOso(t, "f(_);")
	wrong := func(_ *oso.Query, err error) {
		if err == nil {
			t.Error("a query was made")
		}
	}
	all := append(endings(t),
		ending{"no query", func(*testing.T, *Drawer) { wrong(o.NewQueryFromStr("1 =")) }},
		ending{"no argument", func(*testing.T, *Drawer) { wrong(o.NewQueryFromRule("f", 1, make(map[int]int))) }})
	for _, e := range all {
		if strings.Contains(e.name, "given up") {
			continue
		}
		most := uint64(10_000)
		if e.name == "no argument" {
			most = 1000 // there is no machine yet
		}
		var s Drawer
		if n := bytesPerRun(func() { e.end(t, &s) }); n > most {
			t.Errorf("%s: %d bytes a query, want at most %d", e.name, n, most)
		}
	}
}

func bytesPerRun(f func()) uint64 {
	const runs = 100
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) / runs
}

func BenchmarkFact(b *testing.B) {
	o := newOso(b, `allow("alice", "read", "doc:1");`)
	b.ReportAllocs()
	for b.Loop() {
		if ok, err := o.IsAllowed("alice", "read", "doc:1"); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}

func BenchmarkRoles(b *testing.B) {
	o, alice, issue := rbac(b)
	b.ReportAllocs()
	for b.Loop() {
		if ok, err := o.IsAllowed(alice, "close", issue); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}

func BenchmarkExplain(b *testing.B) {
	o, alice, issue := rbac(b)
	b.ReportAllocs()
	for b.Loop() {
		if d, err := o.Explain(alice, "close", issue); err != nil || !d.Allowed {
			b.Fatal(d, err)
		}
	}
}

// Finding a fact takes the memory of the query, of its arguments and of the result.
func TestFindingFactsAllocatesResults(t *testing.T) {
	o := newOso(t, ownedFacts)
	if n := testing.AllocsPerRun(100, func() {
		q, err := o.NewQueryFromRule("owns", types.Variable("what"), "u2")
		if err != nil {
			t.Fatal(err)
		}
		for r, err := q.Next(); r != nil || err != nil; r, err = q.Next() {
			if err != nil {
				t.Fatal(err)
			}
		}
	}); n > 5 {
		t.Errorf("%v allocations", n)
	}
}
