package conformance_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/conformance"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/wam"
)

// No optimisation may change an answer: every case is run with each left out, and with all.
func TestAnswersDoNotDependOnOptimisations(t *testing.T) {
	all := ^wam.Features(0)
	variants := map[string]wam.Features{"compiled heads": wam.CompiledHeads, "indexes": wam.Indexes, "selections": wam.Selections,
		"inline fields": wam.InlineFields, "scans": wam.Scans, "shortcuts": wam.Shortcuts,
		"guards": wam.Guards, "field indexes": wam.FieldIndexes, "failures": wam.Failures, "closures": wam.Closures, "hops": wam.Hops, "columns": wam.Columns, "merges": wam.Merges, "all": all}
	limits := engine.Limits{Timeout: 20 * time.Second, Depth: 20_000} // endless cases end sooner, and alike
	for _, name := range []string{"evaluation.jsonl", "host.jsonl", "hard.jsonl", "partial.jsonl"} {
		for _, c := range cases(t, filepath.Join("..", "..", "testdata", "conformance", name)) {
			want, err := conformance.Run(t.Context(), c, limits)
			if err != nil {
				t.Fatal(err)
			}
			for what, without := range map[string]wam.Features{"tables": 0, "tables without columns": wam.Columns, "tables without indexes": wam.Indexes, "tables without all": all} {
				got, err := conformance.RunTables(t.Context(), c, limits, without)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(conformance.Canonical(&want), conformance.Canonical(&got)); diff != "" {
					t.Errorf("case %s with %s (-without +with):\n%s", c.ID, what, diff)
				}
			}
			got, err := conformance.RunForms(t.Context(), c, limits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(conformance.Canonical(&want), conformance.Canonical(&got)); diff != "" {
				t.Errorf("case %s with forms (-without +with):\n%s", c.ID, diff)
			}
			for what, without := range variants {
				got, err := conformance.RunWithout(t.Context(), c, limits, without)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(conformance.Canonical(&want), conformance.Canonical(&got)); diff != "" {
					t.Errorf("case %s without %s (-with +without):\n%s", c.ID, what, diff)
				}
			}
		}
	}
}

// A policy answers the same, and blames the same places, where it has taken over the code of another one.
func TestAnswersDoNotDependOnThePolicyBefore(t *testing.T) {
	limits := engine.Limits{Timeout: 20 * time.Second, Depth: 20_000}
	for _, name := range []string{"evaluation.jsonl", "host.jsonl", "hard.jsonl", "partial.jsonl", "loading.jsonl"} {
		for _, c := range cases(t, filepath.Join("..", "..", "testdata", "conformance", name)) {
			want, err := conformance.Run(t.Context(), c, limits)
			if err != nil {
				t.Fatal(err)
			}
			got, err := conformance.RunReplaced(t.Context(), c, limits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(conformance.Canonical(&want), conformance.Canonical(&got)); diff != "" {
				t.Errorf("case %s (-alone +replacing):\n%s", c.ID, diff)
			}
		}
	}
}
