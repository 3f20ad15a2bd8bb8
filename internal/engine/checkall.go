package engine

import (
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/wam"
)

// Diagnostic is one finding of CheckAll.
type Diagnostic struct {
	*diag.Error
	// Warning tells a warning from an error. Some kinds that fail a load are warnings where their verdict is not certain.
	Warning bool
}

// CheckOptions change what CheckAll reports.
type CheckOptions struct {
	LoadOptions
	// StrictClasses makes a class that nobody registered an error instead of a warning.
	StrictClasses bool
}

// CheckAll looks for everything that is wrong with a policy: all parse errors of each source, and all that the rest of them
// allows to find. The findings come in the order of the sources and of the text, those without a place last.
//
// Without a registry (nil) every class counts as registered: nothing is said about unknown classes, and rules that match no
// rule type are warnings, since that may depend on which class derives from which.
//
// It may be called by many goroutines at once.
func CheckAll(sources []*diag.Source, reg *Registry, opts CheckOptions) []Diagnostic {
	known := reg
	if known == nil {
		known = builtinRegistry()
	}
	l := newLoader(EmptyPolicy(), namesOf(known), nil)
	l.thorough = true
	l.broken = &brokenSources{}
	l.world.IgnoreClasses = reg == nil
	l.load(sources, opts.LoadOptions)

	found := make([]Diagnostic, 0, len(l.errors)+len(l.warnings))
	for _, e := range l.errors {
		uncertain := reg == nil && (e.Kind == diag.InvalidRule || e.Kind == diag.MissingRequiredRule)
		found = append(found, Diagnostic{Error: e, Warning: uncertain})
	}
	for _, w := range l.warnings {
		if w.Kind == diag.UnknownSpecializer && opts.StrictClasses {
			strict := *w
			strict.Kind = diag.UnregisteredClass
			found = append(found, Diagnostic{Error: &strict})
			continue
		}
		found = append(found, Diagnostic{Error: w, Warning: true})
	}

	order := make(map[*diag.Source]int, len(sources))
	for i, src := range sources {
		order[src] = i
	}
	slices.SortStableFunc(found, func(a, b Diagnostic) int {
		switch {
		case a.Span.IsValid() != b.Span.IsValid():
			if a.Span.IsValid() {
				return -1
			}
			return 1
		case a.Span.Source != b.Span.Source:
			return order[a.Span.Source] - order[b.Span.Source]
		case a.Span.Start != b.Span.Start:
			return a.Span.Start - b.Span.Start
		}
		return strings.Compare(string(a.Kind), string(b.Kind))
	})
	return found
}

// builtinRegistry returns the names every host registers.
func builtinRegistry() *Registry {
	reg := &Registry{Constants: map[string]wam.Value{"nil": wam.InstanceValue(nil, 0)}}
	for _, name := range []string{"Boolean", "Integer", "Float", "String", "List", "Dictionary"} {
		reg.Classes = append(reg.Classes, Class{Name: name, Ancestors: []string{name}})
	}
	return reg
}
