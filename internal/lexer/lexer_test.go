package lexer

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/goso-project/goso/internal/diag"
)

// scan returns the tokens of a text, one word each: the kind, and the text where the kind does not say it. An
// error is shown as its kind and place, and scanning goes on behind it.
func scan(text string) []string {
	s := NewScanner(diag.NewSource("", text))
	var words []string
	for {
		tok, err := s.Next()
		switch {
		case err != nil:
			pos := err.Span.Position()
			words = append(words, fmt.Sprintf("%s(%d:%d)", strings.TrimPrefix(string(err.Kind), "ParseError::"), pos.Line, pos.Column))
		case tok.Kind == EOF:
			return words
		case tok.Kind == Int:
			words = append(words, fmt.Sprintf("int(%d)", tok.Int))
		case tok.Kind == Float:
			words = append(words, fmt.Sprintf("float(%v)", tok.Float))
		case tok.Kind == Ident || tok.Kind == Bool || tok.Kind == String:
			words = append(words, fmt.Sprintf("%s(%s)", tok.Kind, tok.Text))
		default:
			words = append(words, tok.Kind.String())
		}
	}
}

func TestTokens(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{" \t\r\n", ""},
		{"# only a comment", ""},
		{"a # c\rb # d\nc", "name(a) name(b) name(c)"},
		{"\uFEFFa", "name(a)"},
		{"a \uFEFFb", "name(a) name(\uFEFFb)"},

		{"_ __ _x x1_y X", "name(_) name(__) name(_x) name(x1_y) name(X)"},
		{"日本 é💯 ٣", "name(日本) name(é💯) name(٣)"},
		{"a::b::C a:b", "name(a::b::C) name(a) : name(b)"},
		{"a::::b a::1 a::?", "name(a::::b) name(a::1) name(a::?)"},
		{"ok? a?b x?=1", "name(ok?) name(a?) name(b) name(x?) = int(1)"},
		{"\x0b \x0b\x0b", "name(\x0b) name(\x0b\x0b)"},
		{"a\fb", "name(a) name(\fb)"},
		{"a\xffb", "name(a\xffb)"},

		{"type cut debug print in forall if and or not new matches mod rem isa",
			"type cut debug print in forall if and or not new matches mod rem isa"},
		{"true false cut? in::x iffy actor", "boolean(true) boolean(false) name(cut?) name(in::x) name(iffy) name(actor)"},

		{"0 007 9223372036854775807", "int(0) int(7) int(9223372036854775807)"},
		{"1. 1.5 1e5 1E5 1e+5 1e-5 1.e5", "float(1) float(1.5) float(100000) float(100000) float(100000) float(1e-05) float(100000)"},
		{"1e400 inf nan -inf", "float(+Inf) float(+Inf) float(NaN) - float(+Inf)"},
		{".5 0x10 1_0", ". int(5) int(0) name(x10) int(1) name(_0)"},
		{"1.foo 1 .foo", "float(1) name(foo) int(1) . name(foo)"},
		{"1.2.3", "float(1.2) . int(3)"},

		{`"" "a b" "#"`, "string() string(a b) string(#)"},
		{`"\n\r\t\0" "\"\\\q\é"`, "string(\n\r\t\x00) string(\"\\qé)"},
		{"\"a\tb\rc\"", "string(a\tb\rc)"},
		{"\"a\\\nb\"", "string(a\nb)"},

		{": , [ ] ( ) { } . ! * / + - == != <= >= < > = := | ; ?=", ": , [ ] ( ) { } . ! * / + - == != <= >= < > = := | ; ?="},
		{"===!==<=>=:==?==", "== = != = <= >= := = ?= ="},
	} {
		if diff := cmp.Diff(tt.want, strings.Join(scan(tt.text), " ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestMalformedTokens(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"a @ b", "name(a) InvalidTokenCharacter(1:3) name(b)"},
		{"'", "InvalidTokenCharacter(1:1)"},
		{"$&%^~\\`", strings.TrimSpace("InvalidTokenCharacter(1:1) InvalidTokenCharacter(1:2) InvalidTokenCharacter(1:3) InvalidTokenCharacter(1:4) " +
			"InvalidTokenCharacter(1:5) InvalidTokenCharacter(1:6) InvalidTokenCharacter(1:7)")},
		{"? x", "InvalidTokenCharacter(1:2) name(x)"},
		{"?", "InvalidTokenCharacter(1:2)"},
		{"x??", "name(x?) InvalidTokenCharacter(1:4)"},
		{"?;", "InvalidTokenCharacter(1:2) ;"},
		{"a:: b", "InvalidTokenCharacter(1:3) name(b)"},
		{"a:::b", "InvalidTokenCharacter(1:3) : name(b)"},
		{"x \"a\nb", "name(x) InvalidTokenCharacter(1:5) name(b)"},
		{`x "abc`, "name(x) InvalidTokenCharacter(1:3)"},
		{`x "abc\`, "name(x) InvalidTokenCharacter(1:7)"},
		{"9223372036854775808 1", "IntegerOverflow(1:1) int(1)"},
		{"1e 1e+ 1.ee1 1e5+3 1e5-x", "InvalidFloat(1:1) InvalidFloat(1:4) InvalidFloat(1:8) name(e1) InvalidFloat(1:14) InvalidFloat(1:20) name(x)"},
	} {
		if diff := cmp.Diff(tt.want, strings.Join(scan(tt.text), " ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestErrorsCarryWhatWasRead(t *testing.T) {
	for _, tt := range []struct{ text, char, token, fragment string }{
		{"@", "@", "", "'@' is not a valid character"},
		{"\"ab\ncd", "\n", "ab", "a line break is not a valid character"},
		{`"a\nb`, "\x00", "a\nb", "the end of the text is not a valid character"},
		{`"ab\`, "\x00", "ab", "the end of the text is not a valid character"},
		{"?é", "é", "?=", "'é' is not a valid character"},
		{"?\x00", "\x00", "?=", "the character NUL is not a valid character"},
		{"?", "\x00", "?=", "the end of the text is not a valid character"},
		{"a::", ":", "a::", "':' is not a valid character"},
		{"99999999999999999999", "", "99999999999999999999", "caused an integer overflow"},
		{"1e", "", "1e", "was interpreted as a float"},
	} {
		_, err := NewScanner(diag.NewSource("", tt.text)).Next()
		if err == nil {
			t.Errorf("%q: no error", tt.text)
			continue
		}
		if err.Char != tt.char || err.Token != tt.token || !strings.Contains(err.Message, tt.fragment) {
			t.Errorf("%q: char %q, token %q, message %q; want %q, %q and %q", tt.text, err.Char, err.Token, err.Message, tt.char, tt.token, tt.fragment)
		}
	}
}

func TestHugeTokens(t *testing.T) {
	long := strings.Repeat("x", 10<<20)
	tok, err := NewScanner(diag.NewSource("", `"`+long+`"`)).Next()
	if err != nil || tok.Text != long {
		t.Errorf("a long string: error %v, %d bytes", err, len(tok.Text))
	}
	tok, err = NewScanner(diag.NewSource("", `"\n`+strings.Repeat(`\"`, 5<<20)+`"`)).Next()
	if err != nil || len(tok.Text) != 1+5<<20 {
		t.Errorf("a long string of escapes: error %v, %d bytes", err, len(tok.Text))
	}
	_, err = NewScanner(diag.NewSource("", strings.Repeat("9", 1<<20))).Next()
	if err == nil || len(err.Message) > 300 {
		t.Errorf("a long integer: the message is not short: %.300v", err)
	}
	tok, err = NewScanner(diag.NewSource("", strings.Repeat("9", 1<<20)+".")).Next()
	if err != nil || !math.IsInf(tok.Float, 1) {
		t.Errorf("a long float: error %v, value %v", err, tok.Float)
	}
}

func TestSets(t *testing.T) {
	s := Of(EOF, InlineQuery, Comma)
	if diff := cmp.Diff([]Kind{EOF, Comma, InlineQuery}, s.Kinds()); diff != "" {
		t.Errorf("Kinds (-want +got):\n%s", diff)
	}
	if s.Has(Invalid) || s.Has(Ident) || !s.Has(EOF) {
		t.Error("Has disagrees with Kinds")
	}
	if got := Kind(200).String(); got != "token" {
		t.Errorf("an unknown kind is called %q", got)
	}
}

func TestSkipStopsWhereALineMayEnd(t *testing.T) {
	for _, tt := range []struct {
		text string
		end  int  // of what is passed
		next Kind // the token behind it
	}{
		{"", 0, EOF},
		{"a b (c ;", 6, Semicolon},
		{"a # ;\n } ;", 1, RBrace},
		{`a "x;" ;`, 1, String},
		{"a @ \" ;\n;", 3, Invalid},
		{"a b # c", 3, EOF},
		{"é;", 2, Semicolon},
	} {
		s := NewScanner(diag.NewSource("", tt.text))
		end := s.Skip()
		if tok, _ := s.Next(); end != tt.end || tok.Kind != tt.next {
			t.Errorf("%q: passed %d bytes up to %v, want %d and %v", tt.text, end, tok.Kind, tt.end, tt.next)
		}
	}
}

// FuzzLexer holds the scanner to its promises: tokens in order, without overlap, nothing but space and comments
// between them, and an end.
func FuzzLexer(f *testing.F) {
	for _, seed := range []string{"f(x) if x.a = 1;", `"a\"b\n" # c`, "a::b? 1.5e-3 := ?= @", "\"a\nb\\", "\uFEFFé\xff\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := NewScanner(diag.NewSource("", text))
		end := len(text) - len(strings.TrimPrefix(text, bom))
		for calls := 0; ; calls++ {
			if calls > len(text)+1 {
				t.Fatal("the scanner does not move on")
			}
			tok, err := s.Next()
			if err != nil {
				if err.Span.Start < end || s.pos <= end && len(text) > end {
					t.Fatalf("error at %d after a token that ended at %d", err.Span.Start, end)
				}
				end = s.pos
				continue
			}
			between := Scanner{text: text[end:tok.Start]}
			if between.skipSpace(); between.pos != len(between.text) {
				t.Fatalf("%q between tokens", between.text)
			}
			if tok.Kind == EOF {
				return
			}
			if tok.End <= tok.Start || tok.Kind.Fixed() && text[tok.Start:tok.End] != tok.Kind.String() {
				t.Fatalf("token %v covers %q", tok.Kind, text[tok.Start:tok.End])
			}
			end = tok.End
		}
	})
}

func TestSkipRule(t *testing.T) {
	for _, test := range []struct {
		text   string // behind the opening parenthesis of a head
		params int
		rest   string
		ok     bool
	}{
		{");g();", 0, "g();", true},
		{" # a, b;\n );", 0, "", true},
		{"a);", 1, "", true},
		{`"", _: A{b: 1, c: [2, 3]}, [*x] ) if f(x, y) and {a: 1}; rest`, 3, " rest", true},
		{`"a,\");", 'b) if x = "\\";`, 2, "", true},
		{"a if (b;", 1, "", false},
		{"\"a\n\");", 0, "\");", false},
		{"a, b)", 0, "", false},
		{`"a);\`, 0, "", false},
		{"", 0, "", false},
	} {
		s := NewScanner(diag.NewSource("", test.text))
		params, ok := s.SkipRule()
		rest := test.text[s.Offset():]
		if ok != test.ok || ok && params != test.params || rest != test.rest {
			t.Errorf("%q: %d parameters, %t, rest %q; want %d, %t, %q", test.text, params, ok, rest, test.params, test.ok, test.rest)
		}
	}
}
