package conformance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// defaultLimit is how many results are taken from a query that does not say.
const defaultLimit = 200

// Run returns the engine's answer to a case. err is about the case itself, such as a base class that is not declared; whatever the
// policy and the query do is part of the answer. A crash of the engine is the error kind Panic, which never agrees: one bad case
// must not hide the others.
func Run(ctx context.Context, c *Case, limits engine.Limits) (answer Answer, err error) {
	return RunWithout(ctx, c, limits, 0)
}

// RunWithout is Run with optimisations left out.
func RunWithout(ctx context.Context, c *Case, limits engine.Limits, without wam.Features) (answer Answer, err error) {
	return run(ctx, c, limits, variant{without: without})
}

// RunTables is RunWithout with each predicate of facts as a table, however few they are.
func RunTables(ctx context.Context, c *Case, limits engine.Limits, without wam.Features) (answer Answer, err error) {
	return run(ctx, c, limits, variant{without: without, tables: true})
}

// RunForms is Run with each rule compiled as if there were many that differ from it in literals only.
func RunForms(ctx context.Context, c *Case, limits engine.Limits) (answer Answer, err error) {
	return run(ctx, c, limits, variant{forms: true})
}

// RunReplaced is Run with the policy in the place of one that differs in where its rules stand, and has one rule more.
func RunReplaced(ctx context.Context, c *Case, limits engine.Limits) (answer Answer, err error) {
	return run(ctx, c, limits, variant{replaces: true})
}

func run(ctx context.Context, c *Case, limits engine.Limits, v variant) (answer Answer, err error) {
	h, err := newHost(c.Classes)
	if err != nil {
		return Answer{}, fmt.Errorf("case %s: %w", c.ID, err)
	}
	sources, err := c.Sources()
	if err != nil {
		return Answer{}, err
	}
	r := &runner{host: h, engine: engine.New(h.reg), deferred: v.deferred, tables: v.tables, forms: v.forms, replaces: v.replaces}
	r.opts = engine.Options{Limits: limits, Print: r.print, Without: v.without}
	defer func() {
		if p := recover(); p != nil {
			answer = r.answer
			answer.Error = &Failure{Kind: "Panic", Detail: fmt.Sprintf("%v\n%s", p, debug.Stack())}
		}
	}()
	if err := r.load(ctx, c, sources); err != nil {
		r.answer.LoadError = failure(err)
		return r.answer, nil
	}
	if c.Query != nil {
		r.answer.Results = []map[string]string{}
		if err := r.query(ctx, c); err != nil {
			r.answer.Error = failure(err)
		}
	}
	return r.answer, nil
}

type runner struct {
	host *host
	// front is what the query asks; nil for the host itself.
	front  engine.Host
	engine *engine.Engine
	opts   engine.Options
	answer Answer
	// deferred: the questions of the query are answered later.
	deferred bool
	tables   bool // predicates of facts are tables, however few they are
	forms    bool // rules are compiled as forms and filled in, however few they are
	replaces bool // the policy takes the place of one that is nearly the same
}

func (r *runner) loadOptions() engine.LoadOptions {
	var opts engine.LoadOptions
	if r.tables {
		opts.FactsFrom = 1
	}
	if r.forms {
		opts.FormsFrom = 1
	}
	return opts
}

func (r *runner) print(text string) {
	r.answer.Messages = append(r.answer.Messages, Message{Kind: "Print", Message: text})
}

// load registers, loads and runs the inline queries, as the library does.
func (r *runner) load(ctx context.Context, c *Case, sources []Source) error {
	for _, class := range c.Classes {
		if class.Name == "Actor" || class.Name == "Resource" {
			return diag.New(diag.InvalidRegistration, diag.Span{}, "%s is a name of the language", class.Name)
		}
	}
	if len(sources) == 0 {
		return nil
	}
	texts := make([]*diag.Source, len(sources))
	for i, s := range sources {
		texts[i] = diag.NewSource(s.Name, s.Text)
	}
	opts := r.loadOptions()
	opts.NoAllowWarning = !c.NoAllowWarning
	load := r.engine.Load
	if r.replaces {
		similar := slices.Clone(texts)
		for i, src := range texts {
			similar[i] = diag.NewSource(src.Name, strings.Repeat("# moved\n", 3)+"unused(_: Integer, 1);\n"+src.Text)
		}
		if _, err := load(similar, engine.LoadOptions{NoAllowWarning: true}); err == nil {
			load = r.engine.Replace
		}
	}
	warnings, err := load(texts, opts)
	for _, w := range warnings {
		code := strings.TrimPrefix(string(w.Kind), "ValidationWarning::")
		r.answer.Messages = append(r.answer.Messages, Message{Kind: "Warning", Code: code, At: place(w.Span)})
	}
	if err != nil {
		return err
	}
	return r.engine.RunInline(ctx, r.host, r.opts)
}

func (r *runner) query(ctx context.Context, c *Case) error {
	q, err := r.engine.Query(*c.Query)
	if err != nil {
		return err
	}
	defer q.Close()
	for _, name := range slices.Sorted(maps.Keys(c.Bindings)) {
		v, err := r.host.fromJSON(c.Bindings[name])
		if err != nil {
			return fmt.Errorf("binding %s: %w", name, err)
		}
		if err := q.Bind(name, v); err != nil {
			return err
		}
	}
	limit := c.Limit
	if limit == 0 {
		limit = defaultLimit
	}
	var h engine.Host = r.host
	if r.front != nil {
		h = r.front
	}
	next := q.Next
	if r.deferred {
		d := &deferring{Host: h}
		q.Start(ctx, d, r.opts)
		next = func() (bool, error) { return d.next(q) }
	} else {
		q.Start(ctx, h, r.opts)
	}
	for {
		more, err := next()
		if err != nil || !more {
			return err
		}
		bindings, err := q.Bindings()
		if err != nil {
			return err
		}
		values := make(map[string]wam.Value, len(bindings))
		for _, b := range bindings {
			values[b.Name] = b.Value
		}
		r.answer.Results = append(r.answer.Results, renderResult(values))
		if len(r.answer.Results) >= limit {
			r.answer.Truncated = true
			return nil
		}
	}
}

// failure reduces an error to its kind and place. An error that is no diagnostic is the host's own.
func failure(err error) *Failure {
	d, ok := errors.AsType[*diag.Error](err)
	if !ok {
		return &Failure{Kind: "Host"}
	}
	f := &Failure{Kind: string(d.Kind), At: place(d.Span)}
	if d.Kind == diag.InlineQueryFailed {
		f.At = nil // the reference's host cannot tell
	}
	return f
}

func place(s diag.Span) []int {
	if !s.IsValid() {
		return nil
	}
	p := s.Position()
	return []int{p.Line, p.Column}
}
