package engine

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
)

// Memory is what shows how the work of a load grows, because it does not depend on what else the machine is doing: rules of many
// branches took copies of all variables for each.
func TestLoadsOfLargeRulesGrowLinearly(t *testing.T) {
	const small, times = 1000, 8
	for _, test := range []struct{ separator, goal string }{
		{" or ", "x.f%d = 1"}, {" or ", "(x.a = v%[1]d and v%[1]d > 1)"}, {" or ", "g(x, %d)"},
		{" and ", "not x.f%d = 1"}, {" and ", "not (x = %d or x.b = 1)"}, {" and ", "forall(x.f = %d, x.g = 1)"}, {" and ", "x.f%d = 1"},
	} {
		load := func(n int) uint64 {
			var b strings.Builder
			b.WriteString("g(_, _); f(x) if ")
			for i := range n {
				if i > 0 {
					b.WriteString(test.separator)
				}
				fmt.Fprintf(&b, test.goal, i)
			}
			return allocated(func() { loadForms(t, b.String()+";", math.MaxInt) })
		}
		if few, many := load(small), load(times*small); many > 2*times*few {
			t.Errorf("%q times %d takes %d bytes, %d times as many %d", test.goal, small, few, times, many)
		}
	}
}

// allocated returns the memory that a function allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
