package oso

import (
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"time"

	"github.com/goso-project/goso/pkg/oso/types"
)

// defaultTimeout is the wall time of a query unless an option or the environment says otherwise.
const defaultTimeout = 30 * time.Second

// Option changes how New sets up an Oso.
type Option func(*core)

// Limits bound what a query may use. A zero field means its default, a negative one no bound.
type Limits struct {
	Depth      int // nested calls, a last call counting as one deeper; default 1,000,000
	HeapCells  int // cells of 8 bytes for terms; default 32 Mi
	StackWords int // words of 8 bytes for each stack; default 8 Mi
}

// WithLimits bounds depth and memory of every query. Beyond them it ends with RuntimeError::StackOverflow.
func WithLimits(l Limits) Option {
	return func(c *core) {
		c.limits.Depth, c.limits.HeapCells, c.limits.StackWords = l.Depth, l.HeapCells, l.StackWords
	}
}

// WithTimeout bounds the wall time of every query, host calls included. Beyond it the query ends with
// RuntimeError::QueryTimeout. The default is 30 seconds; 0 or less is no bound.
func WithTimeout(d time.Duration) Option {
	return func(c *core) {
		if c.limits.Timeout = d; d <= 0 {
			c.limits.Timeout = -1
		}
	}
}

// WithMaxSteps bounds the number of calls a query makes. Beyond it the query ends with an error that is a
// RuntimeError::QueryTimeout by kind. 0 is no bound.
func WithMaxSteps(n int) Option { return func(c *core) { c.limits.Steps = n } }

// WithMessageHandler sets what receives warnings and the output of print. It may be called from several goroutines.
// Without it warnings go to standard error, prints to standard output.
func WithMessageHandler(f func(Message)) Option {
	return func(c *core) {
		if f != nil {
			c.handler = f
		}
	}
}

// WithFS makes LoadFiles and ReplaceFiles read from a file system instead of the operating system's.
func WithFS(fsys fs.FS) Option { return func(c *core) { c.fsys = fsys } }

// WithPanicPropagation makes a panic of application code leave Next, IsAllowed and the other methods as a panic, with the
// same value, once the query is released. The channel methods keep returning it as an error.
func WithPanicPropagation() Option { return func(c *core) { c.propagate = true } }

// WithUnderlyingEquality makes values of named string, integer, float and boolean types compare with plain ones by what they
// are: Role("admin") = "admin" holds. It can make a policy allow more.
func WithUnderlyingEquality() Option { return func(c *core) { c.hostConfig.UnderlyingEquality = true } }

// WithErrorResults makes a non-nil error as the last result of a method end the query, and drops a nil one from the results.
func WithErrorResults() Option { return func(c *core) { c.hostConfig.ErrorResults = true } }

// WithoutAllowWarning silences the warning about a policy that has no allow rule.
func WithoutAllowWarning() Option { return func(c *core) { c.noAllowWarning = true } }

// environment returns the options that environment variables stand for.
func environment() []Option {
	var opts []Option
	if _, set := os.LookupEnv("POLAR_IGNORE_NO_ALLOW_WARNING"); set {
		opts = append(opts, WithoutAllowWarning())
	}
	if ms, err := strconv.ParseUint(os.Getenv("POLAR_TIMEOUT_MS"), 10, 42); err == nil {
		opts = append(opts, WithTimeout(time.Duration(ms)*time.Millisecond))
	}
	if log := logFrom(os.Getenv("POLAR_LOG")); log.level > 0 {
		opts = append(opts, withLog(log))
	}
	return opts
}

// Message is a warning or the output of print: its Kind holds types.MessageKindWarning or types.MessageKindPrint.
type Message = types.Message

func (c *core) print(text string) {
	c.handler(Message{Kind: types.MessageKind{MessageKindVariant: types.MessageKindPrint{}}, Msg: text})
}

func (c *core) warn(text string) {
	c.handler(Message{Kind: types.MessageKind{MessageKindVariant: types.MessageKindWarning{}}, Msg: text})
}

// defaultHandler shows messages on the standard streams.
func defaultHandler(m Message) {
	if _, ok := m.Kind.MessageKindVariant.(types.MessageKindWarning); ok {
		fmt.Fprintln(os.Stderr, "WARNING: "+m.Msg)
		return
	}
	fmt.Fprintln(os.Stdout, m.Msg)
}
