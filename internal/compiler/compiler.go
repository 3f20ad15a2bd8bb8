package compiler

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/slab"
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

// Policy compiles rules into a program that already holds the atoms, classes and constants of the registry. Predicates that
// have clauses there already keep them. The error, if any, is a *diag.Error for a rule that is too large.
func Policy(p *code.Program, rules []*ast.Rule, env *Env) error {
	kept := map[*code.Pred]bool{}
	for _, pr := range p.Preds {
		kept[pr] = len(pr.Clauses) > 0 || pr.Facts != nil
	}
	for _, c := range env.Actors {
		p.Unions[0] = append(p.Unions[0], p.AddClass(c))
	}
	for _, c := range env.Resources {
		p.Unions[1] = append(p.Unions[1], p.AddClass(c))
	}
	for i, r := range rules {
		if i > 0 && r.Name == rules[i-1].Name && len(r.Params) == len(rules[i-1].Params) {
			continue
		}
		p.AddPred(r.Name, len(r.Params))
		p.Define(r.Name)
	}
	c := clause{prog: p, base: p, env: env}
	var pr *code.Pred
	compiled, before := 0, *p
	for i, r := range rules {
		if pr == nil || pr.Name != r.Name || pr.Arity != len(r.Params) {
			pr, _ = p.AddPred(r.Name, len(r.Params))
		}
		if kept[pr] {
			continue
		}
		if compiled++; compiled == sample {
			makeRoom(p, &before, (len(rules)-i)/sample)
		}
		c.reset(r.Name)
		if err := c.rule(pr, r); err != nil {
			return err
		}
	}
	for _, pr := range p.Preds {
		if !kept[pr] {
			summarise(p, pr)
		}
	}
	return nil
}

// sample is the number of rules that show how much code the others will have.
const sample = 64

// makeRoom makes room for a number of times what has been added since before, so that long lists are not copied as they grow.
func makeRoom(p, before *code.Program, times int) {
	more := func(now, then int) int { return (now - then) * times * 9 / 8 }
	p.Instrs = slices.Grow(p.Instrs, more(len(p.Instrs), len(before.Instrs)))
	p.Marks = slices.Grow(p.Marks, more(len(p.Marks), len(before.Marks)))
	p.ParamMarks = slices.Grow(p.ParamMarks, more(len(p.ParamMarks), len(before.ParamMarks)))
	p.Patterns = slices.Grow(p.Patterns, more(len(p.Patterns), len(before.Patterns)))
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

// clause is the state of compiling one rule or query. One is used for all rules of a policy, one after the other.
type clause struct {
	prog  *code.Program // receives the code
	base  *code.Program // the policy: predicates, atoms, classes
	env   *Env
	made  parts
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

	at     int                 // address of the parameter whose specializer is being compiled, else 0
	levels map[*ast.Expr]int16 // register of the choice level at the start of a node
	call0  int16               // register of the level of the call itself
}

// parts hands out what clauses consist of.
type parts struct {
	clauses   slab.Of[code.Clause]
	templates slab.Of[code.Template]
	patterns  slab.Of[code.Pattern]
	params    slab.Of[code.Param]
	quicks    slab.Of[code.Quick]
	homes     slab.Of[int16]

	spare []*variable  // of earlier clauses
	quick []code.Quick // of the clause being compiled
	known []bool       // scratch of params
	// Templates of constants and variables occur again and again, and never change: constants by cell, variables by name for
	// each number.
	constants map[code.Cell]*code.Template
	numbered  []map[string]*code.Template
}

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

func (c *clause) place(span diag.Span) {
	m := c.prog.NewMark(c.pc(), span, c.name)
	if n := len(c.prog.Marks); n > 0 && c.prog.Marks[n-1].PC == m.PC {
		c.prog.Marks[n-1] = m
		return
	}
	c.prog.Marks = slab.Append(c.prog.Marks, m)
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

// manyVariables is the number of variables from which a map finds one faster than a look through all.
const manyVariables = 16

// find returns the variable of a name, nil if the rule has none so far.
func (c *clause) find(name string) *variable {
	v := c.byName[name]
	if c.byName == nil {
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

// rule compiles one rule.
func (c *clause) rule(pr *code.Pred, r *ast.Rule) error {
	cl := c.made.clauses.New()
	*cl = code.Clause{Index: len(pr.Clauses), Span: r.NameAt, Name: r.Name, Frame: -1, Level: code.NoReg}
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
	if len(c.order) > maxRegisters {
		return diag.New(diag.Unsupported, r.NameAt, "rule %s has %d variables; at most %d are supported: split the rule", r.Name, len(c.order), maxRegisters)
	}
	c.nextX, c.maxX = c.args, c.args
	c.assignHomes(r, cl, body)
	c.params(cl, pr, r)
	c.later, c.laterAt = c.testedLater(r, cl, body)
	cl.Vars = heads
	c.place(r.NameAt)
	cl.Head = c.pc()
	c.head(cl, r)
	cl.Body = c.pc()
	for _, v := range c.order[:heads] {
		v.seen = true
	}
	if c.frame {
		cl.Frame = c.slots
	}
	c.body(body)
	c.scans(cl.Body)
	if c.frame { // slots for choice levels were added while compiling the body
		cl.Frame = c.slots
		c.patchFrame(cl)
	}
	cl.Homes = c.made.homes.Slice(heads)
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
	c.call0 = code.NoReg
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
	for i, p := range r.Params {
		// Variables of the parameters before are assigned before this argument is read.
		if v := c.local(p.Term); v != nil && !v.given && v.uses > 1 && !v.met {
			v.home, v.given = int16(i), true
		}
		c.meet(p.Term)
		c.meet(p.Specializer)
	}
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

// summarise fills what a predicate knows over all its clauses.
func summarise(p *code.Program, pr *code.Pred) {
	n := 0
	for _, cl := range pr.Clauses {
		n += len(cl.Params)
	}
	if n == 0 {
		pr.Order = staticOrder(pr)
		return
	}
	for i := range pr.Params {
		classes, others := map[int]int{}, map[string]int{} // plain classes by number, all else by structure
		for _, cl := range pr.Clauses {
			s := cl.Params[i].Spec
			switch {
			case s == nil:
			case s.Kind == code.PClass && len(s.Fields) == 0:
				id := classes[s.Class]
				if id == 0 {
					id = len(classes) + len(others) + 1
					classes[s.Class] = id
				}
				cl.Params[i].SpecID = id
			default:
				k := patternKey(p, s)
				id := others[k]
				if id == 0 {
					id = len(classes) + len(others) + 1
					others[k] = id
				}
				cl.Params[i].SpecID = id
			}
		}
	}
	pr.Order = staticOrder(pr)
}

// maxSignatures bounds the tuples of specializers for which a static order is looked for; the check is cubic.
const maxSignatures = 48

// signatures numbers the tuples of specializers of a predicate's clauses in order of appearance. It returns the number of
// each clause's tuple, and one clause for each tuple; false if there are too many of them.
func signatures(pr *code.Pred) (sigOf []int32, sigs []*code.Clause, ok bool) {
	sigOf = make([]int32, len(pr.Clauses))
	byHash := map[uint64]int32{} // the first of a hash; tuples of equal hash are compared
	for i, cl := range pr.Clauses {
		h := uint64(0)
		for k := range cl.Params {
			h = (h ^ uint64(cl.Params[k].SpecID)) * 0x9E3779B97F4A7C15
		}
		s, found := byHash[h]
		if found && !sameSpecializers(cl, sigs[s]) {
			return nil, nil, false // never in practice, and giving up is no error
		}
		if !found {
			if len(sigs) == maxSignatures {
				return nil, nil, false
			}
			s = int32(len(sigs))
			byHash[h] = s
			sigs = append(sigs, cl)
		}
		sigOf[i] = s
	}
	return sigOf, sigs, true
}

func sameSpecializers(a, b *code.Clause) bool {
	for i := range a.Params {
		if a.Params[i].SpecID != b.Params[i].SpecID {
			return false
		}
	}
	return true
}

// staticOrder returns the order of a predicate's clauses by specificity if it is the same for all arguments, else nil. It
// is the same when no two clauses are told apart by the class of an argument, and when "more specific" is a strict weak
// order, so that leaving clauses out never changes the order of the others.
func staticOrder(pr *code.Pred) []int32 {
	sigOf, sigs, ok := signatures(pr)
	if !ok {
		return nil
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
	// Ranks are numbers of signatures: counting sorts, and keeps source order within a rank.
	starts := make([]int, n+1)
	for _, s := range sigOf {
		starts[rank[s]+1]++
	}
	for i := range n {
		starts[i+1] += starts[i]
	}
	order := make([]int32, len(pr.Clauses))
	for i, s := range sigOf {
		r := rank[s]
		order[starts[r]] = int32(i)
		starts[r]++
	}
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
	k := keyWriter{p: p}
	k.pattern(pt)
	return k.b.String()
}

// keyWriter writes what specializers of equal structure have in common.
type keyWriter struct {
	p *code.Program
	b strings.Builder
}

func (k *keyWriter) pattern(pt *code.Pattern) {
	k.b.WriteString(strconv.Itoa(int(pt.Kind)))
	k.b.WriteString(pt.Tag)
	switch pt.Kind {
	case code.PTerm, code.PVar:
		k.template(pt.Term)
	case code.PList:
		k.b.WriteByte('[')
		for _, x := range pt.Items {
			k.pattern(x)
			k.b.WriteByte(',')
		}
		if pt.Rest != nil {
			k.template(pt.Rest)
		}
		k.b.WriteByte(']')
	default:
		k.b.WriteByte('{')
		for _, f := range pt.Fields {
			k.b.WriteString(strconv.Quote(f.Key))
			k.pattern(f.Pattern)
			k.b.WriteByte(',')
		}
		k.b.WriteByte('}')
	}
}

func (k *keyWriter) template(t *code.Template) {
	switch t.Kind {
	case code.TConst:
		if t.Label != "" { // a registered constant equals no literal
			k.b.WriteString("=" + t.Label)
			return
		}
		k.cell(t.Cell)
	case code.TVar:
		k.b.WriteString("v" + t.Label)
	case code.TList:
		k.b.WriteByte('[')
		for _, x := range t.Items {
			k.template(x)
			k.b.WriteByte(',')
		}
		if t.Rest != nil {
			k.b.WriteByte('*')
			k.template(t.Rest)
		}
		k.b.WriteByte(']')
	case code.TDict:
		k.b.WriteByte('{')
		for i, x := range t.Items {
			k.cell(t.Keys[i])
			k.template(x)
			k.b.WriteByte(',')
		}
		k.b.WriteByte('}')
	}
}

// cell writes a constant. An integer and the float of the same value are written alike.
func (k *keyWriter) cell(c code.Cell) {
	switch c.Tag() {
	case code.INT:
		k.b.WriteString(strconv.FormatInt(c.Int(), 10))
	case code.BIG:
		k.b.WriteString(strconv.FormatInt(int64(k.pool(c.Index())), 10))
	case code.FLT:
		k.b.WriteString(floatKey(code.BitsFloat(k.pool(c.Index()))))
	case code.CLIST:
		k.b.WriteByte('[')
		for i := c.Index(); k.p.Pool[i] != code.ListEnd; i++ {
			k.cell(k.p.Pool[i])
			k.b.WriteByte(',')
		}
		k.b.WriteByte(']')
	case code.DICT:
		at := c.Index() &^ code.PoolBit
		n := int(k.p.Pool[at])
		k.b.WriteByte('{')
		for i := range n {
			k.cell(k.p.Pool[at+1+i])
			k.b.WriteByte(':')
			k.cell(k.p.Pool[at+1+n+i])
			k.b.WriteByte(',')
		}
		k.b.WriteByte('}')
	default:
		k.b.WriteByte('#')
		k.b.WriteString(strconv.FormatUint(uint64(c), 16))
	}
}

func (k *keyWriter) pool(i int) code.Cell { return k.p.Pool[i&^code.PoolBit] }

func floatKey(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return strconv.FormatInt(int64(f), 10)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}
