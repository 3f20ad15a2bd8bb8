package code_test

import (
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/code"
	"github.com/goso-project/goso/internal/compiler"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// fuzzPolicy uses every kind of instruction that a policy can have.
const fuzzPolicy = `
f(1); f(2); f("a"); f([1, 2]); f({a: 1});
g([x, *xs], x) if g(xs, x) or f(x);
g([], _);
h(x: Integer, y) if y = x + 1 and y > x and cut;
h(x: {a: v}, v) if not f(v) and v in [1, 2, 3] and z = [v, *x] and z = _;
h(x, x) if f(x) and (f(x) and cut or x = 4) and forall(i in [1, 2], i < 3);
k(x, y) if x.a = y and x.m(y) = z and z matches Integer and print(x) and y := 1;
k(x, "s") if x matches {b: y} and y.(x) = 1 and new Integer(x) = y;
m(x, {a: x, b: y}) if h(y, x) and k(y, x);
m(x) if h(x, _) or x;
`

// compiled returns the program of the policy; each call makes a new one.
func compiled(t testing.TB) *code.Program {
	reg := &engine.Registry{Classes: []engine.Class{{Name: "Integer", Ancestors: []string{"Integer"}}}}
	policy, _, errs := engine.EmptyPolicy().Load([]*diag.Source{diag.NewSource("", fuzzPolicy)}, reg, engine.LoadOptions{})
	if len(errs) > 0 {
		t.Fatal(errs[0])
	}
	p := code.NewProgram(0)
	p.AddClass("Integer")
	if err := compiler.Policy(p, policy.Rules(), &compiler.Env{ClassNames: map[string]bool{"Integer": true}}); err != nil {
		t.Fatal(err)
	}
	return p
}

// mutate changes instructions as the data says, eight bytes a change.
func mutate(p *code.Program, data []byte) {
	n := len(p.Instrs) - code.PCStart
	for ; len(data) >= 8; data = data[8:] {
		in := &p.Instrs[code.PCStart+int(binary.LittleEndian.Uint16(data))%n]
		value := binary.LittleEndian.Uint32(data[4:])
		switch data[2] % 8 {
		case 0:
			in.Op = code.Op(value)
		case 1:
			in.F = uint8(value)
		case 2:
			in.A = int16(int8(value))
		case 3:
			in.B = int16(int8(value))
		case 4:
			in.C = int16(int8(value))
		case 5:
			in.Imm = uint64(value)
		case 6:
			in.Imm += uint64(int64(int8(value)))
		case 7: // a whole instruction from elsewhere
			*in = p.Instrs[code.PCStart+int(value%uint32(n))]
		}
	}
}

// FuzzVerify changes a program at random. Verify refuses it, or the machine ends every query within its budget.
func FuzzVerify(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0, 0, byte(code.OpFail), 0, 0, 0})
	f.Add([]byte{30, 0, 7, 0, 12, 0, 0, 0, 31, 0, 7, 0, 13, 0, 0, 0})
	f.Add([]byte{17, 0, 6, 0, 2, 0, 0, 0})
	f.Add([]byte{40, 0, 2, 0, 1, 0, 0, 0, 41, 0, 0, 0, byte(code.OpPutFresh), 0, 0, 0})
	for i := range 120 { // one instruction of each kind copied over each other place
		f.Add([]byte{byte(i), 0, 7, 0, byte(i * 7), 0, 0, 0, byte(i + 5), 0, 0, 0, byte(i % int(code.OpNotExit)), 0, 0, 0})
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p := compiled(t)
		mutate(p, data)
		if code.Verify(p, nil) != nil {
			return
		}
		_ = p.String() // a sound program can be listed
		snapshot := wam.NewSnapshot(p, nil, nil)
		m := &wam.Machine{}
		for n, pr := range p.Preds {
			args := []wam.Value{wam.ListValue(wam.IntValue(1), wam.VarValue("v")), wam.InstanceValue(t, 0)}
			run(t, m, snapshot, n, args[:pr.Arity])
			args = []wam.Value{wam.VarValue("x"), wam.VarValue("y")}
			run(t, m, snapshot, n, args[:pr.Arity])
			args = []wam.Value{wam.IntValue(1), wam.MappingValue(&wam.Dict{Keys: []string{"a"}, Values: []wam.Value{wam.IntValue(1)}})}
			run(t, m, snapshot, n, args[:pr.Arity])
		}
	})
}

// run calls a predicate and answers what the machine asks until it ends.
func run(t *testing.T, m *wam.Machine, s *wam.Snapshot, pred int, args []wam.Value) {
	m.Reset(s)
	m.Configure(&wam.Settings{Limits: wam.Limits{Depth: 100, Heap: 1 << 16, Stack: 1 << 16, Steps: 1000, Timeout: 100 * time.Millisecond}}, nil)
	defer m.Release()
	for i, a := range args {
		if err := m.SetArg(i, a); err != nil {
			t.Fatal(err)
		}
	}
	m.StartRule(t.Context(), pred)
	for events := 0; m.Run(t.Context()); events++ {
		switch ev := m.Event(); ev.Kind {
		case wam.EventDone:
			return
		case wam.EventSolution:
			if _, err := m.Results(nil, new(wam.Exprs)); err != nil && kind(err) == "" {
				t.Fatalf("results: %v", err)
			}
		case wam.EventPrint, wam.EventDebug:
			m.Resume()
		case wam.EventLookup, wam.EventCall, wam.EventNew:
			m.ResumeValue(wam.IntValue(int64(events)))
		case wam.EventIsa, wam.EventPath, wam.EventCompare:
			m.ResumeBool(events%2 == 0)
		case wam.EventIterate:
			m.ResumeIterate(iteration{})
		case wam.EventNext:
			m.ResumeNone()
		default:
			t.Fatalf("event %d", ev.Kind)
		}
		if events > 1_000_000 {
			t.Fatal("no end")
		}
	}
	if m.Err() == nil || kind(m.Err()) == "" {
		t.Fatalf("the machine stopped with %v", m.Err())
	}
}

func kind(err error) diag.Kind {
	if e, ok := errors.AsType[*diag.Error](err); ok {
		return e.Kind
	}
	return ""
}

type iteration struct{}

func (iteration) Close() {}
