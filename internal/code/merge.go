package code

// A dot may be merged with the comparison behind it: where both sides can be compared as they lie in memory, no term is made of the
// field, nor is it kept in a register. B of the dot counts the instructions it is merged with. They stay in the code: what takes
// more than a look is done one instruction at a time.
//
//	dot A C K assign;                      dot A' C K' unify            two fields
//	dot A C K assign;                      compare_const C K'           a field and a constant; also unify_const
//	dot A C K assign;                      compare C B                  a field and a register; also unify, in
//	dot A C K assign; dot A' C' K' assign; compare C C'                 two fields; also unify, in

// MergeReads merges the dots from an address on whose values nothing else reads.
func (p *Program) MergeReads(from int) {
	code := p.Instrs[from-p.Base:]
	for i := range code {
		if code[i].readsToX() {
			code[i].B = int16(p.merges(code[i:]))
		}
	}
}

// merges returns how many instructions behind a dot are merged with it, 0 for none.
func (p *Program) merges(code []Instr) int {
	n := comparison(code)
	if n == 0 || !p.unread(code[n+1:], code[0].C) || n == 2 && !p.unread(code[n+1:], code[1].C) {
		return 0
	}
	return n
}

// comparison returns how many instructions behind the first make a comparison of it, 0 for none.
func comparison(code []Instr) int {
	if len(code) < 2 || !code[0].readsToX() {
		return 0
	}
	x, next := code[0].C, &code[1]
	switch {
	case next.Op == OpDot && next.F == 0 && next.C == x && next.A != x:
		return 1
	case next.comparesWith(x):
		return 1
	case len(code) > 2 && next.readsToX() && next.A != x && next.C != x && code[2].compares(x, next.C):
		return 2
	}
	return 0
}

// readsToX reports whether an instruction reads a field into an X register.
func (in *Instr) readsToX() bool { return in.Op == OpDot && in.F == 1 && in.C >= 0 }

// comparesWith reports whether an instruction compares a register with a constant or another register.
func (in *Instr) comparesWith(x int16) bool {
	switch in.Op {
	case OpCmpK, OpUnifyConst:
		return in.A == x
	case OpCmp, OpUnify:
		return (in.A == x) != (in.B == x)
	case OpIn:
		return in.F == 0 && (in.A == x) != (in.B == x)
	}
	return false
}

// compares reports whether an instruction compares one register with another.
func (in *Instr) compares(x, y int16) bool {
	return (in.Op == OpCmp || in.Op == OpUnify || in.Op == OpIn && in.F == 0) && (in.A == x && in.B == y || in.A == y && in.B == x)
}

// maxSearch bounds the search for readers of a register, so that compiling a long clause takes no longer than its length.
const maxSearch = 256

// unread reports whether no instruction reads what an X register holds; false if that takes too long to tell. Control only goes
// forward, so that the next to assign it ends the search, and so does what lets go of all X registers.
func (p *Program) unread(code []Instr, x int16) bool {
	for i := range code {
		if i == maxSearch {
			return false
		}
		in := &code[i]
		assigned := false
		for _, e := range effects[in.Op] {
			if in.register(e[1]) != x {
				continue
			}
			if e[0] == 'w' || e[0] == 'l' || e[0] == 'f' && in.F == 1 {
				assigned = true
				continue
			}
			return false
		}
		switch in.Op {
		case OpCall, OpExecute, OpGetTerm, OpBuild, OpMatch, OpSend, OpNew, OpPrint:
			if p.readsTable(in, x) {
				return false
			}
		}
		if assigned || in.Op == OpCall || in.Op == OpExecute || in.Op == OpProceed {
			return true
		}
	}
	return true
}

// OnlyTests reports whether the code between two addresses is good for nothing but to succeed or fail: nothing reads the registers
// that it assigns from there to the end of the clause.
func (p *Program) OnlyTests(from, to, end int) bool {
	rest := p.Instrs[to-p.Base : end-p.Base]
	for i := from - p.Base; i < to-p.Base; i++ {
		in := &p.Instrs[i]
		switch in.Op {
		case OpDot, OpMove, OpPutArg, OpPutConst, OpUnify, OpUnifyConst, OpCmp, OpCmpK, OpCond:
		default:
			return false
		}
		for _, e := range effects[in.Op] {
			if r := in.register(e[1]); (e[0] == 'w' || e[0] == 'f' && in.F == 1) && (r < 0 || !p.unread(rest, r)) {
				return false
			}
		}
	}
	return true
}

// readsTable reports whether an instruction that names registers in a table, or none, reads a register.
func (p *Program) readsTable(in *Instr, x int16) bool {
	var regs []int16
	switch in.Op {
	case OpCall, OpExecute:
		return int(x) < p.Preds[in.Imm].Arity
	case OpGetTerm, OpBuild:
		regs = p.Templates[in.Imm].Regs
	case OpMatch:
		regs = p.Matches[in.Imm].Regs
	case OpSend, OpNew, OpPrint:
		regs = p.Sends[in.Imm].Args
	}
	for _, r := range regs {
		if r == x {
			return true
		}
	}
	return false
}
