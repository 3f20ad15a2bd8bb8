package host

import (
	"fmt"
	"strings"
	"testing"
)

// Fields that are compared where they lie compare as their values do, with each other, with constants and with variables.
func TestFieldsComparedInPlace(t *testing.T) {
	var policy strings.Builder
	var rules []string
	rule := func(format string, args ...any) {
		name := fmt.Sprintf("r%d", len(rules))
		rules = append(rules, name)
		fmt.Fprintf(&policy, "%s(o, w, v, x) if %s and x = 1 and _o = o and _w = w and _v = v;\n", name, fmt.Sprintf(format, args...))
	}
	operators := []string{"=", "==", "!=", "<", ">="}
	fields := []string{"I", "I8", "I64", "U", "U64", "F64", "B", "S", "Label", "Any", "Ptr", "Part", "Deep", "Hidden", "Strs", "Missing"}
	for _, f := range fields {
		for _, op := range operators {
			for _, operand := range []string{"2", "-8", `"text"`, `"a�b"`, "true", "1.5", "v", "w.I", "w.U64", "w.S", "w.Label", "w.B", "w.F64", "w.Hidden", "w.Missing"} {
				rule("o.%s %s %s", f, op, operand)
				rule("%s %s o.%s", operand, op, f)
			}
		}
		for _, list := range []string{"Ints", "Strs", "Uints", "Floats", "Labels", "Anys", "Ptrs", "Empty", "S", "Dict", "Missing"} {
			rule("o.%s in w.%s", f, list)
		}
		rule("y = o.%s and y = w.S and y = v", f)
		rule("y = o.%s and y = w.I and [y] = [v]", f)
		rule("y = o.%s and z = w.I and y > z and (z = v or y = v)", f)
		rule("not o.%s = w.%s", f, f)
		rule("(o.%s = w.I or o.%s = w.S)", f, f)
	}
	for _, f := range fields { // rules of two clauses: the first is left out where the fields differ
		for _, g := range []string{"I", "I8", "U64", "F64", "B", "S", "Label", "Hidden", "Deep", "Missing"} {
			rule("o.%s = w.%s", f, g)
			fmt.Fprintf(&policy, "%s(_o, _w, _v, x) if x = 2;\n", rules[len(rules)-1])
		}
	}
	for _, list := range []string{"Ints", "Strs", "Uints", "Floats", "Labels", "Anys", "S"} {
		for _, item := range []string{"1", "2", "5", `"a"`, `"b"`, `"�"`, "v", "nil"} {
			rule("%s in o.%s", item, list)
		}
	}
	p := newPolicyTest(t, policy.String(), map[string]any{"Kinds": kinds{}, "Part": part{}})
	odd := &kinds{I: 2, I8: 2, U64: 1 << 63, S: "a\xffb", Label: "text", Any: 2, Strs: []string{"a\xffb", "a", "a"}, Ints: []int{5, 2, 2}}
	same := &kinds{I: 2, S: "a\uFFFDb", B: true, Any: "text", Ints: []int{2}}
	high := &kinds{S: "a\U0010FFFF"} // behind "a\xff", by its bytes before it
	twice := &kinds{I: 2, S: "a", Ints: []int{2, 1, 2}, Strs: []string{"a", "b", "a"}}
	objects := []any{fullKinds(), odd, high, same, *odd, (*kinds)(nil), twice}
	for i, o := range objects {
		for k, w := range []any{o, objects[(i+1)%len(objects)]} {
			v := []any{2, "text", "a\uFFFDb", true}[(i+k)%4]
			for _, r := range rules {
				p.same(r, o, w, v)
				if t.Failed() {
					t.Fatal(policy.String()[strings.Index(policy.String(), r+"("):][:120])
				}
			}
		}
	}
}
