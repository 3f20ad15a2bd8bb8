//go:build !linux && !darwin

package lineedit

import (
	"bufio"
	"errors"
	"os"
)

// New fails: there is no line editing on this system, beyond what the terminal itself does.
func New(_, _ *os.File, _ *bufio.Reader) (*Editor, error) {
	return nil, errors.ErrUnsupported
}
