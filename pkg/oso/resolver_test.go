package oso_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	osoerrors "github.com/goso-project/goso/pkg/oso/errors"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Paper is an object of which the program holds a number only.
type Paper struct{ Id int }

// archive is a Resolver that knows papers' owners and notes what it is asked.
type archive struct {
	mu     sync.Mutex
	calls  int
	asked  []string
	answer func(q *oso.Question)
}

func (a *archive) Resolve(_ context.Context, questions []*oso.Question) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls++
	for _, q := range questions {
		a.asked = append(a.asked, describe(q))
		a.answer(q)
	}
	return nil
}

func describe(q *oso.Question) string {
	text := fmt.Sprintf("%v %v.%s", q.Kind, q.Receiver, q.Name)
	if len(q.Args) > 0 || len(q.Kwargs) > 0 {
		text += fmt.Sprint(q.Args, q.Kwargs)
	}
	return text
}

// owners answers that a paper's owner is "ann" for odd numbers, else "bob", and passes on the rest.
func owners(q *oso.Question) {
	p, ok := q.Receiver.(Paper)
	switch {
	case ok && q.Name == "owner" && p.Id%2 == 1:
		q.Answer("ann")
	case ok && q.Name == "owner":
		q.Answer("bob")
	default:
		q.Pass()
	}
}

const paperPolicy = `
	allow(who, "write", p: Paper) if p.owner = who;
	allow(who, "read", p: Paper) if p.Id < 10 and p.owner in ["ann", who];
	allow(_, "pattern", _: Paper{owner: "ann"});
	allow(_, "lacking", p: Paper) if not p matches Paper{owner: "ann"};`

func paperOso(t testing.TB, r oso.Resolver, names ...string) *oso.Oso {
	t.Helper()
	o := newOso(t, "x(1);", oso.WithResolver(r, names...), oso.WithMessageHandler(func(oso.Message) {}))
	must(t, o.RegisterClass(Paper{}, nil))
	must(t, o.ReplaceString(paperPolicy))
	return o
}

func TestResolverAnswersWhatItSelects(t *testing.T) {
	for _, test := range []struct {
		name  string
		names []string
		asked []string
	}{
		{"everything", nil, []string{"attribute {1}.Id", "attribute {1}.owner"}},
		{"an attribute of a class", []string{"Paper.owner"}, []string{"attribute {1}.owner"}},
		{"an attribute of any class", []string{"owner"}, []string{"attribute {1}.owner"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := &archive{answer: owners}
			o := paperOso(t, a, test.names...)
			for range 3 { // also when the fields read have been remembered
				a.asked = nil
				if ok, err := o.IsAllowed("cleo", "read", Paper{1}); !ok || err != nil {
					t.Fatalf("got %t, %v", ok, err)
				}
				if diff := cmp.Diff(test.asked, a.asked); diff != "" {
					t.Errorf("questions (-want +got)\n%s", diff)
				}
			}
		})
	}
	a := &archive{answer: owners}
	o := paperOso(t, a, "Foo.owner")
	if ok, err := o.IsAllowed("ann", "write", Paper{1}); ok || err == nil || len(a.asked) > 0 {
		t.Errorf("got %t, %v after asking %q, want an error without a question", ok, err, a.asked)
	}
}

func TestResolverAnswersEveryKindOfQuestion(t *testing.T) {
	var asked []string
	r := oso.ResolverFunc(func(_ context.Context, questions []*oso.Question) error {
		for _, q := range questions {
			asked = append(asked, describe(q))
			switch q.Kind {
			case oso.AskNew:
				q.Answer(Paper{int(q.Args[0].(int64))})
			case oso.AskElements:
				q.Answer([]int{1, 2})
			case oso.AskIsa, oso.AskCompare:
				q.Answer(true)
			default:
				q.Answer(7)
			}
		}
		return nil
	})
	o := newOso(t, "x(1);", oso.WithResolver(r))
	must(t, o.RegisterClass(Paper{}, nil))
	must(t, oso.RegisterInterface[fmt.Stringer](o, "Text"))
	must(t, o.RegisterConstant(textual{}, "T"))
	got := results(t, o, `p = new Paper(5) and x = p.pages and y = p.page(3, size: "A4") and z in p and p < p and T matches Text and p = T`)
	if want := "p:{5} x:7 y:7 z:1\np:{5} x:7 y:7 z:2"; got != want {
		t.Errorf("results: got %q, want %q", got, want)
	}
	want := []string{`new <nil>.Paper[5] map[]`, `attribute {5}.pages`, `method {5}.page[3] map[size:A4]`, `elements {5}.`,
		`compare {5}.<[{5}] map[]`, `isa textual.Text`, `compare {5}.==[textual] map[]`}
	slices.Sort(asked)
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Compact(asked)); diff != "" {
		t.Errorf("questions (-want +got)\n%s", diff)
	}
}

// textual is of no registered class of its own.
type textual struct{}

func (textual) String() string { return "textual" }

// No answer that is none, and no failure of who answers, grants anything: not behind "not", nor in a pattern.
func TestNothingIsGrantedWithoutAnAnswer(t *testing.T) {
	broken := errors.New("the archive is closed")
	for _, test := range []struct {
		name   string
		answer func(q *oso.Question)
		want   string
		is     error
	}{
		{"no answer", func(*oso.Question) {}, "nobody answered", nil},
		{"failed", func(q *oso.Question) { q.Fail(broken) }, "closed", broken},
		{"failed after an answer", func(q *oso.Question) { q.Answer("ann"); q.Fail(broken) }, "closed", broken},
		{"failed without an error", func(q *oso.Question) { q.Fail(nil) }, "without an error", nil},
		{"a variable", func(q *oso.Question) { q.Answer(types.Variable("x")) }, "must be a value", nil},
		{"a list with a variable", func(q *oso.Question) { q.Answer([]any{types.Variable("x")}) }, "must be a value", nil},
		{"a cyclic list", func(q *oso.Question) { l := []any{nil}; l[0] = l; q.Answer(l) }, "cycl", nil},
		{"what no policy can hold", func(q *oso.Question) { q.Answer(map[int]string{}) }, "map[int]string", nil},
		{"a panic", func(*oso.Question) { panic("boom") }, "boom", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := paperOso(t, &archive{answer: test.answer}, "Paper.owner")
			for _, action := range []string{"write", "read", "pattern", "lacking"} {
				ok, err := o.IsAllowed("ann", action, Paper{1})
				if ok {
					t.Errorf("%s is allowed", action)
				}
				wantError(t, err, test.want)
				if test.is != nil && !errors.Is(err, test.is) {
					t.Errorf("%s: %v is not %v", action, err, test.is)
				}
				for _, r := range o.IsAllowedBatch(t.Context(), []oso.Check{{Actor: "ann", Action: action, Resource: Paper{1}}}) {
					if r.Allowed || r.Err == nil {
						t.Errorf("%s in a batch: got %v", action, r)
					}
				}
			}
		})
	}
	o := paperOso(t, &archive{answer: func(*oso.Question) { panic("boom") }}, "owner")
	_, err := o.IsAllowed("ann", "write", Paper{1})
	if _, ok := errors.AsType[*osoerrors.HostPanicError](err); !ok {
		t.Errorf("got %v, want a HostPanicError", err)
	}
}

func TestMissingIsNoErrorInAPattern(t *testing.T) {
	o := paperOso(t, &archive{answer: (*oso.Question).Missing}, "owner")
	if ok, err := o.IsAllowed("ann", "pattern", Paper{1}); ok || err != nil {
		t.Errorf("in a pattern: got %t, %v, want no answer and no error", ok, err)
	}
	ok, err := o.IsAllowed("ann", "write", Paper{1})
	if _, is := errors.AsType[*osoerrors.MissingAttributeError](err); ok || !is {
		t.Errorf("in a body: got %t, %v, want a MissingAttributeError", ok, err)
	}
	o = paperOso(t, &archive{answer: (*oso.Question).Missing})
	must(t, o.RegisterConstant(Paper{1}, "p"))
	for query, want := range map[string]string{"new Paper(1)": "construct", "x in p": "iter", "not p < p": "compare <"} {
		wantError(t, queryError(t, o, query), want)
	}
}

// A Resolver that ends its goroutine leaves an Oso that works, and no goroutine.
func TestResolverMayEndItsGoroutine(t *testing.T) {
	a := &archive{answer: func(*oso.Question) { runtime.Goexit() }}
	o := paperOso(t, a, "Paper.owner")
	flat(t, func() {
		for _, ask := range []func(){
			func() { o.IsAllowed("ann", "write", Paper{1}) },
			func() {
				o.IsAllowedBatch(t.Context(), []oso.Check{{"ann", "write", Paper{1}}, {"bob", "write", Paper{2}}})
			},
		} {
			done := make(chan bool, 1)
			go func() {
				defer close(done)
				ask()
				done <- true
			}()
			if <-done {
				t.Error("the call returned")
			}
		}
	})
	a.answer = owners
	if ok, err := o.IsAllowed("ann", "write", Paper{1}); !ok || err != nil {
		t.Errorf("afterwards: got %t, %v", ok, err)
	}
}

func TestResolverMayAskTheSameOso(t *testing.T) {
	var o *oso.Oso
	a := oso.ResolverFunc(func(ctx context.Context, questions []*oso.Question) error {
		for _, q := range questions {
			if ok, err := o.QueryRuleOnceContext(ctx, "inner", 1); !ok || err != nil {
				return fmt.Errorf("inner: %t, %w", ok, err)
			}
			q.Answer("ann")
		}
		return nil
	})
	o = paperOso(t, a, "owner")
	must(t, o.ReplaceString(paperPolicy+"inner(1);"))
	if ok, err := o.IsAllowed("ann", "write", Paper{1}); !ok || err != nil {
		t.Errorf("got %t, %v", ok, err)
	}
}

func TestQuestionKindsHaveNames(t *testing.T) {
	var names []string
	for k := range oso.AskElements + 2 {
		names = append(names, k.String())
	}
	want := "QuestionKind(0) attribute method new isa compare elements QuestionKind(7)"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
