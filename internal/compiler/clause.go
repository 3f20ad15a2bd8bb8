package compiler

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/slab"
)

// clause is the state of compiling one rule or query. One is used for all rules of a policy, one after the other.
type clause struct {
	prog  *code.Program // receives the code
	base  *code.Program // the policy: predicates, atoms, classes
	env   *Env
	made  *parts
	name  string
	query bool

	order  []*variable          // by first appearance
	byName map[string]*variable // the same, where they are many
	frame  bool
	slots  int // Y slots used
	nextX  int // next free X register
	maxX   int
	floor  int // first X register that no variable lives in
	args   int // X registers that arguments of this rule or its calls use

	later   int       // the parameter whose class test is left to a look-up
	laterAt *ast.Expr // that look-up, nil if there is none

	blanks *blanks             // of a form, nil for a rule
	levels map[*ast.Expr]int16 // register of the choice level at the start of a node
	call0  int16               // register of the level of the call itself
}

// parts hands out what clauses consist of.
type parts struct {
	clauses   slab.Of[code.Clause]
	templates slab.Of[code.Template]
	patterns  slab.Of[code.Pattern]
	plain     map[string]*code.Pattern // specializers that are no more than a class, by its name
	params    slab.Of[code.Param]
	quicks    slab.Of[code.Quick]
	homes     slab.Of[code.Home]

	spare []*variable  // of earlier clauses
	quick []code.Quick // of the clause being compiled
	known []bool       // scratch of params
	// Templates of constants and variables occur again and again, and never change: constants by cell, variables by name for
	// each number.
	constants map[code.Cell]*code.Template
	numbered  []numbered
}

// numbered are the templates of variables with one number. Most rules give the same number to the same name.
type numbered struct {
	last   *code.Template
	byName map[string]*code.Template
}

// again returns parts that share nothing with those of the program before but memory that no program has.
func (m *parts) again() *parts {
	if len(m.constants)+len(m.plain)+len(m.numbered) > maxSpare { // emptying tables takes as long as they were once large
		m.constants, m.plain, m.numbered = nil, nil, nil
	}
	clear(m.constants)
	clear(m.plain)
	for i := range m.numbered {
		m.numbered[i].last = nil
		clear(m.numbered[i].byName)
	}
	return &parts{plain: m.plain, constants: m.constants, numbered: m.numbered, spare: m.spare, quick: m.quick[:0], known: m.known[:0]}
}

// reset prepares for the next rule.
func (c *clause) reset(name string) {
	c.made.spare = append(c.made.spare, c.order...)
	c.made.quick = c.made.quick[:0]
	*c = clause{prog: c.prog, base: c.base, env: c.env, made: c.made, name: name, order: c.order[:0], call0: code.NoReg}
}

func (c *clause) emit(i code.Instr) int {
	c.prog.Instrs = slab.Append(c.prog.Instrs, i)
	return c.pc() - 1
}

func (c *clause) pc() int { return c.prog.Base + len(c.prog.Instrs) }

func (c *clause) patch(at int) { c.prog.Instrs[at-c.prog.Base].Imm = uint64(c.pc()) }

func (c *clause) place(span diag.Span) code.Mark {
	m := c.prog.NewMark(c.pc(), span, c.name)
	if n := len(c.prog.Marks); n > 0 && c.prog.Marks[n-1].PC == m.PC {
		c.prog.Marks[n-1] = m
	} else {
		c.prog.Marks = slab.Append(c.prog.Marks, m)
	}
	return m
}

func (c *clause) temp() int16 {
	r := c.nextX
	c.nextX++
	c.maxX = max(c.maxX, c.nextX)
	return int16(r)
}

func (c *clause) slot() int16 {
	c.slots++
	return int16(-c.slots)
}

// rule compiles one rule.
func (c *clause) rule(pr *code.Pred, r *ast.Rule) error {
	cl := c.made.clauses.New()
	*cl = code.Clause{Index: int32(len(pr.Clauses)), Frame: -1}
	pr.Clauses = slab.Append(pr.Clauses, cl)
	c.args = len(r.Params)
	for _, p := range r.Params {
		c.count(p.Term, 0)
		c.count(p.Specializer, 0)
	}
	for _, v := range c.order {
		v.head = v.index
	}
	heads := len(c.order)
	for _, p := range r.Params {
		if v := c.local(p.Term); v != nil {
			v.param = true
		}
	}
	body := bodyOf(r)
	c.analyse(body)
	if err := c.tooLarge(r.NameAt); err != nil {
		return err
	}
	c.nextX, c.maxX = c.args, c.args
	c.assignHomes(r, body)
	c.params(cl, pr, r)
	c.later, c.laterAt = c.testedLater(r, cl, body)
	cl.NameAt = c.place(r.NameAt)
	c.head(cl, r)
	cl.Body = int32(c.pc())
	for _, v := range c.order[:heads] {
		v.seen = true
	}
	if c.frame {
		cl.Frame = int16(c.slots)
	}
	c.body(body)
	if err := c.tooLarge(r.NameAt); err != nil {
		return err
	}
	c.scans(int(cl.Body))
	c.prog.MergeReads(int(cl.Body))
	if c.frame { // slots for choice levels were added while compiling the body
		cl.Frame = int16(c.slots)
		c.patchFrame(cl)
		c.prog.AddHop(cl, pr.Arity)
	}
	cl.Homes = c.made.homes.Slice(heads)
	for i, v := range c.order[:heads] {
		cl.Homes[i] = code.Home{Reg: code.NoReg}
		if v.given {
			cl.Homes[i] = code.Home{Reg: v.home, Touch: v.touched}
		}
	}
	c.prog.MaxX = max(c.prog.MaxX, c.maxX)
	return nil
}

// tooLarge returns an error if what is known of a rule or query so far takes more registers than operands can name.
func (c *clause) tooLarge(at diag.Span) error {
	what := "variables"
	n := len(c.order)
	if n <= maxRegisters {
		what, n = "arguments in one call", c.args
	}
	if n <= maxRegisters {
		what, n = "variables, arguments and intermediate results", max(c.maxX, c.slots)
	}
	if n <= maxRegisters {
		return nil
	}
	whole, advice := "the query", ""
	if !c.query {
		whole, advice = "rule "+c.name, ": split the rule"
	}
	return diag.New(diag.Unsupported, at, "%s has %d %s; at most %d are supported%s", whole, n, what, maxRegisters, advice)
}

func (c *clause) patchFrame(cl *code.Clause) {
	for i := cl.Head() - c.prog.Base; i < int(cl.Body)-c.prog.Base; i++ {
		if c.prog.Instrs[i].Op == code.OpAllocate {
			c.prog.Instrs[i].Imm = uint64(c.slots)
		}
	}
}

func bodyOf(r *ast.Rule) *ast.Expr {
	if r.Body == nil {
		return &ast.Expr{Op: ast.And}
	}
	if e, ok := r.Body.(*ast.Expr); ok && e.Op == ast.And {
		return e
	}
	return &ast.Expr{Op: ast.And, Args: []ast.Term{r.Body}}
}

// queryBody compiles a query: every variable has a slot, given a fresh variable before the query starts.
func (c *clause) queryBody(goal ast.Term) error {
	c.call0 = code.NoReg
	c.frame = true
	top, ok := goal.(*ast.Expr)
	if !ok || top.Op != ast.And {
		top = &ast.Expr{Pos: ast.Pos{At: goal.Span()}, Op: ast.And, Args: []ast.Term{goal}}
	}
	c.analyse(top)
	if err := c.tooLarge(goal.Span()); err != nil {
		return err
	}
	for _, v := range c.order {
		v.home, v.given, v.seen = c.slot(), true, true
		c.prog.Vars = append(c.prog.Vars, v.name)
	}
	c.nextX, c.maxX = c.args, c.args
	c.place(goal.Span())
	alloc := c.emit(code.Instr{Op: code.OpAllocate})
	c.floor = c.nextX
	if cutsCall(top) {
		c.call0 = c.slot()
		c.emit(code.Instr{Op: code.OpLevel, A: c.call0})
	}
	c.conj(top, &scope{}, false)
	if err := c.tooLarge(goal.Span()); err != nil {
		return err
	}
	c.emit(code.Instr{Op: code.OpSolution})
	c.prog.Instrs[alloc-c.prog.Base].Imm = uint64(c.slots)
	c.prog.MaxX = c.maxX
	return nil
}
