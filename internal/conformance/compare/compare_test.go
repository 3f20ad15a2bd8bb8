package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goso-project/goso/internal/conformance"
)

func answer(results ...map[string]string) conformance.Answer {
	return conformance.Answer{Results: append([]map[string]string{}, results...)}
}

func x(value string) map[string]string { return map[string]string{"x": value} }

func failing(kind string, at ...int) *conformance.Failure {
	return &conformance.Failure{Kind: kind, At: at}
}

func printing(a conformance.Answer, texts ...string) conformance.Answer {
	for _, t := range texts {
		a.Messages = append(a.Messages, conformance.Message{Kind: "Print", Message: t})
	}
	return a
}

func withError(a conformance.Answer, f *conformance.Failure) conformance.Answer {
	a.Error = f
	return a
}

func loadError(kind string, at ...int) conformance.Answer {
	return conformance.Answer{LoadError: failing(kind, at...)}
}

func TestDecidedDifferencesAreExplained(t *testing.T) {
	none := answer()
	for _, tc := range []struct {
		policy       string
		theirs, ours conformance.Answer
		reason       string // a part of it; empty: nothing explains the difference
	}{
		{"", answer(x("1")), answer(x("2")), ""},
		{"", answer(x("1")), none, ""},
		{"", answer(x("[?_1, ?_2]")), answer(x("[?y, ?y]")), "named otherwise"},
		{"", answer(x("[?_1, ?_1]")), answer(x("[?y, ?z]")), ""},
		{"", answer(x("(And)")), answer(x("?x")), "named otherwise"},
		{"", answer(map[string]string{"x": "(And (Unify ?_this ?y) (Gt ?y 1))", "y": "(And (Unify ?x ?_this) (Gt ?_this 1))"}),
			answer(map[string]string{"x": "(And (Unify ?_this ?y) (Gt ?_this 1))", "y": "(And (Unify ?_this ?x) (Gt ?x 1))"}), "named otherwise"},
		{"", withError(none, failing("Panic")), answer(x("1")), "crashed"},
		{"", withError(none, failing("OperationalError::UnexpectedValue")), answer(x("1")), "internal error"},
		{"", answer(x("[?x]")), withError(none, failing("RuntimeError::StackOverflow")), "contains itself"},
		{"", withError(none, failing("K")), withError(printing(none, "1"), failing("K")), "just before an error"},
		{"", printing(none, "1"), printing(none, "2"), ""},
		{"", printing(none, "B(k: A(x: 1)) TYPE `B`, 2"), printing(none, "B{k: 1} TYPE `B`, 2"), "how an instance prints"},
		{"", printing(none, "B(k: 1) TYPE `B`, 2"), printing(none, "A{k: 1} TYPE `A`, 2"), ""},
		{"", printing(none, "_x_1, [_7]"), printing(none, "x, [_9]"), "any of its names"},
		{"", withError(none, failing("K")), withError(none, failing("K", 1, 2)), "lost the place"},
		{"", withError(none, failing("K", 1, 3)), withError(none, failing("K", 1, 2)), ""},
		{"", withError(none, failing("RuntimeError::UnhandledPartial", 1, 3)), withError(none, failing("RuntimeError::UnhandledPartial", 1, 2)), "unhandled condition"},
		{"", loadError("ValidationError::UndefinedRuleCall", 1, 1), loadError("ValidationError::UndefinedRuleCall", 2, 1), "undefined calls"},
		{"f() if not x.a;", answer(x("1")), withError(none, failing("RuntimeError::Application", 1, 1)), "errors inside not"},
		{"f() if x.a;", answer(x("1")), withError(none, failing("RuntimeError::Application", 1, 1)), ""},
		{"f() if not x.a;", none, withError(answer(x("1")), failing("RuntimeError::Application", 1, 1)), ""},
		{"f() if not (true or 1 in 1);", withError(none, failing("RuntimeError::TypeError")), none, "later alternative"},
		{"f() if not (print(1) or print(2));", printing(none, "1", "2"), printing(none, "1"), "before later conditions print"},
		{"f() if not g(x);", withError(none, failing("RuntimeError::UnhandledPartial")), none, "always holds"},
		{"f() if not g(x);", answer(x("(And (Neq ?_this ?_1))")), none, "always holds"},
		{"f(_: {a: 1});", withError(none, failing("RuntimeError::Application")), none, "missing when a pattern"},
		{"", answer(x("(And (Gt 1 3))"), x("(And (Lt 1 3) (In 1 ?_this))")), answer(x("(And (In 1 ?_this))")), "constant conditions"},
		{"", answer(x(`(And (Isa 1 A{}))`), x(`(And (Isa "a" String{}) (Or (Eq 1 2) (In 1 ?_this)))`)), answer(x("(And (In 1 ?_this))")), "constant conditions"},
		{"", answer(x("(And (Leq \"a\" \"b\") (Neq [] {}) (Or (Lt 1 0) (Eq 1 1)))")), answer(x("?x")), "constant conditions"},
		{"", answer(x(`(And (Unify (Dot ?_this "a") B{k: 1, a: {c: D{}}}))`)),
			answer(x(`(And (Isa (Dot ?_this "a") B{}) (Unify (Dot (Dot ?_this "a") "k") 1) (Isa (Dot (Dot (Dot ?_this "a") "a") "c") D{}))`)), "nested class pattern is a class test"},
		{"", answer(x(`(And (Unify (Dot ?_this "a") {}))`)), answer(x(`(And)`)), "nested class pattern is a class test"},
		{"", answer(x(`(And (Unify (Dot ?_this "a") B{}))`)), none, "declared class"},
		{"", answer(x(`(And (Unify ?_1 (Dot ?_this "a")))`)), answer(x(`(And)`)), "nothing uses"},
		{"", answer(x(`(And (In 1 ?_this))`)), answer(x(`(And (In 1 ?_this) (Unify (Dot ?_this "a") (Dot ?_this "b")))`)), "equality the reference loses"},
		{"", answer(x(`(And (In 1 ?_this))`)), answer(x(`(And (In 1 ?_this) (Gt ?_this 2))`)), ""},
		{"", answer(x(`(And (Leq 1 ?_this))`)), answer(x(`(And (Leq 1 ?_this) (Gt ?_this 1))`)), "mirror image"},
		{"f(1) if cut; g(_) if f(1) and f(1);", answer(x("1")), answer(x("1"), x("1")), "a cut means"},
		{"", answer(x(`(And (Unify (Dot ?_this "a") [?_1]) (Unify (Dot ?_this "a") [1]))`)), answer(x(`(And (Unify [1] (Dot ?_this "a")))`)), "not repeated"},
		{"f(x) if x.a = 1;", none, answer(x("{a: 1}")), "dictionary are evaluated"},
		{"", answer(x(`(And (Unify ?_1 (Dot ?_this "a")) (Unify 1 ?_1))`)), answer(x(`(And (Unify 1 (Dot ?_this "a")))`)), ""},
		{"", answer(x("(And (In 1 ?_this))")), answer(x(`(And (In 1 ?_this))`), x(`(And (Unify ?_this (Dot ?_this "a")))`)), "its own field"},
		{"f(x) if x + (1 + 2) > 3;", answer(x("1")), withError(none, failing("RuntimeError::Unsupported")), "once its operands are known"},
		{"", answer(x(`(And (Isa ?_this ?_1))`)), answer(x("?x")), "variable in a pattern"},
		{"", answer(map[string]string{"x": `(And (Unify ?y (Dot ?_this "a")) (Gt (Dot ?_this "a") 1))`, "y": "?y"}),
			answer(map[string]string{"x": `(And (Unify ?y (Dot ?_this "a")) (Gt ?y 1))`, "y": "?y"}), "may stand for it"},
		{"f(_: {a: C{}}) if cut;", none, answer(x("1")), "declared class"},
		{"f([1, *r]) if r.a;", withError(none, failing("RuntimeError::UnhandledPartial")), answer(x("1")), "rest of a list"},
		{"f([1, *r]) if r = 2;", answer(x("[1, 2]")), answer(x("[1, *?_1]")), "rest of a list"},
		{"", answer(x(`(And (Eq (Dot ?_this "a") (Dot ?_this "b")))`)), answer(x(`(And (Unify (Dot ?_this "a") (Dot ?_this "b")))`)), "whether = or =="},
		{"", withError(answer(x("1")), failing("K", 1, 1)), withError(none, failing("K", 1, 1)), "test of a rule"},
		{"f(x) if x.a;", withError(none, failing("RuntimeError::TypeError")), answer(x("1")), "plain value"},
		{"f(x) if x.a;", answer(x(`(And (Unify 1 (Dot 2 "a")))`)), withError(none, failing("RuntimeError::Application", 1, 1)), "plain value"},
		{"f() if not x;", answer(x(`(And (Isa ?_this A{}) (Or (Not (Isa ?_this A{})) (Neq 1 ?_this)))`)),
			answer(x(`(And (Isa ?_this A{}) (Neq 1 ?_this))`)), "known outside"},
		{"f() if not x;", answer(x(`(And (Gt ?_this 1) (Leq ?_this 1))`)), none, "known outside"},
		{"f() if not x;", answer(map[string]string{"x": "(And (Neq ?_this 1))", "y": "(And (Neq ?_this 2))"}),
			answer(map[string]string{"x": "(And (Or (Neq ?_this 1) (Neq ?y 2)))", "y": "(And (Or (Neq ?x 1) (Neq ?_this 2)))"}), "follow logic"},
		{"f() if not x;", answer(x("1")), answer(x("2")), ""},
		{"f() if not x != 1;", answer(x("(And (In 1 ?_this))")), withError(none, failing("RuntimeError::TypeError")), "wakes"},
		{"f() if 1 != x;", withError(none, failing("RuntimeError::Unsupported", 1, 1)), answer(x("1")), "bound later"},
	} {
		query := "f(x)"
		c := &conformance.Case{ID: "a", Policy: conformance.Text(tc.policy), Query: &query, Answer: tc.theirs}
		got := explain(c, &tc.ours)
		if tc.reason == "" && got != "" || !strings.Contains(got, tc.reason) {
			t.Errorf("%s\ntheirs %s\nours   %s\n got %q\nwant %q", tc.policy, conformance.Canonical(&tc.theirs), conformance.Canonical(&tc.ours), got, tc.reason)
		}
	}
}

func TestTheReportCountsReasonsAndShowsWhatNothingExplains(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	theirs := write("theirs", `{"id":"a","query":"x","results":[{"x":"1"}]}
{"id":"b","policy":"f();","query":"x","results":[{"x":"1"}]}
{"id":"c","query":"x","results":[],"error":{"kind":"Panic"}}
`)
	ours := write("ours", `{"id":"c","query":"x","results":[]}
{"id":"b","policy":"f();","query":"x","results":[{"x":"2"}]}
{"id":"a","query":"x","results":[{"x":"1"}]}
`)
	var out bytes.Buffer
	n, err := compareFiles(func(r *report) { r.print(&out, 5); r.list(&out) }, theirs, ours)
	if err != nil || n != 1 {
		t.Fatalf("got %d, %v", n, err)
	}
	for _, want := range []string{"f();", "?= x", `theirs {"results":[{"x":"1"}]`, "1 differ: the reference crashed or did not end (c)",
		"1 of 3 agree, 1 differ for a reason, 1 unexplained", "\nb\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	out.Reset()
	if _, err := compareFiles(func(r *report) { r.print(&out, 0) }, theirs, ours); err != nil || !strings.Contains(out.String(), "… and 1 more") {
		t.Errorf("%v\n%s", err, out.String())
	}
	for _, pair := range [][2]string{{theirs, filepath.Join(dir, "no")}, {filepath.Join(dir, "no"), ours}, {theirs, write("bad", "{")}, {theirs, write("few", "")}} {
		if _, err := compareFiles(func(*report) {}, pair[0], pair[1]); err == nil {
			t.Errorf("%v: no error", pair)
		}
	}
}
