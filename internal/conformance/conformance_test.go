package conformance_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/conformance"
	"github.com/goso-project/goso/internal/engine"
)

const corpus = "../../testdata/conformance"

// otherCapability are the files whose cases ask for more than loading a policy and running a query.
var otherCapability = map[string]string{
	"filter.jsonl": "data filters are a capability of their own",
	"roles.jsonl":  "cases of the built-in roles are run by a test of their own",
}

// directories returns where cases are: ours, and those listed in GOSO_CORPORA.
func directories() []string {
	return append([]string{corpus}, filepath.SplitList(os.Getenv("GOSO_CORPORA"))...)
}

func deviations(t *testing.T) map[string]*conformance.Deviation {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(corpus, "deviations.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := conformance.ReadDeviations(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func cases(t *testing.T, file string) []*conformance.Case {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := conformance.ReadAll(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return all
}

func TestEveryCaseAgreesOrDeviatesByDecision(t *testing.T) {
	decided := deviations(t)
	used := map[string]bool{}
	for _, dir := range directories() {
		files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no cases in %s: %v", dir, err)
		}
		for _, file := range files {
			base := filepath.Base(file)
			if base == "deviations.jsonl" {
				continue
			}
			t.Run(base, func(t *testing.T) {
				if why, ok := otherCapability[base]; ok {
					t.Logf("conformance %s: not run: %s", base, why)
					return
				}
				runFile(t, file, decided, used)
			})
		}
	}
	for id := range decided {
		if !used[id] {
			t.Errorf("deviation %s belongs to no case that was run", id)
		}
	}
}

func runFile(t *testing.T, file string, decided map[string]*conformance.Deviation, used map[string]bool) {
	var count [3]int
	all := cases(t, file)
	for _, c := range all {
		got, err := conformance.Run(t.Context(), c, engine.Limits{Timeout: 20 * time.Second})
		if err != nil {
			t.Error(err)
			continue
		}
		used[c.ID] = true
		verdict, why := conformance.Check(c, &got, decided[c.ID])
		count[verdict]++
		if verdict == conformance.Fails {
			t.Errorf("case %s:\n%s", c.ID, why)
			if got.Error != nil && got.Error.Detail != "" {
				t.Log(got.Error.Detail)
			}
		}
	}
	t.Logf("conformance %s: %d of %d agree, %d deviate by decision, %d fail", filepath.Base(file), count[conformance.Agrees],
		len(all), count[conformance.Deviates], len(all)-count[conformance.Agrees]-count[conformance.Deviates])
}
