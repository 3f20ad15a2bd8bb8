package wam

import (
	"slices"

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

// path is a chain of fields from a variable: keys first to first+n of the paths.
type path struct {
	base     Cell
	first, n int
}

// paths is what a class test knows of where variables come from.
type paths struct {
	keys    []Cell
	things  []path // what is to be of the class
	aliases []Cell // of the variable that is tested
	others  []Cell // of another one
	texts   []string
	known   *[knownPaths]knownPath // for one planner and one snapshot
}

// knownPath is what the planner said of a path of one field.
type knownPath struct {
	base, class int
	key         Cell // 0 for none
	fine        bool
}

// knownPaths is how many answers about paths are remembered.
const knownPaths = 16

// fields returns the keys of a path.
func (p *paths) fields(of path) []Cell { return p.keys[of.first : of.first+of.n] }

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
	for _, c := range m.store(g) {
		if args := m.conArgs(int(c)); m.conOp(int(c)) == code.Isa && !m.settled(int(c)) && args[1] == k && m.deref(args[0]) == code.Make(code.REF, addr) {
			return
		}
	}
	m.put(g, m.record(code.Isa, pc, code.Make(code.REF, addr), k))
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
	if !m.linked(x, cons) {
		return m.fitsOwn(x, class, cons), nil
	}
	return m.compatibleLinked(x, class, cons)
}

// compatibleLinked is compatible for a variable that constraints link with others.
func (m *Machine) compatibleLinked(x Cell, class int, cons []Cell) (bool, []question) {
	p := &m.paths
	p.keys, p.things = p.keys[:0], p.things[:0]
	p.aliases = m.aliases(p.aliases[:0], x, cons)
	for _, a := range p.aliases {
		m.origins(a, cons, true)
	}
	p.things = append(p.things, path{base: x})
	var qs []question
	for i := len(cons) - 1; i >= 0; i-- {
		if !m.isTyping(cons[i]) {
			continue
		}
		args := m.conArgs(int(cons[i]))
		old, oldClass := m.deref(args[0]), int(args[1].Int())
		o := path{base: old}
		if !slices.Contains(p.aliases, old) {
			if from, found := m.origin(old, cons); found {
				o = from
			}
		}
		for _, n := range p.things {
			fine, asks := m.related(o, n, oldClass, class, cons)
			if asks {
				fine, asks = m.pathClass(oldClass, p.fields(n)[o.n:], class)
			}
			if !fine {
				return false, nil
			}
			if asks {
				qs = append(qs, question{base: oldClass, path: slices.Clone(p.texts), class: class})
			}
		}
	}
	return true, qs
}

// linked reports whether a constraint makes a variable equal to another one, the result of a look-up, or an element. If none does, only
// the variable's own classes matter to a new one.
func (m *Machine) linked(x Cell, cons []Cell) bool {
	for _, k := range cons {
		if c := int(k); !m.settled(c) && m.links(c, x) {
			return true
		}
	}
	return false
}

// links is linked for one constraint.
func (m *Machine) links(c int, x Cell) bool {
	args := m.conArgs(c)
	switch m.conOp(c) {
	case code.Dot, code.In:
		return m.deref(args[0]) == x
	case code.Unify, code.Eq:
		a, b := m.deref(args[0]), m.deref(args[1])
		return a == x && b.Tag() == code.REF || b == x && a.Tag() == code.REF
	}
	return false
}

// fitsOwn reports whether a class can be had together with those that constraints give to the variable itself.
func (m *Machine) fitsOwn(x Cell, class int, cons []Cell) bool {
	for _, k := range cons {
		c := int(k)
		if m.conOp(c) != code.Isa || m.settled(c) {
			continue
		}
		args := m.conArgs(c)
		if old := int(args[1].Int()); m.deref(args[0]) == x && !m.isSubclass(class, old) && !m.isSubclass(old, class) {
			return false
		}
	}
	return true
}

// decidesClasses reports whether every class test of a constrained variable can be decided without a question.
func (m *Machine) decidesClasses(x Cell) bool {
	return m.knowsPaths() || !m.linked(x, m.store(m.groupOf(x.Index())))
}

// quickClass is the quick test of a class or union for a constrained variable. It may report true where the head fails.
func (m *Machine) quickClass(x Cell, q *code.Quick) bool {
	fits := func(class int) bool {
		fine, _ := m.compatible(x, class)
		return fine
	}
	switch q.Kind {
	case code.QuickClass:
		return fits(int(q.N))
	case code.QuickUnion:
		return slices.ContainsFunc(m.prog.Unions[q.N], fits)
	}
	return true
}

// isTyping reports whether a constraint is a live one on the class of a variable.
func (m *Machine) isTyping(x Cell) bool {
	c := int(x)
	return m.conOp(c) == code.Isa && !m.settled(c) && m.deref(m.conArgs(c)[0]).Tag() == code.REF
}

// pathClass reports whether following a path from a class ends at a class, if the planner knows; asks says that only the host does.
func (m *Machine) pathClass(base int, keys []Cell, class int) (fine, asks bool) {
	p := &m.paths
	var known *knownPath
	if len(keys) == 1 && keys[0].Tag() == code.ATOM && m.knowsPaths() {
		if p.known == nil {
			p.known = new([knownPaths]knownPath)
		}
		known = &p.known[(uint64(keys[0])*7+uint64(base)*3+uint64(class))%knownPaths]
		if known.key == keys[0] && known.base == base && known.class == class {
			return known.fine, false
		}
	}
	p.texts = p.texts[:0]
	for _, k := range keys {
		p.texts = append(p.texts, m.text(k))
	}
	if m.knowsPaths() {
		if yes, sure := m.planner.PathClass(m.className(base), p.texts, m.className(class)); sure {
			if known != nil && max(base, class) < len(m.prog.Classes) {
				*known = knownPath{base, class, keys[0], yes}
			}
			return yes, false
		}
	}
	return true, true
}

// knowsPaths reports whether questions about paths can be answered without stopping.
func (m *Machine) knowsPaths() bool { return m.planner != nil && !m.watched }

// related compares the class of one path with that of another; asks says that only the host can.
func (m *Machine) related(o, n path, oldClass, class int, cons []Cell) (fine, asks bool) {
	if o.n > n.n || !slices.EqualFunc(m.paths.fields(o), m.paths.fields(n)[:o.n], m.sameText) || !m.isAlias(n.base, o.base, cons) {
		return true, false
	}
	if o.n == n.n {
		return m.isSubclass(class, oldClass) || m.isSubclass(oldClass, class), false
	}
	return true, true
}

// isAlias reports whether a variable is equal to another by constraints.
func (m *Machine) isAlias(x, of Cell, cons []Cell) bool {
	if x == of {
		return true
	}
	m.paths.others = m.aliases(m.paths.others[:0], of, cons)
	return slices.Contains(m.paths.others, x)
}

// aliases appends the variables equal to x by constraints, x first.
func (m *Machine) aliases(list []Cell, x Cell, cons []Cell) []Cell {
	list = append(list, x)
	for i := 0; i < len(list); i++ {
		for _, c := range cons {
			if op := m.conOp(int(c)); op != code.Unify && op != code.Eq || m.settled(int(c)) {
				continue
			}
			args := m.conArgs(int(c))
			a, b := m.deref(args[0]), m.deref(args[1])
			if a.Tag() != code.REF || b.Tag() != code.REF {
				continue
			}
			if a == list[i] && !slices.Contains(list, b) {
				list = append(list, b)
			} else if b == list[i] && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	return list
}

// origins adds the look-ups that a variable is the result of to the things, and with elements also those it is an element of.
func (m *Machine) origins(v Cell, cons []Cell, elements bool) {
	before := len(m.paths.things)
	for _, x := range cons {
		c := int(x)
		if m.settled(c) {
			continue
		}
		switch m.conOp(c) {
		case code.Dot:
			if args := m.conArgs(c); m.deref(args[0]) == v {
				if p, found := m.dotPath(args, cons, 0); found {
					m.paths.things = append(m.paths.things, p)
				}
			}
		case code.In:
			if args := m.conArgs(c); elements && m.deref(args[0]) == v {
				m.origins(m.deref(args[1]), cons, false)
			}
		}
		if len(m.paths.things)-before > maxPath {
			break
		}
	}
}

// origin returns the first look-up that a variable is the result of.
func (m *Machine) origin(v Cell, cons []Cell) (path, bool) {
	for _, x := range cons {
		if c := int(x); m.conOp(c) == code.Dot && !m.settled(c) && m.deref(m.conArgs(c)[0]) == v {
			if p, found := m.dotPath(m.conArgs(c), cons, 0); found {
				return p, true
			}
		}
	}
	return path{}, false
}

// dotPath returns the whole path of a look-up constraint; its keys are the last of the paths.
func (m *Machine) dotPath(args, cons []Cell, depth int) (path, bool) {
	obj, key := m.deref(args[1]), m.deref(args[2])
	if obj.Tag() != code.REF || !isText(key.Tag()) || depth > maxPath {
		return path{}, false
	}
	p, found := path{}, false
	for _, x := range cons {
		if c := int(x); m.conOp(c) == code.Dot && !m.settled(c) && m.deref(m.conArgs(c)[0]) == obj {
			if p, found = m.dotPath(m.conArgs(c), cons, depth+1); found {
				break
			}
		}
	}
	if !found {
		p = path{base: obj, first: len(m.paths.keys)}
	}
	m.paths.keys = append(m.paths.keys, key)
	p.n++
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
