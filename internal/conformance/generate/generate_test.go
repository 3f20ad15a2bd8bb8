package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/conformance"
	"github.com/goso-project/goso/internal/engine"
)

func TestTheSameSeedGivesTheSameCases(t *testing.T) {
	var a, b, tail bytes.Buffer
	for _, err := range []error{generate(&a, 7, 0, 60, ""), generate(&b, 7, 0, 60, ""), generate(&tail, 7, 50, 10, "")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) || !bytes.HasSuffix(a.Bytes(), tail.Bytes()) {
		t.Error("cases differ")
	}
	b.Reset()
	if err := generate(&b, 8, 0, 60, ""); err != nil || bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("another seed gives the same cases (%v)", err)
	}
}

func TestOneProfileOnly(t *testing.T) {
	var out bytes.Buffer
	if err := generate(&out, 1, 0, 20, "partial"); err != nil || strings.Count(out.String(), `"id":"partial-1-`) != 20 {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := generate(&out, 1, 0, 1, "nosuch"); err == nil {
		t.Error("no error for an unknown profile")
	}
}

func TestProgramsLoadAndEnd(t *testing.T) {
	var out bytes.Buffer
	if err := generate(&out, 3, 600, 600, ""); err != nil {
		t.Fatal(err)
	}
	found := 0
	err := conformance.Read(&out, func(c *conformance.Case) error {
		a, err := conformance.Run(t.Context(), c, engine.Limits{Timeout: 10 * time.Second})
		if err != nil {
			return err
		}
		if a.LoadError != nil {
			t.Errorf("case %s does not load: %v\n%s", c.ID, a.LoadError, c.Policy)
		}
		if a.Error != nil && (a.Error.Detail != "" || a.Error.Kind == "RuntimeError::QueryTimeout") {
			t.Errorf("case %s: %s %s", c.ID, a.Error.Kind, a.Error.Detail)
		}
		if len(a.Results) > 0 {
			found++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 200 {
		t.Errorf("only %d of 600 programs have results: the generator tests little", found)
	}
}
