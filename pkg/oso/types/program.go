package types

// Source is a text with an optional file name.
type Source struct {
	Filename *string `json:"filename"`
	Src      string  `json:"src"`
}

// Rule is a rule or, with Required, a rule type that some rule must match.
type Rule struct {
	Name     Symbol      `json:"name"`
	Params   []Parameter `json:"params"`
	Body     Term        `json:"body"`
	Required bool        `json:"required"`
}

// Parameter is one parameter of a rule head.
type Parameter struct {
	Parameter   Term  `json:"parameter"`
	Specializer *Term `json:"specializer"`
}

// Declaration is what a resource block says about a name.
type Declaration struct{ DeclarationVariant }

// DeclarationVariant is implemented by the variants of Declaration.
type DeclarationVariant interface{ isDeclaration() }

// The variants of Declaration.
type (
	DeclarationRole       struct{}
	DeclarationPermission struct{}
	DeclarationRelation   Term
)

func (DeclarationRole) isDeclaration()       {}
func (DeclarationPermission) isDeclaration() {}
func (DeclarationRelation) isDeclaration()   {}

var declarationSum = sum{"Declaration", []variant{
	unit[DeclarationRole]("Role"),
	unit[DeclarationPermission]("Permission"),
	newtype[DeclarationRelation, Term]("Relation"),
}}

// Message is a text the engine shows: the output of print, or a warning.
type Message struct {
	Kind MessageKind `json:"kind"`
	Msg  string      `json:"msg"`
}

// MessageKind tells where a message comes from.
type MessageKind struct{ MessageKindVariant }

// MessageKindVariant is implemented by the variants of MessageKind.
type MessageKindVariant interface{ isMessageKind() }

// The variants of MessageKind.
type (
	MessageKindPrint   struct{}
	MessageKindWarning struct{}
)

func (MessageKindPrint) isMessageKind()   {}
func (MessageKindWarning) isMessageKind() {}

var messageKindSum = sum{"MessageKind", []variant{
	unit[MessageKindPrint]("Print"),
	unit[MessageKindWarning]("Warning"),
}}

// MarshalJSON writes the variant under its name.
func (v Declaration) MarshalJSON() ([]byte, error) {
	return declarationSum.encode(v.DeclarationVariant)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Declaration) UnmarshalJSON(data []byte) error {
	return decodeInto(&declarationSum, data, &v.DeclarationVariant)
}

// MarshalJSON writes the variant under its name.
func (v MessageKind) MarshalJSON() ([]byte, error) {
	return messageKindSum.encode(v.MessageKindVariant)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *MessageKind) UnmarshalJSON(data []byte) error {
	return decodeInto(&messageKindSum, data, &v.MessageKindVariant)
}
