package code

import "strings"

// Op is an instruction's operation.
type Op uint8

// The instructions. A register operand r >= 0 is X[r], r < 0 is Y[-r-1] of the current environment. "dst" operands are
// assigned, the others read. Each comment gives operands, then effect.
const (
	OpHalt Op = iota // -            the query has no more results

	OpSolution // -            report a result; going on means backtracking
	OpWakeNext // -            run the next woken constraint, or return to what was interrupted
	OpProceed  // -            return to the continuation
	OpCall     // P            call predicate P; continue at the next instruction
	OpExecute  // P            last call of predicate P
	OpUndef    // K            error: no rule is named K
	OpKwCall   // -            error: keyword arguments in a rule call
	OpInvalid  // N            error: a goal in prefix form with operands it cannot have (1: new of something that is no call)
	OpAllocate // N O          push an environment of N slots; or make hop O, if there is one
	OpDealloc  // -            drop the environment, restore the continuation
	OpFail     // -            backtrack
	OpJump     // L            go to L

	OpGetConst   // A K          unify X[A] with constant K
	OpGetVal     // A B          unify X[A] with B
	OpGetList    // A B C F      unify X[A] with [B, *C]; B and C are dst; C is touched if F
	OpGetListVal // A B C F      unify X[A] with [B, *C]; C is dst, and touched if F
	OpGetTerm    // A T          unify X[A] with template T
	OpIsClass    // A H F        X[A] must belong to class H; left to the next dot if F and unbound
	OpIsUnion    // A U          X[A] must belong to a class of union U
	OpMove       // A B          B := A
	OpPutArg     // A B          B := A, marked as touched when unbound
	OpPutVar     // A B          A, B := fresh touched variable
	OpPutFresh   // A            A := fresh untouched variable
	OpPutConst   // B K          B := constant K
	OpPutList    // A B C        A := [B, *C]
	OpBuild      // A T          A := template T
	OpUnify      // A B          unify A and B
	OpUnifyConst // A K          unify A with constant K
	OpAssign     // A B          A := B of the language: A must be untouched
	OpAssignErr  // A            error: A is a parameter or constant
	OpCond       // A            A must be true
	OpCmp        // A B F        compare A and B by operator F
	OpCmpK       // A K F        compare A with constant K
	OpArith      // A B C F      C := A op B; C is dst
	OpArithK     // A C K F      C := A op K; C is dst
	OpDot        // A C K F W    C := A.K; dst if F is 1, else unified; if 2, C may have a class left to test; merged with W instructions
	OpDotVar     // A B C F      C := A.(B); dst if F, else unified
	OpSend       // A C S F      C := A.S(...): a method call; dst if F, else unified
	OpNew        // C S F        C := new S(...); dst if F, else unified
	OpMatchClass // A H          A matches class H
	OpMatch      // A M          A matches pattern use M
	OpIn         // A B F Z      A in B; A is dst if F; elements that fail a test of Z may be skipped
	OpPrint      // S            print the arguments of S
	OpDebug      // -            stop for a debugger
	OpLevel      // A            A := number of choice points
	OpLevel0     // A            A := number of choice points when the rule was called
	OpCut        // A            drop the choice points above A
	OpTry        // L            push a choice point that goes to L
	OpRetry      // L            the choice point just taken goes to L next
	OpTrust      // -            drop the choice point just taken
	OpNotBegin   // L            push a barrier that goes to L when the negated goal has no more results
	OpNotEnd     // -            the negated goal has a result
	OpNotExit    // -            the negated goal is exhausted: leave the barrier
	opEnd
)

// Info describes an operation: its name in listings, and one letter for each operand.
//
//	A B C  register      K  constant   L  code address   P  predicate   T  template   N  number of slots
//	M      pattern use   S  send       U  union          H  class       F  operator or flag
//	Z      scan, which may be none             W  number of instructions merged with, in B
//	O      hop in A, which may be none
type Info struct {
	Name string
	Args string
}

var info = [opEnd]Info{
	OpHalt: {"halt", ""}, OpSolution: {"solution", ""}, OpWakeNext: {"wake_next", ""}, OpProceed: {"proceed", ""},
	OpCall: {"call", "P"}, OpExecute: {"execute", "P"}, OpUndef: {"undefined", "K"}, OpKwCall: {"keyword_call", ""}, OpInvalid: {"invalid_goal", "N"},
	OpAllocate: {"allocate", "NO"}, OpDealloc: {"deallocate", ""}, OpFail: {"fail", ""}, OpJump: {"jump", "L"},
	OpGetConst: {"get_const", "AK"}, OpGetVal: {"get_value", "AB"}, OpGetList: {"get_list", "ABCF"},
	OpGetListVal: {"get_list_value", "ABCF"}, OpGetTerm: {"get_term", "AT"}, OpIsClass: {"is_class", "AHF"},
	OpIsUnion: {"is_union", "AU"}, OpMove: {"move", "AB"}, OpPutArg: {"put_arg", "AB"}, OpPutVar: {"put_var", "AB"},
	OpPutFresh: {"put_fresh", "A"}, OpPutConst: {"put_const", "BK"}, OpPutList: {"put_list", "ABC"}, OpBuild: {"build", "AT"},
	OpUnify: {"unify", "AB"}, OpUnifyConst: {"unify_const", "AK"}, OpAssign: {"assign", "AB"}, OpAssignErr: {"assign_error", "A"},
	OpCond: {"condition", "A"}, OpCmp: {"compare", "ABF"}, OpCmpK: {"compare_const", "AKF"}, OpArith: {"arith", "ABCF"},
	OpArithK: {"arith_const", "ACKF"}, OpDot: {"dot", "ACKFW"}, OpDotVar: {"dot_var", "ABCF"}, OpSend: {"send", "ACSF"},
	OpNew: {"new", "CSF"}, OpMatchClass: {"match_class", "AH"}, OpMatch: {"match", "AM"}, OpIn: {"in", "ABFZ"},
	OpPrint: {"print", "S"}, OpDebug: {"debug", ""}, OpLevel: {"level", "A"}, OpLevel0: {"level_call", "A"}, OpCut: {"cut", "A"},
	OpTry: {"try", "L"}, OpRetry: {"retry", "L"}, OpTrust: {"trust", ""}, OpNotBegin: {"not_begin", "L"},
	OpNotEnd: {"not_end", ""}, OpNotExit: {"not_exit", ""},
}

// Takes reports whether an operation has an operand of a kind, by its letter.
func (o Op) Takes(kind byte) bool { return o < opEnd && strings.IndexByte(info[o].Args, kind) >= 0 }

// String returns the operation's name in listings.
func (o Op) String() string {
	if o < opEnd {
		return info[o].Name
	}
	return "op?"
}

// Instr is one instruction. Imm holds a constant cell, a code address or an index, as the operation says.
type Instr struct {
	Op      Op
	F       uint8
	A, B, C int16
	Imm     uint64
}

// DotClass is the F of a dot whose result, a parameter, may have a class that OpIsClass left to test.
const DotClass = 2

// Operator is an operator of the language that instructions and constraints carry in F.
type Operator uint8

// The operators. Comparisons come first so that one table inverts and mirrors them.
const (
	Eq Operator = iota + 1
	Neq
	Lt
	Leq
	Gt
	Geq
	Add
	Sub
	Mul
	Div
	Mod
	Rem
	Unify
	Dot  // of constraints: arg 0 = arg 1 . arg 2
	In   // of constraints
	Isa  // of constraints: arg 0 belongs to class arg 1
	Nand // of constraints: not all of the arguments, themselves constraints, hold
)

var operatorNames = [...]string{Eq: "Eq", Neq: "Neq", Lt: "Lt", Leq: "Leq", Gt: "Gt", Geq: "Geq", Add: "Add", Sub: "Sub", Mul: "Mul",
	Div: "Div", Mod: "Mod", Rem: "Rem", Unify: "Unify", Dot: "Dot", In: "In", Isa: "Isa", Nand: "Nand"}

var operatorText = [...]string{Eq: "==", Neq: "!=", Lt: "<", Leq: "<=", Gt: ">", Geq: ">=", Add: "+", Sub: "-", Mul: "*",
	Div: "/", Mod: "mod", Rem: "rem", Unify: "=", Dot: ".", In: "in", Isa: "matches", Nand: "not"}

// String returns the operator's name, as in "Geq".
func (o Operator) String() string {
	if int(o) < len(operatorNames) {
		return operatorNames[o]
	}
	return "Op?"
}

// Text returns the operator as written in policies.
func (o Operator) Text() string {
	if int(o) < len(operatorText) {
		return operatorText[o]
	}
	return "?"
}

// Inverse returns the comparison that holds exactly when o does not.
func (o Operator) Inverse() Operator {
	switch o {
	case Eq, Unify:
		return Neq
	case Neq:
		return Unify
	case Lt:
		return Geq
	case Leq:
		return Gt
	case Gt:
		return Leq
	case Geq:
		return Lt
	}
	return o
}

// Mirror returns the comparison that holds exactly when o does with its operands exchanged.
func (o Operator) Mirror() Operator {
	switch o {
	case Lt:
		return Gt
	case Leq:
		return Geq
	case Gt:
		return Lt
	case Geq:
		return Leq
	}
	return o
}
