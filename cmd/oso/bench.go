package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/measure"
	"github.com/goso-project/goso/internal/report"
)

// bench measures one query: exit code 0 if it ran, whether it had results or not, 2 if something is wrong.
func (p *program) bench(ctx context.Context, args []string) error {
	f := p.newFlags("bench")
	f.queries()
	binds := f.binds()
	all := f.Bool("all", false, "take all results, not only the first")
	budget := f.Duration("duration", 2*time.Second, "how much `time` to spend, about")
	format := "text"
	f.Var(choice{&format, []string{"text", "json"}}, "format", "how the report is printed: `text` or json")
	args, err := f.parse(args)
	switch {
	case err != nil:
		return err
	case len(args) < 2:
		return usagef("a policy and a query are needed")
	case *budget <= 0:
		return usagef("--duration %v is no time to measure in", *budget)
	}
	files, text := args[:len(args)-1], args[len(args)-1]
	if _, err := os.Stat(text); err == nil { // as oso query has them
		files, text = args[1:], args[0]
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
	cost, err := p.measure(ctx, pol, text, *binds, &measure.Question{All: *all, Budget: *budget, Host: pol.host, Options: engine.Options{Limits: f.limits()}})
	var usage *usageError
	switch {
	case errors.As(err, &usage):
		return err
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(p.stderr, "oso bench: interrupted")
		return exitError(exitUsage)
	case err != nil:
		report.Failure(p.stderr, err, p.style(p.stderrTerminal))
		return exitError(exitUsage)
	}
	if format == "json" {
		return json.NewEncoder(p.stdout).Encode(struct {
			Query     string `json:"query"`
			All       bool   `json:"all"`
			Processor bool   `json:"processorTime"`
			*measure.Cost
		}{text, *all, measure.Processor, cost})
	}
	fmt.Fprint(p.stdout, costText(text, *all, cost))
	return nil
}

// measure prepares the query of a question and measures it.
func (p *program) measure(ctx context.Context, pol *policy, text string, binds []string, question *measure.Question) (*measure.Cost, error) {
	bound, err := bindings(pol, binds)
	if err != nil {
		return nil, err
	}
	prepared, err := pol.engine.Prepare(text)
	if err != nil {
		return nil, err
	}
	question.New = func() (*engine.Query, error) {
		q := prepared.Query()
		for _, b := range bound {
			if err := q.Bind(b.Name, b.Value); err != nil {
				q.Close()
				return nil, err
			}
		}
		return q, nil
	}
	return measure.Measure(ctx, question)
}

// costText writes a cost for people.
func costText(query string, all bool, c *measure.Cost) string {
	var b strings.Builder
	clock, taken := "processor time", "first result"
	if !measure.Processor {
		clock = "wall time"
	}
	if all {
		taken = "all results"
	}
	fmt.Fprintf(&b, "%s\n%s, %d runs of %s\n\n", query, taken, measure.Runs, number(c.Queries, "query", "queries"))
	row := func(name, value, note string) { fmt.Fprintf(&b, "%-10s %10s  %s\n", name, value, note) }
	row("time", duration(c.Nanos.Median), fmt.Sprintf("%s; half of the runs %s to %s", clock, duration(c.Nanos.Low), duration(c.Nanos.High)))
	row("memory", fmt.Sprintf("%.0f B", c.Bytes), number(int(c.Allocs+0.5), "allocation", "allocations"))
	b.WriteString("\n")
	n := c.Counts
	row("results", strconv.Itoa(n.Results), "")
	row("calls", strconv.Itoa(n.Calls), "of rules")
	row("entered", strconv.Itoa(n.Entered), "clauses")
	row("tried", strconv.Itoa(n.Tried), "clauses, facts and list elements, one by one")
	row("choices", strconv.Itoa(n.Choices), "points to come back to")
	row("host", strconv.Itoa(n.Requests), "fields read, methods called and other questions about objects")
	return strings.ReplaceAll(b.String(), "  \n", "\n")
}

// number writes a number with its noun.
func number(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// duration writes nanoseconds with three digits.
func duration(ns float64) string {
	unit := "ns"
	for _, next := range []string{"µs", "ms", "s"} {
		if ns < 1000 {
			break
		}
		ns, unit = ns/1000, next
	}
	switch {
	case ns >= 100:
		return fmt.Sprintf("%.0f %s", ns, unit)
	case ns >= 10:
		return fmt.Sprintf("%.1f %s", ns, unit)
	default:
		return fmt.Sprintf("%.2f %s", ns, unit)
	}
}
