package host

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
)

// owner holds lists whose elements scans test in place, and things to compare them with.
type owner struct {
	Ptrs   []*kinds
	Values []kinds
	Mixed  []any
	Want   kinds
	Ints   []int
	Smalls []int8
	Uints  []uint64
	Strs   []string
	Bools  []bool
	Floats []float64
}

func manyKinds() *owner {
	k := func(f func(k *kinds)) *kinds {
		v := fullKinds()
		f(v)
		return v
	}
	o := &owner{
		Ptrs: []*kinds{
			k(func(k *kinds) { k.I, k.S = 1, "a" }),
			k(func(k *kinds) { k.I, k.S, k.B = 2, "b", false }),
			k(func(k *kinds) { k.I, k.S, k.U64 = 2, "a", 7 }),
			k(func(k *kinds) { k.I, k.S, k.Behind = 2, "a\xff", nil }),
			k(func(k *kinds) { k.I, k.U8, k.I8, k.Deep = 3, 200, 100, "x" }),
			k(func(k *kinds) { k.I, k.Any, k.Label = 2, 2, "k" }),
		},
		Ints:   []int{1, 2, math.MaxInt, 2, math.MinInt, 3},
		Smalls: []int8{1, -2, 2, 2},
		Uints:  []uint64{1, 2, 2, math.MaxInt64},
		Strs:   []string{"a", "b", "", "é", "\xff", "\uFFFD", "b"},
		Bools:  []bool{true, false, true},
		Floats: []float64{1, 2, math.NaN(), 2, 2.5},
		Want:   *k(func(k *kinds) { k.I, k.S = 2, "a" }),
	}
	for _, p := range o.Ptrs {
		o.Values = append(o.Values, *p)
		o.Mixed = append(o.Mixed, p, *p)
	}
	o.Mixed = append(o.Mixed, 2, "a", nil)
	return o
}

// scanOperands are written in conditions beside elements and fields.
var scanOperands = []string{"1", "2", `"a"`, `"b"`, `"�"`, "true", "2.0", "9223372036854775807", "nil", "v", "o.Want.I", "w.I", "w.S", "w.U64", "w.U8", "w.B", "w.F64", "w.Label", "w.Hidden", "w.Missing"}

// No element that could give a result, or an error, is skipped; results come in order.
func TestScansOnlySkip(t *testing.T) { onlySkips(t, false) }

// The same for rules of two clauses: the first is left out where no element passes.
func TestGuardsOnLists(t *testing.T) { onlySkips(t, true) }

func onlySkips(t *testing.T, another bool) {
	var policy strings.Builder
	var rules []string
	rule := func(format string, args ...any) {
		name := fmt.Sprintf("r%d", len(rules))
		text := fmt.Sprintf(format, args...)
		text = strings.ReplaceAll(text, "HEAD", name+"(o, w, v, x)")
		rules = append(rules, name)
		policy.WriteString(text + "\n")
		if another {
			policy.WriteString(name + "(o, _w, _v, x) if x = [o.Missing];\n")
		}
	}
	var fields []string
	for _, f := range kindFields() {
		switch f {
		case "Fn", "Loop", "Dict", "Array", "Bytes", "Empty", "Lists", "Floats", "Uints", "Anys":
		default:
			fields = append(fields, f)
		}
	}
	tail := "_o = o and _w = w and _v = v"
	for _, list := range []string{"Ptrs", "Values", "Mixed"} {
		for _, f := range append(fields, "Missing") {
			for _, operand := range scanOperands {
				rule("HEAD if g in o.%s and g.%s = %s and x = g.I and %s;", list, f, operand, tail)
			}
		}
	}
	for _, list := range []string{"Ints", "Smalls", "Uints", "Strs", "Bools", "Floats", "Mixed"} {
		for _, operand := range scanOperands {
			for _, op := range []string{"=", "==", "!=", "<", "<=", ">", ">="} {
				rule("HEAD if g in o.%s and g %s %s and x = g and %s;", list, op, operand, tail)
				rule("HEAD if g in o.%s and %s %s g and x = g and %s;", list, operand, op, tail)
			}
		}
		rule("HEAD if g in o.%s and g and x = g and %s;", list, tail)
	}
	for _, f := range []string{"I", "I8", "U8", "U64", "S", "B", "F64", "Label", "Any", "Hidden", "Deep"} {
		for _, op := range []string{"==", "!=", "<", ">="} {
			rule("HEAD if g in o.Ptrs and g.%s %s w.%s and x = g.I and %s;", f, op, f, tail)
			rule("HEAD if g in o.Values and 2 %s g.%s and g.I = 2 and x = g.I and %s;", op, f, tail)
		}
		rule("HEAD if g in o.Ptrs and g.%s and x = g.I and %s;", f, tail)
		rule("HEAD if g in o.Ptrs and x = g.I and g.S = w.%s and g.I = 2 and %s;", f, tail)
		rule("HEAD if g in o.Ptrs and g.I = 2 and y = g.%s and g.S = \"a\" and x = y and %s;", f, tail)
		rule("HEAD if g in o.Ptrs and y = g.%s and g.I = 2 and x = [y] and %s;", f, tail)
		rule("HEAD if g in o.Ptrs and g.%s = g.I and x = 1 and %s;", f, tail)
		rule("HEAD if not (g in o.Ptrs and g.I = 2 and g.%s = v) and x = 1 and %s;", f, tail)
		rule("HEAD if g in o.Ptrs and g.I = 2 and h in o.Values and h.%s = g.%s and h.I = 3 and x = h.I and %s;", f, f, tail)
		rule("HEAD if g in o.Ptrs and g.I = x and g.%s = v and %s;", f, tail)
		rule("HEAD if (g in o.Ptrs or g in o.Values) and g.I = 2 and g.%s = v and x = g.S and %s;", f, tail)
		rule("HEAD if g in o.Ptrs and g.I = 2 and g.%s = v and cut and x = g.S and %s;", f, tail)
		rule("HEAD if forall(g in o.Ptrs, g.I >= 1 and g.%s = v) and x = 1 and %s;", f, tail)
	}
	p := newPolicyTest(t, policy.String(), map[string]any{"Kinds": kinds{}, "Part": part{}, "Owner": owner{}})
	full := manyKinds()
	withNil := manyKinds()
	withNil.Ptrs = append([]*kinds{withNil.Ptrs[1], nil}, withNil.Ptrs...)
	withNil.Uints = append(withNil.Uints, math.MaxUint64, 2)
	first := manyKinds()
	first.Ptrs = append([]*kinds{nil}, first.Ptrs...)
	first.Values = first.Values[1:2]
	for i, o := range []*owner{full, withNil, first, {}} {
		for _, w := range []any{&o.Want, o.Want, (*kinds)(nil), map[string]any{"I": 2, "S": "a"}} {
			for _, v := range []any{2, "a", true} {
				if i > 0 && w != any(&o.Want) || (i > 0 || w != any(&o.Want)) && v != 2 || another && i == 1 {
					continue
				}
				for _, r := range rules {
					p.same(r, o, w, v)
					if t.Failed() {
						t.Fatal(policy.String()[strings.Index(policy.String(), r+"("):][:160])
					}
				}
			}
		}
	}
}

// A scan looks at its context: a deadline holds over a list of any length.
func TestScansEnd(t *testing.T) {
	type big struct{ Items []part }
	b := &big{Items: make([]part, 50_000)}
	p := newPolicyTest(t, "f(b, x) if g in b.Items and g.N = 1 and x = 1;", map[string]any{"Big": big{}, "Part": part{}})
	endsWhenCancelled(t, p, b, 1)
}

// So does the look for all roles at once, whether elements pass or not.
func TestClosuresEnd(t *testing.T) {
	type many struct{ Items []holding }
	b := &many{Items: make([]holding, 50_000)}
	for _, number := range []string{"0", "1"} {
		p := newPolicyTest(t, `f(b: Many, "r0", x) if f(b, "r1", x); f(b: Many, role: String, _x) if g in b.Items and g.Doc = `+number+` and g.Role = role;`, map[string]any{"Many": many{}})
		endsWhenCancelled(t, p, b, "r0", 1)
	}
}

// endingContext is over once somebody has looked at it so many times.
type endingContext struct {
	context.Context
	left int
}

func (c *endingContext) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// endsWhenCancelled calls f and cancels it soon: it must end by that, without a result.
func endsWhenCancelled(t *testing.T, p *policyTest, args ...any) {
	t.Helper()
	s := p.registry.Acquire()
	defer p.registry.Release(s)
	q := p.engine.Rule("f")
	defer q.Close()
	for _, x := range args {
		v, _ := s.Value(x)
		if err := q.Arg(v); err != nil {
			t.Fatal(err)
		}
	}
	q.Start(&endingContext{t.Context(), 5}, s, engine.Options{})
	found, err := q.Next()
	var e *diag.Error
	if found || !errors.As(err, &e) || e.Kind != diag.QueryTimeout {
		t.Errorf("got %v, %v", found, err)
	}
}

// Behind the last element that can match no choice point is left, and none is made for a list without.
func TestScansFindAllMatchesOfLongLists(t *testing.T) {
	type box struct{ Items []*part }
	b := &box{}
	var want []string
	for i := range 5000 {
		n := 0
		if i == 3 || i == 10 || i == 703 || i == 3000 || i == 4999 {
			n = 1
			want = append(want, fmt.Sprint(i))
		}
		b.Items = append(b.Items, &part{n})
	}
	p := newPolicyTest(t, "f(b, x) if g in b.Items and g.N = 1 and x = g;", map[string]any{"Box": reflect.Zero(reflect.TypeFor[box]()).Interface(), "Part": part{}})
	if got := strings.Count(p.same("f", b), "part"); got != len(want) {
		t.Errorf("%d results, want %d", got, len(want))
	}
}

// An argument that a rule will take from a field is not constrained where the field holds what its class asks for, and that cannot
// be told from constraining it.
func TestArgumentsTakenFromFields(t *testing.T) {
	p := newPolicyTest(t, `
		rel(o: Part, "ptr", k: Kinds) if o = k.Ptr;
		rel(o: Part, "nil", k: Kinds) if o = k.NilPtr;
		rel(o: Part, "part", k: Kinds) if o = k.Part;
		rel(o: Kinds, "ptr", k: Kinds) if o = k.Ptr;
		rel(o: Integer, "int", k: Kinds) if o = k.I;
		rel(o: Part, "missing", k: Kinds) if o = k.Missing;
		rel(o: Part, "self", o: Part) if o = o.N;
		direct(what, k, x) if rel(x, what, k);
		before(what, k, x) if x matches Part and rel(x, what, k);
		after(what, k, x) if rel(x, what, k) and x matches Part and x.N > 0;
		inside(what, k, x) if rel(y, what, k) and x = y.N;
		denied(what, k, x) if not rel(x, what, k);
		given(what, k, x) if x = k.Ptr and rel(x, what, k);
		twice(what, k, x) if rel(x, what, k) and rel(x, what, k);
		alias(what, k, x) if y = x and rel(y, what, k);
		partial(what, k, x) if rel(y, what, x) and k = y;
	`, map[string]any{"Kinds": kinds{}, "Part": part{}})
	empty := &kinds{}
	for _, rule := range []string{"direct", "before", "after", "inside", "denied", "given", "twice", "alias", "partial"} {
		for _, what := range []string{"ptr", "nil", "part", "int", "missing", "self", "none"} {
			for _, k := range []any{fullKinds(), *fullKinds(), empty, (*kinds)(nil), &part{1}, map[string]any{"Ptr": &part{3}}, 5} {
				p.same(rule, what, k)
			}
		}
	}
	if got := p.same("inside", "ptr", fullKinds()); got != "1" {
		t.Errorf("got %s", got)
	}
	if got := p.same("direct", "nil", empty); got != "" {
		t.Errorf("nil is a Part: %s", got)
	}
}
