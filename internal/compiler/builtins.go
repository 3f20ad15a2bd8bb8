package compiler

import (
	"sort"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
)

// comparisons and arithmetic hold the operators of instructions, 0 where there is none.
var (
	comparisons = [...]code.Operator{ast.Eq: code.Eq, ast.Neq: code.Neq, ast.Lt: code.Lt, ast.Leq: code.Leq, ast.Gt: code.Gt, ast.Geq: code.Geq, ast.Assign: 0}
	arithmetic  = [...]code.Operator{ast.Add: code.Add, ast.Sub: code.Sub, ast.Mul: code.Mul, ast.Div: code.Div, ast.Mod: code.Mod, ast.Rem: code.Rem, ast.Assign: 0}
)

// builtin compiles a condition that is neither a call nor a control construct.
func (c *clause) builtin(g *ast.Expr) {
	if bad := invalid(g); bad != nil {
		kind := uint64(0)
		if g.Op == ast.New && bad != ast.Term(g) {
			kind = 1
		}
		c.place(bad.Span())
		c.emit(code.Instr{Op: code.OpInvalid, Imm: kind})
		return
	}
	if op := comparisons[g.Op]; op != 0 {
		c.comparison(op, g.Args[0], g.Args[1])
		return
	}
	if op := arithmetic[g.Op]; op != 0 {
		c.arith(op, g)
		return
	}
	switch g.Op {
	case ast.Unify:
		c.unify(g.Args[0], g.Args[1])
	case ast.Assign:
		c.assign(g)
	case ast.In:
		c.in(g)
	case ast.Isa:
		c.matches(g)
	case ast.Dot:
		c.dot(g)
	case ast.New:
		call := g.Args[0].(*ast.Call)
		s := c.send(call)
		if len(g.Args) < 2 {
			c.emit(code.Instr{Op: code.OpNew, C: c.temp(), Imm: s, F: 1})
			return
		}
		r, assign := c.result(g.Args[1])
		c.emit(code.Instr{Op: code.OpNew, C: r, Imm: s, F: flag(assign)})
	case ast.Print:
		c.emit(code.Instr{Op: code.OpPrint, Imm: c.sendArgs("print", g.Args, nil)})
	case ast.Debug:
		c.emit(code.Instr{Op: code.OpDebug})
	default:
		c.emit(code.Instr{Op: code.OpFail})
	}
}

// invalid returns what makes a goal one that cannot run, nil for nothing. Only the prefix forms of the grammar, which take
// any terms, can be such.
func invalid(g *ast.Expr) ast.Term {
	n := len(g.Args)
	switch g.Op {
	case ast.Dot:
		if n < 2 || n > 3 {
			return g
		}
		values := []ast.Term{g.Args[0]}
		if call, ok := g.Args[1].(*ast.Call); ok {
			values = append(values, call.Args...)
			for _, f := range call.Kwargs {
				values = append(values, f.Value)
			}
			values = append(values, g.Args[2:]...)
		} else {
			values = g.Args
		}
		if !areValues(values) {
			return g
		}
	case ast.In:
		if n != 2 || !areValues(g.Args) {
			return g
		}
	case ast.New:
		if n < 1 || n > 2 {
			return g
		}
		call, ok := g.Args[0].(*ast.Call)
		if !ok {
			return g.Args[0]
		}
		if !areValues(call.Args) || !areValues(g.Args[1:]) {
			return g
		}
	}
	return nil
}

// areValues reports whether all terms can stand as values.
func areValues(terms []ast.Term) bool {
	for _, t := range terms {
		switch t := t.(type) {
		case *ast.Int, *ast.Float, *ast.String, *ast.Bool, *ast.Var:
		case *ast.List:
			if !areValues(t.Items) {
				return false
			}
		case *ast.Dict:
			for _, f := range t.Fields {
				if !areValues([]ast.Term{f.Value}) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// number returns the cell of a number literal that fits an instruction.
func (c *clause) number(t ast.Term) (code.Cell, bool) {
	i, ok := t.(*ast.Int)
	if !ok {
		return 0, false
	}
	if k, ok := c.blank(t); ok {
		return k, true
	}
	if code.FitsInline(i.Value) {
		return code.MakeInt(i.Value), true
	}
	return 0, false
}

func (c *clause) comparison(op code.Operator, l, r ast.Term) {
	if k, ok := c.number(r); ok {
		if _, both := c.number(l); !both {
			a := c.operand(l)
			c.emit(code.Instr{Op: code.OpCmpK, A: a, Imm: uint64(k), F: uint8(op)})
			return
		}
	}
	a := c.operand(l)
	b := c.operand(r)
	c.emit(code.Instr{Op: code.OpCmp, A: a, B: b, F: uint8(op)})
}

func (c *clause) arith(op code.Operator, g *ast.Expr) {
	l, r := g.Args[0], g.Args[1]
	k, isK := c.number(r)
	a := c.operand(l)
	var b int16
	if !isK {
		b = c.operand(r)
	}
	dst, assign := c.temp(), true
	var with int16
	if len(g.Args) > 2 {
		if dst, assign = c.result(g.Args[2]); !assign {
			with = dst
			dst = c.temp()
		}
	}
	if isK {
		c.emit(code.Instr{Op: code.OpArithK, A: a, C: dst, Imm: uint64(k), F: uint8(op)})
	} else {
		c.emit(code.Instr{Op: code.OpArith, A: a, B: b, C: dst, F: uint8(op)})
	}
	switch {
	case len(g.Args) < 3:
		c.emit(code.Instr{Op: code.OpCond, A: dst})
	case !assign:
		c.emit(code.Instr{Op: code.OpUnify, A: with, B: dst})
	}
}

// unify compiles l = r. Reading a variable that has no value yet is assigning it.
func (c *clause) unify(l, r ast.Term) {
	lv, rv := c.local(l), c.local(r)
	if lv != nil && lv == rv {
		return // x = x holds without looking
	}
	switch {
	case lv != nil && !lv.seen && rv != nil && !rv.seen:
		a, b := c.homeOf(lv), c.homeOf(rv)
		c.emit(code.Instr{Op: code.OpPutVar, A: a, B: b})
		lv.seen, rv.seen = true, true
	case lv != nil && !lv.seen && !c.contains(r, lv):
		c.define(lv, r)
	case rv != nil && !rv.seen && !c.contains(l, rv):
		c.define(rv, l)
	default:
		if k, ok := c.simple(r); ok {
			c.emit(code.Instr{Op: code.OpUnifyConst, A: c.operand(l), Imm: uint64(k)})
			return
		}
		if k, ok := c.simple(l); ok {
			c.emit(code.Instr{Op: code.OpUnifyConst, A: c.operand(r), Imm: uint64(k)})
			return
		}
		a := c.operand(l)
		b := c.operand(r)
		c.emit(code.Instr{Op: code.OpUnify, A: a, B: b})
	}
}

// local returns the variable a term is, or nil.
func (c *clause) local(t ast.Term) *variable {
	if v, ok := t.(*ast.Var); ok {
		return c.find(v.Name)
	}
	return nil
}

// contains reports whether a variable occurs in a term.
func (c *clause) contains(t ast.Term, v *variable) bool {
	if x, ok := t.(*ast.Var); ok {
		return c.find(x.Name) == v
	}
	found := false
	eachVariable(t, func(name string) { found = found || c.find(name) == v })
	return found
}

func (c *clause) homeOf(v *variable) int16 {
	if v.given {
		return v.home
	}
	return c.temp()
}

// define assigns a variable that has no value yet.
func (c *clause) define(v *variable, t ast.Term) {
	r := c.homeOf(v)
	if x := c.local(t); x != nil {
		c.emit(code.Instr{Op: code.OpPutArg, A: c.operand(t), B: r})
	} else if k, ok := c.literal(t); ok {
		c.emit(code.Instr{Op: code.OpPutConst, B: r, Imm: uint64(k)})
	} else {
		tm, vs := c.bodyTemplate(t)
		c.build(r, tm, vs)
	}
	v.seen = true
}

// simple returns the cell of a literal that fits an instruction.
func (c *clause) simple(t ast.Term) (code.Cell, bool) {
	if v, ok := t.(*ast.Var); ok {
		if c.local(t) != nil {
			return 0, false
		}
		k, _ := c.isConst(v.Name)
		c.noteHost(k)
		return k, true
	}
	return c.literal(t)
}

func (c *clause) assign(g *ast.Expr) {
	l := c.local(g.Args[0])
	if l == nil {
		c.emit(code.Instr{Op: code.OpAssignErr, A: c.operand(g.Args[0])})
		return
	}
	if r := c.local(g.Args[1]); r == l {
		if !l.seen { // x := x
			c.operand(g.Args[0])
		}
		return
	}
	if l.param { // an alias of the argument
		c.emit(code.Instr{Op: code.OpAssignErr, A: c.operand(g.Args[0])})
		return
	}
	if !l.seen && !c.contains(g.Args[1], l) {
		c.define(l, g.Args[1])
		return
	}
	a := c.operand(g.Args[0])
	b := c.operand(g.Args[1])
	c.emit(code.Instr{Op: code.OpAssign, A: a, B: b})
}

func (c *clause) in(g *ast.Expr) {
	if v := c.local(g.Args[0]); v != nil && !v.seen && !c.contains(g.Args[1], v) {
		b := c.operand(g.Args[1])
		a := c.homeOf(v)
		v.seen = true
		c.emit(code.Instr{Op: code.OpIn, A: a, B: b, F: 1})
		return
	}
	a := c.operand(g.Args[0])
	b := c.operand(g.Args[1])
	c.emit(code.Instr{Op: code.OpIn, A: a, B: b})
}

func (c *clause) matches(g *ast.Expr) {
	a := c.operand(g.Args[0])
	if cl, ok := g.Args[1].(*ast.Class); ok && len(cl.Fields) == 0 && cl.Tag != "Actor" && cl.Tag != "Resource" {
		c.emit(code.Instr{Op: code.OpMatchClass, A: a, Imm: uint64(c.class(cl.Tag))})
		return
	}
	var vs []*variable
	num := func(v *variable) int {
		for i, x := range vs {
			if x == v {
				return i
			}
		}
		vs = append(vs, v)
		return len(vs) - 1
	}
	u := code.MatchUse{Pattern: c.pattern(g.Args[1], num)}
	u.Regs, u.First = c.registers(vs)
	c.prog.Matches = append(c.prog.Matches, u)
	c.emit(code.Instr{Op: code.OpMatch, A: a, Imm: uint64(len(c.prog.Matches) - 1)})
}

func (c *clause) dot(g *ast.Expr) {
	a := c.operand(g.Args[0])
	var key ast.Term = g.Args[1]
	var imm uint64
	var b int16
	op := code.OpDot
	switch k := key.(type) {
	case *ast.String:
		imm = uint64(c.text(k.Value))
	case *ast.Call:
		op = code.OpSend
		imm = c.send(k)
	default:
		op = code.OpDotVar
		b = c.operand(key)
	}
	r, assign := c.temp(), true
	if len(g.Args) > 2 {
		r, assign = c.result(g.Args[2])
	}
	f := flag(assign)
	if g == c.laterAt {
		f = code.DotClass
	}
	c.emit(code.Instr{Op: op, A: a, B: b, C: r, Imm: imm, F: f})
	if len(g.Args) < 3 {
		c.emit(code.Instr{Op: code.OpCond, A: r})
	}
}

// send prepares the arguments of a method or constructor.
func (c *clause) send(call *ast.Call) uint64 { return c.sendArgs(call.Name, call.Args, call.Kwargs) }

func (c *clause) sendArgs(name string, args []ast.Term, kwargs []ast.Field) uint64 {
	s := code.Send{Name: name}
	for _, a := range args {
		label := ""
		if v := c.local(a); v != nil {
			label = v.name
		}
		s.Args = append(s.Args, c.operand(a))
		s.Label = append(s.Label, label)
	}
	kw := append([]ast.Field(nil), kwargs...)
	sort.SliceStable(kw, func(i, j int) bool { return kw[i].Key < kw[j].Key })
	for _, f := range kw {
		s.Args = append(s.Args, c.operand(f.Value))
		s.Keys = append(s.Keys, f.Key)
	}
	c.prog.Sends = append(c.prog.Sends, s)
	return uint64(len(c.prog.Sends) - 1)
}
