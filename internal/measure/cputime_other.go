//go:build !unix

package measure

import "time"

// Processor says whether times are of the processor.
const Processor = false

// now returns the time on the clock, counted from any moment: the system does not tell that of the processor.
func now() time.Duration { return time.Duration(time.Now().UnixNano()) }
