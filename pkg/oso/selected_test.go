package oso_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
)

// Ledger has a field that a Resolver knows better.
type Ledger struct {
	Id    int
	Owner string
}

// What a Resolver is to be asked is never read from the object instead, however often it was read before.
func TestSelectedFieldsAreAskedForEachTime(t *testing.T) {
	const policy = `allow(who, _, l: Ledger) if l.Owner = who and l.Id > 0 and l.Owner = who and l.Id < 9 and l.Owner in [who];`
	for _, test := range []struct {
		name  string
		names []string
		asked string // of one query
	}{
		{"one field", []string{"Owner"}, "Owner Owner Owner"},
		{"one field of a class", []string{"Ledger.Owner"}, "Owner Owner Owner"},
		{"another field", []string{"Id"}, "Id Id"},
		{"everything", nil, "Owner Id Owner Id Owner"},
		{"a field of another class", []string{"User.Owner"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked []string
			r := oso.ResolverFunc(func(_ context.Context, questions []*oso.Question) error {
				for _, q := range questions {
					asked = append(asked, q.Name)
					if q.Name == "Owner" {
						q.Answer("ann")
					} else {
						q.Pass()
					}
				}
				return nil
			})
			o := newOso(t, "x(1);", oso.WithResolver(r, test.names...))
			must(t, o.RegisterClass(Ledger{}, nil))
			must(t, o.ReplaceString(policy))
			resolved := strings.Contains(test.asked, "Owner")
			for range 3 {
				for _, l := range []any{Ledger{1, "bob"}, &Ledger{2, "bob"}} {
					asked = nil
					if ok, err := o.IsAllowed("ann", "read", l); ok != resolved || err != nil {
						t.Errorf("ann: got %t, %v", ok, err)
					}
					if want := strings.Fields(test.asked); resolved && !cmp.Equal(want, asked) {
						t.Errorf("asked %q, want %q", asked, want)
					}
					if ok, err := o.IsAllowed("bob", "read", l); ok == resolved || err != nil {
						t.Errorf("bob: got %t, %v", ok, err)
					}
				}
			}
		})
	}
}

// A question may have any number of arguments; the logger takes the action from those of allow with three.
func TestTheLoggerTakesAnyNumberOfArguments(t *testing.T) {
	var text bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
	o := newOso(t, `allow(_, _, _); other(_, _, _);`, oso.WithLogger(logger))
	for rule, calls := range map[string][][]any{"allow": {{"a"}, {"a", "read"}}, "other": {{"a", "read", 1}}} {
		for _, args := range calls {
			text.Reset()
			if ok, _ := o.QueryRuleOnce(rule, args...); ok != (rule == "other") {
				t.Errorf("%s%v: got %t", rule, args, ok)
			}
			if !strings.Contains(text.String(), "rule="+rule) || strings.Contains(text.String(), "action=") {
				t.Errorf("%s%v is logged as %s", rule, args, &text)
			}
		}
	}
	text.Reset()
	if ok, err := o.QueryRuleOnce("allow", "a", "read", 1); !ok || err != nil || !strings.Contains(text.String(), "action=read") {
		t.Errorf("got %t, %v, logged as %s", ok, err, &text)
	}
}

// A replay ends with the error that the recorded query ended with, as the application knows it.
func TestReplayedErrorsArePublic(t *testing.T) {
	o := newOso(t, `allow(_, "missing", w: Widget) if w.Nothing; allow(_, "compare", w: Widget) if w.Id < "a";`)
	for _, action := range []string{"missing", "compare"} {
		_, rec, err := o.Record(t.Context(), "allow", "ann", action, Widget{1, 2})
		if rec == nil || err == nil {
			t.Fatalf("%s: got %v, %v", action, rec, err)
		}
		allowed, replayed := rec.Replay(t.Context())
		if allowed || code(err) == "" || code(err) != code(replayed) {
			t.Errorf("%s: recorded %T %v, replayed %t, %T %v", action, err, err, allowed, replayed, replayed)
		}
	}
}
