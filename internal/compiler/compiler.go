package compiler

import (
	"sort"
	"strconv"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// Env is what names mean to the compiler: registered constants and the unions' members.
type Env struct {
	// Constants are the registered constants as cells of the policy's program.
	Constants map[string]code.Cell
	// ClassNames tells which constants are classes.
	ClassNames map[string]bool
	// Actors and Resources are the member classes of the unions.
	Actors, Resources []string
}

// maxRegisters bounds the variables of one rule, because an operand has 16 bits.
const maxRegisters = 30000

// Policy compiles rules into a program that already holds the atoms, classes and constants of the registry. The error,
// if any, is a *diag.Error for a rule that is too large.
func Policy(p *code.Program, rules []*ast.Rule, env *Env) error {
	for _, c := range env.Actors {
		p.Unions[0] = append(p.Unions[0], p.AddClass(c))
	}
	for _, c := range env.Resources {
		p.Unions[1] = append(p.Unions[1], p.AddClass(c))
	}
	for _, r := range rules {
		p.AddPred(r.Name, len(r.Params))
		p.Define(r.Name)
	}
	for _, r := range rules {
		c := clause{prog: p, base: p, env: env, name: r.Name}
		if err := c.rule(r); err != nil {
			return err
		}
	}
	for _, pr := range p.Preds {
		summarise(p, pr)
	}
	return nil
}

// Query compiles a rewritten query against a policy's program.
func Query(policy *code.Program, goal ast.Term, env *Env) (*code.Program, error) {
	q := code.NewProgram(code.QueryBase)
	q.Policy = policy
	c := clause{prog: q, base: policy, env: env, query: true}
	if err := c.queryBody(goal); err != nil {
		return nil, err
	}
	return q, nil
}

// clause is the state of compiling one rule or query.
type clause struct {
	prog  *code.Program // receives the code
	base  *code.Program // the policy: predicates, atoms, classes
	env   *Env
	name  string
	query bool

	vars  map[string]*variable
	order []*variable // by first appearance
	frame bool
	slots int // Y slots used
	nextX int // next free X register
	maxX  int
	floor int // first X register that no variable lives in
	args  int // X registers that arguments of this rule or its calls use

	at      int                 // address of the parameter whose specializer is being compiled, else 0
	levels  map[*ast.Expr]int16 // register of the choice level at the start of a node
	call0   int16               // register of the level of the call itself
	params0 map[*variable]bool  // variables that are parameters by themselves
}

// variable is what the compiler knows of one variable.
type variable struct {
	name    string
	index   int
	home    int16
	given   bool // has a home
	seen    bool // has been assigned on every path to here
	chunk   int  // first chunk, -1 before any
	perm    bool // occurs in several chunks
	uses    int
	touched bool // the head marks it as touched when it assigns it
	head    int  // index among the head's variables, -1 if it is not there
}

func (c *clause) emit(i code.Instr) int {
	c.prog.Instrs = append(c.prog.Instrs, i)
	return c.pc() - 1
}

func (c *clause) pc() int { return c.prog.Base + len(c.prog.Instrs) }

func (c *clause) patch(at int) { c.prog.Instrs[at-c.prog.Base].Imm = uint64(c.pc()) }

func (c *clause) place(span diag.Span) {
	if n := len(c.prog.Spans); n > 0 && c.prog.Spans[n-1].PC == c.pc() {
		c.prog.Spans[n-1] = code.SpanEntry{PC: c.pc(), Span: span, Rule: c.name}
		return
	}
	c.prog.Spans = append(c.prog.Spans, code.SpanEntry{PC: c.pc(), Span: span, Rule: c.name})
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

// isConst returns the cell of a name that is a registered constant.
func (c *clause) isConst(name string) (code.Cell, bool) {
	k, ok := c.env.Constants[name]
	return k, ok
}

func (c *clause) variable(name string) *variable {
	v := c.vars[name]
	if v == nil {
		v = &variable{name: name, index: len(c.order), chunk: -1, head: -1}
		c.vars[name] = v
		c.order = append(c.order, v)
	}
	return v
}

// rule compiles one rule.
func (c *clause) rule(r *ast.Rule) error {
	pr, _ := c.prog.AddPred(r.Name, len(r.Params))
	cl := &code.Clause{Index: len(pr.Clauses), Span: r.NameAt, Name: r.Name, Frame: -1, Level: code.NoReg}
	pr.Clauses = append(pr.Clauses, cl)
	c.vars = map[string]*variable{}
	c.call0 = code.NoReg
	c.args = len(r.Params)
	for _, p := range r.Params {
		c.count(p.Term, 0)
		if p.Specializer != nil {
			c.count(p.Specializer, 0)
		}
	}
	for _, v := range c.order {
		v.head = v.index
	}
	heads := len(c.order)
	c.params0 = map[*variable]bool{}
	for _, p := range r.Params {
		if v := c.local(p.Term); v != nil {
			c.params0[v] = true
		}
	}
	body := bodyOf(r)
	c.analyse(body)
	if len(c.order) > maxRegisters {
		return diag.New(diag.Unsupported, r.NameAt, "rule %s has %d variables; at most %d are supported: split the rule", r.Name, len(c.order), maxRegisters)
	}
	c.nextX, c.maxX = c.args, c.args
	c.assignHomes(r, cl, body)
	c.params(cl, r)
	cl.Vars = heads
	c.place(r.NameAt)
	cl.Head = c.pc()
	c.head(cl, r)
	cl.Body = c.pc()
	for _, v := range c.order[:heads] {
		v.seen = true
	}
	c.levels = map[*ast.Expr]int16{}
	if c.frame {
		cl.Frame = c.slots
	}
	c.body(body)
	if c.frame { // slots for choice levels were added while compiling the body
		cl.Frame = c.slots
		c.patchFrame(cl)
	}
	cl.Homes = make([]int16, heads)
	for i, v := range c.order[:heads] {
		cl.Homes[i] = code.NoReg
		if v.given {
			cl.Homes[i] = v.home
		}
	}
	c.prog.MaxX = max(c.prog.MaxX, c.maxX)
	return nil
}

func (c *clause) patchFrame(cl *code.Clause) {
	for i := cl.Head - c.prog.Base; i < cl.Body-c.prog.Base; i++ {
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
	c.vars = map[string]*variable{}
	c.call0 = code.NoReg
	c.levels = map[*ast.Expr]int16{}
	c.frame = true
	top, ok := goal.(*ast.Expr)
	if !ok || top.Op != ast.And {
		top = &ast.Expr{Pos: ast.Pos{At: goal.Span()}, Op: ast.And, Args: []ast.Term{goal}}
	}
	c.analyse(top)
	if len(c.order) > maxRegisters {
		return diag.New(diag.Unsupported, goal.Span(), "the query has %d variables; at most %d are supported", len(c.order), maxRegisters)
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
	c.emit(code.Instr{Op: code.OpSolution})
	c.prog.Instrs[alloc-c.prog.Base].Imm = uint64(c.slots)
	c.prog.MaxX = c.maxX
	return nil
}

// assignHomes gives permanent variables a slot and the others a register: a variable that is a parameter by itself keeps the
// argument's register, unless a call in the body may overwrite it before its last use.
func (c *clause) assignHomes(r *ast.Rule, cl *code.Clause, body *ast.Expr) {
	for _, v := range c.order {
		if v.perm {
			v.home, v.given = c.slot(), true
		}
	}
	c.directHomes(r, cl, body)
	earlier := map[*variable]int{} // variables of the parameters before: they are assigned before this argument is read
	for i, p := range r.Params {
		if v := c.local(p.Term); v != nil && !v.given && v.uses > 1 && earlier[v] == 0 {
			v.home, v.given = int16(i), true
		}
		c.occurrences(p.Term, earlier)
		if p.Specializer != nil {
			c.occurrences(p.Specializer, earlier)
		}
	}
	for _, v := range c.order {
		if !v.given && v.uses > 1 {
			v.home, v.given = c.temp(), true
		}
	}
}

// count notes the occurrences of variables in a term within a chunk.
func (c *clause) count(t ast.Term, chunk int) {
	c.eachVariable(t, func(name string) {
		v := c.variable(name)
		v.uses++
		if v.chunk < 0 {
			v.chunk = chunk
		} else if v.chunk != chunk {
			v.perm = true
		}
	})
}

// eachVariable calls visit for every occurrence of a variable in a term, in reading order. Registered constants are none.
func (c *clause) eachVariable(t ast.Term, visit func(name string)) {
	switch t := t.(type) {
	case *ast.Var:
		if _, ok := c.isConst(t.Name); !ok {
			visit(t.Name)
		}
	case *ast.List:
		for _, x := range t.Items {
			c.eachVariable(x, visit)
		}
		if t.Rest != nil {
			c.eachVariable(t.Rest, visit)
		}
	case *ast.Dict:
		c.eachInFields(t.Fields, visit)
	case *ast.Class:
		c.eachInFields(t.Fields, visit)
	case *ast.Call:
		for _, x := range t.Args {
			c.eachVariable(x, visit)
		}
		c.eachInFields(t.Kwargs, visit)
	case *ast.Expr:
		for _, x := range t.Args {
			c.eachVariable(x, visit)
		}
	}
}

func (c *clause) eachInFields(fs []ast.Field, visit func(name string)) {
	for _, f := range fs {
		c.eachVariable(f.Value, visit)
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

// Mode bits and quick tests of a parameter come from params.go; goals from goals.go; terms from terms.go.

// summarise fills what a predicate knows over all its clauses.
func summarise(p *code.Program, pr *code.Pred) {
	for i := range pr.Params {
		ids := map[string]int{}
		for _, cl := range pr.Clauses {
			if s := cl.Params[i].Spec; s != nil {
				k := patternKey(p, s)
				if ids[k] == 0 {
					ids[k] = len(ids) + 1
				}
				cl.Params[i].SpecID = ids[k]
			}
		}
	}
	pr.Order = staticOrder(pr)
}

// maxSignatures bounds the tuples of specializers for which a static order is looked for; the check is cubic.
const maxSignatures = 48

// staticOrder returns the order of a predicate's clauses by specificity if it is the same for all arguments, else nil. It
// is the same when no two clauses are told apart by the class of an argument, and when "more specific" is a strict weak
// order, so that leaving clauses out never changes the order of the others.
func staticOrder(pr *code.Pred) []int32 {
	sigOf := make([]int, len(pr.Clauses))
	var sigs []*code.Clause
	index := map[string]int{}
	var b strings.Builder
	for i, cl := range pr.Clauses {
		b.Reset()
		for _, x := range cl.Params {
			b.WriteString(strconv.Itoa(x.SpecID))
			b.WriteByte(',')
		}
		s, ok := index[b.String()]
		if !ok {
			if len(sigs) == maxSignatures {
				return nil
			}
			s = len(sigs)
			index[b.String()] = s
			sigs = append(sigs, cl)
		}
		sigOf[i] = s
	}
	n := len(sigs)
	more := make([][]bool, n)
	for i := range more {
		more[i] = make([]bool, n)
		for j := range more[i] {
			m, static := code.MoreSpecific(sigs[i], sigs[j])
			if !static {
				return nil
			}
			more[i][j] = m
		}
	}
	rank, ok := ranks(more)
	if !ok {
		return nil
	}
	order := make([]int32, len(pr.Clauses))
	for i := range order {
		order[i] = int32(i)
	}
	sort.SliceStable(order, func(a, b int) bool { return rank[sigOf[order[a]]] < rank[sigOf[order[b]]] })
	return order
}

// ranks returns the rank of each element if the relation is a strict weak order.
func ranks(more [][]bool) ([]int, bool) {
	n := len(more)
	rank := make([]int, n)
	for i := range n {
		for j := range n {
			if more[j][i] {
				rank[i]++
			}
		}
	}
	for i := range n {
		for j := range n {
			if more[i][j] != (rank[i] < rank[j]) {
				return nil, false
			}
		}
	}
	return rank, true
}

// patternKey is equal for specializers of equal structure: variable names count, numbers compare by value.
func patternKey(p *code.Program, pt *code.Pattern) string {
	var b strings.Builder
	writePattern(&b, pt)
	return b.String()
}

func writePattern(b *strings.Builder, pt *code.Pattern) {
	b.WriteString(strconv.Itoa(int(pt.Kind)))
	b.WriteString(pt.Tag)
	switch pt.Kind {
	case code.PTerm, code.PVar:
		writeTemplate(b, pt.Term)
	case code.PList:
		b.WriteByte('[')
		for _, x := range pt.Items {
			writePattern(b, x)
			b.WriteByte(',')
		}
		if pt.Rest != nil {
			writeTemplate(b, pt.Rest)
		}
		b.WriteByte(']')
	default:
		b.WriteByte('{')
		for _, f := range pt.Fields {
			b.WriteString(strconv.Quote(f.Key))
			writePattern(b, f.Pattern)
			b.WriteByte(',')
		}
		b.WriteByte('}')
	}
}

func writeTemplate(b *strings.Builder, t *code.Template) {
	switch t.Kind {
	case code.TConst:
		b.WriteString("k" + t.Label)
	case code.TVar:
		b.WriteString("v" + t.Label)
	case code.TList:
		b.WriteByte('[')
		for _, x := range t.Items {
			writeTemplate(b, x)
			b.WriteByte(',')
		}
		if t.Rest != nil {
			b.WriteByte('*')
			writeTemplate(b, t.Rest)
		}
		b.WriteByte(']')
	case code.TDict:
		b.WriteByte('{')
		for i, x := range t.Items {
			b.WriteString(strconv.FormatUint(uint64(t.Keys[i]), 10))
			writeTemplate(b, x)
			b.WriteByte(',')
		}
		b.WriteByte('}')
	}
}
