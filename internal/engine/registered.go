package engine

import (
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/compiler"
	"github.com/goso-project/goso/internal/rewrite"
	"github.com/goso-project/goso/internal/wam"
)

// registered is what a registry means to policies compiled under it. It is immutable.
type registered struct {
	registry *Registry
	prog     *code.Program // knows the classes and constants, and nothing else
	env      compiler.Env  // without the members of unions
	values   []wam.Value   // of constants that are objects of the host
	classes  *wam.Classes
	names    *rewrite.Names
	known    *knownNames
	empty    func() *state // of the policy without rules, compiled when it is first asked for
}

// register works out what a registry means.
func register(reg *Registry) *registered {
	if reg == nil {
		reg = &Registry{}
	}
	r := &registered{registry: reg, prog: code.NewProgram(0), known: namesOf(reg)}
	r.empty = sync.OnceValue(func() *state {
		st, _ := compile(EmptyPolicy(), r, nil, nil) // an empty policy compiles
		return st
	})
	r.values = r.declare(r.prog, &r.env)
	r.names = &rewrite.Names{Reserved: func(name string) bool { _, found := r.env.Constants[name]; return found }}
	shapes := make([]wam.Shape, len(reg.Shapes))
	for i, s := range reg.Shapes {
		shapes[i] = s.Ranks
	}
	r.classes = wam.NewClasses(r.prog.Classes, shapes, r.known.ancestors)
	return r
}

// declare tells a program of the classes and constants. It returns the values of those that are objects of the host.
func (r *registered) declare(prog *code.Program, env *compiler.Env) []wam.Value {
	reg := r.registry
	env.Constants = make(map[string]code.Cell, len(reg.Constants))
	env.ClassNames = make(map[string]bool, len(reg.Classes))
	for _, c := range reg.Classes {
		prog.AddClass(c.Name)
		env.ClassNames[c.Name] = true
	}
	k := constants{prog: prog}
	for _, name := range slices.Sorted(maps.Keys(reg.Constants)) {
		env.Constants[name] = k.cell(name, reg.Constants[name], 0)
	}
	return k.instances
}

// begin returns a program that knows the registry, what its constants are, and the values of those. Literals is a program whose
// strings and constants keep their numbers, nil for none.
func (r *registered) begin(literals *code.Program) (*code.Program, *compiler.Env, []wam.Value) {
	env := r.env
	if literals == nil {
		return r.prog.Begin(), &env, r.values
	}
	prog := literals.Literals()
	values := r.declare(prog, &env)
	return prog, &env, values
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

// unreadable stands for a part of a constant that the host cannot convert. It equals nothing, not even nil.
type unreadable struct{ name string }

// element converts a part of a constant.
func (k *constants) element(name string, i int, at func(int) (wam.Value, error), depth int) code.Cell {
	name += "[" + strconv.Itoa(i) + "]"
	v, err := at(i)
	if err != nil {
		v = wam.InstanceValue(unreadable{name}, 0)
	}
	c := k.cell(name, v, depth+1)
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
