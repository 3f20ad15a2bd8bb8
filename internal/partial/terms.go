package partial

import (
	"encoding/binary"
	"math"
	"math/big"
	"reflect"

	"github.com/goso-project/goso/internal/wam"
)

// visit calls f for every occurrence of a variable in a term, rest variables included.
func (s *simplifier) visit(v wam.Value, depth int, f func(variable)) {
	if !s.enter(depth) {
		return
	}
	switch v.Kind {
	case wam.KindVar:
		f(variableOf(v))
	case wam.KindExpr:
		s.visitAll(v.Ref.(*wam.Expr).Args, depth+1, f)
	case wam.KindList:
		if l, ok := v.Ref.(*wam.List); ok {
			s.visitAll(l.Items, depth+1, f)
			s.visit(l.Rest, depth+1, f)
		}
	case wam.KindDict:
		if d, ok := v.Ref.(*wam.Dict); ok {
			s.visitAll(d.Values, depth+1, f)
		}
	case wam.KindPattern:
		s.visitAll(v.Ref.(*wam.Pattern).Fields.Values, depth+1, f)
	}
}

func (s *simplifier) visitAll(vs []wam.Value, depth int, f func(variable)) {
	for _, v := range vs {
		s.visit(v, depth, f)
	}
}

// eachVariable calls f for every occurrence of a variable in the terms.
func (s *simplifier) eachVariable(args []wam.Value, f func(variable)) { s.visitAll(args, 0, f) }

// shared returns the variables that occur in more than one of the terms.
func (s *simplifier) shared(args []wam.Value) map[variable]bool {
	first := map[variable]int{}
	shared := map[variable]bool{}
	for i, a := range args {
		s.visit(a, 0, func(v variable) {
			if at, ok := first[v]; !ok {
				first[v] = i
			} else if at != i {
				shared[v] = true
			}
		})
	}
	return shared
}

// freeze marks the variables of the terms that are not visible outside of them.
func (s *simplifier) freeze(args []wam.Value, visible func(variable) bool) {
	s.eachVariable(args, func(v variable) {
		if !visible(v) {
			s.frozen[v] = true
		}
	})
}

// restVariables returns the variables that stand as the rest of a list. They are not replaced: what equals them need not be a
// list's text.
func (s *simplifier) restVariables(args []wam.Value) map[variable]bool {
	var found map[variable]bool
	var look func(v wam.Value, depth int)
	look = func(v wam.Value, depth int) {
		if !s.enter(depth) {
			return
		}
		var children []wam.Value
		switch ref := v.Ref.(type) {
		case *wam.Expr:
			children = ref.Args
		case *wam.Dict:
			children = ref.Values
		case *wam.Pattern:
			children = ref.Fields.Values
		case *wam.List:
			children = ref.Items
			if ref.Rest.Kind == wam.KindVar {
				if found == nil {
					found = map[variable]bool{}
				}
				found[variableOf(ref.Rest)] = true
			}
		}
		for _, c := range children {
			look(c, depth+1)
		}
	}
	for _, a := range args {
		look(a, 0)
	}
	return found
}

// ground reports whether a term holds no variable, instance, expression or pattern.
func (s *simplifier) ground(v wam.Value, depth int) bool {
	if !s.enter(depth) {
		return false
	}
	switch v.Kind {
	case wam.KindBool, wam.KindInt, wam.KindFloat, wam.KindString:
		return true
	case wam.KindList:
		if l, ok := v.Ref.(*wam.List); ok && l.Rest.Kind != wam.KindNone {
			return false
		}
		seq, ok := v.Ref.(wam.Sequence)
		return ok && s.groundAll(seq.Len(), seq.At, depth)
	case wam.KindDict:
		m, ok := v.Ref.(wam.Mapping)
		return ok && s.groundAll(m.Len(), m.At, depth)
	}
	return false
}

func (s *simplifier) groundAll(n int, at func(int) (wam.Value, error), depth int) bool {
	for i := range n {
		v, err := at(i)
		if err != nil || !s.ground(v, depth+1) {
			return false
		}
	}
	return true
}

// truth is what is known of a constraint without its variables.
type truth int

const (
	open truth = iota
	always
	never
)

func truthOf(b bool) truth {
	if b {
		return always
	}
	return never
}

// decide tells whether a constraint is constant: comparisons between ground values, which follow spec-wide rules (numbers
// compare across kinds, booleans equal booleans only).
func (s *simplifier) decide(c wam.Value) truth {
	if c.Kind == wam.KindBool {
		return truthOf(c.Bool())
	}
	e, ok := c.Ref.(*wam.Expr)
	if c.Kind != wam.KindExpr || !ok || len(e.Args) != 2 {
		return open
	}
	switch e.Op {
	case "Unify", "Eq", "Neq":
		if s.ground(e.Args[0], 0) && s.ground(e.Args[1], 0) {
			return truthOf(s.same(e.Args[0], e.Args[1], 0) == (e.Op != "Neq"))
		}
	case "Lt", "Leq", "Gt", "Geq":
		if order, ok := compare(e.Args[0], e.Args[1]); ok {
			return truthOf(holds(e.Op, order))
		}
	}
	return open
}

// unordered is the order of NaN and anything.
const unordered = 2

func holds(op string, order int) bool {
	switch op {
	case "Lt":
		return order == -1
	case "Leq":
		return order == -1 || order == 0
	case "Gt":
		return order == 1
	case "Geq":
		return order == 1 || order == 0
	}
	return false
}

// compare orders two numbers or two strings; ok is false for anything else.
func compare(a, b wam.Value) (order int, ok bool) {
	switch {
	case isNumber(a) && isNumber(b):
		return compareNumbers(a, b), true
	case a.Kind == wam.KindString && b.Kind == wam.KindString:
		switch {
		case a.Str < b.Str:
			return -1, true
		case a.Str > b.Str:
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

func isNumber(v wam.Value) bool { return v.Kind == wam.KindInt || v.Kind == wam.KindFloat }

// compareNumbers compares exactly, also an integer with a float.
func compareNumbers(a, b wam.Value) int {
	if a.Kind == wam.KindInt && b.Kind == wam.KindInt {
		switch {
		case a.Int() < b.Int():
			return -1
		case a.Int() > b.Int():
			return 1
		}
		return 0
	}
	x, ok1 := exact(a)
	y, ok2 := exact(b)
	if !ok1 || !ok2 {
		return unordered
	}
	return x.Cmp(y)
}

// exact returns the number without rounding; ok is false for NaN.
func exact(v wam.Value) (*big.Float, bool) {
	if v.Kind == wam.KindInt {
		return new(big.Float).SetInt64(v.Int()), true
	}
	f := v.Float()
	if math.IsNaN(f) {
		return nil, false
	}
	return new(big.Float).SetFloat64(f), true
}

// same reports whether two terms are structurally equal; numbers by value. Instances are the same when they are one object.
func (s *simplifier) same(a, b wam.Value, depth int) bool {
	if !s.enter(depth) {
		return false
	}
	if isNumber(a) && isNumber(b) {
		return compareNumbers(a, b) == 0
	}
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case wam.KindBool:
		return a.N == b.N
	case wam.KindString:
		return a.Str == b.Str
	case wam.KindVar:
		return variableOf(a) == variableOf(b)
	case wam.KindInstance:
		return canCompare(a.Ref) && canCompare(b.Ref) && a.Ref == b.Ref
	case wam.KindExpr:
		x, y := a.Ref.(*wam.Expr), b.Ref.(*wam.Expr)
		return x.Op == y.Op && s.sameAll(x.Args, y.Args, depth)
	case wam.KindPattern:
		x, y := a.Ref.(*wam.Pattern), b.Ref.(*wam.Pattern)
		return x.Tag == y.Tag && s.sameMapping(&x.Fields, &y.Fields, depth)
	case wam.KindList:
		return s.sameList(a, b, depth)
	case wam.KindDict:
		x, ok1 := a.Ref.(wam.Mapping)
		y, ok2 := b.Ref.(wam.Mapping)
		return ok1 && ok2 && s.sameMapping(x, y, depth)
	}
	return false
}

func (s *simplifier) sameAll(a, b []wam.Value, depth int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !s.same(a[i], b[i], depth+1) {
			return false
		}
	}
	return true
}

func (s *simplifier) sameList(a, b wam.Value, depth int) bool {
	x, ok1 := a.Ref.(wam.Sequence)
	y, ok2 := b.Ref.(wam.Sequence)
	if !ok1 || !ok2 || x.Len() != y.Len() {
		return false
	}
	ra, rb := rest(a), rest(b)
	if ra.Kind != rb.Kind || variableOf(ra) != variableOf(rb) {
		return false
	}
	for i := range x.Len() {
		v, err1 := x.At(i)
		w, err2 := y.At(i)
		if err1 != nil || err2 != nil || !s.same(v, w, depth+1) {
			return false
		}
	}
	return true
}

// rest returns the rest variable of a list, or the zero Value.
func rest(v wam.Value) wam.Value {
	if l, ok := v.Ref.(*wam.List); ok {
		return l.Rest
	}
	return wam.Value{}
}

func (s *simplifier) sameMapping(x, y wam.Mapping, depth int) bool {
	if x.Len() != y.Len() {
		return false
	}
	for i := range x.Len() {
		v, err1 := x.At(i)
		w, err2 := y.At(i)
		if x.Key(i) != y.Key(i) || err1 != nil || err2 != nil || !s.same(v, w, depth+1) {
			return false
		}
	}
	return true
}

// canCompare reports whether == between this and another value can't panic.
func canCompare(ref any) bool { return ref != nil && reflect.ValueOf(ref).Comparable() }

// key returns a text that two constraints share exactly when they say the same: structurally equal, or with the sides of
// an equality or inequality swapped.
func (s *simplifier) key(v wam.Value) string { return string(s.appendKey(nil, v, 0)) }

func (s *simplifier) appendKey(b []byte, v wam.Value, depth int) []byte {
	if !s.enter(depth) {
		return b
	}
	b = append(b, byte(v.Kind))
	switch v.Kind {
	case wam.KindBool, wam.KindInt, wam.KindFloat:
		return binary.BigEndian.AppendUint64(b, v.N)
	case wam.KindString:
		return appendText(b, v.Str)
	case wam.KindVar:
		return appendText(binary.BigEndian.AppendUint64(b, v.N), v.Str)
	case wam.KindInstance:
		return binary.BigEndian.AppendUint64(b, uint64(s.instance(v.Ref)))
	case wam.KindExpr:
		e := v.Ref.(*wam.Expr)
		b = binary.AppendUvarint(appendText(b, e.Op), uint64(len(e.Args)))
		if len(e.Args) == 2 && (e.Op == "Unify" || e.Op == "Eq" || e.Op == "Neq") {
			l, r := s.appendKey(nil, e.Args[0], depth+1), s.appendKey(nil, e.Args[1], depth+1)
			if string(l) > string(r) {
				l, r = r, l
			}
			return append(append(b, l...), r...)
		}
		for _, a := range e.Args {
			b = s.appendKey(b, a, depth+1)
		}
	case wam.KindList:
		if seq, ok := v.Ref.(wam.Sequence); ok {
			b = binary.AppendUvarint(b, uint64(seq.Len()))
			for i := range seq.Len() {
				b = s.appendElement(b, depth)(seq.At(i))
			}
			b = s.appendKey(b, rest(v), depth+1)
		}
	case wam.KindDict:
		if m, ok := v.Ref.(wam.Mapping); ok {
			b = s.appendFields(b, m, depth)
		}
	case wam.KindPattern:
		p := v.Ref.(*wam.Pattern)
		b = s.appendFields(appendText(b, p.Tag), &p.Fields, depth)
	}
	return b
}

func (s *simplifier) appendFields(b []byte, m wam.Mapping, depth int) []byte {
	b = binary.AppendUvarint(b, uint64(m.Len()))
	for i := range m.Len() {
		b = s.appendElement(appendText(b, m.Key(i)), depth)(m.At(i))
	}
	return b
}

// appendElement appends an element a host converted; one that it could not convert is like no other.
func (s *simplifier) appendElement(b []byte, depth int) func(wam.Value, error) []byte {
	return func(v wam.Value, err error) []byte {
		if err != nil {
			s.lastID++
			return binary.BigEndian.AppendUint64(append(b, 0xff), uint64(s.lastID))
		}
		return s.appendKey(b, v, depth+1)
	}
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// instance numbers a host object: the same object has the same number. What can't be compared is like no other.
func (s *simplifier) instance(ref any) int {
	if canCompare(ref) {
		if n, ok := s.instances[ref]; ok {
			return n
		}
		if s.instances == nil {
			s.instances = map[any]int{}
		}
		s.lastID++
		s.instances[ref] = s.lastID
		return s.lastID
	}
	s.lastID++
	return s.lastID
}
