package code

import "strings"

// maxNesting bounds the nesting of constants, templates and patterns: the parser's bound, and room for what rewriting adds.
const maxNesting = 4000

// constant checks a constant cell: its tag, and what it refers to.
func (v *verifier) constant(c Cell, where string, depth int) bool {
	i := c.Index()
	pool := i&PoolBit != 0
	i &^= PoolBit
	switch c.Tag() {
	case INT, NIL:
		return true
	case BOOL:
		if c == True || c == False {
			return true
		}
	case ATOM:
		if i < len(v.policy.Atoms) && !pool {
			return true
		}
	case STR:
		if v.p != v.policy && i < len(v.p.Strings) && !pool {
			return true
		}
	case HOST:
		if pool && i < len(v.policy.HostConsts) {
			return true
		}
	case BIG, FLT:
		if _, ok := v.word(i); ok && pool {
			return true
		}
	case CLIST:
		if !pool {
			return v.constList(i, where, depth)
		}
	case DICT:
		return pool && v.constDict(i, where, depth) || v.failf("%s: a dictionary at %d of the heap", where, i)
	}
	return v.failf("%s: cell %#x is no constant", where, uint64(c))
}

// word reads the pool, the policy's and behind it the query's.
func (v *verifier) word(i int) (Cell, bool) {
	switch n := len(v.policy.Pool); {
	case i < 0:
		return 0, false
	case i < n:
		return v.policy.Pool[i], true
	case v.p != v.policy && i-n < len(v.p.Pool):
		return v.p.Pool[i-n], true
	}
	return 0, false
}

// visit notes that a constant of the pool has been checked, and reports whether it had been before. Constants are built
// inside out, so that what a constant refers to stands before it: nothing in the pool can be cyclic.
func (v *verifier) visit(i int) bool {
	if v.pooled == nil {
		v.pooled = map[int]bool{}
	}
	seen := v.pooled[i]
	v.pooled[i] = true
	return seen
}

func (v *verifier) constList(i int, where string, depth int) bool {
	if depth > maxNesting {
		return v.failf("%s: constants nested too deeply", where)
	}
	if v.visit(i) {
		return true
	}
	for at := i; ; at++ {
		c, ok := v.word(at)
		switch {
		case !ok:
			return v.failf("%s: the constant list at %d has no end", where, i)
		case c == ListEnd:
			return at > i || v.failf("%s: the constant list at %d is empty", where, i)
		case !v.element(c, i, where, depth):
			return false
		}
	}
}

func (v *verifier) constDict(i int, where string, depth int) bool {
	size, ok := v.word(i)
	ok = ok && uint64(size) < PoolBit // before it is narrowed to an int, which may have 32 bits
	n := int(size)
	if _, fits := v.word(i + 2*n); !ok || n < 0 || n > i+2*n || !fits {
		return v.failf("%s: the constant dictionary at %d does not fit the pool", where, i)
	}
	if depth > maxNesting {
		return v.failf("%s: constants nested too deeply", where)
	}
	if v.visit(i) {
		return true
	}
	keys := make([]Cell, n)
	for k := range n {
		keys[k], _ = v.word(i + 1 + k)
		value, _ := v.word(i + 1 + n + k)
		if !v.element(value, i, where, depth) {
			return false
		}
	}
	return v.keys(keys, where)
}

// element checks a part of the constant at address i.
func (v *verifier) element(c Cell, i int, where string, depth int) bool {
	if t := c.Tag(); (t == CLIST || t == DICT) && c.Index()&^PoolBit >= i {
		return v.failf("%s: the constant at %d refers to one behind it", where, i)
	}
	return v.constant(c, where, depth+1)
}

// keys checks that the keys of a dictionary are strings in ascending order.
func (v *verifier) keys(keys []Cell, where string) bool {
	for i, k := range keys {
		if t := k.Tag(); t != ATOM && t != STR || !v.constant(k, where, 0) {
			return v.failf("%s: the key %#x of a dictionary is no string", where, uint64(k))
		}
		if i > 0 && strings.Compare(v.text(keys[i-1]), v.text(k)) >= 0 {
			return v.failf("%s: the keys of a dictionary are not in order at %q", where, v.text(k))
		}
	}
	return true
}

// text reads a string that has been checked.
func (v *verifier) text(c Cell) string {
	if c.Tag() == ATOM {
		return v.policy.Atoms[c.Index()]
	}
	return v.p.Strings[c.Index()]
}

// template checks a template whose variables are numbered below vars.
func (v *verifier) template(t *Template, vars int, where string, depth int) {
	switch {
	case t == nil || depth > maxNesting:
		v.failf("%s: a template is missing or nested too deeply", where)
		return
	case v.err != nil:
		return
	}
	switch t.Kind {
	case TConst:
		v.constant(t.Cell, where, 0)
	case TVar:
		if t.Var < 0 || t.Var >= vars {
			v.failf("%s: variable %d of %d", where, t.Var, vars)
		}
	case TList, TDict:
		if t.Kind == TDict && (len(t.Keys) != len(t.Items) || t.Rest != nil || !v.keys(t.Keys, where)) {
			v.failf("%s: a dictionary of %d keys and %d values", where, len(t.Keys), len(t.Items))
		}
		for _, x := range t.Items {
			v.template(x, vars, where, depth+1)
		}
		if t.Rest != nil {
			v.template(t.Rest, vars, where, depth+1)
		}
	default:
		v.failf("%s: a template of kind %d", where, t.Kind)
	}
}

// pattern checks a pattern whose variables are numbered below vars.
func (v *verifier) pattern(p *Pattern, vars int, where string, depth int) {
	switch {
	case p == nil || depth > maxNesting:
		v.failf("%s: a pattern is missing or nested too deeply", where)
		return
	case v.err != nil:
		return
	}
	switch p.Kind {
	case PTerm, PVar:
		v.template(p.Term, vars, where, depth)
		if v.err == nil && p.Kind == PVar && p.Term.Kind != TVar {
			v.failf("%s: a pattern's variable is none", where)
		}
	case PUnion:
		if p.Class < 0 || p.Class > 1 {
			v.failf("%s: union %d", where, p.Class)
		}
	case PClass:
		v.class(p.Class, where)
		v.fields(p, vars, where, depth)
	case PDict:
		v.fields(p, vars, where, depth)
	case PList:
		for _, x := range p.Items {
			v.pattern(x, vars, where, depth+1)
		}
		if p.Rest != nil {
			v.template(p.Rest, vars, where, depth+1)
		}
	default:
		v.failf("%s: a pattern of kind %d", where, p.Kind)
	}
}

func (v *verifier) fields(p *Pattern, vars int, where string, depth int) {
	for i, f := range p.Fields {
		if !v.keys([]Cell{f.Atom}, where) {
			return
		}
		if v.text(f.Atom) != f.Key || i > 0 && p.Fields[i-1].Key <= f.Key {
			v.failf("%s: the fields of a pattern are not in order at %q", where, f.Key)
		}
		v.pattern(f.Pattern, vars, where, depth+1)
	}
}
