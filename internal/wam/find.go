package wam

import (
	"math"

	"github.com/goso-project/goso/internal/access"
	"github.com/goso-project/goso/internal/code"
)

// Found are the facts that equal a call whose other arguments are variables: what a machine would find, without one. It is valid as long as
// its snapshot, which never changes.
type Found struct {
	snap *Snapshot
	next []int32 // the row after each, nil for all in order
	keys [maxFound]Cell
	pred int32
	row  int32 // the next one, -1 for none
}

const (
	maxFound = 4 // arguments of the calls that Find answers
	// maxFoundRows bounds the rows that Find looks at, of which most are results: more belong to a machine, which is held to limits.
	maxFoundRows = 64
)

// Find returns the facts that a call of a predicate finds whose arguments are Go strings and ints, but for those with a bit in vars, which are
// different variables. Known is false for all other calls, and where the answer takes more than a look, as with Holds.
func (s *Snapshot) Find(pred int, args []any, vars uint64, without Features) (f Found, known bool) {
	t := s.preds[pred].facts
	if t == nil || len(args) > maxFound || without&(Decisions|Columns|Indexes|CompiledHeads) != 0 {
		return f, false
	}
	f = Found{snap: s, pred: int32(pred), row: -1}
	mask, missing := uint64(0), false
	for i, arg := range args {
		if vars>>i&1 != 0 {
			continue
		}
		k, plain := s.literalKey(arg)
		if !plain {
			return f, false
		}
		if k == absent {
			missing = true
			continue
		}
		f.keys[i] = k
		mask |= 1 << i
	}
	if missing {
		return f, true
	}
	row, next, known := t.start(mask, f.keys[:len(args)])
	if !known {
		return f, false
	}
	f.next = next
	for range maxFoundRows {
		if row < 0 {
			return f, true
		}
		equal, sure := t.equals(row, f.keys[:len(args)])
		if !sure {
			return f, false
		}
		if equal && f.row < 0 {
			f.row = row
		}
		row = t.after(f.next, row)
	}
	return f, false
}

// More reports whether there is a row to look at.
func (f *Found) More() bool { return f.row >= 0 }

// Skip goes to the next row.
func (f *Found) Skip() {
	t := f.snap.preds[f.pred].facts
	for f.row = t.after(f.next, f.row); f.row >= 0; f.row = t.after(f.next, f.row) {
		if equal, _ := t.equals(f.row, f.keys[:len(t.Columns)]); equal {
			return
		}
	}
}

// Rule returns the name of the predicate.
func (f *Found) Rule() string { return f.snap.Prog.Preds[f.pred].Name }

// Arity returns the number of its arguments.
func (f *Found) Arity() int { return f.snap.Prog.Preds[f.pred].Arity }

// Arg returns the i-th argument of the row as the Go value that a result holds: a string, int64, float64 or bool. Strings belong to the
// policy.
func (f *Found) Arg(i int) any {
	prog := f.snap.Prog
	c := f.snap.preds[f.pred].facts.Columns[i][f.row]
	if c.Tag() == code.ATOM {
		return textBoxes.Box(&prog.Atoms[c.Index()])
	}
	switch d := constantDatum(prog, c); d.kind {
	case KindFloat:
		return math.Float64frombits(d.n)
	case KindBool:
		return d.n != 0
	default:
		return int64(d.n)
	}
}

// Key returns the i-th argument of the call: a string or an int64, or nil for a variable and for a string that the policy does not name.
func (f *Found) Key(i int) any {
	switch c := f.keys[i]; c.Tag() {
	case code.ATOM:
		return f.snap.Prog.Atoms[c.Index()]
	case code.INT:
		return c.Int()
	}
	return nil
}

// textBoxes make interfaces of atoms where they lie.
var textBoxes = access.BoxesOf[string]()
