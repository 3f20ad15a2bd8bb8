package lexer

import "github.com/goso-project/goso/internal/diag"

// Kind says what sort of token a Token is.
type Kind uint8

// The kinds of tokens. Keywords stand together, as do operators and punctuation.
const (
	Invalid Kind = iota // what no token is; a member of no Set
	EOF
	Ident
	Int
	Float
	String
	Bool

	// Keywords that may be used as keys and after a dot.
	Type
	Cut
	Debug
	Print
	In
	ForAll
	If
	And
	Or
	Not
	New
	Matches
	// Keywords that may not.
	Mod
	Rem
	Isa

	Colon
	Comma
	LBracket
	RBracket
	LParen
	RParen
	LBrace
	RBrace
	Dot
	Bang
	Star
	Slash
	Plus
	Minus
	Eq
	Neq
	Leq
	Geq
	Lt
	Gt
	Unify
	Assign
	Bar
	Semicolon
	InlineQuery

	kindCount
)

var kindText = [kindCount]string{
	Invalid: "invalid token", EOF: "end of text", Ident: "name", Int: "integer", Float: "float", String: "string", Bool: "boolean",
	Type: "type", Cut: "cut", Debug: "debug", Print: "print", In: "in", ForAll: "forall", If: "if", And: "and",
	Or: "or", Not: "not", New: "new", Matches: "matches", Mod: "mod", Rem: "rem", Isa: "isa",
	Colon: ":", Comma: ",", LBracket: "[", RBracket: "]", LParen: "(", RParen: ")", LBrace: "{", RBrace: "}",
	Dot: ".", Bang: "!", Star: "*", Slash: "/", Plus: "+", Minus: "-", Eq: "==", Neq: "!=", Leq: "<=", Geq: ">=",
	Lt: "<", Gt: ">", Unify: "=", Assign: ":=", Bar: "|", Semicolon: ";", InlineQuery: "?=",
}

// String returns the text of a keyword, operator or punctuation mark, and a description of the other kinds.
func (k Kind) String() string {
	if k < kindCount {
		return kindText[k]
	}
	return "token"
}

// Fixed reports whether every token of the kind has the same text.
func (k Kind) Fixed() bool { return k > Bool && k < kindCount }

// Set is a set of kinds.
type Set uint64

// Of returns the set of the given kinds.
func Of(kinds ...Kind) Set {
	var s Set
	for _, k := range kinds {
		s |= 1 << k
	}
	return s
}

// Has reports whether k is in the set.
func (s Set) Has(k Kind) bool { return s>>k&1 == 1 }

// Kinds returns the members of the set in the order of the constants.
func (s Set) Kinds() []Kind {
	var kinds []Kind
	for k := range kindCount {
		if s.Has(k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Token is one token. Its text in the source is Source.Text[Start:End].
type Token struct {
	Kind       Kind
	Start, End int
	// Text is the token as written; for a String its contents with escapes resolved.
	Text  string
	Int   int64   // value of an Int; means nothing in other tokens
	Float float64 // value of a Float; the same
}

// Span returns the token's place in the source it was scanned from.
func (t *Token) Span(src *diag.Source) diag.Span {
	return diag.Span{Source: src, Start: t.Start, End: t.End}
}

// keyword returns the kind of a name: a keyword, a literal spelled as a word, or Ident.
func keyword(name string) Kind {
	if len(name) < 2 || len(name) > 7 || name[0] < 'a' || name[0] > 't' {
		return Ident // most names are no keyword at a glance
	}
	switch name {
	case "true", "false":
		return Bool
	case "inf", "nan":
		return Float
	case "type":
		return Type
	case "cut":
		return Cut
	case "debug":
		return Debug
	case "print":
		return Print
	case "in":
		return In
	case "forall":
		return ForAll
	case "if":
		return If
	case "and":
		return And
	case "or":
		return Or
	case "not":
		return Not
	case "new":
		return New
	case "matches":
		return Matches
	case "mod":
		return Mod
	case "rem":
		return Rem
	case "isa":
		return Isa
	}
	return Ident
}
