package main

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// measured are the parts of a report that differ from run to run.
var measured = regexp.MustCompile(`[0-9.]+ (ns|µs|ms|s|B|queries|query|allocations|allocation)\b`)

func TestBench(t *testing.T) {
	file := policyFile(t, documents)
	user, doc := `u={"$new": "User", "fields": {"team": "blue"}}`, `d={"team": "blue"}`
	runs := [][]string{
		{file, `allow("ann", "read", "handbook")`},
		{"--all", file, `allow("ann", action, doc)`},
		{`allow(u, "read", d)`, file, "--bind", user, "--bind", doc}, // as oso query has them
		{file, `allow("bob", "read", "handbook")`},
		{file, `loud()`},
	}
	var text strings.Builder
	for _, args := range runs {
		got := oso(t, "", append([]string{"bench", "--class", "User", "--duration", "1ms"}, args...)...)
		if got.code != 0 {
			t.Fatalf("%q: exit code %d, %s", args, got.code, got.stderr)
		}
		text.WriteString(measured.ReplaceAllStringFunc(got.stdout, func(s string) string {
			return strings.Repeat("#", strings.IndexByte(s, ' ')) + " ~"
		}))
		text.WriteString("\n")
	}
	masked := regexp.MustCompile(` *#+ ~`).ReplaceAllString(text.String(), " #")
	// What is tried depends on what the machine remembers, and under the race detector pools hand out new ones at random.
	masked = regexp.MustCompile(`(?m)^tried +\d+`).ReplaceAllString(masked, "tried #")
	golden(t, filepath.Join("testdata", "bench.golden"), masked)
}

func TestBenchAsJSON(t *testing.T) {
	file := policyFile(t, documents)
	got := oso(t, "", "bench", "--class", "User", "--duration", "1ms", "--all", "--format", "json", file, `allow("ann", action, doc)`)
	var report struct {
		Query       string
		All         bool
		Queries     int
		Counts      map[string]int
		Nanoseconds struct{ Low, Median, High float64 }
	}
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
		t.Fatalf("%v in %s%s", err, got.stdout, got.stderr)
	}
	n := report.Nanoseconds
	if report.Query != `allow("ann", action, doc)` || !report.All || report.Queries < 1 || n.Low > n.Median || n.Median > n.High ||
		report.Counts["results"] != 2 || report.Counts["calls"] != 1 {
		t.Errorf("got %s", got.stdout)
	}
}

func TestWhatBenchRefuses(t *testing.T) {
	file := policyFile(t, documents)
	tests := []struct {
		args   []string
		stderr string
	}{
		{nil, "a policy and a query are needed"},
		{[]string{file}, "a policy and a query are needed"},
		{[]string{"--duration", "0s", file, "x = 1"}, "is no time to measure in"},
		{[]string{"nowhere.polar", "x = 1"}, "nowhere.polar"},
		{[]string{file, "x = = 1"}, "<input>:1:5: error[ParseError::UnrecognizedToken]"},
		{[]string{file, "nosuch(1)"}, "error[RuntimeError::QueryForUndefinedRule]"},
		{[]string{file, `allow(new User(), "read", 1)`}, policyPlace(file)},
		{[]string{"--bind", "x", file, "x = 1"}, "write NAME=JSON"},
		{[]string{"--timeout", "20ms", file, "endless(1)"}, "RuntimeError::QueryTimeout"},
	}
	for _, tt := range tests {
		got := oso(t, "", append([]string{"bench", "--class", "User", "--duration", "1ms"}, tt.args...)...)
		if got.code != 2 || got.stdout != "" || !strings.Contains(got.stderr, tt.stderr) {
			t.Errorf("%q: exit code %d, output %q, want %q in the errors:\n%s", tt.args, got.code, got.stdout, tt.stderr, got.stderr)
		}
	}
}

// policyPlace is where the policy of the tests reads a field.
func policyPlace(file string) string { return file + ":4:35: error[RuntimeError::Application]" }

func TestDurationsHaveThreeDigits(t *testing.T) {
	for d, want := range map[time.Duration]string{5: "5.00 ns", 999: "999 ns", 1234: "1.23 µs", 45678: "45.7 µs", 12 * time.Millisecond: "12.0 ms", 250 * time.Second: "250 s"} {
		if got := duration(float64(d)); got != want {
			t.Errorf("%d ns is written %s, want %s", d, got, want)
		}
	}
}
