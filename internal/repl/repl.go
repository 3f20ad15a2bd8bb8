package repl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/report"
	"github.com/goso-project/goso/internal/show"
)

// Config says what a loop works with.
type Config struct {
	Engine *engine.Engine
	// Host returns the host for a query.
	Host func() engine.Host
	// Printer writes values of that host.
	Printer show.Printer

	In       io.Reader
	Out, Err io.Writer
	// Interactive prompts for input, and asks before it prints many results.
	Interactive bool
	// ReadLine shows a prompt and reads a line without its end, instead of reading In. io.EOF ends the loop,
	// ErrInterrupted gives up the statement that is being typed.
	ReadLine func(prompt string) (string, error)
	// Style is how errors look.
	Style report.Style

	// Options of each query; Print is replaced.
	Options engine.Options
	// Load options of each load.
	LoadOptions engine.LoadOptions
	// Limit is how many results are printed at once; 0 for no limit.
	Limit int

	// Read returns the sources of files and directories. Without it files cannot be loaded from the loop.
	Read func(files []string) ([]*diag.Source, error)
	// Sources are those of the policy the engine has. If it has one of unknown sources, rules cannot be added.
	Sources []*diag.Source
}

// Loop is one interactive session. It is for one goroutine, Interrupt aside.
type Loop struct {
	cfg     Config
	in      *bufio.Reader
	files   []string       // what was loaded by name
	sources []*diag.Source // of the files and of the configuration
	overlay []*diag.Source // typed
	tracing bool
	failed  bool
	done    bool

	mu     sync.Mutex
	cancel context.CancelFunc // of the running query
}

// ErrInterrupted is what ReadLine returns when the user gave up a line.
var ErrInterrupted = errors.New("interrupted")

// New returns a loop.
func New(cfg Config) *Loop {
	l := &Loop{cfg: cfg, sources: cfg.Sources}
	if cfg.In != nil {
		l.in = bufio.NewReader(cfg.In)
	}
	return l
}

// Load loads files as the policy, and runs their inline queries. On error the policy is as it was.
func (l *Loop) Load(ctx context.Context, files []string) error {
	if l.cfg.Read == nil {
		return errors.New("files cannot be loaded here")
	}
	sources, err := l.cfg.Read(files)
	if err != nil {
		return err
	}
	if err := l.replace(sources, l.overlay); err != nil {
		return err
	}
	l.files, l.sources = files, sources
	return l.cfg.Engine.RunInline(ctx, l.cfg.Host(), l.options())
}

// replace puts a policy made of sources in force and shows its warnings.
func (l *Loop) replace(sources, overlay []*diag.Source) error {
	all := append(append([]*diag.Source{}, sources...), overlay...)
	warnings, err := l.cfg.Engine.Replace(all, l.cfg.LoadOptions)
	for _, w := range warnings {
		if w.Span.IsValid() || len(overlay) == 0 { // what is missing from the policy as a whole is said once
			l.report(w)
		}
	}
	return err
}

// Run reads and answers until the input ends or the user leaves. It tells whether anything went wrong on the way: failed
// for a query with an error; err for input that cannot be read.
func (l *Loop) Run(ctx context.Context) (failed bool, err error) {
	for !l.done && ctx.Err() == nil {
		text, err := l.read()
		if text != "" {
			l.statement(ctx, text)
		}
		switch {
		case errors.Is(err, io.EOF):
			if l.cfg.Interactive && l.cfg.ReadLine == nil {
				fmt.Fprintln(l.cfg.Out)
			}
			return l.failed, nil
		case err != nil:
			return l.failed, err
		}
	}
	return l.failed, nil
}

// Interrupt stops the running query, if there is one, and tells whether there was. It may be called from any goroutine.
func (l *Loop) Interrupt() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cancel == nil {
		if l.cfg.Interactive {
			fmt.Fprintf(l.cfg.Out, "\n(:quit leaves)\n%s", prompt)
		}
		return false
	}
	l.cancel()
	return true
}

// interruptible returns a context for a query, which Interrupt cancels, and what to call at its end.
func (l *Loop) interruptible(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	l.mu.Lock()
	l.cancel = cancel
	l.mu.Unlock()
	return ctx, func() {
		l.mu.Lock()
		l.cancel = nil
		l.mu.Unlock()
		cancel()
	}
}

// options returns the options of a query.
func (l *Loop) options() engine.Options {
	o := l.cfg.Options
	o.Print = func(text string) { fmt.Fprintln(l.cfg.Out, show.Printable(text)) }
	if l.tracing {
		o.Tracer = tracer{l.cfg.Out}
	}
	return o
}

// statement runs a command, a query, or adds rules.
func (l *Loop) statement(ctx context.Context, text string) {
	if strings.HasPrefix(text, ":") {
		l.command(ctx, text)
		return
	}
	s := classify(text)
	switch {
	case s.err != nil:
		l.fail(s.err)
	case s.rules:
		l.add(text)
	}
	for _, q := range s.queries {
		l.query(ctx, q)
	}
}

// add adds typed rules to the overlay.
func (l *Loop) add(text string) {
	if len(l.sources) == 0 && len(l.overlay) == 0 && l.cfg.Engine.Policy().Len() > 0 {
		l.fail(errors.New("rules cannot be added to a policy that was not loaded here"))
		return
	}
	overlay := append(append([]*diag.Source{}, l.overlay...), diag.NewSource("", text))
	before := l.cfg.Engine.Policy().Len()
	if err := l.replace(l.sources, overlay); err != nil {
		l.fail(err)
		return
	}
	l.overlay = overlay
	l.say("added %s", count(l.cfg.Engine.Policy().Len()-before, "rule"))
}

// query runs a query and prints its results.
func (l *Loop) query(ctx context.Context, text string) {
	ctx, end := l.interruptible(ctx)
	defer end()
	q, err := l.cfg.Engine.Query(text)
	if err != nil {
		l.fail(err)
		return
	}
	defer q.Close()
	q.Start(ctx, l.cfg.Host(), l.options())
	for n := 0; ; n++ {
		more, err := q.Next()
		switch {
		case errors.Is(err, context.Canceled):
			l.fail(errors.New("interrupted"))
			return
		case err != nil:
			l.fail(err)
			return
		case !more && n == 0:
			fmt.Fprintln(l.cfg.Out, "false")
			return
		case !more:
			return
		case l.cfg.Limit > 0 && n > 0 && n%l.cfg.Limit == 0 && !l.goOn(n):
			return
		}
		bindings, err := q.Bindings()
		if err != nil {
			l.fail(err)
			return
		}
		l.result(bindings, n)
	}
}

// result prints one result; an empty line stands between results that have variables.
func (l *Loop) result(bindings []engine.Binding, n int) {
	if len(bindings) == 0 {
		fmt.Fprintln(l.cfg.Out, "true")
		return
	}
	if n > 0 {
		fmt.Fprintln(l.cfg.Out)
	}
	for _, b := range bindings {
		fmt.Fprintln(l.cfg.Out, l.cfg.Printer.Binding(b.Name, b.Value))
	}
}

// goOn asks whether to print more results.
func (l *Loop) goOn(n int) bool {
	if !l.cfg.Interactive {
		fmt.Fprintf(l.cfg.Out, "… and more after %s\n", count(n, "result"))
		return false
	}
	answer, err := l.line(fmt.Sprintf("%s so far; more? [Y/n] ", count(n, "result")))
	answer = strings.ToLower(strings.TrimSpace(answer))
	return err == nil && (answer == "" || answer == "y" || answer == "yes")
}

// say tells the user about something other than an answer. Piped input gets answers only.
func (l *Loop) say(format string, args ...any) {
	if l.cfg.Interactive {
		fmt.Fprintf(l.cfg.Out, format+"\n", args...)
	}
}

func (l *Loop) report(err error) {
	if report.Failure(l.cfg.Err, err, l.cfg.Style) != nil {
		l.done = true // nobody listens
	}
}

func (l *Loop) fail(err error) {
	l.failed = true
	l.report(err)
}

// setTimeout sets the time each query may take.
func (l *Loop) setTimeout(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return errors.New("a timeout is written as 500ms, 10s or 2m; 0 is none")
	}
	if d == 0 {
		d = -1
	}
	l.cfg.Options.Limits.Timeout = d
	return nil
}
