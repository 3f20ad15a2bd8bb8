package ast

import "github.com/goso-project/goso/internal/diag"

// Node is anything with a place in a source. Generated nodes have the zero Span.
type Node interface{ Span() diag.Span }

// Pos is embedded by every node and holds its span: from its first to its last token, without enclosing parentheses.
type Pos struct{ At diag.Span }

// Span returns the node's place.
func (p Pos) Span() diag.Span { return p.At }

// Term is a value, variable, pattern or expression.
type Term interface {
	Node
	term()
}

type (
	// Int is an integer literal, sign included.
	Int struct {
		Pos
		Value int64
	}
	// Float is a float literal, sign included; may be an infinity or NaN.
	Float struct {
		Pos
		Value float64
	}
	// String is a string literal; Value has its escapes resolved.
	String struct {
		Pos
		Value string
	}
	// Bool is true or false.
	Bool struct {
		Pos
		Value bool
	}
	// Var is a variable or a registered constant: only the registry tells them apart.
	Var struct {
		Pos
		Name string
	}
	// List is [Items..., *Rest]; Rest is nil without a rest variable. The span of Rest starts at the '*'.
	List struct {
		Pos
		Items []Term
		Rest  *Var
	}
	// Dict is {key: value, ...}, a dictionary literal or, in a pattern, a dictionary pattern.
	// Fields stand in source order.
	Dict struct {
		Pos
		Fields []Field
	}
	// Class is a class pattern: Tag or Tag{Fields}. Tag without braces has no fields.
	// The node's span starts at the tag.
	Class struct {
		Pos
		Tag    string
		TagAt  diag.Span
		Fields []Field
	}
	// Call is name(args, key: value): a rule call, or inside a Dot a method, or inside New a constructor.
	Call struct {
		Pos
		Name   string
		NameAt diag.Span
		Args   []Term
		Kwargs []Field
	}
	// Expr is an operator with its operands.
	//
	//	Dot      object, key (String for .name and .("text"), Var for .(k), Call for a method) [, result]
	//	New      Call [, result]
	//	Isa      value, pattern
	//	And, Or  any number of operands (flattened as the grammar says)
	//	Cut, Debug and Print take what is written
	//	arithmetic takes two operands [, result]
	//
	// The forms with a result come from rewriting, or from the prefix forms of the grammar.
	Expr struct {
		Pos
		Args  []Term
		Op    Op
		Paren bool // written in parentheses of its own
	}
	// Field is one key: value entry. KeyAt is the key's place; for the short form {a} Short is true and Value a Var.
	Field struct {
		Key   string
		KeyAt diag.Span
		Value Term
		Short bool
	}
)

func (*Int) term()    {}
func (*Float) term()  {}
func (*String) term() {}
func (*Bool) term()   {}
func (*Var) term()    {}
func (*List) term()   {}
func (*Dict) term()   {}
func (*Class) term()  {}
func (*Call) term()   {}
func (*Expr) term()   {}

// Op is an operator.
type Op uint8

// The operators, in the order of the language's reference.
const (
	Debug Op = iota + 1
	Print
	Cut
	In
	Isa
	New
	Dot
	Not
	Mul
	Div
	Mod
	Rem
	Add
	Sub
	Eq
	Geq
	Leq
	Neq
	Gt
	Lt
	Unify
	Or
	And
	ForAll
	Assign
)

var opNames = [...]string{Debug: "Debug", Print: "Print", Cut: "Cut", In: "In", Isa: "Isa", New: "New", Dot: "Dot", Not: "Not",
	Mul: "Mul", Div: "Div", Mod: "Mod", Rem: "Rem", Add: "Add", Sub: "Sub", Eq: "Eq", Geq: "Geq", Leq: "Leq", Neq: "Neq",
	Gt: "Gt", Lt: "Lt", Unify: "Unify", Or: "Or", And: "And", ForAll: "ForAll", Assign: "Assign"}

// String returns the operator's name, as in "Unify".
func (o Op) String() string {
	if int(o) < len(opNames) {
		return opNames[o]
	}
	return "Op?"
}

// Item is one line of a policy.
type Item interface {
	Node
	item()
}

type (
	// Param is one parameter of a rule head: a term, and the pattern after its colon, or nil.
	Param struct {
		Term        Term
		Specializer Term
	}
	// Rule is head if Body; Body is nil for a fact. Its span covers the whole rule.
	Rule struct {
		Pos
		Name   string
		NameAt diag.Span
		Params []Param
		Body   Term
	}
	// RuleType is "type head;".
	RuleType struct {
		Pos
		Head *Rule
	}
	// InlineQuery is "?= term;".
	InlineQuery struct {
		Pos
		Query Term
	}
	// Block is an actor or resource block. Keyword is nil when the first word is missing.
	Block struct {
		Pos
		Keyword      *Var
		Resource     *Var
		Declarations []Declaration
		Shorthands   []Shorthand
	}
	// Declaration is name = [strings]; or name = {relations};. Exactly one of List and Relations is used: IsDict tells which.
	Declaration struct {
		Pos
		Name   string
		NameAt diag.Span
		IsDict bool
		// ValueAt is the place of the list or dictionary.
		ValueAt   diag.Span
		List      []*String
		Relations []Field // key: relation name; value: *Var naming the class
	}
	// Shorthand is "head" if "body" [word "relation"];.
	Shorthand struct {
		Pos
		Head     *String
		Body     *String
		Word     *Var    // nil without a relation; should be "on"
		Relation *String // nil without a relation
	}
)

func (*Rule) item()        {}
func (*RuleType) item()    {}
func (*InlineQuery) item() {}
func (*Block) item()       {}

// File is a parsed source.
type File struct {
	Source *diag.Source
	Items  []Item
}
