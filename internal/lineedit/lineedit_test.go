package lineedit

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
)

// keyboard is a terminal of a test; it counts how often it was switched to raw mode and not back.
type keyboard struct{ switched int }

func (k *keyboard) raw() (func(), error) {
	k.switched++
	return func() { k.switched-- }, nil
}

func (k *keyboard) width() int { return 30 }

func newEditor(keys string) (*Editor, *keyboard, *strings.Builder) {
	k, out := &keyboard{}, &strings.Builder{}
	return &Editor{in: bufio.NewReader(strings.NewReader(keys)), out: out, term: k}, k, out
}

func TestKeysEditTheLine(t *testing.T) {
	const left, right, home, end, del, up, down = "\x1b[D", "\x1b[C", "\x1b[H", "\x1bOF", "\x1b[3~", "\x1b[A", "\x1b[B"
	tests := []struct {
		name, keys string
		want       []string
	}{
		{"typing", "x = 1\r", []string{"x = 1"}},
		{"characters that are not ASCII", "é名\r", []string{"é名"}},
		{"backspace", "ab\x7fc\x08d\r", []string{"ad"}},
		{"backspace at the start", "\x7fa\r", []string{"a"}},
		{"moving and inserting", "bc" + left + left + "a" + right + "-" + end + "d\r", []string{"ab-cd"}},
		{"moving past the ends", left + "a" + right + right + "b\r", []string{"ab"}},
		{"home and delete", "abc" + home + del + del + "\x04\r", []string{""}},
		{"the emacs keys", "bc\x01a\x05d\x02\x02\x06-\r", []string{"abc-d"}},
		{"cutting to the end", "abcd" + left + left + "\x0b\r", []string{"ab"}},
		{"cutting to the start", "abcd" + left + left + "\x15\r", []string{"cd"}},
		{"cutting a word", "one two  \x17three\r", []string{"one three"}},
		{"history", "one\rtwo\r" + up + "\r" + up + up + "!\r", []string{"one", "two", "two", "one!"}},
		{"history and back", "one\rtw" + up + down + "o\r", []string{"one", "two"}},
		{"no history", up + down + "a\r", []string{"a"}},
		{"unknown keys", "a\x1b[15~\x1b[1;5C\x1bxb\x00\r", []string{"ab"}},
		{"tabs are blanks", "a\tb\r", []string{"a b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, k, _ := newEditor(tt.keys)
			for _, want := range tt.want {
				got, err := e.Line("> ")
				if got != want || err != nil {
					t.Errorf("line %q, %v, want %q", got, err, want)
				}
			}
			if k.switched != 0 {
				t.Error("the terminal stays in raw mode")
			}
		})
	}
}

func TestLinesEnd(t *testing.T) {
	tests := []struct {
		name, keys string
		want       error
	}{
		{"Ctrl-C", "abc\x03", ErrInterrupted},
		{"Ctrl-D on an empty line", "\x04", io.EOF},
		{"the end of the input", "abc", io.EOF},
		{"the end of the input within a key", "\x1b[", io.EOF},
	}
	for _, tt := range tests {
		e, k, _ := newEditor(tt.keys)
		if text, err := e.Line("> "); text != "" || !errors.Is(err, tt.want) {
			t.Errorf("%s: line %q, %v, want %v", tt.name, text, err, tt.want)
		}
		if k.switched != 0 {
			t.Errorf("%s: the terminal stays in raw mode", tt.name)
		}
	}
}

func TestLongLinesScroll(t *testing.T) {
	e, _, out := newEditor(strings.Repeat("abcdefghij", 10) + "\r")
	if _, err := e.Line("> "); err != nil {
		t.Fatal(err)
	}
	for _, shown := range strings.Split(out.String(), "\r\x1b[K") {
		shown, _, _ = strings.Cut(shown, "\r")
		if len(shown) > 30 {
			t.Errorf("%q is wider than the terminal", shown)
		}
	}
	if !strings.Contains(out.String(), "> defghijabcdefghijabcdefghij\r") {
		t.Errorf("the end of the line is not shown:\n%q", out.String()[max(0, out.Len()-120):])
	}
}

func TestTheHistoryIsBounded(t *testing.T) {
	e, _, _ := newEditor(strings.Repeat("a\rb\r", maxHistory))
	for range 2 * maxHistory {
		if _, err := e.Line(""); err != nil {
			t.Fatal(err)
		}
	}
	if len(e.history) != maxHistory {
		t.Errorf("%d lines are remembered", len(e.history))
	}
}
