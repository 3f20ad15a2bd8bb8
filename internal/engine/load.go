package engine

import (
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/check"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/parser"
	"github.com/goso-project/goso/internal/rewrite"
	"github.com/goso-project/goso/internal/roles"
)

// loader is one load under way.
type loader struct {
	world check.World
	rw    *rewrite.Rewriter
	state loadState

	// written are the rules as parsed, stored the same rules rewritten; generated ones are behind the first read of them.
	written, stored []*ast.Rule
	read            int
	inline          []*ast.InlineQuery
	facts           tables
	defined         map[string]bool // names of rules

	// unexpanded: a line of a block has an error, so rules it stands for are missing.
	unexpanded bool
	// thorough makes the loader go on where loading would stop, to find more errors.
	thorough bool
	// broken are the sources with parse errors; only a thorough loader goes on with some.
	broken *brokenSources

	warnings, errors []*diag.Error
}

func newLoader(p *Policy, reg *Registry) *loader {
	l := &loader{world: worldOf(reg), state: p.loaded.clone(), defined: map[string]bool{}}
	l.rw = rewrite.NewRewriter(&rewrite.Names{Reserved: l.world.Registered})
	return l
}

// worldOf returns what checks must know of a registry.
func worldOf(reg *Registry) check.World {
	if reg == nil {
		reg = &Registry{}
	}
	ancestors := make(map[string][]string, len(reg.Classes))
	for _, c := range reg.Classes {
		ancestors[c.Name] = c.Ancestors
	}
	return check.World{
		Registered: func(name string) bool {
			if _, ok := reg.Constants[name]; ok {
				return true
			}
			_, ok := ancestors[name]
			return ok
		},
		Ancestors: func(name string) ([]string, bool) {
			list, ok := ancestors[name]
			return list, ok
		},
	}
}

// load does all steps of loading.
func (l *loader) load(sources []*diag.Source, opts LoadOptions) {
	l.facts.seed = opts.seed
	for _, src := range sources {
		l.source(src)
	}
	if l.stopped() {
		return
	}
	l.settleFacts(opts.FactsFrom)
	l.expand()
	if l.stopped() {
		return
	}
	l.dissolveMixed()
	l.checkTypes()
	l.checkCalls()
	l.checkPolicy(opts)
}

// stopped reports whether errors so far make the next steps meaningless.
func (l *loader) stopped() bool {
	return !l.thorough && slices.ContainsFunc(l.errors, func(e *diag.Error) bool {
		return e.Kind == diag.FileLoading || e.Kind == diag.ResourceBlock || isParseError(e)
	})
}

func isParseError(e *diag.Error) bool { return strings.HasPrefix(string(e.Kind), "ParseError::") }

func (l *loader) fail(errors ...*diag.Error) { l.errors = append(l.errors, errors...) }

// source reads one source.
func (l *loader) source(src *diag.Source) {
	if e := l.duplicate(src); e != nil {
		l.fail(e)
		return
	}
	l.state.sources = append(l.state.sources, src)
	var file *ast.File
	if l.thorough {
		var errors []*diag.Error
		if file, errors = parser.PolicyAll(src); len(errors) > 0 {
			l.fail(errors...)
			l.broken.add(src, file, errors)
		}
	} else {
		var err error
		if file, err = parser.PolicyFacts(src, l.facts.take); err != nil {
			l.fail(asDiagnostic(err, src))
			return
		}
	}
	for _, item := range file.Items {
		l.item(item)
	}
}

// asDiagnostic returns the parser's error, which is a diagnostic.
func asDiagnostic(err error, src *diag.Source) *diag.Error {
	if e, ok := err.(*diag.Error); ok {
		return e
	}
	return diag.New(diag.UnrecognizedToken, diag.Span{Source: src}, "%v", err)
}

// duplicate returns an error if a named source was loaded before, and else remembers it.
func (l *loader) duplicate(src *diag.Source) *diag.Error {
	if src.Name == "" {
		return nil
	}
	text, sameName := l.state.byName[src.Name]
	other, sameText := l.state.byText[src.Text]
	problem, help := "", "load each file once"
	switch {
	case sameName && text == src.Text:
		problem = "File " + src.Name + " has already been loaded."
	case sameText:
		problem = src.Name + " has the same contents as " + other + ", which has already been loaded."
	case sameName:
		problem = "Another file named " + src.Name + " has already been loaded, with different contents."
		help = "give the two files different names"
	default:
		l.state.byName[src.Name], l.state.byText[src.Text] = src.Text, src.Name
		return nil
	}
	e := diag.New(diag.FileLoading, diag.Span{Source: src}, "Problem loading file: %s", problem)
	e.Token = src.Name
	e.Help = help
	return e
}

// item takes in one line of a policy.
func (l *loader) item(item ast.Item) {
	switch item := item.(type) {
	case *ast.Rule:
		warnings, errors := l.world.Rule(item)
		l.warnings = append(l.warnings, warnings...)
		l.fail(errors...)
		l.add(item)
		l.read++
	case *ast.RuleType:
		if e := check.CheckHead(item.Head, rewrite.NeedsGoals); e != nil {
			l.fail(e)
			return
		}
		l.state.types = append(l.state.types, item.Head)
	case *ast.InlineQuery:
		l.inline = append(l.inline, item)
	case *ast.Block:
		l.fail(l.state.blocks.Add(item, l.world.IsClassName)...)
	}
}

func (l *loader) add(r *ast.Rule) {
	l.written = append(l.written, r)
	l.stored = append(l.stored, l.rw.Rule(r))
	l.defined[r.Name] = true
}

// expand turns what the blocks declare into rules.
func (l *loader) expand() {
	l.fail(l.state.blocks.CheckRelations(l.world.IsClassName)...)
	rules, errors := l.state.blocks.Rules()
	l.unexpanded = len(errors) > 0
	if !l.broken.blocks() { // else the declarations may be what could not be read
		l.fail(errors...)
	}
	for _, r := range rules {
		l.add(r)
	}
}

// builtinTypes are the rule types every policy has.
const builtinTypes = `
type has_permission(actor: Actor, permission: String, resource: Resource);
type allow(actor, action, resource);
type allow_field(actor, action, resource, field);
type allow_request(actor, request);
`

// checkTypes compares all rules with the rule types of their names.
func (l *loader) checkTypes() {
	l.world.Actors, l.world.Resources = setOf(l.state.blocks.Actors()), setOf(l.state.blocks.Resources())
	var types check.Types
	if file, err := parser.Policy(diag.NewSource("", builtinTypes)); err == nil {
		for _, item := range file.Items {
			if t, ok := item.(*ast.RuleType); ok {
				types.Add(withoutPlace(t.Head))
			}
		}
	}
	for _, head := range l.state.types {
		types.Add(head)
	}
	for _, t := range l.state.blocks.RuleTypes() {
		types.AddGenerated(t.Head, t.Required, t.At)
	}
	for i, r := range l.written {
		e := types.Check(&l.world, r)
		if e == nil || l.broken.hasType(r.Name) {
			continue
		}
		if !l.thorough {
			if first := l.checkFacts(&types, l.placeOf(i)); first != nil {
				e = first
			}
			l.fail(e)
			return
		}
		l.fail(e)
	}
	if e := l.checkFacts(&types, sourcePlace{source: len(l.state.sources)}); e != nil {
		l.fail(e)
		return
	}
	for _, e := range types.Missing("has_role", "has_relation") {
		if l.broken.hasRule(e.Token) || l.broken.blocks() {
			continue
		}
		l.fail(e)
		if !l.thorough {
			return
		}
	}
}

// withoutPlace returns a rule type's head that belongs to no source of the user.
func withoutPlace(head *ast.Rule) *ast.Rule {
	out := *head
	out.Pos, out.NameAt = ast.Pos{}, diag.Span{}
	return &out
}

func setOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// checkCalls looks for calls of rules that do not exist. Those of the built-in roles may be called by a policy that declares
// resources for them: they exist once roles are enabled.
func (l *loader) checkCalls() {
	hasRoles := roles.Declares(l.written) || l.broken.hasRule("resource")
	defined := func(call *ast.Call) bool {
		name := call.Name
		return l.defined[name] || l.broken.hasRule(name) || hasRoles && roles.IsEntry(name, len(call.Args)) ||
			l.unexpanded && (name == "has_permission" || name == "has_role" || name == "has_relation")
	}
	s := suggester{rules: l.heads}
	for _, r := range l.written {
		l.fail(check.Calls(r, defined, s.suggest)...)
	}
}

// checkPolicy looks for what the policy lacks as a whole.
func (l *loader) checkPolicy(opts LoadOptions) {
	hasAllow := slices.ContainsFunc([]string{"allow", "allow_field", "allow_request"}, func(name string) bool {
		return l.defined[name] || l.broken.hasRule(name)
	})
	if !hasAllow && !opts.NoAllowWarning {
		l.warnings = append(l.warnings, check.MissingAllow())
	}
	if l.state.blocks.Len() > 0 && !l.broken.callsHasPermission() && !slices.ContainsFunc(l.written, func(r *ast.Rule) bool {
		return check.CallsRule(r, "has_permission")
	}) {
		l.warnings = append(l.warnings, check.MissingHasPermission())
	}
}

// policy returns the policy that the load has made out of p.
func (l *loader) policy(p *Policy) *Policy {
	return &Policy{
		Rules:     l.stored,
		Facts:     l.facts.list(),
		literals:  l.facts.literals,
		seed:      l.facts.seed,
		written:   l.read,
		Actors:    l.state.blocks.Actors(),
		Resources: l.state.blocks.Resources(),
		Inline:    append(slices.Clip(p.Inline), l.inline...),
		loaded:    l.state,
		roles:     p.roles,
	}
}
