package oso_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// seeds gives every policy and query of the conformance cases to f.
func seeds(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "conformance", "*.jsonl"))
	must(f, err)
	for _, name := range files {
		file, err := os.Open(name)
		must(f, err)
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			var c struct {
				Policy json.RawMessage
				Query  string
			}
			var policy string
			if json.Unmarshal(lines.Bytes(), &c) == nil && json.Unmarshal(c.Policy, &policy) == nil {
				f.Add(policy, c.Query)
			}
		}
		must(f, lines.Err())
		must(f, file.Close())
	}
}

// FuzzQuery runs a query on a policy, both arbitrary, over objects of every kind. Whatever happens is a result or an error,
// soon, and asking the same again gives the same; a decision that met an error is no yes.
func FuzzQuery(f *testing.F) {
	seeds(f)
	f.Add("f(x) if x in Nested and x = U.Roles;", "f(x) and y in U.Roles and y.Name = x")
	f.Add("allow(u, a, r) if u.Roles = r and not a = u or forall(x in r, x matches Foo{Num: a});", "allow(U, T, x)")
	f.Fuzz(func(t *testing.T, policy, query string) {
		o, err := oso.New(oso.WithMessageHandler(func(oso.Message) {}), oso.WithTimeout(2*time.Second), oso.WithMaxSteps(20_000),
			oso.WithLimits(oso.Limits{Depth: 10_000, HeapCells: 1 << 20, StackWords: 1 << 20}))
		must(t, err)
		for _, cls := range []any{User{}, Role{}, Widget{}, Company{}, Thing{}} {
			must(t, o.RegisterClass(cls, nil))
		}
		must(t, o.RegisterClass(Foo{}, NewFoo))
		for name, v := range map[string]any{
			"U": &User{Name: "u", Roles: []Role{{"a", 1}, {"b", 2}}}, "T": &Thing{Slice: []int{1}, Any: Foo{}}, "F": Foo{"a", 1},
			"Nested": []any{1, "a", []any{nil, 2.5}, map[string]any{"k": []int{1}}}, "B": bomb{}, "Time": time.Unix(0, 0),
		} {
			must(t, o.RegisterConstant(v, name))
		}
		if err := o.LoadString(policy); err != nil {
			if e, ok := errors.AsType[*osoerrors.FormattedPolarError](err); ok && e.Code() == "" {
				t.Errorf("an error without a code: %v", err)
			}
		}
		first, firstErr := run(t, o, query)
		if second, secondErr := run(t, o, query); first != second || (firstErr == nil) != (secondErr == nil) {
			t.Errorf("%s\nthen\n%s\n%v\n%v", first, second, firstErr, secondErr)
		}
		for _, args := range [][3]any{{&User{}, "read", &Widget{}}, {Thing{}, types.Variable("x"), []any{1}}} {
			if ok, err := o.IsAllowed(args[0], args[1], args[2]); ok && err != nil {
				t.Errorf("allowed with the error %v", err)
			}
		}
	})
}

// run returns up to a hundred results of a query as a text.
func run(t *testing.T, o *oso.Oso, query string) (string, error) {
	t.Helper()
	q, err := o.NewQueryFromStr(query)
	if err != nil {
		return "", err
	}
	q.SetAcceptExpression(true)
	n, text := 0, ""
	for r, err := range q.All() {
		if err != nil {
			return text, err
		}
		if n++; n > 100 {
			break
		}
		keys, err := json.Marshal(len(r))
		must(t, err)
		text += string(keys) + "\n"
	}
	return text, nil
}

// FuzzStrings asks rules about arbitrary strings. They are data and nothing else: compared, found in lists, as keys and as elements by
// what they are, and never read as policy text.
func FuzzStrings(f *testing.F) {
	o := newOso(f, `same(x, x); among(x, xs) if x in xs; at(d, k, x) if x = d.(k); hidden("x");`)
	f.Fuzz(func(t *testing.T, a, b string) {
		equal := string([]rune(a)) == string([]rune(b)) // every invalid byte is a U+FFFD
		for _, q := range []struct {
			rule string
			args []any
		}{
			{"same", []any{a, b}}, {"same", []any{[]string{a}, []any{b}}}, {"same", []any{map[string]any{"k": a}, map[string]string{"k": b}}},
			{"among", []any{a, []string{"", b}[1:]}}, {"among", []any{a, []any{1, b}}}, {"at", []any{map[string]any{b: 1}, a, 1}},
		} {
			got, err := o.QueryRuleOnce(q.rule, q.args...)
			if err != nil || got != equal {
				t.Errorf("%s%q gives %v, %v, want %v", q.rule, q.args, got, err, equal)
			}
		}
		switch ok, err := o.QueryRuleOnce(a, b); {
		case ok && a != "hidden":
			t.Errorf("the rule %q holds of %q", a, b)
		case err == nil && a != "same" && a != "among" && a != "at" && a != "hidden":
			t.Errorf("there is a rule %q", a)
		}
	})
}
