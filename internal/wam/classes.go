package wam

import (
	"cmp"
	"math"
	"slices"
)

// Classes say which instances belong to which classes, by the numbers that a program gives the classes. They are immutable, and
// policies under one registry share them.
type Classes struct {
	classNames []string
	registered []Shape
	ancestors  map[string][]string

	// shapes[s] has a bit for each class number that instances of shape s belong to.
	shapes []classSet
	// ranks[s] are the distances of those classes from shape s, by class number.
	ranks [][]classRank
	// classes[c] is class c as a pattern outside the machine.
	classes []Pattern

	builtin [6]int // class numbers of Boolean, Integer, Float, String, List, Dictionary; -1 if never mentioned
}

// classSet is a set of class numbers: a bit for each, from the word of the least on. Most shapes have few classes of many.
type classSet struct {
	words []uint64
	first int // number of the first word
}

func (s *classSet) has(n int) bool {
	i := uint(n>>6 - s.first)
	return i < uint(len(s.words)) && s.words[i]>>(n&63)&1 != 0
}

// classRank is the distance of a class from a shape.
type classRank struct{ class, rank int32 }

const notIn = math.MaxInt32

// Shape describes to which classes the instances of one shape belong: class name to distance.
type Shape = map[string]int

// NewClasses works out what a registry says of classes, of which number i is called names[i]. Shapes are the registry's (entry 0
// unused), ancestors maps a class name to the names it derives from, itself among them.
func NewClasses(names []string, shapes []Shape, ancestors map[string][]string) *Classes {
	c := &Classes{classNames: names, registered: shapes, ancestors: ancestors}
	c.classes = make([]Pattern, len(names))
	numbers := make(map[string]int, len(names))
	for i, name := range names {
		c.classes[i].Tag = name
		numbers[name] = i
	}
	c.ranks, c.shapes = make([][]classRank, len(shapes)), make([]classSet, len(shapes))
	for i, shape := range shapes {
		c.ranks[i] = ranksOf(numbers, shape)
		c.shapes[i] = setOf(c.ranks[i])
	}
	for i, name := range []string{"Boolean", "Integer", "Float", "String", "List", "Dictionary"} {
		c.builtin[i] = -1
		if n, ok := numbers[name]; ok {
			c.builtin[i] = n
		}
	}
	return c
}

// ranksOf returns the classes of a shape that have numbers, in the order of those.
func ranksOf(numbers map[string]int, shape Shape) []classRank {
	if len(shape) == 0 {
		return nil
	}
	ranks := make([]classRank, 0, len(shape))
	for name, rank := range shape {
		if c, ok := numbers[name]; ok {
			ranks = append(ranks, classRank{int32(c), int32(rank)})
		}
	}
	slices.SortFunc(ranks, func(a, b classRank) int { return cmp.Compare(a.class, b.class) })
	return ranks
}

// setOf returns the set of classes that are sorted by number.
func setOf(sorted []classRank) classSet {
	if len(sorted) == 0 {
		return classSet{}
	}
	set := classSet{first: int(sorted[0].class) >> 6}
	set.words = make([]uint64, int(sorted[len(sorted)-1].class)>>6-set.first+1)
	for _, r := range sorted {
		set.words[int(r.class)>>6-set.first] |= 1 << (r.class & 63)
	}
	return set
}

// rank returns the distance of a class from a shape, notIn if instances of the shape do not belong to it.
func (c *Classes) rank(shape, class int) int32 {
	if shape <= 0 || shape >= len(c.ranks) {
		return notIn
	}
	ranks := c.ranks[shape]
	i, found := slices.BinarySearchFunc(ranks, int32(class), func(r classRank, class int32) int { return cmp.Compare(r.class, class) })
	if !found {
		return notIn
	}
	return ranks[i].rank
}

// of returns the same for a program in which the classes are called names.
func (c *Classes) of(names []string) *Classes {
	if slices.Equal(c.classNames, names) {
		return c
	}
	return NewClasses(names, c.registered, c.ancestors)
}
