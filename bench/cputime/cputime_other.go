//go:build !unix

package cputime

import "time"

var start = time.Now()

// Now returns the time since the process began, where the system does not tell how long it has run on processors.
func Now() time.Duration { return time.Since(start) }
