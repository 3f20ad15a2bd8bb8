package compiler

import (
	"slices"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
)

// directHomes lets parts of lists that the head takes apart live where the first call of the body wants them as arguments: in
// app([x, *xs], ys, [x, *zs]) if app(xs, ys, zs), xs goes straight to the first register and zs to the third. The call then has
// nothing to move. It is possible for a variable that occurs just twice, in the head and as an argument, if the register is
// free from where the head assigns the variable on. Without the move nothing would mark the variable as touched, so the
// instruction that assigns it does (touched), and so does the routine that runs heads in general (Home.Touch).
func (c *clause) directHomes(r *ast.Rule, body *ast.Expr) {
	call := firstCall(body)
	if call == nil {
		return
	}
	taken := map[int]bool{}
	for k, a := range call.Args {
		v := c.local(a)
		if v == nil || v.given || v.uses != 2 || v.head < 0 || taken[k] {
			continue
		}
		at := c.restOfParam(r, v)
		if at < 0 || at < k && k < len(r.Params) || !c.consumed(r, k, at) {
			continue
		}
		taken[k] = true
		v.home, v.given, v.touched = int16(k), true, true
	}
}

// firstCall returns the first condition of a body that is a call, if only conditions that are no calls come before it.
func firstCall(body *ast.Expr) *ast.Call {
	for _, g := range body.Args {
		switch g := g.(type) {
		case *ast.Call:
			if len(g.Kwargs) > 0 {
				return nil
			}
			return g
		case *ast.Expr:
			switch g.Op {
			case ast.And, ast.Or, ast.Not, ast.ForAll, ast.In:
				return nil
			}
		}
	}
	return nil
}

// resultHomes lets results of arithmetic live where the call behind them wants them as arguments: in fib(n - 1, a), the difference
// goes straight to the first register. It is possible for a variable that occurs just twice, as the result and as an argument, if
// nothing that lives in the register is read any more. Nobody has to mark the variable as touched: a result is a value or constrained.
func (c *clause) resultHomes(body *ast.Expr) {
	for i, g := range body.Args {
		call, ok := g.(*ast.Call)
		if !ok || len(call.Kwargs) > 0 {
			continue
		}
		for j := i - 1; j >= 0 && computes(body.Args[j]); j-- {
			v := c.resultAt(body.Args[:j+1])
			if v == nil || v.given || v.perm || v.uses != 2 || v.head >= 0 {
				continue
			}
			k := slices.IndexFunc(call.Args, func(t ast.Term) bool { return c.local(t) == v })
			if k >= 0 && !c.reads(body.Args[j+1:i+1], int16(k)) {
				v.home, v.given = int16(k), true
			}
		}
	}
}

// computes reports whether a goal is arithmetic, a comparison, or makes two variables one.
func computes(g ast.Term) bool {
	e, ok := g.(*ast.Expr)
	return ok && (e.Op == ast.Unify || comparisons[e.Op] != 0 || arithmetic[e.Op] != 0 && len(e.Args) == 3)
}

// resultAt returns the variable that has the result of the last of some goals, nil if that is no arithmetic. In "x = t, n - 1 = t"
// that is x: see joins.
func (c *clause) resultAt(goals []ast.Term) *variable {
	n := len(goals) - 1
	t := c.resultOf(goals[n])
	if t == nil || n == 0 || t.uses != 2 {
		return t
	}
	same, ok := goals[n-1].(*ast.Expr)
	if !ok || same.Op != ast.Unify {
		return t
	}
	switch l, r := c.local(same.Args[0]), c.local(same.Args[1]); t {
	case l:
		return r
	case r:
		return l
	}
	return t
}

// reads reports whether one of some goals has a variable that lives in a register.
func (c *clause) reads(goals []ast.Term, register int16) bool {
	for _, v := range c.order {
		if v.given && v.home == register && slices.ContainsFunc(goals, func(g ast.Term) bool { return c.contains(g, v) }) {
			return true
		}
	}
	return false
}

// restOfParam returns the number of the parameter that is a list with v as its rest, -1 if there is none. The head assigns the
// rest last.
func (c *clause) restOfParam(r *ast.Rule, v *variable) int {
	for i, p := range r.Params {
		if l, ok := p.Term.(*ast.List); ok && len(l.Items) == 1 && l.Rest != nil && c.local(l.Rest) == v && p.Specializer == nil {
			return i
		}
	}
	return -1
}

// consumed reports whether argument k has been read for the last time when the head has taken parameter at apart.
func (c *clause) consumed(r *ast.Rule, k, at int) bool {
	if k >= len(r.Params) || k == at {
		return true
	}
	v := c.local(r.Params[k].Term)
	return v == nil && r.Params[k].Specializer == nil || v != nil && (v.perm || v.uses == 1)
}

// testedLater finds the parameter whose class test can wait for its value: in has_relation(p: Folder, "parent", f: Folder) if
// p = f.Parent, a call with p unbound would put a constraint on p, only to wake it by the first condition of the body. It
// returns that parameter and the look-up, nil if there is none.
func (c *clause) testedLater(r *ast.Rule, cl *code.Clause, body *ast.Expr) (param int, at *ast.Expr) {
	goals := body.Args
	var v *variable
	switch {
	case len(goals) > 1 && c.resultOf(goals[1]) != nil:
		e, ok := goals[0].(*ast.Expr)
		if !ok || e.Op != ast.Unify {
			break
		}
		t := c.resultOf(goals[1])
		x, y := c.local(e.Args[0]), c.local(e.Args[1])
		if y != t {
			x, y = y, x
		}
		if y == t && x != t && x != nil && t.head < 0 && t.uses == 2 {
			v, at = x, goals[1].(*ast.Expr)
		}
	}
	if v == nil && len(goals) > 0 {
		if v = c.resultOf(goals[0]); v != nil {
			at = goals[0].(*ast.Expr)
		}
	}
	if v == nil || !v.param || at.Op != ast.Dot || c.operates(at, v) {
		return 0, nil
	}
	if _, field := at.Args[1].(*ast.String); !field {
		return 0, nil
	}
	for i, p := range r.Params {
		if s := cl.Params[i].Spec; c.local(p.Term) == v && s != nil && s.Kind == code.PClass {
			return i, at
		}
	}
	return 0, nil
}
