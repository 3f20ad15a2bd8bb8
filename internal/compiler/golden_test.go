package compiler_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/compiler"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/parser"
	"github.com/goso-project/goso/internal/rewrite"
	"github.com/goso-project/goso/internal/wam"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// program is a compiled policy with what queries need.
type program struct {
	*code.Program
	env *compiler.Env
}

// compile loads and compiles a policy. The classes A, and B derived from it, are registered, as are the constants nil (an object)
// and seven (7).
func compile(t testing.TB, policy string) program {
	t.Helper()
	reg := &engine.Registry{Classes: []engine.Class{{Name: "Integer", Ancestors: []string{"Integer"}},
		{Name: "A", Ancestors: []string{"A"}}, {Name: "B", Ancestors: []string{"B", "A"}}}}
	reg.Constants = map[string]wam.Value{"seven": wam.IntValue(7), "nil": wam.InstanceValue(nil, 0)}
	loaded, _, errs := engine.EmptyPolicy().Load([]*diag.Source{diag.NewSource("", policy)}, reg, engine.LoadOptions{})
	if len(errs) > 0 {
		t.Fatalf("%s: %v", policy, errs[0])
	}
	p := program{Program: code.NewProgram(0)}
	p.env = &compiler.Env{Constants: map[string]code.Cell{"seven": code.MakeInt(7)}, ClassNames: map[string]bool{},
		Actors: loaded.Actors, Resources: loaded.Resources}
	for _, c := range reg.Classes {
		p.AddClass(c.Name)
		p.env.ClassNames[c.Name] = true
	}
	for _, name := range []string{"A", "B", "Integer", "nil"} {
		p.env.Constants[name] = code.Make(code.HOST, code.PoolBit|p.AddHostConst(name))
	}
	if err := compiler.Policy(p.Program, loaded.Rules(), p.env); err != nil {
		t.Fatal(err)
	}
	if err := code.Verify(p.Program, nil); err != nil {
		t.Errorf("%v\n%s", err, p)
	}
	return p
}

// query compiles a query on top of the policy.
func (p program) query(t testing.TB, text string) *code.Program {
	t.Helper()
	term, err := parser.Query(diag.NewSource("", text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	names := &rewrite.Names{Reserved: func(name string) bool { _, found := p.env.Constants[name]; return found }}
	q, err := compiler.Query(p.Program, rewrite.Query(term, names), p.env)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if err := code.Verify(q, p.Program); err != nil {
		t.Errorf("%s: %v\n%s", text, err, q)
	}
	return q
}

// TestListings holds the code of policies, and of queries on them, against testdata/code/*.txtar: the sections are policy.polar,
// queries (one a line), listing, and the listing of each query.
func TestListings(t *testing.T) {
	paths, err := filepath.Glob("testdata/code/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			source, golden := split(archive)
			p := compile(t, source["policy.polar"])
			got := &txtar.Archive{Comment: archive.Comment}
			add := func(name, data string) {
				if strings.TrimSpace(data) != "" {
					got.Files = append(got.Files, txtar.File{Name: name, Data: []byte(data)})
				}
			}
			add("listing", p.String())
			for line := range strings.Lines(source["queries"]) {
				if line = strings.TrimSpace(line); line != "" {
					add("query "+line, p.query(t, line).String())
				}
			}
			if *update {
				got.Files = append(archive.Files[:len(source)], got.Files...)
				if err := os.WriteFile(path, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(golden, string(txtar.Format(got))); diff != "" {
				t.Errorf("the code has changed: look at the difference, then run with -update (-want +got)\n%s", diff)
			}
		})
	}
}

// split separates the sections that are written by hand from the generated ones.
func split(a *txtar.Archive) (source map[string]string, golden string) {
	source = map[string]string{}
	rest := &txtar.Archive{Comment: a.Comment}
	for _, f := range a.Files {
		if f.Name == "policy.polar" || f.Name == "queries" {
			source[f.Name] = string(f.Data)
			continue
		}
		rest.Files = append(rest.Files, f)
	}
	return source, string(txtar.Format(rest))
}
