package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/report"
	"github.com/goso-project/goso/internal/standin"
)

// flags are those of one command. Every flag may be given with one dash or two, and anywhere among the arguments; "--" ends them.
type flags struct {
	*flag.FlagSet
	p       *program
	classes []standin.Class
	timeout time.Duration
}

// newFlags returns the flags that all commands share.
func (p *program) newFlags(name string) *flags {
	f := &flags{FlagSet: flag.NewFlagSet(name, flag.ContinueOnError), p: p}
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	f.Func("class", "declare a stand-in `class` as NAME or NAME:BASE,…; repeatable", func(text string) error {
		c, err := standin.ParseClass(text)
		f.classes = append(f.classes, c)
		return err
	})
	return f
}

// queries adds the flags of commands that run queries.
func (f *flags) queries() {
	f.timeout = defaultTimeout(f.p.getenv("POLAR_TIMEOUT_MS"))
	f.DurationVar(&f.timeout, "timeout", f.timeout, "`time` a query may take, as 500ms, 10s, 2m; 0 is no bound")
}

// binds adds the flag that binds variables of a query.
func (f *flags) binds() *[]string {
	var binds []string
	f.Func("bind", "bind a variable of the query, as `NAME=JSON`; repeatable", func(text string) error {
		binds = append(binds, text)
		return nil
	})
	return &binds
}

// defaultTimeout reads the environment's bound on a query's time.
func defaultTimeout(milliseconds string) time.Duration {
	if ms, err := strconv.ParseInt(milliseconds, 10, 32); err == nil && ms >= 0 {
		return time.Duration(ms) * time.Millisecond
	}
	return 30 * time.Second
}

// limits returns the limits of a query.
func (f *flags) limits() engine.Limits {
	if f.timeout <= 0 {
		return engine.Limits{Timeout: -1}
	}
	return engine.Limits{Timeout: f.timeout}
}

// parse reads the flags and returns the other arguments.
func (f *flags) parse(args []string) ([]string, error) {
	var rest, others []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, rest = args[:i], args[i+1:]
	}
	for {
		if err := f.Parse(args); err == flag.ErrHelp {
			f.p.commandHelp(f.Name(), f.FlagSet)
			return nil, err
		} else if err != nil {
			return nil, &usageError{strings.Replace(err.Error(), "flag provided but not defined: ", "there is no flag ", 1)}
		}
		if args = f.Args(); len(args) == 0 {
			return append(others, rest...), nil
		}
		others, args = append(others, args[0]), args[1:]
	}
}

// style returns how text for people looks on an output.
func (p *program) style(terminal bool) report.Style {
	return report.Style{Color: terminal && p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb"}
}

// choice is a flag with a few possible values.
type choice struct {
	value   *string
	choices []string
}

func (c choice) String() string {
	if c.value == nil {
		return ""
	}
	return *c.value
}

// Set accepts one of the values.
func (c choice) Set(text string) error {
	if !slices.Contains(c.choices, text) {
		return fmt.Errorf("choose one of %s", strings.Join(c.choices, ", "))
	}
	*c.value = text
	return nil
}
