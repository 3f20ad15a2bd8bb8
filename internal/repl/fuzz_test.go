package repl

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/goso-project/goso/internal/engine"
)

// FuzzSession types arbitrary text into a session: it must end, without panic, and print nothing that controls a terminal.
func FuzzSession(f *testing.F) {
	for _, seed := range []string{
		"x in [1, 2.0]\n", "f(1);\nf(x) if x > 1 and\n x < 5;\nf(x)\n", "x > 1 and not x = 2\n", `x = new User(name: "a\"") and x.name = y`,
		"actor User {}\nresource Admin { roles = [\"a\"]; permissions = [\"p\"];\n \"p\" if \"a\"; }\n", ":list\n:type f\n:classes\n:trace on\n1 = 1\n",
		"x = [x] and x = y\n", "f(x) if f([x, x]);\nf(1)\n", "print(\"\x1b[31m\", [1, {a: nil}])\n", "forall(x in [1, 2], x > y)\n",
		"x = 1 +\n\n\"\\\"(\" = y # (\n", "?= x = 1;\n", "type f(x: Integer);\nf(\"a\");\n", "f(x) if cut and x = 1;\nnot f(2)\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		if len(input) > 10_000 {
			return
		}
		s := newSession(t, input, nil, func(c *Config) {
			c.Limit = 50
			c.Options.Limits = engine.Limits{Depth: 1000, HeapCells: 1 << 16, StackWords: 1 << 16, Steps: 10_000, Timeout: 2 * time.Second}
		})
		if _, err := s.loop.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{s.out.String(), s.err.String()} {
			if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
				t.Errorf("a control character at %d of %q", i, text)
			}
		}
	})
}
