package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/policyfiles"
	"github.com/goso-project/goso/internal/report"
	"github.com/goso-project/goso/internal/show"
	"github.com/goso-project/goso/internal/standin"
)

// readSources returns the sources of files, directories and patterns.
func readSources(args []string) ([]*diag.Source, error) {
	files, err := policyfiles.Find(args)
	if err != nil {
		return nil, err
	}
	var sources []*diag.Source
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		src, err := newSource(file, text)
		if err != nil {
			return nil, err
		}
		sources = append(sources, src)
	}
	return sources, nil
}

// readStdin returns the standard input as a source.
func (p *program) readStdin(name string) (*diag.Source, error) {
	text, err := io.ReadAll(p.stdin)
	if err != nil {
		return nil, err
	}
	return newSource(name, text)
}

func newSource(name string, text []byte) (*diag.Source, error) {
	if !utf8.Valid(text) {
		line := 1
		for i := 0; i < len(text); {
			r, size := utf8.DecodeRune(text[i:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			if r == '\n' {
				line++
			}
			i += size
		}
		return nil, fmt.Errorf("%s:%d: not UTF-8 text", name, line)
	}
	return diag.NewSource(name, string(text)), nil
}

// policy is a loaded policy with the stand-ins for its classes.
type policy struct {
	engine *engine.Engine
	host   *standin.Host
}

// load loads sources, and runs their inline queries if it is to. What goes wrong is reported here; the error says with
// which code to exit.
func (p *program) load(ctx context.Context, f *flags, sources []*diag.Source, inline bool, onError exitError) (*policy, error) {
	host, err := standin.New(f.classes)
	if err != nil {
		return nil, &usageError{err.Error()}
	}
	pol := &policy{engine.New(host.Registry()), host}
	style := p.style(p.stderrTerminal)
	warnings, err := pol.engine.Load(sources, engine.LoadOptions{NoAllowWarning: true})
	if err != nil {
		p.reportLoad(sources, pol.host, err)
		return nil, onError
	}
	for _, w := range warnings {
		if err := report.Failure(p.stderr, w, style); err != nil {
			return nil, err
		}
	}
	if !inline {
		return pol, nil
	}
	if err := pol.engine.RunInline(ctx, host, engine.Options{Limits: f.limits(), Print: p.print}); err != nil {
		if err := report.Failure(p.stderr, err, style); err != nil {
			return nil, err
		}
		return nil, onError
	}
	return pol, nil
}

// print shows the text of print(...).
func (p *program) print(text string) { fmt.Fprintln(p.stderr, show.Printable(text)) }

// reportLoad shows why a policy did not load: all reasons, not only the first.
func (p *program) reportLoad(sources []*diag.Source, host *standin.Host, err error) {
	var found []report.Diagnostic
	var classes []string
	for _, d := range engine.CheckAll(sources, host.Registry(), engine.CheckOptions{LoadOptions: engine.LoadOptions{NoAllowWarning: true}}) {
		if d.Warning {
			continue
		}
		found = append(found, report.Diagnostic{Error: d.Error, Severity: report.Error})
		if d.Kind == diag.UnregisteredClass && d.Token != "" && !slices.Contains(classes, d.Token) {
			classes = append(classes, d.Token)
		}
	}
	style := p.style(p.stderrTerminal)
	if len(found) == 0 {
		report.Failure(p.stderr, err, style)
		return
	}
	names := make([]string, len(sources))
	r := report.New(names, found)
	r.Human(p.stderr, style)
	if len(classes) > 0 {
		slices.Sort(classes)
		fmt.Fprintf(p.stderr, "To go on with stand-ins for classes of your program, add: --class %s\n", strings.Join(classes, " --class "))
	}
}
