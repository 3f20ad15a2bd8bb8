package show

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/wam"
)

// maxDepth bounds nesting. A level takes two small frames here, some 500 bytes: 10,000 levels are 5 MB of Go stack.
const maxDepth = 10_000

// defaultMaxText bounds the text. Values may share parts, so that a small one can be exponentially long when written out.
const defaultMaxText = 64 << 20

// this is the variable an expression is about, as the machine names it.
const this = "_this"

// Printer writes values. The zero Printer shows objects of the host as "<object>". It may be copied and used by several
// goroutines if Describe may.
type Printer struct {
	// Describe returns the text of a host's object and its class.
	Describe func(v wam.Value) (text, class string)
	// This is what the subject of an expression is called; empty leaves its internal name.
	This string

	maxText int // 0: the default
}

// Value returns a value as Polar.
func (p Printer) Value(v wam.Value) string {
	w := writer{Printer: p}
	w.value(v, 0)
	return w.String()
}

// Binding returns a variable of a result with its value: "x = 1", or for one that is not bound, the conditions on it.
func (p Printer) Binding(name string, v wam.Value) string {
	isFree := v.Kind == wam.KindVar && (v.Str == name || strings.HasPrefix(v.Str, "_"))
	name = printable(name)
	p.This = name
	switch {
	case v.Kind == wam.KindExpr:
		return name + ": " + p.Value(v)
	case isFree:
		return name + " = _"
	}
	return name + " = " + p.Value(v)
}

type writer struct {
	Printer
	strings.Builder
	depth int
}

// value writes a value; an expression of an operator that binds less tightly than level gets parentheses.
func (w *writer) value(v wam.Value, level int) {
	if w.depth++; w.depth > maxDepth || w.full() {
		w.WriteString("…")
	} else {
		w.nested(v, level)
	}
	w.depth--
}

// full reports whether the text is as long as it may be.
func (w *writer) full() bool { return w.Len() > cmp.Or(w.maxText, defaultMaxText) }

func (w *writer) nested(v wam.Value, level int) {
	switch v.Kind {
	case wam.KindNone:
		w.WriteByte('_')
	case wam.KindBool:
		w.WriteString(strconv.FormatBool(v.Bool()))
	case wam.KindInt:
		w.WriteString(strconv.FormatInt(v.Int(), 10))
	case wam.KindFloat:
		w.WriteString(Float(v.Float()))
	case wam.KindString:
		w.WriteString(Quote(v.Str))
	case wam.KindList:
		w.list(v)
	case wam.KindDict:
		if m, ok := v.Ref.(wam.Mapping); ok {
			w.fields(m)
		}
	case wam.KindInstance:
		text := "<object>"
		if w.Describe != nil {
			text, _ = w.Describe(v)
		}
		w.WriteString(printable(text))
	case wam.KindVar:
		if v.Str == this && w.This != "" {
			w.WriteString(w.This)
		} else {
			w.WriteString(printable(v.Str))
		}
	case wam.KindExpr:
		if e, ok := v.Ref.(*wam.Expr); ok {
			w.expr(e, level)
		}
	case wam.KindPattern:
		if p, ok := v.Ref.(*wam.Pattern); ok {
			w.WriteString(printable(p.Tag))
			if p.Tag == "" || p.Fields.Len() > 0 {
				w.fields(&p.Fields)
			}
		}
	}
}

func (w *writer) list(v wam.Value) {
	seq, ok := v.Ref.(wam.Sequence)
	if !ok {
		return
	}
	w.WriteByte('[')
	for i := range seq.Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		w.element(seq.At(i))
	}
	if l, ok := v.Ref.(*wam.List); ok && l.Rest.Kind != wam.KindNone {
		if len(l.Items) > 0 {
			w.WriteString(", ")
		}
		w.WriteByte('*')
		w.value(l.Rest, 0)
	}
	w.WriteByte(']')
}

// element writes an element as the host converted it, or that it could not.
func (w *writer) element(v wam.Value, err error) {
	if err != nil {
		w.WriteString("<" + printable(err.Error()) + ">")
		return
	}
	w.value(v, levelSum)
}

func (w *writer) fields(m wam.Mapping) {
	w.WriteByte('{')
	for i := range m.Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		if key := m.Key(i); isName(key) {
			w.WriteString(key)
		} else {
			w.WriteString(Quote(key))
		}
		w.WriteString(": ")
		w.element(m.At(i))
	}
	w.WriteByte('}')
}

// Levels of precedence; an operator with a higher one binds more tightly.
const (
	levelOr = iota + 1
	levelAnd
	levelNot
	levelUnify
	levelCompare
	levelSum
	levelProduct
	levelMember
	levelPostfix
)

// infix are the operators written between their operands, by the names the machine gives them.
var infix = map[string]struct {
	text  string
	level int
}{
	ast.Or.String():    {" or ", levelOr},
	ast.And.String():   {" and ", levelAnd},
	ast.Unify.String(): {" = ", levelUnify},
	ast.Eq.String():    {" == ", levelCompare},
	ast.Neq.String():   {" != ", levelCompare},
	ast.Lt.String():    {" < ", levelCompare},
	ast.Leq.String():   {" <= ", levelCompare},
	ast.Gt.String():    {" > ", levelCompare},
	ast.Geq.String():   {" >= ", levelCompare},
	ast.Add.String():   {" + ", levelSum},
	ast.Sub.String():   {" - ", levelSum},
	ast.Mul.String():   {" * ", levelProduct},
	ast.Div.String():   {" / ", levelProduct},
	ast.Mod.String():   {" mod ", levelProduct},
	ast.Rem.String():   {" rem ", levelProduct},
	ast.In.String():    {" in ", levelMember},
	ast.Isa.String():   {" matches ", levelMember},
}

func (w *writer) expr(e *wam.Expr, level int) {
	op, isInfix := infix[e.Op]
	switch {
	case e.Op == ast.Dot.String() && len(e.Args) >= 2:
		w.lookup(e, level)
	case e.Op == ast.Not.String() && len(e.Args) == 1:
		w.paren(level > levelNot, func() {
			w.WriteString("not ")
			w.value(e.Args[0], levelNot+1)
		})
	case isInfix && len(e.Args) == 0: // an empty conjunction or disjunction
		w.WriteString(strconv.FormatBool(e.Op == ast.And.String()))
	case isInfix && len(e.Args) == 1:
		w.value(e.Args[0], level)
	case isInfix && op.level >= levelSum && op.level <= levelProduct && len(e.Args) == 3: // the result comes last
		w.paren(level > levelUnify, func() {
			w.operands(e.Args[:2], op.text, op.level)
			w.WriteString(" = ")
			w.value(e.Args[2], levelUnify+1)
		})
	case isInfix:
		w.paren(level > op.level, func() { w.operands(e.Args, op.text, op.level) })
	default:
		w.WriteString(strings.ToLower(e.Op) + "(")
		w.operands(e.Args, ", ", levelSum)
		w.WriteByte(')')
	}
}

func (w *writer) operands(args []wam.Value, between string, level int) {
	for i, arg := range args {
		if i > 0 {
			w.WriteString(between)
			w.value(arg, level+1)
		} else if level == levelUnify || level == levelCompare || level == levelMember { // these don't chain
			w.value(arg, level+1)
		} else {
			w.value(arg, level)
		}
	}
}

func (w *writer) lookup(e *wam.Expr, level int) {
	w.paren(len(e.Args) == 3 && level > levelUnify, func() {
		w.value(e.Args[0], levelPostfix)
		switch key := e.Args[1]; {
		case key.Kind == wam.KindString && isName(key.Str):
			w.WriteString("." + key.Str)
		default:
			w.WriteString(".(")
			w.value(key, 0)
			w.WriteByte(')')
		}
		if len(e.Args) == 3 {
			w.WriteString(" = ")
			w.value(e.Args[2], levelUnify+1)
		}
	})
}

func (w *writer) paren(needed bool, write func()) {
	if needed {
		w.WriteByte('(')
	}
	write()
	if needed {
		w.WriteByte(')')
	}
}

// Float returns a float as a literal that reads back as the same float.
func Float(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

// Quote returns a string as a literal. Control characters that Polar has no escape for are shown by their number.
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case 0:
			b.WriteString(`\0`)
		default:
			writeRune(&b, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// printable returns a text with control characters shown by their number.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		writeRune(&b, r)
	}
	return b.String()
}

// Printable returns a text of several lines with control characters shown by their number, line breaks and tabs aside.
func Printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '\n' || r == '\t' {
			b.WriteRune(r)
		} else {
			writeRune(&b, r)
		}
	}
	return b.String()
}

func writeRune(b *strings.Builder, r rune) {
	if unicode.IsControl(r) {
		b.WriteString(`\u{` + strconv.FormatInt(int64(r), 16) + `}`)
		return
	}
	b.WriteRune(r)
}

// words that cannot follow a dot or be a key, although they look like names.
var words = map[string]bool{"mod": true, "rem": true, "true": true, "false": true, "inf": true, "nan": true, "isa": true}

// isName reports whether a text can be written after a dot and as a key. It errs on the side of no.
func isName(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != "" && !words[s]
}
