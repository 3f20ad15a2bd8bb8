package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goso-project/goso/internal/conformance"
)

// TestMain makes the test binary serve as the other engine: it echoes cases, dies at one called crash and sleeps at one called
// hang.
func TestMain(m *testing.M) {
	if os.Getenv("GOSO_TEST_ECHO") == "" {
		os.Exit(m.Run())
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		switch {
		case strings.Contains(lines.Text(), `"crash"`):
			os.Exit(3)
		case strings.Contains(lines.Text(), `"hang"`):
			time.Sleep(time.Minute)
		}
		fmt.Println(lines.Text())
	}
	os.Exit(0)
}

func TestACrashOrHangCostsOneCase(t *testing.T) {
	t.Setenv("GOSO_TEST_ECHO", "1")
	var cases []*conformance.Case
	for _, id := range []string{"a", "crash", "b", "c", "hang", "d"} {
		cases = append(cases, &conformance.Case{ID: id})
	}
	var out bytes.Buffer
	if err := answerAll(&out, cases, 4, time.Second, []string{os.Args[0]}); err != nil {
		t.Fatal(err)
	}
	want := `{"id":"a"}
{"id":"crash","results":[],"error":{"kind":"Crash"}}
{"id":"b"}
{"id":"c"}
{"id":"hang","results":[],"error":{"kind":"Hang"}}
{"id":"d"}
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestACommandThatDoesNotStartIsAnError(t *testing.T) {
	var out bytes.Buffer
	if err := answerAll(&out, []*conformance.Case{{ID: "a"}}, 4, time.Second, []string{"./no-such-command"}); err == nil {
		t.Errorf("no error:\n%s", out.String())
	}
}
