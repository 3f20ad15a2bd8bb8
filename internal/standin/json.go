package standin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goso-project/goso/internal/wam"
)

// FromJSON reads a value written as JSON: numbers without a point or exponent are integers, others floats; null is nil; an
// object {"$new": "Class", "fields": {...}} is an instance of a class; any other object is a dictionary.
func (h *Host) FromJSON(text string) (wam.Value, error) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return wam.Value{}, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return wam.Value{}, fmt.Errorf("not JSON: text after the value")
	}
	return h.fromJSON(v)
}

// fromJSON converts what the decoder made, which bounds nesting.
func (h *Host) fromJSON(v any) (wam.Value, error) {
	switch v := v.(type) {
	case nil:
		return h.reg.Constants["nil"], nil
	case bool:
		return wam.BoolValue(v), nil
	case string:
		return wam.StringValue(v), nil
	case json.Number:
		return number(v.String())
	case []any:
		items := make([]wam.Value, len(v))
		for i := range v {
			var err error
			if items[i], err = h.fromJSON(v[i]); err != nil {
				return wam.Value{}, err
			}
		}
		return wam.ListValue(items...), nil
	case map[string]any:
		if class, ok := v["$new"].(string); ok {
			return h.instanceFromJSON(class, v)
		}
		fields, err := h.fieldsFromJSON(v)
		return wam.MappingValue(fields), err
	}
	return wam.Value{}, fmt.Errorf("%T is no JSON value", v)
}

func (h *Host) instanceFromJSON(class string, v map[string]any) (wam.Value, error) {
	fields, ok := v["fields"].(map[string]any)
	if !ok && v["fields"] != nil {
		return wam.Value{}, fmt.Errorf(`"fields" of a new %s must be an object`, class)
	}
	d, err := h.fieldsFromJSON(fields)
	if err != nil {
		return wam.Value{}, err
	}
	inst, ok := h.Instance(class, d)
	if !ok {
		return wam.Value{}, fmt.Errorf("no class %s is declared; declare a stand-in with --class %s", class, class)
	}
	return inst, nil
}

func (h *Host) fieldsFromJSON(v map[string]any) (*wam.Dict, error) {
	d := &wam.Dict{Keys: slices.Sorted(maps.Keys(v))}
	for _, key := range d.Keys {
		value, err := h.fromJSON(v[key])
		if err != nil {
			return nil, err
		}
		d.Values = append(d.Values, value)
	}
	return d, nil
}

func number(text string) (wam.Value, error) {
	if !strings.ContainsAny(text, ".eE") {
		i, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return wam.Value{}, fmt.Errorf("%s is no 64-bit integer", text)
		}
		return wam.IntValue(i), nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return wam.Value{}, fmt.Errorf("%s is no float", text)
	}
	return wam.FloatValue(f), nil
}
