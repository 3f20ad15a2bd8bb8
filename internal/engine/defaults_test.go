package engine

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/wam"
)

// A limit that is left out is a bound, too; and no limit lets a heap grow beyond what cells address.
func TestLimitsHaveDefaults(t *testing.T) {
	for _, test := range []struct {
		given Limits
		want  wam.Limits
	}{
		{Limits{}, wam.Limits{Depth: 1_000_000, Heap: 32 << 20, Stack: 8 << 20, Timeout: 30 * time.Second}},
		{Limits{Depth: 1, HeapCells: 2, StackWords: 3, Steps: 4, Timeout: 5}, wam.Limits{Depth: 1, Heap: 2, Stack: 3, Steps: 4, Timeout: 5}},
		{Limits{Depth: -1, HeapCells: -1, StackWords: -1, Steps: -1, Timeout: -1}, wam.Limits{Depth: -1, Heap: maxHeap, Stack: -1, Steps: -1, Timeout: -1}},
		{Limits{HeapCells: maxHeap}, wam.Limits{Depth: 1_000_000, Heap: maxHeap, Stack: 8 << 20, Timeout: 30 * time.Second}},
		{Limits{HeapCells: maxHeap + 1}, wam.Limits{Depth: 1_000_000, Heap: maxHeap, Stack: 8 << 20, Timeout: 30 * time.Second}},
	} {
		if diff := cmp.Diff(test.want, test.given.machine()); diff != "" {
			t.Errorf("%+v: (-want +got)\n%s", test.given, diff)
		}
	}
}
