package oso_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// The checklist tests hold the library to a list of numbered checks: what programs written for go-oso rely on, and where Goso differs on purpose.
// A subtest is named after its check; TestChecklistIsComplete finds missing numbers. Other tests go deeper where that is needed.

func TestChecklistInstances(t *testing.T) {
	t.Run("check 1: a fresh value answers", func(t *testing.T) {
		var o oso.Oso
		o, err := oso.NewOso()
		must(t, err)
		if got := results(t, &o, "1 = 1"); got != "" {
			t.Errorf("got %q", got)
		}
		if err := queryError(t, &o, "1 = 1"); err != nil {
			t.Error(err)
		}
	})
	t.Run("check 2: copies share rules in both directions", func(t *testing.T) {
		o := newOso(t, "")
		second := *o
		must(t, second.LoadString("f(1);"))
		if got := results(t, o, "f(x)"); got != "x:1" {
			t.Errorf("got %q", got)
		}
		must(t, o.ClearRules())
		must(t, o.LoadString("f(2);"))
		if got := results(t, &second, "f(x)"); got != "x:2" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("check 3: setters of a copy leave the original alone", func(t *testing.T) {
		o := newOso(t, `allow("a", "look", "r");`)
		second := *o
		teapot := errors.New("teapot")
		second.SetReadAction("look")
		second.SetForbiddenError(func() error { return teapot })
		second.SetNotFoundError(func() error { return teapot })
		if err := second.Authorize("a", "write", "r"); err != teapot {
			t.Errorf("the copy: %v", err)
		}
		if err := o.Authorize("a", "write", "r"); !errors.Is(err, osoerrors.ErrNotFound) {
			t.Errorf("the original: %v", err)
		}
	})
	t.Run("check 4: a zero Oso returns errors", func(t *testing.T) {
		var o oso.Oso
		_, err := o.IsAllowed(1, 2, 3)
		_, actions := o.AuthorizedActions(1, 2, true)
		for _, err := range []error{err, actions, o.LoadString("f(1);"), o.RegisterClass(User{}, nil), o.Authorize(1, 2, 3)} {
			wantError(t, err, "NewOso")
		}
	})
}

func TestChecklistFiles(t *testing.T) {
	a, b := write(t, "p.polar", "f(1); f(2);"), write(t, "p.polar", "f(3);")
	same := write(t, "q.polar", "f(3);")
	t.Run("check 5: files of one name in two directories load in order", func(t *testing.T) {
		o := newOso(t, "")
		must(t, o.LoadFiles([]string{b, a}))
		if got := results(t, o, "f(x)"); got != "x:3\nx:1\nx:2" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("check 6: the same path twice", func(t *testing.T) {
		err := newOso(t, "").LoadFiles([]string{a, a})
		wantError(t, err, "already been loaded", a)
	})
	t.Run("check 7: equal contents name both files", func(t *testing.T) {
		wantError(t, newOso(t, "").LoadFiles([]string{b, same}), b, same)
	})
	t.Run("check 8: another extension", func(t *testing.T) {
		err := newOso(t, "").LoadFiles([]string{"no such directory/p.txt"})
		if !errors.As(err, new(*osoerrors.PolarFileExtensionError)) || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("check 9: a missing file", func(t *testing.T) {
		if err := newOso(t, "").LoadFiles([]string{"no such file.polar"}); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("check 10: nothing to load, and loads without rules", func(t *testing.T) {
		o := newOso(t, "")
		must(t, o.LoadFiles(nil))
		for _, policy := range []string{"", "# comment", "type f(_x: Integer);", "f(1);"} {
			must(t, o.LoadString(policy))
		}
	})
	t.Run("check 21: LoadFile works and says that it is deprecated", func(t *testing.T) {
		o := newOso(t, "")
		out, text := streams(t, func() { must(t, o.LoadFile(b)) })
		if out != "" || !strings.Contains(text, "deprecated") {
			t.Errorf("wrote %q and %q", out, text)
		}
		if got := results(t, o, "f(x)"); got != "x:3" {
			t.Errorf("got %q", got)
		}
	})
}

func TestChecklistLoading(t *testing.T) {
	t.Run("check 11: a second load needs ClearRules", func(t *testing.T) {
		o := newOso(t, "f(1);")
		if err := o.LoadString("g(1);"); code(err) != "RuntimeError::MultipleLoadError" {
			t.Errorf("got %v", err)
		}
		must(t, o.ClearRules())
		must(t, o.LoadString("g(1);"))
	})
	t.Run("check 12: a failed load leaves nothing behind", func(t *testing.T) {
		o := newOso(t, "")
		if o.LoadString("f(1); g(;") == nil {
			t.Error("no error")
		}
		wantError(t, queryError(t, o, "f(1)"), "undefined rule")
		must(t, o.LoadString("f(1);"))
	})
	t.Run("check 13: ClearRules keeps classes and constants", func(t *testing.T) {
		o := newOso(t, "f(1);")
		must(t, o.RegisterConstant(5, "Five"))
		must(t, o.ClearRules())
		wantError(t, queryError(t, o, "f(1)"), "Query for undefined rule `f`")
		if got := results(t, o, `x = new Foo("a", Five).Num`); got != "x:5" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("check 14: a failing inline query", func(t *testing.T) {
		o := newOso(t, "")
		err := o.LoadString("f(1); ?= f(2);")
		if !errors.As(err, new(*osoerrors.InlineQueryFailedError)) {
			t.Errorf("got %T", err)
		}
		wantError(t, err, "f(2)")
		if got := results(t, o, "f(x)"); got != "x:1" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("check 15: passing inline queries see classes and constants", func(t *testing.T) {
		o := newOso(t, "")
		must(t, o.RegisterConstant("a", "A"))
		must(t, o.LoadString("f(1); ?= f(1); ?= new Foo(A, 1).Name = A;"))
	})
	t.Run("check 16: parse errors tell where", func(t *testing.T) {
		wantError(t, newOso(t, "").LoadString("f(1);\n f(;"), " at line 2, column 4")
		if err := newOso(t, "").LoadString("f(;"); strings.Contains(err.Error(), "of file") {
			t.Errorf("a text has no file: %v", err)
		}
		file := write(t, "broken.polar", "f(;")
		wantError(t, newOso(t, "").LoadFiles([]string{file}), " at line 1, column 3 of file "+file)
	})
	t.Run("check 17: kinds of load errors", func(t *testing.T) {
		for policy, want := range map[string]types.ValidationErrorVariant{
			"f(x);":                types.ValidationErrorSingletonVariable{},
			"f(x) if g(x);":        types.ValidationErrorUndefinedRuleCall{},
			"resource Nothing { }": types.ValidationErrorUnregisteredClass{},
			"actor Nothing { }":    types.ValidationErrorUnregisteredClass{},
		} {
			err := newOso(t, "").LoadString(policy)
			fpe, _ := errors.AsType[*osoerrors.FormattedPolarError](err)
			if fpe == nil {
				t.Errorf("%s: got %v", policy, err)
				continue
			}
			kind, _ := fpe.Kind.ErrorKindVariant.(types.ErrorKindValidation)
			if diff := cmp.Diff(typeName(want), typeName(kind.ValidationErrorVariant)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", policy, diff)
			}
		}
	})
	t.Run("check 18: an unknown specializer warns and never matches", func(t *testing.T) {
		var m messages
		o := newOso(t, "", oso.WithMessageHandler(m.add), oso.WithoutAllowWarning())
		must(t, o.LoadString("f(_: Nobody);"))
		if w := m.text(true); strings.Count(w, "Nobody") == 0 || len(m.list) != 1 {
			t.Errorf("warnings: %q", w)
		}
		if ok, err := o.QueryRuleOnce("f", User{}); ok || err != nil {
			t.Errorf("got %v, %v", ok, err)
		}
	})
	t.Run("check 19: where messages go", func(t *testing.T) {
		var m messages
		o := newOso(t, "", oso.WithMessageHandler(m.add))
		must(t, o.LoadString(`f(1); ?= print("hello");`))
		if !strings.Contains(m.text(true), "allow") || m.text(false) != "\"hello\"\n" {
			t.Errorf("got %v", m.list)
		}
		out, text := streams(t, func() {
			o, err := oso.NewOso()
			must(t, err)
			must(t, o.LoadString(`f(1); ?= print("hello");`))
		})
		if out != "\"hello\"\n" || !strings.HasPrefix(text, "WARNING: ") {
			t.Errorf("wrote %q and %q", out, text)
		}
	})
	t.Run("check 20: when the environment is read", func(t *testing.T) {
		warning := func(o oso.Oso) string {
			_, text := streams(t, func() { must(t, o.LoadString("f(1);")) })
			return text
		}
		before, err := oso.NewOso()
		must(t, err)
		t.Setenv("POLAR_IGNORE_NO_ALLOW_WARNING", "1")
		if warning(before) == "" {
			t.Error("silenced by a variable set after NewOso")
		}
		o, err := oso.NewOso()
		must(t, err)
		must(t, os.Unsetenv("POLAR_IGNORE_NO_ALLOW_WARNING"))
		if w := warning(o); w != "" {
			t.Errorf("got %q", w)
		}
	})
	t.Run("check 22: replacing is all or nothing", func(t *testing.T) {
		o := newOso(t, "f(1); f(2);")
		q, err := o.NewQueryFromStr("f(x)")
		must(t, err)
		if _, err := q.Next(); err != nil {
			t.Fatal(err)
		}
		if o.ReplaceString("f(3); g(") == nil {
			t.Error("no error")
		}
		if got := results(t, o, "f(x)"); got != "x:1\nx:2" {
			t.Errorf("got %q", got)
		}
		must(t, o.ReplaceString("f(3);"))
		rest, err := q.GetAllResults()
		must(t, err)
		if got := show(rest); got != "x:2" {
			t.Errorf("the running query: got %q", got)
		}
		if got := results(t, o, "f(x)"); got != "x:3" {
			t.Errorf("got %q", got)
		}
	})
}
