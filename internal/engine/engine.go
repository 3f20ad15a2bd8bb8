package engine

import (
	"context"
	"time"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/wam"
)

// Engine holds a policy and a registry, compiled to one immutable snapshot. All methods are safe for concurrent use; a
// query keeps the snapshot it began with.
type Engine struct{}

// Limits bound a query. A zero field means its default; a negative one no bound.
type Limits struct {
	Depth      int           // logical call depth; default 1,000,000
	HeapCells  int           // cells of 8 bytes; default 32 Mi
	StackWords int           // words of each stack; default 8 Mi
	Steps      int           // calls; default none
	Timeout    time.Duration // wall time; default 30 s
}

// Options change how a query runs.
type Options struct {
	Limits Limits
	// Print receives the text of print(...); nil drops it.
	Print func(text string)
	// Tracer sees the steps of the query; nil for none.
	Tracer wam.Tracer
}

// New returns an engine with an empty policy.
func New(reg *Registry) *Engine { return &Engine{} }

// SetRegistry replaces the registry; a loaded policy is recompiled, without new checks.
func (e *Engine) SetRegistry(reg *Registry) {}

// Registry returns the registry in force.
func (e *Engine) Registry() *Registry { return nil }

// Policy returns the policy in force.
func (e *Engine) Policy() *Policy { return nil }

// Load adds sources to the policy. On error nothing has changed, and err is the first *diag.Error. Inline queries are not run.
func (e *Engine) Load(sources []*diag.Source, opts LoadOptions) (warnings []*diag.Error, err error) {
	return nil, nil
}

// Replace is Load into an empty policy, swapped in on success only.
func (e *Engine) Replace(sources []*diag.Source, opts LoadOptions) (warnings []*diag.Error, err error) {
	return nil, nil
}

// Clear drops the policy; the registry stays.
func (e *Engine) Clear() {}

// RunInline runs the pending inline queries in source order, each until its first result. One without a result gives a
// *diag.Error of kind InlineQueryFailed; after an error the rest stays pending.
func (e *Engine) RunInline(ctx context.Context, host Host, opts Options) error { return nil }

// Query compiles a query text. Parse errors are returned here, undefined rules when the query reaches them.
func (e *Engine) Query(text string) (*Query, error) { return nil, nil }

// Rule returns a query that calls one rule; add its arguments with Arg.
func (e *Engine) Rule(name string) *Query { return nil }

// Disassemble writes the compiled policy readably.
func (e *Engine) Disassemble() string { return "" }

// Query is one running query. It is for one goroutine at a time. Close it when done with it; Next does so by itself at the end
// and after an error.
type Query struct{}

// Binding is one variable of a result.
type Binding struct {
	Name  string
	Value wam.Value
}

// Arg adds an argument to a rule query. A KindVar value is a variable that results will show, also inside lists and dictionaries.
func (q *Query) Arg(v wam.Value) error { return nil }

// Bind gives a variable of the query a value before the first Next.
func (q *Query) Bind(name string, v wam.Value) error { return nil }

// Start sets the host and options; call it once, before Next. Host may be nil for policies without host objects.
func (q *Query) Start(ctx context.Context, host Host, opts Options) {}

// Next advances to the next result; false means there is none, or an error.
func (q *Query) Next() (bool, error) { return false, nil }

// Bindings returns the variables of the result just found, in order of first appearance. Values are copies that stay
// valid. Constrained variables are KindExpr.
func (q *Query) Bindings() ([]Binding, error) { return nil, nil }

// Close releases the query. It may be called more than once.
func (q *Query) Close() {}
