package host

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/engine"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

// num has an order, over integers of policies too.
type num struct{ N int64 }

func (n num) value(other any) (int64, bool) {
	switch o := other.(type) {
	case num:
		return o.N, true
	case int64:
		return o, true
	}
	return 0, false
}

func (n num) Equal(other interface{}) bool { o, ok := n.value(other); return ok && n.N == o }
func (n num) Lt(other interface{}) bool    { o, ok := n.value(other); return ok && n.N < o }

// pnum has the methods on its pointer.
type pnum struct{ N int }

func (n *pnum) Equal(other interface{}) bool { o, ok := other.(*pnum); return ok && n.N == o.N }
func (n *pnum) Lt(other interface{}) bool    { o, ok := other.(*pnum); return ok && n.N < o.N }

type nan struct{}

func (nan) Equal(interface{}) bool { return false }
func (nan) Lt(interface{}) bool    { return false }

type bomb struct{}

func (bomb) Equal(interface{}) bool { panic("boom") }
func (bomb) Lt(interface{}) bool    { panic("boom") }

// version has Compare over itself, fuzzy Equal alone.
type version struct{ Major int }

func (v version) Compare(o version) int { return v.Major - o.Major }

type fuzzy struct{ S string }

func (f fuzzy) Equal(o *fuzzy) bool { return strings.EqualFold(f.S, o.S) }

type withFunc struct{ F func() }

var operators = []string{"Eq", "Neq", "Lt", "Leq", "Gt", "Geq"}

func TestComparisons(t *testing.T) {
	noon := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	elsewhere := noon.In(time.FixedZone("x", 3600))
	u := newUser()
	self := &withFunc{F: func() {}}
	tests := []struct {
		name        string
		left, right any
		want        string // one letter an operator of the list above: T, F, or E for an error
	}{
		{"both Comparers, less", num{1}, num{2}, "FTTTFF"},
		{"both Comparers, equal", num{2}, &num{2}, "TFFTFT"},
		{"left Comparer", num{1}, 2, "FTTTEE"},
		{"right Comparer", 1, num{2}, "FTEEFF"},
		{"right Comparer, greater", 3, num{2}, "FTEETT"},
		{"pointer Comparers", pnum{1}, &pnum{2}, "FTTTFF"},
		{"pointer Comparer and nil", &pnum{1}, nil, "FTFFEE"},
		{"neither equal nor less", nan{}, nan{}, "FTFFFF"},
		{"deep equality", *u, *newUser(), "TFEEEE"},
		{"deep equality behind pointers", u, newUser(), "TFEEEE"},
		{"difference behind pointers", u, &user{}, "FTEEEE"},
		{"the same object", u, u, "TFEEEE"},
		{"funcs equal nothing", self, self, "FTEEEE"},
		{"other types", grant{}, user{}, "FTEEEE"},
		{"struct and number", grant{}, 1, "FTEEEE"},
		{"nil and nil", nil, nil, "TFEEEE"},
		{"nil and struct", nil, grant{}, "FTEEEE"},
		{"nil and string", nil, "", "FTEEEE"},
		{"named string and string", role("a"), "a", "FTEEEE"},
		{"named strings", role("a"), role("a"), "TFEEEE"},
		{"one instant in two zones", noon, elsewhere, "TFFTFT"},
		{"instants", noon, noon.Add(1), "FTTTFF"},
		{"Compare", version{2}, version{1}, "FTFFTT"},
		{"Equal", fuzzy{"a"}, &fuzzy{"A"}, "TFEEEE"},
		{"panic", bomb{}, bomb{}, "EEEEEE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := compareAll(t, testSession(t, Config{}), tt.left, tt.right); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func compareAll(t *testing.T, s *Session, left, right any) string {
	t.Helper()
	l, err := s.Value(left)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Value(right)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, op := range operators {
		switch ok, err := s.Compare(t.Context(), op, l, r); {
		case err != nil:
			b.WriteByte('E')
		case ok:
			b.WriteByte('T')
		default:
			b.WriteByte('F')
		}
	}
	return b.String()
}

func TestUnderlyingEquality(t *testing.T) {
	type flag bool
	type level int
	type ratio float64
	type size uint8
	tests := []struct {
		name        string
		left, right any
		want        string
	}{
		{"string", role("a"), "a", "TFFTFT"},
		{"string on the right", "a", role("b"), "FTTTFF"},
		{"integer", level(1), 2, "FTTTFF"},
		{"unsigned integer", size(3), 2, "FTFFTT"},
		{"float", ratio(1), 1.0, "TFFTFT"},
		{"NaN", ratio(math.NaN()), 1.0, "FTFFFF"},
		{"boolean", flag(true), true, "TFEEEE"},
		{"two named types", role("a"), ptr(role("a")), "TFFTFT"},
		{"other kinds", role("1"), 1, "FTEEEE"},
		{"structs", grant{"a", 1}, grant{"a", 1}, "TFEEEE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := compareAll(t, testSession(t, Config{UnderlyingEquality: true}), tt.left, tt.right); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestComparisonErrors(t *testing.T) {
	s := testSession(t, Config{})
	l, _ := s.Value(grant{})
	r, _ := s.Value("a")
	_, err := s.Compare(t.Context(), "Lt", l, r)
	if _, ok := errors.AsType[*osoerrors.UnimplementedOperationError](err); !ok || !strings.Contains(err.Error(), "Unsupported operation: a value of type host.grant < a string") {
		t.Errorf("got %v", err)
	}
	b, _ := s.Value(bomb{})
	_, err = s.Compare(t.Context(), "Eq", b, r)
	if p, ok := errors.AsType[*osoerrors.HostPanicError](err); !ok || p.Value != "boom" || len(p.Stack) == 0 {
		t.Errorf("got %v", err)
	}
	if _, ok := errors.AsType[*engine.ApplicationError](err); !ok {
		t.Errorf("%T is no application error", err)
	}
}

type node struct {
	Next *node
	Any  any
	Map  map[string]*node
	List []*node
	arr  [2]complex64
	ch   chan int
	u    uint
	b    bool
}

func TestDeepEqualityOfGraphs(t *testing.T) {
	chain := func(n int) *node {
		var c *node
		for range n {
			c = &node{Next: c}
		}
		return c
	}
	loop := func() *node {
		n := &node{Map: map[string]*node{}}
		n.Next, n.Any, n.List = n, n, []*node{n}
		n.Map["self"] = n
		return n
	}
	if !Same(*chain(200_000), *chain(200_000)) {
		t.Error("long equal chains differ")
	}
	if Same(*chain(10), *chain(11)) {
		t.Error("chains of different length are equal")
	}
	if !Same(*loop(), *loop()) {
		t.Error("equal loops differ")
	}
	tests := []struct {
		name string
		a, b any
		want bool
	}{
		{"nil slice and empty slice", []int(nil), []int{}, false},
		{"nil map and empty map", map[string]int(nil), map[string]int{}, false},
		{"maps", map[string]int{"a": 1}, map[string]int{"a": 1}, true},
		{"maps with other keys", map[string]int{"a": 1}, map[string]int{"b": 1}, false},
		{"unexported fields", node{arr: [2]complex64{1i}, u: 1, b: true}, node{arr: [2]complex64{1i}, u: 1, b: true}, true},
		{"unexported difference", node{List: []*node{}, u: 1}, node{List: []*node{}, u: 2}, false},
		{"interfaces", node{Any: []int{1}}, node{Any: []int{1}}, true},
		{"interfaces with other types", node{Any: []int{1}}, node{Any: []int8{1}}, false},
		{"interface and nil", node{Any: []int{1}}, node{List: []*node{}}, false},
		{"nil", nil, nil, true},
		{"nil and value", nil, 1, false},
		{"comparable", 1, 1, true},
		{"other types", 1, int8(1), false},
		{"channels", node{List: []*node{}, ch: make(chan int)}, node{List: []*node{}, ch: make(chan int)}, false},
	}
	for _, tt := range tests {
		if got := Same(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: got %v", tt.name, got)
		}
	}
}
