package oso

import (
	"fmt"
	"os"
	"strings"

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
		write := c.print
		if log.now {
			write = func(line string) { fmt.Fprintln(os.Stderr, line) }
		}
		c.tracers = append(c.tracers, func(ev wam.TraceEvent) {
			if line := log.line(ev); line != "" {
				write(line)
			}
		})
	}
}

// line words a step, or is empty for one that the level leaves out.
func (log polarLog) line(ev wam.TraceEvent) string {
	level, text := "info", ""
	switch ev.Kind {
	case wam.TraceCall:
		text = "QUERY RULE: " + condition(ev)
	case wam.TraceEnter:
		text = "RULE: " + condition(ev)
	case wam.TraceResult:
		text = "RESULT: SUCCESS"
	case wam.TraceLookup:
		level, text = "trace", "LOOKUP: "+condition(ev)
	case wam.TraceFail:
		level, text = "trace", "BACKTRACK"
	}
	if text == "" || level == "trace" && log.level < logTrace {
		return ""
	}
	return "[oso][" + level + "] " + strings.Repeat("  ", min(ev.Depth, 40)) + text
}

// condition is the text of a step on one line; conditions that are not written anywhere have only a name.
func condition(ev wam.TraceEvent) string {
	if text := strings.Join(strings.Fields(ev.Span.Text()), " "); text != "" {
		return text
	}
	return ev.Name
}
