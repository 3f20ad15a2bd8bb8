package ast

import (
	"math"
	"strconv"
	"strings"
)

// Source returns text that parses, as a query, to a term equal to t. It holds for every term the parser
// makes; rewritten terms, which no text may mean, print readably. Nil gives the empty text.
func Source(t Term) string {
	var p sourcePrinter
	p.term(t, 1)
	return p.String()
}

// RuleSource returns text that parses, as a policy, to the one rule r.
func RuleSource(r *Rule) string {
	var p sourcePrinter
	p.head(r)
	if r.Body != nil {
		p.WriteString(" if ")
		p.term(r.Body, 1)
	}
	p.WriteByte(';')
	return p.String()
}

// FileSource returns text that parses to a file equal to f, an item a line. Comments are not kept.
func FileSource(f *File) string {
	var p sourcePrinter
	for _, item := range f.Items {
		p.item(item)
		p.WriteByte('\n')
	}
	return p.String()
}

// Quote returns a string literal that reads back as s.
func Quote(s string) string {
	return `"` + escapes.Replace(s) + `"`
}

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\x00", `\0`)

// sourcePrinter writes text that parses back. Its methods take the loosest level of operator that may stand
// at a place without parentheses: levels are those of the canonical printer.
type sourcePrinter struct{ strings.Builder }

func (p *sourcePrinter) item(item Item) {
	switch item := item.(type) {
	case *Rule:
		p.WriteString(RuleSource(item))
	case *RuleType:
		p.WriteString("type ")
		p.head(item.Head)
		p.WriteByte(';')
	case *InlineQuery:
		p.WriteString("?= ")
		p.term(item.Query, 1)
		p.WriteByte(';')
	case *Block:
		p.block(item)
	}
}

func (p *sourcePrinter) head(r *Rule) {
	p.WriteString(r.Name)
	p.WriteByte('(')
	for i, param := range r.Params {
		p.separate(i)
		p.term(param.Term, level[Add])
		if param.Specializer != nil {
			p.WriteString(": ")
			p.pattern(param.Specializer)
		}
	}
	p.WriteByte(')')
}

func (p *sourcePrinter) separate(i int) {
	if i > 0 {
		p.WriteString(", ")
	}
}

func (p *sourcePrinter) block(b *Block) {
	if b.Keyword != nil {
		p.WriteString(b.Keyword.Name + " ")
	}
	p.WriteString(b.Resource.Name + " {")
	for _, d := range b.Declarations {
		p.WriteString("\n  " + d.Name + " = ")
		if d.IsDict {
			p.braces(d.Relations, 1)
		} else {
			p.WriteByte('[')
			for i, s := range d.List {
				p.separate(i)
				p.WriteString(Quote(s.Value))
			}
			p.WriteByte(']')
		}
		p.WriteByte(';')
	}
	for _, s := range b.Shorthands {
		p.WriteString("\n  " + Quote(s.Head.Value) + " if " + Quote(s.Body.Value))
		if s.Word != nil {
			p.WriteString(" " + s.Word.Name + " " + Quote(s.Relation.Value))
		}
		p.WriteByte(';')
	}
	if len(b.Declarations)+len(b.Shorthands) > 0 {
		p.WriteByte('\n')
	}
	p.WriteByte('}')
}

// pattern prints what stands behind matches or the colon of a parameter.
func (p *sourcePrinter) pattern(t Term) {
	if c, ok := t.(*Class); ok && len(c.Fields) == 0 {
		p.WriteString(c.Tag)
		return
	}
	p.inPattern(t, level[Dot])
}

// inPattern prints a pattern, or an expression in one. Lists and dictionaries there have patterns as elements.
func (p *sourcePrinter) inPattern(t Term, loosest int) {
	switch t := t.(type) {
	case *List:
		p.list(t, p.inPattern)
	case *Dict:
		p.patternFields(t.Fields)
	case *Class:
		p.WriteString(t.Tag)
		p.patternFields(t.Fields)
	case *Expr:
		p.expr(t, loosest, p.inPattern)
	default:
		p.term(t, loosest)
	}
}

func (p *sourcePrinter) patternFields(fields []Field) {
	p.fields(fields, level[Dot], p.inPattern)
}

func (p *sourcePrinter) term(t Term, loosest int) {
	switch t := t.(type) {
	case *Int:
		p.WriteString(strconv.FormatInt(t.Value, 10))
	case *Float:
		p.WriteString(floatLiteral(t.Value))
	case *String:
		p.WriteString(Quote(t.Value))
	case *Bool:
		p.WriteString(strconv.FormatBool(t.Value))
	case *Var:
		p.WriteString(t.Name)
	case *List:
		p.list(t, p.term)
	case *Dict:
		p.braces(t.Fields, level[Eq])
	case *Class:
		p.inPattern(t, loosest)
	case *Call:
		p.call(t)
	case *Expr:
		p.expr(t, loosest, p.term)
	}
}

// floatLiteral always has a point, an exponent or a name, so that it does not read back as an integer.
func floatLiteral(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case math.IsNaN(f):
		return "nan"
	}
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// printFunc prints a term of a level: inside a pattern, or outside.
type printFunc func(t Term, loosest int)

func (p *sourcePrinter) list(l *List, element printFunc) {
	p.WriteByte('[')
	for i, t := range l.Items {
		p.separate(i)
		element(t, level[Add])
	}
	if l.Rest != nil {
		p.separate(len(l.Items))
		p.WriteString("*" + l.Rest.Name)
	}
	p.WriteByte(']')
}

func (p *sourcePrinter) braces(fields []Field, loosest int) { p.fields(fields, loosest, p.term) }

func (p *sourcePrinter) fields(fields []Field, loosest int, print printFunc) {
	p.WriteByte('{')
	for i, f := range fields {
		p.separate(i)
		p.field(f, loosest, print)
	}
	p.WriteByte('}')
}

func (p *sourcePrinter) field(f Field, loosest int, print printFunc) {
	p.WriteString(f.Key)
	if !f.Short {
		p.WriteString(": ")
		print(f.Value, loosest)
	}
}

func (p *sourcePrinter) call(c *Call) {
	p.WriteString(c.Name)
	p.WriteByte('(')
	for i, t := range c.Args {
		p.separate(i)
		p.term(t, 1)
	}
	for i, f := range c.Kwargs {
		p.separate(len(c.Args) + i)
		p.field(f, 1, p.term)
	}
	p.WriteByte(')')
}

// arguments prints operands in parentheses behind a word.
func (p *sourcePrinter) arguments(word string, args []Term, print printFunc) {
	p.WriteString(word + "(")
	for i, t := range args {
		p.separate(i)
		print(t, 1)
	}
	p.WriteByte(')')
}
