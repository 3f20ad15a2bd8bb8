package resource

import (
	"fmt"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

// CheckRelations returns an error for every relation to a class that is not registered.
func (b *Blocks) CheckRelations(registered func(name string) bool) (errors []*diag.Error) {
	for _, c := range b.classes {
		for _, name := range c.order {
			if d := c.declared[name]; d.sort == Relation && !registered(d.related) {
				errors = append(errors, unregistered(d.related, d.latest))
			}
		}
	}
	return errors
}

// Rules returns the rules the shorthand rules stand for, class by class in order of first appearance, and an error for
// each shorthand rule that does not make sense.
func (b *Blocks) Rules() (rules []*ast.Rule, errors []*diag.Error) {
	for _, c := range b.classes {
		for i := range c.shorthands {
			rule, err := b.rule(c, &c.shorthands[i])
			if err != nil {
				errors = append(errors, err)
			} else {
				rules = append(rules, rule)
			}
		}
	}
	return rules, errors
}

// rule resolves the names of one shorthand rule of class c.
func (b *Blocks) rule(c *class, s *ast.Shorthand) (*ast.Rule, *diag.Error) {
	head, ok := c.declared[s.Head.Value]
	if !ok {
		return nil, c.undeclared(s.Head, c)
	}
	if s.Relation == nil {
		body, ok := c.declared[s.Body.Value]
		if !ok {
			return nil, c.undeclared(s.Body, c)
		}
		return newRule(c.name, s, head.sort.rule(), body.sort.rule(), ""), nil
	}
	if s.Word == nil || s.Word.Name != "on" {
		at, word := s.Relation.Span(), ""
		if s.Word != nil {
			at, word = s.Word.Span(), s.Word.Name
		}
		e := diag.New(diag.ResourceBlock, at, "Unexpected word '%s' between two names of a shorthand rule; only 'on' may stand there.", word)
		e.Token = word
		return nil, e
	}
	relation, ok := c.declared[s.Relation.Value]
	if !ok {
		return nil, c.undeclared(s.Relation, c)
	}
	if relation.sort != Relation {
		e := diag.New(diag.ResourceBlock, s.Relation.Span(), "%q is a %s of %s; after 'on' there must be a relation.", s.Relation.Value, relation.sort, c.name)
		e.Token = s.Relation.Value
		e.Related = []diag.Related{{Message: "declared here", Span: relation.at}}
		return nil, e
	}
	related := b.byName[relation.related]
	if related == nil {
		e := diag.New(diag.ResourceBlock, relation.latest, "%s has no actor or resource block, but the rule %q if %q on %q of %s needs its declarations.",
			relation.related, s.Head.Value, s.Body.Value, s.Relation.Value, c.name)
		e.Token = relation.related
		e.Related = []diag.Related{{Message: "needed here", Span: s.Body.Span()}}
		e.Help = "add 'resource " + relation.related + " { ... }' and declare " + quote(s.Body.Value) + " in it"
		return nil, e
	}
	body, ok := related.declared[s.Body.Value]
	if !ok {
		return nil, c.undeclared(s.Body, related)
	}
	return newRule(c.name, s, head.sort.rule(), body.sort.rule(), related.name), nil
}

// undeclared is the error for a name in a shorthand rule of class c that must be, but is not, declared in class in.
func (c *class) undeclared(name *ast.String, in *class) *diag.Error {
	e := diag.New(diag.ResourceBlock, name.Span(), "Undeclared term %q referenced in rule in '%s' resource block.", name.Value, c.name)
	e.Token = name.Value
	where := "in the block"
	if in != c {
		where = "in the block of " + in.name + ", where the relation leads,"
	}
	e.Help = fmt.Sprintf("declare %q as a role, permission or relation %s first", name.Value, where)
	return e
}

func quote(s string) string { return fmt.Sprintf("%q", s) }

// newRule returns the rule for a shorthand rule. Related is the class the relation leads to, empty without a relation.
func newRule(class string, s *ast.Shorthand, head, body, related string) *ast.Rule {
	at := ast.Pos{At: s.Head.Span()}
	self := variableFor(class)
	rule := &ast.Rule{Pos: at, Name: head, NameAt: at.At, Params: []ast.Param{
		{Term: &ast.Var{Pos: at, Name: actorVar}, Specializer: &ast.Class{Pos: at, Tag: "Actor", TagAt: at.At}},
		{Term: s.Head},
		{Term: &ast.Var{Pos: at, Name: self}, Specializer: &ast.Class{Pos: at, Tag: class, TagAt: at.At}},
	}}
	conj := &ast.Expr{Pos: ast.Pos{At: s.Body.Span()}, Op: ast.And}
	target := self
	if related != "" {
		target = "related_" + variableFor(related)
		conj.Args = append(conj.Args, call("has_relation", s.Relation, target, self))
	}
	subject := actorVar
	conj.Args = append(conj.Args, call(body, s.Body, subject, target))
	rule.Body = conj
	return rule
}

// call returns name(subject, "text", object), placed at the text.
func call(name string, text *ast.String, subject, object string) *ast.Call {
	at := ast.Pos{At: text.Span()}
	return &ast.Call{Pos: at, Name: name, NameAt: at.At, Args: []ast.Term{
		&ast.Var{Pos: at, Name: subject}, text, &ast.Var{Pos: at, Name: object},
	}}
}

// actorVar is the variable for the actor in generated rules; a prime is no part of any name in a program.
const actorVar = "actor'"

// variableFor returns the variable for an instance of a class in generated rules.
func variableFor(class string) string {
	name := strings.ToLower(class)
	if name == class {
		name += "_instance"
	}
	return name + "'"
}

// RuleType is a rule type that follows from the declarations.
type RuleType struct {
	Head *ast.Rule
	// Required means that at least one rule must match it; At is the place to blame if none does.
	Required bool
	At       diag.Span
}

// RuleTypes returns the rule types that follow from the blocks: one for all roles, and one for each relation, which is
// required where a shorthand rule uses it.
func (b *Blocks) RuleTypes() []RuleType {
	var types []RuleType
	for _, c := range b.classes {
		for _, name := range c.order {
			if c.declared[name].sort == Role {
				types = append(types, RuleType{Required: true, Head: typeHead("has_role", "actor", "Actor", diag.Span{},
					ast.Param{Term: &ast.Var{Name: "role"}, Specializer: &ast.Class{Tag: "String"}}, "resource", "Resource")})
				return append(types, b.relationTypes()...)
			}
		}
	}
	return b.relationTypes()
}

func (b *Blocks) relationTypes() (types []RuleType) {
	type key struct{ class, relation string }
	used := map[key]bool{}
	for _, c := range b.classes {
		for _, s := range c.shorthands {
			in := c
			if s.Relation != nil {
				used[key{c.name, s.Relation.Value}] = true
				in = b.byName[c.declared[s.Relation.Value].related]
			}
			if in != nil {
				used[key{in.name, s.Body.Value}] = true // counts only if it is a relation
			}
		}
	}
	for _, c := range b.classes {
		for _, name := range c.order {
			d := c.declared[name]
			if d.sort != Relation {
				continue
			}
			text := &ast.String{Pos: ast.Pos{At: d.at}, Value: name}
			types = append(types, RuleType{
				Head:     typeHead("has_relation", "subject", d.related, d.at, ast.Param{Term: text}, "object", c.name),
				Required: used[key{c.name, name}], At: d.at,
			})
		}
	}
	return types
}

// typeHead returns name(subject: SubjectClass, middle, object: ObjectClass).
func typeHead(name, subject, subjectClass string, at diag.Span, middle ast.Param, object, objectClass string) *ast.Rule {
	pos := ast.Pos{At: at}
	return &ast.Rule{Pos: pos, Name: name, NameAt: at, Params: []ast.Param{
		{Term: &ast.Var{Pos: pos, Name: subject}, Specializer: &ast.Class{Pos: pos, Tag: subjectClass, TagAt: at}},
		middle,
		{Term: &ast.Var{Pos: pos, Name: object}, Specializer: &ast.Class{Pos: pos, Tag: objectClass, TagAt: at}},
	}}
}
