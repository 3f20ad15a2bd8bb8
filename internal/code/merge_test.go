package code

import "testing"

// A search for readers of a register that goes on too long says that there may be one.
func TestSearchForReadersIsBounded(t *testing.T) {
	p := NewProgram(0)
	for _, test := range []struct {
		length int
		want   bool
	}{{0, true}, {maxSearch, true}, {maxSearch + 1, false}} {
		others := make([]Instr, test.length)
		for i := range others {
			others[i] = Instr{Op: OpCmpK, A: 1}
		}
		if got := p.unread(others, 2); got != test.want {
			t.Errorf("unread in %d instructions: got %t, want %t", test.length, got, test.want)
		}
	}
}
