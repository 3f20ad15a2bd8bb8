package porting

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	ported = "github.com/osohq/go-oso"
	ours   = "github.com/goso-project/goso/pkg/oso"
)

// programs are the directories of testdata that hold a program with tests, all written for go-oso.
var programs = []string{"gitclub", "expenses", "inspect"}

// apiFolders says where in the stub each file of testdata/api goes.
var apiFolders = map[string]string{"oso.go": "", "host.go": "internal/host", "interfaces.go": "interfaces", "errors.go": "errors", "types.go": "types"}

func parseAPI(t *testing.T, file string) (*token.FileSet, *ast.File) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, filepath.Join("testdata", "api", file), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return fset, f
}

func writeFile(t *testing.T, text string, path ...string) {
	t.Helper()
	name := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// writeStub makes a module of the signatures: every function gets a body.
func writeStub(t *testing.T, dir string) {
	t.Helper()
	writeFile(t, "module "+ported+"\n\ngo 1.26\n", dir, "go.mod")
	for file, folder := range apiFolders {
		fset, f := parseAPI(t, file)
		for _, decl := range f.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				fn.Body = &ast.BlockStmt{List: []ast.Stmt{&ast.ExprStmt{X: &ast.CallExpr{Fun: ast.NewIdent("panic"), Args: []ast.Expr{&ast.BasicLit{Kind: token.STRING, Value: `"a stub"`}}}}}}
			}
		}
		var b bytes.Buffer
		if err := format.Node(&b, fset, f); err != nil {
			t.Fatal(err)
		}
		writeFile(t, b.String(), dir, folder, file)
	}
}

// module makes a module of a program's files, with its imports changed by a textual replacement, as a port would.
func module(t *testing.T, name, imports, require, replacement string) string {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, "module example.com/"+name+"\n\ngo 1.26\n\nrequire "+require+" v0.0.0\n\nreplace "+require+" => "+filepath.ToSlash(replacement)+"\n", dir, "go.mod")
	files, err := filepath.Glob(filepath.Join("testdata", name, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no program %s: %v", name, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(file) == ".go" {
			text = bytes.ReplaceAll(text, []byte(`"`+ported), []byte(`"`+imports))
		}
		writeFile(t, string(text), dir, filepath.Base(file))
	}
	return dir
}

func goCommand(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestProgramsUseTheDocumentedAPI(t *testing.T) {
	stub := t.TempDir()
	writeStub(t, stub)
	for _, name := range append([]string{"names"}, programs...) {
		t.Run(name, func(t *testing.T) {
			goCommand(t, module(t, name, ported, ported, stub), "vet", "./...")
		})
	}
}

func TestPortedProgramsPassTheirTests(t *testing.T) {
	for _, name := range programs {
		t.Run("check 131: "+name+" after changing import paths", func(t *testing.T) {
			dir := module(t, name, ours, "github.com/goso-project/goso", root(t))
			goCommand(t, dir, "vet", "./...")
			goCommand(t, dir, "test", "./...")
		})
	}
}

func TestProgramsAreOfSomeSize(t *testing.T) {
	for _, name := range programs {
		text, err := os.ReadFile(filepath.Join("testdata", name, "main.go"))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(text, []byte("\n")); n < 200 {
			t.Errorf("%s has %d lines", name, n)
		}
	}
}
