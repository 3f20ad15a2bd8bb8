package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

// Rule checks one rule by itself. It returns an error for each variable that occurs once, and warnings for unknown
// classes (one for each name) and for "and" and "or" mixed without parentheses, both in the order of the text. A name that
// is used both as a class and as a variable counts as used twice.
func (w *World) Rule(r *ast.Rule) (warnings, errors []*diag.Error) {
	if w.Names == nil {
		w.Names = &Names{}
	}
	c := w.Names
	c.reset()
	for _, p := range r.Params {
		c.term(p.Term)
		if p.Specializer != nil {
			c.term(p.Specializer)
		}
	}
	if r.Body != nil {
		c.term(r.Body)
	}
	for _, u := range c.inOrder() {
		switch {
		case u.count > 1 && u.classes != u.count, ignored(u.name), w.Registered(u.name):
		case u.classes == u.count:
			if !w.IgnoreClasses {
				warnings = append(warnings, unknownSpecializer(&u))
			}
		default:
			errors = append(errors, singleton(&u))
		}
	}
	if r.Body != nil {
		warnings = append(warnings, precedence(r.Body)...)
	}
	return warnings, errors
}

// ignored reports whether a name is free to occur once.
func ignored(name string) bool {
	return strings.HasPrefix(name, "_") || strings.Contains(name, "::")
}

// isUnion reports whether a name is that of a union, which counts as no use of a name except behind a '*'.
func isUnion(name string) bool { return name == "Actor" || name == "Resource" }

func singleton(u *use) *diag.Error {
	e := diag.New(diag.SingletonVariable, u.at, "Singleton variable %[1]s occurs only once in this rule, so it is either unused or misspelled; if it is meant, call it _%[1]s or _", u.name)
	e.Token = u.name
	return e
}

func unknownSpecializer(u *use) *diag.Error {
	message := "Unknown specializer " + u.name
	if builtin, ok := builtinFor[u.name]; ok {
		message += ", did you mean " + builtin + "?"
	}
	e := diag.New(diag.UnknownSpecializer, u.classAt, "%s", message)
	e.Token = u.name
	e.Help = fmt.Sprintf("no class %s is registered, so this pattern matches nothing", u.name)
	return e
}

// builtinFor maps names of other languages to the built-in classes.
var builtinFor = func() map[string]string {
	m := map[string]string{}
	for class, names := range map[string]string{
		"Integer":    "integer int i32 i64 u32 u64 usize size_t",
		"Float":      "float f32 f64 double",
		"String":     "char str string",
		"List":       "list array Array",
		"Dictionary": "dict Dict dictionary hash Hash map Map HashMap hashmap hash_map",
	} {
		for name := range strings.FieldsSeq(names) {
			m[name] = class
		}
	}
	return m
}()

// use is how often a name occurs in a rule, and where first.
type use struct {
	name    string
	at      diag.Span
	count   int
	classes int // uses as a class pattern, the first of them at classAt
	classAt diag.Span
}

// Names collects the variables and classes of a rule. The zero value is ready; it can be used for one rule after the other.
type Names struct {
	order []use // in order of first occurrence
	// byName finds them where there are more than a look through order is worth.
	byName map[string]int
}

const fewNames = 16

func (c *Names) reset() { c.order, c.byName = c.order[:0], nil }

// inOrder returns all in the order of the text; the order of occurrence is another where patterns stand before what they
// describe.
func (c *Names) inOrder() []use {
	before := func(a, b use) int { return a.at.Start - b.at.Start }
	if !slices.IsSortedFunc(c.order, before) {
		slices.SortStableFunc(c.order, before)
	}
	return c.order
}

func (c *Names) find(name string) int {
	if c.byName != nil {
		if i, ok := c.byName[name]; ok {
			return i
		}
		return -1
	}
	for i := range c.order {
		if c.order[i].name == name {
			return i
		}
	}
	return -1
}

// add counts a name. The result is good until the next one.
func (c *Names) add(name string, at diag.Span) *use {
	i := c.find(name)
	if i < 0 {
		i = len(c.order)
		c.order = append(c.order, use{name: name, at: at})
		switch {
		case c.byName != nil:
			c.byName[name] = i
		case len(c.order) > fewNames:
			c.byName = make(map[string]int, 2*fewNames)
			for i := range c.order {
				c.byName[c.order[i].name] = i
			}
		}
	}
	u := &c.order[i]
	u.count++
	return u
}

func (c *Names) term(t ast.Term) {
	switch t := t.(type) {
	case *ast.Var:
		if !isUnion(t.Name) {
			c.add(t.Name, t.At)
		}
	case *ast.List:
		c.terms(t.Items)
		if t.Rest != nil {
			c.add(t.Rest.Name, t.Rest.At)
		}
	case *ast.Dict:
		c.fields(t.Fields)
	case *ast.Class:
		if !isUnion(t.Tag) {
			u := c.add(t.Tag, t.TagAt)
			if u.classes++; u.classes == 1 {
				u.classAt = t.TagAt
			}
		}
		c.fields(t.Fields)
	case *ast.Call:
		c.terms(t.Args)
		c.fields(t.Kwargs)
	case *ast.Expr:
		c.terms(t.Args)
	}
}

func (c *Names) terms(terms []ast.Term) {
	for _, t := range terms {
		c.term(t)
	}
}

func (c *Names) fields(fields []ast.Field) {
	for _, f := range fields {
		c.term(f.Value)
	}
}
