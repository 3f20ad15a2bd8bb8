package partial_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/partial"
	"github.com/goso-project/goso/internal/wam"
)

// text prints a value as the conformance answers do, as far as these tests need it.
func text(v wam.Value) string {
	switch v.Kind {
	case wam.KindNone:
		return "none"
	case wam.KindBool:
		return fmt.Sprint(v.Bool())
	case wam.KindInt:
		return fmt.Sprint(v.Int())
	case wam.KindFloat:
		return fmt.Sprint(v.Float())
	case wam.KindString:
		return fmt.Sprintf("%q", v.Str)
	case wam.KindVar:
		return "?" + v.Str
	case wam.KindInstance:
		return fmt.Sprint(v.Ref)
	case wam.KindExpr:
		e := v.Ref.(*wam.Expr)
		parts := []string{e.Op}
		for _, a := range e.Args {
			parts = append(parts, text(a))
		}
		return "(" + strings.Join(parts, " ") + ")"
	case wam.KindPattern:
		p := v.Ref.(*wam.Pattern)
		return p.Tag + text(wam.Value{Kind: wam.KindDict, Ref: &p.Fields})
	case wam.KindList:
		l := v.Ref.(*wam.List)
		var parts []string
		for _, a := range l.Items {
			parts = append(parts, text(a))
		}
		if l.Rest.Kind == wam.KindVar {
			parts = append(parts, "*"+text(l.Rest))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case wam.KindDict:
		d := v.Ref.(*wam.Dict)
		var parts []string
		for i, k := range d.Keys {
			parts = append(parts, k+": "+text(d.Values[i]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "?"
}

// ex, val, dot, class, conj and not build terms briefly.
func ex(op string, args ...any) wam.Value {
	values := make([]wam.Value, len(args))
	for i, a := range args {
		values[i] = val(a)
	}
	return wam.ExprValue(op, values...)
}

type name string // a variable

func val(a any) wam.Value {
	switch a := a.(type) {
	case wam.Value:
		return a
	case int:
		return wam.IntValue(int64(a))
	case float64:
		return wam.FloatValue(a)
	case bool:
		return wam.BoolValue(a)
	case string:
		return wam.StringValue(a)
	case name:
		return wam.VarValue(string(a))
	case []any:
		l := &wam.List{}
		for _, x := range a {
			l.Items = append(l.Items, val(x))
		}
		return wam.Value{Kind: wam.KindList, Ref: l}
	}
	panic(fmt.Sprintf("no term: %T", a))
}

func dot(o any, field string) wam.Value { return ex("Dot", o, field) }

func class(tag string) wam.Value {
	return wam.Value{Kind: wam.KindPattern, Ref: &wam.Pattern{Tag: tag}}
}

func conj(cs ...wam.Value) []wam.Value { return cs }

func not(cs ...wam.Value) wam.Value { return wam.ExprValue("Not", wam.ExprValue("And", cs...)) }

const (
	x = name("x")
	y = name("y")  // visible, like x
	T = name("_t") // a temporary, like U
	U = name("_u")
)

// run runs the simplifier.
func run(ctx context.Context, cs []wam.Value, self string, outputs func(string) bool) (wam.Value, bool, error) {
	s := partial.Simplifier{Mem: &wam.Exprs{}}
	return s.Simplify(ctx, cs, self, outputs)
}

// simplify runs the simplifier for x, with x and y visible.
func simplify(cs []wam.Value) string {
	v, ok, err := run(context.Background(), cs, "x", func(n string) bool { return n == "x" || n == "y" })
	switch {
	case err != nil:
		return "error " + err.Error()
	case !ok:
		return "never"
	}
	return text(v)
}

func TestConjunctionsKeepWhatIsVisible(t *testing.T) {
	user := wam.InstanceValue("ann", 1)
	for _, tc := range []struct {
		shows string
		in    []wam.Value
		want  string
	}{
		{"no constraint is true", nil, `(And)`},
		{"one constraint is wrapped", conj(ex("Gt", x, 5)), `(And (Gt ?_this 5))`},
		{"order stays", conj(ex("Gt", x, y), ex("Lt", 3, x)), `(And (Gt ?_this ?y) (Lt 3 ?_this))`},
		{"a temporary becomes its look-up", conj(ex("Unify", T, dot(x, "a")), ex("Gt", T, 2)), `(And (Gt (Dot ?_this "a") 2))`},
		{"paths nest", conj(ex("Unify", T, dot(x, "a")), ex("Unify", U, dot(T, "b")), ex("Gt", U, 2)), `(And (Gt (Dot (Dot ?_this "a") "b") 2))`},
		{"definitions work backwards too", conj(ex("Gt", U, 2), ex("Unify", U, dot(T, "b")), ex("Unify", T, dot(x, "a"))), `(And (Gt (Dot (Dot ?_this "a") "b") 2))`},
		{"two look-ups of one local are equal", conj(ex("Unify", T, dot(x, "a")), ex("Unify", T, dot(x, "b"))), `(And (Unify (Dot ?_this "a") (Dot ?_this "b")))`},
		{"value first", conj(ex("Unify", 1, dot(x, "a"))), `(And (Unify 1 (Dot ?_this "a")))`},
		{"a value alone is a value", conj(ex("Unify", x, 1)), `1`},
		{"on either side", conj(ex("Unify", 1, x)), `1`},
		{"== stays a condition", conj(ex("Eq", x, 3)), `(And (Eq ?_this 3))`},
		{"a list is a value", conj(ex("Unify", x, []any{1, "a"})), `[1, "a"]`},
		{"a list with an unknown is not", conj(ex("Unify", x, []any{1, y})), `(And (Unify ?_this [1, ?y]))`},
		{"an instance is not", conj(ex("Unify", x, user)), `(And (Unify ?_this ann))`},
		{"outputs stay equal", conj(ex("Unify", x, y), ex("Gt", x, 1)), `(And (Unify ?_this ?y) (Gt ?_this 1))`},
		{"the value of a visible variable is not lost", conj(ex("Eq", x, 1), ex("Gt", x, y)), `(And (Eq ?_this 1) (Gt 1 ?y))`},
		{"nor that of another", conj(ex("Eq", y, 1), ex("Gt", x, y)), `(And (Eq ?y 1) (Gt ?_this 1))`},
		{"decided comparisons go", conj(ex("Eq", x, 4), ex("Gt", x, 3)), `(And (Eq ?_this 4))`},
		{"a contradiction is no result", conj(ex("Eq", x, 1), ex("Gt", x, 3)), `never`},
		{"two values contradict", conj(ex("Eq", x, 1), ex("Eq", x, 2)), `never`},
		{"unless they are equal numbers", conj(ex("Unify", x, 1), ex("Eq", x, 1.0)), `1`},
		{"a boolean is no number", conj(ex("Eq", x, true), ex("Eq", x, 1)), `never`},
		{"no contradiction is searched", conj(ex("Gt", x, 5), ex("Lt", x, 2)), `(And (Gt ?_this 5) (Lt ?_this 2))`},
		{"strings compare", conj(ex("Lt", "a", "b"), ex("Geq", "b", "b")), `(And)`},
		{"nan is never ordered", conj(ex("Leq", math.NaN(), 1)), `never`},
		{"nan differs from itself", conj(ex("Neq", math.NaN(), math.NaN())), `(And)`},
		{"exact beyond 2^53", conj(ex("Gt", wam.IntValue(9007199254740993), 9007199254740992.0)), `(And)`},
		{"other kinds stay", conj(ex("Gt", "a", 1)), `(And (Gt "a" 1))`},
		{"duplicates go", conj(ex("Gt", x, 1), ex("Gt", x, 1)), `(And (Gt ?_this 1))`},
		{"mirrored equalities go", conj(ex("Eq", x, y), ex("Eq", y, x), ex("Neq", x, y), ex("Neq", y, x)), `(And (Eq ?_this ?y) (Neq ?_this ?y))`},
		{"an ordering's opposite stays", conj(ex("Leq", 1, x), ex("Gt", x, 1)), `(And (Leq 1 ?_this) (Gt ?_this 1))`},
		{"the weaker of two mirrored orderings goes", conj(ex("Gt", x, 1), ex("Leq", 1, x), ex("Lt", x, 3), ex("Geq", 3, x)), `(And (Gt ?_this 1) (Lt ?_this 3))`},
		{"a value of another kind is no member of a class", conj(ex("Eq", x, 1), ex("Isa", x, class("String"))), `never`},
		{"a value of its class is", conj(ex("Eq", x, 1), ex("Isa", x, class("Integer"))), `(And (Eq ?_this 1))`},
		{"nested And is flat", conj(ex("Gt", x, 0), ex("And", ex("Neq", x, 1), ex("And", ex("Neq", x, 2)))), `(And (Gt ?_this 0) (Neq ?_this 1) (Neq ?_this 2))`},
		{"x = x says nothing", conj(ex("Unify", x, x), ex("Gt", x, 1)), `(And (Gt ?_this 1))`},
		{"x != x stays", conj(ex("Neq", x, x)), `(And (Neq ?_this ?_this))`},
		{"a cyclic definition is kept", conj(ex("Unify", T, dot(T, "next")), ex("In", T, x)), `(And (Unify ?_t (Dot ?_t "next")) (In ?_t ?_this))`},
		{"a cycle of two is kept", conj(ex("Unify", T, dot(U, "a")), ex("Unify", U, dot(T, "b")), ex("In", T, x)), `(And (Unify ?_u (Dot (Dot ?_u "a") "b")) (In (Dot ?_u "a") ?_this))`},
		{"locals without a definition stay", conj(ex("In", T, dot(x, "items")), ex("Unify", 1, dot(T, "n"))), `(And (In ?_t (Dot ?_this "items")) (Unify 1 (Dot ?_t "n")))`},
		{"a local value moves in", conj(ex("In", T, dot(x, "items")), ex("Unify", T, 3)), `(And (In 3 (Dot ?_this "items")))`},
		{"inside patterns, lists and dictionaries", conj(ex("Unify", T, dot(x, "a")), ex("Neq", y, []any{[]any{T}, wam.Value{Kind: wam.KindDict, Ref: &wam.Dict{Keys: []string{"k"}, Values: []wam.Value{val(T)}}}})), `(And (Neq ?y [[(Dot ?_this "a")], {k: (Dot ?_this "a")}]))`},
		{"the rest of a list is not replaced", conj(ex("Unify", T, dot(x, "a")), ex("Unify", y, wam.Value{Kind: wam.KindList, Ref: &wam.List{Items: []wam.Value{wam.IntValue(1)}, Rest: val(T)}})), `(And (Unify ?_t (Dot ?_this "a")) (Unify ?y [1, *?_t]))`},
		{"its rest may be the variable itself", conj(ex("Unify", wam.Value{Kind: wam.KindList, Ref: &wam.List{Items: []wam.Value{wam.IntValue(1)}, Rest: val(x)}}, dot(y, "a")), ex("Neq", x, []any{3})), `(And (Unify [1, *?_this] (Dot ?y "a")) (Neq ?_this [3]))`},
		{"arithmetic stays", conj(ex("Add", x, 1, T), ex("Unify", T, 3)), `(And (Add ?_this 1 3))`},
		{"class tests stay", conj(ex("Isa", x, class("Dog")), ex("Unify", dot(x, "n"), "rex")), `(And (Isa ?_this Dog{}) (Unify (Dot ?_this "n") "rex"))`},
	} {
		if got := simplify(tc.in); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", tc.shows, got, tc.want)
		}
	}
}

func TestNegationIsPushedIn(t *testing.T) {
	for _, tc := range []struct {
		shows string
		in    []wam.Value
		want  string
	}{
		{"=", conj(not(ex("Unify", x, 1))), `(And (Neq ?_this 1))`},
		{"==", conj(not(ex("Eq", x, 1))), `(And (Neq ?_this 1))`},
		{"!= binds", conj(not(ex("Neq", x, 1))), `1`},
		{"<", conj(not(ex("Lt", x, 1))), `(And (Geq ?_this 1))`},
		{"<=", conj(not(ex("Leq", x, 1))), `(And (Gt ?_this 1))`},
		{">", conj(not(ex("Gt", x, 1))), `(And (Leq ?_this 1))`},
		{">=", conj(not(ex("Geq", x, 1))), `(And (Lt ?_this 1))`},
		{"in", conj(not(ex("In", 1, x))), `(And (Not (In 1 ?_this)))`},
		{"matches", conj(not(ex("Isa", x, class("Dog")))), `(And (Not (Isa ?_this Dog{})))`},
		{"an unwrapped negation", conj(ex("Not", ex("Isa", x, class("Dog"))), ex("Not", ex("Lt", x, 1))), `(And (Not (Isa ?_this Dog{})) (Geq ?_this 1))`},
		{"several conditions are a disjunction", conj(not(ex("Gt", x, 1), ex("Lt", x, 5))), `(And (Or (Leq ?_this 1) (Geq ?_this 5)))`},
		{"several negations a conjunction", conj(not(ex("Unify", x, 1)), not(ex("Unify", x, 2))), `(And (Neq ?_this 1) (Neq ?_this 2))`},
		{"over two visible variables", conj(not(ex("Unify", x, 1), ex("Unify", y, 2))), `(And (Or (Neq ?_this 1) (Neq ?y 2)))`},
		{"twice", conj(not(not(ex("Gt", x, 1), ex("Lt", x, 5)))), `(And (Gt ?_this 1) (Lt ?_this 5))`},
		{"implication", conj(not(ex("Unify", 1, dot(x, "a")), not(ex("Unify", 2, dot(x, "b"))))), `(And (Or (Neq 1 (Dot ?_this "a")) (Unify 2 (Dot ?_this "b"))))`},
		{"locals are put back", conj(not(ex("Unify", T, dot(x, "a")), ex("Unify", 2, dot(T, "b")), ex("Unify", U, dot(T, "c")), ex("Gt", U, 3))), `(And (Or (Neq 2 (Dot (Dot ?_this "a") "b")) (Leq (Dot (Dot ?_this "a") "c") 3)))`},
		{"a local left over reads for all", conj(not(ex("In", T, dot(x, "items")), not(ex("Gt", T, 1)))), `(And (Or (Not (In ?_t (Dot ?_this "items"))) (Gt ?_t 1)))`},
		{"for all within for all", conj(not(ex("In", T, dot(x, "items")), not(not(ex("In", U, dot(T, "subs")), not(ex("Gt", U, 1)))))), `(And (Or (Not (In ?_t (Dot ?_this "items"))) (Not (In ?_u (Dot ?_t "subs"))) (Gt ?_u 1)))`},
		{"some within for all", conj(not(ex("In", T, dot(x, "items")), not(ex("Unify", 1, dot(T, "a")), ex("Unify", 2, dot(T, "b"))))), `(And (Or (Not (In ?_t (Dot ?_this "items"))) (And (Unify 1 (Dot ?_t "a")) (Unify 2 (Dot ?_t "b")))))`},
		{"an outer local keeps its condition", conj(ex("In", T, dot(x, "items")), not(ex("Unify", T, 1))), `(And (In ?_t (Dot ?_this "items")) (Neq ?_t 1))`},
		{"an outer local defined outside", conj(ex("Unify", T, dot(x, "a")), not(ex("Unify", T, 1))), `(And (Neq (Dot ?_this "a") 1))`},
		{"an outer local in two negations", conj(not(ex("Unify", T, x)), not(ex("Unify", T, y))), `(And (Neq ?_t ?_this) (Neq ?_t ?y))`},
		{"what always holds can't be negated", conj(not(ex("Eq", 1, 1))), `never`},
		{"nor what says nothing", conj(ex("Gt", x, 1), not(ex("Unify", T, x))), `never`},
		{"nor an empty conjunction", conj(not()), `never`},
		{"an impossible condition is nothing", conj(not(ex("Eq", 1, 2), ex("Gt", x, 1))), `(And)`},
		{"the equality makes the rest constant", conj(not(ex("Unify", x, 1), ex("Gt", x, 3))), `(And)`},
		{"but is not lost", conj(not(ex("Unify", x, 4), ex("Gt", x, 3))), `(And (Neq ?_this 4))`},
		{"a bound value decides the disjunction", conj(not(ex("Gt", x, 1), ex("Lt", x, 5)), ex("Eq", x, 7)), `(And (Eq ?_this 7))`},
		{"or refutes it", conj(not(ex("Gt", x, 1), ex("Lt", x, 5)), ex("Eq", x, 3)), `never`},
		{"what is known outside is not inverted", conj(ex("Isa", x, class("Repo")), not(ex("Isa", x, class("Repo")), ex("Unify", true, dot(x, "public")))), `(And (Isa ?_this Repo{}) (Neq true (Dot ?_this "public")))`},
		{"known with its sides swapped", conj(ex("Eq", x, y), not(ex("Eq", y, x), ex("Gt", x, 1))), `(And (Eq ?_this ?y) (Leq ?_this 1))`},
		{"all of it known", conj(ex("Isa", x, class("Repo")), not(ex("Isa", x, class("Repo")))), `never`},
		{"only what stands before is known", conj(not(ex("Isa", x, class("Repo"))), ex("Isa", x, class("Repo"))), `(And (Not (Isa ?_this Repo{})) (Isa ?_this Repo{}))`},
		{"known inside an inner negation, and then decided", conj(ex("Gt", x, 1), not(ex("Lt", x, 9), not(ex("Gt", x, 1), ex("Lt", x, 9), ex("Neq", x, 5)))), `(And (Gt ?_this 1) (Neq ?_this 5))`},
		{"an alternative that says nothing holds", conj(not(ex("Neq", x, 1), ex("Neq", x, x))), `(And)`},
		{"a disjunction given as such", conj(ex("Or", ex("And", ex("Unify", T, dot(x, "a")), ex("Gt", T, 1)), ex("Eq", 1, 2), not(ex("Gt", x, 1)))), `(And (Or (Gt (Dot ?_this "a") 1) (Leq ?_this 1)))`},
		{"a disjunction that holds", conj(ex("Or", ex("Gt", x, 1), ex("Eq", 1, 1))), `(And)`},
		{"a disjunction that can't", conj(ex("Or", ex("Eq", 2, 1))), `never`},
		{"a disjunction of one", conj(ex("Or", ex("Gt", x, 1), ex("Eq", 2, 1))), `(And (Gt ?_this 1))`},
		{"a universal local is not eliminated", conj(not(ex("In", T, x), ex("Or", ex("Neq", T, y), ex("Gt", T, 1)))), `(And (Or (Not (In ?_t ?_this)) (And (Unify ?_t ?y) (Leq ?_t 1))))`},
	} {
		if got := simplify(tc.in); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", tc.shows, got, tc.want)
		}
	}
}

func TestNegatedArithmeticIsUnsupported(t *testing.T) {
	sum := ex("Add", x, 1, T)
	sum.Ref.(*wam.Expr).Place = 7
	_, _, err := run(t.Context(), conj(not(sum, ex("Gt", T, 3))), "x", func(n string) bool { return n == "x" })
	var e *partial.Error
	if !errors.Is(err, diag.Unsupported) || !errors.As(err, &e) || e.Place != 7 {
		t.Errorf("got %v, want an Unsupported error at place 7", err)
	}
}

func TestInstancesAreToldApart(t *testing.T) {
	type user struct{ _ []string }
	a, b := &user{}, &user{}
	for _, tc := range []struct {
		shows string
		l, r  any
		want  int // members that remain of two inequalities
	}{
		{"one object", a, a, 1},
		{"two objects", a, b, 2},
		{"what can't be compared", user{}, user{}, 2},
	} {
		v, _, err := run(t.Context(), conj(ex("Neq", x, wam.InstanceValue(tc.l, 1)), ex("Neq", x, wam.InstanceValue(tc.r, 1))), "x", func(string) bool { return true })
		if err != nil || len(v.Ref.(*wam.Expr).Args) != tc.want {
			t.Errorf("%s: got %d members, %v, want %d", tc.shows, len(v.Ref.(*wam.Expr).Args), err, tc.want)
		}
	}
}

// hostList is a host's list whose second element can't be converted.
type hostList struct{ bad bool }

func (h hostList) Len() int { return 2 }
func (h hostList) At(i int) (wam.Value, error) {
	if h.bad && i == 1 {
		return wam.Value{}, errors.New("no")
	}
	return wam.IntValue(int64(i)), nil
}

func TestHostListsCompareByContent(t *testing.T) {
	good, bad := wam.SequenceValue(hostList{}), wam.SequenceValue(hostList{bad: true})
	for _, tc := range []struct {
		in   []wam.Value
		want int // members that remain, -1 for never
	}{
		{conj(ex("Eq", good, []any{0, 1})), 0},
		{conj(ex("Eq", good, []any{0, 2})), -1},
		{conj(ex("Neq", x, good), ex("Neq", x, good)), 1},
		{conj(ex("Neq", x, bad), ex("Neq", x, bad)), 2},
		{conj(ex("Eq", bad, []any{0, 1})), 1},
	} {
		v, ok, err := run(t.Context(), tc.in, "x", func(string) bool { return true })
		got := -1
		if ok {
			got = len(v.Ref.(*wam.Expr).Args)
		}
		if err != nil || got != tc.want {
			t.Errorf("got %d, %v, want %d", got, err, tc.want)
		}
	}
}

func TestDoublingTermsEndInAnError(t *testing.T) {
	// _0 = [x, x], _1 = [_0, _0], …: forty steps are a term of 2^40 elements.
	cs := conj(ex("Unify", name("_0"), []any{x, x}))
	for i := range 40 {
		prev := name(fmt.Sprintf("_%d", i))
		cs = append(cs, ex("Unify", name(fmt.Sprintf("_%d", i+1)), []any{prev, prev}))
	}
	cs = append(cs, ex("Neq", y, name("_40")))
	_, ok, err := run(t.Context(), cs, "x", func(n string) bool { return n == "x" || n == "y" })
	if ok || !errors.Is(err, diag.StackOverflow) {
		t.Errorf("got %v, %v, want StackOverflow", ok, err)
	}
}

func TestDeepTermsEndInAnError(t *testing.T) {
	v := val(x)
	for range 20_000 {
		v = ex("Not", ex("And", v))
	}
	deep := val(x)
	for range 20_000 {
		deep = val([]any{deep})
	}
	for _, in := range [][]wam.Value{conj(v), conj(ex("Neq", y, deep)), conj(ex("Eq", deep, deep))} {
		if _, ok, err := run(t.Context(), in, "x", func(string) bool { return true }); ok || !errors.Is(err, diag.StackOverflow) {
			t.Errorf("got %v, %v, want StackOverflow", ok, err)
		}
	}
}

func TestManyConstraintsTakeLinearTime(t *testing.T) {
	var cs []wam.Value
	for i := range 20_000 {
		v := name(fmt.Sprintf("_v%d", i))
		cs = append(cs, ex("Unify", v, dot(x, fmt.Sprint("f", i))), ex("Gt", v, i), not(ex("Eq", v, i)))
	}
	v, ok, err := run(t.Context(), cs, "x", func(n string) bool { return n == "x" })
	if err != nil || !ok || len(v.Ref.(*wam.Expr).Args) != 40_000 {
		t.Errorf("got %v, %v", ok, err)
	}
}

func TestSimplifyingEndsWithItsContext(t *testing.T) {
	var cs []wam.Value
	for i := range 20_000 {
		cs = append(cs, ex("Neq", x, i))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, ok, err := run(ctx, cs, "x", func(n string) bool { return n == "x" }); ok || !errors.Is(err, diag.QueryTimeout) {
		t.Errorf("got %v, %v, want QueryTimeout", ok, err)
	} else if e, _ := errors.AsType[*partial.Error](err); e.Cause != context.Canceled {
		t.Errorf("the cause is %v", e.Cause)
	}
}
