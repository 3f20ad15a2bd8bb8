package diag

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPositionCountsLinesAndCharacters(t *testing.T) {
	for _, tt := range []struct {
		text   string
		offset int
		want   Position
	}{
		{"", 0, Position{1, 1}},
		{"abc", 0, Position{1, 1}},
		{"abc", 3, Position{1, 4}},
		{"abc", 5, Position{1, 6}}, // past the end
		{"abc", -1, Position{1, 1}},
		{"a\nb", 1, Position{1, 2}},
		{"a\nb", 2, Position{2, 1}},
		{"a\n", 2, Position{2, 1}},
		{"\n\n", 1, Position{2, 1}},
		{"a\r\nb", 2, Position{1, 3}},
		{"a\rb", 2, Position{1, 3}},
		{"\ta", 1, Position{1, 2}},
		{"é💯x", 6, Position{1, 3}},
		{"\uFEFFx", 3, Position{1, 2}},
		{"\xff\xfex", 2, Position{1, 3}}, // an invalid byte is a character
	} {
		if got := NewSource("", tt.text).Position(tt.offset); got != tt.want {
			t.Errorf("Position(%d) of %q = %v, want %v", tt.offset, tt.text, got, tt.want)
		}
	}
}

// TestPositionOnLongLines compares with a plain count, on lines that span many marks.
func TestPositionOnLongLines(t *testing.T) {
	text := strings.Repeat("aé💯\xff", 3000) + "\n" + strings.Repeat("日本x", 4000) + "\nend"
	src := NewSource("", text)
	for offset := 0; offset <= len(text); offset += 97 {
		if offset < len(text) && !utf8.RuneStart(text[offset]) {
			continue
		}
		before := text[:offset]
		want := Position{strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1}
		if got := src.Position(offset); got != want {
			t.Fatalf("Position(%d) = %v, want %v", offset, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	for _, tt := range []struct {
		text string
		n    int
		want string
		ok   bool
	}{
		{"", 1, "", true},
		{"a\nb", 1, "a", true},
		{"a\nb", 2, "b", true},
		{"a\nb", 3, "", false},
		{"a\nb", 0, "", false},
		{"a\r\nb", 1, "a", true},
		{"a\n", 2, "", false}, // nothing begins after a final line break
		{"a\n\nb", 2, "", true},
	} {
		if got, ok := NewSource("", tt.text).Line(tt.n); got != tt.want || ok != tt.ok {
			t.Errorf("Line(%d) of %q = %q, %t, want %q, %t", tt.n, tt.text, got, ok, tt.want, tt.ok)
		}
	}
}

func TestSpan(t *testing.T) {
	src := NewSource("", "one two\nthree")
	one, three := Span{src, 0, 3}, Span{src, 8, 13}
	if got := one.Text(); got != "one" {
		t.Errorf("Text() = %q, want %q", got, "one")
	}
	if got := one.To(three).Text(); got != "one two\nthree" {
		t.Errorf("To covers %q, want both", got)
	}
	if got, want := three.Position(), (Position{2, 1}); got != want {
		t.Errorf("Position() = %v, want %v", got, want)
	}
	if got, want := three.EndPosition(), (Position{2, 6}); got != want {
		t.Errorf("EndPosition() = %v, want %v", got, want)
	}
	var none Span
	if none.IsValid() || none.Text() != "" || none.Position() != (Position{}) || none.EndPosition() != (Position{}) {
		t.Error("the zero Span names a place")
	}
	if got := (Span{src, 5, 99}).Text(); got != "" {
		t.Errorf("a span beyond the text gives %q, want nothing", got)
	}
}
