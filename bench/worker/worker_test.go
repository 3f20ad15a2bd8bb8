package worker_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/goso-project/goso/bench"
	"github.com/goso-project/goso/bench/worker"
)

// engine answers W1 rightly, W3 wrongly, and cannot do others.
type engine struct{ asked int }

func (*engine) Version() string { return "v1" }

func (e *engine) Prepare(p *bench.Problem) (*worker.Job, error) {
	if !strings.HasPrefix(p.ID, "W1/") && !strings.HasPrefix(p.ID, "W3/") {
		return nil, worker.Cannot("no %s", p.Rule)
	}
	return &worker.Job{
		Run:    func(n int) error { e.asked += n; return nil },
		Check:  func() error { return p.Verify(true) },
		Easier: "much",
		Serial: true,
	}, nil
}

func TestWorkersAnswerCommands(t *testing.T) {
	e := &engine{}
	commands, in := io.Pipe()
	out, answers := io.Pipe()
	ended := make(chan error)
	go func() { ended <- worker.Serve("it", e, commands, answers) }()
	replies := json.NewDecoder(out)
	for _, test := range []struct {
		command string
		check   func(r worker.Reply) bool
	}{
		{"hello", func(r worker.Reply) bool { return r.Name == "it" && r.Version == "v1" }},
		{"run 3", func(r worker.Reply) bool { return r.Error == "run: nothing is prepared" }},
		{"prepare W1/lit1", func(r worker.Reply) bool { return r.Error == "" && r.Easier == "much" }},
		{"run 3", func(r worker.Reply) bool { return r.Error == "" && r.Wall > 0 && e.asked == 3 }},
		{"check", func(r worker.Reply) bool { return r.Error == "" }},
		{"parallel 2 3", func(r worker.Reply) bool { return r.Cannot != "" && e.asked == 3 }},
		{"memory", func(r worker.Reply) bool { return r.Heap > 0 }},
		{"prepare W3/fact_miss/n=1000", func(r worker.Reply) bool { return strings.Contains(r.Error, "gave true, want false") }},
		{"run 3", func(r worker.Reply) bool { return r.Error == "run: nothing is prepared" && e.asked == 3 }},
		{"prepare W11/abac5", func(r worker.Reply) bool { return r.Cannot == "no allow" && r.Error == "" }},
		{"prepare W99/nothing", func(r worker.Reply) bool { return r.Error == "no problem W99/nothing" }},
		{"dance", func(r worker.Reply) bool { return r.Error != "" }},
	} {
		if _, err := io.WriteString(in, test.command+"\n"); err != nil {
			t.Fatal(err)
		}
		var r worker.Reply
		if err := replies.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if !test.check(r) {
			t.Errorf("%s: got %+v, %d asked", test.command, r, e.asked)
		}
	}
	in.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
