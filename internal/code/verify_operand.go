package code

// operands checks what an instruction names besides registers and addresses.
func (f *flow) operands(pc int, in *Instr) {
	v := f.v
	for _, a := range info[in.Op].Args {
		ok := true
		switch a {
		case 'K':
			v.constant(Cell(in.Imm), f.where, 0)
			ok = f.literal(in)
		case 'T':
			ok = in.Imm < uint64(len(v.p.Templates))
			if ok {
				t := v.p.Templates[in.Imm]
				v.template(t, len(t.Regs), f.where, 0)
				ok = len(t.Regs) == len(t.First)
			}
		case 'M':
			ok = in.Imm < uint64(len(v.p.Matches))
			if ok {
				u := &v.p.Matches[in.Imm]
				v.pattern(u.Pattern, len(u.Regs), f.where, 0)
				ok = len(u.Regs) == len(u.First)
			}
		case 'S':
			ok = in.Imm < uint64(len(v.p.Sends))
			if ok {
				s := &v.p.Sends[in.Imm]
				ok = len(s.Keys) <= len(s.Args)
			}
		case 'Z':
			ok = in.Imm <= uint64(len(v.p.Scans)) && (in.Imm == 0 || in.F != 0)
		case 'O':
			ok = in.A == 0 || f.hop(pc, in)
		case 'W':
			ok = in.B == 0 || int(in.B) == v.p.merges(v.p.Instrs[pc-v.p.Base:f.to-v.p.Base])
		case 'P':
			ok = in.Imm < uint64(len(v.policy.Preds))
		case 'H':
			ok = in.Imm < 1<<31
			if ok {
				v.class(int(in.Imm), f.where)
			}
		case 'U':
			ok = in.Imm < 2
		case 'F':
			ok = f.flag(in)
		}
		if !ok {
			f.failf(pc, "%s has a wrong operand %c", in.Op, a)
		}
	}
}

// literal reports whether the instruction can work with its constant.
func (f *flow) literal(in *Instr) bool {
	t := Cell(in.Imm).Tag()
	switch in.Op {
	case OpCmpK, OpArithK:
		return t == INT
	case OpDot, OpUndef:
		return t == ATOM || t == STR
	}
	return true
}

func (f *flow) flag(in *Instr) bool {
	o := Operator(in.F)
	switch in.Op {
	case OpCmp, OpCmpK:
		return o >= Eq && o <= Geq
	case OpArith, OpArithK:
		return o >= Add && o <= Rem
	}
	return in.F <= 1 || in.Op == OpDot && in.F == DotClass
}

// tables checks the registers that an instruction's template, pattern use or send names, and notes those it assigns.
func (f *flow) tables(pc int, in *Instr) {
	var regs []int16
	var first []bool
	switch in.Op {
	case OpGetTerm, OpBuild:
		t := f.v.p.Templates[in.Imm]
		regs, first = t.Regs, t.First
		if f.v.err == nil {
			f.used(pc, t, regs)
		}
	case OpMatch:
		regs, first = f.v.p.Matches[in.Imm].Regs, f.v.p.Matches[in.Imm].First
	case OpIn:
		if in.Imm != 0 && f.v.err == nil {
			f.scan(pc, f.v.p.Scans[in.Imm-1])
		}
	case OpSend, OpNew, OpPrint:
		regs = f.v.p.Sends[in.Imm].Args
	}
	for i, r := range regs {
		switch {
		case r == NoReg && (in.Op == OpGetTerm || in.Op == OpBuild): // no variable of this template: used has seen to it
		case i < len(first) && first[i]:
			f.write(pc, r, term)
		}
	}
	for i, r := range regs {
		if r != NoReg && !(i < len(first) && first[i]) || r == NoReg && in.Op != OpGetTerm && in.Op != OpBuild {
			f.read(pc, r, 'r')
		}
	}
}

// used checks that every variable of a template has a register.
func (f *flow) used(pc int, t *Template, regs []int16) {
	if t.Kind == TVar && regs[t.Var] == NoReg {
		f.failf(pc, "a variable of a term has no register")
	}
	for _, x := range t.Items {
		f.used(pc, x, regs)
	}
	if t.Rest != nil {
		f.used(pc, t.Rest, regs)
	}
}
