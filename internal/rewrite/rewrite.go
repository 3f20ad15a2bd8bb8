package rewrite

import (
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/ast"
)

// Rule returns the rewritten form of a rule. Names may be nil. It is safe for concurrent use.
func Rule(r *ast.Rule, names *Names) *ast.Rule {
	rw := newRewriter(names)
	for _, p := range r.Params {
		rw.note(p.Term)
		rw.note(p.Specializer)
	}
	rw.note(r.Body)

	var goals []ast.Term
	if r.Body != nil {
		goals = conjuncts(r.Body, rw.goal(r.Body, besideUnify))
	}
	params := slices.Clone(r.Params)
	for i, p := range params {
		params[i].Term = rw.term(p.Term)
		if p.Specializer != nil {
			params[i].Specializer = rw.term(p.Specializer)
		}
	}
	goals = append(slices.Clip(goals), rw.hoisted...)

	out := *r
	out.Params = params
	out.Body = nil
	if len(goals) > 0 {
		body := &ast.Expr{Op: ast.And, Args: goals}
		if r.Body != nil {
			body.Pos.At = r.Body.Span()
		} else {
			body.Pos.At = r.Span()
		}
		out.Body = body
	}
	return &out
}

// Query returns the rewritten form of a query or inline query. Names may be nil. It is safe for concurrent use.
func Query(t ast.Term, names *Names) ast.Term {
	rw := newRewriter(names)
	rw.note(t)
	return rw.goal(t, before)
}

// NeedsGoals reports whether the head of a rule holds an expression that Rule would turn into a goal.
func NeedsGoals(head *ast.Rule) bool {
	rw := newRewriter(nil)
	for _, p := range head.Params {
		rw.term(p.Term)
		if p.Specializer != nil {
			rw.term(p.Specializer)
		}
	}
	return len(rw.hoisted) > 0
}

// conjuncts returns the goals of a rewritten body: its operands where it is a conjunction, else the body alone.
func conjuncts(body, rewritten ast.Term) []ast.Term {
	if and, ok := rewritten.(*ast.Expr); ok && and.Op == ast.And {
		return and.Args
	}
	return []ast.Term{rewritten}
}

// placement says where the goals go that come out of a term.
type placement uint8

const (
	before      placement = iota // before the term
	after                        // after the term
	besideUnify                  // after a unification, if all of them may; else before
)

// rewriter holds the state of one rule or query.
type rewriter struct {
	fresh
	// hoisted are the goals that came out of the terms being rewritten and have no place yet.
	hoisted []ast.Term
}

func newRewriter(names *Names) *rewriter {
	return &rewriter{fresh: fresh{names: names}}
}

// goal rewrites a term that is run as a goal, together with the goals that come out of it.
func (rw *rewriter) goal(t ast.Term, where placement) ast.Term {
	base := len(rw.hoisted)
	out := rw.term(t)
	if len(rw.hoisted) == base {
		return out
	}
	goals := rw.hoisted[base:]
	args := make([]ast.Term, 0, len(goals)+1)
	if where == after || where == besideUnify && isUnify(out) && !slices.ContainsFunc(goals, runsFirst) {
		args = append(append(args, out), goals...)
	} else {
		args = append(append(args, goals...), out)
	}
	rw.hoisted = rw.hoisted[:base]
	return &ast.Expr{Pos: ast.Pos{At: t.Span()}, Op: ast.And, Args: args}
}

func isUnify(t ast.Term) bool {
	e, ok := t.(*ast.Expr)
	return ok && e.Op == ast.Unify
}

// runsFirst reports whether a goal stands before the unification it came out of, as mod and new do.
func runsFirst(goal ast.Term) bool {
	op := goal.(*ast.Expr).Op
	return op == ast.Mod || op == ast.New
}

// term rewrites a term. Goals that come out of it are appended to rw.hoisted.
func (rw *rewriter) term(t ast.Term) ast.Term {
	switch t := t.(type) {
	case *ast.Var:
		return rw.variable(t)
	case *ast.List:
		items := rw.terms(t.Items)
		var rest *ast.Var
		if t.Rest != nil {
			rest = rw.variable(t.Rest)
		}
		if same(items, t.Items) && rest == t.Rest {
			return t
		}
		return &ast.List{Pos: t.Pos, Items: items, Rest: rest}
	case *ast.Dict:
		fields, changed := rw.fields(t.Fields)
		if !changed {
			return t
		}
		return &ast.Dict{Pos: t.Pos, Fields: fields}
	case *ast.Class:
		fields, changed := rw.fields(t.Fields)
		if !changed {
			return t
		}
		out := *t
		out.Fields = fields
		return &out
	case *ast.Call:
		args := rw.terms(t.Args)
		kwargs, changed := rw.fields(t.Kwargs)
		if same(args, t.Args) && !changed {
			return t
		}
		out := *t
		out.Args, out.Kwargs = args, kwargs
		return &out
	case *ast.Expr:
		return rw.expr(t)
	}
	return t // literals
}

func (rw *rewriter) expr(e *ast.Expr) ast.Term {
	var args []ast.Term
	switch e.Op {
	case ast.And:
		args = rw.conjunction(e.Args)
	case ast.Or, ast.Not:
		args = rw.goals(e.Args, besideUnify)
	case ast.ForAll:
		args = rw.goals(e.Args, after)
	default:
		args = rw.terms(e.Args)
	}
	if name, arity := resultOf(e.Op); name != "" && len(args) == arity {
		result := rw.newVar(name, e.At)
		rw.hoisted = append(rw.hoisted, &ast.Expr{Pos: e.Pos, Op: e.Op, Args: append(slices.Clip(args), result)})
		return result
	}
	if same(args, e.Args) {
		return e
	}
	out := *e
	out.Args = args
	return &out
}

// resultOf returns how the result of an operator is called, and the number of operands that its form without one has.
func resultOf(op ast.Op) (name string, arity int) {
	switch op {
	case ast.Dot:
		return "_value_", 2
	case ast.Add, ast.Sub, ast.Mul, ast.Div:
		return "_op_", 2
	case ast.Mod, ast.Rem:
		return "_temp_", 2
	case ast.New:
		return "_instance_", 1
	}
	return "", 0
}

// conjunction rewrites the operands of an And. Goals that come out of an operand become operands beside it, but an
// operand that is written as an And stays one.
func (rw *rewriter) conjunction(args []ast.Term) []ast.Term {
	goals := rw.goals(args, besideUnify)
	if same(goals, args) {
		return args
	}
	out := make([]ast.Term, 0, 2*len(goals))
	for i, goal := range goals {
		if and, ok := goal.(*ast.Expr); ok && and.Op == ast.And && !isAnd(args[i]) {
			out = append(out, and.Args...)
		} else {
			out = append(out, goal)
		}
	}
	return out
}

func isAnd(t ast.Term) bool {
	e, ok := t.(*ast.Expr)
	return ok && e.Op == ast.And
}

func (rw *rewriter) goals(terms []ast.Term, where placement) []ast.Term {
	return rewriteAll(terms, func(t ast.Term) ast.Term { return rw.goal(t, where) })
}

func (rw *rewriter) terms(terms []ast.Term) []ast.Term {
	return rewriteAll(terms, rw.term)
}

// rewriteAll applies f to all terms in order. The slice itself is returned where f changes none of them.
func rewriteAll(terms []ast.Term, f func(ast.Term) ast.Term) []ast.Term {
	out := terms
	for i, t := range terms {
		new := f(t)
		if new == t {
			continue
		}
		if same(out, terms) {
			out = slices.Clone(terms)
		}
		out[i] = new
	}
	return out
}

// same reports whether two slices of equal length are one.
func same(a, b []ast.Term) bool { return len(a) == 0 || &a[0] == &b[0] }

// fields rewrites the values of fields, in the order of their keys.
func (rw *rewriter) fields(fields []ast.Field) (out []ast.Field, changed bool) {
	if len(fields) == 0 {
		return fields, false
	}
	order := make([]int, len(fields))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(fields[a].Key, fields[b].Key) })
	out = slices.Clone(fields)
	for _, i := range order {
		value := rw.term(fields[i].Value)
		if value != fields[i].Value {
			changed = true
			out[i].Value = value
			out[i].Short = false
		}
	}
	return out, changed
}
