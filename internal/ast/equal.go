package ast

import (
	"math"
	"slices"
)

// Equal reports whether two terms have the same structure. Places, parentheses and the short form of fields make
// no difference; the order of fields does, and so does the type of a number. NaN equals NaN, and -0.0 differs
// from 0.0, for they are written differently.
func Equal(a, b Term) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	switch a := a.(type) {
	case *Int:
		b, ok := b.(*Int)
		return ok && a.Value == b.Value
	case *Float:
		b, ok := b.(*Float)
		return ok && (math.Float64bits(a.Value) == math.Float64bits(b.Value) || math.IsNaN(a.Value) && math.IsNaN(b.Value))
	case *String:
		b, ok := b.(*String)
		return ok && a.Value == b.Value
	case *Bool:
		b, ok := b.(*Bool)
		return ok && a.Value == b.Value
	case *Var:
		b, ok := b.(*Var)
		return ok && equalVars(a, b)
	case *List:
		b, ok := b.(*List)
		return ok && equalTerms(a.Items, b.Items) && equalVars(a.Rest, b.Rest)
	case *Dict:
		b, ok := b.(*Dict)
		return ok && equalFields(a.Fields, b.Fields)
	case *Class:
		b, ok := b.(*Class)
		return ok && a.Tag == b.Tag && equalFields(a.Fields, b.Fields)
	case *Call:
		b, ok := b.(*Call)
		return ok && a.Name == b.Name && equalTerms(a.Args, b.Args) && equalFields(a.Kwargs, b.Kwargs)
	case *Expr:
		b, ok := b.(*Expr)
		return ok && a.Op == b.Op && equalTerms(a.Args, b.Args)
	}
	return false
}

func equalVars(a, b *Var) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Name == b.Name
}

func equalStrings(a, b *String) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Value == b.Value
}

func equalTerms(a, b []Term) bool { return slices.EqualFunc(a, b, Equal) }

func equalFields(a, b []Field) bool {
	return slices.EqualFunc(a, b, func(f, g Field) bool { return f.Key == g.Key && Equal(f.Value, g.Value) })
}

// EqualFiles reports whether two files hold equal items in the same order; terms are compared as by Equal.
func EqualFiles(a, b *File) bool { return slices.EqualFunc(a.Items, b.Items, equalItems) }

func equalItems(a, b Item) bool {
	switch a := a.(type) {
	case *Rule:
		b, ok := b.(*Rule)
		return ok && EqualRules(a, b)
	case *RuleType:
		b, ok := b.(*RuleType)
		return ok && EqualRules(a.Head, b.Head)
	case *InlineQuery:
		b, ok := b.(*InlineQuery)
		return ok && Equal(a.Query, b.Query)
	case *Block:
		b, ok := b.(*Block)
		return ok && equalVars(a.Keyword, b.Keyword) && equalVars(a.Resource, b.Resource) &&
			slices.EqualFunc(a.Declarations, b.Declarations, equalDeclarations) &&
			slices.EqualFunc(a.Shorthands, b.Shorthands, equalShorthands)
	}
	return false
}

// EqualRules reports whether two rules have the same name, parameters, specializers and body.
func EqualRules(a, b *Rule) bool {
	return a.Name == b.Name && Equal(a.Body, b.Body) && slices.EqualFunc(a.Params, b.Params, func(p, q Param) bool {
		return Equal(p.Term, q.Term) && Equal(p.Specializer, q.Specializer)
	})
}

func equalDeclarations(a, b Declaration) bool {
	return a.Name == b.Name && a.IsDict == b.IsDict && slices.EqualFunc(a.List, b.List, equalStrings) && equalFields(a.Relations, b.Relations)
}

func equalShorthands(a, b Shorthand) bool {
	return equalStrings(a.Head, b.Head) && equalStrings(a.Body, b.Body) && equalVars(a.Word, b.Word) && equalStrings(a.Relation, b.Relation)
}
