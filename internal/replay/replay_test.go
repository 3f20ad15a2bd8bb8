package replay_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/replay"
	"github.com/goso-project/goso/internal/standin"
	"github.com/goso-project/goso/internal/wam"
)

const policy = `
	f(x) if u = new User(name: "ann", tags: ["a", {b: 1.5}], boss: new User(name: nil)) and u.name = "ann" and g(u, x);
	g(u: User, x) if t in u.tags and t = x;
	g(u, "boss") if u.boss.name = nil and not u.boss = u;
	g(u, "missing") if u.missing;
	g(_: User{missing: 1}, _);`

// record runs f(arg) before the stand-ins and records it.
func record(t *testing.T, arg wam.Value) *replay.Recording {
	t.Helper()
	host, err := standin.New([]standin.Class{{Name: "User"}})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(host.Registry())
	sources := []*diag.Source{diag.NewSource("p.polar", policy)}
	if _, err := e.Load(sources, engine.LoadOptions{NoAllowWarning: true}); err != nil {
		t.Fatal(err)
	}
	q := e.Rule("f")
	defer q.Close()
	r := replay.NewRecorder(host, q.Registry(), sources, false, "f")
	if err := errors.Join(q.Arg(arg), r.Arg(arg), r.Begin()); err != nil {
		t.Fatal(err)
	}
	q.Start(t.Context(), r, engine.Options{})
	return r.End(q.Next())
}

func TestReplayAnswersAsRecorded(t *testing.T) {
	for _, test := range []struct {
		arg   wam.Value
		found bool
		fails bool
	}{
		{wam.StringValue("a"), true, false},
		{wam.MappingValue(&wam.Dict{Keys: []string{"b"}, Values: []wam.Value{wam.FloatValue(1.5)}}), true, false},
		{wam.StringValue("boss"), true, false},
		{wam.StringValue("missing"), false, true},
		{wam.IntValue(1), false, false},
	} {
		rec := record(t, test.arg)
		if rec.Found != test.found || (rec.Error != "") != test.fails {
			t.Errorf("recorded %t, %q\n%s", rec.Found, rec.Error, rec.Text())
		}
		found, err := rec.Run(t.Context())
		if found != test.found || (err != nil) != test.fails || errors.Is(err, replay.ErrDiverged) {
			t.Errorf("replayed %t, %v\n%s", found, err, rec.Text())
		}
	}
}

func TestTextShowsQuestionsAndAnswers(t *testing.T) {
	text := record(t, wam.StringValue("missing")).Text()
	for _, want := range []string{`f("missing")`, `new User(boss: `, `.name = "ann"`, `.tags = ["a", {b: 1.5}]`, `.missing = error: `, "\nerror: "} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// Every question that is left out, repeated or changed is noticed.
func TestReplayNoticesWhatDiffers(t *testing.T) {
	whole := record(t, wam.StringValue("boss"))
	for i := range whole.Questions {
		for what, change := range map[string]func([]replay.Question) []replay.Question{
			"left out": func(qs []replay.Question) []replay.Question { return append(qs[:i:i], qs[i+1:]...) },
			"repeated": func(qs []replay.Question) []replay.Question { return append(qs[:i+1:i+1], qs[i:]...) },
			"renamed": func(qs []replay.Question) []replay.Question {
				qs = append([]replay.Question(nil), qs...)
				qs[i].Name += "x"
				return qs
			},
		} {
			changed := *whole
			changed.Questions = change(whole.Questions)
			if diff := cmp.Diff(whole.Questions, changed.Questions); diff == "" {
				t.Fatal("nothing changed")
			}
			if found, err := changed.Run(t.Context()); found || err == nil {
				t.Errorf("question %d %s: got %t, %v", i+1, what, found, err)
			}
		}
	}
}

// Recordings that hang together badly are errors.
func TestImpossibleRecordings(t *testing.T) {
	for what, change := range map[string]func(*replay.Recording){
		"policy":         func(r *replay.Recording) { r.Policy = []replay.Source{{Text: "f("}} },
		"no policy":      func(r *replay.Recording) { r.Policy = nil },
		"class twice":    func(r *replay.Recording) { r.Classes = append(r.Classes, r.Classes[0]) },
		"class, no name": func(r *replay.Recording) { r.Classes = append(r.Classes, replay.Class{Ancestors: []string{""}}) },
		"class of a union": func(r *replay.Recording) {
			r.Classes = append(r.Classes, replay.Class{Name: "Actor", Ancestors: []string{"Actor"}})
		},
		"lost ancestor": func(r *replay.Recording) {
			r.Classes = append(r.Classes, replay.Class{Name: "C", Ancestors: []string{"C", "D"}})
		},
		"no ancestor":    func(r *replay.Recording) { r.Classes = append(r.Classes, replay.Class{Name: "C"}) },
		"lost rank":      func(r *replay.Recording) { r.Shapes = []map[string]int{{"D": 0}} },
		"empty value":    func(r *replay.Recording) { r.Args = []replay.Value{{}} },
		"shape":          func(r *replay.Recording) { r.Args = []replay.Value{{Object: &replay.Object{ID: 1, Shape: 99}}} },
		"negative shape": func(r *replay.Recording) { r.Args = []replay.Value{{Object: &replay.Object{ID: 1, Shape: -1}}} },
		"float":          func(r *replay.Recording) { r.Args = []replay.Value{{Float: new("x")}} },
		"constant":       func(r *replay.Recording) { r.Constants = map[string]replay.Value{"C": {Error: new("lost")}} },
	} {
		r := record(t, wam.StringValue("a"))
		change(r)
		if found, err := r.Run(t.Context()); found || err == nil {
			t.Errorf("%s: got %t, %v, want an error", what, found, err)
		}
	}
}
