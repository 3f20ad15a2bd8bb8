// Command answer reads cases, one JSON object a line, and writes them with our engine's answers, for comparing with the
// answers of any other engine.
//
//	go run ./internal/conformance/answer < cases > answers
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/goso-project/goso/internal/conformance"
	"github.com/goso-project/goso/internal/engine"
)

func main() {
	timeout := flag.Duration("timeout", 30*time.Second, "time for a case")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	err := answer(os.Stdin, out, engine.Limits{Timeout: *timeout})
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "answer:", err)
		os.Exit(1)
	}
}

// answer answers every case of r. Crashes of the engine are reported on standard error too, with their stack.
func answer(r io.Reader, w io.Writer, limits engine.Limits) error {
	return conformance.Read(r, func(c *conformance.Case) error {
		a, err := conformance.Run(context.Background(), c, limits)
		if err != nil {
			return err
		}
		if a.Error != nil && a.Error.Detail != "" {
			fmt.Fprintf(os.Stderr, "case %s: %s\n", c.ID, a.Error.Detail)
		}
		c.Answer = a
		return conformance.Write(w, c)
	})
}
