package parser

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden holds trees and printed forms against testdata/*.txtar. Each file has the sections policy.polar, tree (one line
// a node: its place, what it is), canonical (as messages show it) and source (which reads back).
func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			policy := string(archive.Files[0].Data)
			file, errs := PolicyAll(diag.NewSource("", policy))
			got := map[string]string{"errors": showErrors(errs), "tree": dumpFile(file), "canonical": canonical(file), "source": ast.FileSource(file)}
			if *update {
				archive.Files = archive.Files[:1]
				for _, name := range []string{"errors", "tree", "canonical", "source"} {
					if got[name] != "" {
						archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
					}
				}
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want := map[string]string{"errors": "", "tree": "", "canonical": "", "source": ""}
			for _, f := range archive.Files[1:] {
				want[f.Name] = string(f.Data)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(errs) == 0 {
				checkPolicyReadsBack(t, policy)
			}
		})
	}
}

func showErrors(errs []*diag.Error) string {
	var b strings.Builder
	for _, err := range errs {
		pos := err.Span.Position()
		fmt.Fprintf(&b, "%d:%d %s: %s\n", pos.Line, pos.Column, strings.TrimPrefix(string(err.Kind), "ParseError::"), err.Message)
	}
	return b.String()
}

// canonical prints the rules and queries of a file as messages do.
func canonical(f *ast.File) string {
	var b strings.Builder
	for _, item := range f.Items {
		switch item := item.(type) {
		case *ast.Rule:
			b.WriteString(ast.FormatRule(item) + "\n")
		case *ast.InlineQuery:
			b.WriteString(ast.Format(item.Query) + "\n")
		}
	}
	return b.String()
}

// dump writes a tree, a node a line.
type dump struct {
	strings.Builder
	depth int
}

func dumpFile(f *ast.File) string {
	var d dump
	for _, item := range f.Items {
		d.item(item)
	}
	return d.String()
}

func (d *dump) line(at diag.Span, format string, args ...any) {
	start, end := at.Position(), at.EndPosition()
	fmt.Fprintf(d, "%-12s %s%s\n", fmt.Sprintf("%d:%d-%d:%d", start.Line, start.Column, end.Line, end.Column),
		strings.Repeat("  ", d.depth), fmt.Sprintf(format, args...))
}

func (d *dump) nested(f func()) {
	d.depth++
	f()
	d.depth--
}

func (d *dump) item(item ast.Item) {
	switch item := item.(type) {
	case *ast.Rule:
		d.line(item.At, "Rule")
		d.nested(func() { d.rule(item) })
	case *ast.RuleType:
		d.line(item.At, "RuleType")
		d.nested(func() { d.rule(item.Head) })
	case *ast.InlineQuery:
		d.line(item.At, "InlineQuery")
		d.nested(func() { d.term(item.Query) })
	case *ast.Block:
		d.line(item.At, "Block")
		d.nested(func() { d.block(item) })
	}
}

func (d *dump) rule(r *ast.Rule) {
	d.line(r.NameAt, "name %s", r.Name)
	for _, p := range r.Params {
		d.term(p.Term)
		if p.Specializer != nil {
			d.nested(func() { d.term(p.Specializer) })
		}
	}
	if r.Body != nil {
		d.line(r.Body.Span(), "body")
		d.nested(func() { d.term(r.Body) })
	}
}

func (d *dump) block(b *ast.Block) {
	if b.Keyword != nil {
		d.term(b.Keyword)
	}
	d.term(b.Resource)
	for _, decl := range b.Declarations {
		d.line(decl.At, "Declaration")
		d.nested(func() {
			d.line(decl.NameAt, "name %s", decl.Name)
			d.line(decl.ValueAt, "value")
			for _, s := range decl.List {
				d.term(s)
			}
			d.fields(decl.Relations)
		})
	}
	for _, s := range b.Shorthands {
		d.line(s.At, "Shorthand")
		d.nested(func() {
			d.term(s.Head)
			d.term(s.Body)
			if s.Word != nil {
				d.term(s.Word)
				d.term(s.Relation)
			}
		})
	}
}

func (d *dump) fields(fields []ast.Field) {
	for _, f := range fields {
		short := ""
		if f.Short {
			short = " (short)"
		}
		d.line(f.KeyAt, "key %s%s", f.Key, short)
		d.nested(func() { d.term(f.Value) })
	}
}

func (d *dump) terms(ts []ast.Term) {
	for _, t := range ts {
		d.term(t)
	}
}

func (d *dump) term(t ast.Term) {
	switch t := t.(type) {
	case *ast.Int:
		d.line(t.At, "Int %d", t.Value)
	case *ast.Float:
		d.line(t.At, "Float %v", t.Value)
	case *ast.String:
		d.line(t.At, "String %s", strconv.Quote(t.Value))
	case *ast.Bool:
		d.line(t.At, "Bool %t", t.Value)
	case *ast.Var:
		d.line(t.At, "Var %s", t.Name)
	case *ast.List:
		d.line(t.At, "List")
		d.nested(func() {
			d.terms(t.Items)
			if t.Rest != nil {
				d.line(t.Rest.At, "Rest %s", t.Rest.Name)
			}
		})
	case *ast.Dict:
		d.line(t.At, "Dict")
		d.nested(func() { d.fields(t.Fields) })
	case *ast.Class:
		d.line(t.At, "Class")
		d.nested(func() {
			d.line(t.TagAt, "tag %s", t.Tag)
			d.fields(t.Fields)
		})
	case *ast.Call:
		d.line(t.At, "Call")
		d.nested(func() {
			d.line(t.NameAt, "name %s", t.Name)
			d.terms(t.Args)
			d.fields(t.Kwargs)
		})
	case *ast.Expr:
		paren := ""
		if t.Paren {
			paren = " (in parentheses)"
		}
		d.line(t.At, "%s%s", t.Op, paren)
		d.nested(func() { d.terms(t.Args) })
	}
}
