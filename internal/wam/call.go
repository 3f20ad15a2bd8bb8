package wam

import "github.com/goso-project/goso/internal/code"

// shortcut is a short way from a call to the only clause that it can match, for predicates whose clauses an argument's kind
// tells apart, and for those of one clause that tests nothing. It holds nothing that a longer way would not find.
type shortcut struct {
	on    int       // the argument to look at, -1 for none
	deep  bool      // clauses compare parts of it
	only  int       // the head of the only clause, if there is no argument to look at
	heads [16]int32 // by the tag of the argument: the head of the only clause that can match, 0 if there is more than one, or none
	rest  []checked // the other arguments that clauses look at
}

// checked is an argument that clauses look at.
type checked struct {
	pos  int
	mode code.ParamMode
}

// initShortcut is for when the rest of p is known.
func (p *predInfo) initShortcut() {
	p.short.on = -1
	if len(p.checked) == 0 {
		if len(p.pred.Clauses) == 1 {
			p.short.only = p.pred.Clauses[0].Head
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
			p.short.heads[t] = int32(p.pred.Clauses[list[0]].Head)
		}
	}
	p.short.heads[code.LST] = p.short.heads[code.CLIST] // a pair for certain, so no empty list
}

// shortWay returns the head of the only clause that a call can match, 0 if that takes more to find out, or there is none.
func (m *Machine) shortWay(s *shortcut) int {
	if s.on < 0 {
		return s.only
	}
	c := m.x[s.on]
	if c.Tag() == code.REF {
		c = m.deref(c)
		m.x[s.on] = c
	}
	t := c.Tag()
	head := s.heads[t]
	if head == 0 || t == code.LST && m.h[c.Index()] == code.ListEnd || s.deep && t >= code.LST && (m.att != 0 || m.hasHosts()) {
		return 0
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
				return 0
			}
		case t == code.HOST:
			if r.mode&^code.ModeClass != 0 || m.shapeOf(c) == 0 {
				return 0
			}
		case t >= code.LST && r.mode&code.ModeDeep != 0 && (m.att != 0 || m.hasHosts()):
			return 0
		}
	}
	return int(head)
}
