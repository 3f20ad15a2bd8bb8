//go:build unix

package bench

import (
	"syscall"
	"time"
)

// cpuTime is the time the process has run on a processor: unlike the clock, it stands still while others use the machine.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
