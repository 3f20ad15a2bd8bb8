// Package cputime reads the processor time of the process: unlike the clock, it stands still while others use the machine.
package cputime
