package code

// effects says what an instruction does to its register operands, one word an operand: how it is used, then its letter.
//
//	r  read          x  read, and must be an X register       w  assigned
//	f  assigned if F is 1, else read                          l  assigned a choice level       c  read, and must hold a choice level
//
// The registers of templates, patterns and sends are not listed here: their tables name them.
var effects = [opEnd][]string{
	OpHalt: {}, OpSolution: {}, OpWakeNext: {}, OpProceed: {}, OpCall: {}, OpExecute: {}, OpUndef: {}, OpKwCall: {}, OpInvalid: {},
	OpAllocate: {}, OpDealloc: {}, OpFail: {}, OpJump: {},

	OpGetConst: {"xA"}, OpGetVal: {"xA", "rB"}, OpGetList: {"xA", "wB", "wC"}, OpGetListVal: {"xA", "rB", "wC"}, OpGetTerm: {"xA"},
	OpIsClass: {"xA"}, OpIsUnion: {"xA"}, OpMove: {"rA", "wB"}, OpPutArg: {"rA", "wB"}, OpPutVar: {"wA", "wB"}, OpPutFresh: {"wA"},
	OpPutConst: {"wB"}, OpPutList: {"wA", "rB", "rC"}, OpBuild: {"wA"}, OpUnify: {"rA", "rB"}, OpUnifyConst: {"rA"},
	OpAssign: {"rA", "rB"}, OpAssignErr: {"rA"}, OpCond: {"rA"}, OpCmp: {"rA", "rB"}, OpCmpK: {"rA"}, OpArith: {"rA", "rB", "wC"},
	OpArithK: {"rA", "wC"}, OpDot: {"rA", "fC"}, OpDotVar: {"rA", "rB", "fC"}, OpSend: {"rA", "fC"}, OpNew: {"fC"},
	OpMatchClass: {"rA"}, OpMatch: {"rA"}, OpIn: {"fA", "rB"}, OpPrint: {}, OpDebug: {},
	OpLevel: {"lA"}, OpLevel0: {"lA"}, OpCut: {"cA"}, OpTry: {}, OpRetry: {}, OpTrust: {}, OpNotBegin: {}, OpNotEnd: {}, OpNotExit: {},
}

// register returns the register operand of a letter.
func (in *Instr) register(letter byte) int16 {
	switch letter {
	case 'A':
		return in.A
	case 'B':
		return in.B
	}
	return in.C
}
