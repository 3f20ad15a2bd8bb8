package ast

// Walk visits n and everything below it in the order of the text: a node before its parts. Where visit returns
// false the parts of that node are left out. Fields and parameters are no nodes; their terms are visited.
// A rule type's head is visited as a Rule.
func Walk(n Node, visit func(Node) bool) {
	if isNil(n) || !visit(n) {
		return
	}
	switch n := n.(type) {
	case *List:
		walkTerms(n.Items, visit)
		Walk(n.Rest, visit)
	case *Dict:
		walkFields(n.Fields, visit)
	case *Class:
		walkFields(n.Fields, visit)
	case *Call:
		walkTerms(n.Args, visit)
		walkFields(n.Kwargs, visit)
	case *Expr:
		walkTerms(n.Args, visit)
	case *Rule:
		for _, p := range n.Params {
			Walk(p.Term, visit)
			Walk(p.Specializer, visit)
		}
		Walk(n.Body, visit)
	case *RuleType:
		Walk(n.Head, visit)
	case *InlineQuery:
		Walk(n.Query, visit)
	case *Block:
		walkBlock(n, visit)
	}
}

func walkTerms(ts []Term, visit func(Node) bool) {
	for _, t := range ts {
		Walk(t, visit)
	}
}

func walkFields(fields []Field, visit func(Node) bool) {
	for _, f := range fields {
		Walk(f.Value, visit)
	}
}

func walkBlock(b *Block, visit func(Node) bool) {
	Walk(b.Keyword, visit)
	Walk(b.Resource, visit)
	for _, d := range b.Declarations {
		for _, s := range d.List {
			Walk(s, visit)
		}
		walkFields(d.Relations, visit)
	}
	for _, s := range b.Shorthands {
		Walk(s.Head, visit)
		Walk(s.Body, visit)
		Walk(s.Word, visit)
		Walk(s.Relation, visit)
	}
}

// isNil holds for a missing part, such as the rest variable of a list without one.
func isNil(n Node) bool {
	switch n := n.(type) {
	case nil:
		return true
	case *Var:
		return n == nil
	case *String:
		return n == nil
	case *Rule:
		return n == nil
	}
	return false
}
