// Package conformance runs cases of the Polar language, each a policy and a query with the answer that is right, through the
// same engine the library uses, and says whether an answer agrees with another one.
//
// The parts:
//
//	Case, Answer   the format: one JSON object a line, input and answer side by side
//	Run            a case's answer, by internal/engine and a small host whose classes and instances are data
//	Canonical      the text that two answers share exactly when they agree
//	Check          the verdict on one case: it agrees, deviates by decision, or fails
//
// The commands below this directory answer cases (answer), make random ones (generate) and compare two answered files
// (compare). The test of this package runs all cases under testdata/conformance and those in the directories that the
// environment variable GOSO_CORPORA lists.
package conformance
