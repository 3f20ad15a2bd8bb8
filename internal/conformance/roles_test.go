package conformance_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/conformance"
	"github.com/goso-project/goso/internal/engine"
)

func rolesCases(t *testing.T) []*conformance.RolesCase {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(corpus, "roles.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var all []*conformance.RolesCase
	for dec := json.NewDecoder(bytes.NewReader(text)); dec.More(); {
		c := new(conformance.RolesCase)
		if err := dec.Decode(c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func TestEveryCaseOfTheBuiltInRolesAgrees(t *testing.T) {
	agree := 0
	all := rolesCases(t)
	for _, c := range all {
		why, err := conformance.RunRoles(t.Context(), c, engine.Limits{Timeout: 20 * time.Second})
		switch {
		case err != nil:
			t.Error(err)
		case why != "":
			t.Errorf("case %s: %s", c.ID, why)
		default:
			agree++
		}
	}
	t.Logf("conformance roles.jsonl: %d of %d agree", agree, len(all))
	if len(all) == 0 {
		t.Error("no cases")
	}
}
