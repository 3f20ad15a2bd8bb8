package engine

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/compiler"
	"github.com/goso-project/goso/internal/wam"
)

// state is everything a query depends on. It is immutable.
type state struct {
	*registered
	policy   *Policy
	snapshot *wam.Snapshot
	env      *compiler.Env
	allow    int // number of the predicate that decisions call, -1 if there is none

	rules  *rules // all that were compiled
	atoms  int    // strings of the program when it was last compiled as a whole
	kept   int    // predicates that kept the code of an earlier program
	filled int    // rules compiled by filling in a form
	// basis is the state that the next load may take code from, if it is not this one.
	basis *state
	// newer returns the registry that replaces this state's; nil if this one's is in force. See Engine.current.
	newer func() *Registry
}

// What decisions call, found without a look-up.
const (
	allowName  = "allow"
	allowArity = 3
)

// compile makes the state for a policy under a registry. Old may be nil; under the same registry, the new state takes over what
// has not changed. Unseen checks rules that nobody has read yet, nil if there are none.
func compile(p *Policy, under *registered, old *state, unseen *inspection) (*state, error) {
	if old != nil && old.rules.len() > 0 && old.registered == under && old.extends() && (p.literals == nil || p.seed == old.snapshot.Prog) {
		return extend(p, old, unseen)
	}
	rules, err := p.allRules(under.names.Reserved)
	if err != nil {
		return nil, err
	}
	prog, env, values := under.begin(p.literals)
	env.Actors, env.Resources = p.Actors, p.Resources
	st := &state{registered: under, policy: p, env: env, rules: rules}
	err = st.build(prog, values, unseen)
	st.atoms = len(prog.Atoms)
	return st, err
}

// emptied returns the state for a policy without rules under the same registry, in which the same is enabled.
func (st *state) emptied() *state {
	empty := *st.registered.empty()
	empty.policy = st.policy.emptied()
	return &empty
}

// extend is compile for a policy that replaces another one under the same registry.
func extend(p *Policy, old *state, unseen *inspection) (*state, error) {
	rules, err := p.allRules(old.names.Reserved)
	if err != nil {
		return nil, err
	}
	prog := old.extended(rules, p.Facts)
	if p.literals != nil {
		prog.UseLiterals(p.literals)
	}
	env := *old.env
	env.Actors, env.Resources = p.Actors, p.Resources
	st := &state{registered: old.registered, policy: p, env: &env, rules: rules, atoms: old.atoms}
	for _, pr := range prog.Preds {
		if len(pr.Clauses) > 0 {
			st.kept++
		}
	}
	return st, st.build(prog, old.snapshot.Constants, unseen)
}

// build compiles the policy into a program that may have some of its code already.
func (st *state) build(prog *code.Program, constants []wam.Value, unseen *inspection) error {
	for _, f := range st.policy.Facts {
		prog.AddFacts(f)
		prog.Define(f.Name)
	}
	if err := st.compileRules(prog, unseen); err != nil {
		return err
	}
	if err := verify(prog, nil); err != nil {
		return err
	}
	st.snapshot = wam.NewSnapshot(prog, constants, st.classes)
	if st.registry.LookupsRunCode {
		st.snapshot.Unsteady()
	}
	st.allow = prog.Pred(allowName, allowArity)
	return nil
}

// compileRules compiles the rules one after the other, with one tree in memory at a time.
func (st *state) compileRules(prog *code.Program, unseen *inspection) error {
	shop := unseen.workshop()
	c := shop.compilerInto(prog, st.env)
	for i := range st.rules.len() {
		p := st.rules.predicate(i)
		c.Declare(p.name, p.arity)
	}
	rd := shop.readerOf(st.rules)
	forms := shop.formsOf(c, st.rules, st.policy.formsFrom, unseen)
	for i := range st.rules.written {
		p := st.rules.predicate(i)
		keeps := c.Keeps(p.name, p.arity)
		if keeps && unseen == nil {
			continue
		}
		if !keeps && forms.fill(i) {
			st.filled++
			continue
		}
		r := rd.parsed(i)
		if unseen != nil && !unseen.right(i, r) {
			return errDoubtful
		}
		if !keeps {
			r = rd.rewriter.Rule(r)
			if (unseen == nil || unseen.plain) && forms.learn(i, r) {
				st.filled++
			} else if err := c.Rule(r); err != nil {
				return err
			}
		}
		rd.rewind()
	}
	for _, r := range st.rules.generated {
		if err := c.Rule(r); err != nil {
			return err
		}
	}
	c.Finish()
	return nil
}

// compileQuery makes a query from a rewritten term.
func (e *Engine) compileQuery(st *state, goal ast.Term) (*Query, error) {
	prog, err := st.compileQuery(goal)
	if err != nil {
		return nil, err
	}
	return e.queryOf(st, prog), nil
}

// compileQuery returns the verified code of a query.
func (st *state) compileQuery(goal ast.Term) (*code.Program, error) {
	prog, err := compiler.Query(st.snapshot.Prog, goal, st.env)
	if err == nil {
		err = verify(prog, st.snapshot.Prog)
	}
	if err != nil {
		return nil, err
	}
	return prog, nil
}

// queryOf returns a query of a compiled text.
func (e *Engine) queryOf(st *state, prog *code.Program) *Query {
	q := e.acquire(st)
	q.prog = prog
	q.m.StartQuery(prog)
	return q
}
