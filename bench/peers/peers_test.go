package main

import (
	"strings"
	"testing"

	"github.com/goso-project/goso/bench"
	"github.com/goso-project/goso/bench/worker"
)

// Each engine answers rightly whatever it has a form for, and these forms are not lost by accident.
func TestAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(p *bench.Problem) (*worker.Job, error)
		forms   int
	}{
		"cedar": {cedarJob, 22}, "casbin": {casbinJob, 10}, "opa-map": {opaMapJob, 24}, "opa-parsed": {opaParsedJob, 21},
		"cel": {celJob, 8}, "expr": {exprJob, 8},
	} {
		t.Run(name, func(t *testing.T) {
			forms := 0
			for _, c := range bench.Problems() {
				if strings.Contains(c.Name, "00000") || strings.Contains(c.Name, "50000") {
					continue
				}
				job, err := test.prepare(c.Make())
				if _, no := worker.IsCannot(err); no {
					continue
				}
				if err != nil {
					t.Errorf("%s: %v", c.Name, err)
					continue
				}
				if err := job.Run(2); err != nil {
					t.Errorf("%s: %v", c.Name, err)
				}
				if err := job.Check(); err != nil {
					t.Error(err)
				}
				forms++
			}
			if forms != test.forms {
				t.Errorf("%d problems have a form, want %d", forms, test.forms)
			}
		})
	}
}
