// Package policyfiles finds the policy files a command line means: files, directories, and patterns.
package policyfiles

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Extension is how the name of a policy file ends.
const Extension = ".polar"

// Find returns the files the arguments mean, each once, in sorted order, with forward slashes. A file must have the
// extension; of a directory all policy files below it count; a pattern may use *, ?, [...] and, as a whole element,
// ** for any number of directories. Below directories and for wildcards, names that start with a dot, vendor and
// node_modules are left out. An argument that means no file is an error, except that a directory may be empty.
func Find(args []string) ([]string, error) {
	var found []string
	for _, arg := range args {
		files, err := find(arg)
		if err != nil {
			return nil, err
		}
		found = append(found, files...)
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

func find(arg string) ([]string, error) {
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		return walk(arg, nil)
	case err == nil:
		if filepath.Ext(arg) != Extension {
			return nil, fmt.Errorf("%s: not a policy file; its name must end in %s", arg, Extension)
		}
		return []string{filepath.ToSlash(filepath.Clean(arg))}, nil
	case strings.ContainsAny(arg, "*?["):
		return glob(filepath.ToSlash(arg))
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: no such file or directory", arg)
	default:
		return nil, err
	}
}

// walk returns the policy files below a directory; match, if given, chooses among them by their path below it.
func walk(dir string, match func(below []string) bool) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != dir && leftOut(entry.Name()) {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entry.IsDir() || filepath.Ext(name) != Extension {
			return nil
		}
		below, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		if match == nil || match(strings.Split(filepath.ToSlash(below), "/")) {
			files = append(files, filepath.ToSlash(filepath.Clean(name)))
		}
		return nil
	})
	return files, err
}

func leftOut(name string) bool {
	return strings.HasPrefix(name, ".") || name == "vendor" || name == "node_modules"
}

// glob returns the policy files a pattern matches.
func glob(pattern string) ([]string, error) {
	elements := strings.Split(path.Clean(pattern), "/")
	first := slices.IndexFunc(elements, func(e string) bool { return strings.ContainsAny(e, "*?[") })
	dir := strings.Join(elements[:first], "/")
	switch {
	case first == 0:
		dir = "."
	case dir == "":
		dir = "/"
	}
	elements = elements[first:]
	for _, e := range elements {
		if _, err := path.Match(e, ""); err != nil {
			return nil, fmt.Errorf("%s: the pattern is malformed", pattern)
		}
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("%s: matches no policy file", pattern)
	}
	files, err := walk(dir, func(below []string) bool { return matches(elements, below) })
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: matches no policy file", pattern)
	}
	return files, err
}

// matches tells whether a path matches a pattern, element by element.
func matches(pattern, name []string) bool {
	// reach[i]: the pattern read so far matches the first i elements of the name.
	reach := make([]bool, len(name)+1)
	reach[0] = true
	for _, p := range pattern {
		next := make([]bool, len(name)+1)
		for i := range reach {
			switch {
			case p == "**":
				next[i] = reach[i] || i > 0 && next[i-1]
			case i > 0 && reach[i-1]:
				next[i], _ = path.Match(p, name[i-1])
			}
		}
		reach = next
	}
	return reach[len(name)]
}
