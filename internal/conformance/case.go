package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// Case is one policy, at most one query, and, where it was answered, what came out.
type Case struct {
	ID string `json:"id"`
	// Policy is a text, or a list of sources {"name", "src"} loaded together; absent: nothing is loaded.
	Policy json.RawMessage `json:"policy,omitempty"`
	// Classes are registered before loading, in this order.
	Classes []Class `json:"classes,omitempty"`
	// Query is nil in a case about loading alone.
	Query *string `json:"query,omitempty"`
	// Bindings are variables bound before the query.
	Bindings map[string]json.RawMessage `json:"bindings,omitempty"`
	// Limit stops the query after this many results; 0 means 200.
	Limit int `json:"limit,omitempty"`
	// NoAllowWarning asks for the warning about a missing allow rule, which is otherwise silenced.
	NoAllowWarning bool `json:"no_allow_warning,omitempty"`

	Answer
}

// Class declares a class of the case's host.
type Class struct {
	Name    string                     `json:"name"`
	Bases   []string                   `json:"bases,omitempty"`   // declared earlier
	Fields  map[string]json.RawMessage `json:"fields,omitempty"`  // field to class name or relation
	Methods map[string]json.RawMessage `json:"methods,omitempty"` // method to the value it returns
}

// Answer is what came out of a case.
type Answer struct {
	LoadError *Failure `json:"load_error,omitempty"` // loading failed; no query was run
	// Results maps variables to values as text, result by result; nil if no query was run.
	Results   []map[string]string `json:"results,omitzero"`
	Truncated bool                `json:"truncated,omitempty"`
	Error     *Failure            `json:"error,omitempty"` // the query failed after the results
	Messages  []Message           `json:"messages,omitempty"`
}

// Failure is an error's kind and place.
type Failure struct {
	Kind string `json:"kind"`
	At   []int  `json:"at,omitempty"` // line and column
	// Detail says more to a reader, for one kind: a crash of our own engine. It is no part of an answer.
	Detail string `json:"-"`
}

// Message is a line printed by the policy or a warning of the load.
type Message struct {
	Kind    string `json:"kind"`              // Print or Warning
	Message string `json:"message,omitempty"` // what was printed
	Code    string `json:"code,omitempty"`    // which warning
	At      []int  `json:"at,omitempty"`
}

// MarshalJSON keeps the text of a printed line even if it is empty.
func (m Message) MarshalJSON() ([]byte, error) {
	if m.Kind == "Print" {
		return json.Marshal(struct {
			Kind    string `json:"kind"`
			Message string `json:"message"`
		}{m.Kind, m.Message})
	}
	type plain Message
	return json.Marshal(plain(m))
}

// Source is one text of a policy.
type Source struct {
	Name string `json:"name"`
	Text string `json:"src"`
}

// Sources returns the texts of the case's policy; none if it has no policy.
func (c *Case) Sources() ([]Source, error) {
	policy := bytes.TrimSpace(c.Policy)
	switch {
	case len(policy) == 0:
		return nil, nil
	case policy[0] == '"':
		var text string
		err := json.Unmarshal(policy, &text)
		return []Source{{Text: text}}, err
	}
	var items []json.RawMessage
	if err := json.Unmarshal(policy, &items); err != nil {
		return nil, fmt.Errorf("case %s: policy: %w", c.ID, err)
	}
	sources := make([]Source, len(items))
	for i, item := range items {
		var err error
		if bytes.HasPrefix(item, []byte(`"`)) {
			err = json.Unmarshal(item, &sources[i].Text)
		} else {
			err = json.Unmarshal(item, &sources[i])
		}
		if err != nil {
			return nil, fmt.Errorf("case %s: policy: %w", c.ID, err)
		}
	}
	return sources, nil
}

// Text returns a policy of one unnamed source.
func Text(policy string) json.RawMessage {
	b, _ := json.Marshal(policy) // a string always has a JSON form
	return b
}

// Read calls f for each case of r, one JSON object a line; blank lines are skipped. The first error, f's included, ends it.
func Read(r io.Reader, f func(*Case) error) error {
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if text := bytes.TrimSpace(line); len(text) > 0 {
			c := new(Case)
			if err := json.Unmarshal(text, c); err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
			if err := f(c); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// ReadAll returns all cases of r.
func ReadAll(r io.Reader) ([]*Case, error) {
	var cases []*Case
	err := Read(r, func(c *Case) error { cases = append(cases, c); return nil })
	return cases, err
}

// Write writes a case on a line of its own.
func Write(w io.Writer, c *Case) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}
