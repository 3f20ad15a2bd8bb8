// Package worker lets the report drive contestants that are processes of their own: one engine each, so that neither a heap nor a
// garbage collector is shared, whatever language it is written in.
//
// A worker reads commands, one a line, and answers each with a line of JSON, a Reply:
//
//	hello                 who it is
//	prepare ID [FILE]     get ready for a problem, check the answer; FILE has the problem as JSON, for workers not written in Go
//	run N                 ask N times in a row; how long that took
//	parallel G N          ask N times from each of G goroutines at the same time
//	check                 ask once more and check the answer
//	memory                what the process holds
//
// Serve is the worker of an engine in Go; Start starts any worker and is the other end.
package worker
