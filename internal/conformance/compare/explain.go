package main

import (
	"slices"

	"github.com/goso-project/goso/internal/conformance"
)

// explanation is a decision to differ and how to recognise it.
type explanation struct {
	reason string
	holds  func(d *difference) bool
}

// difference is a case with both answers.
type difference struct {
	text   string // policy and query
	theirs *conformance.Answer
	ours   *conformance.Answer
}

// explain returns why our answer differs, or "".
func explain(c *conformance.Case, ours *conformance.Answer) string {
	d := &difference{theirs: &c.Answer, ours: ours}
	sources, err := c.Sources()
	if err != nil {
		return ""
	}
	for _, s := range sources {
		d.text += s.Text
	}
	if c.Query != nil {
		d.text += *c.Query
	}
	for _, e := range explanations {
		if e.holds(d) {
			return e.reason
		}
	}
	return ""
}

// explanations are tried in order; the first that holds counts.
var explanations = []explanation{
	{"the reference crashed or did not end", func(d *difference) bool {
		return isKind(d.theirs.Error, "Panic", "Crash", "Hang")
	}},
}

// isKind reports whether a failure is of one of the kinds.
func isKind(f *conformance.Failure, kinds ...string) bool {
	return f != nil && slices.Contains(kinds, f.Kind)
}
