package wam

import (
	"slices"
	"sync/atomic"

	"github.com/goso-project/goso/internal/code"
)

// predInfo is what the machine adds to a predicate: its clauses in calling order, and indexes built when first needed.
type predInfo struct {
	all     []int32 // clauses in the order they are called, or in source order if that depends on the arguments
	dynamic bool    // the order depends on the classes of the arguments
	pred    *code.Pred
	facts   *factInfo        // the table that the predicate is, nil for code
	checked []int            // positions whose mode is not plain
	modes   []code.ParamMode // their modes
	index   []atomic.Pointer[argIndex]
	keyed   []int // positions worth an index
	classed bool  // some clause tests a class
	recalls bool  // its selections are worth remembering
	literal bool  // it is a few facts of literals
	guards  atomic.Pointer[guards]

	// For predicates too small for an index: byTag[t] are the clauses that an argument of tag t at position switchOn can match.
	ints     []Cell // the integers that clauses name, if they are few
	manyInts bool
	switchOn int // -1 if no position tells clauses apart
	byTag    [16][]int32
	short    shortcut
}

// maxInts bounds the integers looked through to find the key of an integer argument.
const maxInts = 8

// minIndexed is the number of clauses from which looking into an index beats testing each clause.
const minIndexed = 9

// init prepares for predicate n of a program.
func (p *predInfo) init(prog *code.Program, n int) {
	pr := prog.Preds[n]
	p.pred = pr
	if pr.Facts != nil {
		p.facts = &factInfo{Facts: pr.Facts}
		p.short.on = -1
		return
	}
	p.dynamic = pr.Order == nil
	p.all = pr.Order
	if p.dynamic {
		p.all = make([]int32, len(pr.Clauses))
		for i := range p.all {
			p.all[i] = int32(i)
		}
	}
	for i, mode := range pr.Params {
		if mode != 0 {
			p.checked, p.modes = append(p.checked, i), append(p.modes, mode)
			p.classed = p.classed || mode&code.ModeClass != 0
		}
	}
	for _, cl := range pr.Clauses {
		for _, q := range cl.Quick {
			if q.Kind == code.QuickConst && isNumber(q.Cell.Tag()) && !slices.Contains(p.ints, q.Cell) {
				p.ints = append(p.ints, q.Cell)
				p.manyInts = p.manyInts || q.Cell.Tag() != code.INT || len(p.ints) > maxInts
			}
		}
		if p.manyInts {
			p.ints = nil
			break
		}
	}
	p.recalls = (p.classed || len(p.all) < minIndexed) && len(p.all) > 1 && len(p.checked) > 0 && len(p.checked) <= selectionKeys
	p.switchOn = -1
	if len(p.all) < minIndexed {
		p.literal = pr.Arity <= maxHolds && isLiteral(prog, pr.Clauses)
		if !p.dynamic {
			p.initSwitch(pr)
		}
		p.initShortcut(prog, n)
		return
	}
	p.short.on = -1
	p.index = make([]atomic.Pointer[argIndex], pr.Arity)
	for i, mode := range pr.Params {
		if mode&code.ModeLiteral != 0 {
			p.keyed = append(p.keyed, i)
		}
	}
}

// maxSwitched bounds the positions that are tried for the switch.
const maxSwitched = 64

// initSwitch chooses the position whose kinds of values tell the clauses apart best: the one with the fewest clauses for a
// tag, summed over all tags.
func (p *predInfo) initSwitch(pr *code.Pred) {
	best := 0
	for pos := range min(pr.Arity, maxSwitched) {
		if pr.Params[pos] == 0 {
			continue
		}
		var lists [16][]int32
		saved := 0
		for tag := range code.END {
			for _, n := range p.all {
				if admitsTag(pr.Clauses[n], pos, tag) {
					lists[tag] = append(lists[tag], n)
				}
			}
			saved += len(p.all) - len(lists[tag])
		}
		if saved > best {
			best, p.switchOn, p.byTag = saved, pos, lists
		}
	}
}

// admitsTag reports whether a clause can match an argument of a kind.
func admitsTag(cl *code.Clause, pos int, tag code.Tag) bool {
	if tag <= code.ATT || tag == code.HOST {
		return true
	}
	for i := range cl.Quick {
		q := &cl.Quick[i]
		if int(q.Arg) != pos {
			continue
		}
		switch q.Kind {
		case code.QuickConst:
			k := q.Cell.Tag()
			if !(k == tag || isNumber(k) && isNumber(tag) || isText(k) && isText(tag) || k == code.NIL && tag == code.LST) {
				return false
			}
		case code.QuickList:
			if tag != code.LST && tag != code.CLIST && tag != code.SLICE {
				return false
			}
		case code.QuickAnyList:
			if !isList(tag) {
				return false
			}
		case code.QuickDict:
			if tag != code.DICT {
				return false
			}
		}
	}
	return true
}
