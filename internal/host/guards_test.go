package host

import (
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"weak"

	"github.com/goso-project/goso/internal/wam"
)

// linked leads to kinds by pointers and by value, so that a rule can begin with a field of a field.
type linked struct {
	To    *kinds
	None  *kinds
	Value kinds
	More  *linked
	N     int
}

// A rule that begins with any comparison is left out before it is entered only where it has no result and no error.
func TestRulesAreLeftOutOnlyWhereTheyFail(t *testing.T) {
	var policy strings.Builder
	var rules []string
	rule := func(format string, args ...any) {
		name := fmt.Sprintf("r%d", len(rules))
		rules = append(rules, name)
		fmt.Fprintf(&policy, "%[1]s(o, w, v, x) if %[2]s and x = 1 and [_o, _w, _v] = [o, w, v];\n%[1]s(_o, _w, _v, x) if x = 2;\n", name, fmt.Sprintf(format, args...))
	}
	fields := []string{"I", "I8", "U", "U64", "F32", "F64", "B", "S", "Label", "Any", "Ptr", "Part", "IntPtr", "Strs", "Deep", "Hidden", "Missing"}
	for _, f := range fields {
		for _, op := range []string{"=", "==", "!=", "<", "<=", ">", ">="} {
			for _, operand := range []string{"2", "-3", `"text"`, `"a�b"`, "true", "2.0", "1.5", "9223372036854775807", "4611686018427387904", "v", "w." + f, "w.I", "w.U64", "w.F64", "w.S", "o.Ptr"} {
				rule("o.%s %s %s", f, op, operand)
			}
			rule("2 %s o.%s", op, f)
			rule("v %s w.%s", op, f)
		}
		rule("y = o.%s and v = y", f)
		rule("o.%s", f)
		rule("o.I = v and o.%s", f)
		rule("o.%s = v and o.Missing = 1", f)
		rule("o.Missing = v and o.%s = 77", f)
		rule("y = o.%s and o.I = 77 and [_y] = [y]", f)
		rule("o.%s < \"a\" and o.I = 77", f)
		rule("o.Ptr.N = 1 and o.%s = v", f)
	}
	for _, way := range []string{"To", "None", "Value", "More.To", "More.None", "More.Value", "More.More.To", "Missing"} {
		for _, condition := range []string{"I = 2", "U64 = 2", "U64 > 2", `S = "text"`, "F64 >= 1.5", "B", "I = v", "Ptr.N = 1", "NilPtr.N = 1", "Part.N = 2", "Missing = 1", "I8"} {
			rule("w.%s.%s", way, condition)
			rule("w.More.To.I = o.I and w.%s.%s", way, condition)
			rule("o.I = w.%s.I and o.I = v and w.%s.%s", way, way, condition)
		}
	}
	p := newPolicyTest(t, policy.String(), map[string]any{"Kinds": kinds{}, "Part": part{}, "Linked": linked{}})
	nan := &kinds{I: 2, I8: 2, U: 2, U64: math.MaxUint64, F64: math.NaN(), S: "a\xffb", Label: "text", Any: 2}
	negative := &kinds{I: -3, I8: -3, U64: 1 << 63, F64: -3, F32: 2, S: "a\uFFFDb", Any: "text", Behind: &Behind{Hidden: 2}}
	large := &kinds{I: math.MaxInt, U: math.MaxInt, U64: math.MaxInt64, F64: math.MaxInt64, F32: float32(math.Inf(1)), B: true, S: "text", Ptr: &part{1}}
	for i, o := range []any{fullKinds(), nan, negative, large, *large, (*kinds)(nil), map[string]any{"I": 2}} {
		to := []*kinds{large, nan, negative}[i%3]
		ways := &linked{To: to, Value: *to, More: &linked{To: fullKinds(), More: &linked{To: to}}}
		for _, w := range []any{o, to, ways} {
			v := []any{2, "text", "a\uFFFDb", 2.0, math.NaN(), true, int64(math.MaxInt64)}[i]
			for _, r := range rules {
				p.same(r, o, w, v)
				if t.Failed() {
					t.Fatal(policy.String()[strings.Index(policy.String(), r+"("):][:120])
				}
			}
		}
	}
}

// Fields of fields are those of the objects on the way, not of arguments.
func TestRulesAreLeftOutByFieldsOfFields(t *testing.T) {
	p := newPolicyTest(t, `f(a: Linked, b: Linked, x) if p = a.More and q = b.More and y = p.N and q.N = y and x = 1; f(_, _, x) if x = 2;`, map[string]any{"Linked": linked{}})
	for _, test := range []struct {
		a, b *linked
		want string
	}{
		{&linked{N: 1, More: &linked{N: 3}}, &linked{N: 2, More: &linked{N: 3}}, "1; 2"},
		{&linked{N: 3, More: &linked{N: 1}}, &linked{N: 3, More: &linked{N: 2}}, "2"},
	} {
		if got := p.same("f", test.a, test.b); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

// A rule that certainly fails leaves no alternative behind, so that a loop beside it needs no room for each turn.
func TestRulesThatFailLeaveNoAlternatives(t *testing.T) {
	conditions := []string{
		`o.I = 3`, `3 = o.I`, `o.S = "x"`, `o.B = false`, `o.F64 = 2.5`, `o.F64 = 2`, `o.U64 = 3`, `o.I = "text"`, `o.S = 2`, `o.I = v`, `v = o.S`,
		`o.I != -1`, `o.I > 2`, `o.U64 < w.I`, `o.S >= "texts"`, `o.F64 < w.F64`, `not_o.B`, `o.Ptr.N = 7`, `o.Part.N > o.Ptr.N and o.I = 3`,
		`o.I = w.I8`, `o.S = w.Deep`, `o.I8 = w.I and w.I < o.I`, `y = o.S and y = w.Deep`, `o.U64 = o.I`,
		`g in o.Ptrs and g.N = 9`, `g in o.Parts and g.N = v`, `g in o.Ints and g = 5`, `g in o.Strs and g = w.S`, `g in o.Empty and g = 1`,
		`o.I = -1 and o.U = 1 and o.S = "x"`,
	}
	var policy strings.Builder
	for i, c := range conditions {
		c = strings.ReplaceAll(c, "not_o.B", "o.I = -1 and w.B")
		for _, class := range []string{"", ": Kinds"} {
			fmt.Fprintf(&policy, "loop%[1]d%[2]s(o%[3]s, w, v, n, x) if o.I = -1 and n > 0 and m = n - 1 and loop%[1]d%[2]s(o, w, v, m, x);\nloop%[1]d%[2]s(o%[3]s, w, v, n, x) if %[4]s and [w, v, n] = [x];\n",
				i, map[bool]string{true: "typed"}[class != ""], class, c)
		}
	}
	p := newPolicyTest(t, policy.String(), map[string]any{"Kinds": kinds{}, "Part": part{}})
	p.limits.StackWords = 2000
	o := fullKinds()
	o.Ptrs = []*part{{1}, {2}}
	w := &kinds{I: 1, S: "text", F64: 1.25, Inner: Inner{Deep: "x"}}
	for i := range conditions {
		for _, kind := range []string{"", "typed"} {
			if got := p.ask(fmt.Sprintf("loop%d%s", i, kind), 0, o, w, 77, 5000); got != "" {
				t.Errorf("%s, %s: %s", conditions[i], kind, got)
			}
		}
	}
}

// What was read to tell rules apart is forgotten with the query, also by a machine that is used again.
func TestWhatGuardsReadIsForgotten(t *testing.T) {
	p := newPolicyTest(t, `f(o: Linked, x) if o.More.N = 7 and x = 1; f(o: Linked, x) if o.More.N = 1 and x = 2;`, map[string]any{"Linked": linked{}})
	s := p.registry.Acquire()
	read := &linked{N: 1}
	was := weak.Make(read)
	v, err := s.Value(&linked{More: read})
	if err != nil {
		t.Fatal(err)
	}
	read = nil
	q := p.engine.Rule("f")
	if err := q.Arg(v); err != nil {
		t.Fatal(err)
	}
	if err := q.Arg(wam.VarValue("x")); err != nil {
		t.Fatal(err)
	}
	q.Start(t.Context(), s, options(0))
	if got := strings.Join(p.results(q), "; "); got != "2" {
		t.Errorf("got %s", got)
	}
	v = wam.Value{}
	if !q.Clear() {
		t.Fatal("the query cannot be used again")
	}
	p.registry.Release(s)
	runtime.GC()
	if was.Value() != nil {
		t.Error("an object is held")
	}
	runtime.KeepAlive(q)
}

// Rules whose guards are all there is of them have the same results, in the same order, with the same errors, as when they run.
func TestRulesThatAreGuardsAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 15))
	conditions := []string{
		"o.I = w.I", `o.S = "text"`, `o.S in ["text", "x"]`, `o.S in ["text", "text"]`, "o.I in [-1, 1, 2]", "o.I in [1.0, 1]", "v in [1, 2, 3, 2]", "v in [2, true]",
		"o.I in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1]", "o.F64 in [2, 3]", "o.B in [true]", "o.B", "o.I < 3", "o.U64 >= w.I", `o.Missing = 1`, "_ = o.Missing", "_ = o.Ptr.N",
		"_ = o.I", "o.Ptr.N in [1, 7]", "v = v", "v", "v = o.I", "not o.B", "o.S in w.Strs", "o.Ptr.N = 1", "v < 2", "v in []", `"x" in ["x"]`, "y = o.I and y in [1, 2] and y = w.I",
	}
	heads := []string{"o: Kinds, w: Kinds, v", "o: Kinds, w: Kinds, v", "o: Kinds, w, v", "o, w, v", "o: Kinds, w: Kinds, v: Integer", "o: Kinds{I: 1}, w, v", "o: Part, w, v", "o: Kinds, w: Kinds, v: String", "v, w, o"}
	var objects []any
	for i := range 4 {
		k := fullKinds()
		k.I, k.B, k.S, k.U64 = i-1, i%2 == 0, pick(r, "text", "x", "other"), uint64(i)
		objects = append(objects, k)
	}
	objects = append(objects, &part{1}, (*kinds)(nil))
	values := []any{1, 2, 0, "text", true, 2.0, objects[0], int64(math.MaxInt64)}
	answers := 0
	for range 120 {
		var policy strings.Builder
		for range pick(r, 1, 2, 3, 4, 12) {
			var body []string
			for range r.IntN(5) {
				body = append(body, pick(r, conditions...))
			}
			all, head := strings.Join(body, " and "), pick(r, heads...)
			for _, name := range []string{"o", "w", "v"} {
				if !regexp.MustCompile(`\b` + name + `\b`).MatchString(all) {
					head = regexp.MustCompile(`\b`+name+`\b`).ReplaceAllString(head, "_"+name)
				}
			}
			fmt.Fprintf(&policy, "ok(%s, _)", head)
			if all != "" {
				policy.WriteString(" if " + all)
			}
			policy.WriteString(";\n")
		}
		policy.WriteString("twice(o, w, v, x) if ok(o, w, v, _) and x = 1 and ok(w, o, v, _);\n")
		text := policy.String()
		p := newPolicyTest(t, text, map[string]any{"Kinds": kinds{}, "Part": part{}})
		for range 12 {
			o, w, v := pick(r, objects...), pick(r, objects...), pick(r, values...)
			got := p.same(pick(r, "ok", "ok", "twice"), o, w, v)
			if t.Failed() {
				t.Fatalf("%s%v %v %v", text, o, w, v)
			}
			answers += strings.Count(got, ";")
		}
	}
	if answers < 500 {
		t.Errorf("only %d answers", answers)
	}
}
