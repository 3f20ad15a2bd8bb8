// Package docs_test runs what the documentation shows.
package docs_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/standin"
)

// block is a fenced block of a document.
type block struct {
	line int
	info []string // what follows the fence, by words
	text string
}

func blocks(t *testing.T, file string) []block {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []block
	inside, n := false, 0
	for line := range strings.Lines(string(text)) {
		n++
		switch {
		case strings.HasPrefix(line, "```") && inside:
			inside = false
		case strings.HasPrefix(line, "```"):
			inside = true
			all = append(all, block{n, strings.Fields(line[3:]), ""})
		case inside:
			all[len(all)-1].text += line
		}
	}
	return all
}

// option returns the value of a word "name=value" after a fence.
func (b block) option(name string) string {
	for _, word := range b.info {
		if value, ok := strings.CutPrefix(word, name+"="); ok {
			return value
		}
	}
	return ""
}

// policy is a loaded block.
type policy struct {
	engine *engine.Engine
	host   *standin.Host
}

// load loads a policy with the classes its block names: "User,Admin:User".
func load(t *testing.T, b block) (*policy, error) {
	t.Helper()
	var classes []standin.Class
	for text := range strings.SplitSeq(b.option("classes"), ",") {
		if text == "" {
			continue
		}
		c, err := standin.ParseClass(text)
		if err != nil {
			t.Fatalf("line %d: %v", b.line, err)
		}
		classes = append(classes, c)
	}
	host, err := standin.New(classes)
	if err != nil {
		t.Fatalf("line %d: %v", b.line, err)
	}
	e := engine.New(host.Registry())
	if slices.Contains(b.info, "roles") {
		if err := e.EnableRoles(nil); err != nil {
			t.Fatalf("line %d: %v", b.line, err)
		}
	}
	warnings, err := e.Load([]*diag.Source{diag.NewSource("", b.text)}, engine.LoadOptions{NoAllowWarning: true})
	if err != nil {
		return nil, err
	}
	for _, w := range warnings {
		t.Errorf("line %d: %v", b.line, w)
	}
	if err := e.RunInline(t.Context(), host, engine.Options{}); err != nil {
		return nil, err
	}
	return &policy{e, host}, nil
}

// answer runs a query and returns its results as the documentation writes them.
func (p *policy) answer(t *testing.T, text string) (lines []string) {
	t.Helper()
	say := func(format string, args ...any) { lines = append(lines, "=> "+fmt.Sprintf(format, args...)) }
	fail := func(err error) {
		var d *diag.Error
		if errors.As(err, &d) {
			say("error %s", d.Kind)
		} else {
			say("error %v", err)
		}
	}
	q, err := p.engine.Query(text)
	if err != nil {
		fail(err)
		return lines
	}
	defer q.Close()
	q.Start(t.Context(), p.host, engine.Options{Print: func(text string) { say("prints %s", text) }})
	for n := 0; ; n++ {
		more, err := q.Next()
		if err != nil {
			fail(err)
			return lines
		}
		if !more {
			if n == 0 {
				say("false")
			}
			return lines
		}
		bindings, err := q.Bindings()
		if err != nil {
			fail(err)
			return lines
		}
		var parts []string
		for _, b := range bindings {
			parts = append(parts, p.host.Printer().Binding(b.Name, b.Value))
		}
		if len(parts) == 0 {
			parts = []string{"true"}
		}
		say("%s", strings.Join(parts, ", "))
	}
}

func TestTheLanguageByExampleHolds(t *testing.T) { holds(t, "polar.md") }

func TestTheBuiltInRolesByExampleHold(t *testing.T) { holds(t, "roles.md") }

// holds loads and asks what a document shows.
func holds(t *testing.T, file string) {
	t.Helper()
	var current *policy
	for _, b := range blocks(t, file) {
		switch {
		case len(b.info) == 0:
			t.Errorf("line %d: the block does not say what it is", b.line)
		case b.info[0] == "polar":
			p, err := load(t, b)
			if want := b.option("fails"); want != "" {
				var d *diag.Error
				if !errors.As(err, &d) || string(d.Kind) != want {
					t.Errorf("line %d: loading gives %v, want %s", b.line, err, want)
				}
				current = nil
				continue
			}
			if err != nil {
				t.Errorf("line %d: %v", b.line, err)
				current = nil
				continue
			}
			current = p
		case b.info[0] == "query":
			if current == nil {
				t.Errorf("line %d: there is no policy to ask", b.line)
				continue
			}
			var got []string
			for line := range strings.Lines(b.text) {
				if line = strings.TrimSuffix(line, "\n"); line != "" && !strings.HasPrefix(line, "=>") {
					got = append(append(got, line), current.answer(t, line)...)
				}
			}
			if diff := cmp.Diff(strings.Split(strings.TrimSuffix(b.text, "\n"), "\n"), got); diff != "" {
				t.Errorf("line %d (-documented +got):\n%s", b.line, diff)
			}
		default:
			t.Errorf("line %d: blocks of kind %q are not run", b.line, b.info[0])
		}
	}
}

func TestTheProgramOfTheReadmePrintsWhatItSays(t *testing.T) {
	all := blocks(t, filepath.Join("..", "README.md"))
	for i, b := range all {
		if len(b.info) == 0 || b.info[0] != "go" {
			continue
		}
		file := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(file, []byte(b.text), 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "go", "run", file)
		cmd.Dir = ".."
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if diff := cmp.Diff(all[i+1].text, string(out)); diff != "" {
			t.Errorf("output (-documented +got):\n%s", diff)
		}
		return
	}
	t.Error("there is no program in the README")
}

// link finds relative links in a document.
var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

func TestLinksLeadSomewhere(t *testing.T) {
	files, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(filepath.Join("..", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, more...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s links to %s, which is not there", file, m[1])
			}
		}
	}
}
