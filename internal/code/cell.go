package code

import "math"

// Cell is one word of a term: a tag in the low four bits, the rest a value or an index.
type Cell uint64

// Tag tells what the payload of a cell means.
type Tag uint8

// The tags. REF, ALI and ATT are variables, the others values.
const (
	REF   Tag = iota // heap index; a cell that refers to itself is an unbound, untouched variable
	ALI              // heap index of itself: unbound, but passed to a rule or unified with another variable
	ATT              // heap index of a constraint group: unbound with constraints; stands only in the variable's own cell
	INT              // integer of 60 bits
	BIG              // index of a boxed 64-bit integer
	FLT              // index of a boxed float
	ATOM             // string of the policy, by number
	STR              // string of the query, by number; equality by content
	BOOL             // 0 or 1
	NIL              // the empty list
	LST              // heap index of a pair: head, tail
	CLIST            // pool index: constant list, elements in a row up to END; the tail is the next index
	SLICE            // number of a host list, and the offset where this list starts
	DICT             // index of a dictionary: count, then keys (ATOM or STR, in byte order of their text), then values
	HOST             // number of a host object; with PoolBit a registered constant
	END              // end of a constant list; never a term
)

const tagBits = 4

// PoolBit in the index of a BIG, FLT, DICT or HOST marks the snapshot's read-only data instead of the query's.
const PoolBit = 1 << 30

// sliceShift separates the number of a host list from its offset.
const sliceShift = 28

// MaxSlice bounds the elements of a host list.
const MaxSlice = 1<<sliceShift - 1

// MaxInline bounds the integers that fit a cell.
const (
	MaxInline = 1<<59 - 1
	MinInline = -1 << 59
)

// The constant cells.
const (
	False    = Cell(BOOL)
	True     = Cell(1<<tagBits | uint64(BOOL))
	EmptyLst = Cell(NIL)
	ListEnd  = Cell(END)
)

// Make builds a cell from a tag and an index.
func Make(t Tag, n int) Cell { return Cell(uint64(n)<<tagBits | uint64(t)) }

// Tag returns the cell's tag.
func (c Cell) Tag() Tag { return Tag(c & (1<<tagBits - 1)) }

// IsValue reports whether the cell is no variable and, in a list, stands for an element: it is what it will always be.
func (c Cell) IsValue() bool { return c.Tag()-INT < END-INT }

// Index returns the payload as an index.
func (c Cell) Index() int { return int(c >> tagBits) }

// MakeSlice builds a host list from its number and the offset where it starts.
func MakeSlice(n, offset int) Cell {
	return Cell((uint64(n)<<sliceShift|uint64(offset))<<tagBits | uint64(SLICE))
}

// Slice returns the number and offset of a host list.
func (c Cell) Slice() (n, offset int) {
	return int(c >> (tagBits + sliceShift)), int(c >> tagBits & (1<<sliceShift - 1))
}

// MakeInt builds a small integer; the caller has checked FitsInline.
func MakeInt(i int64) Cell { return Cell(uint64(i)<<tagBits | uint64(INT)) }

// Int returns a small integer's value.
func (c Cell) Int() int64 { return int64(c) >> tagBits }

// AddInts returns the sum of two small integers, false if it is none itself.
func AddInts(a, b Cell) (Cell, bool) {
	x, y := int64(a), int64(b-Cell(INT)) // the tag of a stays
	r := x + y
	return Cell(r), (x^r)&(y^r) >= 0
}

// SubInts returns the difference of two small integers, false if it is none itself.
func SubInts(a, b Cell) (Cell, bool) {
	x, y := int64(a), int64(b-Cell(INT))
	r := x - y
	return Cell(r), (x^y)&(x^r) >= 0
}

// FitsInline reports whether an integer fits a cell.
func FitsInline(i int64) bool { return i >= MinInline && i <= MaxInline }

// MakeBool builds a boolean.
func MakeBool(b bool) Cell {
	if b {
		return True
	}
	return False
}

// FloatBits returns a float as one raw word.
func FloatBits(f float64) Cell { return Cell(math.Float64bits(f)) }

// BitsFloat is the inverse of FloatBits.
func BitsFloat(c Cell) float64 { return math.Float64frombits(uint64(c)) }
