package bench

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata")

// What a question costs, in numbers that do not depend on the machine: any change is meant, or is a mistake. After a change
// that is meant, go test -run TestCounts -update, and read the diff.
func TestCounts(t *testing.T) {
	var got strings.Builder
	fmt.Fprintf(&got, "%-28s %8s %8s %8s %8s %8s %8s\n", "problem", "calls", "tried", "clauses", "choices", "requests", "allocs")
	for _, c := range Problems() {
		p := c.Make()
		if p.Load {
			continue
		}
		counts, err := Count(p)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "%-28s %8d %8d %8d %8d %8d %8d\n", c.Name, counts.Calls, counts.Tried, counts.Clauses, counts.Choices, counts.Requests, allocations(t, p))
	}
	golden := filepath.Join("testdata", "counts.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("counts differ from %s:\n%s", golden, differences(string(want), got.String()))
	}
}

// differences shows the lines that two texts do not have in common.
func differences(want, got string) string {
	var b strings.Builder
	gotten := map[string]bool{}
	for line := range strings.Lines(got) {
		gotten[line] = true
	}
	for line := range strings.Lines(want) {
		if !gotten[line] {
			b.WriteString("- " + line)
		}
		delete(gotten, line)
	}
	for line := range strings.Lines(got) {
		if gotten[line] {
			b.WriteString("+ " + line)
		}
	}
	return b.String()
}

// allocations is what one run of a warm question allocates.
func allocations(t *testing.T, p *Problem) int {
	q := question(t, p)
	return int(testing.AllocsPerRun(5, func() {
		if err := q.Run(1); err != nil {
			t.Fatal(err)
		}
	}))
}

// A decision allocates nothing once its arguments are boxed; a list of results is handed over as maps.
func TestAllocations(t *testing.T) {
	for _, c := range Problems() {
		p := c.Make()
		want := 0
		switch {
		case strings.HasPrefix(p.ID, "W5/"):
			want = 4
		case p.Load || p.Read != "" && !p.Decided:
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			if got := allocations(t, p); got > want {
				t.Errorf("%d allocations, want no more than %d", got, want)
			}
		})
	}
}
