package show

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/goso-project/goso/internal/wam"
)

// JSON returns a value as JSON. Booleans, strings, lists and dictionaries are what they are in JSON; integers are numbers
// without a point, floats numbers with one. What JSON has no form for is an object with one key:
//
//	{"$float": "nan"}      a float that is no number, or "inf", "-inf"
//	{"$object": "text"}    a host's object, as it describes itself
//	{"$var": "x"}          a variable without a value
//	{"$expr": "x > 1"}     the conditions on a variable without a value
//
// The object nil is null.
func (p Printer) JSON(v wam.Value) string {
	w := writer{Printer: p}
	w.json(v)
	return w.String()
}

// BindingJSON returns the value of a variable as JSON, with the variable's name where conditions speak of it.
func (p Printer) BindingJSON(name string, v wam.Value) string {
	p.This = name
	return p.JSON(v)
}

func (w *writer) json(v wam.Value) {
	if w.depth++; w.depth > maxDepth || w.full() {
		w.WriteString(`"…"`)
		w.depth--
		return
	}
	switch v.Kind {
	case wam.KindBool:
		w.WriteString(strconv.FormatBool(v.Bool()))
	case wam.KindInt:
		w.WriteString(strconv.FormatInt(v.Int(), 10))
	case wam.KindFloat:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			w.tagged("$float", Float(f))
		} else {
			w.WriteString(Float(f))
		}
	case wam.KindString:
		w.WriteString(quoteJSON(v.Str))
	case wam.KindList:
		w.jsonList(v)
	case wam.KindDict:
		if m, ok := v.Ref.(wam.Mapping); ok {
			w.jsonObject(m)
		}
	case wam.KindInstance:
		if text := w.plain(v); text == "nil" {
			w.WriteString("null")
		} else {
			w.tagged("$object", text)
		}
	case wam.KindVar:
		w.tagged("$var", v.Str)
	default:
		w.tagged("$expr", w.plain(v))
	}
	w.depth--
}

func (w *writer) plain(v wam.Value) string { return w.Printer.Value(v) }

func (w *writer) tagged(tag, text string) {
	w.WriteString(`{"` + tag + `":` + quoteJSON(text) + `}`)
}

func (w *writer) jsonList(v wam.Value) {
	if l, ok := v.Ref.(*wam.List); ok && l.Rest.Kind != wam.KindNone { // its length is not known
		w.tagged("$expr", w.plain(v))
		return
	}
	seq, ok := v.Ref.(wam.Sequence)
	if !ok {
		return
	}
	w.WriteByte('[')
	for i := range seq.Len() {
		if i > 0 {
			w.WriteByte(',')
		}
		w.jsonElement(seq.At(i))
	}
	w.WriteByte(']')
}

func (w *writer) jsonObject(m wam.Mapping) {
	w.WriteByte('{')
	for i := range m.Len() {
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteString(quoteJSON(m.Key(i)) + ":")
		w.jsonElement(m.At(i))
	}
	w.WriteByte('}')
}

func (w *writer) jsonElement(v wam.Value, err error) {
	if err != nil {
		w.tagged("$error", err.Error())
		return
	}
	w.json(v)
}

// quoteJSON returns a JSON string. Text that is not UTF-8 gets replacement characters.
func quoteJSON(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil { // cannot happen for a string
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}
