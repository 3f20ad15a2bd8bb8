package bench

import (
	"fmt"
	"reflect"

	"github.com/goso-project/goso/pkg/oso"
)

// Loads are the sizes of W24, in rules.
var Loads = []int{10, 1000, 50_000}

// Loader measures the way from the text of a policy to the first question it can answer.
type Loader struct {
	oso  *oso.Oso
	text string
	last int
}

// NewLoader returns a loader of n rules.
func NewLoader(n int) (*Loader, error) {
	o, err := newOso(resourceClasses()...)
	if err != nil {
		return nil, err
	}
	return &Loader{oso: o, text: departments(n), last: n - 1}, nil
}

// Load drops the policy and loads it again.
func (l *Loader) Load() error {
	if err := l.oso.ClearRules(); err != nil {
		return err
	}
	return l.oso.LoadString(l.text)
}

// Check loads once and asks a question that only the last rule grants.
func (l *Loader) Check() error {
	if err := l.Load(); err != nil {
		return err
	}
	ok, err := l.oso.IsAllowed(&Member{Dept: fmt.Sprintf("d%d", l.last)}, fmt.Sprintf("act%d", l.last%50), pointerTo(resources[l.last%20]))
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("the last of %d rules does not grant", l.last+1)
	}
	return nil
}

// pointerTo returns a pointer to a copy of a struct.
func pointerTo(v any) any {
	p := reflect.New(reflect.TypeOf(v))
	p.Elem().Set(reflect.ValueOf(v))
	return p.Interface()
}
