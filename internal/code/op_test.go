package code

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite generated files")

func TestEveryOpIsDescribed(t *testing.T) {
	seen := map[string]Op{}
	for op := range opEnd {
		inf := info[op]
		if inf.Name == "" {
			t.Errorf("opcode %d has no entry in info", op)
		}
		if other, twice := seen[inf.Name]; twice {
			t.Errorf("opcodes %d and %d are both named %s", other, op, inf.Name)
		}
		seen[inf.Name] = op
		if effects[op] == nil {
			t.Errorf("%s has no entry in effects", inf.Name)
		}
		var registers string
		for _, e := range effects[op] {
			registers += e[1:]
			if len(e) != 2 || !strings.Contains("rxwflc", e[:1]) {
				t.Errorf("%s: effect %q is unknown", inf.Name, e)
			}
		}
		if want := strings.Map(func(r rune) rune {
			if r >= 'A' && r <= 'C' {
				return r
			}
			return -1
		}, inf.Args); registers != want {
			t.Errorf("%s: effects are given of registers %q, operands are %q", inf.Name, registers, want)
		}
	}
	if got := opEnd.String(); got != "op?" {
		t.Errorf("an unknown operation is named %q", got)
	}
}

// TestInstructionTable holds the table of doc.go, the comments of op.go, info and effects together.
func TestInstructionTable(t *testing.T) {
	var table strings.Builder
	row := func(cols ...any) {
		line := fmt.Sprintf("//\t%-15s %-8s %-9s %-8s %s", cols...)
		table.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	row("name", "operands", "reads", "assigns", "effect")
	comments := opComments(t)
	for op := range opEnd {
		operands, effect, _ := strings.Cut(comments[op], "  ")
		if got := strings.ReplaceAll(strings.Trim(operands, "-"), " ", ""); got != info[op].Args {
			t.Errorf("%s: op.go gives operands %q, info %q", op, got, info[op].Args)
		}
		var reads, assigns []string
		for _, e := range effects[op] {
			switch e[0] {
			case 'r':
				reads = append(reads, e[1:])
			case 'x':
				reads = append(reads, e[1:]+"!")
			case 'c':
				reads = append(reads, e[1:]+" level")
			case 'w':
				assigns = append(assigns, e[1:])
			case 'f':
				assigns = append(assigns, e[1:]+"?")
			case 'l':
				assigns = append(assigns, e[1:]+" level")
			}
		}
		for _, a := range info[op].Args {
			switch a {
			case 'T', 'M':
				reads, assigns = append(reads, string(a)), append(assigns, string(a))
			case 'S':
				reads = append(reads, "S")
			}
		}
		row(op.String(), strings.Join(strings.Split(info[op].Args, ""), " "), strings.Join(reads, " "), strings.Join(assigns, " "), strings.TrimSpace(effect))
	}

	src, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	start := strings.LastIndex(string(src), "-update\n//\n") + len("-update\n//\n")
	end := strings.LastIndex(string(src), "package code")
	if *update {
		if err := os.WriteFile("doc.go", []byte(string(src[:start])+table.String()+string(src[end:])), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(table.String(), string(src[start:end])); diff != "" {
		t.Errorf("the table of doc.go is not up to date: run this test with -update (-want +got)\n%s", diff)
	}
}

// opComments returns the comments beside the operations in op.go.
func opComments(t *testing.T) map[Op]string {
	file, err := parser.ParseFile(token.NewFileSet(), "op.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	comments := map[Op]string{}
	for _, decl := range file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.CONST || len(d.Specs) == 0 || d.Specs[0].(*ast.ValueSpec).Names[0].Name != "OpHalt" {
			continue
		}
		for i, spec := range d.Specs {
			comments[Op(i)] = strings.TrimSpace(spec.(*ast.ValueSpec).Comment.Text())
		}
	}
	if len(comments) != int(opEnd)+1 {
		t.Fatalf("op.go declares %d operations, not %d", len(comments)-1, opEnd)
	}
	return comments
}

func TestOperatorsInvertInPairs(t *testing.T) {
	for _, o := range []Operator{Neq, Lt, Leq, Gt, Geq} {
		if i := o.Inverse().Inverse(); i != o {
			t.Errorf("the inverse of the inverse of %v is %v", o, i)
		}
	}
	if Eq.Inverse() != Neq || Unify.Inverse() != Neq {
		t.Error("what is not equal is unequal")
	}
	if got := Operator(99); got.String() != "Op?" || got.Text() != "?" || got.Inverse() != got {
		t.Errorf("operator 99 is %v %q", got, got.Text())
	}
	if Geq.String() != "Geq" || Geq.Text() != ">=" {
		t.Errorf("Geq is %v %q", Geq, Geq.Text())
	}
}

func TestCellsKeepWhatTheyHold(t *testing.T) {
	for _, i := range []int64{0, 1, -1, MaxInline, MinInline} {
		if c := MakeInt(i); !FitsInline(i) || c.Tag() != INT || c.Int() != i {
			t.Errorf("%d comes back as %v %d", i, c.Tag(), c.Int())
		}
	}
	if FitsInline(MaxInline+1) || FitsInline(MinInline-1) {
		t.Error("integers of 61 bits do not fit")
	}
	for _, f := range []float64{0, -1.5, 1e300} {
		if got := BitsFloat(FloatBits(f)); got != f {
			t.Errorf("%v comes back as %v", f, got)
		}
	}
	if MakeBool(true) != True || MakeBool(false) != False || True.Index() != 1 {
		t.Error("booleans are 0 and 1")
	}
}
