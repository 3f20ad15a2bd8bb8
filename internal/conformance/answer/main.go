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
	"github.com/goso-project/goso/internal/wam"
)

func main() {
	timeout := flag.Duration("timeout", 30*time.Second, "time for a case")
	plain := flag.Bool("plain", false, "leave out all optimisations: answers must be the same")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	var without wam.Features
	if *plain {
		without = ^without
	}
	err := answer(os.Stdin, out, engine.Limits{Timeout: *timeout}, without)
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "answer:", err)
		os.Exit(1)
	}
}

// answer answers every case of r. Crashes of the engine are reported on standard error too, with their stack.
func answer(r io.Reader, w io.Writer, limits engine.Limits, without wam.Features) error {
	return conformance.Read(r, func(c *conformance.Case) error {
		a, err := conformance.RunWithout(context.Background(), c, limits, without)
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
