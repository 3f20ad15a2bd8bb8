package engine

import (
	"math"
	"strconv"
	"strings"

	"github.com/goso-project/goso/internal/wam"
)

// printed writes the arguments of print(...).
func (q *Query) printed(args []wam.Value) string {
	p := Printer{Host: q.host}
	for i, v := range args {
		if i > 0 {
			p.b.WriteString(", ")
		}
		p.Write(v)
	}
	return p.b.String()
}

// Format writes a value in Polar syntax as print does. Host describes instances; it may be nil.
func Format(v wam.Value, host Host) string {
	p := Printer{Host: host}
	p.Write(v)
	return p.b.String()
}

// Printer writes values in Polar syntax. Conditions are none: print shows a variable with conditions by its name.
type Printer struct {
	Host Host
	b    strings.Builder
}

// maxPrint bounds the printed text of one value: what is longer ends in dots.
const maxPrint = 64 << 20

// Write appends a value.
func (p *Printer) Write(v wam.Value) {
	if p.b.Len() > maxPrint {
		p.b.WriteString("…")
		return
	}
	switch v.Kind {
	case wam.KindBool:
		p.b.WriteString(strconv.FormatBool(v.Bool()))
	case wam.KindInt:
		p.b.WriteString(strconv.FormatInt(v.Int(), 10))
	case wam.KindFloat:
		p.b.WriteString(formatFloat(v.Float()))
	case wam.KindString:
		p.b.WriteString(`"` + v.Str + `"`)
	case wam.KindVar:
		p.b.WriteString(v.Str)
	case wam.KindList:
		p.list(v)
	case wam.KindDict:
		p.b.WriteByte('{')
		p.fields(v.Ref.(wam.Mapping))
		p.b.WriteByte('}')
	case wam.KindInstance:
		p.instance(v)
	}
}

func formatFloat(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case f != f:
		return "NaN"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func (p *Printer) list(v wam.Value) {
	s, ok := v.Ref.(wam.Sequence)
	if !ok {
		p.b.WriteString("[]")
		return
	}
	p.b.WriteByte('[')
	for i := range s.Len() {
		if i > 0 {
			p.b.WriteString(", ")
		}
		p.element(s.At(i))
	}
	if l, ok := s.(*wam.List); ok && l.Rest.Kind == wam.KindVar {
		if len(l.Items) > 0 {
			p.b.WriteString(", ")
		}
		p.b.WriteString("*" + l.Rest.Str)
	}
	p.b.WriteByte(']')
}

func (p *Printer) element(v wam.Value, err error) {
	if err != nil {
		p.b.WriteString("?")
		return
	}
	p.Write(v)
}

func (p *Printer) fields(m wam.Mapping) {
	for i := range m.Len() {
		if i > 0 {
			p.b.WriteString(", ")
		}
		p.b.WriteString(m.Key(i) + ": ")
		p.element(m.At(i))
	}
}

func (p *Printer) instance(v wam.Value) {
	text, class := "", ""
	if p.Host != nil {
		text, class = p.Host.Describe(v)
	}
	if text == "" {
		text = "an instance"
	}
	if class == "" {
		class = "UNKNOWN"
	}
	p.b.WriteString(text + " TYPE `" + class + "`")
}
