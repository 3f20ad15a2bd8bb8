// Package measure runs one query many times and tells what it costs: time and memory, which differ from run to run, and counts of
// what the engine did, which do not.
//
// A query comes in that is compiled already, with the host that answers for its objects. Times are of the processor where the
// system tells them, so that other programs disturb less. What one run does is counted beside, in a run of its own that nobody
// times. Limits hold as for any query, and the first error ends all.
package measure
