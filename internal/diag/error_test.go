package diag

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestErrorShowsLineAndCaret(t *testing.T) {
	src := NewSource("p.polar", "f(1);\nf(x) if y and x;\n")
	err := New(SingletonVariable, Span{src, 14, 15}, "Singleton variable %s is unused", "y")
	want := "Singleton variable y is unused at line 2, column 9 of file p.polar:\n" +
		"\t002: f(x) if y and x;\n" +
		"\t             ^\n"
	if got := err.Error(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestErrorWithoutPlaceOrName(t *testing.T) {
	err := New(StackOverflow, Span{}, "too deep")
	err.Trace = "trace:\n"
	if got, want := err.Error(), "trace:\ntoo deep"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
	src := NewSource("", "é;\n")
	if got, want := New(UnrecognizedToken, Span{src, 2, 3}, "no").Error(), "no at line 1, column 2:\n\t001: é;\n\t      ^\n"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
	// A place behind a final line break has no line to show.
	if got, want := New(UnrecognizedEOF, Span{src, 4, 4}, "end").Error(), "end at line 2, column 1:"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}

func TestHugeLinesAreCut(t *testing.T) {
	src := NewSource("", strings.Repeat("é", 5000)+"@"+strings.Repeat("b", 5000))
	if got, want := New(InvalidTokenCharacter, Span{src, 6, 8}, "no").Place(), " at line 1, column 4:\n\t001: "+strings.Repeat("é", 103)+"…\n\t        ^\n"; got != want {
		t.Errorf("near the start: got %q, want %q", got, want)
	}
	text := New(InvalidTokenCharacter, Span{src, 10000, 10001}, "no").Error()
	if len(text) > 1000 || !strings.Contains(text, " at line 1, column 5001:") {
		t.Errorf("the message has %d bytes and begins %.60q", len(text), text)
	}
	lines := strings.Split(text, "\n")
	if caret, at := []rune(lines[2]), []rune(lines[1]); at[len(caret)-1] != '@' {
		t.Errorf("the caret does not stand under the character:\n%s", text)
	}
	for _, offset := range []int{0, 15000, 15001, 15010} { // the ends, and past them
		if text := New(UnrecognizedEOF, Span{src, offset, offset}, "no").Error(); len(text) > 2000 || !strings.HasSuffix(text, "^\n") {
			t.Errorf("offset %d: the message has %d bytes", offset, len(text))
		}
	}
}

func TestErrorIsItsKindAndItsCause(t *testing.T) {
	err := New(Application, Span{}, "host")
	if !errors.Is(err, Application) || errors.Is(err, StackOverflow) {
		t.Error("an error is its own kind and no other")
	}
	err.Cause = io.ErrUnexpectedEOF
	if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(err, Application) {
		t.Error("an error is its kind and its cause")
	}
}

func TestWarningKinds(t *testing.T) {
	if !UnknownSpecializer.IsWarning() || SingletonVariable.IsWarning() {
		t.Error("exactly the ValidationWarning kinds are warnings")
	}
	if got, want := UnknownSpecializer.Error(), "ValidationWarning::UnknownSpecializer"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}
