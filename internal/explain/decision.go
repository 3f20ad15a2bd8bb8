package explain

import (
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/show"
	"github.com/goso-project/goso/internal/wam"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Decision returns the reasons, when the query has ended. Rules are those of the policy it ran on; describe gives the text of an object
// and its class. Allowed is the query's answer: a result whose variables are only constrained is none.
func (c *Collector) Decision(allowed bool, rules []*ast.Rule, describe func(wam.Value) (text, class string)) *types.Decision {
	b := newBuilder(rules, describe)
	b.cut = c.full
	d := &types.Decision{Allowed: allowed}
	if c.root != nil {
		d.Reason = b.step(c.root, c.found, 0)
		d.Reason.Met = allowed
	}
	d.Truncated = b.cut
	return d
}

func newBuilder(rules []*ast.Rule, describe func(wam.Value) (text, class string)) *builder {
	b := &builder{byHead: map[head][]*ast.Rule{}, printer: show.Printer{Describe: describe}}
	for _, r := range rules {
		h := head{r.Name, len(r.Params)}
		b.byHead[h] = append(b.byHead[h], r)
	}
	return b
}

// Stack returns the rules that are under way at a step that the Collector was told last, innermost first, with the values they have now.
func (c *Collector) Stack(ev *wam.TraceEvent, rules []*ast.Rule, describe func(wam.Value) (text, class string)) (frames []types.Frame) {
	b := newBuilder(rules, describe)
	for depth := ev.Depth; depth > 0 && len(frames) < maxDepth; depth-- {
		x := c.at(depth)
		if x == nil || ev.Kind == wam.TraceCall && depth == ev.Depth {
			continue // a call that is about to be made is not under way
		}
		x.read(ev)
		f := types.Frame{Call: b.callText(x)}
		if len(x.tries) > 0 {
			r := b.rule(x, x.last(), b.byHead[head{x.name, len(x.args)}])
			f.Rule, f.Place, f.Bindings = r.Rule, r.Place, r.Bindings
		}
		frames = append(frames, f)
	}
	return frames
}

// CallText returns the call that was told last, with its values.
func (c *Collector) CallText(describe func(wam.Value) (text, class string)) string {
	if len(c.path) == 0 {
		return ""
	}
	return newBuilder(nil, describe).callText(c.path[len(c.path)-1])
}

// PlaceOf returns where a step is written, and what is written there.
func PlaceOf(ev *wam.TraceEvent) (condition string, at types.Place) {
	return text(ev.Span), place(ev.Span)
}

// head tells predicates apart.
type head struct {
	name  string
	arity int
}

// builder makes the tree that people and programs read of what was collected.
type builder struct {
	byHead  map[head][]*ast.Rule
	printer show.Printer
	steps   int
	cut     bool // something was left out
}

// Bounds of the tree: its steps, and how deep it goes.
const (
	maxSteps = 2_000
	maxDepth = 200
)

// step describes a call that was met, or one that was not.
func (b *builder) step(x *call, met bool, depth int) types.Step {
	b.steps++
	rules := b.byHead[head{x.name, len(x.args)}]
	s := types.Step{Call: b.callText(x), Met: met}
	if x.in != nil {
		s.Condition, s.Place = text(x.span), place(x.span)
	}
	if b.steps > maxSteps || depth > maxDepth {
		b.cut = true
		return s
	}
	b.cut = b.cut || x.dropped > 0
	if met && len(x.tries) > 0 {
		s.Rules = []types.RuleStep{b.met(x, rules, depth)}
		return s
	}
	for _, t := range x.tries {
		if t.furthest != nil {
			s.Rules = append(s.Rules, b.failed(x, t, rules, depth))
		}
	}
	if len(s.Rules) == 0 {
		s.Rules = b.unmatched(rules)
	}
	return s
}

// met describes the rule that met a call.
func (b *builder) met(x *call, rules []*ast.Rule, depth int) types.RuleStep {
	t := x.last()
	r := b.rule(x, t, rules)
	for _, s := range t.steps {
		r.Steps = append(r.Steps, b.step(s, true, depth+1))
	}
	return r
}

// failed describes a rule that did not meet a call, by the condition that was not met.
func (b *builder) failed(x *call, t *try, rules []*ast.Rule, depth int) types.RuleStep {
	r := b.rule(x, t, rules)
	f := t.furthest
	if f.call != nil {
		r.Steps = []types.Step{b.step(f.call, false, depth+1)}
		return r
	}
	b.steps++
	whole := condition(ruleOf(t, rules), f.span)
	s := types.Step{Condition: text(whole), Place: place(whole)}
	for _, inner := range f.inner {
		s.Steps = append(s.Steps, b.step(inner, true, depth+1))
	}
	r.Steps = []types.Step{s}
	return r
}

func (b *builder) rule(x *call, t *try, rules []*ast.Rule) types.RuleStep {
	rule := ruleOf(t, rules)
	if rule == nil {
		return types.RuleStep{Rule: x.name, Matched: true}
	}
	r := types.RuleStep{Rule: RuleText(rule), Place: place(rule.Span()), Matched: true}
	for i, p := range rule.Params {
		// Generated rules have primes behind the names of their parameters.
		if v, ok := p.Term.(*ast.Var); ok && i < len(x.args) && !strings.HasPrefix(v.Name, "_") {
			r.Bindings = append(r.Bindings, types.Binding{Name: strings.TrimRight(v.Name, "'"), Value: b.value(x.args[i])})
		}
	}
	return r
}

// ruleOf returns the rule that a clause was made of. Rules of one head are compiled in their order.
func ruleOf(t *try, rules []*ast.Rule) *ast.Rule {
	if t.index < len(rules) {
		return rules[t.index]
	}
	return nil
}

// maxUnmatched bounds the rules shown of a call that matches none.
const maxUnmatched = 10

func (b *builder) unmatched(rules []*ast.Rule) (list []types.RuleStep) {
	for i, r := range rules {
		if i == maxUnmatched {
			b.cut = true
			break
		}
		list = append(list, types.RuleStep{Rule: RuleText(r), Place: place(r.Span())})
	}
	return list
}

// condition returns the place of the whole condition that a part of it belongs to: of r.name = "x", where only the look-up is known.
func condition(r *ast.Rule, part diag.Span) diag.Span {
	whole := part
	if r == nil || r.Body == nil {
		return whole
	}
	ast.Walk(r.Body, func(n ast.Node) bool {
		at := n.Span()
		contains := within(part, at)
		if op, isOp := n.(*ast.Expr); isOp && (op.Op == ast.And || op.Op == ast.Or) {
			return true
		}
		if contains && at.End-at.Start > whole.End-whole.Start {
			whole = at
		}
		return false
	})
	return whole
}

func place(s diag.Span) types.Place {
	if !s.IsValid() {
		return types.Place{}
	}
	at := s.Position()
	return types.Place{File: s.Source.Name, Line: at.Line, Column: at.Column}
}

// Bounds of texts: of a rule or condition, and of a value.
const (
	maxText  = 400
	maxValue = 80
)

// text returns what stands at a place, on one line.
func text(s diag.Span) string { return shorten(strings.Join(strings.Fields(s.Text()), " "), maxText) }

// RuleText returns a rule as it is written, on one line.
func RuleText(r *ast.Rule) string { return text(whole(r)) }

// HeadText returns what is written before the "if" of a rule, or all of a fact.
func HeadText(r *ast.Rule) string {
	at := whole(r)
	if r.Body != nil {
		if body := r.Body.Span(); body.Source == at.Source && body.Start > at.Start {
			at.End = body.Start
			return strings.TrimSpace(strings.TrimSuffix(text(at), "if"))
		}
	}
	return strings.TrimSuffix(text(at), ";")
}

// whole returns the place of a rule: that of a short form in a block is only what comes before its "if".
func whole(r *ast.Rule) diag.Span {
	at := r.Span()
	if r.Body != nil {
		if body := r.Body.Span(); body.Source == at.Source && body.IsValid() {
			at.Start, at.End = min(at.Start, body.Start), max(at.End, body.End)
		}
	}
	return at
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

func (b *builder) value(v wam.Value) string {
	if v.Kind == wam.KindVar && strings.HasPrefix(v.Str, "_") {
		return "_"
	}
	return shorten(b.printer.Value(v), maxValue)
}

func (b *builder) callText(x *call) string {
	args := make([]string, len(x.args))
	for i, v := range x.args {
		args[i] = b.value(v)
	}
	return x.name + "(" + strings.Join(args, ", ") + ")"
}
