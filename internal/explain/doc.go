// Package explain finds the reasons for a decision while a query runs.
//
// A Collector is a tracer. It keeps the calls that are under way as a path, in the order they were made; with the depths that the
// machine tells, that is the tree of the proof. When something fails, the calls that are undone leave the path. Of each rule that was
// tried the Collector keeps only the failure that came after the most progress, so that it holds what it needs for an explanation and
// not all of the search.
//
// What comes out is a types.Decision: a granting rule and what it rests on, or for a denial the furthest that each rule came.
package explain
