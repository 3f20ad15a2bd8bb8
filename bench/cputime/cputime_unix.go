//go:build unix

package cputime

import (
	"syscall"
	"time"
)

// Now returns the time that the process has run on processors, all its threads together.
func Now() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
