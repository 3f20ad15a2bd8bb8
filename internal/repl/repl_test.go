package repl

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/diag"
	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/standin"
)

// session is a loop with stand-in classes and files that are texts.
type session struct {
	loop     *Loop
	out, err strings.Builder
}

// newSession returns a session that will read the input; files are what :load finds.
func newSession(t *testing.T, input string, files map[string]string, change func(*Config)) *session {
	t.Helper()
	host, err := standin.New([]standin.Class{{Name: "Admin", Bases: []string{"User"}}})
	if err != nil {
		t.Fatal(err)
	}
	s := &session{}
	cfg := Config{
		Engine:      engine.New(host.Registry()),
		Host:        func() engine.Host { return host },
		Printer:     host.Printer(),
		In:          strings.NewReader(input),
		Out:         &s.out,
		Err:         &s.err,
		LoadOptions: engine.LoadOptions{NoAllowWarning: true},
		Read: func(names []string) ([]*diag.Source, error) {
			var sources []*diag.Source
			for _, name := range names {
				text, ok := files[name]
				if !ok {
					return nil, errors.New(name + ": no such file")
				}
				sources = append(sources, diag.NewSource(name, text))
			}
			return sources, nil
		},
	}
	if change != nil {
		change(&cfg)
	}
	s.loop = New(cfg)
	return s
}

// run runs a session and returns what it printed, and whether it failed.
func run(t *testing.T, input string, files map[string]string, change func(*Config)) (out, stderr string, failed bool) {
	t.Helper()
	s := newSession(t, input, files, change)
	failed, err := s.loop.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s.out.String(), s.err.String(), failed
}

func TestAnswers(t *testing.T) {
	tests := []struct{ name, input, want string }{
		{"nothing", "1 = 2", "false\n"},
		{"no variables", "1 = 1", "true\n"},
		{"no variables, twice", "1 in [1, 1]", "true\ntrue\n"},
		{"variables in order of appearance", `y = 1 and x = "a"`, "y = 1\nx = \"a\"\n"},
		{"results are separated", "x in [1, 2.0]", "x = 1\n\nx = 2.0\n"},
		{"values in Polar", `x = [1, {a: nil}, true]`, "x = [1, {a: nil}, true]\n"},
		{"instances", `x = new Admin(name: "ann")`, "x = Admin{name: \"ann\"}\n"},
		{"conditions", "x > 1 and x < 5", "x: x > 1 and x < 5\n"},
		{"printed text comes first", `print("hello", [1]) and x = 1`, "\"hello\", [1]\nx = 1\n"},
		{"a semicolon may stand there", "x = 1;", "x = 1\n"},
		{"an inline query", "?= 1 = 1;", "true\n"},
		{"the last line without a line break", "1 = 1\n1 = 2", "true\nfalse\n"},
		{"empty lines", "\n\n1 = 1\n\n", "true\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, stderr, failed := run(t, tt.input, nil, nil)
			if diff := cmp.Diff(tt.want, out); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
			if stderr != "" || failed {
				t.Errorf("failed: %v, standard error:\n%s", failed, stderr)
			}
		})
	}
}

func TestErrorsAreShownAndTheLoopGoesOn(t *testing.T) {
	tests := []struct{ input, want string }{
		{"x = = 1", "<input>:1:5: error[ParseError::UnrecognizedToken]"},
		{"nosuch(1)", "error[RuntimeError::QueryForUndefinedRule]"},
		{"1 + \"a\" = x", "error[RuntimeError::Unsupported]"},
		{"new Nobody() = x", "no class Nobody is registered"},
		{"f(x) if g(x);", "error[ValidationError::UndefinedRuleCall]"},
		{":nonsense", "there is no such command as :nonsense"},
		{":load nowhere.polar", "nowhere.polar: no such file"},
		{":timeout soon", "a timeout is written as"},
		{":reload", "no file was loaded"},
	}
	for _, tt := range tests {
		t.Run(tt.input, func(t *testing.T) {
			out, stderr, failed := run(t, tt.input+"\n\n1 = 1\n", nil, nil)
			if !strings.Contains(stderr, tt.want) {
				t.Errorf("standard error lacks %q:\n%s", tt.want, stderr)
			}
			if out != "true\n" || !failed {
				t.Errorf("failed: %v, output:\n%s", failed, out)
			}
		})
	}
}

func TestTypedRulesLastUntilTheyAreCleared(t *testing.T) {
	files := map[string]string{"a.polar": "f(1);\n", "b.polar": "g(1);\n"}
	out, stderr, _ := run(t, `:load a.polar
f(2);
f(x)
f(3) if nosuch(3);
f(x)
:load b.polar
f(x)
:clear
g(x)
f(x)
`, files, nil)
	want := `x = 1

x = 2
x = 1

x = 2
x = 2
x = 1
`
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
	for _, part := range []string{"UndefinedRuleCall", "QueryForUndefinedRule"} {
		if !strings.Contains(stderr, part) {
			t.Errorf("standard error lacks %s:\n%s", part, stderr)
		}
	}
}

func TestReloadReadsTheFilesAgain(t *testing.T) {
	files := map[string]string{"a.polar": "f(1);\n"}
	s := newSession(t, "f(x)\n", files, nil)
	if err := s.loop.Load(t.Context(), []string{"a.polar"}); err != nil {
		t.Fatal(err)
	}
	files["a.polar"] = "f(2);\n"
	s.loop.statement(t.Context(), ":reload")
	if _, err := s.loop.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.out.String(); got != "x = 2\n" {
		t.Errorf("output %q, errors %q", got, &s.err)
	}
}

func TestAFaultyFileChangesNothing(t *testing.T) {
	files := map[string]string{"a.polar": "f(1);\n", "wrong.polar": "f(x);\n"}
	out, stderr, _ := run(t, ":load a.polar\n:load wrong.polar\nf(x)\n", files, nil)
	if out != "x = 1\n" || !strings.Contains(stderr, "wrong.polar:1:3: error[ValidationError::SingletonVariable]") {
		t.Errorf("output %q, errors:\n%s", out, stderr)
	}
}

func TestInlineQueriesOfFilesAreRun(t *testing.T) {
	files := map[string]string{"a.polar": "f(1);\n?= f(2);\n"}
	_, stderr, failed := run(t, ":load a.polar\n", files, nil)
	if !failed || !strings.Contains(stderr, "InlineQueryFailed") {
		t.Errorf("failed: %v, errors:\n%s", failed, stderr)
	}
}

func TestCommandsDescribeThePolicy(t *testing.T) {
	files := map[string]string{"a.polar": `actor User {}
resource Admin { permissions = ["p"]; roles = ["a", "b"]; "p" if "a"; "a" if "b"; }
has_role(_: User, "a", _: Admin) if 1 = 1 and 2 + 0 = 2;
f(1);
f(1, 2);
allow(a, b, c) if has_permission(a, b, c);
`}
	out, stderr, _ := run(t, ":load a.polar\n:list f\n:list has_role\n:classes\n:type Admin\n:type User\n:type f\n:type nil\n:type nothing\n", files, nil)
	for _, part := range []string{
		"f(1);\nf(1, 2);\n",
		"has_role(_: User, \"a\", _: Admin) if 1 = 1 and 2 + 0 = 2;\n",
		"# from a block\n",
		"\nAdmin is a User\n",
		"Admin is a class and a User\n",
		"User is declared in an actor block\n",
		"f has 1 rule with 1 parameter\nf has 1 rule with 2 parameters\n",
		"nil is a constant: nil\n",
		"nothing is neither a class, nor a constant, nor a rule\n",
	} {
		if !strings.Contains(out, part) {
			t.Errorf("output lacks %q:\n%s", part, out)
		}
	}
	if stderr != "" {
		t.Errorf("standard error:\n%s", stderr)
	}
}

func TestManyResultsStopAtTheLimit(t *testing.T) {
	limit := func(interactive bool) func(*Config) {
		return func(c *Config) { c.Limit, c.Interactive = 2, interactive }
	}
	const input = "1 in [1, 1, 1, 1, 1]\n"
	if out, _, _ := run(t, input, nil, limit(false)); out != "true\ntrue\n… and more after 2 results\n" {
		t.Errorf("piped, the output is %q", out)
	}
	if out, _, _ := run(t, input+"y\nno\n", nil, limit(true)); strings.Count(out, "true") != 4 {
		t.Errorf("after yes and no, the output is %q", out)
	}
	if out, _, _ := run(t, "1 in [1, 1]\n", nil, limit(false)); out != "true\ntrue\n" {
		t.Errorf("with exactly as many results as the limit, the output is %q", out)
	}
}

func TestInteractiveSessionsPrompt(t *testing.T) {
	out, _, _ := run(t, "x = [1,\n2]\nf(1);\n:quit\nnever(1)\n", nil, func(c *Config) { c.Interactive = true })
	want := "oso> ...> x = [1, 2]\noso> added 1 rule\noso> "
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
}

func TestInterruptStopsTheQueryOnly(t *testing.T) {
	reader, writer := io.Pipe()
	s := newSession(t, "", nil, func(c *Config) {
		c.In = reader
		c.Options.Limits = engine.Limits{Depth: -1, HeapCells: -1, StackWords: -1, Timeout: -1}
	})
	type end struct {
		failed bool
		err    error
	}
	ended := make(chan end)
	go func() {
		failed, err := s.loop.Run(context.Background())
		ended <- end{failed, err}
	}()
	io.WriteString(writer, "loop(x) if x >= 0 and loop(x);\nloop(1)\n")
	for !s.loop.Interrupt() {
		time.Sleep(time.Millisecond)
	}
	io.WriteString(writer, "1 = 1\n")
	writer.Close()
	e := <-ended
	if !e.failed || e.err != nil || s.out.String() != "true\n" || !strings.Contains(s.err.String(), "interrupted") {
		t.Errorf("failed %v, %v; output %q; errors %q", e.failed, e.err, &s.out, &s.err)
	}
}

func TestQueriesEndAtTheTimeout(t *testing.T) {
	_, stderr, failed := run(t, ":timeout 50ms\nloop(x) if x >= 0 and loop(x);\nloop(1)\n", nil, func(c *Config) {
		c.Options.Limits = engine.Limits{Depth: -1}
	})
	if !failed || !strings.Contains(stderr, "RuntimeError::QueryTimeout") {
		t.Errorf("failed %v, errors:\n%s", failed, stderr)
	}
}

func TestTraceShowsSteps(t *testing.T) {
	files := map[string]string{"a.polar": "g(3);\nf(x) if x > 2 and\n  g(x);\n"}
	out, _, _ := run(t, ":load a.polar\n:trace on\nf(3)\nf(1)\n:trace off\nf(3)\n", files, nil)
	for _, want := range []string{
		"  call    f(3)  (1:1)\n", "    call    g(x)  (a.polar:3:3)\n", "    exit    g  (a.polar:1:1)\n", "\nresult\ntrue\n", "  fail    x > 2  (a.polar:2:9)\nfalse\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q", want)
		}
	}
	if !strings.HasSuffix(out, "false\ntrue\n") {
		t.Error("steps are shown after :trace off")
	}
	if t.Failed() {
		t.Log(out)
	}
}

func TestLinesMayComeFromAnEditor(t *testing.T) {
	lines := []string{"x = [1,", "interrupted", "1 in [1, 1, 1]", "n", "x = 2"}
	var prompts []string
	out, stderr, _ := run(t, "", nil, func(c *Config) {
		c.Interactive, c.Limit = true, 1
		c.ReadLine = func(prompt string) (string, error) {
			prompts = append(prompts, prompt)
			if len(lines) == 0 {
				return "", io.EOF
			}
			line := lines[0]
			lines = lines[1:]
			if line == "interrupted" {
				return "", ErrInterrupted
			}
			return line, nil
		}
	})
	if out != "true\nx = 2\n" || stderr != "" {
		t.Errorf("output %q, errors %q", out, stderr)
	}
	want := []string{"oso> ", "...> ", "oso> ", "1 result so far; more? [Y/n] ", "oso> ", "oso> "}
	if diff := cmp.Diff(want, prompts); diff != "" {
		t.Errorf("prompts (-want +got):\n%s", diff)
	}
}
