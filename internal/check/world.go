package check

import (
	"slices"

	"github.com/goso-project/goso/internal/diag"
)

// World is what checks must know besides the policy's text. It is for one goroutine.
type World struct {
	// Registered reports whether a name is a constant or class of the application.
	Registered func(name string) bool
	// Ancestors returns the classes a class derives from, itself among them; ok is false for what is no class.
	Ancestors func(name string) (ancestors []string, ok bool)
	// IgnoreClasses takes every class for registered, for checks without an application.
	IgnoreClasses bool
	// Actors and Resources are the members of the unions Actor and Resource.
	Actors, Resources map[string]bool

	// Names are memory for the names of the rule being checked; nil makes some.
	Names *Names
}

// IsClassName reports whether a name may stand where a registered class must.
func (w *World) IsClassName(name string) bool { return w.IgnoreClasses || w.Registered(name) }

// union returns the members of the union Actor or Resource.
func (w *World) union(name string) (members map[string]bool, ok bool) {
	switch name {
	case "Actor":
		return w.Actors, true
	case "Resource":
		return w.Resources, true
	}
	return nil, false
}

// isMember reports whether a class or one of its ancestors is in a union.
func (w *World) isMember(members map[string]bool, class string) bool {
	if members[class] {
		return true
	}
	ancestors, _ := w.Ancestors(class)
	return slices.ContainsFunc(ancestors, func(a string) bool { return members[a] })
}

func unregisteredClass(name string) *diag.Error {
	e := diag.New(diag.UnregisteredClass, diag.Span{}, "Unregistered class: %s", name)
	e.Token = name
	e.Help = "a rule type names this class; register it before loading the policy, or correct the name"
	return e
}
