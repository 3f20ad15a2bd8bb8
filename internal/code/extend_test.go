package code

import (
	"reflect"
	"testing"

	"github.com/goso-project/goso/internal/diag"
)

// What an extended program appends must never reach the program it extends, or another extension of it.
func TestExtensionsShareNoRoom(t *testing.T) {
	p := NewProgram(0)
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice && f.CanSet() && v.Type().Field(i).Name != "Preds" {
			f.Set(reflect.MakeSlice(f.Type(), 0, 8))
		}
	}
	q := reflect.ValueOf(p.Extend(func(*Pred) []diag.Span { return nil })).Elem()
	for i := range q.NumField() {
		if f := q.Field(i); f.Kind() == reflect.Slice && f.Cap() > 0 && f.Pointer() == v.Field(i).Pointer() && f.Cap() != f.Len() {
			t.Errorf("%s has room for more, which both programs could write", q.Type().Field(i).Name)
		}
	}
}
