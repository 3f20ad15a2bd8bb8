package conformance_test

import (
	"testing"

	"github.com/goso-project/goso/internal/conformance"
)

func result(values map[string]string) *conformance.Answer {
	return &conformance.Answer{Results: []map[string]string{values}}
}

func TestAnswersThatSayTheSameAgree(t *testing.T) {
	for _, tc := range []struct {
		shows string
		a, b  string
		agree bool
	}{
		{"equal text", `[1, 2]`, `[1, 2]`, true},
		{"other values", `[1, 2]`, `[2, 1]`, false},
		{"a number's kind", `1`, `1.0`, false},
		{"any variable for another", `?x`, `?_1`, true},
		{"a variable is no value", `?x`, `1`, false},
		{"nor inside a value", `[?x]`, `[?y]`, false},
		{"generated names by appearance", `[?_1, ?_2, ?_1]`, `[?_5, ?_1, ?_5]`, true},
		{"but which are equal counts", `[?_1, ?_2, ?_1]`, `[?_1, ?_2, ?_2]`, false},
		{"order of a conjunction", `(And (Gt ?_this 1) (In 2 ?_this))`, `(And (In 2 ?_this) (Gt ?_this 1))`, true},
		{"mirrored ordering", `(And (Gt ?_this 1))`, `(And (Lt 1 ?_this))`, true},
		{"another ordering", `(And (Gt ?_this 1))`, `(And (Lt ?_this 1))`, false},
		{"or equal", `(And (Geq 1 ?_this))`, `(And (Leq ?_this 1))`, true},
		{"strictness", `(And (Geq 1 ?_this))`, `(And (Lt ?_this 1))`, false},
		{"sides of an equality", `(And (Unify 1 (Dot ?_this "a")))`, `(And (Unify (Dot ?_this "a") 1))`, true},
		{"= is not ==", `(And (Unify 1 ?_this))`, `(And (Eq 1 ?_this))`, false},
		{"nested conjunctions", `(And (And (Gt ?_this 1) (Gt ?_this 2)) (Gt ?_this 3))`, `(And (Gt ?_this 3) (Gt ?_this 2) (Gt ?_this 1))`, true},
		{"repeated members", `(And (Gt ?_this 1) (Lt 1 ?_this))`, `(And (Gt ?_this 1))`, true},
		{"a disjunction of one", `(And (Or (Gt ?_this 1)))`, `(And (Gt ?_this 1))`, true},
		{"nested disjunctions", `(And (Or (Or (Gt ?_this 1) (Neq ?_this 2)) (Not (In 1 ?_this))))`, `(And (Or (Not (In 1 ?_this)) (Neq 2 ?_this) (Gt ?_this 1)))`, true},
		{"generated names inside sorted members", `(And (In ?_1 ?_this) (Gt ?_1 ?_2) (In ?_2 ?_this))`, `(And (In ?_2 ?_this) (In ?_1 ?_this) (Gt ?_2 ?_1))`, true},
		{"strings are not looked into", `"(Gt 1 2)"`, `"(Lt 2 1)"`, false},
		{"escaped quotes", `"a\" (Gt 1 2)"`, `"a\" (Gt 1 2)"`, true},
		{"unbalanced text", `(And (Gt 1 2)`, `(And (Gt 1 2)`, true},
		{"a stray bracket", `1)`, `1`, true},
	} {
		a, b := result(map[string]string{"x": tc.a}), result(map[string]string{"x": tc.b})
		if got := conformance.Agree(a, b); got != tc.agree {
			t.Errorf("%s: %s and %s: got %v\n%s\n%s", tc.shows, tc.a, tc.b, got, conformance.Canonical(a), conformance.Canonical(b))
		}
	}
}

func TestAgreementOfErrorsAndMessages(t *testing.T) {
	fail := func(kind string, at ...int) *conformance.Failure { return &conformance.Failure{Kind: kind, At: at} }
	warn := func(code string, at ...int) conformance.Message {
		return conformance.Message{Kind: "Warning", Code: code, At: at}
	}
	say := func(text string) conformance.Message { return conformance.Message{Kind: "Print", Message: text} }
	messages := func(ms ...conformance.Message) *conformance.Answer { return &conformance.Answer{Messages: ms} }
	for _, tc := range []struct {
		shows string
		a, b  *conformance.Answer
		agree bool
	}{
		{"no query is not no result", &conformance.Answer{}, &conformance.Answer{Results: []map[string]string{}}, false},
		{"the place of an error", &conformance.Answer{Error: fail("K", 1, 2)}, &conformance.Answer{Error: fail("K", 1, 3)}, false},
		{"not of a type error", &conformance.Answer{Error: fail("RuntimeError::TypeError", 1, 2)}, &conformance.Answer{Error: fail("RuntimeError::TypeError")}, true},
		{"where it arose", &conformance.Answer{Error: fail("K")}, &conformance.Answer{LoadError: fail("K")}, false},
		{"truncation", &conformance.Answer{Truncated: true}, &conformance.Answer{}, false},
		{"order of printing", messages(say("a"), say("b")), messages(say("b"), say("a")), false},
		{"names in what is printed", messages(say("_x_12 and _7")), messages(say("_9 and _y_z_1")), true},
		{"order of warnings", messages(warn("A", 1, 1), warn("B")), messages(warn("B"), warn("A", 1, 1)), true},
		{"place of a warning", messages(warn("A", 1, 1)), messages(warn("A", 1, 2)), false},
		{"number of warnings", messages(warn("A"), warn("A")), messages(warn("A")), false},
	} {
		if got := conformance.Agree(tc.a, tc.b); got != tc.agree {
			t.Errorf("%s: got %v", tc.shows, got)
		}
	}
}
