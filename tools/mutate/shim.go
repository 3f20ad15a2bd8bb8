package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// shimEnv names the file that holds the shim's configuration; with it set, this program stands in for go.
const shimEnv = "GOSO_MUTATE_SHIM"

// shim is what the program needs to know when it stands in for go.
type shim struct {
	Go      string // the real one
	Source  string // the repository without any mutation
	Package string
	Changes []change
	Plan    *plan
	Log     string // a line for each mutant that a test noticed by not ending
}

// runShim does what gremlins asked go to do, and returns the exit code that gremlins understands.
func runShim(config string, args []string) int {
	var s shim
	if data, err := os.ReadFile(config); err != nil || json.Unmarshal(data, &s) != nil {
		fmt.Fprintln(os.Stderr, "cannot read", config)
		return 3
	}
	if len(args) == 0 || args[0] != "test" {
		return 0 // modules were fetched when the tests were compiled
	}
	if i := slices.Index(args, "-coverprofile"); i >= 0 {
		if err := s.profile(args[i+1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	found, err := s.test(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	switch found {
	case timedOut:
		if log, err := os.OpenFile(s.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err == nil {
			fmt.Fprintln(log, found)
			log.Close()
		}
		return 1
	case killed:
		return 1
	case notViable:
		return 2
	}
	return 0
}

// profile writes a coverage profile in which every place is covered that a test reaches, by what is known of the woven program,
// and every other that is tested apart.
func (s *shim) profile(name string) error {
	var b strings.Builder
	b.WriteString("mode: set\n")
	for _, c := range s.Changes {
		if c.How != woven || len(s.Plan.Reached[c.ID]) > 0 {
			fmt.Fprintf(&b, "%s/%s:%d.%d,%d.%d 1 1\n", module, c.File, c.Line, c.Column, c.Line, c.Column+1)
		}
	}
	return os.WriteFile(name, []byte(b.String()), 0o600)
}

// test finds out what gremlins changed in a directory, and tests that.
func (s *shim) test(dir string) (outcome, error) {
	file, at, instead, err := s.changed(dir)
	if err != nil || file == "" {
		return lived, err // an operator in its own place
	}
	for _, c := range s.Changes {
		if c.File != file || c.Line != at.Line || c.Column != at.Column || c.Instead != instead || !isGremlins(c.Kind) {
			continue
		}
		switch c.How {
		case woven:
			return s.Plan.try(c.ID), nil
		case hopeless:
			return notViable, nil
		}
	}
	return s.apart(dir)
}

func isGremlins(kind string) bool { return kinds[kind] != nil }

// changed returns the first word in which a directory differs from the source.
func (s *shim) changed(dir string) (file string, at token.Position, instead string, err error) {
	seen := map[string]bool{}
	for _, c := range s.Changes {
		if seen[c.File] {
			continue
		}
		seen[c.File] = true
		old, err := os.ReadFile(filepath.Join(s.Source, filepath.FromSlash(c.File)))
		if err != nil {
			return "", at, "", err
		}
		changed, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(c.File)))
		if err != nil {
			return "", at, "", err
		}
		if bytes.Equal(old, changed) {
			continue
		}
		a, b := words(old), words(changed)
		for i := range min(len(a), len(b)) {
			if a[i].tok != b[i].tok {
				return c.File, a[i].at, b[i].tok.String(), nil
			}
		}
	}
	return "", at, "", nil
}

type word struct {
	tok token.Token
	at  token.Position
}

func words(src []byte) []word {
	set := token.NewFileSet()
	file := set.AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, nil, 0)
	var list []word
	for {
		pos, tok, _ := s.Scan()
		if tok == token.EOF {
			return list
		}
		list = append(list, word{tok, set.Position(pos)})
	}
}

// apart compiles a mutant by itself.
func (s *shim) apart(dir string) (outcome, error) {
	for i, tp := range testsOf(s.Package) {
		binary, err := filepath.Abs(filepath.Join(dir, fmt.Sprintf("apart%d", i)))
		if err != nil {
			return "", err
		}
		cmd := exec.Command(s.Go, "test", "-c", "-vet=off", "-o", binary, "./"+tp.dir)
		cmd.Dir = dir
		if cmd.Run() != nil {
			return notViable, nil
		}
		var names []string
		for _, t := range s.Plan.Tests {
			if filepath.Base(t.Binary) == fmt.Sprintf("test%d", i) {
				names = append(names, t.Name)
			}
		}
		out, err := runTests(binary, filepath.Join(dir, filepath.FromSlash(tp.dir)), names, apartTimeout)
		os.Remove(binary)
		switch {
		case err == nil:
		case strings.Contains(out, "panic: test timed out"):
			return timedOut, nil
		default:
			return killed, nil
		}
	}
	return lived, nil
}
