package engine

import (
	"maps"
	"slices"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/resource"
)

// Policy is a loaded and validated policy before compilation. It is immutable: loading more makes a new one.
type Policy struct {
	rules *rules // those in Facts are left out
	trees *trees
	// Facts are the predicates made of many facts and nothing else. Their cells are literals of a program that only
	// compilation needs.
	Facts    []*code.Facts
	literals *code.Program
	seed     *code.Program // the program that literals began with, nil for none
	// Actors and Resources are the member classes of the unions, in order of first appearance.
	Actors, Resources []string
	// Inline are the inline queries that have not run yet, in order of the sources, as parsed.
	Inline []*ast.InlineQuery

	loaded loadState
	roles  bool // the built-in roles are on

	formsFrom int // LoadOptions.FormsFrom
}

// Rules returns the rules in rewritten form (no nested look-ups, arithmetic or construction): those of the sources in order,
// then the generated ones. Those in Facts are left out; All has them. The trees are made when they are asked for the first time.
func (p *Policy) Rules() []*ast.Rule { return p.trees.of(p.rules) }

// has reports whether the policy has rules of a name and number of parameters.
func (p *Policy) has(name string, arity int) bool {
	key := predicate{name, arity}
	return slices.Contains(p.rules.preds, key) || slices.ContainsFunc(p.Facts, func(f *code.Facts) bool { return tableOf(f) == key })
}

// LoadOptions change what a load reports.
type LoadOptions struct {
	// NoAllowWarning silences MissingAllowRule.
	NoAllowWarning bool
	// FactsFrom is the number of facts from which a predicate of nothing else becomes a table; zero means a sensible one.
	FactsFrom int
	// FormsFrom is the number of rules of a predicate from which a load looks for those that differ in nothing but literals, which are
	// compiled once; zero means a sensible one, and a great one none. With 1, every rule is taken for one of many.
	FormsFrom int
	// seed is a program that numbers the strings and constants of facts; nil lets them begin anew.
	seed *code.Program
	// shop is memory for the load; nil makes some.
	shop *workshop
	// Start starts a query that a load runs: with roles enabled, the one for the declarations. Nil starts it without a host.
	Start func(*Query)
}

// EmptyPolicy returns the policy an engine starts with: no rules, the built-in rule types.
func EmptyPolicy() *Policy { return &Policy{rules: &rules{}, trees: &trees{}} }

// loadState is what later loads must know of earlier ones. Its maps and slices are shared between policies and never
// changed once a policy has them.
type loadState struct {
	sources []*diag.Source    // all of them
	byName  map[string]string // named sources: text by name
	byText  map[string]string // and name by text
	types   []*ast.Rule       // written rule types
	blocks  *resource.Blocks
}

// clone returns a state that can be changed.
func (s loadState) clone() loadState {
	out := loadState{sources: slices.Clip(s.sources), byName: maps.Clone(s.byName), byText: maps.Clone(s.byText), types: slices.Clip(s.types), blocks: &resource.Blocks{}}
	if s.blocks != nil {
		out.blocks = s.blocks.Clone()
	}
	return out
}

// named notes a named source.
func (s *loadState) named(src *diag.Source) {
	if s.byName == nil { // most policies that are loaded again and again are texts without a name
		s.byName, s.byText = map[string]string{}, map[string]string{}
	}
	s.byName[src.Name], s.byText[src.Text] = src.Text, src.Name
}

// Load adds sources to a policy, all or nothing: on errors next is nil. Errors come in the order of the steps of loading,
// the first of them being the one to report: sources as they are read, blocks and the rules they stand for, rule types,
// calls. Later steps are left out where what comes before makes them meaningless. Warnings come in the order they were
// found, also beside errors. Reg may be nil if nothing is registered.
//
// A policy that has rules takes no more sources. Load never panics, keeps no reference to reg, and may be called by many
// goroutines at once.
func (p *Policy) Load(sources []*diag.Source, reg *Registry, opts LoadOptions) (next *Policy, warnings, errors []*diag.Error) {
	if len(sources) == 0 {
		return p, nil, nil
	}
	if p.Len() > 0 {
		e := diag.New(diag.MultipleLoadError, diag.Span{}, "The engine already holds rules; the sources of a policy must be loaded together.")
		e.Help = "load all files with one call, or clear the rules first"
		return nil, nil, []*diag.Error{e}
	}
	l := newLoader(p, namesOf(reg), opts.shop)
	l.load(sources, opts)
	if len(l.errors) > 0 {
		return nil, l.warnings, l.errors
	}
	return l.policy(p), l.warnings, nil
}
