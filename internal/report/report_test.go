package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/goso-project/goso/internal/diag"
)

// at returns an error at the n-th occurrence (from 0) of a piece of a text.
func at(src *diag.Source, piece string, format string) *diag.Error {
	start := strings.Index(src.Text, piece)
	return diag.New(diag.SingletonVariable, diag.Span{Source: src, Start: start, End: start + len(piece)}, "%s", format)
}

func human(found ...Diagnostic) string {
	var b strings.Builder
	if err := New([]string{"a.polar"}, found).Human(&b, Style{NoSummary: true}); err != nil {
		return err.Error()
	}
	return b.String()
}

func TestCaretsStandUnderThePlace(t *testing.T) {
	long := strings.Repeat("x", 300) + "HERE" + strings.Repeat("y", 300)
	tests := []struct{ name, text, piece, want string }{
		{"one line", "f(x) if y;", "y", "    1 | f(x) if y;\n      |         ^\n"},
		{"a run", "f(x) if yyy;", "yyy", "    1 | f(x) if yyy;\n      |         ^^^\n"},
		{"another line", "\n\nf(y);\n", "y", "    3 | f(y);\n      |   ^\n"},
		{"only what is on the first line", "f(a,\nb);", "a,\nb", "    1 | f(a,\n      |   ^^\n"},
		{"the end of the line", "f(\n", "\n", "    1 | f(\n      |   ^\n"},
		{"tabs", "\tf(\ty);", "y", "    1 |     f(    y);\n      |           ^\n"},
		{"wide characters", "名(é, y);", "y", "    1 | 名(é, y);\n      |       ^\n"},
		{"combining characters", "e\u0301(y);", "y", "    1 | e\u0301(y);\n      |   ^\n"},
		{"control characters", "f(\x1b, y);", "y", "    1 | f(\ufffd, y);\n      |      ^\n"},
		{"CRLF", "f(y);\r\n", "y", "    1 | f(y);\n      |   ^\n"},
		{"a long line", long, "HERE", "    1 | …" + strings.Repeat("x", 60) + "HERE" + strings.Repeat("y", 96) + "…\n      |  " +
			strings.Repeat(" ", 60) + "^^^^\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := diag.NewSource("a.polar", tt.text)
			got := human(Diagnostic{at(src, tt.piece, "m"), Error})
			_, got, _ = strings.Cut(got, "\n")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("excerpt (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPlacePastTheTextShowsNoLine(t *testing.T) {
	src := diag.NewSource("a.polar", "f(x)\n")
	e := diag.New(diag.UnrecognizedEOF, diag.Span{Source: src, Start: 5, End: 5}, "end")
	if got, want := human(Diagnostic{e, Error}), "a.polar:2:1: error[ParseError::UnrecognizedEOF]: end\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// sample is a report with one of everything.
func sample() *Report {
	a, b := diag.NewSource("a.polar", "f(x) if y;\n"), diag.NewSource("dir/b,c.polar", "g(\n 100%);\n")
	first := at(a, "y", "variable y\nis unused")
	first.Related = []diag.Related{{Message: "see here", Span: diag.Span{Source: b, Start: 0, End: 1}}, {Message: "and think"}}
	first.Help = "rename it to _y"
	second := diag.New(diag.UnrecognizedToken, diag.Span{Source: b, Start: 0, End: 8}, "what is <100%%>?")
	third := diag.New(diag.MissingAllowRule, diag.Span{}, "no allow rule")
	return New([]string{"a.polar", "dir/b,c.polar"}, []Diagnostic{{third, Warning}, {second, Error}, {first, Error}})
}

func TestFormats(t *testing.T) {
	tests := []struct {
		name  string
		write func(*Report, *strings.Builder) error
		want  string
	}{
		{"human", func(r *Report, b *strings.Builder) error { return r.Human(b, Style{}) }, `a.polar:1:9: error[ValidationError::SingletonVariable]: variable y
    is unused
    1 | f(x) if y;
      |         ^
  note: see here (dir/b,c.polar:1:1)
  note: and think
  help: rename it to _y
dir/b,c.polar:1:1: error[ParseError::UnrecognizedToken]: what is <100%>?
    1 | g(
      | ^^
policy: warning[ValidationWarning::MissingAllowRule]: no allow rule
2 errors, 1 warning in 2 files
`},
		{"json", func(r *Report, b *strings.Builder) error { return r.JSON(b) }, `{"version":1,"files":["a.polar","dir/b,c.polar"],"summary":{"errors":2,"warnings":1},"diagnostics":[` +
			`{"code":"ValidationError::SingletonVariable","severity":"error","message":"variable y\nis unused","file":"a.polar","range":{"start":{"line":1,"column":9,"offset":8},"end":{"line":1,"column":10,"offset":9}},` +
			`"related":[{"message":"see here","file":"dir/b,c.polar","range":{"start":{"line":1,"column":1,"offset":0},"end":{"line":1,"column":2,"offset":1}}},{"message":"and think"}],"help":"rename it to _y"},` +
			`{"code":"ParseError::UnrecognizedToken","severity":"error","message":"what is <100%>?","file":"dir/b,c.polar","range":{"start":{"line":1,"column":1,"offset":0},"end":{"line":2,"column":6,"offset":8}}},` +
			`{"code":"ValidationWarning::MissingAllowRule","severity":"warning","message":"no allow rule"}]}` + "\n"},
		{"jsonl", func(r *Report, b *strings.Builder) error {
			r.Max = 2
			r.Diagnostics = r.Diagnostics[1:]
			return r.JSONLines(b)
		},
			`{"code":"ParseError::UnrecognizedToken","severity":"error","message":"what is <100%>?","file":"dir/b,c.polar","range":{"start":{"line":1,"column":1,"offset":0},"end":{"line":2,"column":6,"offset":8}}}
{"code":"ValidationWarning::MissingAllowRule","severity":"warning","message":"no allow rule"}
`},
		{"github", func(r *Report, b *strings.Builder) error { return r.GitHub(b) },
			`::error file=a.polar,line=1,endLine=1,col=9,endColumn=10,title=ValidationError%3A%3ASingletonVariable::variable y%0Ais unused%0Arename it to _y
::error file=dir/b%2Cc.polar,line=1,endLine=2,col=1,title=ParseError%3A%3AUnrecognizedToken::what is <100%25>?
::warning title=ValidationWarning%3A%3AMissingAllowRule::no allow rule
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			if err := tt.write(sample(), &b); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, b.String()); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMaxBoundsTheListNotTheCounts(t *testing.T) {
	r := sample()
	r.Max = 1
	var b strings.Builder
	if err := r.Human(&b, Style{}); err != nil {
		t.Fatal(err)
	}
	if want := "… and 2 more\n2 errors, 1 warning in 2 files\n"; !strings.HasSuffix(b.String(), want) {
		t.Errorf("the output ends otherwise than %q:\n%s", want, &b)
	}
}

func TestColorsAreOnlyOnDemand(t *testing.T) {
	var plain, colored strings.Builder
	if err := sample().Human(&plain, Style{}); err != nil {
		t.Fatal(err)
	}
	if err := sample().Human(&colored, Style{Color: true}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plain.String(), "\x1b") || !strings.Contains(colored.String(), "\x1b[1;31merror") {
		t.Errorf("plain:\n%q\ncolored:\n%q", &plain, &colored)
	}
}
