package compiler

import (
	"slices"
	"sort"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/slab"
)

// numbering maps a variable to its number in a template.
type numbering func(v *variable) int

// pool adds words to the constant segment and returns the address of the first.
func (c *clause) pool(words ...code.Cell) int {
	at := len(c.prog.Pool)
	c.prog.Pool = append(c.prog.Pool, words...)
	if c.prog != c.base {
		at += len(c.base.Pool)
	}
	return at
}

// integer returns the cell of an integer literal.
func (c *clause) integer(i int64) code.Cell {
	if code.FitsInline(i) {
		return code.MakeInt(i)
	}
	return code.Make(code.BIG, code.PoolBit|c.pool(code.Cell(i)))
}

func (c *clause) float(f float64) code.Cell {
	return code.Make(code.FLT, code.PoolBit|c.pool(code.FloatBits(f)))
}

// text returns the cell of a string: an atom of the policy, or a string of the query.
func (c *clause) text(s string) code.Cell {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if c.prog == c.base {
		return code.Make(code.ATOM, c.prog.AddAtom(s))
	}
	if a := c.base.Atom(s); a >= 0 {
		return code.Make(code.ATOM, a)
	}
	i := slices.Index(c.prog.Strings, s)
	if i < 0 {
		i = len(c.prog.Strings)
		c.prog.Strings = append(c.prog.Strings, s)
	}
	return code.Make(code.STR, i)
}

// constant returns the template of a literal.
func (c *clause) constant(k code.Cell) *code.Template {
	switch k.Tag() {
	case code.ATOM, code.INT, code.BOOL, code.NIL:
	default: // each has a place of its own in the pool
		return c.made.templates.Put(code.Template{Kind: code.TConst, Cell: k})
	}
	t := c.made.constants[k]
	if t == nil {
		t = c.made.templates.Put(code.Template{Kind: code.TConst, Cell: k})
		if c.made.constants == nil {
			c.made.constants = map[code.Cell]*code.Template{}
		}
		c.made.constants[k] = t
	}
	return t
}

// named returns the template of a registered constant.
func (c *clause) named(name string) *code.Template {
	k, _ := c.isConst(name)
	c.noteHost(k)
	return c.made.templates.Put(code.Template{Kind: code.TConst, Cell: k, Label: name})
}

// numbered returns the template of a variable with a number.
func (c *clause) numbered(n int, name string) *code.Template {
	for n >= len(c.made.numbered) {
		c.made.numbered = append(c.made.numbered, numbered{})
	}
	v := &c.made.numbered[n]
	if v.last != nil && v.last.Label == name {
		return v.last
	}
	if v.last = v.byName[name]; v.last == nil {
		v.last = c.made.templates.Put(code.Template{Kind: code.TVar, Var: n, Label: name})
		if v.byName == nil {
			v.byName = map[string]*code.Template{}
		}
		v.byName[name] = v.last
	}
	return v.last
}

// literal returns the cell of a number, string or boolean.
func (c *clause) literal(t ast.Term) (code.Cell, bool) {
	switch t := t.(type) {
	case *ast.Int:
		if k, ok := c.blank(t); ok {
			return k, true
		}
		return c.integer(t.Value), true
	case *ast.Float:
		return c.float(t.Value), true
	case *ast.String:
		if k, ok := c.blank(t); ok {
			return k, true
		}
		return c.text(t.Value), true
	case *ast.Bool:
		return code.MakeBool(t.Value), true
	}
	return 0, false
}

// template turns a pattern-free term into a template.
func (c *clause) template(t ast.Term, num numbering) *code.Template {
	if k, ok := c.literal(t); ok {
		return c.constant(k)
	}
	switch t := t.(type) {
	case *ast.Var:
		v := c.find(t.Name)
		if v == nil {
			return c.named(t.Name)
		}
		return c.numbered(num(v), t.Name)
	case *ast.List:
		return c.listTemplate(t, num)
	case *ast.Dict:
		return c.dictTemplate(t, num)
	}
	// The parser lets nothing else stand as a value once calls and operations are hoisted.
	return c.constant(code.False)
}

func (c *clause) listTemplate(t *ast.List, num numbering) *code.Template {
	l := c.made.templates.Put(code.Template{Kind: code.TList})
	ground := t.Rest == nil
	for _, x := range t.Items {
		i := c.template(x, num)
		ground = ground && i.Kind == code.TConst
		l.Items = append(l.Items, i)
	}
	if t.Rest != nil {
		l.Rest = c.template(t.Rest, num)
		return l
	}
	if !ground {
		return l
	}
	if len(l.Items) == 0 {
		return c.constant(code.EmptyLst)
	}
	cells := make([]code.Cell, 0, len(l.Items)+1)
	for _, x := range l.Items {
		cells = append(cells, x.Cell)
	}
	return c.constant(code.Make(code.CLIST, c.pool(append(cells, code.ListEnd)...)))
}

func (c *clause) dictTemplate(t *ast.Dict, num numbering) *code.Template {
	fields := slices.Clone(t.Fields)
	sort.SliceStable(fields, func(i, j int) bool { return fields[i].Key < fields[j].Key })
	d := c.made.templates.Put(code.Template{Kind: code.TDict})
	ground := true
	for _, f := range fields {
		i := c.template(f.Value, num)
		ground = ground && i.Kind == code.TConst
		d.Keys = append(d.Keys, c.text(f.Key))
		d.Items = append(d.Items, i)
	}
	if !ground {
		return d
	}
	words := make([]code.Cell, 0, 1+2*len(fields))
	words = append(words, code.Cell(len(fields)))
	words = append(words, d.Keys...)
	for _, x := range d.Items {
		words = append(words, x.Cell)
	}
	return c.constant(code.Make(code.DICT, code.PoolBit|c.pool(words...)))
}

// specializer turns a specializer into a pattern, which it may share with others.
func (c *clause) specializer(t ast.Term, num numbering) *code.Pattern {
	class, ok := t.(*ast.Class)
	if !ok || len(class.Fields) > 0 {
		return c.pattern(t, num)
	}
	if p, ok := c.blankClass(class); ok {
		return p
	}
	return c.plainClass(class.Tag)
}

// plainClass returns the pattern of a specializer that is no more than a class.
func (c *clause) plainClass(tag string) *code.Pattern {
	p := c.made.plain[tag]
	if p == nil {
		p = c.newPattern()
		c.setClass(p, tag)
		if c.made.plain == nil {
			c.made.plain = map[string]*code.Pattern{}
		}
		c.made.plain[tag] = p
	}
	return p
}

func (c *clause) newPattern() *code.Pattern {
	p := c.made.patterns.New()
	p.ID = len(c.prog.Patterns)
	if c.prog != c.base {
		p.ID += code.QueryBase
	}
	c.prog.Patterns = slab.Append(c.prog.Patterns, p)
	return p
}

// setClass makes a pattern that of a class or union.
func (c *clause) setClass(p *code.Pattern, tag string) {
	p.Tag = tag
	switch tag {
	case "Actor":
		p.Kind = code.PUnion
	case "Resource":
		p.Kind, p.Class = code.PUnion, 1
	default:
		p.Kind, p.Class = code.PClass, c.class(tag)
	}
}

// pattern turns a specializer or the right side of matches into a pattern.
func (c *clause) pattern(t ast.Term, num numbering) *code.Pattern {
	p := c.newPattern()
	switch t := t.(type) {
	case *ast.Class:
		c.setClass(p, t.Tag)
		if p.Kind == code.PClass { // fields on a union are ignored, as in the reference
			p.Fields = c.fieldPatterns(t.Fields, num)
		}
	case *ast.Dict:
		p.Kind = code.PDict
		p.Fields = c.fieldPatterns(t.Fields, num)
	case *ast.List:
		if plainList(t) {
			p.Kind = code.PTerm
			p.Term = c.template(t, num)
			return p
		}
		p.Kind = code.PList
		for _, x := range t.Items {
			p.Items = append(p.Items, c.pattern(x, num))
		}
		if t.Rest != nil {
			p.Rest = c.template(t.Rest, num)
		}
	case *ast.Var:
		p.Kind = code.PTerm
		p.Term = c.template(t, num)
		if p.Term.Kind == code.TVar {
			p.Kind = code.PVar
		} else if cl := c.base.Class(t.Name); cl >= 0 && c.isClassName(t.Name) {
			// A registered class as the value of a field: the class is tested, which is what the author meant.
			p.Kind, p.Term = code.PClass, nil
			p.Class, p.Tag = cl, t.Name
		}
	default:
		p.Kind = code.PTerm
		p.Term = c.template(t, num)
	}
	return p
}

// isClassName reports whether a constant is a class, rather than another value registered under a name.
func (c *clause) isClassName(name string) bool { return c.env.ClassNames[name] }

// plainList reports whether a list pattern can be unified as a whole.
func plainList(t *ast.List) bool {
	for _, x := range t.Items {
		switch x := x.(type) {
		case *ast.Class, *ast.Dict:
			return false
		case *ast.List:
			if !plainList(x) {
				return false
			}
		}
	}
	return true
}

func (c *clause) fieldPatterns(fields []ast.Field, num numbering) []code.FieldPattern {
	if len(fields) == 0 {
		return nil
	}
	fs := slices.Clone(fields)
	sort.SliceStable(fs, func(i, j int) bool { return fs[i].Key > fs[j].Key })
	var out []code.FieldPattern
	for _, f := range fs {
		out = append(out, code.FieldPattern{Key: f.Key, Atom: c.text(f.Key), Pattern: c.pattern(f.Value, num)})
	}
	return out
}

// class numbers a class name; names only a query knows come after the policy's.
func (c *clause) class(name string) int {
	if c.prog == c.base {
		return c.prog.AddClass(name)
	}
	if n := c.base.Class(name); n >= 0 {
		return n
	}
	return len(c.base.Classes) + c.prog.AddClass(name)
}
