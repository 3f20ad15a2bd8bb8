package oso_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

func code(err error) string {
	if e, ok := errors.AsType[*osoerrors.FormattedPolarError](err); ok {
		return e.Code()
	}
	return ""
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestFreshInstanceAnswers(t *testing.T) {
	o, err := oso.NewOso()
	must(t, err)
	if got := results(t, &o, "x = 1"); got != "x:1" {
		t.Errorf("got %q", got)
	}
}

func TestCopiesShareThePolicy(t *testing.T) {
	o := newOso(t, "f(1);")
	second := *o
	if got := results(t, &second, "f(x)"); got != "x:1" {
		t.Errorf("got %q", got)
	}
	must(t, second.ClearRules())
	must(t, second.LoadString("f(2);"))
	if got := results(t, o, "f(x)"); got != "x:2" {
		t.Errorf("got %q", got)
	}
}

func TestZeroOsoReturnsErrors(t *testing.T) {
	var o oso.Oso
	_, err1 := o.IsAllowed(1, 2, 3)
	_, err2 := o.NewQueryFromStr("x = 1")
	_, err3 := o.NewQueryFromRule("f")
	_, err4 := o.QueryRuleOnce("f")
	_, err5 := o.AuthorizedActions(1, 2, true)
	_, err6 := o.AuthorizedFields(1, 2, 3, true)
	results, errs := o.QueryStr("x = 1")
	for range results {
		t.Error("a result")
	}
	for i, err := range []error{
		err1, err2, err3, err4, err5, err6, <-errs,
		o.LoadString(""), o.LoadFiles([]string{"a.polar"}), o.LoadFS(fstest.MapFS{}), o.ReplaceString(""), o.ReplaceFiles([]string{"a.polar"}), o.ClearRules(),
		o.Repl(), o.RegisterClass(User{}, nil), o.RegisterConstant(1, "x"), oso.RegisterInterface[error](o, ""),
		o.Authorize(1, 2, 3), o.AuthorizeRequest(1, 2), o.AuthorizeField(1, 2, 3, 4),
	} {
		if err == nil {
			t.Errorf("no error from call %d", i)
		}
	}
	if o.GetHost() != nil {
		t.Error("a zero Oso has a Host")
	}
	o.SetDataFilteringAdapter(nil)
}

func TestFilesLoadInOrderAsOneUnit(t *testing.T) {
	first := write(t, "policy.polar", "f(1); g(x) if f(x);")
	second := write(t, "policy.polar", "f(2);")
	o := newOso(t, "")
	must(t, o.LoadFiles(nil))
	must(t, o.LoadFiles([]string{first, second}))
	if got := results(t, o, "g(x)"); got != "x:1\nx:2" {
		t.Errorf("got %q", got)
	}
}

func TestFilesThatDoNotLoad(t *testing.T) {
	first, same := write(t, "a.polar", "f(1);"), write(t, "b.polar", "f(1);")
	broken := write(t, "c.polar", "f(1);\n  f(;")
	t.Run("twice the same name", func(t *testing.T) {
		err := newOso(t, "").LoadFiles([]string{first, first})
		wantError(t, err, "already", first)
		if code(err) != "ValidationError::FileLoading" {
			t.Errorf("got %s", code(err))
		}
	})
	t.Run("twice the same contents", func(t *testing.T) {
		wantError(t, newOso(t, "").LoadFiles([]string{first, same}), first, same)
	})
	t.Run("extension", func(t *testing.T) {
		err := newOso(t, "").LoadFiles([]string{"nowhere/policy.txt"})
		wantError(t, err, ".polar", "nowhere/policy.txt")
		if !errors.As(err, new(*osoerrors.PolarFileExtensionError)) {
			t.Errorf("got %T", err)
		}
	})
	t.Run("missing", func(t *testing.T) {
		if err := newOso(t, "").LoadFiles([]string{"nowhere.polar"}); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("parse error", func(t *testing.T) {
		o := newOso(t, "")
		err := o.LoadFiles([]string{broken})
		wantError(t, err, "at line 2, column 5", " of file "+broken)
		e, _ := errors.AsType[*osoerrors.FormattedPolarError](err)
		file, line, col, ok := e.Position()
		if file != broken || line != 2 || col != 5 || !ok {
			t.Errorf("at %s:%d:%d, %v", file, line, col, ok)
		}
		kind, _ := e.Kind.ErrorKindVariant.(types.ErrorKindParse)
		if token, ok := kind.ParseErrorKindVariant.(types.ParseErrorKindUnrecognizedToken); !ok || token.Token != ";" || token.Loc != 10 {
			t.Errorf("got %#v", e.Kind)
		}
		must(t, o.LoadString("f(1);"))
	})
}

func TestSecondLoadNeedsAClear(t *testing.T) {
	o := newOso(t, "")
	must(t, o.LoadString("# a comment"))
	must(t, o.LoadString("type f(_x: Integer);"))
	must(t, o.LoadString("f(1);"))
	err := o.LoadString("g(1);")
	if code(err) != "RuntimeError::MultipleLoadError" || !errors.Is(err, osoerrors.ErrMultipleLoad) {
		t.Errorf("got %v", err)
	}
	must(t, o.ClearRules())
	must(t, o.LoadString("g(1);"))
	wantError(t, queryError(t, o, "f(1)"), "Query for undefined rule `f`")
	if got := results(t, o, "new Foo(\"a\", 1).Name = x"); got != "x:a" {
		t.Errorf("got %q", got)
	}
}

func TestInlineQueriesRunAfterLoading(t *testing.T) {
	o := newOso(t, "")
	must(t, o.RegisterConstant(5, "Five"))
	must(t, o.LoadString("f(x) if x = 5; ?= f(Five); ?= new Foo(\"a\", 1).Num = 1;"))

	failing := newOso(t, "")
	err := failing.LoadString("f(1);\n?= f(2);")
	wantError(t, err, "Inline query failed", "f(2)")
	if !errors.As(err, new(*osoerrors.InlineQueryFailedError)) {
		t.Errorf("got %T", err)
	}
	if got := results(t, failing, "f(x)"); got != "x:1" {
		t.Errorf("the rules are gone: %q", got)
	}
}

func TestLoadErrorsHaveTheirKinds(t *testing.T) {
	for policy, want := range map[string]string{
		"f(x) if g(x);":                     "ValidationError::UndefinedRuleCall",
		"resource Nobody {}":                "ValidationError::UnregisteredClass",
		"type f(_: Foo); f(1);":             "ValidationError::InvalidRule",
		"f(x) if x = 99999999999999999999;": "ParseError::IntegerOverflow",
	} {
		if got := code(newOso(t, "").LoadString(policy)); got != want {
			t.Errorf("%s: got %s, want %s", policy, got, want)
		}
	}
}

func TestMessagesReachTheHandler(t *testing.T) {
	var m messages
	o, err := oso.New(oso.WithMessageHandler(m.add))
	must(t, err)
	must(t, o.LoadString(`f(_: Unknown); ?= print("hello", 1);`))
	if w := m.text(true); !strings.Contains(w, "Unknown") || !strings.Contains(w, "allow") {
		t.Errorf("warnings: %s", w)
	}
	if p := m.text(false); p != "\"hello\", 1\n" && p != "hello, 1\n" {
		t.Errorf("prints: %q", p)
	}
	if got := results(t, o, "f(1)"); got != "" {
		t.Errorf("a rule for an unknown class matched: %s", got)
	}
}

func TestEnvironmentSilencesTheMissingAllowWarning(t *testing.T) {
	warned := func(o *oso.Oso, m *messages) bool {
		must(t, o.LoadString("f(1);"))
		return strings.Contains(m.text(true), "allow")
	}
	var with, without messages
	o, err := oso.New(oso.WithMessageHandler(with.add))
	must(t, err)
	if !warned(o, &with) {
		t.Error("no warning")
	}
	o, err = oso.New(oso.WithMessageHandler(without.add), oso.WithoutAllowWarning())
	must(t, err)
	if warned(o, &without) {
		t.Error("a warning in spite of the option")
	}
}

func TestReplaceKeepsTheOldPolicyOnErrors(t *testing.T) {
	o := newOso(t, "f(1);")
	started, err := o.NewQueryFromRule("f", types.Variable("x"))
	must(t, err)
	for _, policy := range []string{"f(", "g(x) if h(x);", "f(2); ?= f(3);"} {
		if err := o.ReplaceString(policy); err == nil {
			t.Errorf("%s: no error", policy)
		}
		if got := results(t, o, "f(x)"); got != "x:1" {
			t.Errorf("after %s: got %q", policy, got)
		}
	}
	must(t, o.ReplaceString("f(2); ?= f(2);"))
	if got := results(t, o, "f(x)"); got != "x:2" {
		t.Errorf("got %q", got)
	}
	all, err := started.GetAllResults()
	must(t, err)
	if got := show(all); got != "x:1" {
		t.Errorf("the query begun before: got %q", got)
	}
	must(t, o.ReplaceFiles([]string{write(t, "p.polar", "f(3);")}))
	if got := results(t, o, "f(x)"); got != "x:3" {
		t.Errorf("got %q", got)
	}
}

func TestReplaceRunsInlineQueriesOnce(t *testing.T) {
	var m messages
	o, err := oso.New(oso.WithMessageHandler(m.add), oso.WithoutAllowWarning())
	must(t, err)
	must(t, o.ReplaceString(`?= print("once");`))
	must(t, o.LoadString("f(1);"))
	if p := m.text(false); strings.Count(p, "once") != 1 {
		t.Errorf("prints: %q", p)
	}
}

func TestLoadFS(t *testing.T) {
	fsys := fstest.MapFS{
		"policy/b.polar":    {Data: []byte("f(2);")},
		"policy/a.polar":    {Data: []byte("f(1);")},
		"policy/readme.txt": {Data: []byte("-")},
	}
	o := newOso(t, "")
	must(t, o.LoadFS(fsys))
	must(t, o.LoadFS(fsys, "policy/*.polar", "policy/a.polar"))
	if got := results(t, o, "f(x)"); got != "x:1\nx:2" {
		t.Errorf("got %q", got)
	}
	if err := o.LoadFS(fsys, "nothing/*.polar"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if err := o.LoadFS(fsys, "policy/*.txt"); !errors.As(err, new(*osoerrors.PolarFileExtensionError)) {
		t.Errorf("got %v", err)
	}
	wantError(t, o.LoadFS(fsys, "[", "x"), "pattern")
	other := newOso(t, "", oso.WithFS(fsys))
	must(t, other.LoadFiles([]string{"policy/b.polar"}))
	if got := results(t, other, "f(x)"); got != "x:2" {
		t.Errorf("got %q", got)
	}
}

func TestLoadFileIsDeprecatedButWorks(t *testing.T) {
	o := newOso(t, "")
	stderr := os.Stderr
	r, w, err := os.Pipe()
	must(t, err)
	os.Stderr = w
	loadErr := o.LoadFile(write(t, "p.polar", "f(1);"))
	os.Stderr = stderr
	must(t, w.Close())
	must(t, loadErr)
	text := make([]byte, 1000)
	n, err := r.Read(text)
	if err != nil || !strings.Contains(string(text[:n]), "deprecated") {
		t.Errorf("got %q, %v", text[:n], err)
	}
	if got := results(t, o, "f(x)"); got != "x:1" {
		t.Errorf("got %q", got)
	}
}
