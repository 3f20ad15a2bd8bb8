package wam

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/code"
)

// Guards (code.Guards) are tests that clauses make before they do anything else. The machine makes them when it selects
// clauses, on values as the host reads them in place: a clause of which one certainly fails is left out, without a choice
// point for it. Whatever is not certain (an unbound variable, a field that cannot be read in place, values that only the host can
// compare) ends the tests of a clause: its own code decides.

// guardState is what guards have read of the arguments of a call; it holds for one selection.
type guardState struct {
	fields []Value
	read   uint32 // bit i: field i was looked at
	known  uint32 // bit i: fields[i] is its value
	most   int    // fields that may hold values, for Release
	whole  bool   // the clause that guards were tested for last does no more than these tests, and they hold
}

// guards are what is known of the guards of a predicate. They are worked out when it is first called with several clauses to
// choose from.
type guards struct {
	*code.Guards
	indexes   []*fieldIndex // the best first
	selective bool          // the first leaves few clauses: looking there comes before all else
	sets      []memberSet   // of Lists
	decides   bool          // they are all there is of the predicate, and about arguments alone
}

// noGuards stands for the guards of a predicate that has none.
var noGuards = &guards{}

// guardsOf returns the guards of a predicate, nil for none.
func (m *Machine) guardsOf(p *predInfo) *guards {
	g := p.guards.Load()
	if g == nil {
		g = noGuards
		if found := m.prog.Guards(p.pred, m.interrupted); found != nil {
			g = &guards{Guards: found, sets: m.snap.memberSets(found.Lists)}
			g.decides = m.snap.canDecide(p, g)
			g.initIndexes(m, p)
		}
		if m.err != nil { // the query ended meanwhile
			return nil
		}
		p.guards.Store(g)
	}
	if g == noGuards || m.without&Guards != 0 {
		return nil
	}
	return g
}

// selective reports whether a predicate has an index of a field that comes before all else.
func (m *Machine) selective(p *predInfo) bool {
	if p.index == nil {
		return false
	}
	g := m.guardsOf(p)
	return g != nil && g.selective
}

// beginGuards forgets what was read for another call.
func (m *Machine) beginGuards(g *guards) {
	m.guard.read, m.guard.known = 0, 0
	if n := len(g.Fields); n > len(m.guard.fields) {
		m.guard.fields = append(m.guard.fields, make([]Value, n-len(m.guard.fields))...)
	}
}

// lookAhead prepares to test clauses that others are tried before: where what those do can change fields, what the fields hold now
// says nothing.
func (m *Machine) lookAhead(g *guards) {
	if g != nil && !m.steady() {
		m.guard.read, m.guard.known = math.MaxUint32, 0
	}
}

// releaseGuards drops the values that guards have read.
func (m *Machine) releaseGuards() {
	clear(m.guard.fields[:m.guard.most])
	m.guard.most = 0
}

// steady reports whether no code of the application runs between the conditions of a query that could change what its fields
// hold: then a clause can be left out before the clauses in front of it have run.
func (m *Machine) steady() bool { return !m.snap.sends && !m.sends }

// sends reports whether a program calls methods or constructors.
func sends(p *code.Program) bool {
	return len(p.Sends) > 0 && slices.ContainsFunc(p.Instrs, func(in code.Instr) bool { return in.Op == code.OpSend || in.Op == code.OpNew })
}

// verdict is what tests say of a clause.
type verdict uint8

const (
	unclear verdict = iota // some test cannot be made here
	holding                // all tests hold
	failing                // a test fails, and those before it hold
)

// tests makes tests in order until one does not hold.
func (m *Machine) tests(g *guards, tests []code.Test) verdict {
	for i := range tests {
		if v := m.testGuard(g, &tests[i]); v != holding {
			return v
		}
	}
	return holding
}

// excluded reports whether a clause's body certainly fails. Whole is set if it certainly holds.
func (m *Machine) excluded(g *guards, n int32) bool {
	v := m.tests(g, g.Bodies[n])
	m.guard.whole = v == holding && g.Whole[n]
	return v == failing
}

// datum is a value as guards compare it.
type datum struct {
	kind ValueKind
	n    uint64
	s    string
}

func (m *Machine) testGuard(g *guards, t *code.Test) verdict {
	if t.Kind == code.TestSome {
		return m.someElement(g, t)
	}
	if t.Kind == code.TestEqual && t.L.From == code.FromField && t.R.From == code.FromField && m.merges {
		if v := m.equalFields(&g.Fields[t.L.N], &g.Fields[t.R.N]); v != unclear {
			return v
		}
	}
	if t.L.From == code.FromField {
		v := m.guardField(g, int(t.L.N))
		if v == nil {
			return unclear
		}
		if t.Kind == code.TestRead {
			return holding
		}
		if t.R.From == code.FromConst && t.Kind == code.TestEqual { // the most frequent ones first
			switch t.Const.Tag() {
			case code.ATOM:
				if v.Kind == KindString {
					s := m.prog.Atoms[t.Const.Index()]
					return hold(v.Str == s || settle(v).Str == s)
				}
			case code.INT:
				if v.Kind == KindInt {
					return hold(int64(v.N) == t.Const.Int())
				}
			}
		}
	}
	a := m.datum(g, t.L)
	if t.Kind == code.TestMember {
		return m.isMember(g, a, t.R.N)
	}
	var b datum
	switch t.R.From {
	case code.FromConst:
		b = m.datumOf(t.Const)
	case code.FromArg, code.FromField:
		b = m.datum(g, t.R)
	}
	return compareGuard(t, a, b)
}

// equalFields compares fields of arguments where they lie. Where that is not enough to tell, it is unclear.
func (m *Machine) equalFields(f, g *code.FieldRef) verdict {
	if m.guard.read == math.MaxUint32 {
		return unclear
	}
	a, p := m.argField(f)
	if p == nil {
		return unclear
	}
	b, q := m.argField(g)
	switch {
	case q == nil || p.Kind != q.Kind:
	case p.Kind == PlanInt:
		return hold(a.Int(p.Number) == b.Int(q.Number))
	case p.Kind == PlanString:
		if s, sure := compareTexts(a.String(), code.Eq, b.String()); sure {
			return hold(s == ok)
		}
	}
	return unclear
}

// argField returns where a field of an argument lies, with its plan; nil if it cannot be read in place.
func (m *Machine) argField(f *code.FieldRef) (access.Place, *Plan) {
	if f.Of.From != code.FromArg {
		return access.Place{}, nil
	}
	return m.placeOf(m.x[f.Of.N], f.Key)
}

// maxGuarded bounds the elements that a guard looks at: where there are more, looking twice costs more than a choice point.
const maxGuarded = 32

// someElement looks for an element of a list that may pass what the conditions behind an "in" ask. That none does is certain, that one
// does is not.
func (m *Machine) someElement(g *guards, t *code.Test) verdict {
	f := &g.Fields[t.L.N]
	c := m.deref(m.x[f.Of.N])
	if c.Tag() != code.HOST || m.planner == nil || m.trace != nil || m.guard.read == math.MaxUint32 || m.without&Scans != 0 {
		return unclear
	}
	object, shape := m.object(c)
	at, p := m.fieldAt(object, shape, f.Key)
	if p == nil || p.Kind != PlanList || p.Elem.Kind == PlanNone {
		return unclear
	}
	l := hostList{elem: p.Elem, items: at.Slice(p.Items)}
	n := l.size()
	switch {
	case n == 0:
		return failing
	case n > maxGuarded:
		return unclear
	}
	ps := &m.probes
	ps.prepare(t.Scan, 0)
	if m.firstMatch(ps, &l, 0, n) == n {
		return failing
	}
	return unclear
}

func hold(b bool) verdict {
	if b {
		return holding
	}
	return failing
}

// datum returns an argument or a field; its kind is none that isDatum knows if it is not to be had here.
func (m *Machine) datum(g *guards, o code.Operand) datum {
	if o.From == code.FromArg {
		return m.datumOf(m.x[o.N])
	}
	if v := m.guardField(g, int(o.N)); v != nil {
		settle(v)
		return datum{v.Kind, v.N, v.Str}
	}
	return datum{}
}

// unsettled is N of a string that a guard has read where it lies, and nobody has looked whether it is UTF-8: if it equals a literal, it is.
const unsettled = 1

// settle makes a string that guards have read one that the machine can have.
func settle(v *Value) *Value {
	if v.Kind == KindString && v.N == unsettled {
		v.Str, v.N = validText(v.Str), 0
	}
	return v
}

// datumOf reads a cell; the kind of anything but a number, string or boolean is KindNone.
func (m *Machine) datumOf(c Cell) datum {
	c = m.deref(c)
	switch c.Tag() {
	case code.ATOM, code.STR:
		return datum{kind: KindString, s: m.text(c)}
	case code.INT:
		return datum{kind: KindInt, n: uint64(c.Int())}
	case code.BIG:
		return datum{kind: KindInt, n: uint64(m.word(c.Index()))}
	case code.FLT:
		return datum{kind: KindFloat, n: uint64(m.word(c.Index()))}
	case code.BOOL:
		return datum{kind: KindBool, n: uint64(c >> 4)}
	}
	return datum{}
}

// guardField reads a field in place, nil if that is not possible. Strings may have to be settled.
func (m *Machine) guardField(g *guards, i int) *Value {
	bit := uint32(1) << i
	s := &m.guard
	if s.read&bit != 0 {
		if s.known&bit != 0 {
			return &s.fields[i]
		}
		return nil
	}
	s.read |= bit
	if m.fields == nil {
		return nil
	}
	f := &g.Fields[i]
	var object any
	var shape int
	if f.Of.From == code.FromArg {
		c := m.deref(m.x[f.Of.N])
		if c.Tag() != code.HOST {
			return nil
		}
		object, shape = m.object(c)
	} else {
		v := m.guardField(g, int(f.Of.N))
		if v == nil || v.Kind != KindInstance {
			return nil
		}
		object, shape = v.Ref, v.Shape()
	}
	s.most = max(s.most, i+1)
	v := &s.fields[i]
	if at, p := m.fieldAt(object, shape, f.Key); p == nil || !readPlace(v, p, at) {
		if !m.fields.ReadField(object, shape, m.prog.Atoms[f.Key.Index()], v) {
			return nil
		}
		if v.Kind == KindString {
			v.N = 0
		}
	}
	s.known |= bit
	if m.trace != nil {
		m.tell(TraceLookup, m.p-1, m.text(f.Key))
	}
	return v
}

// readPlace reads a plain value, strings unsettled, or an instance; it is false for what else there is.
func readPlace(v *Value, p *Plan, at access.Place) bool {
	switch p.Kind {
	case PlanString:
		v.Kind, v.Str, v.N = KindString, at.String(), unsettled
	case PlanInt:
		v.Kind, v.N = KindInt, uint64(at.Int(p.Number))
	case PlanUint:
		v.Kind, v.N = KindInt, at.Uint(p.Number)
		return v.N <= math.MaxInt64
	case PlanBool:
		*v = BoolValue(at.Bool())
	case PlanFloat:
		*v = FloatValue(at.Float(p.Number))
	case PlanPointer:
		x, found := p.Target.Load(at)
		v.Kind, v.Ref, v.N = KindInstance, x, uint64(p.Shape)
		if !found {
			v.N = uint64(p.Nil)
		}
	case PlanInstance:
		*v = InstanceValue(p.Target.Pointer(at), p.Shape)
	default:
		return false
	}
	return true
}

// isDatum reports whether values of a kind are compared without the host.
func isDatum(k ValueKind) bool {
	return k == KindString || k == KindInt || k == KindFloat || k == KindBool
}

// compareGuard makes a test that compares.
func compareGuard(t *code.Test, a, b datum) verdict {
	if t.Kind == code.TestTrue {
		if a.kind == KindBool {
			return hold(a.n != 0)
		}
		return unclear
	}
	if !isDatum(a.kind) || !isDatum(b.kind) {
		return unclear
	}
	numbers := (a.kind == KindInt || a.kind == KindFloat) && (b.kind == KindInt || b.kind == KindFloat)
	if t.Kind == code.TestEqual {
		switch {
		case numbers:
			order, ordered := compareData(a, b)
			return hold(ordered && order == 0)
		case a.kind != b.kind:
			return failing
		case a.kind == KindString:
			return hold(a.s == b.s)
		}
		return hold(a.n == b.n)
	}
	switch {
	case numbers:
		order, ordered := compareData(a, b)
		if !ordered {
			return unclear
		}
		return hold(decide(t.Op, order))
	case a.kind == KindString && b.kind == KindString:
		return hold(decide(t.Op, strings.Compare(a.s, b.s)))
	}
	return unclear
}

// isMember looks for a value in a list of the guards. That it is there more than once makes several results, and is unclear.
func (m *Machine) isMember(g *guards, d datum, list int16) verdict {
	key, able := m.snap.memberKey(d)
	if !able || list >= int16(len(g.sets)) {
		return unclear
	}
	return g.sets[list].has(key)
}

// memberKey returns the cell of the literal that equals a value, absent if there is none; it is not able to for floats and for what is no datum.
func (s *Snapshot) memberKey(d datum) (key Cell, able bool) {
	switch d.kind {
	case KindString:
		if a := s.Prog.Atom(d.s); a >= 0 {
			return code.Make(code.ATOM, a), true
		}
		return absent, true
	case KindInt:
		if i := int64(d.n); code.FitsInline(i) {
			return code.MakeInt(i), true
		}
		return absent, true
	case KindBool:
		return code.MakeBool(d.n != 0), true
	}
	return 0, false
}

// compareData orders two numbers.
func compareData(a, b datum) (order int, ordered bool) {
	switch {
	case a.kind == KindInt && b.kind == KindInt:
		return cmp.Compare(int64(a.n), int64(b.n)), true
	case a.kind == KindInt:
		return compareIntFloat(int64(a.n), math.Float64frombits(b.n))
	case b.kind == KindInt:
		order, ordered = compareIntFloat(int64(b.n), math.Float64frombits(a.n))
		return -order, ordered
	}
	f, g := math.Float64frombits(a.n), math.Float64frombits(b.n)
	return cmp.Compare(f, g), f == f && g == g
}
