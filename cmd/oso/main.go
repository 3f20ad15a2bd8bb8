// Command oso works with Polar policies: it runs queries, checks files, and shows what they compile to.
//
//	oso [FILE…]            the same as oso repl
//	oso repl [FILE…]       ask questions interactively
//	oso check [FILE…]      report all that is wrong with a policy
//	oso query QUERY [FILE…] run one query, for scripts
//	oso bench FILE… QUERY  measure what one query costs
//	oso disasm [FILE…]     show the instructions
//
// Classes that a policy speaks of are stood in for by --class. The exit code is 0 for success, 1 if what was asked for
// failed, 2 for wrong usage or files that cannot be read, 3 for a fault of the program itself.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/lineedit"
	"github.com/goso-project/goso/internal/repl"
)

// Exit codes.
const (
	exitOK       = 0
	exitFailed   = 1 // what was asked for failed: problems were found, the answer is no
	exitUsage    = 2 // wrong usage, or a file that cannot be read
	exitInternal = 3
)

// program is what a command sees of the process it runs in.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	// terminal tells whether the standard input and output are one.
	stdinTerminal, stdoutTerminal, stderrTerminal bool
	// interrupts delivers Ctrl-C; nil without.
	interrupts <-chan os.Signal
	// readLine reads an edited line from the terminal; nil without.
	readLine func(prompt string) (string, error)
}

// command is a subcommand.
type command struct {
	name, args, purpose string
	run                 func(p *program, ctx context.Context, args []string) error
}

// commands are listed by help in this order. It is a function because help needs it too.
func commands() []command {
	return []command{
		{"repl", "[FILE…]", "ask questions interactively; also without this word", (*program).repl},
		{"check", "[FILE…]", "report all that is wrong with a policy", (*program).check},
		{"query", "QUERY [FILE…]", "run one query and print its results", (*program).query},
		{"bench", "FILE… QUERY", "measure what one query costs: time, memory, steps", (*program).bench},
		{"disasm", "[FILE…]", "show the instructions a policy compiles to", (*program).disasm},
		{"version", "", "print the version", (*program).version},
		{"help", "[COMMAND]", "print help", (*program).help},
	}
}

func main() {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	p := &program{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv,
		stdinTerminal: isTerminal(os.Stdin), stdoutTerminal: isTerminal(os.Stdout), stderrTerminal: isTerminal(os.Stderr),
		interrupts: interrupts,
	}
	p.editLines(os.Stdin, os.Stdout)
	os.Exit(p.main(os.Args[1:]))
}

// editLines makes lines of the terminal editable, where the system can do that.
func (p *program) editLines(in, out *os.File) {
	if !p.stdinTerminal || !p.stdoutTerminal || p.getenv("TERM") == "dumb" {
		return
	}
	editor, err := lineedit.New(in, out, bufio.NewReader(in))
	if err != nil {
		return // the terminal's own editing has to do
	}
	p.readLine = func(prompt string) (string, error) {
		line, err := editor.Line(prompt)
		if errors.Is(err, lineedit.ErrInterrupted) {
			err = repl.ErrInterrupted
		}
		return line, err
	}
}

// isTerminal reports whether a file is a terminal, or another character device.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// main runs a command line and returns the exit code.
func (p *program) main(args []string) (code int) {
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Fprintf(p.stderr, "oso: internal error: %v\n  at %s\nThis is a fault of oso, not of your policy. Please report it, with what you ran, at\nhttps://github.com/goso-project/goso/issues\n",
				fault, faultPlace())
			code = exitInternal
		}
	}()
	name := "repl"
	if len(args) > 0 {
		switch first := args[0]; {
		case first == "-h" || first == "-help" || first == "--help":
			name, args = "help", nil
		case first == "-version" || first == "--version":
			name, args = "version", nil
		case slices.ContainsFunc(commands(), func(c command) bool { return c.name == first }):
			name, args = first, args[1:]
		}
	}
	commands := commands()
	if name == "repl" && len(args) > 0 && isMistyped(args[0]) {
		fmt.Fprintf(p.stderr, "oso: there is neither a command nor a file %s; oso help lists the commands\n", args[0])
		return exitUsage
	}
	cmd := commands[slices.IndexFunc(commands, func(c command) bool { return c.name == name })]
	return p.exit(cmd, cmd.run(p, context.Background(), args))
}

// isMistyped tells whether an argument in the place of a command looks like one, but is none, nor a file.
func isMistyped(arg string) bool {
	if strings.ContainsAny(arg, "-./\\*?[") {
		return false
	}
	_, err := os.Stat(arg)
	return err != nil
}

// faultPlace returns where the panic under way began: the functions of this module, innermost first.
func faultPlace() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var places []string
	for panicked, more := false, true; more && len(places) < 8; {
		var f runtime.Frame
		f, more = frames.Next()
		panicked = panicked || f.Function == "runtime.gopanic"
		if name, ours := strings.CutPrefix(f.Function, "github.com/goso-project/goso/"); panicked && ours {
			places = append(places, fmt.Sprintf("%s:%d", name, f.Line))
		}
	}
	return strings.Join(places, ", ")
}

// exit reports an error and returns the exit code for it.
func (p *program) exit(cmd command, err error) int {
	var usage *usageError
	var silent exitError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.As(err, &silent):
		return int(silent)
	case errors.As(err, &usage):
		fmt.Fprintf(p.stderr, "oso %s: %s\n", cmd.name, usage.text)
		fmt.Fprintf(p.stderr, "Usage: oso %s [flags] %s; see oso help %s\n", cmd.name, cmd.args, cmd.name)
		return exitUsage
	default:
		fmt.Fprintf(p.stderr, "oso %s: %s\n", cmd.name, err)
		return exitUsage
	}
}

// usageError is a command line that makes no sense.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// exitError ends the program with a code; all there is to say has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// interruptible returns a context that Ctrl-C cancels, and what to call when nothing can be interrupted any more.
func (p *program) interruptible(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	if p.interrupts != nil {
		go func() {
			select {
			case <-p.interrupts:
				cancel()
			case <-ctx.Done():
			}
		}()
	}
	return ctx, cancel
}
