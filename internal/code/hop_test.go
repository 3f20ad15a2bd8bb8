package code

import (
	"slices"
	"strings"
	"testing"
)

// hopping returns a policy of one rule, p(a, "f", b) if p(c, "k", b) and p(a, "f", c), whose code is a hop.
func hopping() *Program {
	p := NewProgram(0)
	p.MaxX = 4
	f, k := Make(ATOM, p.AddAtom("f")), Make(ATOM, p.AddAtom("k"))
	pr, _ := p.AddPred("p", 3)
	pr.Order = []int32{0}
	start := int32(len(p.Instrs))
	p.Instrs = append(p.Instrs,
		Instr{Op: OpGetConst, A: 1, Imm: uint64(f)},
		Instr{Op: OpAllocate, Imm: 2},
		Instr{Op: OpMove, A: 0, B: -1},
		Instr{Op: OpPutVar, A: -2, B: 0},
		Instr{Op: OpPutConst, B: 1, Imm: uint64(k)},
		Instr{Op: OpCall, Imm: 0},
		Instr{Op: OpPutArg, A: -1, B: 0},
		Instr{Op: OpPutArg, A: -2, B: 2},
		Instr{Op: OpPutConst, B: 1, Imm: uint64(f)},
		Instr{Op: OpDealloc},
		Instr{Op: OpExecute, Imm: 0},
	)
	v := func(n int) Param { return Param{Term: &Template{Kind: TVar, Var: n}} }
	pr.Clauses = []*Clause{{NameAt: Mark{PC: start}, Body: start + 3, Frame: 2, Homes: []Home{{Reg: -1}, {Reg: 2}},
		Params: []Param{v(0), {Term: &Template{Kind: TConst, Cell: f}}, v(1)}}}
	return p
}

// each makes the rule of hopping p(a, "f", b) if c in b.k and p(a, "f", c).
func each(p *Program) {
	at := PCStart + 1
	p.Instrs[at+2] = Instr{Op: OpDot, A: 2, C: 3, F: 1, Imm: p.Instrs[at+3].Imm}
	p.Instrs[at+3] = Instr{Op: OpIn, A: -2, B: 3, F: 1}
	p.Instrs[at+4] = Instr{Op: OpMove, A: -1, B: 0}
}

func TestHops(t *testing.T) {
	at := PCStart + 1 // the allocate
	for _, test := range []struct {
		name   string
		change func(p *Program)
		want   string
	}{
		{"a step and a last call", func(*Program) {}, "hop by p/3 (X0 = _, X1 = \"k\", X2 = X2) to p/3 (X1 = \"f\", X2 = _)"},
		{"an argument in another register", func(p *Program) {
			p.Instrs[at+1] = Instr{Op: OpMove, A: 2, B: -1}
			p.Instrs[at+5] = Instr{Op: OpPutArg, A: -1, B: 1}
			p.Instrs[at+6] = Instr{Op: OpPutArg, A: -2, B: 0}
			p.Instrs[at+7].B = 2
		}, "hop by p/3 (X0 = _, X1 = \"k\", X2 = X2) to p/3 (X0 = _, X1 = X2, X2 = \"f\")"},
		{"an argument whose register is needed for the object", func(p *Program) {
			p.Instrs[at+5] = Instr{Op: OpPutArg, A: -2, B: 0}
			p.Instrs[at+6] = Instr{Op: OpPutArg, A: -1, B: 2}
		}, ""},
		{"each of a list", each, "hop by each of X2.\"k\" to p/3"},
		{"each of a list that conditions choose from", func(p *Program) {
			each(p)
			p.Scans, p.Instrs[at+3].Imm = []*Scan{{}}, 1
		}, ""},
		{"one that is in a list", func(p *Program) { each(p); p.Instrs[at+3].F = 0 }, ""},
		{"each of another list", func(p *Program) { each(p); p.Instrs[at+3].B = -1 }, ""},
		{"each of two lists", func(p *Program) { each(p); p.Instrs[at+4] = p.Instrs[at+3] }, ""},
		{"a field of what is no argument", func(p *Program) { each(p); p.Instrs[at+2].A = 3 }, ""},
		{"a field that a variable names", func(p *Program) { each(p); p.Instrs[at+2].Op = OpDotVar }, ""},
		{"a field compared", func(p *Program) { each(p); p.Instrs[at+2].F = 0 }, ""},
		{"a list and a rule", func(p *Program) { p.Instrs[at+3] = Instr{Op: OpDot, A: 2, C: 3, F: 1, Imm: p.Instrs[at+3].Imm} }, ""},
		{"no object", func(p *Program) { p.Instrs[at+2] = Instr{Op: OpMove, A: 0, B: -2} }, ""},
		{"two objects", func(p *Program) { p.Instrs[at+1] = Instr{Op: OpPutVar, A: -1, B: 2} }, ""},
		{"the object twice", func(p *Program) { p.Instrs[at+3] = Instr{Op: OpMove, A: -2, B: 1} }, ""},
		{"a number", func(p *Program) { p.Instrs[at+3].Imm = uint64(MakeInt(1)) }, ""},
		{"two arguments", func(p *Program) { p.Instrs[at+3] = Instr{Op: OpMove, A: 0, B: 1} }, ""},
		{"a condition", func(p *Program) { p.Instrs[at+3] = Instr{Op: OpCond, A: -1} }, ""},
		{"two calls", func(p *Program) { p.Instrs[at+8] = p.Instrs[at+4] }, ""},
		{"no last call", func(p *Program) { p.Instrs[at+9] = Instr{Op: OpProceed} }, ""},
		{"no environment", func(p *Program) { p.Preds[0].Clauses[0].Frame = -1 }, ""},
		{"a call of no rule", func(p *Program) { p.Instrs[at+4].Imm = 1 }, ""},
		{"a long clause", func(p *Program) {
			p.Instrs = slices.Insert(p.Instrs, at+1, slices.Repeat([]Instr{{Op: OpMove, A: 0, B: 3}}, maxHopCode)...)
		}, ""},
	} {
		p := hopping()
		test.change(p)
		p.AddHop(p.Preds[0].Clauses[0], 3)
		if test.want == "" {
			if len(p.Hops) > 0 || p.Instrs[at].A != 0 {
				t.Errorf("%s: this is a hop:\n%s", test.name, p)
			}
			continue
		}
		if !strings.Contains(p.String(), test.want) {
			t.Errorf("%s: the listing lacks %q:\n%s", test.name, test.want, p)
		}
	}
}

func TestVerifyComparesHopsWithTheCode(t *testing.T) {
	p := hopping()
	p.AddHop(p.Preds[0].Clauses[0], 3)
	if err := Verify(p, nil); err != nil {
		t.Errorf("%v\n%s", err, p)
	}
	for name, change := range map[string]func(h *Hop){
		"start":          func(h *Hop) { h.From = 0 },
		"rule":           func(h *Hop) { h.Pred++ },
		"last rule":      func(h *Hop) { h.Then++ },
		"list":           func(h *Hop) { h.List = MakeInt(1) },
		"arity":          func(h *Hop) { h.Arity++ },
		"arguments":      func(h *Hop) { h.Args[1].Const = MakeInt(1) },
		"last arguments": func(h *Hop) { h.Last = nil },
	} {
		p := hopping()
		p.AddHop(p.Preds[0].Clauses[0], 3)
		change(p.Hops[0])
		if err := Verify(p, nil); err == nil || !strings.Contains(err.Error(), "wrong operand O") {
			t.Errorf("another %s: got %v", name, err)
		}
	}
}
