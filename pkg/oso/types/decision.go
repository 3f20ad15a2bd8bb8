package types

import (
	"fmt"
	"strings"
)

// Decision is an answer with its reasons. Values are shown as text, shortened: it tells of actors and resources what print would.
type Decision struct {
	Allowed bool `json:"allowed"`
	// Reason is the question, with the rules it was answered by.
	Reason Step `json:"reason"`
	// Truncated reports that something was left out: the tree is deeper or larger than anyone would read.
	Truncated bool `json:"truncated,omitempty"`
}

// Step is a condition of a rule, or the question itself.
type Step struct {
	// Condition is the condition as it is written, Place where. Both are empty for the question.
	Condition string `json:"condition,omitempty"`
	Place     Place  `json:"place,omitzero"`
	// Call is the rule it calls, with the values at that time; empty for a condition that calls none.
	Call string `json:"call,omitempty"`
	// Met reports whether the condition holds.
	Met bool `json:"met"`
	// Rules are, for a call that was met, the rule that met it; for any other those that were tried. None is there for a condition
	// that calls no rule.
	Rules []RuleStep `json:"rules,omitempty"`
	// Steps are, for a negation that does not hold, the calls in it that were met.
	Steps []Step `json:"steps,omitempty"`
}

// RuleStep is a rule that was tried.
type RuleStep struct {
	// Rule is its text, Place where it stands. Of a short form in a resource block it is that form.
	Rule  string `json:"rule"`
	Place Place  `json:"place,omitzero"`
	// Matched reports whether its parameters match. Rules that do not match are listed only when none does.
	Matched bool `json:"matched"`
	// Bindings are its parameters with their values.
	Bindings []Binding `json:"bindings,omitempty"`
	// Steps are, for a rule that was met, those of its conditions that call rules; for any other the one condition that was not met after
	// the most progress.
	Steps []Step `json:"steps,omitempty"`
}

// Binding is a parameter with its value.
type Binding struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Frame is a rule under way.
type Frame struct {
	// Call is the rule's name with the values it was called with, Rule its text, and Place where it stands.
	Call  string `json:"call"`
	Rule  string `json:"rule"`
	Place Place  `json:"place,omitzero"`
	// Bindings are its parameters with their values now.
	Bindings []Binding `json:"bindings,omitempty"`
}

// Place is a place in a policy. File is empty for a policy loaded from a string, Line is 0 where there is no place.
type Place struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String returns the place as file:line:column.
func (p Place) String() string {
	text := fmt.Sprintf("%d:%d", p.Line, p.Column)
	if p.File != "" {
		text = p.File + ":" + text
	}
	return text
}

// String returns the decision as a tree, one line for each condition and rule.
func (d *Decision) String() string {
	var b strings.Builder
	if d.Allowed {
		b.WriteString("allowed: ")
	} else {
		b.WriteString("denied: ")
	}
	b.WriteString(d.Reason.Call + "\n")
	d.Reason.writeRules(&b, 1)
	if d.Truncated {
		b.WriteString("…\n")
	}
	return b.String()
}

func line(b *strings.Builder, depth int, format string, args ...any) {
	b.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(b, format, args...)
	b.WriteByte('\n')
}

func (s *Step) write(b *strings.Builder, depth int) {
	verb := "failed"
	if s.Met {
		verb = "met"
	}
	line(b, depth, "%s at %v: %s", verb, s.Place, s.Condition)
	if s.Call != "" {
		line(b, depth, "  as %s", s.Call)
	}
	s.writeRules(b, depth+1)
	for i := range s.Steps {
		s.Steps[i].write(b, depth+1)
	}
}

func (s *Step) writeRules(b *strings.Builder, depth int) {
	if s.Call != "" && len(s.Rules) == 0 && !s.Met {
		line(b, depth, "no rule matches")
	}
	for i := range s.Rules {
		r := &s.Rules[i]
		if r.Matched {
			line(b, depth, "rule at %v: %s", r.Place, r.Rule)
		} else {
			line(b, depth, "does not match, rule at %v: %s", r.Place, r.Rule)
		}
		for j := range r.Steps {
			r.Steps[j].write(b, depth+1)
		}
	}
}
