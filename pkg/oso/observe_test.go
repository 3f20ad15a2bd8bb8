package oso_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/types"
)

func TestHooksSeeDecisions(t *testing.T) {
	var seen []string
	hook := func(_ context.Context, o oso.Outcome) {
		text := fmt.Sprint(o.Rule, o.Args, o.Allowed)
		if o.Err != nil {
			text += " " + code(o.Err)
		}
		if o.Took <= 0 {
			text += " in no time"
		}
		seen = append(seen, text)
	}
	o := newOso(t, `allow("a", "read", 1); allow("b", _, x) if x.y; allow_request("a", "r"); f(1);`,
		oso.WithDecisionHook(hook), oso.WithDecisionHook(nil), oso.WithDecisionHook(func(context.Context, oso.Outcome) { seen = append(seen, "again") }))
	must(t, o.Authorize("a", "read", 1))
	if err := o.Authorize("a", "write", 1); err == nil {
		t.Error("allowed")
	}
	if ok, err := o.IsAllowed("b", "read", 2); ok || err == nil {
		t.Errorf("got %v, %v", ok, err)
	}
	must(t, o.AuthorizeRequest("a", "r"))
	if ok, err := o.QueryRuleOnce("f", 1); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
	if r := o.IsAllowedBatch(t.Context(), []oso.Check{{Actor: "a", Action: "read", Resource: 1}}); !r[0].Allowed {
		t.Errorf("got %v", r)
	}
	want := []string{
		"allow[a read 1] true", "again", "allow[a write 1] false", "again", "allow[a read 1] true", "again", "allow[b read 2] false RuntimeError::Application", "again",
		"allow_request[a r] true", "again", "f[1] true", "again", "allow[a read 1] true", "again",
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHooksCannotGrant(t *testing.T) {
	o := newOso(t, `allow("a", "read", 1);`, oso.WithDecisionHook(func(_ context.Context, o oso.Outcome) {
		o.Allowed = true
		if len(o.Args) > 0 {
			o.Args[0] = "a"
		}
		if o.Rule == "panics" {
			panic(errBroken)
		}
	}))
	if ok, err := o.IsAllowed("b", "read", 1); ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
	defer func() {
		if v := recover(); v != errBroken {
			t.Errorf("recovered %v", v)
		}
		if ok, err := o.IsAllowed("a", "read", 1); !ok || err != nil {
			t.Errorf("after a panic: got %v, %v", ok, err)
		}
	}()
	ok, err := o.QueryRuleOnce("panics")
	t.Errorf("no panic, but %v, %v", ok, err)
}

func TestTheLoggerGetsMessagesAndDecisions(t *testing.T) {
	log := func(level slog.Level) (*bytes.Buffer, oso.Option) {
		var b bytes.Buffer
		return &b, oso.WithLogger(slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: level})))
	}
	text, option := log(slog.LevelDebug)
	o, err := oso.New(option, oso.WithLogger(nil))
	must(t, err)
	must(t, o.LoadString(`allow("a", "read", user) if user.Name = "secret"; f(_: Nobody); ?= print("hello");`))
	if ok, err := o.IsAllowed("a", "read", User{Name: "secret"}); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
	if ok, err := o.IsAllowed("a", "read", nil); ok || err == nil {
		t.Errorf("got %v, %v", ok, err)
	}
	for _, want := range []string{
		"level=WARN", "Nobody", "level=INFO", "hello",
		`level=DEBUG msg=decision rule=allow allowed=true`, `args="string, string, oso_test.User" action=read`,
		`level=ERROR msg=decision rule=allow allowed=false`, `args="string, string, <nil>" action=read error=`,
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text.String(), "{secret") {
		t.Errorf("a resource is logged:\n%s", text)
	}
	quiet, option := log(slog.LevelWarn)
	o, err = oso.New(option)
	must(t, err)
	must(t, o.LoadString(`allow(1, 2, 3);`))
	if ok, err := o.IsAllowed(1, 2, 3); !ok || err != nil || quiet.Len() > 0 {
		t.Errorf("got %v, %v, logged %s", ok, err, quiet)
	}
}

func TestTracersSeeSteps(t *testing.T) {
	var seen []string
	o := newOso(t, "f(x) if\n  g(x) and x.Name = \"b\";\ng(_);", oso.WithTracer(nil), oso.WithTracer(func(ev oso.TraceEvent) {
		seen = append(seen, strings.TrimSpace(fmt.Sprintf("%s %s|%s|%d:%d", ev.Kind, ev.Name, ev.Rule, ev.Line, ev.Column)))
	}))
	if ok, err := o.QueryRuleOnce("f", Foo{Name: "a"}); ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
	steps := strings.Join(seen, "\n")
	for _, want := range []string{"call g|f|2:3", "lookup Name|f|2:12", "fail "} {
		if !strings.Contains(steps, want) {
			t.Errorf("no %q in\n%s", want, steps)
		}
	}
	seen = nil
	if ok, err := o.QueryRuleOnce("g", 1); !ok || err != nil || !strings.Contains(strings.Join(seen, "\n"), "result ") {
		t.Errorf("got %v, %v, %q", ok, err, seen)
	}
}

func TestTracersSeeAlternatives(t *testing.T) {
	var left []int
	o := newOso(t, "f(x) if g(x, y) and y > 2; g(_, 1); g(_, 2); g(_, 3);", oso.WithTracer(func(ev oso.TraceEvent) {
		if ev.Kind == oso.TraceFail || ev.Kind == oso.TraceResult {
			left = append(left, ev.Choices)
		}
	}))
	if ok, err := o.QueryRuleOnce("f", 1); !ok || err != nil { // the first two of g fail
		t.Errorf("got %v, %v", ok, err)
	}
	if want := []int{1, 1, 0}; !slices.Equal(left, want) {
		t.Errorf("alternatives left: %v, want %v", left, want)
	}
}

func TestPolarLog(t *testing.T) {
	const policy = "f(x) if\n  g(x) and x = 1;\ng(1);"
	run := func(value string) (stdout, stderr string) {
		t.Setenv("POLAR_LOG", value)
		return streams(t, func() {
			o, err := oso.NewOso()
			must(t, err)
			must(t, o.LoadString(policy))
			if ok, err := o.QueryRuleOnce("f", 1); !ok || err != nil {
				t.Errorf("got %v, %v", ok, err)
			}
			if ok, err := o.QueryRuleOnce("g", 2); ok || err != nil {
				t.Errorf("got %v, %v", ok, err)
			}
		})
	}
	t.Setenv("POLAR_IGNORE_NO_ALLOW_WARNING", "1")
	for _, value := range []string{"", "0", "OFF", "trace,off"} {
		if out, text := run(value); out+text != "" {
			t.Errorf("%q: %q, %q", value, out, text)
		}
	}
	for _, value := range []string{"info", "1", "Debug"} {
		out, text := run(value)
		if text != "" || !strings.Contains(out, "[oso][info] ") || !strings.Contains(out, "QUERY RULE: g(1)") || !strings.Contains(out, "RESULT: SUCCESS") ||
			strings.Contains(out, "[trace]") {
			t.Errorf("%q: %q, %q", value, out, text)
		}
	}
	if out, _ := run("TRACE"); !strings.Contains(out, "[oso][trace] ") || !strings.Contains(out, "BACKTRACK") || !strings.Contains(out, "[oso][info] ") {
		t.Errorf("trace: %q", out)
	}
	if out, text := run("now"); out != "" || !strings.Contains(text, "[oso][info] ") {
		t.Errorf("now: %q, %q", out, text)
	}
	must(t, os.Unsetenv("POLAR_LOG"))
}

func TestPolarLogLines(t *testing.T) {
	t.Setenv("POLAR_LOG", "info")
	const policy = `f(x: Foo, y) if
  g(x.Num, y);
f(_: Foo, 1);
g(1, "a\nb");
g(2, 2);

resource Foo { roles = ["r"]; permissions = ["p"]; "p" if "r"; } actor Widget {}
has_role(_: Widget, _: String, _: Foo);`
	out, _ := streams(t, func() {
		o, err := oso.NewOso()
		must(t, err)
		must(t, o.RegisterClass(Foo{}, nil))
		must(t, o.RegisterClass(Widget{}, nil))
		must(t, o.LoadString(policy))
		query, err := o.NewQueryFromRule("f", Foo{Num: 1}, types.Variable("y"))
		must(t, err)
		if results, err := query.GetAllResults(); len(results) != 2 || err != nil {
			t.Errorf("got %v, %v", results, err)
		}
		if ok, err := o.QueryRuleOnce("g", 3, "p"); ok || err != nil {
			t.Errorf("got %v, %v", ok, err)
		}
		if ok, err := o.QueryRuleOnce("has_permission", Widget{}, "p", Foo{}); !ok || err != nil {
			t.Errorf("got %v, %v", ok, err)
		}
	})
	const foo = "oso_test.Foo{Name: Num:1} TYPE `oso_test.Foo`"
	want := `[oso][info]   QUERY RULE: f(` + foo + `, y)
[oso][info]   APPLICABLE_RULES:
[oso][info]     f(x: Foo, y) at line 1, column 1
[oso][info]     f(_: Foo, 1) at line 3, column 1
[oso][info]   RULE: f(x: Foo, y) if g(x.Num, y);
[oso][info]     QUERY RULE: g(1, y)
[oso][info]     APPLICABLE_RULES:
[oso][info]       g(1, "a\nb") at line 4, column 1
[oso][info]     RULE: g(1, "a\nb");
[oso][info] RESULT: {
[oso][info]   y: "a\nb"
[oso][info] }
[oso][info]   RULE: f(_: Foo, 1);
[oso][info] RESULT: {
[oso][info]   y: 1
[oso][info] }
[oso][info]   QUERY RULE: g(3, "p")
[oso][info]   No matching rules found
[oso][info]   QUERY RULE: has_permission(W, "p", oso_test.Foo{Name: Num:0} TYPE ` + "`oso_test.Foo`" + `)
[oso][info]   APPLICABLE_RULES:
[oso][info]     "p" at line 7, column 52
[oso][info]   RULE: "p" if "r"
[oso][info]     QUERY RULE: has_role(W, "r", oso_test.Foo{Name: Num:0} TYPE ` + "`oso_test.Foo`" + `)
[oso][info]     APPLICABLE_RULES:
[oso][info]       has_role(_: Widget, _: String, _: Foo) at line 8, column 1
[oso][info]     RULE: has_role(_: Widget, _: String, _: Foo);
[oso][info] RESULT: SUCCESS
`
	out = strings.ReplaceAll(out, "oso_test.Widget{Id:0 CompanyId:0} TYPE `oso_test.Widget`", "W")
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestObserversAreToldOfPropagatedPanics(t *testing.T) {
	var told error
	o := newOso(t, "f(t) if t.Panic();", oso.WithPanicPropagation(), oso.WithDecisionHook(func(_ context.Context, o oso.Outcome) { told = o.Err }))
	func() {
		defer func() { _ = recover() }()
		_, _ = o.QueryRuleOnce("f", Thing{})
		t.Error("no panic")
	}()
	if !errors.Is(told, errBroken) {
		t.Errorf("told %v", told)
	}
}
