package conformance

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/replay"
)

// The query of every case, as the body of a rule, is recorded, and decided again from the recording alone: without the host.
func TestReplaysDecideAsRecorded(t *testing.T) {
	const rule = "recorded_query"
	replayed, questions, failed := 0, 0, 0
	for _, name := range []string{"syntax", "evaluation", "host", "hard", "partial"} {
		f, err := os.Open(filepath.Join("..", "..", "testdata", "conformance", name+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		all, err := ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			if c.Query == nil || len(c.Bindings) > 0 {
				continue
			}
			sources, err := c.Sources()
			if err != nil {
				t.Fatal(err)
			}
			sources = append(sources, Source{Name: "query.polar", Text: rule + "() if " + *c.Query + ";"})
			h, err := newHost(c.Classes)
			if err != nil {
				t.Fatal(err)
			}
			e := engine.New(h.reg)
			texts := make([]*diag.Source, len(sources))
			for i, s := range sources {
				texts[i] = diag.NewSource(s.Name, s.Text)
			}
			if _, err := e.Load(texts, engine.LoadOptions{}); err != nil {
				continue // a query that is no body of a rule
			}
			rec, want := record(t, c.ID, e, h, texts, rule)
			if errors.Is(want, diag.StackOverflow) || errors.Is(want, diag.QueryTimeout) {
				continue // a replay has other limits
			}
			text, err := json.Marshal(rec)
			if err != nil {
				t.Fatal(err)
			}
			var copied replay.Recording
			if err := json.Unmarshal(text, &copied); err != nil {
				t.Errorf("case %s: %v\n%s", c.ID, err, text)
				continue
			}
			found, err := copied.Run(t.Context())
			if found != rec.Found || (err == nil) != (want == nil) || sortOf(err) != sortOf(want) {
				t.Errorf("case %s: got %v, %v, want %v, %v\n%s", c.ID, found, err, rec.Found, want, rec.Text())
			}
			replayed++
			questions += len(rec.Questions)
			if err != nil {
				failed++
			}
		}
	}
	t.Logf("replays: %d decisions, %d of them errors, %d questions", replayed, failed, questions)
	if replayed < 800 || questions < 300 {
		t.Errorf("only %d decisions with %d questions", replayed, questions)
	}
}

func record(t *testing.T, id string, e *engine.Engine, h *host, sources []*diag.Source, rule string) (*replay.Recording, error) {
	q := e.Rule(rule)
	defer q.Close()
	r := replay.NewRecorder(h, q.Registry(), sources, false, rule)
	if err := r.Begin(); err != nil {
		t.Fatalf("case %s: %v", id, err)
	}
	q.Start(t.Context(), r, engine.Options{Limits: engine.Limits{Depth: 2_000, HeapCells: 1 << 20, StackWords: 1 << 20, Timeout: 10 * time.Second}})
	found, err := q.Next()
	if found && err == nil && q.Constrained() {
		_, err = q.Bindings()
	}
	return r.End(found, err), err
}

// sortOf returns the kind of an error; those of the host's own are told apart by their text.
func sortOf(err error) string {
	if err == nil {
		return ""
	}
	if d, ok := errors.AsType[*diag.Error](err); ok {
		return string(d.Kind)
	}
	return strings.TrimSpace(err.Error())
}
