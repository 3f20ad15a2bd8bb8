package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/repl"
)

const intro = `oso works with Polar policies.

Usage:
  oso [FILE…]                 load files and ask questions
  oso COMMAND [flags] [args]

Commands:
`

const outro = `
Files are policies (*.polar), directories, or patterns such as 'policies/**/*.polar'; all of them together are one policy.
The exit code is 0 for success, 1 if what was asked for failed, 2 for wrong usage or unreadable files, 3 for a fault of oso.
`

// details is what help adds for a command.
var details = map[string]string{
	"repl": "At the prompt:\n\n" + repl.Help,
	"check": `Everything that keeps the files from loading is reported, all at once, and what looks wrong besides. Without --class or
--strict-classes, nothing is said about classes. The exit code is 1 if there are problems at or above --fail-on.
`,
	"query": `The exit code is 0 if there is a result, 1 if there is none, 2 if something is wrong. Values of --bind are JSON;
{"$new": "User", "fields": {"name": "ann"}} is an instance of a stand-in class. Text of print(...) goes to the standard error.

  oso query 'allow(actor, "read", "doc:1")' policy.polar
  oso query --class User --bind 'u={"$new":"User","fields":{"name":"ann"}}' 'allow(u, action, "doc:1")' policy.polar
`,
	"bench": `The query is compiled once and run many times, to its first result, as decisions are. Times are of the processor, the median of nine runs
with their quartiles; steps are counted and always the same. Tried are the clauses, facts and list elements that were looked at one by one: many of
them, with few entered, are what an index would save. Objects are stand-ins: a program's own fields are read faster than theirs.

  oso bench policy.polar 'allow("ann", "read", "doc:1")'
  oso bench --all --class User --bind 'u={"$new":"User","fields":{"name":"ann"}}' policies 'allow(u, action, "doc:1")'
`,
	"disasm": "The instructions are described in internal/code of the sources.\n",
}

// help prints the list of commands, or help for one.
func (p *program) help(_ context.Context, args []string) error {
	f := flag.NewFlagSet("help", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() { p.commandHelp("help", f) }
	if err := f.Parse(args); err == flag.ErrHelp {
		return nil
	} else if err != nil {
		return &usageError{err.Error()}
	}
	if args = f.Args(); len(args) == 0 {
		fmt.Fprint(p.stdout, intro)
		for _, c := range commands() {
			fmt.Fprintf(p.stdout, "  %-24s %s\n", c.name+" "+c.args, c.purpose)
		}
		fmt.Fprint(p.stdout, outro)
		return nil
	}
	name := args[0]
	i := slices.IndexFunc(commands(), func(c command) bool { return c.name == name })
	switch {
	case i < 0:
		return usagef("there is no command %q", name)
	case name == "help" || name == "version":
		p.commandHelp(name, flag.NewFlagSet(name, flag.ContinueOnError))
		return nil
	}
	err := commands()[i].run(p, context.Background(), []string{"--help"})
	if err == flag.ErrHelp {
		return nil
	}
	return err
}

// commandHelp prints help for one command.
func (p *program) commandHelp(name string, f *flag.FlagSet) {
	all := commands()
	c := all[slices.IndexFunc(all, func(c command) bool { return c.name == name })]
	fmt.Fprintf(p.stdout, "oso %s: %s\n\nUsage: oso %s [flags] %s\n", c.name, c.purpose, c.name, c.args)
	printFlags(p.stdout, f)
	if text := details[name]; text != "" {
		fmt.Fprint(p.stdout, "\n", text)
	}
}

func printFlags(w io.Writer, f *flag.FlagSet) {
	first := true
	f.VisitAll(func(fl *flag.Flag) {
		if first {
			fmt.Fprint(w, "\nFlags:\n")
			first = false
		}
		arg, usage := flag.UnquoteUsage(fl)
		dashes := "--"
		if len(fl.Name) == 1 {
			dashes = "-"
		}
		head := strings.TrimSpace(dashes + fl.Name + " " + strings.ToUpper(arg))
		fmt.Fprintf(w, "  %-20s %s\n", head, usage)
	})
}

// version prints what this program was built from.
func (p *program) version(_ context.Context, args []string) error {
	f := p.newFlags("version")
	if args, err := f.parse(args); err != nil {
		return err
	} else if len(args) > 0 {
		return usagef("version takes no arguments")
	}
	version, revision, goVersion := "(devel)", "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		goVersion = info.GoVersion
		if info.Main.Version != "" {
			version = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && !strings.Contains(version, s.Value[:min(12, len(s.Value))]) {
				revision = " " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	fmt.Fprintf(p.stdout, "oso %s%s (%s)\n", version, revision, goVersion)
	return nil
}
