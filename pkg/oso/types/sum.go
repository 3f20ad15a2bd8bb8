package types

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// variant is one alternative of a sum type: its name in JSON, its Go type, and the type whose JSON form its content has.
type variant struct {
	name   string
	typ    reflect.Type
	wire   reflect.Type
	isUnit bool // no content: the bare name
}

// sum describes a sum type; its tables are never changed.
type sum struct {
	name     string
	variants []variant
}

// newtype describes a variant V that is written as W.
func newtype[V, W any](name string) variant {
	return variant{name: name, typ: reflect.TypeFor[V](), wire: reflect.TypeFor[W]()}
}

// record describes a variant that is written as it is.
func record[V any](name string) variant { return newtype[V, V](name) }

// unit describes a variant without content.
func unit[V any](name string) variant {
	return variant{name: name, typ: reflect.TypeFor[V](), isUnit: true}
}

// encode writes a variant.
func (s *sum) encode(v any) ([]byte, error) {
	t := reflect.TypeOf(v)
	for i := range s.variants {
		alt := &s.variants[i]
		if alt.typ != t {
			continue
		}
		if alt.isUnit {
			return json.Marshal(alt.name)
		}
		content := reflect.ValueOf(v).Convert(alt.wire).Interface()
		return json.Marshal(map[string]any{alt.name: content})
	}
	return nil, fmt.Errorf("cannot encode %T as a %s", v, s.name)
}

// decode reads a variant.
func (s *sum) decode(data []byte) (any, error) {
	var bare string
	if json.Unmarshal(data, &bare) == nil {
		for i := range s.variants {
			if alt := &s.variants[i]; alt.name == bare && alt.isUnit {
				return reflect.Zero(alt.typ).Interface(), nil
			}
		}
		return nil, fmt.Errorf("%q is no variant of %s", bare, s.name)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, fmt.Errorf("decoding a %s: %w", s.name, err)
	}
	if len(object) != 1 {
		return nil, fmt.Errorf("decoding a %s: expected an object with 1 key, found %d", s.name, len(object))
	}
	for key, content := range object {
		return s.decodeContent(key, content)
	}
	return nil, nil
}

func (s *sum) decodeContent(key string, content []byte) (any, error) {
	for i := range s.variants {
		alt := &s.variants[i]
		if alt.name != key || alt.isUnit {
			continue
		}
		p := reflect.New(alt.wire)
		if err := json.Unmarshal(content, p.Interface()); err != nil {
			return nil, fmt.Errorf("decoding %s::%s: %w", s.name, key, err)
		}
		return p.Elem().Convert(alt.typ).Interface(), nil
	}
	return nil, fmt.Errorf("%q is no variant of %s", key, s.name)
}

// decodeInto reads a variant into the embedded interface of a sum type.
func decodeInto[V any](s *sum, data []byte, into *V) error {
	got, err := s.decode(data)
	if err != nil {
		return err
	}
	v, ok := got.(V)
	if !ok {
		return fmt.Errorf("%T is no variant of %s", got, s.name)
	}
	*into = v
	return nil
}
