package engine

import (
	"strconv"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/rewrite"
	"github.com/goso-project/goso/internal/wam"
)

// An argument that is an expression means what it means in the text of a query: arithmetic and look-ups are evaluated before the
// call, and leave constraints where a variable is unbound. So a rule query with such arguments becomes one with a text, f(x, y + z),
// whose variables stand for the values. A condition has no value: it can be carried in a list, and comes back as it went, but
// what looks at it fails.

// exprArg is an argument that holds an expression.
type exprArg struct {
	position int
	value    wam.Value
}

// evaluated holds the operators whose expressions have a value.
var evaluated = map[string]ast.Op{
	"Dot": ast.Dot, "Add": ast.Add, "Sub": ast.Sub, "Mul": ast.Mul, "Div": ast.Div, "Mod": ast.Mod, "Rem": ast.Rem,
}

// evaluates reports whether an expression has a value.
func evaluates(e *wam.Expr) bool { return evaluated[e.Op] != 0 && len(e.Args) == 2 }

// holdsExpression reports whether a value is an expression, or a list or dictionary with one in it.
func holdsExpression(v wam.Value) bool {
	return mentions(v, func(*wam.Expr) bool { return true })
}

// mentions reports whether a value is such an expression, or a list or dictionary with one in it.
func mentions(v wam.Value, such func(*wam.Expr) bool) bool {
	var parts []wam.Value
	switch x := v.Ref.(type) {
	case *wam.Expr:
		return such(x)
	case *wam.List:
		parts = x.Items
	case *wam.Dict:
		parts = x.Values
	}
	for i := range parts {
		if mentions(parts[i], such) {
			return true
		}
	}
	return false
}

// startExpressions starts a rule query that has expressions among its arguments.
func (q *Query) startExpressions() error {
	b, err := q.buildCall()
	if err != nil {
		return err
	}
	if q.prog, err = q.st.compileQuery(rewrite.Query(b.call, q.st.names)); err != nil {
		return err
	}
	q.m.StartQuery(q.prog)
	for i, name := range q.prog.Vars {
		if v, ok := b.values[name]; ok && err == nil {
			err = q.m.SetVar(i, v)
		}
	}
	return err
}

// buildCall builds the call of a rule query as the parser would.
func (q *Query) buildCall() (*callBuilder, error) {
	text := q.rule + "(…)"
	at := ast.Pos{At: diag.Span{Source: diag.NewSource("", text), End: len(text)}}
	b := &callBuilder{at: at, values: map[string]wam.Value{}}
	b.call = &ast.Call{Pos: at, Name: q.rule, NameAt: at.At}
	exprs := q.exprs
	for i := range q.args {
		if len(exprs) > 0 && exprs[0].position == i {
			b.call.Args = append(b.call.Args, b.term(exprs[0].value))
			exprs = exprs[1:]
			continue
		}
		v, err := q.m.ArgOf(i)
		if err != nil {
			return nil, err
		}
		b.call.Args = append(b.call.Args, b.value(v))
	}
	return b, nil
}

// callBuilder builds a call. Plain values are variables in it.
type callBuilder struct {
	at     ast.Pos // of all nodes
	call   *ast.Call
	values map[string]wam.Value // of variables
}

// term builds a value. Only what has something to evaluate in it is taken apart.
func (b *callBuilder) term(v wam.Value) ast.Term {
	if !mentions(v, evaluates) {
		return b.value(v)
	}
	switch x := v.Ref.(type) {
	case *wam.Expr:
		return &ast.Expr{Pos: b.at, Op: evaluated[x.Op], Args: b.terms(x.Args)}
	case *wam.List:
		list := &ast.List{Pos: b.at, Items: b.terms(x.Items)}
		if x.Rest.Kind == wam.KindVar {
			list.Rest = b.value(x.Rest)
		}
		return list
	}
	d, _ := v.Ref.(*wam.Dict)
	dict := &ast.Dict{Pos: b.at, Fields: make([]ast.Field, len(d.Keys))}
	for i, key := range d.Keys {
		dict.Fields[i] = ast.Field{Key: key, KeyAt: b.at.At, Value: b.term(d.Values[i])}
	}
	return dict
}

func (b *callBuilder) terms(values []wam.Value) []ast.Term {
	out := make([]ast.Term, len(values))
	for i, v := range values {
		out[i] = b.term(v)
	}
	return out
}

// value makes a variable that stands for a value. Its name is one that results hide, and that nobody can write.
func (b *callBuilder) value(v wam.Value) *ast.Var {
	name := "_value " + strconv.Itoa(len(b.values)+1)
	b.values[name] = v
	return &ast.Var{Pos: b.at, Name: name}
}
