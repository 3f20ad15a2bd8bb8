//go:build linux || darwin

package lineedit

import (
	"bufio"
	"os"
	"syscall"
	"unsafe"
)

// New returns an editor for the terminal that in and out are. It fails if they are none. All further input of the
// program must come through the reader, which may hold more than the line read last.
func New(in, out *os.File, reader *bufio.Reader) (*Editor, error) {
	t := tty{in.Fd()}
	if _, err := t.get(); err != nil {
		return nil, err
	}
	return &Editor{in: reader, out: out, term: t}, nil
}

// tty is a terminal by its file descriptor.
type tty struct{ fd uintptr }

func (t tty) ioctl(request uintptr, arg unsafe.Pointer) error {
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, t.fd, request, uintptr(arg)); errno != 0 {
		return errno
	}
	return nil
}

func (t tty) get() (syscall.Termios, error) {
	var state syscall.Termios
	err := t.ioctl(ioctlGet, unsafe.Pointer(&state))
	return state, err
}

func (t tty) set(state syscall.Termios) error { return t.ioctl(ioctlSet, unsafe.Pointer(&state)) }

// raw makes the terminal hand over each key as it is pressed. Output keeps its line breaks.
func (t tty) raw() (restore func(), err error) {
	before, err := t.get()
	if err != nil {
		return nil, err
	}
	state := before
	state.Iflag &^= syscall.BRKINT | syscall.ICRNL | syscall.INPCK | syscall.ISTRIP | syscall.IXON
	state.Lflag &^= syscall.ECHO | syscall.ICANON | syscall.IEXTEN | syscall.ISIG
	state.Cc[syscall.VMIN], state.Cc[syscall.VTIME] = 1, 0
	if err := t.set(state); err != nil {
		return nil, err
	}
	return func() { t.set(before) }, nil
}

func (t tty) width() int {
	var size struct{ rows, columns, x, y uint16 }
	if err := t.ioctl(syscall.TIOCGWINSZ, unsafe.Pointer(&size)); err != nil || size.columns == 0 {
		return 80
	}
	return int(size.columns)
}
