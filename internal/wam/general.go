package wam

import "github.com/goso-project/goso/internal/code"

// callGeneral calls a predicate in the language's own two phases: the heads of all candidates are tested, the last
// first, then those that apply are sorted and entered. Each step may ask the host or wake constraints.
func (m *Machine) callGeneral(n int, pr *code.Pred, p *predInfo) status {
	for i := range pr.Arity {
		m.x[i] = m.deref(m.x[i])
	}
	base := len(m.cs)
	m.tried(len(pr.Clauses))
	for i, cl := range pr.Clauses {
		if m.interrupted(i) {
			break
		}
		if m.admits(cl) {
			m.cs = append(m.cs, int32(i))
		}
	}
	return m.testAll(n, pr, base)
}

// testAll begins to test the heads of the candidates that stand on the candidate stack from base on.
func (m *Machine) testAll(n int, pr *code.Pred, base int) status {
	if m.err != nil {
		return stop
	}
	if len(m.cs) == base {
		if m.trace != nil {
			m.tellApply(pr, nil)
		}
		return fail
	}
	m.b0 = len(m.ch)
	c := choice{kind: chSelect, nargs: int16(pr.Arity), pred: int32(n), cand: m.cs[base:], cbase: int32(base), pos: int32(len(m.cs) - base), b0: int32(m.b0)}
	c.args = m.saveArgs(pr.Arity)
	m.push(c)
	return m.testNext()
}

// admits is the filter before the tests: it drops a clause whose literal differs from a ground argument, and one that
// fails a quick test before anything in it could ask or wake something.
func (m *Machine) admits(cl *code.Clause) bool {
	silent := true // nothing before this test can be observed
	last := -1
	for i := range cl.Quick {
		q := &cl.Quick[i]
		arg := int(q.Arg)
		for a := last + 1; a <= arg && silent; a++ {
			silent = a == arg && q.Kind != code.QuickConst || m.silent(cl, a)
		}
		last = max(last, arg)
		c := m.x[q.Arg]
		switch q.Kind {
		case code.QuickConst:
			if cl.Params[q.Arg].Spec == nil && m.smallGround(c) && !m.quickConst(c, q.Cell) {
				return false
			}
			if silent && c.Tag() != code.REF && c.Tag() != code.HOST && !m.quickConst(c, q.Cell) {
				return false
			}
		case code.QuickClass:
			if silent && c.Tag() != code.REF && (c.Tag() != code.HOST || m.shapeOf(c) != 0) && (m.isClass(c, int(q.N)) != ok || !m.fieldsAdmit(cl.Params[q.Arg].Spec, c)) {
				return false
			}
		case code.QuickUnion:
			if silent && c.Tag() != code.REF && m.testUnion(c, int(q.N)) != ok {
				return false
			}
		}
	}
	for i := range cl.Params {
		t := cl.Params[i].Term
		if t.Kind == code.TConst && cl.Params[i].Spec == nil {
			if k := t.Cell.Tag(); (k == code.CLIST || k == code.DICT) && m.smallGround(m.x[i]) && !m.equalGround(m.x[i], t.Cell) {
				return false
			}
		}
	}
	return true
}

// fieldsAdmit compares the fields of an object with the literals of a pattern, as far as they can be read without stopping.
func (m *Machine) fieldsAdmit(p *code.Pattern, c Cell) bool {
	if m.fields == nil || c.Tag() != code.HOST || p == nil {
		return true
	}
	for i := range p.Fields {
		f := &p.Fields[i]
		if f.Pattern.Kind != code.PTerm || f.Pattern.Term.Kind != code.TConst {
			return true
		}
		strs, hosts, seqs := len(m.strs), len(m.hosts), len(m.seqs)
		v, found := m.readField(c, f.Atom)
		known, equal := false, false
		if found {
			known, equal = m.plainEqual(v, f.Pattern.Term.Cell)
			m.mark()
			m.strs, m.hosts, m.shapes, m.seqs = m.strs[:strs], m.hosts[:hosts], m.shapes[:hosts], m.seqs[:seqs]
		}
		if !known {
			return true
		}
		if !equal {
			return false
		}
	}
	return true
}

// plainEqual compares two values of which neither is a host object, list or dictionary.
func (m *Machine) plainEqual(a, b Cell) (known, equal bool) {
	switch at, bt := a.Tag(), b.Tag(); {
	case isNumber(at) && isNumber(bt):
		return true, m.numbersEqual(a, b)
	case isText(at) && isText(bt):
		return true, m.sameText(a, b)
	case (isNumber(at) || isText(at) || at == code.BOOL) && (isNumber(bt) || isText(bt) || bt == code.BOOL):
		return true, a == b
	}
	return false, false
}

func (m *Machine) quickConst(c, k Cell) bool {
	if c.Tag() == code.LST && m.h[c.Index()] == code.ListEnd {
		return true
	}
	if isNumber(c.Tag()) && isNumber(k.Tag()) {
		return m.numbersEqual(c, k)
	}
	if isText(c.Tag()) && isText(k.Tag()) {
		return m.sameText(c, k)
	}
	return c == k
}

// silent reports whether the test of one parameter can neither ask the host nor wake a constraint.
func (m *Machine) silent(cl *code.Clause, i int) bool {
	p := &cl.Params[i]
	c := m.x[i]
	if c.Tag() == code.REF {
		return p.Spec == nil && p.Term.Kind == code.TVar && !m.constrained(c)
	}
	if p.Term.Kind != code.TVar && p.Term.Kind != code.TConst {
		return false
	}
	if p.Term.Kind == code.TVar && !m.firstUse(cl, i) {
		return false
	}
	if p.Term.Kind == code.TConst && (c.Tag() == code.HOST || p.Term.Cell.Tag() == code.HOST) {
		return false
	}
	if s := p.Spec; s != nil {
		switch s.Kind {
		case code.PClass:
			return len(s.Fields) == 0 && (c.Tag() != code.HOST || m.shapeOf(c) != 0)
		case code.PUnion:
			return true
		case code.PTerm:
			return s.Term.Kind == code.TConst && c.Tag() != code.HOST && s.Term.Cell.Tag() != code.HOST
		}
		return false
	}
	return true
}

// firstUse reports whether parameter i is a variable that no earlier parameter mentions.
func (m *Machine) firstUse(cl *code.Clause, i int) bool {
	v := cl.Params[i].Term.Var
	for j := range i {
		if cl.Params[j].Mentions(v) {
			return false
		}
	}
	return true
}

// testNext tests the head of the next candidate, or, when all are tested, enters the first of those that apply.
func (m *Machine) testNext() status {
	c := &m.ch[len(m.ch)-1]
	m.restoreArgs(c)
	if c.pos == 0 {
		return m.sortTested(c)
	}
	c.pos--
	cl := m.clause(int(c.pred), int(c.cand[c.pos]))
	m.p = code.PCFail
	m.work = append(m.work, item{kind: wTested})
	m.startHead(cl)
	return m.start0()
}

// startHead leaves the head of a clause as work: for each parameter its unification, then its match.
func (m *Machine) startHead(cl *code.Clause) int {
	base := len(m.h)
	for range cl.Homes {
		m.newVar()
	}
	for i := len(cl.Params) - 1; i >= 0; i-- {
		p := &cl.Params[i]
		a := m.x[i]
		if p.Spec != nil {
			m.work = append(m.work, item{kind: wMatch, at: p.At, a: a, pat: p.Spec, base: base})
		}
		m.work = append(m.work, item{kind: wUnify, a: a, b: m.build(p.Term, base, nil)})
	}
	return base
}

// applies marks a candidate that passed its test.
const applies = 1 << 30

// tested notes that the candidate under test applies, drops what the test left behind, and goes on with the next.
func (m *Machine) tested() status {
	n := len(m.ch) - 1
	for m.ch[n].kind != chSelect {
		n--
	}
	m.cut(n + 1)
	c := &m.ch[n]
	c.cand[c.pos] |= applies
	return fail
}

// sortTested drops the candidates that do not apply, sorts the others and turns the choice point into one that enters them.
func (m *Machine) sortTested(c *choice) status {
	k := 0
	for _, n := range c.cand {
		if n&applies != 0 {
			c.cand[k] = n &^ applies
			k++
		}
	}
	c.cand = c.cand[:k]
	pr := m.prog.Preds[c.pred]
	if k == 0 {
		if m.trace != nil {
			m.tellApply(pr, nil)
		}
		m.pop()
		return fail
	}
	if m.snap.preds[c.pred].facts == nil {
		m.sort(pr, c.cand, m.x)
	}
	if m.trace != nil {
		m.tellApply(pr, c.cand)
	}
	c.kind = chEnter
	return m.enterNext()
}

// enterNext runs the head of the next applicable clause again, now to stay.
func (m *Machine) enterNext() status {
	c := &m.ch[len(m.ch)-1]
	m.restoreArgs(c)
	n, pred, b0 := int(c.cand[c.pos]), int(c.pred), int(c.b0)
	c.pos++
	if int(c.pos) == len(c.cand) {
		m.pop()
	}
	m.p = code.PCFail
	cl := m.clause(pred, n)
	at := len(m.work)
	m.work = append(m.work, item{kind: wEnter})
	base := m.startHead(cl)
	m.work[at] = item{kind: wEnter, base: base, n: n, a: Cell(pred), b: Cell(b0)}
	return m.start0()
}

// entered puts the head's variables where the body wants them and goes on there.
func (m *Machine) entered(it item) status {
	if f := m.snap.preds[int(it.a)].facts; f != nil {
		if m.trace != nil {
			m.tellFact(f, it.n)
		}
		return m.leaveFact(f, int32(it.n))
	}
	cl := m.prog.Preds[int(it.a)].Clauses[it.n]
	m.b0 = int(it.b)
	if cl.Frame >= 0 {
		m.allocate(int(cl.Frame))
	}
	for i, h := range cl.Homes {
		if h.Reg == code.NoReg {
			continue
		}
		c := m.deref(code.Make(code.REF, it.base+i))
		if h.Touch && c.Tag() == code.REF {
			m.touch(c)
		}
		m.set(h.Reg, c)
	}
	m.p = int(cl.Body)
	if m.trace != nil {
		m.tellEnter(cl)
	}
	return ok
}

// ground reports whether a term has no variable and no host object in it.
func (m *Machine) ground(c Cell) bool { return m.groundUpTo(maxSteps, c) }

// smallGround is ground for what every call asks: a term of more parts than it may look at counts as not ground.
func (m *Machine) smallGround(c Cell) bool { return m.groundUpTo(maxSmall, c) }

// maxSmall bounds what a call looks at before it tests heads; a recursion over a long list pays it at every step.
const maxSmall = 1 << 12

func (m *Machine) groundUpTo(limit int, c Cell) bool {
	switch c = m.deref(c); c.Tag() {
	case code.LST, code.CLIST, code.SLICE, code.DICT:
	default:
		return c.Tag() != code.REF && c.Tag() != code.HOST
	}
	return m.walkUpTo(limit, c, func(x Cell) bool { return x.Tag() != code.REF && x.Tag() != code.HOST })
}

// walk visits the parts of a term, each dereferenced, until visit returns false, which is then the result. It is also false
// after an error: of a host's list, of the time limit, or of a term that is cyclic.
func (m *Machine) walk(c Cell, visit func(Cell) bool) bool { return m.walkUpTo(maxSteps, c, visit) }

// walkUpTo is walk for a number of parts; only maxSteps of them make an error.
func (m *Machine) walkUpTo(limit int, c Cell, visit func(Cell) bool) bool {
	stack := []Cell{c}
	for steps := 1; len(stack) > 0; steps++ {
		if steps > limit {
			if limit == maxSteps {
				m.tooDeep("a term has more than %d parts: it is cyclic or shares too much", maxSteps)
			}
			return false
		}
		if steps&0xfff == 0 && m.check() != ok {
			return false
		}
		x := m.deref(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		if !visit(x) {
			return false
		}
		switch x.Tag() {
		case code.LST:
			if t := m.part(x.Index() + 1); t != code.EmptyLst {
				stack = append(stack, t)
			}
			stack = append(stack, m.part(x.Index()))
		case code.CLIST:
			for i := x.Index(); m.poolAt(i) != code.ListEnd; i++ {
				stack = append(stack, m.poolAt(i))
			}
		case code.SLICE:
			h, t, found, err := m.headTail(x)
			if err != nil {
				return false
			}
			if t != code.EmptyLst {
				stack = append(stack, t)
			}
			if found {
				stack = append(stack, h)
			}
		case code.DICT:
			for i := range m.dictSize(x) {
				stack = append(stack, m.dictValue(x, i))
			}
		}
	}
	return true
}

// equalGround compares two ground terms.
func (m *Machine) equalGround(a, b Cell) bool {
	type pair struct{ a, b Cell }
	stack := []pair{{a, b}}
	for steps := 1; len(stack) > 0; steps++ {
		if steps > maxSteps || m.interrupted(steps) {
			return false
		}
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		a, b := m.deref(p.a), m.deref(p.b)
		at, bt := a.Tag(), b.Tag()
		switch {
		case isNumber(at) && isNumber(bt):
			if !m.numbersEqual(a, b) {
				return false
			}
		case isText(at) && isText(bt):
			if !m.sameText(a, b) {
				return false
			}
		case isList(at) && isList(bt):
			ah, atl, aok, err := m.headTail(a)
			bh, btl, bok, err2 := m.headTail(b)
			if err != nil || err2 != nil || aok != bok {
				return false
			}
			if aok {
				stack = append(stack, pair{atl, btl}, pair{ah, bh})
			}
		case at == code.DICT && bt == code.DICT:
			n := m.dictSize(a)
			if n != m.dictSize(b) {
				return false
			}
			for i := range n {
				if !m.sameText(m.dictKey(a, i), m.dictKey(b, i)) {
					return false
				}
				stack = append(stack, pair{m.dictValue(a, i), m.dictValue(b, i)})
			}
		default:
			if a != b {
				return false
			}
		}
	}
	return true
}
