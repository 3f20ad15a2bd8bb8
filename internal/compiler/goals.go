package compiler

import (
	"slices"
	"sort"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
)

// scope is the nodes that enclose a goal, innermost first: what a cut needs to find its place.
type scope struct {
	node   *ast.Expr // the and, or or not; nil for the rule call
	parent *scope
}

// body compiles the body of a rule, with the return to the caller.
func (c *clause) body(b *ast.Expr) {
	if cutsCall(b) {
		c.call0 = c.levelRegister()
		c.emit(code.Instr{Op: code.OpLevel0, A: c.call0})
	}
	c.floor = c.nextX
	if !c.conj(b, &scope{}, true) {
		c.leave()
	}
}

// leave emits the return from a rule.
func (c *clause) leave() {
	if c.frame {
		c.emit(code.Instr{Op: code.OpDealloc})
	}
	c.emit(code.Instr{Op: code.OpProceed})
}

// cutsCall reports whether a cut that stands directly in the body drops the rule's alternatives.
func cutsCall(b *ast.Expr) bool {
	for _, g := range b.Args {
		if e, ok := g.(*ast.Expr); ok && e.Op == ast.Cut {
			return true
		}
	}
	return false
}

// hasInnerCut reports whether a child node of e contains a cut directly, so that e's start must be remembered.
func hasInnerCut(e *ast.Expr) bool {
	for _, g := range e.Args {
		x, ok := g.(*ast.Expr)
		if !ok || x.Op != ast.And && x.Op != ast.Or {
			continue
		}
		if cutsCall(x) {
			return true
		}
	}
	return false
}

// conj compiles a conjunction. With tail set it is the end of the rule; the result tells whether the return has been
// emitted (by a last call).
func (c *clause) conj(b *ast.Expr, outer *scope, tail bool) bool {
	s := &scope{node: b, parent: outer}
	c.markLevel(b)
	for i, g := range b.Args {
		if c.joins(b.Args[i:]) {
			continue
		}
		if c.goal(g, s, tail && i == len(b.Args)-1) {
			return true
		}
	}
	return false
}

// joins makes two variables one where nothing can tell them apart: in "t = u, a.b = t, c.d = u", where t and u occur nowhere
// else, the second look-up can be unified with the first, and in "x = t, n - 1 = t" the result goes straight to x. The
// condition that equates them then needs no code. A parameter may have a value already: if it has none, the caller has touched it.
func (c *clause) joins(goals []ast.Term) bool {
	if len(goals) < 2 {
		return false
	}
	e, ok := goals[0].(*ast.Expr)
	if !ok || e.Op != ast.Unify {
		return false
	}
	l, r := c.local(e.Args[0]), c.local(e.Args[1])
	if l == nil || r == nil || l == r {
		return false
	}
	if r.param {
		l, r = r, l
	}
	if l.seen && !l.param || r.seen {
		return false
	}
	if c.resultOf(goals[1]) == l {
		l, r = r, l
	}
	if r.uses != 2 || c.resultOf(goals[1]) != r || c.operates(goals[1], l) {
		return false
	}
	r.by = l // from here on: neither has a value yet
	return true
}

// operates reports whether a variable is among the operands of a look-up or computation.
func (c *clause) operates(g ast.Term, v *variable) bool {
	e := g.(*ast.Expr)
	return c.contains(e.Args[0], v) || c.contains(e.Args[1], v)
}

// resultOf returns the variable that receives the result of a look-up or computation, nil for other goals.
func (c *clause) resultOf(g ast.Term) *variable {
	e, ok := g.(*ast.Expr)
	if !ok || len(e.Args) != 3 {
		return nil
	}
	switch e.Op {
	case ast.Dot, ast.Add, ast.Sub, ast.Mul, ast.Div, ast.Mod, ast.Rem:
		return c.local(e.Args[2])
	}
	return nil
}

func (c *clause) markLevel(e *ast.Expr) {
	if hasInnerCut(e) {
		r := c.levelRegister()
		if c.levels == nil {
			c.levels = map[*ast.Expr]int16{}
		}
		c.levels[e] = r
		c.emit(code.Instr{Op: code.OpLevel, A: r})
	}
}

// levelRegister returns a register that keeps a choice level to the end of the rule. A rule without an environment makes no
// call before its end, so that an X register keeps it.
func (c *clause) levelRegister() int16 {
	if c.frame {
		return c.slot()
	}
	r := c.temp()
	c.floor = c.nextX
	return r
}

// goal compiles one condition; the result is as for conj.
func (c *clause) goal(g ast.Term, s *scope, tail bool) bool {
	c.nextX = c.floor // what the goal before needed for itself is free again
	switch g := g.(type) {
	case *ast.Call:
		return c.call(g, tail)
	case *ast.Expr:
		switch g.Op {
		case ast.And:
			return c.conj(g, s, tail)
		case ast.Or:
			return c.disj(g, s, tail)
		case ast.Not:
			c.negation(g.Args[0])
			return false
		case ast.ForAll:
			inner := &ast.Expr{Pos: g.Pos, Op: ast.Not, Args: []ast.Term{g.Args[1]}}
			c.negation(&ast.Expr{Pos: g.Pos, Op: ast.And, Args: []ast.Term{g.Args[0], inner}})
			return false
		case ast.Cut:
			c.cut(s)
			return false
		}
		c.place(g.Span())
		c.builtin(g)
	case *ast.Bool:
		if !g.Value {
			c.emit(code.Instr{Op: code.OpFail})
		}
	default:
		c.place(g.Span())
		c.emit(code.Instr{Op: code.OpCond, A: c.operand(g)})
	}
	return false
}

// cut drops the choice points made since the node that contains its own node began.
func (c *clause) cut(s *scope) {
	outer := s.parent
	switch {
	case outer == nil: // the whole operand of a negation: there is nothing to drop
		return
	case outer.node == nil:
		c.emit(code.Instr{Op: code.OpCut, A: c.call0})
	default:
		if r, ok := c.levels[outer.node]; ok {
			c.emit(code.Instr{Op: code.OpCut, A: r})
		}
	}
	// What was dropped may be older than the start of the nodes within: their levels are that of now.
	for x := s; x != outer; x = x.parent {
		if r, ok := c.levels[x.node]; ok {
			c.emit(code.Instr{Op: code.OpLevel, A: r})
		}
	}
}

// fresh gives variables that occur in a branching goal, and must survive one of its branches, a value before it. All others that have
// no value yet occur in one branch and nowhere else: what is noted of them there is nobody else's business, and need not be taken back.
func (c *clause) fresh(branches ...ast.Term) {
	counts := map[*variable]int{}
	inside := map[*variable]int{}
	for _, b := range branches {
		seen := map[*variable]int{}
		c.occurrences(b, seen)
		for v, n := range seen {
			counts[v]++
			inside[v] += n
		}
	}
	var vs []*variable
	for v := range counts {
		if !v.seen && v.given && (counts[v] > 1 || v.uses > inside[v]) {
			vs = append(vs, v)
		}
	}
	sort.Slice(vs, func(i, j int) bool { return vs[i].index < vs[j].index })
	for _, v := range vs {
		c.emit(code.Instr{Op: code.OpPutFresh, A: v.home})
		v.seen = true
	}
}

// occurrences counts the variables of a term.
func (c *clause) occurrences(t ast.Term, into map[*variable]int) {
	eachVariable(t, func(name string) {
		if v := c.find(name); v != nil {
			into[v]++
		}
	})
}

// disj compiles a disjunction.
func (c *clause) disj(e *ast.Expr, outer *scope, tail bool) bool {
	switch len(e.Args) {
	case 0:
		c.emit(code.Instr{Op: code.OpFail})
		return false
	case 1:
		return c.goal(e.Args[0], outer, tail)
	}
	c.fresh(e.Args...)
	c.markLevel(e)
	s := &scope{node: e, parent: outer}
	var ends []int
	prev := -1
	for i, g := range e.Args {
		if prev >= 0 {
			c.patch(prev)
		}
		switch i {
		case 0:
			prev = c.emit(code.Instr{Op: code.OpTry})
		case len(e.Args) - 1:
			c.emit(code.Instr{Op: code.OpTrust})
		default:
			prev = c.emit(code.Instr{Op: code.OpRetry})
		}
		switch {
		case c.goal(g, s, tail):
		case tail:
			c.leave()
		case i < len(e.Args)-1:
			ends = append(ends, c.emit(code.Instr{Op: code.OpJump}))
		}
	}
	for _, at := range ends {
		c.patch(at)
	}
	return tail
}

// negation compiles not g.
func (c *clause) negation(g ast.Term) {
	c.fresh(g)
	c.place(g.Span())
	at := c.emit(code.Instr{Op: code.OpNotBegin})
	s := &scope{}
	if e, ok := g.(*ast.Expr); ok && (e.Op == ast.And || e.Op == ast.Or) {
		s = &scope{node: &ast.Expr{Op: ast.Not, Args: []ast.Term{e}}}
		c.markLevel(s.node)
	}
	c.goal(g, s, false)
	c.emit(code.Instr{Op: code.OpNotEnd})
	c.patch(at)
	c.emit(code.Instr{Op: code.OpNotExit})
}

// call compiles a rule call.
func (c *clause) call(g *ast.Call, tail bool) bool {
	c.place(g.Span())
	if len(g.Kwargs) > 0 {
		c.emit(code.Instr{Op: code.OpKwCall})
		return false
	}
	n := c.base.Pred(g.Name, len(g.Args))
	if n < 0 {
		if c.base.Defined(g.Name) {
			c.emit(code.Instr{Op: code.OpFail})
		} else {
			c.emit(code.Instr{Op: code.OpUndef, Imm: uint64(c.text(g.Name))})
		}
		return false
	}
	c.arguments(g.Args)
	c.place(g.Span())
	if tail {
		if c.frame {
			c.emit(code.Instr{Op: code.OpDealloc})
		}
		c.emit(code.Instr{Op: code.OpExecute, Imm: uint64(n)})
		return true
	}
	c.emit(code.Instr{Op: code.OpCall, Imm: uint64(n)})
	return false
}

// move is one pending assignment of an argument register.
type move struct {
	src int16
	dst int16
}

// arguments loads the argument registers. Registers that still hold variables are saved from being overwritten: what needs
// building is built first, into registers above, then moves run in an order that loses nothing.
func (c *clause) arguments(args []ast.Term) {
	var moves []move
	type konst struct {
		dst  int16
		cell code.Cell
	}
	var consts []konst
	var fresh []move // variables that occur for the first time, and only once here
	for i, a := range args {
		dst := int16(i)
		switch a := a.(type) {
		case *ast.Var:
			v := c.find(a.Name)
			switch {
			case v == nil:
				k, _ := c.isConst(a.Name)
				c.noteHost(k)
				consts = append(consts, konst{dst, k})
			case v.given && v.seen:
				moves = append(moves, move{v.home, dst})
			case v.given && slices.ContainsFunc(args[i+1:], func(t ast.Term) bool { return c.contains(t, v) }):
				c.emit(code.Instr{Op: code.OpPutVar, A: v.home, B: v.home})
				v.seen = true
				moves = append(moves, move{v.home, dst})
			case v.given:
				fresh = append(fresh, move{v.home, dst})
				v.seen = true
			default:
				fresh = append(fresh, move{dst, dst})
			}
		default:
			if k, ok := c.literal(a); ok {
				consts = append(consts, konst{dst, k})
			} else if t, first := c.bodyTemplate(a); t.Kind == code.TConst {
				c.noteHost(t.Cell)
				consts = append(consts, konst{dst, t.Cell})
			} else {
				r := c.temp()
				c.build(r, t, first)
				moves = append(moves, move{r, dst})
			}
		}
	}
	c.parallel(moves)
	for _, v := range fresh {
		c.emit(code.Instr{Op: code.OpPutVar, A: v.src, B: v.dst})
	}
	for _, k := range consts {
		c.emit(code.Instr{Op: code.OpPutConst, B: k.dst, Imm: uint64(k.cell)})
	}
}

// parallel emits moves so that no source is overwritten before it is read; a cycle is broken with one register more.
func (c *clause) parallel(moves []move) {
	for len(moves) > 0 {
		i := slices.IndexFunc(moves, func(m move) bool {
			return !slices.ContainsFunc(moves, func(o move) bool { return o.src == m.dst && o != m })
		})
		if i < 0 {
			t := c.temp()
			src := moves[0].src
			c.emit(code.Instr{Op: code.OpMove, A: src, B: t})
			for j := range moves {
				if moves[j].src == src {
					moves[j].src = t
				}
			}
			continue
		}
		m := moves[i]
		if m.src != m.dst {
			c.emit(code.Instr{Op: code.OpPutArg, A: m.src, B: m.dst})
		}
		moves = slices.Delete(moves, i, i+1)
	}
}

func (c *clause) noteHost(k code.Cell) {
	if k.Tag() == code.HOST {
		c.prog.HostData = true
	}
}

// bodyTemplate makes a template whose variables are numbered from 0, with their registers; first tells whether some variable
// occurs here for the first time.
func (c *clause) bodyTemplate(t ast.Term) (*code.Template, []*variable) {
	var vs []*variable
	num := func(v *variable) int {
		if i := slices.Index(vs, v); i >= 0 {
			return i
		}
		vs = append(vs, v)
		return len(vs) - 1
	}
	return c.template(t, num), vs
}

// registers returns the homes of the variables of a body term, and which of them it assigns.
func (c *clause) registers(vs []*variable) (regs []int16, first []bool) {
	for _, v := range vs {
		switch {
		case v.given && v.seen:
			regs, first = append(regs, v.home), append(first, false)
		case v.given:
			regs, first = append(regs, v.home), append(first, true)
			v.seen = true
		default:
			regs, first = append(regs, c.temp()), append(first, true)
		}
	}
	return regs, first
}

// build emits the construction of a template in register r.
func (c *clause) build(r int16, t *code.Template, vs []*variable) {
	if t.Kind == code.TConst {
		c.noteHost(t.Cell)
		c.emit(code.Instr{Op: code.OpPutConst, B: r, Imm: uint64(t.Cell)})
		return
	}
	regs, first := c.registers(vs)
	if t.Kind == code.TList && len(t.Items) == 1 && t.Rest != nil && t.Items[0].Kind == code.TVar && t.Rest.Kind == code.TVar && !slices.Contains(first, true) {
		c.emit(code.Instr{Op: code.OpPutList, A: r, B: regs[t.Items[0].Var], C: regs[t.Rest.Var]})
		return
	}
	t.Regs, t.First = regs, first
	c.emit(code.Instr{Op: code.OpBuild, A: r, Imm: c.addTemplate(t)})
}

// operand returns a register that holds a term.
func (c *clause) operand(t ast.Term) int16 {
	if v, ok := t.(*ast.Var); ok {
		x := c.find(v.Name)
		switch {
		case x == nil:
			r := c.temp()
			k, _ := c.isConst(v.Name)
			c.noteHost(k)
			c.emit(code.Instr{Op: code.OpPutConst, B: r, Imm: uint64(k)})
			return r
		case x.given && x.seen:
			return x.home
		case x.given:
			c.emit(code.Instr{Op: code.OpPutFresh, A: x.home})
			x.seen = true
			return x.home
		}
		r := c.temp()
		c.emit(code.Instr{Op: code.OpPutFresh, A: r})
		return r
	}
	r := c.temp()
	if k, ok := c.literal(t); ok {
		c.emit(code.Instr{Op: code.OpPutConst, B: r, Imm: uint64(k)})
		return r
	}
	tm, vs := c.bodyTemplate(t)
	c.build(r, tm, vs)
	return r
}

// result returns the register an operation's result goes to: assign is true when it is simply stored there, false when it
// is to be unified with what the register holds.
func (c *clause) result(t ast.Term) (r int16, assign bool) {
	if v, ok := t.(*ast.Var); ok {
		if x := c.find(v.Name); x != nil {
			if !x.given {
				return c.temp(), true
			}
			if !x.seen {
				x.seen = true
				return x.home, true
			}
		}
	}
	return c.operand(t), false
}

func flag(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}
