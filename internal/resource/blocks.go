package resource

import (
	"maps"
	"slices"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

// Blocks are the blocks of a policy, merged by class. The zero value holds none. It is not safe for concurrent use while
// blocks are added.
type Blocks struct {
	classes   []*class
	byName    map[string]*class
	actors    []string
	resources []string
}

// class is what the blocks of one class declare.
type class struct {
	name       string
	declared   map[string]declaration
	order      []string // keys of declared, in order of first appearance
	shorthands []ast.Shorthand
	isActor    bool
}

// declaration is the meaning of a name in a class.
type declaration struct {
	sort Sort
	// related is the class a relation leads to.
	related string
	// at is the name's place, or the type's in the declaration of a relation, where it is declared first; latest where last.
	at, latest diag.Span
}

// Sort tells what a declared name is.
type Sort uint8

// The sorts of names.
const (
	Role Sort = iota + 1
	Permission
	Relation
)

var sorts = [...]struct{ name, rule string }{Role: {"role", "has_role"}, Permission: {"permission", "has_permission"}, Relation: {"relation", "has_relation"}}

// String returns the sort in words, as in "role".
func (s Sort) String() string { return sorts[s].name }

// rule returns the name of the rule that holds facts of this sort.
func (s Sort) rule() string { return sorts[s].rule }

// Len returns the number of classes with blocks.
func (b *Blocks) Len() int { return len(b.classes) }

// Actors returns the classes with an actor block, in order of first appearance.
func (b *Blocks) Actors() []string { return b.actors }

// Resources returns the classes with any block, in order of first appearance.
func (b *Blocks) Resources() []string { return b.resources }

// Clone returns a copy; adding to either leaves the other as it is.
func (b *Blocks) Clone() *Blocks {
	out := &Blocks{byName: make(map[string]*class, len(b.classes)), actors: slices.Clone(b.actors), resources: slices.Clone(b.resources)}
	for _, c := range b.classes {
		copied := &class{name: c.name, declared: maps.Clone(c.declared), order: slices.Clone(c.order), shorthands: slices.Clone(c.shorthands), isActor: c.isActor}
		out.classes = append(out.classes, copied)
		out.byName[c.name] = copied
	}
	return out
}

// class returns the merged declarations of a class, new ones if it has none yet.
func (b *Blocks) class(name string) *class {
	if c := b.byName[name]; c != nil {
		return c
	}
	c := &class{name: name, declared: map[string]declaration{}}
	if b.byName == nil {
		b.byName = map[string]*class{}
	}
	b.byName[name] = c
	b.classes = append(b.classes, c)
	b.resources = append(b.resources, name)
	return c
}
