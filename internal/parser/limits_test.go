package parser

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

func TestReasonableDepthParses(t *testing.T) {
	for _, tt := range []struct{ what, text string }{
		{"parentheses", strings.Repeat("(", 500) + "x" + strings.Repeat(")", 500)},
		{"lists", strings.Repeat("[", 500) + strings.Repeat("]", 500) + " = x"},
		{"dictionaries", strings.Repeat("{a: ", 500) + "1" + strings.Repeat("}", 500) + " = x"},
		{"not", strings.Repeat("not (", 500) + "x" + strings.Repeat(")", 500)},
		{"method calls", "x" + strings.Repeat(".f(x", 500) + strings.Repeat(")", 500)},
		{"sum", "x = 1" + strings.Repeat(" + 1", 5000)},
		{"lookups", "x" + strings.Repeat(".a", 5000)},
		{"chained calls", "x" + strings.Repeat(".a()", 5000)},
		{"and", "x" + strings.Repeat(" and x", 100_000)},
		{"or", "x" + strings.Repeat(" or x", 100_000)},
		{"wide list", "x in [" + strings.Repeat("1,", 100_000) + "1]"},
	} {
		term, err := Query(diag.NewSource("", tt.text))
		if err != nil {
			t.Errorf("%s: %v", tt.what, err.(*diag.Error).Message)
			continue
		}
		nodes := 0
		ast.Walk(term, func(ast.Node) bool { nodes++; return true })
		if printed := ast.Source(term); nodes == 0 || printed == "" || ast.Format(term) == "" || !ast.Equal(term, term) {
			t.Errorf("%s: %d nodes, printed %.20q", tt.what, nodes, printed)
		}
	}
}

// TestDepthIsLimited runs into the limits from every construct that nests. The error is at the token that went too
// far, however much follows.
func TestDepthIsLimited(t *testing.T) {
	const times = 10_000_000
	for _, tt := range []struct {
		what, begin, repeat string
		times               int
		token               string
		at                  int // offset of the token
	}{
		{"parentheses", "", "(", 1_000_000, "(", 1000},
		{"lists", "", "[", times, "[", 1000},
		{"dictionaries", "x = ", "{a:", times, "{", 4 + 3*1000},
		{"not in parentheses", "", "not (", times, "(", 5*1000 + 4},
		{"calls", "", "f(", times, "(", 2*1000 + 1},
		{"method calls", "x", ".f(x", times, "(", 1 + 4*1000 + 2},
		{"constructors", "x = ", "new C(", times, "(", 4 + 6*1000 + 5},
		{"forall", "", "forall(", times, "(", 7*1000 + 6},
		{"print", "", "print(", times, "(", 6*1000 + 5},
		{"prefix forms", "", "in (", times, "(", 4*1000 + 3},
		{"patterns", "x matches ", "C{a:", times, "{", 10 + 4*1000 + 1},
		{"pattern lists", "x matches ", "[", times, "[", 10 + 1000},
		{"pattern parentheses", "x matches {a: ", "(", times, "(", 14 + 999},
		{"sum", "1", "+1", times, "+", 1 + 2*(10_000-1)},
		{"lookups", "x", ".a", times, ".", 1 + 2*(10_000-1)},
		{"chained calls", "x", ".a()", times, ".", 1 + 4*(10_000-1)},
	} {
		text := tt.begin + strings.Repeat(tt.repeat, tt.times)
		start := time.Now()
		_, err := Query(diag.NewSource("", text))
		var d *diag.Error
		if !errors.As(err, &d) || d.Kind != diag.NestingTooDeep || d.Span.Start != tt.at || d.Token != tt.token {
			t.Errorf("%s: got %v %q at %d, want NestingTooDeep %q at %d", tt.what, d.Kind, d.Token, d.Span.Start, tt.token, tt.at)
		}
		if elapsed := time.Since(start); elapsed > 20*time.Second {
			t.Errorf("%s: took %v", tt.what, elapsed)
		}
	}
}

func TestDepthIsLimitedWhenRecovering(t *testing.T) {
	src := diag.NewSource("", "f(1); f("+strings.Repeat("(", 1_000_000)+"; f(2); f(x) if x = 1"+strings.Repeat("+1", 1_000_000)+"; f(3);")
	file, errs := PolicyAll(src)
	if len(errs) != 2 || errs[0].Kind != diag.NestingTooDeep || errs[1].Kind != diag.NestingTooDeep {
		t.Errorf("got %d errors, want NestingTooDeep twice", len(errs))
	}
	if len(file.Items) != 3 {
		t.Errorf("%d good lines left, want 3", len(file.Items))
	}
}

// TestMixedDepthIsLimited nests chains in parentheses: neither limit alone bounds the tree.
func TestMixedDepthIsLimited(t *testing.T) {
	// Each level adds one on the right side of a chain that is itself deep on the left.
	text := "1"
	for range 300 {
		text = "[" + text + "]" + strings.Repeat(" + 1", 60)
	}
	if _, err := Query(diag.NewSource("", text)); !errors.Is(err, diag.NestingTooDeep) {
		t.Errorf("a tree of depth 18,000: got %v, want NestingTooDeep", err)
	}
	chain := strings.Repeat("1 + ", 50) + "("
	if _, err := Query(diag.NewSource("", strings.Repeat(chain, 150)+"1"+strings.Repeat(")", 150))); err != nil {
		t.Errorf("a tree of depth 7,500: %v", err)
	}
}

func TestHugeInputParses(t *testing.T) {
	text := `f("` + strings.Repeat("x", 10<<20) + `");`
	start := time.Now()
	if _, err := Policy(diag.NewSource("", text)); err != nil {
		t.Errorf("a string of 10 MB: %v", err)
	}
	if _, err := Policy(diag.NewSource("", strings.Repeat("f(x) if x = 1 and g(x.a);\n", 40_000))); err != nil {
		t.Errorf("40,000 rules: %v", err)
	}
	if elapsed := time.Since(start); elapsed > 20*time.Second {
		t.Errorf("took %v", elapsed)
	}
}

func TestManyErrorsTakeLinearTime(t *testing.T) {
	text := strings.Repeat("f(x y); ", 200_000) // on one line
	start := time.Now()
	_, errs := PolicyAll(diag.NewSource("", text))
	if len(errs) != 200_000 {
		t.Fatalf("%d errors, want 200000", len(errs))
	}
	for _, err := range errs {
		if err.Span.Position().Line != 1 {
			t.Fatal("all errors are on line 1")
		}
	}
	if elapsed := time.Since(start); elapsed > 20*time.Second {
		t.Errorf("took %v", elapsed)
	}
}
