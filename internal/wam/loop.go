package wam

import (
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// instr returns the instruction at an address.
func (m *Machine) instr(p int) *code.Instr {
	if uint(p) < uint(len(m.code)) {
		return &m.code[p]
	}
	return &m.qcode[p-code.QueryBase]
}

// tables returns the program an address belongs to.
func (m *Machine) tables(pc int) *code.Program {
	if pc >= code.QueryBase {
		return m.query
	}
	return m.prog
}

// loop is the interpreter. Each case is short or a call, so that the state stays in the struct and the loop small
// enough for the compiler to keep its few locals in registers.
func (m *Machine) loop() {
	for {
		var in *code.Instr
		if uint(m.p) < uint(len(m.code)) {
			in = &m.code[m.p]
		} else {
			in = &m.qcode[m.p-code.QueryBase]
		}
		m.p++
		s := ok
		switch in.Op {
		case code.OpGetConst:
			s = m.getConst(in)
		case code.OpGetList:
			s = m.getList(in)
		case code.OpGetListVal:
			s = m.getListVal(in)
		case code.OpGetVal:
			s = m.unify(m.x[in.A], m.get(in.B))
		case code.OpMove:
			m.set(in.B, m.get(in.A))
		case code.OpPutArg:
			m.putArg(in)
		case code.OpPutVar:
			s = m.putVar(in)
		case code.OpPutConst:
			m.set(in.B, Cell(in.Imm))
		case code.OpCall:
			s = m.callAndReturn(in)
		case code.OpExecute:
			s = m.call(int(in.Imm))
		case code.OpProceed:
			if m.trace != nil {
				m.tell(TraceExit, m.p-1, "")
			}
			m.p = m.cp
		case code.OpAllocate:
			if in.A != 0 {
				s = m.hop(in)
			} else {
				m.allocate(int(in.Imm))
				m.keepArgs()
			}
		case code.OpDealloc:
			m.dealloc()
			m.returns()
		case code.OpIsClass:
			if in.F != 0 {
				s = m.classLater(in)
			} else {
				s = m.headClass(m.x[in.A], int(in.Imm))
			}
		case code.OpIsUnion:
			s = m.headUnion(m.x[in.A], int(in.Imm))
		case code.OpCmpK:
			s = m.compareConst(in)
		case code.OpCmp:
			s = m.compareValues(in)
		case code.OpArithK:
			s = m.arithConst(in)
		case code.OpArith:
			s = m.arithValues(in)
		case code.OpDot:
			switch {
			case in.F == code.DotClass:
				s = m.dotClass(in)
			case in.B == 0:
				s = m.dot(in)
			default:
				s = m.dotMerged(in)
			}
		case code.OpUnify:
			s = m.unify(m.get(in.A), m.get(in.B))
		case code.OpUnifyConst:
			s = m.unify(m.get(in.A), Cell(in.Imm))
		case code.OpIn:
			s = m.in(in)
		case code.OpJump:
			m.p = int(in.Imm)
		case code.OpFail:
			s = fail
		case code.OpLevel0:
			m.set(in.A, code.MakeInt(int64(m.b0)))
			if next := m.following(); next.Op == code.OpCut && next.A == in.A {
				m.p++
				m.cut(m.b0)
				m.returns()
			}
		case code.OpLevel:
			m.set(in.A, code.MakeInt(int64(len(m.ch))))
		case code.OpCut:
			m.cut(int(m.get(in.A).Int()))
		default:
			s = m.rare(in)
		}
		if s == ok {
			continue
		}
		for s == fail {
			s = m.backtrack()
		}
		if s == stop {
			return
		}
	}
}

// rare executes the instructions that are not worth a place in the loop.
func (m *Machine) rare(in *code.Instr) status {
	switch in.Op {
	case code.OpPutFresh:
		m.set(in.A, m.newVar())
	case code.OpPutList:
		m.set(in.A, m.cons(m.get(in.B), m.get(in.C)))
	case code.OpBuild:
		m.set(in.A, m.buildBody(m.tables(m.p - 1).Templates[in.Imm]))
	case code.OpGetTerm:
		return m.unify(m.x[in.A], m.buildBody(m.tables(m.p - 1).Templates[in.Imm]))
	case code.OpTry:
		m.push(choice{kind: chAlt, p: int32(in.Imm), pos: int32(m.p)})
	case code.OpRetry:
		m.ch[len(m.ch)-1].p = int32(in.Imm)
	case code.OpTrust:
		m.pop()
	case code.OpNotBegin:
		m.notBegin(int(in.Imm))
	case code.OpNotEnd:
		return m.notEnd(m.p - 1)
	case code.OpNotExit:
		return m.notExit()
	case code.OpWakeNext:
		return m.wakeNext()
	case code.OpCond:
		return m.cond(m.get(in.A), m.p-1)
	case code.OpAssign:
		return m.assign(m.get(in.A), m.get(in.B), m.p-1)
	case code.OpAssignErr:
		return m.throw(m.assignError(m.p - 1))
	case code.OpDotVar:
		return m.dotVar(in)
	case code.OpSend:
		return m.send(in)
	case code.OpNew:
		return m.construct(in)
	case code.OpMatchClass:
		return m.matchClass(m.get(in.A), int(in.Imm), m.p-1)
	case code.OpMatch:
		return m.matchUse(m.get(in.A), &m.tables(m.p - 1).Matches[in.Imm])
	case code.OpPrint:
		return m.print(in)
	case code.OpDebug:
		m.ev = Event{Kind: EventDebug, PC: m.p - 1}
		return stop
	case code.OpUndef:
		return m.undefined(m.text(Cell(in.Imm)))
	case code.OpKwCall:
		return m.throw(diag.New(diag.InvalidState, diag.Span{}, "a rule cannot be called with keyword arguments"))
	case code.OpInvalid:
		if in.Imm == 1 {
			return m.throw(diag.New(diag.UnexpectedValue, m.Place(m.p-1), "new takes a class name with arguments, not %s", m.source(m.p-1)))
		}
		return m.throw(diag.New(diag.InvalidState, diag.Span{}, "a goal in prefix form has operands it cannot have: %s", m.source(m.p-1)))
	case code.OpSolution:
		m.next = fail
		m.plainEvent(EventSolution)
		return stop
	case code.OpHalt:
		m.next = stop
		m.plainEvent(EventDone)
		return stop
	}
	return ok
}

// following returns the next instruction of a policy, for instructions that do it at once if it is what mostly follows; in a
// query's own program it is one that nothing follows.
func (m *Machine) following() *code.Instr {
	if uint(m.p) < uint(len(m.code)) {
		return &m.code[m.p]
	}
	return &m.code[code.PCHalt]
}

// get reads a register operand.
func (m *Machine) get(r int16) Cell {
	if r >= 0 {
		return m.x[r]
	}
	return m.st[m.e+envHeader-1-int(r)]
}

// set assigns a register operand.
func (m *Machine) set(r int16, c Cell) {
	if r >= 0 {
		m.x[r] = c
		return
	}
	m.st[m.e+envHeader-1-int(r)] = c
}

// Layout of an environment: four words, then the slots.
const (
	envCE     = 0 // the caller's environment, plus one
	envCP     = 1 // the continuation
	envDepth  = 2
	envSize   = 3
	envHeader = 4
)

// allocate pushes an environment above the current one and above everything the newest choice point protects.
func (m *Machine) allocate(n int) {
	top := m.envTop()
	if need := top + envHeader + n; need > len(m.st) {
		m.st = append(m.st, make([]Cell, max(need-len(m.st), len(m.st)/2+64))...)
	}
	f := (*[envHeader]Cell)(m.st[top:])
	f[envCE] = Cell(m.e + 1)
	f[envCP] = Cell(m.cp)
	f[envDepth] = Cell(m.depth)
	f[envSize] = Cell(n)
	m.e = top
}

// keepArgs makes the moves that follow an allocation: of arguments to the new slots.
func (m *Machine) keepArgs() {
	p := m.p
	for ; uint(p) < uint(len(m.code)) && m.code[p].Op == code.OpMove; p++ {
		in := &m.code[p]
		m.set(in.B, m.get(in.A))
	}
	m.p = p
}

// returns returns to the continuation if that is the next instruction.
func (m *Machine) returns() {
	if m.following().Op == code.OpProceed && m.trace == nil {
		m.p = m.cp
	}
}

func (m *Machine) envTop() int {
	top := m.eb
	if m.e >= 0 {
		top = max(top, m.e+envHeader+int(m.st[m.e+envSize]))
	}
	return top
}

func (m *Machine) dealloc() {
	m.cp = int(m.st[m.e+envCP])
	m.depth = int(m.st[m.e+envDepth])
	m.e = int(m.st[m.e+envCE]) - 1
}
