package wam

import (
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// question is one the host must answer with yes before a class constraint is added: following path from class base ends
// at class.
type question struct {
	base  int
	path  []string
	class int
}

// path is a chain of fields from a variable.
type path struct {
	base   Cell
	fields []string
}

// maxPath bounds the look-ups followed to find where a variable comes from.
const maxPath = 64

// constrainClass adds "x belongs to class" to an unbound variable, after checking it against the classes already known of
// x and of what x is a field of (30-partials §4).
func (m *Machine) constrainClass(x Cell, class, pc int) status {
	if m.constrained(x) {
		compatible, qs := m.compatible(x, class)
		if !compatible {
			return fail
		}
		if len(qs) > 0 {
			m.questions = qs
			m.pend.cell = x
			m.pendClass, m.pendPC = class, pc
			return m.nextQuestion()
		}
	}
	m.addClass(x.Index(), class, pc)
	return ok
}

// addClass puts a class constraint into the store of its variable.
func (m *Machine) addClass(addr, class, pc int) {
	k := code.MakeInt(int64(class))
	g := m.attach(addr)
	old := m.store(g)
	for _, c := range old {
		if args := m.conArgs(int(c)); m.conOp(int(c)) == code.Isa && !m.settled(int(c)) && args[1] == k && m.deref(args[0]) == code.Make(code.REF, addr) {
			return
		}
	}
	c := len(m.h)
	m.h = append(m.h, Cell(code.Isa)|2<<conNargs, Cell(pc), code.Make(code.REF, addr), k)
	s := len(m.h)
	m.h = append(m.h, Cell(len(old)+1))
	m.h = append(m.h, old...)
	m.h = append(m.h, Cell(c))
	m.setField(g+1, Cell(s))
}

// nextQuestion asks the next question of a class test; after the last the constraint is added.
func (m *Machine) nextQuestion() status {
	if len(m.questions) == 0 {
		m.addClass(m.pend.cell.Index(), m.pendClass, m.pendPC)
		return m.runWork()
	}
	q := m.questions[0]
	m.questions = m.questions[1:]
	m.ev = Event{Kind: EventPath, Name: m.className(q.base), Path: q.path, Class: m.className(q.class), PC: m.pendPC}
	m.pend.kind = pdPath
	return stop
}

// compatible compares a new class of x with those known. The questions are what only the host can tell.
func (m *Machine) compatible(x Cell, class int) (bool, []question) {
	cons := m.store(m.groupOf(x.Index()))
	aliases := m.aliases(x, cons)
	var things []path
	for _, a := range aliases {
		things = append(things, m.origins(a, cons, true)...)
	}
	things = append(things, path{base: x})
	var qs []question
	for i := len(cons) - 1; i >= 0; i-- {
		c := int(cons[i])
		if m.settled(c) || m.conOp(c) != code.Isa {
			continue
		}
		args := m.conArgs(c)
		old, oldClass := m.deref(args[0]), int(args[1].Int())
		if old.Tag() != code.REF {
			continue
		}
		olds := []path{{base: old}}
		if !containsCell(aliases, old) {
			olds = append(m.origins(old, cons, false), olds...)[:1]
		}
		for _, o := range olds {
			for _, n := range things {
				fine, q := m.related(o, n, oldClass, class, cons)
				if !fine {
					return false, nil
				}
				if q != nil {
					qs = append(qs, *q)
				}
			}
		}
	}
	return true, qs
}

// related compares the class of one path with that of another.
func (m *Machine) related(o, n path, oldClass, class int, cons []Cell) (bool, *question) {
	same := o.base == n.base || containsCell(m.aliases(o.base, cons), n.base)
	if !same || len(o.fields) > len(n.fields) {
		return true, nil
	}
	for i, f := range o.fields {
		if n.fields[i] != f {
			return true, nil
		}
	}
	if len(o.fields) == len(n.fields) {
		return m.isSubclass(class, oldClass) || m.isSubclass(oldClass, class), nil
	}
	return true, &question{base: oldClass, path: n.fields[len(o.fields):], class: class}
}

// aliases returns the variables equal to x by constraints, x first.
func (m *Machine) aliases(x Cell, cons []Cell) []Cell {
	list := []Cell{x}
	for i := 0; i < len(list); i++ {
		for _, c := range cons {
			if op := m.conOp(int(c)); m.settled(int(c)) || op != code.Unify && op != code.Eq {
				continue
			}
			args := m.conArgs(int(c))
			a, b := m.deref(args[0]), m.deref(args[1])
			if a.Tag() != code.REF || b.Tag() != code.REF {
				continue
			}
			if a == list[i] && !containsCell(list, b) {
				list = append(list, b)
			} else if b == list[i] && !containsCell(list, a) {
				list = append(list, a)
			}
		}
	}
	return list
}

// origins returns the look-ups that a variable is the result of, and with elements also those it is an element of.
func (m *Machine) origins(v Cell, cons []Cell, elements bool) []path {
	var out []path
	for _, x := range cons {
		c := int(x)
		if m.settled(c) {
			continue
		}
		args := m.conArgs(c)
		switch m.conOp(c) {
		case code.Dot:
			if m.deref(args[0]) == v {
				if p, found := m.dotPath(args, cons, 0); found {
					out = append(out, p)
				}
			}
		case code.In:
			if elements && m.deref(args[0]) == v {
				out = append(out, m.origins(m.deref(args[1]), cons, false)...)
			}
		}
		if len(out) > maxPath {
			break
		}
	}
	return out
}

// dotPath returns the whole path of a look-up constraint.
func (m *Machine) dotPath(args, cons []Cell, depth int) (path, bool) {
	obj, key := m.deref(args[1]), m.deref(args[2])
	if obj.Tag() != code.REF || !isText(key.Tag()) || depth > maxPath {
		return path{}, false
	}
	p := path{base: obj}
	for _, x := range cons {
		c := int(x)
		if !m.settled(c) && m.conOp(c) == code.Dot && m.deref(m.conArgs(c)[0]) == obj {
			if q, found := m.dotPath(m.conArgs(c), cons, depth+1); found {
				p = q
				break
			}
		}
	}
	p.fields = append(append([]string(nil), p.fields...), m.text(key))
	return p, true
}

// matchUnion is an unbound variable against Actor or Resource: one alternative for each member class.
func (m *Machine) matchUnion(x Cell, union int) status {
	members := m.prog.Unions[union]
	if len(members) == 0 {
		return fail
	}
	m.attach(x.Index())
	// The rest of the work must come back with each alternative: it goes into a record that the choice point refers to.
	end := m.saveWork()
	m.iterate(choice{kind: chUnion, a: x, b: Cell(end), reg: int16(union)}, true)
	return m.nextElement(&m.ch[len(m.ch)-1])
}

// nextMember goes on with the next member class.
func (m *Machine) nextMember(c *choice) status {
	members := m.prog.Unions[c.reg]
	x, end, i := c.a, int(c.b), int(c.b2)
	c.b2++
	if i+1 == len(members) {
		m.pop()
	}
	m.restoreWork(end)
	return then(m.constrainClass(x, members[i], m.p-1), m.runWork)
}

// then goes on with more work where a step succeeded.
func then(s status, next func() status) status {
	if s != ok {
		return s
	}
	return next()
}

// undefined is a call of a rule that does not exist.
func (m *Machine) undefined(name string) status {
	e := diag.New(diag.QueryForUndefinedRule, diag.Span{}, "Query for undefined rule `%s`", name)
	e.Token = name
	return m.throw(e)
}
