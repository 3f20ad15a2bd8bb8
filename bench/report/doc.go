// Command report measures Goso beside its peers and writes what it saw: a table to standard output; report.md, report.json and pictures
// to the directory out.
//
// Each contestant is a process of its own (package worker), so that heaps, collectors and compilers do not disturb each other. For each
// problem all of them are made ready and checked, then asked in turn, round by round, the order rotated; what counts is the processor
// time of the whole process. A ratio is that of a contestant's time to Goso's in the same round, and what is reported of it are the
// median and the quartiles over the rounds.
//
// Contestants that cannot be built or found here are named with the reason. See README.md of the module.
package main
