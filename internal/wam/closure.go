package wam

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/goso-project/goso/internal/code"
)

// A resource block says "reader" if "writer" by a clause that only makes a call with another literal, a renaming:
//
//	has_role(actor: Actor, "reader", repo: Repo) if has_role(actor, "writer", repo);
//
// Where a call leads by renamings is known from its literal and from the classes of its other arguments, so it is worked out once:
// the closure of the call, a list of all clauses that do more than rename, each with the literal that it is reached with, in the order
// in which calls would enter them. A call that has a closure goes straight to those rows that may have a result (rows.go). Rows that are
// certain to fail are left out, as guards leave out clauses: the rows that remain keep their order, and so do results and errors.
//
// This is unfolding (Tamaki and Sato, Unfold/Fold Transformation of Logic Programs, 1984), made when a call needs it, of rules that do nothing
// else; that a role stands for the set of those that imply it is how hierarchies of roles are usually kept.

// closure is what a call leads to by renamings.
type closure struct {
	number int32 // among the closures of the snapshot, plus one
	reg    int   // the argument that is renamed
	rows   []closureRow
	leaves []leaf
	open   []int32 // rows of leaves that have no sieve
	sifted []int32 // leaves that have one
	depth  int     // of the deepest call on the way to any row, or to none
}

// closureRow is a clause reached with a literal.
type closureRow struct {
	literal Cell
	leaf    int32
	code    int32 // where to enter the clause
	depth   int32 // renamings on the way
	again   int32 // the next row of this leaf and literal, 0 for none
}

// leaf is a clause that does more than rename, or that stands for what is not followed further.
type leaf struct {
	clause *code.Clause
	index  int32 // of the clause in its predicate
	guards *guards
	tests  bool             // the clause has guards
	sieve  *sieve           // nil if nothing tells for which literals it may have a result
	rows   []int32          // where it stands
	texts  []string         // with a sieve: the literals of the rows, if those are few
	first  map[string]int32 // with a sieve, if they are many: the first row for each literal
}

// fewLiterals are compared one by one.
const fewLiterals = 8

const (
	maxClosureRows = 1 << 12 // rows of a closure; what goes beyond is called as it is
	maxRenamings   = 1 << 10 // renamings on the way to a row
	maxClosures    = 1 << 16 // rows of all closures of a snapshot
)

// closures are those of a snapshot, made when calls first need them. Calls refer to them by number, so that a machine that is kept
// keeps no snapshot alive.
type closures struct {
	found sync.Map // closureKey: number plus one, 0 for none
	mu    sync.Mutex
	list  atomic.Pointer[[]*closure]
	rows  int
}

// closureKey is the call that a closure is of, as a selection remembers it.
type closureKey struct {
	pred int
	keys [selectionKeys]Cell
}

// closure returns a closure by its number plus one.
func (s *Snapshot) closure(n int32) *closure { return (*s.closures.list.Load())[n-1] }

// closureOf returns the number plus one of the closure of the call that is being made, whose selection is e; 0 if it has none.
func (m *Machine) closureOf(p *predInfo, e *selection) int32 {
	if m.without&Closures != 0 || !m.allBound {
		return 0
	}
	reg := m.renamed(p, e.found)
	if reg < 0 {
		return 0
	}
	n := int(e.pred) - 1
	key := closureKey{n, e.keys}
	all := &m.snap.closures
	if known, found := all.found.Load(key); found {
		return known.(int32)
	}
	all.mu.Lock()
	full := all.rows >= maxClosures
	all.mu.Unlock()
	if full {
		return 0
	}
	return all.add(key, m.unfold(n, p, reg))
}

// add enters a closure, nil for a call that has none, unless somebody else was faster.
func (all *closures) add(key closureKey, c *closure) int32 {
	all.mu.Lock()
	defer all.mu.Unlock()
	if known, found := all.found.Load(key); found {
		return known.(int32)
	}
	all.rows++
	number := int32(0)
	if c != nil {
		all.rows += len(c.rows)
		var list []*closure
		if old := all.list.Load(); old != nil {
			list = *old
		}
		number = int32(len(list)) + 1
		c.number = number
		list = append(list, c)
		all.list.Store(&list)
	}
	all.found.Store(key, number)
	return number
}

// renamed returns the argument that the first renaming among some clauses renames, -1 if none does.
func (m *Machine) renamed(p *predInfo, list []int32) int {
	for _, i := range list {
		if r, found := m.snap.renaming(p.pred.Clauses[i]); found && r.reg >= 0 {
			return r.reg
		}
	}
	return -1
}

// renaming is what a clause does that only makes a call of its own arguments, one of them replaced by a literal.
type renaming struct {
	pred    int
	reg     int // -1 if the arguments are passed on as they are
	literal Cell
}

// renaming returns what a clause renames; it is false for a clause that does something else.
func (s *Snapshot) renaming(cl *code.Clause) (renaming, bool) {
	for pc := cl.Head(); pc < int(cl.Body); pc++ {
		switch in := &s.Prog.Instrs[pc]; {
		case in.Op == code.OpGetConst, in.Op == code.OpIsUnion, in.Op == code.OpIsClass && in.F == 0:
		default:
			return renaming{}, false
		}
	}
	r := renaming{reg: -1}
	in := &s.Prog.Instrs[cl.Body]
	if in.Op == code.OpPutConst && Cell(in.Imm).Tag() == code.ATOM && in.B >= 0 && int(in.B) < len(cl.Params) {
		r.reg, r.literal = int(in.B), Cell(in.Imm)
		in = &s.Prog.Instrs[cl.Body+1]
	}
	r.pred = int(in.Imm)
	return r, in.Op == code.OpExecute && s.preds[r.pred].pred.Arity == len(cl.Params)
}

// cuts reports whether a clause has a cut that is about its call: its body begins with noting the level of that.
func (s *Snapshot) cuts(cl *code.Clause) bool { return s.Prog.Instrs[cl.Body].Op == code.OpLevel0 }

// unfolding makes a closure, with the registers of a call as they would be on the way.
type unfolding struct {
	m      *Machine
	c      *closure
	root   *predInfo
	leaves map[leafKey]int32
	last   map[rowKey]int32
	way    map[wayKey]bool // the calls that are being followed
}

type (
	leafKey struct {
		pred  int
		index int32
	}
	rowKey struct {
		leaf    int32
		literal Cell
	}
	wayKey struct {
		pred    int
		literal Cell
	}
)

// unfold makes the closure of the call that is being made, nil if there is none.
func (m *Machine) unfold(n int, p *predInfo, reg int) *closure {
	was := m.x[reg]
	defer func() { m.x[reg] = was }()
	literal, plain := m.indexKey(m.deref(was))
	if !plain || literal.Tag() != code.ATOM || !slices.Contains(p.checked, reg) {
		return nil
	}
	m.x[reg] = literal
	u := unfolding{m: m, c: &closure{reg: reg}, root: p, leaves: map[leafKey]int32{}, last: map[rowKey]int32{}, way: map[wayKey]bool{}}
	if !u.follow(n, 0) {
		return nil
	}
	for i := range u.c.leaves {
		u.finish(&u.c.leaves[i], int32(i))
	}
	return u.c
}

// follow adds the rows of a call. It is false, and adds none, if the clauses of the call do not depend on the keys of the root alone, or
// if one has a cut, which is about the call itself.
func (u *unfolding) follow(n, depth int) bool {
	m := u.m
	p := &m.snap.preds[n]
	if !u.suits(p) {
		return false
	}
	if !m.unknown.suits(m, p.pred, m.byLiteral(p, p.all)) {
		return false
	}
	list, able := m.selected(p)
	if !able || slices.ContainsFunc(list, func(i int32) bool { return m.snap.cuts(p.pred.Clauses[i]) }) {
		return false
	}
	u.c.depth = max(u.c.depth, depth)
	literal := m.x[u.c.reg]
	at := wayKey{n, literal}
	u.way[at] = true
	for _, i := range list {
		if !u.rename(p.pred.Clauses[i], depth) {
			u.add(n, i, depth)
		}
		m.x[u.c.reg] = literal
	}
	delete(u.way, at)
	return true
}

// rename follows a clause that is a renaming. It is false for one that is not, that leads back to where it comes from, or whose call
// cannot be followed.
func (u *unfolding) rename(cl *code.Clause, depth int) bool {
	r, found := u.m.snap.renaming(cl)
	if !found || r.reg >= 0 && r.reg != u.c.reg || depth == maxRenamings || len(u.c.rows) >= maxClosureRows {
		return false
	}
	if r.reg >= 0 {
		u.m.x[r.reg] = r.literal
	}
	if u.way[wayKey{r.pred, u.m.x[u.c.reg]}] {
		return false
	}
	return u.follow(r.pred, depth+1)
}

// suits reports whether the clauses of a predicate ask only for a literal where arguments are renamed, and else for classes of
// arguments that the clauses of the root look at, too.
func (u *unfolding) suits(p *predInfo) bool {
	if p.facts != nil {
		return false
	}
	for k, pos := range p.checked {
		mode := p.modes[k] &^ code.ModeClass
		if pos == u.c.reg {
			mode &^= code.ModeLiteral
		}
		if mode != 0 || !slices.Contains(u.root.checked, pos) {
			return false
		}
	}
	return true
}

// selected returns the clauses that the arguments in the registers match, in calling order; false if the order cannot be told.
func (m *Machine) selected(p *predInfo) (list []int32, able bool) {
	exact := true
	for _, i := range m.byLiteral(p, p.all) {
		if cl := p.pred.Clauses[i]; m.quick(cl) {
			list = append(list, i)
			exact = exact && cl.Exact
		}
	}
	if p.dynamic {
		if len(list) > 2 && !exact {
			return nil, false
		}
		m.sort(p.pred, list, m.x)
	}
	return list, true
}

// add adds a row.
func (u *unfolding) add(n int, index int32, depth int) {
	c := u.c
	cl := u.m.snap.preds[n].pred.Clauses[index]
	key := leafKey{n, index}
	at, found := u.leaves[key]
	if !found {
		at = int32(len(c.leaves))
		u.leaves[key] = at
		c.leaves = append(c.leaves, u.leaf(n, index))
	}
	row := int32(len(c.rows))
	literal := u.m.x[c.reg]
	if before, repeated := u.last[rowKey{at, literal}]; repeated {
		c.rows[before].again = row
	}
	u.last[rowKey{at, literal}] = row
	c.rows = append(c.rows, closureRow{literal: literal, leaf: at, code: cl.NameAt.PC + cl.Tests, depth: int32(depth)})
	c.leaves[at].rows = append(c.leaves[at].rows, row)
}

// leaf describes a clause.
func (u *unfolding) leaf(n int, index int32) leaf {
	p := &u.m.snap.preds[n]
	l := leaf{clause: p.pred.Clauses[index], index: index}
	if g := u.m.guardsOf(p); g != nil && len(g.Bodies[index]) > 0 {
		l.guards, l.tests = g, true
	}
	return l
}

// finish looks for a sieve for a leaf that stands in several rows.
func (u *unfolding) finish(l *leaf, n int32) {
	c := u.c
	if l.tests && len(l.rows) > 1 && !slices.ContainsFunc(l.rows, func(row int32) bool { return mended(u.m.text(c.rows[row].literal)) }) {
		l.sieve = newSieve(l.guards, l.guards.Bodies[l.index], int16(c.reg))
	}
	if l.sieve == nil {
		c.open = append(c.open, l.rows...)
		slices.Sort(c.open)
		return
	}
	l.sieve.decides = l.sieve.scan != nil && u.onlySifts(l)
	c.sifted = append(c.sifted, n)
	if len(l.rows) > fewLiterals {
		l.first = make(map[string]int32, len(l.rows))
	}
	for _, row := range l.rows {
		text := u.m.text(c.rows[row].literal)
		if l.first == nil {
			l.texts = append(l.texts, text)
			continue
		}
		if _, found := l.first[text]; !found {
			l.first[text] = row
		}
	}
}

// onlySifts reports whether a clause does nothing but what its sieve of a list tests.
func (u *unfolding) onlySifts(l *leaf) bool {
	prog := u.m.prog
	for pc := int(l.clause.Body); ; pc++ {
		in := &prog.Instrs[pc]
		if in.Op != code.OpIn { // what comes before is what the sieve tests before
			continue
		}
		scan := prog.Scans[in.Imm-1]
		next := pc + 1 + scan.Skip
		if prog.Instrs[next].Op == code.OpDealloc {
			next++
		}
		return len(scan.Tests) == len(l.sieve.scan.Tests)+1 && prog.Instrs[next].Op == code.OpProceed
	}
}
