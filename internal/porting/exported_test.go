package porting

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// public are the packages that programs import.
var public = []string{"pkg/oso", "pkg/oso/errors", "pkg/oso/interfaces", "pkg/oso/osohttp", "pkg/oso/osotest", "pkg/oso/types"}

// The golden list shows in a diff what a change adds to the public names, and what it would take away from programs. Rewrite it
// with -update.
func TestExportedNamesAreListed(t *testing.T) {
	var got strings.Builder
	for _, dir := range public {
		got.WriteString("# " + dir + "\n")
		for _, line := range exported(t, dir) {
			got.WriteString(line + "\n")
		}
		got.WriteString("\n")
	}
	golden := filepath.Join("testdata", "exported.txt")
	if *update {
		writeFile(t, got.String(), golden)
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s\nIf programs can live with that: go test ./internal/porting -run TestExportedNamesAreListed -update", diff)
	}
}

// exported returns the exported declarations of a package, a line each, sorted.
func exported(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(dir), "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	var lines []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.FileExports(f)
		for _, decl := range f.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil && !ast.IsExported(receiver(d.Recv.List[0].Type)) {
					continue
				}
				d.Body = nil
				lines = append(lines, oneLine(t, fset, d))
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if v, ok := spec.(*ast.ValueSpec); ok {
						v.Values = nil
					}
					if d.Tok != token.IMPORT {
						lines = append(lines, d.Tok.String()+" "+oneLine(t, fset, spec))
					}
				}
			}
		}
	}
	slices.Sort(lines)
	return lines
}

func receiver(e ast.Expr) string {
	if p, ok := e.(*ast.StarExpr); ok {
		e = p.X
	}
	name, _ := e.(*ast.Ident)
	if name == nil {
		return ""
	}
	return name.Name
}

func oneLine(t *testing.T, fset *token.FileSet, node any) string {
	t.Helper()
	var b bytes.Buffer
	if err := printer.Fprint(&b, fset, node); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
