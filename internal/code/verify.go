package code

import (
	"fmt"
	"slices"
)

// Verify checks that a program can be run: operations and operands exist, every register is assigned before it is read,
// alternatives and negations nest, environments are there when they are needed and gone at the return, control only goes
// forward, and constants, templates and patterns are well-formed. A machine that runs a verified program neither reads
// outside its areas nor goes on for ever without calling a rule. Policy is the program a query runs on top of, nil when p
// is a policy itself. The error names the first fault found.
func Verify(p, policy *Program) error {
	v := &verifier{p: p, policy: policy}
	if policy == nil {
		v.policy = p
	}
	v.program()
	return v.err
}

// verifier is the state of one check. Its methods do nothing useful once err is set.
type verifier struct {
	p, policy *Program
	err       error
	pooled    map[int]bool // constants of the pool that were checked
}

// maxX bounds the X registers: an operand has 16 bits, of which one is the sign.
const maxX = 1 << 15

func (v *verifier) failf(format string, args ...any) bool {
	if v.err == nil {
		v.err = fmt.Errorf(format, args...)
	}
	return false
}

func (v *verifier) program() {
	p := v.p
	if p.MaxX < 0 || p.MaxX > maxX {
		v.failf("%d registers", p.MaxX)
		return
	}
	for u, members := range p.Unions {
		for _, n := range members {
			v.class(n, fmt.Sprintf("union %d", u))
		}
	}
	for i, m := range p.Marks {
		if i > 0 && m.PC <= p.Marks[i-1].PC {
			v.failf("places are not in order at address %d", m.PC)
			return
		}
	}
	v.origins(p.Marks)
	v.origins(p.ParamMarks)
	if p.Base == 0 && p == v.policy {
		v.rules()
	} else if p.Base == QueryBase && p != v.policy {
		v.query()
	} else {
		v.failf("a program that begins at address %d", p.Base)
	}
}

// origins checks what marks refer to.
func (v *verifier) origins(marks []Mark) {
	for _, m := range marks {
		v.origin(m)
	}
}

func (v *verifier) origin(m Mark) {
	if m.Origin < 0 || int(m.Origin) >= len(v.p.Origins) {
		v.failf("a place has origin %d of %d", m.Origin, len(v.p.Origins))
	}
}

// rules checks a policy: the fixed instructions, then each predicate's clauses.
func (v *verifier) rules() {
	fixed := NewProgram(0).Instrs
	if len(v.p.Instrs) < len(fixed) || !slices.Equal(v.p.Instrs[:len(fixed)], fixed) {
		v.failf("the fixed instructions are missing")
		return
	}
	ends := v.p.clauseEnds()
	for _, pr := range v.p.Preds {
		if pr.Facts != nil {
			v.facts(pr)
		} else {
			v.pred(pr)
		}
		if v.err != nil {
			return
		}
		for i, cl := range pr.Clauses {
			where := fmt.Sprintf("%s/%d, clause %d", pr.Name, pr.Arity, i+1)
			v.clause(pr, cl, where)
			head, body, end := cl.Head(), int(cl.Body), ends[cl.Head()]
			if v.err == nil && (head < PCStart || cl.Tests < 0 || body < head+int(cl.Tests) || body >= end) {
				v.failf("%s: head at %d, body at %d, end at %d", where, head, body, end)
			}
			if v.err != nil {
				return
			}
			f := flow{v: v, where: where, from: head, to: end, body: body, clause: cl, arity: pr.Arity, slots: int(cl.Frame)}
			f.run()
		}
	}
}

// query checks a query's code, which the machine enters at its second instruction with the first one done.
func (v *verifier) query() {
	p := v.p
	if len(p.Instrs) < 2 || p.Instrs[0].Op != OpAllocate || p.Instrs[0].Imm > maxX || int(p.Instrs[0].Imm) < len(p.Vars) {
		v.failf("a query must begin by allocating its %d variables", len(p.Vars))
		return
	}
	f := flow{v: v, where: "query", from: QueryBase + 1, to: QueryBase + len(p.Instrs), body: -1, slots: int(p.Instrs[0].Imm)}
	f.run()
}

// pred checks what is said of a predicate as a whole.
func (v *verifier) pred(pr *Pred) {
	switch {
	case pr.Arity < 0 || pr.Arity > v.p.MaxX && len(pr.Clauses) > 0:
		v.failf("%s has %d parameters, of %d registers", pr.Name, pr.Arity, v.p.MaxX)
	case len(pr.Params) != pr.Arity:
		v.failf("%s/%d describes %d parameters", pr.Name, pr.Arity, len(pr.Params))
	case pr.Order == nil:
		return
	}
	order := slices.Sorted(slices.Values(pr.Order))
	for i, n := range order {
		if int(n) != i {
			v.failf("%s/%d: its order is no permutation of its clauses", pr.Name, pr.Arity)
		}
	}
	if len(order) != len(pr.Clauses) {
		v.failf("%s/%d: its order names %d of %d clauses", pr.Name, pr.Arity, len(order), len(pr.Clauses))
	}
}

// clause checks what selection and the general routine use of a clause.
func (v *verifier) clause(pr *Pred, cl *Clause, where string) {
	v.origin(cl.NameAt)
	if len(cl.Params) != pr.Arity || cl.Frame < -1 {
		v.failf("%s: %d parameters, a frame of %d slots", where, len(cl.Params), cl.Frame)
		return
	}
	for i, h := range cl.Homes {
		switch {
		case h.Reg == NoReg && h.Touch:
			v.failf("%s: variable %d is touched but lives nowhere", where, i)
		case h.Reg != NoReg && !v.inRange(h.Reg, max(int(cl.Frame), 0)):
			v.failf("%s: a variable lives in %s", where, reg(h.Reg))
		}
	}
	for i := range cl.Params {
		v.template(cl.Params[i].Term, len(cl.Homes), where, 0)
		s := cl.Params[i].Spec
		if s == nil {
			continue
		}
		v.pattern(s, len(cl.Homes), where, 0)
		if s.looksInside() && pr.Params[i]&ModeFields == 0 {
			v.failf("%s: parameter %d looks inside its argument, but the predicate's mode does not say so", where, i+1)
		}
	}
	for _, q := range cl.Quick {
		switch {
		case q.Arg < 0 || int(q.Arg) >= pr.Arity:
			v.failf("%s: a test of argument %d", where, q.Arg)
		case q.Kind == QuickConst:
			v.constant(q.Cell, where, 0)
		case q.Kind == QuickClass:
			v.class(int(q.N), where)
		case q.Kind == QuickUnion && (q.N < 0 || q.N > 1), q.Kind > QuickUnion:
			v.failf("%s: a test of kind %d with %d", where, q.Kind, q.N)
		}
	}
}

// looksInside reports whether a specializer is more than a class, a union or a term, so that compiled heads leave it out.
func (p *Pattern) looksInside() bool {
	switch p.Kind {
	case PTerm, PUnion:
		return false
	}
	return p.Kind != PClass || len(p.Fields) > 0
}

// headless reports whether a clause is entered by the general routine only: its code leaves out what patterns want of fields,
// which can be tested before only if it is literals.
func (c *Clause) headless() bool {
	return slices.ContainsFunc(c.Params, func(p Param) bool {
		return p.Spec != nil && p.Spec.looksInside() && (p.Spec.Kind != PClass && p.Spec.Kind != PDict || !p.Spec.OnlyLiterals())
	})
}

// inRange reports whether a register exists in a frame of the given size.
func (v *verifier) inRange(r int16, slots int) bool {
	if r >= 0 {
		return int(r) < v.p.MaxX
	}
	return -int(r) <= slots
}

func (v *verifier) class(n int, where string) {
	classes := len(v.policy.Classes)
	if v.p != v.policy {
		classes += len(v.p.Classes)
	}
	if n < 0 || n >= classes {
		v.failf("%s: class %d of %d", where, n, classes)
	}
}
