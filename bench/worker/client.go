package worker

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Client drives one worker. It is used by one goroutine.
type Client struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	replies chan Reply
	stderr  *tail
	dead    error
}

// Start starts a worker.
func Start(cmd *exec.Cmd) (*Client, error) {
	c := &Client{cmd: cmd, replies: make(chan Reply), stderr: &tail{}}
	cmd.Stderr = c.stderr
	var err error
	if c.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go c.read(out)
	return c, nil
}

// read passes replies on. Lines that are none belong to whatever the engine prints.
func (c *Client) read(out io.Reader) {
	defer close(c.replies)
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var r Reply
		if json.Unmarshal(line, &r) == nil {
			c.replies <- r
		}
	}
}

// Do sends a command and waits for the reply, no longer than timeout; a worker that takes longer is ended, as one that died is.
// An Error in the reply is returned as one.
func (c *Client) Do(timeout time.Duration, command ...any) (Reply, error) {
	if c.dead != nil {
		return Reply{}, c.dead
	}
	if _, err := fmt.Fprintln(c.in, command...); err != nil {
		return Reply{}, c.end(err)
	}
	select {
	case r, ok := <-c.replies:
		if !ok {
			return r, c.end(errors.New("the worker ended"))
		}
		if r.Error != "" {
			return r, errors.New(r.Error)
		}
		return r, nil
	case <-time.After(timeout):
		return Reply{}, c.end(fmt.Errorf("no answer within %v", timeout))
	}
}

// Alive reports whether the worker can be sent commands.
func (c *Client) Alive() bool { return c.dead == nil }

// end ends the process because of an error, which it returns with the last the worker wrote.
func (c *Client) end(err error) error {
	_ = c.cmd.Process.Kill()
	for range c.replies { // until the pipe is closed
	}
	_ = c.cmd.Wait()
	if text := strings.TrimSpace(c.stderr.text); text != "" {
		err = fmt.Errorf("%w; its last words: %s", err, text)
	}
	c.dead = err
	return err
}

// Close ends the worker.
func (c *Client) Close() {
	if c.dead == nil {
		c.in.Close()
		_ = c.end(os.ErrClosed)
	}
}

// tail keeps the last of what is written to it.
type tail struct{ text string }

func (t *tail) Write(b []byte) (int, error) {
	t.text += string(b)
	if n := len(t.text); n > 400 {
		t.text = t.text[n-400:]
	}
	return len(b), nil
}
