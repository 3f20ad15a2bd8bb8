package lexer

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goso-project/goso/internal/diag"
)

const bom = "\uFEFF"

// Scanner hands out the tokens of one source. It is not safe for concurrent use.
type Scanner struct {
	src  *diag.Source
	text string
	pos  int
}

// NewScanner returns a scanner at the start of src, behind a leading byte order mark.
func NewScanner(src *diag.Source) *Scanner {
	s := &Scanner{src: src, text: src.Text}
	if strings.HasPrefix(s.text, bom) {
		s.pos = len(bom)
	}
	return s
}

// Next returns the next token; at the end of the text, and ever after, an EOF token. The error says that
// the text at this place is no token; the token then is Invalid, the scanner has passed it, and Next may be called again.
func (s *Scanner) Next() (Token, *diag.Error) {
	var t Token
	err := s.Scan(&t)
	return t, err
}

// Offset returns where the scanner goes on.
func (s *Scanner) Offset() int { return s.pos }

// Seek makes the scanner go on at an offset, which must be where a token begins or has ended.
func (s *Scanner) Seek(offset int) { s.pos = offset }

// Scan is Next with a place for the token, for those who read many.
func (s *Scanner) Scan(t *Token) *diag.Error {
	s.skipSpace()
	start := s.pos
	if start >= len(s.text) {
		s.set(t, EOF, start)
		return nil
	}
	var err *diag.Error
	switch c := s.text[start]; {
	case isDigit(c):
		err = s.number(t)
	case c == '"':
		err = s.str(t)
	case startsName(c):
		err = s.name(t)
	default:
		err = s.punctuation(t)
	}
	if err != nil {
		s.set(t, Invalid, start)
	}
	return err
}

// set makes t the token of a kind from start to the scanner's position.
func (s *Scanner) set(t *Token, kind Kind, start int) {
	t.Kind, t.Start, t.End, t.Text = kind, start, s.pos, s.text[start:s.pos]
}

// skipSpace passes white space and comments.
func (s *Scanner) skipSpace() {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		case '#':
			for s.pos < len(s.text) && s.text[s.pos] != '\n' && s.text[s.pos] != '\r' {
				s.pos++
			}
		default:
			return
		}
	}
}

// Skip passes text, without making tokens of it, up to the next semicolon, closing brace or string, or to the end. It
// returns where what it passed ends, trailing space and comments left out. It is for readers that look for the end of
// a line that went wrong: hostile texts are long.
func (s *Scanner) Skip() (end int) {
	end = s.pos
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ';', '}', '"':
			return end
		case ' ', '\t', '\n', '\r', '#':
			s.skipSpace()
		default:
			s.pos++
			end = s.pos
		}
	}
	return end
}

// SkipRule passes the rest of a rule, up to and with its semicolon, without making tokens of it. The scanner must stand behind the
// parenthesis that opens the head. Params is the number of parameters if this is a rule at all; ok is false where the text
// cannot be one.
func (s *Scanner) SkipRule() (params int, ok bool) {
	depth, some := 1, false // brackets open in the head, and whether anything stands in it
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		s.pos++
		if !skipped[c] {
			some = some || depth > 0
			continue
		}
		switch c {
		case ';':
			if some {
				params++
			}
			return params, depth == 0
		case '"':
			if some = some || depth > 0; !s.skipString() {
				return 0, false
			}
		case '#':
			s.pos--
			s.skipSpace()
		case '(', '[', '{':
			if depth > 0 {
				depth++
				some = true
			}
		case ')', ']', '}':
			depth = max(depth-1, 0)
		case ',':
			if depth == 1 {
				params++
			}
		}
	}
	return 0, false
}

// skipped holds the characters that SkipRule must look at.
var skipped = [256]bool{';': true, '"': true, '#': true, '(': true, '[': true, '{': true, ')': true, ']': true, '}': true, ',': true,
	' ': true, '\t': true, '\n': true, '\r': true}

// skipString passes the rest of a string. It is false if the line or the text ends before.
func (s *Scanner) skipString() bool {
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		s.pos++
		switch c {
		case '"':
			return true
		case '\n':
			return false
		case '\\':
			s.pos = min(s.pos+1, len(s.text))
		}
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isPunctuation(c byte) bool {
	return c >= '!' && c <= '/' || c >= ':' && c <= '@' || c >= '[' && c <= '`' || c >= '{' && c <= '~'
}

// startsName reports whether a name can begin with c. Bytes of multi-byte characters can.
func startsName(c byte) bool {
	switch c {
	case '_':
		return true
	case ' ', '\t', '\n', '\r':
		return false
	}
	return !isPunctuation(c) && !isDigit(c)
}

func continuesName(c byte) bool {
	switch c {
	case '_':
		return true
	case ' ', '\t', '\n', '\f', '\r':
		return false
	}
	return !isPunctuation(c)
}

// nameEnd returns the end of the name that begins at start; ok is false if it ends in "::".
func (s *Scanner) nameEnd(start int) (end int, ok bool) {
	i := start + 1
	for ; i < len(s.text); i++ {
		c := s.text[i]
		if c == ':' && i+1 < len(s.text) && s.text[i+1] == ':' {
			i++
			continue
		}
		if c == '?' {
			return i + 1, true
		}
		if !continuesName(c) {
			break
		}
	}
	return i, !strings.HasSuffix(s.text[start:i], "::")
}

func (s *Scanner) name(t *Token) *diag.Error {
	start := s.pos
	end, ok := s.nameEnd(start)
	s.pos = end
	text := s.text[start:end]
	if !ok {
		return s.invalid(end-1, end, ":", text, "the name %s must go on after '::'", shorten(text))
	}
	s.set(t, keyword(text), start)
	switch {
	case t.Kind == Float && text == "inf":
		t.Float = math.Inf(1)
	case t.Kind == Float:
		t.Float = math.NaN()
	}
	return nil
}

func (s *Scanner) digits() {
	for s.pos < len(s.text) && isDigit(s.text[s.pos]) {
		s.pos++
	}
}

// at reports whether the next byte is one of the given.
func (s *Scanner) at(bytes string) bool {
	return s.pos < len(s.text) && strings.IndexByte(bytes, s.text[s.pos]) >= 0
}

func (s *Scanner) number(t *Token) *diag.Error {
	start := s.pos
	kind := Int
	s.digits()
	if s.at(".") {
		kind = Float
		s.pos++
		s.digits()
	}
	if s.at("eE") {
		// Everything that might belong to the exponent is taken before the whole is converted, so
		// "1e5-x" is a malformed number and not a subtraction.
		kind = Float
		s.pos++
		s.digits()
		if s.at("+-") {
			s.pos++
		}
		s.digits()
	}
	s.set(t, kind, start)
	var err error
	if kind == Int {
		if t.Int, err = strconv.ParseInt(t.Text, 10, 64); err != nil {
			d := diag.New(diag.IntegerOverflow, t.Span(s.src), "'%s' caused an integer overflow: the largest integer is %d; write a float, as in 1e20, or a string instead", shorten(t.Text), int64(math.MaxInt64))
			d.Token = t.Text
			return d
		}
		return nil
	}
	t.Float, err = strconv.ParseFloat(t.Text, 64)
	if err != nil && !math.IsInf(t.Float, 0) { // too large a number is infinity, no error
		d := diag.New(diag.InvalidFloat, t.Span(s.src), "'%s' was interpreted as a float but is none: write the exponent like 1e5 or 1e-5, and put spaces around a following + or -", shorten(t.Text))
		d.Token = t.Text
		return d
	}
	return nil
}

func (s *Scanner) str(t *Token) *diag.Error {
	start := s.pos
	var b strings.Builder
	plain := start + 1 // start of the text not yet in b
	for i := start + 1; i < len(s.text); i++ {
		switch s.text[i] {
		case '"':
			s.pos = i + 1
			t.Kind, t.Start, t.End, t.Text = String, start, s.pos, s.text[plain:i]
			if b.Len() > 0 || plain > start+1 {
				b.WriteString(t.Text)
				t.Text = b.String()
			}
			return nil
		case '\n':
			b.WriteString(s.text[plain:i])
			s.pos = i + 1
			return s.invalid(i, i+1, "\n", b.String(), `a string ends on the line it begins on: close it with '"', or write \n for a line break`)
		case '\\':
			b.WriteString(s.text[plain:i])
			if i+1 == len(s.text) {
				s.pos = len(s.text)
				return s.invalid(i, i+1, "\x00", b.String(), `the text ends inside a string: close it with '"'`)
			}
			i++
			plain = i + 1
			switch s.text[i] {
			case 'n':
				b.WriteByte('\n')
			case 'r':
				b.WriteByte('\r')
			case 't':
				b.WriteByte('\t')
			case '0':
				b.WriteByte(0)
			default:
				plain = i // the character stands for itself, however many bytes it has
			}
		}
	}
	b.WriteString(s.text[plain:])
	s.pos = len(s.text)
	return s.invalid(start, start+1, "\x00", b.String(), `the text ends inside the string that begins here: close it with '"'`)
}

// single holds the kinds of the marks of one character.
var single = [utf8.RuneSelf]Kind{
	':': Colon, ',': Comma, '[': LBracket, ']': RBracket, '(': LParen, ')': RParen, '{': LBrace, '}': RBrace,
	'.': Dot, '!': Bang, '*': Star, '/': Slash, '+': Plus, '-': Minus, '<': Lt, '>': Gt, '=': Unify, '|': Bar, ';': Semicolon,
}

// withEqual holds the kinds of the marks that consist of a character and '='.
var withEqual = [utf8.RuneSelf]Kind{
	'=': Eq, '!': Neq, '<': Leq, '>': Geq, ':': Assign, '?': InlineQuery,
}

func (s *Scanner) punctuation(t *Token) *diag.Error {
	start := s.pos
	c := s.text[start]
	if kind := withEqual[c]; kind != Invalid && start+1 < len(s.text) && s.text[start+1] == '=' {
		s.pos += 2
		s.set(t, kind, start)
		return nil
	}
	if c == '?' {
		return s.question()
	}
	if kind := single[c]; kind != Invalid {
		s.pos++
		s.set(t, kind, start)
		return nil
	}
	s.pos++
	return s.invalid(start, s.pos, string(c), "", "%s", adviceFor(c))
}

// question reports a '?' that no '=' follows; the error is about the character after it.
func (s *Scanner) question() *diag.Error {
	at := s.pos + 1
	s.pos = at
	const advice = "'?' may only begin '?=' or end a name"
	if at == len(s.text) {
		return s.invalid(at, at, "\x00", "?=", advice)
	}
	_, width := utf8.DecodeRuneInString(s.text[at:])
	// The character itself stays unread: it may well be the ';' at which a reader recovers.
	return s.invalid(at, at+width, s.text[at:at+width], "?=", advice)
}

func adviceFor(c byte) string {
	switch c {
	case '\'', '`':
		return `write strings in double quotes`
	case '&':
		return "write 'and'"
	case '%':
		return "write 'mod' or 'rem'"
	}
	return "remove it, or put the text in double quotes"
}

// invalid reports the character at start; token is the text read of the token it stands in.
func (s *Scanner) invalid(start, end int, char, token, format string, args ...any) *diag.Error {
	d := diag.New(diag.InvalidTokenCharacter, diag.Span{Source: s.src, Start: start, End: end}, format, args...)
	found := "'" + char + "'"
	switch char {
	case "\n":
		found = "a line break"
	case "\x00":
		found = "the end of the text"
		if start < len(s.text) && s.text[start] == 0 {
			found = "the character NUL"
		}
	}
	d.Message = found + " is not a valid character here: " + d.Message
	d.Char, d.Token = char, token
	return d
}

// shorten keeps a message readable when the token is huge.
func shorten(text string) string {
	const limit = 60
	if len(text) <= limit {
		return text
	}
	return text[:limit] + "…"
}
