package osotest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// New returns an Oso for a test: what policies print is logged by the test, and warnings fail it.
func New(t testing.TB, options ...oso.Option) *oso.Oso {
	t.Helper()
	handler := oso.WithMessageHandler(func(m oso.Message) {
		if _, ok := m.Kind.MessageKindVariant.(types.MessageKindWarning); ok {
			t.Errorf("warning: %s", m.Msg)
			return
		}
		t.Logf("printed: %s", m.Msg)
	})
	o, err := oso.New(append([]oso.Option{handler}, options...)...)
	if err != nil {
		t.Fatalf("making an Oso: %v", err)
	}
	return o
}

// CheckPolicy replaces the policy by files and ends the test if they do not load or one of their inline queries fails.
func CheckPolicy(t testing.TB, o *oso.Oso, files ...string) {
	t.Helper()
	if len(files) == 0 {
		t.Fatal("no policy files")
	}
	if err := o.ReplaceFiles(files); err != nil {
		t.Fatalf("loading %s: %v", strings.Join(files, ", "), err)
	}
}

// CheckText is CheckPolicy for a text.
func CheckText(t testing.TB, o *oso.Oso, policy string) {
	t.Helper()
	if err := o.ReplaceString(policy); err != nil {
		t.Fatalf("loading: %v", err)
	}
}

// Outcome is what Authorize makes of a question.
type Outcome string

// The outcomes. A denied action is Forbidden for an actor who may read the resource, and NotFound for others.
const (
	Allowed   Outcome = "allowed"
	Forbidden Outcome = "forbidden"
	NotFound  Outcome = "not found"
	// Denied is the outcome to want when it does not matter which denial it is.
	Denied Outcome = "denied"
)

// Case is a question and the outcome that the policy should give it.
type Case struct {
	Actor, Action, Resource any
	Want                    Outcome
}

// Check asks each question with Authorize and reports those with another outcome, as errors of the test. It expects the
// default errors: see SetForbiddenError and SetNotFoundError.
func Check(t testing.TB, o *oso.Oso, cases []Case) {
	t.Helper()
	for i, c := range cases {
		got, err := outcome(o.AuthorizeContext(t.Context(), c.Actor, c.Action, c.Resource))
		switch {
		case err != nil:
			t.Errorf("case %d, %s: got the error %v, want %s", i, question(c), err, c.Want)
		case got != c.Want && (c.Want != Denied || got == Allowed):
			t.Errorf("case %d, %s: got %s, want %s", i, question(c), got, c.Want)
		}
	}
}

func outcome(err error) (Outcome, error) {
	switch {
	case err == nil:
		return Allowed, nil
	case errors.Is(err, osoerrors.ErrForbidden):
		return Forbidden, nil
	case errors.Is(err, osoerrors.ErrNotFound):
		return NotFound, nil
	}
	return "", err
}

func question(c Case) string { return fmt.Sprintf("%+v, %+v, %+v", c.Actor, c.Action, c.Resource) }

// Actions checks which actions an actor may do to a resource: exactly those wanted, in any order. "*" stands for a rule that
// allows any.
func Actions(t testing.TB, o *oso.Oso, actor, resource any, want ...any) {
	t.Helper()
	set, err := o.AuthorizedActionsContext(t.Context(), actor, resource, true)
	compare(t, fmt.Sprintf("actions of %+v on %+v", actor, resource), set, err, want)
}

// Fields checks which fields an action of an actor may touch: exactly those wanted, in any order.
func Fields(t testing.TB, o *oso.Oso, actor, action, resource any, want ...any) {
	t.Helper()
	set, err := o.AuthorizedFieldsContext(t.Context(), actor, action, resource, true)
	compare(t, fmt.Sprintf("fields for %+v, %+v, %+v", actor, action, resource), set, err, want)
}

func compare(t testing.TB, what string, set map[any]struct{}, err error, want []any) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: got the error %v, want %s", what, err, list(want))
		return
	}
	got := []any{}
	for x := range set {
		got = append(got, x)
	}
	if list(got) != list(want) {
		t.Errorf("%s: got %s, want %s", what, list(got), list(want))
	}
}

// list prints values in one order. Integers of different types print alike.
func list(values []any) string {
	texts := make([]string, len(values))
	for i, x := range values {
		if s, ok := x.(string); ok {
			texts[i] = fmt.Sprintf("%q", s)
		} else {
			texts[i] = fmt.Sprint(x)
		}
	}
	slices.SortFunc(texts, cmp.Compare[string])
	return "[" + strings.Join(slices.Compact(texts), " ") + "]"
}
