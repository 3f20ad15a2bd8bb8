package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// policyFile writes a policy and returns its name.
func policyFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "policy.polar")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

const documents = `
allow("ann", "read", "handbook");
allow("ann", "write", "handbook");
allow(user: User, "read", doc) if user.team = doc.team;
size(n) if n > 1 and n < 10;
loud() if print("hello");
endless(x) if endless(x) or endless(x) or x = 2;
`

func TestQuery(t *testing.T) {
	file := policyFile(t, documents)
	tests := []struct {
		name   string
		args   []string
		code   int
		out    string
		stderr string // a part of it
	}{
		{name: "yes", args: []string{`allow("ann", "read", "handbook")`}, out: "true\n"},
		{name: "no", args: []string{`allow("bob", "read", "handbook")`}, code: 1, out: "false\n"},
		{name: "results", args: []string{`allow("ann", action, doc)`}, out: "action = \"read\", doc = \"handbook\"\naction = \"write\", doc = \"handbook\"\n"},
		{name: "a limit", args: []string{"--limit", "1", `allow("ann", action, _)`}, out: "action = \"read\"\n"},
		{name: "JSON", args: []string{"-f", "json", `allow("ann", action, doc)`}, out: "{\"action\":\"read\",\"doc\":\"handbook\"}\n{\"action\":\"write\",\"doc\":\"handbook\"}\n"},
		{name: "JSON without variables", args: []string{"--format=json", `allow("ann", "read", "handbook")`}, out: "{}\n"},
		{name: "JSON without results", args: []string{"-f", "json", `allow("bob", "read", "handbook")`}, code: 1},
		{name: "JSON values", args: []string{"-f", "json", "x = [1, 2.0, nil, {a: true}, new User(name: \"ann\")]"},
			out: `{"x":[1,2.0,null,{"a":true},{"$object":"User{name: \"ann\"}"}]}` + "\n"},
		{name: "conditions", args: []string{"size(n)"}, out: "n: n > 1 and n < 10\n"},
		{name: "JSON conditions", args: []string{"-f", "json", "size(n)"}, out: `{"n":{"$expr":"n > 1 and n < 10"}}` + "\n"},
		{name: "bound variables", args: []string{"--bind", `u={"$new": "User", "fields": {"team": "blue"}}`, "--bind", `d={"team": "blue"}`, `allow(u, action, d)`},
			out: "u = User{team: \"blue\"}, action = \"read\", d = {team: \"blue\"}\n"},
		{name: "printed text", args: []string{"loud()"}, out: "true\n", stderr: "\"hello\"\n"},
		{name: "an undefined rule", args: []string{"nosuch(1)"}, code: 2, stderr: "error[RuntimeError::QueryForUndefinedRule]"},
		{name: "a parse error", args: []string{"x = = 1"}, code: 2, stderr: "<input>:1:5: error[ParseError::UnrecognizedToken]"},
		{name: "an error after a result", args: []string{`x = 1 or x = "a" + 1`}, code: 2, out: "x = 1\n", stderr: "RuntimeError::Unsupported"},
		{name: "a missing field", args: []string{`allow(new User(), "read", 1)`}, code: 2, stderr: `User{} has no field "team"`},
		{name: "wrong JSON", args: []string{"--bind", "x=bare", "x = 1"}, code: 2, stderr: "--bind x: not JSON"},
		{name: "no value", args: []string{"--bind", "x", "x = 1"}, code: 2, stderr: "write NAME=JSON"},
		{name: "a timeout", args: []string{"--timeout", "20ms", "endless(1)"}, code: 2, stderr: "RuntimeError::QueryTimeout"},
		{name: "a wrong limit", args: []string{"--limit", "-1", "x = 1"}, code: 2, stderr: "is negative"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := oso(t, "", append(append([]string{"query", "--class", "User"}, tt.args...), file)...)
			if got.code != tt.code {
				t.Errorf("exit code %d, want %d", got.code, tt.code)
			}
			if diff := cmp.Diff(tt.out, got.stdout); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
			if !strings.Contains(got.stderr, tt.stderr) || tt.stderr == "" && got.stderr != "" {
				t.Errorf("standard error, want %q in it:\n%s", tt.stderr, got.stderr)
			}
		})
	}
}

func TestQueryWithoutAQuery(t *testing.T) {
	if got := oso(t, "", "query"); got.code != 2 || !strings.Contains(got.stderr, "a query is missing") {
		t.Errorf("exit code %d, %s", got.code, got.stderr)
	}
}

func TestAPolicyThatDoesNotLoadIsReportedWhole(t *testing.T) {
	file := policyFile(t, "actor User {}\nresource Page {}\nf(x);\n")
	tests := []struct {
		args []string
		code int
	}{
		{[]string{file}, 1}, {[]string{"repl", file}, 1}, {[]string{"query", "f(1)", file}, 2}, {[]string{"disasm", file}, 1},
	}
	for _, tt := range tests {
		got := oso(t, "", tt.args...)
		if got.code != tt.code {
			t.Errorf("%q: exit code %d, want %d", tt.args, got.code, tt.code)
		}
		for _, part := range []string{":1:1: error[ValidationError::UnregisteredClass]", ":3:3: error[ValidationError::SingletonVariable]", "add: --class Page --class User"} {
			if !strings.Contains(got.stderr, part) {
				t.Errorf("%q: standard error lacks %q:\n%s", tt.args, part, got.stderr)
			}
		}
	}
}

func TestReplOverAPipe(t *testing.T) {
	file := policyFile(t, documents)
	tests := []struct {
		name, input string
		code        int
		out         string
	}{
		{"answers only", "allow(\"ann\", \"read\", x)\nsize(11)\n", 0, "x = \"handbook\"\nfalse\n"},
		{"an error", "nosuch(1)\nsize(2)\n", 1, "true\n"},
		{"rules", "big(n) if n > 100;\nbig(1000)\n", 0, "true\n"},
		{"nothing", "", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, args := range [][]string{{"--class", "User", file}, {"repl", file, "--class", "User"}} {
				got := oso(t, tt.input, args...)
				if got.code != tt.code || got.stdout != tt.out {
					t.Errorf("%q: exit code %d, output %q; errors:\n%s", args, got.code, got.stdout, got.stderr)
				}
			}
		})
	}
}

func TestReplWithFilesThatAreNotThere(t *testing.T) {
	if got := oso(t, "", "chekc", "all"); got.code != 2 || !strings.Contains(got.stderr, "neither a command nor a file chekc") {
		t.Errorf("exit code %d, %s", got.code, got.stderr)
	}
	if got := oso(t, "", "nowhere.polar"); got.code != 2 || !strings.Contains(got.stderr, "nowhere.polar: no such file or directory") {
		t.Errorf("exit code %d, %s", got.code, got.stderr)
	}
	file := filepath.Join(t.TempDir(), "policy.txt")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if got := oso(t, "", file); got.code != 2 || !strings.Contains(got.stderr, "must end in .polar") {
		t.Errorf("exit code %d, %s", got.code, got.stderr)
	}
}

func TestAFailedInlineQueryEndsTheReplAtOnce(t *testing.T) {
	got := oso(t, "1 = 1\n", policyFile(t, "f(1);\n?= f(2);\n"))
	if got.code != 1 || got.stdout != "" || !strings.Contains(got.stderr, "InlineQueryFailed") {
		t.Errorf("exit code %d, output %q, errors:\n%s", got.code, got.stdout, got.stderr)
	}
}

func TestDisasmListsInstructions(t *testing.T) {
	got := oso(t, "", "disasm", policyFile(t, "f(x) if x > 1;\n"))
	if got.code != 0 || !strings.Contains(got.stdout, "f/1") {
		t.Errorf("exit code %d, output:\n%s%s", got.code, got.stdout, got.stderr)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"--help"}, {"-h"}} {
		got := oso(t, "", args...)
		if got.code != 0 || got.stderr != "" {
			t.Errorf("%q: exit code %d, standard error %q", args, got.code, got.stderr)
		}
		for _, c := range commands() {
			if !strings.Contains(got.stdout, "\n  "+c.name+" ") {
				t.Errorf("%q does not list %s:\n%s", args, c.name, got.stdout)
			}
		}
	}
	for _, c := range commands() {
		for _, args := range [][]string{{"help", c.name}, {c.name, "--help"}} {
			got := oso(t, "", args...)
			if got.code != 0 || c.name != "help" && !strings.Contains(got.stdout, "Usage: oso "+c.name) {
				t.Errorf("%q: exit code %d, output:\n%s%s", args, got.code, got.stdout, got.stderr)
			}
		}
	}
	if got := oso(t, "", "help", "nonsense"); got.code != 2 {
		t.Errorf("help for an unknown command exits %d", got.code)
	}
}

func TestVersion(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"--version"}} {
		if got := oso(t, "", args...); got.code != 0 || !strings.HasPrefix(got.stdout, "oso ") || !strings.Contains(got.stdout, "(go1.") {
			t.Errorf("%q: exit code %d, output %q", args, got.code, got.stdout)
		}
	}
	if got := oso(t, "", "version", "1"); got.code != 2 {
		t.Errorf("an argument is accepted with exit code %d", got.code)
	}
}

func TestFaultsOfTheProgramAreReportedAsSuch(t *testing.T) {
	var stderr strings.Builder
	p := &program{stdin: strings.NewReader(""), stdout: &stderr, stderr: &stderr, getenv: func(string) string { panic("boom") }}
	if code := p.main([]string{"check", "."}); code != exitInternal || !strings.Contains(stderr.String(), "internal error: boom") ||
		!strings.Contains(stderr.String(), "Please report it") {
		t.Errorf("exit code %d, standard error:\n%s", code, &stderr)
	}
}

func TestColorsDependOnTheTerminal(t *testing.T) {
	p := &program{getenv: func(string) string { return "" }}
	if !p.style(true).Color || p.style(false).Color {
		t.Error("colors are not chosen by the terminal")
	}
	p.getenv = func(name string) string { return map[string]string{"NO_COLOR": "1"}[name] }
	if p.style(true).Color {
		t.Error("NO_COLOR is ignored")
	}
}

func TestTheEnvironmentBoundsTime(t *testing.T) {
	for text, want := range map[string]string{"": "30s", "100": "100ms", "0": "0s", "-1": "30s", "soon": "30s"} {
		if got := defaultTimeout(text).String(); got != want {
			t.Errorf("POLAR_TIMEOUT_MS=%q gives %s, want %s", text, got, want)
		}
	}
}
