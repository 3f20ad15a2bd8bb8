package repl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goso-project/goso/internal/ast"
	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/parser"
)

const (
	prompt       = "oso> "
	continuation = "...> "
)

// read returns the next statement or command, empty for an empty line. The error is io.EOF with the last one.
func (l *Loop) read() (string, error) {
	var text strings.Builder
	var b brackets
	for first := true; ; first = false {
		line, err := l.line(map[bool]string{true: prompt, false: continuation}[first])
		if errors.Is(err, ErrInterrupted) {
			return "", nil
		}
		blank := strings.TrimSpace(line) == ""
		text.WriteString(line)
		b.scan(line)
		so := strings.TrimSpace(text.String())
		switch {
		case err != nil, blank, strings.HasPrefix(so, ":"):
			return so, err
		case b.depth <= 0 && !classify(so).incomplete():
			return so, nil
		}
	}
}

// line reads a line with its end, showing the prompt first if someone is there to see it.
func (l *Loop) line(prompt string) (string, error) {
	if l.cfg.ReadLine != nil {
		line, err := l.cfg.ReadLine(prompt)
		if err == nil {
			line += "\n"
		}
		return line, err
	}
	if l.cfg.Interactive {
		fmt.Fprint(l.cfg.Out, prompt)
	}
	return l.in.ReadString('\n')
}

// brackets counts the brackets open at the end of what it scanned.
type brackets struct{ depth int }

// scan takes in a line. Strings and comments end with it.
func (b *brackets) scan(line string) {
	inString := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '#':
			return
		case c == '(' || c == '[' || c == '{':
			b.depth++
		case c == ')' || c == ']' || c == '}':
			b.depth--
		}
	}
}

// parsed is what a statement turned out to be.
type parsed struct {
	rules   bool     // has something to load
	queries []string // to run
	err     error
}

// incomplete reports whether the statement is only the beginning of one.
func (p parsed) incomplete() bool { return errors.Is(p.err, diag.UnrecognizedEOF) }

// classify finds out what a statement is: with a semicolon at its end preferably lines of a policy, else preferably a
// query. If it is neither, the error is the one found last in the text.
func classify(text string) parsed {
	if text == "" {
		return parsed{}
	}
	asQuery := strings.TrimSpace(strings.TrimSuffix(text, ";"))
	_, queryErr := parser.Query(diag.NewSource("", asQuery))
	if queryErr == nil && asQuery == text {
		return parsed{queries: []string{text}}
	}
	file, policyErr := parser.Policy(diag.NewSource("", text))
	switch {
	case policyErr == nil:
		return linesOf(file)
	case queryErr == nil:
		return parsed{queries: []string{asQuery}}
	case offset(queryErr) > offset(policyErr) || offset(queryErr) == offset(policyErr) && asQuery == text:
		return parsed{err: queryErr}
	default:
		return parsed{err: policyErr}
	}
}

// linesOf sorts the lines of a policy: inline queries are run, everything else is loaded.
func linesOf(file *ast.File) parsed {
	var p parsed
	for _, item := range file.Items {
		if q, ok := item.(*ast.InlineQuery); ok {
			p.queries = append(p.queries, q.Query.Span().Text())
		} else {
			p.rules = true
		}
	}
	return p
}

func offset(err error) int {
	var e *diag.Error
	if errors.As(err, &e) {
		return e.Span.Start
	}
	return -1
}
