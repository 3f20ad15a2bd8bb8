package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
)

// TestHammerOneEngine runs queries from many goroutines while the policy is replaced: each query sees one policy as a whole. Run it
// with -race.
func TestHammerOneEngine(t *testing.T) {
	h := newHost(t)
	policy := func(version int) string {
		var b strings.Builder
		for i := range 40 { // enough for indexes, which the queries build
			fmt.Fprintf(&b, "f(%d, \"k%d\", %d);\n", i, i%7, version)
		}
		fmt.Fprintf(&b, "g(x) if f(3, _, x) and f(4, _, x);\nlast(_: Dog, %d); last(_: Animal, %d);\n", version, version)
		return b.String()
	}
	e := load(t, h, policy(0))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				got, err := answers(t.Context(), t, e, h, "g(x) and f(5, _, x) and last(new Dog(), x)", engine.Options{})
				if err != nil || len(got) != 2 || got[0] != got[1] { // one for each rule of last
					t.Errorf("%v, %v", got, err)
				}
				if found, err := answers(t.Context(), t, e, h, "f(x, \"k3\", _)", engine.Options{}); err == nil && len(found) != 6 || slices.Contains(found, "") {
					t.Errorf("%v, %v", found, err)
				}
			}
		})
	}
	wg.Go(func() {
		for version := range 50 {
			if _, err := e.Replace([]*diag.Source{diag.NewSource("", policy(version))}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
				t.Error(err)
			}
			if version%10 == 0 {
				e.SetRegistry(h.Registry)
			}
		}
	})
	wg.Wait()
}

// Loads at once share no memory: each policy that comes into force is one of them as a whole.
func TestHammerLoads(t *testing.T) {
	h := newHost(t)
	policy := func(version int) string {
		return strings.Repeat(fmt.Sprintf("f(x: Integer, \"k%[1]d\") if x = %[1]d and x > 0 and not x = 0; f(_: Dog, \"k%[1]d\");\n", version), 1+version%5)
	}
	e := load(t, h, policy(1))
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for k := range 30 {
				version := 1 + 30*n + k
				if _, err := e.Replace([]*diag.Source{diag.NewSource("", policy(version))}, engine.LoadOptions{NoAllowWarning: true}); err != nil {
					t.Error(err)
				}
				got, err := answers(t.Context(), t, e, h, "f(new Dog(), y)", engine.Options{})
				if err != nil || len(got) == 0 || len(slices.Compact(slices.Clone(got))) != 1 {
					t.Errorf("%v, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}
