// Package bench holds the questions that Goso and others are measured with: what they are asked, on which policy and objects, and the
// answer that each of them must give.
//
// A Problem is written down so that any engine can be given it. NewQuestion puts it to Goso, through the public API and over plain Go
// structs; NewFloor answers it with Go written for it alone; engines to compare with are in modules of their own below this one. Count
// tells what a question makes Goso do, in numbers that are the same on every machine.
//
// The package is a module of its own, and so are the engines, so that nobody who uses Goso has to know their modules.
package bench
