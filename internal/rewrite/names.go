package rewrite

import (
	"strconv"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/slab"
)

// Names tells which names a generated variable must not have besides those of the rule itself. It may be shared between
// goroutines.
type Names struct {
	// Reserved reports whether a name means something of its own, as a constant does. Nil means that none does.
	Reserved func(name string) bool
}

// fresh makes variable names that do not occur in one rule or query.
type fresh struct {
	names *Names
	// used are the names of the rule that look like generated ones; nil as long as there are none.
	used map[string]bool
	n    int

	vars slab.Of[ast.Var]
	// made are names made before, by prefix and number; nil where there is only one term to rewrite.
	made map[string][]string
}

// reset prepares for another rule.
func (f *fresh) reset() {
	f.used, f.n = nil, 0
	if f.made == nil {
		f.made = map[string][]string{}
	}
}

// maxMade bounds the names kept for each prefix: rules with more generated variables are few.
const maxMade = 64

// name returns a prefix followed by the number n.
func (f *fresh) name(prefix string) string {
	if f.made == nil || f.n >= maxMade {
		return prefix + strconv.Itoa(f.n)
	}
	names := f.made[prefix]
	if f.n >= len(names) {
		for n := len(names); n <= f.n; n++ {
			names = append(names, prefix+strconv.Itoa(n))
		}
		f.made[prefix] = names
	}
	return names[f.n]
}

// newVar returns a variable at a place, with a name that is a prefix and a number.
func (f *fresh) newVar(prefix string, at diag.Span) *ast.Var {
	for {
		f.n++
		name := f.name(prefix)
		if f.used[name] || f.names != nil && f.names.Reserved != nil && f.names.Reserved(name) {
			continue
		}
		return f.vars.Put(ast.Var{Pos: ast.Pos{At: at}, Name: name})
	}
}

// variable returns the variable itself, or one with a new name where it is anonymous.
func (f *fresh) variable(v *ast.Var) *ast.Var {
	if v.Name != "_" {
		return v
	}
	return f.newVar("_", v.At)
}

// note records the names in a term that a generated variable could have.
func (f *fresh) note(t ast.Term) {
	switch t := t.(type) {
	case *ast.Var:
		f.noteName(t.Name)
	case *ast.List:
		f.noteAll(t.Items)
		if t.Rest != nil {
			f.noteName(t.Rest.Name)
		}
	case *ast.Dict:
		f.noteFields(t.Fields)
	case *ast.Class:
		f.noteFields(t.Fields)
	case *ast.Call:
		f.noteAll(t.Args)
		f.noteFields(t.Kwargs)
	case *ast.Expr:
		f.noteAll(t.Args)
	}
}

func (f *fresh) noteAll(terms []ast.Term) {
	for _, t := range terms {
		f.note(t)
	}
}

func (f *fresh) noteFields(fields []ast.Field) {
	for _, field := range fields {
		f.note(field.Value)
	}
}

func (f *fresh) noteName(name string) {
	if !strings.HasPrefix(name, "_") || len(name) == 1 || name[len(name)-1] < '0' || name[len(name)-1] > '9' {
		return
	}
	if f.used == nil {
		f.used = map[string]bool{}
	}
	f.used[name] = true
}
