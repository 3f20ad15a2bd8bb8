package host

import (
	"reflect"
	"strings"

	"github.com/goso-project/goso/internal/wam"
)

// Bounds of the text that describes an object in a message.
const (
	maxText      = 4096
	maxTextDepth = 16
)

// Describe returns the text and the class text of an instance for messages.
func (s *Session) Describe(v wam.Value) (text, class string) { return Describe(v) }

// Describe formats an instance as fmt's %T%+v does, behind pointers its target.
func Describe(v wam.Value) (text, class string) {
	if v.Ref == nil {
		return "nil", "nil"
	}
	rv := target(v.Ref)
	class = rv.Type().String()
	p := textPrinter{names: true}
	p.value(rv, 0)
	return class + p.b.String(), class
}

// valueText formats a value as fmt's %v does, for the message of a missing attribute.
func valueText(v wam.Value) string {
	switch v.Kind {
	case wam.KindInstance:
		if v.Ref == nil {
			return "nil"
		}
		p := textPrinter{}
		p.value(target(v.Ref), 0)
		return p.b.String()
	default:
		p := textPrinter{}
		p.term(v, 0)
		return p.b.String()
	}
}

// Text formats a Go value for a message, as fmt's %v does.
func Text(x any) string {
	p := textPrinter{}
	p.value(reflect.ValueOf(x), 0)
	return p.b.String()
}

// target returns what an object's pointer leads to.
func target(x any) reflect.Value {
	v := reflect.ValueOf(x)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	return v
}

// textPrinter formats a value without calling its methods, and without following cycles: it ends at a length and a depth.
type textPrinter struct {
	b     strings.Builder
	names bool
}

func (p *textPrinter) full() bool { return p.b.Len() > maxText }

func (p *textPrinter) value(v reflect.Value, depth int) {
	if p.full() || depth > maxTextDepth {
		p.b.WriteString("…")
		return
	}
	switch v.Kind() {
	case reflect.Invalid:
		p.b.WriteString("<nil>")
	case reflect.Interface:
		p.value(v.Elem(), depth+1)
	case reflect.Pointer:
		p.pointer(v, depth)
	case reflect.Struct:
		p.structure(v, depth)
	case reflect.Slice, reflect.Array:
		p.b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				p.b.WriteByte(' ')
			}
			if p.value(v.Index(i), depth+1); p.full() {
				break
			}
		}
		p.b.WriteByte(']')
	case reflect.Map:
		p.dictionary(v, depth)
	case reflect.String:
		s := v.String()
		if len(s) > maxText {
			s = strings.ToValidUTF8(s[:maxText], "") + "…"
		}
		p.b.WriteString(s)
	default:
		p.scalar(v)
	}
}
