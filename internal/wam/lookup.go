package wam

import (
	"unicode/utf8"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// answerTo prepares for an answer: assigned to a register, or unified with what it holds.
func (m *Machine) answerTo(reg int16, assign bool) {
	if assign {
		m.pend = pending{kind: pdAssign, reg: reg}
		return
	}
	m.pend = pending{kind: pdUnify, cell: m.get(reg)}
}

// dot is C := A.key, or the unification with C.
func (m *Machine) dot(in *code.Instr) status {
	c := m.get(in.A)
	if c.Tag() == code.REF {
		c = m.deref(c)
	}
	key := Cell(in.Imm)
	if c.Tag() == code.HOST {
		if s, done := m.dotHost(in, c, key); done {
			return s
		}
		m.ev.Kind = EventLookup
		m.ev.Recv = m.instance(c)
		m.ev.Name = m.text(key)
		m.ev.Pattern = false
		m.ev.PC = m.p - 1
		m.answerTo(in.C, in.F != 0)
		return stop
	}
	if in.F != 0 {
		if c.Tag() == code.DICT {
			v, found := m.dictGet(c, key)
			if !found {
				return fail
			}
			m.set(in.C, m.read(v))
			return ok
		}
		if c.Tag() == code.REF {
			m.set(in.C, m.newVar())
		} else {
			return m.askField(c, key, pending{kind: pdAssign, reg: in.C}, m.p-1)
		}
	}
	return m.lookup(c, key, m.get(in.C), m.p-1)
}

// dotHost is dot where the machine can read the field itself.
func (m *Machine) dotHost(in *code.Instr, c, key Cell) (s status, done bool) {
	if m.trace == nil {
		object, shape := m.object(c)
		if at, p := m.fieldAt(object, shape, key); p != nil {
			if in.F == 0 {
				if s, done = m.unifyPlace(p, at, m.get(in.C)); done {
					return s, true
				}
			} else if v, found := m.load(p, at); found {
				m.set(in.C, v)
				return ok, true
			}
		}
	}
	v, found := m.readField(c, key)
	switch {
	case !found:
		return ok, false
	case in.F != 0:
		m.set(in.C, v)
		return ok, true
	}
	return m.unify(v, m.get(in.C)), true
}

// readField reads a field of an instance without stopping, where that is possible.
func (m *Machine) readField(c, key Cell) (v Cell, found bool) {
	if m.fields == nil {
		return 0, false
	}
	object, shape := m.object(c)
	at, p := m.fieldAt(object, shape, key)
	if p != nil {
		v, found = m.load(p, at)
	}
	if !found {
		if !m.fields.ReadField(object, shape, m.text(key), &m.field) {
			return 0, false
		}
		var err error
		if v, err = m.partOf(&m.field); err != nil {
			return 0, false
		}
	}
	if m.trace != nil {
		m.tell(TraceLookup, m.p-1, m.text(key))
	}
	return v, true
}

// lookup unifies t with c.key, or constrains them.
func (m *Machine) lookup(c, key, t Cell, pc int) status {
	switch c.Tag() {
	case code.REF:
		return m.constrain(code.Dot, pc, t, c, key)
	case code.DICT:
		v, found := m.dictGet(c, key)
		if !found {
			return fail
		}
		return m.unify(v, t)
	}
	return m.askField(c, key, pending{kind: pdUnify, cell: t}, pc)
}

// askField asks the host for a field of a value that is no dictionary.
func (m *Machine) askField(c, key Cell, then pending, pc int) status {
	if c.Tag() == code.BOOL {
		return m.throw(m.typeError(pc, "can only perform lookups on dicts and instances, this is %s", m.describe(c)))
	}
	if c.Tag() == code.HOST {
		if v, found := m.readField(c, key); found && then.kind == pdAssign {
			m.set(then.reg, v)
			return ok
		} else if found {
			return m.unify(v, then.cell)
		}
	}
	m.ev = Event{Kind: EventLookup, Recv: m.valueOf(c), Name: m.text(key), PC: pc}
	m.pend = then
	return stop
}

// dotVar is A.(B): the key is a value. An unbound key goes through all keys of a dictionary.
func (m *Machine) dotVar(in *code.Instr) status {
	if in.F != 0 {
		m.set(in.C, m.newVar())
	}
	return m.lookupKey(m.deref(m.get(in.A)), m.deref(m.get(in.B)), m.get(in.C), m.p-1)
}

func (m *Machine) lookupKey(c, key, t Cell, pc int) status {
	switch {
	case isText(key.Tag()):
		return m.lookup(c, key, t, pc)
	case c.Tag() == code.REF && key.Tag() == code.REF:
		return m.constrain(code.Dot, pc, t, c, key)
	case c.Tag() == code.DICT && key.Tag() == code.REF:
		n := m.dictSize(c)
		if n == 0 {
			return fail
		}
		pair := m.cons(key, t)
		m.iterate(choice{kind: chKeys, a: c, b: pair}, true)
		return m.nextElement(&m.ch[len(m.ch)-1])
	}
	return m.throw(m.typeError(pc, "cannot look up field %s: it is not a string", m.describe(key)))
}

// send is a method call.
func (m *Machine) send(in *code.Instr) status {
	s := &m.tables(m.p - 1).Sends[in.Imm]
	c := m.deref(m.get(in.A))
	switch c.Tag() {
	case code.REF:
		return m.throw(diag.New(diag.Unsupported, m.place(m.p-1).Span, "cannot call method on unbound variable (%s)", m.source(m.p-1)))
	case code.BOOL:
		return m.throw(m.typeError(m.p-1, "can only perform lookups on dicts and instances, this is %s", m.describe(c)))
	}
	args, err := m.values(s.Args)
	if err != nil {
		return m.throw(err)
	}
	m.ev = Event{Kind: EventCall, Recv: m.valueOf(c), Name: s.Name, Args: args, Keys: s.Keys, PC: m.p - 1}
	m.answerTo(in.C, in.F != 0)
	return stop
}

// construct is new C(...).
func (m *Machine) construct(in *code.Instr) status {
	s := &m.tables(m.p - 1).Sends[in.Imm]
	args, err := m.values(s.Args)
	if err != nil {
		return m.throw(err)
	}
	m.ev = Event{Kind: EventNew, Name: s.Name, Args: args, Keys: s.Keys, PC: m.p - 1}
	m.answerTo(in.C, in.F != 0)
	return stop
}

// in is "A in B".
func (m *Machine) in(in *code.Instr) status {
	coll := m.deref(m.get(in.B))
	item := Cell(0)
	switch {
	case in.F != 0 && coll.Tag() == code.SLICE:
		if s, done := m.scan(in, coll); done {
			return s
		}
	case in.F == 0:
		item = m.get(in.A)
		if coll.Tag() == code.SLICE && m.without&Indexes == 0 {
			if s, done := m.isElement(m.deref(item), coll); done {
				return s
			}
		}
	case coll.Tag() == code.REF || coll.Tag() == code.HOST:
		item = m.newVar()
		m.set(in.A, item)
	}
	c := choice{a: coll, b: item, assign: in.F != 0 && item == 0, reg: in.A}
	return m.elements(c, coll, item, m.p-1, false)
}

// member goes through the elements of a collection, or constrains the item.
func (m *Machine) member(item, coll Cell, pc int) status {
	return m.elements(choice{a: coll, b: item}, coll, item, pc, true)
}

func (m *Machine) elements(c choice, coll, item Cell, pc int, saveX bool) status {
	switch coll.Tag() {
	case code.NIL:
		return fail
	case code.LST, code.CLIST, code.SLICE:
		c.kind = chList
	case code.ATOM, code.STR:
		c.kind = chText
		if m.text(coll) == "" {
			return fail
		}
	case code.DICT:
		c.kind = chDict
		if m.dictSize(coll) == 0 {
			return fail
		}
	case code.REF:
		return m.constrain(code.In, pc, item, coll)
	case code.HOST:
		m.pend = pending{kind: pdIterate, cell: item}
		m.ev = Event{Kind: EventIterate, Recv: m.valueOf(coll), PC: pc}
		return stop
	default:
		return m.throw(m.typeError(pc, "can only use `in` on an iterable value, this is %s", m.describe(coll)))
	}
	c.pos = int32(pc & (1<<31 - 1))
	m.iterate(c, saveX)
	return m.nextElement(&m.ch[len(m.ch)-1])
}

// iterate pushes a choice point that goes through elements. One made by a constraint can stand between any two
// instructions and must keep all X registers; after the instruction "in" none is in use.
func (m *Machine) iterate(c choice, saveX bool) {
	if saveX {
		n := min(len(m.x), max(m.prog.MaxX, m.queryX()))
		c.nargs = int16(n)
		c.args = m.saveArgs(n)
	}
	c.p = int32(m.p)
	m.push(c)
}

func (m *Machine) queryX() int {
	if m.query == nil {
		return 0
	}
	return m.query.MaxX
}

// nextElement unifies the item with the next element. The choice point is dropped before the last.
func (m *Machine) nextElement(c *choice) status {
	switch c.kind {
	case chList:
		return m.nextListElement(c)
	case chText:
		s := m.text(c.a)[c.b2:]
		_, n := utf8.DecodeRuneInString(s)
		elem := m.textCell(s[:n])
		c.b2 += int32(n)
		if n == len(s) {
			return m.lastElement(c, elem)
		}
		return m.element(c, elem)
	case chDict:
		i := int(c.b2)
		c.b2++
		elem := m.cons(m.dictKey(c.a, i), m.cons(m.dictValue(c.a, i), code.EmptyLst))
		if i+1 == m.dictSize(c.a) {
			return m.lastElement(c, elem)
		}
		return m.element(c, elem)
	case chKeys:
		i := int(c.b2)
		c.b2++
		d, pair := c.a, c.b.Index()
		if i+1 == m.dictSize(d) {
			m.pop()
		}
		m.work = append(m.work, item{kind: wUnify, a: m.dictValue(d, i), b: m.h[pair+1]}, item{kind: wUnify, a: m.dictKey(d, i), b: m.h[pair]})
		return m.start0()
	case chFailed:
		return m.usedUp(c)
	case chScan:
		return m.nextScan(c)
	case chUnion:
		return m.nextMember(c)
	}
	// chHost
	m.ev = Event{Kind: EventNext, Iter: m.iters[c.b2]}
	m.pend = pending{kind: pdNext}
	return stop
}

// nextListElement skips elements that are seen at once not to unify, so that they cost no backtracking.
func (m *Machine) nextListElement(c *choice) status {
	item := c.b
	if !c.assign {
		item = m.deref(item)
	}
	plain := !c.assign && (isText(item.Tag()) || item.Tag() == code.INT)
	if plain && m.without&Indexes == 0 {
		if done, s := m.search(c, item); done {
			return s
		}
	}
	for {
		l := m.deref(c.a)
		h, t, found, err := m.headTail(l)
		if err != nil {
			return m.throw(err)
		}
		if !found {
			return m.restOfList(c, l, item)
		}
		if c.b2++; int(c.b2) > len(m.h) && l.Tag() == code.LST {
			return m.tooDeep("a list is cyclic")
		}
		c.a = t
		t = m.deref(t)
		last := t == code.EmptyLst
		if plain {
			h = m.deref(h)
			if h.Tag() == code.INT && item.Tag() == code.INT && h != item || isText(h.Tag()) && isText(item.Tag()) && !m.sameText(h, item) {
				if last {
					m.pop()
					return fail
				}
				if m.ticks++; m.ticks&0x3ff == 0 {
					if s := m.check(); s != ok {
						return s
					}
				}
				continue
			}
		}
		if last {
			return m.lastElement(c, h)
		}
		return m.element(c, h)
	}
}

// restOfList ends an iteration at something that is no pair: the empty list, an unbound rest, or a rest bound to no list.
func (m *Machine) restOfList(c *choice, l, item Cell) status {
	pc := int(c.pos)
	assign, reg := c.assign, c.reg
	l = m.listCell(l)
	m.pop()
	switch l.Tag() {
	case code.NIL:
		return fail
	case code.REF:
		if assign {
			item = m.newVar()
			m.set(reg, item)
		}
		return m.constrain(code.In, pc, item, l)
	}
	return m.throw(m.typeError(pc, "can only use `in` on an iterable value, the rest of this list is %s", m.describe(l)))
}

func (m *Machine) lastElement(c *choice, elem Cell) status {
	assign, reg, item := c.assign, c.reg, c.b
	m.pop()
	return m.take(assign, reg, item, elem)
}

// element unifies the item of a choice point with an element.
func (m *Machine) element(c *choice, elem Cell) status {
	return m.take(c.assign, c.reg, c.b, elem)
}

func (m *Machine) take(assign bool, reg int16, item, elem Cell) status {
	if assign {
		m.set(reg, m.read(elem))
		return ok
	}
	return m.unify(item, elem)
}

// startIteration begins to ask the host for elements.
func (m *Machine) startIteration(n int) status {
	m.iterate(choice{kind: chHost, b: m.pend.cell, b2: int32(n)}, true)
	return m.nextElement(&m.ch[len(m.ch)-1])
}
