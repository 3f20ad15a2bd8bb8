package oso_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
)

// streams runs f and returns what it wrote to the standard streams.
func streams(t *testing.T, f func()) (stdout, stderr string) {
	t.Helper()
	outR, outW, err := os.Pipe()
	must(t, err)
	errR, errW, err := os.Pipe()
	must(t, err)
	savedOut, savedErr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = outW, errW
	f()
	os.Stdout, os.Stderr = savedOut, savedErr
	must(t, errors.Join(outW.Close(), errW.Close()))
	out, err1 := io.ReadAll(outR)
	text, err2 := io.ReadAll(errR)
	must(t, errors.Join(err1, err2))
	return string(out), string(text)
}

func TestDefaultStreams(t *testing.T) {
	load := func() {
		o, err := oso.NewOso()
		must(t, err)
		must(t, o.LoadString(`?= print("hello");`))
	}
	out, warnings := streams(t, load)
	if out != "\"hello\"\n" || !strings.HasPrefix(warnings, "WARNING: ") || !strings.Contains(warnings, "allow") {
		t.Errorf("printed %q, warned %q", out, warnings)
	}
	t.Setenv("POLAR_IGNORE_NO_ALLOW_WARNING", "")
	if _, warnings := streams(t, load); warnings != "" {
		t.Errorf("warned %q in spite of the environment", warnings)
	}
	o, err := oso.NewOso()
	must(t, err)
	must(t, os.Unsetenv("POLAR_IGNORE_NO_ALLOW_WARNING"))
	if _, warnings := streams(t, func() { must(t, o.LoadString("f(1);")) }); warnings != "" {
		t.Errorf("the environment is read after NewOso: %q", warnings)
	}
}

type stuck struct{}

func (stuck) Iter() <-chan interface{} { return make(chan interface{}) }

func TestWaitingIteratorsEndWithTheQuery(t *testing.T) {
	const policy = "f(xs) if 1 in xs;"
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := newOso(t, policy).QueryRuleOnceContext(ctx, "f", stuck{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with a deadline: %v", err)
	}
	_, err := newOso(t, policy, oso.WithTimeout(10*time.Millisecond)).QueryRuleOnce("f", stuck{})
	if !errors.Is(err, osoerrors.ErrTimeout) {
		t.Errorf("with a timeout: %v", err)
	}
}
