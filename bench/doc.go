// Package bench measures Goso on twenty-one workloads, through the public API and over plain Go structs.
//
// Each workload is a Question: a loaded policy, one call with Go values as arguments, and the answer it must have. The
// benchmark functions check the answer before they start the clock; TestAnswers checks all of them. "go run ./report"
// runs the benchmarks on one core, three passes of three runs, and prints the best median of each.
//
// The package is a module of its own, so that engines to compare with can be added without any user of Goso having to
// know their modules.
package bench
