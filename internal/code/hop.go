package code

import (
	"fmt"
	"slices"
	"strings"
)

// A clause may do no more than go from an argument to another object, by a rule, and end with a call about that object:
//
//	has_role(actor: Actor, "viewer", folder: Folder) if
//	  has_relation(parent, "parent", folder) and has_role(actor, "viewer", parent);
//
// This is a hop. Where the rule is one that reads a field, the last call can be made at once: with no environment, no variable for the object,
// and no call between. The instruction that allocates the environment refers to the hop by A, its number plus one. The code of the clause
// stays, for all that takes more.

// Hop is what such a clause does. Its registers are those of the clause's arguments.
type Hop struct {
	From int16    // the argument that it starts from
	Pred int      // the rule that leads to the object
	Args []HopArg // its arguments: one is the object, one what the hop starts from, all others are strings
	Then int      // the predicate of the last call
	Last []HopArg // those of its arguments that are not what the clause's register of the same number holds, in the order to set them
}

// HopArg is an argument of a call in a hop.
type HopArg struct {
	To    int16  // its register
	From  Source // FromArg, FromConst, or FromHop for the object
	N     int16  // of an argument
	Const Cell
}

// Bounds of hops. A larger clause gains little by being one.
const (
	maxHopCode = 24
	maxHops    = 1<<15 - 1
)

// AddHop looks for a hop in the code of a clause whose code is complete.
func (p *Program) AddHop(cl *Clause, arity int) {
	end := p.Base + len(p.Instrs)
	at := p.allocates(cl, end)
	if at < 0 || len(p.Hops) == maxHops {
		return
	}
	if h := p.hop(at, end, arity); h != nil {
		p.Hops = append(p.Hops, h)
		p.Instrs[at-p.Base].A = int16(len(p.Hops))
	}
}

// allocates returns where the head of a clause allocates the environment, -1 if its code up to the end can be no hop.
func (p *Program) allocates(cl *Clause, end int) int {
	if cl.Frame < 0 || p.Instrs[end-1-p.Base].Op != OpExecute {
		return -1
	}
	for pc := cl.Head(); pc < int(cl.Body); pc++ {
		if p.Instrs[pc-p.Base].Op == OpAllocate && end-pc <= maxHopCode {
			return pc
		}
	}
	return -1
}

// hop returns the hop that the code between two addresses makes, from an allocate on, nil if it does anything else.
func (p *Program) hop(from, end, arity int) *Hop {
	h := &Hop{Pred: -1}
	regs := map[int16]symbol{}
	for i := range arity {
		regs[int16(i)] = symbol{Operand: Operand{FromArg, int16(i)}}
	}
	fresh := 0
	for pc := from + 1; pc < end; pc++ {
		in := &p.Instrs[pc-p.Base]
		if in.Op == OpCall || in.Op == OpExecute {
			if in.Imm >= uint64(len(p.Preds)) {
				return nil
			}
		}
		switch in.Op {
		case OpMove, OpPutArg:
			regs[in.B] = regs[in.A]
		case OpPutConst:
			regs[in.B] = symbol{Operand{From: FromConst}, Cell(in.Imm)}
		case OpPutVar:
			regs[in.A] = symbol{Operand: Operand{From: FromHop}}
			regs[in.B] = regs[in.A]
			fresh++
		case OpCall:
			if h.Pred = int(in.Imm); fresh != 1 || h.Args != nil || !h.steps(regs, p.Preds[h.Pred].Arity) {
				return nil
			}
			for r := range regs {
				if r >= 0 {
					delete(regs, r)
				}
			}
		case OpDealloc:
		case OpExecute:
			if h.Then = int(in.Imm); h.Args == nil || !h.ends(regs, p.Preds[h.Then].Arity) {
				return nil
			}
			return h
		default:
			return nil
		}
	}
	return nil
}

// steps notes the arguments of the call that leads to the object. It is false if they are not those of a hop.
func (h *Hop) steps(regs map[int16]symbol, arity int) bool {
	objects, args := 0, 0
	for i := range int16(arity) {
		s := regs[i]
		switch {
		case s.From == FromHop:
			objects++
		case s.From == FromArg:
			args++
			h.From = s.N
		case s.From != FromConst || s.k.Tag() != ATOM:
			return false
		}
		h.Args = append(h.Args, HopArg{i, s.From, s.N, s.k})
	}
	return objects == 1 && args == 1
}

// ends notes the arguments of the last call. It is false if they are more than arguments, the object and constants, or if registers
// would have to change places.
func (h *Hop) ends(regs map[int16]symbol, arity int) bool {
	set := map[int16]bool{}
	for i := range int16(arity) {
		s := regs[i]
		if s.From == FromNowhere || s.From == FromArg && set[s.N] {
			return false
		}
		if s.From != FromArg || s.N != i {
			h.Last = append(h.Last, HopArg{i, s.From, s.N, s.k})
			set[i] = true
		}
	}
	return true
}

// hop lists a hop, with all that its calls change in registers; _ is the object.
func (l *lister) hop(h *Hop) string {
	return fmt.Sprintf("hop by %s (%s) to %s (%s)", l.pred(h.Pred), l.hopArgs(h.Args), l.pred(h.Then), l.hopArgs(h.Last))
}

func (l *lister) hopArgs(args []HopArg) string {
	var out []string
	for _, a := range args {
		value := "_"
		switch a.From {
		case FromArg:
			value = reg(a.N)
		case FromConst:
			value = l.cell(a.Const)
		}
		out = append(out, reg(a.To)+" = "+value)
	}
	return strings.Join(out, ", ")
}

// hop reports whether an allocate makes the hop that its clause is.
func (f *flow) hop(pc int, in *Instr) bool {
	p := f.v.p
	if f.clause == nil || in.A < 0 || int(in.A) > len(p.Hops) || p.allocates(f.clause, f.to) != pc {
		return false
	}
	h, told := p.hop(pc, f.to, f.arity), p.Hops[in.A-1]
	return h != nil && h.From == told.From && h.Pred == told.Pred && h.Then == told.Then && slices.Equal(h.Args, told.Args) && slices.Equal(h.Last, told.Last)
}
