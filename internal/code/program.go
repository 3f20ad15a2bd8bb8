package code

import (
	"math"
	"slices"
	"sort"

	"github.com/goso-project/goso/internal/diag"
)

// Program is a compiled policy, or a compiled query that runs on top of one. A policy's program is immutable once built.
type Program struct {
	Instrs []Instr
	// Base is the code address of Instrs[0]: 0 for a policy, QueryBase for a query.
	Base int
	// Policy is the program a query runs on top of, nil for a policy. Listings read its names.
	Policy *Program
	// Marks give the places of instructions, by ascending address.
	Marks []Mark
	// Origins are what marks refer to.
	Origins []Origin

	Preds     []*Pred
	facts     []*Facts // of those that have them, by address
	predIndex predIndex
	arities   map[string]bool
	// In a program that extends another one: the numbers that predicates had, the addresses of clauses that were dropped, and
	// the number of their instructions.
	former  map[predKey]int
	gone    []int
	Dropped int

	Atoms     []string
	atomIndex nameIndex
	// Strings are a query's string literals that are no atoms of the policy: cell STR n is Strings[n].
	Strings []string

	// Pool is the read-only segment of ground constants.
	Pool []Cell

	// HostConsts are the names of the registered constants that host cells with PoolBit refer to.
	HostConsts []string
	hostIndex  nameIndex

	// Classes are the class names tested anywhere; ClassIndex numbers them.
	Classes    []string
	classIndex nameIndex
	// Unions are the member class numbers of Actor (0) and Resource (1).
	Unions [2][]int

	Templates []*Template
	Patterns  []*Pattern
	Matches   []MatchUse
	Sends     []Send
	Scans     []*Scan // Imm of an OpIn is an index plus one
	Hops      []*Hop  // A of an OpAllocate is an index plus one

	// HostData is set when a registered constant that is a host object occurs inside code or data.
	HostData bool

	// ParamMarks are the places of parameters with specializers: address ParamBase+i means ParamMarks[i].
	ParamMarks []Mark

	// MaxX is the number of X registers needed.
	MaxX int

	// Vars names the variables of a query: Vars[i] lives in Y[i]. Empty names are generated variables.
	Vars []string
}

// QueryBase is where a query's own code begins. Addresses below belong to the policy.
const QueryBase = 1 << 30

// Addresses of the instructions that every policy's program starts with.
const (
	PCHalt = iota
	PCSolution
	PCWakeNext
	PCFail
	PCNotEnd
	PCNotExit
	PCNotNext
	PCStart // first address of rules
)

// ParamBase is where the addresses begin that stand for parameters, not instructions.
const ParamBase = 1 << 29

// SpanEntry is the place of an instruction. Rule is the rule it belongs to.
type SpanEntry struct {
	PC   int
	Span diag.Span
	Rule string
}

// Mark is the place of the instructions from PC up to the next mark: offsets in the source of an origin. There are several
// for each rule, so they are small and hold no pointer.
type Mark struct {
	PC, Start, End int32
	Origin         int32
}

// Origin is where the code of some rules comes from.
type Origin struct {
	Source *diag.Source
	Rule   string
}

// Pred is one predicate: the rules of one name and number of parameters.
type Pred struct {
	Name    string
	Arity   int
	Clauses []*Clause // in source order
	// Facts are there instead of clauses where all rules are facts, nil elsewhere.
	Facts *Facts
	// Order is set when the order by specificity does not depend on arguments: Clauses in that order, as indexes.
	Order []int32
	// Params summarises each position over all clauses.
	Params []ParamMode
}

// ParamMode says what the clauses of a predicate ask of one argument.
type ParamMode uint8

// Bits of ParamMode.
const (
	ModeLiteral ParamMode = 1 << iota // some clause compares it with a literal
	ModeClass                         // some clause tests its class
	ModeFields                        // some clause looks at fields or into lists by pattern
	ModeDeep                          // some clause compares parts of it, or it with another argument
	ModeHost                          // some clause compares it with a registered constant
	ModeList                          // some clause takes it apart as a list
)

// Clause is one rule. Policies have many, so it is small.
type Clause struct {
	// Params describe the head for indexing, sorting and the general routine.
	Params []Param
	Quick  []Quick
	// Homes says where the body wants each variable of the head.
	Homes []Home
	// NameAt is the place of the rule's name, and its address that of the compiled head.
	NameAt Mark
	Index  int32 // in source order within its predicate
	Body   int32 // address of the body, when the head was run by the general routine
	// Tests is the number of instructions at the start of the head that test again what Quick decides; 0 if the clause is not Exact.
	Tests int32
	Frame int16 // slots of the environment the body wants, -1 for none
	Exact bool  // Quick, and what patterns want of fields if that is literals, decide the head completely
}

// Head returns the address of the compiled head.
func (c *Clause) Head() int { return int(c.NameAt.PC) }

// Home is where the body wants a variable of the head.
type Home struct {
	Reg int16 // NoReg if the body does not use it
	// Touch is set if the head marks the variable as touched: the body passes it on as it is.
	Touch bool
}

// NoReg marks a variable of the head that the body does not use.
const NoReg = -1 << 15

// Param is one parameter of a head.
type Param struct {
	Term *Template
	Spec *Pattern // nil without a specializer
	// SpecID numbers specializers of equal structure within the position: equal ids mean equal specializers, 0 means none.
	SpecID int32
	At     int32 // the address that stands for a parameter with a specializer
}

// Quick is a test of one argument that needs neither heap nor host.
type Quick struct {
	Cell Cell  // QuickConst: the constant
	N    int32 // QuickClass: class number; QuickUnion: union number
	Arg  int16
	Kind QuickKind
}

// QuickKind is the kind of a quick test.
type QuickKind uint8

// The kinds of quick tests. An unbound argument passes each.
const (
	QuickConst   QuickKind = iota
	QuickList              // must be a non-empty list
	QuickAnyList           // must be a list
	QuickDict              // must be a dictionary
	QuickClass
	QuickUnion
)

// TemplateKind is the kind of a template node.
type TemplateKind uint8

// The kinds of template nodes.
const (
	TConst TemplateKind = iota // Cell
	TVar                       // Var
	TList                      // Items, Rest
	TDict                      // Keys (cells), Items
)

// Template is a term with numbered variables.
type Template struct {
	Kind  TemplateKind
	Cell  Cell
	Var   int
	Items []*Template
	Keys  []Cell
	Rest  *Template // nil for none
	// Label is the name of a variable or registered constant.
	Label string
	// Regs, on the root of a body term, gives each variable's register; First tells which occur here for the first time.
	Regs  []int16
	First []bool
}

// PatternKind is the kind of a pattern.
type PatternKind uint8

// The kinds of patterns.
const (
	PTerm  PatternKind = iota // unify with Term
	PClass                    // belong to Class, then Fields
	PUnion                    // belong to a class of union Class
	PDict                     // Fields
	PList                     // Items, Rest
	PVar                      // match what the variable holds, or bind it
)

// Pattern is a specializer, the right side of matches, or a part of one. Specializers that are no more than a class are shared.
type Pattern struct {
	Kind   PatternKind
	ID     int // number in the program
	Class  int
	Tag    string
	Fields []FieldPattern // in descending order of their keys
	Items  []*Pattern
	Rest   *Template
	Term   *Template
}

// FieldPattern is one key of a class or dictionary pattern.
type FieldPattern struct {
	Key     string
	Atom    Cell
	Pattern *Pattern
}

// MatchUse is a pattern as a body uses it: Regs and First as in Template.
type MatchUse struct {
	Pattern *Pattern
	Regs    []int16
	First   []bool
}

// Send is a method call, construction or print: registers of its arguments and keyword arguments.
type Send struct {
	Name  string
	Args  []int16
	Keys  []string // of the last len(Keys) registers
	Label []string // names for printing unbound arguments
}

// NewProgram returns an empty program.
func NewProgram(base int) *Program {
	p := &Program{Base: base, predIndex: newPredIndex(), arities: map[string]bool{}}
	if base == 0 {
		p.Origins = []Origin{{}} // of clauses that come from nowhere
		p.Instrs = []Instr{PCHalt: {Op: OpHalt}, PCSolution: {Op: OpSolution}, PCWakeNext: {Op: OpWakeNext}, PCFail: {Op: OpFail},
			PCNotEnd: {Op: OpNotEnd}, PCNotExit: {Op: OpNotExit}, PCNotNext: {Op: OpJump, Imm: PCWakeNext}}
	}
	return p
}

// Pred returns the number of a predicate, or -1.
func (p *Program) Pred(name string, arity int) int { return p.predIndex.find(p.Preds, name, arity) }

// Defined reports whether there is a rule of that name, with any number of parameters.
func (p *Program) Defined(name string) bool { return p.arities[name] }

// AddPred adds a predicate and returns it with its number; an existing one is returned as it is.
func (p *Program) AddPred(name string, arity int) (*Pred, int) {
	if i := p.Pred(name, arity); i >= 0 {
		return p.Preds[i], i
	}
	k := predKey{name, arity}
	if i, ok := p.former[k]; ok {
		p.predIndex.set(k, i)
		return p.Preds[i], i
	}
	pr := &Pred{Name: name, Arity: arity, Params: make([]ParamMode, arity)}
	i := len(p.Preds)
	p.predIndex.set(k, i)
	p.Preds = append(p.Preds, pr)
	return pr, i
}

// Define notes that a rule of that name exists.
func (p *Program) Define(name string) { p.arities[name] = true }

// Begin returns a program with the strings, constants and classes of p.
func (p *Program) Begin() *Program {
	out := p.Literals()
	out.Classes, out.classIndex = slices.Clip(p.Classes), p.classIndex.clone()
	out.HostConsts, out.hostIndex, out.HostData = slices.Clip(p.HostConsts), p.hostIndex.clone(), p.HostData
	return out
}

// Literals returns an empty policy that numbers strings and constants as p does, so that cells of p's literals are cells of it.
func (p *Program) Literals() *Program {
	out := NewProgram(0)
	out.Atoms, out.atomIndex, out.Pool = slices.Clip(p.Atoms), p.atomIndex.clone(), slices.Clip(p.Pool)
	return out
}

// Atom returns the number of a string, or -1.
func (p *Program) Atom(s string) int {
	return p.atomIndex.find(p.Atoms, s)
}

// AddAtom interns a string while the program is built.
func (p *Program) AddAtom(s string) int {
	return p.atomIndex.add(&p.Atoms, s)
}

// Class returns the number of a class name, or -1.
func (p *Program) Class(name string) int {
	return p.classIndex.find(p.Classes, name)
}

// AddClass numbers a class name while the program is built.
func (p *Program) AddClass(name string) int {
	return p.classIndex.add(&p.Classes, name)
}

// AddHostConst numbers a registered constant while the program is built.
func (p *Program) AddHostConst(name string) int {
	return p.hostIndex.add(&p.HostConsts, name)
}

// NewMark returns the mark for a place in a rule.
func (p *Program) NewMark(pc int, span diag.Span, rule string) Mark {
	o := Origin{span.Source, rule}
	if n := len(p.Origins); n == 0 || p.Origins[n-1] != o {
		p.Origins = append(p.Origins, o)
	}
	return Mark{int32(pc), offset(span.Start), offset(span.End), int32(len(p.Origins) - 1)}
}

// offset narrows a place in a text; no text is so long that it matters.
func offset(n int) int32 { return int32(min(n, math.MaxInt32)) }

// Place returns the entry that covers an address of this program.
func (p *Program) Place(pc int) (SpanEntry, bool) {
	if i := pc - ParamBase; i >= 0 && i < len(p.ParamMarks) && pc < QueryBase {
		e := p.Entry(p.ParamMarks[i])
		e.PC, e.Rule = pc, ""
		return e, true
	}
	if pc >= FactBase && pc < ParamBase {
		return p.factPlace(pc)
	}
	i := sort.Search(len(p.Marks), func(i int) bool { return int(p.Marks[i].PC) > pc })
	if i == 0 {
		return SpanEntry{}, false
	}
	return p.Entry(p.Marks[i-1]), true
}

// Entry returns what a mark of this program stands for.
func (p *Program) Entry(m Mark) SpanEntry {
	o := &p.Origins[m.Origin]
	return SpanEntry{PC: int(m.PC), Span: diag.Span{Source: o.Source, Start: int(m.Start), End: int(m.End)}, Rule: o.Rule}
}

// Mentions reports whether a parameter's term or specializer contains a variable.
func (p *Param) Mentions(v int) bool {
	return p.Term.mentions(v) || p.Spec != nil && p.Spec.mentions(v)
}

func (t *Template) mentions(v int) bool {
	if t == nil {
		return false
	}
	if t.Kind == TVar && t.Var == v || t.Rest.mentions(v) {
		return true
	}
	for _, x := range t.Items {
		if x.mentions(v) {
			return true
		}
	}
	return false
}

func (p *Pattern) mentions(v int) bool {
	if p.Term.mentions(v) || p.Rest.mentions(v) {
		return true
	}
	for _, f := range p.Fields {
		if f.Pattern.mentions(v) {
			return true
		}
	}
	for _, x := range p.Items {
		if x.mentions(v) {
			return true
		}
	}
	return false
}
