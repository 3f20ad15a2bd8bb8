package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/show"
	"github.com/goso-project/goso/internal/wam"
)

// Help is what :help prints.
const Help = `A line without a semicolon is a query:      allow(actor, "read", x)
A line that ends in one adds a rule:        f(x) if x > 1;
Lines go on while brackets are open; an empty line ends them.

  :load FILE…       load these files instead of those loaded; typed rules stay
  :reload           read the files again
  :clear            forget the typed rules
  :list [NAME]      show the rules, or those of one name
  :classes          show the classes
  :type NAME        tell what a name is
  :trace on|off     show each step of a query
  :timeout TIME     bound the time of a query: 500ms, 10s, 2m; 0 is no bound
  :help             this text
  :quit             leave
`

// command runs a line that starts with a colon.
func (l *Loop) command(ctx context.Context, line string) {
	words := strings.Fields(line)
	name, args := words[0], words[1:]
	var err error
	switch {
	case name == ":help" || name == ":h" || name == ":?":
		fmt.Fprint(l.cfg.Out, Help)
	case name == ":quit" || name == ":q" || name == ":exit":
		l.done = true
	case name == ":load" && len(args) > 0:
		if err = l.Load(ctx, args); err == nil {
			l.say("loaded %s", count(len(l.sources), "file"))
		}
	case name == ":reload" && len(args) == 0:
		err = l.reload(ctx)
	case name == ":clear" && len(args) == 0:
		err = l.clear()
	case name == ":list" && len(args) <= 1:
		l.list(args)
	case name == ":classes" && len(args) == 0:
		l.classes()
	case name == ":type" && len(args) == 1:
		l.describe(args[0])
	case name == ":trace" && len(args) == 1 && (args[0] == "on" || args[0] == "off"):
		l.tracing = args[0] == "on"
	case name == ":timeout" && len(args) == 1:
		err = l.setTimeout(args[0])
	default:
		err = fmt.Errorf("there is no such command as %s; :help lists them", line)
	}
	if err != nil {
		l.fail(err)
	}
}

func (l *Loop) reload(ctx context.Context) error {
	if len(l.files) == 0 {
		return errors.New("no file was loaded")
	}
	if err := l.Load(ctx, l.files); err != nil {
		return err
	}
	l.say("loaded %s", count(len(l.sources), "file"))
	return nil
}

func (l *Loop) clear() error {
	if len(l.overlay) == 0 {
		l.say("there are no typed rules")
		return nil
	}
	if err := l.replace(l.sources, nil); err != nil {
		return err
	}
	l.overlay = nil
	return nil
}

// list shows rules as they were written; those that blocks stand for as Polar would write them.
func (l *Loop) list(names []string) {
	for _, r := range l.cfg.Engine.Policy().All() {
		if len(names) > 0 && r.Name != names[0] {
			continue
		}
		if text := r.Span().Text(); strings.HasPrefix(text, r.Name) {
			fmt.Fprintln(l.cfg.Out, show.Printable(text))
		} else {
			fmt.Fprintln(l.cfg.Out, show.Printable(ast.FormatRule(r)), "# from a block")
		}
	}
}

func (l *Loop) classes() {
	for _, c := range l.cfg.Engine.Registry().Classes {
		fmt.Fprintln(l.cfg.Out, show.Printable(c.Name+ancestors(&c)))
	}
}

// ancestors returns what a class derives from in words.
func ancestors(c *engine.Class) string {
	others := slices.DeleteFunc(slices.Clone(c.Ancestors), func(name string) bool { return name == c.Name })
	if len(others) == 0 {
		return ""
	}
	return " is a " + strings.Join(others, ", ")
}

// describe tells what a name stands for.
func (l *Loop) describe(name string) {
	reg, policy := l.cfg.Engine.Registry(), l.cfg.Engine.Policy()
	known, shown := false, show.Printable(name)
	tell := func(format string, args ...any) {
		known = true
		fmt.Fprintf(l.cfg.Out, "%s %s\n", shown, fmt.Sprintf(format, args...))
	}
	if c := reg.Class(name); c != nil {
		tell("is a class%s", strings.Replace(ancestors(c), " is", " and", 1))
		switch {
		case slices.Contains(policy.Actors, name):
			tell("is declared in an actor block")
		case slices.Contains(policy.Resources, name):
			tell("is declared in a resource block")
		}
	} else if v, ok := reg.Constants[name]; ok {
		tell("is a constant: %s", l.cfg.Printer.Value(v))
	}
	arities := map[int]int{}
	for _, r := range policy.All() {
		if r.Name == name {
			arities[len(r.Params)]++
		}
	}
	for _, arity := range slices.Sorted(maps.Keys(arities)) {
		tell("has %s with %s", count(arities[arity], "rule"), count(arity, "parameter"))
	}
	if !known {
		fmt.Fprintf(l.cfg.Out, "%s is neither a class, nor a constant, nor a rule\n", shown)
	}
}

// count returns a number with a word in the right form.
func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// tracer prints the steps of a query.
type tracer struct{ w io.Writer }

var traceVerbs = map[wam.TraceKind]string{
	wam.TraceCall: "call", wam.TraceEnter: "enter", wam.TraceExit: "exit", wam.TraceFail: "fail", wam.TraceLookup: "look up", wam.TraceResult: "result",
}

// Trace prints one step, indented by depth: what happens, the text of the condition, and where it stands.
func (t tracer) Trace(ev wam.TraceEvent) {
	text := ev.Name
	switch {
	case ev.Kind == wam.TraceResult:
		text = ""
	case ev.Kind == wam.TraceExit:
		text = ev.Rule
	case ev.Kind == wam.TraceCall || ev.Kind == wam.TraceFail || ev.Kind == wam.TraceLookup:
		if condition := ev.Span.Text(); condition != "" {
			text = strings.Join(strings.Fields(condition), " ")
			if strings.HasPrefix(text, `"`) && ev.Name != "" { // a line of a block stands for a call
				text = ev.Name + " " + text
			}
		}
	}
	line := fmt.Sprintf("%s%-7s %s", strings.Repeat("  ", min(ev.Depth, 40)), traceVerbs[ev.Kind], text)
	if runes := []rune(line); len(runes) > 120 {
		line = string(runes[:119]) + "…"
	}
	if ev.Span.IsValid() && ev.Kind != wam.TraceResult {
		at := ev.Span.Position()
		place := fmt.Sprintf("%d:%d", at.Line, at.Column)
		if name := ev.Span.Source.Name; name != "" {
			place = name + ":" + place
		}
		line += "  (" + place + ")"
	}
	fmt.Fprintln(t.w, show.Printable(strings.TrimRight(line, " ")))
}
