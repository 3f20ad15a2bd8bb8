// Command report runs the benchmarks of the module it is started in on one core and prints one line per workload: the best
// of the passes' medians. The raw output goes to out/bench.txt, which benchstat reads.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

func main() {
	bench := flag.String("bench", ".", "`regexp` of the benchmarks to run")
	benchtime := flag.String("benchtime", "300ms", "time of one run")
	passes := flag.Int("passes", 3, "passes; the best median counts")
	count := flag.Int("count", 3, "runs in a pass; their median counts")
	flag.Parse()
	if err := report(*bench, *benchtime, *passes, *count); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func report(bench, benchtime string, passes, count int) error {
	if err := os.MkdirAll("out", 0o755); err != nil {
		return err
	}
	raw, err := os.Create(filepath.Join("out", "bench.txt"))
	if err != nil {
		return err
	}
	defer raw.Close()
	var t table
	for pass := range passes {
		fmt.Fprintf(os.Stderr, "pass %d of %d\n", pass+1, passes)
		cmd := exec.Command("go", "test", "-run", "^$", "-bench", bench, "-benchtime", benchtime, "-count", strconv.Itoa(count), ".")
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
		cmd.Stderr = os.Stderr
		var out bytes.Buffer
		cmd.Stdout = io.MultiWriter(&out, raw)
		if err := cmd.Run(); err != nil {
			os.Stderr.Write(out.Bytes())
			return err
		}
		t.add(parse(&out))
	}
	fmt.Printf("%s/%s, %s, one core, processor time, best median of %d passes of %d runs of %s\n\n", runtime.GOOS, runtime.GOARCH, runtime.Version(), passes, count, benchtime)
	return t.print(os.Stdout)
}

// run is what one run of one benchmark reported.
type run struct {
	name   string
	ns     float64 // processor time where the run tells it, else time by the clock
	bytes  int64
	allocs int64
}

// parse reads the lines of go test -bench, others are skipped.
func parse(r io.Reader) []run {
	var runs []run
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		one := run{name: strings.TrimPrefix(f[0], "Benchmark")}
		cpu := 0.0
		for i := 2; i+1 < len(f); i += 2 {
			value, _ := strconv.ParseFloat(f[i], 64)
			switch f[i+1] {
			case "ns/op":
				one.ns = value
			case "cpu-ns/op":
				cpu = value
			case "B/op":
				one.bytes = int64(value)
			case "allocs/op":
				one.allocs = int64(value)
			}
		}
		if cpu > 0 {
			one.ns = cpu
		}
		runs = append(runs, one)
	}
	return runs
}

// table keeps the best median of each benchmark, in order of first appearance.
type table struct{ best []run }

// add takes the runs of one pass.
func (t *table) add(runs []run) {
	byName := map[string][]run{}
	var order []string
	for _, r := range runs {
		if byName[r.name] == nil {
			order = append(order, r.name)
		}
		byName[r.name] = append(byName[r.name], r)
	}
	for _, name := range order {
		group := byName[name]
		slices.SortFunc(group, func(a, b run) int { return cmp.Compare(a.ns, b.ns) })
		median := group[len(group)/2]
		i := slices.IndexFunc(t.best, func(r run) bool { return r.name == name })
		if i < 0 {
			t.best = append(t.best, median)
		} else if median.ns < t.best[i].ns {
			t.best[i] = median
		}
	}
}

func (t *table) print(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "workload\tper op\tns/op\tB/op\tallocs/op\t")
	for _, r := range t.best {
		fmt.Fprintf(tw, "%s\t%s\t%.1f\t%d\t%d\t\n", r.name, round(r.ns), r.ns, r.bytes, r.allocs)
	}
	return tw.Flush()
}

// round writes a duration with three digits, in the unit that leaves one to four before the point.
func round(ns float64) string {
	value, unit := ns, "ns"
	for _, larger := range []string{"µs", "ms", "s"} {
		if value < 10_000 {
			break
		}
		value, unit = value/1000, larger
	}
	switch {
	case value >= 100 || unit == "ns":
		return fmt.Sprintf("%.0f %s", value, unit)
	case value >= 10:
		return fmt.Sprintf("%.1f %s", value, unit)
	default:
		return fmt.Sprintf("%.2f %s", value, unit)
	}
}
