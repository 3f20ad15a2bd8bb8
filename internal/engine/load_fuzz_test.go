package engine

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/ast"
)

// FuzzLoad loads any text: a load gives a policy or errors, a policy has the form the compiler takes, and CheckAll finds what
// the load found.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("../../testdata/conformance/*.jsonl")
	if err != nil || len(files) == 0 {
		f.Fatal("no corpora", err)
	}
	for _, file := range files {
		if slices.Contains(otherHosts, filepath.Base(file)) {
			continue
		}
		for _, c := range readCases(f, file) {
			for _, src := range c.sources(f) {
				f.Add(src.Text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, policy string) {
		next, warnings, errors := EmptyPolicy().Load(text(policy), testRegistry(), LoadOptions{})
		bothWays(t, text(policy), testRegistry(), LoadOptions{})
		if (next == nil) != (len(errors) > 0) {
			t.Fatalf("a policy: %v; errors: %v", next != nil, errors)
		}
		for _, d := range append(warnings, errors...) {
			_ = d.Error() // places are valid
		}
		found := CheckAll(text(policy), testRegistry(), CheckOptions{})
		if again := CheckAll(text(policy), testRegistry(), CheckOptions{}); !slices.Equal(describeAll(found), describeAll(again)) {
			t.Errorf("two checks differ: (-first +second)\n%s", cmp.Diff(describeAll(found), describeAll(again)))
		}
		failed := slices.ContainsFunc(found, func(d Diagnostic) bool { return !d.Warning })
		if failed != (len(errors) > 0) {
			t.Errorf("loading gives %v, checking %v", errors, describeAll(found))
		}
		if len(errors) > 0 && !slices.ContainsFunc(found, func(d Diagnostic) bool {
			return d.Kind == errors[0].Kind && d.Span.Start == errors[0].Span.Start && d.Span.IsValid() == errors[0].Span.IsValid()
		}) {
			t.Errorf("checking does not find %v; it finds %v", errors[0], describeAll(found))
		}
		if next == nil {
			return
		}
		for _, r := range next.Rules() {
			if problem := unfit(r); problem != "" {
				t.Errorf("%s: %s", problem, ast.FormatRule(r))
			}
		}
	})
}

// unfit says why a rule does not have the form the compiler takes, or returns "".
func unfit(r *ast.Rule) string {
	for _, p := range r.Params {
		if problem := unfitTerm(p.Term); problem != "" {
			return problem
		}
		if p.Specializer != nil {
			if problem := unfitTerm(p.Specializer); problem != "" {
				return problem
			}
		}
	}
	if r.Body == nil {
		return ""
	}
	if body, ok := r.Body.(*ast.Expr); !ok || body.Op != ast.And {
		return "the body is no conjunction"
	}
	return unfitTerm(r.Body)
}

// unfitTerm looks at a term and all in it.
func unfitTerm(t ast.Term) string {
	var parts []ast.Term
	fields := func(fields []ast.Field) {
		for _, f := range fields {
			parts = append(parts, f.Value)
		}
	}
	switch t := t.(type) {
	case *ast.Var:
		if t.Name == "_" {
			return "an anonymous variable"
		}
	case *ast.List:
		parts = append(parts, t.Items...)
		if t.Rest != nil {
			parts = append(parts, t.Rest)
		}
	case *ast.Dict:
		fields(t.Fields)
	case *ast.Class:
		fields(t.Fields)
	case *ast.Call:
		parts = append(parts, t.Args...)
		fields(t.Kwargs)
	case *ast.Expr:
		parts = t.Args
		switch t.Op {
		case ast.Dot, ast.Add, ast.Sub, ast.Mul, ast.Div, ast.Mod, ast.Rem:
			if len(t.Args) == 2 {
				return t.Op.String() + " without a result"
			}
		case ast.New:
			if len(t.Args) == 1 {
				return "New without a result"
			}
		}
	}
	for _, part := range parts {
		if problem := unfitTerm(part); problem != "" {
			return problem
		}
	}
	return ""
}
