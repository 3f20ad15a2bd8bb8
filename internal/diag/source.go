package diag

import (
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// Source is one policy or query text with an optional name. It is immutable and safe for concurrent use.
type Source struct {
	Name string // file name shown in messages; empty for a text without a file
	Text string

	once  sync.Once
	lines []int  // byte offset of the start of each line, built on first use
	marks []mark // one for about every markEvery bytes, built with lines
}

// mark notes how many characters precede a byte offset, so that no column needs a count over a whole line:
// generated policies have lines of megabytes.
type mark struct{ offset, characters int }

const markEvery = 4096

// NewSource returns a source. A leading byte order mark stays in Text; the lexer skips it.
func NewSource(name, text string) *Source { return &Source{Name: name, Text: text} }

// Position is a place in a source: line and column count from 1, columns in characters (code points).
type Position struct{ Line, Column int }

func (s *Source) index() []int {
	s.once.Do(func() {
		s.lines = append(s.lines, 0)
		characters := 0
		for i, c := range s.Text {
			if i >= len(s.marks)*markEvery {
				s.marks = append(s.marks, mark{i, characters})
			}
			characters++
			if c == '\n' {
				s.lines = append(s.lines, i+1)
			}
		}
	})
	return s.lines
}

// characters returns the number of characters before a byte offset of the text. Call index first.
func (s *Source) characters(offset int) int {
	if len(s.marks) == 0 {
		return 0
	}
	m := s.marks[min(offset/markEvery, len(s.marks)-1)]
	if m.offset > offset { // offset is inside the character after which the mark stands
		return m.characters
	}
	return m.characters + utf8.RuneCountInString(s.Text[m.offset:offset])
}

// Position returns the line and column of a byte offset. An offset past the end is that many columns past the
// end.
func (s *Source) Position(offset int) Position {
	past := max(offset-len(s.Text), 0)
	offset = min(max(offset, 0), len(s.Text))
	lines := s.index()
	n := sort.Search(len(lines), func(i int) bool { return lines[i] > offset })
	return Position{Line: n, Column: s.characters(offset) - s.characters(lines[n-1]) + 1 + past}
}

// Line returns the text of a line (from 1) without its line break; ok is false where there is no such line.
func (s *Source) Line(n int) (text string, ok bool) {
	lines := s.index()
	if n < 1 || n > len(lines) {
		return "", false
	}
	start, end := lines[n-1], len(s.Text)
	if n < len(lines) {
		end = lines[n] - 1
	} else if start == end && n > 1 {
		return "", false // a final line break starts no line of its own
	}
	return strings.TrimSuffix(s.Text[start:end], "\r"), true
}

// Span is a range of bytes in a source, end exclusive. The zero Span means "no place".
type Span struct {
	Source     *Source
	Start, End int
}

// IsValid reports whether the span names a place.
func (s Span) IsValid() bool { return s.Source != nil }

// Position returns the line and column of the span's start, or the zero Position where there is no place.
func (s Span) Position() Position {
	if s.Source == nil {
		return Position{}
	}
	return s.Source.Position(s.Start)
}

// EndPosition returns the line and column just after the span's end.
func (s Span) EndPosition() Position {
	if s.Source == nil {
		return Position{}
	}
	return s.Source.Position(s.End)
}

// Text returns the source text the span covers.
func (s Span) Text() string {
	if s.Source == nil || s.Start < 0 || s.End > len(s.Source.Text) || s.Start > s.End {
		return ""
	}
	return s.Source.Text[s.Start:s.End]
}

// To returns the span from the start of s to the end of t.
func (s Span) To(t Span) Span { return Span{s.Source, s.Start, t.End} }
