package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/diag"
)

var update = flag.Bool("update", false, "rewrite golden files")

// result is what a command line did.
type result struct {
	code           int
	stdout, stderr string
}

// oso runs a command line in the directory of the test, with an empty environment.
func oso(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	return osoWith(t, nil, stdin, args...)
}

func osoWith(t *testing.T, env map[string]string, stdin string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &program{stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr, getenv: func(name string) string { return env[name] }}
	code := p.main(args)
	return result{code, stdout.String(), stderr.String()}
}

// golden compares a text with a file, or rewrites the file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// inCheckData makes the directory of the policies to check the current one.
func inCheckData(t *testing.T) {
	t.Helper()
	t.Chdir(filepath.Join("..", "..", "testdata", "check"))
}

// classArgs declare all classes of testdata/check/all but Robot.
var classArgs = []string{"--class", "User", "--class", "Repo", "--class", "Org", "--class", "Doc"}

func TestCheckReportsEveryKindOfMistakeAtOnce(t *testing.T) {
	inCheckData(t)
	kinds := []diag.Kind{
		diag.IntegerOverflow, diag.InvalidTokenCharacter, diag.InvalidFloat, diag.ReservedWord, diag.UnrecognizedToken,
		diag.UnrecognizedEOF, diag.WrongValueType, diag.DuplicateKey, diag.NestingTooDeep,
		diag.FileLoading, diag.MissingRequiredRule, diag.InvalidRule, diag.InvalidRuleType, diag.UndefinedRuleCall, diag.ResourceBlock,
		diag.SingletonVariable, diag.UnregisteredClass, diag.DuplicateBlockDecl,
		diag.UnknownSpecializer, diag.AmbiguousPrecedence, diag.MissingAllowRule, diag.MissingHasPermissionRule,
	}
	got := oso(t, "", append([]string{"check", "all"}, classArgs...)...)
	if got.code != 1 || got.stderr != "" {
		t.Errorf("exit code %d, standard error %q", got.code, got.stderr)
	}
	for _, kind := range kinds {
		if !strings.Contains(got.stdout, "["+string(kind)+"]") {
			t.Errorf("%s is not reported", kind)
		}
	}
	if again := oso(t, "", append([]string{"check", "all"}, classArgs...)...); again != got {
		t.Errorf("the second run differs (-first +second):\n%s", cmp.Diff(got.stdout, again.stdout))
	}
}

func TestCheckFormats(t *testing.T) {
	inCheckData(t)
	tests := []struct {
		dir  string
		args []string
		code int
	}{
		{"all", classArgs, 1},
		{"clean", []string{"--class", "User", "--class", "Repo"}, 0},
		{"inline", nil, 1},
		{"warnings", nil, 0},
	}
	for _, tt := range tests {
		for _, format := range []string{"human", "json", "jsonl", "github"} {
			t.Run(tt.dir+"/"+format, func(t *testing.T) {
				got := oso(t, "", append([]string{"check", "--format", format, tt.dir}, tt.args...)...)
				if got.code != tt.code {
					t.Errorf("exit code %d, want %d", got.code, tt.code)
				}
				golden(t, tt.dir+"."+format+".golden", got.stdout)
				if format == "json" && !json.Valid([]byte(got.stdout)) {
					t.Error("the output is no JSON")
				}
			})
		}
	}
}

func TestCheckSelectsGitHubOnItsOwn(t *testing.T) {
	inCheckData(t)
	got := osoWith(t, map[string]string{"GITHUB_ACTIONS": "true"}, "", "check", "warnings")
	if !strings.HasPrefix(got.stdout, "::warning file=warnings/policy.polar,line=4,") {
		t.Errorf("standard output:\n%s", got.stdout)
	}
	if !strings.Contains(got.stderr, "warnings/policy.polar:4:25: warning[ValidationWarning::AmbiguousPrecedence]") {
		t.Errorf("standard error:\n%s", got.stderr)
	}
	got = osoWith(t, map[string]string{"GITHUB_ACTIONS": "true"}, "", "check", "--format", "human", "warnings")
	if strings.Contains(got.stdout, "::warning file") {
		t.Errorf("--format human gives:\n%s", got.stdout)
	}
}

func TestFailOnChoosesTheThreshold(t *testing.T) {
	inCheckData(t)
	tests := []struct {
		dir, failOn string
		want        int
	}{
		{"warnings", "error", 0}, {"warnings", "warning", 1}, {"warnings", "never", 0},
		{"inline", "error", 1}, {"inline", "never", 0},
		{"clean", "warning", 0},
	}
	for _, tt := range tests {
		if got := oso(t, "", "check", "--fail-on", tt.failOn, tt.dir); got.code != tt.want {
			t.Errorf("--fail-on %s for %s: exit code %d, want %d\n%s", tt.failOn, tt.dir, got.code, tt.want, got.stdout)
		}
	}
}

func TestCheckFlags(t *testing.T) {
	inCheckData(t)
	tests := []struct {
		name         string
		args         []string
		stdin        string
		code         int
		has, lacks   string
		errorMention string
	}{
		{name: "standard input", args: []string{"check", "--stdin-name", "editor.polar"}, stdin: "allow(a, b, c);", code: 1, has: "editor.polar:1:7: error["},
		{name: "standard input and files", args: []string{"check", "--stdin-name", "x.polar", "all"}, code: 2, errorMention: "name no files"},
		{name: "quiet", args: []string{"check", "--quiet", "warnings"}, has: "warning[", lacks: "in 1 file"},
		{name: "max", args: []string{"check", "--max", "1", "all"}, code: 1, has: "… and "},
		{name: "strict classes", args: []string{"check", "--strict-classes", "clean"}, code: 1, has: "error[ValidationError::UnregisteredClass]"},
		{name: "no class data", args: []string{"check", "clean"}, has: "0 errors, 0 warnings in 2 files"},
		{name: "queries are not run", args: []string{"check", "--no-run-queries", "inline"}, has: "0 errors"},
		{name: "an unknown format", args: []string{"check", "--format", "xml", "all"}, code: 2, errorMention: "choose one of human, json, jsonl, github"},
		{name: "an unknown flag", args: []string{"check", "--frobnicate"}, code: 2, errorMention: "there is no flag"},
		{name: "no files", args: []string{"check", "nowhere"}, code: 2, errorMention: "no such file or directory"},
		{name: "a wrong class", args: []string{"check", "--class", "1", "all"}, code: 2, errorMention: "not the name of a class"},
		{name: "a class twice", args: []string{"check", "--class", "A", "--class", "A", "all"}, code: 2, errorMention: "declared twice"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := oso(t, tt.stdin, tt.args...)
			if got.code != tt.code {
				t.Errorf("exit code %d, want %d\n%s%s", got.code, tt.code, got.stdout, got.stderr)
			}
			if !strings.Contains(got.stdout, tt.has) {
				t.Errorf("the output lacks %q:\n%s", tt.has, got.stdout)
			}
			if tt.lacks != "" && strings.Contains(got.stdout, tt.lacks) {
				t.Errorf("the output has %q:\n%s", tt.lacks, got.stdout)
			}
			if !strings.Contains(got.stderr, tt.errorMention) {
				t.Errorf("the standard error lacks %q:\n%s", tt.errorMention, got.stderr)
			}
		})
	}
}

func TestCheckWritesToAFile(t *testing.T) {
	inCheckData(t)
	file := filepath.Join(t.TempDir(), "report.json")
	got := oso(t, "", "check", "--format", "json", "--output", file, "warnings")
	if got.code != 0 || got.stdout != "" {
		t.Errorf("exit code %d, output %q", got.code, got.stdout)
	}
	text, err := os.ReadFile(file)
	if err != nil || !json.Valid(text) {
		t.Errorf("the file holds %q, %v", text, err)
	}
	if got := oso(t, "", "check", "--output", t.TempDir(), "warnings"); got.code != 2 {
		t.Errorf("a report that cannot be written exits %d", got.code)
	}
}

func TestFilesThatAreNotTextAreRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "binary.polar")
	if err := os.WriteFile(file, []byte("f(1);\nf(\"\xff\");"), 0o666); err != nil {
		t.Fatal(err)
	}
	got := oso(t, "", "check", file)
	if got.code != 2 || !strings.Contains(got.stderr, "binary.polar:2: not UTF-8 text") {
		t.Errorf("exit code %d, %s", got.code, got.stderr)
	}
}

func TestMistakesInBlocksHaveNoEcho(t *testing.T) {
	const text = `resource Page {
  permissions = ["read"];
  "write" if "read";
}
allow(actor, action, page) if has_permission(actor, action, page);
`
	got := oso(t, text, "check", "--stdin-name", "pages.polar")
	if !strings.Contains(got.stdout, "pages.polar:3:3: error[ValidationError::ResourceBlock]") || !strings.Contains(got.stdout, "1 error, 0 warnings") {
		t.Errorf("output:\n%s", got.stdout)
	}
}
