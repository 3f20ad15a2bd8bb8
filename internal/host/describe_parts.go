package host

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/wam"
)

// term writes a value of the engine as the Go value it stands for.
func (p *textPrinter) term(v wam.Value, depth int) {
	if p.full() || depth > maxTextDepth {
		p.b.WriteString("…")
		return
	}
	switch v.Kind {
	case wam.KindList:
		seq, _ := sequenceOf(v)
		p.parts("[", seq.Len(), func(i int) (wam.Value, error) { return seq.At(i) }, depth)
	case wam.KindDict:
		m := mappingOf(v)
		p.parts("map[", m.Len(), func(i int) (wam.Value, error) {
			p.b.WriteString(m.Key(i) + ":")
			return m.At(i)
		}, depth)
	case wam.KindInstance:
		if v.Ref == nil {
			p.b.WriteString("<nil>")
			return
		}
		p.value(target(v.Ref), depth)
	default:
		x, err := (&goReader{accept: true}).read(v)
		if err != nil {
			x = "?"
		}
		p.value(reflect.ValueOf(x), depth)
	}
}

func (p *textPrinter) parts(open string, n int, at func(int) (wam.Value, error), depth int) {
	p.b.WriteString(open)
	for i := range n {
		if i > 0 {
			p.b.WriteByte(' ')
		}
		v, err := at(i)
		if err != nil {
			p.b.WriteByte('?')
			continue
		}
		if p.term(v, depth+1); p.full() {
			break
		}
	}
	p.b.WriteByte(']')
}

// pointer writes the target of a pointer at the top, and like fmt only the address below.
func (p *textPrinter) pointer(v reflect.Value, depth int) {
	switch {
	case v.IsNil():
		p.b.WriteString("<nil>")
	case depth == 0:
		p.b.WriteByte('&')
		p.value(v.Elem(), depth+1)
	default:
		fmt.Fprintf(&p.b, "0x%x", v.Pointer())
	}
}

func (p *textPrinter) structure(v reflect.Value, depth int) {
	p.b.WriteByte('{')
	for i := range v.NumField() {
		if i > 0 {
			p.b.WriteByte(' ')
		}
		if p.names {
			p.b.WriteString(v.Type().Field(i).Name + ":")
		}
		if p.value(v.Field(i), depth+1); p.full() {
			break
		}
	}
	p.b.WriteByte('}')
}

// dictionary writes a map with its keys in the order of their text.
func (p *textPrinter) dictionary(v reflect.Value, depth int) {
	type entry struct {
		key   string
		value reflect.Value
	}
	var entries []entry
	for iter := v.MapRange(); iter.Next(); {
		k := textPrinter{names: p.names}
		k.value(iter.Key(), depth+1)
		entries = append(entries, entry{k.b.String(), iter.Value()})
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	p.b.WriteString("map[")
	for i, e := range entries {
		if i > 0 {
			p.b.WriteByte(' ')
		}
		p.b.WriteString(e.key + ":")
		if p.value(e.value, depth+1); p.full() {
			break
		}
	}
	p.b.WriteByte(']')
}

// scalar writes a number, boolean, func, channel or unsafe pointer.
func (p *textPrinter) scalar(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		fmt.Fprint(&p.b, v.Bool())
	case reflect.Float32:
		fmt.Fprint(&p.b, float32(v.Float()))
	case reflect.Float64:
		fmt.Fprint(&p.b, v.Float())
	case reflect.Complex64, reflect.Complex128:
		fmt.Fprint(&p.b, v.Complex())
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		if v.IsNil() {
			p.b.WriteString("<nil>")
			return
		}
		fmt.Fprintf(&p.b, "0x%x", v.Pointer())
	default:
		if v.CanInt() {
			fmt.Fprint(&p.b, v.Int())
		} else {
			fmt.Fprint(&p.b, v.Uint())
		}
	}
}
