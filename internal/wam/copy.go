package wam

import "github.com/goso-project/goso/internal/code"

// copier is a clause that copies an element of a list and calls its own predicate for the rest, as does
// app([x, *xs], ys, [x, *zs]) if app(xs, ys, zs). All that its calls change is two registers.
type copier struct {
	last int      // address of the call
	from int      // register of the list
	to   int      // register of the copy
	rest code.Tag // of the variable that a copy's rest is
}

// newCopier returns what the clause at an address, the only one of predicate n for pairs in register from, copies; nil if it
// does anything else.
func newCopier(prog *code.Program, n, head, from int) *copier {
	if head+2 >= len(prog.Instrs) {
		return nil
	}
	get, put, last := &prog.Instrs[head], &prog.Instrs[head+1], &prog.Instrs[head+2]
	if get.Op != code.OpGetList || put.Op != code.OpGetListVal || last.Op != code.OpExecute || int(last.Imm) != n {
		return nil
	}
	if int(get.A) != from || get.C != get.A || put.A == get.A || put.C != put.A || put.B != get.B || int(get.B) < prog.Preds[n].Arity {
		return nil
	}
	return &copier{last: head + 2, from: from, to: int(put.A), rest: code.Tag(put.F)}
}

// copyPairs makes calls of a copier's clause ahead, from where it would call predicate n with the rest of a copy just made: as
// many as find a pair of two values and need no look at a budget.
func (m *Machine) copyPairs(n int) {
	p := &m.snap.preds[n]
	k := p.short.copier
	if k == nil || k.last != m.p || !m.plain || m.failed.on && p.classed || p.short.looked && (m.att != 0 || m.hasHosts()) {
		return
	}
	c, rest := m.x[k.from], len(m.h)-1
	calls := min(m.maxDepth-m.depth, m.nextCheck-m.calls-1)
	made := 0
	for ; made < calls && c.Tag() == code.LST; made++ {
		i := c.Index()
		head, tail := m.h[i], m.h[i+1]
		if !head.IsValue() || !tail.IsValue() {
			break
		}
		m.h[rest] = code.Make(code.LST, rest+1)
		m.h = append(m.h, head, code.Make(k.rest, rest+2))
		c, rest = tail, rest+2
	}
	m.x[k.from], m.x[k.to] = c, code.Make(code.REF, rest)
	m.depth += made
	m.calls += made
}
