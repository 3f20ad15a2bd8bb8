package wam

import (
	"cmp"
	"math"
	"unicode/utf8"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/code"
)

// probe is a test of a scan made ready for one list: what is looked at in each element, and what it must compare with.
type probe struct {
	kind   probeKind
	self   bool // the element itself is looked at, not a field
	test   int8 // of the scan
	by     code.Operator
	number access.Kind
	way    access.Field
	n      int64
	s      string
}

// probeKind is the kind of a probe.
type probeKind uint8

const (
	probeInt   probeKind = iota // a signed integer equals n
	probeText                   // a string equals s
	probeBool                   // a boolean equals n
	probeOrder                  // a signed integer compares with n
	probeUint                   // an unsigned integer compares with n, or the host has to say what it is
	probeTexts                  // a string compares with s
	probeNever                  // nothing passes
)

// probes are the tests of a scan that can be used for a list, in their order. Each is made ready when an element has passed those
// before it: often none does.
type probes struct {
	list [code.MaxTests]probe
	n    int // of list that are ready
	scan *code.Scan
	next int  // of the scan's tests that is not ready yet
	from int  // an element of the list
	read int  // how many of the scan's tests are certain to be no error, from the first on
	some bool // of the tests cannot be used
	open bool // some of the tests used have no answer: they are left to constraints
	sure bool // the element found last passes all tests of the scan
}

// lookAhead is how many elements behind a match are looked at for another, so that no choice point is left for none.
const lookAhead = 16

// chunk is how many elements are scanned between two looks at the clock.
const chunk = 1024

// scan is "in" for a list whose elements the machine can test where they lie: it goes on with the first that may pass the
// tests of the conditions behind it, if there are any. It is false for other lists.
func (m *Machine) scan(in *code.Instr, coll Cell) (s status, done bool) {
	n, from := coll.Slice()
	l := &m.seqs[n]
	if l.elem == nil || m.planner == nil || m.watched || m.without&Scans != 0 {
		return ok, false
	}
	i, next, skip, s := m.matches(in, m.p-1, l, from)
	switch {
	case s != ok:
		return s, true
	case i == l.size():
		return fail, true
	}
	if next < l.size() {
		m.iterate(choice{kind: chScan, assign: true, reg: in.A, a: code.MakeSlice(n, next)}, false)
	}
	m.p += skip
	return m.takeElement(in.A, l, i), true
}

// nextScan goes on with a scan. What its tests compare with is as it was, but is looked at again.
func (m *Machine) nextScan(c *choice) status {
	n, from := c.a.Slice()
	l := &m.seqs[n]
	in := m.instr(int(c.p) - 1)
	i, next, skip, s := m.matches(in, int(c.p)-1, l, from)
	switch {
	case s != ok:
		return s
	case next < l.size():
		c.a = code.MakeSlice(n, next)
	default:
		m.pop()
	}
	if i == l.size() {
		return fail
	}
	m.p += skip
	return m.takeElement(in.A, l, i)
}

func (m *Machine) takeElement(reg int16, l *hostList, i int) status {
	c, err := m.elementAt(l, i)
	if err != nil {
		return m.throw(err)
	}
	m.set(reg, c)
	return ok
}

// matches returns the first element from from on that may pass the tests of the instruction at an address, and where to look for
// the one after it: the list's size stands for none. If the element certainly passes, the instructions that skip counts need not be run.
func (m *Machine) matches(in *code.Instr, pc int, l *hostList, from int) (i, next, skip int, s status) {
	if in.Imm == 0 {
		return from, from + 1, 0, ok
	}
	ps := &m.probes
	ps.prepare(m.tables(pc).Scans[in.Imm-1], from)
	size := l.size()
	for i = from; ; {
		to := min(i+chunk, size)
		if i = m.firstMatch(ps, l, i, to); i < to || i == size {
			break
		}
		if s := m.check(); s != ok {
			return 0, 0, 0, s
		}
	}
	if ps.sure && m.merges {
		skip = ps.scan.Skip
	}
	next = m.firstMatch(ps, l, min(i+1, size), min(i+1+lookAhead, size))
	m.tried(next - from)
	return i, next, skip, ok
}

// firstMatch returns the first element from from on that may pass all probes, to if there is none before.
func (m *Machine) firstMatch(ps *probes, l *hostList, from, to int) int {
	pointers := l.elem.Kind == PlanPointer
	ps.sure = false
next:
	for i := from; i < to; i++ {
		item := l.items.At(i)
		if pointers {
			target, found := item.Deref()
			if !found {
				return i // the conditions say what they make of nil
			}
			item = target
		}
		for k := 0; k < ps.n || m.prepareNext(ps, l); k++ {
			p := &ps.list[k]
			at := item
			if !p.self {
				at = item.Field(&p.way)
			}
			switch p.kind {
			case probeInt:
				if at.Int(p.number) != p.n {
					continue next
				}
			case probeText:
				if at.String() != p.s {
					continue next
				}
			default:
				pass, sure := p.rare(at)
				if !sure {
					return i
				}
				if !pass {
					continue next
				}
			}
		}
		ps.sure = !ps.some && !ps.open
		return i
	}
	return to
}

// rare tests by a probe of a kind that is not frequent. It is sure unless the host has to be asked.
func (p *probe) rare(at access.Place) (pass, sure bool) {
	switch p.kind {
	case probeBool:
		return at.Bool() == (p.n != 0), true
	case probeOrder:
		return decide(p.by, cmp.Compare(at.Int(p.number), p.n)), true
	case probeUint:
		n := at.Uint(p.number)
		return decide(p.by, cmp.Compare(int64(n), p.n)), n <= math.MaxInt64
	case probeTexts:
		s := at.String()
		return decide(p.by, cmp.Compare(s, p.s)), plainText(s)
	}
	return false, true
}

// release forgets the query's strings.
func (ps *probes) release() {
	if ps.scan == nil {
		return
	}
	ps.scan = nil
	for i := range ps.list {
		ps.list[i].s = ""
	}
}

// prepare begins with the tests of a scan. From is an element of the list.
func (ps *probes) prepare(s *code.Scan, from int) {
	ps.n, ps.scan, ps.next, ps.from, ps.read, ps.some, ps.open = 0, s, 0, from, 0, false, false
}

// prepareNext makes the next test of a scan ready. It is false if there is none, or one that cannot be used: a test may only be looked
// at where all that comes before it is certain to be no error.
func (m *Machine) prepareNext(ps *probes, l *hostList) bool {
	tests := ps.scan.Tests
	i := ps.next
	if i == len(tests) {
		return false
	}
	ps.next, ps.some = len(tests), true // until one is ready
	var object any
	switch l.elem.Kind {
	case PlanPointer:
		var found bool
		if object, found = l.elem.Target.Load(l.items.At(ps.from)); !found {
			return false // the element is the next to be looked at anyhow
		}
	case PlanInstance:
		object = l.elem.Target.Pointer(l.items.At(ps.from))
	}
	for ; i < len(tests); i++ {
		t := &tests[i]
		p := &ps.list[ps.n]
		p.test = int8(i)
		plan := l.elem
		p.self = t.Field == code.NoName
		if !p.self {
			slot := m.fieldSlot(object, l.elem.Shape, t.Field)
			if slot == nil {
				return false
			}
			p.way, plan = slot.way, slot.value
		}
		switch t.Op {
		case code.ScanReadField:
			if plan.Kind == PlanNone || plan.Kind == PlanUint {
				return false
			}
			continue
		case code.ScanReadKey:
			if _, readable := m.operand(t); !readable {
				return false
			}
			continue
		case code.ScanTrue:
			if plan.Kind != PlanBool {
				return false
			}
			p.kind, p.n = probeBool, 1
		default:
			v, readable := m.operand(t)
			if !readable && m.constrains(t, plan) {
				ps.read, ps.open = i+1, true
				continue
			}
			if !readable || !p.aim(plan, t.By, &v) {
				return false
			}
		}
		ps.n++
		ps.next, ps.read, ps.some = i+1, i+1, false
		return true
	}
	return false
}

// constrains reports whether a test compares what an element has with a field of an unbound variable. All it does is to put a constraint on
// the variable, which is undone if a test behind it fails.
func (m *Machine) constrains(t *code.ScanTest, plan *Plan) bool {
	if t.Reg == code.NoReg || t.Key == code.NoName || m.deref(m.get(t.Reg)).Tag() != code.REF {
		return false
	}
	return plan.Kind == PlanInt || plan.Kind == PlanString || plan.Kind == PlanBool
}

// aim sets what a probe compares with. It is false for values that only the conditions themselves can compare.
func (p *probe) aim(plan *Plan, by code.Operator, v *plain) bool {
	p.by, p.number, p.n = by, plan.Number, v.n
	if by == code.Unify {
		p.by = code.Eq
	}
	switch plan.Kind {
	case PlanInt, PlanUint:
		switch {
		case v.kind != PlanInt:
			p.kind = probeNever
		case plan.Kind == PlanUint:
			p.kind = probeUint
		case p.by == code.Eq:
			p.kind = probeInt
		default:
			p.kind = probeOrder
		}
		// A number above MaxInt64 is an error even where nothing could equal it.
		return p.kind != probeNever || by == code.Unify && plan.Kind == PlanInt
	case PlanString:
		p.s = v.s
		switch {
		case v.kind != PlanString:
			p.kind = probeNever
		case p.by == code.Eq:
			p.kind = probeText
		default:
			p.kind = probeTexts
		}
		return p.kind != probeNever || by == code.Unify
	case PlanBool:
		p.kind = probeBool
		if v.kind != PlanBool {
			p.kind = probeNever
		}
		return by == code.Unify
	}
	return false
}

// plain is an integer, string or boolean outside the machine's areas.
type plain struct {
	kind PlanKind // PlanInt, PlanString or PlanBool
	n    int64
	s    string
}

// operand returns the other side of a test; false unless it is an integer, a boolean, or a string that no bytes become that are
// no UTF-8.
func (m *Machine) operand(t *code.ScanTest) (plain, bool) {
	c := t.Const
	if t.Reg != code.NoReg {
		c = m.deref(m.get(t.Reg))
		if t.Key != code.NoName {
			return m.operandField(c, t.Key)
		}
	}
	switch c.Tag() {
	case code.INT:
		return plain{kind: PlanInt, n: c.Int()}, true
	case code.ATOM, code.STR:
		s := m.text(c)
		return plain{kind: PlanString, s: s}, !mended(s)
	case code.BOOL:
		return plain{kind: PlanBool, n: int64(c >> 4)}, true
	}
	return plain{}, false
}

func (m *Machine) operandField(c, key Cell) (plain, bool) {
	if c.Tag() != code.HOST {
		return plain{}, false
	}
	object, shape := m.object(c)
	at, p := m.fieldAt(object, shape, key)
	if p == nil {
		return plain{}, false
	}
	switch p.Kind {
	case PlanInt:
		return plain{kind: PlanInt, n: at.Int(p.Number)}, true
	case PlanUint:
		n := at.Uint(p.Number)
		return plain{kind: PlanInt, n: int64(n)}, n <= math.MaxInt64
	case PlanString:
		s := at.String()
		return plain{kind: PlanString, s: s}, plainText(s)
	case PlanBool:
		v := plain{kind: PlanBool}
		if at.Bool() {
			v.n = 1
		}
		return v, true
	}
	return plain{}, false
}

// plainText reports whether a string of the host is one of the language as it is, and no other becomes the same: it is valid, and
// has no U+FFFD in it.
func plainText(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return utf8.ValidString(s) && !mended(s)
		}
	}
	return true
}
