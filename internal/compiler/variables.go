package compiler

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
)

// variable is what the compiler knows of one variable.
type variable struct {
	name    string
	by      *variable // the variable it has been joined with, nil for none
	index   int
	home    int16
	given   bool // has a home
	seen    bool // has been assigned on every path to here
	param   bool // is a parameter by itself
	met     bool // occurs in a parameter before the one in question
	perm    bool // occurs in several chunks
	touched bool // the head marks it as touched when it assigns it
	chunk   int  // first chunk, -1 before any
	uses    int
	head    int // index among the head's variables, -1 if it is not there
}

// variable returns one that no clause uses.
func (m *parts) variable() *variable {
	n := len(m.spare) - 1
	if n < 0 {
		return &variable{}
	}
	v := m.spare[n]
	m.spare = m.spare[:n]
	return v
}

// isConst returns the cell of a name that is a registered constant.
func (c *clause) isConst(name string) (code.Cell, bool) {
	k, ok := c.env.Constants[name]
	return k, ok
}

// manyVariables is the number of variables from which a map finds one faster than a look through all.
const manyVariables = 16

// find returns the variable of a name, nil if the rule has none so far.
func (c *clause) find(name string) *variable {
	var v *variable
	if c.byName != nil {
		v = c.byName[name]
	} else {
		for _, x := range c.order {
			if x.name == name {
				v = x
				break
			}
		}
	}
	for v != nil && v.by != nil {
		v = v.by
	}
	return v
}

// variable returns the variable of a name, nil for a registered constant.
func (c *clause) variable(name string) *variable {
	if v := c.find(name); v != nil {
		return v
	}
	if _, ok := c.isConst(name); ok {
		return nil
	}
	v := c.made.variable()
	*v = variable{name: name, index: len(c.order), chunk: -1, head: -1}
	c.order = append(c.order, v)
	switch {
	case c.byName != nil:
		c.byName[name] = v
	case len(c.order) > manyVariables:
		c.byName = make(map[string]*variable, 2*manyVariables)
		for _, x := range c.order {
			c.byName[x.name] = x
		}
	}
	return v
}

// assignHomes gives permanent variables a slot and the others a register: a variable that is a parameter by itself keeps the
// argument's register, unless a call in the body may overwrite it before its last use.
func (c *clause) assignHomes(r *ast.Rule, body *ast.Expr) {
	for _, v := range c.order {
		if v.perm {
			v.home, v.given = c.slot(), true
		}
	}
	c.directHomes(r, body)
	for i, p := range r.Params {
		// Variables of the parameters before are assigned before this argument is read.
		if v := c.local(p.Term); v != nil && !v.given && v.uses > 1 && !v.met {
			v.home, v.given = int16(i), true
		}
		c.meet(p.Term)
		c.meet(p.Specializer)
	}
	c.resultHomes(body)
	for _, v := range c.order {
		if !v.given && v.uses > 1 {
			v.home, v.given = c.temp(), true
		}
	}
}

// meet marks the variables of a term.
func (c *clause) meet(t ast.Term) {
	eachVariable(t, func(name string) {
		if v := c.find(name); v != nil {
			v.met = true
		}
	})
}

// count notes the occurrences of variables in a term within a chunk.
func (c *clause) count(t ast.Term, chunk int) {
	eachVariable(t, func(name string) {
		v := c.variable(name)
		if v == nil {
			return
		}
		v.uses++
		if v.chunk < 0 {
			v.chunk = chunk
		} else if v.chunk != chunk {
			v.perm = true
		}
	})
}

// eachVariable calls visit for every variable or registered constant in a term, in reading order.
func eachVariable(t ast.Term, visit func(name string)) {
	switch t := t.(type) {
	case *ast.Var:
		visit(t.Name)
	case *ast.List:
		for _, x := range t.Items {
			eachVariable(x, visit)
		}
		if t.Rest != nil {
			eachVariable(t.Rest, visit)
		}
	case *ast.Dict:
		eachInFields(t.Fields, visit)
	case *ast.Class:
		eachInFields(t.Fields, visit)
	case *ast.Call:
		for _, x := range t.Args {
			eachVariable(x, visit)
		}
		eachInFields(t.Kwargs, visit)
	case *ast.Expr:
		for _, x := range t.Args {
			eachVariable(x, visit)
		}
	}
}

func eachInFields(fs []ast.Field, visit func(name string)) {
	for _, f := range fs {
		eachVariable(f.Value, visit)
	}
}

// analyse numbers the chunks of a body and decides whether it needs an environment.
func (c *clause) analyse(body *ast.Expr) {
	a := analysis{c: c}
	for i, g := range body.Args {
		a.goal(g, i == len(body.Args)-1)
	}
	c.frame = c.frame || a.frame
	for _, v := range c.order {
		c.frame = c.frame || v.perm
	}
}

type analysis struct {
	c     *clause
	chunk int
	frame bool
}

func (a *analysis) goal(g ast.Term, last bool) {
	switch g := g.(type) {
	case *ast.Call:
		a.c.args = max(a.c.args, len(g.Args))
		a.c.count(g, a.chunk)
		a.chunk++
		if !last {
			a.frame = true
		}
		return
	case *ast.Expr:
		switch g.Op {
		case ast.And:
			for i, x := range g.Args {
				a.goal(x, last && i == len(g.Args)-1)
			}
			return
		case ast.Or, ast.Not, ast.ForAll:
			a.frame = true
			for _, x := range g.Args {
				a.chunk++
				a.goal(x, false)
			}
			a.chunk++
			return
		case ast.In:
			a.c.count(g, a.chunk)
			a.chunk++
			a.frame = true
			return
		}
	}
	a.c.count(g, a.chunk)
}
