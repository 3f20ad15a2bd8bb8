package osotest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/osotest"
)

// recorder is a test whose failures are kept.
type recorder struct {
	testing.TB
	failed []string
}

func (r *recorder) Helper() {}
func (r *recorder) Logf(format string, args ...any) {
	r.failed = append(r.failed, "log: "+fmt.Sprintf(format, args...))
}
func (r *recorder) Errorf(format string, args ...any) {
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}
func (r *recorder) Fatal(args ...any)                 { r.stop(fmt.Sprint(args...)) }
func (r *recorder) Fatalf(format string, args ...any) { r.stop(fmt.Sprintf(format, args...)) }

type stopped struct{}

func (r *recorder) stop(text string) {
	r.failed = append(r.failed, text)
	panic(stopped{})
}

// failures runs f with a test of its own and returns how that failed, a line each.
func failures(t *testing.T, f func(testing.TB)) string {
	t.Helper()
	r := &recorder{TB: t}
	func() {
		defer func() {
			if v := recover(); v != nil && v != (stopped{}) {
				panic(v)
			}
		}()
		f(r)
	}()
	return strings.Join(r.failed, "\n")
}

const policy = `
allow("owner", action, "doc") if action in ["read", "write", 1];
allow("reader", "read", "doc");
allow("broken", _action, doc) if doc.x;
allow_field("owner", "read", "doc", "title");
?= allow("reader", "read", "doc");
`

func TestQuestionsAndOutcomes(t *testing.T) {
	o := osotest.New(t)
	osotest.CheckText(t, o, policy)
	right := []osotest.Case{
		{"owner", "write", "doc", osotest.Allowed},
		{"reader", "write", "doc", osotest.Forbidden},
		{"nobody", "write", "doc", osotest.NotFound},
		{"nobody", "write", "doc", osotest.Denied},
		{"reader", "write", "doc", osotest.Denied},
	}
	osotest.Check(t, o, right)
	osotest.Actions(t, o, "owner", "doc", 1, "write", "read")
	osotest.Actions(t, o, "nobody", "doc")
	osotest.Fields(t, o, "owner", "read", "doc", "title")
	got := failures(t, func(tb testing.TB) {
		osotest.Check(tb, o, []osotest.Case{
			{"owner", "write", "doc", osotest.Denied}, {"reader", "write", "doc", osotest.Allowed}, {"reader", "write", "doc", osotest.NotFound}, {"broken", "x", "doc", osotest.Denied},
		})
		osotest.Actions(tb, o, "reader", "doc", "write")
		osotest.Actions(tb, o, "broken", "doc")
		osotest.Fields(tb, o, "owner", "read", "doc")
	})
	for i, want := range []string{
		"case 0, owner, write, doc: got allowed, want denied", "case 1, reader, write, doc: got forbidden, want allowed", "case 2, reader, write, doc: got forbidden, want not found",
		"case 3, broken, x, doc: got the error", "no attribute 'x'", `actions of reader on doc: got ["read"], want ["write"]`, "actions of broken on doc: got the error",
		`fields for owner, read, doc: got ["title"], want []`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%d: no %q in\n%s", i, want, got)
		}
	}
}

func TestPoliciesThatDoNotLoadEndTheTest(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.polar")
	if err := os.WriteFile(file, []byte("allow(1, 2, 3); ?= allow(1, 2, 4);"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, load := range map[string]func(testing.TB, *oso.Oso){
		"Inline query failed": func(tb testing.TB, o *oso.Oso) { osotest.CheckPolicy(tb, o, file) },
		"no policy files":     func(tb testing.TB, o *oso.Oso) { osotest.CheckPolicy(tb, o) },
		"expected":            func(tb testing.TB, o *oso.Oso) { osotest.CheckText(tb, o, "f(") },
	} {
		got := failures(t, func(tb testing.TB) {
			load(tb, osotest.New(tb))
			t.Errorf("%s: the test goes on", want)
		})
		if want != "expected" && !strings.Contains(got, want) || got == "" {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestMessages(t *testing.T) {
	got := failures(t, func(tb testing.TB) {
		osotest.CheckText(tb, osotest.New(tb), `allow(_: Nobody, 1, 2); ?= print("hello");`)
	})
	if !strings.Contains(got, `log: printed: "hello"`) || !strings.Contains(got, "warning: ") {
		t.Errorf("got %s", got)
	}
}
