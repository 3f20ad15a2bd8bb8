package main

import (
	"context"
	"errors"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/repl"
	"github.com/goso-project/goso/internal/report"
	"github.com/goso-project/goso/internal/standin"
)

// repl asks questions interactively, or answers those piped in: then the exit code is 1 if one met an error.
func (p *program) repl(ctx context.Context, args []string) error {
	f := p.newFlags("repl")
	f.queries()
	limit := f.Int("limit", -1, "`results` printed at once; 0 for all; 20 on a terminal")
	files, err := f.parse(args)
	if err != nil {
		return err
	}
	interactive := p.stdinTerminal && p.stdoutTerminal
	if *limit < 0 {
		*limit = 0
		if interactive {
			*limit = 20
		}
	}
	host, err := standin.New(f.classes)
	if err != nil {
		return &usageError{err.Error()}
	}
	cfg := repl.Config{
		Engine:      engine.New(host.Registry()),
		Host:        func() engine.Host { return host },
		Printer:     host.Printer(),
		In:          p.stdin,
		Out:         p.stdout,
		Err:         p.stderr,
		Interactive: interactive,
		Style:       p.style(p.stderrTerminal),
		Options:     engine.Options{Limits: f.limits()},
		LoadOptions: engine.LoadOptions{NoAllowWarning: true},
		Limit:       *limit,
		Read:        readSources,
	}
	if interactive && p.readLine != nil {
		cfg.ReadLine = p.readLine
	}
	loop := repl.New(cfg)
	if p.interrupts != nil {
		go func() {
			for range p.interrupts {
				loop.Interrupt()
			}
		}()
	}
	if len(files) > 0 {
		if err := p.loadInto(ctx, loop, host, files); err != nil {
			return err
		}
	}
	failed, err := loop.Run(ctx)
	switch {
	case err != nil:
		return err
	case failed && !interactive:
		return exitError(exitFailed)
	}
	return nil
}

// loadInto loads the files of the command line. A policy that does not load is reported whole.
func (p *program) loadInto(ctx context.Context, loop *repl.Loop, host *standin.Host, files []string) error {
	err := loop.Load(ctx, files)
	if err == nil {
		return nil
	}
	var d *diag.Error
	if !errors.As(err, &d) {
		return err
	}
	if sources, readErr := readSources(files); readErr == nil && d.Kind != diag.InlineQueryFailed {
		p.reportLoad(sources, host, err)
	} else {
		report.Failure(p.stderr, err, p.style(p.stderrTerminal))
	}
	return exitError(exitFailed)
}
