package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/report"
	"github.com/goso-project/goso/internal/show"
	"github.com/goso-project/goso/internal/wam"
)

// query runs one query: exit code 0 if it has results, 1 if none, 2 if something is wrong.
func (p *program) query(ctx context.Context, args []string) error {
	f := p.newFlags("query")
	f.queries()
	format := "polar"
	formats := choice{&format, []string{"polar", "json"}}
	f.Var(formats, "f", "how results are printed: `polar` or json, one a line")
	f.Var(formats, "format", "the same as -f")
	limit := f.Int("limit", 0, "stop after this many `results`; 0 prints all")
	binds := f.binds()
	args, err := f.parse(args)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return usagef("a query is missing")
	}
	if *limit < 0 {
		return usagef("--limit %d is negative", *limit)
	}
	files := args[1:]
	if len(files) == 0 {
		files = []string{"."}
	}
	sources, err := readSources(files)
	if err != nil {
		return err
	}
	ctx, cancel := p.interruptible(ctx)
	defer cancel()
	pol, err := p.load(ctx, f, sources, false, exitUsage)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(p.stdout)
	defer out.Flush()
	n, err := p.results(ctx, out, pol, f, args[0], *binds, format, *limit)
	var usage *usageError
	switch {
	case errors.As(err, &usage):
		return err
	case errors.Is(err, context.Canceled):
		out.Flush()
		fmt.Fprintln(p.stderr, "oso query: interrupted")
		return exitError(exitUsage)
	case err != nil:
		out.Flush()
		report.Failure(p.stderr, err, p.style(p.stderrTerminal))
		return exitError(exitUsage)
	case n == 0:
		if format == "polar" {
			fmt.Fprintln(out, "false")
		}
		return exitError(exitFailed)
	}
	return nil
}

// results prints the results of a query and returns how many there were.
func (p *program) results(ctx context.Context, out *bufio.Writer, pol *policy, f *flags, text string, binds []string, format string, limit int) (int, error) {
	q, err := pol.engine.Query(text)
	if err != nil {
		return 0, err
	}
	defer q.Close()
	bound, err := bindings(pol, binds)
	if err != nil {
		return 0, err
	}
	for _, b := range bound {
		if err := q.Bind(b.Name, b.Value); err != nil {
			return 0, err
		}
	}
	q.Start(ctx, pol.host, engine.Options{Limits: f.limits(), Print: p.print})
	for n := 0; ; n++ {
		if limit > 0 && n == limit {
			return n, nil
		}
		more, err := q.Next()
		if err != nil || !more {
			return n, err
		}
		bindings, err := q.Bindings()
		if err != nil {
			return n, err
		}
		out.WriteString(line(bindings, pol.host.Printer(), format))
		if p.stdoutTerminal {
			out.Flush()
		}
	}
}

// bindings reads the values of --bind.
func bindings(pol *policy, binds []string) ([]engine.Binding, error) {
	var bound []engine.Binding
	for _, bind := range binds {
		name, value, ok := strings.Cut(bind, "=")
		if !ok {
			return nil, usagef("--bind %s: write NAME=JSON", bind)
		}
		v, err := pol.host.FromJSON(value)
		if err != nil {
			return nil, usagef("--bind %s: %v", name, err)
		}
		bound = append(bound, engine.Binding{Name: name, Value: v})
	}
	return bound, nil
}

// line returns a result as one line.
func line(bindings []engine.Binding, printer show.Printer, format string) string {
	parts := make([]string, len(bindings))
	for i, b := range bindings {
		if format == "json" {
			parts[i] = show.Printer{}.JSON(wam.StringValue(b.Name)) + ":" + printer.BindingJSON(b.Name, b.Value)
		} else {
			parts[i] = printer.Binding(b.Name, b.Value)
		}
	}
	switch {
	case format == "json":
		return "{" + strings.Join(parts, ",") + "}\n"
	case len(parts) == 0:
		return "true\n"
	default:
		return strings.Join(parts, ", ") + "\n"
	}
}
