package wam

import (
	"math"
	"slices"
	"testing"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/diag"
)

// assemble makes a snapshot of a program with one rule p of the given arity and body, to run with call.
func assemble(t *testing.T, arity, frame int, atoms []string, instrs ...code.Instr) *Snapshot {
	t.Helper()
	p := code.NewProgram(0)
	p.MaxX = 8
	for _, a := range atoms {
		p.AddAtom(a)
	}
	pr, _ := p.AddPred("p", arity)
	pr.Order = []int32{0}
	cl := &code.Clause{NameAt: code.Mark{PC: int32(len(p.Instrs))}, Body: int32(len(p.Instrs)), Frame: -1}
	for i := range arity {
		cl.Params = append(cl.Params, code.Param{Term: &code.Template{Kind: code.TVar, Var: i}})
		cl.Homes = append(cl.Homes, code.Home{Reg: int16(i)})
	}
	if frame >= 0 {
		cl.Frame = int16(frame)
		cl.Body++ // behind the allocation
	}
	pr.Clauses = []*code.Clause{cl}
	p.Instrs = append(p.Instrs, instrs...)
	if err := code.Verify(p, nil); err != nil {
		t.Fatalf("%v\n%s", err, p)
	}
	return NewSnapshot(p, nil, nil)
}

// call prepares a machine to run rule p with new variables x0, x1 and so on as arguments.
func call(t *testing.T, s *Snapshot, args ...Value) *Machine {
	t.Helper()
	m := &Machine{}
	m.Reset(s)
	m.Configure(&Settings{Limits: Limits{Depth: 100, Heap: 1000, Stack: 1000}}, nil)
	for i, a := range args {
		if err := m.SetArg(i, a); err != nil {
			t.Fatal(err)
		}
	}
	m.StartRule(t.Context(), 0)
	return m
}

// wantEvent runs the machine to its next event.
func wantEvent(t *testing.T, m *Machine, kind EventKind) *Event {
	t.Helper()
	if !m.Run(t.Context()) {
		t.Fatal(m.Err())
	}
	if m.Event().Kind != kind {
		t.Fatalf("event %d, want %d", m.Event().Kind, kind)
	}
	return m.Event()
}

// ints returns the results as integers, of one variable.
func ints(t *testing.T, m *Machine) (list []int64) {
	t.Helper()
	for {
		if !m.Run(t.Context()) {
			t.Fatal(m.Err())
		}
		if m.Event().Kind == EventDone {
			return list
		}
		r, err := m.Results(nil, new(Exprs))
		if err != nil || len(r) != 1 {
			t.Fatal(r, err)
		}
		list = append(list, r[0].Value.Int())
	}
}

func integer(i int64) uint64 { return uint64(code.MakeInt(i)) }

// choose is x0 = 1, 2 or 3, with an instruction between.
func choose(between code.Instr) []code.Instr {
	const at = code.PCStart
	return []code.Instr{
		{Op: code.OpAllocate, Imm: 2}, {Op: code.OpMove, A: 0, B: -1}, {Op: code.OpLevel0, A: -2},
		{Op: code.OpTry, Imm: at + 6}, {Op: code.OpUnifyConst, A: -1, Imm: integer(1)}, {Op: code.OpJump, Imm: at + 11},
		{Op: code.OpRetry, Imm: at + 9}, {Op: code.OpUnifyConst, A: -1, Imm: integer(2)}, {Op: code.OpJump, Imm: at + 11},
		{Op: code.OpTrust}, {Op: code.OpUnifyConst, A: -1, Imm: integer(3)},
		between, {Op: code.OpDealloc}, {Op: code.OpProceed},
	}
}

func TestAlternativesUndoBindings(t *testing.T) {
	m := call(t, assemble(t, 1, 2, nil, choose(code.Instr{Op: code.OpDebug})...), VarValue("x"))
	for i := range 3 {
		wantEvent(t, m, EventDebug)
		m.Resume()
		wantEvent(t, m, EventSolution)
		r, err := m.Results(nil, new(Exprs))
		if err != nil || len(r) != 1 || r[0].Value.Int() != int64(i+1) {
			t.Errorf("result %d is %v, %v", i, r, err)
		}
	}
	wantEvent(t, m, EventDone)
	if len(m.ch) != 1 || len(m.tr) != 0 {
		t.Errorf("%d choice points and %d trail entries are left", len(m.ch), len(m.tr))
	}
	wantEvent(t, m, EventDone) // and stays so
}

func TestAConstantSelectsTheAlternative(t *testing.T) {
	s := assemble(t, 1, 2, nil, choose(code.Instr{Op: code.OpCmpK, A: -1, F: uint8(code.Geq), Imm: integer(2)})...)
	if got := ints(t, call(t, s, VarValue("x"))); !slices.Equal(got, []int64{2, 3}) {
		t.Errorf("x >= 2 gives %v", got)
	}
	m := call(t, s, IntValue(3))
	wantEvent(t, m, EventSolution)
	wantEvent(t, m, EventDone)
	m = call(t, s, IntValue(4))
	wantEvent(t, m, EventDone)
}

func TestCutDropsTheAlternativesOfTheRule(t *testing.T) {
	s := assemble(t, 1, 2, nil, choose(code.Instr{Op: code.OpCut, A: -2})...)
	m := call(t, s, VarValue("x"))
	wantEvent(t, m, EventSolution)
	if len(m.ch) != 1 {
		t.Errorf("%d choice points are left", len(m.ch)-1)
	}
	if got := ints(t, call(t, s, VarValue("x"))); !slices.Equal(got, []int64{1}) {
		t.Errorf("results %v", got)
	}
}

func TestALookupSuspends(t *testing.T) {
	s := assemble(t, 2, -1, []string{"name"}, code.Instr{Op: code.OpDot, A: 0, C: 1, Imm: uint64(code.Make(code.ATOM, 0))}, code.Instr{Op: code.OpProceed})
	object := &struct{ name string }{"ann"}
	m := call(t, s, InstanceValue(object, 0), VarValue("x"))
	ev := wantEvent(t, m, EventLookup)
	if ev.Name != "name" || ev.Recv.Ref != object {
		t.Errorf("asked for %s of %v", ev.Name, ev.Recv)
	}
	m.ResumeValue(StringValue("ann"))
	wantEvent(t, m, EventSolution)
	r, err := m.Results(nil, new(Exprs))
	if err != nil || r[0].Name != "x" || r[0].Value.Str != "ann" {
		t.Errorf("%v, %v", r, err)
	}
	wantEvent(t, m, EventDone)

	m = call(t, s, InstanceValue(object, 0), VarValue("x"))
	wantEvent(t, m, EventLookup)
	m.ResumeNone()
	wantEvent(t, m, EventDone)
}

func TestANegationSuspends(t *testing.T) {
	const at = code.PCStart
	s := assemble(t, 2, 2, nil,
		code.Instr{Op: code.OpAllocate, Imm: 2}, code.Instr{Op: code.OpMove, A: 0, B: -1}, code.Instr{Op: code.OpMove, A: 1, B: -2},
		code.Instr{Op: code.OpNotBegin, Imm: at + 6}, code.Instr{Op: code.OpUnify, A: -1, B: -2}, code.Instr{Op: code.OpNotEnd}, code.Instr{Op: code.OpNotExit},
		code.Instr{Op: code.OpDealloc}, code.Instr{Op: code.OpProceed})
	for _, equal := range []bool{true, false} {
		m := call(t, s, InstanceValue("a", 0), InstanceValue("b", 0))
		ev := wantEvent(t, m, EventCompare)
		if ev.Name != "Eq" {
			t.Errorf("asked for %s", ev.Name)
		}
		m.ResumeBool(equal)
		if equal {
			wantEvent(t, m, EventDone)
		} else {
			wantEvent(t, m, EventSolution)
		}
	}
}

// A query that is over may still be asked whether it is within its budgets, also where its machine has dropped its areas.
func TestBudgetsAfterRelease(t *testing.T) {
	for _, cells := range []int{1, keepCells + 1} {
		m := &Machine{h: make([]Cell, 0, cells)}
		m.Reset(NewSnapshot(code.NewProgram(0), nil, nil))
		m.Release()
		if err := m.Check(); err != nil {
			t.Errorf("with room for %d cells: %v", cells, err)
		}
	}
}

func TestReleaseForgetsAllObjects(t *testing.T) {
	s := assemble(t, 2, 2, nil, choose(code.Instr{Op: code.OpDebug})...)
	m := call(t, s, VarValue("x"), ListValue(InstanceValue(t, 0)))
	if err := m.Bind("y", MappingValue(&Dict{Keys: []string{"k"}, Values: []Value{InstanceValue(t, 0), StringValue("s")}})); err != nil {
		t.Fatal(err)
	}
	wantEvent(t, m, EventDebug)
	m.Release()
	for _, x := range m.hosts[:cap(m.hosts)] {
		if x != nil {
			t.Error("a host object is left")
		}
	}
	for _, x := range m.seqs[:cap(m.seqs)] {
		if x.seq != nil || x.elem != nil {
			t.Error("a host list is left")
		}
	}
	for _, x := range m.strs[:cap(m.strs)] {
		if x != "" {
			t.Error("a string is left")
		}
	}
	if m.ev.Recv.Ref != nil || m.ctx != nil || m.snap != nil || len(m.work) > 0 {
		t.Error("the last question is left")
	}
	if cap(m.h) == 0 {
		t.Error("the areas of a small machine are not kept")
	}
}

func TestValuesComeBackAsTheyWent(t *testing.T) {
	s := assemble(t, 0, -1, []string{"atom"}, code.Instr{Op: code.OpProceed})
	m := call(t, s)
	for _, v := range []Value{
		BoolValue(true), IntValue(0), IntValue(-5), IntValue(math.MaxInt64), IntValue(math.MinInt64), IntValue(code.MaxInline + 1),
		FloatValue(1.5), FloatValue(math.Inf(-1)), StringValue("atom"), StringValue("no atom"), StringValue(""), InstanceValue(t, 3),
	} {
		c, err := m.cellOf(v)
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.Value(c)
		if err != nil || got != v {
			t.Errorf("%v comes back as %v, %v", v, got, err)
		}
	}
	for _, v := range []Value{{}, {Kind: KindExpr, Ref: &Expr{}}, {Kind: KindList}, {Kind: KindDict, Ref: 3}} {
		if _, err := m.cellOf(v); err == nil {
			t.Errorf("%v is taken", v)
		}
	}
}

func TestNumbersCompareByValue(t *testing.T) {
	m := call(t, assemble(t, 0, -1, nil, code.Instr{Op: code.OpProceed}))
	i, f := m.intCell, m.floatCell
	for _, test := range []struct {
		a, b    Cell
		order   int
		ordered bool
	}{
		{i(1), f(1), 0, true}, {i(1), f(1.5), -1, true}, {i(-1), f(-1.5), 1, true}, {f(2), i(1), 1, true},
		{i(9007199254740993), f(9007199254740992), 1, true}, {i(math.MaxInt64), f(1 << 63), -1, true}, {i(math.MinInt64), f(-1 << 63), 0, true},
		{i(math.MaxInt64), f(math.Inf(1)), -1, true}, {i(math.MinInt64), f(math.Inf(-1)), 1, true}, {f(0), f(math.Copysign(0, -1)), 0, true},
		{i(0), f(math.NaN()), 0, false}, {f(math.NaN()), f(math.NaN()), 0, false}, {i(code.MaxInline), i(code.MaxInline + 1), -1, true},
	} {
		order, ordered := m.compareNumbers(test.a, test.b)
		if ordered != test.ordered || ordered && order != test.order {
			t.Errorf("%s and %s: %d %v, want %d %v", m.describe(test.a), m.describe(test.b), order, ordered, test.order, test.ordered)
		}
		back, _ := m.compareNumbers(test.b, test.a)
		if ordered && back != -order {
			t.Errorf("%s and %s: %d one way, %d the other", m.describe(test.a), m.describe(test.b), order, back)
		}
	}
}

func TestArithmetic(t *testing.T) {
	m := call(t, assemble(t, 0, -1, nil, code.Instr{Op: code.OpProceed}))
	i, f := m.intCell, m.floatCell
	const lo, hi = math.MinInt64, math.MaxInt64
	for _, test := range []struct {
		op   code.Operator
		a, b Cell
		want Cell // 0 for an error
	}{
		{code.Add, i(hi), i(1), 0}, {code.Add, i(lo), i(-1), 0}, {code.Add, i(hi), i(lo), i(-1)}, {code.Add, i(1), f(0.5), f(1.5)},
		{code.Sub, i(lo), i(1), 0}, {code.Sub, i(0), i(lo), 0}, {code.Sub, i(-1), i(lo), i(hi)},
		{code.Mul, i(hi), i(2), 0}, {code.Mul, i(lo), i(-1), 0}, {code.Mul, i(lo), i(1), i(lo)}, {code.Mul, i(1 << 32), i(-1 << 31), i(lo)}, {code.Mul, i(0), i(lo), i(0)},
		{code.Div, i(4), i(2), f(2)}, {code.Div, i(1), i(0), f(math.Inf(1))}, {code.Div, i(-1), i(0), f(math.Inf(-1))},
		{code.Mod, i(-7), i(3), i(2)}, {code.Mod, i(7), i(-3), i(-2)}, {code.Mod, i(5), i(hi), i(5)}, {code.Mod, i(5), i(0), 0}, {code.Mod, i(lo), i(-1), 0},
		{code.Rem, i(-7), i(3), i(-1)}, {code.Rem, i(7), i(-3), i(1)}, {code.Rem, i(5), i(0), 0}, {code.Rem, i(lo), i(-1), 0},
		{code.Mod, f(-7.5), i(2), f(0.5)}, {code.Mod, f(5), f(math.Inf(1)), f(5)}, {code.Mod, f(-5), f(math.Inf(1)), f(math.Inf(1))}, {code.Rem, f(-7.5), i(2), f(-1.5)},
	} {
		got, err := m.compute(test.op, test.a, test.b, 0)
		if test.want == 0 {
			if err == nil || err.(*diag.Error).Kind != diag.ArithmeticError {
				t.Errorf("%s %s %s = %s, %v, want an arithmetic error", m.describe(test.a), test.op.Text(), m.describe(test.b), m.describe(got), err)
			}
			continue
		}
		if err != nil || got.Tag() == code.FLT != (test.want.Tag() == code.FLT) || !m.numbersEqual(got, test.want) {
			t.Errorf("%s %s %s = %s, %v, want %s", m.describe(test.a), test.op.Text(), m.describe(test.b), m.describe(got), err, m.describe(test.want))
		}
	}
	for _, op := range []code.Operator{code.Mod, code.Rem} {
		got, err := m.compute(op, f(5), f(0), 0)
		if err != nil || !math.IsNaN(m.float(got)) {
			t.Errorf("5.0 %s 0.0 = %s, %v", op.Text(), m.describe(got), err)
		}
	}
	if _, err := m.compute(code.Add, code.True, i(1), 0); err == nil || err.(*diag.Error).Kind != diag.Unsupported {
		t.Errorf("true + 1: %v", err)
	}
}
