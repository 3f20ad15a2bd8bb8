//go:build !unix

package bench

import "time"

var start = time.Now()

// cpuTime is the clock where the system does not tell a process's own time.
func cpuTime() time.Duration { return time.Since(start) }
