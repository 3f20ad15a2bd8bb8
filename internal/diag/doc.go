// Package diag holds what every stage needs to say where something is wrong: sources, spans, kinds of
// errors and warnings, and the text form that shows the line with a caret.
//
// A Source is a text with an optional name; a Span a range of bytes in it. Positions are computed from
// offsets only when a message is made, so that parsing and running carry two integers and a pointer.
// Columns count characters, never bytes.
package diag
