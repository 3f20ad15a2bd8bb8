package compiler

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/slab"
)

// params fills the description of a head: templates, patterns, quick tests, and the predicate's modes.
func (c *clause) params(cl *code.Clause, pr *code.Pred, r *ast.Rule) {
	num := func(v *variable) int { return v.index }
	c.made.known = append(c.made.known[:0], make([]bool, len(c.order))...)
	known := c.made.known // variables that an earlier part of the head has
	cl.Exact = true
	cl.Params = c.made.params.Slice(len(r.Params))
	for i, p := range r.Params {
		out := &cl.Params[i]
		out.Term = c.template(p.Term, num)
		if p.Specializer != nil {
			at := code.ParamBase + len(c.prog.ParamMarks)
			c.prog.ParamMarks = slab.Append(c.prog.ParamMarks, c.prog.NewMark(at, p.Term.Span(), c.name))
			out.Spec, out.At = c.specializer(p.Specializer, num), int32(at)
		}
		mode, exact := c.termMode(i, out.Term, known)
		if out.Spec != nil {
			m, e := c.specMode(i, out.Spec, known)
			mode, exact = mode|m, exact && e
		}
		pr.Params[i] |= mode
		cl.Exact = cl.Exact && exact
	}
	cl.Quick = c.made.quicks.List(c.made.quick...)
}

// test adds a quick test.
func (c *clause) test(q code.Quick) { c.made.quick = append(c.made.quick, q) }

func (c *clause) termMode(arg int, t *code.Template, known []bool) (code.ParamMode, bool) {
	switch t.Kind {
	case code.TVar:
		if known[t.Var] {
			return code.ModeDeep, false
		}
		known[t.Var] = true
		return 0, true
	case code.TConst:
		return c.constMode(arg, t.Cell)
	case code.TList:
		kind := code.QuickList
		if len(t.Items) == 0 {
			kind = code.QuickAnyList
		}
		c.test(code.Quick{Arg: int16(arg), Kind: kind})
		mode := code.ModeList
		if len(t.Items) == 0 { // [*rest] is unified as a whole
			markVars(t, known)
			return mode | code.ModeDeep, false
		}
		for _, x := range append(t.Items, restOf(t)...) {
			if x.Kind == code.TVar && !known[x.Var] {
				known[x.Var] = true
				continue
			}
			markVars(x, known)
			mode |= code.ModeDeep
		}
		return mode, false
	}
	c.test(code.Quick{Arg: int16(arg), Kind: code.QuickDict})
	markVars(t, known)
	return code.ModeDeep | code.ModeLiteral, false
}

func restOf(t *code.Template) []*code.Template {
	if t.Rest == nil {
		return nil
	}
	return []*code.Template{t.Rest}
}

func markVars(t *code.Template, known []bool) {
	if t.Kind == code.TVar {
		known[t.Var] = true
	}
	for _, x := range t.Items {
		markVars(x, known)
	}
	if t.Rest != nil {
		markVars(t.Rest, known)
	}
}

func (c *clause) constMode(arg int, k code.Cell) (code.ParamMode, bool) {
	switch k.Tag() {
	case code.HOST:
		return code.ModeHost, false
	case code.CLIST:
		c.test(code.Quick{Arg: int16(arg), Kind: code.QuickList})
		return code.ModeLiteral | code.ModeDeep | code.ModeList, false
	case code.DICT:
		c.test(code.Quick{Arg: int16(arg), Kind: code.QuickDict})
		return code.ModeLiteral | code.ModeDeep, false
	}
	c.test(code.Quick{Arg: int16(arg), Kind: code.QuickConst, Cell: k})
	return code.ModeLiteral, true
}

func (c *clause) specMode(arg int, p *code.Pattern, known []bool) (code.ParamMode, bool) {
	switch p.Kind {
	case code.PTerm:
		if p.Term.Kind == code.TConst {
			return c.constMode(arg, p.Term.Cell)
		}
		markVars(p.Term, known)
		return code.ModeDeep | code.ModeLiteral, false
	case code.PClass:
		c.test(code.Quick{Arg: int16(arg), Kind: code.QuickClass, N: int32(p.Class)})
		if len(p.Fields) == 0 {
			return code.ModeClass, true
		}
		markPattern(p, known)
		return code.ModeClass | code.ModeFields, p.OnlyLiterals()
	case code.PUnion:
		c.test(code.Quick{Arg: int16(arg), Kind: code.QuickUnion, N: int32(p.Class)})
		return code.ModeClass, true
	}
	markPattern(p, known)
	return code.ModeFields, p.Kind == code.PDict && p.OnlyLiterals()
}

func markPattern(p *code.Pattern, known []bool) {
	if p.Term != nil {
		markVars(p.Term, known)
	}
	if p.Rest != nil {
		markVars(p.Rest, known)
	}
	for _, f := range p.Fields {
		markPattern(f.Pattern, known)
	}
	for _, x := range p.Items {
		markPattern(x, known)
	}
}

// head emits the compiled head: first the tests that need no environment, then the environment, then what assigns variables.
// Fields in patterns are never compiled: such calls take the general routine.
func (c *clause) head(cl *code.Clause, r *ast.Rule) {
	byIndex := c.order
	for i, p := range cl.Params {
		if p.Term.Kind == code.TConst {
			c.emit(code.Instr{Op: code.OpGetConst, A: int16(i), Imm: uint64(p.Term.Cell)})
		}
		if s := p.Spec; s != nil {
			switch {
			case s.Kind == code.PTerm && s.Term.Kind == code.TConst:
				c.emit(code.Instr{Op: code.OpGetConst, A: int16(i), Imm: uint64(s.Term.Cell)})
			case s.Kind == code.PClass:
				c.place(r.Params[i].Term.Span())
				c.emit(code.Instr{Op: code.OpIsClass, A: int16(i), Imm: uint64(s.Class), F: flag(c.laterAt != nil && i == c.later)})
			case s.Kind == code.PUnion:
				c.place(r.Params[i].Term.Span())
				c.emit(code.Instr{Op: code.OpIsUnion, A: int16(i), Imm: uint64(s.Class)})
			}
		}
	}
	if cl.Exact {
		cl.Tests = int32(c.pc() - cl.Head())
	}
	if c.frame {
		c.emit(code.Instr{Op: code.OpAllocate, Imm: uint64(c.slots)})
	}
	for i, p := range cl.Params {
		if p.Term.Kind != code.TConst {
			c.get(int16(i), p.Term, byIndex)
		}
		if p.Spec != nil && p.Spec.Kind == code.PTerm && p.Spec.Term.Kind != code.TConst {
			c.get(int16(i), p.Spec.Term, byIndex)
		}
	}
}

// get emits the unification of register a with a template of the head.
func (c *clause) get(a int16, t *code.Template, vars []*variable) {
	switch t.Kind {
	case code.TConst:
		c.emit(code.Instr{Op: code.OpGetConst, A: a, Imm: uint64(t.Cell)})
	case code.TVar:
		v := vars[t.Var]
		switch {
		case !v.given: // occurs once
		case v.seen:
			c.emit(code.Instr{Op: code.OpGetVal, A: a, B: v.home})
		default:
			if v.home != a {
				c.emit(code.Instr{Op: code.OpMove, A: a, B: v.home})
			}
			v.seen = true
		}
	case code.TList:
		if len(t.Items) > 0 {
			c.getList(a, t, vars)
			return
		}
		fallthrough
	case code.TDict:
		d := &code.Template{Kind: t.Kind, Items: t.Items, Keys: t.Keys, Rest: t.Rest, Regs: make([]int16, len(vars)), First: make([]bool, len(vars))}
		for i, v := range vars { // its variables exist before the unification
			switch {
			case v.head < 0 || !mentions(t, v.index):
				d.Regs[i] = code.NoReg
			case !v.given:
				d.Regs[i], d.First[i] = c.temp(), true
			default:
				d.Regs[i], d.First[i] = v.home, !v.seen
				v.seen = true
			}
		}
		c.emit(code.Instr{Op: code.OpGetTerm, A: a, Imm: c.addTemplate(d)})
	}
}

func mentions(t *code.Template, n int) bool {
	if t.Kind == code.TVar && t.Var == n {
		return true
	}
	for _, x := range t.Items {
		if mentions(x, n) {
			return true
		}
	}
	return t.Rest != nil && mentions(t.Rest, n)
}

func (c *clause) addTemplate(t *code.Template) uint64 {
	c.prog.Templates = append(c.prog.Templates, t)
	return uint64(len(c.prog.Templates) - 1)
}

func (c *clause) getList(a int16, t *code.Template, vars []*variable) {
	cur := a
	for i, x := range t.Items {
		last := i == len(t.Items)-1
		var tail int16
		var touch uint8
		direct := false
		if last && t.Rest != nil && t.Rest.Kind == code.TVar && !vars[t.Rest.Var].seen && vars[t.Rest.Var].given && !(x.Kind == code.TVar && x.Var == t.Rest.Var) {
			tail, direct = vars[t.Rest.Var].home, true
			if vars[t.Rest.Var].touched {
				touch = 1
			}
		} else {
			tail = c.temp()
		}
		switch {
		case x.Kind == code.TVar && vars[x.Var].seen:
			c.emit(code.Instr{Op: code.OpGetListVal, A: cur, B: vars[x.Var].home, C: tail, F: touch})
		case x.Kind == code.TVar && vars[x.Var].given:
			c.emit(code.Instr{Op: code.OpGetList, A: cur, B: vars[x.Var].home, C: tail, F: touch})
			vars[x.Var].seen = true
		default:
			head := c.temp()
			c.emit(code.Instr{Op: code.OpGetList, A: cur, B: head, C: tail, F: touch})
			if direct { // the element may mention the rest, too
				vars[t.Rest.Var].seen = true
			}
			if x.Kind != code.TVar {
				c.get(head, x, vars)
			}
		}
		if direct {
			vars[t.Rest.Var].seen = true
		}
		cur = tail
		if last && !direct {
			if t.Rest == nil {
				c.emit(code.Instr{Op: code.OpGetConst, A: cur, Imm: uint64(code.EmptyLst)})
			} else {
				c.get(cur, t.Rest, vars)
			}
		}
	}
}
