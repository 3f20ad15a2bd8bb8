// Command external answers cases with another engine: a command that reads cases on standard input and writes them answered,
// one a line and in order. The command is started anew every few hundred cases, and when it crashes or hangs, the case it was at
// is answered with the error kind Crash or Hang and the rest goes on.
//
//	go run ./internal/conformance/external -timeout 10s node run.cjs < cases > answers
package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/goso-project/goso/internal/conformance"
)

func main() {
	timeout := flag.Duration("timeout", 10*time.Second, "time without an answer after which the command counts as hanging")
	chunk := flag.Int("chunk", 500, "cases for one start of the command")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "external: which command?")
		os.Exit(2)
	}
	cases, err := conformance.ReadAll(os.Stdin)
	if err == nil {
		out := bufio.NewWriter(os.Stdout)
		err = answerAll(out, cases, *chunk, *timeout, flag.Args())
		if flushErr := out.Flush(); err == nil {
			err = flushErr
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "external:", err)
		os.Exit(1)
	}
}

// answerAll answers the cases chunk by chunk.
func answerAll(w io.Writer, cases []*conformance.Case, chunk int, timeout time.Duration, command []string) error {
	for len(cases) > 0 {
		n := min(chunk, len(cases))
		answered, kind, err := answer(cases[:n], timeout, command)
		if err != nil {
			return err
		}
		for _, line := range answered {
			if _, err := w.Write(line); err != nil {
				return err
			}
		}
		if len(answered) < n {
			bad := *cases[len(answered)]
			bad.Answer = conformance.Answer{Results: []map[string]string{}, Error: &conformance.Failure{Kind: kind}}
			if err := conformance.Write(w, &bad); err != nil {
				return err
			}
			answered = append(answered, nil)
		}
		cases = cases[len(answered):]
	}
	return nil
}

// answer starts the command once and returns the lines it answered before it ended or hung; kind says which.
func answer(cases []*conformance.Case, timeout time.Duration, command []string) (lines [][]byte, kind string, err error) {
	var in bytes.Buffer
	for _, c := range cases {
		if err := conformance.Write(&in, c); err != nil {
			return nil, "", err
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin = &in
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	watchdog := time.AfterFunc(timeout, cancel)
	out := bufio.NewReader(stdout)
	for {
		line, readErr := out.ReadBytes('\n')
		if readErr != nil {
			break
		}
		watchdog.Reset(timeout)
		lines = append(lines, line)
	}
	kind = "Crash"
	if !watchdog.Stop() {
		kind = "Hang"
	}
	cancel()
	_ = cmd.Wait() // how it ended shows in the number of answers
	return lines[:min(len(lines), len(cases))], kind, nil
}
