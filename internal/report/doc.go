// Package report writes diagnostics: for people, with the line and a caret run under the place; and for programs, as JSON, JSON
// lines, or commands of a GitHub workflow.
//
// A Report is what one check found. Whatever order the diagnostics come in, they are written by file, offset and code,
// those without a place last, so that the same findings give the same bytes. Text that comes out of policies is cleaned of
// control characters, so that it can neither play tricks with a terminal nor start a workflow command.
package report
