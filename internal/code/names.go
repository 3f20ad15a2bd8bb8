package code

import (
	"hash/maphash"
	"slices"

	"github.com/goso-project/goso/internal/slab"
)

// nameIndex finds the number of a name in a list of names. It takes less memory than a map, can be copied at once, and need
// not hold the names twice: a policy may have hundreds of thousands.
type nameIndex struct {
	slots []uint32 // number of the name plus one, 0 for an empty slot; as many as a power of two
}

// nameSeed is chosen anew for each process, so that nobody can prepare names that all go to one slot.
var nameSeed = maphash.MakeSeed()

// find returns the number of a name, or -1.
func (x *nameIndex) find(names []string, name string) int {
	if len(x.slots) == 0 {
		return -1
	}
	mask := uint64(len(x.slots) - 1)
	for i := maphash.String(nameSeed, name) & mask; x.slots[i] != 0; i = (i + 1) & mask {
		if n := int(x.slots[i] - 1); names[n] == name {
			return n
		}
	}
	return -1
}

// add returns the number of a name, which is appended to names if it is not there.
func (x *nameIndex) add(names *[]string, name string) int {
	if 2*(len(*names)+1) > len(x.slots) {
		x.grow(*names)
	}
	mask := uint64(len(x.slots) - 1)
	i := maphash.String(nameSeed, name) & mask
	for ; x.slots[i] != 0; i = (i + 1) & mask {
		if n := int(x.slots[i] - 1); (*names)[n] == name {
			return n
		}
	}
	*names = slab.Append(*names, name)
	x.slots[i] = uint32(len(*names))
	return len(*names) - 1
}

func (x *nameIndex) grow(names []string) {
	x.slots = make([]uint32, max(16, 2*len(x.slots)))
	mask := uint64(len(x.slots) - 1)
	for n, name := range names {
		i := maphash.String(nameSeed, name) & mask
		for x.slots[i] != 0 {
			i = (i + 1) & mask
		}
		x.slots[i] = uint32(n + 1)
	}
}

// clone returns an index that can grow apart from this one.
func (x *nameIndex) clone() nameIndex { return nameIndex{slices.Clone(x.slots)} }
