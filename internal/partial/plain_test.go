package partial

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/goso-project/goso/internal/wam"
)

// plainMember makes a member that is mostly one of a plain conjunction. Variables are few, so that they meet.
func plainMember(r *rand.Rand) wam.Value {
	variable := func() wam.Value {
		n := r.IntN(7)
		return wam.Value{Kind: wam.KindVar, N: uint64(n + 1), Str: []string{"self", "shown", "", "", "", "", "_hidden"}[n]}
	}
	atom := func() wam.Value {
		return []wam.Value{wam.IntValue(1), wam.IntValue(2), wam.FloatValue(1), wam.StringValue("a"), wam.BoolValue(true), wam.InstanceValue(&struct{ n int }{1}, 0)}[r.IntN(6)]
	}
	term := func() wam.Value {
		switch n := r.IntN(40); {
		case n < 22:
			return variable()
		case n < 39:
			return atom()
		}
		return wam.ListValue(variable(), atom())
	}
	dot := func() wam.Value {
		return wam.ExprValue("Dot", variable(), wam.StringValue([]string{"x", "y"}[r.IntN(2)]))
	}
	class := wam.Value{Kind: wam.KindPattern, Ref: &wam.Pattern{Tag: []string{"A", "Integer"}[r.IntN(2)]}}
	switch n := r.IntN(60); {
	case n < 12:
		return wam.ExprValue("Isa", variable(), class)
	case n < 32:
		return wam.ExprValue("Unify", variable(), dot())
	case n < 42:
		return wam.ExprValue("Unify", atom(), dot())
	case n < 56:
		return wam.ExprValue([]string{"Eq", "Eq", "Neq", "Lt", "Leq", "Gt", "Geq", "In"}[r.IntN(8)], term(), term())
	case n == 56:
		return wam.ExprValue("Unify", term(), term())
	case n == 57:
		return wam.ExprValue("Not", wam.ExprValue("And", wam.ExprValue("Unify", variable(), dot())))
	case n == 58:
		return wam.ExprValue("Dot", variable(), variable(), term())
	}
	return wam.ExprValue("Isa", term(), wam.Value{Kind: wam.KindPattern, Ref: &wam.Pattern{Tag: "A", Fields: wam.Dict{Keys: []string{"x"}, Values: []wam.Value{term()}}}})
}

// Plain conjunctions are simplified by a way of their own, which comes to the same.
func TestPlainConjunctionsComeToTheSame(t *testing.T) {
	outputs := func(name string) bool { return name == "self" || name == "shown" }
	simplify := func(seed uint64, plain bool) (result string, used bool) {
		r := rand.New(rand.NewPCG(seed, 1))
		var conj []wam.Value
		for range r.IntN(7) {
			conj = append(conj, plainMember(r))
		}
		before := written(wam.ExprValue("And", slices.Clone(conj)...))
		var mem wam.Exprs
		s := Simplifier{Mem: &mem}
		s.begin(t.Context())
		s.self, s.outputs = "self", outputs
		if plain {
			out, done := s.plain(conj)
			if done {
				return before + written(s.expr("And", 0, s.unique(out))), true
			}
			if after := written(wam.ExprValue("And", conj...)); after != before || len(s.plains) > 0 {
				t.Fatalf("%s has become %s without being plain", before, after)
			}
			return "", false
		}
		v, ok, err := s.rounds(conj)
		if err != nil || !ok {
			return fmt.Sprint(before, " never holds ", err), false
		}
		return before + written(v), false
	}
	used := 0
	for seed := range uint64(60_000) {
		got, plain := simplify(seed, true)
		if !plain {
			continue
		}
		used++
		if want, _ := simplify(seed, false); got != want {
			t.Fatalf("%d: got\n%s\nwant\n%s", seed, got, want)
		}
	}
	if used < 15_000 {
		t.Errorf("only %d conjunctions were plain", used)
	}
}

// written writes a value with all that tells it from others.
func written(v wam.Value) string {
	switch x := v.Ref.(type) {
	case *wam.Expr:
		s := "(" + x.Op
		for _, a := range x.Args {
			s += " " + written(a)
		}
		return s + ")"
	case *wam.Pattern:
		return x.Tag + fmt.Sprint(x.Fields.Keys) + written(wam.ListValue(x.Fields.Values...))
	case *wam.List:
		return written(wam.ExprValue("List", x.Items...))
	}
	if v.Kind == wam.KindInstance {
		return reflect.TypeOf(v.Ref).String()
	}
	return fmt.Sprint(v.Kind, v.N, v.Str)
}
