package conformance

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goso-project/goso/internal/wam"
)

// maxRender bounds the text of one value: a value that contains itself, or doubles at every level, is cut there.
const maxRender = 1 << 20

// generated matches the names of variables no source wrote.
var generated = regexp.MustCompile(`^_(?:[A-Za-z_0-9]*_)?[0-9]+$`)

// printer writes values as text, numbering generated variables by first appearance.
type printer struct {
	b       strings.Builder
	numbers map[wam.Value]int // of generated variables, by name and number
}

// render returns the text of a value.
func render(v wam.Value) string {
	p := &printer{}
	p.value(v, 0)
	return p.b.String()
}

// renderResult returns the texts of a result's variables; generated variables have the same number throughout.
func renderResult(values map[string]wam.Value) map[string]string {
	p := &printer{}
	out := make(map[string]string, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		p.b.Reset()
		p.value(values[name], 0)
		out[name] = p.b.String()
	}
	return out
}

func (p *printer) value(v wam.Value, depth int) {
	if p.b.Len() > maxRender || depth > 100_000 {
		p.b.WriteString("…")
		return
	}
	switch v.Kind {
	case wam.KindBool:
		p.b.WriteString(strconv.FormatBool(v.Bool()))
	case wam.KindInt:
		p.b.WriteString(strconv.FormatInt(v.Int(), 10))
	case wam.KindFloat:
		p.b.WriteString(floatText(v.Float()))
	case wam.KindString:
		p.b.WriteString(quote(v.Str))
	case wam.KindList:
		p.list(v, depth)
	case wam.KindDict:
		p.b.WriteByte('{')
		p.mapping(v.Ref.(wam.Mapping), depth)
		p.b.WriteByte('}')
	case wam.KindInstance:
		p.object(v.Ref, depth)
	case wam.KindVar:
		p.variable(v)
	case wam.KindExpr:
		e := v.Ref.(*wam.Expr)
		p.b.WriteString("(" + e.Op)
		for _, a := range e.Args {
			p.b.WriteByte(' ')
			p.value(a, depth+1)
		}
		p.b.WriteByte(')')
	case wam.KindPattern:
		pattern := v.Ref.(*wam.Pattern)
		p.b.WriteString(pattern.Tag + "{")
		p.mapping(&pattern.Fields, depth)
		p.b.WriteByte('}')
	default:
		p.b.WriteString("<no value>")
	}
}

func (p *printer) list(v wam.Value, depth int) {
	p.b.WriteByte('[')
	items := v.Ref.(wam.Sequence)
	for i := range items.Len() {
		if i > 0 {
			p.b.WriteString(", ")
		}
		p.element(items.At(i))(depth + 1)
	}
	if l, ok := v.Ref.(*wam.List); ok && l.Rest.Kind == wam.KindVar {
		if len(l.Items) > 0 {
			p.b.WriteString(", ")
		}
		p.b.WriteByte('*')
		p.variable(l.Rest)
	}
	p.b.WriteByte(']')
}

// element returns a function that prints a converted element, or why it could not be converted.
func (p *printer) element(v wam.Value, err error) func(depth int) {
	return func(depth int) {
		if err != nil {
			p.b.WriteString("<" + err.Error() + ">")
			return
		}
		p.value(v, depth)
	}
}

func (p *printer) mapping(m wam.Mapping, depth int) {
	for i := range m.Len() {
		if i > 0 {
			p.b.WriteString(", ")
		}
		p.b.WriteString(m.Key(i) + ": ")
		p.element(m.At(i))(depth + 1)
	}
}

func (p *printer) object(ref any, depth int) {
	switch x := ref.(type) {
	case *null:
		p.b.WriteString("nil")
	case *class:
		p.b.WriteString("<class " + x.name + ">")
	case *instance:
		d := &wam.Dict{Keys: slices.Sorted(maps.Keys(x.fields))}
		for _, k := range d.Keys {
			d.Values = append(d.Values, x.fields[k])
		}
		p.b.WriteString(x.class.name + "{")
		p.mapping(d, depth)
		p.b.WriteByte('}')
	default:
		fmt.Fprintf(&p.b, "<unknown instance %T>", ref)
	}
}

func (p *printer) variable(v wam.Value) {
	if !generated.MatchString(v.Str) {
		p.b.WriteString("?" + v.Str)
		return
	}
	id := wam.Value{Kind: wam.KindVar, N: v.N, Str: v.Str}
	n, ok := p.numbers[id]
	if !ok {
		if p.numbers == nil {
			p.numbers = map[wam.Value]int{}
		}
		n = len(p.numbers) + 1
		p.numbers[id] = n
	}
	p.b.WriteString("?_" + strconv.Itoa(n))
}

// floatText writes a float as the reference's host does: the shortest digits, plain between 1e-7 and 1e21.
func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case f == 0:
		return "0.0"
	}
	if a := math.Abs(f); a >= 1e21 || a < 1e-6 {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
		sign := exponent[:1]
		return mantissa + "e" + sign + strings.TrimLeft(exponent[1:], "0")
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// quote writes a string as JSON, escaping no more than it must.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
