//go:build !goso_reflect

package host

import (
	"context"
	"testing"

	"github.com/goso-project/goso/internal/wam"
)

func TestFieldReadsAllocateNothing(t *testing.T) {
	u := newUser()
	u.Manager = u
	s := testSession(t, Config{})
	receiver, _ := s.Value(u)
	ctx := context.Background()
	read := func() {
		for _, name := range []string{"Name", "Age", "ID", "Manager", "Role", "Best"} {
			if _, err := s.Lookup(ctx, receiver, name); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"Roles", "Tags", "Nums", "Anys"} {
			v, err := s.Lookup(ctx, receiver, name)
			if err != nil {
				t.Fatal(err)
			}
			seq, _ := sequenceOf(v)
			for i := range seq.Len() {
				if _, err := seq.At(i); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, err := s.Lookup(ctx, receiver, "Missing"); err == nil {
			t.Fatal("no error")
		}
		s.memory.reset()
	}
	if n := testing.AllocsPerRun(100, read); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestArgumentsAllocateNothing(t *testing.T) {
	s := testSession(t, Config{})
	args := []any{"alice", 5, true, newUser(), []string{"a"}}
	if n := testing.AllocsPerRun(100, func() {
		for _, arg := range args {
			if _, err := s.Value(arg); err != nil {
				t.Fatal(err)
			}
		}
		s.memory.reset()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestResultsTakeFewAllocations(t *testing.T) {
	s := testSession(t, Config{})
	or := wam.Expr{Op: "Or"}
	for i := range 9 {
		or.Args = append(or.Args, wam.ExprValue("Neq", wam.VarValue("_this"), wam.StringValue(string(rune('a'+i)))))
	}
	if n := testing.AllocsPerRun(50, func() {
		if _, err := s.Go(or.Value(), true); err != nil {
			t.Fatal(err)
		}
	}); n > 4 {
		t.Errorf("%v allocations for a result of 10 expressions", n)
	}
}
