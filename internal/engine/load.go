package engine

import (
	"math"
	"slices"
	"strings"
	"sync"

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
	state loadState

	rules   rules // those generated are not rewritten yet
	numbers map[predicate]int32
	inline  []*ast.InlineQuery
	facts   tables
	shop    *workshop
	defined map[string]bool // names of rules
	called  map[string]bool // names of rules that are called

	formsFrom int // LoadOptions.FormsFrom

	// unexpanded: a line of a block has an error, so rules it stands for are missing.
	unexpanded bool
	// thorough makes the loader go on where loading would stop, to find more errors.
	thorough bool
	// broken are the sources with parse errors; only a thorough loader goes on with some.
	broken *brokenSources

	warnings, errors []*diag.Error
}

func newLoader(p *Policy, known *knownNames, shop *workshop) *loader {
	if shop == nil {
		shop = &workshop{}
	}
	shop.tidy()
	l := &loader{world: known.world(), state: p.loaded.clone(), shop: shop, numbers: shop.numbers, defined: shop.defined, called: shop.called}
	l.world.Names = &shop.names
	l.rules.reserved = known.reserved
	return l
}

// load does all steps of loading.
func (l *loader) load(sources []*diag.Source, opts LoadOptions) {
	l.facts.seed, l.formsFrom = opts.seed, opts.FormsFrom
	for _, src := range sources {
		l.source(src)
	}
	l.rules.sources = l.state.sources
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
	if e := l.refused(src); e != nil {
		l.fail(e)
		return
	}
	l.state.sources = append(l.state.sources, src)
	if l.thorough {
		file, errors := parser.PolicyAll(src)
		if len(errors) > 0 {
			l.fail(errors...)
			l.broken.add(src, file, errors)
		}
		for _, item := range file.Items {
			l.item(item)
		}
		return
	}
	file, err := parser.PolicyFacts(src, l.facts.take)
	if err != nil {
		l.fail(asDiagnostic(err, src))
		return
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

// maxSource bounds the length of a source: places in it are numbers of 32 bits.
const maxSource = math.MaxInt32

// refused returns an error if a source is too long, or named and was loaded before, and else remembers it.
func (l *loader) refused(src *diag.Source) *diag.Error {
	if len(src.Text) > maxSource {
		return diag.New(diag.FileLoading, diag.Span{Source: src}, "Problem loading file: it is longer than %d bytes.", maxSource)
	}
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
		l.state.named(src)
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
		l.rules.written = append(l.rules.written, l.written(item, len(l.state.sources)-1))
		l.rule(item)
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

// rule checks a rule by itself.
func (l *loader) rule(r *ast.Rule) {
	warnings, errors := l.world.Rule(r)
	l.warnings = append(l.warnings, warnings...)
	l.fail(errors...)
	l.noteCalls(r)
}

// written returns what is kept of a rule in a source.
func (l *loader) written(r *ast.Rule, source int) writtenRule {
	return writtenRule{source: int32(source), pred: l.number(predicateOf(r)), start: int32(r.At.Start), end: int32(r.At.End)}
}

// number returns the number of a predicate, which is defined from now on.
func (l *loader) number(p predicate) int32 {
	n, found := l.numbers[p]
	if !found {
		n = int32(len(l.rules.preds))
		l.numbers[p] = n
		l.rules.preds = append(l.rules.preds, p)
		l.defined[p.name] = true
	}
	return n
}

// has reports whether a predicate has rules outside of tables.
func (l *loader) has(name string, arity int) bool {
	_, found := l.numbers[predicate{name, arity}]
	return found
}

// noteCalls notes what a rule calls.
func (l *loader) noteCalls(r *ast.Rule) {
	check.EachCall(r, func(call *ast.Call) {
		if !l.called[call.Name] {
			l.called[call.Name] = true
		}
	})
}

// each visits all rules as parsed until visit returns false. A tree is good until visit returns.
func (l *loader) each(visit func(r *ast.Rule) bool) {
	rd := l.rules.reader()
	for i := range l.rules.written {
		if !visit(rd.parsed(i)) {
			return
		}
		rd.rewind()
	}
	for _, r := range l.rules.generated {
		if !visit(r) {
			return
		}
	}
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
		l.rules.generated = append(l.rules.generated, r)
		l.number(predicateOf(r))
		l.noteCalls(r)
	}
}

// builtinTypes are the rule types every policy has.
var builtinTypes = sync.OnceValue(func() *check.Types {
	var types check.Types
	file, _ := parser.Policy(diag.NewSource("", `
		type has_permission(actor: Actor, permission: String, resource: Resource);
		type allow(actor, action, resource);
		type allow_field(actor, action, resource, field);
		type allow_request(actor, request);`)) // there is no error in it
	for _, item := range file.Items {
		types.Add(withoutPlace(item.(*ast.RuleType).Head))
	}
	return &types
})

// types returns the rule types of the policy, once the blocks are known.
func (l *loader) types() *check.Types {
	l.world.Actors, l.world.Resources = setOf(l.state.blocks.Actors()), setOf(l.state.blocks.Resources())
	types := builtinTypes().Extend()
	for _, head := range l.state.types {
		types.Add(head)
	}
	for _, t := range l.state.blocks.RuleTypes() {
		types.AddGenerated(t.Head, t.Required, t.At)
	}
	return types
}

// checkTypes compares all rules with the rule types of their names.
func (l *loader) checkTypes() {
	types := l.types()
	if !l.checkHeads(types) {
		return
	}
	if e := l.checkFacts(types, sourcePlace{source: len(l.state.sources)}); e != nil {
		l.fail(e)
		return
	}
	l.checkMissing(types)
}

// checkMissing looks for rule types that blocks need some rule to match.
func (l *loader) checkMissing(types *check.Types) {
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

// checkHeads compares rules with rule types. It is false if a rule that matches none ends the load.
func (l *loader) checkHeads(types *check.Types) bool {
	free := l.free(types)
	rd := l.rules.reader()
	for i := range l.rules.written {
		if w := l.rules.written[i]; !free[w.pred] && !l.checkHead(types, rd.head(i), w.place()) {
			return false
		}
		rd.rewind()
	}
	for _, r := range l.rules.generated { // they come after all others
		if !l.checkHead(types, r, sourcePlace{source: len(l.state.sources)}) {
			return false
		}
	}
	return true
}

// free tells the predicates whose rules match rule types whatever their parameters are.
func (l *loader) free(types *check.Types) []bool {
	free := make([]bool, len(l.rules.preds))
	for i, p := range l.rules.preds {
		free[i] = types.AnyMatch(p.name, p.arity)
	}
	return free
}

// checkHead is checkHeads for one rule.
func (l *loader) checkHead(types *check.Types, r *ast.Rule, at sourcePlace) bool {
	e := types.Check(&l.world, r)
	if e == nil || l.broken.hasType(r.Name) {
		return true
	}
	if !l.thorough {
		if first := l.checkFacts(types, at); first != nil {
			e = first
		}
	}
	l.fail(e)
	return l.thorough
}

// withoutPlace returns a rule type's head that belongs to no source of the user.
func withoutPlace(head *ast.Rule) *ast.Rule {
	out := *head
	out.Pos, out.NameAt = ast.Pos{}, diag.Span{}
	return &out
}

func setOf(names []string) map[string]bool {
	if len(names) == 0 {
		return nil
	}
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// checkCalls looks for calls of rules that do not exist. Those of the built-in roles may be called by a policy that declares
// resources for them: they exist once roles are enabled.
func (l *loader) checkCalls() {
	if !l.callsUnknown() {
		return
	}
	hasRoles := roles.Declares(l.has) || l.broken.hasRule("resource")
	defined := func(call *ast.Call) bool {
		name := call.Name
		return l.defined[name] || l.broken.hasRule(name) || hasRoles && roles.IsEntry(name, len(call.Args)) ||
			l.unexpanded && (name == "has_permission" || name == "has_role" || name == "has_relation")
	}
	s := suggester{rules: l.names}
	l.each(func(r *ast.Rule) bool {
		l.fail(check.Calls(r, defined, s.suggest)...)
		return true
	})
}

// callsUnknown reports whether a name is called that no rule has.
func (l *loader) callsUnknown() bool {
	for name := range l.called {
		if !l.defined[name] {
			return true
		}
	}
	return false
}

// checkPolicy looks for what the policy lacks as a whole.
func (l *loader) checkPolicy(opts LoadOptions) {
	hasAllow := slices.ContainsFunc([]string{"allow", "allow_field", "allow_request"}, func(name string) bool {
		return l.defined[name] || l.broken.hasRule(name)
	})
	if !hasAllow && !opts.NoAllowWarning {
		l.warnings = append(l.warnings, check.MissingAllow())
	}
	if l.state.blocks.Len() > 0 && !l.broken.callsHasPermission() && !l.called["has_permission"] {
		l.warnings = append(l.warnings, check.MissingHasPermission())
	}
}

// policy returns the policy that the load has made out of p.
func (l *loader) policy(p *Policy) *Policy {
	if len(l.rules.generated) > 0 {
		rd := l.rules.reader() // these trees stay
		for i, r := range l.rules.generated {
			l.rules.generated[i] = rd.rewriter.Rule(r)
		}
	}
	rules := l.rules // nothing else of the loader stays
	return &Policy{
		Facts:     l.facts.list(),
		rules:     &rules,
		trees:     &trees{},
		literals:  l.facts.literals,
		seed:      l.facts.seed,
		formsFrom: l.formsFrom,
		Actors:    l.state.blocks.Actors(),
		Resources: l.state.blocks.Resources(),
		Inline:    append(slices.Clip(p.Inline), l.inline...),
		loaded:    l.state,
		roles:     p.roles,
	}
}
