//go:build unix

package measure

import (
	"syscall"
	"time"
)

// Processor says whether times are of the processor.
const Processor = true

// now returns the time that the process has run on processors, all its threads together.
func now() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
