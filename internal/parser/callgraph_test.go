package parser

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestEveryRecursionEnters builds the call graph of this package from its source and asks that without the functions
// that call enter, it has no cycle: then input cannot make the parser recurse without being counted. The calls in
// bounded are left out of the graph: climb calls itself, also by way of assignment, for tighter levels only.
func TestEveryRecursionEnters(t *testing.T) {
	bounded := map[string]string{"p.climb": "p.climb", "p.assignment": "p.climb"}
	calls := map[string][]string{} // who mentions whom
	enters := map[string]bool{}
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := goparser.ParseFile(fset, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil && f.Recv.List[0].Names[0].Name != "p" {
				continue // what has no parser cannot recurse through it
			}
			name := f.Name.Name
			if f.Recv != nil {
				name = "p." + name
			}
			// A function mentioned without being called, as in "next := p.negation", counts as called.
			ast.Inspect(f.Body, func(n ast.Node) bool {
				callee := ""
				switch n := n.(type) {
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && x.Name == "p" {
						callee = "p." + n.Sel.Name
					}
				case *ast.Ident:
					callee = n.Name
				}
				if callee == "p.enter" {
					enters[name] = true
				}
				if callee != "" && bounded[name] != callee {
					calls[name] = append(calls[name], callee)
				}
				return true
			})
		}
	}
	if len(enters) < 5 {
		t.Errorf("only %d functions call enter", len(enters))
	}
	if cycle := findCycle(calls, func(string) bool { return false }); cycle == nil {
		t.Error("the parser does not recurse at all: this test looks at the wrong source")
	}
	if cycle := findCycle(calls, func(f string) bool { return enters[f] }); cycle != nil {
		t.Errorf("recursion without enter: %s", strings.Join(cycle, " → "))
	}
}

// findCycle returns a cycle in the graph that avoids the functions left out, or nil.
func findCycle(calls map[string][]string, leftOut func(string) bool) []string {
	done := map[string]bool{}
	var path []string
	var visit func(f string) []string
	visit = func(f string) []string {
		if i := slices.Index(path, f); i >= 0 {
			return append(slices.Clone(path[i:]), f)
		}
		if done[f] || leftOut(f) || calls[f] == nil {
			return nil
		}
		path = append(path, f)
		for _, g := range calls[f] {
			if cycle := visit(g); cycle != nil {
				return cycle
			}
		}
		path = path[:len(path)-1]
		done[f] = true
		return nil
	}
	for f := range calls {
		if cycle := visit(f); cycle != nil {
			return cycle
		}
	}
	return nil
}
