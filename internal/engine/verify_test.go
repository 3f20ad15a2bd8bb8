package engine

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goso-project/goso/internal/code"
)

// TestCompiledProgramsVerify compiles every policy and query of the corpora.
func TestCompiledProgramsVerify(t *testing.T) {
	files, err := filepath.Glob("../../testdata/conformance/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpora", err)
	}
	policies, queries := 0, 0
	for _, file := range files {
		if slices.Contains(otherHosts, filepath.Base(file)) {
			continue
		}
		for _, c := range readCases(t, file) {
			e := New(c.registry())
			if _, err := e.Load(c.sources(t), LoadOptions{}); err != nil {
				continue
			}
			policies++
			policy := e.state.Load().snapshot.Prog
			if err := code.Verify(policy, nil); err != nil {
				t.Errorf("%s: %v\n%s\n%s", c.ID, err, c.Policy, policy)
				continue
			}
			q, err := e.Query(c.query(t))
			if err != nil {
				continue
			}
			queries++
			if err := code.Verify(q.prog, policy); err != nil {
				t.Errorf("%s: %v\n%s\n%s", c.ID, err, c.query(t), q.prog)
			}
		}
	}
	if policies < 1000 || queries < 1000 {
		t.Errorf("%d policies and %d queries compiled", policies, queries)
	}
}

func (c *corpusCase) query(t *testing.T) string {
	var q string
	if c.Query != nil {
		if err := json.Unmarshal(c.Query, &q); err != nil {
			t.Fatal(err)
		}
	}
	return q
}
