package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/goso-project/goso/internal/diag"
)

// Severity says how bad a diagnostic is.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Diagnostic is one finding.
type Diagnostic struct {
	*diag.Error
	Severity Severity
}

// Report is what a check found.
type Report struct {
	Files       []string // all that were checked
	Diagnostics []Diagnostic
	// Max bounds how many diagnostics are listed; 0 lists all. The counts are always of all.
	Max int
}

// New returns a report of what was found in files.
func New(files []string, found []Diagnostic) *Report {
	r := &Report{Files: files, Diagnostics: slices.Clone(found)}
	slices.SortStableFunc(r.Diagnostics, func(a, b Diagnostic) int {
		return cmp.Or(
			compareBool(!a.Span.IsValid(), !b.Span.IsValid()),
			cmp.Compare(a.file(), b.file()),
			cmp.Compare(a.Span.Start, b.Span.Start),
			cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return r
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}

// Count returns how many diagnostics have a severity.
func (r *Report) Count(s Severity) int {
	n := 0
	for _, d := range r.Diagnostics {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Summary returns the counts in words.
func (r *Report) Summary() string {
	return fmt.Sprintf("%s, %s in %s", plural(r.Count(Error), "error"), plural(r.Count(Warning), "warning"), plural(len(r.Files), "file"))
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// listed returns the diagnostics to list, and how many are left out.
func (r *Report) listed() ([]Diagnostic, int) {
	if r.Max > 0 && len(r.Diagnostics) > r.Max {
		return r.Diagnostics[:r.Max], len(r.Diagnostics) - r.Max
	}
	return r.Diagnostics, 0
}

// file returns the name of the file the diagnostic is in, empty without a place.
func (d Diagnostic) file() string { return fileOf(d.Span) }

func fileOf(s diag.Span) string {
	switch {
	case !s.IsValid():
		return ""
	case s.Source.Name == "":
		return "<input>"
	}
	return s.Source.Name
}

// clean replaces control characters, line breaks aside.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
