package code

import (
	"fmt"
	"maps"
	"slices"
)

// flow follows control through the code of one clause or query. Control only goes forward, so one pass sees every
// instruction after all that lead to it.
type flow struct {
	v        *verifier
	where    string
	from, to int     // addresses
	body     int     // where the general routine enters, -1 for a query
	clause   *Clause // nil for a query
	arity    int
	slots    int // of the environment, -1 for none

	cur    *regs         // what holds before the current instruction, nil if nothing leads there
	labels map[int]label // targets further on
}

// regs is what is known of the registers at an address.
type regs struct {
	env    bool  // there is an environment
	called bool  // a rule may have been called
	nots   []int // the negations under way: where each ends
	x, y   map[int16]content
}

// content is what a register holds: a term, or a choice level taken inside some negation (that level's address, 0 for none).
type content int

const (
	term  content = -1
	level content = 0
)

// arrival tells how control comes to a label.
type arrival uint8

const (
	byJump   arrival = iota
	byRetry          // by backtracking into an alternative
	byFinish         // by the end of a negation
)

// label is what is known at an address that control goes to.
type label struct {
	how arrival
	r   *regs
}

func (r *regs) clone() *regs {
	c := *r
	c.nots = slices.Clone(r.nots)
	c.x, c.y = maps.Clone(r.x), maps.Clone(r.y)
	return &c
}

// meet keeps what holds on both ways.
func (r *regs) meet(o *regs) {
	r.called = r.called || o.called
	keep := func(a, b map[int16]content) {
		maps.DeleteFunc(a, func(k int16, c content) bool { d, ok := b[k]; return !ok || c != d })
	}
	keep(r.x, o.x)
	keep(r.y, o.y)
}

// run checks the code.
func (f *flow) run() {
	f.labels = map[int]label{}
	f.cur = &regs{env: f.clause == nil, x: map[int16]content{}, y: map[int16]content{}}
	for i := range f.arity {
		f.cur.x[int16(i)] = term
	}
	for i := range f.v.p.Vars {
		f.cur.y[int16(-i-1)] = term
	}
	if f.clause != nil && f.clause.headless() {
		f.cur = nil // the general routine runs the head
	}
	for pc := f.from; pc < f.to && f.v.err == nil; pc++ {
		if pc == f.body {
			f.enter(pc)
		}
		in := &f.v.p.Instrs[pc-f.v.p.Base]
		if in.Op >= opEnd {
			f.failf(pc, "operation %d", in.Op)
			return
		}
		f.arrive(pc, in)
		f.operands(pc, in)
		if f.cur != nil && f.v.err == nil {
			f.step(pc, in)
		}
	}
	if f.cur != nil {
		f.failf(f.to-1, "control runs off the end")
	}
	if len(f.labels) > 0 {
		f.failf(f.to, "control goes to an address that is no instruction of this code")
	}
}

func (f *flow) failf(pc int, format string, args ...any) {
	f.v.failf("%s: at %d: %s", f.where, pc, fmt.Sprintf(format, args...))
}

// enter joins the way through the general routine, which has put the head's variables where the body wants them.
func (f *flow) enter(pc int) {
	r := &regs{env: f.slots >= 0, x: map[int16]content{}, y: map[int16]content{}}
	for _, h := range f.clause.Homes {
		if h.Reg >= 0 {
			r.x[h.Reg] = term
		} else if h.Reg != NoReg {
			r.y[h.Reg] = term
		}
	}
	f.join(pc, r)
}

// join adds a way to the current address.
func (f *flow) join(pc int, r *regs) {
	switch {
	case f.cur == nil:
		f.cur = r
	case f.cur.env != r.env || !slices.Equal(f.cur.nots, r.nots):
		f.failf(pc, "ways meet with different environments or negations")
	default:
		f.cur.meet(r)
	}
}

// arrive joins what leads to the instruction besides the one before it. Retry, trust and not_exit are reached in no other way.
func (f *flow) arrive(pc int, in *Instr) {
	l, found := f.labels[pc]
	delete(f.labels, pc)
	want := byJump
	switch in.Op {
	case OpRetry, OpTrust:
		want = byRetry
	case OpNotExit:
		want = byFinish
	}
	switch {
	case want != byJump && f.cur != nil:
		f.failf(pc, "control falls into %s", in.Op)
	case found && l.how != want:
		f.failf(pc, "%s is not what control comes here for", in.Op)
	case found:
		f.join(pc, l.r)
	}
}

// to adds a way to an address further on.
func (f *flow) goTo(pc int, imm uint64, how arrival, r *regs) {
	if imm <= uint64(pc) || imm >= uint64(f.to) {
		f.failf(pc, "control goes to %d, not forward within %d to %d", imm, pc+1, f.to-1)
		return
	}
	at := int(imm)
	old, found := f.labels[at]
	switch {
	case !found:
		f.labels[at] = label{how, r}
	case how != byJump || old.how != byJump:
		f.failf(pc, "two ways lead to the alternative at %d", at)
	case old.r.env != r.env || !slices.Equal(old.r.nots, r.nots):
		f.failf(pc, "ways meet at %d with different environments or negations", at)
	default:
		old.r.meet(r)
	}
}

// alternative is what holds after backtracking to here: X registers are lost.
func (r *regs) alternative() *regs {
	a := r.clone()
	clear(a.x)
	return a
}

// step checks the registers an instruction uses and notes what holds after it.
func (f *flow) step(pc int, in *Instr) {
	for _, e := range effects[in.Op] {
		if e[0] == 'r' || e[0] == 'x' || e[0] == 'c' || e[0] == 'f' && in.F != 1 {
			f.read(pc, in.register(e[1]), e[0])
		}
	}
	f.tables(pc, in)
	if in.Op == OpIn {
		clear(f.cur.x) // its alternatives restore none
	}
	for i, e := range effects[in.Op] {
		switch {
		case in.Op == OpPutVar && i == 1 && in.A == in.B: // the same register
		case e[0] == 'w' || e[0] == 'f' && in.F == 1:
			f.write(pc, in.register(e[1]), term)
		case e[0] == 'l':
			f.write(pc, in.register(e[1]), f.level())
		}
	}
	if f.v.err == nil {
		f.control(pc, in)
	}
}

// level is the content of a level taken here.
func (f *flow) level() content {
	if n := len(f.cur.nots); n > 0 {
		return content(f.cur.nots[n-1])
	}
	return level
}

func (f *flow) read(pc int, r int16, how byte) {
	var c content
	var ok bool
	if r >= 0 {
		c, ok = f.cur.x[r]
	} else if f.cur.env {
		c, ok = f.cur.y[r]
	}
	switch {
	case !ok:
		f.failf(pc, "%s is read but not assigned on every way", reg(r))
	case how == 'x' && r < 0:
		f.failf(pc, "%s is no X register", reg(r))
	case how == 'c' && c != f.level():
		f.failf(pc, "%s holds no choice level of this negation", reg(r))
	case how != 'c' && c != term:
		f.failf(pc, "%s holds a choice level, not a term", reg(r))
	}
}

func (f *flow) write(pc int, r int16, c content) {
	switch {
	case r < 0 && !f.cur.env:
		f.failf(pc, "%s is assigned without an environment", reg(r))
	case !f.v.inRange(r, f.slots):
		f.failf(pc, "%s does not exist", reg(r))
	case r < 0:
		// A slot that an alternative may read must not change: backtracking does not restore slots.
		// A choice level may be taken again, after a cut, which has dropped those alternatives.
		if old, again := f.cur.y[r]; again && (c == term || old != c) {
			f.failf(pc, "%s is assigned twice", reg(r))
		}
		f.cur.y[r] = c
	default:
		f.cur.x[r] = c
	}
}

// control notes where an instruction goes.
func (f *flow) control(pc int, in *Instr) {
	r := f.cur
	switch in.Op {
	case OpHalt, OpWakeNext:
		f.failf(pc, "%s is not for programs", in.Op)
	case OpAllocate:
		if r.env || f.clause == nil || in.Imm != uint64(f.slots) {
			f.failf(pc, "an environment of %d slots, not the one of %d", in.Imm, f.slots)
		}
		r.env = true
	case OpDealloc:
		if !r.env || len(r.nots) > 0 || f.clause == nil {
			f.failf(pc, "no environment to drop")
		}
		r.env = false
		clear(r.y)
	case OpCall, OpExecute:
		f.call(pc, in)
	case OpProceed, OpSolution:
		if len(r.nots) > 0 || (in.Op == OpSolution) != (f.clause == nil) || r.env != (f.clause == nil) {
			f.failf(pc, "%s with an environment or inside a negation", in.Op)
		}
		f.cur = nil
	case OpFail, OpUndef, OpKwCall, OpInvalid, OpAssignErr:
		f.cur = nil
	case OpJump:
		f.goTo(pc, in.Imm, byJump, r)
		f.cur = nil
	case OpTry, OpRetry:
		f.goTo(pc, in.Imm, byRetry, r.alternative())
	case OpNotBegin:
		f.goTo(pc, in.Imm, byFinish, r.alternative())
		r.nots = append(r.nots, int(in.Imm))
	case OpNotEnd:
		if len(r.nots) == 0 {
			f.failf(pc, "no negation to end")
		}
		f.cur = nil
	case OpLevel0:
		if r.called || len(r.nots) > 0 || f.clause == nil {
			f.failf(pc, "the level of the call is gone")
		}
	}
}

func (f *flow) call(pc int, in *Instr) {
	r := f.cur
	for i := range f.v.policy.Preds[in.Imm].Arity {
		f.read(pc, int16(i), 'x')
	}
	if in.Op == OpExecute {
		if r.env || len(r.nots) > 0 || f.clause == nil {
			f.failf(pc, "a last call with an environment or inside a negation")
		}
		f.cur = nil
		return
	}
	if !r.env {
		f.failf(pc, "a call without an environment")
	}
	r.called = true
	clear(r.x)
}
