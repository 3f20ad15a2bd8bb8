package main

import (
	"fmt"
	"go/importer"
	"go/token"
	"strings"
	"testing"
)

// weaveText weaves a file that begins with "package p".
func weaveText(t *testing.T, src string) (string, []change) {
	t.Helper()
	w := weaver{set: token.NewFileSet()}
	trees, err := w.parseForTypes("p", []string{"p.go"}, [][]byte{[]byte(src)}, importer.Default())
	if err != nil {
		t.Fatal(err)
	}
	text := w.file("p.go", []byte(src), trees[0])
	check := weaver{set: token.NewFileSet()}
	all := []string{"p.go", "helpers.go"}
	// The helpers without what they import, which says nothing here.
	helper := "package p\nfunc mutOn(int) bool { return false }\n" + helpers[strings.Index(helpers, "func mutNot"):]
	if _, err := check.parseForTypes("p", all, [][]byte{[]byte(text), []byte(helper)}, importer.Default()); err != nil {
		t.Errorf("what is woven does not compile: %v\n%s", err, text)
	}
	return text, w.changes
}

func TestWhatIsWovenCompilesAndNamesEachChange(t *testing.T) {
	for _, c := range []struct{ name, body, changes string }{
		{"comparison", `func f(a, b int) bool { return a == b }`, "CONDITIONALS_NEGATION !="},
		{"order", `func f(a, b int) bool { return a < b }`, "CONDITIONALS_BOUNDARY <= CONDITIONALS_NEGATION >="},
		{"operands", `func f(a, b bool) bool { return a && b }`, "INVERT_LOGICAL || DROP_LEFT_OPERAND b DROP_RIGHT_OPERAND a"},
		{"numbers", `func f(a uint8) uint8 { return a<<2 + 1 }`, "INVERT_BITWISE >> ARITHMETIC_BASE -"},
		{"texts have no difference", `func f(a string) string { return a + a }`, "ARITHMETIC_BASE - (not valid)"},
		{"constants are compiled by themselves", `const c = 1 + 2`, "ARITHMETIC_BASE - (apart)"},
		{"negative", `func f(a int) int { return -a }`, "ARITHMETIC_BASE + INVERT_NEGATIVES +"},
		{"loop", `func f() { for i := 0; i < 2; i++ { if i == 1 { continue } } }`,
			"CONDITIONALS_BOUNDARY <= CONDITIONALS_NEGATION >= INCREMENT_DECREMENT -- CONDITIONALS_NEGATION != INVERT_LOOPCTRL break"},
		{"break of a switch", `func f(a int) { switch a { case 1: break } }`, "INVERT_LOOPCTRL continue (not valid)"},
		{"assignments", `func f(a int) int { a += 2; a = 3; a++; return a }`,
			"INVERT_ASSIGNMENTS -= REMOVE_SELF_ASSIGNMENTS = DROP_STATEMENT  DROP_STATEMENT  INCREMENT_DECREMENT -- DROP_STATEMENT "},
		{"answers", `func f(a bool) bool { if a { return true }; a = false; return !a }`,
			"NEGATE_CONDITION not SWAP_RESULT false SWAP_RESULT true DROP_STATEMENT "},
		{"an answer is not any variable of that name", `func f(m map[int]bool) (bool, bool) { v, ok := m[1]; return v, ok }`, ""},
		{"calls", `func f() { g() }; func g() { panic("x") }`, "DROP_STATEMENT "},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, changes := weaveText(t, "package p\n"+c.body+"\n")
			var got []string
			for _, x := range changes {
				s := fmt.Sprint(x.Kind, " ", x.Instead)
				if x.How != woven {
					s += " (" + string(x.How) + ")"
				}
				got = append(got, s)
			}
			if g := strings.Join(got, " "); g != c.changes {
				t.Errorf("got  %s\nwant %s", g, c.changes)
			}
		})
	}
}

func TestASampleHoldsWholeLines(t *testing.T) {
	var list []change
	for i := range 40 {
		list = append(list, change{File: "f", Line: i / 2, Column: i})
	}
	a, b, other := draw(append([]change(nil), list...), 11, 1), draw(append([]change(nil), list...), 11, 1), draw(append([]change(nil), list...), 11, 2)
	if len(a) != 12 || fmt.Sprint(a) != fmt.Sprint(b) || fmt.Sprint(a) == fmt.Sprint(other) {
		t.Errorf("got %d, %d and %d changes: %v, %v, %v", len(a), len(b), len(other), a, b, other)
	}
	for i, c := range a {
		if c.Line != a[i^1].Line {
			t.Errorf("line %d was torn apart", c.Line)
		}
	}
}
