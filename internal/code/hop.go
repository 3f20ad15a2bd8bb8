package code

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A clause may do no more than go from an argument to another object, by a rule or to each element of a field, and end with a call about that
// object:
//
//	has_role(actor: Actor, "viewer", folder: Folder) if
//	  has_relation(parent, "parent", folder) and has_role(actor, "viewer", parent);
//	member(user: User, group: Group) if part in group.Parts and member(user, part);
//
// This is a hop. Where the rule is one that reads a field, or the elements can be read, the last call can be made at once: with no environment, no
// variable for the object, and no call between. The instruction that allocates the environment refers to the hop by A, its number plus one. The
// code of the clause stays, for all that takes more.

// Hop is what such a clause does. Its registers are those of the clause's arguments.
type Hop struct {
	Arity int      // number of arguments of the clause
	From  int16    // the argument that it starts from
	List  Cell     // the field whose elements are the objects, NoName if a rule leads to one
	Pred  int      // that rule
	Args  []HopArg // its arguments: one is the object, one what the hop starts from, all others are strings
	Then  int      // the predicate of the last call
	Last  []HopArg // those of its arguments that are not what the clause's register of the same number holds, in the order to set them
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
	r := hopReader{p: p, hop: Hop{Arity: arity}, regs: map[int16]symbol{}, list: NoReg}
	for i := range arity {
		r.regs[int16(i)] = symbol{Operand: Operand{FromArg, int16(i)}}
	}
	for pc := from + 1; pc < end-1; pc++ {
		if !r.step(&p.Instrs[pc-p.Base]) {
			return nil
		}
	}
	if last := &p.Instrs[end-1-p.Base]; !r.arrived || !r.predicate(last) || !r.ends(int(last.Imm)) {
		return nil
	}
	return &r.hop
}

// hopReader follows the code of a clause with symbolic values in its registers.
type hopReader struct {
	p       *Program
	hop     Hop
	regs    map[int16]symbol
	objects int   // variables that are the object
	list    int16 // the register with the list
	arrived bool  // behind what leads to the object
}

// step follows an instruction; it is false if that is none of a hop.
func (r *hopReader) step(in *Instr) bool {
	switch in.Op {
	case OpMove, OpPutArg:
		r.regs[in.B] = r.regs[in.A]
	case OpPutConst:
		r.regs[in.B] = symbol{Operand{From: FromConst}, Cell(in.Imm)}
	case OpPutVar:
		r.objects++
		r.regs[in.A] = symbol{Operand: Operand{From: FromHop}}
		r.regs[in.B] = r.regs[in.A]
	case OpDot:
		of := r.regs[in.A]
		if r.arrived || r.list != NoReg || of.From != FromArg || !in.readsToX() || in.B != 0 || Cell(in.Imm).Tag() != ATOM {
			return false
		}
		r.hop.From, r.hop.List, r.list = of.N, Cell(in.Imm), in.C
		delete(r.regs, in.C)
	case OpIn:
		if r.arrived || in.F == 0 || in.Imm != 0 || in.B != r.list || r.objects > 0 {
			return false
		}
		r.hop.Pred = -1
		r.arrive()
		r.regs[in.A] = symbol{Operand: Operand{From: FromHop}}
	case OpCall:
		if r.arrived || r.list != NoReg || r.objects != 1 || !r.predicate(in) || !r.calls(int(in.Imm)) {
			return false
		}
		r.hop.List = NoName
		r.arrive()
	case OpDealloc:
	default:
		return false
	}
	return true
}

// predicate reports whether there is the predicate that an instruction calls.
func (r *hopReader) predicate(in *Instr) bool { return in.Imm < uint64(len(r.p.Preds)) }

// arrive forgets what no register holds behind a call or an "in".
func (r *hopReader) arrive() {
	r.arrived = true
	maps.DeleteFunc(r.regs, func(reg int16, _ symbol) bool { return reg >= 0 })
}

// calls notes the arguments of the call that leads to the object. It is false if they are not those of a hop.
func (r *hopReader) calls(pred int) bool {
	r.hop.Pred = pred
	objects, args := 0, 0
	for i := range int16(r.p.Preds[pred].Arity) {
		s := r.regs[i]
		switch {
		case s.From == FromHop:
			objects++
		case s.From == FromArg:
			args++
			r.hop.From = s.N
		case s.From != FromConst || s.k.Tag() != ATOM:
			return false
		}
		r.hop.Args = append(r.hop.Args, HopArg{i, s.From, s.N, s.k})
	}
	return objects == 1 && args == 1
}

// ends notes the arguments of the last call. It is false if they are more than arguments, the object and constants, or if registers
// would have to change places.
func (r *hopReader) ends(pred int) bool {
	r.hop.Then = pred
	set := map[int16]bool{}
	for i := range int16(r.p.Preds[pred].Arity) {
		s := r.regs[i]
		if s.From == FromNowhere || s.From == FromArg && set[s.N] {
			return false
		}
		if s.From != FromArg || s.N != i {
			r.hop.Last = append(r.hop.Last, HopArg{i, s.From, s.N, s.k})
			set[i] = true
		}
	}
	return true
}

// hop lists a hop, with all that its calls change in registers; _ is the object.
func (l *lister) hop(h *Hop) string {
	if h.List != NoName {
		return fmt.Sprintf("hop by each of %s.%s to %s (%s)", reg(h.From), l.cell(h.List), l.pred(h.Then), l.hopArgs(h.Last))
	}
	return fmt.Sprintf("hop by %s (%s) to %s (%s)", l.pred(h.Pred), l.hopArgs(h.Args), l.pred(h.Then), l.hopArgs(h.Last))
}

// hopArgs lists the arguments of a call by their registers.
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
	return h != nil && h.Arity == told.Arity && h.From == told.From && h.List == told.List && h.Pred == told.Pred && h.Then == told.Then && slices.Equal(h.Args, told.Args) && slices.Equal(h.Last, told.Last)
}
