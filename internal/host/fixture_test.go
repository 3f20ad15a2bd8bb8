package host

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"testing"

	"github.com/goso-project/goso/internal/wam"
)

type role string

type base struct{ ID int }

type Deep struct{ Level int }

type user struct {
	base
	*Deep
	Name    string
	Age     uint8
	Score   float32
	Manager *user
	Roles   []grant
	Tags    []string
	Nums    []int
	Any     any
	Anys    []any
	Attrs   map[string]int
	Role    role
	Best    grant
	Huge    uint64
	Err     error
	Fn      func() int
	hidden  int
}

type grant struct {
	Role string
	Org  int
}

func (u user) Greet(greeting string) string { return greeting + " " + u.Name }

func (u *user) Rename(name string) { u.Name = name }

func (u user) Sum(first int, rest ...int) int {
	for _, n := range rest {
		first += n
	}
	return first
}

func (u user) Pair() (int, error) { return 1, nil }

func (u user) Fail() error { return errBroken }

func (u user) Panic() int { panic(errBroken) }

func (u user) Nil() *user { return nil }

func (u user) Ctx(ctx context.Context, n int) bool { return ctx.Value(ctxKey{}) != nil && n == 1 }

func (u user) Echo(x any) any { return x }

func (u user) Bytes(b []byte) int { return len(b) }

func (u user) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range 3 {
			if !yield(i) {
				return
			}
		}
	}
}

func (g *grant) Touch() int { g.Org++; return g.Org }

type ctxKey struct{}

var errBroken = errors.New("broken")

// named is implemented by values, renamer by pointers only.
type named interface{ Greet(string) string }
type renamer interface{ Rename(string) }

func newUser() *user {
	return &user{
		base: base{ID: 7}, Name: "ann", Age: 30, Score: 0.5,
		Roles: []grant{{"reader", 1}, {"writer", 2}},
		Tags:  []string{"a", "b"}, Nums: []int{3, 4}, Anys: []any{1, "x", nil},
		Attrs: map[string]int{"z": 1, "y": 2}, Role: "admin", Best: grant{"owner", 9},
	}
}

// testSession returns a session on a registry with the classes User, Grant and Role.
func testSession(t testing.TB, config Config) *Session {
	t.Helper()
	r := NewRegistry(config, nil)
	for name, v := range map[string]any{"User": user{}, "Grant": grant{}, "Role": role("")} {
		if _, err := r.RegisterClass(reflect.TypeOf(v), nil, name, nil); err != nil {
			t.Fatal(err)
		}
	}
	return r.Acquire()
}

// show writes a value in a form that tests compare: lists and dictionaries with their elements, instances with their type.
func show(v wam.Value) string {
	switch v.Kind {
	case wam.KindBool:
		return fmt.Sprint(v.Bool())
	case wam.KindInt:
		return fmt.Sprint(v.Int())
	case wam.KindFloat:
		return fmt.Sprintf("%gf", v.Float())
	case wam.KindString:
		return fmt.Sprintf("%q", v.Str)
	case wam.KindVar:
		return "?" + v.Str
	case wam.KindList:
		seq, _ := sequenceOf(v)
		s := "["
		for i := range seq.Len() {
			item, err := seq.At(i)
			if err != nil {
				return s + "error: " + err.Error()
			}
			if i > 0 {
				s += " "
			}
			s += show(item)
		}
		return s + "]"
	case wam.KindDict:
		m := mappingOf(v)
		s := "{"
		for i := range m.Len() {
			item, err := m.At(i)
			if err != nil {
				return s + "error: " + err.Error()
			}
			if i > 0 {
				s += " "
			}
			s += m.Key(i) + ":" + show(item)
		}
		return s + "}"
	case wam.KindInstance:
		if v.Ref == nil {
			return "nil"
		}
		return fmt.Sprintf("<%T>", v.Ref)
	case wam.KindExpr:
		e := v.Ref.(*wam.Expr)
		s := "(" + e.Op
		for _, a := range e.Args {
			s += " " + show(a)
		}
		return s + ")"
	case wam.KindPattern:
		p := v.Ref.(*wam.Pattern)
		return p.Tag + show(wam.MappingValue(&p.Fields))
	}
	return "?"
}
