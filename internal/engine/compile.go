package engine

import (
	"maps"
	"slices"
	"strconv"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/compiler"
	"github.com/goso-project/goso/internal/rewrite"
	"github.com/goso-project/goso/internal/wam"
)

// state is everything a query depends on. It is immutable.
type state struct {
	policy   *Policy
	registry *Registry
	snapshot *wam.Snapshot
	env      *compiler.Env
	names    *rewrite.Names
	allow    int // number of the predicate that decisions call, -1 if there is none

	rules []*ast.Rule // all that were compiled
	atoms int         // strings of the program when it was last compiled as a whole
	kept  int         // predicates that kept the code of an earlier program
	// basis is the state that the next load may take code from, if it is not this one.
	basis *state
}

// What decisions call, found without a look-up.
const (
	allowName  = "allow"
	allowArity = 3
)

// compile makes the state for a policy and a registry. Old may be nil; with the same registry, the new state takes over what
// has not changed.
func compile(p *Policy, reg *Registry, old *state) (*state, error) {
	if reg == nil {
		reg = &Registry{}
	}
	if old != nil && len(old.rules) > 0 && old.registry == reg && old.extends() && (p.literals == nil || p.seed == old.snapshot.Prog) {
		return extend(p, old)
	}
	prog := code.NewProgram(0)
	if p.literals != nil {
		prog = p.literals.Literals()
	}
	env := &compiler.Env{Constants: map[string]code.Cell{}, ClassNames: map[string]bool{}, Actors: p.Actors, Resources: p.Resources}
	for _, c := range reg.Classes {
		prog.AddClass(c.Name)
		env.ClassNames[c.Name] = true
	}
	k := constants{prog: prog}
	for _, name := range slices.Sorted(maps.Keys(reg.Constants)) {
		env.Constants[name] = k.cell(name, reg.Constants[name], 0)
	}
	reserved := func(name string) bool { _, found := env.Constants[name]; return found }
	rules, err := p.allRules(reserved)
	if err != nil {
		return nil, err
	}
	st := &state{policy: p, registry: reg, env: env, names: &rewrite.Names{Reserved: reserved}, rules: rules}
	err = st.build(prog, k.instances)
	st.atoms = len(prog.Atoms)
	return st, err
}

// extend is compile for a policy that replaces another one under the same registry.
func extend(p *Policy, old *state) (*state, error) {
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
	st := &state{policy: p, registry: old.registry, env: &env, names: old.names, rules: rules, atoms: old.atoms}
	for _, pr := range prog.Preds {
		if len(pr.Clauses) > 0 {
			st.kept++
		}
	}
	return st, st.build(prog, old.snapshot.Constants)
}

// build compiles the policy into a program that may have some of its code already.
func (st *state) build(prog *code.Program, constants []wam.Value) error {
	for _, f := range st.policy.Facts {
		prog.AddFacts(f)
		prog.Define(f.Name)
	}
	if err := compiler.Policy(prog, st.rules, st.env); err != nil {
		return err
	}
	if err := verify(prog, nil); err != nil {
		return err
	}
	reg := st.registry
	ancestors := make(map[string][]string, len(reg.Classes))
	for _, c := range reg.Classes {
		ancestors[c.Name] = c.Ancestors
	}
	shapes := make([]wam.Shape, len(reg.Shapes))
	for i, s := range reg.Shapes {
		shapes[i] = s.Ranks
	}
	st.snapshot = wam.NewSnapshot(prog, constants, shapes, ancestors)
	if reg.LookupsRunCode {
		st.snapshot.Unsteady()
	}
	st.allow = prog.Pred(allowName, allowArity)
	return nil
}

// compileQuery makes a query from a rewritten term.
func (e *Engine) compileQuery(st *state, goal ast.Term) (*Query, error) {
	prog, err := compiler.Query(st.snapshot.Prog, goal, st.env)
	if err == nil {
		err = verify(prog, st.snapshot.Prog)
	}
	if err != nil {
		return nil, err
	}
	return e.queryOf(st, prog), nil
}

// queryOf returns a query of a compiled text.
func (e *Engine) queryOf(st *state, prog *code.Program) *Query {
	q := e.acquire(st)
	q.prog = prog
	q.m.StartQuery(prog)
	return q
}

// constants turns the values of registered constants into cells of a program.
type constants struct {
	prog      *code.Program
	instances []wam.Value
}

// maxConstDepth bounds the nesting of lists in a constant; what is deeper is opaque to policies.
const maxConstDepth = 1000

func (k *constants) cell(name string, v wam.Value, depth int) code.Cell {
	switch v.Kind {
	case wam.KindBool:
		return code.MakeBool(v.Bool())
	case wam.KindInt:
		if code.FitsInline(v.Int()) {
			return code.MakeInt(v.Int())
		}
		return code.Make(code.BIG, code.PoolBit|k.pool(code.Cell(v.N)))
	case wam.KindFloat:
		return code.Make(code.FLT, code.PoolBit|k.pool(code.Cell(v.N)))
	case wam.KindString:
		return code.Make(code.ATOM, k.prog.AddAtom(v.Str))
	case wam.KindList:
		if s, ok := v.Ref.(wam.Sequence); ok && depth < maxConstDepth {
			return k.list(name, s, depth)
		}
	case wam.KindDict:
		if d, ok := v.Ref.(wam.Mapping); ok && depth < maxConstDepth {
			return k.dict(name, d, depth)
		}
	}
	n := k.prog.AddHostConst(name)
	for len(k.instances) <= n {
		k.instances = append(k.instances, v)
	}
	return code.Make(code.HOST, code.PoolBit|n)
}

func (k *constants) pool(words ...code.Cell) int {
	k.prog.Pool = append(k.prog.Pool, words...)
	return len(k.prog.Pool) - len(words)
}

func (k *constants) list(name string, s wam.Sequence, depth int) code.Cell {
	if s.Len() == 0 {
		return code.EmptyLst
	}
	var cells []code.Cell
	for i := range s.Len() {
		cells = append(cells, k.element(name, i, s.At, depth))
	}
	return code.Make(code.CLIST, k.pool(append(cells, code.ListEnd)...))
}

// element converts a part of a constant. One that the host cannot convert is an opaque object, which equals nothing.
func (k *constants) element(name string, i int, at func(int) (wam.Value, error), depth int) code.Cell {
	v, err := at(i)
	if err != nil {
		v = wam.InstanceValue(nil, 0)
	}
	c := k.cell(name+"["+strconv.Itoa(i)+"]", v, depth+1)
	if c.Tag() == code.HOST {
		k.prog.HostData = true
	}
	return c
}

func (k *constants) dict(name string, d wam.Mapping, depth int) code.Cell {
	words := []code.Cell{code.Cell(d.Len())}
	for i := range d.Len() {
		words = append(words, code.Make(code.ATOM, k.prog.AddAtom(d.Key(i))))
	}
	for i := range d.Len() {
		words = append(words, k.element(name, i, d.At, depth))
	}
	return code.Make(code.DICT, code.PoolBit|k.pool(words...))
}
