package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// testPackage is a package whose tests run on the mutants of another, but for those whose names match skip: tests of races and
// of times, which fail by chance on a machine that is busy with mutants.
type testPackage struct{ dir, skip string }

// timed names tests that measure times or wait.
const timed = "Hammer|Endless|Timeout|Cancel|Deadline|Clock|Linear|Latency|Endurance|ThatEndsIsGivenUp"

// sharp names tests that notice so much that they come before faster ones.
var sharp = map[string]time.Duration{
	"TestEveryCaseAgreesOrDeviatesByDecision": 10, "TestQueriesOverUnboundVariables": 10, "TestConditionsGrantNoMoreThanValues": 3,
}

// testsOf lists the packages whose tests run on the mutants of a package. A package that is not listed is tested by its own tests.
func testsOf(pkg string) []testPackage {
	switch pkg {
	case "internal/wam":
		// What else the machine does is in the corpora: other tests repeat them, with optimisations off, answers that come late, or many
		// random policies.
		return []testPackage{
			{pkg, timed}, {"internal/conformance", timed + "|DoNotDepend|ToldApart"}, {"internal/engine", timed + "|Fuzz|AUsedMachine|CompiledPrograms|Tables|Large"},
			{"internal/host", timed}, {"pkg/oso", timed}, // fields and elements of Go values, read in place
		}
	case "internal/engine":
		return []testPackage{{pkg, timed}, {"pkg/oso", timed}, {"internal/conformance", timed + "|DoNotDepend|ToldApart"}}
	case "internal/host":
		return []testPackage{{pkg, timed}, {"pkg/oso", timed}, {"internal/replay", timed}}
	case "pkg/oso":
		return []testPackage{
			{pkg, timed}, {"pkg/oso/errors", timed}, {"pkg/oso/types", timed}, {"pkg/oso/osohttp", timed}, {"pkg/oso/osotest", timed},
			{"internal/porting", timed}, {"internal/host", timed},
		}
	}
	return []testPackage{{pkg, timed}}
}

// test is one test function of one binary.
type test struct {
	Binary  string
	Dir     string // where it runs
	Name    string
	Took    time.Duration
	reached []byte
}

// plan says which tests reach which mutant.
type plan struct {
	Tests   []test
	Reached [][]int // by mutant: tests, the fastest first
}

type outcome string

const (
	killed     outcome = "killed"
	timedOut   outcome = "timed out" // a test that would not end noticed it
	lived      outcome = "lived"
	notViable  outcome = "not viable"  // it does not compile
	notCovered outcome = "not covered" // no test comes there
)

// newPlan compiles the tests of the woven program, and runs each alone to see what it reaches. Tests that fail without any
// mutation are left out, and named.
func newPlan(src, scratch, pkg string, changes, workers int) (*plan, error) {
	var p plan
	for i, tp := range testsOf(pkg) {
		binary := filepath.Join(scratch, fmt.Sprintf("test%d", i))
		if _, err := output(src, "go", "test", "-c", "-vet=off", "-o", binary, "./"+tp.dir); err != nil {
			return nil, err
		}
		if _, err := os.Stat(binary); err != nil {
			continue // no tests
		}
		dir := filepath.Join(src, filepath.FromSlash(tp.dir))
		names, err := output(dir, binary, "-test.list", ".", "-test.skip", tp.skip)
		if err != nil {
			return nil, err
		}
		skip := strings.Split(tp.skip, "|")
		for name := range strings.FieldsSeq(names) {
			if strings.HasPrefix(name, "Benchmark") || slices.ContainsFunc(skip, func(s string) bool { return strings.Contains(name, s) }) {
				continue
			}
			p.Tests = append(p.Tests, test{Binary: binary, Dir: dir, Name: name})
		}
	}
	failed := make([]string, len(p.Tests))
	each(len(p.Tests), workers, func(i int) {
		t := &p.Tests[i]
		file := filepath.Join(scratch, fmt.Sprintf("reached%d", i))
		if err := os.WriteFile(file, make([]byte, changes+1), 0o600); err != nil {
			failed[i] = err.Error()
			return
		}
		start := time.Now()
		if out, err := runTests(t.Binary, t.Dir, []string{t.Name}, 5*time.Minute, reachedEnv+"="+file); err != nil {
			failed[i] = out
		}
		t.Took = time.Since(start)
		if data, err := os.ReadFile(file); err == nil {
			t.reached = data
		}
		os.Remove(file)
	})
	for i := len(p.Tests) - 1; i >= 0; i-- {
		if failed[i] != "" {
			fmt.Fprintf(os.Stderr, "left out: %s in %s fails without mutation\n", p.Tests[i].Name, p.Tests[i].Dir)
			if os.Getenv("MUTATE_VERBOSE") != "" {
				fmt.Fprintln(os.Stderr, failed[i])
			}
			p.Tests = slices.Delete(p.Tests, i, i+1)
		}
	}
	rank := func(t test) time.Duration { return t.Took / max(sharp[t.Name], 1) }
	slices.SortStableFunc(p.Tests, func(a, b test) int { return int(rank(a) - rank(b)) })
	p.Reached = make([][]int, changes)
	for i, t := range p.Tests {
		for id := range changes {
			if t.reached[id] != 0 {
				p.Reached[id] = append(p.Reached[id], i)
			}
		}
	}
	return &p, nil
}

// each calls do for all numbers below n, some at a time.
func each(n, workers int, do func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range workers {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// slow tests run alone, others together.
const slow = 300 * time.Millisecond

// try tests a woven mutant.
func (p *plan) try(id int) outcome {
	tests := p.Reached[id]
	if len(tests) == 0 {
		return notCovered
	}
	for len(tests) > 0 {
		first := p.Tests[tests[0]]
		n := 1
		took := first.Took
		names := []string{first.Name}
		var rest []int
		for _, i := range tests[1:] {
			if t := p.Tests[i]; t.Binary == first.Binary && t.Took < slow && took < 3*slow {
				names = append(names, t.Name)
				took += t.Took
				n++
			} else {
				rest = append(rest, i)
			}
		}
		tests = rest
		out, err := runTests(first.Binary, first.Dir, names, 20*time.Second+10*took, fmt.Sprintf("%s=%d", activeEnv, id))
		switch {
		case err == nil:
		case strings.Contains(out, "panic: test timed out"):
			return timedOut
		default:
			return killed
		}
	}
	return lived
}

// runTests runs tests of one binary, with a bound on memory: a mutant may well allocate without end.
func runTests(binary, dir string, names []string, timeout time.Duration, env ...string) (string, error) {
	cmd := exec.Command("sh", "-c", `ulimit -v 8000000 2>/dev/null; exec "$0" "$@"`, binary,
		"-test.run=^("+strings.Join(names, "|")+")$", "-test.failfast", "-test.timeout="+timeout.String())
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}
