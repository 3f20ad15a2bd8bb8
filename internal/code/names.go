package code

import (
	"hash/maphash"
	"math/bits"
	"slices"

	"github.com/goso-project/goso/internal/slab"
)

// nameIndex finds the number of a name in a list of names. It takes less memory than a map, can be copied at once, and need
// not hold the names twice: a policy may have hundreds of thousands.
type nameIndex struct {
	// slots are as many as a power of two, empty (0) or the number of a name plus one, with the first half of its hash above:
	// so most other names are told apart, and the index grows, without a look at the names.
	slots []uint64
}

const lowHalf = 1<<32 - 1

// The seeds are chosen anew for each process, so that nobody can prepare names that all go to one slot.
var (
	nameSeed           = maphash.MakeSeed()
	nameKey1, nameKey2 = maphash.String(nameSeed, "1"), maphash.String(nameSeed, "2")
)

// nameHash returns the hash of a name. Most names are short: their bytes are two words, which may overlap, and one multiplication
// mixes them faster than a call would begin.
func nameHash(s string) uint64 {
	n := len(s)
	var a, b uint64
	switch {
	case n > 16:
		return maphash.String(nameSeed, s)
	case n >= 8:
		a, b = word64(s), word64(s[n-8:])
	case n >= 4:
		a, b = word32(s), word32(s[n-4:])
	case n > 0:
		a = uint64(s[0])<<16 | uint64(s[n>>1])<<8 | uint64(s[n-1])
	}
	hi, lo := bits.Mul64(a^nameKey1, b^nameKey2^uint64(n))
	return hi ^ lo
}

// word64 returns the first eight bytes of a string; the compiler makes one load of it.
func word64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// word32 returns the first four bytes of a string.
func word32(s string) uint64 {
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

// at returns the slot of a name, or the empty one where it belongs.
func (x *nameIndex) at(names []string, name string, hash uint64) uint64 {
	mask := uint64(len(x.slots) - 1)
	i := hash >> 32 & mask
	for ; x.slots[i] != 0; i = (i + 1) & mask {
		if (x.slots[i]^hash)>>32 == 0 && names[x.slots[i]&lowHalf-1] == name {
			break
		}
	}
	return i
}

// find returns the number of a name, or -1.
func (x *nameIndex) find(names []string, name string) int {
	if len(x.slots) == 0 {
		return -1
	}
	return int(x.slots[x.at(names, name, nameHash(name))]&lowHalf) - 1
}

// add returns the number of a name, which is appended to names if it is not there.
func (x *nameIndex) add(names *[]string, name string) int {
	if 8*(len(*names)+1) > 7*len(x.slots) {
		x.grow()
	}
	hash := nameHash(name)
	slot := &x.slots[x.at(*names, name, hash)]
	if *slot == 0 {
		*names = slab.Append(*names, name)
		*slot = hash&^lowHalf | uint64(len(*names))
	}
	return int(*slot&lowHalf) - 1
}

func (x *nameIndex) grow() {
	old := x.slots
	x.slots = make([]uint64, max(16, 2*len(old)))
	mask := uint64(len(x.slots) - 1)
	for _, s := range old {
		if s == 0 {
			continue
		}
		i := s >> 32 & mask
		for x.slots[i] != 0 {
			i = (i + 1) & mask
		}
		x.slots[i] = s
	}
}

// clone returns an index that can grow apart from this one.
func (x *nameIndex) clone() nameIndex { return nameIndex{slices.Clone(x.slots)} }
