package oso

import (
	"context"
	"os"

	"github.com/goso-project/goso/internal/engine"
	"github.com/goso-project/goso/internal/host"
	"github.com/goso-project/goso/internal/repl"
	"github.com/goso-project/goso/internal/show"
)

// replLimit is how many results an interactive loop prints before it asks.
const replLimit = 20

// Repl answers queries typed on standard input, with the policy, classes and constants of the Oso, until the input ends.
// Rules typed there are added to the policy for the time of the loop's Oso. It returns an error for input that cannot be
// read.
func (o Oso) Repl() error {
	c, err := o.ready()
	if err != nil {
		return err
	}
	interactive := isTerminal(os.Stdin) && isTerminal(os.Stdout)
	limit := 0
	if interactive {
		limit = replLimit
	}
	c.mu.Lock()
	sources := c.sources
	c.mu.Unlock()
	loop := repl.New(repl.Config{
		Engine:      c.engine,
		Host:        func() engine.Host { return c.registry.Acquire() },
		Printer:     show.Printer{Describe: host.Describe},
		In:          os.Stdin,
		Out:         os.Stdout,
		Err:         os.Stderr,
		Interactive: interactive,
		Options:     c.options,
		LoadOptions: c.loadOptions(c.registry.Acquire()),
		Limit:       limit,
		Sources:     sources,
	})
	_, err = loop.Run(context.Background())
	return err
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
