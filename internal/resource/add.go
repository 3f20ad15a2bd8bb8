package resource

import (
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

// Add checks one block and adds what it declares. Registered tells which names the application has registered. A name
// declared twice within the block drops the block; after other errors what is well-formed is added all the same, so that
// later checks find as much as they can.
func (b *Blocks) Add(block *ast.Block, registered func(name string) bool) (errors []*diag.Error) {
	name := block.Resource.Name
	keyword := ""
	switch {
	case block.Keyword == nil:
		e := diag.New(diag.ResourceBlock, startOf(block), "The block for %s begins with neither 'actor' nor 'resource'.", name)
		e.Token = name
		e.Help = "write 'actor " + name + " {' or 'resource " + name + " {'"
		errors = append(errors, e)
	default:
		keyword = block.Keyword.Name
		if keyword != "actor" && keyword != "resource" {
			e := diag.New(diag.ResourceBlock, block.Keyword.Span(), "A block begins with 'actor' or 'resource', not with '%s'.", keyword)
			e.Token = keyword
			errors = append(errors, e)
		}
	}

	found, malformed := sections(block)
	errors = append(errors, malformed...)
	if !registered(name) {
		errors = append(errors, unregistered(name, startOf(block)))
	}
	if e := duplicateWithin(name, found); e != nil {
		return append(errors, e)
	}

	c := b.class(name)
	if keyword == "actor" && !c.isActor {
		c.isActor = true
		b.actors = append(b.actors, name)
	}
	for _, d := range found {
		if e := c.declare(d.name, d.declaration); e != nil {
			errors = append(errors, e)
		}
	}
	c.shorthands = append(c.shorthands, block.Shorthands...)
	return errors
}

func startOf(block *ast.Block) diag.Span {
	if block.Keyword != nil {
		return block.Keyword.Span()
	}
	return block.Resource.Span()
}

func unregistered(name string, at diag.Span) *diag.Error {
	e := diag.New(diag.UnregisteredClass, at, "Unregistered class: %s", name)
	e.Token = name
	e.Help = "register the class under this name before loading the policy, or correct the name"
	return e
}

// named is one declared name of a block.
type named struct {
	name string
	declaration
}

// sections returns the names a block declares: roles, then permissions, then relations in the order of their names.
func sections(block *ast.Block) (found []named, errors []*diag.Error) {
	names := [...]string{"roles", "permissions", "relations"}
	var given [len(names)]*ast.Declaration
	for i := range block.Declarations {
		d := &block.Declarations[i]
		at := slices.Index(names[:], d.Name)
		switch {
		case at < 0:
			e := diag.New(diag.ResourceBlock, d.ValueAt, "Unexpected declaration '%s' in '%s' resource block.", d.Name, block.Resource.Name)
			e.Token = d.Name
			e.Help = "a block declares 'roles', 'permissions' and 'relations'"
			errors = append(errors, e)
		case d.IsDict != (d.Name == "relations"):
			errors = append(errors, wrongForm(block, d))
		case given[at] != nil:
			e := diag.New(diag.ResourceBlock, d.ValueAt, "Multiple '%s' declarations in '%s' resource block.", d.Name, block.Resource.Name)
			e.Token = d.Name
			e.Related = []diag.Related{{Message: "first declared here", Span: given[at].NameAt}}
			e.Help = "join them into one"
			errors = append(errors, e)
		default:
			given[at] = d
		}
	}
	for i, d := range given {
		if d == nil {
			continue
		}
		for _, s := range d.List {
			found = append(found, named{s.Value, declaration{sort: Sort(i + 1), at: s.Span()}})
		}
		relations := slices.Clone(d.Relations)
		slices.SortStableFunc(relations, func(a, b ast.Field) int { return strings.Compare(a.Key, b.Key) })
		for _, f := range relations {
			if v, ok := f.Value.(*ast.Var); ok {
				found = append(found, named{f.Key, declaration{sort: Relation, related: v.Name, at: v.Span()}})
			}
		}
	}
	return found, errors
}

func wrongForm(block *ast.Block, d *ast.Declaration) *diag.Error {
	want := "a list of strings, as in " + d.Name + ` = ["a", "b"];`
	if d.Name == "relations" {
		want = "a dictionary of classes, as in relations = { parent: Folder };"
	}
	e := diag.New(diag.ResourceBlock, d.ValueAt, "'%s' in '%s' resource block must be %s", d.Name, block.Resource.Name, want)
	e.Token = d.Name
	return e
}

// duplicateWithin returns an error for the first name that one block declares twice.
func duplicateWithin(class string, found []named) *diag.Error {
	seen := make(map[string]declaration, len(found))
	for _, d := range found {
		if first, ok := seen[d.name]; ok {
			return overwrite(class, d.name, first, d.declaration)
		}
		seen[d.name] = d.declaration
	}
	return nil
}

// declare adds a name to a class. A name of another block may come again in the same meaning only; after an error the new
// meaning counts.
func (c *class) declare(name string, d declaration) *diag.Error {
	d.latest = d.at
	first, ok := c.declared[name]
	switch {
	case !ok:
		c.order = append(c.order, name)
	case first.sort != d.sort || first.related != d.related:
		c.declared[name] = d
		return overwrite(c.name, name, first, d)
	default:
		d.at = first.at
	}
	c.declared[name] = d
	return nil
}

func overwrite(class, name string, first, second declaration) *diag.Error {
	describe := func(d declaration) string {
		if d.sort == Relation {
			return "relation (to " + d.related + ")"
		}
		return d.sort.String()
	}
	e := diag.New(diag.DuplicateBlockDecl, second.at, "Cannot overwrite existing %s declaration %q in resource %s with %s", first.sort, name, class, describe(second))
	e.Token, e.Term = name, class
	for i, d := range []declaration{first, second} {
		e.Declared[i] = strings.TrimSpace(d.sort.String() + " " + d.related)
	}
	e.Related = []diag.Related{{Message: "first declared here as a " + describe(first), Span: first.at}}
	e.Help = "give one of the two another name"
	return e
}
