package compiler

import (
	"slices"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
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

// maxRegisters bounds the variables of one rule, the arguments of one call, and all registers that a rule takes for them and
// for what it computes, because an operand has 16 bits.
const maxRegisters = 30000

// Policy compiles rules into a program that already holds the atoms, classes and constants of the registry. The error, if any,
// is a *diag.Error for a rule that is too large.
func Policy(p *code.Program, rules []*ast.Rule, env *Env) error {
	c := New(p, env)
	for _, r := range rules {
		c.Declare(r.Name, len(r.Params))
	}
	for _, r := range rules {
		if err := c.Rule(r); err != nil {
			return err
		}
	}
	c.Finish()
	return nil
}

// Compiler compiles the rules of a policy: first all that there will be are declared, then each is compiled, in the same order.
// It keeps nothing of a rule.
type Compiler struct {
	clause clause
	before sizes               // of the program in the beginning
	kept   map[*code.Pred]bool // predicates that had their code then
	last   *code.Pred
	left   int         // rules declared and not compiled
	done   int         // rules compiled
	cells  []code.Cell // of the literals of the rule that is filled in
	spare  lists
}

// New returns a compiler into a program. Predicates that have clauses there already keep them.
func New(p *code.Program, env *Env) *Compiler {
	c := &Compiler{clause: clause{made: &parts{}}, kept: map[*code.Pred]bool{}}
	c.Begin(p, env)
	return c
}

// Begin makes the compiler as New returns it, but for memory that is used again.
func (c *Compiler) Begin(p *code.Program, env *Env) {
	c.clause.reset("")
	c.clause.prog, c.clause.base, c.clause.env = p, p, env
	c.clause.made = c.clause.made.again()
	clear(c.kept)
	*c = Compiler{clause: c.clause, before: sizesOf(p), kept: c.kept, cells: c.cells[:0], spare: c.spare}
	c.spare.lend(p)
	for _, pr := range p.Preds {
		if len(pr.Clauses) > 0 || pr.Facts != nil {
			c.kept[pr] = true
		}
	}
	for _, name := range env.Actors {
		p.Unions[0] = append(p.Unions[0], p.AddClass(name))
	}
	for _, name := range env.Resources {
		p.Unions[1] = append(p.Unions[1], p.AddClass(name))
	}
}

// Declare announces a rule.
func (c *Compiler) Declare(name string, arity int) {
	if !c.kept[c.pred(name, arity)] {
		c.left++
	}
}

// Keeps reports whether the rules of a predicate need not be compiled, since it keeps its code.
func (c *Compiler) Keeps(name string, arity int) bool { return c.kept[c.pred(name, arity)] }

func (c *Compiler) pred(name string, arity int) *code.Pred {
	if pr := c.last; pr == nil || pr.Name != name || pr.Arity != arity {
		c.last, _ = c.clause.prog.AddPred(name, arity)
		c.clause.prog.Define(name)
	}
	return c.last
}

// Rule compiles a rewritten rule, unless its predicate keeps its code.
func (c *Compiler) Rule(r *ast.Rule) error {
	if c.Keeps(r.Name, len(r.Params)) {
		return nil
	}
	c.begin()
	c.clause.reset(r.Name)
	return c.clause.rule(c.last, r)
}

// begin counts a rule that is about to be compiled.
func (c *Compiler) begin() {
	if c.done++; c.done == sample {
		makeRoom(c.clause.prog, c.before, c.left/sample)
	}
	c.left--
}

// Finish ends the policy.
func (c *Compiler) Finish() {
	p := c.clause.prog
	for _, pr := range p.Preds {
		if !c.kept[pr] {
			summarise(p, pr)
		}
	}
	c.spare.takeBack(p)
}

// lists are memory for those lists of a program that grow with each rule. A small program gets copies of the right length in the end.
type lists struct {
	instrs            []code.Instr
	marks, paramMarks []code.Mark
	patterns          []*code.Pattern
	lent              bool
}

// maxSpare bounds what is kept for the next program: the instructions of one whose lists are copied, and the entries of tables.
const maxSpare = 4096

// lend makes an empty program write into the spare lists.
func (s *lists) lend(p *code.Program) {
	if s.lent = len(p.Instrs) == code.PCStart && len(p.Marks)+len(p.ParamMarks)+len(p.Patterns) == 0; !s.lent {
		return
	}
	p.Instrs = append(s.instrs[:0], p.Instrs...)
	p.Marks, p.ParamMarks, p.Patterns = s.marks[:0], s.paramMarks[:0], s.patterns[:0]
	s.instrs, s.marks, s.paramMarks, s.patterns = nil, nil, nil, nil
}

// takeBack ends that: a program that has grown large keeps the lists, which are mostly its own then.
func (s *lists) takeBack(p *code.Program) {
	if !s.lent || len(p.Instrs) > maxSpare {
		return
	}
	s.instrs, s.marks, s.paramMarks, s.patterns = p.Instrs, p.Marks, p.ParamMarks, p.Patterns
	p.Instrs, p.Marks, p.ParamMarks, p.Patterns = slices.Clone(p.Instrs), slices.Clone(p.Marks), slices.Clone(p.ParamMarks), slices.Clone(p.Patterns)
	clear(s.patterns) // they belong to the program
}

// sample is the number of rules that show how much code the others will have.
const sample = 64

// sizes are the lengths of a program's lists.
type sizes struct{ instrs, marks, paramMarks, patterns int }

func sizesOf(p *code.Program) sizes {
	return sizes{len(p.Instrs), len(p.Marks), len(p.ParamMarks), len(p.Patterns)}
}

// makeRoom makes room for a number of times what has been added since before, so that long lists are not copied as they grow.
func makeRoom(p *code.Program, before sizes, times int) {
	now := sizesOf(p)
	more := func(now, then int) int { return (now - then) * times * 9 / 8 }
	p.Instrs = slices.Grow(p.Instrs, more(now.instrs, before.instrs))
	p.Marks = slices.Grow(p.Marks, more(now.marks, before.marks))
	p.ParamMarks = slices.Grow(p.ParamMarks, more(now.paramMarks, before.paramMarks))
	p.Patterns = slices.Grow(p.Patterns, more(now.patterns, before.patterns))
}

// Query compiles a rewritten query against a policy's program.
func Query(policy *code.Program, goal ast.Term, env *Env) (*code.Program, error) {
	q := code.NewProgram(code.QueryBase)
	q.Policy = policy
	c := clause{prog: q, base: policy, env: env, made: &parts{}, query: true}
	if err := c.queryBody(goal); err != nil {
		return nil, err
	}
	return q, nil
}
