package code

import (
	"strings"
	"testing"
)

// sound returns a small program that uses each part of a program once:
//
//	p(1); p([*xs]) if xs = []; q(x, c: C{f: y}) if p(y) and (p(x) or x = 2) and not p(3) and x matches {k: z} and cut;
func sound() *Program {
	p := NewProgram(0)
	p.MaxX = 8
	p.AddClass("C")
	p.Unions[0] = []int{0}
	p.AddHostConst("nil")
	f, k := Make(ATOM, p.AddAtom("f")), Make(ATOM, p.AddAtom("k"))
	p.Pool = []Cell{MakeInt(1), MakeInt(2), ListEnd, 1, k, Make(CLIST, 0), FloatBits(1.5)}
	v := func(n int) *Template { return &Template{Kind: TVar, Var: n} }

	one, _ := p.AddPred("p", 1)
	one.Order = []int32{0, 1}
	one.Params[0] = ModeLiteral | ModeList
	start := int32(len(p.Instrs))
	p.Templates = append(p.Templates, &Template{Kind: TList, Rest: v(0), Regs: []int16{1}, First: []bool{true}})
	p.Instrs = append(p.Instrs,
		Instr{Op: OpGetConst, A: 0, Imm: uint64(MakeInt(1))}, // 7
		Instr{Op: OpProceed},
		Instr{Op: OpGetTerm, A: 0, Imm: 0}, // 9
		Instr{Op: OpUnifyConst, A: 1, Imm: uint64(EmptyLst)},
		Instr{Op: OpProceed},
	)
	one.Clauses = []*Clause{
		{NameAt: Mark{PC: start}, Body: start + 1, Frame: -1, Params: []Param{{Term: &Template{Kind: TConst, Cell: MakeInt(1)}}},
			Quick: []Quick{{Kind: QuickConst, Cell: MakeInt(1)}}, Exact: true},
		{NameAt: Mark{PC: start + 2}, Body: start + 3, Frame: -1, Params: []Param{{Term: &Template{Kind: TList, Rest: v(0)}}}, Homes: []Home{{Reg: 1}},
			Quick: []Quick{{Kind: QuickAnyList}}},
	}

	two, _ := p.AddPred("q", 2)
	two.Params[1] = ModeClass | ModeFields
	start = int32(len(p.Instrs))
	class := &Pattern{Kind: PClass, Tag: "C", Fields: []FieldPattern{{Key: "f", Atom: f, Pattern: &Pattern{Kind: PVar, Term: v(2)}}}}
	p.Matches = []MatchUse{{Regs: []int16{3}, First: []bool{true},
		Pattern: &Pattern{Kind: PDict, Fields: []FieldPattern{{Key: "k", Atom: k, Pattern: &Pattern{Kind: PVar, Term: v(0)}}}}}}
	p.Sends = []Send{{Name: "m", Args: []int16{-1}, Keys: []string{"k"}}}
	p.Instrs = append(p.Instrs,
		Instr{Op: OpAllocate, Imm: 3}, // 12
		Instr{Op: OpMove, A: 0, B: -1},
		Instr{Op: OpLevel0, A: -3}, // 14, the body
		Instr{Op: OpPutArg, A: -2, B: 0},
		Instr{Op: OpCall, Imm: 0}, // 16
		Instr{Op: OpTry, Imm: 21},
		Instr{Op: OpPutArg, A: -1, B: 0}, // 18
		Instr{Op: OpCall, Imm: 0},
		Instr{Op: OpJump, Imm: 23}, // 20
		Instr{Op: OpTrust},
		Instr{Op: OpUnifyConst, A: -1, Imm: uint64(MakeInt(2))}, // 22
		Instr{Op: OpNotBegin, Imm: 27},
		Instr{Op: OpPutConst, B: 0, Imm: uint64(MakeInt(3))}, // 24
		Instr{Op: OpCall, Imm: 0},
		Instr{Op: OpNotEnd}, // 26
		Instr{Op: OpNotExit},
		Instr{Op: OpMatch, A: -1, Imm: 0}, // 28
		Instr{Op: OpSend, A: -1, C: 4, Imm: 0, F: 1},
		Instr{Op: OpCmpK, A: 4, Imm: uint64(MakeInt(0)), F: uint8(Lt)}, // 30
		Instr{Op: OpCut, A: -3},
		Instr{Op: OpDealloc}, // 32
		Instr{Op: OpProceed},
	)
	two.Clauses = []*Clause{{NameAt: Mark{PC: start}, Body: start + 2, Frame: 3, Homes: []Home{{Reg: -1}, {Reg: NoReg}, {Reg: -2}},
		Params: []Param{{Term: v(0)}, {Term: v(1), Spec: class}}, Quick: []Quick{{Arg: 1, Kind: QuickClass}, {Arg: 1, Kind: QuickUnion}}}}
	return p
}

// soundQuery returns a query on top of sound: p(x) and x = "here".
func soundQuery() *Program {
	q := NewProgram(QueryBase)
	q.MaxX = 1
	q.Strings = []string{"here"}
	q.Vars = []string{"x"}
	q.Instrs = []Instr{{Op: OpAllocate, Imm: 1}, {Op: OpPutArg, A: -1, B: 0}, {Op: OpCall, Imm: 0},
		{Op: OpUnifyConst, A: -1, Imm: uint64(Make(STR, 0))}, {Op: OpSolution}}
	return q
}

// scan makes an "in" with a scan of one of the instructions of sound.
func (p *Program) scan(tests ...ScanTest) *Instr {
	p.Scans = []*Scan{{Tests: tests}}
	p.Instrs[28] = Instr{Op: OpIn, A: 4, B: -1, F: 1, Imm: 1}
	return &p.Instrs[28]
}

func TestVerifyAcceptsScans(t *testing.T) {
	p := sound()
	p.scan(ScanTest{By: Unify, Field: Make(ATOM, 0), Key: Make(ATOM, 1), Reg: -2}, ScanTest{By: Geq, Field: NoName, Key: NoName, Reg: NoReg, Const: MakeInt(3)},
		ScanTest{Op: ScanTrue, Field: Make(ATOM, 1), Key: NoName, Reg: NoReg, Const: True}, ScanTest{Op: ScanReadKey, Field: NoName, Key: Make(ATOM, 1), Reg: -2})
	if err := Verify(p, nil); err != nil {
		t.Errorf("%v\n%s", err, p)
	}
	if want := "in             X4, Y0, assign, where item.f = Y1.k and item >= 3 and item.k and Y1.k\n"; !strings.Contains(p.String(), want) {
		t.Errorf("the listing lacks %q:\n%s", want, p)
	}
}

func TestVerifyAcceptsSoundPrograms(t *testing.T) {
	p := sound()
	if err := Verify(p, nil); err != nil {
		t.Errorf("policy: %v\n%s", err, p)
	}
	if err := Verify(soundQuery(), p); err != nil {
		t.Errorf("query: %v", err)
	}
	if err := Verify(NewProgram(0), nil); err != nil {
		t.Errorf("empty policy: %v", err)
	}
}

// brokenPolicies break one thing of the sound policy each. The text is part of what Verify says.
var brokenPolicies = []struct {
	name  string
	broke func(p *Program)
	want  string
}{
	{"unknown operation", func(p *Program) { p.Instrs[10].Op = opEnd }, "operation"},
	{"a fixed instruction is another", func(p *Program) { p.Instrs[PCFail].Op = OpHalt }, "fixed instructions"},
	{"the base of a query", func(p *Program) { p.Base = QueryBase }, "begins at"},
	{"too many registers", func(p *Program) { p.MaxX = 1 << 16 }, "registers"},
	{"fewer registers than parameters", func(p *Program) { p.MaxX = 0 }, "parameters, of 0 registers"},
	{"places out of order", func(p *Program) { p.Marks = []Mark{{PC: 9}, {PC: 8}} }, "places"},
	{"a place without an origin", func(p *Program) { p.Marks = []Mark{{PC: 9, Origin: int32(len(p.Origins))}} }, "origin"},
	{"a clause without an origin", func(p *Program) { p.Preds[0].Clauses[0].NameAt.Origin = -1 }, "origin"},
	{"member of a union that is no class", func(p *Program) { p.Unions[1] = []int{7} }, "class 7 of 1"},

	{"an order that names a clause twice", func(p *Program) { p.Preds[0].Order = []int32{0, 0} }, "permutation"},
	{"an order that leaves a clause out", func(p *Program) { p.Preds[0].Order = []int32{0} }, "names 1 of 2"},
	{"modes of too few parameters", func(p *Program) { p.Preds[1].Params = p.Preds[1].Params[:1] }, "describes 1 parameters"},
	{"a mode that hides a field pattern", func(p *Program) { p.Preds[1].Params[1] = ModeClass }, "mode"},
	{"a body outside its clause", func(p *Program) { p.Preds[0].Clauses[0].Body = 9 }, "body at 9"},
	{"a head among the fixed instructions", func(p *Program) { p.Preds[0].Clauses[0].NameAt.PC = 1 }, "head at 1"},
	{"a touched variable without a home", func(p *Program) { p.Preds[1].Clauses[0].Homes[1].Touch = true }, "lives nowhere"},
	{"a home outside the frame", func(p *Program) { p.Preds[1].Clauses[0].Homes[0].Reg = -4 }, "lives in Y3"},
	{"a test of a third argument", func(p *Program) { p.Preds[1].Clauses[0].Quick[0].Arg = 2 }, "argument 2"},
	{"a test for a class that is none", func(p *Program) { p.Preds[1].Clauses[0].Quick[0].N = 1 }, "class 1 of 1"},
	{"a test for a third union", func(p *Program) { p.Preds[1].Clauses[0].Quick[1].N = 2 }, "a test of kind"},
	{"a test for no constant", func(p *Program) { p.Preds[0].Clauses[0].Quick[0].Cell = Make(LST, 3) }, "no constant"},
	{"a parameter without a term", func(p *Program) { p.Preds[0].Clauses[0].Params[0].Term = nil }, "template"},
	{"a parameter with a variable too many", func(p *Program) { p.Preds[1].Clauses[0].Params[0].Term.Var = 3 }, "variable 3 of 3"},
	{"a field that is not its key", func(p *Program) { p.Preds[1].Clauses[0].Params[1].Spec.Fields[0].Key = "g" }, "fields"},
	{"a field whose key is no string", func(p *Program) { p.Preds[1].Clauses[0].Params[1].Spec.Fields[0].Atom = True }, "no string"},
	{"a class pattern of no class", func(p *Program) { p.Preds[1].Clauses[0].Params[1].Spec.Class = 5 }, "class 5"},
	{"a pattern of no kind", func(p *Program) { p.Preds[1].Clauses[0].Params[1].Spec.Kind = PVar + 1 }, "kind"},
	{"a third union", func(p *Program) {
		*p.Preds[1].Clauses[0].Params[1].Spec = Pattern{Kind: PUnion, Class: 2}
	}, "union 2"},
	{"a pattern variable that is a constant", func(p *Program) { p.Matches[0].Pattern.Fields[0].Pattern.Term = &Template{Cell: True} }, "variable is none"},
	{"a list pattern without its element", func(p *Program) {
		*p.Matches[0].Pattern = Pattern{Kind: PList, Items: []*Pattern{nil}, Rest: &Template{Cell: True}}
	}, "pattern is missing"},

	{"an atom that is none", func(p *Program) { p.Instrs[7].Imm = uint64(Make(ATOM, 9)) }, "no constant"},
	{"a query's string in a policy", func(p *Program) { p.Instrs[7].Imm = uint64(Make(STR, 0)) }, "no constant"},
	{"a boolean that is neither", func(p *Program) { p.Instrs[7].Imm = uint64(Make(BOOL, 2)) }, "no constant"},
	{"a variable as a constant", func(p *Program) { p.Instrs[7].Imm = uint64(Make(REF, 0)) }, "no constant"},
	{"a float outside the pool", func(p *Program) { p.Instrs[7].Imm = uint64(Make(FLT, PoolBit|7)) }, "no constant"},
	{"a registered constant that is none", func(p *Program) { p.Instrs[7].Imm = uint64(Make(HOST, PoolBit|1)) }, "no constant"},
	{"a constant list without an end", func(p *Program) { p.Instrs[7].Imm = uint64(Make(CLIST, 6)) }, "no"},
	{"an empty constant list", func(p *Program) { p.Instrs[7].Imm = uint64(Make(CLIST, 2)) }, "is empty"},
	{"a constant list that contains itself", func(p *Program) {
		p.Pool[1] = Make(CLIST, 0)
		p.Instrs[7].Imm = uint64(Make(CLIST, 0))
	}, "behind it"},
	{"a dictionary outside the pool", func(p *Program) { p.Instrs[7].Imm = uint64(Make(DICT, PoolBit|6)) }, "does not fit"},
	{"a dictionary of the heap", func(p *Program) { p.Instrs[7].Imm = uint64(Make(DICT, 3)) }, "of the heap"},
	{"a dictionary whose key is a number", func(p *Program) {
		p.Pool[4] = MakeInt(1)
		p.Instrs[7].Imm = uint64(Make(DICT, PoolBit|3))
	}, "no string"},
	{"a template of no kind", func(p *Program) { p.Templates[0].Kind = TDict + 1 }, "template of kind"},
	{"a template's variable without a register", func(p *Program) { p.Templates[0].Regs[0] = NoReg }, "no register"},
	{"dictionary keys out of order", func(p *Program) {
		one := &Template{Cell: MakeInt(1)}
		*p.Templates[0] = Template{Kind: TDict, Keys: []Cell{Make(ATOM, 1), Make(ATOM, 0)}, Items: []*Template{one, one}, Regs: []int16{1}, First: []bool{true}}
	}, "not in order"},
	{"a template that is none", func(p *Program) { p.Instrs[9].Imm = 1 }, "wrong operand T"},
	{"a pattern use that is none", func(p *Program) { p.Instrs[28].Imm = 1 }, "wrong operand M"},
	{"a send that is none", func(p *Program) { p.Instrs[29].Imm = 1 }, "wrong operand S"},
	{"a send with more keys than arguments", func(p *Program) { p.Sends[0].Keys = []string{"a", "b"} }, "wrong operand S"},
	{"a class that is none", func(p *Program) { p.Instrs[28] = Instr{Op: OpMatchClass, A: -1, Imm: 1} }, "class 1 of 1"},
	{"a third union to test for", func(p *Program) { p.Instrs[7] = Instr{Op: OpIsUnion, Imm: 2} }, "wrong operand U"},
	{"a comparison that is none", func(p *Program) { p.Instrs[30].F = uint8(Add) }, "wrong operand F"},
	{"arithmetic that is none", func(p *Program) {
		p.Instrs[30] = Instr{Op: OpArithK, A: 4, C: 4, F: uint8(Eq), Imm: uint64(MakeInt(1))}
	}, "wrong operand F"},
	{"a flag that is none", func(p *Program) { p.Instrs[29].F = 2 }, "wrong operand F"},
	{"a comparison with a string in the instruction", func(p *Program) { p.Instrs[30].Imm = uint64(Make(ATOM, 0)) }, "wrong operand K"},
	{"a look-up merged with what is no comparison", func(p *Program) { p.Instrs[28] = Instr{Op: OpDot, A: -1, B: 1, C: 4, F: 1, Imm: uint64(Make(ATOM, 0))} }, "wrong operand W"},
	{"a look-up of a number", func(p *Program) { p.Instrs[28] = Instr{Op: OpDot, A: -1, C: 4, F: 1, Imm: uint64(MakeInt(1))} }, "wrong operand K"},

	{"a register read before it is assigned", func(p *Program) { p.Instrs[10].A = 2 }, "X2 is read"},
	{"an argument lost by a call", func(p *Program) { p.Instrs[18] = Instr{Op: OpMove, A: 0, B: 1} }, "X0 is read"},
	{"a slot read before it is assigned", func(p *Program) { p.Instrs[15].A = -4 }, "Y3 is read"},
	{"a slot outside the frame", func(p *Program) { p.Instrs[28] = Instr{Op: OpPutFresh, A: -4} }, "Y3 does not exist"},
	{"a register past the last", func(p *Program) { p.Instrs[15].B = 8 }, "X8 does not exist"},
	{"a slot where an argument register belongs", func(p *Program) { p.Instrs[28] = Instr{Op: OpGetConst, A: -1, Imm: uint64(True)} }, "Y0 is no X register"},
	{"a slot assigned twice", func(p *Program) { p.Instrs[28] = Instr{Op: OpPutFresh, A: -1} }, "Y0 is assigned twice"},
	{"a slot without an environment", func(p *Program) { p.Instrs[9] = Instr{Op: OpMove, A: 0, B: -1} }, "without an environment"},
	{"a cut to a term", func(p *Program) { p.Instrs[31].A = -1 }, "no choice level"},
	{"a choice level as a term", func(p *Program) { p.Instrs[15].A = -3 }, "holds a choice level"},
	{"a cut out of a negation", func(p *Program) { p.Instrs[24] = Instr{Op: OpCut, A: -3} }, "no choice level"},
	{"the level of the call after a call", func(p *Program) { p.Instrs[28] = Instr{Op: OpLevel0, A: 4} }, "level of the call"},
	{"a send of an unassigned register", func(p *Program) { p.Sends[0].Args[0] = 5 }, "X5 is read"},
	{"a send of no register", func(p *Program) { p.Sends[0].Args[0] = NoReg }, "is read"},

	{"an environment of another size", func(p *Program) { p.Instrs[10] = Instr{Op: OpAllocate, Imm: 2} }, "an environment of 2 slots"},
	{"two environments", func(p *Program) { p.Instrs[28] = Instr{Op: OpAllocate, Imm: 3} }, "environment"},
	{"a return with an environment", func(p *Program) { p.Instrs[32] = Instr{Op: OpJump, Imm: 33} }, "with an environment"},
	{"an environment dropped in a negation", func(p *Program) { p.Instrs[24] = Instr{Op: OpDealloc} }, "no environment to drop"},
	{"a call without an environment", func(p *Program) {
		p.Instrs[10] = Instr{Op: OpCall}
		p.Templates[0].Regs[0] = 0
		p.Preds[0].Clauses[1].Homes[0].Reg = 0
	}, "without an environment"},
	{"a last call with an environment", func(p *Program) { p.Instrs[19].Op = OpExecute }, "last call"},
	{"a call of no predicate", func(p *Program) { p.Instrs[16].Imm = 2 }, "call has a wrong operand P"},
	{"control off the end", func(p *Program) { p.Instrs[33] = Instr{Op: OpDebug} }, "off the end"},
	{"a jump back", func(p *Program) { p.Instrs[20].Imm = 18 }, "not forward"},
	{"a jump into another clause", func(p *Program) { p.Instrs[20].Imm = 34 }, "not forward"},
	{"a jump into the middle of an alternative", func(p *Program) { p.Instrs[20].Imm = 21 }, "two ways lead"},
	{"an alternative that is none", func(p *Program) { p.Instrs[17].Imm = 22 }, "not what control comes here for"},
	{"an alternative without trust", func(p *Program) { p.Instrs[21] = Instr{Op: OpDebug} }, "not what control comes here for"},
	{"falling into an alternative", func(p *Program) { p.Instrs[20] = Instr{Op: OpDebug} }, "falls into"},
	{"falling out of a negation", func(p *Program) { p.Instrs[26] = Instr{Op: OpDebug} }, "falls into"},
	{"a negation's end outside of one", func(p *Program) { p.Instrs[28] = Instr{Op: OpNotEnd} }, "no negation to end"},
	{"a return from a negation", func(p *Program) { p.Instrs[26] = Instr{Op: OpProceed} }, "inside a negation"},
	{"a jump out of a negation", func(p *Program) { p.Instrs[26] = Instr{Op: OpJump, Imm: 28} }, "different environments or negations"},
	{"a result in the middle of a policy", func(p *Program) { p.Instrs[33] = Instr{Op: OpSolution} }, "solution"},
	{"a scan that is none", func(p *Program) { p.Instrs[28] = Instr{Op: OpIn, A: 4, B: -1, F: 1, Imm: 1} }, "wrong operand Z"},
	{"a scan for an item that is not assigned", func(p *Program) { p.scan(ScanTest{}).F = 0 }, "wrong operand Z"},
	{"a scan of too many tests", func(p *Program) { p.scan(make([]ScanTest, MaxTests+1)...) }, "a scan of 5 tests"},
	{"a scan's test of no kind", func(p *Program) { p.scan(ScanTest{Op: ScanReadKey + 1}) }, "of kind 4"},
	{"a scan's test by no comparison", func(p *Program) { p.scan(ScanTest{By: Add}) }, "by Add"},
	{"a scan of a field without a name", func(p *Program) { p.scan(ScanTest{By: Eq, Field: True}) }, "no name"},
	{"a scan of a field that is none", func(p *Program) {
		p.scan(ScanTest{By: Eq, Field: Make(ATOM, 9), Reg: NoReg, Key: NoName})
	}, "no constant"},
	{"a scan for no constant", func(p *Program) {
		p.scan(ScanTest{By: Eq, Field: NoName, Key: NoName, Reg: NoReg, Const: Make(REF, 1)})
	}, "no constant"},
	{"a scan that reads a register", func(p *Program) { p.scan(ScanTest{By: Eq, Field: NoName, Key: NoName}) }, "a scan reads X0"},
	{"a scan that reads too early", func(p *Program) { p.scan(ScanTest{By: Eq, Field: NoName, Key: NoName, Reg: -4}) }, "Y3 is read"},
	{"a hop that is none", func(p *Program) { p.Instrs[12].A = 1 }, "allocate has a wrong operand O"},
	{"a hop of a clause that does more", func(p *Program) { p.Hops, p.Instrs[12].A = []*Hop{{}}, 1 }, "allocate has a wrong operand O"},
	{"the machine's own instruction", func(p *Program) { p.Instrs[28] = Instr{Op: OpHalt} }, "not for programs"},
}

func TestVerifyRefusesBrokenPolicies(t *testing.T) {
	for _, test := range brokenPolicies {
		p := sound()
		test.broke(p)
		if err := Verify(p, nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want an error with %q", test.name, err, test.want)
		}
	}
}

func TestVerifyRefusesBrokenQueries(t *testing.T) {
	for _, test := range []struct {
		name  string
		broke func(q *Program)
		want  string
	}{
		{"no environment", func(q *Program) { q.Instrs[0].Op = OpDebug }, "must begin"},
		{"more variables than slots", func(q *Program) { q.Vars = []string{"x", "y"} }, "its 2 variables"},
		{"a string that is none", func(q *Program) { q.Strings = nil }, "no constant"},
		{"a return", func(q *Program) { q.Instrs[4].Op = OpProceed }, "proceed"},
		{"a last call", func(q *Program) { q.Instrs[2].Op = OpExecute }, "last call"},
		{"the environment dropped", func(q *Program) { q.Instrs[3] = Instr{Op: OpDealloc} }, "no environment to drop"},
		{"the level of a call", func(q *Program) { q.Instrs[3] = Instr{Op: OpLevel0, A: 0} }, "level of the call"},
		{"the base of a policy", func(q *Program) { q.Base = 0 }, "begins at address 0"},
	} {
		q := soundQuery()
		test.broke(q)
		if err := Verify(q, sound()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want an error with %q", test.name, err, test.want)
		}
	}
}

func TestVerifyBoundsNesting(t *testing.T) {
	p := sound()
	deep := &Template{Cell: True}
	for range maxNesting + 1 {
		deep = &Template{Kind: TList, Items: []*Template{deep}}
	}
	p.Preds[0].Clauses[0].Params[0].Term = deep
	if err := Verify(p, nil); err == nil || !strings.Contains(err.Error(), "nested too deeply") {
		t.Errorf("got %v", err)
	}
}

func TestListingShowsThePartsOfAProgram(t *testing.T) {
	p := sound()
	p.Instrs[7].Imm = uint64(Make(DICT, PoolBit|3))
	p.Instrs[10].Imm = uint64(Make(FLT, PoolBit|6))
	got := p.String()
	for _, want := range []string{"q/2 (order depends on the arguments)", `get_const      X0, {"k": [1, 2]}`, "unify_const    X1, 1.5",
		"call           p/1", "compare_const  X4, 0, <", "match          Y0, {k: }", "send           Y0, X4, m(k: Y0), assign", "try            21"} {
		if !strings.Contains(got, want) {
			t.Errorf("the listing lacks %q:\n%s", want, got)
		}
	}
	q := soundQuery()
	if got := q.String(); !strings.Contains(got, `1073741827  unify_const    Y0, "here"`) {
		t.Errorf("a query's listing:\n%s", got)
	}
}

func TestListingSurvivesBrokenPrograms(t *testing.T) {
	p := sound()
	p.scan()
	p.Instrs[28].Imm = 9
	for _, c := range []Cell{Make(ATOM, 99), Make(STR, 99), Make(HOST, PoolBit|9), Make(BIG, PoolBit|99), Make(DICT, PoolBit|99), Make(CLIST, 99)} {
		p.Instrs[7].Imm = uint64(c)
		if !strings.Contains(p.String(), "get_const") {
			t.Errorf("no listing with cell %#x", uint64(c))
		}
	}
}
