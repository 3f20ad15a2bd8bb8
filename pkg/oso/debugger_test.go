package oso_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/pkg/oso"
)

// script is a debugger that gives commands in turn, then continues, and notes where it was.
type script struct {
	commands []oso.DebugCommand
	stops    []string
	stop     func(*oso.DebugState)
}

func (s *script) Stop(at *oso.DebugState) oso.DebugCommand {
	text := at.Condition + "|" + at.Call
	for _, f := range at.Stack {
		text += " < " + f.Call
	}
	s.stops = append(s.stops, text)
	if s.stop != nil {
		s.stop(at)
	}
	if len(s.commands) == 0 {
		return oso.DebugContinue
	}
	c := s.commands[0]
	s.commands = s.commands[1:]
	return c
}

func TestDebugger(t *testing.T) {
	const policy = `f(x) if debug() and g(x, y) and h(y) and not i(y) and (false or debug());
g(x, y) if h(x) and y in [1, 2] and h(y);
h(_);
i(x) if debug() and h(x) and false;`
	const into, over, out, run = oso.DebugInto, oso.DebugOver, oso.DebugOut, oso.DebugContinue
	for _, tt := range []struct {
		name     string
		commands []oso.DebugCommand
		want     []string
	}{
		{"continue", []oso.DebugCommand{run}, []string{"debug()| < f(0)", "debug()| < i(1) < f(0)", "debug()| < f(0)"}},
		{"into", []oso.DebugCommand{into, into, into, into, into, run}, []string{
			"debug()| < f(0)", "g(x, y)|g(0, y) < f(0)", "h(x)|h(0) < g(0, y) < f(0)", "h(y)|h(1) < g(0, 1) < f(0)", "h(y)|h(1) < f(0)", "i(y)|i(1) < f(0)",
			"debug()| < i(1) < f(0)", "debug()| < f(0)"}},
		{"over", []oso.DebugCommand{over, over, over, over, over}, []string{
			"debug()| < f(0)", "g(x, y)|g(0, y) < f(0)", "h(y)|h(1) < f(0)", "i(y)|i(1) < f(0)", "debug()| < i(1) < f(0)", "h(x)|h(1) < i(1) < f(0)", "debug()| < f(0)"}},
		{"out", []oso.DebugCommand{into, into, out, run}, []string{
			"debug()| < f(0)", "g(x, y)|g(0, y) < f(0)", "h(x)|h(0) < g(0, y) < f(0)", "h(y)|h(1) < f(0)", "debug()| < i(1) < f(0)", "debug()| < f(0)"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &script{commands: tt.commands}
			o := newOso(t, policy, oso.WithDebugger(s))
			if ok, err := o.QueryRuleOnce("f", 0); !ok || err != nil {
				t.Errorf("got %v, %v", ok, err)
			}
			for i, stop := range s.stops { // generated names of variables are not fixed
				s.stops[i] = strings.ReplaceAll(stop, "_", "y")
			}
			if diff := cmp.Diff(tt.want, s.stops); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestDebuggerSeesTheRule(t *testing.T) {
	s := &script{commands: []oso.DebugCommand{oso.DebugInto}}
	var texts []string
	s.stop = func(at *oso.DebugState) { texts = append(texts, at.String()) }
	o := newOso(t, "f(who, x) if\n  debug() and\n  g(x, who);\ng(_, _);", oso.WithDebugger(s))
	q, err := o.NewQueryFromStr(`f("ann", [1, x]) and x = 2`)
	must(t, err)
	if all, err := q.GetAllResults(); len(all) != 1 || err != nil {
		t.Errorf("got %v, %v", all, err)
	}
	want := []string{
		"QUERY: debug(), BINDINGS: {who = \"ann\", x = [1, x]}\n  at 2:3: debug()\n  0: f(\"ann\", [1, x]) in the rule at 1:1\n",
		"QUERY: g([1, x], \"ann\"), BINDINGS: {who = \"ann\", x = [1, x]}\n  at 3:3: g(x, who)\n  0: f(\"ann\", [1, x]) in the rule at 1:1\n",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestStopsDoNotCountAgainstTheTimeout(t *testing.T) {
	s := &script{stop: func(*oso.DebugState) { time.Sleep(300 * time.Millisecond) }}
	policy := "f(0); f(n) if debug() and count(2000) and f(n - 1); count(0); count(n) if n > 0 and count(n - 1);"
	o := newOso(t, policy, oso.WithDebugger(s), oso.WithTimeout(1*time.Second))
	if ok, err := o.QueryRuleOnce("f", 5); !ok || err != nil || len(s.stops) != 5 {
		t.Errorf("got %v, %v after %d stops", ok, err, len(s.stops))
	}
}

func TestDebugWithoutADebuggerWarnsOnce(t *testing.T) {
	var messages []string
	o := newOso(t, "f(x) if\n  debug() and x = 1;", oso.WithMessageHandler(func(m oso.Message) {
		messages = append(messages, fmt.Sprintf("%T %s", m.Kind.MessageKindVariant, m.Msg))
	}))
	messages = nil
	for range 2 {
		if ok, err := o.QueryRuleOnce("f", 1); !ok || err != nil {
			t.Errorf("got %v, %v", ok, err)
		}
	}
	if len(messages) != 1 || !strings.Contains(messages[0], "MessageKindWarning debug() at line 2, column 3 does nothing") {
		t.Errorf("got %q", messages)
	}
}
