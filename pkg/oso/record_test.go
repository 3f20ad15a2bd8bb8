package oso_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
	"github.com/goso-project/goso/pkg/oso/types"
)

// Case is an object with all that a policy can do with one.
type Case struct {
	Id      int
	Owner   *User
	Parts   []Role
	Labels  map[string]any
	Weights []any
	calls   *int
}

func (c *Case) Level(n int) int      { *c.calls++; return c.Id + n }
func (c *Case) Broken() (int, error) { return 0, errors.New("broken") }
func (c *Case) Explode() bool        { panic("boom") }
func (c *Case) Lt(x any) bool        { return c.Id < x.(*Case).Id }
func (c *Case) Equal(x any) bool     { return c.Id == x.(*Case).Id }
func (c *Case) Iter() <-chan any {
	ch := make(chan any, 2)
	ch <- 1
	ch <- c.Owner
	close(ch)
	return ch
}
func (c *Case) Others() []*Case                  { return []*Case{{Id: 1, calls: c.calls}, {Id: 2, calls: c.calls}} }
func (c *Case) Maybe(admin bool) *User           { return map[bool]*User{true: c.Owner}[admin] }
func (c *Case) Take(args ...any) bool            { *c.calls++; return len(args) > 1 }
func (c *Case) Context(ctx context.Context) bool { return ctx.Err() == nil }

const casePolicy = `
	actor User {}
	resource Case { permissions = ["read", "own"]; roles = ["owner"]; "read" if "owner"; }
	has_role(user: User, "owner", c: Case) if c.Owner = user;
	allow(actor, action, resource) if has_permission(actor, action, resource);
	allow(_, "method", c: Case) if c.Level(4) > 6;
	allow(_, "new", _: Case) if new Foo("x", 3).Num = 3;
	allow(user: User, "iterate", c: Case) if user in c;
	allow(_, "compare", c: Case) if d in c.Others() and d < c;
	allow(_, "list", c: Case) if p in c.Parts and p.Org = 7;
	allow(_, "dictionary", c: Case) if c.Labels.color = "red" and [_, 2.5] in c.Labels;
	allow(_, "floats", c: Case) if 1.0e0 in c.Weights and 3 in c.Weights and [true, nil] in c.Weights;
	allow(_, "pattern", _: Case{Nothing: 1});
	allow(_, "lacking", c: Case) if not c matches Case{Nothing: 1} and c.Maybe(false) = nil;
	allow(_, "isa", _: Case) if Textual matches Text and not Textual matches Named and Textual matches Text;
	allow(_, "constant", c: Case) if c = Special or c.Id in Numbers;
	allow(_, "missing", c: Case) if c.Nothing;
	allow(_, "panic", c: Case) if c.Explode();
	allow(_, "keyword", c: Case) if c.Level(n: 1);
	allow(_, "context", c: Case) if c.Context();
	allow(_, "arguments", c: Case) if c.Owner.Name = "ann" and x = {a: [c, c.Owner, 1]} and x.a = [c, *_] and
		c.Take([c, c.Owner, [1, *_]], {k: [c.Owner], l: {}}, nil, 2.5, true, "x") and not c.Take(c.Labels);
	allow(_, "declared", x) if x matches Case and x.Owner matches User and x.Owner.Name = "ann";
	allow(_, "open", x) if x matches Case;
	allow(_, "free", _);
	allow(_, "late", x) if x matches Case and c = Special and c.Others() = others and x in others;
	allow(_, "forall", c: Case) if forall(p in c.Parts, p.Org > 1);`

func caseOso(t testing.TB) *oso.Oso {
	t.Helper()
	o := newOso(t, "x(1);")
	must(t, o.RegisterClassWithNameAndFields(Case{}, nil, "Case", map[string]any{"Owner": "User"}))
	must(t, oso.RegisterInterface[interface{ Level(int) int }](o, "Leveled"))
	must(t, oso.RegisterInterface[interface{ Hello() }](o, "Named"))
	must(t, oso.RegisterInterface[fmt.Stringer](o, "Text"))
	must(t, o.RegisterConstant(textual{}, "Textual"))
	must(t, o.RegisterConstant(&Case{Id: 77, calls: new(int)}, "Special"))
	must(t, o.RegisterConstant([]int{5, 6}, "Numbers"))
	must(t, o.ReplaceString(casePolicy))
	return o
}

func newCase(ann *User) *Case {
	return &Case{Id: 3, Owner: ann, Parts: []Role{{"a", 2}, {"b", 7}}, Labels: map[string]any{"color": "red", "size": 2.5, "bad": uint64(1 << 63)},
		Weights: []any{1, 2.5, "x", []any{true, nil}, 3, uint64(1 << 63)}, calls: new(int)}
}

// again sends a recording through JSON, replays it, and returns what that gives.
func again(t *testing.T, rec *oso.Recording) (bool, error) {
	t.Helper()
	data, err := json.Marshal(rec)
	must(t, err)
	var copied oso.Recording
	must(t, json.Unmarshal(data, &copied))
	if diff := cmp.Diff(rec.String(), copied.String()); diff != "" {
		t.Errorf("JSON changes the recording:\n%s", diff)
	}
	return copied.Replay(t.Context())
}

// A replay from the recording alone gives the decision that was recorded, and calls nothing of the application.
func TestReplayGivesTheRecordedDecision(t *testing.T) {
	o := caseOso(t)
	ann := &User{Name: "ann"}
	granted, failed := 0, 0
	for _, actor := range []any{ann, User{Name: "bob", Roles: []Role{{"x", 1}}}} {
		for _, action := range []any{"read", "own", "method", "new", "iterate", "compare", "list", "dictionary", "floats", "pattern", "lacking", "isa", "constant",
			"missing", "panic", "keyword", "context", "arguments", "forall", "unknown", 3, []any{"a", ann}} {
			c := newCase(ann)
			want, wantErr := o.IsAllowed(actor, action, c)
			got, rec, err := o.Record(t.Context(), "allow", actor, action, c)
			if got != want || (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
				t.Errorf("%v: recorded %t, %v; not recorded %t, %v", action, got, err, want, wantErr)
			}
			if rec == nil {
				t.Errorf("%v: no recording", action)
				continue
			}
			calls := *c.calls
			replayed, replayErr := again(t, rec)
			if replayed != want || (replayErr == nil) != (wantErr == nil) {
				t.Errorf("%v: replayed %t, %v; recorded %t, %v\n%s", action, replayed, replayErr, want, wantErr, rec)
			}
			if errors.Is(replayErr, oso.ErrDiverged) || *c.calls != calls {
				t.Errorf("%v: %v, %d calls", action, replayErr, *c.calls-calls)
			}
			if allowed, text := rec.Outcome(); allowed != want || (text == "") != (wantErr == nil) {
				t.Errorf("%v: outcome %t, %s", action, allowed, text)
			}
			if want {
				granted++
			}
			if wantErr != nil {
				failed++
			}
		}
	}
	if granted < 10 || failed < 6 {
		t.Errorf("%d granted, %d failed: the cases show too little", granted, failed)
	}
}

func TestReplayOfTheBuiltInRoles(t *testing.T) {
	o := newOso(t, `
		allow(actor, action, resource) if role_allows(actor, action, resource);
		resource(_: Widget, "widget", ["read", "write"], {reader: {permissions: ["read"]}, writer: {permissions: ["write"], implies: ["reader"]}});
		actor_has_role_for_resource(user: User, role, widget: Widget) if r in user.Roles and r.Name = role and r.Org = widget.Id;`)
	must(t, o.EnableRoles())
	writer := &User{Roles: []Role{{"writer", 4}, {"writer", 5}}}
	got, rec, err := o.Record(t.Context(), "allow", writer, "read", Widget{Id: 5})
	must(t, err)
	replayed, err := again(t, rec)
	if !got || !replayed || err != nil {
		t.Errorf("recorded %t, replayed %t, %v", got, replayed, err)
	}
}

// Queries with variables are replayed like others: a result that is only constrained is none.
func TestReplayOfOpenQueries(t *testing.T) {
	o := caseOso(t)
	for _, action := range []any{"declared", "open", "free", "late", "method", "unknown", types.Variable("action")} {
		args := []any{User{}, action, types.Variable("x")}
		want, wantErr := o.QueryRuleOnce("allow", args...)
		got, rec, err := o.Record(t.Context(), "allow", args...)
		if got != want || (err == nil) != (wantErr == nil) {
			t.Errorf("%v: recorded %t, %v; not recorded %t, %v", action, got, err, want, wantErr)
			continue
		}
		replayed, replayErr := again(t, rec)
		if replayed != want || (replayErr == nil) != (wantErr == nil) || errors.Is(replayErr, oso.ErrDiverged) {
			t.Errorf("%v: replayed %t, %v; recorded %t, %v\n%s", action, replayed, replayErr, want, wantErr, rec)
		}
	}
}

// What a Resolver answered is recorded like the rest.
func TestReplayNeedsNoResolver(t *testing.T) {
	a := &archive{answer: owners}
	o := paperOso(t, a, "owner")
	got, rec, err := o.Record(t.Context(), "allow", "ann", "write", Paper{1})
	must(t, err)
	a.calls = 0
	replayed, err := again(t, rec)
	if !got || !replayed || err != nil || a.calls != 0 {
		t.Errorf("recorded %t, replayed %t, %v with %d calls", got, replayed, err, a.calls)
	}
	want := `allow("ann", "write", oso_test.Paper#1)` + "\n   1  oso_test.Paper#1.owner = \"ann\"\ntrue"
	if diff := cmp.Diff(want, rec.String()); diff != "" {
		t.Errorf("text (-want +got)\n%s", diff)
	}
}

// speechless is an error whose text cannot be had.
type speechless struct{ text string }

func (e *speechless) Error() string { return e.text }

func TestErrorsWithoutATextAreRecorded(t *testing.T) {
	o := paperOso(t, &archive{answer: func(q *oso.Question) { q.Fail((*speechless)(nil)) }}, "owner")
	allowed, rec, err := o.Record(t.Context(), "allow", "ann", "write", Paper{1})
	if allowed || !errors.Is(err, (*speechless)(nil)) {
		t.Fatalf("got %t, want the error", allowed)
	}
	if allowed, err := again(t, rec); allowed || err == nil {
		t.Errorf("replayed %t, %v", allowed, err)
	}
}

// A recorded decision is one that hooks are told, and that a panic of the application may leave.
func TestRecordedDecisionsAreDecisions(t *testing.T) {
	var told []oso.Outcome
	o := newOso(t, "allow(_, _, c: Case) if c.Explode();", oso.WithPanicPropagation(),
		oso.WithDecisionHook(func(_ context.Context, out oso.Outcome) { told = append(told, out) }))
	must(t, o.RegisterClass(Case{}, nil))
	func() {
		defer func() {
			if p := recover(); p != "boom" {
				t.Errorf("recovered %v, want the panic of the application", p)
			}
		}()
		o.Record(t.Context(), "allow", "ann", "read", newCase(nil))
	}()
	if len(told) != 1 || told[0].Rule != "allow" || told[0].Allowed || told[0].Err == nil {
		t.Errorf("told %v", told)
	}
}

// A recording that was changed does not grant what was not granted, or says that it does not fit.
func TestChangedRecordingsDiverge(t *testing.T) {
	o := caseOso(t)
	_, rec, err := o.Record(t.Context(), "allow", User{}, "list", newCase(&User{}))
	must(t, err)
	data, err := json.Marshal(rec)
	must(t, err)
	for _, change := range []struct{ old, new, want string }{
		{`"name":"Parts"`, `"name":"Pieces"`, "differs"},
		{`"name":"Org"`, `"name":"Orc"`, "differs"},
		{`"ask":"attribute"`, `"ask":"method"`, "differs"},
		{`"questions":[{`, `"questions":[],"lost":[{`, "differs"},
		{`p.Org = 7`, `p = p`, "did not ask"},
		{`"rule":"allow"`, `"rule":"deny"`, "undefined rule"},
		{`"ancestors":["Case"`, `"ancestors":["Nothing"`, "class"},
		{`"name":"Case"`, `"name":"Actor"`, "class"},
		{`"shape":1`, `"shape":1000`, "shape"},
		{`allow(_, \"list\"`, `allow(_, \"list`, ""},
		{`"args":[`, `"args":[{},`, "value"},
	} {
		text := strings.Replace(string(data), change.old, change.new, 1)
		if text == string(data) {
			t.Errorf("%s is not in the recording", change.old)
			continue
		}
		var changed oso.Recording
		must(t, json.Unmarshal([]byte(text), &changed))
		allowed, err := changed.Replay(t.Context())
		if allowed {
			t.Errorf("%s: granted", change.new)
		}
		wantError(t, err, change.want)
	}
}

func TestRecordingsThatCannotBeMade(t *testing.T) {
	o := caseOso(t)
	if _, rec, err := (oso.Oso{}).Record(t.Context(), "allow"); rec != nil || err == nil {
		t.Errorf("from a zero Oso: %v, %v", rec, err)
	}
	if _, rec, err := o.Record(t.Context(), "allow", map[int]int{1: 1}); rec != nil || err == nil {
		t.Errorf("of what cannot be converted: %v, %v", rec, err)
	}
	big := newCase(nil)
	big.Weights = make([]any, 1<<20)
	if allowed, _, err := o.Record(t.Context(), "allow", User{}, "floats", big); allowed || err == nil {
		t.Errorf("of a very big list: %t, %v", allowed, err)
	}
	var rec oso.Recording
	if allowed, err := rec.Replay(t.Context()); allowed || err == nil {
		t.Errorf("an empty recording: %t, %v", allowed, err)
	}
	if err := json.Unmarshal([]byte(`{"policy": 3}`), &rec); err == nil {
		t.Error("no error for JSON of something else")
	}
}

// Replays of arbitrary recordings end, and grant nothing beside an error.
func FuzzReplay(f *testing.F) {
	o := caseOso(f)
	for _, action := range []string{"read", "method", "iterate", "compare", "list", "dictionary", "isa", "constant", "missing", "forall"} {
		_, rec, _ := o.Record(f.Context(), "allow", User{Name: "ann"}, action, newCase(&User{Name: "ann"}))
		data, err := json.Marshal(rec)
		must(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var rec oso.Recording
		if json.Unmarshal(data, &rec) != nil {
			return
		}
		_ = rec.String()
		ctx, cancel := context.WithTimeout(t.Context(), 1e9)
		defer cancel()
		if allowed, err := rec.Replay(ctx); allowed && err != nil {
			t.Errorf("granted beside %v", err)
		}
	})
}
