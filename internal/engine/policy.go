package engine

import (
	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
)

// Policy is a loaded and validated policy before compilation. It is immutable: loading more makes a new one.
type Policy struct {
	// Rules are rewritten (no nested look-ups, arithmetic or construction): those of the sources in order, then the generated ones.
	Rules []*ast.Rule
	// Actors and Resources are the member classes of the unions, in order of first appearance.
	Actors, Resources []string
	// Inline are the inline queries that have not run yet, in order of the sources, as parsed.
	Inline []*ast.InlineQuery

	loaded loadState
}

// LoadOptions change what a load reports.
type LoadOptions struct {
	// NoAllowWarning silences MissingAllowRule.
	NoAllowWarning bool
}

// EmptyPolicy returns the policy an engine starts with: no rules, the built-in rule types.
func EmptyPolicy() *Policy { return &Policy{} }

// loadState is what later loads must know of earlier ones: sources, rule types, blocks.
type loadState struct{}

// Load adds sources to a policy, all or nothing: on errors next is nil. Errors come in the order of spec 11 §2, warnings
// in the order they were found; loading reports the first error, checking all of them. Load never panics and keeps no
// reference to reg.
func (p *Policy) Load(sources []*diag.Source, reg *Registry, opts LoadOptions) (next *Policy, warnings, errors []*diag.Error) {
	return p, nil, nil
}
