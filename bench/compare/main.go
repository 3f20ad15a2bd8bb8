package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	var o options
	flag.StringVar(&o.base, "base", "main", "the `commit` to compare with")
	flag.StringVar(&o.bench, "bench", ".", "`regexp` of the benchmarks to run")
	flag.StringVar(&o.benchtime, "benchtime", "100ms", "time of one run")
	flag.IntVar(&o.rounds, "rounds", 8, "runs of each side")
	flag.Parse()
	if err := compare(o); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

type options struct {
	base, bench, benchtime string
	rounds                 int
}

// side is one of the two programs.
type side struct{ name, program, dir, results string }

func compare(o options) error {
	out, err := filepath.Abs("out")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	tree, err := os.MkdirTemp("", "compare")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tree)
	if err := shell(".", "git", "worktree", "add", "--detach", "--force", tree, o.base); err != nil {
		return err
	}
	defer func() { _ = shell(".", "git", "worktree", "remove", "--force", tree) }()

	here, err := os.Getwd()
	if err != nil {
		return err
	}
	sides := []side{
		{"base", filepath.Join(out, "base.test"), filepath.Join(tree, "bench"), filepath.Join(out, "base.txt")},
		{"head", filepath.Join(out, "head.test"), here, filepath.Join(out, "head.txt")},
	}
	if err := sides[1].build(); err != nil {
		return err
	}
	if err := sides[0].buildWith(here); err != nil {
		return err
	}
	for _, s := range sides {
		if err := os.RemoveAll(s.results); err != nil {
			return err
		}
	}
	for round := range o.rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, o.rounds)
		for i := range sides {
			if err := sides[(i+round)%2].run(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// buildWith builds a side with the benchmarks of another directory, or with its own if it does not know what those need.
func (s side) buildWith(dir string) error {
	own, err := filepath.Glob(filepath.Join(s.dir, "*.go"))
	if err != nil {
		return err
	}
	theirs, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	aside := s.dir + ".own"
	if err := os.Mkdir(aside, 0o755); err != nil {
		return err
	}
	if err := move(own, aside); err != nil {
		return err
	}
	for _, name := range theirs {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(s.dir, filepath.Base(name)), text, 0o644); err != nil {
			return err
		}
	}
	if err := os.CopyFS(filepath.Join(s.dir, "cputime"), os.DirFS(filepath.Join(dir, "cputime"))); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if s.build() == nil {
		return nil
	}
	fmt.Fprintln(os.Stderr, "the base runs its own benchmarks")
	for _, name := range theirs {
		if err := os.Remove(filepath.Join(s.dir, filepath.Base(name))); err != nil {
			return err
		}
	}
	back, err := filepath.Glob(filepath.Join(aside, "*.go"))
	if err != nil {
		return err
	}
	if err := move(back, s.dir); err != nil {
		return err
	}
	return s.build()
}

func move(files []string, dir string) error {
	for _, name := range files {
		if err := os.Rename(name, filepath.Join(dir, filepath.Base(name))); err != nil {
			return err
		}
	}
	return nil
}

func (s side) build() error { return shell(s.dir, "go", "test", "-c", "-o", s.program, ".") }

// run runs the benchmarks once and adds what they print to the results.
func (s side) run(o options) error {
	results, err := os.OpenFile(s.results, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	cmd := exec.Command(s.program, "-test.run=^$", "-test.bench="+o.bench, "-test.benchtime="+o.benchtime)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, results, os.Stderr
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "POLAR_IGNORE_NO_ALLOW_WARNING=1")
	return errors.Join(cmd.Run(), results.Close())
}

// shell runs a command in a directory; the error has what it wrote.
func shell(dir, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return nil
}
