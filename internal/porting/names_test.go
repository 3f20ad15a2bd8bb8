package porting

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite testdata/names/names.go")

// names turns the signatures of the API into a file that mentions each with its type. It compiles only where all of them exist as listed.
type names struct {
	fset *token.FileSet
	pkg  string
	out  *strings.Builder
}

// typ prints a type as another package writes it.
func (n names) typ(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		if e.IsExported() {
			return n.pkg + "." + e.Name
		}
		return e.Name
	case *ast.StarExpr:
		return "*" + n.typ(e.X)
	case *ast.ArrayType:
		return "[]" + n.typ(e.Elt)
	case *ast.Ellipsis:
		return "..." + n.typ(e.Elt)
	case *ast.MapType:
		return "map[" + n.typ(e.Key) + "]" + n.typ(e.Value)
	case *ast.ChanType:
		return "<-chan " + n.typ(e.Value)
	case *ast.SelectorExpr:
		return fmt.Sprint(e.X) + "." + e.Sel.Name
	case *ast.FuncType:
		return "func" + n.signature("", e)
	default:
		var b bytes.Buffer
		_ = format.Node(&b, n.fset, e) // interface{} and struct{}
		return b.String()
	}
}

func (n names) signature(receiver string, f *ast.FuncType) string {
	list := func(fields *ast.FieldList) (types []string) {
		if fields == nil {
			return nil
		}
		for _, field := range fields.List {
			for range max(1, len(field.Names)) {
				types = append(types, n.typ(field.Type))
			}
		}
		return types
	}
	params := list(f.Params)
	if receiver != "" {
		params = append([]string{receiver}, params...)
	}
	return "(" + strings.Join(params, ", ") + ") (" + strings.Join(list(f.Results), ", ") + ")"
}

func (n names) line(format string, args ...any) { fmt.Fprintf(n.out, format+"\n", args...) }

func (n names) function(f *ast.FuncDecl) {
	switch {
	case n.pkg == "host":
		n.line("var _ func(*oso.Oso) func%s = func(o *oso.Oso) func%[1]s { return o.GetHost().%s }", n.signature("", f.Type), f.Name)
	case f.Recv == nil:
		n.line("var _ func%s = %s.%s", n.signature("", f.Type), n.pkg, f.Name)
	case f.Name.Name == "GetHost":
		n.line("var _ = (*oso.Oso).GetHost")
	default:
		recv := n.typ(f.Recv.List[0].Type)
		n.line("var _ func%s = (%s).%s", n.signature(recv, f.Type), recv, f.Name)
	}
}

func (n names) declaration(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.ValueSpec:
			for _, name := range s.Names {
				n.line("const _ types.Comparison = types.%s", name)
			}
		case *ast.TypeSpec:
			if n.pkg != "host" {
				n.typeSpec(n.pkg+"."+s.Name.Name, s.Type)
			}
		}
	}
}

func (n names) typeSpec(name string, e ast.Expr) {
	switch e := e.(type) {
	case *ast.Ident, *ast.ArrayType:
		n.line("var _ = %s(*new(%s))", name, n.typ(e))
	case *ast.StructType:
		n.line("var _ = %s{}", name)
		for _, field := range e.Fields.List {
			for _, f := range field.Names {
				n.line("var _ %s = %s{}.%s", n.typ(field.Type), name, f)
			}
			if len(field.Names) == 0 {
				n.line("var _ %s = %s{}.%s", n.typ(field.Type), name, field.Type)
			}
		}
	default:
		n.line("var _ %s", name)
		if i, ok := e.(*ast.InterfaceType); ok {
			for _, m := range i.Methods.List {
				f, _ := m.Type.(*ast.FuncType)
				n.line("var _ func%s = %s.%s", n.signature(name, f), name, m.Names[0])
			}
		}
	}
}

func TestNamesFollowTheSignatures(t *testing.T) {
	var body strings.Builder
	files := []string{}
	for file := range apiFolders {
		files = append(files, file)
	}
	sort.Strings(files)
	for _, file := range files {
		fset, f := parseAPI(t, file)
		n := names{fset, f.Name.Name, &body}
		n.line("\n// Package %s.", n.pkg)
		for _, decl := range f.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				n.function(d)
			case *ast.GenDecl:
				n.declaration(d)
			}
		}
	}
	want, err := format.Source([]byte("// Package names mentions every name of the documented API. It is made from testdata/api by the tests, with -update.\npackage names\n\n" +
		"import (\n\t\"reflect\"\n\n\t\"" + ported + "\"\n\t\"" + ported + "/errors\"\n\t\"" + ported + "/interfaces\"\n\t\"" + ported + "/types\"\n)\n" + body.String()))
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "names", "names.go")
	if *update {
		writeFile(t, string(want), golden)
	}
	got, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNames(t *testing.T) {
	t.Run("check 127: every name of the documented API compiles", func(t *testing.T) {
		goCommand(t, module(t, "names", ours, "github.com/goso-project/goso", root(t)), "vet", "./...")
	})
}
