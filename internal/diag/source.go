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
	lines []int // byte offset of the start of each line, built on first use
}

// NewSource returns a source. A leading byte order mark stays in Text; the lexer skips it.
func NewSource(name, text string) *Source { return &Source{Name: name, Text: text} }

// Position is a place in a source: line and column count from 1, columns in characters (code points).
type Position struct{ Line, Column int }

func (s *Source) index() []int {
	s.once.Do(func() {
		s.lines = append(s.lines, 0)
		for i := range len(s.Text) {
			if s.Text[i] == '\n' {
				s.lines = append(s.lines, i+1)
			}
		}
	})
	return s.lines
}

// Position returns the line and column of a byte offset; an offset past the end counts as the end.
func (s *Source) Position(offset int) Position {
	past := 0
	if offset > len(s.Text) {
		past = offset - len(s.Text)
		offset = len(s.Text)
	}
	offset = max(offset, 0)
	lines := s.index()
	n := sort.Search(len(lines), func(i int) bool { return lines[i] > offset })
	return Position{Line: n, Column: utf8.RuneCountInString(s.Text[lines[n-1]:offset]) + 1 + past}
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
