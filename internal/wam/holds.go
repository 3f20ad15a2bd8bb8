package wam

import (
	"unicode/utf8"

	"github.com/goso-project/goso/internal/code"
)

// maxHolds bounds the arguments of the calls that Holds answers.
const maxHolds = 8

// absent is the key of a string that the policy does not name. No literal equals it.
const absent = code.ListEnd

// Holds answers a call whose arguments are Go strings and ints, without a machine, if the predicate has facts only, or a few rules that
// compare arguments with literals and with each other. Known is false for all other calls, and where the answer takes more than a look, such as an
// index that is not there yet: a machine has to run those. Nothing is answered if one of the optimisations that it stands for is left out.
func (s *Snapshot) Holds(pred int, args []any, without Features) (holds, known bool) {
	p := &s.preds[pred]
	if len(args) > maxHolds || without&(Decisions|Columns|Indexes|CompiledHeads|Guards) != 0 {
		return false, false
	}
	if p.facts == nil && !p.literal {
		if g := s.deciding(p); g != nil {
			return s.decide(p, g, args)
		}
		return false, false
	}
	var keys [maxHolds]Cell
	for i, arg := range args {
		k, plain := s.literalKey(arg)
		if !plain {
			return false, false
		}
		if k == absent && p.facts != nil {
			return false, arePlain(args[i+1:])
		}
		keys[i] = k
	}
	if p.facts != nil {
		return p.facts.holds(keys[:len(args)])
	}
	for _, cl := range p.pred.Clauses {
		if hasLiterals(cl, &keys) {
			return true, true
		}
	}
	return false, true
}

// literalKey returns the cell of the literal that equals an argument. Plain is false for values that are no string and no int, for
// integers beyond a cell, and for text that is not valid UTF-8, which is an error.
func (s *Snapshot) literalKey(arg any) (key Cell, plain bool) {
	switch arg := arg.(type) {
	case string:
		if a := s.Prog.Atom(arg); a >= 0 {
			return code.Make(code.ATOM, a), true
		}
		return absent, utf8.ValidString(arg)
	case int:
		if i := int64(arg); code.FitsInline(i) && i != code.MinInline { // that one is hashed as a float
			return code.MakeInt(i), true
		}
	}
	return 0, false
}

// arePlain reports whether arguments are strings and ints that a policy can have.
func arePlain(args []any) bool {
	for _, arg := range args {
		switch arg := arg.(type) {
		case string:
			if !utf8.ValidString(arg) {
				return false
			}
		case int:
		default:
			return false
		}
	}
	return true
}

// isLiteral reports whether clauses are facts whose parameters are strings, integers, booleans, and variables that occur once.
func isLiteral(prog *code.Program, clauses []*code.Clause) bool {
	for _, cl := range clauses {
		if !cl.Exact || prog.Instrs[cl.Body].Op != code.OpProceed {
			return false
		}
		for i := range cl.Quick {
			q := &cl.Quick[i]
			if q.Kind != code.QuickConst || !isSmallLiteral(q.Cell) {
				return false
			}
		}
	}
	return true
}

// isSmallLiteral reports whether a cell is a string, integer or boolean of a policy that no other cell equals but a float.
func isSmallLiteral(c Cell) bool {
	t := c.Tag()
	return t == code.ATOM || t == code.INT || t == code.BOOL
}

// hasLiterals reports whether arguments equal the literals of a clause.
func hasLiterals(cl *code.Clause, keys *[maxHolds]Cell) bool {
	for i := range cl.Quick {
		if q := &cl.Quick[i]; keys[q.Arg] != q.Cell {
			return false
		}
	}
	return true
}

// holds looks for a row that equals the keys, one for each column.
func (f *factInfo) holds(keys []Cell) (holds, known bool) {
	row, next, known := f.start(1<<len(keys)-1, keys)
	if !known {
		return false, false
	}
	for range lookEvery {
		if row < 0 {
			return false, true
		}
		if equal, known := f.equals(row, keys); equal || !known {
			return equal, known
		}
		row = f.after(next, row)
	}
	return false, false
}

// start returns where to begin to look for rows that equal literals, and an index that leads to the others. It is not known where the
// index has not been made.
func (f *factInfo) start(mask uint64, keys []Cell) (row int32, next []int32, known bool) {
	if f.Len() <= fewFacts || mask == 0 {
		return 0, nil, true
	}
	plan := f.known(mask)
	if plan == nil || plan.index == nil {
		return 0, nil, false
	}
	h := uint64(0)
	for _, i := range plan.columns {
		h = mixFact(h, uint64(keys[i]))
	}
	return plan.index.slots[h>>plan.index.shift] - 1, plan.index.next, true
}

// equals compares a row with literals; 0 equals anything. Known is false where an integer meets a number of another kind.
func (f *factInfo) equals(row int32, keys []Cell) (equal, known bool) {
	for i, k := range keys {
		if k == 0 {
			continue
		}
		if c := f.Columns[i][row]; c != k {
			return false, k.Tag() != code.INT || c.Tag() == code.INT || !isNumber(c.Tag())
		}
	}
	return true, true
}
