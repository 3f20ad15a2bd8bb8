package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/goso-project/goso/internal/diag"
)

// Style changes how reports for people look.
type Style struct {
	Color     bool
	NoSummary bool
}

// Escape sequences of the colours.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	blue   = "\x1b[34m"
	reset  = "\x1b[0m"
)

func (s Style) paint(color, text string) string {
	if !s.Color || text == "" {
		return text
	}
	return color + text + reset
}

// Human writes a report for people.
func (r *Report) Human(w io.Writer, style Style) error {
	b := bufio.NewWriter(w)
	diagnostics, more := r.listed()
	for _, d := range diagnostics {
		d.human(b, style)
	}
	if more > 0 {
		fmt.Fprintf(b, "… and %d more\n", more)
	}
	if !style.NoSummary {
		fmt.Fprintln(b, r.Summary())
	}
	return b.Flush()
}

func (d Diagnostic) human(w io.Writer, style Style) {
	color := red
	if d.Severity == Warning {
		color = yellow
	}
	place := "policy"
	if d.Span.IsValid() {
		place = clean(position(d.Span))
	}
	fmt.Fprintf(w, "%s: %s: %s\n", style.paint(bold, place), style.paint(color, fmt.Sprintf("%s[%s]", d.Severity, d.Kind)), indent(d.Message))
	excerpt(w, style, d.Span)
	for _, related := range d.Related {
		fmt.Fprintf(w, "  note: %s", indent(related.Message))
		if related.Span.IsValid() {
			fmt.Fprintf(w, " (%s)", clean(position(related.Span)))
		}
		fmt.Fprintln(w)
	}
	if d.Help != "" {
		fmt.Fprintf(w, "  help: %s\n", indent(d.Help))
	}
}

// indent returns a text whose further lines are indented below the first.
func indent(text string) string {
	text = strings.ReplaceAll(strings.TrimRight(clean(text), "\n"), "\n", "\n    ")
	return strings.ReplaceAll(text, "    \n", "\n")
}

func position(s diag.Span) string {
	p := s.Position()
	return fmt.Sprintf("%s:%d:%d", fileOf(s), p.Line, p.Column)
}

// maxWidth bounds the part of a line that is shown, and context how much of it stands before the place.
const (
	maxWidth = 160
	context  = 60
)

// excerpt writes the line a span starts on, and carets under the span as far as it is on that line.
func excerpt(w io.Writer, style Style, s diag.Span) {
	if !s.IsValid() {
		return
	}
	start, end := s.Position(), s.EndPosition()
	text, ok := s.Source.Line(start.Line)
	if !ok {
		return
	}
	runes := []rune(text)
	from, to := start.Column-1, len(runes)
	if end.Line == start.Line {
		to = end.Column - 1
	}
	from = min(from, len(runes))
	to = min(max(to, from+1), len(runes)+1)

	first, last, before, after := 0, len(runes), "", ""
	if len(runes) > maxWidth {
		if first = max(0, from-context); first > 0 {
			before = "…"
		}
		if first+maxWidth < len(runes) {
			last, after = first+maxWidth, "…"
		}
	}
	to = min(to, last+1)
	number := fmt.Sprintf("%5d | ", start.Line)
	margin := strings.Repeat(" ", len(number)-2) + "| "
	fmt.Fprintf(w, "%s%s%s%s\n", style.paint(blue, number), before, shown(runes[first:last]), after)
	carets := max(1, width(runes[from:min(to, len(runes))]))
	if to > len(runes) && to > from+1 { // past the end of the line
		carets++
	}
	padding := strings.Repeat(" ", width([]rune(before))+width(runes[first:from]))
	fmt.Fprintf(w, "%s%s%s\n", style.paint(blue, margin), padding, style.paint(yellow, strings.Repeat("^", carets)))
}

// tab is what a tab is shown as, so that carets stand where they should on every terminal.
const tab = "    "

// shown returns a piece of a line as it is shown.
func shown(line []rune) string {
	return strings.ReplaceAll(clean(string(line)), "\t", tab)
}

// width returns how many columns of a terminal a piece of a line takes when shown.
func width(line []rune) int {
	n := 0
	for _, r := range line {
		switch {
		case r == '\t':
			n += len(tab)
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case isWide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// isWide tells roughly whether a character takes two columns: those of East Asian scripts, and emoji.
func isWide(r rune) bool {
	return r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6 || r >= 0x1f300 && r <= 0x1faff ||
		r >= 0x20000 && r <= 0x3fffd)
}
