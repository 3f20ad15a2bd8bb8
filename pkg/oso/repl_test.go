package oso_test

import (
	"io"
	"os"
	"strings"
	"testing"
)

func TestReplAnswersFromTheProgram(t *testing.T) {
	o := newOso(t, "f(1);")
	must(t, o.RegisterConstant(&Foo{"a", 7}, "F"))
	in, feed, err := os.Pipe()
	must(t, err)
	out, show, err := os.Pipe()
	must(t, err)
	_, err = feed.WriteString("f(x)\nf(2)\ny = F.Num\n")
	must(t, err)
	must(t, feed.Close())
	stdin, stdout := os.Stdin, os.Stdout
	os.Stdin, os.Stdout = in, show
	err = o.Repl()
	os.Stdin, os.Stdout = stdin, stdout
	must(t, err)
	must(t, show.Close())
	text, err := io.ReadAll(out)
	must(t, err)
	for _, want := range []string{"x = 1", "false", "y = 7"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}
