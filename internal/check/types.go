package check

import (
	"slices"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

// Types are the rule types of a policy by name. The zero value holds none. It is for one goroutine, but any number may extend it.
type Types struct {
	base   *Types // what is extended: holds the names that byName lacks
	byName map[string]*typesOfName
}

// typesOfName are the rule types of one name.
type typesOfName struct {
	// all are the rule types in order of addition.
	all []*ruleType
	// plain are those every rule is compared with; the others are found through relations.
	plain     []*ruleType
	relations map[relationKey][]*ruleType
	index     *typeIndex // of plain, made when it is first needed
	found     []*ruleType
}

type ruleType struct {
	head     *ast.Rule
	required bool
	at       diag.Span // the place to blame if required and missing
	matched  bool
}

// relationKey finds the rule types that blocks make of relations, by the name of the relation and the class it belongs to.
type relationKey struct{ relation, class string }

// Extend returns types that begin as these, of which none may be required, few may have one name, and which must not change any more.
func (ts *Types) Extend() *Types { return &Types{base: ts} }

// Add adds a written rule type.
func (ts *Types) Add(head *ast.Rule) {
	named := ts.named(head.Name)
	t := &ruleType{head: head}
	named.index = nil
	named.all = append(named.all, t)
	named.plain = append(named.plain, t)
}

// AddGenerated adds a rule type that follows from a block. If required, at least one rule must match it; at is the
// place to blame if none does. Its classes must be registered.
func (ts *Types) AddGenerated(head *ast.Rule, required bool, at diag.Span) {
	named := ts.named(head.Name)
	t := &ruleType{head: head, required: required, at: at}
	named.index = nil
	named.all = append(named.all, t)
	if text, ok := head.Params[1].Term.(*ast.String); ok {
		key := relationKey{text.Value, head.Params[2].Specializer.(*ast.Class).Tag}
		if named.relations == nil {
			named.relations = map[relationKey][]*ruleType{}
		}
		named.relations[key] = append(named.relations[key], t)
		return
	}
	named.plain = append(named.plain, t)
}

// find returns the rule types of a name, nil if there are none.
func (ts *Types) find(name string) *typesOfName {
	for ; ts != nil; ts = ts.base {
		if named := ts.byName[name]; named != nil {
			return named
		}
	}
	return nil
}

// named returns the rule types of a name, to add one.
func (ts *Types) named(name string) *typesOfName {
	named := ts.byName[name]
	if named != nil {
		return named
	}
	named = &typesOfName{}
	if base := ts.base.find(name); base != nil { // all of them are plain, since none is required
		named.all, named.plain = slices.Clone(base.all), slices.Clone(base.plain)
	}
	if ts.byName == nil {
		ts.byName = map[string]*typesOfName{}
	}
	ts.byName[name] = named
	return named
}

// CheckHead returns an error if the head of a rule type holds what would have to be computed. NeedsGoals tells.
func CheckHead(head *ast.Rule, needsGoals func(*ast.Rule) bool) *diag.Error {
	if !needsGoals(head) {
		return nil
	}
	e := diag.New(diag.InvalidRuleType, head.NameAt, "Invalid rule type: type %s A rule type cannot contain look-ups, arithmetic or 'new'.", ast.FormatRule(head))
	e.Token = head.Name
	return e
}

// AnyMatch reports whether every rule of a name and number of parameters matches a rule type, whatever the parameters are.
func (ts *Types) AnyMatch(name string, arity int) bool {
	named := ts.find(name)
	if named == nil {
		return true
	}
	if named.relations != nil {
		return false
	}
	fits := false
	for _, t := range named.plain {
		if slices.ContainsFunc(t.head.Params, func(p ast.Param) bool { return p.Specializer != nil || isValue(p.Term) }) {
			return false
		}
		fits = fits || len(t.head.Params) == arity
	}
	return fits
}

// Check compares a rule with the rule types of its name. It returns an error if it matches none of them, or if a comparison
// makes no sense.
func (ts *Types) Check(w *World, r *ast.Rule) *diag.Error {
	named := ts.find(r.Name)
	if named == nil {
		return nil
	}
	matched := false
	for _, t := range named.candidates(w, r) {
		ok, err := w.compare(t, r)
		if err != nil {
			return err
		}
		if ok {
			if t.required { // others may be shared
				t.matched = true
			}
			matched = true
		}
	}
	if matched {
		return nil
	}
	return w.invalidRule(named.all, r)
}

// candidates returns the rule types a rule must be compared with: all that could match it, and all whose comparison
// could be an error.
func (n *typesOfName) candidates(w *World, r *ast.Rule) []*ruleType {
	plain := n.plain
	if len(plain) >= manyTypes {
		plain = n.indexed(w, r)
	}
	if n.relations == nil || len(r.Params) != 3 {
		return plain
	}
	text, ok := r.Params[1].Term.(*ast.String)
	if !ok {
		return plain
	}
	found := slices.Clip(plain)
	for _, class := range w.classesOf(r.Params[2]) {
		found = append(found, n.relations[relationKey{text.Value, class}]...)
	}
	return found
}

// classesOf returns the classes that a parameter's pattern or value belongs to, nearest first.
func (w *World) classesOf(p ast.Param) []string {
	name := ""
	switch pattern := p.Specializer.(type) {
	case *ast.Class:
		name = pattern.Tag
	case *ast.Dict:
		name = "Dictionary"
	case nil:
		name, _ = valueClass(p.Term)
	default:
		name, _ = valueClass(pattern)
	}
	classes := []string{name}
	ancestors, _ := w.Ancestors(name)
	for _, a := range ancestors {
		if a != name {
			classes = append(classes, a)
		}
	}
	return classes
}

// Missing returns an error for each required rule type that no checked rule has matched.
func (ts *Types) Missing(names ...string) (errors []*diag.Error) {
	for _, name := range names {
		named := ts.find(name)
		if named == nil {
			continue
		}
		for _, t := range named.all {
			if !t.required || t.matched {
				continue
			}
			e := diag.New(diag.MissingRequiredRule, t.at, "Missing implementation for required rule %s", ast.FormatRule(t.head))
			e.Token = name
			e.Term = ast.FormatRule(t.head)
			e.Help = "the blocks of the policy rely on it: add a rule that reads it from your application's data"
			errors = append(errors, e)
		}
	}
	return errors
}
