package engine

import (
	"errors"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/check"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/parser"
)

// Most policies are right, and those that are take a fast way: their rules are looked for first, and each is read just once, to be
// checked and compiled at the same time. Whatever is wrong there, or only looks so, ends it, and the policy is loaded as
// Policy.Load does it, step by step, which tells what is wrong.

// errDoubtful ends the fast way.
var errDoubtful = errors.New("the policy may be wrong")

// loadFast returns the state for a policy with more sources, and the warnings of the load. Ok is false if the policy should be
// loaded step by step.
func loadFast(p *Policy, sources []*diag.Source, under *registered, old *state, opts LoadOptions) (st *state, warnings []*diag.Error, ok bool) {
	if len(sources) == 0 || p.Len() > 0 {
		return nil, nil, false
	}
	l := newLoader(p, under.known, opts.shop)
	l.facts.seed, l.formsFrom = opts.seed, opts.FormsFrom
	for _, src := range sources {
		if !l.skim(src) {
			return nil, nil, false
		}
	}
	l.rules.sources = l.state.sources
	l.settleFacts(opts.FactsFrom)
	l.expand()
	l.dissolveMixed()
	if len(l.errors) > 0 {
		return nil, nil, false
	}
	in := l.inspection()
	st, err := compile(l.policy(p), under, old, in)
	if err != nil || !in.ends() {
		return nil, nil, false
	}
	l.checkPolicy(opts)
	return st, l.warnings, true
}

// skim looks for the rules of a source and reads the rest. It is false if something is wrong.
func (l *loader) skim(src *diag.Source) bool {
	if l.refused(src) != nil {
		return false
	}
	l.state.sources = append(l.state.sources, src)
	source := int32(len(l.state.sources) - 1)
	file, err := parser.Skim(src, l.facts.take, func(r parser.Skimmed) {
		pred := l.number(predicate{r.Name, r.Params})
		l.rules.written = append(l.rules.written, writtenRule{source, pred, int32(r.Start), int32(r.End)})
	})
	if err != nil {
		return false
	}
	for _, item := range file.Items {
		l.item(item)
	}
	return true
}

// inspection checks rules that have been skimmed as they are read.
type inspection struct {
	load  *loader
	types *check.Types
	free  []bool // predicates whose rules need no comparison with rule types
	// plain is set if the same would have been found right in the rule that was checked last whatever its literals are, and nothing
	// else was said of it.
	plain bool
}

// workshop returns memory for compiling the rules, also without any to check.
func (in *inspection) workshop() *workshop {
	if in == nil {
		return &workshop{}
	}
	return in.load.shop
}

// inspection returns what checks the rules. Those that blocks stand for, and tables, are checked at once.
func (l *loader) inspection() *inspection {
	in := &inspection{load: l, types: l.types()}
	in.free = l.free(in.types)
	for _, r := range l.rules.generated {
		l.checkHead(in.types, r, sourcePlace{})
	}
	if e := l.checkFacts(in.types, sourcePlace{source: len(l.state.sources)}); e != nil {
		l.fail(e)
	}
	return in
}

// right reports whether nothing is wrong with a rule as parsed, and whether it is what it was taken for.
func (in *inspection) right(i int, r *ast.Rule) bool {
	l := in.load
	if r == nil || predicateOf(r) != l.rules.predicate(i) || int32(r.At.End) != l.rules.written[i].end {
		return false
	}
	warnings := len(l.warnings)
	l.rule(r)
	in.plain = in.free[l.rules.written[i].pred] && len(l.warnings) == warnings
	if !in.free[l.rules.written[i].pred] {
		l.checkHead(in.types, r, sourcePlace{})
	}
	return len(l.errors) == 0
}

// ends reports whether nothing is wrong once all rules have been seen.
func (in *inspection) ends() bool {
	l := in.load
	l.checkMissing(in.types)
	return len(l.errors) == 0 && !l.callsUnknown()
}
