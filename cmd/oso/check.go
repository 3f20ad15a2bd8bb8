package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/report"
	"github.com/goso-project/goso/internal/standin"
)

// checkFlags are those of the check command.
type checkFlags struct {
	*flags
	format, output, failOn, stdinName string
	strict, quiet, noRun              bool
	max                               int
}

func (p *program) newCheckFlags() *checkFlags {
	f := &checkFlags{flags: p.newFlags("check"), format: "human", failOn: "error"}
	if p.getenv("GITHUB_ACTIONS") == "true" {
		f.format = "github"
	}
	f.queries()
	f.Var(choice{&f.format, []string{"human", "json", "jsonl", "github"}}, "format", "`how` to report: human, json, jsonl, or github")
	f.StringVar(&f.output, "output", "", "write the report to this `file`")
	f.Var(choice{&f.failOn, []string{"error", "warning", "never"}}, "fail-on", "exit 1 from this `severity` on: error, warning, or never")
	f.BoolVar(&f.strict, "strict-classes", false, "classes that were not declared are errors")
	f.BoolVar(&f.quiet, "quiet", false, "leave out the line with the counts")
	f.IntVar(&f.max, "max", 0, "list at most this `number` of problems; 0 lists all")
	f.StringVar(&f.stdinName, "stdin-name", "", "read one policy from the standard input and call it `name`")
	f.BoolVar(&f.noRun, "no-run-queries", false, "do not run inline queries (?= …;)")
	return f
}

// check reports what is wrong with a policy.
func (p *program) check(ctx context.Context, args []string) error {
	f := p.newCheckFlags()
	args, err := f.parse(args)
	if err != nil {
		return err
	}
	if f.max < 0 {
		return usagef("--max %d is negative", f.max)
	}
	sources, err := p.checkSources(f, args)
	if err != nil {
		return err
	}
	host, err := standin.New(f.classes)
	if err != nil {
		return &usageError{err.Error()}
	}
	r := p.examine(ctx, f, sources, host)
	r.Max = f.max
	if err := p.write(r, f); err != nil {
		return err
	}
	if f.failOn != "never" && r.Count(report.Error) > 0 || f.failOn == "warning" && r.Count(report.Warning) > 0 {
		return exitError(exitFailed)
	}
	return nil
}

// checkSources reads what is to be checked.
func (p *program) checkSources(f *checkFlags, args []string) ([]*diag.Source, error) {
	if f.stdinName != "" {
		if len(args) > 0 {
			return nil, usagef("--stdin-name reads the standard input; name no files")
		}
		src, err := p.readStdin(f.stdinName)
		return []*diag.Source{src}, err
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	sources, err := readSources(args)
	if err == nil && len(sources) == 0 {
		err = errors.New("there are no policy files (*.polar) here")
	}
	return sources, err
}

// examine checks sources and, if they are fit for it, runs their inline queries.
func (p *program) examine(ctx context.Context, f *checkFlags, sources []*diag.Source, host *standin.Host) *report.Report {
	opts := engine.CheckOptions{
		LoadOptions:   engine.LoadOptions{NoAllowWarning: p.getenv("POLAR_IGNORE_NO_ALLOW_WARNING") != ""},
		StrictClasses: f.strict,
	}
	registry := host.Registry()
	if len(f.classes) == 0 && !f.strict {
		registry = nil // nothing is known about classes
	}
	var found []report.Diagnostic
	runnable := !f.noRun
	for _, d := range engine.CheckAll(sources, registry, opts) {
		severity := report.Error
		if d.Warning {
			severity = report.Warning
		}
		found = append(found, report.Diagnostic{Error: d.Error, Severity: severity})
		if severity == report.Error || d.Kind == diag.UnknownSpecializer {
			runnable = false
		}
	}
	if runnable {
		for _, e := range p.runInline(ctx, f, sources, host) {
			found = append(found, report.Diagnostic{Error: e, Severity: report.Error})
		}
	}
	names := make([]string, len(sources))
	for i, src := range sources {
		names[i] = src.Name
	}
	return report.New(names, found)
}

// runInline runs the inline queries of sources that have no errors, and returns what failed. Policies that speak of classes
// nothing is known about do not load, and are left alone.
func (p *program) runInline(ctx context.Context, f *checkFlags, sources []*diag.Source, host *standin.Host) []*diag.Error {
	e := engine.New(host.Registry())
	warnings, err := e.Load(sources, engine.LoadOptions{})
	if err != nil {
		return nil
	}
	for _, w := range warnings {
		if w.Kind == diag.UnknownSpecializer {
			return nil
		}
	}
	ctx, cancel := p.interruptible(ctx)
	defer cancel()
	var failed []*diag.Error
	for range e.Policy().Inline {
		err := e.RunInline(ctx, host, engine.Options{Limits: f.limits(), Print: p.print})
		if err == nil {
			break
		}
		var d *diag.Error
		if !errors.As(err, &d) {
			d = diag.New(diag.InlineQueryFailed, diag.Span{}, "inline query failed: %v", err)
		}
		failed = append(failed, d)
		if ctx.Err() != nil {
			break
		}
	}
	return failed
}

// write writes the report where and how it is wanted.
func (p *program) write(r *report.Report, f *checkFlags) error {
	var b bytes.Buffer
	style := p.style(p.stdoutTerminal && f.output == "")
	style.NoSummary = f.quiet
	var err error
	switch f.format {
	case "json":
		err = r.JSON(&b)
	case "jsonl":
		err = r.JSONLines(&b)
	case "github":
		if err = r.GitHub(&b); err == nil {
			err = r.Human(p.stderr, report.Style{NoSummary: f.quiet})
		}
	default:
		err = r.Human(&b, style)
	}
	if err != nil {
		return err
	}
	if f.output == "" {
		_, err = p.stdout.Write(b.Bytes())
	} else {
		err = os.WriteFile(f.output, b.Bytes(), 0o666)
	}
	if err != nil {
		return fmt.Errorf("the report cannot be written: %w", err)
	}
	return nil
}
