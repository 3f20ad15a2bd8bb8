package conformance_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/conformance"
	"github.com/goso-project/goso/internal/engine"
)

// A query that is suspended at every question, and resumed later, gives the answer of one whose host answers at once.
func TestAnswersDoNotDependOnWhenTheHostAnswers(t *testing.T) {
	limits := engine.Limits{Timeout: 20 * time.Second, Depth: 20_000}
	for _, name := range []string{"evaluation.jsonl", "host.jsonl", "hard.jsonl", "partial.jsonl"} {
		for _, c := range cases(t, filepath.Join("..", "..", "testdata", "conformance", name)) {
			want, err := conformance.Run(t.Context(), c, limits)
			if err != nil {
				t.Fatal(err)
			}
			got, err := conformance.RunDeferred(t.Context(), c, limits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(conformance.Canonical(&want), conformance.Canonical(&got)); diff != "" {
				t.Errorf("case %s (-at once +later):\n%s", c.ID, diff)
			}
		}
	}
}
