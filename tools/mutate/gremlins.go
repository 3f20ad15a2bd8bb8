package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// operators are those that gremlins leaves off unless told.
var operators = []string{
	"--invert-assignments", "--invert-bitwise", "--invert-bwassign", "--invert-logical", "--invert-loopctrl",
	"--remove-self-assignments",
}

// baseTag marks, in the commit that gremlins compares with, the lines that are to be mutated.
const baseTag = " // in the sample"

// statuses are gremlins' words.
var statuses = map[string]outcome{
	"KILLED": killed, "LIVED": lived, "TIMED OUT": timedOut, "NOT VIABLE": notViable, "NOT COVERED": notCovered,
}

// runGremlins lets gremlins test the lines of the sample.
func runGremlins(o *options, s *shim, scratch string, sample []change) ([]result, error) {
	bin := filepath.Join(scratch, "bin")
	install := exec.Command(s.Go, "install", o.gremlins)
	install.Env = append(os.Environ(), "GOBIN="+bin, "GOFLAGS=-trimpath")
	install.Stderr = os.Stderr
	if err := install.Run(); err != nil {
		return nil, fmt.Errorf("installing %s: %w", o.gremlins, err)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if err := os.Symlink(self, filepath.Join(bin, "go")); err != nil {
		return nil, err
	}
	config, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	shimFile := filepath.Join(scratch, "shim.json")
	if err := os.WriteFile(shimFile, config, 0o600); err != nil {
		return nil, err
	}
	if err := commitBase(s.Source, sample); err != nil {
		return nil, err
	}
	report := filepath.Join(scratch, "report.json")
	cmd := exec.Command(filepath.Join(bin, "gremlins"), append([]string{
		"unleash", "--output", report, "--diff", "base", "--output-statuses", "lktv",
		"--timeout-coefficient", "1000000", // times are the shim's business
		"--workers", fmt.Sprint(o.workers), "."}, operators...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.Source, os.Stderr, os.Stderr
	cmd.Env = append(os.Environ(), shimEnv+"="+shimFile, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("gremlins: %w", err)
	}
	return readReport(report, sample)
}

// place is what gremlins tells of a mutant.
type place struct {
	file, kind   string
	line, column int
}

// readReport reads what gremlins found out about the sample.
func readReport(name string, sample []change) ([]result, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var report struct {
		Files []struct {
			Name      string `json:"file_name"`
			Mutations []struct {
				Type, Status string
				Line, Column int
			}
		}
	}
	if err := json.Unmarshal(data, &report); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	found := map[place]outcome{}
	for _, f := range report.Files {
		for _, m := range f.Mutations {
			found[place{f.Name, m.Type, m.Line, m.Column}] = statuses[m.Status]
		}
	}
	var out []result
	for _, c := range sample {
		status := found[place{c.File, c.Kind, c.Line, c.Column}]
		if status == "" {
			return nil, fmt.Errorf("gremlins did not test %s at %s:%d:%d", c.Kind, c.File, c.Line, c.Column)
		}
		out = append(out, result{c, status})
	}
	return out, nil
}

// commitBase makes a commit "base" in which just the lines of the sample are different from what is in the directory.
func commitBase(src string, sample []change) error {
	lines := map[string]map[int]bool{}
	for _, c := range sample {
		if lines[c.File] == nil {
			lines[c.File] = map[int]bool{}
		}
		lines[c.File][c.Line] = true
	}
	was := map[string][]byte{}
	for file, marked := range lines {
		name := filepath.Join(src, filepath.FromSlash(file))
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		was[name] = data
		text := strings.Split(string(data), "\n")
		for n := range marked {
			text[n-1] += baseTag
		}
		if err := os.WriteFile(name, []byte(strings.Join(text, "\n")), 0o600); err != nil {
			return err
		}
	}
	for _, args := range [][]string{
		{"init", "-q"},
		{"config", "diff.context", "0"}, // gremlins reads a hunk as one run of changed lines
		{"add", "-A", "-f"},
		{"-c", "user.name=mutate", "-c", "user.email=mutate@localhost", "commit", "-q", "-m", "base"},
		{"branch", "base"},
	} {
		if _, err := output(src, "git", args...); err != nil {
			return err
		}
	}
	for name, data := range was {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			return err
		}
	}
	return nil
}
