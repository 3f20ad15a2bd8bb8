package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Deviation is a decision to answer a case otherwise than the reference engine did.
type Deviation struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
	Answer Answer `json:"answer"` // ours
}

// ReadDeviations returns the deviations of r by id, one JSON object a line.
func ReadDeviations(r io.Reader) (map[string]*Deviation, error) {
	all := map[string]*Deviation{}
	dec := json.NewDecoder(r)
	for {
		d := new(Deviation)
		if err := dec.Decode(d); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		if d.ID == "" || strings.TrimSpace(d.Reason) == "" {
			return nil, fmt.Errorf("deviation %q needs an id and a reason", d.ID)
		}
		if all[d.ID] != nil {
			return nil, fmt.Errorf("deviation %s is listed twice", d.ID)
		}
		all[d.ID] = d
	}
}

// Verdict says how an answer stands to the one that is wanted.
type Verdict int

// The verdicts.
const (
	Agrees   Verdict = iota // with the case
	Deviates                // as decided
	Fails                   // neither
)

// Check compares our answer to a case with the recorded one and, if there is one, the deviation decided for it. Why is empty
// unless the verdict is Fails.
func Check(c *Case, got *Answer, decided *Deviation) (v Verdict, why string) {
	ours, want := Canonical(got), Canonical(&c.Answer)
	if decided == nil {
		if ours == want {
			return Agrees, ""
		}
		return Fails, fmt.Sprintf("got  %s\nwant %s", ours, want)
	}
	listed := Canonical(&decided.Answer)
	switch {
	case ours == want:
		return Fails, "the answer agrees, but a deviation is listed: " + decided.Reason
	case ours != listed:
		return Fails, fmt.Sprintf("got    %s\nlisted %s\nwant   %s", ours, listed, want)
	}
	return Deviates, ""
}
