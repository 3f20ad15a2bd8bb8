package host

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/types"
)

func accepting(t *testing.T, s *Session, v wam.Value) any {
	t.Helper()
	x, err := s.Go(v, true)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Expressions are read at any depth, with lists and dictionaries between them.
func TestDeepExpressionsAreRead(t *testing.T) {
	s := testSession(t, Config{})
	v, want := wam.VarValue("x"), any(types.Variable("x"))
	for i := range 500 {
		switch i % 50 {
		case 20:
			v, want = wam.ListValue(v, wam.IntValue(1)), []any{want, int64(1)}
		case 40:
			v, want = wam.Value{Kind: wam.KindDict, Ref: &wam.Dict{Keys: []string{"k"}, Values: []wam.Value{v}}}, map[string]any{"k": want}
		default:
			v = wam.ExprValue("Eq", v, wam.ExprValue("Dot", wam.VarValue("_this"), wam.StringValue("Name")), wam.StringValue("a"))
			name := types.Expression{Operator: types.Operator{OperatorVariant: types.OperatorDot{}}, Args: []any{types.Variable("_this"), "Name"}}
			want = types.Expression{Operator: types.Operator{OperatorVariant: types.OperatorEq{}}, Args: []any{want, name, "a"}}
		}
	}
	for range 2 { // the second time in memory of the right size
		if got := accepting(t, s, v); !reflect.DeepEqual(got, want) {
			t.Fatal("it is read as another value")
		}
	}
	if _, err := s.Go(wam.ListValue(v), false); err == nil {
		t.Error("no error where expressions are not accepted")
	}
}

// Expressions have as many arguments as they are given, and no slice for none.
func TestArgumentsOfExpressionsAreRead(t *testing.T) {
	s := testSession(t, Config{})
	for range 2 {
		for n := range 5 {
			v, want := &wam.Expr{Op: "And"}, types.Expression{Operator: types.Operator{OperatorVariant: types.OperatorAnd{}}}
			for i := range n {
				v.Args, want.Args = append(v.Args, wam.IntValue(int64(i))), append(want.Args, int64(i))
			}
			got, ok := accepting(t, s, wam.ListValue(v.Value(), v.Value())).([]any)
			if !ok || !reflect.DeepEqual(got, []any{want, want}) {
				t.Errorf("%d arguments are read as %#v", n, got)
			}
		}
	}
}

// Results of a query share memory, and each leaves the others as they are; what is left of it goes with the query.
func TestResultsShareMemory(t *testing.T) {
	s := testSession(t, Config{})
	var v wam.Expr
	read := func(n int) any {
		v = wam.Expr{Op: "Or"}
		for i := range n {
			v.Args = append(v.Args, wam.ExprValue("Neq", wam.VarValue("_this"), wam.StringValue("s"+string(rune('a'+i)))))
		}
		return accepting(t, s, v.Value())
	}
	var results []any
	for i := range 12 {
		results = append(results, read(i%5*3))
	}
	for i, got := range results {
		if want := read(i % 5 * 3); !reflect.DeepEqual(got, want) {
			t.Errorf("result %d has become %v, want %v", i, got, want)
		}
	}
	s.reset()
	if r := &s.reader; len(r.exprs.free)+len(r.args.free)+len(r.texts.free)+len(r.class.free) > 0 {
		t.Error("memory of a query that is over is kept")
	}
}

// Names of fields are told apart by what they say, whatever memory they are in.
func TestNamesOfFieldsAreRead(t *testing.T) {
	s := testSession(t, Config{})
	text := strings.Repeat("abcdefgh", 8)
	for range 2 {
		for from := range len(text) {
			for _, to := range []int{from, min(from+1, len(text)), len(text)} {
				got := accepting(t, s, wam.ExprValue("Dot", wam.VarValue("_this"), wam.StringValue(text[from:to])))
				if e, ok := got.(types.Expression); !ok || e.Args[1] != any(text[from:to]) {
					t.Fatalf("%q is read as %v", text[from:to], got)
				}
			}
		}
	}
}

// Who gets the pattern of a class may write to it: no other has the same map.
func TestClassPatternsAreApart(t *testing.T) {
	s := testSession(t, Config{})
	isa := func(class string) wam.Value {
		return wam.ExprValue("Isa", wam.VarValue("_this"), wam.Value{Kind: wam.KindPattern, Ref: &wam.Pattern{Tag: class}})
	}
	fields := func(x any) map[types.Symbol]types.Term {
		e, _ := x.(types.Expression)
		pattern, _ := e.Args[1].(types.ValuePattern)
		instance, _ := pattern.PatternVariant.(types.PatternInstance)
		return instance.Fields.Fields
	}
	var seen []map[types.Symbol]types.Term
	for range 3 {
		and, _ := accepting(t, s, wam.ExprValue("And", isa("A"), isa("A"), isa("B"))).(types.Expression)
		for i, class := range []types.Symbol{"A", "A", "B"} {
			e, _ := and.Args[i].(types.Expression)
			want := types.ValuePattern{PatternVariant: types.PatternInstance{Tag: class, Fields: types.Dictionary{Fields: map[types.Symbol]types.Term{}}}}
			if diff := cmp.Diff(any(want), e.Args[1]); diff != "" {
				t.Fatal(diff)
			}
			seen = append(seen, fields(e))
		}
	}
	for i, m := range seen {
		if len(m) > 0 {
			t.Errorf("pattern %d has fields %v", i, m)
		}
		m["x"] = types.Term{}
	}
}
