package wam

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// newVar makes an unbound, untouched variable and returns the reference to it.
func (m *Machine) newVar() Cell {
	c := code.Make(code.REF, len(m.h))
	m.h = append(m.h, c)
	return c
}

// deref follows references; the result is a value, or the reference to an unbound variable's own cell.
func (m *Machine) deref(c Cell) Cell {
	for c.Tag() == code.REF {
		n := m.h[c.Index()]
		if n == c || n.Tag() == code.ALI || n.Tag() == code.ATT {
			return c
		}
		c = n
	}
	return c
}

// unbound reports whether a dereferenced cell is a variable.
func (m *Machine) unbound(c Cell) bool { return c.Tag() == code.REF }

// constrained reports whether a dereferenced cell is a variable with constraints.
func (m *Machine) constrained(c Cell) bool {
	return c.Tag() == code.REF && m.h[c.Index()].Tag() == code.ATT
}

// touch marks the unbound variable that c refers to as passed to a rule or unified with another.
func (m *Machine) touch(c Cell) {
	i := c.Index()
	if m.h[i].Tag() == code.REF {
		if i < m.hb {
			m.tr = append(m.tr, Cell(i)<<2) // the kind is trailRef
		}
		m.h[i] = code.Make(code.ALI, i)
	}
}

// putArg moves a register to another and marks an unbound variable as touched.
func (m *Machine) putArg(in *code.Instr) {
	c := m.get(in.A)
	if c.Tag() == code.REF {
		if c = m.deref(c); c.Tag() == code.REF {
			m.touch(c)
		}
	}
	m.set(in.B, c)
}

// putVar makes a variable that is touched, as an argument is.
func (m *Machine) putVar(in *code.Instr) status {
	i := len(m.h)
	m.h = append(m.h, code.Make(code.ALI, i))
	c := code.Make(code.REF, i)
	m.set(in.A, c)
	m.set(in.B, c)
	if next := m.following(); next.Op == code.OpCall {
		m.p++
		return m.callAndReturn(next)
	}
	return ok
}

// bind gives an unbound variable a value or makes it refer to another variable. Binding a constrained variable wakes its
// constraints: the caller must see to m.wakes.
func (m *Machine) bind(addr int, v Cell) {
	old := m.h[addr]
	if old.Tag() == code.ATT {
		m.wakes = append(m.wakes, wake{addr: addr, group: old.Index()})
		m.tr = append(m.tr, old, Cell(addr)<<2|trailAtt)
	} else if addr < m.hb {
		m.trail(addr)
	}
	m.h[addr] = v
}

// trail notes that an unbound variable without constraints gets a value.
func (m *Machine) trail(addr int) {
	m.tr = append(m.tr, Cell(addr)<<2|Cell(m.h[addr].Tag()&1)) // REF is 0 and ALI 1, as the trail's kinds
}

// setField assigns a word of a record on the heap, so that backtracking restores it.
func (m *Machine) setField(addr int, v Cell) {
	if addr < m.hb {
		m.tr = append(m.tr, m.h[addr], Cell(addr)<<2|trailRaw)
	}
	m.h[addr] = v
}

// part reads a word of a pair. A variable can live in the pair itself: then the word is its state, and what stands there is
// the reference to it.
func (m *Machine) part(i int) Cell {
	c := m.h[i]
	if t := c.Tag(); t == code.ALI || t == code.ATT {
		return code.Make(code.REF, i)
	}
	return c
}

func (m *Machine) cons(head, tail Cell) Cell {
	i := len(m.h)
	m.h = append(m.h, head, tail)
	return code.Make(code.LST, i)
}

// poolAt reads the read-only segment: the policy's, then the query's.
func (m *Machine) poolAt(i int) Cell {
	if i < len(m.prog.Pool) {
		return m.prog.Pool[i]
	}
	return m.query.Pool[i-len(m.prog.Pool)]
}

// word reads a boxed word, on the heap or in the read-only segment.
func (m *Machine) word(i int) Cell {
	if i&code.PoolBit != 0 {
		return m.poolAt(i &^ code.PoolBit)
	}
	return m.h[i]
}

func (m *Machine) intCell(i int64) Cell {
	if code.FitsInline(i) {
		return code.MakeInt(i)
	}
	m.h = append(m.h, Cell(i))
	return code.Make(code.BIG, len(m.h)-1)
}

func (m *Machine) floatCell(f float64) Cell {
	m.h = append(m.h, code.FloatBits(f))
	return code.Make(code.FLT, len(m.h)-1)
}

// integer reads an INT or BIG cell.
func (m *Machine) integer(c Cell) (int64, bool) {
	switch c.Tag() {
	case code.INT:
		return c.Int(), true
	case code.BIG:
		return int64(m.word(c.Index())), true
	}
	return 0, false
}

func (m *Machine) float(c Cell) float64 { return code.BitsFloat(m.word(c.Index())) }

func isNumber(t code.Tag) bool { return t == code.INT || t == code.BIG || t == code.FLT }

func isText(t code.Tag) bool { return t == code.ATOM || t == code.STR }

func isList(t code.Tag) bool {
	return t == code.LST || t == code.NIL || t == code.CLIST || t == code.SLICE
}

// text reads an ATOM or STR cell.
func (m *Machine) text(c Cell) string {
	if c.Tag() == code.ATOM {
		return m.prog.Atoms[c.Index()]
	}
	return m.strs[c.Index()]
}

// textCell returns the cell of a string: the policy's atom if it has one. Arguments are worth looking up, because clauses are
// selected by them; the strings of fields mostly are not.
func (m *Machine) textCell(s string) Cell {
	if a := m.prog.Atom(s); a >= 0 {
		return code.Make(code.ATOM, a)
	}
	m.strs = append(m.strs, s)
	return code.Make(code.STR, len(m.strs)-1)
}

// sameText compares two strings. Two atoms are the same only if their cells are; a string that came from a field may be the
// text of an atom without being one.
func (m *Machine) sameText(a, b Cell) bool {
	if a == b || a.Tag() == code.ATOM && b.Tag() == code.ATOM {
		return a == b
	}
	return m.text(a) == m.text(b)
}

// numbersEqual compares two numbers exactly.
func (m *Machine) numbersEqual(a, b Cell) bool {
	if a.Tag() == code.INT && b.Tag() == code.INT {
		return a == b
	}
	o, ordered := m.compareNumbers(a, b)
	return ordered && o == 0
}

// compareNumbers orders two numbers by their mathematical values; ordered is false when one is NaN.
func (m *Machine) compareNumbers(a, b Cell) (order int, ordered bool) {
	i, aInt := m.integer(a)
	j, bInt := m.integer(b)
	switch {
	case aInt && bInt:
		return cmp.Compare(i, j), true
	case aInt:
		return compareIntFloat(i, m.float(b))
	case bInt:
		o, ordered := compareIntFloat(j, m.float(a))
		return -o, ordered
	}
	f, g := m.float(a), m.float(b)
	if f != f || g != g {
		return 0, false
	}
	return cmp.Compare(f, g), true
}

func compareIntFloat(i int64, f float64) (int, bool) {
	switch {
	case f != f:
		return 0, false
	case f >= 1<<63:
		return -1, true
	case f < -1<<63:
		return 1, true
	}
	t := math.Trunc(f)
	if o := cmp.Compare(i, int64(t)); o != 0 {
		return o, true
	}
	return cmp.Compare(0, f-t), true
}

// headTail takes a non-empty list apart. ok is false for the empty list; err comes from a host's conversion.
func (m *Machine) headTail(c Cell) (head, tail Cell, ok bool, err error) {
	switch c.Tag() {
	case code.LST:
		i := c.Index()
		if m.h[i] == code.ListEnd {
			switch c = m.listCell(c); {
			case !isList(c.Tag()):
				return 0, 0, false, nil
			case m.onlyRest(c):
				return 0, 0, false, m.deepError("a list is its own rest")
			}
			return m.headTail(c)
		}
		return m.part(i), m.part(i + 1), true, nil
	case code.CLIST:
		i := c.Index()
		head = m.poolAt(i)
		if m.poolAt(i+1) == code.ListEnd {
			return head, code.EmptyLst, true, nil
		}
		return head, code.Make(code.CLIST, i+1), true, nil
	case code.SLICE:
		n, off := c.Slice()
		l := m.seqs[n]
		if head, err = m.elementAt(&l, off); err != nil {
			return 0, 0, false, err
		}
		if off+1 >= l.size() {
			return head, code.EmptyLst, true, nil
		}
		return head, c + Cell(1<<4), true, nil
	}
	return 0, 0, false, nil
}

// listCell looks through [*rest]: a pair whose head is no element says only that its tail is a list. The result is the
// list, or the unbound variable, that stands there.
func (m *Machine) listCell(c Cell) Cell {
	for range maxRests {
		if c.Tag() != code.LST || m.h[c.Index()] != code.ListEnd {
			break
		}
		c = m.deref(m.part(c.Index() + 1))
	}
	return c
}

// onlyRest reports whether a list is a pair without an element; after listCell that means that it is its own rest.
func (m *Machine) onlyRest(c Cell) bool {
	return c.Tag() == code.LST && m.h[c.Index()] == code.ListEnd
}

// maxRests bounds a chain of [*rest] of [*rest]; a longer one is cyclic, or not worth telling from one.
const maxRests = 1 << 20

// listLength counts the elements of a list up to its end, to an unbound rest, or to a rest that is no list; closed tells that
// there can be no more. A list that runs into itself stops at the heap's size; an error is possible when the context ends.
func (m *Machine) listLength(c Cell) (n int, closed bool) {
	for steps := 0; steps <= len(m.h)+1; {
		c = m.deref(c)
		switch c.Tag() {
		case code.NIL:
			return n, true
		case code.REF:
			return n, false
		case code.LST:
			if steps++; steps&0xffff == 0 && m.look() != ok {
				return n, true
			}
			if m.h[c.Index()] != code.ListEnd {
				n++
			}
			c = m.part(c.Index() + 1)
		case code.CLIST:
			for i := c.Index(); m.poolAt(i) != code.ListEnd; i++ {
				n++
			}
			return n, true
		case code.SLICE:
			k, off := c.Slice()
			return n + m.seqs[k].size() - off, true
		default:
			return n, true
		}
	}
	return n, false
}

// dictSize, dictKey and dictValue read a dictionary.
func (m *Machine) dictSize(c Cell) int { return int(m.word(c.Index())) }

func (m *Machine) dictKey(c Cell, i int) Cell { return m.word(c.Index() + 1 + i) }

func (m *Machine) dictValue(c Cell, i int) Cell {
	return m.word(c.Index() + 1 + m.dictSize(c) + i)
}

// dictGet finds a key by binary search.
func (m *Machine) dictGet(c, key Cell) (Cell, bool) {
	n := m.dictSize(c)
	if n <= 8 {
		for i := range n {
			if m.sameText(m.dictKey(c, i), key) {
				return m.dictValue(c, i), true
			}
		}
		return 0, false
	}
	s := m.text(key)
	lo, hi := 0, n
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch strings.Compare(m.text(m.dictKey(c, mid)), s) {
		case 0:
			return m.dictValue(c, mid), true
		case -1:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return 0, false
}

// build makes a template on the heap; variable k is the cell that vars returns for it.
func (m *Machine) build(t *code.Template, base int, regs []int16) Cell {
	switch t.Kind {
	case code.TConst:
		return t.Cell
	case code.TVar:
		if regs != nil {
			return m.get(regs[t.Var])
		}
		return code.Make(code.REF, base+t.Var)
	case code.TList:
		tail := code.EmptyLst
		if t.Rest != nil {
			tail = m.build(t.Rest, base, regs)
			if len(t.Items) == 0 {
				return m.cons(code.ListEnd, tail)
			}
		}
		for i := len(t.Items) - 1; i >= 0; i-- {
			tail = m.cons(m.build(t.Items[i], base, regs), tail)
		}
		return tail
	}
	at := len(m.h)
	n := len(t.Keys)
	m.h = append(m.h, Cell(n))
	m.h = append(m.h, t.Keys...)
	m.h = append(m.h, t.Keys...) // room for the values
	for i, x := range t.Items {
		m.h[at+1+n+i] = m.build(x, base, regs)
	}
	return code.Make(code.DICT, at)
}

// buildBody makes a term of a body: variables that occur here for the first time get a fresh variable.
func (m *Machine) buildBody(t *code.Template) Cell {
	m.freshRegs(t.Regs, t.First)
	return m.build(t, 0, t.Regs)
}

func (m *Machine) freshRegs(regs []int16, first []bool) {
	for i, f := range first {
		if f && regs[i] != code.NoReg {
			m.set(regs[i], m.newVar())
		}
	}
}

// partOf brings in a field or element: its strings are not looked up among the policy's.
func (m *Machine) partOf(v *Value) (Cell, error) {
	switch v.Kind {
	case KindString:
		m.strs = append(m.strs, v.Str)
		return code.Make(code.STR, len(m.strs)-1), nil
	case KindInstance:
		m.hosts = append(m.hosts, v.Ref)
		m.shapes = append(m.shapes, int32(v.N))
		return code.Make(code.HOST, len(m.hosts)-1), nil
	}
	return m.cellOf(*v)
}

// cellOf brings a value into the machine.
func (m *Machine) cellOf(v Value) (Cell, error) {
	switch v.Kind {
	case KindBool:
		return code.MakeBool(v.N != 0), nil
	case KindInt:
		return m.intCell(int64(v.N)), nil
	case KindFloat:
		m.h = append(m.h, Cell(v.N))
		return code.Make(code.FLT, len(m.h)-1), nil
	case KindString:
		return m.textCell(v.Str), nil
	case KindInstance:
		m.hosts = append(m.hosts, v.Ref)
		m.shapes = append(m.shapes, int32(v.N))
		return code.Make(code.HOST, len(m.hosts)-1), nil
	case KindList:
		return m.listOf(v)
	case KindDict:
		return m.dictOf(v)
	case KindVar:
		return m.NamedVar(v.Str), nil
	case KindExpr:
		return 0, diag.New(diag.TypeError, diag.Span{}, "Type error: a condition has no value, so it cannot be unified with anything")
	}
	return 0, diag.New(diag.Unsupported, diag.Span{}, "a value of this kind cannot be used in a query")
}

func (m *Machine) listOf(v Value) (Cell, error) {
	if l, ok := v.Ref.(*List); ok && v.holdsVariable() {
		return m.openList(l)
	}
	s, ok := v.Ref.(Sequence)
	if !ok {
		return 0, diag.New(diag.Unsupported, diag.Span{}, "the host gave a list without elements")
	}
	n := s.Len()
	switch {
	case n == 0:
		return code.EmptyLst, nil
	case n > code.MaxSlice:
		return 0, diag.New(diag.StackOverflow, diag.Span{}, "a host list of %d elements needs more memory than a query may use", n)
	}
	m.addList(m.listed(s))
	return code.MakeSlice(len(m.seqs)-1, 0), nil
}

// openList builds a list that holds variables at once: they must exist from where the list does, and results show what
// they are bound to.
func (m *Machine) openList(l *List) (Cell, error) {
	tail := code.EmptyLst
	if l.Rest.Kind == KindVar {
		tail = m.NamedVar(l.Rest.Str)
	}
	for i := len(l.Items) - 1; i >= 0; i-- {
		c, err := m.cellOf(l.Items[i])
		if err != nil {
			return 0, err
		}
		tail = m.cons(c, tail)
	}
	return tail, nil
}

// holdsVariable reports whether a variable occurs in a value that the machine made, or that is made like that.
func (v Value) holdsVariable() bool {
	switch x := v.Ref.(type) {
	case *List:
		return x.Rest.Kind == KindVar || slices.ContainsFunc(x.Items, Value.holdsVariable)
	case *Dict:
		return slices.ContainsFunc(x.Values, Value.holdsVariable)
	}
	return v.Kind == KindVar
}

func (m *Machine) dictOf(v Value) (Cell, error) {
	d, ok := v.Ref.(Mapping)
	if !ok {
		return 0, diag.New(diag.Unsupported, diag.Span{}, "the host gave a dictionary without entries")
	}
	n := d.Len()
	cells := make([]Cell, 0, 2*n)
	for i := range n {
		cells = append(cells, m.textCell(d.Key(i)))
	}
	for i := range n {
		x, err := d.At(i)
		if err != nil {
			return 0, err
		}
		c, err := m.cellOf(x)
		if err != nil {
			return 0, err
		}
		cells = append(cells, c)
	}
	at := len(m.h)
	m.h = append(m.h, Cell(n))
	m.h = append(m.h, cells...)
	return code.Make(code.DICT, at), nil
}
