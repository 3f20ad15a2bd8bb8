package wam

import "github.com/goso-project/goso/internal/code"

// shortcut is a short way from a call to the only clause that it can match, for predicates whose clauses an argument's kind
// tells apart, and for those of one clause that tests nothing. It holds nothing that a longer way would not find.
type shortcut struct {
	heads  [16]int32 // by the tag of the argument: the head of the only clause that can match, 0 if there is more than one, or none
	on     int       // the argument to look at, -1 for none
	only   int32     // the head of the only clause, if there is no argument to look at
	deep   bool      // clauses compare parts of it
	looked bool      // clauses look into values that may hold objects or constrained variables, or at other arguments
	rest   []checked // the other arguments that clauses look at
	ints   []intHead // where heads says byInteger: what the integers that clauses name lead to
	other  int32     // and all other integers
	copier *copier   // of the clause for pairs, nil if it does more than copy
}

// byInteger stands among heads for what depends on the integer.
const byInteger = -1

// intHead is where a call with an integer leads that clauses name.
type intHead struct {
	value Cell
	head  int32 // as in heads
	free  int   // the argument that must be unbound for that, -1 for none
}

// checked is an argument that clauses look at.
type checked struct {
	pos  int
	mode code.ParamMode
}

// initShortcut is for when the rest of p is known.
func (p *predInfo) initShortcut(prog *code.Program, n int) {
	p.short.on = -1
	if len(p.checked) == 0 {
		if len(p.pred.Clauses) == 1 {
			p.short.only = int32(p.pred.Clauses[0].Head())
		}
		return
	}
	if p.switchOn < 0 || p.pred.Params[p.switchOn]&(code.ModeFields|code.ModeHost) != 0 {
		return
	}
	for k, pos := range p.checked {
		if p.modes[k]&(code.ModeFields|code.ModeHost) != 0 {
			return
		}
		if pos != p.switchOn {
			p.short.rest = append(p.short.rest, checked{pos, p.modes[k]})
		}
	}
	p.short.on, p.short.deep = p.switchOn, p.pred.Params[p.switchOn]&code.ModeDeep != 0
	for t := code.INT; t < code.END; t++ {
		if list := p.byTag[t]; len(list) == 1 && t != code.HOST {
			p.short.heads[t] = int32(p.pred.Clauses[list[0]].Head())
		}
	}
	p.short.looked = p.short.deep || len(p.short.rest) > 0
	p.short.heads[code.LST] = p.short.heads[code.CLIST] // a pair for certain, so no empty list
	p.initInts(prog)
	if head := int(p.short.heads[code.LST]); head != 0 {
		p.short.copier = newCopier(prog, n, head, p.short.on)
	}
}

// initInts is initShortcut for integers.
func (p *predInfo) initInts(prog *code.Program) {
	s := &p.short
	if len(p.ints) == 0 || len(p.byTag[code.INT]) < 2 {
		return
	}
	s.heads[code.INT] = byInteger
	for _, k := range append(p.ints, 0) { // 0 is no integer's cell
		var found []*code.Clause
		for _, i := range p.byTag[code.INT] {
			cl := p.pred.Clauses[i]
			if literal, named := integerAt(cl, s.on); !named || literal == k {
				found = append(found, cl)
			}
		}
		h := intHead{value: k, free: -1}
		switch {
		case len(found) == 1:
			h.head = int32(behindTest(prog, found[0].Head(), s.on, k))
		case len(found) > 1 && commits(prog, found[0], s.on):
			h.head, h.free = int32(behindTest(prog, found[0].Head(), s.on, k)), otherTest(found[0], s.on)
		}
		if k == 0 {
			s.other = h.head
		} else {
			s.ints = append(s.ints, h)
		}
	}
}

// behindTest returns where to enter a clause at an address if the argument at a position is known to be an integer: a test for that
// is left out if it comes first.
func behindTest(prog *code.Program, head, pos int, k Cell) int {
	if in := &prog.Instrs[head]; in.Op == code.OpGetConst && int(in.A) == pos && Cell(in.Imm) == k {
		return head + 1
	}
	return head
}

// integerAt returns the integer that a clause wants at a position.
func integerAt(cl *code.Clause, pos int) (Cell, bool) {
	for i := range cl.Quick {
		if q := &cl.Quick[i]; int(q.Arg) == pos && q.Kind == code.QuickConst {
			return q.Cell, true
		}
	}
	return 0, false
}

// commits reports whether a clause whose literal at a position has been found leaves no alternatives if one other argument at most
// is tested, and is unbound: then its head is certain to match, and its body begins with a cut.
func commits(prog *code.Program, cl *code.Clause, pos int) bool {
	if !cl.Exact || !cutsFirst(prog, cl) || len(cl.Quick) > 2 {
		return false
	}
	own := 0
	for i := range cl.Quick {
		if q := &cl.Quick[i]; q.Kind != code.QuickConst {
			return false
		} else if int(q.Arg) == pos {
			own++
		}
	}
	return own == 1
}

// cutsFirst reports whether a clause's body begins with a cut.
func cutsFirst(prog *code.Program, cl *code.Clause) bool {
	if int(cl.Body)+1 >= len(prog.Instrs) {
		return false
	}
	level, cut := &prog.Instrs[cl.Body], &prog.Instrs[cl.Body+1]
	return level.Op == code.OpLevel0 && cut.Op == code.OpCut && cut.A == level.A
}

// otherTest returns the argument at another position that a clause tests, -1 if it tests none.
func otherTest(cl *code.Clause, pos int) int {
	for i := range cl.Quick {
		if arg := int(cl.Quick[i].Arg); arg != pos {
			return arg
		}
	}
	return -1
}

// shortWay goes to the only clause that a call can match. It reports false if that takes more to find out, or there is none.
func (m *Machine) shortWay(s *shortcut) bool {
	head := s.only
	if s.on >= 0 {
		c := m.x[s.on]
		if c.Tag() == code.REF {
			c = m.deref(c)
			m.x[s.on] = c
		}
		t := c.Tag()
		if head = s.heads[t]; head == byInteger {
			head = m.intHead(s, c)
		}
		if head == 0 || t == code.LST && m.h[c.Index()] == code.ListEnd {
			return false
		}
		if s.looked && (m.att != 0 || m.hasHosts()) && !m.looksPlain(s, t) {
			return false
		}
	}
	if head == 0 {
		return false
	}
	m.b0 = len(m.ch)
	m.p = int(head)
	return true
}

// intHead is shortWay for an integer where clauses name integers.
func (m *Machine) intHead(s *shortcut, c Cell) int32 {
	for i := range s.ints {
		k := &s.ints[i]
		if k.value != c {
			continue
		}
		if k.free >= 0 && (m.att != 0 || m.deref(m.x[k.free]).Tag() != code.REF) {
			return 0
		}
		return k.head
	}
	return s.other
}

// looksPlain reports whether no argument that clauses look at is, or may hold, an object or a constrained variable; t is the kind
// of the one that tells them apart.
func (m *Machine) looksPlain(s *shortcut, t code.Tag) bool {
	if s.deep && t >= code.LST {
		return false
	}
	for i := range s.rest {
		r := &s.rest[i]
		c := m.x[r.pos]
		if c.Tag() == code.REF {
			c = m.deref(c)
			m.x[r.pos] = c
		}
		switch t := c.Tag(); {
		case t == code.REF:
			if m.att != 0 && m.constrained(c) {
				return false
			}
		case t == code.HOST:
			if r.mode&^code.ModeClass != 0 || m.shapeOf(c) == 0 {
				return false
			}
		case t >= code.LST && r.mode&code.ModeDeep != 0:
			return false
		}
	}
	return true
}
