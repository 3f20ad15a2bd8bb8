package oso_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/types"
)

type User struct {
	Name  string
	Roles []Role
	Admin bool
}

type Role struct {
	Name string
	Org  int
}

type Widget struct{ Id, CompanyId int }

type Company struct{ Id int }

type Foo struct {
	Name string
	Num  int
}

func NewFoo(name string, num int) Foo { return Foo{name, num} }

// messages collects what a policy prints and warns.
type messages struct {
	mu   sync.Mutex
	list []oso.Message
}

func (m *messages) add(msg oso.Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.list = append(m.list, msg)
}

func (m *messages) text(warnings bool) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var b strings.Builder
	for _, msg := range m.list {
		if _, ok := msg.Kind.MessageKindVariant.(types.MessageKindWarning); ok == warnings {
			b.WriteString(msg.Msg + "\n")
		}
	}
	return b.String()
}

// newOso returns an Oso that shows no messages, with the classes of this file and a policy.
func newOso(t testing.TB, policy string, opts ...oso.Option) *oso.Oso {
	t.Helper()
	o, err := oso.New(append([]oso.Option{oso.WithMessageHandler(func(oso.Message) {})}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	for _, cls := range []any{User{}, Role{}, Widget{}, Company{}} {
		must(t, o.RegisterClass(cls, nil))
	}
	must(t, o.RegisterClass(Foo{}, NewFoo))
	must(t, o.LoadString(policy))
	return o
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// results runs a query and shows its results, one a line, variables in alphabetical order.
func results(t testing.TB, o *oso.Oso, query string) string {
	t.Helper()
	q, err := o.NewQueryFromStr(query)
	must(t, err)
	all, err := q.GetAllResults()
	must(t, err)
	return show(all)
}

func show(all []map[string]any) string {
	lines := []string{}
	for _, r := range all {
		lines = append(lines, strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(r), "map["), "]"))
	}
	return strings.Join(lines, "\n")
}

// queryError runs a query text and returns its error.
func queryError(t testing.TB, o *oso.Oso, query string) error {
	t.Helper()
	q, err := o.NewQueryFromStr(query)
	if err != nil {
		return err
	}
	_, err = q.GetAllResults()
	return err
}

func wantError(t testing.TB, err error, fragments ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", fragments)
	}
	for _, f := range fragments {
		if !strings.Contains(err.Error(), f) {
			t.Errorf("error %q does not contain %q", err, f)
		}
	}
}
