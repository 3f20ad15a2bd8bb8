package wam

import (
	"cmp"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// cond is a value as a condition: it must be true; an unbound variable becomes true.
func (m *Machine) cond(v Cell, pc int) status {
	c := m.deref(v)
	switch {
	case c == code.True:
		return ok
	case c == code.False:
		return fail
	case c.Tag() == code.REF:
		return m.unify(c, code.True)
	}
	return m.throw(m.typeError(pc, "%s isn't something that is true or false so can't be a condition", m.describe(c)))
}

// compareConst is a comparison with a small integer.
func (m *Machine) compareConst(in *code.Instr) status {
	a := m.get(in.A)
	if a.Tag() == code.REF {
		a = m.deref(a)
	}
	if a.Tag() == code.INT {
		return holds(decide(code.Operator(in.F), cmp.Compare(int64(a), int64(in.Imm))))
	}
	return m.compare(code.Operator(in.F), a, Cell(in.Imm), 0, m.p-1)
}

// decide turns an order into the answer of a comparison.
func decide(op code.Operator, order int) bool {
	switch op {
	case code.Eq:
		return order == 0
	case code.Neq:
		return order != 0
	case code.Lt:
		return order < 0
	case code.Leq:
		return order <= 0
	case code.Gt:
		return order > 0
	}
	return order >= 0
}

// compareValues is a comparison of two registers.
func (m *Machine) compareValues(in *code.Instr) status {
	a, b := m.deref(m.get(in.A)), m.deref(m.get(in.B))
	if a.Tag() == code.INT && b.Tag() == code.INT {
		return holds(decide(code.Operator(in.F), cmp.Compare(int64(a), int64(b))))
	}
	return m.compare(code.Operator(in.F), a, b, 0, m.p-1)
}

// compare decides a comparison. con is the constraint that asks, 0 for an instruction: then an unbound operand makes a
// new constraint.
func (m *Machine) compare(op code.Operator, a, b Cell, con, pc int) status {
	a, b = m.deref(a), m.deref(b)
	at, bt := a.Tag(), b.Tag()
	if at == code.REF || bt == code.REF {
		if con != 0 {
			return ok
		}
		return m.constrain(op, pc, a, b)
	}
	if con != 0 {
		m.settle(con)
	}
	notOrder := con != 0 && m.h[con]&conNotOrder != 0
	if at == code.HOST || bt == code.HOST {
		if notOrder {
			m.askAt(pc, op.Inverse().String(), a, b, pdNotBool)
		} else {
			m.askAt(pc, op.String(), a, b, pdBool)
		}
		return stop
	}
	if con != 0 && m.h[con]&conNotEq == 0 && (op == code.Eq || op == code.Neq) && m.ground(a) && m.ground(b) {
		return holds(m.equalGround(a, b) == (op == code.Eq))
	}
	order, ordered, comparable := m.order(a, b)
	switch {
	case !comparable:
		return m.throw(m.unsupported(pc, "%s and %s cannot be compared by %s", m.describe(a), m.describe(b), op.Text()))
	case !ordered:
		return holds(op == code.Neq || notOrder)
	}
	return holds(decide(op, order))
}

// order compares two values of comparable kinds: numbers, strings, and booleans, which count as 1 and 0 beside each other and
// beside numbers.
func (m *Machine) order(a, b Cell) (order int, ordered, comparable bool) {
	at, bt := a.Tag(), b.Tag()
	if at == code.BOOL {
		a, at = code.MakeInt(int64(a>>4)), code.INT
	}
	if bt == code.BOOL {
		b, bt = code.MakeInt(int64(b>>4)), code.INT
	}
	switch {
	case isNumber(at) && isNumber(bt):
		order, ordered = m.compareNumbers(a, b)
		return order, ordered, true
	case isText(at) && isText(bt):
		if a == b {
			return 0, true, true
		}
		return strings.Compare(m.text(a), m.text(b)), true, true
	}
	return 0, false, false
}

// ask stops to ask the host for a comparison.
func (m *Machine) ask(op string, a, b Cell, then pendKind) status {
	m.askAt(m.p-1, op, a, b, then)
	return stop
}

func (m *Machine) askAt(pc int, op string, a, b Cell, then pendKind) {
	m.ev = Event{Kind: EventCompare, Name: op, Recv: m.valueOf(a), Right: m.valueOf(b), PC: pc}
	m.pend = pending{kind: then}
}

// arithConst is arithmetic with a small integer on the right.
func (m *Machine) arithConst(in *code.Instr) status {
	a := m.get(in.A)
	if a.Tag() == code.REF {
		a = m.deref(a)
	}
	if a.Tag() == code.INT {
		if r, small := smallInts(in.F, a, Cell(in.Imm)); small {
			m.set(in.C, r)
			if next := m.following(); next.Op == code.OpPutVar {
				m.p++
				return m.putVar(next)
			}
			return ok
		}
	}
	return m.arith(in, a, Cell(in.Imm))
}

// arithValues is arithmetic with two registers. Where the result is unified at once, which is the next instruction, that is done, too.
func (m *Machine) arithValues(in *code.Instr) status {
	a, b := m.deref(m.get(in.A)), m.deref(m.get(in.B))
	if a.Tag() == code.INT && b.Tag() == code.INT {
		if r, small := smallInts(in.F, a, b); small {
			m.set(in.C, r)
			if next := m.following(); next.Op == code.OpUnify && next.B == in.C {
				m.p++
				return m.unify(m.get(next.A), r)
			}
			return ok
		}
	}
	return m.arith(in, a, b)
}

// smallInts computes sums and differences that are small integers, as mostly they are.
func smallInts(op uint8, a, b Cell) (r Cell, small bool) {
	switch code.Operator(op) {
	case code.Add:
		return code.AddInts(a, b)
	case code.Sub:
		return code.SubInts(a, b)
	}
	return 0, false
}

// arith computes C := a op b, or makes a constraint.
func (m *Machine) arith(in *code.Instr, a, b Cell) status {
	a, b = m.deref(a), m.deref(b)
	op := code.Operator(in.F)
	if a.Tag() == code.REF || b.Tag() == code.REF {
		r := m.newVar()
		m.set(in.C, r)
		return m.constrain(op, m.p-1, a, b, r)
	}
	r, err := m.compute(op, a, b, m.p-1)
	if err != nil {
		return m.throw(err)
	}
	m.set(in.C, r)
	return ok
}

// compute evaluates an arithmetic operation on two values.
func (m *Machine) compute(op code.Operator, a, b Cell, pc int) (Cell, error) {
	if !isNumber(a.Tag()) || !isNumber(b.Tag()) {
		return 0, m.unsupported(pc, "%s and %s cannot be computed by %s", m.describe(a), m.describe(b), op.Text())
	}
	i, aInt := m.integer(a)
	j, bInt := m.integer(b)
	if aInt && bInt && op != code.Div {
		r, fine := integerOp(op, i, j)
		if !fine {
			return 0, m.arithmeticError(pc, op, i, j)
		}
		return m.intCell(r), nil
	}
	f, g := float64(i), float64(j)
	if !aInt {
		f = m.float(a)
	}
	if !bInt {
		g = m.float(b)
	}
	return m.floatCell(floatOp(op, f, g)), nil
}

func integerOp(op code.Operator, i, j int64) (int64, bool) {
	switch op {
	case code.Add:
		r := i + j
		return r, (r > i) == (j > 0)
	case code.Sub:
		r := i - j
		return r, (r < i) == (j > 0)
	case code.Mul:
		return multiply(i, j)
	case code.Rem, code.Mod:
		if j == 0 || i == math.MinInt64 && j == -1 {
			return 0, false
		}
		r := i % j
		if op == code.Mod && r != 0 && (r < 0) != (j < 0) {
			r += j
		}
		return r, true
	}
	return 0, false
}

func multiply(i, j int64) (int64, bool) {
	neg := (i < 0) != (j < 0)
	hi, lo := bits.Mul64(magnitude(i), magnitude(j))
	switch {
	case hi != 0:
		return 0, false
	case neg:
		return -int64(lo), lo <= 1<<63
	}
	return int64(lo), lo < 1<<63
}

func magnitude(i int64) uint64 {
	if i < 0 {
		return -uint64(i)
	}
	return uint64(i)
}

func floatOp(op code.Operator, f, g float64) float64 {
	switch op {
	case code.Add:
		return f + g
	case code.Sub:
		return f - g
	case code.Mul:
		return f * g
	case code.Div:
		return f / g
	case code.Rem:
		return math.Mod(f, g)
	}
	if math.IsInf(g, 0) && !math.IsInf(f, 0) && f == f {
		if f == 0 || (f < 0) == (g < 0) {
			return f
		}
		return g
	}
	return math.Mod(math.Mod(f, g)+g, g)
}

func (m *Machine) arithmeticError(pc int, op code.Operator, i, j int64) error {
	why := "the result is no 64-bit integer"
	if j == 0 {
		why = "division by zero"
	}
	return diag.New(diag.ArithmeticError, m.place(pc).Span, "Arithmetic error: %s (%d %s %d: %s)", m.source(pc), i, op.Text(), j, why)
}

// assign is a := b: a must be a variable that nothing has touched.
func (m *Machine) assign(a, b Cell, pc int) status {
	a = m.deref(a)
	if a.Tag() != code.REF || m.h[a.Index()].Tag() != code.REF {
		return m.throw(m.assignError(pc))
	}
	return m.unify(a, b)
}

func (m *Machine) assignError(pc int) error {
	name := m.source(pc)
	if i := strings.Index(name, ":="); i >= 0 {
		name = strings.TrimSpace(name[:i])
	}
	return m.typeError(pc, "Can only assign to unbound variables, %s is not unbound.", name)
}

// print hands the arguments to whoever shows them.
func (m *Machine) print(in *code.Instr) status {
	s := &m.tables(m.p - 1).Sends[in.Imm]
	args, err := m.values(s.Args)
	if err != nil {
		return m.throw(err)
	}
	for i := range args {
		if v := &args[i]; v.Kind == KindVar && i < len(s.Label) && s.Label[i] != "" {
			v.Str = s.Label[i]
			if m.p <= code.QueryBase { // a rule's variable: one of many of its name
				v.Str = "_" + s.Label[i] + "_" + strconv.FormatUint(v.N, 10)
			}
		}
	}
	m.ev = Event{Kind: EventPrint, Args: args, PC: m.p - 1}
	return stop
}

// values reads registers into values for the host. They are valid until the machine goes on: the next event has its values in
// the same place.
func (m *Machine) values(regs []int16) ([]Value, error) {
	m.nodes = 0
	m.argv = m.argv[:0]
	for _, r := range regs {
		v, err := m.Value(m.get(r))
		if err != nil {
			return nil, err
		}
		m.argv = append(m.argv, v)
	}
	return m.argv, nil
}
