package rewrite

import (
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/slab"
)

// Rule returns the rewritten form of a rule. Names may be nil. It is safe for concurrent use.
func Rule(r *ast.Rule, names *Names) *ast.Rule { return NewRewriter(names).Rule(r) }

// Query returns the rewritten form of a query or inline query. Names may be nil. It is safe for concurrent use.
func Query(t ast.Term, names *Names) ast.Term {
	rw := NewRewriter(names)
	rw.note(t)
	return rw.goal(t, before)
}

// Rule returns the rewritten form of a rule, good until Rewind. It shares memory with those of other rules.
func (rw *Rewriter) Rule(r *ast.Rule) *ast.Rule {
	rw.fresh.reset()
	rw.hoisted, rw.goals = rw.hoisted[:0], rw.goals[:0]
	for _, p := range r.Params {
		rw.note(p.Term)
		rw.note(p.Specializer)
	}
	rw.note(r.Body)

	same := false // the body stays as it is
	if r.Body != nil {
		if and, ok := r.Body.(*ast.Expr); ok && and.Op == ast.And {
			same = rw.operands(and.Args)
		} else {
			rw.operands([]ast.Term{r.Body})
		}
	}
	out := rw.rules.Put(*r)
	for i, p := range r.Params {
		term, spec := rw.term(p.Term), p.Specializer
		if spec != nil {
			spec = rw.term(spec)
		}
		if term == p.Term && spec == p.Specializer {
			continue
		}
		if &out.Params[0] == &r.Params[0] {
			out.Params = rw.params.List(r.Params...)
		}
		out.Params[i] = ast.Param{Term: term, Specializer: spec}
	}
	if same && len(rw.hoisted) == 0 && !r.Body.(*ast.Expr).Paren {
		return out
	}
	rw.goals = append(rw.goals, rw.hoisted...)
	out.Body = nil
	if len(rw.goals) > 0 {
		at := r.Span()
		if r.Body != nil {
			at = r.Body.Span()
		}
		out.Body = rw.exprs.Put(ast.Expr{Pos: ast.Pos{At: at}, Op: ast.And, Args: rw.lists.List(rw.goals...)})
	}
	return out
}

// NeedsGoals reports whether the head of a rule holds an expression that Rule would turn into a goal.
func NeedsGoals(head *ast.Rule) bool {
	rw := NewRewriter(nil)
	for _, p := range head.Params {
		rw.term(p.Term)
		if p.Specializer != nil {
			rw.term(p.Specializer)
		}
	}
	return len(rw.hoisted) > 0
}

// placement says where the goals go that come out of a term.
type placement uint8

const (
	before      placement = iota // before the term
	after                        // after the term
	besideUnify                  // after a unification, if all of them may; else before
)

// Rewriter rewrites one rule after the other. It is for one goroutine.
type Rewriter struct {
	fresh
	// hoisted are the goals that came out of the terms being rewritten and have no place yet.
	hoisted []ast.Term
	goals   []ast.Term // of the conjunctions being rewritten

	exprs  slab.Of[ast.Expr]
	lists  slab.Of[ast.Term]
	rules  slab.Of[ast.Rule]
	params slab.Of[ast.Param]
}

// NewRewriter returns a rewriter. Names may be nil.
func NewRewriter(names *Names) *Rewriter { return &Rewriter{fresh: fresh{names: names}} }

// Begin makes the rewriter as a new one, but for its memory: it rewinds, and has other names.
func (rw *Rewriter) Begin(names *Names) {
	rw.Rewind()
	rw.fresh.names = names
}

// Rewind takes back what the rewriter has made: nobody may use the rules any more that it has returned.
func (rw *Rewriter) Rewind() {
	rw.exprs.Rewind()
	rw.lists.Rewind()
	rw.rules.Rewind()
	rw.params.Rewind()
	rw.vars.Rewind()
}

// goal rewrites a term that is run as a goal, together with the goals that come out of it.
func (rw *Rewriter) goal(t ast.Term, where placement) ast.Term {
	base := len(rw.hoisted)
	out := rw.term(t)
	if len(rw.hoisted) == base {
		return out
	}
	goals := rw.hoisted[base:]
	args := rw.lists.Slice(len(goals) + 1)
	if rw.standsFirst(out, goals, where) {
		args[0] = out
		copy(args[1:], goals)
	} else {
		copy(args, goals)
		args[len(goals)] = out
	}
	rw.hoisted = rw.hoisted[:base]
	return rw.exprs.Put(ast.Expr{Pos: ast.Pos{At: t.Span()}, Op: ast.And, Args: args})
}

// standsFirst reports whether a term stands before the goals that came out of it.
func (rw *Rewriter) standsFirst(t ast.Term, goals []ast.Term, where placement) bool {
	return where == after || where == besideUnify && isUnify(t) && !slices.ContainsFunc(goals, runsFirst)
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
func (rw *Rewriter) term(t ast.Term) ast.Term {
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

func (rw *Rewriter) expr(e *ast.Expr) ast.Term {
	var args []ast.Term
	switch e.Op {
	case ast.And:
		args = rw.conjunction(e.Args)
	case ast.Or, ast.Not:
		args = rw.allGoals(e.Args, besideUnify)
	case ast.ForAll:
		args = rw.allGoals(e.Args, after)
	default:
		args = rw.terms(e.Args)
	}
	if name, arity := resultOf(e.Op); name != "" && len(args) == arity {
		result := rw.newVar(name, e.At)
		with := rw.lists.Slice(arity + 1)
		copy(with, args)
		with[arity] = result
		rw.hoisted = append(rw.hoisted, rw.exprs.Put(ast.Expr{Pos: e.Pos, Op: e.Op, Args: with}))
		return result
	}
	if same(args, e.Args) {
		return e
	}
	out := rw.exprs.Put(*e)
	out.Args = args
	return out
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

// conjunction rewrites the operands of an And.
func (rw *Rewriter) conjunction(args []ast.Term) []ast.Term {
	base := len(rw.goals)
	if rw.operands(args) {
		rw.goals = rw.goals[:base]
		return args
	}
	out := rw.lists.List(rw.goals[base:]...)
	rw.goals = rw.goals[:base]
	return out
}

// operands rewrites the operands of an And, appends what they become to rw.goals, and reports whether that is the same. Goals
// that come out of an operand become operands beside it, but an operand that is written as an And stays one.
func (rw *Rewriter) operands(args []ast.Term) (same bool) {
	same = true
	for _, t := range args {
		base := len(rw.hoisted)
		out := rw.term(t)
		goals := rw.hoisted[base:]
		same = same && out == t && len(goals) == 0
		if rw.standsFirst(out, goals, besideUnify) {
			rw.goals = append(append(rw.goals, out), goals...)
		} else {
			rw.goals = append(append(rw.goals, goals...), out)
		}
		rw.hoisted = rw.hoisted[:base]
	}
	return same
}

func (rw *Rewriter) allGoals(terms []ast.Term, where placement) []ast.Term {
	return rw.all(terms, func(t ast.Term) ast.Term { return rw.goal(t, where) })
}

func (rw *Rewriter) terms(terms []ast.Term) []ast.Term {
	return rw.all(terms, rw.term)
}

// all applies f to all terms in order. The slice itself is returned where f changes none of them.
func (rw *Rewriter) all(terms []ast.Term, f func(ast.Term) ast.Term) []ast.Term {
	out := terms
	for i, t := range terms {
		new := f(t)
		if new == t {
			continue
		}
		if same(out, terms) {
			out = rw.lists.List(terms...)
		}
		out[i] = new
	}
	return out
}

// same reports whether two slices of equal length are one.
func same(a, b []ast.Term) bool { return len(a) == 0 || &a[0] == &b[0] }

// fields rewrites the values of fields, in the order of their keys.
func (rw *Rewriter) fields(fields []ast.Field) (out []ast.Field, changed bool) {
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
