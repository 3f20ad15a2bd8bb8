package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

const module = "github.com/goso-project/goso"

// apartTimeout is how long the tests of one package may take on a mutant that is compiled by itself.
const apartTimeout = 5 * time.Minute

// result is a change and what the tests said.
type result struct {
	change
	Outcome outcome
}

type options struct {
	pkg, files, again, gremlins, out string
	sample                           int
	seed                             uint64
	own                              bool
	workers                          int
}

func main() {
	if config := os.Getenv(shimEnv); config != "" {
		os.Exit(runShim(config, os.Args[1:]))
	}
	var o options
	flag.StringVar(&o.pkg, "pkg", "", "package to change, with those below it, as a directory: internal/host")
	flag.StringVar(&o.files, "files", "", "change only files that match this regular expression")
	flag.StringVar(&o.again, "again", "", "change only what survived in this file, which -o wrote")
	flag.IntVar(&o.sample, "sample", 500, "how many mutants to try; all of a line go together; 0 tries all")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the sample")
	flag.BoolVar(&o.own, "own", false, "use this command's operators instead of those of gremlins")
	flag.IntVar(&o.workers, "workers", 2, "how many mutants to test at a time")
	flag.StringVar(&o.gremlins, "gremlins", "github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0", "the tool, as for go run")
	flag.StringVar(&o.out, "o", "", "also write all mutants to this file, as JSON")
	flag.Parse()
	if o.pkg == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(&o); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(o *options) error {
	match, err := regexp.Compile(o.files)
	if err != nil {
		return err
	}
	var survived map[place]bool
	if o.again != "" {
		if survived, err = readSurvivors(o.again); err != nil {
			return err
		}
	}
	top, err := output("", "git", "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	src, wovenSrc := filepath.Join(scratch, "src"), filepath.Join(scratch, "woven")
	for _, dir := range []string{src, wovenSrc} {
		if err := copyTree(strings.TrimSpace(top), dir); err != nil {
			return err
		}
	}
	os.Setenv("GOFLAGS", "-trimpath") // copies then share what is compiled
	os.Setenv("CGO_ENABLED", "0")
	changes, err := weave(wovenSrc, o.pkg, match.MatchString)
	if err != nil {
		return err
	}
	p, err := newPlan(wovenSrc, scratch, o.pkg, len(changes), o.workers)
	if err != nil {
		return err
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		return err
	}
	s := &shim{Go: goTool, Source: src, Package: o.pkg, Changes: changes, Plan: p, Log: filepath.Join(scratch, "log")}
	invalid := 0
	sample := draw(slices.DeleteFunc(slices.Clone(changes), func(c change) bool {
		if isGremlins(c.Kind) == o.own || survived != nil && !survived[place{c.File, c.Kind, c.Line, c.Column}] {
			return true
		}
		if c.How == hopeless {
			invalid++
		}
		return c.How == hopeless
	}), o.sample, o.seed)
	var found []result
	if o.own {
		found = make([]result, len(sample))
		each(len(sample), o.workers, func(i int) {
			found[i] = result{sample[i], p.try(sample[i].ID)}
			fmt.Fprintf(os.Stderr, "%s %s at %s:%d:%d\n", found[i].Outcome, sample[i].Kind, sample[i].File, sample[i].Line, sample[i].Column)
		})
	} else if found, err = runGremlins(o, s, scratch, sample); err != nil {
		return err
	}
	if o.out != "" {
		data, err := json.MarshalIndent(found, "", "\t")
		if err != nil {
			return err
		}
		if err := os.WriteFile(o.out, append(data, '\n'), 0o600); err != nil {
			return err
		}
	}
	return s.show(found, invalid)
}

// readSurvivors reads what survived in an earlier run. It is of use as long as the lines of the package stand where they stood.
func readSurvivors(name string) (map[place]bool, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var results []result
	if err := json.Unmarshal(data, &results); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	survived := map[place]bool{}
	for _, r := range results {
		if r.Outcome == lived || r.Outcome == notCovered {
			survived[place{r.File, r.Kind, r.Line, r.Column}] = true
		}
	}
	return survived, nil
}

// weave replaces the files of a package and those below it, if their names match, by ones that contain all changes.
func weave(src, pkg string, match func(file string) bool) ([]change, error) {
	imp, err := exports(src, pkg)
	if err != nil {
		return nil, err
	}
	list, err := output(src, "go", "list", "-f", `{{.Dir}}	{{.ImportPath}}	{{.Name}}	{{join .GoFiles " "}}`, "./"+pkg+"/...")
	if err != nil {
		return nil, err
	}
	w := weaver{set: token.NewFileSet()}
	for line := range strings.Lines(list) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) < 4 {
			continue // no Go files here
		}
		dir, path, name := f[0], f[1], f[2]
		var names []string
		var sources [][]byte
		for _, base := range strings.Fields(f[3]) {
			rel, err := filepath.Rel(src, filepath.Join(dir, base))
			if err != nil {
				return nil, err
			}
			data, err := os.ReadFile(filepath.Join(dir, base))
			if err != nil {
				return nil, err
			}
			names, sources = append(names, filepath.ToSlash(rel)), append(sources, data)
		}
		trees, err := w.parseForTypes(path, names, sources, imp)
		if err != nil {
			return nil, err
		}
		for i, tree := range trees {
			if !match(names[i]) {
				continue // it stays as fast as it is
			}
			text := w.file(names[i], sources[i], tree)
			if err := os.WriteFile(filepath.Join(src, filepath.FromSlash(names[i])), []byte(text), 0o600); err != nil {
				return nil, err
			}
		}
		if err := os.WriteFile(filepath.Join(dir, "mutants_woven_in.go"), fmt.Appendf(nil, helpers, name), 0o600); err != nil {
			return nil, err
		}
	}
	return w.changes, nil
}

// exports returns an importer of what a package imports, compiled.
func exports(src, pkg string) (types.Importer, error) {
	list, err := output(src, "go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}", "./"+pkg+"/...")
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for line := range strings.Lines(list) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		files[path] = file
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }), nil
}

// copyTree copies the files that git knows or would add, as they are now.
func copyTree(from, to string) error {
	list, err := output(from, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(list, "\x00"), "\x00") {
		data, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted, not yet committed
		}
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// draw takes changes, all of a line together, in random order until there are n; 0 takes all.
func draw(list []change, n int, seed uint64) []change {
	if n == 0 || n >= len(list) {
		return list
	}
	type line struct {
		file string
		line int
	}
	lines := map[line]int{}
	var order []line
	for _, c := range list {
		k := line{c.File, c.Line}
		if lines[k]++; lines[k] == 1 {
			order = append(order, k)
		}
	}
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	taken := map[line]bool{}
	for _, k := range order {
		if n <= 0 {
			break
		}
		taken[k] = true
		n -= lines[k]
	}
	return slices.DeleteFunc(list, func(c change) bool { return !taken[line{c.File, c.Line}] })
}

// show prints the mutants that no test noticed, and the score.
func (s *shim) show(found []result, invalid int) error {
	count := map[outcome]int{}
	for _, r := range found {
		count[r.Outcome]++
		if r.Outcome != lived && r.Outcome != notCovered {
			continue
		}
		fn, line, err := placeOf(filepath.Join(s.Source, filepath.FromSlash(r.File)), r.Line)
		if err != nil {
			return err
		}
		fmt.Printf("%s:%d:%d: %s: %s (%s) in %s\n\t%s\n", r.File, r.Line, r.Column, r.Outcome, r.Kind, r.Instead, fn, line)
	}
	if log, err := os.ReadFile(s.Log); err == nil { // gremlins calls them killed
		n := strings.Count(string(log), "\n")
		count[killed], count[timedOut] = count[killed]-n, count[timedOut]+n
	}
	dead := count[killed] + count[timedOut]
	viable := dead + count[lived] + count[notCovered]
	fmt.Printf("%s: %d mutants tried (%d possible ones do not compile, %d of those tried); %d killed, %d more did not end, %d lived, %d not covered: score %.1f %%\n",
		s.Package, len(found), invalid, count[notViable], count[killed], count[timedOut], count[lived], count[notCovered], 100*float64(dead)/float64(max(viable, 1)))
	return nil
}

// placeOf returns the name of the function that a line is in, and the line.
func placeOf(name string, line int) (fn, text string, err error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return "", "", err
	}
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, name, src, parser.SkipObjectResolution)
	if err != nil {
		return "", "", err
	}
	fn = "the package"
	for _, d := range tree.Decls {
		if f, isFunc := d.(*ast.FuncDecl); isFunc && set.Position(f.Pos()).Line <= line && line <= set.Position(f.End()).Line {
			fn = f.Name.Name
		}
	}
	return fn, strings.TrimSpace(strings.Split(string(src), "\n")[line-1]), nil
}

func output(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return string(out), nil
}
