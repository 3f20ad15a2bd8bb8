// Package lineedit reads lines from a terminal, with editing and a history that lasts as long as the program.
//
// While a line is read the terminal is in raw mode; between lines it is as it was, so that Ctrl-C reaches the program as a
// signal when something runs. Lines longer than the terminal is wide scroll sideways. Keys are those of most shells:
// arrows, Home, End, Delete, and Ctrl with A, E, B, F, K, U, W, D, L, P, N.
package lineedit

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// ErrInterrupted is returned for a line that was given up with Ctrl-C.
var ErrInterrupted = errors.New("interrupted")

// maxHistory bounds how many lines are remembered.
const maxHistory = 1000

// terminal is what an Editor needs of one.
type terminal interface {
	// raw switches to raw mode and returns how to switch back.
	raw() (restore func(), err error)
	// width returns the number of columns.
	width() int
}

// Editor reads lines. It is for one goroutine.
type Editor struct {
	in      *bufio.Reader
	out     io.Writer
	term    terminal
	history []string
}

// Line shows a prompt and reads a line, which it returns without its end. The error is io.EOF for Ctrl-D on an empty line
// or the end of the input, and ErrInterrupted for Ctrl-C.
func (e *Editor) Line(prompt string) (string, error) {
	restore, err := e.term.raw()
	if err != nil {
		return "", err
	}
	defer restore()
	l := &line{prompt: prompt, width: e.term.width(), history: e.history, at: len(e.history)}
	for {
		io.WriteString(e.out, l.draw())
		k, err := readKey(e.in)
		if err != nil {
			io.WriteString(e.out, "\r\n")
			return "", err
		}
		done, err := l.press(k)
		if k == ctrl('L') {
			io.WriteString(e.out, "\x1b[H\x1b[2J")
		}
		if !done {
			continue
		}
		l.cursor = len(l.text)
		io.WriteString(e.out, l.draw()+"\r\n")
		if err != nil {
			return "", err
		}
		text := string(l.text)
		if strings.TrimSpace(text) != "" && (len(e.history) == 0 || e.history[len(e.history)-1] != text) {
			e.history = append(e.history, text)
			if len(e.history) > maxHistory {
				e.history = slices.Delete(e.history, 0, 1)
			}
		}
		return text, nil
	}
}

// key is a character, or one of the keys below, which are no characters.
type key rune

const (
	keyUp key = unicode.MaxRune + 1 + iota
	keyDown
	keyLeft
	keyRight
	keyHome
	keyEnd
	keyDelete
	keyUnknown
)

// ctrl returns the key that is a letter pressed with Ctrl.
func ctrl(letter rune) key { return key(letter - 'A' + 1) }

// escapes are the sequences of keys, behind the escape character.
var escapes = map[string]key{
	"[A": keyUp, "[B": keyDown, "[C": keyRight, "[D": keyLeft, "[H": keyHome, "[F": keyEnd,
	"OA": keyUp, "OB": keyDown, "OC": keyRight, "OD": keyLeft, "OH": keyHome, "OF": keyEnd,
	"[1~": keyHome, "[7~": keyHome, "[4~": keyEnd, "[8~": keyEnd, "[3~": keyDelete,
}

// readKey reads one key.
func readKey(in *bufio.Reader) (key, error) {
	r, _, err := in.ReadRune()
	if err != nil || r != '\x1b' {
		return key(r), err
	}
	var seq []byte
	for len(seq) < 8 {
		b, err := in.ReadByte()
		if err != nil {
			return 0, err
		}
		seq = append(seq, b)
		if k, ok := escapes[string(seq)]; ok {
			return k, nil
		}
		if len(seq) == 1 && b != '[' && b != 'O' || len(seq) > 1 && b >= 0x40 && b <= 0x7e {
			break
		}
	}
	return keyUnknown, nil
}

// line is a line being edited.
type line struct {
	prompt  string
	text    []rune
	cursor  int
	width   int
	history []string
	at      int    // the line of the history that is shown; len(history) is the new one
	fresh   []rune // the new one, while one of the history is shown
}

// press handles a key and tells whether the line is done.
func (l *line) press(k key) (done bool, err error) {
	switch k {
	case '\r', '\n':
		return true, nil
	case ctrl('C'):
		return true, ErrInterrupted
	case ctrl('D'):
		if len(l.text) == 0 {
			return true, io.EOF
		}
		l.remove(l.cursor, l.cursor+1)
	case keyDelete:
		l.remove(l.cursor, l.cursor+1)
	case 0x7f, ctrl('H'):
		l.remove(l.cursor-1, l.cursor)
	case ctrl('K'):
		l.remove(l.cursor, len(l.text))
	case ctrl('U'):
		l.remove(0, l.cursor)
	case ctrl('W'):
		l.remove(l.wordStart(), l.cursor)
	case keyLeft, ctrl('B'):
		l.cursor = max(0, l.cursor-1)
	case keyRight, ctrl('F'):
		l.cursor = min(len(l.text), l.cursor+1)
	case keyHome, ctrl('A'):
		l.cursor = 0
	case keyEnd, ctrl('E'):
		l.cursor = len(l.text)
	case keyUp, ctrl('P'):
		l.recall(l.at - 1)
	case keyDown, ctrl('N'):
		l.recall(l.at + 1)
	default:
		if r := rune(k); r == '\t' {
			l.insert(' ')
		} else if k <= unicode.MaxRune && unicode.IsPrint(r) {
			l.insert(r)
		}
	}
	return false, nil
}

func (l *line) insert(r rune) {
	l.text = slices.Insert(l.text, l.cursor, r)
	l.cursor++
}

// remove deletes what lies between two places and leaves the cursor there.
func (l *line) remove(from, to int) {
	from, to = max(from, 0), min(to, len(l.text))
	if from < to {
		l.text = slices.Delete(l.text, from, to)
		l.cursor = from
	}
}

// wordStart returns where the word before the cursor begins.
func (l *line) wordStart() int {
	i := l.cursor
	for i > 0 && unicode.IsSpace(l.text[i-1]) {
		i--
	}
	for i > 0 && !unicode.IsSpace(l.text[i-1]) {
		i--
	}
	return i
}

// recall shows a line of the history, or the new line again.
func (l *line) recall(at int) {
	if at < 0 || at > len(l.history) {
		return
	}
	if l.at == len(l.history) {
		l.fresh = l.text
	}
	l.at = at
	if at == len(l.history) {
		l.text = l.fresh
	} else {
		l.text = []rune(l.history[at])
	}
	l.cursor = len(l.text)
}

// draw returns what shows the prompt and the part of the line around the cursor.
func (l *line) draw() string {
	room := max(10, l.width-len(l.prompt)-1)
	first := max(0, l.cursor-room)
	last := min(len(l.text), first+room)
	s := "\r\x1b[K" + l.prompt + string(l.text[first:last]) + "\r"
	if column := len(l.prompt) + l.cursor - first; column > 0 {
		s += fmt.Sprintf("\x1b[%dC", column)
	}
	return s
}
