package oso

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/explain"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/internal/wam"
)

// logLevel is how much POLAR_LOG asks for.
type logLevel int

const (
	logInfo  logLevel = 1 // calls, rules, results
	logTrace logLevel = 2 // and look-ups and failures
)

// polarLog is what POLAR_LOG says.
type polarLog struct {
	level logLevel // 0 for none
	now   bool     // to standard error, past the message handler
}

// logFrom reads a value of POLAR_LOG: words in any case, separated by commas.
func logFrom(value string) polarLog {
	var log polarLog
	for word := range strings.SplitSeq(strings.ToLower(value), ",") {
		switch strings.TrimSpace(word) {
		case "":
		case "0", "off":
			return polarLog{}
		case "trace":
			log.level = logTrace
		case "now":
			log.now = true
			log.level = max(log.level, logInfo)
		default:
			log.level = max(log.level, logInfo)
		}
	}
	return log
}

// withLog writes the steps of queries as lines: to the message handler, as if the policy printed them, or to standard error.
func withLog(log polarLog) Option {
	return func(c *core) {
		w := &logWriter{polarLog: log, core: c, write: c.print}
		if log.now {
			w.write = func(line string) { fmt.Fprintln(os.Stderr, line) }
		}
		c.tracers = append(c.tracers, w.trace)
		c.without |= wam.CompiledHeads // so that it is known which rules apply before one is entered
	}
}

// logWriter words the steps of queries. It is safe for concurrent use.
type logWriter struct {
	polarLog
	core  *core
	write func(line string)
	rules atomic.Pointer[ruleTable]
}

// ruleTable finds the rules of a policy by name and number of parameters.
type ruleTable struct {
	policy *engine.Policy
	byHead map[ruleHead][]*ast.Rule
}

type ruleHead struct {
	name  string
	arity int
}

// rulesOf returns those that an event is about, in source order. They are the policy's that is in force now.
func (w *logWriter) rulesOf(ev *wam.TraceEvent) []*ast.Rule {
	policy := w.core.engine.Policy()
	table := w.rules.Load()
	if table == nil || table.policy != policy {
		table = &ruleTable{policy, map[ruleHead][]*ast.Rule{}}
		for _, r := range policy.Rules() {
			h := ruleHead{r.Name, len(r.Params)}
			table.byHead[h] = append(table.byHead[h], r)
		}
		w.rules.Store(table)
	}
	return table.byHead[ruleHead{ev.Name, ev.Arity}]
}

func (w *logWriter) trace(ev wam.TraceEvent) {
	level, text := "info", ""
	switch ev.Kind {
	case wam.TraceCall:
		text = "QUERY RULE: " + w.call(&ev)
	case wam.TraceApply:
		text = w.applicable(&ev)
	case wam.TraceEnter:
		text = "RULE: " + ev.Name
		if rules := w.rulesOf(&ev); ev.Index < len(rules) {
			text = "RULE: " + explain.RuleText(rules[ev.Index])
		}
	case wam.TraceResult:
		text = w.result(&ev)
	case wam.TraceLookup:
		level, text = "trace", "LOOKUP: "+condition(ev)
	case wam.TraceFail:
		level, text = "trace", "BACKTRACK"
	}
	if text == "" || level == "trace" && w.level < logTrace {
		return
	}
	prefix := "[oso][" + level + "] " + strings.Repeat("  ", min(ev.Depth, 40))
	for line := range strings.SplitSeq(text, "\n") {
		w.write(prefix + line)
	}
}

func (w *logWriter) call(ev *wam.TraceEvent) string {
	args := make([]string, len(ev.Args()))
	for i, c := range ev.Args() {
		args[i] = logValue(ev.Glimpse(c))
	}
	return ev.Name + "(" + strings.Join(args, ", ") + ")"
}

func (w *logWriter) applicable(ev *wam.TraceEvent) string {
	if len(ev.Applying) == 0 {
		return "No matching rules found"
	}
	rules := w.rulesOf(ev)
	var b strings.Builder
	b.WriteString("APPLICABLE_RULES:")
	for _, i := range ev.Applying {
		if int(i) >= len(rules) {
			continue
		}
		r := rules[i]
		at := r.Span().Position()
		fmt.Fprintf(&b, "\n  %s at line %d, column %d", explain.HeadText(r), at.Line, at.Column)
		if name := r.Span().Source.Name; name != "" {
			b.WriteString(" of file " + name)
		}
	}
	return b.String()
}

func (w *logWriter) result(ev *wam.TraceEvent) string {
	var b strings.Builder
	ev.Vars(func(name string, c wam.Cell) {
		b.WriteString("\n  " + name + ": " + logValue(ev.Glimpse(c)))
	})
	if b.Len() == 0 {
		return "RESULT: SUCCESS"
	}
	return "RESULT: {" + b.String() + "\n}"
}

// logValue words a value as print does, on one line.
func logValue(v wam.Value) string {
	return strings.ReplaceAll(engine.Format(v, describer{}), "\n", "\\n")
}

// describer describes objects, and answers no questions.
type describer struct{ engine.Host }

func (describer) Describe(v wam.Value) (text, class string) { return host.Describe(v) }

// condition is the text of a step on one line; conditions that are not written anywhere have only a name.
func condition(ev wam.TraceEvent) string {
	if text := strings.Join(strings.Fields(ev.Span.Text()), " "); text != "" {
		return text
	}
	return ev.Name
}
